//! The notes on a contact (`client.contacts().notes(id)`) and on an organization (`client.organizations().notes(id)`).
//!
//! Both work the same way; only their paths and permissions differ, which is what [`NoteOwner`] says.

mod model;

use std::fmt;
use std::marker::PhantomData;

pub use model::{Note, NoteEntityType};

use crate::error::Error;
use crate::model::{Listing, SortOrder};
use crate::operation::{Operation, PageParams, Paged, Request, RequestParts, Response, Route};

/// What a note is on: [`OfContact`] or [`OfOrganization`].
pub trait NoteOwner: owner::Sealed + Send + Sync + 'static {
    #[doc(hidden)]
    const ID: &'static str;
    #[doc(hidden)]
    const NOTES: &'static str;
    #[doc(hidden)]
    const NOTE: &'static str;
}

mod owner {
    pub trait Sealed {}
    impl Sealed for super::OfContact {}
    impl Sealed for super::OfOrganization {}
}

/// The notes are on a contact.
pub enum OfContact {}

impl NoteOwner for OfContact {
    const ID: &'static str = "contactId";
    const NOTES: &'static str = "/api/v2/externalcontacts/contacts/{contactId}/notes";
    const NOTE: &'static str = "/api/v2/externalcontacts/contacts/{contactId}/notes/{noteId}";
}

/// The notes are on an organization.
pub enum OfOrganization {}

impl NoteOwner for OfOrganization {
    const ID: &'static str = "externalOrganizationId";
    const NOTES: &'static str = "/api/v2/externalcontacts/organizations/{externalOrganizationId}/notes";
    const NOTE: &'static str = "/api/v2/externalcontacts/organizations/{externalOrganizationId}/notes/{noteId}";
}

/// The notes on one contact or organization; see [`Contacts::notes`](crate::contacts::Contacts::notes) and
/// [`Organizations::notes`](crate::organizations::Organizations::notes).
pub struct Notes<C, W> {
    client: C,
    owner_id: String,
    owner: PhantomData<fn() -> W>,
}

impl<C: Clone, W: NoteOwner> Notes<C, W> {
    pub(crate) fn new(client: C, owner_id: String) -> Self {
        Self { client, owner_id, owner: PhantomData }
    }

    fn at(&self, note_id: impl Into<String>) -> Place<W> {
        Place { owner_id: self.owner_id.clone(), note_id: note_id.into(), owner: PhantomData }
    }

