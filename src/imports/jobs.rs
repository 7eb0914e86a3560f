use std::ops::RangeInclusive;

use serde::Serialize;

use crate::error::Error;
use crate::imports::{
    CsvJob, ImportAction, ImportJob, ImportJobExpand, ImportJobUpdate, ImportOrder, ImportStatus, ImportStep,
};
use crate::model::{Division, Listing};
use crate::operation::{After, Expand, Operation, Paged, Polled, Progress, Request, RequestParts, Route, Sort};

/// The imports themselves; see [`Imports::jobs`](super::Imports::jobs).
#[derive(Clone, Debug)]
pub struct ImportJobs<C> {
    client: C,
}

impl<C: Clone> ImportJobs<C> {
    pub(crate) fn new(client: C) -> Self {
        Self { client }
    }

    /// Starts the import of an uploaded file. The answer has the id of the import.
    ///
    /// `POST /api/v2/externalcontacts/import/csv/jobs`
    ///
    /// Option: [`division`](Request::division). `settings_id` is that of the
    /// [mapping of its columns](super::Imports::csv_settings). The import begins with a dry run and stops then:
    /// [`wait_validated`](Request::wait_validated).
    ///
    /// ```
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// let jobs = client.imports().jobs();
    /// let error = jobs.start_csv("no such upload", "no such settings").send().unwrap_err();
    /// assert_eq!(error.status().unwrap(), 400);
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:importCsvJob:add`.
    ///
    /// # Errors
    ///
    /// - [`ErrorKind::Api`](crate::ErrorKind::Api) with status 400 when the upload or the settings can't be used.
    /// - When [`may_have_been_applied`](Error::may_have_been_applied), the import may exist: look for it with
    ///   [`list`](ImportJobs::list) before you start it again.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn start_csv(&self, upload_id: impl Into<String>, settings_id: impl Into<String>) -> Request<C, StartCsvJob> {
        let job = StartCsvJob { upload_id: upload_id.into(), settings_id: settings_id.into(), division: None };
        Request::new(self.client.clone(), job)
    }

    /// Lists the imports of the divisions that the token reaches.
    ///
    /// `GET /api/v2/externalcontacts/import/jobs`
    ///
    /// Options: [`status`](Request::status), [`sort`](Request::sort), [`expand`](Request::expand),
    /// [`page_size`](Request::page_size), [`cursor`](Request::cursor).
    ///
    /// ```
    /// use genesys_external_contacts::imports::{ImportOrder, ImportStatus};
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    ///
    /// for job in client.imports().jobs().list().status(ImportStatus::Running).sort(ImportOrder::Descending).items() {
    ///     println!("{}", job?.id.unwrap_or_default());
    /// }
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:importJob:viewAll`.
    ///
    /// # Limits
    ///
    /// How large a page may be is undocumented; walks ask for 25 imports a page.
    ///
    /// # Errors
    ///
    /// - [`ErrorKind::Cursor`](crate::ErrorKind::Cursor): the walk doesn't come to an end.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn list(&self) -> Request<C, ListImportJobs> {
        Request::new(self.client.clone(), ListImportJobs::default())
    }

    /// Starts an import by its [settings](super::Imports::settings) alone, which no file belongs to.
    ///
    /// `POST /api/v2/externalcontacts/import/jobs`
    ///
    /// Option: [`division`](Request::division). Which kinds of sources there are is undocumented; for files there is
    /// [`start_csv`](ImportJobs::start_csv).
    ///
    /// ```
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// let error = client.imports().jobs().start("no such settings").send().unwrap_err();
    /// assert_eq!(error.status().unwrap(), 400);
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:importJob:add`.
    ///
    /// # Errors
    ///
    /// As [`start_csv`](ImportJobs::start_csv).
    pub fn start(&self, settings_id: impl Into<String>) -> Request<C, StartImportJob> {
        Request::new(self.client.clone(), StartImportJob { settings_id: settings_id.into(), division: None })
    }

    /// Fetches one import: how far it is, its figures, and where its reports are.
    ///
    /// `GET /api/v2/externalcontacts/import/jobs/{jobId}`
    ///
    /// Option: [`expand`](Request::expand). An import stops twice: [`wait_validated`](Request::wait_validated) comes back
    /// when its dry run is done, and [`wait_finished`](Request::wait_finished) when all is.
    ///
    /// ```
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// assert!(client.imports().jobs().get("no such import").optional().send()?.is_none());
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:importJob:view`.
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](Error::is_not_found): there is no such import.
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): the id is empty, `.` or `..`.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn get(&self, job_id: impl Into<String>) -> Request<C, GetImportJob> {
        Request::new(self.client.clone(), GetImportJob { job_id: job_id.into(), expand: Vec::new() })
    }

    /// Tells an import what to do: to go on after its dry run, to end, or to try again.
    ///
    /// `PUT /api/v2/externalcontacts/import/jobs/{jobId}`
    ///
    /// It is sent once only: what a second `Continue` does is undocumented.
    ///
    /// ```
    /// use genesys_external_contacts::imports::ImportAction;
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    ///
    /// let error = client.imports().jobs().update("no such import", ImportAction::Cancel).send().unwrap_err();
    /// assert!(error.is_not_found());
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:importJob:edit`.
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](Error::is_not_found): there is no such import.
    /// - [`is_conflict`](Error::is_conflict): the import is not where it can do that.
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): the id is empty, `.` or `..`.
    /// - When [`may_have_been_applied`](Error::may_have_been_applied), the import may have been told: fetch it before you
    ///   tell it again.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn update(&self, job_id: impl Into<String>, action: ImportAction) -> Request<C, UpdateImportJob> {
        Request::new(self.client.clone(), UpdateImportJob { job_id: job_id.into(), action })
    }
}

/// The body that starts an import.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Start<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    upload_id: Option<&'a str>,
    settings_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    division: Option<&'a Division>,
}

/// `POST /api/v2/externalcontacts/import/csv/jobs`; see [`ImportJobs::start_csv`].
#[derive(Clone)]
pub struct StartCsvJob {
    upload_id: String,
    settings_id: String,
    division: Option<Division>,
}

impl Operation for StartCsvJob {
    type Output = CsvJob;
    const ROUTE: Route = Route::post("/api/v2/externalcontacts/import/csv/jobs");

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        let division = self.division.as_ref();
        request.json(&Start { upload_id: Some(&self.upload_id), settings_id: &self.settings_id, division })
    }
}

impl<C> Request<C, StartCsvJob> {
    /// The division of the contacts (`division`). Without one they are in none.
    pub fn division(mut self, division: Division) -> Self {
        self.operation.division = Some(division);
        self
    }
}

/// `GET /api/v2/externalcontacts/import/jobs`; see [`ImportJobs::list`].
#[derive(Clone, Default)]
pub struct ListImportJobs {
    page: After,
    expand: Vec<ImportJobExpand>,
    sort: Option<ImportOrder>,
    status: Option<ImportStatus>,
}

impl Operation for ListImportJobs {
    type Output = Listing<ImportJob>;
    const ROUTE: Route = Route::get("/api/v2/externalcontacts/import/jobs");

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.query_list("expand", &self.expand);
        self.page.write(request)?;
        request.query_opt("sortOrder", self.sort.as_ref());
        request.query_opt("jobStatus", self.status.as_ref());
        Ok(())
    }
}

impl Paged for ListImportJobs {
    type Item = ImportJob;
    type Paging = After;
    /// The largest is undocumented.
    const PAGE_SIZES: RangeInclusive<u32> = 1..=25;

    fn paging(&mut self) -> &mut After {
        &mut self.page
    }
}

impl Expand for ListImportJobs {
    type Field = ImportJobExpand;

    fn expand(&mut self) -> &mut Vec<ImportJobExpand> {
        &mut self.expand
    }
}

impl Sort for ListImportJobs {
    type Order = ImportOrder;

    fn sort(&mut self) -> &mut Option<ImportOrder> {
        &mut self.sort
    }
}

impl<C> Request<C, ListImportJobs> {
    /// Lists only imports that stand so (`jobStatus`). The default is all.
    pub fn status(mut self, status: ImportStatus) -> Self {
        self.operation.status = Some(status);
        self
    }
}

/// `POST /api/v2/externalcontacts/import/jobs`; see [`ImportJobs::start`].
#[derive(Clone)]
pub struct StartImportJob {
    settings_id: String,
    division: Option<Division>,
}

impl Operation for StartImportJob {
    type Output = ImportJob;
    const ROUTE: Route = Route::post("/api/v2/externalcontacts/import/jobs");

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        let division = self.division.as_ref();
        request.json(&Start { upload_id: None, settings_id: &self.settings_id, division })
    }
}

impl<C> Request<C, StartImportJob> {
    /// The division of the contacts (`division`). Without one they are in none.
    pub fn division(mut self, division: Division) -> Self {
        self.operation.division = Some(division);
        self
    }
}

/// `GET /api/v2/externalcontacts/import/jobs/{jobId}`; see [`ImportJobs::get`].
#[derive(Clone)]
pub struct GetImportJob {
    job_id: String,
    expand: Vec<ImportJobExpand>,
}

impl Operation for GetImportJob {
    type Output = ImportJob;
    const ROUTE: Route = Route::get("/api/v2/externalcontacts/import/jobs/{jobId}");

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.path_param("jobId", &self.job_id)?;
        request.query_list("expand", &self.expand);
        Ok(())
    }
}

impl Expand for GetImportJob {
    type Field = ImportJobExpand;

    fn expand(&mut self) -> &mut Vec<ImportJobExpand> {
        &mut self.expand
    }
}

impl GetImportJob {
    /// What an answer says to whoever waits for the dry run.
    pub(crate) fn validation(answer: &ImportJob) -> Progress {
        match Self::progress(answer) {
            Progress::WaitsForYou => Progress::Done,
            Progress::Running if answer.execution_step == Some(ImportStep::Importing) => Progress::Done,
            progress => progress,
        }
    }
}

/// What an answer says to whoever waits for all of the import.
impl Polled for GetImportJob {
    fn job_id(&self) -> &str {
        &self.job_id
    }

    fn status(answer: &ImportJob) -> Option<&str> {
        answer.status.as_ref().map(ImportStatus::as_str)
    }

    fn progress(answer: &ImportJob) -> Progress {
        let failed = |unexplained: &str| {
            let reason = answer.status_details.clone().unwrap_or_else(|| unexplained.to_owned());
            Progress::Failed { code: None, reason }
        };
        match (&answer.status, &answer.execution_step) {
            (Some(ImportStatus::Completed), _) => Progress::Done,
            (Some(ImportStatus::Failed), _) => failed("the service gives no reason"),
            (Some(ImportStatus::Cancelled), _) => failed("somebody cancelled it"),
            (_, Some(ImportStep::Validated)) => Progress::WaitsForYou,
            _ => Progress::Running,
        }
    }
}

/// `PUT /api/v2/externalcontacts/import/jobs/{jobId}`; see [`ImportJobs::update`].
#[derive(Clone)]
pub struct UpdateImportJob {
    job_id: String,
    action: ImportAction,
}

impl Operation for UpdateImportJob {
    type Output = ImportJobUpdate;
    const ROUTE: Route = Route::put("/api/v2/externalcontacts/import/jobs/{jobId}").once();

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.path_param("jobId", &self.job_id)?;
        request.json(&ImportJobUpdate::default().with_job_id(self.job_id.as_str()).with_action(self.action.clone()))
    }
}
