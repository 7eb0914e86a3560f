//! The tables of operations, and what an operation is given.

use http::Method;
use serde_json::{Map, Value};

use crate::sandbox::http::answer::Outcome;
use crate::sandbox::http::query::Query;
use crate::sandbox::store::state::State;

/// An operation of the API.
pub(crate) struct Endpoint {
    pub(crate) method: Method,
    /// `{}` stands for a parameter.
    pub(crate) path: &'static str,
    pub(crate) permissions: Permissions,
    pub(crate) has_body: bool,
    pub(crate) body_is_optional: bool,
    pub(crate) run: Run,
}

pub(crate) type Run = fn(&mut State, &Call) -> Outcome;

/// What the client must be allowed to do.
#[derive(Clone, Copy)]
pub(crate) enum Permissions {
    /// One of these is enough.
    Any(&'static [&'static str]),
    /// All of these are needed.
    All(&'static [&'static str]),
}

impl Permissions {
    /// The token is enough.
    pub(crate) const NONE: Self = Self::All(&[]);
}

impl Endpoint {
    pub(crate) const fn get(path: &'static str, permissions: Permissions, run: Run) -> Self {
        Self { method: Method::GET, path, permissions, has_body: false, body_is_optional: false, run }
    }

    pub(crate) const fn head(path: &'static str, permissions: Permissions, run: Run) -> Self {
        Self { method: Method::HEAD, path, permissions, has_body: false, body_is_optional: false, run }
    }

    pub(crate) const fn post(path: &'static str, permissions: Permissions, run: Run) -> Self {
        Self { method: Method::POST, path, permissions, has_body: true, body_is_optional: false, run }
    }

    pub(crate) const fn put(path: &'static str, permissions: Permissions, run: Run) -> Self {
        Self { method: Method::PUT, path, permissions, has_body: true, body_is_optional: false, run }
    }

    pub(crate) const fn patch(path: &'static str, permissions: Permissions, run: Run) -> Self {
        Self { method: Method::PATCH, path, permissions, has_body: true, body_is_optional: false, run }
    }

    pub(crate) const fn delete(path: &'static str, permissions: Permissions, run: Run) -> Self {
        Self { method: Method::DELETE, path, permissions, has_body: false, body_is_optional: false, run }
    }

    /// A POST, PUT or PATCH that need not have a body.
    pub(crate) const fn with_optional_body(mut self) -> Self {
        self.body_is_optional = true;
        self
    }

    /// A POST, PUT or PATCH that takes no body.
    pub(crate) const fn without_body(mut self) -> Self {
        self.has_body = false;
        self
    }
}

/// A request whose token, permissions and form have been checked.
pub(crate) struct Call {
    pub(crate) token: String,
    pub(crate) path: String,
    /// The parameters of the path, decoded.
    pub(crate) params: Vec<String>,
    pub(crate) query: Query,
    /// Empty for operations that have none.
    pub(crate) body: Map<String, Value>,
}

impl Call {
    pub(crate) fn param(&self, index: usize) -> &str {
        self.params.get(index).map(String::as_str).unwrap_or_default()
    }
}
