//! Changes of single fields: patches, and the field rules of enrichments.

use serde_json::{Map, Value};

use crate::sandbox::http::failure::{Failure, Violation};

/// Whether there is nothing in it.
pub(crate) fn is_empty(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => true,
        Some(Value::String(text)) => text.is_empty(),
        Some(Value::Array(values)) => values.is_empty(),
        Some(Value::Object(members)) => members.is_empty(),
        Some(_) => false,
    }
}

/// Whether the value that a caller means is this one: it has all that this one has, or the same id.
///
/// Assumed: a caller hands in what was read, in which there is more than is kept.
fn is_meant(meant: &Value, value: &Value) -> bool {
    match (meant, value) {
        (Value::Object(meant), Value::Object(value)) => {
            let has_id = value.get("id").is_some_and(|id| meant.get("id") == Some(id));
            let covers = |(name, value): (&String, &Value)| meant.get(name).is_some_and(|meant| is_meant(meant, value));
            has_id || value.iter().all(covers)
        }
        _ => meant == value,
    }
}

// ---- Patches ------------------------------------------------------------------------------------------------------------

/// A change of a patch.
pub(crate) struct Change {
    /// The names in its path.
    pub(crate) path: Vec<String>,
    action: Action,
    value: Value,
}

#[derive(Clone, Copy, PartialEq)]
enum Action {
    UpdateIfEmpty,
    UpdateIfExists,
    Update,
    Append,
    Remove,
    RemoveFrom,
}

const ACTIONS: &[(&str, Action)] = &[
    ("UpdateIfEmpty", Action::UpdateIfEmpty),
    ("UpdateIfExists", Action::UpdateIfExists),
    ("Update", Action::Update),
    ("AppendToCollection", Action::Append),
    ("Remove", Action::Remove),
    ("RemoveFromCollection", Action::RemoveFrom),
];

/// The changes in a body.
///
/// A field and one inside of it are a conflict. Assumed: a field twice is one, too; a field is a path that begins with `$.`; at
/// least one change is needed; `read_only` members can't change.
pub(crate) fn changes(body: &Map<String, Value>, read_only: &[&str]) -> Result<Vec<Change>, Failure> {
    let list = body.get("changes").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    if list.is_empty() {
        return Err(Failure::violation("changes", "is missing"));
    }
    let mut changes: Vec<Change> = Vec::new();
    for (index, change) in list.iter().enumerate() {
        let at = |name: &str| format!("changes[{index}].{name}");
        let text = |name: &str| change.get(name).and_then(Value::as_str).unwrap_or_default();
        let action = match ACTIONS.iter().find(|(name, _)| *name == text("action")) {
            Some((_, action)) => *action,
            None if is_empty(change.get("action")) => return Err(Failure::violation(at("action"), "is missing")),
            None => {
                let allowed: Vec<_> = ACTIONS.iter().map(|(name, _)| *name).collect();
                let value = change.get("action").cloned().unwrap_or_default();
                return Err(Failure::invalid_value(&at("action"), &value, "Enum", &allowed.join(", ")));
            }
        };
        let path = text("field").strip_prefix("$.").unwrap_or_default();
        let path: Vec<_> = path.split('.').map(str::to_owned).collect();
        if path.iter().any(String::is_empty) {
            return Err(Failure::violation(at("field"), "must be a path such as $.address.city"));
        }
        if read_only.contains(&path[0].as_str()) {
            return Err(Failure::violation(at("field"), "can't be changed"));
        }
        let is_inside = |other: &Change| other.path.starts_with(&path) || path.starts_with(&other.path);
        if changes.iter().any(is_inside) {
            return Err(Failure::conflict(&at("field")));
        }
        let value = change.get("value").cloned().unwrap_or_default();
        if value.is_null() && action != Action::Remove {
            return Err(Failure::violation(at("value"), "is missing"));
        }
        changes.push(Change { path, action, value });
    }
    Ok(changes)
}

