//! What can be chosen when a sandbox is made.

use std::collections::BTreeMap;
use std::time::Duration;

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
    pub(crate) conversation_ids_must_match: bool,
    pub(crate) unknown_members: UnknownMembers,
    pub(crate) deletions_answer_nothing: bool,
    pub(crate) lookups_ignore_case: bool,
    pub(crate) patches_are_atomic: bool,
    pub(crate) enrichments_claim: bool,
    pub(crate) enrichments_repeat_values: bool,
    pub(crate) merges_move_notes: bool,
    pub(crate) statuses: BTreeMap<UnknownStatus, u16>,
    /// `None` is until they are used or revoked.
    pub(crate) refresh_token_lifetime: Option<Duration>,
    /// As in `sortOrder`.
    pub(crate) default_sorts: Vec<String>,
    pub(crate) scans_shuffled: bool,
    /// How many records a bulk request may carry.
    pub(crate) bulk_records: usize,
    pub(crate) bulk_shuffled: bool,
    pub(crate) bulk_statuses: bool,
    /// How long exports, imports, merges and looks at uploads take.
    pub(crate) job_duration: Duration,
    /// Scheme and host of files, and maybe the start of a path.
    pub(crate) files_url: String,
    pub(crate) file_lifetime: Duration,
    pub(crate) download_lag: Duration,
    pub(crate) files_need_token: bool,
    pub(crate) files_ignore_ranges: bool,
    /// By status.
    pub(crate) error_codes: BTreeMap<u16, String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            calls: Some(300),
            sign_ins: None,
            token_lifetime: Duration::from_secs(86_399),
            updates_keep: false,
            deletions_spread: true,
            notes_need_author: true,
            conversation_ids_must_match: false,
            unknown_members: UnknownMembers::Keep,
            deletions_answer_nothing: false,
            lookups_ignore_case: true,
            patches_are_atomic: true,
            enrichments_claim: false,
            enrichments_repeat_values: true,
            merges_move_notes: true,
            statuses: BTreeMap::new(),
            refresh_token_lifetime: None,
            default_sorts: Vec::new(),
            scans_shuffled: false,
            bulk_records: 50,
            bulk_shuffled: true,
            bulk_statuses: true,
            job_duration: Duration::from_secs(10),
            files_url: "https://files.sandbox.example".to_owned(),
            file_lifetime: Duration::from_secs(600),
            download_lag: Duration::ZERO,
            files_need_token: false,
            files_ignore_ranges: false,
            error_codes: BTreeMap::new(),
        }
    }
}

/// What a [`Sandbox`](crate::sandbox::Sandbox) does with members in a body that nobody knows; see [`SandboxBuilder::unknown_members`](crate::sandbox::SandboxBuilder::unknown_members).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UnknownMembers {
    /// They are kept and given back.
    Keep,
    /// They are left out, and nothing is said about it.
    Drop,
    /// They are refused: 400 with `invalid.property`.
    Refuse,
}

/// Something that the service answers with a status that nobody knows; see
/// [`SandboxBuilder::status_of`](crate::sandbox::SandboxBuilder::status_of).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum UnknownStatus {
    /// A dry run of an enrichment, whatever it would do: 200.
    DryRun,
    /// An enrichment that updates, and finds nobody: 404.
    NobodyToUpdate,
    /// An enrichment that inserts, and finds somebody: 409.
    SomebodyThere,
    /// A merge that would make a set of more than 52 contacts: 409.
    MergeSetTooLarge,
    /// A merge of contacts of different divisions: 409.
    DivisionsDiffer,
    /// A merge of two curated contacts by the route that is deprecated: 400.
    BothCurated,
    /// A release of an identifier that the record hasn't claimed: 404.
    NotClaimed,
    /// A promotion of a contact that is curated already: 200.
    AlreadyCurated,
}

impl UnknownStatus {
    fn default(self) -> u16 {
        match self {
            Self::DryRun | Self::AlreadyCurated => 200,
            Self::NobodyToUpdate | Self::NotClaimed => 404,
            Self::SomebodyThere | Self::MergeSetTooLarge | Self::DivisionsDiffer => 409,
            Self::BothCurated => 400,
        }
    }
}

impl Settings {
    pub(crate) fn status_of(&self, what: UnknownStatus) -> u16 {
        self.statuses.get(&what).copied().unwrap_or_else(|| what.default())
    }
}
