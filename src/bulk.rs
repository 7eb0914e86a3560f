//! Many records in one request: `client.contacts().bulk()`, and the same of organizations, notes and relationships.
//!
//! The service allows a token 300 requests a minute. One record a request makes 18,000 records an hour, 50 make 900,000.
//!
//! ```
//! use genesys_external_contacts::ExternalContact;
//! # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
//!
//! let rows = ["Lovelace", "Hopper", "Noether"];
//! let contacts = rows.iter().map(|name| ExternalContact::default().with_last_name(*name));
//! for outcome in client.contacts().bulk().add(contacts).outcomes() {
//!     let row = rows[outcome.index as usize];
//!     match outcome.result {
//!         Ok(contact) => println!("{row}: {}", contact.id.unwrap_or_default()),
//!         Err(error) if error.may_have_been_applied() => println!("{row}: look whether it is there: {error}"),
//!         Err(error) => println!("{row}: {error}"),
//!     }
//! }
//! ```
//!
//! - **Any number of records.** They are taken from an iterator (or, by the async client, from a stream) as there is room
//!   for them, and go out in as few requests as the limits allow. Memory doesn't grow with their number.
//! - **Nothing is sent before it is asked for.** [`outcomes`](BulkRequest::outcomes) sends as it is drained, and stops when it
//!   is dropped; [`run`](BulkRequest::run) drains it.
//! - **One outcome a record, in the order of the input**: a [`BulkOutcome`] with the record or a [`RecordError`]. That some
//!   records fail is no failure of the others.
//! - **Nothing is applied twice.** Fetches, updates and removals are repeated as single ones are. An addition is repeated only
//!   if it was surely not applied; otherwise its error says that it
//!   [may have been](RecordError::may_have_been_applied). Records that the service calls `retryable` are sent again under
//!   the same rule, as often as the [`RetryPolicy`] says.
//! - **Removals** that find nothing count as done if an earlier try may have been applied.
//! - **The same id twice**: in a fetch or a removal both records get the one result. Two updates of one record never travel at
//!   the same time, so that the later one is applied last.
//!
//! [`one_request`](BulkRequest::one_request) gives the plain operation instead, and the answer as it comes.

mod enrichments;
pub(crate) mod model;
mod operations;
mod outcome;
mod records;

use std::fmt;
use std::marker::PhantomData;

pub use enrichments::{BulkEnrich, BulkUpsert, Upsert};
pub use model::{BulkError, BulkErrorDetail, BulkResponse, BulkResult, Nothing};
pub use operations::{
    BulkAdd, BulkFetch, BulkFetchDivisionViews, BulkFetchUnresolved, BulkOperation, BulkRemove, BulkUpdate,
};
pub use outcome::{BulkOutcome, BulkProgress, BulkSummary, RecordError, RecordErrorKind, Refusal};
#[cfg(feature = "async")]
pub use records::{AStream, Streamed};
pub use records::{IntoRecords, Iterated};

use crate::config::Limits;
use crate::contacts::model::ExternalContact;
use crate::entity::{InBulk, InBulkByDivision};
use crate::operation::{CallOptions, Request};
use crate::retry::RetryPolicy;

/// Many records in one request; see [`bulk`](self).
#[derive(Clone)]
pub struct Bulk<C, E> {
    client: C,
    entity: PhantomData<fn() -> E>,
}

impl<C: Clone, E: InBulk> Bulk<C, E> {
    pub(crate) fn new(client: C) -> Self {
        Self { client, entity: PhantomData }
    }

