//! Relationships between users and external organizations.

use serde_json::{Map, Value};

use crate::sandbox::api::organizations::{self, EDIT, VIEW};
use crate::sandbox::api::patch;
use crate::sandbox::http::answer::{Outcome, Success};
use crate::sandbox::http::endpoint::{Call, Endpoint};
use crate::sandbox::http::failure::Failure;
use crate::sandbox::rules::fields;
use crate::sandbox::rules::listing::{Page, Sort};
use crate::sandbox::rules::validate::{self, ANY, Kind, Member, member, not_empty, read_only};
use crate::sandbox::rules::view::{self, ORGANIZATION};
use crate::sandbox::store::document::{id_in, new_id};
use crate::sandbox::store::index::Index;
use crate::sandbox::store::state::State;
use crate::sandbox::store::table::Row;

const PATH: &str = "/api/v2/externalcontacts/relationships";
const ONE: &str = "/api/v2/externalcontacts/relationships/{}";
const OF_ORGANIZATION: &str = "/api/v2/externalcontacts/organizations/{}/relationships";

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::post(PATH, EDIT, create),
    Endpoint::get(ONE, VIEW, get),
    Endpoint::put(ONE, EDIT, update),
    Endpoint::patch(ONE, organizations::EDIT_ONE, patch),
    Endpoint::delete(ONE, EDIT, delete),
    Endpoint::get(OF_ORGANIZATION, VIEW, list),
];

const EXPAND: &[&str] = &["externalDataSources", "division"];

/// Listings are sorted by it, and it is not shown.
const CREATED: &str = "createDate";
const SORT: &[&str] = &[CREATED, "relationship"];

const MEMBERS: &[Member] = &[
    read_only("id", ANY),
    member("division", Kind::Reference),
    member("user", Kind::Reference),
    member("externalOrganization", Kind::Reference),
    member("relationship", not_empty(100)),
    read_only("externalDataSources", Kind::List(&Kind::Map, None)),
    read_only(CREATED, Kind::Date),
    member("name", ANY),
    read_only("selfUri", ANY),
];

fn read<'a>(state: &'a State, body: &Map<String, Value>) -> Result<(Map<String, Value>, &'a Row), Failure> {
    let relationship = validate::document(body, MEMBERS, state.settings.unknown_members)?;
    validate::require(&relationship, &["user", "externalOrganization", "relationship"])?;
    let organization = id_in(&relationship, "externalOrganization").and_then(|id| state.organizations.get(id));
    let organization = organization.ok_or_else(|| Failure::bad_member("externalOrganization.id"))?;
    Ok((relationship, organization))
}

fn create(state: &mut State, call: &Call) -> Outcome {
    let id = add(state, &call.body)?;
    show(state, &id, &[])
}

/// Assumed: a relationship without a division gets that of its organization.
pub(crate) fn add(state: &mut State, body: &Map<String, Value>) -> Result<String, Failure> {
    let (mut relationship, organization) = read(state, body)?;
    let id = new_id();
    if !relationship.contains_key("division") {
        let division = organization.document().remove("division").unwrap_or_else(view::default_division);
        relationship.insert("division".to_owned(), division);
    }
    relationship.insert("id".to_owned(), id.clone().into());
    relationship.insert(CREATED.to_owned(), state.clock.date().into());
    put(state, id.clone(), relationship);
    Ok(id)
}

fn put(state: &mut State, id: String, relationship: Map<String, Value>) {
    let mut index = Index::default();
    index.keys_of(&relationship, SORT);
    index.keys_of(&relationship, &[ORGANIZATION, "division"]);
    state.relationships.put(Row::new(id, relationship, index), None);
}

fn update(state: &mut State, call: &Call) -> Outcome {
    let id = change(state, call.param(0), &call.body)?;
    show(state, &id, &[])
}

/// Replaces a relationship.
pub(crate) fn change(state: &mut State, id: &str, body: &Map<String, Value>) -> Result<String, Failure> {
    let row = state.relationships.get(id).ok_or_else(Failure::not_found)?;
    let (id, mut old) = (row.id.clone(), row.document());
    let mut relationship = validate::update(&state.settings, body, &old, |body| Ok(read(state, body)?.0))?;
    for kept in ["id", "division", CREATED] {
        relationship.insert(kept.to_owned(), old.remove(kept).unwrap_or_default());
    }
    put(state, id.clone(), relationship);
    Ok(id)
}

fn patch(state: &mut State, call: &Call) -> Outcome {
    let changes = fields::changes(&call.body, &["id", "division", "externalDataSources", CREATED, "selfUri"])?;
    patch::apply(state, &changes, |state, changes| {
        let row = state.relationships.get(call.param(0)).ok_or_else(Failure::not_found)?;
        let (id, old) = (row.id.clone(), row.document());
        let mut relationship = old.clone();
        changes.iter().try_for_each(|change| fields::apply(change, &mut relationship))?;
        let relationship = validate::changed(&old, &relationship, |body| Ok(read(state, body)?.0))?;
        put(state, id, relationship);
        Ok(())
    })?;
    show(state, call.param(0), &[])
}

fn delete(state: &mut State, call: &Call) -> Outcome {
    state.relationships.remove(call.param(0), None).ok_or_else(Failure::not_found)?;
    Ok(Success::deleted(&state.settings))
}

fn get(state: &mut State, call: &Call) -> Outcome {
    let expand = call.query.expand(EXPAND)?;
    show(state, call.param(0), &expand)
}

fn show(state: &State, id: &str, expand: &[&str]) -> Outcome {
    let row = state.relationships.get(id).ok_or_else(Failure::not_found)?;
    Ok(Success::ok(view(state, row, expand)))
}

fn list(state: &mut State, call: &Call) -> Outcome {
    let state = &*state;
    let organization = organizations::find(state, call.param(0))?;
    let page = Page::of(&call.query)?;
    let sort = Sort::of(&call.query, SORT, &state.settings.default_sorts)?;
    let expand = call.query.expand(EXPAND)?;
    let is_of_it = |row: &&Row| row.index.key(ORGANIZATION) == Some(&organization.id);
    let found: Vec<_> = state.relationships.iter().filter(is_of_it).collect();
    Ok(Success::ok(page.show(&call.path, &call.query, &sort, found, |row| view(state, row, &expand))))
}

pub(crate) fn view(state: &State, row: &Row, expand: &[&str]) -> Value {
    let mut relationship = row.document();
    relationship.remove(CREATED);
    view::common(state, &mut relationship, expand);
    if let Some(user) = id_in(&relationship, "user") {
        let user = view::user(user, false);
        relationship.insert("user".to_owned(), user);
    }
    if let Some(organization) = row.index.key(ORGANIZATION) {
        relationship.insert(ORGANIZATION.to_owned(), view::organization_named(state, organization, false));
    }
    relationship.insert("selfUri".to_owned(), format!("{PATH}/{}", row.id).into());
    relationship.into()
}
