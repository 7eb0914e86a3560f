//! The API in memory, for examples and tests: no network, no credentials, no waiting.
//!
//! A [`Sandbox`] is a transport: it answers the requests of a client as the service would, with its statuses, bodies,
//! codes and headers. What you create in it is there until it is dropped.
//!
//! ```
//! use genesys_external_contacts::ExternalContact;
//! use genesys_external_contacts::sandbox::Sandbox;
//!
//! let client = Sandbox::new().client();
//! let ada = client.contacts().create(ExternalContact::default().with_last_name("Lovelace")).send()?;
//! assert_eq!(client.contacts().search().q("love").send()?.total, Some(1));
//! # Ok::<(), genesys_external_contacts::Error>(())
//! ```
//!
//! | to test | there is |
//! |---|---|
//! | errors, broken connections, slowness | [`Sandbox::next_calls`] |
//! | single records of a bulk request that fail | [`Sandbox::next_records`] |
//! | searches that don't find yet what was just created | [`Sandbox::search_lag`] |
//! | tokens that are no longer good | [`Sandbox::advance`], [`Sandbox::revoke_tokens`], [`Sandbox::revoke_refresh_tokens`] |
//! | missing permissions | [`Sandbox::set_permissions`] |
//! | ways to sign in | [`Sandbox::client_with`], [`Sandbox::authorize`] |
//! | work on many contacts, or on yours | [`Sandbox::generate_contacts`], [`Sandbox::load_contacts`], [`Sandbox::load_organizations`] |
//! | the same start for each test | [`Sandbox::snapshot`], [`Sandbox::restore`] |
//! | scans with gaps, in any order, without end | [`NextCalls::empty_page`], [`NextCalls::repeat_page`], [`SandboxBuilder::scans_shuffled`] |
//! | what was really sent | [`Sandbox::requests`] |
//! | models that should be equal, with their values in the message | [`reveal`] |
//! | clients in other languages | the program `external-contacts sandbox` (feature `scripts`) |
//!
//! The page [Testing your application without the service](crate::guide::testing) shows each of these at work.
//!
//! # What is assumed
//!
//! What the documentation of the service leaves open is decided in the source at one place each, and marked "assumed".
//! This is what a test may come to rest on. Where it is wrong for you, there may be a switch, and [`NextCalls::answer`]
//! gives any other answer.
//!
//! | what | the sandbox |
//! |---|---|
//! | an update without some members | clears them, unless [told otherwise](SandboxBuilder::updates_keep_members); id, type, division and creation date stay |
//! | null, and an empty text | are as if the member were left out, and clear it where [updates keep members](SandboxBuilder::updates_keep_members) |
//! | members that nobody knows | are kept and given back, nulls too, unless [told otherwise](SandboxBuilder::unknown_members) |
//! | deleting a contact | deletes its notes, too |
//! | deleting an organization | deletes its notes, relationships and trustor, and its contacts lose it, unless [told otherwise](SandboxBuilder::deletions_spread) |
//! | the body of a deletion | is `{}`, unless [told otherwise](SandboxBuilder::deletions_answer_nothing) |
//! | organizations without a name | are refused: 422 |
//! | an association that names another conversation than its path | is made for that of the path, unless [told otherwise](SandboxBuilder::conversation_ids_must_match) |
//! | notes without `createdBy` | are refused: 422, unless [told otherwise](SandboxBuilder::notes_need_author) |
//! | references to what doesn't exist | are refused: 400 with `bad.request` |
//! | a page outside of the window, an unknown `sortOrder` or `expand` | is refused: 400 with `invalid.query.param.value`, unless [told otherwise](SandboxBuilder::error_code) |
//! | the code of a 409, of a 422 | is `conflict`, is `payload.or.params.invalid`, unless [told otherwise](SandboxBuilder::error_code) |
//! | pages | have at most 100 records, and no link leads out of the window |
//! | the order without `sortOrder` | is that of creation, unless [told otherwise](SandboxBuilder::default_sort) |
//! | the order of scans | is that of creation, unless [told otherwise](SandboxBuilder::scans_shuffled) |
//! | pages of a scan | look at as many records as they may hold, and leave out those of other divisions and those that are not curated; after an empty page the next looks at twice as many |
//! | a scan while something changes | sees changes at once; what is created meanwhile comes at its end |
//! | a `limit` or `cursor` that can't be | is a 422 for scans and a 400 for external sources |
//! | a cursor | is good for 24 hours, more than once, for the listing that gave it and the same `divisionId`, `name` and `active` |
//! | the last page by cursor | has neither `cursors` nor `nextUri`; no page has `cursors.before` or `previousUri` |
//! | names of external sources | are compared ignoring case; a source is active unless it says that it isn't |
//! | an external source that was deleted | stays in external ids, and new ones that name it are refused |
//! | sorting | ignores case; records without the member come last |
//! | a reverse look-up | compares whole values, ignoring case, unless [told otherwise](SandboxBuilder::lookups_ignore_case) |
//! | a patch that can't be made | changes nothing, unless [told otherwise](SandboxBuilder::patches_are_atomic) |
//! | a patch of a collection | takes one value or a list; a value is removed that has all members, or the id, of what was sent |
//! | a patch with a null, a field twice, a field that the service sets | is refused: 422, 409, 422 |
//! | an enrichment | claims for a new record what stands in its fields, and no [other identifiers](SandboxBuilder::enrichments_claim) |
//! | an enrichment that adds to a list | adds what stands there, too, but for ids, unless [told otherwise](SandboxBuilder::enrichments_repeat_values) |
//! | an enrichment of a phone number, a schema, an organization | takes the whole of it, and of other objects each member by itself |
//! | a merge | makes a new contact; what it doesn't get from the last that changed, it gets from the others |
//! | notes after a merge | are those of the new contact, unless [told otherwise](SandboxBuilder::merges_move_notes) |
//! | enrichments, merges, releases that can't be | have [these statuses](UnknownStatus), unless [told otherwise](SandboxBuilder::status_of) |
//! | divisions, users, conversations | are not checked: every id is good |
//! | results of bulk requests | come in another order than the records, unless [told otherwise](SandboxBuilder::bulk_results_shuffled) |
//! | a bulk request with more than 50 records, or none | is refused as a whole: 422; how many it takes is [a switch](SandboxBuilder::bulk_records) |
//! | a record of a bulk request that may pass later (408, 429, 5xx) | is called `retryable` |
//! | ids in an addition in bulk | are ignored, as in a single one |
//! | how long exports, imports, merges and looks at uploads take | 10 seconds, unless [told otherwise](SandboxBuilder::job_duration), and each of the next ones as [`Sandbox::next_jobs`] says |
//! | the file of an export | has what there was when it was started, contacts of all types, a line of JSON each |
//! | the URLs of files | are new ones each time they are shown, of [another host](SandboxBuilder::files_url), good [at once](SandboxBuilder::download_lag) for [ten minutes](SandboxBuilder::file_lifetime); a token sent there is refused with 400 |
//! | an upload | is a PUT with exactly the headers that were given and as many bytes as were announced; its details are not found until it has arrived, and a conflict while it is being looked at |
//! | a line of an import | needs an external id; a contact with this id, or one that matches, is updated, and without one a contact is created |
//! | clusters | are contacts of one division that share e-mail addresses, phone numbers or external ids, when [`Sandbox::scan_clusters`] is called |
//! | a segment | stays assigned for 30 days |
//! | refresh tokens | are good until they are used or revoked, unless [told otherwise](SandboxBuilder::refresh_token_lifetime) |

