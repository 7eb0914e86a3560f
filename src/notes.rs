//! The notes on a contact (`client.contacts().notes(id)`), on an organization (`client.organizations().notes(id)`), and all of
//! them (`client.notes()`).
//!
//! Both work the same way; only their paths and permissions differ. [`HasNotes`] has the paths.

pub(crate) mod model;

use std::fmt;
use std::marker::PhantomData;

pub use model::{Note, NoteEntityType};

use crate::bulk::Bulk;
use crate::entity::HasNotes;
use crate::error::Error;
use crate::exports::Exports;
use crate::model::{Listing, SortOrder};
use crate::operation::{Expand, Numbered, Operation, Paged, Repeat, Request, RequestParts, Route, Sort};
use crate::patch::{Changes, Patching};
use crate::scans::{Scan, ScanAllDivisions};

/// All notes, whatever they are on; see [`Client::notes`](crate::Client::notes).
#[derive(Clone, Debug)]
pub struct AllNotes<C> {
    client: C,
}

impl<C: Clone> AllNotes<C> {
    pub(crate) fn new(client: C) -> Self {
        Self { client }
    }

    /// Reads all notes, however many there are. Those on contacts and those on organizations come alike.
    ///
    /// `GET /api/v2/externalcontacts/scan/notes`
    ///
    /// `items()` and `pages()` walk through all of them, 200 a request. No order is promised. A walk that
    /// stopped goes on with [`cursor`](Request::cursor), in this process or in another: store what
    /// [`pages().cursor()`](crate::Pages::cursor) gives. [`division_id`](Request::division_id) narrows it to one division,
    /// [`page_size`](Request::page_size) makes the pages smaller.
    ///
    /// ```
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// for note in client.notes().scan().items() {
    ///     println!("{}", note?.note_text.unwrap_or_default());
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
    pub fn scan(&self) -> Request<C, Scan<Note>> {
        Request::new(self.client.clone(), Scan::new())
    }

    /// Reads all notes of all divisions, those that the token doesn't reach otherwise included.
    ///
    /// `GET /api/v2/externalcontacts/scan/notes/divisionviews/all`
    ///
    /// It works as [`scan`](Self::scan) does, without `division_id`.
    ///
    /// ```
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// let all = client.notes().scan_all_divisions().items().collect::<Result<Vec<_>, _>>()?;
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
    pub fn scan_all_divisions(&self) -> Request<C, ScanAllDivisions<Note>> {
        Request::new(self.client.clone(), ScanAllDivisions::new())
    }

    /// Many notes in one request; see [`bulk`](crate::bulk).
    pub fn bulk(&self) -> Bulk<C, Note> {
        Bulk::new(self.client.clone())
    }

    /// The exports of notes: start, list, get.
    pub fn exports(&self) -> Exports<C, Note> {
        Exports::new(self.client.clone())
    }
}

/// The notes on one contact or organization; see [`Contacts::notes`](crate::contacts::Contacts::notes) and
/// [`Organizations::notes`](crate::organizations::Organizations::notes).
#[derive(Clone)]
pub struct Notes<C, E> {
    client: C,
    owner_id: String,
    owner: PhantomData<fn() -> E>,
}

impl<C: Clone, E: HasNotes> Notes<C, E> {
    pub(crate) fn new(client: C, owner_id: String) -> Self {
        Self { client, owner_id, owner: PhantomData }
    }

