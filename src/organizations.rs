//! `client.organizations()`: the companies that the contact center deals with.

mod cache;
mod identity;
pub(crate) mod model;

pub use cache::OrganizationCache;
pub(crate) use cache::fill_in;
pub use model::{
    ExternalOrganization, ExternalOrganizationTrustorLink, OrganizationExpand, Ticker, TrusteeAuthorization, Trustor,
};

use crate::bulk::Bulk;
use crate::contacts::{ContactExpand, ContactSort, ExternalContact};
use crate::error::Error;
use crate::exports::Exports;
use crate::model::{Listing, SortOrder};
use crate::notes::Notes;
use crate::operation::{
    Expand, InDivisions, IncludeTrustors, Numbered, Operation, Paged, Request, RequestParts, Response, Route, Search,
    Sort,
};
use crate::relationships::{Relationship, RelationshipExpand, RelationshipSort};
use crate::scans::{Scan, ScanAllDivisions};
use crate::schemas::Schemas;

/// The external organizations; see [`Client::organizations`](crate::Client::organizations).
#[derive(Clone, Debug)]
pub struct Organizations<C> {
    client: C,
}

impl<C: Clone> Organizations<C> {
    pub(crate) fn new(client: C) -> Self {
        Self { client }
    }

    /// Finds organizations: all of them, or those that [`q`](Request::q) matches, or those of certain
    /// [trustors](Request::trustor_ids).
    ///
    /// `GET /api/v2/externalcontacts/organizations`
    ///
    /// `send` returns one page; [`items`](Request::items) and [`pages`](Request::pages) walk through all of them. A new
    /// or changed organization may take a while until it is found; [`get`](Organizations::get) finds it at once.
    ///
    /// | option | what for |
    /// |---|---|
    /// | [`q`](Request::q) | words to find |
    /// | [`trustor_ids`](Request::trustor_ids) | only the organizations of these trustors |
    /// | [`include_trustors`](Request::include_trustors) | whether to say which organizations are trustors |
    /// | [`sort`](Request::sort) | the order, such as [`OrganizationSort::Name.asc()`](OrganizationSort::asc) |
    /// | [`expand`](Request::expand) | related data to return along: [`OrganizationExpand`] |
    /// | [`division_ids`](Request::division_ids) | only organizations of these divisions |
    /// | [`page_size`](Request::page_size), [`page_number`](Request::page_number) | one page of several |
    ///
    /// ```
    /// use genesys_external_contacts::{ExternalOrganization, OrganizationSort};
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// # client.organizations().create(ExternalOrganization::default().with_name("Analytical Engines")).send()?;
    ///
    /// for organization in client.organizations().search().q("engines").sort(OrganizationSort::Name.asc()).items() {
    ///     println!("{}", organization?.name.unwrap_or_default());
    /// }
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// Any of `relate:externalOrganization:view`, `externalContacts:externalOrganization:view`.
    ///
    /// # Limits
    ///
    /// The service gives out the first 1,000 records of a search; a page beyond is refused before sending.
    ///
    /// # Errors
    ///
    /// - [`ErrorKind::ResultWindow`](crate::ErrorKind::ResultWindow): the page lies beyond the first 1,000 records.
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): a page size or page number of 0, or more than 25 trustors.
    /// - [`ErrorKind::Api`](crate::ErrorKind::Api) with status 400 when the service doesn't take the search; [`is_forbidden`](Error::is_forbidden)
    ///   without the permission. All others that [`Error`] lists.
    pub fn search(&self) -> Request<C, SearchOrganizations> {
        Request::new(self.client.clone(), SearchOrganizations::default())
    }

    /// Creates an organization and returns it as the service keeps it.
    ///
    /// `POST /api/v2/externalcontacts/organizations`
    ///
    /// ```
    /// use genesys_external_contacts::{ExternalOrganization, PhoneNumber};
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    ///
    /// let engines = ExternalOrganization::default()
    ///     .with_name("Analytical Engines")
    ///     .with_phone_number(PhoneNumber::new("+44 20 7946 0018"))
    ///     .with_tags(["computing".to_owned()]);
    /// let engines = client.organizations().create(engines).send()?;
    /// assert!(engines.id.is_some());
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// Any of `relate:externalOrganization:add`, `externalContacts:externalOrganization:add`.
    ///
    /// # Limits
    ///
    /// A name is required. Lengths are in the documentation of [`ExternalOrganization`].
    ///
    /// # Errors
    ///
    /// - [`ErrorKind::Api`](crate::ErrorKind::Api) with status 422 for a value that is missing, too long or malformed, 400 for one that can't be
    ///   read; [`is_forbidden`](Error::is_forbidden) without the permission, or without access to the division.
    /// - When [`may_have_been_applied`](Error::may_have_been_applied), the organization may exist: search before you
    ///   create it again. All others that [`Error`] lists.
    pub fn create(&self, organization: ExternalOrganization) -> Request<C, CreateOrganization> {
        Request::new(self.client.clone(), CreateOrganization { organization })
    }

    /// Fetches one organization.
    ///
    /// `GET /api/v2/externalcontacts/organizations/{externalOrganizationId}`
    ///
    /// ```
    /// use genesys_external_contacts::OrganizationExpand;
    /// # use genesys_external_contacts::ExternalOrganization;
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// # let new = ExternalOrganization::default().with_name("Analytical Engines");
    /// # let id = client.organizations().create(new).send()?.id.unwrap();
    ///
    /// let request = client.organizations().get(&id).expand([OrganizationExpand::Division]).include_trustors(true);
    /// let organization = request.send()?;
    /// assert_eq!(organization.id, Some(id));
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// Any of `relate:externalOrganization:view`, `externalContacts:externalOrganization:view`.
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](Error::is_not_found): there is no such organization, or it lies in a division that the token
    ///   doesn't reach. [`optional`](Request::optional) makes that a `None`.
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): the id is empty, `.` or `..`.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn get(&self, organization_id: impl Into<String>) -> Request<C, GetOrganization> {
        let operation =
            GetOrganization { organization_id: organization_id.into(), expand: Vec::new(), include_trustors: None };
        Request::new(self.client.clone(), operation)
    }

    /// Replaces an organization and returns it as the service keeps it.
    ///
    /// `PUT /api/v2/externalcontacts/organizations/{externalOrganizationId}`
    ///
    /// The whole organization is replaced: fetch it, change what you want to change, and hand in the rest as it came.
    ///
    /// ```
    /// # use genesys_external_contacts::ExternalOrganization;
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// # let new = ExternalOrganization::default().with_name("Analytical Engines");
    /// # let id = client.organizations().create(new).send()?.id.unwrap();
    /// let mut organization = client.organizations().get(&id).send()?;
    /// organization.industry = Some("Computing".to_owned());
    /// let organization = client.organizations().update(&id, organization).send()?;
    /// assert_eq!(organization.industry.as_deref(), Some("Computing"));
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// Any of `relate:externalOrganization:edit`, `externalContacts:externalOrganization:edit`.
    ///
    /// # Limits
    ///
    /// As for [`create`](Organizations::create). The division of an organization can't be changed.
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](Error::is_not_found): there is no such organization.
    /// - [`is_conflict`](Error::is_conflict): somebody else changed what this change builds on.
    /// - [`ErrorKind::Api`](crate::ErrorKind::Api) with status 422 for a value that is missing, too long or malformed, 400 for one that can't be
    ///   read.
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): the id is empty, `.` or `..`.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn update(
        &self,
        organization_id: impl Into<String>,
        organization: ExternalOrganization,
    ) -> Request<C, UpdateOrganization> {
        let operation = UpdateOrganization { organization_id: organization_id.into(), organization };
        Request::new(self.client.clone(), operation)
    }

    /// Deletes an organization. What becomes of its contacts, notes and relationships is not documented.
    ///
    /// `DELETE /api/v2/externalcontacts/organizations/{externalOrganizationId}`
    ///
    /// ```
    /// # use genesys_external_contacts::ExternalOrganization;
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// # let new = ExternalOrganization::default().with_name("Analytical Engines");
    /// # let id = client.organizations().create(new).send()?.id.unwrap();
    /// client.organizations().delete(&id).send()?;
    /// assert!(client.organizations().get(&id).optional().send()?.is_none());
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// Any of `relate:externalOrganization:delete`, `externalContacts:externalOrganization:delete`.
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](Error::is_not_found): there is no such organization (any more).
    ///   [`optional`](Request::optional) makes that a `None`.
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): the id is empty, `.` or `..`.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn delete(&self, organization_id: impl Into<String>) -> Request<C, DeleteOrganization> {
        Request::new(self.client.clone(), DeleteOrganization { organization_id: organization_id.into() })
    }

    /// Says that an organization is a Genesys Cloud organization which trusts this one.
    ///
    /// `PUT /api/v2/externalcontacts/organizations/{externalOrganizationId}/trustor/{trustorId}`
    ///
    /// The API answers with the link. Its description of 2018 promised the organization instead; from such an answer the
    /// link is put together, and everything else that came stays in [`extra`](ExternalOrganizationTrustorLink::extra).
    ///
    /// ```
    /// # use genesys_external_contacts::ExternalOrganization;
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// # let new = ExternalOrganization::default().with_name("Analytical Engines");
    /// # let id = client.organizations().create(new).send()?.id.unwrap();
    /// let trustor = "3d5f2c1e-0000-4000-8000-000000000001";
    /// let link = client.organizations().link_trustor(&id, trustor).send()?;
    /// assert_eq!(link.trustor_org_id.as_deref(), Some(trustor));
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:externalOrganization:edit`.
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](Error::is_not_found): there is no such organization, or no such trustor.
    /// - [`ErrorKind::Api`](crate::ErrorKind::Api) with status 422 when the trustor can't be linked.
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): an id is empty, `.` or `..`.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn link_trustor(
        &self,
        organization_id: impl Into<String>,
        trustor_id: impl Into<String>,
    ) -> Request<C, LinkTrustor> {
        let operation = LinkTrustor { organization_id: organization_id.into(), trustor_id: trustor_id.into() };
        Request::new(self.client.clone(), operation)
    }

    /// Takes back what [`link_trustor`](Organizations::link_trustor) said.
    ///
    /// `DELETE /api/v2/externalcontacts/organizations/{externalOrganizationId}/trustor`
    ///
    /// ```
    /// # use genesys_external_contacts::ExternalOrganization;
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// # let new = ExternalOrganization::default().with_name("Analytical Engines");
    /// # let id = client.organizations().create(new).send()?.id.unwrap();
    /// # client.organizations().link_trustor(&id, "3d5f2c1e-0000-4000-8000-000000000001").send()?;
    /// client.organizations().unlink_trustor(&id).send()?;
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:externalOrganization:edit`.
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](Error::is_not_found): there is no such organization, or it has no trustor.
    ///   [`optional`](Request::optional) makes that a `None`.
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): the id is empty, `.` or `..`.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn unlink_trustor(&self, organization_id: impl Into<String>) -> Request<C, UnlinkTrustor> {
        Request::new(self.client.clone(), UnlinkTrustor { organization_id: organization_id.into() })
    }

    /// Reads all organizations, however many there are.
    ///
    /// `GET /api/v2/externalcontacts/scan/organizations`
    ///
    /// `items()` and `pages()` walk through all of them, 200 a request. No order is promised. A walk that
    /// stopped goes on with [`cursor`](Request::cursor), in this process or in another: store what
    /// [`pages().cursor()`](crate::Pages::cursor) gives. [`division_id`](Request::division_id) narrows it to one division,
    /// [`page_size`](Request::page_size) makes the pages smaller.
    ///
    /// ```
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// for organization in client.organizations().scan().items() {
    ///     println!("{}", organization?.name.unwrap_or_default());
    /// }
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// Any of `relate:externalOrganization:view`, `externalContacts:externalOrganization:view`.
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
    pub fn scan(&self) -> Request<C, Scan<ExternalOrganization>> {
        Request::new(self.client.clone(), Scan::new())
    }

    /// Reads all organizations of all divisions, those that the token doesn't reach otherwise included.
    ///
    /// `GET /api/v2/externalcontacts/scan/organizations/divisionviews/all`
    ///
    /// It works as [`scan`](Self::scan) does, without `division_id`.
    ///
    /// ```
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// let all = client.organizations().scan_all_divisions().items().collect::<Result<Vec<_>, _>>()?;
    /// println!("{}", all.len());
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:externalOrganization:viewAll`.
    ///
    /// # Limits
    ///
    /// As for [`scan`](Self::scan).
    ///
    /// # Errors
    ///
    /// As for [`scan`](Self::scan).
    pub fn scan_all_divisions(&self) -> Request<C, ScanAllDivisions<ExternalOrganization>> {
        Request::new(self.client.clone(), ScanAllDivisions::new())
    }

    /// The organizations of contacts, for scans, which give only their ids.
    ///
    /// What was fetched is remembered, so that contacts of the same organizations cost nothing more: 10,000 organizations,
    /// unless [`capacity`](OrganizationCache::capacity) says otherwise.
    ///
    /// ```
    /// # use genesys_external_contacts::{ExternalContact, ExternalOrganization};
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// # let acme = client.organizations().create(ExternalOrganization::default().with_name("Acme")).send()?.id.unwrap();
    /// # let ada = ExternalContact::default().with_external_organization(ExternalOrganization::reference(acme));
    /// # client.contacts().create(ada).send()?;
    /// let mut organizations = client.organizations().cache();
    /// for page in client.contacts().scan().pages() {
    ///     let mut contacts = page?.entities.unwrap_or_default();
    ///     organizations.fill_in(&mut contacts)?;
    ///     for contact in contacts {
    ///         println!("{:?}", contact.external_organization.and_then(|organization| organization.name));
    ///     }
    /// }
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:externalOrganization:view`.
    pub fn cache(&self) -> OrganizationCache<C> {
        OrganizationCache::new(self.client.clone())
    }

    /// Many organizations in one request; see [`bulk`](crate::bulk).
    pub fn bulk(&self) -> Bulk<C, ExternalOrganization> {
        Bulk::new(self.client.clone())
    }

    /// The contacts of one organization.
    pub fn contacts(&self, organization_id: impl Into<String>) -> OrganizationContacts<C> {
        OrganizationContacts { client: self.client.clone(), organization_id: organization_id.into() }
    }

    /// The relationships of one organization to users.
    pub fn relationships(&self, organization_id: impl Into<String>) -> OrganizationRelationships<C> {
        OrganizationRelationships { client: self.client.clone(), organization_id: organization_id.into() }
    }

    /// The notes on one organization.
    pub fn notes(&self, organization_id: impl Into<String>) -> Notes<C, ExternalOrganization> {
        Notes::new(self.client.clone(), organization_id.into())
    }

    /// The schemas of custom fields that organizations can have.
    pub fn schemas(&self) -> Schemas<C, ExternalOrganization> {
        Schemas::new(self.client.clone())
    }

    /// The exports of organizations: start, list, get.
    pub fn exports(&self) -> Exports<C, ExternalOrganization> {
        Exports::new(self.client.clone())
    }
}

/// The contacts of one organization; see [`Organizations::contacts`].
#[derive(Clone)]
pub struct OrganizationContacts<C> {
    client: C,
    organization_id: String,
}

impl<C: Clone> OrganizationContacts<C> {
    /// Finds contacts of the organization: all of them, or those that [`q`](Request::q) matches.
    ///
    /// `GET /api/v2/externalcontacts/organizations/{externalOrganizationId}/contacts`
    ///
    /// | option | what for |
    /// |---|---|
    /// | [`q`](Request::q) | words to find |
    /// | [`sort`](Request::sort) | the order, such as [`ContactSort::LastName.asc()`](crate::ContactSort::asc) |
    /// | [`expand`](Request::expand) | related data to return along: [`ContactExpand`] |
    /// | [`page_size`](Request::page_size), [`page_number`](Request::page_number) | one page of several |
    ///
    /// ```
    /// # use genesys_external_contacts::{ExternalContact, ExternalOrganization};
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// # let new = ExternalOrganization::default().with_name("Analytical Engines");
    /// # let id = client.organizations().create(new).send()?.id.unwrap();
    /// let ada = ExternalContact::default()
    ///     .with_last_name("Lovelace")
    ///     .with_external_organization(ExternalOrganization::reference(&id));
    /// client.contacts().create(ada).send()?;
    ///
    /// for contact in client.organizations().contacts(&id).search().items() {
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
    /// - [`is_not_found`](Error::is_not_found): there is no such organization.
    /// - [`ErrorKind::ResultWindow`](crate::ErrorKind::ResultWindow): the page lies beyond the first 1,000 records.
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): the id is empty, `.` or `..`; a page size or page number of 0.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn search(&self) -> Request<C, SearchOrganizationContacts> {
        let operation = SearchOrganizationContacts {
            organization_id: self.organization_id.clone(),
            page: Numbered::default(),
            q: None,
            sort: None,
            expand: Vec::new(),
        };
        Request::new(self.client.clone(), operation)
    }
}

