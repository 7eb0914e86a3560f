//! The segments of contacts, and their sessions.

use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::sandbox::http::answer::{Outcome, Success};
use crate::sandbox::http::endpoint::{Call, Endpoint, Permissions};
use crate::sandbox::http::failure::Failure;
use crate::sandbox::rules::after::{BY_URI, Walk};
use crate::sandbox::rules::view;
use crate::sandbox::store::document::stub;
use crate::sandbox::store::state::State;
use crate::sandbox::store::work::Segment;

const SEGMENTS: &str = "/api/v2/externalcontacts/contacts/{}/journey/segments";

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::get(SEGMENTS, Permissions::Any(&["externalContacts:segmentAssignment:view"]), list_segments),
    Endpoint::post(
        SEGMENTS,
        Permissions::Any(&["externalContacts:segmentAssignment:add", "externalContacts:segmentAssignment:delete"]),
        update_segments,
    )
    .with_optional_body(),
    Endpoint::get(
        "/api/v2/externalcontacts/contacts/{}/journey/sessions",
        Permissions::Any(&["externalContacts:session:view"]),
        list_sessions,
    ),
];

/// How many segments one request takes, assigned and unassigned together.
const MOST_SEGMENTS: usize = 10;

/// Assumed: how long a segment stays assigned.
const LIFETIME: Duration = Duration::from_secs(30 * 86_400);

fn contact(state: &State, call: &Call) -> Result<String, Failure> {
    Ok(state.contacts.get(call.param(0)).ok_or_else(Failure::not_found)?.id.clone())
}

fn check_include_merged(call: &Call) -> Result<(), Failure> {
    match call.query.get("includeMerged") {
        None | Some("" | "true" | "false") => Ok(()),
        Some(other) => Err(Failure::invalid_query("includeMerged", other, "true, false")),
    }
}

fn list_segments(state: &mut State, call: &Call) -> Outcome {
    const SEGMENT_PATH: &str = "/api/v2/journey/segments";
    let id = contact(state, call)?;
    check_include_merged(call)?;
    let limit = match call.query.get("limit").filter(|text| !text.is_empty()).map(|text| (text, text.parse::<usize>()))
    {
        None => 25,
        Some((_, Ok(limit))) if (1..=500).contains(&limit) => limit,
        Some((text, _)) => return Err(Failure::invalid_query("limit", text, "a whole number from 1 to 500")),
    };
    let show = |segment: &Segment| {
        json!({
            "dateAssigned": segment.assigned,
            "dateForUnassignment": segment.until,
            "segment": stub(&segment.id, SEGMENT_PATH),
            "externalContact": stub(&id, view::CONTACTS),
        })
    };
    let segments = state.work.segments.get(&id).into_iter().flatten().take(limit).map(show);
    Ok(Success::ok(json!({ "entities": segments.collect::<Vec<_>>() })))
}

fn ids(body: &Map<String, Value>, member: &'static str) -> Result<Vec<String>, Failure> {
    let Some(segments) = body.get(member).filter(|value| !value.is_null()) else { return Ok(Vec::new()) };
    let segments = segments.get("segments").and_then(Value::as_array).into_iter().flatten();
    let id = |segment: &Value| segment.get("id").and_then(Value::as_str).map(str::to_owned);
    segments.map(|segment| id(segment).ok_or_else(|| Failure::bad_member(format!("{member}.segments.id")))).collect()
}

/// Assumed: more segments than a request takes are refused with 400; any id is that of a segment.
fn update_segments(state: &mut State, call: &Call) -> Outcome {
    let contact = contact(state, call)?;
    let (assign, unassign) = (ids(&call.body, "assign")?, ids(&call.body, "unassign")?);
    if assign.len() + unassign.len() > MOST_SEGMENTS {
        return Err(Failure::bad_member("assign.segments"));
    }
    let mut unprocessed = |ids: Vec<String>| {
        let left = ids.len().min(usize::try_from(state.work.unprocessed_segments).unwrap_or(usize::MAX));
        // It is at most what it was.
        state.work.unprocessed_segments -= u32::try_from(left).unwrap_or_default();
        let mut ids = ids;
        let left = ids.split_off(ids.len() - left);
        (ids, left)
    };
    let ((assign, left_assign), (unassign, left_unassign)) = (unprocessed(assign), unprocessed(unassign));
    let (assigned, until) = (state.clock.date(), state.clock.date_in(LIFETIME));
    let segments = state.work.segments.entry(contact).or_default();
    for id in assign {
        // Documented: to assign it again moves the date of its end.
        match segments.iter_mut().find(|segment| segment.id == id) {
            Some(segment) => segment.until.clone_from(&until),
            None => segments.push(Segment { id, assigned: assigned.clone(), until: until.clone() }),
        }
    }
    segments.retain(|segment| !unassign.contains(&segment.id));
    let mut answer = json!({});
    let count = left_assign.len() + left_unassign.len();
    if count > 0 {
        let list = |ids: Vec<String>| {
            let segments: Vec<_> = ids.into_iter().map(|id| json!({ "id": id })).collect();
            json!({ "segments": segments })
        };
        answer["unprocessedItems"] =
            json!({ "assign": list(left_assign), "unassign": list(left_unassign), "count": count });
    }
    Ok(Success::ok(answer))
}

fn list_sessions(state: &mut State, call: &Call) -> Outcome {
    let id = contact(state, call)?;
    check_include_merged(call)?;
    let sessions = state.work.sessions.get(&id).into_iter().flatten();
    let session_id =
        |session: &Map<String, Value>| session.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
    let sessions: Vec<_> = sessions.map(|session| (session_id(session), session)).collect();
    let walk = Walk { max_size: 200, ..BY_URI };
    Ok(Success::ok(walk.show(call, &sessions, |session| (*session).clone().into())?))
}
