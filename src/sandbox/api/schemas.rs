//! Schemas of custom fields, and what they allow.

use serde_json::{Map, Value, json};
use time::Date;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

use crate::sandbox::api::contacts;
use crate::sandbox::api::organizations;
use crate::sandbox::http::answer::{Failure, Outcome, Success, Violation};
use crate::sandbox::http::route::{Call, Endpoint};
use crate::sandbox::rules::validate::{self, ANY, Kind, Member, is_date, member, read_only, trimmed};
use crate::sandbox::store::state::{State, id_in, new_id};

const OF_CONTACTS: &str = "/api/v2/externalcontacts/contacts/schemas";
const ONE_OF_CONTACTS: &str = "/api/v2/externalcontacts/contacts/schemas/{}";
const OF_ORGANIZATIONS: &str = "/api/v2/externalcontacts/organizations/schemas";
const ONE_OF_ORGANIZATIONS: &str = "/api/v2/externalcontacts/organizations/schemas/{}";

const VIEW: &[&str] = &["externalContacts:customFields:view"];
const ADD: &[&str] = &["externalContacts:customFields:add"];
const EDIT: &[&str] = &["externalContacts:customFields:edit"];

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
];

const MOST_SCHEMAS: usize = 20;
const MOST_FIELDS: usize = 25;