mod api;
mod builder;
mod fill;
mod http;
mod misbehavior;
mod next_records;
mod received;
mod reveal;
mod rules;
mod store;
mod transport;
mod work;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use ::http::StatusCode;

pub use builder::SandboxBuilder;
pub use fill::Snapshot;
pub use misbehavior::NextCalls;
pub use next_records::NextRecords;
pub use received::ReceivedRequest;
pub use reveal::{Revealed, reveal};
pub use store::settings::{UnknownMembers, UnknownStatus};
pub use work::NextJobs;

use crate::config::Limits;
use api::{contacts, external_sources};
use http::answer;
use http::failure::Failure;
use http::query::Query;
use http::sign_in;
use misbehavior::Misbehaviors;
use received::Received;
use store::settings::Settings;
use store::state::State;

/// Names that exist nowhere: no transport but the sandbox itself could send anything there.
const API_URL: &str = "https://api.sandbox.example";
const LOGIN_URL: &str = "https://login.sandbox.example";

/// The API in memory. It is a transport of both kinds of client; all clones share what is in it.
///
/// Time passes in it as it does outside, and jumps ahead when somebody waits:
/// [`sleep_until`](crate::Transport::sleep_until) moves the clock to that instant and is over. Waits of several tasks
/// overlap: 16 tasks that wait for a minute move the clock by one minute.
///
/// ```
/// use std::time::Duration;
/// use genesys_external_contacts::ExternalContact;
/// use genesys_external_contacts::sandbox::Sandbox;
///
/// let sandbox = Sandbox::new();
/// let client = sandbox.client();
/// client.contacts().create(ExternalContact::default()).send()?;
///
/// // The token expires; the client gets another one.
/// sandbox.advance(Duration::from_secs(86_400));
/// client.contacts().search().send()?;
///
/// let paths: Vec<_> = sandbox.requests().into_iter().map(|request| request.path).collect();
/// assert_eq!(paths[0], "/oauth/token");
/// assert_eq!(paths[1], "/api/v2/externalcontacts/contacts");
/// # Ok::<(), genesys_external_contacts::Error>(())
/// ```
#[derive(Clone)]
pub struct Sandbox {
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<State>,
    misbehaviors: Mutex<Misbehaviors>,
    /// Where time may pass, [`Sandbox::pass`] has to know.
    #[cfg(feature = "async")]
    hanging: Mutex<transport::Hanging>,
    received: Mutex<Received>,
}

