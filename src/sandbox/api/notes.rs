//! Notes of contacts and of organizations.

use serde_json::{Map, Value};

use crate::sandbox::api::contacts;
use crate::sandbox::api::organizations;
use crate::sandbox::api::patch;
use crate::sandbox::http::answer::{Outcome, Success};
use crate::sandbox::http::endpoint::{Call, Endpoint};
use crate::sandbox::http::failure::Failure;
use crate::sandbox::rules::fields;
use crate::sandbox::rules::listing::{Page, Sort};
use crate::sandbox::rules::validate::{self, ANY, Kind, Member, member, not_empty, read_only};
use crate::sandbox::rules::view;
use crate::sandbox::store::document::{id_in, new_id};
use crate::sandbox::store::index::Index;
use crate::sandbox::store::state::State;
use crate::sandbox::store::table::Row;

const OF_CONTACT: &str = "/api/v2/externalcontacts/contacts/{}/notes";
const ONE_OF_CONTACT: &str = "/api/v2/externalcontacts/contacts/{}/notes/{}";
const OF_ORGANIZATION: &str = "/api/v2/externalcontacts/organizations/{}/notes";
const ONE_OF_ORGANIZATION: &str = "/api/v2/externalcontacts/organizations/{}/notes/{}";

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::get(OF_CONTACT, contacts::VIEW, list::<Contact>),
    Endpoint::post(OF_CONTACT, contacts::EDIT, create::<Contact>),
    Endpoint::get(ONE_OF_CONTACT, contacts::VIEW, get::<Contact>),
    Endpoint::put(ONE_OF_CONTACT, contacts::EDIT, update::<Contact>),
    Endpoint::patch(ONE_OF_CONTACT, contacts::EDIT_ONE, patch::<Contact>),
    Endpoint::delete(ONE_OF_CONTACT, contacts::EDIT, delete::<Contact>),
    Endpoint::get(OF_ORGANIZATION, organizations::VIEW, list::<Organization>),
    Endpoint::post(OF_ORGANIZATION, organizations::EDIT, create::<Organization>),
    Endpoint::get(ONE_OF_ORGANIZATION, organizations::VIEW, get::<Organization>),
    Endpoint::put(ONE_OF_ORGANIZATION, organizations::EDIT, update::<Organization>),
    Endpoint::patch(ONE_OF_ORGANIZATION, organizations::EDIT_ONE, patch::<Organization>),
    Endpoint::delete(ONE_OF_ORGANIZATION, organizations::EDIT, delete::<Organization>),
];

/// The members that say what a note is on.
const OWNER: &str = "entityId";
const OWNER_TYPE: &str = "entityType";

const EXPAND: &[&str] = &["author", "externalDataSources", "division"];
const SORT: &[&str] = &["createDate"];

/// What notes belong to.
trait Owner {
    const TYPE: &'static str;
    /// What a listing can show, too.
    const EXPAND: &'static [&'static str];

    fn find<'a>(state: &'a State, id: &str) -> Result<&'a Row, Failure>;
}

struct Contact;

impl Owner for Contact {
    const TYPE: &'static str = "contact";
    const EXPAND: &'static [&'static str] = &["author", "externalDataSources", "division", "mergeset"];

    fn find<'a>(state: &'a State, id: &str) -> Result<&'a Row, Failure> {
        contacts::find(state, id)
    }
}

struct Organization;

impl Owner for Organization {
    const TYPE: &'static str = "organization";
    const EXPAND: &'static [&'static str] = EXPAND;

    fn find<'a>(state: &'a State, id: &str) -> Result<&'a Row, Failure> {
        organizations::find(state, id)
    }
}

const MEMBERS: &[Member] = &[
    read_only("id", ANY),
    member("division", Kind::Reference),
    // Of use in bulk only; here the path says it.
    read_only(OWNER, ANY),
    read_only(OWNER_TYPE, ANY),
    member("noteText", not_empty(32_000)),
    read_only("modifyDate", Kind::Date),
    read_only("createDate", Kind::Date),
    member("createdBy", Kind::Reference),
    read_only("externalDataSources", Kind::List(&Kind::Map, None)),
    member("name", ANY),
    read_only("selfUri", ANY),
];

