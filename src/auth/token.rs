//! What a sign-in gives.

use std::time::Duration;

use http::HeaderValue;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::Value;

use super::{not_empty, sensitive};
use crate::decide;
use crate::error::{DecodeError, Error, RawBody, SignInError};
use crate::meta::Meta;

/// What a sign-in leaves to renew its token with.
pub(crate) struct Renewal {
    pub(crate) refresh_token: Option<SecretString>,
    /// The service took this refresh token before and gave no other one: it is good more than once.
    pub(crate) was_reused: bool,
}

/// What the token endpoint gave.
pub(crate) struct Token {
    /// The authorization. A token that no header can hold is an error, and what came with it is kept all the same.
    pub(crate) header: Result<HeaderValue, Error>,
    /// How long to use it from when it was asked for; `None` where the service didn't say, or nothing that makes sense.
    pub(crate) use_for: Option<Duration>,
    pub(crate) refresh_token: Option<SecretString>,
}

#[derive(Deserialize)]
struct TokenBody {
    access_token: SecretString,
    #[serde(default)]
    expires_in: Value,
    refresh_token: Option<SecretString>,
}

/// A lifetime in seconds, however it is written. One that can't be read is none: a 401 tells when the token has expired.
fn lifetime(expires_in: &Value) -> Option<Duration> {
    let seconds = expires_in.as_f64().or_else(|| expires_in.as_str()?.trim().parse().ok())?;
    Duration::try_from_secs_f64(seconds).ok()
}

#[derive(Default, Deserialize)]
struct RefusalBody {
    error: Option<String>,
    error_description: Option<String>,
    description: Option<String>,
}

/// The token that the token endpoint gave, or why it gave none.
pub(crate) fn read_token(response: http::Response<Vec<u8>>) -> Result<Token, Error> {
    let (parts, body) = response.into_parts();
    let meta = Meta::new(parts.status, parts.headers);
    if !meta.status().is_success() {
        let refusal: RefusalBody = serde_json::from_slice(&body).unwrap_or_default();
        let description = refusal.error_description.or(refusal.description);
        return Err(SignInError { meta, code: refusal.error, description }.into());
    }
    let decode_error = |problem: &str| {
        Error::from(DecodeError {
            meta: meta.clone(),
            path: ".".to_owned(),
            type_name: "Token",
            // Not even its start: it may hold the token.
            body_start: RawBody::default(),
            problem: problem.to_owned(),
        })
    };
    let token: TokenBody = serde_json::from_slice(&body)
        .map_err(|_| decode_error("expected an object with access_token and expires_in"))?;
    let header = bearer(&token.access_token).map_err(|_| decode_error("the access token can't stand in a header"));
    let use_for = lifetime(&token.expires_in).map(decide::token::use_for);
    Ok(Token { header, use_for, refresh_token: token.refresh_token })
}

pub(crate) fn bearer(token: &SecretString) -> Result<HeaderValue, Error> {
    not_empty("access token", token.expose_secret())?;
    let value = SecretString::from(format!("Bearer {}", token.expose_secret()));
    sensitive("access token", value.expose_secret())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lifetime_is_read_however_it_is_written() {
        let cases = [
            ("3600", Some(3600.0)),
            ("\"3600\"", Some(3600.0)),
            ("3599.5", Some(3599.5)),
            ("\" 60.5 \"", Some(60.5)),
            ("0", Some(0.0)),
            ("-1", None),
            ("\"-1\"", None),
            ("1e300", None),
            ("\"NaN\"", None),
            ("\"soon\"", None),
            ("null", None),
            ("true", None),
            ("[60]", None),
        ];
        for (text, expected) in cases {
            let value = serde_json::from_str(text).unwrap();
            assert_eq!(lifetime(&value), expected.map(Duration::from_secs_f64), "{text}");
        }
    }
}
