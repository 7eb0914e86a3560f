//! An agent that connects as a [`Connection`] says.

use ::ureq::Agent;
use ::ureq::tls::{Certificate, ClientCert, PrivateKey, RootCerts, TlsConfig};
use secrecy::ExposeSecret as _;

use super::super::tls;
use super::longest;
use crate::config::{Connection, Identity, Limits};
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
        .timeout_connect(Some(longest(limits.connect_timeout)))
        .timeout_global(Some(longest(limits.call_timeout)))
        // Each request gets its own.
        .proxy(None);
    if !connection.root_certificates.is_empty() || connection.identity.is_some() {
        let mut config_of_tls = TlsConfig::builder();
        if !connection.root_certificates.is_empty() {
            config_of_tls = config_of_tls.root_certs(roots(&connection.root_certificates)?);
        }
        if let Some(identity) = &connection.identity {
            config_of_tls = config_of_tls.client_cert(Some(client_certificate(identity)?));
        }
        config = config.tls_config(config_of_tls.build());
    }
    Ok(config.build().into())
}

/// The roots that are trusted anyway, and these. ureq takes certificates only, so the former come as such, too.
fn roots(pems: &[Vec<u8>]) -> Result<RootCerts, Error> {
    let own = tls::roots(pems)?;
    let roots = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().chain(&own);
    let roots: Vec<_> = roots.map(|root| Certificate::from_der(root).to_owned()).collect();
    Ok(RootCerts::from(roots))
}

fn client_certificate(identity: &Identity) -> Result<ClientCert, Error> {
    let (chain, _) = tls::identity(identity)?;
    let chain: Vec<_> = chain.iter().map(|certificate| Certificate::from_der(certificate).to_owned()).collect();
    let key = PrivateKey::from_pem(identity.key.expose_secret());
    let key = key.map_err(|_| Error::invalid("client certificate", "has a key that ureq can't take"))?;
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