    /// Fetches records by their ids.
    ///
    /// `POST /api/v2/externalcontacts/bulk/contacts`\
    /// `POST /api/v2/externalcontacts/bulk/organizations`\
    /// `POST /api/v2/externalcontacts/bulk/notes`\
    /// `POST /api/v2/externalcontacts/bulk/relationships`
    ///
    /// The id of a contact that was merged into another gives the other one; the outcome keeps the id that was asked for.
    /// An id may come twice.
    ///
    /// ```
    /// # use genesys_external_contacts::ExternalContact;
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// # let ada = client.contacts().create(ExternalContact::default().with_last_name("Lovelace")).send()?.id.unwrap();
    /// let nobody = "00000000-0000-4000-8000-000000000000";
    /// for outcome in client.contacts().bulk().fetch([ada.as_str(), nobody]).outcomes() {
    ///     match outcome.result {
    ///         Ok(contact) => println!("{}: {}", outcome.input, contact.display_name()),
    ///         Err(error) if error.is_not_found() => println!("{}: nobody", outcome.input),
    ///         Err(error) => return Err(error.into()),
    ///     }
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// Contacts: `externalContacts:contact:view`. Organizations: `externalContacts:externalOrganization:view`. Notes and
    /// relationships: all of both. The scope `external-contacts:readonly` is enough.
    ///
    /// # Limits
    ///
    /// 50 records a request unless [`chunk_size`](BulkRequest::chunk_size) says otherwise; the service's own limit is not
    /// documented.
    ///
    /// # Errors
    ///
    /// Of a record: [`is_not_found`](RecordError::is_not_found); [`RecordErrorKind::Request`] when its request failed as a
    /// whole.
    pub fn fetch<Kind, I>(&self, ids: I) -> BulkRequest<C, BulkFetch<E>, I::Records>
    where
        I: IntoRecords<Kind, Record: Into<String>>,
    {
        BulkRequest::new(self.client.clone(), ids.into_records())
    }

    /// Adds records, and gives them as the service keeps them, with their ids.
    ///
    /// `POST /api/v2/externalcontacts/bulk/contacts/add`\
    /// `POST /api/v2/externalcontacts/bulk/organizations/add`\
    /// `POST /api/v2/externalcontacts/bulk/notes/add`\
    /// `POST /api/v2/externalcontacts/bulk/relationships/add`
    ///
    /// The service doesn't say which result is that of which record. They are matched by external ids, else by all that was
    /// sent; where that is not certain, [`is_certain`](BulkOutcome::is_certain) is false. External ids make it certain.
    ///
    /// A note needs `entity_id` and `entity_type`, a relationship `user` and `external_organization`.
    ///
    /// ```
    /// use genesys_external_contacts::ExternalContact;
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    ///
    /// let contacts = (1..=120).map(|number| ExternalContact::default().with_last_name(format!("Customer {number}")));
    /// let summary = client.contacts().bulk().add(contacts).run();
    /// assert_eq!((summary.done, summary.failed, summary.requests), (120, 0, 3));
    /// ```
    ///
    /// # Permissions
    ///
    /// Contacts: `externalContacts:contact:add`. Organizations: `externalContacts:externalOrganization:add`. Notes and
    /// relationships: all of both.
    ///
    /// # Limits
    ///
    /// As for [`fetch`](Self::fetch), and 512,000 bytes a request: fewer records go into one where they are large.
    ///
    /// # Errors
    ///
    /// Of a record: [`RecordErrorKind::Refused`] with status 422 or 400 for a value that the service doesn't take;
    /// [`RecordErrorKind::Request`] when its request failed as a whole. When
    /// [`may_have_been_applied`](RecordError::may_have_been_applied), the record may exist: look for it before you add it again.
    pub fn add<Kind, I>(&self, records: I) -> BulkRequest<C, BulkAdd<E>, I::Records>
    where
        I: IntoRecords<Kind, Record = E>,
    {
        BulkRequest::new(self.client.clone(), records.into_records())
    }

