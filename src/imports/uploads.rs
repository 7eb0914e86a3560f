use crate::error::Error;
use crate::imports::{CsvPreview, CsvUpload, CsvUploadDetails};
use crate::operation::{Job, Operation, Polled, Progress, Request, RequestParts, Route};

/// The files of imports; see [`Imports::uploads`](super::Imports::uploads).
#[derive(Clone, Debug)]
pub struct CsvUploads<C> {
    pub(crate) client: C,
}

impl<C: Clone> CsvUploads<C> {
    pub(crate) fn new(client: C) -> Self {
        Self { client }
    }

    /// Asks where a file of so many bytes is to be uploaded.
    ///
    /// `POST /api/v2/externalcontacts/import/csv/uploads`
    ///
    /// Option: [`file_name`](Request::file_name). An upload that is never used does no harm, so this may be repeated.
    ///
    /// ```
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// let csv = "External ID,Last name\n1,Lovelace\n";
    /// let upload = client.imports().uploads().start(csv.len() as u64).file_name("contacts.csv").send()?;
    /// assert!(upload.upload_url.is_some());
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:importCsvUpload:add`.
    ///
    /// # Limits
    ///
    /// 50 MB.
    ///
    /// # Errors
    ///
    /// - [`ErrorKind::Api`](crate::ErrorKind::Api) with status 400 for a file that is too large.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn start(&self, file_size: u64) -> Request<C, StartCsvUpload> {
        Request::new(self.client.clone(), StartCsvUpload { file_name: None, file_size })
    }

    /// Fetches what the service found out about an uploaded file.
    ///
    /// `GET /api/v2/externalcontacts/import/csv/uploads/{uploadId}/details`
    ///
    /// The service needs a while to look at the file: [`wait`](Request::wait) takes "not found" and "conflict" for "not
    /// yet".
    ///
    /// ```
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// let uploads = client.imports().uploads();
    /// let upload = uploads.start(7).send()?.upload_id.unwrap_or_default();
    /// // Nothing has been uploaded.
    /// assert!(uploads.details(&upload).send().unwrap_err().is_not_found());
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:importCsvUpload:view`.
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](Error::is_not_found): there is no such upload, or the file has not arrived.
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): the id is empty, `.` or `..`.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn details(&self, upload_id: impl Into<String>) -> Request<C, GetCsvUploadDetails> {
        Request::new(self.client.clone(), GetCsvUploadDetails { upload_id: upload_id.into() })
    }

    /// Fetches the start of an uploaded file, as the service reads it.
    ///
    /// `GET /api/v2/externalcontacts/import/csv/uploads/{uploadId}/preview`
    ///
    /// ```
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// let uploads = client.imports().uploads();
    /// let upload = uploads.start(7).send()?.upload_id.unwrap_or_default();
    /// assert!(uploads.preview(&upload).send().unwrap_err().is_not_found());
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:importCsvUpload:view`.
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](Error::is_not_found): there is no such upload, or the file has not arrived.
    /// - [`ErrorKind::Api`](crate::ErrorKind::Api) with status 422 for a file that can't be read.
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): the id is empty, `.` or `..`.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn preview(&self, upload_id: impl Into<String>) -> Request<C, GetCsvPreview> {
        Request::new(self.client.clone(), GetCsvPreview { upload_id: upload_id.into() })
    }
}

/// `POST /api/v2/externalcontacts/import/csv/uploads`; see [`CsvUploads::start`].
#[derive(Clone)]
pub struct StartCsvUpload {
    file_name: Option<String>,
    file_size: u64,
}

impl Operation for StartCsvUpload {
    type Output = CsvUpload;
    const ROUTE: Route = Route::post("/api/v2/externalcontacts/import/csv/uploads").idempotent();

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        #[derive(serde::Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Body<'a> {
            #[serde(skip_serializing_if = "Option::is_none")]
            file_name: Option<&'a str>,
            file_size: u64,
        }
        request.json(&Body { file_name: self.file_name.as_deref(), file_size: self.file_size })
    }
}

impl<C> Request<C, StartCsvUpload> {
    /// What the file is called (`fileName`).
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.operation.file_name = Some(name.into());
        self
    }
}

/// `GET /api/v2/externalcontacts/import/csv/uploads/{uploadId}/details`; see [`CsvUploads::details`].
#[derive(Clone)]
pub struct GetCsvUploadDetails {
    upload_id: String,
}

impl Operation for GetCsvUploadDetails {
    type Output = CsvUploadDetails;
    const ROUTE: Route = Route::get("/api/v2/externalcontacts/import/csv/uploads/{uploadId}/details");

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.path_param("uploadId", &self.upload_id)
    }
}

impl Polled for GetCsvUploadDetails {
    const MAY_NOT_BE_THERE_YET: bool = true;

    fn job_id(&self) -> &str {
        &self.upload_id
    }

    fn status(answer: &CsvUploadDetails) -> Option<&str> {
        Some(if answer.validation_result.is_some() { "looked at" } else { "not looked at yet" })
    }

    /// A file that can't be read has been looked at, too.
    fn progress(answer: &CsvUploadDetails) -> Progress {
        if answer.validation_result.is_some() { Progress::Done } else { Progress::Running }
    }
}

impl Job for GetCsvUploadDetails {}

/// `GET /api/v2/externalcontacts/import/csv/uploads/{uploadId}/preview`; see [`CsvUploads::preview`].
#[derive(Clone)]
pub struct GetCsvPreview {
    upload_id: String,
}

impl Operation for GetCsvPreview {
    type Output = CsvPreview;
    const ROUTE: Route = Route::get("/api/v2/externalcontacts/import/csv/uploads/{uploadId}/preview");

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.path_param("uploadId", &self.upload_id)
    }
}
