//! Client for the Genesys Cloud External Contacts API.
#![forbid(unsafe_code)]
#![deny(missing_docs)]
#![warn(unreachable_pub)]
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::dbg_macro))]
// `dual/` is compiled twice on purpose: once with `async` and `.await`, once without.
#![allow(clippy::duplicate_mod)]

#[macro_use]
pub mod model;

mod auth;
mod blocking;
mod config;
pub mod contacts;
pub mod conversations;
mod decide;
mod env;
mod error;
pub mod lookup;
mod meta;
#[cfg(feature = "async")]
mod nonblocking;
pub mod notes;
pub mod operation;
pub mod organizations;
mod region;
pub mod relationships;
#[cfg(feature = "sandbox")]
pub mod sandbox;
pub mod schemas;
pub mod transport;
mod wire;

pub use blocking::{Client, ClientBuilder, Items, Pages, Transport};
pub use config::Limits;
pub use contacts::{ContactExpand, ContactSort, ExternalContact};
pub use conversations::{ConversationAssociation, ConversationMediaType};
pub use error::{
    ApiError, DecodeError, Error, ErrorBody, ErrorDetail, ErrorLimit, InvalidError, RawBody, ResultWindowError,
    SignInError, TransportError, TransportErrorKind,
};
pub use lookup::LookupExpand;
pub use meta::{Answer, Meta, RateLimit};
pub use model::{Listing, PhoneNumber};
#[cfg(feature = "async")]
pub use nonblocking::{
    Client as AsyncClient, ClientBuilder as AsyncClientBuilder, Items as AsyncItems, Pages as AsyncPages,
    Transport as AsyncTransport,
};
pub use notes::{Note, NoteExpand, NoteSort};
pub use operation::{Operation, Request};
pub use organizations::{ExternalOrganization, OrganizationExpand, OrganizationSort};
pub use region::Region;
pub use relationships::{Relationship, RelationshipExpand, RelationshipSort};
pub use schemas::{CustomField, DataSchema, JsonSchemaDocument, SchemaField};

/// Members of a JSON object that have no field of their own, by their name on the wire.
pub type Extra = serde_json::Map<String, serde_json::Value>;

/// The examples of the README, so that they are compiled.
#[cfg(all(doctest, feature = "reqwest"))]
#[doc = include_str!("../README.md")]
struct Readme;
