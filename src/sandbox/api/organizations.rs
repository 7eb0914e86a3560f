//! External organizations, their contacts, and their trustors.

use serde_json::{Map, Value, json};

use crate::sandbox::api::contacts;
use crate::sandbox::api::patch;
use crate::sandbox::http::answer::{Outcome, Success};
use crate::sandbox::http::endpoint::{Call, Endpoint, Permissions};
use crate::sandbox::http::failure::{Failure, Violation};
use crate::sandbox::rules::custom_fields;
use crate::sandbox::rules::fields;
use crate::sandbox::rules::listing::{Page, Sort};
use crate::sandbox::rules::members::{ADDRESS, ANY_OBJECTS, EXTERNAL_IDS, TWITTER};
use crate::sandbox::rules::search::Search;
use crate::sandbox::rules::validate::{self, ANY, Kind, Member, member, not_empty, read_only, trimmed};
use crate::sandbox::rules::view::{self, ORGANIZATION};
use crate::sandbox::store::document::new_id;
use crate::sandbox::store::index::Index;
use crate::sandbox::store::state::{State, Trustor};
use crate::sandbox::store::table::Row;

const ONE: &str = "/api/v2/externalcontacts/organizations/{}";

pub(crate) const VIEW: Permissions =
    Permissions::Any(&["relate:externalOrganization:view", "externalContacts:externalOrganization:view"]);
pub(crate) const EDIT: Permissions =
    Permissions::Any(&["relate:externalOrganization:edit", "externalContacts:externalOrganization:edit"]);
const ADD: Permissions =
    Permissions::Any(&["relate:externalOrganization:add", "externalContacts:externalOrganization:add"]);
const DELETE: Permissions =
    Permissions::Any(&["relate:externalOrganization:delete", "externalContacts:externalOrganization:delete"]);
/// Whatever is newer has one permission only.
pub(crate) const EDIT_ONE: Permissions = Permissions::Any(&["externalContacts:externalOrganization:edit"]);

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::get(view::ORGANIZATIONS, VIEW, list),
    Endpoint::post(view::ORGANIZATIONS, ADD, create),
    Endpoint::get(ONE, VIEW, get),
    Endpoint::put(ONE, EDIT, update),
    Endpoint::patch(ONE, EDIT_ONE, patch),
    Endpoint::delete(ONE, DELETE, delete),
    Endpoint::get("/api/v2/externalcontacts/organizations/{}/contacts", contacts::VIEW, list_contacts),
    Endpoint::put("/api/v2/externalcontacts/organizations/{}/trustor/{}", EDIT_ONE, link_trustor).without_body(),
    Endpoint::delete("/api/v2/externalcontacts/organizations/{}/trustor", EDIT_ONE, unlink_trustor),
];

const EXPAND: &[&str] = &["externalDataSources", "division", "identifiers", "externalSources"];
const SORT: &[&str] = &["companyType", "industry", "name"];
const MAX_TRUSTORS: usize = 25;

const TEXTS: Kind = Kind::List(&ANY, None);

const MEMBERS: &[Member] = &[
    read_only("id", ANY),
    member("name", trimmed(1000)),
    member("division", Kind::Reference),
    member("companyType", ANY),
    member("industry", ANY),
    member("address", Kind::Object(ADDRESS)),
    member("phoneNumber", Kind::Phone),
    member("faxNumber", Kind::Phone),
    member("employeeCount", Kind::Int),
    member("revenue", Kind::Int),
    member("tags", TEXTS),
    member("websites", TEXTS),
    member(
        "tickers",
        Kind::List(
            &Kind::Object(&[member("symbol", not_empty(usize::MAX)), member("exchange", not_empty(usize::MAX))]),
            None,
        ),
    ),
    member("twitterId", Kind::Object(TWITTER)),
    member("externalSystemUrl", trimmed(1000)),
    read_only("modifyDate", Kind::Date),
    read_only("createDate", Kind::Date),
    // Assumed: linked and unlinked by operations of their own, not by what is sent here.
    read_only("trustor", Kind::Map),
    member("schema", Kind::VersionReference),
    member("customFields", Kind::Map),
    read_only("identifiers", ANY_OBJECTS),
    member("externalIds", EXTERNAL_IDS),
    read_only("externalDataSources", ANY_OBJECTS),
    member("primaryContactId", ANY),
    read_only("selfUri", ANY),
];

