//! Requests and answers: the way in and out of the sandbox. Knows `store`, and no resource.

pub(super) mod answer;
pub(super) mod endpoint;
pub(super) mod failure;
pub(super) mod files;
pub(super) mod query;
pub(super) mod route;
pub(super) mod sign_in;
