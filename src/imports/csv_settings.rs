use std::ops::RangeInclusive;

use crate::error::Error;
use crate::imports::CsvSettings;
use crate::model::Listing;
use crate::operation::{After, Operation, Paged, Request, RequestParts, Route};

/// Which column of a file goes into which field; see [`Imports::csv_settings`](super::Imports::csv_settings).
#[derive(Clone, Debug)]
pub struct CsvSettingsList<C> {
    client: C,
}

impl<C: Clone> CsvSettingsList<C> {
    pub(crate) fn new(client: C) -> Self {
        Self { client }
    }

    /// Lists the mappings of columns to fields.
    ///
    /// `GET /api/v2/externalcontacts/import/csv/settings`
    ///
    /// Options: [`external_settings_id`](Request::external_settings_id), [`page_size`](Request::page_size), [`cursor`](Request::cursor).
    ///
    /// ```
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// for settings in client.imports().csv_settings().list().items() {
    ///     println!("{}", settings?.id.unwrap_or_default());
    /// }
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:importCsvSettings:view`.
    ///
    /// # Limits
    ///
    /// How large a page may be is undocumented; walks ask for 25 a page.
    ///
    /// # Errors
    ///
    /// - [`ErrorKind::Cursor`](crate::ErrorKind::Cursor): the walk doesn't come to an end.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn list(&self) -> Request<C, ListCsvSettings> {
        Request::new(self.client.clone(), ListCsvSettings::default())
    }

    /// Creates settings and returns them as the service keeps them.
    ///
    /// `POST /api/v2/externalcontacts/import/csv/settings`
    ///
    /// Each column goes into a field, which a path names. The import settings that they belong to are created
    /// before.
    ///
    /// ```
    /// use genesys_external_contacts::imports::{CsvMapping, CsvSettings};
    /// # use genesys_external_contacts::imports::{ImportField, ImportSettings};
    /// # let sandbox = genesys_external_contacts::sandbox::Sandbox::new();
    /// # let source = sandbox.add_external_source("CRM");
    /// # let client = sandbox.client();
    /// # let settings = ImportSettings::default().with_name("weekly").with_merge_contacts(false);
    /// # let settings = settings.with_external_source_id(source).with_import_fields(vec![ImportField::included("lastName")]);
    /// # let id = client.imports().settings().create(settings).send()?.id.unwrap_or_default();
    ///
    /// let mappings = vec![CsvMapping::new("External ID", "$.externalIds[0].value"), CsvMapping::new("Last name", "$.lastName")];
    /// let settings = CsvSettings::default().with_external_settings_id(id).with_mappings(mappings);
    /// let settings = client.imports().csv_settings().create(settings).send()?;
    /// assert!(settings.id.is_some());
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:importCsvSettings:add`.
    ///
    /// # Limits
    ///
    /// Mappings are required, and each needs a column and a field.
    ///
    /// # Errors
    ///
    /// - [`ErrorKind::Api`](crate::ErrorKind::Api) with status 400 for something that is missing.
    /// - When [`may_have_been_applied`](Error::may_have_been_applied), the settings may exist: [`list`](Self::list) them
    ///   before you create them again.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn create(&self, settings: CsvSettings) -> Request<C, CreateCsvSettings> {
        Request::new(self.client.clone(), CreateCsvSettings { settings })
    }

    /// Fetches settings.
    ///
    /// `GET /api/v2/externalcontacts/import/csv/settings/{settingsId}`
    ///
    /// ```
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// let error = client.imports().csv_settings().get("no such settings").send().unwrap_err();
    /// assert!(error.is_not_found());
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:importCsvSettings:view`.
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](Error::is_not_found): there are no such settings.
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): the id is empty, `.` or `..`.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn get(&self, settings_id: impl Into<String>) -> Request<C, GetCsvSettings> {
        Request::new(self.client.clone(), GetCsvSettings { settings_id: settings_id.into() })
    }

    /// Replaces settings and returns them as the service keeps them. Fetch them, change them, and hand in the rest as it
    /// came.
    ///
    /// `PUT /api/v2/externalcontacts/import/csv/settings/{settingsId}`
    ///
    /// ```
    /// # use genesys_external_contacts::imports::{CsvMapping, CsvSettings, ImportField, ImportSettings};
    /// # let sandbox = genesys_external_contacts::sandbox::Sandbox::new();
    /// # let source = sandbox.add_external_source("CRM");
    /// # let client = sandbox.client();
    /// # let settings = ImportSettings::default().with_name("weekly").with_merge_contacts(false);
    /// # let settings = settings.with_external_source_id(source).with_import_fields(vec![ImportField::included("lastName")]);
    /// # let id = client.imports().settings().create(settings).send()?.id.unwrap_or_default();
    /// # let settings = CsvSettings::default().with_external_settings_id(id);
    /// # let settings = settings.with_mappings(vec![CsvMapping::new("Last name", "$.lastName")]);
    /// # let id = client.imports().csv_settings().create(settings).send()?.id.unwrap_or_default();
    /// let mut settings = client.imports().csv_settings().get(&id).send()?;
    /// settings.mappings.get_or_insert_default().push(CsvMapping::new("First name", "$.firstName"));
    /// client.imports().csv_settings().update(&id, settings).send()?;
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:importCsvSettings:edit`.
    ///
    /// # Limits
    ///
    /// As for [`create`](Self::create).
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](Error::is_not_found): there are no such settings.
    /// - [`ErrorKind::Api`](crate::ErrorKind::Api) with status 400 for something that is missing.
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): the id is empty, `.` or `..`.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn update(&self, settings_id: impl Into<String>, settings: CsvSettings) -> Request<C, UpdateCsvSettings> {
        Request::new(self.client.clone(), UpdateCsvSettings { settings_id: settings_id.into(), settings })
    }

    /// Deletes settings.
    ///
    /// `DELETE /api/v2/externalcontacts/import/csv/settings/{settingsId}`
    ///
    /// ```
    /// # use genesys_external_contacts::imports::{CsvMapping, CsvSettings, ImportField, ImportSettings};
    /// # let sandbox = genesys_external_contacts::sandbox::Sandbox::new();
    /// # let source = sandbox.add_external_source("CRM");
    /// # let client = sandbox.client();
    /// # let settings = ImportSettings::default().with_name("weekly").with_merge_contacts(false);
    /// # let settings = settings.with_external_source_id(source).with_import_fields(vec![ImportField::included("lastName")]);
    /// # let id = client.imports().settings().create(settings).send()?.id.unwrap_or_default();
    /// # let settings = CsvSettings::default().with_external_settings_id(id);
    /// # let settings = settings.with_mappings(vec![CsvMapping::new("Last name", "$.lastName")]);
    /// # let id = client.imports().csv_settings().create(settings).send()?.id.unwrap_or_default();
    /// client.imports().csv_settings().delete(&id).send()?;
    /// assert!(client.imports().csv_settings().get(&id).optional().send()?.is_none());
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:importCsvSettings:delete`.
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](Error::is_not_found): there are no such settings.
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): the id is empty, `.` or `..`.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn delete(&self, settings_id: impl Into<String>) -> Request<C, DeleteCsvSettings> {
        Request::new(self.client.clone(), DeleteCsvSettings { settings_id: settings_id.into() })
    }
}

/// `GET /api/v2/externalcontacts/import/csv/settings`; see [`CsvSettingsList::list`].
#[derive(Clone, Default)]
pub struct ListCsvSettings {
    page: After,
    external_settings_id: Option<String>,
}

impl Operation for ListCsvSettings {
    type Output = Listing<CsvSettings>;
    const ROUTE: Route = Route::get("/api/v2/externalcontacts/import/csv/settings");

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        self.page.write(request)?;
        request.query_opt("externalSettingsId", self.external_settings_id.as_ref());
        Ok(())
    }
}

impl Paged for ListCsvSettings {
    type Item = CsvSettings;
    type Paging = After;
    /// The largest is undocumented.
    const PAGE_SIZES: RangeInclusive<u32> = 1..=25;

    fn paging(&mut self) -> &mut After {
        &mut self.page
    }
}

impl<C> Request<C, ListCsvSettings> {
    /// Lists only what belongs to these import settings (`externalSettingsId`).
    pub fn external_settings_id(mut self, settings_id: impl Into<String>) -> Self {
        self.operation.external_settings_id = Some(settings_id.into());
        self
    }
}

/// `POST /api/v2/externalcontacts/import/csv/settings`; see [`CsvSettingsList::create`].
#[derive(Clone)]
pub struct CreateCsvSettings {
    settings: CsvSettings,
}

impl Operation for CreateCsvSettings {
    type Output = CsvSettings;
    const ROUTE: Route = Route::post("/api/v2/externalcontacts/import/csv/settings");

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.json(&self.settings)
    }
}

/// `GET /api/v2/externalcontacts/import/csv/settings/{settingsId}`; see [`CsvSettingsList::get`].
#[derive(Clone)]
pub struct GetCsvSettings {
    settings_id: String,
}

impl Operation for GetCsvSettings {
    type Output = CsvSettings;
    const ROUTE: Route = Route::get("/api/v2/externalcontacts/import/csv/settings/{settingsId}");

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.path_param("settingsId", &self.settings_id)
    }
}

/// `PUT /api/v2/externalcontacts/import/csv/settings/{settingsId}`; see [`CsvSettingsList::update`].
#[derive(Clone)]
pub struct UpdateCsvSettings {
    settings_id: String,
    settings: CsvSettings,
}

impl Operation for UpdateCsvSettings {
    type Output = CsvSettings;
    const ROUTE: Route = Route::put("/api/v2/externalcontacts/import/csv/settings/{settingsId}");

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.path_param("settingsId", &self.settings_id)?;
        request.json(&self.settings)
    }
}

/// `DELETE /api/v2/externalcontacts/import/csv/settings/{settingsId}`; see [`CsvSettingsList::delete`].
#[derive(Clone)]
pub struct DeleteCsvSettings {
    settings_id: String,
}

impl Operation for DeleteCsvSettings {
    type Output = ();
    const ROUTE: Route = Route::delete("/api/v2/externalcontacts/import/csv/settings/{settingsId}");

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.path_param("settingsId", &self.settings_id)
    }
}
