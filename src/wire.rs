//! From an operation to an HTTP request, and from an HTTP response to its output. No I/O.

use std::fmt::{self, Write as _};

use http::Method;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderValue, USER_AGENT};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::config::BaseUrl;
use crate::error::{ApiError, DecodeError, Error, ErrorBody, RawBody};
use crate::meta::{Answer, Meta};
use crate::operation::{Operation, Route};

/// Everything but what RFC 3986 calls unreserved: no value can end a path segment or a query value.
const VALUE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

const USER_AGENT_VALUE: &str = concat!("genesys-external-contacts/", env!("CARGO_PKG_VERSION"));
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// What an [`Operation`] writes: path parameters, query and body. All three may be personal data, so `Debug` prints none.
pub struct RequestParts {
    url: String,
    has_query: bool,
    body: Option<Vec<u8>>,
}

impl RequestParts {
    fn new(base: &BaseUrl, route: &Route) -> Self {
        let mut url = String::with_capacity(base.as_str().len() + route.path().len() + 64);
        url.push_str(base.as_str());
        url.push_str(route.path());
        Self { url, has_query: false, body: None }
    }

    /// Fills in the path parameter `{name}`. Whatever the value holds, it stays one segment of the path.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for a value that is empty, `.` or `..`, which would name another path, and for a name that
    /// the route doesn't have.
    pub fn path_param(&mut self, name: &'static str, value: &str) -> Result<(), Error> {
        if matches!(value, "" | "." | "..") {
            let problem = if value.is_empty() { "is empty" } else { "is a dot segment, which would name another path" };
            return Err(Error::invalid(name, problem));
        }
        let place = self
            .url
            .match_indices('{')
            .map(|(start, _)| start)
            .find(|start| self.url[start + 1..].strip_prefix(name).is_some_and(|rest| rest.starts_with('}')));
        let Some(start) = place else {
            return Err(Error::invalid(name, "is not a parameter of the route"));
        };
        let encoded = utf8_percent_encode(value, VALUE).to_string();
        self.url.replace_range(start..start + name.len() + 2, &encoded);
        Ok(())
    }

    /// Adds `name=value` to the query.
    pub fn query(&mut self, name: &str, value: impl fmt::Display) {
        self.url.push(if self.has_query { '&' } else { '?' });
        self.has_query = true;
        // Writing to a String doesn't fail.
        let _ = write!(self.url, "{}=", utf8_percent_encode(name, VALUE));
        let _ = write!(Encoding(&mut self.url), "{value}");
    }

    /// Adds `name=value` to the query if there is a value. An empty text, a zero and a `false` are values.
    pub fn query_opt(&mut self, name: &str, value: Option<impl fmt::Display>) {
        if let Some(value) = value {
            self.query(name, value);
        }
    }

    /// Adds `name=value` for each value. No value, no parameter.
    pub fn query_list(&mut self, name: &str, values: impl IntoIterator<Item = impl fmt::Display>) {
        for value in values {
            self.query(name, value);
        }
    }

    /// Sets the body, as JSON.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for a value that JSON, or the API, can't express (a date-time of the year 10000).
    pub fn json(&mut self, body: &impl Serialize) -> Result<(), Error> {
        let body = serde_json::to_vec(body).map_err(|error| Error::invalid("body", error.to_string()))?;
        self.body = Some(body);
        Ok(())
    }
}

impl fmt::Debug for RequestParts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestParts").finish_non_exhaustive()
    }
}

/// Percent-encodes what is written through it.
struct Encoding<'a>(&'a mut String);

impl fmt::Write for Encoding<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.extend(utf8_percent_encode(text, VALUE));
        Ok(())
    }
}

/// The request that an operation makes; everything but its authorization.
pub(crate) fn request<O: Operation>(base: &BaseUrl, operation: &O) -> Result<http::Request<Vec<u8>>, Error> {
    let mut parts = RequestParts::new(base, &O::ROUTE);
    operation.write(&mut parts)?;
    if parts.url.contains('{') {
        return Err(Error::invalid("path", format!("{} has a parameter that was not filled in", O::ROUTE)));
    }
    finish(O::ROUTE.method().clone(), &parts.url, parts.body.map(|body| (body, JSON)))
}

/// The request to the token endpoint.
pub(crate) fn form_request(url: &str, fields: &[(&str, String)]) -> Result<http::Request<Vec<u8>>, Error> {
    let content_type = HeaderValue::from_static("application/x-www-form-urlencoded");
    finish(Method::POST, url, Some((form(fields).into_bytes(), content_type)))
}

/// Fields as a form, or as the query of a URL.
pub(crate) fn form(fields: &[(&str, impl AsRef<str>)]) -> String {
    let encoded = |text: &str| utf8_percent_encode(text, VALUE).to_string();
    let pairs: Vec<_> =
        fields.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value.as_ref()))).collect();
    pairs.join("&")
}

fn finish(method: Method, url: &str, body: Option<(Vec<u8>, HeaderValue)>) -> Result<http::Request<Vec<u8>>, Error> {
    let mut request = http::Request::new(Vec::new());
    *request.method_mut() = method;
    // The base was checked when the client was built and everything after it is percent-encoded: only length is left.
    *request.uri_mut() = url
        .try_into()
        .map_err(|_| Error::invalid("url", "is longer than a request can be; pass fewer or shorter values"))?;
    let headers = request.headers_mut();
    headers.insert(ACCEPT, JSON);
    headers.insert(USER_AGENT, HeaderValue::from_static(USER_AGENT_VALUE));
    if let Some((body, content_type)) = body {
        headers.insert(CONTENT_TYPE, content_type);
        *request.body_mut() = body;
    }
    Ok(request)
}

