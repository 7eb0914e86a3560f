//! Failures in the service's own shape.

use std::borrow::Cow;
use std::collections::BTreeMap;

use http::StatusCode;
use serde_json::{Map, Value, json};

use crate::sandbox::store::settings::{Settings, UnknownStatus};

/// How many bytes a request may hold (`request.bytes.max`).
pub(crate) const MAX_REQUEST_BYTES: usize = 512_000;

const INVALID_QUERY: &str = "invalid.query.param.value";
const CONFLICT: &str = "conflict";
const INVALID_PAYLOAD: &str = "payload.or.params.invalid";

/// The codes that a builder can replace: which ones the service has instead is not known. All others are documented.
const ASSUMED_CODES: &[&str] = &[INVALID_QUERY, CONFLICT, INVALID_PAYLOAD];

/// An error answer.
///
/// Where the service's message repeats what was sent, this one does, too. That may be personal, and a test of what an
/// application logs should come upon it.
#[derive(Debug)]
pub(crate) struct Failure(pub(crate) Box<Parts>);

#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) status: StatusCode,
    code: Cow<'static, str>,
    message: String,
    /// The message with `{placeholders}`, and what stands for them.
    params: Option<(&'static str, Vec<(&'static str, String)>)>,
    /// The fields that it is about.
    fields: Vec<String>,
    pub(crate) retry_after: Option<u64>,
    pub(crate) allow: Option<String>,
}

/// Assumed: what is repeated is cut. The service's own limit is not known.
fn start_of(value: &str) -> String {
    value.chars().take(100).collect()
}

/// A value that can be read and breaks a rule.
pub(crate) struct Violation {
    pub(crate) field: String,
    pub(crate) rule: String,
}

