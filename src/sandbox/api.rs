//! The operations of the API, one file a resource.

pub(super) mod contacts;
pub(super) mod conversations;
pub(super) mod lookup;
pub(super) mod notes;
pub(super) mod organizations;
pub(super) mod relationships;
pub(super) mod schemas;
