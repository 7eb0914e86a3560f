//! Which result is that of which record.
//!
//! Results come in any order. Those of fetches, updates and removals name an id; that of an addition is known by what was sent.

use serde::Serialize;
use serde_json::Value;

use crate::bulk::{BulkOperation, BulkResult};

/// Members that the service sets whatever is sent.
const SET_BY_THE_SERVICE: &[&str] = &[
    "id",
    "selfUri",
    "createDate",
    "modifyDate",
    "type",
    "identifiers",
    "externalDataSources",
    "canonicalContact",
    "mergeSet",
    "mergedFrom",
    "mergedTo",
    "mergeOperation",
];

/// A record that was sent.
pub(super) struct Sent {
    id: Option<String>,
    content: Value,
    /// How many values the content holds.
    weight: usize,
}

/// A result that came.
#[derive(Default)]
pub(super) struct Came {
    ids: Vec<String>,
    /// The ids of the contacts that were merged into it.
    ancestors: Vec<String>,
    content: Value,
}

/// The place of the result of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Matched {
    pub(super) result: usize,
    pub(super) is_certain: bool,
}

fn value(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

impl Sent {
    pub(super) fn of<O: BulkOperation>(input: &O::Input) -> Self {
        if O::IS_BY_ID {
            return Self { id: O::id(input).map(str::to_owned), content: Value::Null, weight: 0 };
        }
        Self::added(value(input))
    }

    fn added(mut content: Value) -> Self {
        if let Value::Object(members) = &mut content {
            members.retain(|name, value| !value.is_null() && !SET_BY_THE_SERVICE.contains(&&**name));
        }
        let weight = weight(&content);
        Self { id: None, content, weight }
    }
}

impl Came {
    pub(super) fn of<O: BulkOperation>(result: &BulkResult<O::Entity, O::Echo>) -> Self {
        let entity = result.entity.as_ref().map(value).unwrap_or_default();
        let echo = result.error.as_ref().and_then(|error| error.entity.as_ref()).map(value).unwrap_or_default();
        let id = |entity: &Value| entity.get("id").and_then(Value::as_str).map(str::to_owned);
        let ids = [result.id.clone(), id(&entity), id(&echo)].into_iter().flatten().collect();
        if !O::IS_BY_ID {
            return Self { ids, content: if entity.is_null() { echo } else { entity }, ..Self::default() };
        }
        let members = ["mergeSet", "mergedFrom"].into_iter().filter_map(|name| entity.get(name)?.as_array());
        let ancestors = members.flatten().filter_map(id).collect();
        Self { ids, ancestors, content: Value::Null }
    }
}

/// The result of each record. `may_share` is whether two records may have the same one.
pub(super) fn matches(sent: &[Sent], came: &[Came], may_share: bool) -> Vec<Option<Matched>> {
    let mut table = Table { sent, came, is_used: vec![false; came.len()], found: vec![None; sent.len()] };
    if sent.iter().all(|record| record.id.is_some()) {
        table.by_id(may_share);
    } else {
        table.by_external_id();
        table.by_content();
    }
    table.by_elimination();
    if sent.iter().any(|record| record.id.is_none()) {
        table.by_likeness();
    }
    table.found
}

struct Table<'a> {
    sent: &'a [Sent],
    came: &'a [Came],
    is_used: Vec<bool>,
    found: Vec<Option<Matched>>,
}

impl Table<'_> {
    fn set(&mut self, record: usize, result: usize, is_certain: bool) {
        self.is_used[result] = true;
        self.found[record] = Some(Matched { result, is_certain });
    }

    fn open(&self) -> Vec<usize> {
        (0..self.sent.len()).filter(|record| self.found[*record].is_none()).collect()
    }

    fn unused(&self) -> Vec<usize> {
        (0..self.came.len()).filter(|result| !self.is_used[*result]).collect()
    }

    fn by_id(&mut self, may_share: bool) {
        let has = |ids: &[String], id: &str| ids.iter().any(|one| one.eq_ignore_ascii_case(id));
        let came = self.came;
        type Same<'a> = &'a dyn Fn(usize, &str) -> bool;
        let steps: [(Same<'_>, bool); 3] = [
            (&|result, id| has(&came[result].ids, id), false),
            (&|result, id| has(&came[result].ancestors, id), false),
            (&|result, id| has(&came[result].ancestors, id), true),
        ];
        for (is_of, shares) in steps {
            if shares && !may_share {
                continue;
            }
            for record in self.open() {
                let Some(id) = &self.sent[record].id else { continue };
                let result = (0..came.len()).find(|result| (shares || !self.is_used[*result]) && is_of(*result, id));
                if let Some(result) = result {
                    self.set(record, result, true);
                }
            }
        }
    }

    fn by_external_id(&mut self) {
        let keys: Vec<_> = self.sent.iter().map(|record| external_ids(&record.content)).collect();
        let answered: Vec<_> = self.came.iter().map(|result| external_ids(&result.content)).collect();
        let shares = |a: &[(&str, &str)], b: &[(&str, &str)]| a.iter().any(|key| b.contains(key));
        for record in 0..keys.len() {
            let mut results = (0..answered.len()).filter(|result| shares(&keys[record], &answered[*result]));
            let mut others = (0..keys.len()).filter(|other| shares(&keys[record], &keys[*other]));
            // Nobody else has it: where two have, what was sent may tell more.
            if let (Some(result), None, Some(_), None) = (results.next(), results.next(), others.next(), others.next())
            {
                self.set(record, result, true);
            }
        }
    }

    /// Those of which most was sent come first: what holds all values of a record may also be another one of which more was
    /// sent.
    fn by_content(&mut self) {
        let mut open = self.open();
        open.sort_by_key(|record| std::cmp::Reverse(self.sent[*record].weight));
        for record in open.clone() {
            let content = &self.sent[record].content;
            let results: Vec<_> =
                self.unused().into_iter().filter(|result| agrees(content, &self.came[*result].content)).collect();
            let Some(first) = results.first() else { continue };
            let is_equal = |other: &usize| {
                let other = &self.sent[*other];
                other.weight == self.sent[record].weight && agrees(content, &other.content)
            };
            let equals = open.iter().filter(|other| is_equal(other)).count();
            self.set(record, *first, results.len() == 1 && equals == 1);
        }
    }

    /// Where each result but one has its record, the last one is that of the last record.
    fn by_elimination(&mut self) {
        if let (&[record], &[result]) = (&*self.open(), &*self.unused())
            && self.came.len() == self.sent.len()
        {
            let is_certain = self.found.iter().flatten().all(|matched| matched.is_certain);
            self.set(record, result, is_certain);
        }
    }

    /// The result that has most in common with a record, if no other has as much, and no other record has as much with it.
    fn by_likeness(&mut self) {
        let (open, unused) = (self.open(), self.unused());
        let likeness = |record: usize, result: usize| likeness(&self.sent[record].content, &self.came[result].content);
        let table: Vec<Vec<usize>> =
            open.iter().map(|record| unused.iter().map(|result| likeness(*record, *result)).collect()).collect();
        for (row, record) in open.iter().enumerate() {
            let Some(column) = only_largest(table[row].iter().copied()) else { continue };
            if only_largest(table.iter().map(|row| row[column])) == Some(row) {
                self.set(*record, unused[column], false);
            }
        }
    }
}

