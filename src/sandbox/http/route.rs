//! From a request to the operation that answers it.

use http::header::CONTENT_TYPE;
use http::{HeaderMap, Method};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use crate::sandbox::api::contacts;
use crate::sandbox::api::conversations;
use crate::sandbox::api::lookup;
use crate::sandbox::api::notes;
use crate::sandbox::api::organizations;
use crate::sandbox::api::relationships;
use crate::sandbox::api::schemas;
use crate::sandbox::http::answer::{self, Failure, MAX_REQUEST_BYTES, Outcome};
use crate::sandbox::http::query::Query;
use crate::sandbox::http::sign_in;
use crate::sandbox::store::state::State;

/// An operation of the API.
pub(crate) struct Endpoint {
    method: Method,
    /// `{}` stands for a parameter.
    path: &'static str,
    /// Any one of them is enough; where there are none, none is needed.
    permissions: &'static [&'static str],
    has_body: bool,
    run: Run,
}

type Run = fn(&mut State, &Call) -> Outcome;

impl Endpoint {
    pub(crate) const fn get(path: &'static str, permissions: &'static [&'static str], run: Run) -> Self {
        Self { method: Method::GET, path, permissions, has_body: false, run }
    }

    pub(crate) const fn head(path: &'static str, permissions: &'static [&'static str], run: Run) -> Self {
        Self { method: Method::HEAD, path, permissions, has_body: false, run }
    }

    pub(crate) const fn post(path: &'static str, permissions: &'static [&'static str], run: Run) -> Self {
        Self { method: Method::POST, path, permissions, has_body: true, run }
    }

    pub(crate) const fn put(path: &'static str, permissions: &'static [&'static str], run: Run) -> Self {
        Self { method: Method::PUT, path, permissions, has_body: true, run }
    }

    pub(crate) const fn put_without_body(path: &'static str, permissions: &'static [&'static str], run: Run) -> Self {
        Self { method: Method::PUT, path, permissions, has_body: false, run }
    }

    pub(crate) const fn delete(path: &'static str, permissions: &'static [&'static str], run: Run) -> Self {
        Self { method: Method::DELETE, path, permissions, has_body: false, run }
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

/// All operations, by resource.
const RESOURCES: &[&[Endpoint]] = &[
    contacts::ENDPOINTS,
    organizations::ENDPOINTS,
    notes::ENDPOINTS,
    relationships::ENDPOINTS,
    schemas::ENDPOINTS,
    conversations::ENDPOINTS,
    lookup::ENDPOINTS,
    sign_in::ENDPOINTS,
];

/// Answers a request.
///
/// Assumed: the token is looked at before the path, so that a stranger learns nothing about paths.
pub(crate) fn answer(state: &mut State, request: &http::Request<Vec<u8>>) -> http::Response<Vec<u8>> {
    if request.uri().path() == sign_in::PATH {
        return sign_in::answer(state, request);
    }
    if request.uri().path() == sign_in::AUTHORIZE {
        return sign_in::answer_authorize(state, request);
    }
    let (used, admitted) = sign_in::admit(state, request.headers());
    let outcome = admitted.and_then(|()| run(state, request));
    let outcome = outcome.map_err(|failure| failure.with_chosen_code(&state.settings.error_codes));
    answer::respond(outcome, used)
}

fn run(state: &mut State, request: &http::Request<Vec<u8>>) -> Outcome {
    let path = request.uri().path();
    let (endpoint, params) = find(request.method(), path)?;
    if !is_permitted(state, endpoint.permissions) {
        return Err(Failure::missing_any_permissions(endpoint.permissions));
    }
    let body = if endpoint.has_body { read_body(request.headers(), request.body())? } else { Map::new() };
    let query = Query::parse(request.uri().query().unwrap_or_default());
    let token = sign_in::bearer(request.headers()).to_owned();
    (endpoint.run)(state, &Call { token, path: path.to_owned(), params, query, body })
}

fn find(method: &Method, path: &str) -> Result<(&'static Endpoint, Vec<String>), Failure> {
    let of_path: Vec<_> = RESOURCES
        .iter()
        .flat_map(|endpoints| endpoints.iter())
        .filter_map(|endpoint| Some((endpoint, params(endpoint.path, path)?)))
        .collect();
    // `contacts/schemas` is that, not the contact with the id `schemas`.
    let fewest = of_path.iter().map(|(_, params)| params.len()).min().ok_or_else(Failure::not_found)?;
    let mut allowed = Vec::new();
    for (endpoint, params) in of_path.into_iter().filter(|(_, params)| params.len() == fewest) {
        if endpoint.method == *method {
            let params = params.into_iter().map(decode).collect::<Option<_>>().ok_or_else(Failure::bad_request)?;
            return Ok((endpoint, params));
        }
        allowed.push(endpoint.method.as_str());
    }
    Err(Failure::method_not_allowed(&allowed))
}

/// The parameters, as they stand in the path, if it is of this pattern.
fn params<'a>(pattern: &str, path: &'a str) -> Option<Vec<&'a str>> {
    let mut segments = path.split('/');
    let mut params = Vec::new();
    for expected in pattern.split('/') {
        let segment = segments.next()?;
        if expected == "{}" && !segment.is_empty() {
            params.push(segment);
        } else if expected != segment {
            return None;
        }
    }
    segments.next().is_none().then_some(params)
}

fn decode(segment: &str) -> Option<String> {
    percent_decode_str(segment).decode_utf8().ok().map(|text| text.into_owned())
}

/// Permissions that the client has may hold asterisks, as roles do: `externalContacts:contact:*`.
fn is_permitted(state: &State, needed: &[&str]) -> bool {
    let Some(given) = &state.permissions else {
        return true;
    };
    let covers = |given: &str, needed: &str| {
        let mut parts = given.split(':');
        needed.split(':').all(|part| parts.next().is_some_and(|given| given == "*" || given == part))
    };
    needed.is_empty() || needed.iter().any(|needed| given.iter().any(|given| covers(given, needed)))
}

fn read_body(headers: &HeaderMap, body: &[u8]) -> Result<Map<String, Value>, Failure> {
    if body.len() > MAX_REQUEST_BYTES {
        return Err(Failure::too_large());
    }
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    if !media_type.eq_ignore_ascii_case("application/json") {
        return Err(Failure::unsupported_media_type());
    }
    match serde_json::from_slice(body) {
        Ok(Value::Object(body)) => Ok(body),
        _ => Err(Failure::bad_request()),
    }
}