/// What no caller changes.
const KEPT: &[&str] =
    &["id", "division", "entityId", "entityType", "modifyDate", "createDate", "externalDataSources", "selfUri"];

fn row(id: String, note: Map<String, Value>) -> Row {
    let mut index = Index::default();
    index.keys_of(&note, SORT);
    index.keys_of(&note, &[OWNER, OWNER_TYPE, "division"]);
    Row::new(id, note, index)
}

/// Gives the notes of a contact to another one.
pub(crate) fn hand_over(state: &mut State, from: &str, to: &str) {
    let notes: Vec<_> = state.notes.of(from).map(|row| (row.id.clone(), row.document())).collect();
    state.notes.remove_of(from);
    for (id, mut note) in notes {
        note.insert(OWNER.to_owned(), to.into());
        state.notes.put(to.to_owned(), row(id, note));
    }
}

fn owner<'a, O: Owner>(state: &'a State, call: &Call) -> Result<&'a Row, Failure> {
    O::find(state, call.param(0))
}

fn find<'a, O: Owner>(state: &'a State, call: &Call) -> Result<(&'a Row, &'a Row), Failure> {
    let owner = owner::<O>(state, call)?;
    let note = state.notes.get(&owner.id, call.param(1));
    Ok((owner, note.ok_or_else(Failure::not_found)?))
}

/// Assumed, unless the sandbox was told otherwise: who wrote it must be said, because it is flagged as required, and a
/// client has no user of its own.
fn read(state: &State, body: &Map<String, Value>) -> Result<Map<String, Value>, Failure> {
    let note = validate::document(body, MEMBERS, state.settings.unknown_members)?;
    let required: &[_] = if state.settings.notes_need_author { &["noteText", "createdBy"] } else { &["noteText"] };
    validate::require(&note, required)?;
    Ok(note)
}

fn create<O: Owner>(state: &mut State, call: &Call) -> Outcome {
    let id = add::<O>(state, call.param(0), &call.body)?;
    show(state, &id).map(Success::ok)
}

/// Assumed: a note without a division gets that of what it belongs to.
fn add<O: Owner>(state: &mut State, owner: &str, body: &Map<String, Value>) -> Result<String, Failure> {
    let owner = O::find(state, owner)?;
    let mut note = read(state, body)?;
    let id = new_id();
    let date = state.clock.date();
    if !note.contains_key("division") {
        let division = owner.document().remove("division").unwrap_or_else(view::default_division);
        note.insert("division".to_owned(), division);
    }
    note.insert("id".to_owned(), id.clone().into());
    note.insert(OWNER.to_owned(), owner.id.clone().into());
    note.insert(OWNER_TYPE.to_owned(), O::TYPE.into());
    note.insert("createDate".to_owned(), date.clone().into());
    note.insert("modifyDate".to_owned(), date.into());
    let owner = owner.id.clone();
    state.notes.put(owner, row(id.clone(), note));
    Ok(id)
}

/// Adds a note whose body says what it is on. Assumed: one that doesn't is a 422, as with other members that are missing.
pub(crate) fn add_anywhere(state: &mut State, body: &Map<String, Value>) -> Result<String, Failure> {
    let text = |member: &str| body.get(member).and_then(Value::as_str).filter(|text| !text.is_empty());
    let owner = text(OWNER).ok_or_else(|| Failure::violation(OWNER, "is missing"))?;
    match text(OWNER_TYPE) {
        Some(kind) if kind == Contact::TYPE && Contact::find(state, owner).is_err() => Err(Failure::bad_member(OWNER)),
        Some(kind) if kind == Organization::TYPE && Organization::find(state, owner).is_err() => {
            Err(Failure::bad_member(OWNER))
        }
        Some(kind) if kind == Contact::TYPE => add::<Contact>(state, owner, body),
        Some(kind) if kind == Organization::TYPE => add::<Organization>(state, owner, body),
        _ => Err(Failure::violation(OWNER_TYPE, "must be contact or organization")),
    }
}

fn update<O: Owner>(state: &mut State, call: &Call) -> Outcome {
    let id = find::<O>(state, call)?.1.id.clone();
    change(state, &id, &call.body)?;
    show(state, &id).map(Success::ok)
}