/// The relationships of one organization to users; see [`Organizations::relationships`].
#[derive(Clone)]
pub struct OrganizationRelationships<C> {
    client: C,
    organization_id: String,
}

impl<C: Clone> OrganizationRelationships<C> {
    /// Lists the relationships. [`client.relationships()`](crate::Client::relationships) creates and changes them.
    ///
    /// `GET /api/v2/externalcontacts/organizations/{externalOrganizationId}/relationships`
    ///
    /// ```
    /// # use genesys_external_contacts::ExternalOrganization;
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// # let new = ExternalOrganization::default().with_name("Analytical Engines");
    /// # let id = client.organizations().create(new).send()?.id.unwrap();
    /// for relationship in client.organizations().relationships(&id).list().items() {
    ///     println!("{}", relationship?.relationship.unwrap_or_default());
    /// }
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// Any of `relate:externalOrganization:view`, `externalContacts:externalOrganization:view`.
    ///
    /// # Limits
    ///
    /// The service gives out the first 1,000 records of a listing; a page beyond is refused before sending.
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](Error::is_not_found): there is no such organization.
    /// - [`ErrorKind::ResultWindow`](crate::ErrorKind::ResultWindow): the page lies beyond the first 1,000 records.
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): the id is empty, `.` or `..`; a page size or page number of 0.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn list(&self) -> Request<C, ListOrganizationRelationships> {
        let operation = ListOrganizationRelationships {
            organization_id: self.organization_id.clone(),
            page: Numbered::default(),
            sort: None,
            expand: Vec::new(),
        };
        Request::new(self.client.clone(), operation)
    }
}