    /// Replaces records, each of which has its `id`, and gives them as the service keeps them.
    ///
    /// `POST /api/v2/externalcontacts/bulk/contacts/update`\
    /// `POST /api/v2/externalcontacts/bulk/organizations/update`\
    /// `POST /api/v2/externalcontacts/bulk/notes/update`\
    /// `POST /api/v2/externalcontacts/bulk/relationships/update`
    ///
    /// Each record is replaced as a whole: fetch it, change what you want to change, and hand in the rest as it came.
    ///
    /// ```
    /// # use genesys_external_contacts::ExternalContact;
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// # let id = client.contacts().create(ExternalContact::default()).send()?.id.unwrap();
    /// let bulk = client.contacts().bulk();
    /// let found = bulk.fetch([id]).outcomes().filter_map(|outcome| outcome.result.ok());
    /// let summary = bulk.update(found.map(|contact| contact.with_title("Countess"))).run();
    /// assert_eq!((summary.done, summary.failed), (1, 0));
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// Contacts: `externalContacts:contact:edit`. Organizations: `externalContacts:externalOrganization:edit`. Notes and
    /// relationships: all of both.
    ///
    /// # Limits
    ///
    /// As for [`add`](Self::add).
    ///
    /// # Errors
    ///
    /// Of a record: [`is_not_found`](RecordError::is_not_found), and those of [`add`](Self::add). A record without an id is
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) and is not sent.
    pub fn update<Kind, I>(&self, records: I) -> BulkRequest<C, BulkUpdate<E>, I::Records>
    where
        I: IntoRecords<Kind, Record = E>,
    {
        BulkRequest::new(self.client.clone(), records.into_records())
    }

    /// Deletes records by their ids.
    ///
    /// `POST /api/v2/externalcontacts/bulk/contacts/remove`\
    /// `POST /api/v2/externalcontacts/bulk/organizations/remove`\
    /// `POST /api/v2/externalcontacts/bulk/notes/remove`\
    /// `POST /api/v2/externalcontacts/bulk/relationships/remove`
    ///
    /// The id of a contact that was merged into another deletes the other one.
    ///
    /// ```
    /// # use genesys_external_contacts::ExternalContact;
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// # let id = client.contacts().create(ExternalContact::default()).send()?.id.unwrap();
    /// let summary = client.contacts().bulk().remove([id]).run();
    /// assert_eq!((summary.done, summary.failed), (1, 0));
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// Contacts: `externalContacts:contact:delete`. Organizations: `externalContacts:externalOrganization:delete`. Notes and
    /// relationships: all of both.
    ///
    /// # Limits
    ///
    /// As for [`fetch`](Self::fetch).
    ///
    /// # Errors
    ///
    /// As for [`fetch`](Self::fetch).
    pub fn remove<Kind, I>(&self, ids: I) -> BulkRequest<C, BulkRemove<E>, I::Records>
    where
        I: IntoRecords<Kind, Record: Into<String>>,
    {
        BulkRequest::new(self.client.clone(), ids.into_records())
    }
}

impl<C: Clone, E: InBulkByDivision> Bulk<C, E> {
    /// Fetches records by their ids, for those who may search and not view.
    ///
    /// `POST /api/v2/externalcontacts/bulk/contacts/divisionviews`\
    /// `POST /api/v2/externalcontacts/bulk/organizations/divisionviews`
    ///
    /// It works as [`fetch`](Self::fetch) does.
    ///
    /// ```
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// let nobody = "00000000-0000-4000-8000-000000000000";
    /// let summary = client.contacts().bulk().fetch_division_views([nobody]).run();
    /// assert!(summary.failures[0].result.as_ref().unwrap_err().is_not_found());
    /// ```
    ///
    /// # Permissions
    ///
    /// Contacts: `externalContacts:contact:search`. Organizations: `externalContacts:externalOrganization:search`. The scope
    /// `external-contacts:readonly` is enough.
    ///
    /// # Limits
    ///
    /// As for [`fetch`](Self::fetch).
    ///
    /// # Errors
    ///
    /// As for [`fetch`](Self::fetch).
    pub fn fetch_division_views<Kind, I>(&self, ids: I) -> BulkRequest<C, BulkFetchDivisionViews<E>, I::Records>
    where
        I: IntoRecords<Kind, Record: Into<String>>,
    {
        BulkRequest::new(self.client.clone(), ids.into_records())
    }
}

