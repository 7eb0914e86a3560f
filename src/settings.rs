//! `client.settings()`: how external contacts behave for the agents of the organization.

use crate::error::Error;
use crate::operation::{Operation, Request, RequestParts, Route};

/// The settings of external contacts; see [`Client::settings`](crate::Client::settings).
#[derive(Clone, Debug)]
pub struct Settings<C> {
    client: C,
}

impl<C: Clone> Settings<C> {
    pub(crate) fn new(client: C) -> Self {
        Self { client }
    }

    /// Fetches the settings.
    ///
    /// `GET /api/v2/externalcontacts/settings`
    ///
    /// ```
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// let settings = client.settings().get().send()?;
    /// assert_eq!(settings.assign_divisions_to_contacts, Some(false));
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:settings:view`.
    ///
    /// # Errors
    ///
    /// [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn get(&self) -> Request<C, GetSettings> {
        Request::new(self.client.clone(), GetSettings(()))
    }

    /// Replaces the settings and returns them as the service keeps them. Fetch them, change what you want to change, and hand
    /// in the rest as it came.
    ///
    /// `PUT /api/v2/externalcontacts/settings`
    ///
    /// ```
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// let mut settings = client.settings().get().send()?;
    /// settings.assign_divisions_to_contacts = Some(true);
    /// let settings = client.settings().update(settings).send()?;
    /// assert_eq!(settings.assign_divisions_to_contacts, Some(true));
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:settings:edit`.
    ///
    /// # Errors
    ///
    /// [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn update(&self, settings: ExternalContactsSettings) -> Request<C, UpdateSettings> {
        Request::new(self.client.clone(), UpdateSettings { settings })
    }

    /// Brings the settings back to what they are at first.
    ///
    /// `DELETE /api/v2/externalcontacts/settings`
    ///
    /// ```
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// client.settings().reset().send()?;
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:settings:delete`.
    ///
    /// # Errors
    ///
    /// [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn reset(&self) -> Request<C, ResetSettings> {
        Request::new(self.client.clone(), ResetSettings(()))
    }
}

model! {
    /// The settings of external contacts. Without any of them, agents pick no divisions.
    pub struct ExternalContactsSettings {
        /// Whether an agent may pick the division of the contact in an interaction. Off at first.
        assign_divisions_to_interactions: bool => "manuallyAssignDivisionsToInteractions",
        /// Whether an agent who creates a contact may pick its division. Off at first.
        assign_divisions_to_contacts: bool => "manuallyAssignDivisionsToContacts",
    }
}

/// `GET /api/v2/externalcontacts/settings`; see [`Settings::get`].
#[derive(Clone)]
pub struct GetSettings(());

impl Operation for GetSettings {
    type Output = ExternalContactsSettings;
    const ROUTE: Route = Route::get("/api/v2/externalcontacts/settings");

    fn write(&self, _: &mut RequestParts) -> Result<(), Error> {
        Ok(())
    }
}

/// `PUT /api/v2/externalcontacts/settings`; see [`Settings::update`].
#[derive(Clone)]
pub struct UpdateSettings {
    settings: ExternalContactsSettings,
}

impl Operation for UpdateSettings {
    type Output = ExternalContactsSettings;
    const ROUTE: Route = Route::put("/api/v2/externalcontacts/settings");

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.json(&self.settings)
    }
}

/// `DELETE /api/v2/externalcontacts/settings`; see [`Settings::reset`].
#[derive(Clone)]
pub struct ResetSettings(());

impl Operation for ResetSettings {
    type Output = ();
    const ROUTE: Route = Route::delete("/api/v2/externalcontacts/settings");

    fn write(&self, _: &mut RequestParts) -> Result<(), Error> {
        Ok(())
    }
}
