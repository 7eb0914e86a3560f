//! What an import does with each line of its file.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use crate::sandbox::api::{contacts, graphs, merges};
use crate::sandbox::http::failure::Failure;
use crate::sandbox::rules::csv;
use crate::sandbox::store::document::id_in;
use crate::sandbox::store::state::State;
use crate::sandbox::store::work::{Import, Report};

/// Who can be found by what: kind and value.
#[derive(Default)]
struct Known(HashMap<(&'static str, String), Vec<String>>);

impl Known {
    fn note(&mut self, id: &str, contact: &Map<String, Value>, source: &str) {
        for key in keys(contact, source) {
            let ids = self.0.entry(key).or_default();
            if !ids.iter().any(|known| known == id) {
                ids.push(id.to_owned());
            }
        }
    }

    /// The contacts that have something in common with this one, those first that come first in `criteria`.
    fn find(&self, state: &State, contact: &Map<String, Value>, source: &str, criteria: &[&str]) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for criterion in criteria {
            for key in keys(contact, source).into_iter().filter(|(kind, _)| kind == criterion) {
                for id in self.0.get(&key).into_iter().flatten() {
                    if !found.contains(id) && state.contacts.get(id).is_some() {
                        found.push(id.clone());
                    }
                }
            }
        }
        found
    }
}

/// What a contact can be found by.
fn keys(contact: &Map<String, Value>, source: &str) -> Vec<(&'static str, String)> {
    let mut keys = Vec::new();
    for id in contact.get("externalIds").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object) {
        if let Some(value) =
            id.get("value").and_then(Value::as_str).filter(|_| id_in(id, "externalSource") == Some(source))
        {
            keys.push(("ExternalId", value.to_owned()));
        }
    }
    for (kind, value) in graphs::identifiers(contact) {
        if kind != "ExternalId" {
            keys.push((kind, value));
        }
    }
    keys
}

/// Assumed: a contact is found by its external id in the source of the import, then by the matching criteria in their order.
/// Where none is found, one is created. Where some are, they are merged if the settings say so, and the first one, or what
/// they were merged into, is updated: members of the file take the place of those that are there.
pub(crate) fn run(state: &mut State, import: &Import) -> Report {
    let source = import.settings.get("externalSourceId").and_then(Value::as_str).unwrap_or_default();
    let merges = import.settings.get("mergeContacts") == Some(&Value::Bool(true));
    let mut criteria = vec!["ExternalId"];
    let given = import.settings.get("matchingCriteria").and_then(Value::as_array).into_iter().flatten();
    criteria.extend(given.filter_map(Value::as_str));
    let mut known = Known::default();
    for row in state.contacts.iter() {
        known.note(&row.id, &row.document(), source);
    }
    let (mut good, mut bad, mut text) = (0, 0, String::from("line,outcome,message\n"));
    let file = import.file.as_deref().unwrap_or_default();
    let mut reader = csv::reader(file);
    let columns = columns(reader.headers().ok(), &import.mappings);
    for record in reader.records().filter_map(Result::ok) {
        let line = record.position().map_or(0, |position| position.line());
        let outcome = read(&record, &columns, source, import.division.as_ref()).and_then(|contact| {
            let mut found = known.find(state, &contact, source, &criteria);
            let id = match (found.len(), merges) {
                (0, _) => contacts::add(state, &contact, contacts::CURATED)?,
                (2.., true) => {
                    let ids: Vec<_> = found.iter().map(String::as_str).collect();
                    let id = merges::merge(state, &ids, None)?;
                    update(state, &id, &contact)?;
                    id
                }
                _ => {
                    let id = found.swap_remove(0);
                    update(state, &id, &contact)?;
                    id
                }
            };
            if let Some(row) = state.contacts.get(&id) {
                known.note(&id, &row.document(), source);
            }
            Ok(())
        });
        match outcome {
            Ok(()) => good += 1,
            Err(failure) => {
                bad += 1;
                text.push_str(&format!("{line},failed,\"{}\"\n", failure.message().replace('"', "\"\"")));
            }
        }
    }
    Report { good, bad, text: text.into_bytes().into() }
}

/// Changes those members of a contact that the file has.
fn update(state: &mut State, id: &str, members: &Map<String, Value>) -> Result<(), Failure> {
    let mut contact = contacts::find(state, id)?.document();
    contact.extend(members.clone());
    contacts::rewrite(state, id, &contact)
}

/// Which column goes into which field.
fn columns(headers: Option<&::csv::StringRecord>, mappings: &[(String, String)]) -> Vec<(usize, Vec<String>)> {
    let at = |column: &str| headers?.iter().position(|header| header.trim().eq_ignore_ascii_case(column.trim()));
    let path = |field: &str| {
        let field = field.trim_start_matches('$').replace('[', ".").replace(']', "");
        field.split('.').filter(|part| !part.is_empty()).map(str::to_owned).collect()
    };
    mappings.iter().filter_map(|(column, field)| Some((at(column)?, path(field)))).collect()
}

/// The contact in a line. Documented: each line has an external id.
fn read(
    record: &::csv::StringRecord,
    columns: &[(usize, Vec<String>)],
    source: &str,
    division: Option<&Value>,
) -> Result<Map<String, Value>, Failure> {
    let mut contact = json!({});
    for (column, path) in columns {
        if let Some(value) = record.get(*column).filter(|value| !value.trim().is_empty()) {
            put(&mut contact, path, value);
        }
    }
    let ids = contact.get_mut("externalIds").and_then(Value::as_array_mut);
    let ids = ids.filter(|ids| !ids.is_empty()).ok_or_else(|| Failure::violation("externalIds", "is missing"))?;
    for id in ids.iter_mut().filter(|id| id.get("externalSource").is_none()) {
        id["externalSource"] = json!({ "id": source });
    }
    if let Some(division) = division {
        contact["division"] = division.clone();
    }
    Ok(contact.as_object().cloned().unwrap_or_default())
}

/// Puts a value to where a path leads. Numbers in it are places in lists.
fn put(place: &mut Value, path: &[String], value: &str) {
    let Some((first, rest)) = path.split_first() else {
        *place = value.into();
        return;
    };
    match first.parse::<usize>() {
        // Ten is more than any list of a contact takes.
        Ok(index) if index < 10 => {
            if !place.is_array() {
                *place = json!([]);
            }
            if let Some(list) = place.as_array_mut() {
                while list.len() <= index {
                    list.push(json!({}));
                }
                put(&mut list[index], rest, value);
            }
        }
        _ => {
            if !place.is_object() {
                *place = json!({});
            }
            put(&mut place[first.as_str()], rest, value);
        }
    }
}
