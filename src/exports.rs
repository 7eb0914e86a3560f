//! Exports: the service writes all contacts, organizations, notes or relationships, or those that a filter lets through, into
//! a file.
//!
//! Reached through the resource: `client.contacts().exports()`, `client.organizations().exports()`,
//! `client.notes().exports()`, `client.relationships().exports()`.
//!
//! [Long-running work](crate::guide::long_running) shows an export from start to file.

pub(crate) mod model;

use std::fmt;
use std::marker::PhantomData;
use std::ops::RangeInclusive;

pub use model::{
    ContactExportField, Export, ExportDateField, ExportDateFilter, ExportFieldFilter, ExportFieldListFilter,
    ExportFilter, ExportQuery, ExportStatus, NoteExportField, OrganizationExportField, RelationshipExportField,
};

use crate::entity::Exported;
use crate::error::Error;
use crate::model::Listing;
use crate::operation::{After, InDivisions, Job, Operation, Paged, Polled, Progress, Request, RequestParts, Route};

/// The exports of contacts, organizations, notes or relationships; see
/// [`Contacts::exports`](crate::contacts::Contacts::exports), [`Organizations::exports`](crate::organizations::Organizations::exports),
/// [`AllNotes::exports`](crate::notes::AllNotes::exports), [`Relationships::exports`](crate::relationships::Relationships::exports).
#[derive(Clone)]
pub struct Exports<C, E> {
    client: C,
    entity: PhantomData<fn() -> E>,
}

impl<C: Clone, E: Exported> Exports<C, E> {
    pub(crate) fn new(client: C) -> Self {
        Self { client, entity: PhantomData }
    }

    /// Starts an export and returns it as it stands: running, with its id.
    ///
    /// `POST /api/v2/externalcontacts/contacts/exports`\
    /// `POST /api/v2/externalcontacts/organizations/exports`\
    /// `POST /api/v2/externalcontacts/notes/exports`\
    /// `POST /api/v2/externalcontacts/relationships/exports`
    ///
    /// The export goes on whatever becomes of this program; [`get`](Exports::get) finds it by its id. There is no way to
    /// stop one.
    ///
    /// ```
    /// use genesys_external_contacts::exports::{Export, ExportDateField, ExportFilter};
    /// use time::macros::datetime;
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    ///
    /// let changed = ExportFilter::at_least(ExportDateField::ModifyDate, datetime!(2026-01-01 00:00 UTC));
    /// let export = client.contacts().exports().start(Export::default().filter(changed)).send()?;
    /// println!("write this down: {}", export.id.unwrap_or_default());
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// Contacts: all of `externalContacts:export:add`, `externalContacts:contact:view`. Organizations and relationships: all of
    /// `externalContacts:export:add`, `externalContacts:externalOrganization:view`. Notes: all of these three.
    ///
    /// # Limits
    ///
    /// 180,000,000 records at most unless [`Export::limit`] says less.
    ///
    /// # Errors
    ///
    /// - [`ErrorKind::Api`](crate::ErrorKind::Api) with status 400 when the service doesn't take the conditions.
    /// - When [`may_have_been_applied`](Error::may_have_been_applied), the export may run: look for it with
    ///   [`list`](Exports::list) before you start another one.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn start(&self, export: Export<E::ExportField>) -> Request<C, StartExport<E>> {
        Request::new(self.client.clone(), StartExport { export })
    }

    /// Lists the exports that were started, ended ones too.
    ///
    /// `GET /api/v2/externalcontacts/contacts/exports`\
    /// `GET /api/v2/externalcontacts/organizations/exports`\
    /// `GET /api/v2/externalcontacts/notes/exports`\
    /// `GET /api/v2/externalcontacts/relationships/exports`
    ///
    /// Options: [`division_ids`](Request::division_ids), [`page_size`](Request::page_size), [`cursor`](Request::cursor).
    /// In which order they come is undocumented.
    ///
    /// ```
    /// use genesys_external_contacts::exports::{Export, ExportStatus};
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// # client.contacts().exports().start(Export::default()).send()?;
    ///
    /// for export in client.contacts().exports().list().items() {
    ///     let export = export?;
    ///     println!("{} {:?}", export.id.unwrap_or_default(), export.status);
    /// }
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// Contacts: all of `externalContacts:export:view`, `externalContacts:contact:view`. Organizations and relationships: all of
    /// `externalContacts:export:view`, `externalContacts:externalOrganization:view`. Notes: all of these three.
    ///
    /// # Limits
    ///
    /// How large a page may be is undocumented; walks ask for 25 exports a page.
    ///
    /// # Errors
    ///
    /// - [`ErrorKind::Cursor`](crate::ErrorKind::Cursor): the walk doesn't come to an end.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn list(&self) -> Request<C, ListExports<E>> {
        let operation = ListExports { page: After::default(), division_ids: Vec::new(), entity: PhantomData };
        Request::new(self.client.clone(), operation)
    }

    /// Fetches one export: how far it is, and where its file is.
    ///
    /// `GET /api/v2/externalcontacts/contacts/exports/{exportId}`\
    /// `GET /api/v2/externalcontacts/organizations/exports/{exportId}`\
    /// `GET /api/v2/externalcontacts/notes/exports/{exportId}`\
    /// `GET /api/v2/externalcontacts/relationships/exports/{exportId}`
    ///
    /// [`wait`](Request::wait) comes back when the export has ended, [`polls`](Request::polls) shows how it gets on.
    ///
    /// ```
    /// use std::time::Duration;
    /// use genesys_external_contacts::exports::Export;
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    ///
    /// let exports = client.contacts().exports();
    /// let id = exports.start(Export::default()).send()?.id.unwrap_or_default();
    /// let export = exports.get(id).wait(Duration::from_secs(3600))?;
    /// assert!(export.download_url.is_some());
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// Contacts: all of `externalContacts:export:view`, `externalContacts:contact:view`. Organizations and relationships: all of
    /// `externalContacts:export:view`, `externalContacts:externalOrganization:view`. Notes: all of these three.
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](Error::is_not_found): there is no such export.
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): the id is empty, `.` or `..`.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn get(&self, export_id: impl Into<String>) -> Request<C, GetExport<E>> {
        Request::new(self.client.clone(), GetExport { export_id: export_id.into(), entity: PhantomData })
    }
}

