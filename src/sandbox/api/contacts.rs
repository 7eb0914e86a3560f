//! Contacts.

use serde_json::{Map, Value};

use crate::sandbox::api::patch;
use crate::sandbox::http::answer::{Outcome, Success};
use crate::sandbox::http::endpoint::{Call, Endpoint, Permissions};
use crate::sandbox::http::failure::Failure;
use crate::sandbox::http::query::Query;
use crate::sandbox::rules::custom_fields;
use crate::sandbox::rules::fields;
use crate::sandbox::rules::listing::{Page, Sort};
use crate::sandbox::rules::members::{ADDRESS, ANY_OBJECTS, EXTERNAL_IDS, TWITTER};
use crate::sandbox::rules::search::Search;
use crate::sandbox::rules::validate::{
    self, ANY, EMAIL, Kind, Member, member, not_empty, read_only, trimmed, verbatim,
};
use crate::sandbox::rules::view::{self, ORGANIZATION};
use crate::sandbox::store::document::{id_in, new_id};
use crate::sandbox::store::index::Index;
use crate::sandbox::store::settings::UnknownMembers;
use crate::sandbox::store::state::State;
use crate::sandbox::store::table::Row;

const ONE: &str = "/api/v2/externalcontacts/contacts/{}";
const SEARCHES: &str = "/api/v2/externalcontacts/contacts/search";

pub(crate) const VIEW: Permissions = Permissions::Any(&["relate:contact:view", "externalContacts:contact:view"]);
pub(crate) const EDIT: Permissions = Permissions::Any(&["relate:contact:edit", "externalContacts:contact:edit"]);

/// Whatever is newer has one permission only.
pub(crate) const EDIT_ONE: Permissions = Permissions::Any(&["externalContacts:contact:edit"]);

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::get(view::CONTACTS, VIEW, list),
    Endpoint::post(view::CONTACTS, Permissions::Any(&["relate:contact:add", "externalContacts:contact:add"]), create),
    Endpoint::post(SEARCHES, Permissions::Any(&["externalContacts:contact:view"]), search),
    Endpoint::get(ONE, VIEW, get),
    Endpoint::put(ONE, EDIT, update),
    Endpoint::patch(ONE, EDIT_ONE, patch),
    Endpoint::delete(ONE, Permissions::Any(&["relate:contact:delete", "externalContacts:contact:delete"]), delete),
];

pub(crate) const EXPAND: &[&str] =
    &["externalOrganization", "externalDataSources", "identifiers", "externalSources", "division"];
pub(crate) const SORT: &[&str] = &["firstName", "lastName", "middleName", "title"];

const DIVISION: &str = "division";

/// The type of all contacts that are made through the API; only these are found. The others are made by the service
/// itself, and fetched by their ids.
pub(crate) const CURATED: &str = "Curated";
const TYPES: &[&str] = &["Ephemeral", "Identified", CURATED];

