use std::fmt;
use std::sync::{Arc, Mutex};

use secrecy::SecretString;

use super::call::SHORTEST_TIMEOUT;
use super::client::{Inner, OnAttempt};
use super::session::{OnRefreshToken, Session};
use super::{Client, Transport};
use crate::attempt::Attempt;
use crate::auth::Credentials;
use crate::config::{Connection, Limits};
use crate::env;
use crate::error::Error;
use crate::proxy::Proxies;
use crate::region::Region;
use crate::retry::RetryPolicy;
use crate::url::BaseUrl;

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
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) that names the variable that is missing or malformed.
    pub fn from_env() -> Result<Self, Error> {
        let env = env::read(|name| std::env::var_os(name))?;
        Self::builder().region(env.region).credentials(env.credentials).build()
    }
}

flavored! {
    #[derive(Default)]
    #[must_use = "a builder does nothing until `build`"]
    pub struct ClientBuilder {
        region: Option<Region>,
        api_url: Option<String>,
        login_url: Option<String>,
        credentials: Option<Credentials>,
        on_refresh_token: Option<OnRefreshToken>,
        pub(super) transport: Option<Arc<dyn Transport>>,
        connection: Option<Connection>,
        limits: Limits,
        retry: RetryPolicy,
        fail_when_rate_limited: bool,
        on_attempt: Option<OnAttempt>,
    }
}

impl ClientBuilder {
    /// The region in which the organization lives. Needed unless both URLs are given.
    pub fn region(mut self, region: Region) -> Self {
        self.region = Some(region);
        self
    }

    /// Another place for the API than the region's: a gateway, a recorder, a sandbox. It is a scheme, a host, and maybe a
    /// port and a path, to which the API's own paths are appended. The host is an IP address or a name in ASCII; other
    /// letters are written as punycode.
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
    /// longer good then. [`Credentials::refresh_token`] has an example.
    ///
    /// Tokens are handed over one after the other, in the order in which they came, and before any call goes on that waited
    /// for the sign-in. A sign-in ends even if the call that began it is dropped or runs out of time, so no token is lost,
    /// with two exceptions: the program ends before the answer comes, or an async transport of your own has no
    /// [`spawn_detached`](Transport::spawn_detached). Then a dropped call leaves its sign-in to the next call, and a client
    /// that is dropped before that loses the token.
    ///
    /// It runs in the background, on the thread of the sign-in, while calls wait for it. Store the token and return; with
    /// `AsyncClient`, sign-ins of other clients wait, too.
    pub fn on_refresh_token(mut self, store: impl Fn(&str) + Send + Sync + 'static) -> Self {
        self.on_refresh_token = Some(Arc::new(store));
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

    /// Makes calls fail at once when a rate limit is used up, instead of waiting until the service takes requests again (a
    /// minute at most). [`is_rate_limited`](Error::is_rate_limited) is true for the error, and
    /// [`retry_after`](Error::retry_after) says how long to wait, where that is known.
    ///
    /// It means every rate limit: what the client counted itself ([`ErrorKind::RateLimit`](crate::ErrorKind::RateLimit), nothing
    /// was sent), a 429 of the API, and the limit of the sign-in. All clones of a client share what is known of the limit.
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
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) that names what is missing or malformed.
    pub fn build(self) -> Result<Client, Error> {
        let url = |what, given: Option<&String>, host| match (given, &self.region) {
            (Some(url), _) => BaseUrl::parse(what, url),
            (None, Some(region)) => BaseUrl::parse(what, &region.url(host)?),
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
            (None, connection) => {
                let connection = connection.unwrap_or_default();
                let proxies = Proxies::of(&connection);
                proxies.check(&api).and_then(|()| proxies.check(&login))?;
                super::default_transport(&self.limits, &connection)?
            }
        };
        // Everybody may wait for a sign-in, so it has the limits of the client, and not those of the call that begins it.
        let call_timeout = self.limits.call_timeout.min(self.retry.deadline.max(SHORTEST_TIMEOUT));
        let sign_in_limits = Limits { call_timeout, ..self.limits };
        let session = Session::new(credentials, &login, sign_in_limits, self.on_refresh_token)?;
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
