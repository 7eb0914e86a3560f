//! Certificates and keys as TLS knows them. Both HTTP libraries find some mistakes late, or never.

use std::sync::Arc;

use rustls::RootCertStore;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use secrecy::ExposeSecret as _;

use crate::config::Identity;
use crate::error::Error;

/// The process's own provider, where the application has installed one, else ring. None is installed here.
pub(super) fn provider() -> Arc<CryptoProvider> {
    CryptoProvider::get_default().cloned().unwrap_or_else(|| ring::default_provider().into())
}

/// The certificates that are trusted besides the usual ones.
pub(super) fn roots(pems: &[Vec<u8>]) -> Result<Vec<CertificateDer<'static>>, Error> {
    let invalid = |problem| Error::invalid("root certificates", problem);
    let mut roots = Vec::new();
    for pem in pems {
        roots.extend(certificates(pem).ok_or_else(|| invalid("hold something that is not PEM"))?);
    }
    // ureq leaves out what is no root, and says nothing.
    let mut store = RootCertStore::empty();
    for root in &roots {
        store.add(root.clone()).map_err(|_| invalid("hold one that is not a certificate of X.509"))?;
    }
    Ok(roots)
}

fn certificates(pem: &[u8]) -> Option<Vec<CertificateDer<'static>>> {
    CertificateDer::pem_slice_iter(pem).collect::<Result<_, _>>().ok()
}

/// A chain and its key, which fit each other: ureq panics when the first connection is made with a key of another certificate.
pub(super) fn identity(identity: &Identity) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), Error> {
    let invalid = |problem| Error::invalid("client certificate", problem);
    let chain = certificates(&identity.chain).ok_or_else(|| invalid("has a chain that is not PEM"))?;
    let key = PrivateKeyDer::from_pem_slice(identity.key.expose_secret());
    let key = key.map_err(|_| invalid("has a key that is not PEM, or is encrypted"))?;
    CertifiedKey::from_der(chain.clone(), key.clone_key(), &provider()).map_err(|error| match error {
        rustls::Error::InconsistentKeys(_) => invalid("is of another key than the one given"),
        _ => invalid("has a chain or a key that TLS can't use"),
    })?;
    Ok((chain, key))
}
