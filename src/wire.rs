//! From an operation to an HTTP request, and from an HTTP response to its output. No I/O.

use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue, USER_AGENT};
use http::{Method, Uri};
use percent_encoding::utf8_percent_encode;

use crate::error::{ApiError, Error};
use crate::meta::Meta;
use crate::operation::{Operation, RequestParts, Response, VALUE};
use crate::url::BaseUrl;

const USER_AGENT_VALUE: &str = concat!("genesys-external-contacts/", env!("CARGO_PKG_VERSION"));
const JSON: HeaderValue = HeaderValue::from_static("application/json");
const FORM: HeaderValue = HeaderValue::from_static("application/x-www-form-urlencoded");

/// A request that can be sent any number of times: everything but its authorization.
pub(crate) struct Prepared {
    method: Method,
    uri: Uri,
    body: Option<(Vec<u8>, HeaderValue)>,
    carries_cursor: bool,
}

impl Prepared {
    fn new(method: Method, url: &str, body: Option<(Vec<u8>, HeaderValue)>) -> Result<Self, Error> {
        // The base URL was checked when the client was built, and all that follows is percent-encoded: only length is left.
        let uri = url
            .try_into()
            .map_err(|_| Error::invalid("url", "is longer than a request can be; pass fewer or shorter values"))?;
        Ok(Self { method, uri, body, carries_cursor: false })
    }

    /// The request that an operation makes.
    pub(crate) fn operation<O: Operation>(base: &BaseUrl, operation: &O) -> Result<Self, Error> {
        let mut parts = RequestParts::new(base.as_str(), &O::ROUTE);
        operation.write(&mut parts)?;
        Self::of_parts(base, O::ROUTE.method().clone(), parts)
    }

    /// The request gets a token later, so it has to go where the client's URL leads.
    fn of_parts(base: &BaseUrl, method: Method, parts: RequestParts) -> Result<Self, Error> {
        if parts.url.contains('{') {
            return Err(Error::invalid("path", "has a parameter that was not filled in"));
        }
        let prepared = Self::new(method, &parts.url, parts.body.map(|body| (body, JSON)))?;
        if !base.is_origin_of(&prepared.uri) {
            return Err(Error::invalid("path", "leads to another host than api_url; begin it with a slash"));
        }
        Ok(Self { carries_cursor: parts.carries_cursor, ..prepared })
    }

    /// The request to the token endpoint.
    pub(crate) fn form(url: &str, fields: &[(&str, String)]) -> Result<Self, Error> {
        Self::new(Method::POST, url, Some((form(fields).into_bytes(), FORM)))
    }

    /// The request as it is sent, once.
    pub(crate) fn request(&self, authorization: Option<HeaderValue>) -> http::Request<Vec<u8>> {
        let mut request = http::Request::new(Vec::new());
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.uri.clone();
        let headers = request.headers_mut();
        headers.insert(ACCEPT, JSON);
        headers.insert(USER_AGENT, HeaderValue::from_static(USER_AGENT_VALUE));
        if let Some(authorization) = authorization {
            headers.insert(AUTHORIZATION, authorization);
        }
        if let Some((body, content_type)) = &self.body {
            headers.insert(CONTENT_TYPE, content_type.clone());
            request.body_mut().clone_from(body);
        }
        request
    }

    /// What the answer to the request is: a success, or the service's own error.
    #[allow(clippy::result_large_err, reason = "the success is no smaller")]
    pub(crate) fn open(&self, response: http::Response<Vec<u8>>) -> Result<Response, ApiError> {
        let (parts, body) = response.into_parts();
        let meta = Meta::new(parts.status, parts.headers);
        if meta.status().is_success() {
            Ok(Response::new(meta, body))
        } else {
            Err(ApiError::new(meta, &body, self.carries_cursor))
        }
    }
}

/// Says who sends a request that is none of the API.
pub(crate) fn identify(headers: &mut http::HeaderMap) {
    headers.insert(USER_AGENT, HeaderValue::from_static(USER_AGENT_VALUE));
}

/// Fields as a form, or as the query of a URL.
pub(crate) fn form(fields: &[(&str, impl AsRef<str>)]) -> String {
    let encoded = |text: &str| utf8_percent_encode(text, VALUE).to_string();
    let pairs: Vec<_> =
        fields.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value.as_ref()))).collect();
    pairs.join("&")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::route::Route;

    #[test]
    fn a_request_that_would_leave_the_host_of_the_api_is_refused() {
        const ROUTE: Route = Route::get("/x");
        let base = BaseUrl::parse("api_url", "http://localhost:2001/base").unwrap();
        let prepare = |url: Option<&str>| {
            let mut parts = RequestParts::new(base.as_str(), &ROUTE);
            parts.url = url.map_or(parts.url, str::to_owned);
            Prepared::of_parts(&base, Method::GET, parts).map(|prepared| prepared.uri.to_string())
        };
        assert_eq!(prepare(None).unwrap(), "http://localhost:2001/base/x");
        for url in [
            "https://localhost:2001/base/x",
            "http://localhost:20010/steal",
            "http://localhost:2001@localhost:1/x",
            "http://localhost/base/x",
            "http://evil.example/base/x",
            "/base/x",
        ] {
            let error = prepare(Some(url)).unwrap_err().to_string();
            assert!(error.starts_with("path: leads to another host than api_url"), "{url}: {error}");
        }
    }
}
