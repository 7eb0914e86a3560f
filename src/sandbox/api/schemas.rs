//! Schemas of custom fields, and what they allow.

use serde_json::{Map, Value, json};

use crate::sandbox::http::answer::{Outcome, Success};
use crate::sandbox::http::endpoint::{Call, Endpoint, Permissions};
use crate::sandbox::http::failure::{Failure, Violation};
use crate::sandbox::rules::core_types;
use crate::sandbox::rules::custom_fields::{TYPES, field_type};
use crate::sandbox::rules::validate::{self, ANY, Kind, Member, member, read_only, trimmed};
use crate::sandbox::rules::view;
use crate::sandbox::store::document::new_id;
use crate::sandbox::store::schemas::{Schema, Schemas};
use crate::sandbox::store::state::State;

const OF_CONTACTS: &str = "/api/v2/externalcontacts/contacts/schemas";
const ONE_OF_CONTACTS: &str = "/api/v2/externalcontacts/contacts/schemas/{}";
const OF_ORGANIZATIONS: &str = "/api/v2/externalcontacts/organizations/schemas";
const ONE_OF_ORGANIZATIONS: &str = "/api/v2/externalcontacts/organizations/schemas/{}";

const VIEW: Permissions = Permissions::Any(&["externalContacts:customFields:view"]);
const ADD: Permissions = Permissions::Any(&["externalContacts:customFields:add"]);
const EDIT: Permissions = Permissions::Any(&["externalContacts:customFields:edit"]);

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::get(OF_CONTACTS, VIEW, list::<Contacts>),
    Endpoint::post(OF_CONTACTS, ADD, create::<Contacts>),
    Endpoint::get(ONE_OF_CONTACTS, VIEW, get::<Contacts>),
    Endpoint::put(ONE_OF_CONTACTS, EDIT, update::<Contacts>),
    Endpoint::delete(ONE_OF_CONTACTS, EDIT, delete),
    Endpoint::get("/api/v2/externalcontacts/contacts/schemas/{}/versions", VIEW, list_versions::<Contacts>),
    Endpoint::get("/api/v2/externalcontacts/contacts/schemas/{}/versions/{}", VIEW, get_version::<Contacts>),
    Endpoint::get(OF_ORGANIZATIONS, VIEW, list::<Organizations>),
    Endpoint::post(OF_ORGANIZATIONS, ADD, create::<Organizations>),
    Endpoint::get(ONE_OF_ORGANIZATIONS, VIEW, get::<Organizations>),
    Endpoint::put(ONE_OF_ORGANIZATIONS, EDIT, update::<Organizations>),
    Endpoint::get("/api/v2/externalcontacts/organizations/schemas/{}/versions", VIEW, list_versions::<Organizations>),
    Endpoint::get("/api/v2/externalcontacts/organizations/schemas/{}/versions/{}", VIEW, get_version::<Organizations>),
    Endpoint::get("/api/v2/externalcontacts/contacts/schemas/coretypes", VIEW, list_core_types),
    Endpoint::get("/api/v2/externalcontacts/contacts/schemas/coretypes/{}", VIEW, get_core_type),
    Endpoint::get("/api/v2/externalcontacts/contacts/schemas/limits", VIEW, limits),
    Endpoint::get("/api/v2/externalcontacts/organizations/schemas/coretypes", VIEW, list_core_types),
    Endpoint::get("/api/v2/externalcontacts/organizations/schemas/coretypes/{}", VIEW, get_core_type),
    Endpoint::get("/api/v2/externalcontacts/organizations/schemas/limits", VIEW, limits),
];

const MOST_SCHEMAS: usize = 20;
const MOST_FIELDS: usize = 25;

/// What schemas are for.
trait Owner {
    const PATH: &'static str;
    /// Assumed: the names in `appliesTo`.
    const APPLIES_TO: &'static str;

    fn schemas(state: &State) -> &Schemas;
    fn schemas_mut(state: &mut State) -> &mut Schemas;
}

struct Contacts;

impl Owner for Contacts {
    const PATH: &'static str = view::CONTACTS;
    const APPLIES_TO: &'static str = "CONTACT";

    fn schemas(state: &State) -> &Schemas {
        &state.contact_schemas
    }

    fn schemas_mut(state: &mut State) -> &mut Schemas {
        &mut state.contact_schemas
    }
}

struct Organizations;

impl Owner for Organizations {
    const PATH: &'static str = view::ORGANIZATIONS;
    const APPLIES_TO: &'static str = "EXTERNAL_ORGANIZATION";

    fn schemas(state: &State) -> &Schemas {
        &state.organization_schemas
    }

    fn schemas_mut(state: &mut State) -> &mut Schemas {
        &mut state.organization_schemas
    }
}

const MEMBERS: &[Member] = &[
    read_only("id", ANY),
    member("name", trimmed(usize::MAX)),
    member("version", Kind::Int),
    read_only("appliesTo", Kind::List(&ANY, None)),
    member("enabled", Kind::Bool),
    read_only("createdBy", Kind::Map),
    read_only("dateCreated", Kind::Date),
    member("jsonSchema", Kind::Map),
    read_only("selfUri", ANY),
];