    fn at(&self, note_id: impl Into<String>) -> Place<E> {
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
    /// - [`ErrorKind::ResultWindow`](crate::ErrorKind::ResultWindow): the page lies beyond the first 1,000 records.
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): the id is empty, `.` or `..`; a page size or page number of 0.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn list(&self) -> Request<C, ListNotes<E>> {
        let operation = ListNotes {
            owner_id: self.owner_id.clone(),
            page: Numbered::default(),
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
    /// client credentials is no user, so give one: [`Note::by`]. [`Note::new`] is for clients that signed in as a user.
    ///
    /// ```
    /// use genesys_external_contacts::{ExternalContact, Note};
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// # let id = client.contacts().create(ExternalContact::default()).send()?.id.unwrap();
    ///
    /// let note = Note::by("3d5f2c1e-0000-4000-8000-000000000002", "Asked for a call back on Monday.");
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
    /// - [`ErrorKind::Api`](crate::ErrorKind::Api) with status 422 for a text that is missing or too long.
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): the id is empty, `.` or `..`.
    /// - When [`may_have_been_applied`](Error::may_have_been_applied), the note may exist: look before you write it
    ///   again. All others that [`Error`] lists.
    pub fn create(&self, note: Note) -> Request<C, CreateNote<E>> {
        let operation = CreateNote { owner_id: self.owner_id.clone(), note, owner: PhantomData };
        Request::new(self.client.clone(), operation)
    }

    /// Fetches one note.
    ///
    /// `GET /api/v2/externalcontacts/contacts/{contactId}/notes/{noteId}`\
    /// `GET /api/v2/externalcontacts/organizations/{externalOrganizationId}/notes/{noteId}`
    ///
    /// ```
    /// # use genesys_external_contacts::{ExternalContact, Note, NoteExpand};
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// # let id = client.contacts().create(ExternalContact::default()).send()?.id.unwrap();
    /// # let note = Note::by("3d5f2c1e-0000-4000-8000-000000000002", "Asked for a call back.");
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
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): an id is empty, `.` or `..`.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn get(&self, note_id: impl Into<String>) -> Request<C, GetNote<E>> {
        Request::new(self.client.clone(), GetNote { place: self.at(note_id), expand: Vec::new() })
    }

    /// Replaces a note and returns it as the service keeps it. Fetch it, change it, and hand in the rest as it came.
    ///
    /// `PUT /api/v2/externalcontacts/contacts/{contactId}/notes/{noteId}`\
    /// `PUT /api/v2/externalcontacts/organizations/{externalOrganizationId}/notes/{noteId}`
    ///
    /// ```
    /// # use genesys_external_contacts::{ExternalContact, Note};
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// # let id = client.contacts().create(ExternalContact::default()).send()?.id.unwrap();
    /// # let note = Note::by("3d5f2c1e-0000-4000-8000-000000000002", "Asked for a call back.");
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
    /// - [`ErrorKind::Api`](crate::ErrorKind::Api) with status 422 for a text that is missing or too long.
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): an id is empty, `.` or `..`.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn update(&self, note_id: impl Into<String>, note: Note) -> Request<C, UpdateNote<E>> {
        Request::new(self.client.clone(), UpdateNote { place: self.at(note_id), note })
    }

    /// Changes single fields of a note, and leaves all others alone; see [`patch`](crate::patch).
    ///
    /// `PATCH /api/v2/externalcontacts/contacts/{contactId}/notes/{noteId}`\
    /// `PATCH /api/v2/externalcontacts/organizations/{externalOrganizationId}/notes/{noteId}`
    ///
    /// ```
    /// # use genesys_external_contacts::{ExternalContact, Note};
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// # let id = client.contacts().create(ExternalContact::default()).send()?.id.unwrap();
    /// # let note = Note::default().with_note_text("Calls in the morning").with_created_by(
    /// #     genesys_external_contacts::model::User::reference("3d5f2c1e-0000-4000-8000-000000000002"));
    /// # let note_id = client.contacts().notes(&id).create(note).send()?.id.unwrap();
    /// let note = client.contacts().notes(&id).patch(&note_id).set("noteText", "Calls in the evening").send()?;
    /// assert_eq!(note.note_text.as_deref(), Some("Calls in the evening"));
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// On a contact `externalContacts:contact:edit`; on an organization `externalContacts:externalOrganization:edit`.
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](Error::is_not_found): there is no such note on this contact or organization.
    /// - [`ErrorKind::Api`](crate::ErrorKind::Api) with status 422 when the note can't become what it would.
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): there is no change, a field is changed twice, or with its parent; an
    ///   id is empty, `.` or `..`.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn patch(&self, note_id: impl Into<String>) -> Request<C, PatchNote<E>> {
        Request::new(self.client.clone(), PatchNote { place: self.at(note_id), changes: Changes::default() })
    }

    /// Deletes a note.
    ///
    /// `DELETE /api/v2/externalcontacts/contacts/{contactId}/notes/{noteId}`\
    /// `DELETE /api/v2/externalcontacts/organizations/{externalOrganizationId}/notes/{noteId}`
    ///
    /// ```
    /// # use genesys_external_contacts::{ExternalContact, Note};
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// # let id = client.contacts().create(ExternalContact::default()).send()?.id.unwrap();
    /// # let note = Note::by("3d5f2c1e-0000-4000-8000-000000000002", "Asked for a call back.");
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
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): an id is empty, `.` or `..`.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn delete(&self, note_id: impl Into<String>) -> Request<C, DeleteNote<E>> {
        Request::new(self.client.clone(), DeleteNote { place: self.at(note_id) })
    }
}

