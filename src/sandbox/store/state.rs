//! What the sandbox remembers.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::time::{Duration, Instant};

use serde_json::{Map, Value};

use crate::sandbox::store::claims::Claims;
use crate::sandbox::store::clock::Clock;
use crate::sandbox::store::notes::Notes;
use crate::sandbox::store::schemas::Schemas;
use crate::sandbox::store::settings::Settings;
use crate::sandbox::store::table::Table;
use crate::sandbox::store::tokens::Tokens;
use crate::sandbox::store::work::Work;

/// All that there is. One lock guards it; nothing is changed before everything that can fail has been checked.
#[derive(Clone)]
pub(crate) struct State {
    pub(crate) settings: Settings,
    /// How much later searches see what changes.
    pub(crate) search_lag: Duration,
    pub(crate) clock: Clock,
    pub(crate) tokens: Tokens,
    /// The permissions of the client; none set means all.
    pub(crate) permissions: Option<BTreeSet<String>>,
    pub(crate) contacts: Table,
    pub(crate) claims: Claims,
    pub(crate) contact_schemas: Schemas,
    /// Of each contact that was merged: the one that took its place.
    pub(crate) merged: HashMap<String, String>,
    /// The settings of external contacts that were set.
    pub(crate) contact_settings: Map<String, Value>,
    pub(crate) organizations: Table,
    pub(crate) organization_claims: Claims,
    pub(crate) organization_schemas: Schemas,
    /// The trustor of each organization that has one.
    pub(crate) trustors: HashMap<String, Trustor>,
    /// The notes of contacts and organizations.
    pub(crate) notes: Notes,
    pub(crate) relationships: Table,
    /// The contact of each conversation that has one.
    pub(crate) conversations: HashMap<String, String>,
    /// What is to happen to the next records of bulk requests.
    pub(crate) next_records: VecDeque<NextRecord>,
    /// How many bulk requests there have been: each is answered in another order.
    pub(crate) bulk_requests: u64,
    /// How many contacts have been generated.
    pub(crate) generated: u64,
    pub(crate) sources: Table,
    /// What is wrong with the page that is asked for now, where that was asked for.
    pub(crate) page_fault: Option<PageFault>,
    /// Work that takes a while.
    pub(crate) work: Work,
}

impl State {
    pub(crate) fn new(settings: Settings) -> Self {
        Self {
            settings,
            search_lag: Duration::ZERO,
            clock: Clock::default(),
            tokens: Tokens::default(),
            permissions: None,
            contacts: Table::default(),
            claims: Claims::of_contacts(),
            contact_schemas: Schemas::default(),
            merged: HashMap::new(),
            contact_settings: Map::new(),
            organizations: Table::default(),
            organization_claims: Claims::of_organizations(),
            organization_schemas: Schemas::default(),
            trustors: HashMap::new(),
            notes: Notes::default(),
            relationships: Table::default(),
            conversations: HashMap::new(),
            next_records: VecDeque::new(),
            bulk_requests: 0,
            generated: 0,
            sources: Table::default(),
            page_fault: None,
            work: Work::default(),
        }
    }

    /// Forgets what no search sees any more.
    pub(crate) fn tidy(&mut self) {
        let now = self.clock.now();
        self.contacts.tidy(now);
        self.organizations.tidy(now);
    }

    /// The id of the contact that stands for the one with this id: that one, unless it was merged.
    pub(crate) fn canonical<'a>(&'a self, id: &'a str) -> &'a str {
        if self.merged.is_empty() {
            return id;
        }
        self.merged.get(&id.to_ascii_lowercase()).map_or(id, String::as_str)
    }

    /// When searches see what changes now; `None` is at once.
    pub(crate) fn seen_at(&self) -> Option<Instant> {
        if self.search_lag.is_zero() {
            return None;
        }
        Some(self.clock.after(self.search_lag))
    }
}

/// How a listing by cursor doesn't get on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PageFault {
    /// The page is empty, and another cursor leads to the place where this one did.
    Empty,
    /// The page names the cursor that leads to it.
    Repeated,
}

/// Who trusts an organization, and since when.
#[derive(Clone)]
pub(crate) struct Trustor {
    pub(crate) id: String,
    pub(crate) date: String,
}

/// What is to happen to so many records of bulk requests, one after the other.
#[derive(Clone, Copy)]
pub(crate) struct NextRecord {
    pub(crate) records: u32,
    pub(crate) is_applied: bool,
    pub(crate) effect: RecordEffect,
}

#[derive(Clone, Copy)]
pub(crate) enum RecordEffect {
    /// Nothing.
    Pass,
    /// It fails with this status.
    Fail(u16),
    /// There is no result of it.
    LeaveOut,
}
