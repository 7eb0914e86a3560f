use time::OffsetDateTime;

use crate::model::{Division, EntityRef, Timestamp};

model! {
    /// Where a file is to be uploaded, and with which headers.
    pub struct CsvUpload {
        /// The upload's id.
        upload_id: String => "uploadId",
        /// The URL that takes the file. Treat it as a secret: whoever has it needs nothing else.
        upload_url: String => "uploadUrl",
        /// The headers that the file must be sent with, exactly as they are here.
        upload_headers: Vec<UploadHeader> => "uploadHeaders",
    }
}

model! {
    /// A header that a file must be sent with.
    pub struct UploadHeader {
        /// Its name.
        name: String => "name",
        /// Its value.
        value: String => "value",
    }
}

model! {
    /// What the service found out about a file.
    pub struct CsvUploadDetails {
        /// The upload's id.
        upload_id: String => "uploadId",
        /// What the file is called.
        file_name: String => "fileName",
        /// Whether the file can be read.
        validation_result: CsvValidation => "validationResult",
    }
}

impl CsvUploadDetails {
    /// Whether the file can be imported: its separator and its encoding are right, and no line is wrong.
    pub fn is_valid(&self) -> bool {
        self.validation_result.as_ref().is_some_and(|result| {
            result.separator_valid == Some(true)
                && result.file_encoding_valid == Some(true)
                && result.errors.as_ref().is_none_or(Vec::is_empty)
        })
    }
}

model! {
    /// Whether a file can be read.
    pub struct CsvValidation {
        /// Whether the fields are separated by commas.
        separator_valid: bool => "separatorValid",
        /// Whether the text is UTF-8.
        file_encoding_valid: bool => "fileEncodingValid",
        /// The lines that can't be read.
        errors: Vec<CsvLineError> => "errors",
    }
}

model! {
    /// A line that can't be read.
    pub struct CsvLineError {
        /// Which line.
        line_number: i64 => "lineNumber",
        /// What is wrong with it.
        message: String => "message",
    }
}

model! {
    /// The start of a file, as the service reads it.
    pub struct CsvPreview {
        /// The upload's id.
        upload_id: String => "uploadId",
        /// The first line.
        headers: Vec<String> => "headers",
        /// Some of the lines after it.
        entries: Vec<Vec<String>> => "entries",
    }
}

model! {
    /// Which column of a file goes into which field of a contact.
    pub struct CsvSettings {
        /// The id of these settings. Set by the service.
        id: String => "id",
        /// The id of the [`ImportSettings`] that the mapping belongs to.
        external_settings_id: String => "externalSettingsId",
        /// Which column goes where. Required.
        mappings: Vec<CsvMapping> => "mappings",
        /// The path of these settings. Set by the service.
        self_uri: String => "selfUri",
    }
}

model! {
    /// One column, and the field that it goes into.
    pub struct CsvMapping {
        /// The name of the column, in any case. Required.
        source_field: String => "sourceField",
        /// The field, as a path such as `$.firstName` or `$.workPhone.display`. Required.
        target_field: String => "targetField",
    }
}

impl CsvMapping {
    /// Says that a column goes into a field: `$.firstName`, `$.workPhone.display`.
    ///
    /// ```
    /// use genesys_external_contacts::imports::CsvMapping;
    ///
    /// let mapping = CsvMapping::new("First name", "$.firstName");
    /// assert_eq!(mapping.target_field.as_deref(), Some("$.firstName"));
    /// ```
    pub fn new(column: impl Into<String>, field: impl Into<String>) -> Self {
        Self::default().with_source_field(column).with_target_field(field)
    }
}

model! {
    /// How records are imported: what makes two of them the same, and what then.
    pub struct ImportSettings {
        /// The id of these settings. Set by the service.
        id: String => "id",
        /// What people call these settings. Required.
        name: String => "name",
        /// By what contacts are found again besides their external ids, in this order.
        matching_criteria: Vec<MatchingCriterion> => "matchingCriteria",
        /// What happens to contacts that match: they are merged (`true`), or the first of them is updated (`false`).
        /// Required. There is no way to undo a merge.
        merge_contacts: bool => "mergeContacts",
        /// The id of the external source in which the records have ids. Required.
        external_source_id: String => "externalSourceId",
        /// Which fields are imported. Required.
        import_fields: Vec<ImportField> => "importFields",
        /// When these settings were made. Set by the service.
        date_created: OffsetDateTime as Timestamp => "dateCreated",
        /// The path of these settings. Set by the service.
        self_uri: String => "selfUri",
    }
}

