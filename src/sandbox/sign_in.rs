//! The token endpoint, and what tokens are good for.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use super::answer::{self, Failure, Used};
use super::query::Query;
use super::store::State;

pub(super) const PATH: &str = "/oauth/token";

pub(super) const CLIENT_ID: &str = "5a4db0c5-0000-4000-8000-000000000001";
pub(super) const CLIENT_SECRET: &str = "secret-of-the-sandbox";

const WINDOW: Duration = Duration::from_secs(60);

/// The tokens that were given out, and when.
#[derive(Clone, Default)]
pub(super) struct Tokens {
    tokens: HashMap<String, Token>,
    sign_ins: VecDeque<Instant>,
}

#[derive(Clone)]
struct Token {
    /// Never, where no clock can express it.
    expires: Option<Instant>,
    window: Option<Window>,
}

impl Token {
    fn is_good(&self, now: Instant) -> bool {
        self.expires.is_none_or(|at| now < at)
    }
}

/// Assumed: a window begins with its first call, and what is refused doesn't count.
#[derive(Clone, Copy)]
struct Window {
    begin: Instant,
    calls: u32,
}

impl Tokens {
    /// Ends all tokens that were given out so far.
    pub(super) fn revoke(&mut self) {
        self.tokens.clear();
    }

    fn issue(&mut self, now: Instant, lifetime: Duration) -> String {
        self.tokens.retain(|_, token| token.is_good(now));
        let text = format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
        self.tokens.insert(text.clone(), Token { expires: now.checked_add(lifetime), window: None });
        text
    }

    fn may_sign_in(&mut self, now: Instant, per_minute: Option<u32>) -> bool {
        let Some(per_minute) = per_minute else {
            return true;
        };
        while self.sign_ins.front().is_some_and(|then| now.saturating_duration_since(*then) >= WINDOW) {
            self.sign_ins.pop_front();
        }
        let may = self.sign_ins.len() < per_minute as usize;
        if may {
            self.sign_ins.push_back(now);
        }
        may
    }
}

/// Checks the token and counts the call.
pub(super) fn admit(state: &mut State, headers: &HeaderMap) -> (Option<Used>, Result<(), Failure>) {
    let token = match headers.get(AUTHORIZATION).map(|value| value.to_str().unwrap_or_default().trim()) {
        Some(value) => match value.split_at_checked(7) {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer ") && !token.trim().is_empty() => token.trim(),
            _ => return (None, Err(Failure::authentication_required())),
        },
        None => return (None, Err(Failure::authentication_required())),
    };
    let now = state.clock.now();
    let Some(token) = state.tokens.tokens.get_mut(token).filter(|token| token.is_good(now)) else {
        return (None, Err(Failure::bad_credentials()));
    };
    let Some(allowed) = state.settings.calls else {
        return (None, Ok(()));
    };
    let mut window = token
        .window
        .filter(|window| now.saturating_duration_since(window.begin) < WINDOW)
        .unwrap_or(Window { begin: now, calls: 0 });
    let left = WINDOW.saturating_sub(now.saturating_duration_since(window.begin));
    // Rounded up: who waits that long finds the next window open.
    let reset = left.as_secs() + u64::from(left.subsec_nanos() > 0);
    let is_admitted = window.calls < allowed;
    if is_admitted {
        window.calls += 1;
    }
    token.window = Some(window);
    let used = Used { count: window.calls, allowed, reset };
    (Some(used), if is_admitted { Ok(()) } else { Err(Failure::too_many_requests(reset)) })
}

/// `POST /oauth/token`.
pub(super) fn answer(state: &mut State, request: &http::Request<Vec<u8>>) -> http::Response<Vec<u8>> {
    if request.method() != Method::POST {
        return answer::respond(Err(Failure::method_not_allowed(&["POST"])), None);
    }
    match sign_in(state, request) {
        Ok(body) => answer::respond_to_sign_in(StatusCode::OK, &body),
        Err((error, description)) => answer::refuse_sign_in(StatusCode::BAD_REQUEST, error, description),
    }
}

type Refusal = (&'static str, &'static str);

/// Assumed: the refusals of requests that are no sign-in at all, whose codes are those of the OAuth standard.
fn sign_in(state: &mut State, request: &http::Request<Vec<u8>>) -> Result<Value, Refusal> {
    let content_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    if !media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err(("invalid_request", "the content type must be application/x-www-form-urlencoded"));
    }
    let form = Query::parse(&String::from_utf8_lossy(request.body()));
    let now = state.clock.now();
    if !state.tokens.may_sign_in(now, state.settings.sign_ins) {
        return Err(("invalid_request", "rate limit exceeded; try again later"));
    }
    match form.get("grant_type") {
        Some("client_credentials") => {}
        Some(_) => return Err(("unsupported_grant_type", "the sandbox takes client_credentials only")),
        None => return Err(("invalid_request", "grant_type is missing")),
    }
    let (id, secret) = basic(request.headers()).ok_or(("invalid_client", "client credentials are missing"))?;
    if id != CLIENT_ID {
        return Err(("invalid_client", "client not found"));
    }
    if secret != CLIENT_SECRET {
        return Err(("invalid_client", "authentication failed"));
    }
    let lifetime = state.settings.token_lifetime;
    let token = state.tokens.issue(now, lifetime);
    Ok(json!({ "access_token": token, "token_type": "bearer", "expires_in": lifetime.as_secs() }))
}

fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = value.trim().split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = String::from_utf8(BASE64_STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = pair.split_once(':')?;
    Some((id.to_owned(), secret.to_owned()))
}
