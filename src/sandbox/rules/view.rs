//! What contacts, organizations, notes and relationships show alike.

use serde_json::{Map, Value, json};

use crate::sandbox::http::failure::Failure;
use crate::sandbox::store::document::{id_in, stub};
use crate::sandbox::store::state::State;
use crate::sandbox::store::table::Row;

pub(crate) const CONTACTS: &str = "/api/v2/externalcontacts/contacts";
pub(crate) const ORGANIZATIONS: &str = "/api/v2/externalcontacts/organizations";

/// The member that names the organization of a contact or of a relationship.
pub(crate) const ORGANIZATION: &str = "externalOrganization";

/// How many divisions a listing can be narrowed to.
pub(crate) const MAX_DIVISIONS: usize = 50;

const DIVISIONS: &str = "/api/v2/authorization/divisions";
pub(crate) const SOURCES: &str = "/api/v2/externalcontacts/externalsources";

/// The division that stands for none, and in filters for all.
pub(crate) const ALL: &str = "*";

/// Assumed: what is created without a division belongs to none.
pub(crate) fn default_division() -> Value {
    json!({ "id": ALL })
}

/// Assumed: `*` finds everything.
pub(crate) fn is_in_divisions(row: &Row, divisions: &[&str]) -> bool {
    let is_meant = |division: &str| divisions.iter().any(|meant| *meant == ALL || meant.eq_ignore_ascii_case(division));
    divisions.is_empty() || is_meant(row.index.key("division").unwrap_or(ALL))
}

/// A division: all of it, or its id.
pub(crate) fn division(id: &str, all: bool) -> Value {
    let mut division = stub(id, DIVISIONS);
    if all {
        division["name"] = if id == ALL { "Unassigned".into() } else { format!("Division {id}").into() };
    }
    division
}

/// Division, external data sources and external sources.
///
/// The sandbox knows no divisions: it takes every id, and makes up a name.
pub(crate) fn common(state: &State, document: &mut Map<String, Value>, expand: &[&str]) {
    let shown = division(id_in(document, "division").unwrap_or(ALL), expand.contains(&"division"));
    document.insert("division".to_owned(), shown);
    if expand.contains(&"externalDataSources") {
        document.insert("externalDataSources".to_owned(), json!([]));
    }
    let all = expand.contains(&"externalSources");
    for id in document.get_mut("externalIds").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(known) = id.get("externalSource").and_then(|source| source.get("id")).and_then(Value::as_str) {
            id["externalSource"] = source(state, known, all);
        }
    }
}

/// An external source: all of it, or its id.
pub(crate) fn source(state: &State, id: &str, all: bool) -> Value {
    match state.sources.get(id) {
        Some(row) if all => external_source(row),
        _ => stub(id, SOURCES),
    }
}

/// What is shown of an external source.
pub(crate) fn external_source(row: &Row) -> Value {
    let mut source = row.document();
    source.insert("selfUri".to_owned(), format!("{SOURCES}/{}", row.id).into());
    source.into()
}

/// An external organization: all of it, or its id.
pub(crate) fn organization_named(state: &State, id: &str, all: bool) -> Value {
    match state.organizations.get(id) {
        Some(row) if all => organization(state, row, &[], false),
        _ => stub(id, ORGANIZATIONS),
    }
}

/// A user. The sandbox knows none: it takes every id, and makes up a name.
pub(crate) fn user(id: &str, all: bool) -> Value {
    let mut user = stub(id, "/api/v2/users");
    if all {
        user["name"] = format!("User {id}").into();
        user["state"] = "active".into();
    }
    user
}

/// Shows where the schema of a document is.
pub(crate) fn link_schema(document: &mut Map<String, Value>, collection: &str) {
    if let Some(schema) = document.get_mut("schema")
        && let Some(id) = schema.get("id").and_then(Value::as_str)
    {
        schema["selfUri"] = format!("{collection}/schemas/{id}").into();
    }
}

/// Whether there is such an external source.
pub(crate) fn is_source(state: &State, id: &str) -> bool {
    state.sources.get(id).is_some()
}

/// External ids must name an external source that exists.
pub(crate) fn check_sources(state: &State, document: &Map<String, Value>) -> Result<(), Failure> {
    for (index, id) in document.get("externalIds").and_then(Value::as_array).into_iter().flatten().enumerate() {
        if let Some(source) = id.as_object().and_then(|id| id_in(id, "externalSource"))
            && !is_source(state, source)
        {
            return Err(Failure::bad_member(format!("externalIds[{index}].externalSource.id")));
        }
    }
    Ok(())
}

/// The service makes the address of a Twitter account from its name.
pub(crate) fn set_profile_url(document: &mut Map<String, Value>) {
    if let Some(twitter) = document.get_mut("twitterId")
        && let Some(name) = twitter.get("screenName").and_then(Value::as_str)
    {
        twitter["profileUrl"] = format!("https://www.twitter.com/{}", name.trim_start_matches('@')).into();
    }
}

/// What is shown of a contact.
pub(crate) fn contact(state: &State, row: &Row, expand: &[&str]) -> Value {
    let mut shown = row.document();
    common(state, &mut shown, expand);
    if expand.contains(&"identifiers") {
        let all = expand.contains(&"externalSources");
        let identifiers = state.claims.of(&row.id, &shown, |id| source(state, id, all));
        shown.insert("identifiers".to_owned(), identifiers);
    }
    if let Some(organization) = row.index.key(ORGANIZATION) {
        let organization = organization_named(state, organization, expand.contains(&ORGANIZATION));
        shown.insert(ORGANIZATION.to_owned(), organization);
    }
    link_schema(&mut shown, CONTACTS);
    shown.insert("selfUri".to_owned(), format!("{CONTACTS}/{}", row.id).into());
    shown.into()
}

/// What is shown of an organization.
pub(crate) fn organization(state: &State, row: &Row, expand: &[&str], trustors: bool) -> Value {
    let mut organization = row.document();
    common(state, &mut organization, expand);
    if expand.contains(&"identifiers") {
        let all = expand.contains(&"externalSources");
        let identifiers = state.organization_claims.of(&row.id, &organization, |id| source(state, id, all));
        organization.insert("identifiers".to_owned(), identifiers);
    }
    if let Some(trustor) = state.trustors.get(&row.id).filter(|_| trustors) {
        let trustor = json!({
            "id": trustor.id,
            "enabled": true,
            "dateCreated": trustor.date,
            "selfUri": format!("/api/v2/orgauthorization/trustors/{}", trustor.id),
        });
        organization.insert("trustor".to_owned(), trustor);
    }
    link_schema(&mut organization, ORGANIZATIONS);
    organization.insert("selfUri".to_owned(), format!("{ORGANIZATIONS}/{}", row.id).into());
    organization.into()
}
