use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use http::StatusCode;
use http::header::{AUTHORIZATION, HeaderValue};
use secrecy::SecretString;

use super::pages::Walk;
use super::session::{OnRefreshToken, Session};
use super::{Items, Pages, Transport, maybe_async};
use crate::auth::{Credentials, SignOut};
use crate::config::{BaseUrl, Connection, Limits};
use crate::contacts::Contacts;
use crate::conversations::Conversations;
use crate::decide::rate_limit::Window;
use crate::error::{Error, RateLimitError};
use crate::lookup::ReverseWhitePagesLookup;
use crate::meta::{Answer, Attempt, RateLimit};
use crate::operation::{CallOptions, Operation, Paged, Request, Route};
use crate::organizations::Organizations;
use crate::region::Region;
use crate::relationships::Relationships;
use crate::retry::RetryPolicy;
use crate::{decide, env, random, wire};

/// A transport need not understand a timeout of nothing.
const SHORTEST_TIMEOUT: Duration = Duration::from_millis(1);

/// The way to the service: signs in, sends, reads.
///
/// Cheap to clone; all clones share the connections and the token. Make one and keep it.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

type OnAttempt = Box<dyn Fn(&Attempt) + Send + Sync>;

struct Inner {
    transport: Arc<dyn Transport>,
    api: BaseUrl,
    session: Session,
    limits: Limits,
    retry: RetryPolicy,
    fail_when_rate_limited: bool,
    on_attempt: Option<OnAttempt>,
    /// Never held while waiting.
    window: Mutex<Window>,
}

impl Client {
    /// Starts to build a client. It needs a region and credentials.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// A client as the environment describes it.
    ///
    /// | variable | what |
    /// |---|---|
    /// | `GENESYSCLOUD_REGION` | the region, such as `eu-west-1` or `mypurecloud.ie` |
    /// | `GENESYSCLOUD_OAUTHCLIENT_ID` | the id of an OAuth client with the grant "client credentials" |
    /// | `GENESYSCLOUD_OAUTHCLIENT_SECRET` | its secret |
    /// | `GENESYSCLOUD_ACCESS_TOKEN` | a token to use instead of id and secret |
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] that names the variable that is missing or malformed.
    pub fn from_env() -> Result<Self, Error> {
        let env = env::read(|name| std::env::var_os(name))?;
        Self::builder().region(env.region).credentials(env.credentials).build()
    }

    /// The people that the contact center talks to.
    pub fn contacts(&self) -> Contacts<Self> {
        Contacts::new(self.clone())
    }

    /// The companies that the contact center deals with.
    pub fn organizations(&self) -> Organizations<Self> {
        Organizations::new(self.clone())
    }

    /// What users are to external organizations.
    pub fn relationships(&self) -> Relationships<Self> {
        Relationships::new(self.clone())
    }

    /// Which contacts conversations are with.
    pub fn conversations(&self) -> Conversations<Self> {
        Conversations::new(self.clone())
    }

    /// Finds out who has a phone number, an e-mail address or a Twitter name.
    ///
    /// `GET /api/v2/externalcontacts/reversewhitepageslookup`
    ///
    /// A phone number is written in E.164 (`+13175550100`). Descriptions before May 2025 promise organizations, too; the
    /// API returns contacts only since then. Only contacts of the type `Curated` are found. [`ReverseWhitePagesLookup`]
    /// has an example.
    ///
    /// # Permissions
    ///
    /// `externalContacts:contact:view`.
    ///
    /// # Limits
    ///
    /// At most 25 contacts are returned.
    ///
    /// # Errors
    ///
    /// - [`Error::Invalid`]: the value is empty.
    /// - [`Error::Api`] with status 400 when the service can't take the value;
    ///   [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn reverse_white_pages_lookup(&self, value: impl Into<String>) -> Request<Self, ReverseWhitePagesLookup> {
        Request::new(self.clone(), ReverseWhitePagesLookup::new(value.into()))
    }

    /// Makes a request of an operation, for endpoints that this crate doesn't have yet; see [`Operation`].
    pub fn request<O: Operation>(&self, operation: O) -> Request<Self, O> {
        Request::new(self.clone(), operation)
    }
}