/// Makes a change.
///
/// Assumed: a collection takes one value as well as a list of values; what is not there is removed already.
pub(crate) fn apply(change: &Change, document: &mut Map<String, Value>) -> Result<(), Failure> {
    let Change { path, action, value } = change;
    let (name, parents) = match path.split_last() {
        Some(parts) => parts,
        None => return Ok(()),
    };
    let wrong = |rule: &str| Failure::violation(path.join("."), rule);
    let creates = matches!(action, Action::Update | Action::UpdateIfEmpty | Action::Append);
    let mut object = document;
    for parent in parents {
        if !object.contains_key(parent) && !creates {
            return Ok(());
        }
        let inner = object.entry(parent.clone()).or_insert_with(|| Map::new().into());
        object = inner.as_object_mut().ok_or_else(|| wrong("lies inside of what holds nothing"))?;
    }
    let is_empty = is_empty(object.get(name));
    match action {
        Action::UpdateIfEmpty if !is_empty => {}
        Action::UpdateIfExists if is_empty => {}
        Action::Update | Action::UpdateIfEmpty | Action::UpdateIfExists => {
            object.insert(name.clone(), value.clone());
        }
        Action::Remove => {
            object.remove(name);
        }
        Action::Append => {
            let list = object.entry(name.clone()).or_insert_with(|| Value::Array(Vec::new()));
            let list = list.as_array_mut().ok_or_else(|| wrong("is no collection"))?;
            match value {
                Value::Array(values) => list.extend(values.iter().cloned()),
                value => list.push(value.clone()),
            }
        }
        Action::RemoveFrom => {
            let Some(list) = object.get_mut(name) else { return Ok(()) };
            let list = list.as_array_mut().ok_or_else(|| wrong("is no collection"))?;
            let meant = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
            list.retain(|value| !meant.iter().any(|meant| is_meant(meant, value)));
        }
    }
    Ok(())
}

// ---- Field rules --------------------------------------------------------------------------------------------------------

#[derive(Clone, Copy, PartialEq)]
enum Prefer {
    AlwaysProvided,
    Existing,
    Provided,
}

#[derive(Clone, Copy, PartialEq)]
enum Lists {
    Replace,
    Extend,
    Fill,
}

const PREFER: &[(&str, Prefer)] = &[
    ("AlwaysUseProvided", Prefer::AlwaysProvided),
    ("PreferExisting", Prefer::Existing),
    ("PreferProvided", Prefer::Provided),
];
const LISTS: &[(&str, Lists)] = &[("Replace", Lists::Replace), ("Extend", Lists::Extend), ("Fill", Lists::Fill)];

/// Which value wins where there are two.
pub(crate) struct FieldRules {
    prefer: Prefer,
    lists: Lists,
    rules: Vec<(String, Option<Prefer>, Option<Lists>)>,
    /// Whether lists repeat what they have.
    repeat_values: bool,
}

/// Members whose parts make one value: to take one part of each of two phone numbers makes no sense.
///
/// Assumed: it is not documented where the service draws the line.
const WHOLE: &[&str] = &[
    "workPhone",
    "cellPhone",
    "homePhone",
    "otherPhone",
    "phoneNumber",
    "faxNumber",
    "schema",
    "externalOrganization",
];

/// Lists that have each id once, and how many they hold.
const IDS: &[(&str, usize)] = &[("externalIds", 10), ("appleOpaqueIds", 10), ("ids", 1)];

impl FieldRules {
    /// What a merge goes by: what is provided wins.
    pub(crate) fn provided() -> Self {
        Self { prefer: Prefer::Provided, lists: Lists::Replace, rules: Vec::new(), repeat_values: false }
    }

    pub(crate) fn read(rules: Option<&Value>, repeat_values: bool) -> Result<Self, Failure> {
        fn one<T: Copy>(of: Option<&Value>, name: &str, at: &str, known: &[(&str, T)]) -> Result<Option<T>, Failure> {
            let Some(value) = of.and_then(|of| of.get(name)).filter(|value| !value.is_null()) else { return Ok(None) };
            let found = known.iter().find(|(name, _)| value.as_str() == Some(name));
            let allowed: Vec<_> = known.iter().map(|(name, _)| *name).collect();
            match found {
                Some((_, found)) => Ok(Some(*found)),
                None => Err(Failure::invalid_value(&format!("{at}.{name}"), value, "Enum", &allowed.join(", "))),
            }
        }
        let at = "fieldRules";
        let mut read = Self {
            prefer: one(rules, "defaultAction", at, PREFER)?.unwrap_or(Prefer::Provided),
            lists: one(rules, "defaultArrayAction", at, LISTS)?.unwrap_or(Lists::Fill),
            rules: Vec::new(),
            repeat_values,
        };
        let list = rules.and_then(|rules| rules.get("rules")).and_then(Value::as_array);
        for (index, rule) in list.into_iter().flatten().enumerate() {
            let at = format!("fieldRules.rules[{index}]");
            let Some(field) = rule.get("field").and_then(Value::as_str).and_then(|field| field.strip_prefix("$."))
            else {
                return Err(Failure::violation(format!("{at}.field"), "must be a path such as $.address.city"));
            };
            let (action, lists) =
                (one(Some(rule), "action", &at, PREFER)?, one(Some(rule), "arrayAction", &at, LISTS)?);
            read.rules.push((field.to_owned(), action, lists));
        }
        Ok(read)
    }

