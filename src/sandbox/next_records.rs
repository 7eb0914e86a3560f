//! What happens to the records of bulk requests, on demand.

use std::fmt;

use super::store::state::{NextRecord, RecordEffect};
use super::{Sandbox, lock};

/// What to do to the next records of bulk requests; [`Sandbox::next_records`] makes one. Nothing happens before the last word:
/// [`fail`](Self::fail), [`leave_out`](Self::leave_out) or [`pass`](Self::pass).
///
/// ```
/// use genesys_external_contacts::sandbox::Sandbox;
/// use genesys_external_contacts::{ExternalContact, RetryPolicy};
///
/// let sandbox = Sandbox::new();
/// // The second of three records fails.
/// sandbox.next_records(1).pass();
/// sandbox.next_records(1).fail(409);
/// let contacts = ["Lovelace", "Hopper", "Noether"].map(|name| ExternalContact::default().with_last_name(name));
/// let summary = sandbox.client().contacts().bulk().add(contacts).run();
/// assert_eq!((summary.done, summary.failed, summary.failures[0].index), (2, 1, 1));
/// ```
#[must_use = "nothing happens before the last word, such as `fail(503)`"]
pub struct NextRecords<'a> {
    sandbox: &'a Sandbox,
    records: u32,
    is_applied: bool,
}

impl Sandbox {
    /// Begins to say what happens to the next `records` records of bulk requests. What is asked for first happens first.
    pub fn next_records(&self, records: u32) -> NextRecords<'_> {
        NextRecords { sandbox: self, records, is_applied: false }
    }
}

impl NextRecords<'_> {
    /// Makes the change first and misbehaves then.
    pub fn after_applying(mut self) -> Self {
        self.is_applied = true;
        self
    }

    /// Answers each of them with a failure of this status, in an answer that is a success. 408, 429 and 5xx are called
    /// `retryable`. A number that is no status counts as 500.
    pub fn fail(self, status: u16) {
        self.plan(RecordEffect::Fail(status));
    }

    /// Leaves their results out of the answer.
    pub fn leave_out(self) {
        self.plan(RecordEffect::LeaveOut);
    }

    /// Lets them pass, so that what is asked for next happens to later ones.
    pub fn pass(self) {
        self.plan(RecordEffect::Pass);
    }

    fn plan(self, effect: RecordEffect) {
        let Self { sandbox, records, is_applied } = self;
        let next = NextRecord { records, is_applied, effect };
        lock(&sandbox.shared.state).next_records.push_back(next);
    }
}

impl fmt::Debug for NextRecords<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NextRecords").field("records", &self.records).finish_non_exhaustive()
    }
}
