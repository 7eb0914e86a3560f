//! The schemas of custom fields.

use serde_json::{Map, Value};

/// The schemas of one kind of entity.
#[derive(Clone, Default)]
pub(crate) struct Schemas(pub(crate) Vec<Schema>);

/// All versions of a schema, the first is version 1.
#[derive(Clone)]
pub(crate) struct Schema {
    pub(crate) id: String,
    pub(crate) versions: Vec<Map<String, Value>>,
}

impl Schema {
    pub(crate) fn latest(&self) -> Option<&Map<String, Value>> {
        self.versions.last()
    }

    pub(crate) fn version(&self, number: u64) -> Option<&Map<String, Value>> {
        self.versions.get(usize::try_from(number).ok()?.checked_sub(1)?)
    }
}

impl Schemas {
    pub(crate) fn get(&self, id: &str) -> Option<&Schema> {
        self.0.iter().find(|schema| schema.id.eq_ignore_ascii_case(id))
    }
}
