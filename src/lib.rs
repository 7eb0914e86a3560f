//! Client for the Genesys Cloud External Contacts API.
#![forbid(unsafe_code)]
#![deny(missing_docs)]
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::dbg_macro))]

#[macro_use]
pub mod model;

pub mod contacts;
pub mod conversations;
pub mod lookup;
pub mod notes;
pub mod organizations;
pub mod relationships;
pub mod schemas;

/// Members of a JSON object that have no field of their own, by their name on the wire.
pub type Extra = serde_json::Map<String, serde_json::Value>;
