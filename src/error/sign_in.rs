use std::fmt;

use http::StatusCode;

use super::text::OneLine;
use crate::meta::Meta;

/// The token endpoint said no.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SignInError {
    /// Status, headers and correlation id of the answer.
    pub meta: Meta,
    /// The OAuth error, such as `invalid_client`.
    pub code: Option<String>,
    /// What the service says about it.
    pub description: Option<String>,
}

impl SignInError {
    /// Too many sign-ins: the token endpoint says so with 400 and its own words, or with 429.
    pub fn is_rate_limited(&self) -> bool {
        self.meta.status() == StatusCode::TOO_MANY_REQUESTS
            || self.description.as_deref().is_some_and(|d| d.to_ascii_lowercase().starts_with("rate limit exceeded"))
    }

    /// The id or the secret were not accepted, at this region.
    pub fn are_credentials_refused(&self) -> bool {
        matches!(self.meta.status(), StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED) && !self.is_rate_limited()
    }

    pub(crate) fn is_passing(&self) -> bool {
        self.is_rate_limited() || self.meta.status().is_server_error()
    }
}

impl fmt::Display for SignInError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.meta.status().as_u16())?;
        for part in [&self.code, &self.description].into_iter().flatten() {
            write!(f, " {}", OneLine(part))?;
        }
        if self.is_rate_limited() {
            f.write_str("; wait a minute, and share one client instead of signing in again and again")?;
        } else if self.are_credentials_refused() {
            f.write_str("; check the client id, the secret and the region: each region knows only its own clients")?;
        }
        Ok(())
    }
}

/// What a sign-in sends that is good only once.
#[derive(Clone, Copy, Debug)]
pub(crate) enum SingleUse {
    AuthorizationCode,
    RefreshToken,
}

impl fmt::Display for SingleUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AuthorizationCode => {
                "the authorization code is good once and may have been used, so it is not sent again; let the user sign in again"
            }
            Self::RefreshToken => {
                "the refresh token is good once and may have been used, so it is not sent again; try the stored one with a \
                 new client, and if it is refused, let the user sign in again"
            }
        })
    }
}