#[maybe_async]
impl Client {
    /// Sends an operation, for endpoints that this crate doesn't have yet; see [`Operation`].
    ///
    /// # Errors
    ///
    /// Any [`Error`].
    pub async fn execute<O: Operation>(&self, operation: &O) -> Result<O::Output, Error> {
        Ok(self.answer(operation, &CallOptions::default()).await?.output)
    }

    /// Makes the service forget the token of this client and all its clones. A later call signs in again, if the
    /// credentials allow it. [`Credentials`] has an example.
    ///
    /// `DELETE /api/v2/tokens/me`
    ///
    /// # Errors
    ///
    /// [`is_unauthorized`](Error::is_unauthorized) when a given token is no longer good. All others that [`Error`] lists.
    pub async fn sign_out(&self) -> Result<(), Error> {
        self.execute(&SignOut).await?;
        self.inner.session.forget();
        Ok(())
    }

    /// Makes the call, and makes it again as long as `decide` says so.
    pub(crate) async fn answer<O: Operation>(
        &self,
        operation: &O,
        options: &CallOptions,
    ) -> Result<Answer<O::Output>, Error> {
        let transport = self.transport();
        let mut call = Call {
            policy: options.retry.as_ref().unwrap_or(&self.inner.retry),
            limits: options.limits.unwrap_or(self.inner.limits),
            began: transport.now(),
            attempt: 1,
        };
        let mut may_have_been_applied = false;
        let mut refused = None;
        loop {
            let error = match self.attempt(operation, &call, &mut refused).await {
                Ok(response) if decide::retry::is_deleted(&O::ROUTE, may_have_been_applied, response.status()) => {
                    return wire::read_deleted(operation, response);
                }
                Ok(response) => match wire::read(operation, response) {
                    Ok(answer) => return Ok(answer),
                    Err(error) => error,
                },
                Err(error) => error,
            };
            let failure = decide::retry::Failure {
                attempt: call.attempt,
                // Who asked not to wait for the rate limit is not made to wait for it here.
                retryable: error.is_retryable() && !matches!(error, Error::RateLimit(_)),
                retry_after: error.retry_after(),
                elapsed: transport.now().saturating_duration_since(call.began),
            };
            may_have_been_applied |= error.may_have_been_applied();
            let Some(wait) = decide::retry::wait(call.policy, failure, random::fraction()) else {
                return Err(if may_have_been_applied { error.after_one_that_may_have_been_applied() } else { error });
            };
            let (attempt, wait_ms) = (call.attempt, wait.as_millis());
            log::warn!("{}: try {attempt} failed ({}), next in {wait_ms} ms", O::ROUTE, error.summary());
            transport.sleep_until(after(transport.now(), wait)).await;
            call.attempt += 1;
        }
    }

    /// Sends the request once, and once more if it is refused for its token and there is another one to be had.
    async fn attempt<O: Operation>(
        &self,
        operation: &O,
        call: &Call<'_>,
        refused: &mut Option<HeaderValue>,
    ) -> Result<http::Response<Vec<u8>>, Error> {
        let Inner { transport, api, session, .. } = &*self.inner;
        loop {
            let mut request = wire::request(api, operation)?;
            let authorization =
                session.authorization(transport, call.limits(transport.now()), refused.as_ref()).await?;
            let _under_way = self.pass_rate_limit(O::ROUTE, call).await?;
            request.headers_mut().insert(AUTHORIZATION, authorization.clone());
            let sent = transport.now();
            let result = transport.send(request, call.limits(sent)).await;
            if let Some(tell) = &self.inner.on_attempt {
                let duration = transport.now().saturating_duration_since(sent);
                tell(&Attempt::new(O::ROUTE, call.attempt, &result, duration));
            }
            let response = result.map_err(|error| error.during(O::ROUTE))?;
            self.window().note(RateLimit::of(response.headers()), transport.now());
            log::debug!("{}: {}", O::ROUTE, response.status().as_u16());
            let is_refused = response.status() == StatusCode::UNAUTHORIZED;
            if !is_refused || !decide::token::renew_on_unauthorized(session.can_renew(), refused.is_some()) {
                return Ok(response);
            }
            *refused = Some(authorization);
        }
    }