    /// Lists the notes.
    ///
    /// `GET /api/v2/externalcontacts/contacts/{contactId}/notes`\
    /// `GET /api/v2/externalcontacts/organizations/{externalOrganizationId}/notes`
    ///
    /// ```
    /// use genesys_external_contacts::{ExternalContact, NoteExpand, NoteSort};
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// # let id = client.contacts().create(ExternalContact::default()).send()?.id.unwrap();
    ///
    /// let notes = client.contacts().notes(&id).list().sort(NoteSort::CreateDate.desc()).expand([NoteExpand::Author]);
    /// for note in notes.items().limit(3) {
    ///     println!("{}", note?.note_text.unwrap_or_default());
    /// }
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// On a contact any of `relate:contact:view`, `externalContacts:contact:view`; on an organization any of
    /// `relate:externalOrganization:view`, `externalContacts:externalOrganization:view`.
    ///
    /// # Limits
    ///
    /// At most 100 notes a page. The service gives out the first 1,000 records of a listing; a page beyond is refused
    /// before sending.
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](Error::is_not_found): there is no such contact or organization.
    /// - [`Error::ResultWindow`]: the page lies beyond the first 1,000 records.
    /// - [`Error::Invalid`]: the id is empty, `.` or `..`; a page size or page number of 0.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn list(&self) -> Request<C, ListNotes<W>> {
        let operation = ListNotes {
            owner_id: self.owner_id.clone(),
            page: PageParams::default(),
            sort: None,
            expand: Vec::new(),
            owner: PhantomData,
        };
        Request::new(self.client.clone(), operation)
    }

    /// Writes a note and returns it as the service keeps it.
    ///
    /// `POST /api/v2/externalcontacts/contacts/{contactId}/notes`\
    /// `POST /api/v2/externalcontacts/organizations/{externalOrganizationId}/notes`
    ///
    /// The description asks for an author ([`created_by`](Note::created_by), a user's id). A client that signed in with
    /// client credentials is no user, so give one.
    ///
    /// ```
    /// use genesys_external_contacts::model::User;
    /// use genesys_external_contacts::{ExternalContact, Note};
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// # let id = client.contacts().create(ExternalContact::default()).send()?.id.unwrap();
    ///
    /// let author = User::reference("3d5f2c1e-0000-4000-8000-000000000002");
    /// let note = Note::new("Asked for a call back on Monday.").with_created_by(author);
    /// let note = client.contacts().notes(&id).create(note).send()?;
    /// assert!(note.id.is_some());
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// On a contact any of `relate:contact:edit`, `externalContacts:contact:edit`; on an organization any of
    /// `relate:externalOrganization:edit`, `externalContacts:externalOrganization:edit`.
    ///
    /// # Limits
    ///
    /// The text has 1 to 32,000 characters.
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](Error::is_not_found): there is no such contact or organization.
    /// - [`Error::Api`] with status 422 for a text that is missing or too long.
    /// - [`Error::Invalid`]: the id is empty, `.` or `..`.
    /// - When [`may_have_been_applied`](Error::may_have_been_applied), the note may exist: look before you write it
    ///   again. All others that [`Error`] lists.
    pub fn create(&self, note: Note) -> Request<C, CreateNote<W>> {
        let operation = CreateNote { owner_id: self.owner_id.clone(), note, owner: PhantomData };
        Request::new(self.client.clone(), operation)
    }

    /// Fetches one note.
    ///
    /// `GET /api/v2/externalcontacts/contacts/{contactId}/notes/{noteId}`\
    /// `GET /api/v2/externalcontacts/organizations/{externalOrganizationId}/notes/{noteId}`
    ///
    /// ```
    /// # use genesys_external_contacts::{model::User, ExternalContact, Note, NoteExpand};
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// # let id = client.contacts().create(ExternalContact::default()).send()?.id.unwrap();
    /// # let author = User::default().with_id("3d5f2c1e-0000-4000-8000-000000000002");
    /// # let note = Note::new("Asked for a call back.").with_created_by(author);
    /// # let note_id = client.contacts().notes(&id).create(note).send()?.id.unwrap();
    /// let note = client.contacts().notes(&id).get(&note_id).expand([NoteExpand::Author]).send()?;
    /// assert_eq!(note.note_text.as_deref(), Some("Asked for a call back."));
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// On a contact any of `relate:contact:view`, `externalContacts:contact:view`; on an organization any of
    /// `relate:externalOrganization:view`, `externalContacts:externalOrganization:view`.
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](Error::is_not_found): there is no such note. [`optional`](Request::optional) makes that a
    ///   `None`.
    /// - [`Error::Invalid`]: an id is empty, `.` or `..`.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn get(&self, note_id: impl Into<String>) -> Request<C, GetNote<W>> {
        Request::new(self.client.clone(), GetNote { place: self.at(note_id), expand: Vec::new() })
    }

    /// Replaces a note and returns it as the service keeps it. Fetch it, change it, and hand in the rest as it came.
    ///
    /// `PUT /api/v2/externalcontacts/contacts/{contactId}/notes/{noteId}`\
    /// `PUT /api/v2/externalcontacts/organizations/{externalOrganizationId}/notes/{noteId}`
    ///
    /// ```
    /// # use genesys_external_contacts::{model::User, ExternalContact, Note};
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// # let id = client.contacts().create(ExternalContact::default()).send()?.id.unwrap();
    /// # let author = User::default().with_id("3d5f2c1e-0000-4000-8000-000000000002");
    /// # let note = Note::new("Asked for a call back.").with_created_by(author);
    /// # let note_id = client.contacts().notes(&id).create(note).send()?.id.unwrap();
    /// let mut note = client.contacts().notes(&id).get(&note_id).send()?;
    /// note.note_text = Some("Was called back.".to_owned());
    /// let note = client.contacts().notes(&id).update(&note_id, note).send()?;
    /// assert_eq!(note.note_text.as_deref(), Some("Was called back."));
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// On a contact any of `relate:contact:edit`, `externalContacts:contact:edit`; on an organization any of
    /// `relate:externalOrganization:edit`, `externalContacts:externalOrganization:edit`.
    ///
    /// # Limits
    ///
    /// The text has 1 to 32,000 characters.
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](Error::is_not_found): there is no such note.
    /// - [`Error::Api`] with status 422 for a text that is missing or too long.
    /// - [`Error::Invalid`]: an id is empty, `.` or `..`.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn update(&self, note_id: impl Into<String>, note: Note) -> Request<C, UpdateNote<W>> {
        Request::new(self.client.clone(), UpdateNote { place: self.at(note_id), note })
    }

    /// Deletes a note.
    ///
    /// `DELETE /api/v2/externalcontacts/contacts/{contactId}/notes/{noteId}`\
    /// `DELETE /api/v2/externalcontacts/organizations/{externalOrganizationId}/notes/{noteId}`
    ///
    /// ```
    /// # use genesys_external_contacts::{model::User, ExternalContact, Note};
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// # let id = client.contacts().create(ExternalContact::default()).send()?.id.unwrap();
    /// # let author = User::default().with_id("3d5f2c1e-0000-4000-8000-000000000002");
    /// # let note = Note::new("Asked for a call back.").with_created_by(author);
    /// # let note_id = client.contacts().notes(&id).create(note).send()?.id.unwrap();
    /// client.contacts().notes(&id).delete(&note_id).send()?;
    /// assert!(client.contacts().notes(&id).get(&note_id).optional().send()?.is_none());
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// On a contact any of `relate:contact:edit`, `externalContacts:contact:edit`; on an organization any of
    /// `relate:externalOrganization:edit`, `externalContacts:externalOrganization:edit`.
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](Error::is_not_found): there is no such note (any more). [`optional`](Request::optional) makes
    ///   that a `None`.
    /// - [`Error::Invalid`]: an id is empty, `.` or `..`.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn delete(&self, note_id: impl Into<String>) -> Request<C, DeleteNote<W>> {
        Request::new(self.client.clone(), DeleteNote { place: self.at(note_id) })
    }
}