/// Reads a body, and checks what it refers to.
///
/// Assumed: an organization must have a name. It was flagged as required, and may not be empty.
fn read(
    state: &State,
    body: &Map<String, Value>,
    old: Option<&Map<String, Value>>,
) -> Result<Map<String, Value>, Failure> {
    let mut organization = validate::document(body, MEMBERS, state.settings.unknown_members)?;
    validate::require(&organization, &["name"])?;
    let mut violations = Vec::new();
    for (index, ticker) in organization.get("tickers").and_then(Value::as_array).into_iter().flatten().enumerate() {
        for name in ["symbol", "exchange"].into_iter().filter(|name| ticker.get(name).is_none()) {
            violations.push(Violation { field: format!("tickers[{index}].{name}"), rule: "is missing".to_owned() });
        }
    }
    if !violations.is_empty() {
        return Err(Failure::violations(&violations));
    }
    view::check_sources(state, &organization)?;
    custom_fields::check(&state.organization_schemas, &mut organization, old)?;
    view::set_profile_url(&mut organization);
    Ok(organization)
}

/// What no caller sets.
pub(crate) const KEPT: &[&str] =
    &["id", "createDate", "division", "modifyDate", "identifiers", "externalDataSources", "selfUri", "trustor"];

fn index(organization: &Map<String, Value>) -> Index {
    let mut index = Index::default();
    index.texts_of(organization, &["name"]);
    index.phones_of(organization, &["phoneNumber", "faxNumber"]);
    index.common_of(organization);
    index.keys_of(organization, SORT);
    index.keys_of(organization, &["division"]);
    index
}

fn put(state: &mut State, id: String, organization: Map<String, Value>) {
    let date = organization.get("modifyDate").and_then(Value::as_str).unwrap_or_default();
    let old = state.organizations.get(&id).map(Row::document);
    state.organization_claims.replace(&id, old.as_ref(), Some(&organization), date);
    let seen_at = state.seen_at();
    let index = index(&organization);
    state.organizations.put(Row::new(id, organization, index), seen_at);
}

fn create(state: &mut State, call: &Call) -> Outcome {
    let id = add(state, &call.body, None)?;
    show(state, &id, &[], false)
}

/// Adds an organization, maybe with an id of its own.
pub(crate) fn add(state: &mut State, body: &Map<String, Value>, id: Option<String>) -> Result<String, Failure> {
    let mut organization = read(state, body, None)?;
    let id = id.unwrap_or_else(new_id);
    let date = state.clock.date();
    organization.entry("division").or_insert_with(view::default_division);
    organization.insert("id".to_owned(), id.clone().into());
    organization.insert("createDate".to_owned(), date.clone().into());
    organization.insert("modifyDate".to_owned(), date.into());
    put(state, id.clone(), organization);
    Ok(id)
}

fn update(state: &mut State, call: &Call) -> Outcome {
    let id = change(state, call.param(0), &call.body)?;
    show(state, &id, &[], false)
}

/// Replaces an organization. Assumed: the division stays what it was.
pub(crate) fn change(state: &mut State, id: &str, body: &Map<String, Value>) -> Result<String, Failure> {
    let row = find(state, id)?;
    let (id, mut old) = (row.id.clone(), row.document());
    let mut organization = validate::update(&state.settings, body, &old, |body| read(state, body, Some(&old)))?;
    for kept in ["id", "createDate", "division"] {
        organization.insert(kept.to_owned(), old.remove(kept).unwrap_or_default());
    }
    organization.insert("modifyDate".to_owned(), state.clock.date().into());
    put(state, id.clone(), organization);
    Ok(id)
}

fn patch(state: &mut State, call: &Call) -> Outcome {
    let changes = fields::changes(&call.body, KEPT)?;
    let id = find(state, call.param(0))?.id.clone();
    patch::apply(state, &changes, |state, changes| {
        let mut organization = find(state, &id)?.document();
        changes.iter().try_for_each(|change| fields::apply(change, &mut organization))?;
        rewrite(state, &id, &organization)
    })?;
    show(state, &id, &[], false)
}

/// Makes of an organization what it is to be, if it can be that.
pub(crate) fn rewrite(state: &mut State, id: &str, organization: &Map<String, Value>) -> Result<(), Failure> {
    let row = find(state, id)?;
    let (id, old) = (row.id.clone(), row.document());
    let mut organization = validate::changed(&old, organization, |organization| read(state, organization, Some(&old)))?;
    organization.insert("modifyDate".to_owned(), state.clock.date().into());
    put(state, id, organization);
    Ok(())
}

