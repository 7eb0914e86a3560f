//! Requests and answers: the way in and out of the sandbox.

pub(super) mod answer;
pub(super) mod query;
pub(super) mod route;
pub(super) mod sign_in;