/// The place of the largest number above 0, if no other is as large.
fn only_largest(numbers: impl Iterator<Item = usize> + Clone) -> Option<usize> {
    let largest = numbers.clone().max().filter(|largest| *largest > 0)?;
    let mut places = numbers.enumerate().filter(|(_, number)| *number == largest);
    let (place, _) = places.next()?;
    places.next().is_none().then_some(place)
}

/// Source and value of each external id.
fn external_ids(content: &Value) -> Vec<(&str, &str)> {
    let ids = content.get("externalIds").and_then(Value::as_array).into_iter().flatten();
    ids.filter_map(|id| {
        let source = id.get("externalSource").and_then(|source| source.get("id")).and_then(Value::as_str);
        Some((source.unwrap_or_default(), id.get("value")?.as_str()?))
    })
    .collect()
}

fn weight(value: &Value) -> usize {
    match value {
        Value::Null => 0,
        Value::Object(members) => members.values().map(weight).sum(),
        Value::Array(elements) => elements.iter().map(weight).sum(),
        _ => 1,
    }
}

/// Whether everything that was sent is in what came. The service adds members, trims texts, leaves out those that are empty,
/// and writes phone numbers in its own way.
fn agrees(sent: &Value, came: &Value) -> bool {
    match (sent, came) {
        (Value::Null, _) => true,
        (Value::String(text), Value::Null) => text.trim().is_empty(),
        (Value::String(sent), Value::String(came)) => is_same_text(sent, came),
        (Value::Object(sent), Value::Object(came)) => {
            if sent.contains_key("display") || sent.contains_key("e164") {
                return is_same_phone(sent, came);
            }
            sent.iter().all(|(name, value)| agrees(value, came.get(name).unwrap_or(&Value::Null)))
        }
        (Value::Object(sent), Value::Null) => sent.values().all(|value| agrees(value, &Value::Null)),
        (Value::Array(sent), Value::Array(came)) => {
            sent.len() <= came.len() && sent.iter().all(|one| came.iter().any(|other| agrees(one, other)))
        }
        (Value::Array(sent), Value::Null) => sent.is_empty(),
        (Value::Number(sent), Value::Number(came)) => sent == came || sent.as_f64() == came.as_f64(),
        _ => sent == came,
    }
}

fn is_same_text(sent: &str, came: &str) -> bool {
    let (sent, came) = (sent.trim(), came.trim());
    sent == came || sent.chars().flat_map(char::to_lowercase).eq(came.chars().flat_map(char::to_lowercase))
}

/// Phone numbers are the same if one of them ends with the digits of the other: the service adds the code of the country.
fn is_same_phone(sent: &serde_json::Map<String, Value>, came: &serde_json::Map<String, Value>) -> bool {
    let digits = |phone: &serde_json::Map<String, Value>| -> Vec<String> {
        let texts = ["e164", "display", "userInput"].into_iter().filter_map(|name| phone.get(name)?.as_str());
        let digits = texts.map(|text| text.chars().filter(char::is_ascii_digit).collect::<String>());
        digits.map(|digits| digits.trim_start_matches('0').to_owned()).filter(|digits| !digits.is_empty()).collect()
    };
    let (sent, came) = (digits(sent), digits(came));
    if sent.is_empty() {
        return true;
    }
    sent.iter().any(|one| came.iter().any(|other| one.ends_with(&**other) || other.ends_with(&**one)))
}

/// How many of the values that were sent are in what came.
fn likeness(sent: &Value, came: &Value) -> usize {
    match (sent, came) {
        (Value::Object(sent), Value::Object(came)) => {
            sent.iter().filter_map(|(name, value)| Some(likeness(value, came.get(name)?))).sum()
        }
        (Value::Null, _) | (_, Value::Null) => 0,
        _ => usize::from(agrees(sent, came)) * weight(sent),
    }
}
