//! A client that connects as a [`Connection`] says.

use std::time::Duration;

use ::reqwest::{Certificate, Client, Identity, redirect, retry};
use secrecy::{ExposeSecret as _, SecretSlice};

use crate::config::{Connection, Proxy};
use crate::error::Error;

pub(super) fn client(connect_timeout: Duration, connection: &Connection) -> Result<Client, Error> {
    connection.check()?;
    let mut client = Client::builder()
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .referer(false)
        .connect_timeout(connect_timeout);
    match &connection.proxy {
        Proxy::FromEnvironment => {}
        Proxy::None => client = client.no_proxy(),
        Proxy::At(url) => {
            let proxy = ::reqwest::Proxy::all(url.expose_secret());
            // The error repeats the URL, and with it a password.
            client = client.proxy(proxy.map_err(|_| Error::invalid("proxy", "is not a URL that reqwest takes"))?);
        }
    }
    for pem in &connection.root_certificates {
        let roots = Certificate::from_pem_bundle(pem);
        let problem = "hold something that is not PEM";
        client = client.tls_certs_merge(roots.map_err(|_| Error::invalid("root certificates", problem))?);
    }
    if let Some(identity) = &connection.identity {
        let both = SecretSlice::from([&identity.chain, b"\n".as_slice(), identity.key.expose_secret()].concat());
        let identity = Identity::from_pem(both.expose_secret());
        let problem = "is not PEM with a key that is not encrypted";
        client = client.identity(identity.map_err(|_| Error::invalid("client certificate", problem))?);
    }
    client.build().map_err(|error| {
        let causes = std::iter::successors(std::error::Error::source(&error), |cause| cause.source());
        let cause = causes.last().map_or_else(|| "reqwest doesn't say why".to_owned(), ToString::to_string);
        Error::invalid("connection", format!("can't be set up; check certificates and keys: {cause}"))
    })
}
