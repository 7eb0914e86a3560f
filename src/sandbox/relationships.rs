//! Relationships between users and external organizations.

use serde_json::{Map, Value};

use super::answer::{Failure, Outcome, Success};
use super::listing::{Page, Sort};
use super::organizations::{self, EDIT, VIEW};
use super::route::{Call, Endpoint};
use super::search::Index;
use super::store::{Row, State, id_in, new_id};
use super::validate::{self, ANY, Kind, Member, member, not_empty, read_only};
use super::view;

const PATH: &str = "/api/v2/externalcontacts/relationships";
const ONE: &str = "/api/v2/externalcontacts/relationships/{}";
const OF_ORGANIZATION: &str = "/api/v2/externalcontacts/organizations/{}/relationships";

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::post(PATH, EDIT, create),
    Endpoint::get(ONE, VIEW, get),
    Endpoint::put(ONE, EDIT, update),
    Endpoint::delete(ONE, EDIT, delete),
    Endpoint::get(OF_ORGANIZATION, VIEW, list),
];

const EXPAND: &[&str] = &["externalDataSources", "division"];

/// Listings are sorted by it, and it is not shown.
const CREATED: &str = "createDate";

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
    let relationship = validate::document(body, MEMBERS)?;
    validate::require(&relationship, &["user", "externalOrganization", "relationship"])?;
    let organization = id_in(&relationship, "externalOrganization").and_then(|id| state.organizations.get(id));
    let organization = organization.ok_or_else(|| Failure::bad_member("externalOrganization.id"))?;
    Ok((relationship, organization))
}

/// Assumed: a relationship without a division gets that of its organization.
fn create(state: &mut State, call: &Call) -> Outcome {
    let (mut relationship, organization) = read(state, &call.body)?;
    let id = new_id();
    if !relationship.contains_key("division") {
        let division = organization.document.get("division").cloned().unwrap_or_else(view::default_division);
        relationship.insert("division".to_owned(), division);
    }
    relationship.insert("id".to_owned(), id.clone().into());
    relationship.insert(CREATED.to_owned(), state.clock.date().into());
    state.relationships.put(Row { id: id.clone(), document: relationship, index: Index::default() }, None);
    show(state, &id, &[])
}

fn update(state: &mut State, call: &Call) -> Outcome {
    let old = state.relationships.get(call.param(0)).ok_or_else(Failure::not_found)?;
    let (mut relationship, _) = read(state, &call.body)?;
    for kept in ["id", "division", CREATED] {
        relationship.insert(kept.to_owned(), old.document.get(kept).cloned().unwrap_or_default());
    }
    let id = old.id.clone();
    state.relationships.put(Row { id: id.clone(), document: relationship, index: Index::default() }, None);
    show(state, &id, &[])
}

fn delete(state: &mut State, call: &Call) -> Outcome {
    state.relationships.remove(call.param(0), None).ok_or_else(Failure::not_found)?;
    Ok(Success::deleted())
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
    let sort = Sort::of(&call.query, &[CREATED, "relationship"])?;
    let expand = call.query.expand(EXPAND)?;
    let is_of_it = |row: &&Row| id_in(&row.document, "externalOrganization") == Some(&organization.id);
    let mut found: Vec<_> = state.relationships.iter().filter(is_of_it).collect();
    sort.apply(&mut found, |row| &row.document);
    Ok(Success::ok(page.show(&call.path, &call.query, &found, |row| view(state, row, &expand))))
}

fn view(state: &State, row: &Row, expand: &[&str]) -> Value {
    let mut relationship = row.document.clone();
    relationship.remove(CREATED);
    view::common(state, &mut relationship, expand);
    if let Some(user) = id_in(&row.document, "user") {
        relationship.insert("user".to_owned(), view::user(user, false));
    }
    if let Some(organization) = id_in(&row.document, "externalOrganization") {
        let organization = view::organization(state, organization, false);
        relationship.insert("externalOrganization".to_owned(), organization);
    }
    relationship.insert("selfUri".to_owned(), format!("{PATH}/{}", row.id).into());
    relationship.into()
}