    /// Waits until the rate limit lets a request leave, as long as it makes sense to wait.
    async fn pass_rate_limit(&self, route: Route, call: &Call<'_>) -> Result<UnderWay<'_>, Error> {
        let transport = self.transport();
        loop {
            let now = transport.now();
            let entered = self.window().enter(now);
            let Err(asked) = entered else { break };
            let wait = decide::retry::spread(call.policy, asked, random::fraction()).min(call.policy.max_wait);
            if self.inner.fail_when_rate_limited || wait >= call.time_left(now) {
                return Err(RateLimitError::wait(wait));
            }
            log::info!("{route}: the rate limit is used up, waiting {} ms", wait.as_millis());
            transport.sleep_until(after(transport.now(), wait)).await;
            if wait < asked {
                // That is no window of this service. It will say so if it doesn't take the request.
                self.window().force();
                break;
            }
        }
        Ok(UnderWay(self))
    }
}

/// The end of a wait. A wait that no clock can express is one of 30 years.
fn after(now: Instant, wait: Duration) -> Instant {
    const LONGEST: Duration = Duration::from_secs(30 * 365 * 86_400);
    now.checked_add(wait).or_else(|| now.checked_add(LONGEST)).unwrap_or(now)
}

/// A request that the window counts as long as this lives: a call can be dropped at any time.
struct UnderWay<'a>(&'a Client);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.window().leave();
    }
}

/// A call with all its tries.
struct Call<'a> {
    policy: &'a RetryPolicy,
    limits: Limits,
    began: Instant,
    attempt: u32,
}

impl Call<'_> {
    fn time_left(&self, now: Instant) -> Duration {
        self.policy.deadline.saturating_sub(now.saturating_duration_since(self.began))
    }

    /// What an exchange that begins now may take: it ends when the call has to.
    fn limits(&self, now: Instant) -> Limits {
        let call_timeout = self.limits.call_timeout.min(self.time_left(now).max(SHORTEST_TIMEOUT));
        Limits { call_timeout, ..self.limits }
    }
}

impl Client {
    pub(crate) fn transport(&self) -> &dyn Transport {
        self.inner.transport.as_ref()
    }

    fn window(&self) -> MutexGuard<'_, Window> {
        // What it guards is one value that is replaced as a whole: a panic elsewhere can't have left half of it.
        self.inner.window.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("api", &self.inner.api.host()).finish_non_exhaustive()
    }
}

#[maybe_async]
impl<O: Operation> Request<Client, O> {
    /// Sends the request and returns what it asks for.
    ///
    /// # Errors
    ///
    /// See the method that made the request, and [`Error`].
    pub async fn send(self) -> Result<O::Output, Error> {
        Ok(self.send_with_meta().await?.output)
    }

    /// Sends the request and returns what it asks for together with status, headers, correlation id and rate limit.
    ///
    /// # Errors
    ///
    /// The same as those of `send`.
    pub async fn send_with_meta(self) -> Result<Answer<O::Output>, Error> {
        self.client.answer(&self.operation, &self.options).await
    }
}

impl<O: Paged> Request<Client, O> {
    /// All pages, one request at a time. Asks for 100 records a page unless [`page_size`](Request::page_size) says
    /// otherwise, and starts at [`page_number`](Request::page_number).
    ///
    /// The service gives out the first 1,000 records of a listing. Where there are more, the last thing that comes is
    /// [`Error::ResultWindow`]; a listing never ends as if it were complete. After an error nothing more comes.
    pub fn pages(self) -> Pages<O> {
        Pages::new(Walk::new(self))
    }

    /// All records of all pages; see [`pages`](Request::pages).
    pub fn items(self) -> Items<O> {
        Items::new(self.pages())
    }
}

/// What a client is built from.
#[derive(Default)]
#[must_use = "a builder does nothing until `build`"]
pub struct ClientBuilder {
    region: Option<Region>,
    api_url: Option<String>,
    login_url: Option<String>,
    credentials: Option<Credentials>,
    on_refresh_token: Option<OnRefreshToken>,
    transport: Option<Arc<dyn Transport>>,
    connection: Option<Connection>,
    limits: Limits,
    retry: RetryPolicy,
    fail_when_rate_limited: bool,
    on_attempt: Option<OnAttempt>,
}

impl ClientBuilder {
    /// The region in which the organization lives. Needed unless both URLs are given.
    pub fn region(mut self, region: Region) -> Self {
        self.region = Some(region);
        self
    }

    /// Another place for the API than the region's: a gateway, a recorder, a sandbox. It may have a path, to which
    /// the API's own paths are appended.
    ///
    /// The token is sent there. Over `http://` anyone on the way can read it.
    pub fn api_url(mut self, url: impl Into<String>) -> Self {
        self.api_url = Some(url.into());
        self
    }