impl<C, W> fmt::Debug for Notes<C, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Notes")
    }
}

model! {
    /// What can be returned along with a note.
    pub enum NoteExpand {
        /// The whole user who wrote the note, [`created_by`](Note::created_by), instead of the id.
        Author => "author",
        /// Where the note was imported from, `externalDataSources`.
        ExternalDataSources => "externalDataSources",
        /// The name of the division besides its id.
        Division => "division",
        /// The notes of all contacts that were merged into this one, too. Only for listing the notes of a contact.
        MergeSet => "mergeset",
    }
}

model! {
    /// What notes are sorted by. [`asc`](NoteSort::asc) and [`desc`](NoteSort::desc) say in which direction.
    pub enum NoteSort {
        /// By `createDate`.
        CreateDate => "createDate",
    }
}

impl NoteSort {
    /// The oldest first.
    pub fn asc(self) -> SortOrder<Self> {
        SortOrder::ascending(self)
    }

    /// The newest first.
    pub fn desc(self) -> SortOrder<Self> {
        SortOrder::descending(self)
    }
}

/// Where a note is.
struct Place<W> {
    owner_id: String,
    note_id: String,
    owner: PhantomData<fn() -> W>,
}

impl<W: NoteOwner> Place<W> {
    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.path_param(W::ID, &self.owner_id)?;
        request.path_param("noteId", &self.note_id)
    }
}

