//! The client for the Genesys Cloud External Contacts API: the people and companies that a contact center talks to.
//!
//! [`Client`] is blocking and needs no runtime. With the feature `async` there is `AsyncClient` besides it: the same
//! methods, with `.await` behind `send()` and `next()`.
//!
//! # Connect
//!
//! [`Client::from_env`] reads the variables that the vendor's own tools read; [`Client::builder`] takes the same in code.
//! Nothing is sent yet: the client signs in with the first call, and again before its token expires. Make one client
//! and keep it; clones share connections and token. [`Credentials`] lists all ways to sign in.
//!
//! ```
//! use genesys_external_contacts::{Client, Region};
//!
//! let client = Client::builder().region(Region::EuWest1).client_credentials("an id", "a secret").build()?;
//! # Ok::<(), genesys_external_contacts::Error>(())
//! ```
//!
//! # Call
//!
//! A method of a resource makes a [`Request`], setters add optional parameters, `send()` sends it. A request owns what it
//! needs: it can move into a thread or a task.
//!
//! ```
//! use genesys_external_contacts::{ContactExpand, ExternalContact, PhoneNumber};
//! # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
//!
//! let ada = ExternalContact::default().with_first_name("Ada").with_work_phone(PhoneNumber::new("+44 20 7946 0018"));
//! let id = client.contacts().create(ada).send()?.id.unwrap_or_default();
//!
//! let mut ada = client.contacts().get(&id).expand([ContactExpand::Division]).send()?;
//! ada.last_name = Some("Lovelace".to_owned());
//! client.contacts().update(&id, ada).send()?;
//! # Ok::<(), genesys_external_contacts::Error>(())
//! ```
//!
//! | resource | operations |
//! |---|---|
//! | [`client.contacts()`](contacts::Contacts) | search, create, get, update, delete |
//! | [`client.contacts().notes(id)`](notes::Notes) | list, create, get, update, delete |
//! | [`client.contacts().schemas()`](schemas::Schemas) | list, create, get, update, delete, versions, version |
//! | [`client.organizations()`](organizations::Organizations) | search, create, get, update, delete, link_trustor, unlink_trustor |
//! | [`client.organizations().notes(id)`](notes::Notes) | list, create, get, update, delete |
//! | [`client.organizations().schemas()`](schemas::Schemas) | list, create, get, update, versions, version |
//! | [`client.organizations().contacts(id)`](organizations::OrganizationContacts) | search |
//! | [`client.organizations().relationships(id)`](organizations::OrganizationRelationships) | list |
//! | [`client.relationships()`](relationships::Relationships) | create, get, update, delete |
//! | [`client.conversations()`](conversations::Conversations) | associate |
//! | [`client.reverse_white_pages_lookup(value)`](Client::reverse_white_pages_lookup) | |
//!
//! [`Operation`] reaches what is not there yet.
//!
//! # Models
//!
//! All members of all models are `Option`: the API promises none of them. What a model doesn't know is kept in `extra`,
//! what an enum doesn't know in `Other`, and both are written back, so that reading, changing one member and writing
//! loses nothing. `with_…` sets a member, `without_…` writes an explicit null. `Debug` prints which members are set and not
//! their values, because those are personal data; serialize a model to see them. See [`model`].
//!
//! Dates are those of the crate `time` 0.3, and `extra` holds values of `serde_json` 1: add these to your project where you
//! name their types.
//!
//! # Pages
//!
//! `send()` on a search or listing gives one page, a [`Listing`]; `items()` and `pages()` walk through all of them, and
//! `limit(n)` ends earlier. The service gives out the first 1,000 records: where there are more, the last item is
//! [`Error::ResultWindow`].
//!
//! ```
//! use genesys_external_contacts::ContactSort;
//! # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
//!
//! for contact in client.contacts().search().sort(ContactSort::LastName.asc()).items().limit(250) {
//!     println!("{}", contact?.display_name());
//! }
//! # Ok::<(), genesys_external_contacts::Error>(())
//! ```
//!
//! # Errors
//!
//! One type, [`Error`], with predicates that say what to do. Its `Display` is one line with the service's code, message
//! and correlation id. `optional()` makes "not found" a `None`.
//!
//! ```
//! # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
//! match client.contacts().get("7c1c0d0e-0000-4000-8000-000000000000").send() {
//!     Ok(contact) => println!("{}", contact.display_name()),
//!     Err(error) if error.is_not_found() => println!("nobody"),
//!     Err(error) if error.is_forbidden() => println!("ask for the permission: {error}"),
//!     Err(error) => return Err(error),
//! }
//! # Ok::<(), genesys_external_contacts::Error>(())
//! ```
//!
//! # When the network or the service misbehaves
//!
//! A call that failed is made again where that can't apply anything twice: what only reads, replaces or deletes after a
//! broken connection, a timeout, 408, 429, 502, 503 and 504; creates only when the first try surely was not applied (no
//! connection, 429). [`RetryPolicy`] has the numbers. An error of a change says whether it
//! [may have been applied](Error::may_have_been_applied).
//!
//! A token that the service refuses is renewed and the call sent once more. When the rate limit is used up, calls wait
//! for the next window.
//!
//! # Limits
//!
//! | what | default | how to change it |
//! |---|---|---|
//! | time to connect, name and TLS included | 10 s | [`Limits::connect_timeout`] |
//! | time for one exchange, from connecting to the last byte | 30 s | [`Limits::call_timeout`] |
//! | time for a call with all its tries and waits, signing in included | 180 s | [`RetryPolicy::deadline`] |
//! | tries of a call | 5 | [`RetryPolicy::max_attempts`] |
//! | a single wait between tries, or for the rate limit | 90 s | [`RetryPolicy::max_wait`] |
//! | the first wait, where the service asks for none | 500 ms, random, then doubled | [`RetryPolicy::base_delay`] |
//! | size of an answer, after decompression | 64 MiB | [`Limits::max_body`] |
//!
//! Each can be set for a client ([`ClientBuilder::limits`], [`ClientBuilder::retry`]) and for one call
//! ([`Request::limits`], [`Request::retry`]). The shortest wins: an exchange that is under way when the call's time is up
//! ends with a timeout.
//!
//! # Proxies and certificates
//!
//! `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` are heeded. [`Connection`] sets a proxy, root certificates and a client
//! certificate in code; [`ClientBuilder::api_url`] takes a gateway, with a path if it has one. The transports in
//! [`transport`] take an agent or a client of your own.
//!
//! # Test
//!
//! With the feature `sandbox` there is `sandbox::Sandbox`, the API in memory: `Sandbox::new().client()` gives a client
//! that works on it. The examples of this documentation do. See [`guide`].
//!
//! # Features
//!
//! | feature | default | what it adds |
//! |---|---|---|
//! | `ureq` | yes | the blocking transport |
//! | `async` | | `AsyncClient`, without a transport |
//! | `reqwest` | | the async transport; needs tokio |
//! | `sandbox` | | the API in memory |
//!
//! A [`Transport`] or `AsyncTransport` of your own takes the place of the built-in ones.
//!
//! # Logs
//!
//! Through the [`log`] crate. Routes have their parameters in braces; no id, no query, no body and no header is logged.
//!
//! | level | what |
//! |---|---|
//! | warn | a try that failed and is made again: route, status or kind of failure, wait |
//! | info | a wait for the rate limit: route, wait |
//! | debug | each sign-in: host; each answer: route, status |
//!
//! The crates underneath write records of their own. Up to `debug` they hold nothing of that either; at `trace`, ureq writes
//! whole URLs, and with them ids and what was searched for.
//!
//! For metrics there is [`ClientBuilder::on_attempt`].
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
pub mod guide;
pub mod lookup;
mod meta;
#[cfg(feature = "async")]
mod nonblocking;
pub mod notes;
pub mod operation;
pub mod organizations;
mod random;
mod region;
pub mod relationships;
mod retry;
#[cfg(feature = "sandbox")]
pub mod sandbox;
pub mod schemas;
pub mod transport;
mod wire;

pub use auth::{Credentials, Pkce};
pub use blocking::{Client, ClientBuilder, Items, Pages, Transport};
pub use config::{Connection, Limits};
pub use contacts::{ContactExpand, ContactSort, ExternalContact};
pub use conversations::{ConversationAssociation, ConversationMediaType};
pub use error::{
    ApiError, DecodeError, Error, ErrorBody, ErrorDetail, ErrorLimit, InvalidError, RateLimitError, RawBody,
    ResultWindowError, SignInError, TransportError, TransportErrorKind,
};
pub use lookup::LookupExpand;
pub use meta::{Answer, Attempt, Meta, RateLimit};
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
pub use retry::RetryPolicy;
pub use schemas::{CustomField, DataSchema, JsonSchemaDocument, SchemaField};

/// Members of a JSON object that have no field of their own, by their name on the wire.
pub type Extra = serde_json::Map<String, serde_json::Value>;

/// The examples of the README, so that they are compiled.
#[cfg(all(doctest, feature = "reqwest"))]
#[doc = include_str!("../README.md")]
struct Readme;
