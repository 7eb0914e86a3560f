//! Many records in one request.

use serde_json::{Map, Value, json};

use crate::sandbox::api::{contacts, enrich, identifiers, notes, organizations, relationships};
use crate::sandbox::http::answer::{Outcome, Success};
use crate::sandbox::http::endpoint::{Call, Endpoint, Permissions};
use crate::sandbox::http::failure::Failure;
use crate::sandbox::rules::view;
use crate::sandbox::store::state::{RecordEffect, State};

const fn any(permissions: &'static [&'static str]) -> Permissions {
    Permissions::Any(permissions)
}

/// Notes and relationships need the permissions of both.
const fn both(permissions: &'static [&'static str]) -> Permissions {
    Permissions::All(permissions)
}

const BOTH_VIEW: Permissions = both(&["externalContacts:contact:view", "externalContacts:externalOrganization:view"]);
const BOTH_ADD: Permissions = both(&["externalContacts:contact:add", "externalContacts:externalOrganization:add"]);
const BOTH_EDIT: Permissions = both(&["externalContacts:contact:edit", "externalContacts:externalOrganization:edit"]);
const BOTH_DELETE: Permissions =
    both(&["externalContacts:contact:delete", "externalContacts:externalOrganization:delete"]);

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::post("/api/v2/externalcontacts/bulk/contacts", any(&["externalContacts:contact:view"]), fetch::<Contact>),
    Endpoint::post(
        "/api/v2/externalcontacts/bulk/contacts/add",
        any(&["externalContacts:contact:add"]),
        add::<Contact>,
    ),
    Endpoint::post(
        "/api/v2/externalcontacts/bulk/contacts/update",
        any(&["externalContacts:contact:edit"]),
        update::<Contact>,
    ),
    Endpoint::post(
        "/api/v2/externalcontacts/bulk/contacts/remove",
        any(&["externalContacts:contact:delete"]),
        remove::<Contact>,
    ),
    Endpoint::post(
        "/api/v2/externalcontacts/bulk/contacts/divisionviews",
        any(&["externalContacts:contact:search"]),
        fetch::<Contact>,
    ),
    Endpoint::post(
        "/api/v2/externalcontacts/bulk/contacts/unresolved",
        any(&["externalContacts:contact:view"]),
        fetch::<UnresolvedContact>,
    ),
    Endpoint::post(
        "/api/v2/externalcontacts/bulk/organizations",
        any(&["externalContacts:externalOrganization:view"]),
        fetch::<Organization>,
    ),
    Endpoint::post(
        "/api/v2/externalcontacts/bulk/organizations/add",
        any(&["externalContacts:externalOrganization:add"]),
        add::<Organization>,
    ),
    Endpoint::post(
        "/api/v2/externalcontacts/bulk/organizations/update",
        any(&["externalContacts:externalOrganization:edit"]),
        update::<Organization>,
    ),
    Endpoint::post(
        "/api/v2/externalcontacts/bulk/organizations/remove",
        any(&["externalContacts:externalOrganization:delete"]),
        remove::<Organization>,
    ),
    Endpoint::post(
        "/api/v2/externalcontacts/bulk/organizations/divisionviews",
        any(&["externalContacts:externalOrganization:search"]),
        fetch::<Organization>,
    ),
    Endpoint::post(
        "/api/v2/externalcontacts/bulk/contacts/enrich",
        any(&["externalContacts:contact:enrich"]),
        enrich::<identifiers::Contact>,
    ),
    Endpoint::post(
        "/api/v2/externalcontacts/bulk/organizations/enrich",
        any(&["externalContacts:externalOrganization:enrich"]),
        enrich::<identifiers::Organization>,
    ),
    Endpoint::post("/api/v2/externalcontacts/bulk/notes", BOTH_VIEW, fetch::<Note>),
    Endpoint::post("/api/v2/externalcontacts/bulk/notes/add", BOTH_ADD, add::<Note>),
    Endpoint::post("/api/v2/externalcontacts/bulk/notes/update", BOTH_EDIT, update::<Note>),
    Endpoint::post("/api/v2/externalcontacts/bulk/notes/remove", BOTH_DELETE, remove::<Note>),
    Endpoint::post("/api/v2/externalcontacts/bulk/relationships", BOTH_VIEW, fetch::<Relationship>),
    Endpoint::post("/api/v2/externalcontacts/bulk/relationships/add", BOTH_ADD, add::<Relationship>),
    Endpoint::post("/api/v2/externalcontacts/bulk/relationships/update", BOTH_EDIT, update::<Relationship>),
    Endpoint::post("/api/v2/externalcontacts/bulk/relationships/remove", BOTH_DELETE, remove::<Relationship>),
];