const MEMBERS: &[Member] = &[
    read_only("id", ANY),
    member("division", Kind::Reference),
    member("firstName", trimmed(1000)),
    member("middleName", trimmed(1000)),
    member("lastName", trimmed(1000)),
    member("salutation", trimmed(1000)),
    member("title", trimmed(1000)),
    member("workPhone", Kind::Phone),
    member("cellPhone", Kind::Phone),
    member("homePhone", Kind::Phone),
    member("otherPhone", Kind::Phone),
    member("workEmail", EMAIL),
    member("personalEmail", EMAIL),
    member("otherEmail", EMAIL),
    member("address", Kind::Object(ADDRESS)),
    member("twitterId", Kind::Object(TWITTER)),
    // The service is seen to refuse an empty name here, and only here.
    member(
        "lineId",
        Kind::Object(&[
            member("ids", Kind::List(&Kind::Object(&[member("userId", verbatim(255))]), Some(1))),
            member("displayName", not_empty(100)),
        ]),
    ),
    member(
        "whatsAppId",
        Kind::Object(&[member("phoneNumber", Kind::WhatsAppPhone), member("displayName", verbatim(100))]),
    ),
    member(
        "facebookId",
        Kind::Object(&[
            member("ids", Kind::List(&Kind::Object(&[member("scopedId", verbatim(255))]), Some(1))),
            member("displayName", verbatim(100)),
        ]),
    ),
    member(
        "instagramId",
        Kind::Object(&[
            member("ids", Kind::List(&Kind::Object(&[member("scopedId", trimmed(255))]), Some(1))),
            member("displayName", verbatim(100)),
            member("handle", verbatim(100)),
        ]),
    ),
    member("appleOpaqueIds", Kind::List(&Kind::Object(&[member("value", trimmed(255))]), Some(10))),
    member("externalIds", EXTERNAL_IDS),
    // Assumed: claimed by what stands in the other members, not by what is sent here.
    read_only("identifiers", ANY_OBJECTS),
    read_only("modifyDate", Kind::Date),
    read_only("createDate", Kind::Date),
    member("externalOrganization", Kind::Reference),
    member("surveyOptOut", Kind::Bool),
    member("externalSystemUrl", trimmed(1000)),
    member("schema", Kind::VersionReference),
    member("customFields", Kind::Map),
    read_only("externalDataSources", ANY_OBJECTS),
    read_only("type", Kind::OneOf(TYPES)),
    read_only("canonicalContact", Kind::Map),
    read_only("mergeSet", ANY_OBJECTS),
    read_only("mergedFrom", ANY_OBJECTS),
    read_only("mergedTo", Kind::Map),
    read_only("mergeOperation", Kind::Map),
    read_only("selfUri", ANY),
];

/// How many ids a search can be narrowed to.
const MAX_IDS: usize = 100;

const TEXTS: Kind = Kind::List(&ANY, None);

/// The body of a search.
const SEARCH: &[Member] = &[
    member("pageNumber", Kind::Int),
    member("pageSize", Kind::Int),
    member("divisionIds", TEXTS),
    member("expand", TEXTS),
    member(
        "operation",
        Kind::Object(&[member(
            "simpleSearch",
            Kind::Object(&[member("query", ANY), member("sortOrder", TEXTS), member("ids", TEXTS)]),
        )]),
    ),
];

/// Reads a body, and checks what it refers to.
pub(crate) fn read(
    state: &State,
    body: &Map<String, Value>,
    old: Option<&Map<String, Value>>,
) -> Result<Map<String, Value>, Failure> {
    let mut contact = validate::document(body, MEMBERS, state.settings.unknown_members)?;
    view::check_sources(state, &contact)?;
    if let Some(organization) = id_in(&contact, ORGANIZATION)
        && state.organizations.get(organization).is_none()
    {
        return Err(Failure::bad_member("externalOrganization.id"));
    }
    custom_fields::check(&state.contact_schemas, &mut contact, old)?;
    view::set_profile_url(&mut contact);
    Ok(contact)
}

/// What no caller sets.
pub(crate) const KEPT: &[&str] = &[
    "id",
    "type",
    "createDate",
    "division",
    "modifyDate",
    "identifiers",
    "externalDataSources",
    "selfUri",
    "canonicalContact",
    "mergeSet",
    "mergedFrom",
    "mergedTo",
    "mergeOperation",
];

fn index(contact: &Map<String, Value>) -> Index {
    let mut index = Index::default();
    index.texts_of(contact, &["firstName", "middleName", "lastName", "workEmail", "personalEmail", "otherEmail"]);
    index.phones_of(contact, &["workPhone", "cellPhone", "homePhone", "otherPhone"]);
    index.common_of(contact);
    index.keys_of(contact, SORT);
    index.keys_of(contact, &[DIVISION, ORGANIZATION]);
    index.is_hidden = contact.get("type").and_then(Value::as_str) != Some(CURATED) || contact.contains_key("mergedTo");
    index
}

