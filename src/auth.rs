//! Who the client signs in as, and the token that it gets.

use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use http::HeaderValue;
use http::header::AUTHORIZATION;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use crate::decide;
use crate::error::{DecodeError, Error, RawBody, SignInError};
use crate::meta::Meta;
use crate::operation::Route;
use crate::wire;

/// Sign-in changes nothing that a second one would spoil.
const SIGN_IN: Route = Route::post_that_reads("/oauth/token");

/// Who the client signs in as.
#[derive(Clone)]
pub(crate) enum Credentials {
    /// A token that somebody else got. It can't be renewed.
    AccessToken(HeaderValue),
    /// An OAuth client with the grant "client credentials".
    ClientCredentials { id: String, secret: SecretString },
}

impl Credentials {
    pub(crate) fn access_token(token: &SecretString) -> Result<Self, Error> {
        Ok(Self::AccessToken(bearer("access token", token.expose_secret())?))
    }

    pub(crate) fn client_credentials(id: String, secret: SecretString) -> Result<Self, Error> {
        if id.is_empty() {
            return Err(Error::invalid("client id", "is empty"));
        }
        if secret.expose_secret().is_empty() {
            return Err(Error::invalid("client secret", "is empty"));
        }
        Ok(Self::ClientCredentials { id, secret })
    }

    pub(crate) fn can_renew(&self) -> bool {
        !matches!(self, Self::AccessToken(_))
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AccessToken(_) => "AccessToken(…)",
            Self::ClientCredentials { .. } => "ClientCredentials(…)",
        })
    }
}

/// The request that gets a token with client credentials.
pub(crate) fn sign_in_request(url: &str, id: &str, secret: &SecretString) -> Result<http::Request<Vec<u8>>, Error> {
    let mut request = wire::form_request(url, &[("grant_type", "client_credentials")])?;
    let pair = SecretString::from(format!("{id}:{}", secret.expose_secret()));
    let basic = SecretString::from(base64::prelude::BASE64_STANDARD.encode(pair.expose_secret()));
    let mut value = HeaderValue::try_from(format!("Basic {}", basic.expose_secret()))
        .map_err(|_| Error::invalid("client secret", "can't stand in a header"))?;
    value.set_sensitive(true);
    request.headers_mut().insert(AUTHORIZATION, value);
    Ok(request)
}

pub(crate) fn sign_in_route() -> Route {
    SIGN_IN
}

/// A token and how long it is good for.
#[derive(Clone)]
pub(crate) struct Token {
    pub(crate) header: HeaderValue,
    /// How long to use it from when it was asked for; `None` where the service didn't say.
    pub(crate) use_for: Option<Duration>,
}

#[derive(Deserialize)]
struct TokenBody {
    access_token: SecretString,
    expires_in: Option<u64>,
}

#[derive(Default, Deserialize)]
struct RefusalBody {
    error: Option<String>,
    error_description: Option<String>,
    description: Option<String>,
}

/// The token that the token endpoint gave, or why it gave none.
pub(crate) fn read_token(host: &str, response: http::Response<Vec<u8>>) -> Result<Token, Error> {
    let (parts, body) = response.into_parts();
    let meta = Meta::new(parts.status, parts.headers);
    if !meta.status().is_success() {
        let refusal: RefusalBody = serde_json::from_slice(&body).unwrap_or_default();
        return Err(Error::SignIn(Box::new(SignInError {
            meta,
            code: refusal.error,
            description: refusal.error_description.or(refusal.description),
            host: host.to_owned(),
            earlier_may_have_been_applied: false,
        })));
    }
    let decode_error = |problem: &str| {
        Error::Decode(Box::new(DecodeError {
            meta: meta.clone(),
            path: ".".to_owned(),
            type_name: "Token",
            // Not even its start: it may hold the token.
            body_start: RawBody::default(),
            problem: problem.to_owned(),
            route: SIGN_IN,
        }))
    };
    let token: TokenBody = serde_json::from_slice(&body)
        .map_err(|_| decode_error("expected an object with access_token and expires_in"))?;
    let header = bearer("access token", token.access_token.expose_secret())
        .map_err(|_| decode_error("the access token can't stand in a header"))?;
    Ok(Token { header, use_for: token.expires_in.map(|seconds| decide::token::use_for(Duration::from_secs(seconds))) })
}

fn bearer(what: &'static str, token: &str) -> Result<HeaderValue, Error> {
    if token.is_empty() {
        return Err(Error::invalid(what, "is empty"));
    }
    let mut value = HeaderValue::try_from(format!("Bearer {token}"))
        .map_err(|_| Error::invalid(what, "has characters that can't stand in a header, a line break for example"))?;
    value.set_sensitive(true);
    Ok(value)
}