/// A panic elsewhere doesn't close the sandbox: nothing in it is ever half changed.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Sandbox {
    /// The id of the OAuth client that the sandbox knows.
    pub const CLIENT_ID: &'static str = sign_in::CLIENT_ID;
    /// Its secret.
    pub const CLIENT_SECRET: &'static str = sign_in::CLIENT_SECRET;

    /// The short name of the organization, for sign-ins with a SAML2 assertion. Any assertion is good.
    ///
    /// ```
    /// use genesys_external_contacts::sandbox::Sandbox;
    /// use genesys_external_contacts::{Client, Credentials};
    ///
    /// let credentials =
    ///     Credentials::saml2_bearer(Sandbox::CLIENT_ID, Sandbox::CLIENT_SECRET, Sandbox::ORG_NAME, "an assertion");
    /// let client = Sandbox::new().client_with(credentials)?;
    /// client.contacts().search().send()?;
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    pub const ORG_NAME: &'static str = sign_in::ORG_NAME;

    fn with(settings: Settings) -> Self {
        let shared = Shared {
            state: Mutex::new(State::new(settings)),
            misbehaviors: Mutex::default(),
            #[cfg(feature = "async")]
            hanging: Mutex::default(),
            received: Mutex::default(),
        };
        Self { shared: Arc::new(shared) }
    }

    /// An empty sandbox that behaves as the service does.
    pub fn new() -> Self {
        SandboxBuilder::new().build()
    }

    /// Starts to make a sandbox with other limits, or with other answers to what nobody knows.
    pub fn builder() -> SandboxBuilder {
        SandboxBuilder::new()
    }

    /// A client that signs in to this sandbox. Its host names exist nowhere.
    pub fn client(&self) -> crate::Client {
        match self.client_with(crate::Credentials::client_credentials(Self::CLIENT_ID, Self::CLIENT_SECRET)) {
            Ok(client) => client,
            Err(error) => unreachable!("the URLs and the credentials above are well-formed: {error}"),
        }
    }

    /// A client of this sandbox with credentials of your own. [`client_builder`](Self::client_builder) is for those who
    /// want more of their own.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) where the credentials can't be right, whatever the sandbox knows.
    ///
    /// ```
    /// use genesys_external_contacts::Credentials;
    /// use genesys_external_contacts::sandbox::Sandbox;
    ///
    /// let credentials = Credentials::client_credentials(Sandbox::CLIENT_ID, "a wrong secret");
    /// let client = Sandbox::new().client_with(credentials)?;
    /// assert!(client.contacts().search().send().unwrap_err().is_unauthorized());
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    pub fn client_with(&self, credentials: crate::Credentials) -> Result<crate::Client, crate::Error> {
        self.client_builder().credentials(credentials).build()
    }

    /// Starts to make a client of this sandbox: it has its transport and its URLs, and no credentials yet.
    ///
    /// ```
    /// use genesys_external_contacts::RetryPolicy;
    /// use genesys_external_contacts::sandbox::Sandbox;
    ///
    /// let client = Sandbox::new()
    ///     .client_builder()
    ///     .client_credentials(Sandbox::CLIENT_ID, Sandbox::CLIENT_SECRET)
    ///     .retry(RetryPolicy::never())
    ///     .build()?;
    /// client.contacts().search().send()?;
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    pub fn client_builder(&self) -> crate::ClientBuilder {
        crate::Client::builder().api_url(API_URL).login_url(LOGIN_URL).transport(self.clone())
    }

    /// An async client that signs in to this sandbox. It needs no runtime: every answer is there at once.
    #[cfg(feature = "async")]
    pub fn async_client(&self) -> crate::AsyncClient {
        match self.async_client_builder().client_credentials(Self::CLIENT_ID, Self::CLIENT_SECRET).build() {
            Ok(client) => client,
            Err(error) => unreachable!("the URLs and the credentials above are well-formed: {error}"),
        }
    }

    /// Starts to make an async client of this sandbox: it has its transport and its URLs, and no credentials yet.
    ///
    /// ```
    /// use genesys_external_contacts::sandbox::Sandbox;
    ///
    /// let client = Sandbox::new().async_client_builder().access_token("a token that nobody gave out").build()?;
    /// # let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    /// # runtime.block_on(async {
    /// assert!(client.contacts().search().send().await.unwrap_err().is_unauthorized());
    /// # });
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    #[cfg(feature = "async")]
    pub fn async_client_builder(&self) -> crate::AsyncClientBuilder {
        crate::AsyncClient::builder().api_url(API_URL).login_url(LOGIN_URL).transport(self.clone())
    }

    /// Does what a user does who opens this URL and signs in: gives the code that comes back, which is good for one
    /// sign-in within five minutes.
    ///
    /// # Errors
    ///
    /// What is wrong with the URL.
    ///
    /// ```
    /// use genesys_external_contacts::sandbox::Sandbox;
    /// use genesys_external_contacts::{Credentials, Pkce, Region};
    ///
    /// let sandbox = Sandbox::new();
    /// let back = "https://app.example.com/back";
    /// let pkce = Pkce::generate()?;
    /// let url = pkce.authorize_url(&Region::EuWest1, Sandbox::CLIENT_ID, back, None)?;
    /// let code = sandbox.authorize(&url).unwrap();
    /// let client = sandbox.client_with(Credentials::pkce(Sandbox::CLIENT_ID, code, &pkce, back))?;
    /// client.contacts().search().send()?;
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    pub fn authorize(&self, url: &str) -> Result<String, String> {
        let query = url.split_once('?').map_or("", |(_, query)| query);
        let (code, _) = sign_in::authorize(&mut lock(&self.shared.state), &Query::parse(query))?;
        Ok(code)
    }

    /// Answers one request. The host doesn't count, so that a server can hand in what it receives.
    ///
    /// A connection that was to break ([`NextCalls::reset`]) is a 504 here, as a gateway would answer. A server that
    /// wants to break its own instead calls [`Transport::send`](crate::Transport::send).
    ///
    /// ```
    /// use genesys_external_contacts::sandbox::Sandbox;
    ///
    /// let request = http::Request::get("/api/v2/externalcontacts/contacts").body(Vec::new()).unwrap();
    /// assert_eq!(Sandbox::new().answer(request).status(), 401);
    /// ```
    pub fn answer(&self, request: ::http::Request<Vec<u8>>) -> ::http::Response<Vec<u8>> {
        self.receive(request, Limits::default().call_timeout)
            .or_time_out(self)
            .unwrap_or_else(|_| answer::respond(Err(Failure::of_status(StatusCode::GATEWAY_TIMEOUT)), None))
    }

    /// The last requests, sign-ins included, oldest first: at most 10,000, and at most 32 MiB with their bodies, headers
    /// and queries. The oldest are forgotten first, the last one never.
    pub fn requests(&self) -> Vec<ReceivedRequest> {
        lock(&self.shared.received).to_vec()
    }

    /// Lets time pass: tokens expire, windows of the rate limit open again, and [calls that hang](NextCalls::hang) time out.
    pub fn advance(&self, by: Duration) {
        self.pass(|state| state.clock.advance(by));
    }

    /// The time in the sandbox.
    pub fn now(&self) -> Instant {
        lock(&self.shared.state).clock.now()
    }

    /// Makes searches see each change this much later, in the time of the sandbox: what is created is not found until
    /// then, what is deleted still is. Everything else sees changes at once. It holds for changes that are yet to come,
    /// to contacts and organizations; zero, which it is at first, ends it.
    ///
    /// ```
    /// use std::time::Duration;
    /// use genesys_external_contacts::ExternalContact;
    /// use genesys_external_contacts::sandbox::Sandbox;
    ///
    /// let sandbox = Sandbox::new();
    /// sandbox.search_lag(Duration::from_secs(30));
    /// let contacts = sandbox.client();
    /// let contacts = contacts.contacts();
    /// let ada = contacts.create(ExternalContact::default().with_last_name("Lovelace")).send()?;
    /// assert!(contacts.get(ada.id.unwrap_or_default()).send().is_ok());
    /// assert_eq!(contacts.search().send()?.total, Some(0));
    /// sandbox.advance(Duration::from_secs(30));
    /// assert_eq!(contacts.search().send()?.total, Some(1));
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    pub fn search_lag(&self, lag: Duration) {
        lock(&self.shared.state).search_lag = lag;
    }

    /// Makes all tokens that were given out so far worthless, as an administrator can. Refresh tokens stay good.
    pub fn revoke_tokens(&self) {
        lock(&self.shared.state).tokens.revoke();
    }

    /// Makes all refresh tokens that were given out so far worthless.
    ///
    /// ```
    /// use genesys_external_contacts::Credentials;
    /// use genesys_external_contacts::sandbox::Sandbox;
    ///
    /// let sandbox = Sandbox::new();
    /// let back = "https://app.example.com/back";
    /// let url = format!("/oauth/authorize?client_id={}&response_type=code&redirect_uri={back}", Sandbox::CLIENT_ID);
    /// let code = sandbox.authorize(&url).unwrap();
    /// let credentials = Credentials::authorization_code(Sandbox::CLIENT_ID, Sandbox::CLIENT_SECRET, code, back);
    /// let client = sandbox.client_with(credentials)?;
    /// client.contacts().search().send()?;
    ///
    /// // The client renews its token.
    /// sandbox.revoke_tokens();
    /// client.contacts().search().send()?;
    ///
    /// // Now it can't.
    /// sandbox.revoke_tokens();
    /// sandbox.revoke_refresh_tokens();
    /// assert_eq!(client.contacts().search().send().unwrap_err().code(), Some("invalid_grant"));
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    pub fn revoke_refresh_tokens(&self) {
        lock(&self.shared.state).tokens.revoke_refresh_tokens();
    }

    /// Leaves the client only these permissions, from now on. It has all of them at first; an asterisk stands for any
    /// part of one.
    ///
    /// ```
    /// use genesys_external_contacts::ExternalContact;
    /// use genesys_external_contacts::sandbox::Sandbox;
    ///
    /// let sandbox = Sandbox::new();
    /// sandbox.set_permissions(["externalContacts:contact:view"]);
    /// let client = sandbox.client();
    /// assert!(client.contacts().search().send().is_ok());
    /// assert!(client.contacts().create(ExternalContact::default()).send().unwrap_err().is_forbidden());
    /// ```
    pub fn set_permissions(&self, permissions: impl IntoIterator<Item = impl Into<String>>) {
        let permissions = permissions.into_iter().map(Into::into).collect();
        lock(&self.shared.state).permissions = Some(permissions);
    }

    /// Adds an external source, which external ids can then refer to, and returns its id. Where one has this name already, it
    /// is that one's id.
    pub fn add_external_source(&self, name: &str) -> String {
        external_sources::named(&mut lock(&self.shared.state), name)
    }

    /// Adds a contact as the service does by itself when somebody calls or writes: of the type `Ephemeral` or
    /// `Identified`, which no search finds. Returns its id.
    ///
    /// # Errors
    ///
    /// The message with which the service would refuse such a contact.
    ///
    /// ```
    /// use genesys_external_contacts::sandbox::Sandbox;
    ///
    /// let sandbox = Sandbox::new();
    /// let id = sandbox.add_contact_of_type("Identified", &serde_json::json!({ "workEmail": "ada@example.com" }))?;
    /// let client = sandbox.client();
    /// assert!(client.contacts().get(&id).send().is_ok());
    /// assert_eq!(client.contacts().search().send().unwrap().total, Some(0));
    /// # Ok::<(), String>(())
    /// ```
    pub fn add_contact_of_type(&self, kind: &str, contact: &serde_json::Value) -> Result<String, String> {
        let contact = contact.as_object().ok_or_else(|| "a contact is an object".to_owned())?;
        contacts::add(&mut lock(&self.shared.state), contact, kind).map_err(|failure| failure.message().to_owned())
    }

    /// The id of the contact that a conversation was associated with.
    pub fn contact_of_conversation(&self, conversation_id: &str) -> Option<String> {
        lock(&self.shared.state).conversations.get(conversation_id).cloned()
    }
}

impl Default for Sandbox {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox").finish_non_exhaustive()
    }
}
