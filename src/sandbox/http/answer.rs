//! What the sandbox answers, with its headers.

use http::header::{CACHE_CONTROL, CONTENT_TYPE, EXPIRES, PRAGMA, RETRY_AFTER, STRICT_TRANSPORT_SECURITY};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::sandbox::http::failure::Failure;
use crate::sandbox::store::settings::{Settings, UnknownStatus};

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const CORRELATION_ID: HeaderName = HeaderName::from_static("inin-correlation-id");

/// A success.
pub(crate) struct Success {
    status: StatusCode,
    body: Option<Value>,
}

/// What an operation comes to.
pub(crate) type Outcome = Result<Success, Failure>;

impl Success {
    pub(crate) fn ok(body: impl Into<Value>) -> Self {
        Self { status: StatusCode::OK, body: Some(body.into()) }
    }

    /// The status and the body, for one of several answers.
    pub(crate) fn into_parts(self) -> (u16, Option<Value>) {
        (self.status.as_u16(), self.body)
    }

    pub(crate) fn created(body: impl Into<Value>) -> Self {
        Self { status: StatusCode::CREATED, body: Some(body.into()) }
    }

    /// What nobody knows the status of: a success or a failure, as the sandbox was told.
    pub(crate) fn of_unknown(settings: &Settings, what: UnknownStatus, body: impl Into<Value>) -> Outcome {
        let status = StatusCode::from_u16(settings.status_of(what)).unwrap_or(StatusCode::BAD_REQUEST);
        if status.is_success() { Ok(Self { status, body: Some(body.into()) }) } else { Err(Failure::of_status(status)) }
    }

    /// 202 with a body.
    pub(crate) fn accepted_with(body: impl Into<Value>) -> Self {
        Self { status: StatusCode::ACCEPTED, body: Some(body.into()) }
    }

    /// Assumed, unless the sandbox was told otherwise: deletions are documented as 200 with a body of the type `Empty`,
    /// and `{}` is what that would be.
    pub(crate) fn deleted(settings: &Settings) -> Self {
        if settings.deletions_answer_nothing { Self::no_content() } else { Self::ok(Map::new()) }
    }

    pub(crate) fn accepted() -> Self {
        Self { status: StatusCode::ACCEPTED, body: None }
    }

    /// 200 and nothing else.
    pub(crate) fn empty() -> Self {
        Self { status: StatusCode::OK, body: None }
    }

    pub(crate) fn no_content() -> Self {
        Self { status: StatusCode::NO_CONTENT, body: None }
    }
}

/// How much of its window a token has used.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Used {
    pub(crate) count: u32,
    pub(crate) allowed: u32,
    pub(crate) reset: u64,
}

/// The answer of the API. `used` is there once the token is known.
pub(crate) fn respond(outcome: Outcome, used: Option<Used>) -> http::Response<Vec<u8>> {
    let context_id = Uuid::new_v4().to_string();
    let (status, body, failure) = match outcome {
        Ok(success) => (success.status, success.body, None),
        Err(failure) => (failure.0.status, Some(failure.body(&context_id)), Some(failure.0)),
    };
    let mut response = plain(status, body.as_ref(), &context_id);
    let headers = response.headers_mut();
    if let Some(used) = used {
        put(headers, HeaderName::from_static("inin-ratelimit-count"), used.count);
        put(headers, HeaderName::from_static("inin-ratelimit-allowed"), used.allowed);
        put(headers, HeaderName::from_static("inin-ratelimit-reset"), used.reset);
    }
    if let Some(failure) = failure {
        if let Some(seconds) = failure.retry_after {
            put(headers, RETRY_AFTER, seconds);
        }
        if let Some(allow) = failure.allow {
            put(headers, http::header::ALLOW, allow);
        }
    }
    response
}

/// The answer of the token endpoint.
pub(crate) fn respond_to_sign_in(status: StatusCode, body: &Value) -> http::Response<Vec<u8>> {
    plain(status, Some(body), &Uuid::new_v4().to_string())
}

/// A refusal of the token endpoint.
pub(crate) fn refuse_sign_in(status: StatusCode, error: &str, description: &str) -> http::Response<Vec<u8>> {
    let body = json!({ "error": error, "description": description, "error_description": description });
    respond_to_sign_in(status, &body)
}

/// What the token endpoint says with this status when nothing more is known.
///
/// Assumed: whatever is not the fault of the client has the error of the OAuth standard.
pub(crate) fn failed_sign_in(status: StatusCode) -> http::Response<Vec<u8>> {
    match status.as_u16() {
        400 | 401 => refuse_sign_in(status, "invalid_client", "authentication failed"),
        429 => rate_limited_sign_in(60),
        503 => refuse_sign_in(status, "temporarily_unavailable", "the service is unavailable"),
        _ => refuse_sign_in(status, "server_error", status.canonical_reason().unwrap_or("unknown")),
    }
}

/// Too many sign-ins, which the token endpoint says with 400 and words of its own.
pub(crate) fn rate_limited_sign_in(seconds: u64) -> http::Response<Vec<u8>> {
    let description = format!("rate limit exceeded; try again in {seconds} seconds");
    let mut response = refuse_sign_in(StatusCode::BAD_REQUEST, "invalid_request", &description);
    put(response.headers_mut(), RETRY_AFTER, seconds);
    response
}

/// Sends a browser elsewhere.
pub(crate) fn redirect(to: &str) -> http::Response<Vec<u8>> {
    let mut response = plain(StatusCode::FOUND, None, &Uuid::new_v4().to_string());
    put(response.headers_mut(), http::header::LOCATION, to);
    response
}

/// An answer as somebody wants to have it.
pub(crate) fn raw(status: StatusCode, content_type: &str, body: Vec<u8>) -> http::Response<Vec<u8>> {
    let mut response = http::Response::new(body);
    *response.status_mut() = status;
    put(response.headers_mut(), CONTENT_TYPE, content_type);
    response
}

fn plain(status: StatusCode, body: Option<&Value>, correlation_id: &str) -> http::Response<Vec<u8>> {
    let mut response = http::Response::new(body.map(|body| body.to_string().into_bytes()).unwrap_or_default());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    if body.is_some() {
        headers.insert(CONTENT_TYPE, JSON);
    }
    put(headers, CORRELATION_ID, correlation_id);
    headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=600"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache,no-store,must-revalidate"));
    headers.insert(PRAGMA, HeaderValue::from_static("no-cache"));
    headers.insert(EXPIRES, HeaderValue::from_static("0"));
    response
}

fn put(headers: &mut HeaderMap, name: HeaderName, value: impl ToString) {
    if let Ok(value) = HeaderValue::try_from(value.to_string()) {
        headers.insert(name, value);
    }
}