model! {
    /// By what contacts are found again.
    pub enum MatchingCriterion {
        /// Their e-mail addresses.
        Email => "Email",
        /// Their phone numbers.
        Phone => "Phone",
    }
}

model! {
    /// Whether a field is imported.
    pub struct ImportField {
        /// The field. Required.
        name: String => "name",
        /// Whether it is imported. Required.
        included: bool => "included",
    }
}

impl ImportField {
    /// A field that is imported.
    pub fn included(name: impl Into<String>) -> Self {
        Self::default().with_name(name).with_included(true)
    }
}

model! {
    /// An import that was started from a file.
    pub struct CsvJob {
        /// The import: its id is what [`ImportJobs::get`](super::ImportJobs::get) takes.
        job: EntityRef => "job",
    }
}

model! {
    /// An import, and how far it is.
    pub struct ImportJob {
        /// The import's id.
        id: String => "id",
        /// How far it is.
        status: ImportStatus => "status",
        /// More about that, in words.
        status_details: String => "statusDetails",
        /// What is being done, or was done last.
        execution_step: ImportStep => "executionStep",
        /// The figures and the reports.
        metadata: ImportMetadata => "metadata",
        /// When it was started.
        date_created: OffsetDateTime as Timestamp => "dateCreated",
        /// The division of the contacts. [`ImportJobExpand::Division`] fills it in.
        division: Division => "division",
        /// The path of the import.
        self_uri: String => "selfUri",
        /// The settings that it was started with.
        settings: EntityRef => "settings",
    }
}

model! {
    /// How far an import is.
    pub enum ImportStatus {
        /// It has not begun.
        Created => "Created",
        /// The service is at it, or it waits to be told to go on: see [`ImportStep::Validated`].
        Running => "Running",
        /// It is done.
        Completed => "Completed",
        /// It failed; [`ImportJob::status_details`] may say why.
        Failed => "Failed",
        /// Somebody cancelled it.
        Cancelled => "Cancelled",
    }
}

model! {
    /// What is done in an import.
    pub enum ImportStep {
        /// A dry run: nothing is changed.
        Validating => "Validating",
        /// The dry run is done. Nothing more happens until [`ImportAction::Continue`].
        Validated => "Validated",
        /// The contacts are being changed.
        Importing => "Importing",
    }
}

model! {
    /// The figures and the reports of an import.
    pub struct ImportMetadata {
        /// The file.
        file_name: String => "fileName",
        /// How many records would fail.
        dry_run_failed_count: i64 => "dryRunFailedCount",
        /// How many records would be imported.
        dry_run_success_count: i64 => "dryRunSuccessCount",
        /// Where the report of the dry run is. Treat it as a secret.
        dry_run_report_download_url: String => "dryRunReportDownloadUrl",
        /// How many records failed.
        import_failed_count: i64 => "importFailedCount",
        /// How many records were imported.
        import_success_count: i64 => "importSuccessCount",
        /// Where the report of the import is. Treat it as a secret.
        import_report_download_url: String => "importReportDownloadUrl",
    }
}

model! {
    /// What an import is told to do.
    pub enum ImportAction {
        /// Import what the dry run has validated.
        Continue => "Continue",
        /// End, and change nothing more.
        Cancel => "Cancel",
        /// Try again what failed.
        Retry => "Retry",
    }
}

model! {
    /// What an import was told to do.
    pub struct ImportJobUpdate {
        /// The import's id.
        job_id: String => "jobId",
        /// What it was told.
        action: ImportAction => "status",
    }
}

model! {
    /// What is fetched along with an import.
    pub enum ImportJobExpand {
        /// [`ImportJob::division`].
        Division => "division",
    }
}

model! {
    /// In which order imports and settings come, by their date.
    pub enum ImportOrder {
        /// The oldest first, which is the default.
        Ascending => "Ascending",
        /// The newest first.
        Descending => "Descending",
    }
}