impl Failure {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        let message = message.into();
        Self(Box::new(Parts {
            status,
            code: code.into(),
            message,
            params: None,
            fields: Vec::new(),
            retry_after: None,
            allow: None,
        }))
    }

    /// A message made from its template, so that both say the same. What was sent comes last: it may hold braces.
    fn templated(
        status: StatusCode,
        code: &'static str,
        template: &'static str,
        params: Vec<(&'static str, String)>,
    ) -> Self {
        let mut message = template.to_owned();
        for (name, value) in &params {
            message = message.replace(&format!("{{{name}}}"), value);
        }
        let mut failure = Self::new(status, code, message);
        failure.0.params = Some((template, params));
        failure
    }

    fn about(mut self, field: impl Into<String>) -> Self {
        self.0.fields.push(field.into());
        self
    }

    /// The failure with the code that was chosen for its status, where its own is one that nobody knows.
    pub(crate) fn with_chosen_code(mut self, chosen: &BTreeMap<u16, String>) -> Self {
        if let Some(code) = chosen.get(&self.0.status.as_u16()).filter(|_| ASSUMED_CODES.contains(&&*self.0.code)) {
            self.0.code = code.clone().into();
        }
        self
    }

    /// The words, for those who don't speak HTTP.
    pub(crate) fn message(&self) -> &str {
        &self.0.message
    }

    pub(crate) fn bad_request() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "bad.request",
            "The request could not be understood by the server due to malformed syntax.",
        )
    }

    /// A member that refers to something that doesn't exist, or is missing where 422 is not documented.
    ///
    /// Assumed for all references: an unknown external source was seen to be answered this way.
    pub(crate) fn bad_member(field: impl Into<String>) -> Self {
        Self::bad_request().about(field)
    }

    /// A member, or a path parameter, of another type than it must be.
    pub(crate) fn invalid_value(field: &str, value: &Value, field_type: &str, allowed: &str) -> Self {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        Self::templated(
            StatusCode::BAD_REQUEST,
            "invalid.value",
            "Value [{value}] is not valid for field type [{fieldType}]. Allowable values are: {allowed}",
            vec![("fieldType", field_type.to_owned()), ("allowed", allowed.to_owned()), ("value", start_of(&value))],
        )
        .about(field)
    }

    /// Assumed: the code is known to exist, and where the service gives it is not.
    pub(crate) fn invalid_property(path: &str, name: &str) -> Self {
        let object = if path.is_empty() { "body" } else { path };
        Self::templated(
            StatusCode::BAD_REQUEST,
            "invalid.property",
            "Value [{value}] is not a valid property for object [{object}]",
            vec![("object", object.to_owned()), ("value", name.to_owned())],
        )
        .about(if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") })
    }

    pub(crate) fn invalid_date(field: &str) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "invalid.date",
            "Dates must be specified as ISO-8601 strings. For example: yyyy-MM-ddTHH:mm:ss.SSSZ",
        )
        .about(field)
    }

    /// Assumed for every query parameter, the window of 1,000 records included: the code is known to exist, and where
    /// the service gives it is not.
    pub(crate) fn invalid_query(param: &'static str, value: &str, allowed: &str) -> Self {
        Self::templated(
            StatusCode::BAD_REQUEST,
            INVALID_QUERY,
            "Value [{value}] is not valid for parameter [{parameter}]. Allowable values are: {allowed}",
            vec![("parameter", param.to_owned()), ("allowed", allowed.to_owned()), ("value", start_of(value))],
        )
        .about(param)
    }

    /// Assumed: the status is known, the code is the one that the vendor's other services use with it.
    pub(crate) fn violations(violations: &[Violation]) -> Self {
        let words: Vec<_> = violations.iter().map(|one| format!("{} {}", one.field, one.rule)).collect();
        let mut failure = Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            INVALID_PAYLOAD,
            format!("The request is not valid: {}", words.join("; ")),
        );
        for violation in violations {
            failure = failure.about(violation.field.clone());
        }
        failure
    }

    pub(crate) fn violation(field: impl Into<String>, rule: impl Into<String>) -> Self {
        Self::violations(&[Violation { field: field.into(), rule: rule.into() }])
    }

    pub(crate) fn authentication_required() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "authentication.required",
            "No authentication bearer token specified in authorization header.",
        )
    }

    pub(crate) fn bad_credentials() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "bad.credentials", "Invalid login credentials.")
    }

    pub(crate) fn missing_any_permissions(permissions: &[&str]) -> Self {
        Self::templated(
            StatusCode::FORBIDDEN,
            "missing.any.permissions",
            "Unable to perform the requested action. You must have at least one of the following permissions \
             assigned: {permissions}",
            vec![("permissions", format!("[{}]", permissions.join(", ")))],
        )
    }

    pub(crate) fn missing_permissions(missing: &[&str]) -> Self {
        Self::templated(
            StatusCode::FORBIDDEN,
            "missing.permissions",
            "Unable to perform the requested action. You are missing the following permission(s): {permissions}",
            vec![("permissions", format!("[{}]", missing.join(", ")))],
        )
    }

    pub(crate) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not.found", "The requested resource was not found.")
    }

    /// What deleting a contact says.
    pub(crate) fn contact_not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "contact.not.found", "Contact not found by contact id")
    }

    /// Assumed: neither code nor message are documented for these operations.
    pub(crate) fn method_not_allowed(allowed: &[&str]) -> Self {
        let mut failure = Self::new(StatusCode::METHOD_NOT_ALLOWED, "method.not.allowed", "Method Not Allowed");
        failure.0.allow = Some(allowed.join(", "));
        failure
    }

    /// Assumed: the status and the words are known, the code is not.
    pub(crate) fn conflict(field: &str) -> Self {
        Self::of_status(StatusCode::CONFLICT).about(field)
    }

    /// Assumed: the status, unless the sandbox was told otherwise.
    pub(crate) fn of_unknown(settings: &Settings, what: UnknownStatus, words: &str) -> Self {
        let status = StatusCode::from_u16(settings.status_of(what)).unwrap_or(StatusCode::BAD_REQUEST);
        let mut failure = Self::of_status(status);
        failure.0.message = words.to_owned();
        failure
    }

    pub(crate) fn too_large() -> Self {
        Self::templated(
            StatusCode::PAYLOAD_TOO_LARGE,
            "request.entity.too.large",
            "The request is over the size limit. Maximum bytes: {maxBytes}",
            vec![("maxBytes", MAX_REQUEST_BYTES.to_string())],
        )
    }

    pub(crate) fn unsupported_media_type() -> Self {
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported.media.type",
            "Unsupported Media Type - Unsupported or incorrect media type, such as an incorrect Content-Type value in \
             the header.",
        )
    }

    pub(crate) fn too_many_requests(seconds: u64) -> Self {
        let message = format!("Rate limit exceeded the maximum. Retry the request in [{seconds}] seconds");
        let mut failure = Self::new(StatusCode::TOO_MANY_REQUESTS, "too.many.requests.retry.after", message);
        failure.0.retry_after = Some(seconds);
        failure
    }

    /// What the service says with this status when nothing more is known.
    ///
    /// Assumed: codes and words of a status that is not documented are those of HTTP.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        match status.as_u16() {
            400 => Self::bad_request(),
            401 => Self::bad_credentials(),
            403 => Self::new(status, "not.authorized", "You are not authorized to perform the requested action."),
            404 => Self::not_found(),
            405 => Self::method_not_allowed(&[]),
            408 => Self::new(
                status,
                "client.timeout",
                "The client did not produce a request within the server timeout limit. This can be caused by a slow \
                 network connection and/or large payloads.",
            ),
            409 => Self::new(status, CONFLICT, "The request conflicts with the current state of the target resource."),
            413 => Self::too_large(),
            415 => Self::unsupported_media_type(),
            422 => Self::violations(&[]),
            429 => Self::too_many_requests(60),
            500 => Self::new(
                status,
                "internal.server.error",
                "The server encountered an unexpected condition which prevented it from fulfilling the request.",
            ),
            503 => Self::new(
                status,
                "service.unavailable",
                "Service Unavailable - The server is currently unavailable (because it is overloaded or down for \
                 maintenance).",
            ),
            504 => Self::new(status, "request.timeout", "The request timed out."),
            _ => Self::new(status, "unknown", status.canonical_reason().unwrap_or("Unknown")),
        }
    }

    /// The failure of one record of a bulk request. `entity` is what was sent.
    ///
    /// Assumed: what may pass is called retryable, and the message of each field is that of the record.
    pub(crate) fn bulk_error(&self, entity: &Value) -> Value {
        let Parts { status, code, message, fields, .. } = &*self.0;
        let details: Vec<_> = fields.iter().map(|field| json!({ "fieldName": field, "message": message })).collect();
        json!({
            "code": code,
            "message": message,
            "status": status.as_u16(),
            "retryable": matches!(status.as_u16(), 408 | 429 | 500..=599),
            "details": details,
            "entity": entity,
        })
    }

    pub(crate) fn body(&self, context_id: &str) -> Value {
        let Parts { status, code, message, params, fields, .. } = &*self.0;
        let details: Vec<_> = fields.iter().map(|field| json!({ "errorCode": code, "fieldName": field })).collect();
        let mut body = json!({
            "message": message,
            "code": code,
            "status": status.as_u16(),
            "contextId": context_id,
            "details": details,
            "errors": [],
        });
        if let Some((template, params)) = params {
            let params: Map<_, _> =
                params.iter().map(|(name, value)| ((*name).to_owned(), Value::from(value.as_str()))).collect();
            body["messageWithParams"] = Value::from(*template);
            body["messageParams"] = Value::from(params);
        }
        body
    }
}
