use std::time::Instant;

use http::HeaderValue;

use super::{Lock, Transport, maybe_async};
use crate::auth::{self, Credentials};
use crate::config::{BaseUrl, Limits};
use crate::error::Error;

/// The access token of a client and all its clones.
pub(crate) struct Session {
    credentials: Credentials,
    token_url: String,
    host: String,
    /// Held while signing in, so that there is one sign-in at a time, however many wait for it.
    current: Lock<Option<Current>>,
}

struct Current {
    header: HeaderValue,
    renew_at: Option<Instant>,
}

impl Session {
    pub(crate) fn new(credentials: Credentials, login: &BaseUrl) -> Self {
        Self {
            credentials,
            token_url: format!("{}/oauth/token", login.as_str()),
            host: login.host().to_owned(),
            current: Lock::new(None),
        }
    }

    pub(crate) fn can_renew(&self) -> bool {
        self.credentials.can_renew()
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
        let (id, secret) = match &self.credentials {
            Credentials::AccessToken(header) => return Ok(header.clone()),
            Credentials::ClientCredentials { id, secret } => (id, secret),
        };
        let mut current = self.current.lock().await;
        let now = transport.now();
        if let Some(token) = &*current {
            let is_fresh = token.renew_at.is_none_or(|at| now < at);
            if is_fresh && refused != Some(&token.header) {
                return Ok(token.header.clone());
            }
        }
        log::debug!("signing in at {}", self.host);
        let request = auth::sign_in_request(&self.token_url, id, secret)?;
        let response = transport.send(request, limits).await.map_err(|error| error.during(auth::sign_in_route()))?;
        let token = auth::read_token(&self.host, response)?;
        let header = token.header.clone();
        // A lifetime that no clock can express is none.
        let renew_at = token.use_for.and_then(|time| now.checked_add(time));
        *current = Some(Current { header: token.header, renew_at });
        Ok(header)
    }
}
