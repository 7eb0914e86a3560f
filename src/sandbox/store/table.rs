//! The documents of one kind.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::Arc;
use std::time::Instant;

use serde_json::{Map, Value};

use crate::sandbox::store::index::Index;

/// Documents by their ids, in the order in which they were created.
///
/// A copy shares the documents with the original until one of them is changed.
#[derive(Clone, Default)]
pub(crate) struct Table {
    rows: BTreeMap<u64, Arc<Row>>,
    numbers: HashMap<String, u64>,
    next: u64,
    /// What searches see instead of documents that were changed.
    outdated: BTreeMap<u64, VecDeque<Outdated>>,
}

/// Until when a document is still seen, and the document; `None` is that there was none.
type Outdated = (Instant, Option<Arc<Row>>);

/// A document and what makes it quick to find.
pub(crate) struct Row {
    pub(crate) id: String,
    /// As JSON: a tree would take several times as much memory.
    json: Box<str>,
    pub(crate) index: Index,
}

impl Row {
    pub(crate) fn new(id: String, document: Map<String, Value>, mut index: Index) -> Self {
        index.shrink();
        Self { id, json: Value::Object(document).to_string().into(), index }
    }

    pub(crate) fn document(&self) -> Map<String, Value> {
        // It was written from a document, and so it can be read.
        serde_json::from_str(&self.json).unwrap_or_default()
    }
}

impl Table {
    fn number(&self, id: &str) -> Option<u64> {
        self.numbers.get(id).or_else(|| self.numbers.get(&id.to_ascii_lowercase())).copied()
    }

    /// Ids are given out in lower case and found in any.
    pub(crate) fn get(&self, id: &str) -> Option<&Row> {
        self.rows.get(&self.number(id)?).map(Arc::as_ref)
    }

    /// Adds a document, or puts it in the place of the one with its id. Searches see it from `seen_at` on.
    pub(crate) fn put(&mut self, row: Row, seen_at: Option<Instant>) {
        let number = *self.numbers.entry(row.id.clone()).or_insert(self.next);
        self.next = self.next.max(number.saturating_add(1));
        let old = self.rows.insert(number, Arc::new(row));
        self.outdate(number, old, seen_at);
    }

    pub(crate) fn remove(&mut self, id: &str, seen_at: Option<Instant>) -> Option<Arc<Row>> {
        let number = self.number(id)?;
        self.numbers.remove(&id.to_ascii_lowercase());
        let old = self.rows.remove(&number)?;
        self.outdate(number, Some(Arc::clone(&old)), seen_at);
        Some(old)
    }

    fn outdate(&mut self, number: u64, old: Option<Arc<Row>>, seen_at: Option<Instant>) {
        match seen_at {
            Some(at) => self.outdated.entry(number).or_default().push_back((at, old)),
            None if self.outdated.is_empty() => {}
            None => drop(self.outdated.remove(&number)),
        }
    }

    /// The document with this number. Numbers are given out in the order of creation, and never twice.
    pub(crate) fn numbered(&self, number: u64) -> Option<&Row> {
        self.rows.get(&number).map(Arc::as_ref)
    }

    /// The documents from this number on, with their numbers.
    pub(crate) fn from(&self, number: u64) -> impl Iterator<Item = (u64, &Row)> {
        self.rows.range(number..).map(|(number, row)| (*number, row.as_ref()))
    }

    /// The number that the next new document gets.
    pub(crate) fn next_number(&self) -> u64 {
        self.next
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Row> {
        self.rows.values().map(Arc::as_ref)
    }

    /// What searches see.
    pub(crate) fn searched(&self, now: Instant) -> Vec<&Row> {
        let seen = |number: &u64| {
            let outdated = self.outdated.get(number).and_then(|changes| changes.iter().find(|(until, _)| now < *until));
            outdated.map_or_else(|| self.rows.get(number), |(_, row)| row.as_ref()).map(Arc::as_ref)
        };
        if self.outdated.is_empty() {
            return self.iter().collect();
        }
        let numbers: BTreeSet<_> = self.rows.keys().chain(self.outdated.keys()).collect();
        numbers.into_iter().filter_map(seen).collect()
    }

    pub(crate) fn tidy(&mut self, now: Instant) {
        self.outdated.retain(|_, changes| {
            changes.retain(|(until, _)| now < *until);
            !changes.is_empty()
        });
    }

    pub(crate) fn retain(&mut self, mut is_kept: impl FnMut(&Row) -> bool) {
        self.rows.retain(|_, row| {
            let stays = is_kept(row);
            if !stays {
                self.numbers.remove(&row.id);
            }
            stays
        });
    }
}