model! {
    /// What organizations are sorted by. [`asc`](OrganizationSort::asc) and [`desc`](OrganizationSort::desc) say in
    /// which direction.
    pub enum OrganizationSort {
        /// By `companyType`.
        CompanyType => "companyType",
        /// By `industry`.
        Industry => "industry",
        /// By `name`.
        Name => "name",
    }
}

impl OrganizationSort {
    /// From A to Z.
    pub fn asc(self) -> SortOrder<Self> {
        SortOrder::ascending(self)
    }

    /// From Z to A.
    pub fn desc(self) -> SortOrder<Self> {
        SortOrder::descending(self)
    }
}

/// `GET /api/v2/externalcontacts/organizations`; see [`Organizations::search`].
#[derive(Clone, Default)]
pub struct SearchOrganizations {
    page: Numbered,
    q: Option<String>,
    trustor_ids: Vec<String>,
    sort: Option<SortOrder<OrganizationSort>>,
    expand: Vec<OrganizationExpand>,
    include_trustors: Option<bool>,
    division_ids: Vec<String>,
}

impl Operation for SearchOrganizations {
    type Output = Listing<ExternalOrganization>;
    const ROUTE: Route = Route::get("/api/v2/externalcontacts/organizations");

    #[inline]
    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        const MOST_TRUSTORS: usize = 25;
        if self.trustor_ids.len() > MOST_TRUSTORS {
            return Err(Error::invalid("trustor_ids", format!("are more than {MOST_TRUSTORS}")));
        }
        self.page.write(request)?;
        request.query_opt("q", self.q.as_ref());
        request.query_list("trustorId", &self.trustor_ids);
        request.query_opt("sortOrder", self.sort.as_ref());
        request.query_list("expand", &self.expand);
        request.query_opt("includeTrustors", self.include_trustors);
        request.query_list("divisionIds", &self.division_ids);
        Ok(())
    }
}

