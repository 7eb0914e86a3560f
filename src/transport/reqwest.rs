//! The async transport on `reqwest` (feature `reqwest`).

use std::error::Error as _;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::time::Duration;

use ::reqwest::{Client, Error as ReqwestError, redirect};

use crate::config::Limits;
use crate::error::{Error, TransportError, TransportErrorKind};
use crate::nonblocking::Transport;

/// The async transport on `reqwest`: rustls, gzip, connections that are kept and used again. It needs tokio.
///
/// It is what [`AsyncClient`](crate::AsyncClient) uses unless it is given another one. Proxies are taken from the usual
/// environment variables (`HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`).
#[derive(Clone, Debug)]
pub struct Reqwest {
    client: Client,
}

impl Reqwest {
    /// A transport whose connections are set up for these limits.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] when TLS can't be set up on this machine.
    pub fn new(limits: &Limits) -> Result<Self, Error> {
        let client = Client::builder()
            .redirect(redirect::Policy::none())
            .retry(::reqwest::retry::never())
            .referer(false)
            .connect_timeout(limits.connect_timeout)
            .build()
            .map_err(|error| Error::invalid("transport", error.without_url().to_string()))?;
        Ok(Self { client })
    }

    async fn exchange(
        &self,
        request: http::Request<Vec<u8>>,
        limits: Limits,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        let mut request = ::reqwest::Request::try_from(request).map_err(transport_error)?;
        if request.body().is_some_and(|body| body.as_bytes() == Some(b"")) {
            // An empty body is none.
            *request.body_mut() = None;
        }
        *request.timeout_mut() = Some(limits.call_timeout);
        let mut response = self.client.execute(request).await.map_err(transport_error)?;

        let announced = response.content_length().unwrap_or(0);
        if announced > limits.max_body {
            return Err(too_large(limits.max_body));
        }
        // Reserving what was announced saves growing; a body that announces much and sends little costs no more
        // than the limit allows.
        let mut bytes = Vec::with_capacity(usize::try_from(announced).unwrap_or(0).min(1 << 20));
        while let Some(chunk) = response.chunk().await.map_err(transport_error)? {
            if bytes.len() as u64 + chunk.len() as u64 > limits.max_body {
                return Err(too_large(limits.max_body));
            }
            bytes.extend_from_slice(&chunk);
        }
        let mut answer = http::Response::new(bytes);
        *answer.status_mut() = response.status();
        *answer.headers_mut() = std::mem::take(response.headers_mut());
        Ok(answer)
    }
}

impl Transport for Reqwest {
    fn send(
        &self,
        request: http::Request<Vec<u8>>,
        limits: Limits,
    ) -> Pin<Box<dyn Future<Output = Result<http::Response<Vec<u8>>, TransportError>> + Send + '_>> {
        Box::pin(self.exchange(request, limits))
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(tokio::time::sleep(duration))
    }
}

fn too_large(limit: u64) -> TransportError {
    TransportError::new(TransportErrorKind::BodyTooLarge, format!("the limit is {limit} bytes"))
}

fn transport_error(error: ReqwestError) -> TransportError {
    use TransportErrorKind::{Connect, Dns, Other, Reset, Timeout, Tls};
    let (kind, never_sent) = if error.is_builder() {
        (Other, true)
    } else if error.is_dns() {
        (Dns, true)
    } else if error.is_timeout() {
        (Timeout, error.is_connect())
    } else if error.is_connect() {
        (if is_tls(&error) { Tls } else { Connect }, true)
    } else if has_io_cause(&error) || error.is_request() || error.is_body() {
        (Reset, false)
    } else {
        (Other, false)
    };
    // The URL holds the query.
    let error = TransportError::new(kind, error.without_url());
    if never_sent { error.never_sent() } else { error }
}

fn causes(error: &ReqwestError) -> impl Iterator<Item = &(dyn std::error::Error + 'static)> {
    std::iter::successors(error.source(), |&cause| cause.source())
}

fn has_io_cause(error: &ReqwestError) -> bool {
    causes(error).any(|cause| cause.is::<io::Error>())
}

/// Only TLS finds invalid data while a connection is being made.
fn is_tls(error: &ReqwestError) -> bool {
    causes(error)
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|io| io.kind() == io::ErrorKind::InvalidData)
}
