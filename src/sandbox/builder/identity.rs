//! The switches of identifiers, patches, enrichments and merges.

use super::SandboxBuilder;
use crate::sandbox::store::settings::UnknownStatus;

impl SandboxBuilder {
    /// The status of something that the service answers with a status that nobody knows. The statuses that the sandbox gives
    /// otherwise are in the documentation of [`UnknownStatus`].
    ///
    /// ```
    /// use genesys_external_contacts::Identifier;
    /// use genesys_external_contacts::enrich::{ContactEnrichment, EnrichAction};
    /// use genesys_external_contacts::sandbox::{Sandbox, UnknownStatus};
    ///
    /// let client = Sandbox::builder().status_of(UnknownStatus::NobodyToUpdate, 409).build().client();
    /// let update = ContactEnrichment::new(EnrichAction::Update, [Identifier::email("ada@example.com")], Default::default());
    /// assert!(client.contacts().enrich(update).send().unwrap_err().is_conflict());
    /// ```
    pub fn status_of(mut self, what: UnknownStatus, status: u16) -> Self {
        self.settings.statuses.insert(what, status);
        self
    }

    /// Whether all changes of a patch are made or none. Nobody knows what the service does. In the sandbox they are, unless it
    /// is told otherwise here: then those before the first that can't be made stay.
    ///
    /// ```
    /// use genesys_external_contacts::ExternalContact;
    /// use genesys_external_contacts::sandbox::Sandbox;
    ///
    /// for atomic in [false, true] {
    ///     let client = Sandbox::builder().patches_are_atomic(atomic).build().client();
    ///     let id = client.contacts().create(ExternalContact::default()).send()?.id.unwrap_or_default();
    ///     client.contacts().patch(&id).set("title", "Countess").set("workEmail", "nobody").send().unwrap_err();
    ///     assert_eq!(client.contacts().get(&id).send()?.title.is_none(), atomic);
    /// }
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    pub fn patches_are_atomic(mut self, atomic: bool) -> Self {
        self.settings.patches_are_atomic = atomic;
        self
    }

    /// Whether a record that an enrichment creates claims the matching identifiers, although they stand in none of its fields.
    /// Nobody knows what the service does, and in the sandbox it doesn't, unless it is told otherwise here.
    ///
    /// ```
    /// use genesys_external_contacts::Identifier;
    /// use genesys_external_contacts::enrich::{ContactEnrichment, EnrichAction};
    /// use genesys_external_contacts::sandbox::Sandbox;
    ///
    /// for claim in [false, true] {
    ///     let client = Sandbox::builder().enrichments_claim(claim).build().client();
    ///     let email = Identifier::email("ada@example.com");
    ///     let upsert = ContactEnrichment::new(EnrichAction::Upsert, [email.clone()], Default::default());
    ///     client.contacts().enrich(upsert).send()?;
    ///     assert_eq!(client.contacts().find_by(email).optional().send()?.is_some(), claim);
    /// }
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    pub fn enrichments_claim(mut self, claim: bool) -> Self {
        self.settings.enrichments_claim = claim;
        self
    }

    /// Whether an enrichment that adds to a list adds what stands there already. Nobody knows what the service does, and the
    /// sandbox does that unless it is told otherwise here. Lists of ids (external ids, Apple ids, those of social accounts)
    /// have each id once in any case.
    ///
    /// ```
    /// use genesys_external_contacts::enrich::{EnrichAction, OrganizationEnrichment};
    /// use genesys_external_contacts::sandbox::Sandbox;
    /// use genesys_external_contacts::{ExternalOrganization, Identifier};
    ///
    /// for repeat in [false, true] {
    ///     let sandbox = Sandbox::builder().enrichments_repeat_values(repeat).build();
    ///     let by = Identifier::external_id(sandbox.add_external_source("CRM"), "C-1842");
    ///     let acme = ExternalOrganization::default().with_name("Acme").with_tags(["customer".to_owned()]);
    ///     let client = sandbox.client();
    ///     client.organizations().upsert_by(by.clone(), acme.clone()).send()?;
    ///     let again = OrganizationEnrichment::new(EnrichAction::Update, [by], acme);
    ///     let tags = client.organizations().enrich(again).send()?.record.tags;
    ///     assert_eq!(tags.unwrap_or_default().len(), if repeat { 2 } else { 1 });
    /// }
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    pub fn enrichments_repeat_values(mut self, repeat: bool) -> Self {
        self.settings.enrichments_repeat_values = repeat;
        self
    }

    /// Whether a merge takes the notes of all contacts to the new one. Nobody knows what the service does, and the sandbox does
    /// that unless it is told otherwise here: then only a listing with `expand=mergeset` shows them.
    pub fn merges_move_notes(mut self, moves: bool) -> Self {
        self.settings.merges_move_notes = moves;
        self
    }
}
