//! The blocking transport on `ureq` (feature `ureq`).

use std::fmt;
use std::io::Read;
use std::thread;
use std::time::{Duration, Instant};

use ::ureq::{Agent, AsSendBody, Body as UreqBody, Error as UreqError, Proxy, SendBody};
use http::header::{CONTENT_LENGTH, HeaderValue};
use http::{Method, Request, Response};
use secrecy::{ExposeSecret as _, SecretString};

use failure::{classify, into_error, is_end_of_gzip};

use super::shared::{capacity, proxy_for, say_if_empty, too_large};
use crate::blocking::{Body, Transport};
use crate::config::{Connection, Limits};
use crate::error::{Error, TransportError, TransportErrorKind};
use crate::files::Source;
use crate::proxy::Proxies;

mod connect;
mod failure;

/// The blocking transport on `ureq`: rustls, gzip, connections that are kept and used again.
///
/// It is what [`Client`](crate::Client) uses unless it is given another one.
#[derive(Clone)]
pub struct Ureq {
    agent: Agent,
    /// What the agent is set to, if it is ours, so that most calls need no settings of their own.
    limits: Option<Limits>,
    /// None for an agent that somebody else made: it has its own.
    proxies: Proxies,
}

/// The longest timeout that ureq is given. It adds timeouts to the time, and panics where the sum is none.
const LONGEST: Duration = Duration::from_secs(365 * 86_400);

fn longest(timeout: Duration) -> Duration {
    timeout.min(LONGEST)
}

impl fmt::Debug for Ureq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ureq").field("limits", &self.limits).finish_non_exhaustive()
    }
}

impl Ureq {
    /// A transport whose connections are set up for these limits, and made in this way.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) that names the setting that can't be used.
    pub fn new(limits: &Limits, connection: &Connection) -> Result<Self, Error> {
        let agent = connect::agent(limits, connection)?;
        Ok(Self { agent, limits: Some(*limits), proxies: Proxies::of(connection) })
    }

    /// A transport on an agent of your own, with its connections, proxy, certificates and resolver.
    ///
    /// The rules that every [`Transport`] keeps are kept all the same: for each request the agent's own timeouts for
    /// connecting and for the whole call, its redirects and its errors for statuses are set aside.
    ///
    /// ```
    /// use genesys_external_contacts::transport::ureq::Ureq;
    /// use genesys_external_contacts::{Client, Region};
    ///
    /// let agent = ureq::Agent::config_builder().max_idle_connections_per_host(1).build().new_agent();
    /// let client = Client::builder().region(Region::EuWest1).access_token("a token").transport(Ureq::with_agent(agent));
    /// # client.build()?;
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    pub fn with_agent(agent: Agent) -> Self {
        Self { agent, limits: None, proxies: Proxies::default() }
    }

    fn exchange(&self, mut request: Request<Vec<u8>>, limits: Limits) -> Result<Response<UreqBody>, TransportError> {
        let proxy = proxy_for(&self.proxies, request.uri())?;
        say_if_empty(&mut request);
        let (mut parts, body) = request.into_parts();
        // ureq reads the body when there is a connection and the headers are sent: what is left of it afterwards
        // tells a request that failed before from one that may have arrived.
        let mut unsent = body.as_slice();
        let result = if body.is_empty() {
            self.run(Request::from_parts(parts, ()), limits, proxy)
        } else {
            parts.headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
            self.run(Request::from_parts(parts, SendBody::from_reader(&mut unsent)), limits, proxy)
        };
        result.map_err(|error| {
            let (kind, by_its_kind) = classify(&error);
            // Without a body only the error tells, and not every error does. Such requests can be repeated anyway.
            let never_sent = if body.is_empty() { by_its_kind } else { unsent.len() == body.len() };
            match (kind, never_sent) {
                (TransportErrorKind::Reset, true) => into_error(TransportErrorKind::Connect, error).never_sent(),
                (kind, true) => into_error(kind, error).never_sent(),
                (kind, false) => into_error(kind, error),
            }
        })
    }