/// Reads a body. `of` is the schema that it is a new version of.
///
/// Assumed: two schemas of the same name are a conflict.
fn read<O: Owner>(state: &State, body: &Map<String, Value>, of: Option<&str>) -> Result<Map<String, Value>, Failure> {
    let schema = validate::document(body, MEMBERS, state.settings.unknown_members)?;
    validate::require(&schema, &["jsonSchema"])?;
    let mut violations = Vec::new();
    let mut violated = |field: String, rule: String| violations.push(Violation { field, rule });
    match schema.get("jsonSchema").and_then(|document| document.get("properties")) {
        None | Some(Value::Null) => {}
        Some(Value::Object(fields)) => {
            if fields.len() > MOST_FIELDS {
                violated("jsonSchema.properties".to_owned(), format!("holds more than {MOST_FIELDS}"));
            }
            for (name, field) in fields {
                if field_type(name).is_none() {
                    let suffixes: Vec<_> = TYPES.iter().map(|(suffix, _)| *suffix).collect();
                    let rule = format!("must end with one of {}", suffixes.join(", "));
                    violated(format!("jsonSchema.properties.{name}"), rule);
                } else if !field.is_object() {
                    violated(format!("jsonSchema.properties.{name}"), "must be an object".to_owned());
                }
            }
        }
        Some(_) => violated("jsonSchema.properties".to_owned(), "must be an object".to_owned()),
    }
    if !violations.is_empty() {
        return Err(Failure::violations(&violations));
    }
    let others = O::schemas(state).0.iter().filter(|other| Some(&*other.id) != of).filter_map(Schema::latest);
    if let Some(name) = schema.get("name")
        && others.into_iter().any(|other| other.get("name") == Some(name))
    {
        return Err(Failure::conflict("name"));
    }
    Ok(schema)
}

fn complete<O: Owner>(state: &State, schema: &mut Map<String, Value>, id: &str, version: usize) {
    schema.insert("id".to_owned(), id.into());
    schema.insert("version".to_owned(), version.into());
    schema.insert("appliesTo".to_owned(), json!([O::APPLIES_TO]));
    schema.insert("dateCreated".to_owned(), state.clock.date().into());
    schema.insert("selfUri".to_owned(), format!("{}/schemas/{id}", O::PATH).into());
    schema.entry("enabled").or_insert(Value::Bool(true));
}

/// Assumed: whatever version is sent, the first is 1.
fn create<O: Owner>(state: &mut State, call: &Call) -> Outcome {
    let mut schema = read::<O>(state, &call.body, None)?;
    if O::schemas(state).0.len() >= MOST_SCHEMAS {
        return Err(Failure::violation("schema", format!("would be one of more than {MOST_SCHEMAS}")));
    }
    let id = new_id();
    complete::<O>(state, &mut schema, &id, 1);
    O::schemas_mut(state).0.push(Schema { id, versions: vec![schema.clone()] });
    Ok(Success::ok(schema))
}

fn update<O: Owner>(state: &mut State, call: &Call) -> Outcome {
    let old = find::<O>(state, call)?;
    let (id, current) = (old.id.clone(), old.versions.len());
    let mut schema = read::<O>(state, &call.body, Some(&id))?;
    validate::require(&schema, &["version"])?;
    if schema.get("version").and_then(Value::as_u64) != u64::try_from(current).ok() {
        return Err(Failure::conflict("version"));
    }
    complete::<O>(state, &mut schema, &id, current + 1);
    if let Some(old) = O::schemas_mut(state).0.iter_mut().find(|old| old.id == id) {
        old.versions.push(schema.clone());
    }
    Ok(Success::ok(schema))
}

/// Only schemas of contacts can be deleted.
fn delete(state: &mut State, call: &Call) -> Outcome {
    let id = find::<Contacts>(state, call)?.id.clone();
    state.contact_schemas.0.retain(|schema| schema.id != id);
    Ok(Success::no_content())
}

fn find<'a, O: Owner>(state: &'a State, call: &Call) -> Result<&'a Schema, Failure> {
    O::schemas(state).get(call.param(0)).ok_or_else(Failure::not_found)
}

fn get<O: Owner>(state: &mut State, call: &Call) -> Outcome {
    let schema = find::<O>(state, call)?.latest().ok_or_else(Failure::not_found)?;
    Ok(Success::ok(schema.clone()))
}

fn get_version<O: Owner>(state: &mut State, call: &Call) -> Outcome {
    let schema = find::<O>(state, call)?;
    let sent = call.param(1);
    let refused = |_| Failure::invalid_value("versionId", &sent.into(), "Integer", "a whole number");
    let number: u64 = sent.parse().map_err(refused)?;
    Ok(Success::ok(schema.version(number).ok_or_else(Failure::not_found)?.clone()))
}

fn list<O: Owner>(state: &mut State, call: &Call) -> Outcome {
    let all: Vec<_> = O::schemas(state).0.iter().filter_map(Schema::latest).cloned().collect();
    Ok(Success::ok(json!({ "total": all.len(), "entities": all, "selfUri": call.path })))
}

fn list_versions<O: Owner>(state: &mut State, call: &Call) -> Outcome {
    let all = &find::<O>(state, call)?.versions;
    Ok(Success::ok(json!({ "total": all.len(), "entities": all, "selfUri": call.path })))
}

fn list_core_types(_: &mut State, call: &Call) -> Outcome {
    let all: Vec<_> = core_types::all(&call.path).collect();
    Ok(Success::ok(json!({ "total": all.len(), "entities": all, "selfUri": call.path })))
}

fn get_core_type(_: &mut State, call: &Call) -> Outcome {
    let collection = call.path.rsplit_once('/').map_or("", |(collection, _)| collection);
    let found = core_types::all(collection).find(|core_type| core_type["name"] == call.param(0));
    Ok(Success::ok(found.ok_or_else(Failure::not_found)?))
}

fn limits(_: &mut State, call: &Call) -> Outcome {
    Ok(Success::ok(core_types::limits(&call.path, MOST_SCHEMAS, MOST_FIELDS)))
}