impl Paged for SearchOrganizations {
    type Item = ExternalOrganization;
    type Paging = Numbered;

    fn paging(&mut self) -> &mut Numbered {
        &mut self.page
    }
}

impl Search for SearchOrganizations {
    fn q(&mut self) -> &mut Option<String> {
        &mut self.q
    }
}

impl Sort for SearchOrganizations {
    type Order = SortOrder<OrganizationSort>;

    fn sort(&mut self) -> &mut Option<SortOrder<OrganizationSort>> {
        &mut self.sort
    }
}

impl Expand for SearchOrganizations {
    type Field = OrganizationExpand;

    fn expand(&mut self) -> &mut Vec<OrganizationExpand> {
        &mut self.expand
    }
}

impl IncludeTrustors for SearchOrganizations {
    fn include_trustors(&mut self) -> &mut Option<bool> {
        &mut self.include_trustors
    }
}

impl InDivisions for SearchOrganizations {
    fn division_ids(&mut self) -> &mut Vec<String> {
        &mut self.division_ids
    }
}

impl<C> Request<C, SearchOrganizations> {
    /// Finds only the organizations that are linked to these trustors, in this order; at most 25, more are refused
    /// before sending. Called again, it adds to those named before.
    pub fn trustor_ids(mut self, ids: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.operation.trustor_ids.extend(ids.into_iter().map(Into::into));
        self
    }
}

