//! What the sandbox remembers.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::{Duration, Instant, SystemTime};

use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use uuid::Uuid;

use super::identifiers::Claims;
use super::organizations::Trustor;
use super::schemas::Schemas;
use super::search::Index;
use super::sign_in::Tokens;

/// `2026-01-02T03:04:05.678Z`.
const DATE: &[BorrowedFormatItem<'static>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");

/// All that there is. One lock guards it; nothing is changed before everything that can fail has been checked.
pub(super) struct State {
    pub(super) settings: Settings,
    pub(super) clock: Clock,
    pub(super) tokens: Tokens,
    /// The permissions of the client; none set means all.
    pub(super) permissions: Option<BTreeSet<String>>,
    pub(super) contacts: Table,
    pub(super) claims: Claims,
    pub(super) contact_schemas: Schemas,
    pub(super) organizations: Table,
    pub(super) organization_claims: Claims,
    pub(super) organization_schemas: Schemas,
    /// The trustor of each organization that has one.
    pub(super) trustors: HashMap<String, Trustor>,
    /// The notes of contacts and organizations.
    pub(super) notes: HashMap<String, Table>,
    pub(super) relationships: Table,
    /// The contact of each conversation that has one.
    pub(super) conversations: HashMap<String, String>,
    /// The external sources by their ids.
    pub(super) sources: BTreeMap<String, Map<String, Value>>,
}

/// What can be chosen when a sandbox is made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Settings {
    /// Calls per minute and token; `None` is no limit.
    pub(super) calls: Option<u32>,
    pub(super) sign_ins: Option<u32>,
    pub(super) token_lifetime: Duration,
}

impl State {
    pub(super) fn new(settings: Settings) -> Self {
        Self {
            settings,
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
            sources: BTreeMap::new(),
        }
    }
}

/// The clock of the machine, put forward by what was slept.
#[derive(Default)]
pub(super) struct Clock {
    ahead: Duration,
}

impl Clock {
    pub(super) fn advance(&mut self, by: Duration) {
        // A sleep that no clock can express ends where the clock does.
        let ahead = self.ahead.saturating_add(by);
        if Instant::now().checked_add(ahead).is_some() {
            self.ahead = ahead;
        }
    }

    pub(super) fn now(&self) -> Instant {
        let now = Instant::now();
        now.checked_add(self.ahead).unwrap_or(now)
    }

    /// The time as the service writes it.
    pub(super) fn date(&self) -> String {
        let now = SystemTime::now();
        let now = OffsetDateTime::from(now)
            .checked_add(time::Duration::try_from(self.ahead).unwrap_or_default())
            .unwrap_or(OffsetDateTime::from(now));
        now.format(DATE).unwrap_or_default()
    }
}

pub(super) fn new_id() -> String {
    Uuid::new_v4().to_string()
}

/// Documents by their ids, in the order in which they were created.
#[derive(Default)]
pub(super) struct Table {
    rows: BTreeMap<u64, Row>,
    numbers: HashMap<String, u64>,
    next: u64,
}

/// A document and what makes it quick to find.
pub(super) struct Row {
    pub(super) id: String,
    pub(super) document: Map<String, Value>,
    pub(super) index: Index,
}

impl Table {
    /// Ids are given out in lower case and found in any.
    pub(super) fn get(&self, id: &str) -> Option<&Row> {
        let number = match self.numbers.get(id) {
            Some(number) => number,
            None => self.numbers.get(&id.to_ascii_lowercase())?,
        };
        self.rows.get(number)
    }

    /// Adds a document, or puts it in the place of the one with its id.
    pub(super) fn put(&mut self, row: Row) {
        let number = *self.numbers.entry(row.id.clone()).or_insert(self.next);
        self.next = self.next.max(number.saturating_add(1));
        self.rows.insert(number, row);
    }

    pub(super) fn remove(&mut self, id: &str) -> Option<Row> {
        let number = self.numbers.remove(&id.to_ascii_lowercase())?;
        self.rows.remove(&number)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Row> {
        self.rows.values()
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Row> {
        self.rows.values_mut()
    }

    pub(super) fn retain(&mut self, mut is_kept: impl FnMut(&Row) -> bool) {
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
pub(super) fn stub(id: &str, collection: &str) -> Value {
    json!({ "id": id, "selfUri": format!("{collection}/{id}") })
}

/// The id in a reference.
pub(super) fn id_in<'a>(document: &'a Map<String, Value>, member: &str) -> Option<&'a str> {
    document.get(member)?.get("id")?.as_str()
}