impl<C, E> fmt::Debug for Exports<C, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exports").finish_non_exhaustive()
    }
}

/// `POST /api/v2/externalcontacts/…/exports`; see [`Exports::start`].
#[derive(Clone)]
pub struct StartExport<E: Exported> {
    export: Export<E::ExportField>,
}

impl<E: Exported> Operation for StartExport<E> {
    type Output = Export<E::ExportField>;
    const ROUTE: Route = E::START_EXPORT;

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.json(&self.export)
    }
}

/// `GET /api/v2/externalcontacts/…/exports`; see [`Exports::list`].
#[derive(Clone)]
pub struct ListExports<E> {
    page: After,
    division_ids: Vec<String>,
    entity: PhantomData<fn() -> E>,
}

impl<E: Exported> Operation for ListExports<E> {
    type Output = Listing<Export<E::ExportField>>;
    const ROUTE: Route = E::LIST_EXPORTS;

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.query_list("divisionIds", &self.division_ids);
        self.page.write(request)
    }
}

impl<E: Exported> Paged for ListExports<E> {
    type Item = Export<E::ExportField>;
    type Paging = After;
    /// The largest is undocumented.
    const PAGE_SIZES: RangeInclusive<u32> = 1..=25;

    fn paging(&mut self) -> &mut After {
        &mut self.page
    }
}

impl<E: Exported> InDivisions for ListExports<E> {
    fn division_ids(&mut self) -> &mut Vec<String> {
        &mut self.division_ids
    }
}

/// `GET /api/v2/externalcontacts/…/exports/{exportId}`; see [`Exports::get`].
#[derive(Clone)]
pub struct GetExport<E> {
    export_id: String,
    entity: PhantomData<fn() -> E>,
}

impl<E: Exported> Operation for GetExport<E> {
    type Output = Export<E::ExportField>;
    const ROUTE: Route = E::GET_EXPORT;

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.path_param("exportId", &self.export_id)
    }
}

impl<E: Exported> Polled for GetExport<E> {
    fn job_id(&self) -> &str {
        &self.export_id
    }

    fn status(answer: &Self::Output) -> Option<&str> {
        answer.status.as_ref().map(ExportStatus::as_str)
    }

    fn progress(answer: &Self::Output) -> Progress {
        match answer.status {
            Some(ExportStatus::Succeeded) => Progress::Done,
            Some(ExportStatus::Failed) => Progress::Failed { code: None, reason: answer.failure() },
            _ => Progress::Running,
        }
    }
}

impl<E: Exported> Job for GetExport<E> {}
