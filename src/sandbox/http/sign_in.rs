//! The token endpoint, and what tokens are good for.

use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use hmac_sha256::Hash as Sha256;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, Method, StatusCode};
use serde_json::{Value, json};

use crate::sandbox::http::answer::{self, Used};
use crate::sandbox::http::failure::Failure;
use crate::sandbox::http::query::Query;
use crate::sandbox::store::state::State;
use crate::sandbox::store::tokens::{Code, RefreshToken, Renewable, WINDOW, Window, random};

pub(crate) const PATH: &str = "/oauth/token";
pub(crate) const AUTHORIZE: &str = "/oauth/authorize";
pub(crate) const CLIENT_ID: &str = "5a4db0c5-0000-4000-8000-000000000001";
pub(crate) const CLIENT_SECRET: &str = "secret-of-the-sandbox";
pub(crate) const ORG_NAME: &str = "sandbox";

/// Assumed: how long a code is good for.
const CODE_LIFETIME: Duration = Duration::from_secs(300);
const SAML2: &str = "urn:ietf:params:oauth:grant-type:saml2-bearer";

/// The token that a call comes with; empty where there is none.
pub(crate) fn bearer(headers: &HeaderMap) -> &str {
    let value = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match value.trim().split_at_checked(7) {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer ") => token.trim(),
        _ => "",
    }
}

/// Checks the token and counts the call.
pub(crate) fn admit(state: &mut State, headers: &HeaderMap) -> (Option<Used>, Result<(), Failure>) {
    let token = bearer(headers);
    if token.is_empty() {
        return (None, Err(Failure::authentication_required()));
    }
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
pub(crate) fn answer(state: &mut State, request: &http::Request<Vec<u8>>) -> http::Response<Vec<u8>> {
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
    let headers = request.headers();
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    if !media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err(("invalid_request", "the content type must be application/x-www-form-urlencoded"));
    }
    let form = Query::parse(&String::from_utf8_lossy(request.body()));
    let now = state.clock.now();
    if !state.tokens.may_sign_in(now, state.settings.sign_ins) {
        return Err(("invalid_request", "rate limit exceeded; try again later"));
    }
    let lifetime = state.settings.token_lifetime;
    let (grant, renewable) = match form.get("grant_type") {
        Some("client_credentials") => {
            authenticate(headers)?;
            ("client_credentials", None)
        }
        Some("authorization_code") => ("authorization_code", Some(take_code(state, headers, &form, now)?)),
        Some("refresh_token") => ("authorization_code", Some(take_refresh_token(state, headers, &form, now)?)),
        Some(SAML2) => {
            authenticate(headers)?;
            check_assertion(&form)?;
            ("saml2-bearer", None)
        }
        Some(_) => return Err(("unsupported_grant_type", "the grant type is not one that the service has")),
        None => return Err(("invalid_request", "grant_type is missing")),
    };
    let token = state.tokens.issue(grant, now, lifetime);
    let mut body = json!({ "access_token": token, "token_type": "bearer", "expires_in": lifetime.as_secs() });
    if let Some(renewable) = renewable {
        body["refresh_token"] =
            state.tokens.issue_refresh_token(renewable, now, state.settings.refresh_token_lifetime).into();
    }
    Ok(body)
}

/// The client with its secret.
fn authenticate(headers: &HeaderMap) -> Result<(), Refusal> {
    let (id, secret) = basic(headers).ok_or(("invalid_client", "client credentials are missing"))?;
    know(&id)?;
    if secret == CLIENT_SECRET { Ok(()) } else { Err(("invalid_client", "authentication failed")) }
}

fn know(id: &str) -> Result<(), Refusal> {
    if id == CLIENT_ID { Ok(()) } else { Err(("invalid_client", "client not found")) }
}

/// The client without its secret, which names itself in the form.
fn identify(form: &Query) -> Result<(), Refusal> {
    know(form.get("client_id").ok_or(("invalid_client", "client credentials are missing"))?)
}

/// The client in either way; whether it has a secret.
fn with_or_without_secret(headers: &HeaderMap, form: &Query) -> Result<bool, Refusal> {
    let takes_secret = headers.contains_key(AUTHORIZATION);
    if takes_secret {
        authenticate(headers)?;
    } else {
        identify(form)?;
    }
    Ok(takes_secret)
}

