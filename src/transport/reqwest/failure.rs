//! What reqwest's errors mean.

use std::error::Error as StdError;
use std::io;

use ::reqwest::Error as ReqwestError;

use super::super::shared::kind_of;
use crate::error::{TransportError, TransportErrorKind};

pub(super) fn transport_error(error: ReqwestError) -> TransportError {
    use TransportErrorKind::{Connect, Dns, Other, Reset, Timeout, Tls};
    // The innermost: gzip wraps what the connection says.
    let io = causes(&error).filter_map(|cause| cause.downcast_ref::<io::Error>()).last();
    let is_nonsense = error.is_decode()
        || causes(&error).filter_map(|cause| cause.downcast_ref::<hyper::Error>()).any(hyper::Error::is_parse);
    let (kind, never_sent) = if error.is_builder() {
        (Other, true)
    } else if error.is_dns() {
        (Dns, true)
    } else if error.is_timeout() {
        (Timeout, error.is_connect())
    } else if error.is_connect() {
        // Only TLS finds invalid data while a connection is being made.
        (if io.is_some_and(|io| io.kind() == io::ErrorKind::InvalidData) { Tls } else { Connect }, true)
    } else if let Some(io) = io {
        (kind_of(io), false)
    } else {
        (if is_nonsense { Other } else { Reset }, false)
    };
    // The URL holds the query.
    let error = TransportError::new(kind, error.without_url());
    if never_sent { error.never_sent() } else { error }
}

/// What led to an error. An I/O error leaves out of its `source` what it was made of.
fn causes(error: &ReqwestError) -> impl Iterator<Item = &(dyn StdError + 'static)> {
    std::iter::successors(error.source(), |&cause| {
        let within = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        within.map(|within| within as &(dyn StdError + 'static)).or_else(|| cause.source())
    })
}