/// `POST /api/v2/externalcontacts/organizations`; see [`Organizations::create`].
#[derive(Clone)]
pub struct CreateOrganization {
    organization: ExternalOrganization,
}

impl Operation for CreateOrganization {
    type Output = ExternalOrganization;
    const ROUTE: Route = Route::post("/api/v2/externalcontacts/organizations");

    #[inline]
    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.json(&self.organization)
    }
}

/// `GET /api/v2/externalcontacts/organizations/{externalOrganizationId}`; see [`Organizations::get`].
#[derive(Clone)]
pub struct GetOrganization {
    organization_id: String,
    expand: Vec<OrganizationExpand>,
    include_trustors: Option<bool>,
}

impl Operation for GetOrganization {
    type Output = ExternalOrganization;
    const ROUTE: Route = Route::get("/api/v2/externalcontacts/organizations/{externalOrganizationId}");

    #[inline]
    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.path_param("externalOrganizationId", &self.organization_id)?;
        request.query_list("expand", &self.expand);
        request.query_opt("includeTrustors", self.include_trustors);
        Ok(())
    }
}

impl Expand for GetOrganization {
    type Field = OrganizationExpand;

    fn expand(&mut self) -> &mut Vec<OrganizationExpand> {
        &mut self.expand
    }
}

