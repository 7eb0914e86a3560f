//! The notes of contacts and organizations.

use std::collections::HashMap;

use crate::sandbox::store::table::{Row, Table};

/// All notes in the order in which they were created, and which of them belong to whom.
#[derive(Clone, Default)]
pub(crate) struct Notes {
    all: Table,
    /// The ids of the notes by that of their owner, oldest first.
    ids: HashMap<String, Vec<String>>,
}

impl Notes {
    pub(crate) fn all(&self) -> &Table {
        &self.all
    }

    /// The notes of one owner, oldest first.
    pub(crate) fn of(&self, owner: &str) -> impl Iterator<Item = &Row> {
        self.ids.get(owner).into_iter().flatten().filter_map(|id| self.all.get(id))
    }

    /// The note with this id, if it is this owner's.
    pub(crate) fn get(&self, owner: &str, id: &str) -> Option<&Row> {
        self.all.get(id).filter(|row| self.ids.get(owner).is_some_and(|ids| ids.contains(&row.id)))
    }

    /// Adds a note, or puts it in the place of the one with its id.
    pub(crate) fn put(&mut self, owner: String, row: Row) {
        if self.all.get(&row.id).is_none() {
            self.ids.entry(owner).or_default().push(row.id.clone());
        }
        self.all.put(row, None);
    }

    pub(crate) fn remove(&mut self, owner: &str, id: &str) {
        if let Some(ids) = self.ids.get_mut(owner) {
            ids.retain(|other| other != id);
        }
        self.all.remove(id, None);
    }

    /// Removes all notes of one owner.
    pub(crate) fn remove_of(&mut self, owner: &str) {
        for id in self.ids.remove(owner).unwrap_or_default() {
            self.all.remove(&id, None);
        }
    }
}
