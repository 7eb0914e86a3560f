//! What a schema says of custom fields, as far as it can be checked without the service.

use std::ops::RangeInclusive;

use serde_json::Value;

use super::JsonSchemaDocument;
use crate::Extra;
use crate::error::Error;

impl JsonSchemaDocument {
    /// Refuses fields that this document doesn't allow. A null is a field that is to be cleared.
    ///
    /// What a field's name says of its kind has been checked before, and what this function doesn't know is left to the
    /// service.
    pub(crate) fn check(&self, fields: &Extra) -> Result<(), Error> {
        let Some(properties) = &self.properties else { return Ok(()) };
        let refuse = |name: &str, problem: &str| Err(Error::invalid("customFields", format!("{name:?} {problem}")));
        let is_set = |name: &String| fields.get(name).is_some_and(|value| !value.is_null());
        if let Some(name) = self.required.iter().flatten().find(|name| !is_set(name)) {
            return refuse(name, "is required by the schema and missing");
        }
        let are_others_allowed = !matches!(self.additional_properties, None | Some(Value::Null | Value::Bool(false)));
        for (name, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
            match properties.get(name) {
                Some(property) => {
                    if let Some(problem) = broken_rule(property, value) {
                        return refuse(name, &problem);
                    }
                }
                None if are_others_allowed => {}
                None => return refuse(name, "is not in the schema"),
            }
        }
        Ok(())
    }
}

/// The rule of a property that a value breaks, without the value, which may be personal data.
fn broken_rule(property: &Value, value: &Value) -> Option<String> {
    match value {
        Value::String(text) => {
            let lengths = bounds(property, "minLength", "maxLength");
            let options = property.get("enum").and_then(Value::as_array);
            if !lengths.contains(&length(text)) {
                return Some(format!("must have {} characters", shown(&lengths)));
            }
            options
                .is_some_and(|options| !options.contains(value))
                .then(|| "must be one of the schema's choices".to_owned())
        }
        Value::Number(number) => {
            let limit = |name| property.get(name).and_then(Value::as_f64);
            let number = number.as_f64()?;
            let is_below = limit("minimum").is_some_and(|minimum| number < minimum);
            let is_above = limit("maximum").is_some_and(|maximum| number > maximum);
            (is_below || is_above).then(|| "is out of the schema's bounds".to_owned())
        }
        Value::Array(tags) => {
            let counts = bounds(property, "minItems", "maxItems");
            if !counts.contains(&(tags.len() as u64)) {
                return Some(format!("must have {} tags", shown(&counts)));
            }
            let lengths = bounds(property.get("items").unwrap_or(&Value::Null), "minLength", "maxLength");
            if tags.iter().filter_map(Value::as_str).any(|tag| !lengths.contains(&length(tag))) {
                return Some(format!("must have tags of {} characters", shown(&lengths)));
            }
            let is_double = tags.iter().enumerate().any(|(index, tag)| tags[..index].contains(tag));
            let must_differ = property.get("uniqueItems") == Some(&Value::Bool(true));
            (is_double && must_differ).then(|| "has the same tag twice".to_owned())
        }
        _ => None,
    }
}

fn length(text: &str) -> u64 {
    text.chars().count() as u64
}

fn bounds(property: &Value, lowest: &str, highest: &str) -> RangeInclusive<u64> {
    let bound = |name: &str| property.get(name).and_then(Value::as_u64);
    bound(lowest).unwrap_or(0)..=bound(highest).unwrap_or(u64::MAX)
}

fn shown(bounds: &RangeInclusive<u64>) -> String {
    match (*bounds.start(), *bounds.end()) {
        (lowest, u64::MAX) => format!("{lowest} or more"),
        (lowest, highest) => format!("{lowest} to {highest}"),
    }
}