impl IncludeTrustors for GetOrganization {
    fn include_trustors(&mut self) -> &mut Option<bool> {
        &mut self.include_trustors
    }
}

/// `PUT /api/v2/externalcontacts/organizations/{externalOrganizationId}`; see [`Organizations::update`].
#[derive(Clone)]
pub struct UpdateOrganization {
    organization_id: String,
    organization: ExternalOrganization,
}

impl Operation for UpdateOrganization {
    type Output = ExternalOrganization;
    const ROUTE: Route = Route::put("/api/v2/externalcontacts/organizations/{externalOrganizationId}");

    #[inline]
    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.path_param("externalOrganizationId", &self.organization_id)?;
        request.json(&self.organization)
    }
}

/// `DELETE /api/v2/externalcontacts/organizations/{externalOrganizationId}`; see [`Organizations::delete`].
#[derive(Clone)]
pub struct DeleteOrganization {
    organization_id: String,
}

impl Operation for DeleteOrganization {
    type Output = ();
    const ROUTE: Route = Route::delete("/api/v2/externalcontacts/organizations/{externalOrganizationId}");

    #[inline]
    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.path_param("externalOrganizationId", &self.organization_id)
    }
}

/// `PUT /api/v2/externalcontacts/organizations/{externalOrganizationId}/trustor/{trustorId}`; see
/// [`Organizations::link_trustor`].
#[derive(Clone)]
pub struct LinkTrustor {
    organization_id: String,
    trustor_id: String,
}

impl Operation for LinkTrustor {
    type Output = ExternalOrganizationTrustorLink;
    const ROUTE: Route =
        Route::put("/api/v2/externalcontacts/organizations/{externalOrganizationId}/trustor/{trustorId}");

