//! Identifiers: what tells the service who is on the line. Each belongs to one contact only.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::sandbox::store::document::{id_in, stub};

/// Type, value, external source and division: what is claimed.
#[derive(PartialEq, Eq)]
struct Key {
    kind: &'static str,
    value: String,
    source: Option<String>,
    division: String,
}

impl Key {
    /// All of it in one text, which takes less memory. No two keys have the same.
    fn text(&self) -> Box<str> {
        let Self { kind, value, source, division } = self;
        format!("{kind} {division:?} {source:?} {value:?}").into()
    }
}

/// Shared by all that were claimed at the same time.
struct Claim {
    owner: String,
    date: String,
}

/// Who owns which identifier.
#[derive(Clone)]
pub(crate) struct Claims {
    claims: HashMap<Box<str>, Arc<Claim>>,
    keys_of: fn(&Map<String, Value>) -> Vec<Key>,
}

impl Claims {
    pub(crate) fn of_contacts() -> Self {
        Self { claims: HashMap::new(), keys_of }
    }

    /// Organizations have no identifiers but their external ids.
    pub(crate) fn of_organizations() -> Self {
        let keys_of = |document: &Map<String, Value>| {
            keys_of(document).into_iter().filter(|key| key.kind == EXTERNAL_ID).collect()
        };
        Self { claims: HashMap::new(), keys_of }
    }

    /// Releases what only the old document has and claims what the new one has. What somebody else owns stays there.
    pub(crate) fn replace(
        &mut self,
        owner: &str,
        old: Option<&Map<String, Value>>,
        new: Option<&Map<String, Value>>,
        date: &str,
    ) {
        let new = new.map(self.keys_of).unwrap_or_default();
        for key in old.map(self.keys_of).unwrap_or_default() {
            let text = key.text();
            if !new.contains(&key) && self.claims.get(&text).is_some_and(|claim| claim.owner == owner) {
                self.claims.remove(&text);
            }
        }
        let claim = Arc::new(Claim { owner: owner.to_owned(), date: date.to_owned() });
        for key in new {
            self.claims.entry(key.text()).or_insert_with(|| Arc::clone(&claim));
        }
    }

    /// The member `identifiers`. `source` makes what is shown of an external source.
    pub(crate) fn of(&self, owner: &str, document: &Map<String, Value>, source: impl Fn(&str) -> Value) -> Value {
        let mut seen = Vec::new();
        for key in (self.keys_of)(document) {
            let Some(claim) = self.claims.get(&key.text()).filter(|claim| claim.owner == owner) else {
                continue;
            };
            let mut identifier = json!({
                "type": key.kind,
                "value": key.value,
                "dateCreated": claim.date,
                "division": stub(&key.division, "/api/v2/authorization/divisions"),
            });
            if let Some(id) = &key.source {
                identifier["externalSource"] = source(id);
            }
            seen.push(identifier);
        }
        seen.into()
    }
}

const EXTERNAL_ID: &str = "ExternalId";

/// The identifiers in the fields of a contact or an organization, each once.
///
/// Assumed: e-mail addresses in lower case, numbers as E.164, Twitter by id or else by name.
fn keys_of(document: &Map<String, Value>) -> Vec<Key> {
    let division = id_in(document, "division").unwrap_or("*");
    let mut keys: Vec<Key> = Vec::new();
    let mut add = |kind, value: &str, source: Option<&str>| {
        let key =
            Key { kind, value: value.to_owned(), source: source.map(str::to_owned), division: division.to_owned() };
        if !keys.contains(&key) {
            keys.push(key);
        }
    };
    let text = |path: &[&str]| {
        let (first, rest) = path.split_first()?;
        rest.iter().try_fold(document.get(*first)?, |value, name| value.get(*name))?.as_str()
    };
    let list = |member: &str, part: &str| {
        let value = document.get(member);
        let list = if part.is_empty() { value } else { value.and_then(|value| value.get(part)) };
        list.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
    };
    for member in ["workPhone", "cellPhone", "homePhone", "otherPhone"] {
        if let Some(number) = text(&[member, "e164"]) {
            add("Phone", number, None);
        }
    }
    for member in ["workEmail", "personalEmail", "otherEmail"] {
        if let Some(address) = text(&[member]) {
            add("Email", &address.to_lowercase(), None);
        }
    }
    if let Some(id) = text(&["twitterId", "id"]).or_else(|| text(&["twitterId", "screenName"])) {
        add("SocialTwitter", id.trim_start_matches('@'), None);
    }
    for (member, kind, name) in [
        ("lineId", "SocialLine", "userId"),
        ("facebookId", "SocialFacebook", "scopedId"),
        ("instagramId", "SocialInstagram", "scopedId"),
    ] {
        for id in list(member, "ids").iter().filter_map(|id| id.get(name)?.as_str()) {
            add(kind, id, None);
        }
    }
    if let Some(handle) = text(&["instagramId", "handle"]) {
        add("SocialInstagramHandle", handle, None);
    }
    if let Some(number) = text(&["whatsAppId", "phoneNumber", "e164"]) {
        add("SocialWhatsapp", number, None);
    }
    for id in list("appleOpaqueIds", "").iter().filter_map(|id| id.get("value")?.as_str()) {
        add("AppleOpaqueId", id, None);
    }
    for id in list("externalIds", "").iter().filter_map(Value::as_object) {
        if let Some(value) = id.get("value").and_then(Value::as_str) {
            add(EXTERNAL_ID, value, id_in(id, "externalSource"));
        }
    }
    keys
}
