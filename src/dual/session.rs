use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::Instant;

use http::HeaderValue;
use secrecy::{ExposeSecret as _, SecretString};

use super::{Transport, Turn, maybe_async};
use crate::auth::{self, Credentials, Renewal};
use crate::config::{BaseUrl, Limits};
use crate::error::Error;

/// Told each refresh token that the service gives out.
pub(crate) type OnRefreshToken = Arc<dyn Fn(&str) + Send + Sync>;

/// The access token of a client and all its clones.
pub(crate) struct Session {
    shared: Arc<Shared>,
    turn: Turn,
}

/// What a sign-in needs. It is shared with the session, because a sign-in may outlive the call that began it.
struct Shared {
    credentials: Credentials,
    token_url: String,
    host: String,
    on_refresh_token: Option<OnRefreshToken>,
    /// Held by whoever tells refresh tokens.
    telling: Mutex<()>,
    /// Never held while waiting.
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    token: Option<Current>,
    /// What the last sign-in left to renew its token with.
    renewal: Option<Renewal>,
    /// A refresh token that `on_refresh_token` is still to be told.
    untold: Option<SecretString>,
}

struct Current {
    header: HeaderValue,
    renew_at: Option<Instant>,
}

impl Session {
    pub(crate) fn new(
        credentials: Credentials,
        login: &BaseUrl,
        on_refresh_token: Option<OnRefreshToken>,
    ) -> Result<Self, Error> {
        credentials.check()?;
        let mut state = State::default();
        if let Some(token) = credentials.given_token() {
            state.token = Some(Current { header: auth::bearer(token)?, renew_at: None });
        }
        let shared = Shared {
            credentials,
            token_url: format!("{}/oauth/token", login.as_str()),
            host: login.host().to_owned(),
            on_refresh_token,
            telling: Mutex::default(),
            state: Mutex::new(state),
        };
        Ok(Self { shared: Arc::new(shared), turn: Turn::default() })
    }

    pub(crate) fn can_renew(&self) -> bool {
        self.shared.can_renew()
    }

    /// Forgets the token, so that the next call signs in.
    pub(crate) fn forget(&self) {
        if self.can_renew() {
            self.shared.state().token = None;
        }
    }
}

#[maybe_async]
impl Session {
    /// The authorization to send. `refused` is one that the service didn't accept: it is not used again.
    pub(crate) async fn authorization(
        &self,
        transport: &Arc<dyn Transport>,
        limits: Limits,
        refused: Option<&HeaderValue>,
    ) -> Result<HeaderValue, Error> {
        let shared = &self.shared;
        let usable = || shared.usable(transport.now(), refused);
        let sign_in = || Shared::sign_in(Arc::clone(shared), Arc::clone(transport), limits);
        // Whoever waited for a sign-in that failed has failed with it: trying again is `decide`'s decision.
        let header = self.turn.take(usable, sign_in).await?;
        shared.tell_refresh_tokens();
        Ok(header)
    }
}

impl Shared {
    /// Hands over the refresh tokens that are untold, in the order in which they came.
    ///
    /// Whoever finds somebody else at it leaves the telling to them: the callback may itself use the client.
    fn tell_refresh_tokens(&self) {
        let Some(tell) = &self.on_refresh_token else { return };
        while self.state().untold.is_some() {
            let _telling = match self.telling.try_lock() {
                Ok(telling) => telling,
                // A callback that panicked is not at it any more.
                Err(TryLockError::Poisoned(telling)) => telling.into_inner(),
                Err(TryLockError::WouldBlock) => return,
            };
            let untold = self.state().untold.take();
            if let Some(refresh_token) = untold {
                tell(refresh_token.expose_secret());
            }
        }
    }

    fn can_renew(&self) -> bool {
        self.credentials.given_token().is_none()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Its parts are replaced as a whole: a panic elsewhere can't have left half of one.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The token, unless it has to be renewed first.
    fn usable(&self, now: Instant, refused: Option<&HeaderValue>) -> Option<HeaderValue> {
        let state = self.state();
        let token = state.token.as_ref()?;
        let is_fresh = token.renew_at.is_none_or(|at| now < at);
        (!self.can_renew() || is_fresh && refused != Some(&token.header)).then(|| token.header.clone())
    }
}

#[maybe_async]
impl Shared {
    async fn sign_in(shared: Arc<Self>, transport: Arc<dyn Transport>, limits: Limits) -> Result<HeaderValue, Error> {
        log::debug!("signing in at {}", shared.host);
        let now = transport.now();
        let request = shared.credentials.sign_in_request(&shared.token_url, shared.state().renewal.as_ref())?;
        let signing_in = |error: Error| error.while_signing_in(&shared.host);
        let response = transport.send(request, limits).await.map_err(|error| signing_in(error.into()))?;
        let token = auth::read_token(response).map_err(signing_in)?;
        let mut state = shared.state();
        // A service that gives no new refresh token lets the old one stand.
        let kept = state.renewal.take().and_then(|renewal| renewal.refresh_token);
        // A lifetime that no clock can express is none.
        let renew_at = token.use_for.and_then(|time| now.checked_add(time));
        *state = State {
            token: Some(Current { header: token.header.clone(), renew_at }),
            untold: token.refresh_token.clone(),
            renewal: Some(Renewal { refresh_token: token.refresh_token.or(kept) }),
        };
        Ok(token.header)
    }
}