fn put(state: &mut State, id: String, contact: Map<String, Value>) {
    let date = contact.get("modifyDate").and_then(Value::as_str).unwrap_or_default();
    let old = state.contacts.get(&id).map(Row::document);
    state.claims.replace(&id, old.as_ref(), Some(&contact), date);
    store(state, id, contact);
}

/// Stores a contact whose identifiers stay what they are.
pub(crate) fn store(state: &mut State, id: String, contact: Map<String, Value>) {
    let seen_at = state.seen_at();
    let index = index(&contact);
    state.contacts.put(Row::new(id, contact, index), seen_at);
}

fn create(state: &mut State, call: &Call) -> Outcome {
    let id = add(state, &call.body, CURATED)?;
    show(state, &id, &[])
}

/// Adds a contact of any type.
pub(crate) fn add(state: &mut State, body: &Map<String, Value>, kind: &str) -> Result<String, Failure> {
    add_as(state, body, kind, None)
}

/// Adds a contact of any type with an id of its own.
pub(crate) fn add_as(
    state: &mut State,
    body: &Map<String, Value>,
    kind: &str,
    id: Option<String>,
) -> Result<String, Failure> {
    let mut contact = read(state, body, None)?;
    if !TYPES.contains(&kind) {
        return Err(Failure::invalid_value("type", &kind.into(), "Enum", &TYPES.join(", ")));
    }
    let id = id.unwrap_or_else(new_id);
    let date = state.clock.date();
    contact.entry("division").or_insert_with(view::default_division);
    contact.insert("id".to_owned(), id.clone().into());
    contact.insert("type".to_owned(), kind.into());
    contact.insert("createDate".to_owned(), date.clone().into());
    contact.insert("modifyDate".to_owned(), date.into());
    put(state, id.clone(), contact);
    Ok(id)
}

fn update(state: &mut State, call: &Call) -> Outcome {
    let id = change(state, call.param(0), &call.body)?;
    show(state, &id, &[])
}

/// Replaces a contact. Assumed: division and type stay what they were.
pub(crate) fn change(state: &mut State, id: &str, body: &Map<String, Value>) -> Result<String, Failure> {
    let row = find(state, id)?;
    let (id, mut old) = (row.id.clone(), row.document());
    let mut contact = validate::update(&state.settings, body, &old, |body| read(state, body, Some(&old)))?;
    for kept in KEPT {
        if let Some(value) = old.remove(*kept) {
            contact.insert((*kept).to_owned(), value);
        }
    }
    contact.insert("modifyDate".to_owned(), state.clock.date().into());
    put(state, id.clone(), contact);
    Ok(id)
}

fn patch(state: &mut State, call: &Call) -> Outcome {
    let changes = fields::changes(&call.body, KEPT)?;
    let id = find(state, call.param(0))?.id.clone();
    patch::apply(state, &changes, |state, changes| {
        let mut contact = find(state, &id)?.document();
        changes.iter().try_for_each(|change| fields::apply(change, &mut contact))?;
        rewrite(state, &id, &contact)
    })?;
    show(state, &id, &[])
}

/// Makes of a contact what it is to be, if it can be that.
pub(crate) fn rewrite(state: &mut State, id: &str, contact: &Map<String, Value>) -> Result<(), Failure> {
    let row = find(state, id)?;
    let (id, old) = (row.id.clone(), row.document());
    let mut contact = validate::changed(&old, contact, |contact| read(state, contact, Some(&old)))?;
    contact.insert("modifyDate".to_owned(), state.clock.date().into());
    put(state, id, contact);
    Ok(())
}

/// The contact with this id, or the one that took its place.
pub(crate) fn find<'a>(state: &'a State, id: &str) -> Result<&'a Row, Failure> {
    state.contacts.get(state.canonical(id)).ok_or_else(Failure::not_found)
}

fn delete(state: &mut State, call: &Call) -> Outcome {
    remove(state, call.param(0))?;
    Ok(Success::deleted(&state.settings))
}

