//! Work that takes a while: exports, imports, scans, merges, and what contacts do meanwhile.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Map, Value};

use crate::sandbox::store::clock::Clock;
use crate::sandbox::store::files::Files;

/// How a piece of work goes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    /// `None` is for ever.
    pub(crate) takes: Option<Duration>,
    pub(crate) fails: bool,
}

/// A piece of work that has begun.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    /// `None` is never.
    ends: Option<Instant>,
    /// The date of its end, as the service writes it.
    pub(crate) end_date: String,
    fails: bool,
}

/// How far a piece of work is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    Running,
    Done,
    Failed,
}

impl Run {
    pub(crate) fn progress(&self, clock: &Clock) -> Progress {
        match self.ends {
            Some(ends) if ends <= clock.now() && self.fails => Progress::Failed,
            Some(ends) if ends <= clock.now() => Progress::Done,
            _ => Progress::Running,
        }
    }

    /// When it ends.
    pub(crate) fn ends(&self) -> Option<Instant> {
        self.ends
    }
}

/// All of it.
#[derive(Clone, Default)]
pub(crate) struct Work {
    /// How the next pieces of work go, and how many of them.
    pub(crate) plans: VecDeque<(u32, Plan)>,
    pub(crate) files: Files,
    pub(crate) exports: Vec<Export>,
    pub(crate) uploads: Vec<Upload>,
    /// In the order of their creation, with their ids in them.
    pub(crate) csv_settings: Vec<Map<String, Value>>,
    pub(crate) import_settings: Vec<Map<String, Value>>,
    pub(crate) imports: Vec<Import>,
    pub(crate) scans: Vec<Scan>,
    pub(crate) automatic_merging: Option<(bool, String)>,
    /// The segments of each contact.
    pub(crate) segments: HashMap<String, Vec<Segment>>,
    /// How many of the next segments are left unprocessed.
    pub(crate) unprocessed_segments: u32,
    /// The sessions of each contact.
    pub(crate) sessions: HashMap<String, Vec<Map<String, Value>>>,
}

impl Work {
    /// Begins a piece of work, which takes `usual` unless it was planned otherwise.
    pub(crate) fn begin(&mut self, clock: &Clock, usual: Duration) -> Run {
        while self.plans.front().is_some_and(|(count, _)| *count == 0) {
            self.plans.pop_front();
        }
        let plan = match self.plans.front_mut() {
            Some((count, plan)) => {
                *count -= 1;
                *plan
            }
            None => Plan { takes: Some(usual), fails: false },
        };
        Run {
            ends: plan.takes.map(|takes| clock.after(takes)),
            end_date: clock.date_in(plan.takes.unwrap_or_default()),
            fails: plan.fails,
        }
    }
}

/// What an export is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exported {
    Contacts,
    Notes,
    Organizations,
    Relationships,
}

#[derive(Clone)]
pub(crate) struct Export {
    pub(crate) of: Exported,
    pub(crate) id: String,
    /// What is shown of it from the beginning.
    pub(crate) document: Map<String, Value>,
    pub(crate) run: Run,
    pub(crate) content: Arc<[u8]>,
    pub(crate) rows: usize,
}

#[derive(Clone)]
pub(crate) struct Upload {
    pub(crate) id: String,
    pub(crate) name: Option<String>,
    pub(crate) size: u64,
    /// The file, and how far the look at it is.
    pub(crate) file: Option<(Arc<[u8]>, Run)>,
}

#[derive(Clone)]
pub(crate) struct Import {
    pub(crate) id: String,
    pub(crate) settings: Map<String, Value>,
    pub(crate) mappings: Vec<(String, String)>,
    pub(crate) file_name: Option<String>,
    /// `None` where it was started without a file.
    pub(crate) file: Option<Arc<[u8]>>,
    pub(crate) division: Option<Value>,
    pub(crate) date: String,
    pub(crate) phase: Phase,
    pub(crate) dry_run: Option<Report>,
    pub(crate) report: Option<Report>,
}

/// Where an import stands.
#[derive(Clone)]
pub(crate) enum Phase {
    Validating(Run),
    Validated,
    Importing(Run),
    Completed,
    /// What it was doing.
    Failed(&'static str),
    Cancelled(&'static str),
}

/// What came, or would come, of each record.
#[derive(Clone)]
pub(crate) struct Report {
    pub(crate) good: usize,
    pub(crate) bad: usize,
    pub(crate) text: Arc<[u8]>,
}

/// What a scan found.
#[derive(Clone)]
pub(crate) struct Scan {
    pub(crate) id: String,
    pub(crate) date: String,
    pub(crate) clusters: Vec<Cluster>,
}

#[derive(Clone)]
pub(crate) struct Cluster {
    pub(crate) id: String,
    pub(crate) division: String,
    /// The ids of the contacts.
    pub(crate) contacts: Vec<String>,
    /// Kind and value, and which of the contacts have it.
    pub(crate) identifiers: Vec<(&'static str, String, Vec<usize>)>,
    pub(crate) merge: Merge,
}

/// What became of the merge of a cluster.
#[derive(Clone)]
pub(crate) enum Merge {
    No,
    Queued(Run),
    Done(String),
    /// When, with which code, and why.
    Failed(String, &'static str, String),
}

/// A segment that a contact is in.
#[derive(Clone)]
pub(crate) struct Segment {
    pub(crate) id: String,
    pub(crate) assigned: String,
    pub(crate) until: String,
}
