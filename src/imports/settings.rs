use std::ops::RangeInclusive;

use crate::error::Error;
use crate::imports::{ImportOrder, ImportSettings};
use crate::model::Listing;
use crate::operation::{After, Named, Operation, Paged, Request, RequestParts, Route, Sort};

/// What makes two records the same, and what then; see [`Imports::settings`](super::Imports::settings).
#[derive(Clone, Debug)]
pub struct ImportSettingsList<C> {
    client: C,
}

impl<C: Clone> ImportSettingsList<C> {
    pub(crate) fn new(client: C) -> Self {
        Self { client }
    }

    /// Lists the settings of imports.
    ///
    /// `GET /api/v2/externalcontacts/import/settings`
    ///
    /// Options: [`name`](Request::name), [`sort`](Request::sort), [`page_size`](Request::page_size), [`cursor`](Request::cursor).
    /// Whether a name is compared as a whole or by how it begins is undocumented.
    ///
    /// ```
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// for settings in client.imports().settings().list().items() {
    ///     println!("{}", settings?.id.unwrap_or_default());
    /// }
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:importSettings:viewAll`.
    ///
    /// # Limits
    ///
    /// How large a page may be is undocumented; walks ask for 25 a page.
    ///
    /// # Errors
    ///
    /// - [`ErrorKind::Cursor`](crate::ErrorKind::Cursor): the walk doesn't come to an end.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn list(&self) -> Request<C, ListImportSettings> {
        Request::new(self.client.clone(), ListImportSettings::default())
    }

    /// Creates settings and returns them as the service keeps them.
    ///
    /// `POST /api/v2/externalcontacts/import/settings`
    ///
    /// They say in which external source the records have ids, by what else contacts are found again, and whether those that
    /// match are merged, which can't be undone.
    ///
    /// ```
    /// use genesys_external_contacts::imports::{ImportField, ImportSettings, MatchingCriterion};
    /// # let sandbox = genesys_external_contacts::sandbox::Sandbox::new();
    /// # let crm = sandbox.add_external_source("CRM");
    /// # let client = sandbox.client();
    ///
    /// let settings = ImportSettings::default()
    ///     .with_name("weekly")
    ///     .with_external_source_id(crm)
    ///     .with_matching_criteria(vec![MatchingCriterion::Email])
    ///     .with_merge_contacts(false)
    ///     .with_import_fields(vec![ImportField::included("lastName"), ImportField::included("workEmail")]);
    /// let settings = client.imports().settings().create(settings).send()?;
    /// assert!(settings.id.is_some());
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:importSettings:add`.
    ///
    /// # Limits
    ///
    /// Name, external source, fields, and whether contacts are merged are required.
    ///
    /// # Errors
    ///
    /// - [`ErrorKind::Api`](crate::ErrorKind::Api) with status 400 for something that is missing, and for a source that does not exist.
    /// - When [`may_have_been_applied`](Error::may_have_been_applied), the settings may exist: [`list`](Self::list) them
    ///   before you create them again.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn create(&self, settings: ImportSettings) -> Request<C, CreateImportSettings> {
        Request::new(self.client.clone(), CreateImportSettings { settings })
    }

    /// Fetches settings.
    ///
    /// `GET /api/v2/externalcontacts/import/settings/{settingsId}`
    ///
    /// ```
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// let error = client.imports().settings().get("no such settings").send().unwrap_err();
    /// assert!(error.is_not_found());
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:importSettings:view`.
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](Error::is_not_found): there are no such settings.
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): the id is empty, `.` or `..`.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn get(&self, settings_id: impl Into<String>) -> Request<C, GetImportSettings> {
        Request::new(self.client.clone(), GetImportSettings { settings_id: settings_id.into() })
    }

    /// Replaces settings and returns them as the service keeps them. Fetch them, change them, and hand in the rest as it
    /// came.
    ///
    /// `PUT /api/v2/externalcontacts/import/settings/{settingsId}`
    ///
    /// ```
    /// # use genesys_external_contacts::imports::{ImportField, ImportSettings};
    /// # let sandbox = genesys_external_contacts::sandbox::Sandbox::new();
    /// # let source = sandbox.add_external_source("CRM");
    /// # let client = sandbox.client();
    /// # let settings = ImportSettings::default().with_name("weekly").with_merge_contacts(false);
    /// # let settings = settings.with_external_source_id(source).with_import_fields(vec![ImportField::included("lastName")]);
    /// # let id = client.imports().settings().create(settings).send()?.id.unwrap_or_default();
    /// let mut settings = client.imports().settings().get(&id).send()?;
    /// settings.name = Some("nightly".to_owned());
    /// client.imports().settings().update(&id, settings).send()?;
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:importSettings:edit`.
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
    pub fn update(&self, settings_id: impl Into<String>, settings: ImportSettings) -> Request<C, UpdateImportSettings> {
        Request::new(self.client.clone(), UpdateImportSettings { settings_id: settings_id.into(), settings })
    }

    /// Deletes settings.
    ///
    /// `DELETE /api/v2/externalcontacts/import/settings/{settingsId}`
    ///
    /// ```
    /// # use genesys_external_contacts::imports::{ImportField, ImportSettings};
    /// # let sandbox = genesys_external_contacts::sandbox::Sandbox::new();
    /// # let source = sandbox.add_external_source("CRM");
    /// # let client = sandbox.client();
    /// # let settings = ImportSettings::default().with_name("weekly").with_merge_contacts(false);
    /// # let settings = settings.with_external_source_id(source).with_import_fields(vec![ImportField::included("lastName")]);
    /// # let id = client.imports().settings().create(settings).send()?.id.unwrap_or_default();
    /// client.imports().settings().delete(&id).send()?;
    /// assert!(client.imports().settings().get(&id).optional().send()?.is_none());
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:importSettings:delete`.
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](Error::is_not_found): there are no such settings.
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): the id is empty, `.` or `..`.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn delete(&self, settings_id: impl Into<String>) -> Request<C, DeleteImportSettings> {
        Request::new(self.client.clone(), DeleteImportSettings { settings_id: settings_id.into() })
    }
}

/// `GET /api/v2/externalcontacts/import/settings`; see [`ImportSettingsList::list`].
#[derive(Clone, Default)]
pub struct ListImportSettings {
    page: After,
    name: Option<String>,
    sort: Option<ImportOrder>,
}

impl Operation for ListImportSettings {
    type Output = Listing<ImportSettings>;
    const ROUTE: Route = Route::get("/api/v2/externalcontacts/import/settings");

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        self.page.write(request)?;
        request.query_opt("sortOrder", self.sort.as_ref());
        request.query_opt("name", self.name.as_ref());
        Ok(())
    }
}

impl Paged for ListImportSettings {
    type Item = ImportSettings;
    type Paging = After;
    /// The largest is undocumented.
    const PAGE_SIZES: RangeInclusive<u32> = 1..=25;

    fn paging(&mut self) -> &mut After {
        &mut self.page
    }
}

impl Named for ListImportSettings {
    fn name(&mut self) -> &mut Option<String> {
        &mut self.name
    }
}

impl Sort for ListImportSettings {
    type Order = ImportOrder;

    fn sort(&mut self) -> &mut Option<ImportOrder> {
        &mut self.sort
    }
}

/// `POST /api/v2/externalcontacts/import/settings`; see [`ImportSettingsList::create`].
#[derive(Clone)]
pub struct CreateImportSettings {
    settings: ImportSettings,
}

impl Operation for CreateImportSettings {
    type Output = ImportSettings;
    const ROUTE: Route = Route::post("/api/v2/externalcontacts/import/settings");

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.json(&self.settings)
    }
}

/// `GET /api/v2/externalcontacts/import/settings/{settingsId}`; see [`ImportSettingsList::get`].
#[derive(Clone)]
pub struct GetImportSettings {
    settings_id: String,
}

impl Operation for GetImportSettings {
    type Output = ImportSettings;
    const ROUTE: Route = Route::get("/api/v2/externalcontacts/import/settings/{settingsId}");

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.path_param("settingsId", &self.settings_id)
    }
}

/// `PUT /api/v2/externalcontacts/import/settings/{settingsId}`; see [`ImportSettingsList::update`].
#[derive(Clone)]
pub struct UpdateImportSettings {
    settings_id: String,
    settings: ImportSettings,
}

impl Operation for UpdateImportSettings {
    type Output = ImportSettings;
    const ROUTE: Route = Route::put("/api/v2/externalcontacts/import/settings/{settingsId}");

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.path_param("settingsId", &self.settings_id)?;
        request.json(&self.settings)
    }
}

/// `DELETE /api/v2/externalcontacts/import/settings/{settingsId}`; see [`ImportSettingsList::delete`].
#[derive(Clone)]
pub struct DeleteImportSettings {
    settings_id: String,
}

impl Operation for DeleteImportSettings {
    type Output = ();
    const ROUTE: Route = Route::delete("/api/v2/externalcontacts/import/settings/{settingsId}");

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.path_param("settingsId", &self.settings_id)
    }
}