/// How many enrichments a request carries.
const MAX_ENRICHMENTS: usize = 10;

/// What a bulk request carries.
trait Record {
    fn show(state: &State, id: &str) -> Result<Value, Failure>;
    fn add(state: &mut State, body: &Map<String, Value>) -> Result<Value, Failure>;
    fn update(state: &mut State, id: &str, body: &Map<String, Value>) -> Result<Value, Failure>;
    fn remove(state: &mut State, id: &str) -> Result<(), Failure>;
}

struct Contact;

impl Record for Contact {
    fn show(state: &State, id: &str) -> Result<Value, Failure> {
        contacts::find(state, id).map(|row| view::contact(state, row, &[]))
    }

    fn add(state: &mut State, body: &Map<String, Value>) -> Result<Value, Failure> {
        let id = contacts::add(state, body, contacts::CURATED)?;
        Self::show(state, &id)
    }

    fn update(state: &mut State, id: &str, body: &Map<String, Value>) -> Result<Value, Failure> {
        let id = contacts::change(state, id, body)?;
        Self::show(state, &id)
    }

    fn remove(state: &mut State, id: &str) -> Result<(), Failure> {
        contacts::remove(state, id)
    }
}

/// A contact as it is, be it merged into another.
struct UnresolvedContact;

impl Record for UnresolvedContact {
    fn show(state: &State, id: &str) -> Result<Value, Failure> {
        state.contacts.get(id).map(|row| view::contact(state, row, &[])).ok_or_else(Failure::not_found)
    }

    fn add(_: &mut State, _: &Map<String, Value>) -> Result<Value, Failure> {
        Err(Failure::not_found())
    }

    fn update(_: &mut State, _: &str, _: &Map<String, Value>) -> Result<Value, Failure> {
        Err(Failure::not_found())
    }

    fn remove(_: &mut State, _: &str) -> Result<(), Failure> {
        Err(Failure::not_found())
    }
}

struct Organization;

impl Record for Organization {
    fn show(state: &State, id: &str) -> Result<Value, Failure> {
        organizations::find(state, id).map(|row| view::organization(state, row, &[], false))
    }

    fn add(state: &mut State, body: &Map<String, Value>) -> Result<Value, Failure> {
        let id = organizations::add(state, body, None)?;
        Self::show(state, &id)
    }

    fn update(state: &mut State, id: &str, body: &Map<String, Value>) -> Result<Value, Failure> {
        let id = organizations::change(state, id, body)?;
        Self::show(state, &id)
    }

    fn remove(state: &mut State, id: &str) -> Result<(), Failure> {
        organizations::remove(state, id)
    }
}

struct Note;

impl Record for Note {
    fn show(state: &State, id: &str) -> Result<Value, Failure> {
        notes::show(state, id)
    }

    fn add(state: &mut State, body: &Map<String, Value>) -> Result<Value, Failure> {
        let id = notes::add_anywhere(state, body)?;
        Self::show(state, &id)
    }

    fn update(state: &mut State, id: &str, body: &Map<String, Value>) -> Result<Value, Failure> {
        notes::change(state, id, body)?;
        Self::show(state, id)
    }

    fn remove(state: &mut State, id: &str) -> Result<(), Failure> {
        notes::remove(state, id)
    }
}

struct Relationship;

impl Record for Relationship {
    fn show(state: &State, id: &str) -> Result<Value, Failure> {
        let row = state.relationships.get(id).ok_or_else(Failure::not_found)?;
        Ok(relationships::view(state, row, &[]))
    }

    fn add(state: &mut State, body: &Map<String, Value>) -> Result<Value, Failure> {
        let id = relationships::add(state, body)?;
        Self::show(state, &id)
    }

    fn update(state: &mut State, id: &str, body: &Map<String, Value>) -> Result<Value, Failure> {
        let id = relationships::change(state, id, body)?;
        Self::show(state, &id)
    }

    fn remove(state: &mut State, id: &str) -> Result<(), Failure> {
        state.relationships.remove(id, None).map(|_| ()).ok_or_else(Failure::not_found)
    }
}

fn fetch<R: Record>(state: &mut State, call: &Call) -> Outcome {
    each(state, call, state.settings.bulk_records, |state, body| R::show(state, id(body)?).map(Success::ok))
}

fn add<R: Record>(state: &mut State, call: &Call) -> Outcome {
    each(state, call, state.settings.bulk_records, |state, body| R::add(state, body).map(Success::ok))
}

fn update<R: Record>(state: &mut State, call: &Call) -> Outcome {
    each(state, call, state.settings.bulk_records, |state, body| R::update(state, id(body)?, body).map(Success::ok))
}