/// The output of a deletion that an earlier try made: what a success without a body gives.
pub(crate) fn read_deleted<O: Operation>(
    operation: &O,
    response: http::Response<Vec<u8>>,
) -> Result<Answer<O::Output>, Error> {
    let (parts, _) = response.into_parts();
    read_success(operation, Meta::new(parts.status, parts.headers), Vec::new())
}

/// The output of an operation, or the error that the answer is.
pub(crate) fn read<O: Operation>(operation: &O, response: http::Response<Vec<u8>>) -> Result<Answer<O::Output>, Error> {
    let (parts, body) = response.into_parts();
    let meta = Meta::new(parts.status, parts.headers);
    if meta.status().is_success() {
        return read_success(operation, meta, body);
    }
    let output = operation.read_failure(api_error(O::ROUTE, meta.clone(), &body))?;
    Ok(Answer::new(output, meta))
}

fn read_success<O: Operation>(operation: &O, meta: Meta, body: Vec<u8>) -> Result<Answer<O::Output>, Error> {
    let response = Response { route: O::ROUTE, meta, body };
    let output = operation.read(&response)?;
    Ok(Answer::new(output, response.meta))
}

pub(crate) fn api_error(route: Route, meta: Meta, body: &[u8]) -> Box<ApiError> {
    let (body, raw_body) = match serde_json::from_slice::<ErrorBody>(body) {
        Ok(body) => (body, RawBody::default()),
        Err(_) => (ErrorBody::default(), RawBody::start_of(body)),
    };
    Box::new(ApiError { meta, body: Box::new(body), raw_body, route, earlier_may_have_been_applied: false })
}

/// The answer to a request that the service took (any 2xx).
pub struct Response {
    route: Route,
    meta: Meta,
    body: Vec<u8>,
}

impl Response {
    /// Status and headers.
    pub fn meta(&self) -> &Meta {
        &self.meta
    }

    /// The body as it came.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The body as a value.
    ///
    /// # Errors
    ///
    /// [`Error::Decode`] when the body is empty, is not JSON, or is not a `T`.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        // Checking the whole body once is faster than having each string in it checked.
        let value = match std::str::from_utf8(&self.body) {
            Ok(text) => serde_json::from_str(text),
            Err(_) => serde_json::from_slice(&self.body),
        };
        value.map_err(|_| self.decode_error::<T>())
    }

    /// Nothing: the body, if there is one, is of no interest. Deletions answer with `{}`, with nothing, or with 204.
    ///
    /// # Errors
    ///
    /// [`Error::Decode`] when there is a body that is not JSON, because then it was not the API that answered.
    pub fn nothing(&self) -> Result<(), Error> {
        if self.body.iter().all(u8::is_ascii_whitespace) {
            return Ok(());
        }
        self.json::<serde::de::IgnoredAny>().map(|_| ())
    }

    /// Reads once more, slowly, to find out where in the body the fault is.
    fn decode_error<T: DeserializeOwned>(&self) -> Error {
        let (path, problem) = if self.body.iter().all(u8::is_ascii_whitespace) {
            (".".to_owned(), "it is empty".to_owned())
        } else {
            let mut json = serde_json::Deserializer::from_slice(&self.body);
            match serde_path_to_error::deserialize::<_, T>(&mut json) {
                Err(error) => (error.path().to_string(), problem(error.inner())),
                Ok(_) => (".".to_owned(), "something follows the value".to_owned()),
            }
        };
        Error::Decode(Box::new(DecodeError {
            meta: self.meta.clone(),
            path,
            type_name: std::any::type_name::<T>(),
            body_start: RawBody::start_of(&self.body),
            problem,
            route: self.route.clone(),
        }))
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("route", &self.route)
            .field("meta", &self.meta)
            .field("body", &RawBody::start_of(&self.body))
            .finish()
    }
}

/// What serde_json found, without the value that it found, which may be personal data.
fn problem(error: &serde_json::Error) -> String {
    let place = format!("line {} column {}", error.line(), error.column());
    let text = error.to_string();
    match error.classify() {
        serde_json::error::Category::Data => {
            let what = text.rsplit_once(" at line ").map_or(text.as_str(), |(what, _)| what);
            // "invalid type: string \"…\", expected i64", or words of our own, which repeat no value.
            match (
                what.strip_prefix("invalid type: ").or(what.strip_prefix("invalid value: ")),
                what.rsplit_once(", expected "),
            ) {
                (Some(found), Some((_, expected))) => {
                    let found = found.split([' ', '`', '"', ',']).next().unwrap_or_default();
                    format!("found {found}, expected {expected}, {place}")
                }
                (None, _) if what.starts_with("expected ") => format!("{what}, {place}"),
                _ => format!("a value does not fit, {place}"),
            }
        }
        serde_json::error::Category::Eof => format!("it ends too early, {place}"),
        _ => format!("it is not JSON, {place}"),
    }
}
