//! The transports that the crate brings.

#[cfg(feature = "reqwest")]
pub mod reqwest;
#[cfg(any(feature = "ureq", feature = "reqwest"))]
mod tls;
#[cfg(feature = "ureq")]
pub mod ureq;

#[cfg(any(feature = "ureq", feature = "reqwest"))]
mod shared {
    use std::io;

    use http::header::{CONTENT_LENGTH, HeaderValue};
    use secrecy::SecretString;

    use crate::error::{TransportError, TransportErrorKind};
    use crate::proxy::Proxies;

    /// What an I/O error means once there is a connection.
    pub(super) fn kind_of(error: &io::Error) -> TransportErrorKind {
        match error.kind() {
            io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => TransportErrorKind::Timeout,
            // What came is not what it says it is: chunks, compression.
            io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => TransportErrorKind::Other,
            _ => TransportErrorKind::Reset,
        }
    }

    /// The proxy for a request, if there is one.
    pub(super) fn proxy_for<'a>(
        proxies: &'a Proxies,
        uri: &http::Uri,
    ) -> Result<Option<&'a SecretString>, TransportError> {
        let is_https = uri.scheme() == Some(&http::uri::Scheme::HTTPS);
        let proxy = proxies.to(is_https, uri.host().unwrap_or_default());
        proxy.map_err(|error| TransportError::new(TransportErrorKind::Other, error.clone()).never_sent())
    }

    pub(super) fn too_large(limit: u64) -> TransportError {
        TransportError::new(TransportErrorKind::BodyTooLarge, format!("the limit is {limit} bytes"))
    }

    /// How much to reserve for a body: what was announced saves growing, but an announcement is not yet a body.
    pub(super) fn capacity(announced: u64) -> usize {
        usize::try_from(announced).unwrap_or(usize::MAX).min(1 << 20)
    }

    /// A request that could have a body and has none says so: some gateways insist on it. A GET says nothing.
    pub(super) fn say_if_empty(request: &mut http::Request<Vec<u8>>) {
        if request.body().is_empty() && matches!(request.method().as_str(), "POST" | "PUT" | "PATCH") {
            request.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
    }
}