fn remove<R: Record>(state: &mut State, call: &Call) -> Outcome {
    each(state, call, state.settings.bulk_records, |state, body| {
        R::remove(state, id(body)?)?;
        Ok(Success::empty())
    })
}

/// The id that is sent comes back with the result, whatever the id of the record is.
fn enrich<E: enrich::Enriched>(state: &mut State, call: &Call) -> Outcome {
    let dry_run = call.query.bool("dryRun")?;
    each(state, call, MAX_ENRICHMENTS, |state, body| enrich::one::<E>(state, body, dry_run))
}

/// Assumed: a record without an id where one is needed fails alone.
fn id(body: &Map<String, Value>) -> Result<&str, Failure> {
    let id = body.get("id").and_then(Value::as_str).filter(|id| !id.is_empty());
    id.ok_or_else(|| Failure::violation("id", "is missing"))
}

/// Answers each record by itself; that some fail is no failure of the request.
///
/// Assumed: a body without a list of objects, an empty list and one that is too long are refused as a whole. The same id
/// twice is answered twice.
fn each(
    state: &mut State,
    call: &Call,
    most: usize,
    answer: impl Fn(&mut State, &Map<String, Value>) -> Outcome,
) -> Outcome {
    let Some(entities) = call.body.get("entities").and_then(Value::as_array) else {
        return Err(Failure::violation("entities", "must be a list"));
    };
    if entities.is_empty() || entities.len() > most {
        return Err(Failure::violation("entities", format!("must hold 1 to {most}")));
    }
    let mut bodies = Vec::new();
    for (index, entity) in entities.iter().enumerate() {
        let body = entity.as_object();
        bodies.push(body.ok_or_else(|| Failure::violation(format!("entities[{index}]"), "must be an object"))?);
    }
    let mut results = Vec::new();
    for (entity, body) in entities.iter().zip(bodies) {
        let (effect, is_applied) = next_record(state);
        let planned = match effect {
            RecordEffect::Fail(status) => {
                let status = http::StatusCode::from_u16(status).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR);
                Some(Failure::of_status(status))
            }
            RecordEffect::Pass | RecordEffect::LeaveOut => None,
        };
        let mut outcome = match planned {
            Some(failure) if !is_applied => Err(failure),
            Some(failure) => answer(state, body).and(Err(failure)),
            None if matches!(effect, RecordEffect::LeaveOut) && !is_applied => continue,
            None => answer(state, body),
        };
        if matches!(effect, RecordEffect::LeaveOut) {
            continue;
        }
        outcome = outcome.map_err(|failure| failure.with_chosen_code(&state.settings.error_codes));
        results.push(result(entity, outcome, state.settings.bulk_statuses));
    }
    if state.settings.bulk_shuffled {
        shuffle(&mut results, state.bulk_requests);
        state.bulk_requests = state.bulk_requests.wrapping_add(1);
    }
    let failed: Vec<_> =
        results.iter().enumerate().filter(|(_, result)| result["success"] == false).map(|(index, _)| index).collect();
    Ok(Success::ok(json!({ "results": results, "errorCount": failed.len(), "errorIndexes": failed })))
}

fn result(entity: &Value, outcome: Outcome, has_status: bool) -> Value {
    let sent = entity.get("id").cloned();
    let (mut result, status) = match outcome {
        Ok(success) => {
            let (status, shown) = success.into_parts();
            let is_enrichment = entity.get("matchingIdentifiers").is_some();
            let own = shown.as_ref().filter(|_| !is_enrichment).and_then(|shown| shown.get("id")).cloned();
            (json!({ "id": own.or(sent), "success": true, "entity": shown }), status)
        }
        Err(failure) => {
            let status = failure.0.status.as_u16();
            (json!({ "id": sent, "success": false, "error": failure.bulk_error(entity) }), status)
        }
    };
    if has_status {
        result["status"] = status.into();
    }
    if let Some(result) = result.as_object_mut() {
        result.retain(|_, value| !value.is_null());
    }
    result
}

/// What is to happen to the next record.
fn next_record(state: &mut State) -> (RecordEffect, bool) {
    while let Some(next) = state.next_records.front_mut() {
        if next.records > 0 {
            next.records -= 1;
            return (next.effect, next.is_applied);
        }
        state.next_records.pop_front();
    }
    (RecordEffect::Pass, false)
}

/// The same order in every run, and another one for each request.
fn shuffle(results: &mut [Value], seed: u64) {
    let mut number = seed.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    for last in (1..results.len()).rev() {
        // A splitmix step.
        number = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = (number ^ (number >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let place = (mixed ^ (mixed >> 31)) % (last as u64 + 1);
        results.swap(last, place as usize);
    }
}
