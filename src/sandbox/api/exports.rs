//! Exports of contacts, notes, organizations and relationships.

use std::time::Instant;

use serde_json::{Map, Value};

use crate::sandbox::http::answer::{Outcome, Success};
use crate::sandbox::http::endpoint::{Call, Endpoint, Permissions};
use crate::sandbox::http::failure::Failure;
use crate::sandbox::rules::after::BY_URI;
use crate::sandbox::rules::export_filter::Filter;
use crate::sandbox::rules::validate::{self, ANY, Kind, Member, member, read_only};
use crate::sandbox::rules::view::{self, MAX_DIVISIONS};
use crate::sandbox::store::document::new_id;
use crate::sandbox::store::files::What;
use crate::sandbox::store::state::State;
use crate::sandbox::store::table::Row;
use crate::sandbox::store::work::{Export, Exported, Progress};

const VIEW: &str = "externalContacts:export:view";
const ADD: &str = "externalContacts:export:add";
const CONTACT: &str = "externalContacts:contact:view";
const ORGANIZATION: &str = "externalContacts:externalOrganization:view";

macro_rules! endpoints {
    ($path:literal, $of:expr, $($permission:expr),*) => {
        [
            Endpoint::post(concat!("/api/v2/externalcontacts/", $path, "/exports"),
                Permissions::All(&[ADD, $($permission),*]), |state, call| start(state, call, $of)),
            Endpoint::get(concat!("/api/v2/externalcontacts/", $path, "/exports"),
                Permissions::All(&[VIEW, $($permission),*]), |state, call| list(state, call, $of)),
            Endpoint::get(concat!("/api/v2/externalcontacts/", $path, "/exports/{}"),
                Permissions::All(&[VIEW, $($permission),*]), |state, call| get(state, call, $of)),
        ]
    };
}

pub(crate) const CONTACTS: &[Endpoint] = &endpoints!("contacts", Exported::Contacts, CONTACT);
pub(crate) const NOTES: &[Endpoint] = &endpoints!("notes", Exported::Notes, CONTACT, ORGANIZATION);
pub(crate) const ORGANIZATIONS: &[Endpoint] = &endpoints!("organizations", Exported::Organizations, ORGANIZATION);
pub(crate) const RELATIONSHIPS: &[Endpoint] = &endpoints!("relationships", Exported::Relationships, ORGANIZATION);

/// Assumed: how many records an export holds at most is the default, too.
const MOST_RECORDS: u64 = 180_000_000;

const MEMBERS: &[Member] = &[
    read_only("id", ANY),
    member("divisionIds", Kind::List(&ANY, Some(MAX_DIVISIONS))),
    read_only("createdBy", Kind::Map),
    read_only("dateCreated", Kind::Date),
    read_only("dateCompletion", Kind::Date),
    read_only("status", ANY),
    read_only("downloadUrl", ANY),
    read_only("resultRowCount", Kind::Int),
    member("queryConditions", Kind::Object(&[member("filters", Kind::Map), member("limit", Kind::Int)])),
    read_only("selfUri", ANY),
];

/// Assumed: an export holds what there is when it is started, contacts of all types, in the order of their creation, as lines
/// of JSON. The service's own format is not documented.
fn start(state: &mut State, call: &Call, of: Exported) -> Outcome {
    let mut document = validate::document(&call.body, MEMBERS, state.settings.unknown_members)?;
    let conditions = document.get("queryConditions");
    let filter = conditions.and_then(|conditions| conditions.get("filters"));
    let filter = filter.map(|filter| Filter::read(of, filter, "queryConditions.filters")).transpose()?;
    let limit = conditions.and_then(|conditions| conditions.get("limit")).map(Value::as_u64);
    let Some(limit) = limit.unwrap_or(Some(MOST_RECORDS)).filter(|limit| (1..=MOST_RECORDS).contains(limit)) else {
        return Err(Failure::bad_member("queryConditions.limit"));
    };
    let divisions = document.get("divisionIds").and_then(Value::as_array).into_iter().flatten();
    let divisions: Vec<_> = divisions.filter_map(Value::as_str).collect();
    let is_meant = |row: &&Row| {
        view::is_in_divisions(row, &divisions)
            && filter.as_ref().is_none_or(|filter| filter.lets_through(&row.document()))
    };
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut content = Vec::new();
    let mut rows = 0;
    for row in records(state, of).filter(is_meant).take(limit) {
        content.extend(Value::Object(row.document()).to_string().into_bytes());
        content.push(b'\n');
        rows += 1;
    }
    let id = new_id();
    document.insert("id".to_owned(), id.clone().into());
    document.insert("dateCreated".to_owned(), state.clock.date().into());
    document.insert("selfUri".to_owned(), format!("{}/{id}", call.path).into());
    let run = state.work.begin(&state.clock, state.settings.job_duration);
    let export = Export { of, id, document, run, content: content.into(), rows };
    let shown = show(state, &export);
    state.work.exports.push(export);
    Ok(Success::created(shown))
}

fn records(state: &State, of: Exported) -> Box<dyn Iterator<Item = &Row> + '_> {
    match of {
        Exported::Contacts => Box::new(state.contacts.iter()),
        Exported::Organizations => Box::new(state.organizations.iter()),
        Exported::Relationships => Box::new(state.relationships.iter()),
        Exported::Notes => Box::new(state.notes.all().iter()),
    }
}

fn get(state: &mut State, call: &Call, of: Exported) -> Outcome {
    let is_meant = |export: &&Export| export.of == of && export.id.eq_ignore_ascii_case(call.param(0));
    let export = state.work.exports.iter().find(is_meant).cloned().ok_or_else(Failure::not_found)?;
    Ok(Success::ok(show(state, &export)))
}

/// Assumed: the oldest first.
fn list(state: &mut State, call: &Call, of: Exported) -> Outcome {
    let divisions: Vec<_> = call.query.at_most("divisionIds", MAX_DIVISIONS)?;
    let is_meant = |export: &&Export| {
        let of_it = export.document.get("divisionIds").and_then(Value::as_array).into_iter().flatten();
        let is_in = of_it.filter_map(Value::as_str).any(|id| divisions.contains(&id));
        export.of == of && (divisions.is_empty() || is_in)
    };
    let exports: Vec<_> = state.work.exports.iter().filter(is_meant).cloned().collect();
    let exports: Vec<_> = exports.into_iter().map(|export| (export.id.clone(), export)).collect();
    Ok(Success::ok(BY_URI.show(call, &exports, |export| show(state, export))?))
}

/// Each time it is shown, the URL is a new one.
fn show(state: &mut State, export: &Export) -> Value {
    let mut shown: Map<_, _> = export.document.clone();
    let progress = export.run.progress(&state.clock);
    let status = match progress {
        Progress::Running => "RUNNING",
        Progress::Done => "SUCCEEDED",
        Progress::Failed => "FAILED",
    };
    shown.insert("status".to_owned(), status.into());
    if progress != Progress::Running {
        shown.insert("dateCompletion".to_owned(), export.run.end_date.clone().into());
    }
    if progress == Progress::Done {
        let what = What::Download { content: export.content.clone(), tag: format!("\"{}\"", export.id) };
        let since: Instant = export.run.ends().unwrap_or_else(|| state.clock.now());
        let url = state.work.files.link(&state.clock, &state.settings, what, since);
        shown.insert("downloadUrl".to_owned(), url.into());
        shown.insert("resultRowCount".to_owned(), export.rows.into());
    }
    shown.into()
}
