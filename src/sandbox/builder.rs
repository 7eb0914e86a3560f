//! The switches of a sandbox.

mod identity;

use std::time::Duration;

use super::Sandbox;
use super::store::settings::{Settings, UnknownMembers};

/// Makes a [`Sandbox`] with other limits than the service's, or with other answers to what nobody knows.
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until `build`"]
pub struct SandboxBuilder {
    settings: Settings,
}

impl SandboxBuilder {
    pub(super) fn new() -> Self {
        Self { settings: Settings::default() }
    }

    /// How many calls a token has per minute: 300 unless it is set here. `None` is no limit, for tests that call a lot.
    ///
    /// ```
    /// use genesys_external_contacts::sandbox::Sandbox;
    ///
    /// let client = Sandbox::builder().calls_per_minute(None).build().client();
    /// for _ in 0..500 {
    ///     client.contacts().search().send()?;
    /// }
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    pub fn calls_per_minute(mut self, calls: impl Into<Option<u32>>) -> Self {
        self.settings.calls = calls.into();
        self
    }

    /// How many sign-ins there may be per minute. No limit unless it is set here: the service's own is not documented.
    pub fn sign_ins_per_minute(mut self, sign_ins: impl Into<Option<u32>>) -> Self {
        self.settings.sign_ins = sign_ins.into();
        self
    }

    /// How long tokens are good for: a day unless it is set here.
    pub fn token_lifetime(mut self, lifetime: Duration) -> Self {
        self.settings.token_lifetime = lifetime;
        self
    }

    /// Whether an update keeps the members that it leaves out; a null clears them all the same. Nobody knows what the
    /// service does, and the sandbox clears them unless it is told otherwise here.
    ///
    /// ```
    /// use genesys_external_contacts::ExternalContact;
    /// use genesys_external_contacts::sandbox::Sandbox;
    ///
    /// for keep in [false, true] {
    ///     let client = Sandbox::builder().updates_keep_members(keep).build().client();
    ///     let ada = client.contacts().create(ExternalContact::default().with_first_name("Ada")).send()?;
    ///     let id = ada.id.unwrap_or_default();
    ///     let ada = client.contacts().update(id, ExternalContact::default().with_last_name("Lovelace")).send()?;
    ///     assert_eq!(ada.first_name.is_some(), keep);
    /// }
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    pub fn updates_keep_members(mut self, keep: bool) -> Self {
        self.settings.updates_keep = keep;
        self
    }

    /// Whether deleting an organization also deletes its relationships and takes it off its contacts. Nobody knows what
    /// the service does, and the sandbox does that unless it is told otherwise here.
    ///
    /// ```
    /// use genesys_external_contacts::sandbox::Sandbox;
    /// use genesys_external_contacts::{ExternalContact, ExternalOrganization};
    ///
    /// for spread in [false, true] {
    ///     let client = Sandbox::builder().deletions_spread(spread).build().client();
    ///     let acme = client.organizations().create(ExternalOrganization::default().with_name("Acme")).send()?;
    ///     let acme = acme.id.unwrap_or_default();
    ///     let ada = ExternalContact::default().with_external_organization(ExternalOrganization::reference(&acme));
    ///     let ada = client.contacts().create(ada).send()?.id.unwrap_or_default();
    ///     client.organizations().delete(&acme).send()?;
    ///     assert_eq!(client.contacts().get(&ada).send()?.external_organization.is_none(), spread);
    /// }
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    pub fn deletions_spread(mut self, spread: bool) -> Self {
        self.settings.deletions_spread = spread;
        self
    }

    /// Whether a note without `createdBy` is refused. Nobody knows what the service does, and the sandbox refuses it
    /// unless it is told otherwise here.
    ///
    /// ```
    /// use genesys_external_contacts::sandbox::Sandbox;
    /// use genesys_external_contacts::{ExternalContact, Note};
    ///
    /// for need in [false, true] {
    ///     let client = Sandbox::builder().notes_need_author(need).build().client();
    ///     let ada = client.contacts().create(ExternalContact::default()).send()?;
    ///     let notes = client.contacts().notes(ada.id.unwrap_or_default());
    ///     assert_eq!(notes.create(Note::new("called")).send().is_err(), need);
    /// }
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    pub fn notes_need_author(mut self, need: bool) -> Self {
        self.settings.notes_need_author = need;
        self
    }