impl<C, E> fmt::Debug for Notes<C, E> {
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
#[derive(Clone)]
struct Place<E> {
    owner_id: String,
    note_id: String,
    owner: PhantomData<fn() -> E>,
}

impl<E: HasNotes> Place<E> {
    #[inline]
    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.path_param(E::ID, &self.owner_id)?;
        request.path_param("noteId", &self.note_id)
    }
}

/// `GET …/notes`; see [`Notes::list`].
#[derive(Clone)]
pub struct ListNotes<E> {
    owner_id: String,
    page: Numbered,
    sort: Option<SortOrder<NoteSort>>,
    expand: Vec<NoteExpand>,
    owner: PhantomData<fn() -> E>,
}

impl<E: HasNotes> Operation for ListNotes<E> {
    type Output = Listing<Note>;
    const ROUTE: Route = E::LIST;

    #[inline]
    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.path_param(E::ID, &self.owner_id)?;
        self.page.write(request)?;
        request.query_opt("sortOrder", self.sort.as_ref());
        request.query_list("expand", &self.expand);
        Ok(())
    }
}

impl<E: HasNotes> Paged for ListNotes<E> {
    type Item = Note;
    type Paging = Numbered;

    fn paging(&mut self) -> &mut Numbered {
        &mut self.page
    }
}

impl<E: HasNotes> Sort for ListNotes<E> {
    type Order = SortOrder<NoteSort>;

    fn sort(&mut self) -> &mut Option<SortOrder<NoteSort>> {
        &mut self.sort
    }
}

impl<E: HasNotes> Expand for ListNotes<E> {
    type Field = NoteExpand;

    fn expand(&mut self) -> &mut Vec<NoteExpand> {
        &mut self.expand
    }
}

/// `POST …/notes`; see [`Notes::create`].
#[derive(Clone)]
pub struct CreateNote<E> {
    owner_id: String,
    note: Note,
    owner: PhantomData<fn() -> E>,
}

impl<E: HasNotes> Operation for CreateNote<E> {
    type Output = Note;
    const ROUTE: Route = E::CREATE;

    #[inline]
    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.path_param(E::ID, &self.owner_id)?;
        request.json(&self.note)
    }
}

/// `GET …/notes/{noteId}`; see [`Notes::get`].
#[derive(Clone)]
pub struct GetNote<E> {
    place: Place<E>,
    expand: Vec<NoteExpand>,
}

impl<E: HasNotes> Operation for GetNote<E> {
    type Output = Note;
    const ROUTE: Route = E::GET;

    #[inline]
    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        self.place.write(request)?;
        request.query_list("expand", &self.expand);
        Ok(())
    }
}

impl<E: HasNotes> Expand for GetNote<E> {
    type Field = NoteExpand;

    fn expand(&mut self) -> &mut Vec<NoteExpand> {
        &mut self.expand
    }
}

/// `PUT …/notes/{noteId}`; see [`Notes::update`].
#[derive(Clone)]
pub struct UpdateNote<E> {
    place: Place<E>,
    note: Note,
}

impl<E: HasNotes> Operation for UpdateNote<E> {
    type Output = Note;
    const ROUTE: Route = E::UPDATE;

    #[inline]
    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        self.place.write(request)?;
        request.json(&self.note)
    }
}

/// `PATCH …/notes/{noteId}`; see [`Notes::patch`].
#[derive(Clone)]
pub struct PatchNote<E> {
    place: Place<E>,
    changes: Changes,
}

impl<E: HasNotes> Operation for PatchNote<E> {
    type Output = Note;
    const ROUTE: Route = E::PATCH;

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        self.place.write(request)?;
        self.changes.write::<Note>(request)
    }

    fn repeat(&self) -> Repeat {
        self.changes.repeat()
    }
}

impl<E: HasNotes> Patching for PatchNote<E> {
    fn changes(&mut self) -> &mut Changes {
        &mut self.changes
    }
}

/// `DELETE …/notes/{noteId}`; see [`Notes::delete`].
#[derive(Clone)]
pub struct DeleteNote<E> {
    place: Place<E>,
}

impl<E: HasNotes> Operation for DeleteNote<E> {
    type Output = ();
    const ROUTE: Route = E::DELETE;

    #[inline]
    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        self.place.write(request)
    }
}
