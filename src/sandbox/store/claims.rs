//! Identifiers: what tells the service who is on the line. Each belongs to one contact, or one organization, only.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::sandbox::store::document::{id_in, stub};

/// Type, value, external source and division: what is claimed.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) kind: &'static str,
    pub(crate) value: String,
    pub(crate) source: Option<String>,
    pub(crate) division: String,
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
    /// What was claimed for somebody in whose fields it does not stand, at least not then.
    besides: HashMap<String, Vec<Key>>,
    /// All divisions in which something was ever claimed.
    divisions: BTreeSet<String>,
    keys_of: fn(&Map<String, Value>) -> Vec<Key>,
}

impl Claims {
    fn with(keys_of: fn(&Map<String, Value>) -> Vec<Key>) -> Self {
        Self { claims: HashMap::new(), besides: HashMap::new(), divisions: BTreeSet::new(), keys_of }
    }

    pub(crate) fn of_contacts() -> Self {
        Self::with(keys_of)
    }

    /// Organizations have no identifiers but their external ids.
    pub(crate) fn of_organizations() -> Self {
        Self::with(|document| keys_of(document).into_iter().filter(|key| key.kind == EXTERNAL_ID).collect())
    }

    /// Releases what only the old document has and claims what the new one has. What somebody else owns stays there.
    pub(crate) fn replace(
        &mut self,
        owner: &str,
        old: Option<&Map<String, Value>>,
        new: Option<&Map<String, Value>>,
        date: &str,
    ) {
        let is_deleted = new.is_none();
        let new = new.map(self.keys_of).unwrap_or_default();
        let mut old = old.map(self.keys_of).unwrap_or_default();
        if is_deleted {
            old.extend(self.besides.remove(owner).into_iter().flatten());
        }
        let stays = self.besides.get(owner).map(Vec::as_slice).unwrap_or_default();
        for key in old {
            let text = key.text();
            if !new.contains(&key) && !stays.contains(&key) && self.owner_of(&key) == Some(owner) {
                self.claims.remove(&text);
            }
        }
        let claim = Arc::new(Claim { owner: owner.to_owned(), date: date.to_owned() });
        for key in new {
            self.note_division(&key);
            self.claims.entry(key.text()).or_insert_with(|| Arc::clone(&claim));
        }
    }

    fn note_division(&mut self, key: &Key) {
        if !self.divisions.contains(&key.division) {
            self.divisions.insert(key.division.clone());
        }
    }

    pub(crate) fn owner_of(&self, key: &Key) -> Option<&str> {
        self.claims.get(&key.text()).map(|claim| claim.owner.as_str())
    }

    /// Who owns it, in this division or, where none is meant, in any.
    pub(crate) fn find(&self, key: &Key, division: Option<&str>) -> Option<&str> {
        let within = |division: &str| self.owner_of(&Key { division: division.to_owned(), ..key.clone() });
        match division {
            Some(division) => within(division),
            None => self.divisions.iter().find_map(|division| within(division)),
        }
    }

    /// Claims what nobody else owns.
    pub(crate) fn claim(&mut self, owner: &str, key: &Key, date: &str) {
        self.note_division(key);
        let claim = || Arc::new(Claim { owner: owner.to_owned(), date: date.to_owned() });
        self.claims.entry(key.text()).or_insert_with(claim);
        let besides = self.besides.entry(owner.to_owned()).or_default();
        if !besides.contains(key) {
            besides.push(key.clone());
        }
    }

    pub(crate) fn release(&mut self, owner: &str, key: &Key) {
        self.claims.remove(&key.text());
        if let Some(besides) = self.besides.get_mut(owner) {
            besides.retain(|other| other != key);
        }
    }

    /// Gives all that one owns to another one.
    pub(crate) fn hand_over(&mut self, from: &str, document: &Map<String, Value>, to: &str) {
        let mut keys = (self.keys_of)(document);
        keys.extend(self.besides.remove(from).into_iter().flatten());
        for key in keys {
            let text = key.text();
            let Some(claim) = self.claims.get(&text).filter(|claim| claim.owner == from) else { continue };
            let claim = Arc::new(Claim { owner: to.to_owned(), date: claim.date.clone() });
            self.claims.insert(text, claim);
            let besides = self.besides.entry(to.to_owned()).or_default();
            if !besides.contains(&key) {
                besides.push(key);
            }
        }
    }

    /// The member `identifiers`. `source` makes what is shown of an external source.
    pub(crate) fn of(&self, owner: &str, document: &Map<String, Value>, source: impl Fn(&str) -> Value) -> Value {
        let mut keys = (self.keys_of)(document);
        for key in self.besides.get(owner).into_iter().flatten() {
            if !keys.contains(key) {
                keys.push(key.clone());
            }
        }
        keys.retain(|key| self.owner_of(key) == Some(owner));
        keys.iter().map(|key| self.shown(key, &source)).collect()
    }

    /// What is shown of an identifier.
    pub(crate) fn shown(&self, key: &Key, source: impl Fn(&str) -> Value) -> Value {
        let mut identifier = json!({
            "type": key.kind,
            "value": key.value,
            "division": stub(&key.division, "/api/v2/authorization/divisions"),
        });
        if let Some(claim) = self.claims.get(&key.text()) {
            identifier["dateCreated"] = claim.date.as_str().into();
        }
        if let Some(id) = &key.source {
            identifier["externalSource"] = source(id);
        }
        identifier
    }
}

pub(crate) const EXTERNAL_ID: &str = "ExternalId";

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
