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
    /// `None` is until they are used or revoked.
    pub(crate) refresh_token_lifetime: Option<Duration>,
    /// As in `sortOrder`.
    pub(crate) default_sorts: Vec<String>,
    pub(crate) scans_shuffled: bool,
    /// How many records a bulk request may carry.
    pub(crate) bulk_records: usize,
    pub(crate) bulk_shuffled: bool,
    pub(crate) bulk_statuses: bool,
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
            refresh_token_lifetime: None,
            default_sorts: Vec::new(),
            scans_shuffled: false,
            bulk_records: 50,
            bulk_shuffled: true,
            bulk_statuses: true,
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
