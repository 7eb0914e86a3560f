//! The blocking transport on `ureq` (feature `ureq`).

use std::io::{self, Read as _};
use std::thread;
use std::time::Duration;

use ::ureq::{Agent, Error as UreqError, Timeout};

use crate::blocking::Transport;
use crate::config::Limits;
use crate::error::{TransportError, TransportErrorKind};

/// The blocking transport on `ureq`: rustls, gzip, connections that are kept and used again.
///
/// It is what [`Client`](crate::Client) uses unless it is given another one. Proxies are taken from the usual
/// environment variables (`HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`).
#[derive(Clone, Debug)]
pub struct Ureq {
    agent: Agent,
    /// What the agent is set to, so that most calls need no settings of their own.
    limits: Limits,
}

impl Ureq {
    /// A transport whose connections are set up for these limits.
    pub fn new(limits: &Limits) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_connect(Some(limits.connect_timeout))
            .timeout_global(Some(limits.call_timeout))
            .build();
        Self { agent: config.into(), limits: *limits }
    }

    fn run(&self, request: http::Request<Vec<u8>>, limits: Limits) -> Result<http::Response<::ureq::Body>, UreqError> {
        let is_usual =
            (limits.connect_timeout, limits.call_timeout) == (self.limits.connect_timeout, self.limits.call_timeout);
        // An empty body is none: `Content-Length: 0` on a GET is odd, and on a PUT without a body right.
        let has_body = !request.body().is_empty();
        let request = if is_usual {
            request
        } else {
            self.agent
                .configure_request(request)
                .timeout_connect(Some(limits.connect_timeout))
                .timeout_global(Some(limits.call_timeout))
                .build()
        };
        if has_body { self.agent.run(request) } else { self.agent.run(request.map(|_| ())) }
    }
}

impl Transport for Ureq {
    fn send(&self, request: http::Request<Vec<u8>>, limits: Limits) -> Result<http::Response<Vec<u8>>, TransportError> {
        let (parts, body) = self.run(request, limits).map_err(transport_error)?.into_parts();
        let announced = body.content_length().unwrap_or(0);
        if announced > limits.max_body {
            return Err(too_large(limits.max_body));
        }
        // Reserving what was announced saves growing; a body that announces much and sends little costs no more
        // than the limit allows.
        let mut bytes = Vec::with_capacity(usize::try_from(announced).unwrap_or(0).min(1 << 20));
        body.into_reader()
            .take(limits.max_body.saturating_add(1))
            .read_to_end(&mut bytes)
            .map_err(|error| transport_error(UreqError::from(error)))?;
        if bytes.len() as u64 > limits.max_body {
            return Err(too_large(limits.max_body));
        }
        Ok(http::Response::from_parts(parts, bytes))
    }

    fn sleep(&self, duration: Duration) {
        thread::sleep(duration);
    }
}

fn too_large(limit: u64) -> TransportError {
    TransportError::new(TransportErrorKind::BodyTooLarge, format!("the limit is {limit} bytes"))
}

fn transport_error(error: UreqError) -> TransportError {
    use TransportErrorKind::{Connect, Dns, Other, Reset, Tls};
    let (kind, never_sent) = match &error {
        UreqError::HostNotFound => (Dns, true),
        UreqError::Timeout(Timeout::Resolve | Timeout::Connect) => (TransportErrorKind::Timeout, true),
        UreqError::Timeout(_) => (TransportErrorKind::Timeout, false),
        UreqError::ConnectionFailed | UreqError::ConnectProxyFailed(_) | UreqError::InvalidProxyUrl => (Connect, true),
        UreqError::Tls(_) | UreqError::Rustls(_) | UreqError::TlsRequired => (Tls, false),
        UreqError::BadUri(_) | UreqError::Http(_) => (Other, true),
        UreqError::Io(io) => match io.kind() {
            io::ErrorKind::ConnectionRefused
            | io::ErrorKind::HostUnreachable
            | io::ErrorKind::NetworkUnreachable
            | io::ErrorKind::AddrNotAvailable => (Connect, true),
            io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => (TransportErrorKind::Timeout, false),
            _ => (Reset, false),
        },
        _ => (Other, false),
    };
    let error = match error {
        // It repeats the URI.
        UreqError::BadUri(_) => TransportError::new(kind, "the URL is not one"),
        error => TransportError::new(kind, error),
    };
    if never_sent { error.never_sent() } else { error }
}