    /// The document with what was provided. `kept` members stay what they are.
    pub(crate) fn apply(
        &self,
        old: &Map<String, Value>,
        provided: &Map<String, Value>,
        kept: &[&str],
    ) -> Result<Map<String, Value>, Failure> {
        let mut whole = self.object("", old, provided, self.prefer, self.lists, kept)?;
        for name in kept {
            if let Some(value) = old.get(*name) {
                whole.insert((*name).to_owned(), value.clone());
            }
        }
        Ok(whole)
    }

    fn object(
        &self,
        path: &str,
        old: &Map<String, Value>,
        new: &Map<String, Value>,
        prefer: Prefer,
        lists: Lists,
        kept: &[&str],
    ) -> Result<Map<String, Value>, Failure> {
        let mut result = Map::new();
        let names = old.keys().chain(new.keys().filter(|name| !old.contains_key(*name)));
        for name in names.filter(|name| !kept.contains(&name.as_str())) {
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            let value = self.value(&path, name, old.get(name), new.get(name), prefer, lists)?;
            if let Some(value) = value {
                result.insert(name.clone(), value);
            }
        }
        Ok(result)
    }

    fn value(
        &self,
        path: &str,
        name: &str,
        old: Option<&Value>,
        new: Option<&Value>,
        prefer: Prefer,
        lists: Lists,
    ) -> Result<Option<Value>, Failure> {
        let rule = self.rules.iter().find(|(field, _, _)| field == path);
        let prefer = rule.and_then(|rule| rule.1).unwrap_or(prefer);
        let lists = rule.and_then(|rule| rule.2).unwrap_or(lists);
        let empty = Map::new();
        let whole = WHOLE.contains(&name);
        match (old, new) {
            (Some(Value::Array(old)), Some(Value::Array(new))) => self.list(path, name, old, new, lists).map(Some),
            (Some(Value::Object(old)), Some(Value::Object(new))) if !whole => {
                self.object(path, old, new, prefer, lists, &[]).map(|object| Some(object.into()))
            }
            // What is left out counts as a null, member by member, as each may have a rule of its own.
            (Some(Value::Object(old)), None | Some(Value::Null)) if !whole => {
                let object = self.object(path, old, &empty, prefer, lists, &[])?;
                Ok((!object.is_empty()).then(|| object.into()))
            }
            _ => Ok(match prefer {
                Prefer::AlwaysProvided => new,
                Prefer::Existing if is_empty(old) => new,
                Prefer::Provided if is_empty(new) => old,
                Prefer::Existing => old,
                Prefer::Provided => new,
            }
            .cloned()),
        }
    }

    fn list(&self, path: &str, name: &str, old: &[Value], new: &[Value], lists: Lists) -> Result<Value, Failure> {
        let ids = IDS.iter().find(|(known, _)| *known == name);
        let max = ids.map_or(usize::MAX, |(_, max)| *max);
        if lists == Lists::Replace {
            return Ok(new.into());
        }
        let mut all = old.to_vec();
        for value in new {
            let is_there = (ids.is_some() || !self.repeat_values) && all.iter().any(|old| is_meant(value, old));
            if is_there {
                continue;
            }
            if all.len() < max {
                all.push(value.clone());
            } else if lists == Lists::Extend {
                let rule = format!("holds more than {max}");
                return Err(Failure::violations(&[Violation { field: path.to_owned(), rule }]));
            }
        }
        Ok(all.into())
    }
}
