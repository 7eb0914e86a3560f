//! Method and path of an operation, and whether a request may be repeated.

use std::fmt;

use http::Method;

/// Method and path of an operation, and what a second sending of the same request does.
///
/// ```
/// use genesys_external_contacts::operation::{Repeat, Route};
///
/// const SEARCH: Route = Route::post("/api/v2/externalcontacts/contacts/search").that_reads();
/// assert_eq!(SEARCH.repeat(), Repeat::Reads);
/// assert_eq!(SEARCH.to_string(), "POST /api/v2/externalcontacts/contacts/search");
/// ```
///
/// # Panics
///
/// Every constructor panics for a path that doesn't begin with `/`: appended to the URL of the API, such a path could name
/// another host, which would then receive the token. In a `const`, where routes belong, that is an error at compile time:
///
/// ```compile_fail,E0080
/// use genesys_external_contacts::operation::Route;
///
/// const ELSEWHERE: Route = Route::get("@example.com/api");
/// # println!("{ELSEWHERE}");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    method: Method,
    path: &'static str,
    repeat: Repeat,
}

/// What a second sending of the same request does, and with that, when the client may repeat it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Repeat {
    /// Nothing, the request only reads: it may be repeated.
    Reads,
    /// The same as the first, the request is idempotent: it may be repeated, and the second may find the change in place.
    Idempotent,
    /// Something else, such as a second contact: it is repeated only if the first was surely not applied.
    Once,
}

impl Route {
    const fn new(method: Method, path: &'static str, repeat: Repeat) -> Self {
        assert!(matches!(path.as_bytes(), [b'/', ..]), "the path of a route begins with a slash");
        Self { method, path, repeat }
    }

    /// A `GET`: it reads. The parameters of the path stand in braces.
    pub const fn get(path: &'static str) -> Self {
        Self::new(Method::GET, path, Repeat::Reads)
    }

    /// A `PUT`: idempotent.
    pub const fn put(path: &'static str) -> Self {
        Self::new(Method::PUT, path, Repeat::Idempotent)
    }

    /// A `DELETE`: idempotent. If an earlier try of the call may have been applied, "not found" is its success.
    pub const fn delete(path: &'static str) -> Self {
        Self::new(Method::DELETE, path, Repeat::Idempotent)
    }

    /// A `POST`: once only.
    pub const fn post(path: &'static str) -> Self {
        Self::new(Method::POST, path, Repeat::Once)
    }

    /// A `PATCH`: once only. Where it depends on the request, [`Operation::repeat`](super::Operation::repeat) says more.
    pub const fn patch(path: &'static str) -> Self {
        Self::new(Method::PATCH, path, Repeat::Once)
    }

    /// The same route, for a request that only reads: a search with a body, for example.
    pub const fn that_reads(mut self) -> Self {
        self.repeat = Repeat::Reads;
        self
    }

    /// The same route, for a request whose repetition changes nothing more.
    pub const fn idempotent(mut self) -> Self {
        self.repeat = Repeat::Idempotent;
        self
    }

    /// The same route, for a request that must not be sent twice: a `PUT` that starts something, for example.
    pub const fn once(mut self) -> Self {
        self.repeat = Repeat::Once;
        self
    }

    /// The method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The path with its parameters in braces.
    pub fn path(&self) -> &'static str {
        self.path
    }

    /// What a second sending does.
    pub fn repeat(&self) -> Repeat {
        self.repeat
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}