    /// Whether an association whose body names another conversation than its path is refused: 400 with `bad.request`.
    /// Nobody knows what the service does, and the sandbox takes the conversation of the path unless it is told otherwise
    /// here.
    ///
    /// ```
    /// use genesys_external_contacts::sandbox::Sandbox;
    /// use genesys_external_contacts::{ConversationAssociation, ConversationMediaType};
    ///
    /// for must in [false, true] {
    ///     let client = Sandbox::builder().conversation_ids_must_match(must).build().client();
    ///     let association = ConversationAssociation::default()
    ///         .with_conversation_id("another conversation")
    ///         .with_communication_id("a communication")
    ///         .with_media_type(ConversationMediaType::Call);
    ///     assert_eq!(client.conversations().associate("a conversation", association).send().is_err(), must);
    /// }
    /// ```
    pub fn conversation_ids_must_match(mut self, must: bool) -> Self {
        self.settings.conversation_ids_must_match = must;
        self
    }

    /// The code of failures with this status, where nobody knows the service's own: 400 for a query that can't be (a page
    /// outside of the window, an unknown `sortOrder` or `expand`), 409 and 422. Codes that are documented stay what they
    /// are, and so do those of all other statuses. [`NextCalls::fail`](super::NextCalls::fail) gives the same codes.
    ///
    /// ```
    /// use genesys_external_contacts::ExternalContact;
    /// use genesys_external_contacts::sandbox::Sandbox;
    ///
    /// let client = Sandbox::builder().error_code(422, "constraint.validation").build().client();
    /// let ada = ExternalContact::default().with_work_email("not an address");
    /// let error = client.contacts().create(ada).send().unwrap_err();
    /// assert_eq!(error.code(), Some("constraint.validation"));
    /// ```
    pub fn error_code(mut self, status: u16, code: impl Into<String>) -> Self {
        self.settings.error_codes.insert(status, code.into());
        self
    }

    /// The order of listings without `sortOrder`, written as there. It counts where a listing can be sorted by that
    /// member; called again, it is for other listings, or the last counts. Nobody knows the service's own, and the sandbox
    /// has that of creation unless it is told otherwise here.
    ///
    /// ```
    /// use genesys_external_contacts::sandbox::Sandbox;
    /// use genesys_external_contacts::{ContactSort, ExternalContact};
    ///
    /// let sandbox = Sandbox::builder().default_sort(ContactSort::LastName.asc()).default_sort("name:desc").build();
    /// let client = sandbox.client();
    /// for name in ["Lovelace", "Hopper"] {
    ///     client.contacts().create(ExternalContact::default().with_last_name(name)).send()?;
    /// }
    /// let first = client.contacts().search().items().next().unwrap()?;
    /// assert_eq!(first.last_name.as_deref(), Some("Hopper"));
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    pub fn default_sort(mut self, order: impl ToString) -> Self {
        self.settings.default_sorts.push(order.to_string());
        self
    }

    /// Whether scans come in another order than that of creation: shuffled, the same way each time, without what was created
    /// after the scan began. The service promises no order, and the sandbox has that of creation unless it is told otherwise
    /// here.
    ///
    /// ```
    /// use genesys_external_contacts::sandbox::Sandbox;
    ///
    /// let sandbox = Sandbox::builder().scans_shuffled(true).build();
    /// let ids = sandbox.generate_contacts(300);
    /// let mut scanned = Vec::new();
    /// for contact in sandbox.client().contacts().scan().items() {
    ///     scanned.extend(contact?.id);
    /// }
    /// assert!(scanned.len() == 300 && scanned != ids);
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    pub fn scans_shuffled(mut self, shuffled: bool) -> Self {
        self.settings.scans_shuffled = shuffled;
        self
    }

    /// How long exports, imports, merges of clusters and looks at uploads take: 10 seconds unless it is set here.
    /// [`Sandbox::next_jobs`] has single ones go otherwise.
    pub fn job_duration(mut self, duration: Duration) -> Self {
        self.settings.job_duration = duration;
        self
    }

    /// Scheme and host of the URLs of files, maybe with a path: `https://files.sandbox.example` unless it is set here. A
    /// server that hands in what it receives ([`Sandbox::answer`]) puts its own here.
    pub fn files_url(mut self, url: impl Into<String>) -> Self {
        self.settings.files_url = url.into();
        self
    }

    /// How long the URL of a file is good for, after which it is refused with 403: ten minutes unless it is set here.
    pub fn file_lifetime(mut self, lifetime: Duration) -> Self {
        self.settings.file_lifetime = lifetime;
        self
    }

    /// How long after the end of its export the file can be fetched, until when it is not found: at once unless it is set
    /// here.
    pub fn download_lag(mut self, lag: Duration) -> Self {
        self.settings.download_lag = lag;
        self
    }

