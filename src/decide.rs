//! Pure decisions: what to do next, given what has happened. No I/O, no clock, no flavour.

pub(crate) mod bulk;
pub(crate) mod file;
pub(crate) mod identity;
pub(crate) mod job;
pub(crate) mod pages;
pub(crate) mod rate_limit;
pub(crate) mod recent;
pub(crate) mod retry;
pub(crate) mod token;
