//! What ureq's errors mean.

use std::io;

use ::ureq::{Error as UreqError, Timeout};

use super::super::shared::kind_of;
use crate::error::{TransportError, TransportErrorKind};

/// The kind, and whether such an error comes only before anything is sent.
pub(super) fn classify(error: &UreqError) -> (TransportErrorKind, bool) {
    use TransportErrorKind::{Connect, Dns, Other, Tls};
    match error {
        UreqError::HostNotFound => (Dns, true),
        UreqError::Timeout(Timeout::Resolve | Timeout::Connect) => (TransportErrorKind::Timeout, true),
        UreqError::Timeout(_) => (TransportErrorKind::Timeout, false),
        UreqError::ConnectionFailed | UreqError::ConnectProxyFailed(_) | UreqError::InvalidProxyUrl => (Connect, true),
        UreqError::Tls(_) | UreqError::Rustls(_) | UreqError::TlsRequired => (Tls, true),
        UreqError::BadUri(_) | UreqError::Http(_) => (Other, true),
        UreqError::Decompress(_, io) => (kind_of(io), false),
        UreqError::Io(io) if is_lookup(io) => (Dns, true),
        UreqError::Io(io) => match io.kind() {
            io::ErrorKind::ConnectionRefused
            | io::ErrorKind::HostUnreachable
            | io::ErrorKind::NetworkUnreachable
            | io::ErrorKind::AddrNotAvailable => (Connect, true),
            // Chunks and compression have errors of their own.
            io::ErrorKind::InvalidData => (Tls, false),
            _ => (kind_of(io), false),
        },
        _ => (Other, false),
    }
}

/// ureq expects a body where an answer without one (a 204 of a gateway) says that it is compressed. A connection that
/// ended looks alike, but for a message in it.
pub(super) fn is_end_of_gzip(error: &UreqError) -> bool {
    matches!(error, UreqError::Decompress(_, io) if io.kind() == io::ErrorKind::UnexpectedEof && io.get_ref().is_none())
}

/// The standard library has no kind for a name that can't be resolved, just this text, or on Windows these numbers.
fn is_lookup(error: &io::Error) -> bool {
    error.to_string().starts_with("failed to lookup address")
        || cfg!(windows) && matches!(error.raw_os_error(), Some(11001..=11004))
}

pub(super) fn into_error(kind: TransportErrorKind, error: UreqError) -> TransportError {
    match error {
        // It repeats the URI.
        UreqError::BadUri(_) => TransportError::new(kind, "the URL is not one"),
        error => TransportError::new(kind, error),
    }
}
