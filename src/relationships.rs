//! `client.relationships()`: what users are to external organizations.

pub(crate) mod model;

pub use model::Relationship;

use crate::bulk::Bulk;
use crate::error::Error;
use crate::exports::Exports;
use crate::model::SortOrder;
use crate::operation::{Expand, Operation, Request, RequestParts, Route};
use crate::patch::PatchRecord;
use crate::scans::{Scan, ScanAllDivisions};

/// The relationships of users to external organizations; see
/// [`Client::relationships`](crate::Client::relationships).
///
/// [`client.organizations().relationships(id)`](crate::organizations::Organizations::relationships) lists those of one
/// organization.
#[derive(Clone, Debug)]
pub struct Relationships<C> {
    client: C,
}

impl<C: Clone> Relationships<C> {
    pub(crate) fn new(client: C) -> Self {
        Self { client }
    }

    /// Creates a relationship and returns it as the service keeps it.
    ///
    /// `POST /api/v2/externalcontacts/relationships`
    ///
    /// ```
    /// use genesys_external_contacts::model::User;
    /// use genesys_external_contacts::{ExternalOrganization, Relationship};
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// # let new = ExternalOrganization::default().with_name("Analytical Engines");
    /// # let organization_id = client.organizations().create(new).send()?.id.unwrap();
    ///
    /// let manager = Relationship::default()
    ///     .with_user(User::reference("3d5f2c1e-0000-4000-8000-000000000002"))
    ///     .with_external_organization(ExternalOrganization::reference(organization_id))
    ///     .with_relationship("Account Manager");
    /// let manager = client.relationships().create(manager).send()?;
    /// assert!(manager.id.is_some());
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// Any of `relate:externalOrganization:edit`, `externalContacts:externalOrganization:edit`.
    ///
    /// # Limits
    ///
    /// User, organization and relationship are required; the relationship has 1 to 100 characters.
    ///
    /// # Errors
    ///
    /// - [`ErrorKind::Api`](crate::ErrorKind::Api) with status 422 for a value that is missing or too long, 400 for one that can't be read.
    /// - [`is_not_found`](Error::is_not_found): there is no such user or organization.
    /// - When [`may_have_been_applied`](Error::may_have_been_applied), the relationship may exist: list them before you
    ///   create it again. All others that [`Error`] lists.
    pub fn create(&self, relationship: Relationship) -> Request<C, CreateRelationship> {
        Request::new(self.client.clone(), CreateRelationship { relationship })
    }