fn delete(state: &mut State, call: &Call) -> Outcome {
    remove(state, call.param(0))?;
    Ok(Success::deleted(&state.settings))
}

/// Deletes an organization. Assumed: notes and the trustor go with it, and so do relationships, and contacts lose it, unless
/// the sandbox was told otherwise.
pub(crate) fn remove(state: &mut State, id: &str) -> Result<(), Failure> {
    let seen_at = state.seen_at();
    let row = state.organizations.remove(id, seen_at).ok_or_else(Failure::not_found)?;
    state.organization_claims.replace(&row.id, Some(&row.document()), None, "");
    state.notes.remove_of(&row.id);
    state.trustors.remove(&row.id);
    if !state.settings.deletions_spread {
        return Ok(());
    }
    let is_of_it = |other: &&Row| other.index.key(ORGANIZATION) == Some(&row.id);
    state.relationships.retain(|relationship| !is_of_it(&relationship));
    let contacts: Vec<_> =
        state.contacts.iter().filter(is_of_it).map(|contact| (contact.id.clone(), contact.document())).collect();
    for (id, mut contact) in contacts {
        contact.remove(ORGANIZATION);
        contacts::store(state, id, contact);
    }
    Ok(())
}

fn get(state: &mut State, call: &Call) -> Outcome {
    let expand = call.query.expand(EXPAND)?;
    let trustors = call.query.bool("includeTrustors")?;
    show(state, call.param(0), &expand, trustors)
}

pub(crate) fn find<'a>(state: &'a State, id: &str) -> Result<&'a Row, Failure> {
    state.organizations.get(id).ok_or_else(Failure::not_found)
}

fn show(state: &State, id: &str, expand: &[&str], trustors: bool) -> Outcome {
    Ok(Success::ok(view::organization(state, find(state, id)?, expand, trustors)))
}

fn list(state: &mut State, call: &Call) -> Outcome {
    state.tidy();
    let state = &*state;
    let page = Page::of(&call.query)?;
    let sort = Sort::of(&call.query, SORT, &state.settings.default_sorts)?;
    let expand = call.query.expand(EXPAND)?;
    let include = call.query.bool("includeTrustors")?;
    let divisions = call.query.at_most("divisionIds", view::MAX_DIVISIONS)?;
    let trustors = call.query.at_most("trustorId", MAX_TRUSTORS)?;
    let search = Search::parse(call.query.get("q"))?;
    let (found, sort) = if trustors.is_empty() {
        let mut found = state.organizations.searched(state.clock.now());
        found.retain(|row| view::is_in_divisions(row, &divisions) && search.finds(&row.index));
        (found, sort)
    } else {
        // In the order in which they are asked for, whatever else the query says.
        let of_trustor = |id: &&str| {
            state.organizations.iter().find(|row| state.trustors.get(&row.id).is_some_and(|trustor| trustor.id == **id))
        };
        (trustors.iter().filter_map(of_trustor).collect(), Sort::default())
    };
    Ok(Success::ok(
        page.show(&call.path, &call.query, &sort, found, |row| view::organization(state, row, &expand, include)),
    ))
}

fn list_contacts(state: &mut State, call: &Call) -> Outcome {
    let id = find(state, call.param(0))?.id.clone();
    contacts::list_of(state, call, |row| row.index.key(ORGANIZATION) == Some(&id))
}

/// Assumed: an organization has one trustor, and a trustor one organization; the last link counts.
fn link_trustor(state: &mut State, call: &Call) -> Outcome {
    let row = find(state, call.param(0))?;
    let (id, division) = (row.id.clone(), row.index.key("division").unwrap_or("*").to_owned());
    let trustor = Trustor { id: call.param(1).to_ascii_lowercase(), date: state.clock.date() };
    let link = json!({
        "externalOrganizationId": id,
        "trustorOrgId": trustor.id,
        "dateCreated": trustor.date,
        "externalOrganizationUri": format!("{}/{id}", view::ORGANIZATIONS),
        "division": view::division(&division, false),
    });
    state.trustors.retain(|_, other| other.id != trustor.id);
    state.trustors.insert(id, trustor);
    Ok(Success::ok(link))
}

/// Assumed: where there is no trustor, there is nothing to unlink.
fn unlink_trustor(state: &mut State, call: &Call) -> Outcome {
    let id = find(state, call.param(0))?.id.clone();
    state.trustors.remove(&id).ok_or_else(Failure::not_found)?;
    Ok(Success::no_content())
}
