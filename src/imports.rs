//! `client.imports()`: contacts out of files.
//!
//! An import of a CSV file takes an upload, settings and a job, and stops in between to be told to go on.
//! [Long-running work](crate::guide::long_running) shows all of it.

mod csv_settings;
mod jobs;
mod model;
mod settings;
mod uploads;

pub use csv_settings::{
    CreateCsvSettings, CsvSettingsList, DeleteCsvSettings, GetCsvSettings, ListCsvSettings, UpdateCsvSettings,
};
pub use jobs::{GetImportJob, ImportJobs, ListImportJobs, StartCsvJob, StartImportJob, UpdateImportJob};
pub use model::{
    CsvJob, CsvLineError, CsvMapping, CsvPreview, CsvSettings, CsvUpload, CsvUploadDetails, CsvValidation,
    ImportAction, ImportField, ImportJob, ImportJobExpand, ImportJobUpdate, ImportMetadata, ImportOrder,
    ImportSettings, ImportStatus, ImportStep, MatchingCriterion, UploadHeader,
};
pub use settings::{
    CreateImportSettings, DeleteImportSettings, GetImportSettings, ImportSettingsList, ListImportSettings,
    UpdateImportSettings,
};
pub use uploads::{CsvUploads, GetCsvPreview, GetCsvUploadDetails, StartCsvUpload};

/// Contacts out of files; see [`Client::imports`](crate::Client::imports).
#[derive(Clone, Debug)]
pub struct Imports<C> {
    client: C,
}

impl<C: Clone> Imports<C> {
    pub(crate) fn new(client: C) -> Self {
        Self { client }
    }

    /// The files: start, details, preview.
    pub fn uploads(&self) -> CsvUploads<C> {
        CsvUploads::new(self.client.clone())
    }

    /// Which column of a file goes into which field: list, create, get, update, delete.
    pub fn csv_settings(&self) -> CsvSettingsList<C> {
        CsvSettingsList::new(self.client.clone())
    }

    /// What makes two records the same, and what then: list, create, get, update, delete.
    pub fn settings(&self) -> ImportSettingsList<C> {
        ImportSettingsList::new(self.client.clone())
    }

    /// The imports themselves: start, list, get, update.
    pub fn jobs(&self) -> ImportJobs<C> {
        ImportJobs::new(self.client.clone())
    }
}