/// `GET …/notes`; see [`Notes::list`].
pub struct ListNotes<W> {
    owner_id: String,
    page: PageParams,
    sort: Option<SortOrder<NoteSort>>,
    expand: Vec<NoteExpand>,
    owner: PhantomData<fn() -> W>,
}

// Derived, it would ask for `W: Clone`, which nobody can give.
impl<W> Clone for ListNotes<W> {
    fn clone(&self) -> Self {
        Self {
            owner_id: self.owner_id.clone(),
            page: self.page,
            sort: self.sort.clone(),
            expand: self.expand.clone(),
            owner: PhantomData,
        }
    }
}

impl<W: NoteOwner> Operation for ListNotes<W> {
    type Output = Listing<Note>;
    const ROUTE: Route = Route::get(W::NOTES);

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.path_param(W::ID, &self.owner_id)?;
        self.page.write(request)?;
        request.query_opt("sortOrder", self.sort.as_ref());
        request.query_list("expand", &self.expand);
        Ok(())
    }

    fn read(&self, response: &Response) -> Result<Self::Output, Error> {
        response.json()
    }
}

impl<W: NoteOwner> Paged for ListNotes<W> {
    type Item = Note;

    fn page(&mut self) -> &mut PageParams {
        &mut self.page
    }
}

impl<C, W> Request<C, ListNotes<W>> {
    /// Sorts what is listed, such as `NoteSort::CreateDate.desc()`. The default is up to the service.
    pub fn sort(mut self, order: SortOrder<NoteSort>) -> Self {
        self.operation.sort = Some(order);
        self
    }

    /// Returns the related data named here, too. Called again, it adds to what was named before.
    pub fn expand(mut self, fields: impl IntoIterator<Item = NoteExpand>) -> Self {
        self.operation.expand.extend(fields);
        self
    }
}

/// `POST …/notes`; see [`Notes::create`].
pub struct CreateNote<W> {
    owner_id: String,
    note: Note,
    owner: PhantomData<fn() -> W>,
}

impl<W: NoteOwner> Operation for CreateNote<W> {
    type Output = Note;
    const ROUTE: Route = Route::post(W::NOTES);

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.path_param(W::ID, &self.owner_id)?;
        request.json(&self.note)
    }

    fn read(&self, response: &Response) -> Result<Self::Output, Error> {
        response.json()
    }
}

/// `GET …/notes/{noteId}`; see [`Notes::get`].
pub struct GetNote<W> {
    place: Place<W>,
    expand: Vec<NoteExpand>,
}

impl<W: NoteOwner> Operation for GetNote<W> {
    type Output = Note;
    const ROUTE: Route = Route::get(W::NOTE);

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        self.place.write(request)?;
        request.query_list("expand", &self.expand);
        Ok(())
    }

    fn read(&self, response: &Response) -> Result<Self::Output, Error> {
        response.json()
    }
}

impl<C, W> Request<C, GetNote<W>> {
    /// Returns the related data named here, too. Called again, it adds to what was named before.
    pub fn expand(mut self, fields: impl IntoIterator<Item = NoteExpand>) -> Self {
        self.operation.expand.extend(fields);
        self
    }
}

/// `PUT …/notes/{noteId}`; see [`Notes::update`].
pub struct UpdateNote<W> {
    place: Place<W>,
    note: Note,
}

impl<W: NoteOwner> Operation for UpdateNote<W> {
    type Output = Note;
    const ROUTE: Route = Route::put(W::NOTE);

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        self.place.write(request)?;
        request.json(&self.note)
    }

    fn read(&self, response: &Response) -> Result<Self::Output, Error> {
        response.json()
    }
}

/// `DELETE …/notes/{noteId}`; see [`Notes::delete`].
pub struct DeleteNote<W> {
    place: Place<W>,
}

impl<W: NoteOwner> Operation for DeleteNote<W> {
    type Output = ();
    const ROUTE: Route = Route::delete(W::NOTE);

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        self.place.write(request)
    }

    fn read(&self, response: &Response) -> Result<(), Error> {
        response.nothing()
    }
}