    fn run(
        &self,
        request: Request<impl AsSendBody>,
        limits: Limits,
        proxy: Option<&SecretString>,
    ) -> Result<Response<UreqBody>, UreqError> {
        let Limits { connect_timeout, call_timeout, .. } = limits;
        let own = self.limits.map(|own| (own.connect_timeout, own.call_timeout));
        if own == Some((connect_timeout, call_timeout)) && proxy.is_none() {
            return self.agent.run(request);
        }
        self.run_with(request, connect_timeout, proxy, Timeout::Whole(call_timeout))
    }

    /// Sends a request with the settings that every transport keeps, whatever the agent's own are.
    fn run_with(
        &self,
        request: Request<impl AsSendBody>,
        connect_timeout: Duration,
        proxy: Option<&SecretString>,
        timeout: Timeout,
    ) -> Result<Response<UreqBody>, UreqError> {
        let request = self.agent.configure_request(request);
        let mut request = request
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_connect(Some(longest(connect_timeout)));
        request = match timeout {
            Timeout::Whole(time) => request.timeout_global(Some(longest(time))),
            Timeout::Stall(time) => {
                let time = Some(longest(time));
                request.timeout_global(None).timeout_per_read(time).timeout_per_write(time)
            }
        };
        if let Some(proxy) = proxy {
            request = request.proxy(Some(Proxy::new(proxy.expose_secret())?));
        }
        self.agent.run(request.build())
    }
}

/// What an exchange may take.
enum Timeout {
    /// All of it.
    Whole(Duration),
    /// A time without a byte.
    Stall(Duration),
}

/// How much of a file is read at once.
const PART: usize = 64 << 10;

/// The body of an answer, part by part.
struct Parts(Box<dyn Read + Send>);

impl Body for Parts {
    fn chunk(&mut self) -> Result<Option<Vec<u8>>, TransportError> {
        let mut part = vec![0; PART];
        match self.0.read(&mut part) {
            Ok(0) => Ok(None),
            Ok(count) => {
                part.truncate(count);
                Ok(Some(part))
            }
            Err(error) => {
                let error = UreqError::from(error);
                Err(into_error(classify(&error).0, error))
            }
        }
    }
}

impl Transport for Ureq {
    fn send(&self, request: Request<Vec<u8>>, limits: Limits) -> Result<Response<Vec<u8>>, TransportError> {
        let (parts, body) = self.exchange(request, limits)?.into_parts();
        let announced = body.content_length().unwrap_or(0);
        if announced > limits.max_body {
            return Err(too_large(limits.max_body));
        }
        let mut bytes = Vec::with_capacity(capacity(announced));
        if let Err(error) = body.into_reader().take(limits.max_body.saturating_add(1)).read_to_end(&mut bytes) {
            let error = UreqError::from(error);
            if !(bytes.is_empty() && is_end_of_gzip(&error)) {
                return Err(into_error(classify(&error).0, error));
            }
        }
        if bytes.len() as u64 > limits.max_body {
            return Err(too_large(limits.max_body));
        }
        Ok(Response::from_parts(parts, bytes))
    }

    fn stream(&self, request: Request<Source>, limits: Limits) -> Result<Response<Box<dyn Body>>, TransportError> {
        let proxy = proxy_for(&self.proxies, request.uri())?;
        let (mut parts, source) = request.into_parts();
        let has_body = source.length() > 0 || parts.method == Method::PUT;
        let body = if has_body {
            parts.headers.insert(CONTENT_LENGTH, HeaderValue::from(source.length()));
            SendBody::from_owned_reader(source)
        } else {
            SendBody::none()
        };
        let request = Request::from_parts(parts, body);
        let stall = Timeout::Stall(limits.stall_timeout);
        let response = self.run_with(request, limits.connect_timeout, proxy, stall).map_err(|error| {
            let (kind, never_sent) = classify(&error);
            let error = into_error(kind, error);
            if never_sent { error.never_sent() } else { error }
        })?;
        let (parts, body) = response.into_parts();
        Ok(Response::from_parts(parts, Box::new(Parts(Box::new(body.into_reader())))))
    }

    fn sleep_until(&self, deadline: Instant) {
        thread::sleep(deadline.saturating_duration_since(Instant::now()));
    }
}
