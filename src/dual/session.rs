use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use http::HeaderValue;
use secrecy::ExposeSecret as _;

use super::{Lock, Transport, maybe_async};
use crate::auth::{self, Credentials, Renewal, SIGN_IN};
use crate::config::{BaseUrl, Limits};
use crate::error::Error;

/// Told each refresh token that the service gives out.
pub(crate) type OnRefreshToken = Arc<dyn Fn(&str) + Send + Sync>;

/// The access token of a client and all its clones.
pub(crate) struct Session {
    credentials: Credentials,
    token_url: String,
    host: String,
    on_refresh_token: Option<OnRefreshToken>,
    /// How many sign-ins have come to an end. Who reads it before waiting for the lock learns whether one ended
    /// meanwhile.
    ended: AtomicU64,
    /// Held while signing in, so that there is one sign-in at a time, however many wait for it.
    state: Lock<State>,
}

#[derive(Default)]
struct State {
    token: Option<Current>,
    /// What the last sign-in left to renew its token with.
    renewal: Option<Renewal>,
    /// How the last sign-in failed, for those who waited for it.
    failure: Option<Error>,
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
        Ok(Self {
            credentials,
            token_url: format!("{}/oauth/token", login.as_str()),
            host: login.host().to_owned(),
            on_refresh_token,
            ended: AtomicU64::new(0),
            state: Lock::new(state),
        })
    }

    pub(crate) fn can_renew(&self) -> bool {
        self.credentials.given_token().is_none()
    }
}

#[maybe_async]
impl Session {
    /// The authorization to send. `refused` is one that the service didn't accept: it is not used again.
    pub(crate) async fn authorization(
        &self,
        transport: &dyn Transport,
        limits: Limits,
        refused: Option<&HeaderValue>,
    ) -> Result<HeaderValue, Error> {
        let ended = self.ended.load(Ordering::Acquire);
        let mut state = self.state.lock().await;
        let now = transport.now();
        if let Some(token) = &state.token {
            let is_fresh = token.renew_at.is_none_or(|at| now < at);
            if !self.can_renew() || is_fresh && refused != Some(&token.header) {
                return Ok(token.header.clone());
            }
        }
        if let Some(failure) = &state.failure
            && self.ended.load(Ordering::Acquire) != ended
        {
            // Whoever waited for a sign-in that failed has failed with it: trying again is `decide`'s decision.
            return Err(failure.clone());
        }
        log::debug!("signing in at {}", self.host);
        let token = self.sign_in(transport, limits, state.renewal.as_ref()).await;
        self.ended.fetch_add(1, Ordering::Release);
        let token = match token {
            Ok(token) => token,
            Err(error) => {
                state.failure = Some(error.clone());
                return Err(error);
            }
        };
        let rotated = token.refresh_token.clone();
        // A service that gives no new refresh token lets the old one stand.
        let kept = state.renewal.take().and_then(|renewal| renewal.refresh_token);
        // A lifetime that no clock can express is none.
        let renew_at = token.use_for.and_then(|time| now.checked_add(time));
        *state = State {
            token: Some(Current { header: token.header.clone(), renew_at }),
            renewal: Some(Renewal { refresh_token: token.refresh_token.or(kept) }),
            failure: None,
        };
        // The caller's code may use the client.
        drop(state);
        if let (Some(tell), Some(refresh_token)) = (&self.on_refresh_token, &rotated) {
            tell(refresh_token.expose_secret());
        }
        Ok(token.header)
    }

    async fn sign_in(
        &self,
        transport: &dyn Transport,
        limits: Limits,
        last: Option<&Renewal>,
    ) -> Result<auth::Token, Error> {
        let request = self.credentials.sign_in_request(&self.token_url, last)?;
        let response = transport.send(request, limits).await.map_err(|error| error.during(SIGN_IN))?;
        auth::read_token(&self.host, response)
    }

    /// Forgets the token, so that the next call signs in.
    pub(crate) async fn forget(&self) {
        if self.can_renew() {
            self.state.lock().await.token = None;
        }
    }
}
