//! An agent that connects as a [`Connection`] says.

use ::ureq::tls::{Certificate, ClientCert, PrivateKey, RootCerts, TlsConfig};
use ::ureq::{Agent, Proxy as UreqProxy};
use rustls::RootCertStore;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use secrecy::ExposeSecret as _;

use crate::config::{Connection, Identity, Limits, Proxy};
use crate::error::Error;

/// As many threads as this find their connections again. ureq keeps three a host, so that with more threads most calls
/// would begin with a connection and a handshake of their own.
const IDLE_CONNECTIONS: usize = 64;

pub(super) fn agent(limits: &Limits, connection: &Connection) -> Result<Agent, Error> {
    connection.check()?;
    let mut config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .max_idle_connections(IDLE_CONNECTIONS)
        .max_idle_connections_per_host(IDLE_CONNECTIONS)
        .timeout_connect(Some(limits.connect_timeout))
        .timeout_global(Some(limits.call_timeout));
    match &connection.proxy {
        Proxy::FromEnvironment => {}
        Proxy::None => config = config.proxy(None),
        Proxy::At(url) => {
            let proxy = UreqProxy::new(url.expose_secret());
            // The error may repeat the URL, and with it a password.
            config = config.proxy(Some(proxy.map_err(|_| Error::invalid("proxy", "is not a URL that ureq takes"))?));
        }
    }
    if !connection.root_certificates.is_empty() || connection.identity.is_some() {
        let mut tls = TlsConfig::builder();
        if !connection.root_certificates.is_empty() {
            tls = tls.root_certs(roots(&connection.root_certificates)?);
        }
        if let Some(identity) = &connection.identity {
            tls = tls.client_cert(Some(client_certificate(identity)?));
        }
        config = config.tls_config(tls.build());
    }
    Ok(config.build().into())
}

/// The roots that are trusted anyway, and these. ureq takes certificates only, so the former come as such, too.
fn roots(pems: &[Vec<u8>]) -> Result<RootCerts, Error> {
    let invalid = |problem| Error::invalid("root certificates", problem);
    let mut roots: Vec<_> =
        webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().map(|root| Certificate::from_der(root).to_owned()).collect();
    for pem in pems {
        for root in certificates(pem).ok_or_else(|| invalid("hold something that is not PEM"))? {
            roots.push(Certificate::from_der(&root).to_owned());
            // ureq leaves out what is no root, and says nothing.
            RootCertStore::empty().add(root).map_err(|_| invalid("hold one that is not a certificate of X.509"))?;
        }
    }
    Ok(RootCerts::from(roots))
}

fn certificates(pem: &[u8]) -> Option<Vec<CertificateDer<'static>>> {
    CertificateDer::pem_slice_iter(pem).collect::<Result<_, _>>().ok()
}

fn client_certificate(identity: &Identity) -> Result<ClientCert, Error> {
    let invalid = |problem| Error::invalid("client certificate", problem);
    let chain = certificates(&identity.chain).ok_or_else(|| invalid("has a chain that is not PEM"))?;
    let key = PrivateKeyDer::from_pem_slice(identity.key.expose_secret());
    let key = key.map_err(|_| invalid("has a key that is not PEM, or is encrypted"))?;
    // ureq panics when the first connection is made with a key that is not the certificate's.
    let provider = CryptoProvider::get_default().cloned().unwrap_or_else(|| ring::default_provider().into());
    CertifiedKey::from_der(chain.clone(), key, &provider).map_err(|error| match error {
        rustls::Error::InconsistentKeys(_) => invalid("is of another key than the one given"),
        _ => invalid("has a chain or a key that TLS can't use"),
    })?;
    let chain: Vec<_> = chain.iter().map(|certificate| Certificate::from_der(certificate).to_owned()).collect();
    let key =
        PrivateKey::from_pem(identity.key.expose_secret()).map_err(|_| invalid("has a key that ureq can't take"))?;
    Ok(ClientCert::new_with_certs(&chain, key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots_of_your_own_come_besides_those_that_are_trusted_anyway() {
        let own = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap().cert.pem();
        let count = |connection: &Connection| {
            let agent = agent(&Limits::default(), connection).unwrap();
            match agent.config().tls_config().root_certs() {
                RootCerts::Specific(roots) => Some(roots.len()),
                _ => None,
            }
        };
        let public = webpki_root_certs::TLS_SERVER_ROOT_CERTS.len();
        let two = Connection::default().root_certificates(own.clone()).root_certificates(own);
        assert_eq!((count(&Connection::default()), count(&two)), (None, Some(public + 2)));
    }
}
