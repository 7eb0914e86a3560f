//! What a sandbox remembers of the requests that it received.

use std::fmt;

use http::header::{AUTHORIZATION, HeaderMap};

/// A request that a [`Sandbox`] received.
///
/// `Debug` prints neither the authorization nor the query and the body, which may be personal.
#[derive(Clone)]
#[non_exhaustive]
pub struct ReceivedRequest {
    /// The method.
    pub method: http::Method,
    /// The path, encoded as it came.
    pub path: String,
    /// Names and values of the query, decoded, in their order.
    pub query: Vec<(String, String)>,
    /// The headers.
    pub headers: HeaderMap,
    /// The body; empty where there was none.
    pub body: Vec<u8>,
}

impl fmt::Debug for ReceivedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers: Vec<_> = self
            .headers
            .iter()
            .map(|(name, value)| {
                if name == AUTHORIZATION {
                    (name.as_str(), "…".as_bytes())
                } else {
                    (name.as_str(), value.as_bytes())
                }
            })
            .map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value)))
            .collect();
        let query: Vec<_> = self.query.iter().map(|(name, _)| name).collect();
        f.debug_struct("ReceivedRequest")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("query", &query)
            .field("headers", &headers)
            .field("body", &format_args!("{} bytes", self.body.len()))
            .finish()
    }
}