/// Assumed: a code is good once, even if something else is wrong; it is bound to its redirect URI and to its challenge.
fn take_code(state: &mut State, headers: &HeaderMap, form: &Query, now: Instant) -> Result<Renewable, Refusal> {
    let takes_secret = with_or_without_secret(headers, form)?;
    let code = form.get("code").ok_or(("invalid_request", "code is missing"))?;
    let refused = Err(("invalid_grant", "the authorization code is not valid"));
    let Some(code) = state.tokens.codes.remove(code) else {
        return refused;
    };
    if code.expires.is_some_and(|at| now >= at) || form.get("redirect_uri") != Some(&code.redirect_uri) {
        return refused;
    }
    let proof =
        form.get("code_verifier").map(|verifier| BASE64_URL_SAFE_NO_PAD.encode(Sha256::hash(verifier.as_bytes())));
    if proof != code.challenge {
        return Err(("invalid_grant", "the code verifier is not the one of the challenge"));
    }
    if !takes_secret && proof.is_none() {
        return Err(("invalid_client", "client credentials are missing"));
    }
    Ok(Renewable { takes_secret })
}

/// Assumed: the token before is worthless from now on, and nobody but the client that got it can use it.
fn take_refresh_token(
    state: &mut State,
    headers: &HeaderMap,
    form: &Query,
    now: Instant,
) -> Result<Renewable, Refusal> {
    let takes_secret = with_or_without_secret(headers, form)?;
    let token = form.get("refresh_token").ok_or(("invalid_request", "refresh_token is missing"))?;
    let is_allowed = |token: &&RefreshToken| token.is_good(now) && (takes_secret || !token.renewable.takes_secret);
    let renewable = state.tokens.refresh_tokens.get(token).filter(is_allowed).map(|token| token.renewable);
    let renewable = renewable.ok_or(("invalid_grant", "the refresh token is not valid"))?;
    state.tokens.refresh_tokens.remove(token);
    Ok(renewable)
}

/// Assumed: every assertion is good that is there. The sandbox knows no identity provider.
fn check_assertion(form: &Query) -> Result<(), Refusal> {
    if form.get("assertion").is_none_or(str::is_empty) {
        return Err(("invalid_request", "assertion is missing"));
    }
    match form.get("orgName") {
        None | Some("") => Err(("invalid_request", "orgName is missing")),
        Some(name) if name.eq_ignore_ascii_case(ORG_NAME) => Ok(()),
        Some(_) => Err(("invalid_grant", "organization not found")),
    }
}

/// Gives out a code, as the sign-in page does to a user who opens it with this query. The second is where to send the
/// user with it.
pub(crate) fn authorize(state: &mut State, query: &Query) -> Result<(String, String), &'static str> {
    know(query.get("client_id").unwrap_or_default()).map_err(|_| "client_id is not that of a known client")?;
    let redirect_uri = query.get("redirect_uri").filter(|uri| !uri.is_empty()).ok_or("redirect_uri is missing")?;
    if query.get("response_type") != Some("code") {
        return Err("response_type must be code");
    }
    let challenge = query.get("code_challenge").map(str::to_owned);
    if challenge.is_some() && query.get("code_challenge_method") != Some("S256") {
        return Err("code_challenge_method must be S256");
    }
    let now = state.clock.now();
    state.tokens.codes.retain(|_, code| code.expires.is_none_or(|at| now < at));
    let (code, redirect_uri) = (random(), redirect_uri.to_owned());
    let mut back = Query::default();
    back.push("code", &code);
    if let Some(given) = query.get("state") {
        back.push("state", given);
    }
    let separator = if redirect_uri.contains('?') { '&' } else { '?' };
    let back = format!("{redirect_uri}{separator}{}", back.text());
    state.tokens.codes.insert(code.clone(), Code { expires: now.checked_add(CODE_LIFETIME), redirect_uri, challenge });
    Ok((code, back))
}

/// `GET /oauth/authorize`. Assumed: the user is signed in already and agrees.
pub(crate) fn answer_authorize(state: &mut State, request: &http::Request<Vec<u8>>) -> http::Response<Vec<u8>> {
    if request.method() != Method::GET {
        return answer::respond(Err(Failure::method_not_allowed(&["GET"])), None);
    }
    match authorize(state, &Query::parse(request.uri().query().unwrap_or_default())) {
        Ok((_, back)) => answer::redirect(&back),
        Err(problem) => answer::refuse_sign_in(StatusCode::BAD_REQUEST, "invalid_request", problem),
    }
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