    #[inline]
    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.path_param("externalOrganizationId", &self.organization_id)?;
        request.path_param("trustorId", &self.trustor_id)
    }

    fn read(&self, response: &Response) -> Result<Self::Output, Error> {
        let mut link: ExternalOrganizationTrustorLink = response.json()?;
        if link.external_organization_id.is_none() && link.trustor_org_id.is_none() {
            // The answer that the description of 2018 promised: the organization, which says no more than that both
            // are linked now.
            link.external_organization_id = Some(self.organization_id.clone());
            link.trustor_org_id = Some(self.trustor_id.clone());
        }
        Ok(link)
    }
}

/// `DELETE /api/v2/externalcontacts/organizations/{externalOrganizationId}/trustor`; see
/// [`Organizations::unlink_trustor`].
#[derive(Clone)]
pub struct UnlinkTrustor {
    organization_id: String,
}

impl Operation for UnlinkTrustor {
    type Output = ();
    const ROUTE: Route = Route::delete("/api/v2/externalcontacts/organizations/{externalOrganizationId}/trustor");

    #[inline]
    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.path_param("externalOrganizationId", &self.organization_id)
    }
}

/// `GET /api/v2/externalcontacts/organizations/{externalOrganizationId}/contacts`; see
/// [`OrganizationContacts::search`].
#[derive(Clone)]
pub struct SearchOrganizationContacts {
    organization_id: String,
    page: Numbered,
    q: Option<String>,
    sort: Option<SortOrder<ContactSort>>,
    expand: Vec<ContactExpand>,
}

impl Operation for SearchOrganizationContacts {
    type Output = Listing<ExternalContact>;
    const ROUTE: Route = Route::get("/api/v2/externalcontacts/organizations/{externalOrganizationId}/contacts");

    #[inline]
    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.path_param("externalOrganizationId", &self.organization_id)?;
        self.page.write(request)?;
        request.query_opt("q", self.q.as_ref());
        request.query_opt("sortOrder", self.sort.as_ref());
        request.query_list("expand", &self.expand);
        Ok(())
    }
}

impl Paged for SearchOrganizationContacts {
    type Item = ExternalContact;
    type Paging = Numbered;

    fn paging(&mut self) -> &mut Numbered {
        &mut self.page
    }
}

impl Search for SearchOrganizationContacts {
    fn q(&mut self) -> &mut Option<String> {
        &mut self.q
    }
}

impl Sort for SearchOrganizationContacts {
    type Order = SortOrder<ContactSort>;

    fn sort(&mut self) -> &mut Option<SortOrder<ContactSort>> {
        &mut self.sort
    }
}

impl Expand for SearchOrganizationContacts {
    type Field = ContactExpand;

    fn expand(&mut self) -> &mut Vec<ContactExpand> {
        &mut self.expand
    }
}

/// `GET /api/v2/externalcontacts/organizations/{externalOrganizationId}/relationships`; see
/// [`OrganizationRelationships::list`].
#[derive(Clone)]
pub struct ListOrganizationRelationships {
    organization_id: String,
    page: Numbered,
    sort: Option<SortOrder<RelationshipSort>>,
    expand: Vec<RelationshipExpand>,
}

impl Operation for ListOrganizationRelationships {
    type Output = Listing<Relationship>;
    const ROUTE: Route = Route::get("/api/v2/externalcontacts/organizations/{externalOrganizationId}/relationships");

    #[inline]
    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.path_param("externalOrganizationId", &self.organization_id)?;
        self.page.write(request)?;
        request.query_opt("sortOrder", self.sort.as_ref());
        request.query_list("expand", &self.expand);
        Ok(())
    }
}

impl Paged for ListOrganizationRelationships {
    type Item = Relationship;
    type Paging = Numbered;

    fn paging(&mut self) -> &mut Numbered {
        &mut self.page
    }
}

impl Sort for ListOrganizationRelationships {
    type Order = SortOrder<RelationshipSort>;

    fn sort(&mut self) -> &mut Option<SortOrder<RelationshipSort>> {
        &mut self.sort
    }
}

impl Expand for ListOrganizationRelationships {
    type Field = RelationshipExpand;

    fn expand(&mut self) -> &mut Vec<RelationshipExpand> {
        &mut self.expand
    }
}