impl<C: Clone> Bulk<C, ExternalContact> {
    /// Fetches contacts by their ids as they are, also those that were merged into others: the id of one gives this one,
    /// with `merged_to`.
    ///
    /// `POST /api/v2/externalcontacts/bulk/contacts/unresolved`
    ///
    /// It works as [`fetch`](Self::fetch) does.
    ///
    /// ```
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// let nobody = "00000000-0000-4000-8000-000000000000";
    /// let summary = client.contacts().bulk().fetch_unresolved([nobody]).run();
    /// assert!(summary.failures[0].result.as_ref().unwrap_err().is_not_found());
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:contact:view`. The scope `external-contacts:readonly` is enough.
    ///
    /// # Limits
    ///
    /// As for [`fetch`](Self::fetch).
    ///
    /// # Errors
    ///
    /// As for [`fetch`](Self::fetch).
    pub fn fetch_unresolved<Kind, I>(&self, ids: I) -> BulkRequest<C, BulkFetchUnresolved, I::Records>
    where
        I: IntoRecords<Kind, Record: Into<String>>,
    {
        BulkRequest::new(self.client.clone(), ids.into_records())
    }
}

impl<C, E> fmt::Debug for Bulk<C, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Bulk")
    }
}

/// Records that are ready to be sent, many in one request; see [`bulk`](self).
///
/// [`outcomes`](Self::outcomes) sends them as it is drained, [`run`](Self::run) drains it, [`one_request`](Self::one_request)
/// puts all of them into one request.
#[must_use = "nothing is sent before `outcomes()` is drained, or `run()` called"]
pub struct BulkRequest<C, O, R> {
    pub(crate) client: C,
    pub(crate) records: R,
    pub(crate) options: CallOptions,
    pub(crate) chunk_size: usize,
    pub(crate) concurrency: usize,
    operation: PhantomData<fn() -> O>,
}

impl<C, O: BulkOperation, R> BulkRequest<C, O, R> {
    pub(crate) fn new(client: C, records: R) -> Self {
        Self {
            client,
            records,
            options: CallOptions::default(),
            chunk_size: O::CHUNK_SIZE,
            concurrency: 1,
            operation: PhantomData,
        }
    }

    /// How many records a request carries at most: 50 unless set, 10 for enrichments. 0 counts as 1. Nobody documents how many
    /// the service takes.
    pub fn chunk_size(mut self, records: usize) -> Self {
        self.chunk_size = records.max(1);
        self
    }

    /// How many requests may be under way at the same time: 1 unless set. 0 counts as 1.
    ///
    /// The rate limit counts requests, so this makes nothing faster that uses it up already: 300 requests a minute are five a
    /// second. The blocking client sends them on threads of their own.
    pub fn concurrency(mut self, requests: usize) -> Self {
        self.concurrency = requests.max(1);
        self
    }

    /// What each exchange may take, instead of what the client was built with.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.options.limits = Some(limits);
        self
    }

    /// When requests, and records that the service calls `retryable`, are sent again, instead of what the client was built
    /// with.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.options.retry = Some(policy);
        self
    }
}

impl<C, O: BulkOperation, I: Iterator<Item: Into<O::Input>>> BulkRequest<C, O, Iterated<I>> {
    /// Puts all records into one request, which gives the answer as it comes: results in any order.
    ///
    /// ```
    /// use genesys_external_contacts::ExternalContact;
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    ///
    /// let ada = ExternalContact::default().with_last_name("Lovelace");
    /// let answer = client.contacts().bulk().add([ada]).one_request().send()?;
    /// assert_eq!(answer.results.unwrap_or_default()[0].success, Some(true));
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Api`](crate::ErrorKind::Api) with status 422 for more records than the service takes in a request, 413 for
    /// more than 512,000 bytes.
    pub fn one_request(self) -> Request<C, O> {
        let operation = O::of(self.records.0.map(Into::into).collect());
        Request { client: self.client, operation, options: self.options }
    }
}

impl<C, O: BulkOperation, R> fmt::Debug for BulkRequest<C, O, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BulkRequest({})", O::ROUTE)
    }
}
