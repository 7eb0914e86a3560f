//! From a request to the operation that answers it.

use http::header::CONTENT_TYPE;
use http::{HeaderMap, Method};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use crate::sandbox::http::answer::{self, Outcome};
use crate::sandbox::http::endpoint::{Call, Endpoint, Permissions};
use crate::sandbox::http::failure::{Failure, MAX_REQUEST_BYTES};
use crate::sandbox::http::files;
use crate::sandbox::http::query::Query;
use crate::sandbox::http::sign_in;
use crate::sandbox::store::state::State;

/// Answers a request. `resources` are the tables of all operations.
///
/// Assumed: the token is looked at before the path, so that a stranger learns nothing about paths.
pub(crate) fn answer(
    state: &mut State,
    resources: &[&'static [Endpoint]],
    request: &http::Request<Vec<u8>>,
) -> http::Response<Vec<u8>> {
    if request.uri().path() == sign_in::PATH {
        return sign_in::answer(state, request);
    }
    if request.uri().path() == sign_in::AUTHORIZE {
        return sign_in::answer_authorize(state, request);
    }
    if let Some(answer) = files::answer(state, request) {
        return answer;
    }
    let (used, admitted) = sign_in::admit(state, request.headers());
    let outcome = admitted.and_then(|()| run(state, resources, request));
    let outcome = outcome.map_err(|failure| failure.with_chosen_code(&state.settings.error_codes));
    answer::respond(outcome, used)
}

fn run(state: &mut State, resources: &[&'static [Endpoint]], request: &http::Request<Vec<u8>>) -> Outcome {
    let path = request.uri().path();
    let (endpoint, params) = find(resources, request.method(), path)?;
    check_permissions(state, endpoint.permissions)?;
    let has_body = endpoint.has_body && !(endpoint.body_is_optional && request.body().is_empty());
    let body = if has_body { read_body(request.headers(), request.body())? } else { Map::new() };
    let query = Query::parse(request.uri().query().unwrap_or_default());
    let token = sign_in::bearer(request.headers()).to_owned();
    (endpoint.run)(state, &Call { token, path: path.to_owned(), params, query, body })
}

fn find(
    resources: &[&'static [Endpoint]],
    method: &Method,
    path: &str,
) -> Result<(&'static Endpoint, Vec<String>), Failure> {
    let of_path: Vec<_> = resources
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
fn check_permissions(state: &State, needed: Permissions) -> Result<(), Failure> {
    let Some(given) = &state.permissions else {
        return Ok(());
    };
    let covers = |given: &str, needed: &str| {
        let mut parts = given.split(':');
        needed.split(':').all(|part| parts.next().is_some_and(|given| given == "*" || given == part))
    };
    let is_given = |needed: &&str| given.iter().any(|given| covers(given, needed));
    match needed {
        Permissions::Any(any) if any.iter().any(is_given) => Ok(()),
        Permissions::Any(any) => Err(Failure::missing_any_permissions(any)),
        Permissions::All(all) => {
            let missing: Vec<_> = all.iter().copied().filter(|needed| !is_given(needed)).collect();
            if missing.is_empty() { Ok(()) } else { Err(Failure::missing_permissions(&missing)) }
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::http::answer::Success;
    use crate::sandbox::store::settings::Settings;

    const BOTH: Permissions = Permissions::All(&["contact:view", "organization:view"]);
    const EITHER: Permissions = Permissions::Any(&["contact:view", "organization:view"]);
    const TABLE: &[&[Endpoint]] = &[&[
        Endpoint::get("/either", EITHER, show),
        Endpoint::get("/both", BOTH, show),
        Endpoint::post("/bodiless", Permissions::NONE, show).without_body(),
        Endpoint::patch("/patched", Permissions::NONE, show),
    ]];

    fn show(_: &mut State, call: &Call) -> Outcome {
        Ok(Success::ok(call.body.clone()))
    }

    fn call(permissions: &[&str], method: Method, path: &str, body: &str) -> Result<(), (u16, String)> {
        let mut state = State::new(Settings::default());
        state.permissions = Some(permissions.iter().map(|one| (*one).to_owned()).collect());
        let request = http::Request::builder().method(method).uri(path).header(CONTENT_TYPE, "application/json");
        let request = request.body(body.as_bytes().to_vec()).unwrap();
        match run(&mut state, TABLE, &request) {
            Ok(_) => Ok(()),
            Err(failure) => Err((failure.0.status.as_u16(), failure.message().to_owned())),
        }
    }

    #[test]
    fn one_of_several_permissions_is_enough_or_all_are_needed() {
        for (permissions, path, missing) in [
            (&["contact:view"][..], "/either", None),
            (&["contact:*"], "/either", None),
            (&["contact:edit"], "/either", Some("[contact:view, organization:view]")),
            (&["contact:view", "organization:view"], "/both", None),
            (&["*:view"], "/both", None),
            (&["contact:view"], "/both", Some("missing the following permission(s): [organization:view]")),
            (&[], "/both", Some("missing the following permission(s): [contact:view, organization:view]")),
        ] {
            match (call(permissions, Method::GET, path, ""), missing) {
                (Ok(()), None) => {}
                (Err((403, message)), Some(missing)) if message.ends_with(missing) => {}
                (result, _) => panic!("{permissions:?} {path}: {result:?}"),
            }
        }
    }

    #[test]
    fn a_patch_has_a_body_and_a_post_may_have_none() {
        assert_eq!(call(&[], Method::PATCH, "/patched", "{}"), Ok(()));
        assert_eq!(call(&[], Method::PATCH, "/patched", "").unwrap_err().0, 400);
        assert_eq!(call(&[], Method::POST, "/bodiless", ""), Ok(()));
    }
}
