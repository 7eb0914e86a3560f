//! Which organization it is: external ids, changes of single fields, enrichment.

use crate::enrich::{Enrich, OrganizationEnrichment, UpsertBy};
use crate::identifiers::{FindBy, Identifiers};
use crate::model::Identifier;
use crate::operation::Request;
use crate::organizations::Organizations;
use crate::organizations::model::ExternalOrganization;
use crate::patch::PatchRecord;

impl<C: Clone> Organizations<C> {
    /// The identifiers of one organization: the external ids that it alone answers to.
    pub fn identifiers(&self, organization_id: impl Into<String>) -> Identifiers<C, ExternalOrganization> {
        Identifiers::new(self.client.clone(), organization_id.into())
    }

    /// Finds the one organization that answers to an external id, or none.
    ///
    /// `POST /api/v2/externalcontacts/identifierlookup/organizations`
    ///
    /// A new or changed one is found at once, which differs from [`search`](Self::search). It only reads, so the scope
    /// `external-contacts:readonly` is enough.
    ///
    /// ```
    /// use genesys_external_contacts::Identifier;
    /// # let sandbox = genesys_external_contacts::sandbox::Sandbox::new();
    /// # let crm = sandbox.add_external_source("CRM");
    /// # let client = sandbox.client();
    /// let customer = client.organizations().find_by(Identifier::external_id(&crm, "C-1842")).optional().send()?;
    /// assert!(customer.is_none());
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:externalOrganization:view`.
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](crate::Error::is_not_found): none answers to it. [`optional`](Request::optional) makes that a
    ///   `None`.
    /// - [`ErrorKind::Api`](crate::ErrorKind::Api) with status 422 for an identifier that is no external id, or has no value.
    /// - [`is_forbidden`](crate::Error::is_forbidden) without the permission. All others that [`Error`](crate::Error) lists.
    pub fn find_by(&self, identifier: Identifier) -> Request<C, FindBy<ExternalOrganization>> {
        Request::new(self.client.clone(), FindBy::new(identifier))
    }

    /// Changes single fields of an organization, and leaves all others alone; see [`patch`](crate::patch).
    ///
    /// `PATCH /api/v2/externalcontacts/organizations/{externalOrganizationId}`
    ///
    /// ```
    /// # use genesys_external_contacts::ExternalOrganization;
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// # let new = ExternalOrganization::default().with_name("Analytical Engines");
    /// # let id = client.organizations().create(new).send()?.id.unwrap();
    /// let organization = client.organizations().patch(&id).append("tags", ["customer"]).send()?;
    /// assert_eq!(organization.tags, Some(vec!["customer".to_owned()]));
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:externalOrganization:edit`.
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](crate::Error::is_not_found): there is no such organization.
    /// - [`ErrorKind::Api`](crate::ErrorKind::Api) with status 422 when the organization can't become what it would.
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): there is no change, a field is changed twice, or with its parent,
    ///   or to what can't be in it; the id is empty, `.` or `..`.
    /// - [`is_forbidden`](crate::Error::is_forbidden) without the permission. All others that [`Error`](crate::Error) lists.
    pub fn patch(&self, organization_id: impl Into<String>) -> Request<C, PatchRecord<ExternalOrganization>> {
        Request::new(self.client.clone(), PatchRecord::new(organization_id.into()))
    }

    /// Creates an organization, or changes the one that answers to the external id: the organization is there once, however
    /// often this is called.
    ///
    /// `POST /api/v2/externalcontacts/organizations/enrich`
    ///
    /// The external id is what the organization is found by, and it is put among the organization's own
    /// [`external_ids`](ExternalOrganization::external_ids), unless it is there: an organization that is created answers to
    /// these. So a second call finds it, and calls whose answer was lost are repeated.
    ///
    /// Of an organization that is there, what you send takes the place of what it has; what you leave out stays. Lists are
    /// replaced, but for external ids, which are added. To choose otherwise, use [`enrich`](Self::enrich).
    ///
    /// ```
    /// use genesys_external_contacts::enrich::EnrichOutcome;
    /// use genesys_external_contacts::{ExternalOrganization, Identifier};
    /// # let sandbox = genesys_external_contacts::sandbox::Sandbox::new();
    /// # let crm = sandbox.add_external_source("CRM");
    /// # let client = sandbox.client();
    /// let engines = ExternalOrganization::default().with_name("Analytical Engines");
    /// let upserted = client.organizations().upsert_by(Identifier::external_id(&crm, "C-1842"), engines).send()?;
    /// assert_eq!(upserted.outcome, EnrichOutcome::Created);
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:externalOrganization:enrich`.
    ///
    /// # Limits
    ///
    /// As for [`create`](Organizations::create). After a try whose answer was lost, the outcome is `Updated` also where that
    /// try created the organization.
    ///
    /// # Errors
    ///
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): the identifier is no external id.
    /// - [`ErrorKind::Api`](crate::ErrorKind::Api) with status 422 for a value that is missing, too long or malformed.
    /// - [`is_forbidden`](crate::Error::is_forbidden) without the permission. All others that [`Error`](crate::Error) lists.
    pub fn upsert_by(
        &self,
        identifier: Identifier,
        organization: ExternalOrganization,
    ) -> Request<C, UpsertBy<ExternalOrganization>> {
        Request::new(self.client.clone(), UpsertBy::new(identifier, organization))
    }

    /// Finds an organization by external ids, and changes or creates it, as the [action](crate::enrich::EnrichAction) says.
    ///
    /// `POST /api/v2/externalcontacts/organizations/enrich`
    ///
    /// **With [`FieldAction::AlwaysUseProvided`](crate::enrich::FieldAction::AlwaysUseProvided), what you don't send is
    /// wiped.** For the usual case use [`upsert_by`](Self::upsert_by), which can be repeated; this is done once only, because
    /// nobody knows whether a second one would find what the first one created.
    ///
    /// With [`dry_run`](Request::dry_run), nothing changes, and the answer is what the organization would be.
    ///
    /// ```
    /// use genesys_external_contacts::enrich::{EnrichAction, OrganizationEnrichment};
    /// use genesys_external_contacts::{ExternalOrganization, Identifier};
    /// # let sandbox = genesys_external_contacts::sandbox::Sandbox::new();
    /// # let crm = sandbox.add_external_source("CRM");
    /// # let client = sandbox.client();
    /// let by = [Identifier::external_id(&crm, "C-1842")];
    /// let industry = ExternalOrganization::default().with_industry("Machines");
    /// let update = OrganizationEnrichment::new(EnrichAction::Update, by, industry);
    /// assert!(client.organizations().enrich(update).send().unwrap_err().is_not_found());
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:externalOrganization:enrich`.
    ///
    /// # Limits
    ///
    /// 1 to 25 identifiers, all of them external ids.
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](crate::Error::is_not_found): there is none to update.
    /// - [`is_conflict`](crate::Error::is_conflict): there is one already, and the action is to insert.
    /// - [`ErrorKind::Api`](crate::ErrorKind::Api) with status 422 for identifiers, rules or values that can't be.
    /// - When [`may_have_been_applied`](crate::Error::may_have_been_applied), [`find_by`](Self::find_by) shows what is there.
    /// - [`is_forbidden`](crate::Error::is_forbidden) without the permission. All others that [`Error`](crate::Error) lists.
    pub fn enrich(&self, enrichment: OrganizationEnrichment) -> Request<C, Enrich<ExternalOrganization>> {
        Request::new(self.client.clone(), Enrich::new(enrichment))
    }
}
