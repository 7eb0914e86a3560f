//! What became of each record.

use std::error::Error as StdError;
use std::fmt;

use super::model::{BulkError, BulkErrorDetail};
use crate::error::{Error, OneLine};

/// What became of one record. `I` is what went in: the record, or its id; `T` is what a success gives.
///
/// `Debug` prints neither what went in nor the record, which may be personal data.
#[derive(Clone)]
#[non_exhaustive]
pub struct BulkOutcome<I, T> {
    /// The place of the record in the input, counted from 0. Outcomes come in this order.
    pub index: u64,
    /// What went in. Of a fetch it is the id that was asked for: a contact that was merged comes with another id.
    pub input: I,
    /// The record as the service keeps it, or what went wrong.
    pub result: Result<T, RecordError>,
    /// Whether the result is surely that of this record.
    ///
    /// The service answers in any order, and does not say which result is that of which addition. They are told apart by
    /// external ids, else by what was sent. Where two records are equal in that, or the service changed what was sent too
    /// much, this is false: the result may be that of another record which is alike.
    pub is_certain: bool,
}

impl<I, T> fmt::Debug for BulkOutcome<I, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BulkOutcome")
            .field("index", &self.index)
            .field("result", &self.result.as_ref().map(|_| format_args!("..")))
            .field("is_certain", &self.is_certain)
            .finish_non_exhaustive()
    }
}

/// What went wrong with one record.
///
/// ```
/// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
/// let nobody = "00000000-0000-4000-8000-000000000000";
/// for outcome in client.contacts().bulk().fetch([nobody]).outcomes() {
///     let error = outcome.result.unwrap_err();
///     assert!(error.is_not_found());
///     println!("{}: {error}", outcome.input);
/// }
/// ```
#[derive(Clone)]
pub struct RecordError {
    kind: RecordErrorKind,
    may_have_been_applied: bool,
}

/// What went wrong with one record; see [`RecordError`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum RecordErrorKind {
    /// The service refused this record, and said so in an answer that tells of others, too.
    Refused(Refusal),
    /// The request that carried the record failed as a whole, or the record could not be sent
    /// ([`ErrorKind::Invalid`](crate::ErrorKind::Invalid)).
    Request(Error),
    /// The request succeeded, and none of its results is surely that of this record.
    NoResult,
}

/// What the service says of a record that it refused.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Refusal {
    /// The HTTP status that the record would have had alone.
    pub status: Option<u16>,
    /// What went wrong, for programs.
    pub code: Option<String>,
    /// What went wrong, in words.
    pub message: Option<String>,
    /// Whether the service says that the same may succeed later.
    pub retryable: bool,
    /// Which fields are meant.
    pub details: Vec<BulkErrorDetail>,
}

impl Refusal {
    pub(crate) fn of<I>(status: Option<i64>, error: Option<BulkError<I>>) -> Self {
        let number = |status: i64| u16::try_from(status).ok();
        let Some(error) = error else { return Self { status: status.and_then(number), ..Self::default() } };
        Self {
            status: error.status.or(status).and_then(number),
            code: error.code,
            message: error.message,
            retryable: error.retryable.unwrap_or_default(),
            details: error.details.unwrap_or_default(),
        }
    }
}

impl RecordError {
    pub(crate) fn new(kind: RecordErrorKind, may_have_been_applied: bool) -> Self {
        Self { kind, may_have_been_applied }
    }

    /// What happened.
    pub fn kind(&self) -> &RecordErrorKind {
        &self.kind
    }

    /// The status of the record, or of the whole request where that failed.
    pub fn status(&self) -> Option<u16> {
        match &self.kind {
            RecordErrorKind::Refused(refusal) => refusal.status,
            RecordErrorKind::Request(error) => error.status().map(|status| status.as_u16()),
            RecordErrorKind::NoResult => None,
        }
    }

