//! A client that connects as a [`Connection`] says.

use std::sync::Arc;
use std::time::Duration;

use ::reqwest::{Client, redirect, retry};
use rustls::ClientConfig;
use rustls_platform_verifier::Verifier;
use secrecy::ExposeSecret as _;

use super::super::tls;
use crate::config::{Connection, Proxy};
use crate::error::Error;
use crate::proxy::Proxies;

pub(super) fn client(connect_timeout: Duration, connection: &Connection, proxies: &Proxies) -> Result<Client, Error> {
    connection.check()?;
    let mut client = Client::builder()
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .referer(false)
        .connect_timeout(connect_timeout)
        .tls_backend_preconfigured(tls_config(connection)?);
    if matches!(connection.proxy, Proxy::None) {
        client = client.no_proxy();
    } else if !proxies.are_none() {
        let proxies = proxies.clone();
        // Who has no proxy here was refused before the request reached reqwest.
        client = client.proxy(::reqwest::Proxy::custom(move |url| {
            let proxy = proxies.to(url.scheme() == "https", url.host_str().unwrap_or_default());
            proxy.ok().flatten().map(|proxy| proxy.expose_secret().to_owned())
        }));
    }
    client.build().map_err(|error| {
        let causes = std::iter::successors(std::error::Error::source(&error), |cause| cause.source());
        invalid(causes.last().map_or_else(|| "reqwest doesn't say why".to_owned(), ToString::to_string))
    })
}

fn invalid(cause: impl std::fmt::Display) -> Error {
    Error::invalid("connection", format!("can't be set up; check certificates and keys: {cause}"))
}

/// What reqwest does by itself with its feature `rustls`, with ring in place of a second cryptography stack.
fn tls_config(connection: &Connection) -> Result<ClientConfig, Error> {
    let provider = tls::provider();
    let verifier = verifier(connection, &provider)?;
    let config =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().map_err(invalid)?;
    let config = config.dangerous().with_custom_certificate_verifier(Arc::new(verifier));
    let mut config = match &connection.identity {
        None => config.with_no_client_auth(),
        Some(identity) => {
            let (chain, key) = tls::identity(identity)?;
            config.with_client_auth_cert(chain, key).map_err(invalid)?
        }
    };
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

/// Trusts what the operating system trusts, and the roots of the connection.
#[cfg(not(target_os = "android"))]
fn verifier(connection: &Connection, provider: &Arc<rustls::crypto::CryptoProvider>) -> Result<Verifier, Error> {
    let roots = tls::roots(&connection.root_certificates)?;
    Verifier::new_with_extra_roots(roots, Arc::clone(provider)).map_err(invalid)
}

#[cfg(target_os = "android")]
fn verifier(connection: &Connection, provider: &Arc<rustls::crypto::CryptoProvider>) -> Result<Verifier, Error> {
    if !connection.root_certificates.is_empty() {
        return Err(Error::invalid("root certificates", "can't be added on Android; add them to the system"));
    }
    Verifier::new(Arc::clone(provider)).map_err(invalid)
}
