//! Small helpers for documents.

use serde_json::{Map, Value, json};
use uuid::Uuid;

pub(crate) fn new_id() -> String {
    Uuid::new_v4().to_string()
}

/// `{"id": …, "selfUri": …}`: an entity that is only named.
pub(crate) fn stub(id: &str, collection: &str) -> Value {
    json!({ "id": id, "selfUri": format!("{collection}/{id}") })
}

/// The id in a reference.
pub(crate) fn id_in<'a>(document: &'a Map<String, Value>, member: &str) -> Option<&'a str> {
    document.get(member)?.get("id")?.as_str()
}