const DAY: &[BorrowedFormatItem<'static>] = format_description!("[year]-[month]-[day]");

/// What a custom field can be: its name ends with one of these.
const TYPES: &[(&str, FieldType)] = &[
    ("_text", FieldType::Text(100)),
    ("_longtext", FieldType::Text(1000)),
    ("_url", FieldType::Text(200)),
    ("_identifier", FieldType::Text(100)),
    ("_enum", FieldType::Enum),
    ("_number", FieldType::Number),
    ("_integer", FieldType::Integer),
    ("_date", FieldType::Date),
    ("_datetime", FieldType::DateTime),
    ("_checkbox", FieldType::Checkbox),
    ("_tag", FieldType::Tag),
];

#[derive(Clone, Copy)]
enum FieldType {
    Text(u64),
    Enum,
    Number,
    Integer,
    Date,
    DateTime,
    Checkbox,
    Tag,
}

fn field_type(name: &str) -> Option<FieldType> {
    TYPES.iter().find(|(suffix, _)| name.ends_with(suffix)).map(|(_, kind)| *kind)
}

/// The schemas of one kind of entity.
#[derive(Clone, Default)]
pub(crate) struct Schemas(Vec<Schema>);

/// All versions of a schema, the first is version 1.
#[derive(Clone)]
struct Schema {
    id: String,
    versions: Vec<Map<String, Value>>,
}

impl Schema {
    fn latest(&self) -> Option<&Map<String, Value>> {
        self.versions.last()
    }

    fn version(&self, number: u64) -> Option<&Map<String, Value>> {
        self.versions.get(usize::try_from(number).ok()?.checked_sub(1)?)
    }
}

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
    const PATH: &'static str = contacts::PATH;
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
    const PATH: &'static str = organizations::PATH;
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
    let number: u64 =
        call.param(1).parse().map_err(|_| Failure::invalid_value("versionId", "Integer", "a whole number"))?;
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

impl Schemas {
    fn get(&self, id: &str) -> Option<&Schema> {
        self.0.iter().find(|schema| schema.id.eq_ignore_ascii_case(id))
    }

    /// Checks the custom fields of a document. `old` is what the document was before.
    ///
    /// Assumed: nulls among them are none; a schema without a version is its latest one; custom fields need a schema; a value that the schema
    /// doesn't allow is a 422.
    pub(crate) fn check(
        &self,
        document: &mut Map<String, Value>,
        old: Option<&Map<String, Value>>,
    ) -> Result<(), Failure> {
        if let Some(fields) = document.get_mut("customFields").and_then(Value::as_object_mut) {
            fields.retain(|_, value| !value.is_null());
        }
        let has_fields =
            document.get("customFields").and_then(Value::as_object).is_some_and(|fields| !fields.is_empty());
        let Some(id) = id_in(document, "schema") else {
            if has_fields {
                return Err(Failure::violation("customFields", "needs a schema"));
            }
            return Ok(());
        };
        let is_new = old.and_then(|old| id_in(old, "schema")) != Some(id);
        let Some(schema) = self.get(id) else {
            // What it says stays when it is deleted; nothing can be checked then.
            return if is_new { Err(Failure::bad_member("schema.id")) } else { Ok(()) };
        };
        let version = match document.get("schema").and_then(|schema| schema.get("version")) {
            None | Some(Value::Null) => u64::try_from(schema.versions.len()).unwrap_or(u64::MAX),
            Some(version) => version.as_u64().unwrap_or(0),
        };
        let definition = schema.version(version).ok_or_else(|| Failure::bad_member("schema.version"))?;
        let is_enabled = schema.latest().and_then(|latest| latest.get("enabled")) != Some(&Value::Bool(false));
        if is_new && !is_enabled {
            return Err(Failure::violation("schema", "is disabled"));
        }
        let violations = check_fields(definition, document.get("customFields").and_then(Value::as_object));
        if !violations.is_empty() {
            return Err(Failure::violations(&violations));
        }
        if let Some(reference) = document.get_mut("schema") {
            reference["version"] = version.into();
        }
        Ok(())
    }
}

fn check_fields(schema: &Map<String, Value>, fields: Option<&Map<String, Value>>) -> Vec<Violation> {
    let definition = schema.get("jsonSchema");
    let properties = definition.and_then(|schema| schema.get("properties")).and_then(Value::as_object);
    let required = definition.and_then(|schema| schema.get("required")).and_then(Value::as_array);
    let mut violations = Vec::new();
    let mut violated =
        |name: &str, rule: String| violations.push(Violation { field: format!("customFields.{name}"), rule });
    for name in required.into_iter().flatten().filter_map(Value::as_str) {
        if fields.and_then(|fields| fields.get(name)).is_none() {
            violated(name, "is missing".to_owned());
        }
    }
    for (name, value) in fields.into_iter().flatten() {
        match properties.and_then(|properties| properties.get(name)) {
            None => violated(name, "is not in the schema".to_owned()),
            Some(property) => {
                if let Some(rule) = broken_rule(name, property, value) {
                    violated(name, rule);
                }
            }
        }
    }
    violations
}

/// The rule that a value of a custom field breaks.
fn broken_rule(name: &str, property: &Value, value: &Value) -> Option<String> {
    let limit = |name: &str, default: u64| property.get(name).and_then(Value::as_u64).unwrap_or(default);
    let length = |text: &str| u64::try_from(text.chars().count()).unwrap_or(u64::MAX);
    match (field_type(name)?, value) {
        (FieldType::Text(max), Value::String(text)) => {
            let (min, max) = (limit("minLength", 0), limit("maxLength", max));
            let fits = (min..=max).contains(&length(text));
            (!fits).then(|| format!("must have {min} to {max} characters"))
        }
        (FieldType::Enum, Value::String(_)) => {
            let options = property.get("enum").and_then(Value::as_array);
            let is_one = options.is_none_or(|options| options.contains(value));
            (!is_one).then(|| "must be one of the options".to_owned())
        }
        (FieldType::Text(_) | FieldType::Enum, _) => Some("must be a string".to_owned()),
        (FieldType::Integer, Value::Number(number)) if !(number.is_i64() || number.is_u64()) => {
            Some("must be a whole number".to_owned())
        }
        (FieldType::Number | FieldType::Integer, Value::Number(number)) => {
            let bound = |name: &str| property.get(name).and_then(Value::as_f64);
            let number = number.as_f64().unwrap_or_default();
            let is_too_small = bound("minimum").is_some_and(|min| number < min);
            let is_too_large = bound("maximum").is_some_and(|max| number > max);
            (is_too_small || is_too_large).then(|| "is out of bounds".to_owned())
        }
        (FieldType::Number | FieldType::Integer, _) => Some("must be a number".to_owned()),
        (FieldType::Date, Value::String(text)) if Date::parse(text, DAY).is_ok() => None,
        (FieldType::Date, _) => Some("must be a day such as 2026-01-02".to_owned()),
        (FieldType::DateTime, Value::String(text)) if is_date(text) => None,
        (FieldType::DateTime, _) => Some("must be a date-time such as 2026-01-02T03:04:05.678Z".to_owned()),
        (FieldType::Checkbox, Value::Bool(_)) => None,
        (FieldType::Checkbox, _) => Some("must be true or false".to_owned()),
        (FieldType::Tag, Value::Array(tags)) => {
            let (min, max) = (limit("minItems", 0), limit("maxItems", 10));
            let fits = (min..=max).contains(&u64::try_from(tags.len()).unwrap_or(u64::MAX));
            let is_tag = |tag: &Value| tag.as_str().is_some_and(|tag| (1..=100).contains(&length(tag)));
            let is_double = tags.iter().enumerate().any(|(index, tag)| tags[..index].contains(tag));
            if !fits {
                Some(format!("must have {min} to {max} tags"))
            } else if is_double || !tags.iter().all(is_tag) {
                Some("must have tags of 1 to 100 characters, each once".to_owned())
            } else {
                None
            }
        }
        (FieldType::Tag, _) => Some("must be a list of strings".to_owned()),
    }
}