    /// Puts files on the host of the API, where a token is needed. Nobody knows where the service's are, and the sandbox
    /// has them on another host, which takes no token, unless it is told otherwise here.
    pub fn files_on_api_host(mut self) -> Self {
        self.settings.files_url = super::API_URL.to_owned();
        self.settings.files_need_token = true;
        self
    }

    /// Always gives files as a whole, even if a part was asked for.
    pub fn files_ignore_ranges(mut self) -> Self {
        self.settings.files_ignore_ranges = true;
        self
    }

    /// How long a refresh token is good for; each renewal gives a new one. Nobody knows how long it is with the service,
    /// and in the sandbox it is until it is used or revoked, unless it is told otherwise here.
    pub fn refresh_token_lifetime(mut self, lifetime: Duration) -> Self {
        self.settings.refresh_token_lifetime = Some(lifetime);
        self
    }

    /// Whether a reverse look-up takes capitals and small letters for the same in e-mail addresses and Twitter names.
    /// Nobody knows what the service does, and the sandbox does that unless it is told otherwise here. Whole values are
    /// compared in any case.
    ///
    /// ```
    /// use genesys_external_contacts::ExternalContact;
    /// use genesys_external_contacts::sandbox::Sandbox;
    ///
    /// for ignore in [false, true] {
    ///     let client = Sandbox::builder().lookups_ignore_case(ignore).build().client();
    ///     client.contacts().create(ExternalContact::default().with_work_email("Ada@example.com")).send()?;
    ///     let found = client.reverse_white_pages_lookup("ada@example.com").send()?;
    ///     assert_eq!(found.contacts.unwrap_or_default().len(), usize::from(ignore));
    /// }
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    pub fn lookups_ignore_case(mut self, ignore: bool) -> Self {
        self.settings.lookups_ignore_case = ignore;
        self
    }

    /// Whether a deletion of a contact, an organization, a note, a relationship or an external source is answered with 204 and no body. Nobody
    /// knows what the service does, and the sandbox answers with 200 and `{}` unless it is told otherwise here.
    pub fn deletions_answer_nothing(mut self, nothing: bool) -> Self {
        self.settings.deletions_answer_nothing = nothing;
        self
    }

    /// What becomes of members in a body that nobody knows. Nobody knows what the service does, and the sandbox keeps them
    /// unless it is told otherwise here. Custom fields are another matter: their schema says which there are.
    ///
    /// ```
    /// use genesys_external_contacts::ExternalContact;
    /// use genesys_external_contacts::sandbox::{Sandbox, UnknownMembers};
    ///
    /// let client = Sandbox::builder().unknown_members(UnknownMembers::Refuse).build().client();
    /// let mut ada = ExternalContact::default();
    /// ada.extra.insert("nickname".to_owned(), "Ada".into());
    /// assert_eq!(client.contacts().create(ada).send().unwrap_err().code(), Some("invalid.property"));
    /// ```
    pub fn unknown_members(mut self, unknown: UnknownMembers) -> Self {
        self.settings.unknown_members = unknown;
        self
    }

    /// How many records a bulk request may carry: 50 unless it is set here. More are refused: 422. Nobody knows the service's
    /// own limit.
    ///
    /// ```
    /// use genesys_external_contacts::ExternalContact;
    /// use genesys_external_contacts::sandbox::Sandbox;
    ///
    /// let client = Sandbox::builder().bulk_records(10).build().client();
    /// let contacts = || (0..11).map(|_| ExternalContact::default());
    /// let error = client.contacts().bulk().add(contacts()).one_request().send().unwrap_err();
    /// assert_eq!(error.status().unwrap(), 422);
    /// assert_eq!(client.contacts().bulk().add(contacts()).chunk_size(10).run().done, 11);
    /// ```
    pub fn bulk_records(mut self, records: usize) -> Self {
        self.settings.bulk_records = records;
        self
    }

    /// Whether bulk results come in another order than the records. The service promises no order, and the sandbox shuffles
    /// them, the same way in every run, unless it is told otherwise here.
    pub fn bulk_results_shuffled(mut self, shuffled: bool) -> Self {
        self.settings.bulk_shuffled = shuffled;
        self
    }

    /// Whether each bulk result says its HTTP status. Older versions of the service leave it out; the sandbox says it unless it
    /// is told otherwise here.
    pub fn bulk_results_have_status(mut self, have: bool) -> Self {
        self.settings.bulk_statuses = have;
        self
    }

    /// Makes the sandbox.
    pub fn build(self) -> Sandbox {
        Sandbox::with(self.settings)
    }
}