    /// Fetches one relationship.
    ///
    /// `GET /api/v2/externalcontacts/relationships/{relationshipId}`
    ///
    /// ```
    /// use genesys_external_contacts::RelationshipExpand;
    /// # use genesys_external_contacts::{model::User, ExternalOrganization, Relationship};
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// # let new = ExternalOrganization::default().with_name("Analytical Engines");
    /// # let organization_id = client.organizations().create(new).send()?.id.unwrap();
    /// # let new = Relationship::default().with_relationship("Account Manager")
    /// #     .with_user(User::default().with_id("3d5f2c1e-0000-4000-8000-000000000002"))
    /// #     .with_external_organization(ExternalOrganization::reference(organization_id));
    /// # let id = client.relationships().create(new).send()?.id.unwrap();
    ///
    /// let manager = client.relationships().get(&id).expand([RelationshipExpand::Division]).send()?;
    /// assert_eq!(manager.relationship.as_deref(), Some("Account Manager"));
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// Any of `relate:externalOrganization:view`, `externalContacts:externalOrganization:view`.
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](Error::is_not_found): there is no such relationship. [`optional`](Request::optional) makes
    ///   that a `None`.
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): the id is empty, `.` or `..`.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn get(&self, relationship_id: impl Into<String>) -> Request<C, GetRelationship> {
        let operation = GetRelationship { relationship_id: relationship_id.into(), expand: Vec::new() };
        Request::new(self.client.clone(), operation)
    }

    /// Replaces a relationship and returns it as the service keeps it. Fetch it, change it, and hand in the rest as it
    /// came.
    ///
    /// `PUT /api/v2/externalcontacts/relationships/{relationshipId}`
    ///
    /// ```
    /// # use genesys_external_contacts::{model::User, ExternalOrganization, Relationship};
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// # let new = ExternalOrganization::default().with_name("Analytical Engines");
    /// # let organization_id = client.organizations().create(new).send()?.id.unwrap();
    /// # let new = Relationship::default().with_relationship("Account Manager")
    /// #     .with_user(User::default().with_id("3d5f2c1e-0000-4000-8000-000000000002"))
    /// #     .with_external_organization(ExternalOrganization::reference(organization_id));
    /// # let id = client.relationships().create(new).send()?.id.unwrap();
    /// let mut relationship = client.relationships().get(&id).send()?;
    /// relationship.relationship = Some("Sponsor".to_owned());
    /// let relationship = client.relationships().update(&id, relationship).send()?;
    /// assert_eq!(relationship.relationship.as_deref(), Some("Sponsor"));
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// Any of `relate:externalOrganization:edit`, `externalContacts:externalOrganization:edit`.
    ///
    /// # Limits
    ///
    /// As for [`create`](Relationships::create).
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](Error::is_not_found): there is no such relationship.
    /// - [`ErrorKind::Api`](crate::ErrorKind::Api) with status 422 for a value that is missing or too long, 400 for one that can't be read.
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): the id is empty, `.` or `..`.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn update(
        &self,
        relationship_id: impl Into<String>,
        relationship: Relationship,
    ) -> Request<C, UpdateRelationship> {
        let operation = UpdateRelationship { relationship_id: relationship_id.into(), relationship };
        Request::new(self.client.clone(), operation)
    }

    /// Changes single fields of a relationship, and leaves all others alone; see [`patch`](crate::patch).
    ///
    /// `PATCH /api/v2/externalcontacts/relationships/{relationshipId}`
    ///
    /// ```
    /// # use genesys_external_contacts::{model::User, ExternalOrganization, Relationship};
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// # let new = ExternalOrganization::default().with_name("Analytical Engines");
    /// # let organization_id = client.organizations().create(new).send()?.id.unwrap();
    /// # let new = Relationship::default().with_relationship("Account Manager")
    /// #     .with_user(User::default().with_id("3d5f2c1e-0000-4000-8000-000000000002"))
    /// #     .with_external_organization(ExternalOrganization::reference(organization_id));
    /// # let id = client.relationships().create(new).send()?.id.unwrap();
    /// let relationship = client.relationships().patch(&id).set("relationship", "Sponsor").send()?;
    /// assert_eq!(relationship.relationship.as_deref(), Some("Sponsor"));
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:externalOrganization:edit`.
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](Error::is_not_found): there is no such relationship.
    /// - [`ErrorKind::Api`](crate::ErrorKind::Api) with status 422 when the relationship can't become what it would.
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): there is no change, a field is changed twice, or with its parent,
    ///   or to what can't be in it; the id is empty, `.` or `..`.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn patch(&self, relationship_id: impl Into<String>) -> Request<C, PatchRecord<Relationship>> {
        Request::new(self.client.clone(), PatchRecord::new(relationship_id.into()))
    }

    /// Deletes a relationship.
    ///
    /// `DELETE /api/v2/externalcontacts/relationships/{relationshipId}`
    ///
    /// ```
    /// # use genesys_external_contacts::{model::User, ExternalOrganization, Relationship};
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// # let new = ExternalOrganization::default().with_name("Analytical Engines");
    /// # let organization_id = client.organizations().create(new).send()?.id.unwrap();
    /// # let new = Relationship::default().with_relationship("Account Manager")
    /// #     .with_user(User::default().with_id("3d5f2c1e-0000-4000-8000-000000000002"))
    /// #     .with_external_organization(ExternalOrganization::reference(organization_id));
    /// # let id = client.relationships().create(new).send()?.id.unwrap();
    /// client.relationships().delete(&id).send()?;
    /// assert!(client.relationships().get(&id).optional().send()?.is_none());
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// Any of `relate:externalOrganization:edit`, `externalContacts:externalOrganization:edit`.
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](Error::is_not_found): there is no such relationship (any more).
    ///   [`optional`](Request::optional) makes that a `None`.
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): the id is empty, `.` or `..`.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn delete(&self, relationship_id: impl Into<String>) -> Request<C, DeleteRelationship> {
        Request::new(self.client.clone(), DeleteRelationship { relationship_id: relationship_id.into() })
    }

    /// Reads all relationships, however many there are.
    ///
    /// `GET /api/v2/externalcontacts/scan/relationships`
    ///
    /// `items()` and `pages()` walk through all of them, 200 a request. No order is promised. A walk that
    /// stopped goes on with [`cursor`](Request::cursor), in this process or in another: store what
    /// [`pages().cursor()`](crate::Pages::cursor) gives. [`division_id`](Request::division_id) narrows it to one division,
    /// [`page_size`](Request::page_size) makes the pages smaller.
    ///
    /// ```
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// for relationship in client.relationships().scan().items() {
    ///     println!("{}", relationship?.relationship.unwrap_or_default());
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
    pub fn scan(&self) -> Request<C, Scan<Relationship>> {
        Request::new(self.client.clone(), Scan::new())
    }

    /// Reads all relationships of all divisions, those that the token doesn't reach otherwise included.
    ///
    /// `GET /api/v2/externalcontacts/scan/relationships/divisionviews/all`
    ///
    /// It works as [`scan`](Self::scan) does, without `division_id`.
    ///
    /// ```
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// let all = client.relationships().scan_all_divisions().items().collect::<Result<Vec<_>, _>>()?;
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
    pub fn scan_all_divisions(&self) -> Request<C, ScanAllDivisions<Relationship>> {
        Request::new(self.client.clone(), ScanAllDivisions::new())
    }

    /// Many relationships in one request; see [`bulk`](crate::bulk).
    pub fn bulk(&self) -> Bulk<C, Relationship> {
        Bulk::new(self.client.clone())
    }

    /// The exports of relationships: start, list, get.
    pub fn exports(&self) -> Exports<C, Relationship> {
        Exports::new(self.client.clone())
    }
}