/// Deletes a contact.
pub(crate) fn remove(state: &mut State, id: &str) -> Result<(), Failure> {
    let seen_at = state.seen_at();
    let id = state.canonical(id).to_owned();
    let row = state.contacts.remove(&id, seen_at).ok_or_else(Failure::contact_not_found)?;
    state.claims.replace(&row.id, Some(&row.document()), None, "");
    // Assumed: its notes go with it.
    state.notes.remove_of(&row.id);
    Ok(())
}

fn get(state: &mut State, call: &Call) -> Outcome {
    let expand = call.query.expand(EXPAND)?;
    show(state, call.param(0), &expand)
}

pub(crate) fn show(state: &State, id: &str, expand: &[&str]) -> Outcome {
    Ok(Success::ok(view::contact(state, find(state, id)?, expand)))
}

/// The same search as `list`, with everything in the body.
///
/// Assumed: what can't be is refused as in a query, and links lead to the path with page numbers only.
fn search(state: &mut State, call: &Call) -> Outcome {
    state.tidy();
    validate::document(&call.body, SEARCH, UnknownMembers::Keep)?;
    let simple = call.body.get("operation").and_then(|operation| operation.get("simpleSearch"));
    let Some(simple) = simple.and_then(Value::as_object) else {
        return Err(Failure::violation("operation.simpleSearch", "is missing"));
    };
    let ids = texts(simple.get("ids"));
    if ids.len() > MAX_IDS {
        return Err(Failure::violation("operation.simpleSearch.ids", format!("holds more than {MAX_IDS}")));
    }
    let mut query = Query::default();
    for name in ["pageNumber", "pageSize"] {
        if let Some(number) = call.body.get(name).filter(|number| !number.is_null()) {
            query.push(name, &number.to_string());
        }
    }
    let page = Page::of(&query)?;
    let links = query.clone();
    for (name, list) in [("expand", call.body.get("expand")), ("divisionIds", call.body.get("divisionIds"))] {
        texts(list).iter().for_each(|text| query.push(name, text));
    }
    let expand = query.expand(EXPAND)?;
    let divisions = query.at_most("divisionIds", view::MAX_DIVISIONS)?;
    let search = Search::parse(simple.get("query").and_then(Value::as_str))?;
    let sort = Sort::of_all(&texts(simple.get("sortOrder")), SORT, &state.settings.default_sorts)?;
    let mut found = state.contacts.searched(state.clock.now());
    found.retain(|row| {
        !row.index.is_hidden
            && view::is_in_divisions(row, &divisions)
            && (ids.is_empty() || ids.iter().any(|id| id.eq_ignore_ascii_case(&row.id)))
            && search.finds(&row.index)
    });
    let state = &*state;
    Ok(Success::ok(page.show(&call.path, &links, &sort, found, |row| view::contact(state, row, &expand))))
}

/// The texts of a list that was checked.
fn texts(list: Option<&Value>) -> Vec<&str> {
    list.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
}

fn list(state: &mut State, call: &Call) -> Outcome {
    state.tidy();
    let divisions = call.query.at_most("divisionIds", view::MAX_DIVISIONS)?;
    list_of(state, call, |row| view::is_in_divisions(row, &divisions))
}

/// A page of those contacts that `is_meant` and the query let through.
pub(crate) fn list_of(state: &State, call: &Call, is_meant: impl Fn(&Row) -> bool) -> Outcome {
    let page = Page::of(&call.query)?;
    let search = Search::parse(call.query.get("q"))?;
    let sort = Sort::of(&call.query, SORT, &state.settings.default_sorts)?;
    let expand = call.query.expand(EXPAND)?;
    let mut found = state.contacts.searched(state.clock.now());
    found.retain(|row| !row.index.is_hidden && is_meant(row) && search.finds(&row.index));
    Ok(Success::ok(page.show(&call.path, &call.query, &sort, found, |row| view::contact(state, row, &expand))))
}
