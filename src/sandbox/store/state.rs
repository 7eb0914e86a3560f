//! What the sandbox remembers.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use uuid::Uuid;

use crate::sandbox::UnknownMembers;
use crate::sandbox::api::organizations::Trustor;
use crate::sandbox::api::schemas::Schemas;
use crate::sandbox::http::answer::Failure;
use crate::sandbox::http::sign_in::Tokens;
use crate::sandbox::misbehavior::Misbehaviors;
use crate::sandbox::rules::search::Index;
use crate::sandbox::store::claims::Claims;

/// `2026-01-02T03:04:05.678Z`.
const DATE: &[BorrowedFormatItem<'static>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");

/// All that there is. One lock guards it; nothing is changed before everything that can fail has been checked.
#[derive(Clone)]
pub(crate) struct State {
    pub(crate) settings: Settings,
    pub(crate) misbehaviors: Misbehaviors,
    /// How much later searches see what changes.
    pub(crate) search_lag: Duration,
    pub(crate) clock: Clock,
    pub(crate) tokens: Tokens,
    /// The permissions of the client; none set means all.
    pub(crate) permissions: Option<BTreeSet<String>>,
    pub(crate) contacts: Table,
    pub(crate) claims: Claims,
    pub(crate) contact_schemas: Schemas,
    pub(crate) organizations: Table,
    pub(crate) organization_claims: Claims,
    pub(crate) organization_schemas: Schemas,
    /// The trustor of each organization that has one.
    pub(crate) trustors: HashMap<String, Trustor>,
    /// The notes of contacts and organizations.
    pub(crate) notes: HashMap<String, Table>,
    pub(crate) relationships: Table,
    /// The contact of each conversation that has one.
    pub(crate) conversations: HashMap<String, String>,
    /// How many contacts have been generated.
    pub(crate) generated: u64,
    /// The external sources by their ids.
    pub(crate) sources: BTreeMap<String, Map<String, Value>>,
}

/// What can be chosen when a sandbox is made.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// Calls per minute and token; `None` is no limit.
    pub(crate) calls: Option<u32>,
    pub(crate) sign_ins: Option<u32>,
    pub(crate) token_lifetime: Duration,
    pub(crate) updates_keep: bool,
    pub(crate) deletions_spread: bool,
    pub(crate) notes_need_author: bool,
    pub(crate) unknown_members: UnknownMembers,
    pub(crate) deletions_answer_nothing: bool,
    pub(crate) lookups_ignore_case: bool,
    /// `None` is until they are used or revoked.
    pub(crate) refresh_token_lifetime: Option<Duration>,
    /// As in `sortOrder`.
    pub(crate) default_sorts: Vec<String>,
    /// By status.
    pub(crate) error_codes: BTreeMap<u16, String>,
}

impl State {
    pub(crate) fn new(settings: Settings) -> Self {
        Self {
            settings,
            misbehaviors: Misbehaviors::default(),
            search_lag: Duration::ZERO,
            clock: Clock::default(),
            tokens: Tokens::default(),
            permissions: None,
            contacts: Table::default(),
            claims: Claims::of_contacts(),
            contact_schemas: Schemas::default(),
            organizations: Table::default(),
            organization_claims: Claims::of_organizations(),
            organization_schemas: Schemas::default(),
            trustors: HashMap::new(),
            notes: HashMap::new(),
            relationships: Table::default(),
            conversations: HashMap::new(),
            generated: 0,
            sources: BTreeMap::new(),
        }
    }

    /// Forgets what no search sees any more.
    pub(crate) fn tidy(&mut self) {
        let now = self.clock.now();
        self.contacts.tidy(now);
        self.organizations.tidy(now);
    }

    /// Reads the body of an update. Assumed, unless the sandbox was told otherwise: what is left out is cleared, because the
    /// whole entity is replaced.
    pub(crate) fn update(
        &self,
        body: &Map<String, Value>,
        old: &Map<String, Value>,
        read: impl Fn(&Map<String, Value>) -> Result<Map<String, Value>, Failure>,
    ) -> Result<Map<String, Value>, Failure> {
        if !self.settings.updates_keep {
            return read(body);
        }
        let is_kept = |(name, _): &(&String, &Value)| !body.contains_key(*name);
        let kept: Map<_, _> = old.iter().filter(is_kept).map(|(name, value)| (name.clone(), value.clone())).collect();
        let mut whole = body.clone();
        // Members that nobody knows are kept as they come; here a null clears them like all others.
        whole.retain(|_, value| !value.is_null());
        whole.extend(kept.clone());
        let mut document = read(&whole)?;
        // As it was, and not as it would be read now.
        document.extend(kept);
        Ok(document)
    }

    /// When searches see what changes now; `None` is at once.
    pub(crate) fn seen_at(&self) -> Option<Instant> {
        if self.search_lag.is_zero() {
            return None;
        }
        let now = self.clock.now();
        // A lag that no clock can express is a very long one.
        now.checked_add(self.search_lag).or_else(|| now.checked_add(Duration::from_secs(100 * 365 * 86_400)))
    }
}

/// The clock of the machine, put forward by what was slept.
#[derive(Clone, Default)]
pub(crate) struct Clock {
    ahead: Duration,
}

impl Clock {
    pub(crate) fn advance(&mut self, by: Duration) {
        // A sleep that no clock can express ends where the clock does.
        let ahead = self.ahead.saturating_add(by);
        if Instant::now().checked_add(ahead).is_some() {
            self.ahead = ahead;
        }
    }

    pub(crate) fn now(&self) -> Instant {
        let now = Instant::now();
        now.checked_add(self.ahead).unwrap_or(now)
    }

    /// The time as the service writes it.
    pub(crate) fn date(&self) -> String {
        let now = SystemTime::now();
        let now = OffsetDateTime::from(now)
            .checked_add(time::Duration::try_from(self.ahead).unwrap_or_default())
            .unwrap_or(OffsetDateTime::from(now));
        now.format(DATE).unwrap_or_default()
    }
}

pub(crate) fn new_id() -> String {
    Uuid::new_v4().to_string()
}

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

    fn tidy(&mut self, now: Instant) {
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

/// `{"id": …, "selfUri": …}`: an entity that is only named.
pub(crate) fn stub(id: &str, collection: &str) -> Value {
    json!({ "id": id, "selfUri": format!("{collection}/{id}") })
}

/// The id in a reference.
pub(crate) fn id_in<'a>(document: &'a Map<String, Value>, member: &str) -> Option<&'a str> {
    document.get(member)?.get("id")?.as_str()
}