    /// The service's code, such as `not.found`.
    pub fn code(&self) -> Option<&str> {
        match &self.kind {
            RecordErrorKind::Refused(refusal) => refusal.code.as_deref(),
            RecordErrorKind::Request(error) => error.code(),
            RecordErrorKind::NoResult => None,
        }
    }

    /// The fields that a refusal is about.
    pub fn details(&self) -> &[BulkErrorDetail] {
        match &self.kind {
            RecordErrorKind::Refused(refusal) => &refusal.details,
            _ => &[],
        }
    }

    /// There is no such record.
    pub fn is_not_found(&self) -> bool {
        match &self.kind {
            RecordErrorKind::Refused(refusal) => refusal.status == Some(404),
            RecordErrorKind::Request(_) | RecordErrorKind::NoResult => false,
        }
    }

    /// Whether the service may have made the change all the same. Never true for fetches.
    ///
    /// A 4xx of a record (not 408) says that it was not applied; a 5xx does not, and neither does a result that is missing.
    /// For a request that failed as a whole see [`Error::may_have_been_applied`].
    pub fn may_have_been_applied(&self) -> bool {
        self.may_have_been_applied
    }

    /// Whether the same may succeed later. An addition that [may have been applied](Self::may_have_been_applied) can then
    /// come to exist twice: look for it first.
    pub fn is_retryable(&self) -> bool {
        match &self.kind {
            RecordErrorKind::Refused(refusal) => refusal.retryable,
            RecordErrorKind::Request(error) => error.is_retryable(),
            RecordErrorKind::NoResult => false,
        }
    }
}

impl fmt::Display for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            // It says itself whether it may have been applied.
            RecordErrorKind::Request(error) => return error.fmt(f),
            RecordErrorKind::Refused(refusal) => {
                f.write_str("the service refused the record")?;
                if let Some(status) = refusal.status {
                    write!(f, ": {status}")?;
                }
                if let Some(code) = &refusal.code {
                    write!(f, " {}", OneLine(code))?;
                }
                if let Some(message) = &refusal.message {
                    write!(f, ": {}", OneLine(message))?;
                }
            }
            RecordErrorKind::NoResult => f.write_str("the answer has no result that is surely that of this record")?,
        }
        if self.may_have_been_applied { f.write_str("; the change may have been applied") } else { Ok(()) }
    }
}

impl fmt::Debug for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            RecordErrorKind::Request(error) => fmt::Debug::fmt(error, f),
            _ => fmt::Display::fmt(self, f),
        }
    }
}

impl StdError for RecordError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.kind {
            RecordErrorKind::Request(error) => error.source(),
            _ => None,
        }
    }
}

/// How far a bulk request has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct BulkProgress {
    /// How many records have succeeded.
    pub done: u64,
    /// How many records have failed.
    pub failed: u64,
    /// How many requests have been sent, repeated ones included.
    pub requests: u64,
}

/// What a bulk request came to; what `run()` gives.
#[derive(Clone)]
#[non_exhaustive]
pub struct BulkSummary<I, T> {
    /// How many records have succeeded.
    pub done: u64,
    /// How many records have failed.
    pub failed: u64,
    /// How many requests have been sent, repeated ones included.
    pub requests: u64,
    /// The first failures, at most [`MOST_FAILURES`](BulkSummary::MOST_FAILURES), so that they have room however many
    /// there are. `outcomes()` gives all of them.
    pub failures: Vec<BulkOutcome<I, T>>,
}

impl<I, T> BulkSummary<I, T> {
    /// How many failures are kept.
    pub const MOST_FAILURES: usize = 1000;

    pub(crate) fn new(progress: BulkProgress, failures: Vec<BulkOutcome<I, T>>) -> Self {
        let BulkProgress { done, failed, requests } = progress;
        Self { done, failed, requests, failures }
    }
}

impl<I, T> fmt::Debug for BulkSummary<I, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BulkSummary")
            .field("done", &self.done)
            .field("failed", &self.failed)
            .field("requests", &self.requests)
            .finish_non_exhaustive()
    }
}
