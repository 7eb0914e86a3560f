//! `client.external_sources()`: the systems outside, such as a CRM, in which contacts and organizations have ids.

use std::ops::RangeInclusive;

use crate::error::Error;
use crate::model::{ExternalSource, Listing};
use crate::operation::{ByCursor, Named, Operation, Paged, Request, RequestParts, Route};

/// The external sources; see [`Client::external_sources`](crate::Client::external_sources).
#[derive(Clone, Debug)]
pub struct ExternalSources<C> {
    client: C,
}

impl<C: Clone> ExternalSources<C> {
    pub(crate) fn new(client: C) -> Self {
        Self { client }
    }

    /// Lists the external sources: all of them, or those whose [`name`](Request::name) begins in some way, or those that
    /// are [`active`](Request::active).
    ///
    /// `GET /api/v2/externalcontacts/externalsources`
    ///
    /// `items()` and `pages()` walk through all of them, 200 a request; [`cursor`](Request::cursor) goes on where a walk
    /// stopped, [`page_size`](Request::page_size) makes the pages smaller.
    ///
    /// ```
    /// # let sandbox = genesys_external_contacts::sandbox::Sandbox::new();
    /// # sandbox.add_external_source("CRM");
    /// # let client = sandbox.client();
    /// for source in client.external_sources().list().active(true).items() {
    ///     println!("{}", source?.name.unwrap_or_default());
    /// }
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// Any of `externalContacts:externalSource:view`, `externalContacts:contact:view`,
    /// `externalContacts:externalOrganization:view`.
    ///
    /// # Limits
    ///
    /// 10 to 200 records a page, 100 unless asked otherwise. A cursor is good for 24 hours.
    ///
    /// # Errors
    ///
    /// - [`ErrorKind::Api`](crate::ErrorKind::Api) with status 400 or 422 for a page size out of bounds, and for a cursor
    ///   that has expired or is none.
    /// - [`ErrorKind::Cursor`](crate::ErrorKind::Cursor): the walk doesn't come to an end.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn list(&self) -> Request<C, ListExternalSources> {
        Request::new(self.client.clone(), ListExternalSources::default())
    }

    /// Creates an external source and returns it as the service keeps it.
    ///
    /// `POST /api/v2/externalcontacts/externalsources`
    ///
    /// ```
    /// use genesys_external_contacts::model::{ExternalSource, LinkConfiguration};
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    ///
    /// let link = LinkConfiguration::default().with_uri_template("https://crm.example.com/people/{{externalId.value}}");
    /// let crm = ExternalSource::default().with_name("CRM").with_active(true).with_link_configuration(link);
    /// let crm = client.external_sources().create(crm).send()?;
    /// assert!(crm.id.is_some());
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:externalSource:add`.
    ///
    /// # Limits
    ///
    /// A name is required: 1 to 200 characters, no other source has it. The template of the link has 400 at most.
    ///
    /// # Errors
    ///
    /// - [`is_conflict`](Error::is_conflict): another source has this name.
    /// - [`ErrorKind::Api`](crate::ErrorKind::Api) with status 422 for a name that is missing or too long.
    /// - When [`may_have_been_applied`](Error::may_have_been_applied), the source may exist: list those with its name
    ///   before you create it again. All others that [`Error`] lists.
    pub fn create(&self, source: ExternalSource) -> Request<C, CreateExternalSource> {
        Request::new(self.client.clone(), CreateExternalSource { source })
    }

    /// Fetches one external source.
    ///
    /// `GET /api/v2/externalcontacts/externalsources/{externalSourceId}`
    ///
    /// ```
    /// # let sandbox = genesys_external_contacts::sandbox::Sandbox::new();
    /// # let id = sandbox.add_external_source("CRM");
    /// # let client = sandbox.client();
    /// let source = client.external_sources().get(&id).send()?;
    /// assert_eq!(source.name.as_deref(), Some("CRM"));
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// Any of `externalContacts:externalSource:view`, `externalContacts:contact:view`,
    /// `externalContacts:externalOrganization:view`.
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](Error::is_not_found): there is no such source. [`optional`](Request::optional) makes that a
    ///   `None`.
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): the id is empty, `.` or `..`.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn get(&self, source_id: impl Into<String>) -> Request<C, GetExternalSource> {
        Request::new(self.client.clone(), GetExternalSource { source_id: source_id.into() })
    }

    /// Replaces an external source and returns it as the service keeps it. Fetch it, change it, and hand in the rest as it
    /// came.
    ///
    /// `PUT /api/v2/externalcontacts/externalsources/{externalSourceId}`
    ///
    /// ```
    /// # let sandbox = genesys_external_contacts::sandbox::Sandbox::new();
    /// # let id = sandbox.add_external_source("CRM");
    /// # let client = sandbox.client();
    /// let mut source = client.external_sources().get(&id).send()?;
    /// source.active = Some(false);
    /// let source = client.external_sources().update(&id, source).send()?;
    /// assert_eq!(source.active, Some(false));
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:externalSource:edit`.
    ///
    /// # Limits
    ///
    /// As for [`create`](ExternalSources::create).
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](Error::is_not_found): there is no such source.
    /// - [`is_conflict`](Error::is_conflict): another source has this name.
    /// - [`ErrorKind::Api`](crate::ErrorKind::Api) with status 422 for a name that is missing or too long.
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): the id is empty, `.` or `..`.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn update(&self, source_id: impl Into<String>, source: ExternalSource) -> Request<C, UpdateExternalSource> {
        Request::new(self.client.clone(), UpdateExternalSource { source_id: source_id.into(), source })
    }

    /// Deletes an external source. The external ids that name it stay, and name nothing any more.
    ///
    /// `DELETE /api/v2/externalcontacts/externalsources/{externalSourceId}`
    ///
    /// ```
    /// # let sandbox = genesys_external_contacts::sandbox::Sandbox::new();
    /// # let id = sandbox.add_external_source("CRM");
    /// # let client = sandbox.client();
    /// client.external_sources().delete(&id).send()?;
    /// assert!(client.external_sources().get(&id).optional().send()?.is_none());
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:externalSource:delete`.
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](Error::is_not_found): there is no such source (any more). [`optional`](Request::optional) makes
    ///   that a `None`.
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): the id is empty, `.` or `..`.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn delete(&self, source_id: impl Into<String>) -> Request<C, DeleteExternalSource> {
        Request::new(self.client.clone(), DeleteExternalSource { source_id: source_id.into() })
    }
}

/// `GET /api/v2/externalcontacts/externalsources`; see [`ExternalSources::list`].
#[derive(Clone, Default)]
pub struct ListExternalSources {
    page: ByCursor,
    name: Option<String>,
    active: Option<bool>,
}

impl Operation for ListExternalSources {
    type Output = Listing<ExternalSource>;
    const ROUTE: Route = Route::get("/api/v2/externalcontacts/externalsources");

    #[inline]
    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        self.page.write(request)?;
        request.query_opt("name", self.name.as_ref());
        request.query_opt("active", self.active);
        Ok(())
    }
}

impl Paged for ListExternalSources {
    type Item = ExternalSource;
    type Paging = ByCursor;
    const PAGE_SIZES: RangeInclusive<u32> = 10..=200;

    fn paging(&mut self) -> &mut ByCursor {
        &mut self.page
    }
}

impl<C> Request<C, ListExternalSources> {
    /// Lists only sources that are in use (`true`), or only those that aren't (`false`). The default is both.
    pub fn active(mut self, active: bool) -> Self {
        self.operation.active = Some(active);
        self
    }
}

impl Named for ListExternalSources {
    fn name(&mut self) -> &mut Option<String> {
        &mut self.name
    }
}

/// `POST /api/v2/externalcontacts/externalsources`; see [`ExternalSources::create`].
#[derive(Clone)]
pub struct CreateExternalSource {
    source: ExternalSource,
}

impl Operation for CreateExternalSource {
    type Output = ExternalSource;
    const ROUTE: Route = Route::post("/api/v2/externalcontacts/externalsources");

    #[inline]
    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.json(&self.source)
    }
}

/// `GET /api/v2/externalcontacts/externalsources/{externalSourceId}`; see [`ExternalSources::get`].
#[derive(Clone)]
pub struct GetExternalSource {
    source_id: String,
}

impl Operation for GetExternalSource {
    type Output = ExternalSource;
    const ROUTE: Route = Route::get("/api/v2/externalcontacts/externalsources/{externalSourceId}");

    #[inline]
    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.path_param("externalSourceId", &self.source_id)
    }
}

/// `PUT /api/v2/externalcontacts/externalsources/{externalSourceId}`; see [`ExternalSources::update`].
#[derive(Clone)]
pub struct UpdateExternalSource {
    source_id: String,
    source: ExternalSource,
}

impl Operation for UpdateExternalSource {
    type Output = ExternalSource;
    const ROUTE: Route = Route::put("/api/v2/externalcontacts/externalsources/{externalSourceId}");

    #[inline]
    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.path_param("externalSourceId", &self.source_id)?;
        request.json(&self.source)
    }
}

/// `DELETE /api/v2/externalcontacts/externalsources/{externalSourceId}`; see [`ExternalSources::delete`].
#[derive(Clone)]
pub struct DeleteExternalSource {
    source_id: String,
}

impl Operation for DeleteExternalSource {
    type Output = ();
    const ROUTE: Route = Route::delete("/api/v2/externalcontacts/externalsources/{externalSourceId}");

    #[inline]
    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.path_param("externalSourceId", &self.source_id)
    }
}