/// Replaces a note, whatever it is on.
pub(crate) fn change(state: &mut State, id: &str, body: &Map<String, Value>) -> Result<(), Failure> {
    let row_before = find_anywhere(state, id)?;
    let mut old = row_before.document();
    let mut note = validate::update(&state.settings, body, &old, |body| read(state, body))?;
    for kept in ["id", OWNER, OWNER_TYPE, "createDate", "division"] {
        note.insert(kept.to_owned(), old.remove(kept).unwrap_or_default());
    }
    note.insert("modifyDate".to_owned(), state.clock.date().into());
    let owner = owner_of(row_before);
    let row = row(row_before.id.clone(), note);
    state.notes.put(owner, row);
    Ok(())
}

fn patch<O: Owner>(state: &mut State, call: &Call) -> Outcome {
    let changes = fields::changes(&call.body, KEPT)?;
    patch::apply(state, &changes, |state, changes| {
        let (owner, old_row) = find::<O>(state, call)?;
        let old = old_row.document();
        let mut note = old.clone();
        changes.iter().try_for_each(|change| fields::apply(change, &mut note))?;
        let mut note = validate::changed(&old, &note, |note| read(state, note))?;
        note.insert("modifyDate".to_owned(), state.clock.date().into());
        let (owner, row) = (owner.id.clone(), row(old_row.id.clone(), note));
        state.notes.put(owner, row);
        Ok(())
    })?;
    let (_, note) = find::<O>(state, call)?;
    Ok(Success::ok(view(state, note, &[])))
}

fn delete<O: Owner>(state: &mut State, call: &Call) -> Outcome {
    let id = find::<O>(state, call)?.1.id.clone();
    remove(state, &id)?;
    Ok(Success::deleted(&state.settings))
}

/// Deletes a note, whatever it is on.
pub(crate) fn remove(state: &mut State, id: &str) -> Result<(), Failure> {
    let row = find_anywhere(state, id)?;
    let (owner, id) = (owner_of(row), row.id.clone());
    state.notes.remove(&owner, &id);
    Ok(())
}

fn find_anywhere<'a>(state: &'a State, id: &str) -> Result<&'a Row, Failure> {
    state.notes.all().get(id).ok_or_else(Failure::not_found)
}

fn owner_of(note: &Row) -> String {
    note.index.key(OWNER).unwrap_or_default().to_owned()
}

pub(crate) fn show(state: &State, id: &str) -> Result<Value, Failure> {
    Ok(view(state, find_anywhere(state, id)?, &[]))
}

fn get<O: Owner>(state: &mut State, call: &Call) -> Outcome {
    let expand = call.query.expand(EXPAND)?;
    let (_, note) = find::<O>(state, call)?;
    Ok(Success::ok(view(state, note, &expand)))
}

fn list<O: Owner>(state: &mut State, call: &Call) -> Outcome {
    let state = &*state;
    let owner = owner::<O>(state, call)?;
    let page = Page::of(&call.query)?;
    let sort = Sort::of(&call.query, SORT, &state.settings.default_sorts)?;
    let expand = call.query.expand(O::EXPAND)?;
    let mut owners = vec![owner.id.clone()];
    if expand.contains(&"mergeset") {
        let members = owner.document().remove("mergeSet");
        let ids = members.as_ref().and_then(Value::as_array).into_iter().flatten().filter_map(|one| one.get("id"));
        owners.extend(ids.filter_map(Value::as_str).filter(|id| *id != owner.id).map(str::to_owned));
    }
    let found: Vec<_> = owners.iter().flat_map(|id| state.notes.of(id)).collect();
    Ok(Success::ok(page.show(&call.path, &call.query, &sort, found, |note| view(state, note, &expand))))
}

pub(crate) fn view(state: &State, note: &Row, expand: &[&str]) -> Value {
    let mut shown = note.document();
    view::common(state, &mut shown, expand);
    if let Some(author) = id_in(&shown, "createdBy") {
        let author = view::user(author, expand.contains(&"author"));
        shown.insert("createdBy".to_owned(), author);
    }
    let owners = if note.index.key(OWNER_TYPE) == Some(Contact::TYPE) { view::CONTACTS } else { view::ORGANIZATIONS };
    let owner = note.index.key(OWNER).unwrap_or_default();
    shown.insert("selfUri".to_owned(), format!("{owners}/{owner}/notes/{}", note.id).into());
    shown.into()
}
