//! External sources.

use serde_json::{Map, Value};

use crate::sandbox::http::answer::{Outcome, Success};
use crate::sandbox::http::endpoint::{Call, Endpoint, Permissions};
use crate::sandbox::http::failure::Failure;
use crate::sandbox::rules::cursor::{CursorPage, Kind as Listing};
use crate::sandbox::rules::validate::{self, ANY, Kind, Member, member, read_only, trimmed};
use crate::sandbox::rules::view;
use crate::sandbox::store::document::new_id;
use crate::sandbox::store::index::Index;
use crate::sandbox::store::state::State;
use crate::sandbox::store::table::Row;

const ONE: &str = "/api/v2/externalcontacts/externalsources/{}";

const VIEW: Permissions = Permissions::Any(&[
    "externalContacts:externalSource:view",
    "externalContacts:contact:view",
    "externalContacts:externalOrganization:view",
]);
const ADD: Permissions = Permissions::Any(&["externalContacts:externalSource:add"]);
const EDIT: Permissions = Permissions::Any(&["externalContacts:externalSource:edit"]);
const DELETE: Permissions = Permissions::Any(&["externalContacts:externalSource:delete"]);

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::get(view::SOURCES, VIEW, list),
    Endpoint::post(view::SOURCES, ADD, create),
    Endpoint::get(ONE, VIEW, get),
    Endpoint::put(ONE, EDIT, update),
    Endpoint::delete(ONE, DELETE, delete),
];

const NAME: &str = "name";
const ACTIVE: &str = "active";

const MEMBERS: &[Member] = &[
    read_only("id", ANY),
    member(NAME, trimmed(200)),
    member(ACTIVE, Kind::Bool),
    member("linkConfiguration", Kind::Object(&[member("uriTemplate", trimmed(400))])),
    read_only("selfUri", ANY),
];

/// Reads a body. `id` is that of the source that is replaced.
///
/// Assumed: names that differ only in case are the same, and a source is active unless it says that it isn't.
fn read(state: &State, body: &Map<String, Value>, id: Option<&str>) -> Result<Map<String, Value>, Failure> {
    let mut source = validate::document(body, MEMBERS, state.settings.unknown_members)?;
    validate::require(&source, &[NAME])?;
    let name = source.get(NAME).and_then(Value::as_str).unwrap_or_default();
    if find_named(state, name).is_some_and(|other| Some(&*other.id) != id) {
        return Err(Failure::conflict(NAME));
    }
    source.entry(ACTIVE).or_insert(true.into());
    Ok(source)
}

fn find_named<'a>(state: &'a State, name: &str) -> Option<&'a Row> {
    let name = name.to_lowercase();
    state.sources.iter().find(|row| row.index.key(NAME) == Some(&name))
}

fn put(state: &mut State, id: String, mut source: Map<String, Value>) {
    let mut index = Index::default();
    index.keys_of(&source, &[NAME]);
    source.insert("id".to_owned(), id.clone().into());
    state.sources.put(Row::new(id, source, index), None);
}

/// The id of the source with this name. Where there is none, one is added.
pub(crate) fn named(state: &mut State, name: &str) -> String {
    if let Some(source) = find_named(state, name) {
        return source.id.clone();
    }
    let id = new_id();
    let source = [(NAME.to_owned(), name.into()), (ACTIVE.to_owned(), true.into())];
    put(state, id.clone(), source.into_iter().collect());
    id
}

fn create(state: &mut State, call: &Call) -> Outcome {
    let source = read(state, &call.body, None)?;
    let id = new_id();
    put(state, id.clone(), source);
    show(state, &id)
}

fn update(state: &mut State, call: &Call) -> Outcome {
    let row = find(state, call.param(0))?;
    let (id, old) = (row.id.clone(), row.document());
    let source = validate::update(&state.settings, &call.body, &old, |body| read(state, body, Some(&id)))?;
    put(state, id.clone(), source);
    show(state, &id)
}

/// External ids that name the source stay what they are.
fn delete(state: &mut State, call: &Call) -> Outcome {
    state.sources.remove(call.param(0), None).ok_or_else(Failure::not_found)?;
    Ok(Success::deleted(&state.settings))
}

fn find<'a>(state: &'a State, id: &str) -> Result<&'a Row, Failure> {
    state.sources.get(id).ok_or_else(Failure::not_found)
}

fn get(state: &mut State, call: &Call) -> Outcome {
    show(state, call.param(0))
}

fn show(state: &State, id: &str) -> Outcome {
    Ok(Success::ok(view::external_source(find(state, id)?)))
}

/// Assumed: case doesn't count in the name, and a bad `limit` or `cursor` is a 400, because 422 is not documented here.
fn list(state: &mut State, call: &Call) -> Outcome {
    let state = &*state;
    let name = call.query.get(NAME).unwrap_or_default().to_lowercase();
    let active = call.query.get(ACTIVE).unwrap_or_default();
    let wanted = if active.is_empty() { None } else { Some(call.query.bool(ACTIVE)?) };
    let kind = Listing { refuse: Failure::invalid_query, leaves_gaps: false, is_shuffled: false };
    let page = CursorPage::of(kind, &state.clock, call, vec![&name, active])?;
    let is_meant = |row: &Row| {
        row.index.key(NAME).is_some_and(|other| other.starts_with(&name))
            && wanted.is_none_or(|wanted| row.document().get(ACTIVE) == Some(&wanted.into()))
    };
    Ok(Success::ok(page.show(state, &state.sources, is_meant, view::external_source)))
}
