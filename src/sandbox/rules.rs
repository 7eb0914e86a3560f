//! What the service makes of what it is sent, and what it shows of what it has: the same for all resources. Knows `store`,
//! and of `http` the query and the failures.

pub(super) mod after;
pub(super) mod core_types;
pub(super) mod csv;
pub(super) mod cursor;
pub(super) mod custom_fields;
pub(super) mod export_filter;
pub(super) mod fields;
pub(super) mod listing;
pub(super) mod members;
pub(super) mod phone;
pub(super) mod search;
pub(super) mod validate;
pub(super) mod view;
