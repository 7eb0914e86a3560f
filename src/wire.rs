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
        // Checking the whole body once is faster than having each string in it checked. And only one reader of JSON is
        // compiled for each type: with a second one, a program is a fifth larger.
        let text = std::str::from_utf8(&self.body).map_err(|error| {
            let at = error.valid_up_to();
            self.decode_error::<T>(at, format!("it is not UTF-8, byte {at}"))
        })?;
        serde_json::from_str(text).map_err(|error| {
            let at = offset(&self.body, &error);
            self.decode_error::<T>(at, if self.is_blank() { "it is empty".to_owned() } else { problem(&error) })
        })
    }

    /// Nothing: the body, if there is one, is of no interest. Deletions answer with `{}`, with nothing, or with 204.
    ///
    /// # Errors
    ///
    /// [`Error::Decode`] when there is a body that is not JSON, because then it was not the API that answered.
    pub fn nothing(&self) -> Result<(), Error> {
        if self.is_blank() {
            return Ok(());
        }
        self.json::<serde::de::IgnoredAny>().map(|_| ())
    }

    fn is_blank(&self) -> bool {
        self.body.iter().all(u8::is_ascii_whitespace)
    }

    fn decode_error<T>(&self, at: usize, problem: String) -> Error {
        Error::Decode(Box::new(DecodeError {
            meta: self.meta.clone(),
            path: path_at(&self.body, at),
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

/// Where in the body serde_json stopped: it tells lines and columns, both counted from 1.
fn offset(body: &[u8], error: &serde_json::Error) -> usize {
    let mut lines = body.split_inclusive(|byte| *byte == b'\n');
    let before: usize = lines.by_ref().take(error.line().saturating_sub(1)).map(<[u8]>::len).sum();
    before.saturating_add(error.column()).min(body.len())
}

/// The place in a JSON text that is reached after so many bytes, such as `entities[3].createDate`; `.` is the whole.
///
/// The text was read up to there, so it is JSON up to there.
fn path_at(body: &[u8], at: usize) -> String {
    enum Step {
        Member { name: String, is_read: bool },
        Element(usize),
    }
    let mut steps = Vec::new();
    let mut rest = &body[..at.min(body.len())];
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        match (byte, steps.last_mut()) {
            (b'{', _) => steps.push(Step::Member { name: String::new(), is_read: false }),
            (b'[', _) => steps.push(Step::Element(0)),
            (b'}' | b']', _) => drop(steps.pop()),
            (b',', Some(Step::Element(index))) => *index += 1,
            (b',', Some(Step::Member { is_read, .. })) => *is_read = false,
            (b'"', last) => {
                let end = end_of_string(rest);
                if let Some(Step::Member { name, is_read: is_read @ false }) = last {
                    // A name with escapes is shown with them: it is there to be found in the body.
                    *name = String::from_utf8_lossy(&rest[..end]).into_owned();
                    *is_read = true;
                }
                rest = rest.get(end + 1..).unwrap_or_default();
            }
            _ => {}
        }
    }
    let mut path = String::new();
    for step in steps {
        match step {
            Step::Element(index) => path += &format!("[{index}]"),
            Step::Member { is_read: false, .. } => {}
            Step::Member { name, .. } if path.is_empty() => path = name,
            Step::Member { name, .. } => path += &format!(".{name}"),
        }
    }
    if path.is_empty() { ".".to_owned() } else { path }
}

/// How long a string is whose first quote was read.
fn end_of_string(text: &[u8]) -> usize {
    let mut escaped = false;
    let end = text.iter().position(|byte| {
        let is_end = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        is_end
    });
    end.unwrap_or(text.len())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_a_text_has_a_path() {
        let text = r#"{"a":[1,{"b\"{":[],"c":{"d":true}},"[,\\"],"e":{}}"#;
        let places = [
            ("", "."),
            ("{", "."),
            (r#"{"a"#, "a"),
            (r#"{"a":["#, "a[0]"),
            (r#"{"a":[1"#, "a[0]"),
            (r#"{"a":[1,"#, "a[1]"),
            (r#"{"a":[1,{"b\"{""#, r#"a[1].b\"{"#),
            (r#"{"a":[1,{"b\"{":["#, r#"a[1].b\"{[0]"#),
            (r#"{"a":[1,{"b\"{":[],"#, "a[1]"),
            (r#"{"a":[1,{"b\"{":[],"c":{"d":tr"#, "a[1].c.d"),
            (r#"{"a":[1,{"b\"{":[],"c":{"d":true}},"[,\\"#, "a[2]"),
            (r#"{"a":[1,{"b\"{":[],"c":{"d":true}},"[,\\"],"e":"#, "e"),
        ];
        for (read, path) in places {
            assert!(text.starts_with(read), "{read}");
            assert_eq!(path_at(text.as_bytes(), read.len()), path, "{read}");
        }
        assert_eq!(path_at(text.as_bytes(), usize::MAX), ".");
        assert_eq!(path_at(b"[\"\\", 3), "[0]", "a text that was cut off");
    }

    #[test]
    fn serde_json_stops_where_the_fault_is() {
        #[derive(Debug, serde::Deserialize)]
        struct Outer {
            #[allow(dead_code)]
            list: Vec<std::collections::BTreeMap<String, i64>>,
        }
        let cases = [
            (r#"{"list":[{"a":1},{"b":"x","c":2}]}"#, "list[1].b"),
            ("{\n \"list\":\n[{\"a\":1},\n{\"b\":\n\"x\"}]}", "list[1].b"),
            (r#"{"list":[{"a":1},true]}"#, "list[1]"),
            (r#"{"list":{"a":1}}"#, "list"),
            (r#"{"list":[{"a":{}}]}"#, "list[0].a"),
            (r#"{"list":[{"a":[1]}]}"#, "list[0].a"),
            (r#"{"list":[{"a":1.5}]}"#, "list[0].a"),
            (r#"{"list":[{"a":1"#, "list[0].a"),
            (r#"{"list":[{"a":1}]} x"#, "."),
            ("[]", "."),
        ];
        for (text, path) in cases {
            let error = serde_json::from_str::<Outer>(text).unwrap_err();
            assert_eq!(path_at(text.as_bytes(), offset(text.as_bytes(), &error)), path, "{text}: {error}");
        }
    }
}