model! {
    /// What can be returned along with a relationship.
    pub enum RelationshipExpand {
        /// Where the relationship was imported from, `externalDataSources`.
        ExternalDataSources => "externalDataSources",
        /// The name of the division besides its id.
        Division => "division",
    }
}

model! {
    /// What relationships are sorted by. [`asc`](RelationshipSort::asc) and [`desc`](RelationshipSort::desc) say in
    /// which direction.
    pub enum RelationshipSort {
        /// By `createDate`.
        CreateDate => "createDate",
        /// By `relationship`.
        Relationship => "relationship",
    }
}

impl RelationshipSort {
    /// The oldest first, or from A to Z.
    pub fn asc(self) -> SortOrder<Self> {
        SortOrder::ascending(self)
    }

    /// The newest first, or from Z to A.
    pub fn desc(self) -> SortOrder<Self> {
        SortOrder::descending(self)
    }
}

/// `POST /api/v2/externalcontacts/relationships`; see [`Relationships::create`].
#[derive(Clone)]
pub struct CreateRelationship {
    relationship: Relationship,
}

impl Operation for CreateRelationship {
    type Output = Relationship;
    const ROUTE: Route = Route::post("/api/v2/externalcontacts/relationships");

    #[inline]
    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.json(&self.relationship)
    }
}

/// `GET /api/v2/externalcontacts/relationships/{relationshipId}`; see [`Relationships::get`].
#[derive(Clone)]
pub struct GetRelationship {
    relationship_id: String,
    expand: Vec<RelationshipExpand>,
}

impl Operation for GetRelationship {
    type Output = Relationship;
    const ROUTE: Route = Route::get("/api/v2/externalcontacts/relationships/{relationshipId}");

    #[inline]
    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.path_param("relationshipId", &self.relationship_id)?;
        request.query_list("expand", &self.expand);
        Ok(())
    }
}

impl Expand for GetRelationship {
    type Field = RelationshipExpand;

    fn expand(&mut self) -> &mut Vec<RelationshipExpand> {
        &mut self.expand
    }
}

/// `PUT /api/v2/externalcontacts/relationships/{relationshipId}`; see [`Relationships::update`].
#[derive(Clone)]
pub struct UpdateRelationship {
    relationship_id: String,
    relationship: Relationship,
}

impl Operation for UpdateRelationship {
    type Output = Relationship;
    const ROUTE: Route = Route::put("/api/v2/externalcontacts/relationships/{relationshipId}");

    #[inline]
    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.path_param("relationshipId", &self.relationship_id)?;
        request.json(&self.relationship)
    }
}

/// `DELETE /api/v2/externalcontacts/relationships/{relationshipId}`; see [`Relationships::delete`].
#[derive(Clone)]
pub struct DeleteRelationship {
    relationship_id: String,
}

impl Operation for DeleteRelationship {
    type Output = ();
    const ROUTE: Route = Route::delete("/api/v2/externalcontacts/relationships/{relationshipId}");

    #[inline]
    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.path_param("relationshipId", &self.relationship_id)
    }
}