    /// Another place for signing in than the region's; `/oauth/token` is appended. The id and the secret are sent there.
    pub fn login_url(mut self, url: impl Into<String>) -> Self {
        self.login_url = Some(url.into());
        self
    }

    /// Signs in as an OAuth client with the grant "client credentials". The token is renewed before it expires.
    pub fn client_credentials(self, id: impl Into<String>, secret: impl Into<SecretString>) -> Self {
        self.credentials(Credentials::client_credentials(id, secret))
    }

    /// Uses a token that you got elsewhere. The client can't renew it: when it expires, calls fail with 401.
    pub fn access_token(self, token: impl Into<SecretString>) -> Self {
        self.credentials(Credentials::access_token(token))
    }

    /// Signs in with these credentials; [`Credentials`] lists the ways.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// Calls this with each refresh token that the service gives out, so that you can store it: the one before is no
    /// longer good then. A call that finds a token to be handed over does so before it goes on. They are handed over one
    /// after the other, in the order in which they came. [`Credentials::refresh_token`] has an example.
    pub fn on_refresh_token(mut self, store: impl Fn(&str) + Send + Sync + 'static) -> Self {
        self.on_refresh_token = Some(Arc::new(store));
        self
    }

    /// Sends through this transport instead of the one that the crate brings.
    pub fn transport(mut self, transport: impl Transport + 'static) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// Connects in this way: through a proxy, with certificates of your own. It is for the transport that the crate brings.
    pub fn connection(mut self, connection: Connection) -> Self {
        self.connection = Some(connection);
        self
    }

    /// What one exchange may take: 10 seconds to connect, 30 seconds in all and 64 MiB of body unless it is set here.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// When a call that failed is made again. See [`RetryPolicy`] for what happens unless it is set here.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Makes calls fail with [`Error::RateLimit`] when the rate limit is used up. Unless it is set, they wait until the
    /// service takes requests again, which is a minute at most. All clones of a client share what is known of the limit.
    pub fn fail_when_rate_limited(mut self) -> Self {
        self.fail_when_rate_limited = true;
        self
    }

    /// Calls this after each exchange of a call with the service, for metrics. Signing in is not among them. [`Attempt`] has
    /// an example.
    pub fn on_attempt(mut self, tell: impl Fn(&Attempt) + Send + Sync + 'static) -> Self {
        self.on_attempt = Some(Box::new(tell));
        self
    }

    /// Makes the client. Nothing is sent yet: signing in happens with the first call.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] that names what is missing or malformed.
    pub fn build(self) -> Result<Client, Error> {
        let url = |what, given: Option<&String>, host: &str| match (given, &self.region) {
            (Some(url), _) => BaseUrl::parse(what, url),
            (None, Some(region)) => BaseUrl::parse(what, &format!("https://{host}.{}", region.domain())),
            (None, None) => Err(Error::invalid("region", format!("is missing; call region(…), or {what}(…)"))),
        };
        let api = url("api_url", self.api_url.as_ref(), "api")?;
        let Some(credentials) = self.credentials else {
            let problem = "are missing; call client_credentials(id, secret), access_token(token) or credentials(…)";
            return Err(Error::invalid("credentials", problem));
        };
        let login = match credentials.given_token() {
            // Such a client never signs in, so the login host need not be known.
            Some(_) => api.clone(),
            None => url("login_url", self.login_url.as_ref(), "login")?,
        };
        let transport = match (self.transport, self.connection) {
            (Some(_), Some(_)) => {
                let problem = "is for the transport that the crate brings; set up the one that you gave instead";
                return Err(Error::invalid("connection", problem));
            }
            (Some(transport), None) => transport,
            (None, connection) => super::default_transport(&self.limits, &connection.unwrap_or_default())?,
        };
        let session = Session::new(credentials, &login, self.on_refresh_token)?;
        let inner = Inner {
            transport,
            api,
            session,
            limits: self.limits,
            retry: self.retry,
            fail_when_rate_limited: self.fail_when_rate_limited,
            on_attempt: self.on_attempt,
            window: Mutex::default(),
        };
        Ok(Client { inner: Arc::new(inner) })
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder").field("region", &self.region).finish_non_exhaustive()
    }
}
