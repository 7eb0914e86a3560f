//! What the service makes of what it is sent, and what it shows of what it has: the same for all resources.

pub(super) mod listing;
pub(super) mod phone;
pub(super) mod search;
pub(super) mod validate;
pub(super) mod view;
