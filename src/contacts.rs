//! `client.contacts()`: the people that the contact center talks to.

mod identity;
pub(crate) mod model;

pub use identity::{GetUnresolvedContact, IdentifierLookup, MergeContacts, MergeTwoContacts, PromoteContact};
pub use model::{
    ContactExpand, ContactSearchOperation, ContactSearchRequest, ContactSimpleSearch, ContactType, ExternalContact,
    MergeContactsRequest, MergeOperation, MergeRequest,
};

use crate::bulk::Bulk;
use crate::error::Error;
use crate::exports::Exports;
use crate::journeys::Journey;
use crate::model::{Listing, SortOrder};
use crate::notes::Notes;
use crate::operation::{Expand, InDivisions, Numbered, Operation, Paged, Request, RequestParts, Route, Search, Sort};
use crate::scans::{Scan, ScanAllDivisions};
use crate::schemas::Schemas;

/// The contacts of an organization; see [`Client::contacts`](crate::Client::contacts).
#[derive(Clone, Debug)]
pub struct Contacts<C> {
    client: C,
}

impl<C: Clone> Contacts<C> {
    pub(crate) fn new(client: C) -> Self {
        Self { client }
    }

    /// Finds contacts: all of them, or those that [`q`](Request::q) matches.
    ///
    /// `GET /api/v2/externalcontacts/contacts`
    ///
    /// `send` returns one page; [`items`](Request::items) and [`pages`](Request::pages) walk through all of them. Only
    /// contacts of the type [`Curated`](ContactType::Curated) are found, and a new or changed one may take a while (up
    /// to minutes) until it is; [`get`](Contacts::get) finds it at once.
    ///
    /// | option | what for |
    /// |---|---|
    /// | [`q`](Request::q) | words to find |
    /// | [`sort`](Request::sort) | the order, such as [`ContactSort::LastName.asc()`](ContactSort::asc) |
    /// | [`expand`](Request::expand) | related data to return along: [`ContactExpand`] |
    /// | [`division_ids`](Request::division_ids) | only contacts of these divisions |
    /// | [`page_size`](Request::page_size), [`page_number`](Request::page_number) | one page of several |
    ///
    /// What is looked for stands in the URL, which gateways and proxies may log.
    /// [`search_with_body`](Self::search_with_body) keeps it out.
    ///
    /// ```
    /// use genesys_external_contacts::{ContactSort, ExternalContact};
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// # client.contacts().create(ExternalContact::default().with_last_name("Lovelace")).send()?;
    ///
    /// for contact in client.contacts().search().q("lovelace").sort(ContactSort::LastName.desc()).items() {
    ///     println!("{}", contact?.display_name());
    /// }
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// Any of `relate:contact:view`, `externalContacts:contact:view`.
    ///
    /// # Limits
    ///
    /// The service gives out the first 1,000 records of a search; a page beyond is refused before sending.
    ///
    /// # Errors
    ///
    /// - [`ErrorKind::ResultWindow`](crate::ErrorKind::ResultWindow): the page lies beyond the first 1,000 records.
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): a page size or page number of 0.
    /// - [`ErrorKind::Api`](crate::ErrorKind::Api) with status 400 when the service doesn't take the search; [`is_forbidden`](Error::is_forbidden)
    ///   without the permission. All others that [`Error`] lists.
    pub fn search(&self) -> Request<C, SearchContacts> {
        Request::new(self.client.clone(), SearchContacts::default())
    }

    /// Finds contacts as [`search`](Self::search) does, with everything in the body of the request.
    ///
    /// `POST /api/v2/externalcontacts/contacts/search`
    ///
    /// What is looked for is often personal data: here it stands in no URL, and so in no log of a gateway or a proxy. It also
    /// takes several sort keys ([`sort_by`](Request::sort_by)) and a list of ids ([`ids`](Request::ids)). The words that
    /// [`q`](Request::q) takes have no special syntax. It only reads, and is repeated as a `GET` is.
    ///
    /// ```
    /// use genesys_external_contacts::{ContactSort, ExternalContact};
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// # client.contacts().create(ExternalContact::default().with_last_name("Lovelace")).send()?;
    ///
    /// let search = client.contacts().search_with_body().q("lovelace");
    /// for contact in search.sort_by([ContactSort::LastName.asc(), ContactSort::FirstName.asc()]).items() {
    ///     println!("{}", contact?.display_name());
    /// }
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:contact:view`.
    ///
    /// # Limits
    ///
    /// As for [`search`](Self::search): the first 1,000 records. 100 ids, 50 divisions.
    ///
    /// # Errors
    ///
    /// As for [`search`](Self::search), and with status 422 where the service doesn't take the search.
    pub fn search_with_body(&self) -> Request<C, SearchContactsWithBody> {
        Request::new(self.client.clone(), SearchContactsWithBody::default())
    }

    /// Creates a contact and returns it as the service keeps it: with its id, its dates, and phone numbers in
    /// international form.
    ///
    /// `POST /api/v2/externalcontacts/contacts`
    ///
    /// ```
    /// use genesys_external_contacts::{ExternalContact, PhoneNumber};
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    ///
    /// let ada = ExternalContact::default()
    ///     .with_first_name("Ada")
    ///     .with_last_name("Lovelace")
    ///     .with_work_phone(PhoneNumber::new("+44 20 7946 0018"));
    /// let ada = client.contacts().create(ada).send()?;
    /// assert!(ada.id.is_some());
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// Any of `relate:contact:add`, `externalContacts:contact:add`.
    ///
    /// # Limits
    ///
    /// No member is required. Lengths are in the documentation of [`ExternalContact`]. A request holds 512,000 bytes.
    ///
    /// # Errors
    ///
    /// - [`ErrorKind::Api`](crate::ErrorKind::Api) with status 422 for a value that is too long or malformed, 400 for one that can't be read;
    ///   [`is_forbidden`](Error::is_forbidden) without the permission, or without access to the division.
    /// - When [`may_have_been_applied`](Error::may_have_been_applied), the contact may exist: search before you
    ///   create it again. All others that [`Error`] lists.
    pub fn create(&self, contact: ExternalContact) -> Request<C, CreateContact> {
        Request::new(self.client.clone(), CreateContact { contact })
    }

    /// Fetches one contact, of any type. The id of a contact that was merged into another gives the other one.
    ///
    /// `GET /api/v2/externalcontacts/contacts/{contactId}`
    ///
    /// ```
    /// use genesys_external_contacts::ContactExpand;
    /// # use genesys_external_contacts::ExternalContact;
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// # let id = client.contacts().create(ExternalContact::default()).send()?.id.unwrap();
    ///
    /// let contact = client.contacts().get(&id).expand([ContactExpand::ExternalOrganization]).send()?;
    /// assert_eq!(contact.id, Some(id));
    ///
    /// let nobody = client.contacts().get("00000000-0000-4000-8000-000000000000").optional().send()?;
    /// assert!(nobody.is_none());
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// Any of `relate:contact:view`, `externalContacts:contact:view`.
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](Error::is_not_found): there is no such contact, or it lies in a division that the token
    ///   doesn't reach. [`optional`](Request::optional) makes that a `None`.
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): the id is empty, `.` or `..`.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn get(&self, contact_id: impl Into<String>) -> Request<C, GetContact> {
        Request::new(self.client.clone(), GetContact { contact_id: contact_id.into(), expand: Vec::new() })
    }

    /// Replaces a contact and returns it as the service keeps it.
    ///
    /// `PUT /api/v2/externalcontacts/contacts/{contactId}`
    ///
    /// The whole contact is replaced: fetch it, change what you want to change, and hand in the rest as it came.
    /// Members that this crate doesn't know travel along in [`extra`](ExternalContact::extra). What becomes of a member
    /// that is left out is not documented; to clear one, write a null (`without_title()`).
    ///
    /// ```
    /// # use genesys_external_contacts::ExternalContact;
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// # let id = client.contacts().create(ExternalContact::default()).send()?.id.unwrap();
    /// let mut contact = client.contacts().get(&id).send()?;
    /// contact.title = Some("Countess".to_owned());
    /// let contact = client.contacts().update(&id, contact).send()?;
    /// assert_eq!(contact.title.as_deref(), Some("Countess"));
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// Any of `relate:contact:edit`, `externalContacts:contact:edit`.
    ///
    /// # Limits
    ///
    /// As for [`create`](Contacts::create). The division of a contact can't be changed.
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](Error::is_not_found): there is no such contact.
    /// - [`is_conflict`](Error::is_conflict): somebody else changed what this change builds on.
    /// - [`ErrorKind::Api`](crate::ErrorKind::Api) with status 422 for a value that is too long or malformed, 400 for one that can't be read.
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): the id is empty, `.` or `..`.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn update(&self, contact_id: impl Into<String>, contact: ExternalContact) -> Request<C, UpdateContact> {
        Request::new(self.client.clone(), UpdateContact { contact_id: contact_id.into(), contact })
    }

    /// Deletes a contact.
    ///
    /// `DELETE /api/v2/externalcontacts/contacts/{contactId}`
    ///
    /// ```
    /// # use genesys_external_contacts::ExternalContact;
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// # let id = client.contacts().create(ExternalContact::default()).send()?.id.unwrap();
    /// client.contacts().delete(&id).send()?;
    /// assert!(client.contacts().get(&id).optional().send()?.is_none());
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// Any of `relate:contact:delete`, `externalContacts:contact:delete`.
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](Error::is_not_found): there is no such contact (any more), with the code
    ///   `contact.not.found` or `not.found`. [`optional`](Request::optional) makes that a `None`.
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): the id is empty, `.` or `..`.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn delete(&self, contact_id: impl Into<String>) -> Request<C, DeleteContact> {
        Request::new(self.client.clone(), DeleteContact { contact_id: contact_id.into() })
    }

    /// Reads all contacts, however many there are.
    ///
    /// Only contacts of the type [`Curated`](ContactType::Curated) come; those that the service made by itself don't.
    ///
    /// `GET /api/v2/externalcontacts/scan/contacts`
    ///
    /// `items()` and `pages()` walk through all of them, 200 a request. No order is promised. A walk that
    /// stopped goes on with [`cursor`](Request::cursor), in this process or in another: store what
    /// [`pages().cursor()`](crate::Pages::cursor) gives. [`division_id`](Request::division_id) narrows it to one division,
    /// [`page_size`](Request::page_size) makes the pages smaller.
    ///
    /// ```
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// let mut pages = client.contacts().scan().pages();
    /// while let Some(page) = pages.next() {
    ///     for contact in page? {
    ///         println!("{}", contact.display_name());
    ///     }
    ///     // Where to go on, if this program is stopped here.
    ///     let cursor: Option<&str> = pages.cursor();
    ///     # let _ = cursor;
    /// }
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// Any of `relate:contact:view`, `externalContacts:contact:view`.
    ///
    /// # Limits
    ///
    /// 10 to 200 records a page, 100 unless asked otherwise. A cursor is good for 24 hours. There is no `expand`: related
    /// data comes as ids.
    ///
    /// # Errors
    ///
    /// - [`ErrorKind::Api`](crate::ErrorKind::Api) with status 422 for a page size out of bounds, and for a cursor that
    ///   has expired or is none.
    /// - [`ErrorKind::Cursor`](crate::ErrorKind::Cursor): the walk doesn't come to an end: a cursor came twice, or 100 empty
    ///   pages in a row.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn scan(&self) -> Request<C, Scan<ExternalContact>> {
        Request::new(self.client.clone(), Scan::new())
    }

    /// Reads all contacts of all divisions, those that the token doesn't reach otherwise included.
    ///
    /// `GET /api/v2/externalcontacts/scan/contacts/divisionviews/all`
    ///
    /// It works as [`scan`](Self::scan) does, without `division_id`.
    ///
    /// ```
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// let all = client.contacts().scan_all_divisions().items().collect::<Result<Vec<_>, _>>()?;
    /// println!("{}", all.len());
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:contact:viewAll`.
    ///
    /// # Limits
    ///
    /// As for [`scan`](Self::scan).
    ///
    /// # Errors
    ///
    /// As for [`scan`](Self::scan).
    pub fn scan_all_divisions(&self) -> Request<C, ScanAllDivisions<ExternalContact>> {
        Request::new(self.client.clone(), ScanAllDivisions::new())
    }

    /// Many contacts in one request; see [`bulk`](crate::bulk).
    pub fn bulk(&self) -> Bulk<C, ExternalContact> {
        Bulk::new(self.client.clone())
    }

    /// The notes on one contact.
    pub fn notes(&self, contact_id: impl Into<String>) -> Notes<C, ExternalContact> {
        Notes::new(self.client.clone(), contact_id.into())
    }

    /// The schemas of custom fields that contacts can have.
    pub fn schemas(&self) -> Schemas<C, ExternalContact> {
        Schemas::new(self.client.clone())
    }

    /// The exports of contacts: start, list, get.
    pub fn exports(&self) -> Exports<C, ExternalContact> {
        Exports::new(self.client.clone())
    }

    /// The journey of one contact: the segments that it is in, and its sessions.
    pub fn journey(&self, contact_id: impl Into<String>) -> Journey<C> {
        Journey::new(self.client.clone(), contact_id.into())
    }
}

model! {
    /// What contacts are sorted by. [`asc`](ContactSort::asc) and [`desc`](ContactSort::desc) say in which direction.
    pub enum ContactSort {
        /// By `firstName`.
        FirstName => "firstName",
        /// By `lastName`.
        LastName => "lastName",
        /// By `middleName`.
        MiddleName => "middleName",
        /// By `title`.
        Title => "title",
    }
}

impl ContactSort {
    /// From A to Z.
    pub fn asc(self) -> SortOrder<Self> {
        SortOrder::ascending(self)
    }

    /// From Z to A.
    pub fn desc(self) -> SortOrder<Self> {
        SortOrder::descending(self)
    }
}

/// `GET /api/v2/externalcontacts/contacts`; see [`Contacts::search`].
#[derive(Clone, Default)]
pub struct SearchContacts {
    page: Numbered,
    q: Option<String>,
    sort: Option<SortOrder<ContactSort>>,
    expand: Vec<ContactExpand>,
    division_ids: Vec<String>,
}

impl Operation for SearchContacts {
    type Output = Listing<ExternalContact>;
    const ROUTE: Route = Route::get("/api/v2/externalcontacts/contacts");

    #[inline]
    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        self.page.write(request)?;
        request.query_opt("q", self.q.as_ref());
        request.query_opt("sortOrder", self.sort.as_ref());
        request.query_list("expand", &self.expand);
        request.query_list("divisionIds", &self.division_ids);
        Ok(())
    }
}

impl Paged for SearchContacts {
    type Item = ExternalContact;
    type Paging = Numbered;

    fn paging(&mut self) -> &mut Numbered {
        &mut self.page
    }
}

impl Search for SearchContacts {
    fn q(&mut self) -> &mut Option<String> {
        &mut self.q
    }
}

impl Sort for SearchContacts {
    type Order = SortOrder<ContactSort>;

    fn sort(&mut self) -> &mut Option<SortOrder<ContactSort>> {
        &mut self.sort
    }
}

impl Expand for SearchContacts {
    type Field = ContactExpand;

    fn expand(&mut self) -> &mut Vec<ContactExpand> {
        &mut self.expand
    }
}

impl InDivisions for SearchContacts {
    fn division_ids(&mut self) -> &mut Vec<String> {
        &mut self.division_ids
    }
}

/// `POST /api/v2/externalcontacts/contacts/search`; see [`Contacts::search_with_body`].
#[derive(Clone, Default)]
pub struct SearchContactsWithBody {
    page: Numbered,
    q: Option<String>,
    sort: Vec<SortOrder<ContactSort>>,
    ids: Vec<String>,
    expand: Vec<ContactExpand>,
    division_ids: Vec<String>,
}

impl Operation for SearchContactsWithBody {
    type Output = Listing<ExternalContact>;
    const ROUTE: Route = Route::post("/api/v2/externalcontacts/contacts/search").that_reads();

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        self.page.check()?;
        fn list<T: ToString>(values: &[T]) -> Option<Vec<String>> {
            (!values.is_empty()).then(|| values.iter().map(T::to_string).collect())
        }
        let search = ContactSimpleSearch {
            query: self.q.clone(),
            sort_order: list(&self.sort),
            ids: list(&self.ids),
            ..ContactSimpleSearch::default()
        };
        request.json(&ContactSearchRequest {
            page_number: self.page.page_number().map(i64::from),
            page_size: self.page.page_size().map(i64::from),
            division_ids: list(&self.division_ids),
            expand: list(&self.expand),
            operation: Some(ContactSearchOperation::default().with_simple_search(search)),
            ..ContactSearchRequest::default()
        })
    }
}

impl Paged for SearchContactsWithBody {
    type Item = ExternalContact;
    type Paging = Numbered;

    fn paging(&mut self) -> &mut Numbered {
        &mut self.page
    }
}

impl Search for SearchContactsWithBody {
    fn q(&mut self) -> &mut Option<String> {
        &mut self.q
    }
}

impl Expand for SearchContactsWithBody {
    type Field = ContactExpand;

    fn expand(&mut self) -> &mut Vec<ContactExpand> {
        &mut self.expand
    }
}

impl InDivisions for SearchContactsWithBody {
    fn division_ids(&mut self) -> &mut Vec<String> {
        &mut self.division_ids
    }
}

impl<C> Request<C, SearchContactsWithBody> {
    /// Sorts the result by several keys, the first one first (`sortOrder`). Called again, it adds to those named before. The
    /// default is up to the service.
    pub fn sort_by(mut self, orders: impl IntoIterator<Item = SortOrder<ContactSort>>) -> Self {
        self.operation.sort.extend(orders);
        self
    }

    /// Finds only contacts with one of these ids, at most 100. Called again, it adds to those named before.
    pub fn ids(mut self, ids: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.operation.ids.extend(ids.into_iter().map(Into::into));
        self
    }
}

/// `POST /api/v2/externalcontacts/contacts`; see [`Contacts::create`].
#[derive(Clone)]
pub struct CreateContact {
    contact: ExternalContact,
}

impl Operation for CreateContact {
    type Output = ExternalContact;
    const ROUTE: Route = Route::post("/api/v2/externalcontacts/contacts");

    #[inline]
    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.json(&self.contact)
    }
}

/// `GET /api/v2/externalcontacts/contacts/{contactId}`; see [`Contacts::get`].
#[derive(Clone)]
pub struct GetContact {
    contact_id: String,
    expand: Vec<ContactExpand>,
}

impl Operation for GetContact {
    type Output = ExternalContact;
    const ROUTE: Route = Route::get("/api/v2/externalcontacts/contacts/{contactId}");

    #[inline]
    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.path_param("contactId", &self.contact_id)?;
        request.query_list("expand", &self.expand);
        Ok(())
    }
}

impl Expand for GetContact {
    type Field = ContactExpand;

    fn expand(&mut self) -> &mut Vec<ContactExpand> {
        &mut self.expand
    }
}

/// `PUT /api/v2/externalcontacts/contacts/{contactId}`; see [`Contacts::update`].
#[derive(Clone)]
pub struct UpdateContact {
    contact_id: String,
    contact: ExternalContact,
}

impl Operation for UpdateContact {
    type Output = ExternalContact;
    const ROUTE: Route = Route::put("/api/v2/externalcontacts/contacts/{contactId}");

    #[inline]
    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.path_param("contactId", &self.contact_id)?;
        request.json(&self.contact)
    }
}

/// `DELETE /api/v2/externalcontacts/contacts/{contactId}`; see [`Contacts::delete`].
#[derive(Clone)]
pub struct DeleteContact {
    contact_id: String,
}

impl Operation for DeleteContact {
    type Output = ();
    const ROUTE: Route = Route::delete("/api/v2/externalcontacts/contacts/{contactId}");

    #[inline]
    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.path_param("contactId", &self.contact_id)
    }
}
