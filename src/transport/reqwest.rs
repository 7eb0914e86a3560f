//! The async transport on `reqwest` (feature `reqwest`).

use std::any::Any;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use ::reqwest::Client;
use http::{Request, Response};
use tokio::runtime::{Builder, Handle};

use failure::transport_error;

use super::shared::{capacity, proxy_for, say_if_empty, too_large};
use crate::config::{Connection, Limits};
use crate::error::{Error, TransportError, TransportErrorKind};
use crate::files::Source;
use crate::nonblocking::{AsyncBody, AsyncTransport, Later, Work};
use crate::proxy::Proxies;

mod connect;
mod failure;
mod stream;

/// The async transport on `reqwest`: rustls, gzip, connections that are kept and used again. It needs tokio.
///
/// It is what [`AsyncClient`](crate::AsyncClient) uses unless it is given another one.
///
/// Calls with another [`Limits::connect_timeout`] than the transport's own don't share its connections.
#[derive(Clone)]
pub struct Reqwest {
    client: Client,
    /// How the client was made, if it is ours.
    made: Option<(Duration, Connection)>,
    /// None for a client that somebody else made: it has its own.
    proxies: Proxies,
    /// reqwest sets this timeout per client, so another timeout needs another client: the last such one is kept.
    other: Arc<Mutex<Option<(Duration, Client)>>>,
}

impl fmt::Debug for Reqwest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reqwest").field("made", &self.made).finish_non_exhaustive()
    }
}

impl Reqwest {
    /// A transport whose connections are set up for these limits, and made in this way.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) that names the setting that can't be used.
    pub fn new(limits: &Limits, connection: &Connection) -> Result<Self, Error> {
        let proxies = Proxies::of(connection);
        let client = connect::client(limits.connect_timeout, connection, &proxies)?;
        Ok(Self { client, made: Some((limits.connect_timeout, connection.clone())), proxies, other: Arc::default() })
    }

    /// A transport on a client of your own, with its connections, proxy, certificates and resolver.
    ///
    /// Build it with `redirect::Policy::none()` and `retry::never()`: reqwest can't set these aside for one request, and a
    /// redirect that was followed is an error. [`Limits::connect_timeout`] does nothing, set it on your client.
    ///
    /// The crate turns on none of reqwest's features for cryptography. Turn on the one that you want (`rustls` or
    /// `native-tls`) in your own dependency on reqwest, or install a provider of rustls for the process: without either,
    /// reqwest panics when your client is built.
    ///
    /// ```
    /// # let _ = rustls::crypto::ring::default_provider().install_default();
    /// use genesys_external_contacts::transport::reqwest::Reqwest;
    /// use genesys_external_contacts::{AsyncClient, Region};
    ///
    /// let own = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).retry(reqwest::retry::never());
    /// let transport = Reqwest::with_client(own.pool_max_idle_per_host(1).build()?);
    /// let client = AsyncClient::builder().region(Region::EuWest1).access_token("a token").transport(transport).build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_client(client: Client) -> Self {
        Self { client, made: None, proxies: Proxies::default(), other: Arc::default() }
    }

    fn client(&self, connect_timeout: Duration) -> Result<Client, TransportError> {
        let Some((_, connection)) = self.made.as_ref().filter(|(own, _)| *own != connect_timeout) else {
            return Ok(self.client.clone());
        };
        let mut other = self.other.lock().unwrap_or_else(PoisonError::into_inner);
        match &*other {
            Some((timeout, client)) if *timeout == connect_timeout => Ok(client.clone()),
            _ => {
                let client = connect::client(connect_timeout, connection, &self.proxies);
                let client =
                    client.map_err(|error| TransportError::new(TransportErrorKind::Other, error).never_sent())?;
                Ok(other.insert((connect_timeout, client)).1.clone())
            }
        }
    }

    async fn exchange(
        &self,
        mut request: Request<Vec<u8>>,
        limits: Limits,
    ) -> Result<Response<Vec<u8>>, TransportError> {
        proxy_for(&self.proxies, request.uri())?;
        say_if_empty(&mut request);
        let mut request = ::reqwest::Request::try_from(request).map_err(transport_error)?;
        *request.timeout_mut() = Some(limits.call_timeout);
        // A client of ours follows nothing.
        let asked = self.made.is_none().then(|| request.url().clone());
        let mut response = self.client(limits.connect_timeout)?.execute(request).await.map_err(transport_error)?;
        if asked.is_some_and(|asked| asked != *response.url()) {
            let problem = "the client followed a redirect; build it with redirect::Policy::none()";
            return Err(TransportError::new(TransportErrorKind::Other, problem));
        }

        let announced = response.content_length().unwrap_or(0);
        if announced > limits.max_body {
            return Err(too_large(limits.max_body));
        }
        let mut bytes = Vec::with_capacity(capacity(announced));
        while let Some(chunk) = response.chunk().await.map_err(transport_error)? {
            if bytes.len() as u64 + chunk.len() as u64 > limits.max_body {
                return Err(too_large(limits.max_body));
            }
            bytes.extend_from_slice(&chunk);
        }
        let mut answer = Response::new(bytes);
        *answer.status_mut() = response.status();
        *answer.headers_mut() = std::mem::take(response.headers_mut());
        Ok(answer)
    }
}

impl AsyncTransport for Reqwest {
    fn send(&self, request: Request<Vec<u8>>, limits: Limits) -> Later<'_, Result<Response<Vec<u8>>, TransportError>> {
        Box::pin(self.exchange(request, limits))
    }

    fn stream(
        &self,
        request: Request<Source>,
        limits: Limits,
    ) -> Later<'_, Result<Response<Box<dyn AsyncBody>>, TransportError>> {
        Box::pin(async move {
            proxy_for(&self.proxies, request.uri())?;
            stream::send(&self.client(limits.connect_timeout)?, request, limits).await
        })
    }

    fn sleep_until(&self, deadline: Instant) -> Later<'_, ()> {
        // tokio looks for its runtime when its future is made: here, not before this one is waited for.
        Box::pin(async move { tokio::time::sleep(deadline.saturating_duration_since(Instant::now())).await })
    }

    fn spawn(&self, work: Work) -> Result<Box<dyn Any + Send>, Work> {
        let Ok(runtime) = Handle::try_current() else { return Err(work) };
        // The set ends its tasks when it is dropped.
        let mut tasks = tokio::task::JoinSet::new();
        tasks.spawn_on(work, &runtime);
        Ok(Box::new(tasks))
    }

    fn spawn_detached(&self, work: Work) -> Result<(), Work> {
        let Some(runtime) = background() else { return Err(work) };
        runtime.spawn(work);
        Ok(())
    }
}

/// A runtime that nobody can end or leave idle: one thread, which starts with the first sign-in of the process and serves all
/// clients. The caller's own runtime may be dropped, or not be run, while callers in others wait for what it was to do.
fn background() -> Option<&'static Handle> {
    static RUNTIME: OnceLock<Option<Handle>> = OnceLock::new();
    let start = || {
        let runtime = Builder::new_current_thread().enable_all().build().ok()?;
        let handle = runtime.handle().clone();
        let run = move || runtime.block_on(std::future::pending::<()>());
        thread::Builder::new().name("genesys-background".into()).spawn(run).ok()?;
        Some(handle)
    };
    RUNTIME.get_or_init(start).as_ref()
}
