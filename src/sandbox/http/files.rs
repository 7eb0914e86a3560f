//! Files that are fetched from, or sent to, a URL of their own. Whoever has the URL needs no token.

use http::header::{
    ACCEPT_RANGES, AUTHORIZATION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderMap, HeaderName,
    HeaderValue, IF_RANGE, RANGE, TRANSFER_ENCODING,
};
use http::{Method, Request, Response, StatusCode};

use crate::sandbox::http::answer;
use crate::sandbox::http::sign_in;
use crate::sandbox::store::files::{Found, PATH, What};
use crate::sandbox::store::state::State;

/// The headers that an upload must have, exactly.
///
/// Assumed: the names and values.
pub(crate) const UPLOAD_HEADERS: &[(&str, &str)] = &[("Content-Type", "text/csv"), ("x-amz-acl", "private")];

/// Answers a request for a file, if it is one.
///
/// Assumed: all of it. Nothing says more than that there are URLs; the storage that the vendor's other exports come from
/// behaves so.
pub(crate) fn answer(state: &mut State, request: &Request<Vec<u8>>) -> Option<Response<Vec<u8>>> {
    let key = request.uri().path().strip_prefix(PATH)?;
    Some(run(state, key, request).unwrap_or_else(|(status, code)| refuse(status, code)))
}

type Refusal = (StatusCode, &'static str);

fn run(state: &mut State, key: &str, request: &Request<Vec<u8>>) -> Result<Response<Vec<u8>>, Refusal> {
    let headers = request.headers();
    if state.settings.files_need_token {
        let (_, admitted) = sign_in::admit(state, headers);
        admitted.map_err(|failure| (failure.0.status, "AccessDenied"))?;
    } else if headers.contains_key(AUTHORIZATION) {
        // The URL is an authorization already, and two of them are one too many.
        return Err((StatusCode::BAD_REQUEST, "InvalidArgument"));
    }
    let what = match state.work.files.find(key, &state.clock) {
        Found::Link(link) => link.what.clone(),
        Found::NotReady => return Err((StatusCode::NOT_FOUND, "NoSuchKey")),
        Found::Expired | Found::Nothing => return Err((StatusCode::FORBIDDEN, "AccessDenied")),
    };
    match (what, request.method()) {
        (What::Download { content, tag }, &Method::GET) => {
            Ok(give(&content, &tag, headers, state.settings.files_ignore_ranges))
        }
        (What::Upload(id), &Method::PUT) => take(state, &id, request),
        _ => Err((StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed")),
    }
}

fn give(content: &[u8], tag: &str, headers: &HeaderMap, ignore_ranges: bool) -> Response<Vec<u8>> {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let is_same = text(IF_RANGE).is_none_or(|given| given == tag);
    let from = text(RANGE).and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-')?.parse::<usize>().ok());
    let mut response = match from.filter(|_| is_same && !ignore_ranges) {
        Some(from) if from >= content.len() => {
            let mut response = refuse(StatusCode::RANGE_NOT_SATISFIABLE, "InvalidRange");
            put(&mut response, CONTENT_RANGE, &format!("bytes */{}", content.len()));
            return response;
        }
        Some(from) => {
            let mut response = Response::new(content[from..].to_vec());
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
            put(&mut response, CONTENT_RANGE, &format!("bytes {from}-{}/{}", content.len() - 1, content.len()));
            response
        }
        None => Response::new(content.to_vec()),
    };
    put(&mut response, CONTENT_TYPE, "application/octet-stream");
    put(&mut response, ETAG, tag);
    if !ignore_ranges {
        put(&mut response, ACCEPT_RANGES, "bytes");
    }
    let length = response.body().len().to_string();
    put(&mut response, CONTENT_LENGTH, &length);
    response
}

fn take(state: &mut State, id: &str, request: &Request<Vec<u8>>) -> Result<Response<Vec<u8>>, Refusal> {
    let headers = request.headers();
    if headers.contains_key(TRANSFER_ENCODING) {
        return Err((StatusCode::NOT_IMPLEMENTED, "NotImplemented"));
    }
    let is_signed = |(name, value): &(&str, &str)| {
        let mut given = headers.get_all(*name).into_iter();
        given.next().is_some_and(|given| given == value) && given.next().is_none()
    };
    if !UPLOAD_HEADERS.iter().all(is_signed) {
        return Err((StatusCode::FORBIDDEN, "SignatureDoesNotMatch"));
    }
    let usual = state.settings.job_duration;
    let upload = state.work.uploads.iter().position(|upload| upload.id == id);
    let upload = upload.ok_or((StatusCode::FORBIDDEN, "AccessDenied"))?;
    if state.work.uploads[upload].size != request.body().len() as u64 {
        return Err((StatusCode::BAD_REQUEST, "IncompleteBody"));
    }
    let run = state.work.begin(&state.clock, usual);
    state.work.uploads[upload].file = Some((request.body().as_slice().into(), run));
    Ok(Response::new(Vec::new()))
}

fn put(response: &mut Response<Vec<u8>>, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::try_from(value) {
        response.headers_mut().insert(name, value);
    }
}

/// Such storage speaks XML.
fn refuse(status: StatusCode, code: &str) -> Response<Vec<u8>> {
    answer::raw(status, "application/xml", format!("<Error><Code>{code}</Code></Error>").into_bytes())
}
