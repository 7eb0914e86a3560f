//! The client for the Genesys Cloud External Contacts API: the people and companies that a contact center talks to.
//!
//! [`Client`] is blocking and needs no runtime. With the feature `async` there is `AsyncClient` besides it: the same
//! methods, with `.await` behind `send()` and `next()`.
//!
//! This page teaches in order: [connect](#connect), [read](#read), [page](#pages), [write](#write), [errors](#errors),
//! [retry](#when-the-network-or-the-service-misbehaves), [test](#test), [async](#async),
//! [a transport of your own](#a-transport-of-your-own), [endpoints that are not there yet](#endpoints-that-are-not-there-yet).
//! Below are the tables to come back to, and [`guide`] goes deeper.
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
//! # Read
//!
//! A method of a resource makes a [`Request`], setters add optional parameters, `send()` sends it. A request owns what it
//! needs: it can move into a thread or a task. `optional()` makes "not found" a `None`.
//!
//! ```
//! use genesys_external_contacts::ContactExpand;
//! # let sandbox = genesys_external_contacts::sandbox::Sandbox::new();
//! # sandbox.load_contacts(r#"[{ "id": "3d5f2c1e-0000-4000-8000-000000000001", "lastName": "Lovelace" }]"#).unwrap();
//! # let client = sandbox.client();
//!
//! let id = "3d5f2c1e-0000-4000-8000-000000000001";
//! let ada = client.contacts().get(id).expand([ContactExpand::Division]).send()?;
//! println!("{}", ada.display_name());
//!
//! let nobody = client.contacts().get("00000000-0000-4000-8000-000000000000").optional().send()?;
//! assert!(nobody.is_none());
//! # Ok::<(), genesys_external_contacts::Error>(())
//! ```
//!
//! <!-- operations: BLESS=1 cargo test --test repository -->
//!
//! | resource | operations |
//! |---|---|
//! | [`client.contacts()`](contacts::Contacts) | search, search_with_body, create, get, update, delete, scan, scan_all_divisions, find_by, identifier_lookup, patch, enrich, merge, merge_two, promote, get_unresolved |
//! | [`client.contacts().notes(id)`](notes::Notes) | list, create, get, update, delete, patch |
//! | [`client.contacts().bulk()`](bulk::Bulk) | fetch, fetch_division_views, fetch_unresolved, add, update, remove, enrich |
//! | [`client.contacts().exports()`](exports::Exports) | start, list, get |
//! | [`client.contacts().journey(id)`](journeys::Journey) | segments, update_segments, sessions |
//! | [`client.contacts().schemas()`](schemas::Schemas) | list, create, get, update, delete, versions, version, core_types, core_type, limits |
//! | [`client.contacts().identifiers(id)`](identifiers::Identifiers) | list, claim |
//! | [`client.organizations()`](organizations::Organizations) | search, create, get, update, delete, link_trustor, unlink_trustor, scan, scan_all_divisions, find_by, patch, enrich |
//! | [`client.organizations().contacts(id)`](organizations::OrganizationContacts) | search |
//! | [`client.organizations().relationships(id)`](organizations::OrganizationRelationships) | list |
//! | [`client.organizations().notes(id)`](notes::Notes) | list, create, get, update, delete, patch |
//! | [`client.organizations().bulk()`](bulk::Bulk) | fetch, fetch_division_views, add, update, remove, enrich |
//! | [`client.organizations().exports()`](exports::Exports) | start, list, get |
//! | [`client.organizations().schemas()`](schemas::Schemas) | list, create, get, update, versions, version, core_types, core_type, limits |
//! | [`client.organizations().identifiers(id)`](identifiers::Identifiers) | list, claim |
//! | [`client.relationships()`](relationships::Relationships) | create, get, update, delete, scan, scan_all_divisions, patch |
//! | [`client.relationships().bulk()`](bulk::Bulk) | fetch, add, update, remove |
//! | [`client.relationships().exports()`](exports::Exports) | start, list, get |
//! | [`client.notes()`](notes::AllNotes) | scan, scan_all_divisions |
//! | [`client.notes().bulk()`](bulk::Bulk) | fetch, add, update, remove |
//! | [`client.notes().exports()`](exports::Exports) | start, list, get |
//! | [`client.external_sources()`](external_sources::ExternalSources) | list, create, get, update, delete |
//! | [`client.imports().uploads()`](imports::CsvUploads) | start, details, preview |
//! | [`client.imports().csv_settings()`](imports::CsvSettingsList) | list, create, get, update, delete |
//! | [`client.imports().settings()`](imports::ImportSettingsList) | list, create, get, update, delete |
//! | [`client.imports().jobs()`](imports::ImportJobs) | start_csv, list, start, get, update |
//! | [`client.graphs()`](graphs::Graphs) | scans, latest, latest_statistics, scan, statistics, clusters, cluster, merge, settings, update_settings |
//! | [`client.conversations()`](conversations::Conversations) | associate |
//! | [`client.settings()`](settings::Settings) | get, update, reset |
//! | [`client`](Client) | reverse_white_pages_lookup |
//!
//! <!-- /operations -->
//!
//! [`guide::operations`] has every operation with its route and its permissions.
//!
//! # Pages
//!
//! `send()` on a search or listing gives one page, a [`Listing`]; `items()` and `pages()` walk through all of them, and
//! `limit(n)` ends earlier. The service gives out the first 1,000 records: where there are more, the last item is
//! [`ErrorKind::ResultWindow`].
//!
//! For a single record there are `first()` and `find(…)`. They return the error where there is one, so that a token that is no
//! longer good, or a listing that isn't given out as a whole, is never taken for "not found":
//!
//! ```
//! # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
//! let countess = client.contacts().search().q("lovelace").items().find(|one| one.title.as_deref() == Some("Countess"))?;
//! assert!(countess.is_none());
//! # Ok::<(), genesys_external_contacts::Error>(())
//! ```
//!
//! A walk from the beginning, and a page by itself:
//!
//! ```
//! use genesys_external_contacts::ContactSort;
//! # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
//!
//! for contact in client.contacts().search().sort(ContactSort::LastName.asc()).items().limit(250) {
//!     println!("{}", contact?.display_name());
//! }
//! for contact in client.contacts().search().page_size(25).send()? {
//!     println!("{}", contact.display_name());
//! }
//! # Ok::<(), genesys_external_contacts::Error>(())
//! ```
//!
//! # Write
//!
//! All members of all models are `Option`: the API promises none of them. `with_…` sets a member, `without_…` writes an
//! explicit null.
//!
//! ```
//! use genesys_external_contacts::{ExternalContact, PhoneNumber};
//! # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
//!
//! let ada = ExternalContact::default().with_first_name("Ada").with_work_phone(PhoneNumber::new("+44 20 7946 0018"));
//! let id = client.contacts().create(ada).send()?.id.unwrap_or_default();
//!
//! let mut ada = client.contacts().get(&id).send()?;
//! ada.last_name = Some("Lovelace".to_owned());
//! client.contacts().update(&id, ada).send()?;
//! # Ok::<(), genesys_external_contacts::Error>(())
//! ```
//!
//! An update replaces the whole entity, so read it first. What a model doesn't know is kept in `extra`, what an enum doesn't
//! know in `Other`, and both are written back: reading, changing one member and writing loses nothing. `Debug` prints which
//! members are set and not their values, because those are personal data; serialize a model to see them, and in tests wrap it in
//! `sandbox::reveal`. See [`model`].
//!
//! A note needs an author: [`Note::by`] names the user. A client that signed in with client credentials is no user, and the
//! service doesn't know by itself who is writing. [`Note::new`] is for clients that signed in as a user.
//!
//! ```
//! use genesys_external_contacts::Note;
//! # use genesys_external_contacts::ExternalContact;
//! # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
//! # let id = client.contacts().create(ExternalContact::default()).send()?.id.unwrap_or_default();
//!
//! let user_id = "3d5f2c1e-0000-4000-8000-000000000002";
//! client.contacts().notes(&id).create(Note::by(user_id, "Asked for a call back.")).send()?;
//! # Ok::<(), genesys_external_contacts::Error>(())
//! ```
//!
//! Custom fields are read and written one by one ([`custom_field`](ExternalContact::custom_field)), or all of them as a struct
//! of your own ([`custom_fields_as`](ExternalContact::custom_fields_as),
//! [`with_custom_fields_from`](ExternalContact::with_custom_fields_from)).
//!
//! Dates are those of the crate `time` 0.3, and `extra` holds values of `serde_json` 1: add these to your project where you
//! name their types.
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
//! for the next window; [`RateLimit`] says what is counted.
//!
//! # Test
//!
//! With the feature `sandbox` there is `sandbox::Sandbox`, the API in memory: `Sandbox::new().client()` gives a client
//! that works on it. The examples of this documentation do. `guide::testing` shows how to test your own code with it.
//!
//! # Async
//!
//! With the feature `reqwest`, `AsyncClient` is the same client on tokio; with `async` alone it takes a transport that you
//! give it. Names, arguments and errors are the same, `.await` stands behind `send()` and `next()`.
//!
//! ```
//! # #[cfg(feature = "async")]
//! # mod example {
//! use genesys_external_contacts::{AsyncClient, Error};
//!
//! async fn names(client: &AsyncClient) -> Result<Vec<String>, Error> {
//!     let mut contacts = client.contacts().search().items();
//!     let mut names = Vec::new();
//!     while let Some(contact) = contacts.next().await {
//!         names.push(contact?.display_name());
//!     }
//!     Ok(names)
//! }
//! # #[tokio::main(flavor = "current_thread")]
//! # pub async fn main() -> Result<(), Error> {
//! #     let sandbox = genesys_external_contacts::sandbox::Sandbox::new();
//! #     sandbox.generate_contacts(130);
//! #     assert_eq!(names(&sandbox.async_client()).await?.len(), 130);
//! #     Ok(())
//! # }
//! # }
//! # #[cfg(feature = "async")]
//! # fn main() { example::main().unwrap() }
//! # #[cfg(not(feature = "async"))]
//! # fn main() {}
//! ```
//!
//! Pages and items are streams, too. Dropping the future of `next` loses no page, and a call that is dropped holds up no
//! other. [`guide::embedding`] says more, for both flavors.
//!
//! # A transport of your own
//!
//! A [`Transport`] makes one HTTP exchange, waits, and knows the time; `AsyncTransport` is the same with futures. It can be an
//! HTTP client that you have already, or stand before another transport:
//!
//! ```
//! use std::sync::{Arc, Mutex};
//! use std::time::{Duration, Instant};
//! use genesys_external_contacts::sandbox::Sandbox;
//! use genesys_external_contacts::{Limits, Transport, TransportError};
//!
//! /// Writes down what passes, without what may be secret or personal.
//! struct Recorder<T> {
//!     inner: T,
//!     seen: Arc<Mutex<Vec<(http::Method, u16)>>>,
//! }
//!
//! impl<T: Transport> Transport for Recorder<T> {
//!     fn send(&self, request: http::Request<Vec<u8>>, limits: Limits) -> Result<http::Response<Vec<u8>>, TransportError> {
//!         let method = request.method().clone();
//!         let response = self.inner.send(request, limits)?;
//!         self.seen.lock().unwrap().push((method, response.status().as_u16()));
//!         Ok(response)
//!     }
//!
//!     fn sleep_until(&self, deadline: Instant) {
//!         self.inner.sleep_until(deadline);
//!     }
//!
//!     fn now(&self) -> Instant {
//!         self.inner.now()
//!     }
//! }
//!
//! let (sandbox, seen) = (Sandbox::new(), Arc::default());
//! let client = sandbox
//!     .client_builder()
//!     .client_credentials(Sandbox::CLIENT_ID, Sandbox::CLIENT_SECRET)
//!     .transport(Recorder { inner: sandbox.clone(), seen: Arc::clone(&seen) })
//!     .build()?;
//! client.contacts().search().send()?;
//! // The sign-in passes, too.
//! assert_eq!(*seen.lock().unwrap(), [(http::Method::POST, 200), (http::Method::GET, 200)]);
//! # Ok::<(), genesys_external_contacts::Error>(())
//! ```
//!
//! One that stands before an `AsyncTransport` passes `spawn` and `spawn_detached` on, too. Without the first, `prefetch()` does
//! nothing; without the second, a sign-in stands still while no call waits for it. The built-in ones
//! are in [`transport`]; each also takes an agent or a client of your own.
//!
//! # Endpoints that are not there yet
//!
//! An [`Operation`] is one endpoint: its route, what it writes, how its answer is read. One of yours gets all that the
//! others get: sign-in, retries, the rate limit, errors.
//!
//! ```
//! use genesys_external_contacts::operation::{Operation, RequestParts, Route};
//! use genesys_external_contacts::{Error, Extra};
//!
//! /// `GET /api/v2/tokens/me`
//! struct WhoAmI;
//!
//! impl Operation for WhoAmI {
//!     type Output = Extra;
//!     const ROUTE: Route = Route::get("/api/v2/tokens/me");
//!
//!     fn write(&self, _: &mut RequestParts) -> Result<(), Error> {
//!         Ok(())
//!     }
//! }
//! # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
//!
//! let token = client.request(WhoAmI).send()?;
//! assert!(token.contains_key("organization"));
//! # Ok::<(), Error>(())
//! ```
//!
//! How the [`Route`](operation::Route) is made says what may be repeated: [`post`](operation::Route::post) is never sent again
//! unless the first one surely was not applied, [`post(…).that_reads()`](operation::Route::that_reads) is. With
//! [`Paged`](operation::Paged) a listing gets `items()` and `pages()`.
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
//! | time without a byte of a file | 30 s | [`Limits::stall_timeout`] |
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
//! The crates underneath write records of their own. With one exception, nothing secret or personal is in them at any level:
//! where `trace` is on for `ureq` and `ureq_proto`, they write whole URLs, the Basic credentials of the sign-in, tokens and
//! bodies. A logger that shows `trace` needs a filter for these two, which both begin with `ureq`:
//!
//! ```
//! // The same as RUST_LOG=trace,ureq=debug
//! env_logger::builder().filter_level(log::LevelFilter::Trace).filter_module("ureq", log::LevelFilter::Debug).init();
//! ```
//!
//! For metrics there is [`ClientBuilder::on_attempt`].
#![cfg_attr(docsrs, feature(doc_cfg))]
#![forbid(unsafe_code)]
#![deny(missing_docs)]
#![warn(unreachable_pub)]
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::dbg_macro))]
// `dual/` is compiled twice on purpose: once with `async` and `.await`, once without.
#![allow(clippy::duplicate_mod)]
// What walks in `dual/` is `while let` in both flavours: a `for` would do in one of them only.
#![allow(clippy::while_let_on_iterator)]

