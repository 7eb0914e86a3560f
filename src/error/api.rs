use std::fmt;

use http::StatusCode;

use super::text::{OneLine, RawBody};
use crate::meta::Meta;

model! {
    /// The body of an error answer.
    pub struct ErrorBody {
        /// What went wrong, in words, with the values filled in.
        message: String => "message",
        /// What went wrong, for programs: `not.found`, `bad.request`, `missing.any.permissions`, …
        code: String => "code",
        /// The HTTP status once more.
        status: i64 => "status",
        /// The id of the entity that the error is about.
        entity_id: String => "entityId",
        /// The kind of the entity that the error is about.
        entity_name: String => "entityName",
        /// The message with `{placeholders}` instead of values.
        message_with_params: String => "messageWithParams",
        /// The values for the placeholders. Mostly text, but the service makes no promise.
        message_params: crate::Extra => "messageParams",
        /// The correlation id once more.
        context_id: String => "contextId",
        /// Which fields are meant.
        details: Vec<ErrorDetail> => "details",
        /// Errors that led to this one.
        errors: Vec<ErrorBody> => "errors",
        /// The limit that was passed.
        limit: ErrorLimit => "limit",
    }
}

model! {
    /// One field that an error is about.
    pub struct ErrorDetail {
        /// What is wrong with the field, for programs.
        error_code: String => "errorCode",
        /// The field, by its name on the wire.
        field_name: String => "fieldName",
        /// The id of the entity that has the field.
        entity_id: String => "entityId",
        /// The kind of the entity that has the field.
        entity_name: String => "entityName",
    }
}

model! {
    /// The limit that a request passed.
    pub struct ErrorLimit {
        /// The limit's name, such as `client.credentials.token.rate.per.minute`.
        key: String => "key",
        /// The part of the platform that has the limit, such as `external.contacts`. New ones come often.
        namespace: String => "namespace",
        /// How much is allowed.
        value: i64 => "value",
    }
}

/// The service said no.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ApiError {
    /// Status, headers, correlation id and rate limit of the answer.
    pub meta: Meta,
    /// What the service said, as far as it was JSON; empty otherwise.
    pub body: Box<ErrorBody>,
    /// The start of a body that was not JSON (at most 4 KiB), for example the page of a gateway.
    pub raw_body: RawBody,
    /// The request carried a cursor, which may have expired.
    carried_cursor: bool,
}

impl ApiError {
    pub(crate) fn new(meta: Meta, body: &[u8], carried_cursor: bool) -> Self {
        let (body, raw_body) = match serde_json::from_slice::<ErrorBody>(body) {
            Ok(body) => (body, RawBody::default()),
            Err(_) => (ErrorBody::default(), RawBody::start_of(body)),
        };
        Self { meta, body: Box::new(body), raw_body, carried_cursor }
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.meta.status()
    }

    /// Whether the API itself said this: its errors are JSON with a `code`. Otherwise a gateway or a proxy did.
    pub fn is_of_the_api(&self) -> bool {
        self.body.code.is_some()
    }

    pub(crate) fn is_not_found(&self) -> bool {
        self.status() == StatusCode::NOT_FOUND && self.is_of_the_api()
    }

    /// The id under which the vendor's support finds this call, from the header or from the body.
    pub fn correlation_id(&self) -> Option<&str> {
        self.meta.correlation_id().or(self.body.context_id.as_deref())
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status().as_u16())?;
        if let Some(code) = &self.body.code {
            write!(f, " {}", OneLine(code))?;
        } else if let Some(reason) = self.status().canonical_reason() {
            write!(f, " {reason}")?;
        }
        if let Some(message) = &self.body.message {
            write!(f, ": {}", OneLine(message))?;
        } else if self.status().is_redirection() {
            f.write_str(": the answer is a redirect, which is not followed; check the region or the API URL")?;
        } else if !self.raw_body.as_bytes().is_empty() {
            f.write_str(": the answer is not from the API itself (its body is not JSON); check the host, or a proxy")?;
        } else if !self.is_of_the_api() {
            f.write_str(": the answer is not from the API itself (it has no code); check the host, or a proxy")?;
        }
        if self.carried_cursor && matches!(self.status().as_u16(), 400 | 422) {
            f.write_str("; a cursor is good for 24 hours, so start again without it if it is older")?;
        }
        Ok(())
    }
}
