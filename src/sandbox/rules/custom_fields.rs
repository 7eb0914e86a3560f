//! What a schema allows in the custom fields of a document.

use serde_json::{Map, Value};
use time::Date;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

use crate::sandbox::http::failure::{Failure, Violation};
use crate::sandbox::rules::validate::is_date;
use crate::sandbox::store::document::id_in;
use crate::sandbox::store::schemas::Schemas;

const DAY: &[BorrowedFormatItem<'static>] = format_description!("[year]-[month]-[day]");

/// What a custom field can be: its name ends with one of these.
pub(crate) const TYPES: &[(&str, FieldType)] = &[
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
pub(crate) enum FieldType {
    Text(u64),
    Enum,
    Number,
    Integer,
    Date,
    DateTime,
    Checkbox,
    Tag,
}

pub(crate) fn field_type(name: &str) -> Option<FieldType> {
    TYPES.iter().find(|(suffix, _)| name.ends_with(suffix)).map(|(_, kind)| *kind)
}

/// Checks the custom fields of a document. `old` is what the document was before.
///
/// Assumed: nulls among them are none; a schema without a version is its latest one; custom fields need a schema; a
/// value that the schema doesn't allow is a 422.
pub(crate) fn check(
    schemas: &Schemas,
    document: &mut Map<String, Value>,
    old: Option<&Map<String, Value>>,
) -> Result<(), Failure> {
    if let Some(fields) = document.get_mut("customFields").and_then(Value::as_object_mut) {
        fields.retain(|_, value| !value.is_null());
    }
    let has_fields = document.get("customFields").and_then(Value::as_object).is_some_and(|fields| !fields.is_empty());
    let Some(id) = id_in(document, "schema") else {
        if has_fields {
            return Err(Failure::violation("customFields", "needs a schema"));
        }
        return Ok(());
    };
    let is_new = old.and_then(|old| id_in(old, "schema")) != Some(id);
    let Some(schema) = schemas.get(id) else {
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