#[macro_use]
pub mod model;

mod attempt;
mod auth;
mod blocking;
pub mod bulk;
mod config;
pub mod contacts;
pub mod conversations;
mod date;
mod decide;
pub mod enrich;
pub mod entity;
mod env;
mod error;
pub mod exports;
pub mod external_sources;
mod files;
pub mod graphs;
pub mod guide;
pub mod identifiers;
pub mod imports;
pub mod journeys;
pub mod lookup;
mod meta;
#[cfg(feature = "async")]
mod nonblocking;
pub mod notes;
pub mod operation;
pub mod organizations;
mod pace;
pub mod patch;
mod proxy;
mod random;
mod region;
pub mod relationships;
mod retry;
mod route;
#[cfg(feature = "sandbox")]
pub mod sandbox;
pub mod scans;
pub mod schemas;
pub mod settings;
pub mod transport;
mod url;
mod wire;

pub use attempt::Attempt;
pub use auth::{Credentials, Pkce};
pub use blocking::{
    Body, Client, ClientBuilder, Download, Items, OrganizationResolver, Outcomes, Pages, Polls, Transport, Upload,
};
pub use bulk::{BulkOutcome, BulkRequest, BulkSummary, RecordError, RecordErrorKind};
pub use config::{Connection, Limits};
pub use contacts::{ContactExpand, ContactSort, ExternalContact};
pub use conversations::{ConversationAssociation, ConversationMediaType};
pub use enrich::{EnrichOutcome, Enriched, FoundOrCreated};
pub use error::{
    ApiError, CursorError, DecodeError, Error, ErrorBody, ErrorDetail, ErrorKind, ErrorLimit, FileError, FileProblem,
    InvalidError, JobEnd, JobError, JobFacts, RateLimitError, RawBody, ResultWindowError, SignInError, TransportError,
    TransportErrorKind,
};
pub use files::{Source, Transferred, UploadFile};
pub use lookup::LookupExpand;
pub use meta::{Answer, Meta, RateLimit};
pub use model::{Identifier, Listing, PhoneNumber};
#[cfg(feature = "async")]
pub use nonblocking::{
    AsyncBody, AsyncClient, AsyncClientBuilder, AsyncDownload, AsyncItems, AsyncOrganizationResolver, AsyncOutcomes,
    AsyncPages, AsyncPolls, AsyncTransport, AsyncUpload,
};
pub use notes::{Note, NoteExpand, NoteSort};
pub use operation::{Operation, Request};
pub use organizations::{ExternalOrganization, OrganizationExpand, OrganizationSort};
pub use pace::Pace;
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
