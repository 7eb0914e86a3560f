//! What an enrichment is asked for.

use crate::contacts::model::ExternalContact;
use crate::model::{Division, Identifier};
use crate::organizations::model::ExternalOrganization;

model! {
    /// Finds a contact by identifiers, and changes or creates it, as [`action`](Self::action) says.
    ///
    /// ```
    /// use genesys_external_contacts::Identifier;
    /// use genesys_external_contacts::ExternalContact;
    /// use genesys_external_contacts::enrich::{ContactEnrichment, EnrichAction};
    ///
    /// let ada = ExternalContact::default().with_last_name("Lovelace").with_work_email("ada@example.com");
    /// let upsert = ContactEnrichment::new(EnrichAction::Upsert, [Identifier::email("ada@example.com")], ada);
    /// # drop(upsert);
    /// ```
    pub struct ContactEnrichment {
        /// Your own name for it, which comes back with the outcome. Only in bulk.
        id: String => "id",
        /// The division in which contacts are looked for, and in which a new one is created.
        division: Division => "division",
        /// What the contact is found by, in this order: 1 to 25.
        matching_identifiers: Vec<Identifier> => "matchingIdentifiers",
        /// What is done with what is found.
        action: EnrichAction => "action",
        /// The values. A contact that is created answers to what stands in its own fields: put the matching identifier there,
        /// too.
        contact: Box<ExternalContact> => "contact",
        /// Which value wins where the contact has one already.
        field_rules: FieldRules => "fieldRules",
        /// What else is done.
        options: ContactEnrichmentOptions => "options",
    }
}

impl ContactEnrichment {
    /// What is always needed. `with_field_rules`, `with_options` and `with_division` add the rest.
    #[must_use]
    pub fn new(
        action: EnrichAction,
        identifiers: impl IntoIterator<Item = Identifier>,
        contact: ExternalContact,
    ) -> Self {
        let identifiers: Vec<_> = identifiers.into_iter().collect();
        Self::default().with_matching_identifiers(identifiers).with_action(action).with_contact(contact)
    }
}

model! {
    /// Finds an organization by external ids, and changes or creates it, as [`action`](Self::action) says.
    pub struct OrganizationEnrichment {
        /// Your own name for it, which comes back with the outcome. Only in bulk.
        id: String => "id",
        /// The division in which organizations are looked for, and in which a new one is created.
        division: Division => "division",
        /// The external ids that the organization is found by, in this order: 1 to 25.
        matching_identifiers: Vec<Identifier> => "matchingIdentifiers",
        /// What is done with what is found. Organizations can't be merged.
        action: EnrichAction => "action",
        /// The values. An organization that is created answers to its own `external_ids`: put the matching identifier there,
        /// too.
        organization: Box<ExternalOrganization> => "externalOrganization",
        /// Which value wins where the organization has one already.
        field_rules: FieldRules => "fieldRules",
    }
}

impl OrganizationEnrichment {
    /// What is always needed. `with_field_rules` and `with_division` add the rest.
    #[must_use]
    pub fn new(
        action: EnrichAction,
        identifiers: impl IntoIterator<Item = Identifier>,
        organization: ExternalOrganization,
    ) -> Self {
        let identifiers: Vec<_> = identifiers.into_iter().collect();
        Self::default().with_matching_identifiers(identifiers).with_action(action).with_organization(organization)
    }
}

/// What has a name of its own in a bulk request, which comes back with the outcome.
pub trait Tracked {
    /// The name.
    fn tracker(&mut self) -> &mut Option<String>;

    /// The name, to look at.
    fn tracker_ref(&self) -> Option<&str>;
}

impl Tracked for ContactEnrichment {
    fn tracker(&mut self) -> &mut Option<String> {
        &mut self.id
    }

    fn tracker_ref(&self) -> Option<&str> {
        self.id.as_deref()
    }
}

impl Tracked for OrganizationEnrichment {
    fn tracker(&mut self) -> &mut Option<String> {
        &mut self.id
    }

    fn tracker_ref(&self) -> Option<&str> {
        self.id.as_deref()
    }
}

model! {
    /// What an enrichment does with the record that it finds.
    pub enum EnrichAction {
        /// Merges all contacts that any of the identifiers finds, and changes the result; creates one if there is none.
        /// There is no way back from a merge. Only for contacts.
        Merge => "Merge",
        /// Changes the record that the first identifier finds which finds any; creates one if there is none.
        Upsert => "Upsert",
        /// Changes the record that is found. If there is none, it fails.
        Update => "Update",
        /// Creates a record. If one is found, it fails.
        Insert => "Insert",
    }
}

model! {
    /// Which value wins where the record has one already.
    pub struct FieldRules {
        /// For fields without a rule of their own: [`FieldAction::PreferProvided`] unless it is set here.
        default_action: FieldAction => "defaultAction",
        /// Rules for single fields.
        rules: Vec<FieldRule> => "rules",
        /// For lists without a rule of their own: [`ArrayAction::Fill`] unless it is set here.
        default_array_action: ArrayAction => "defaultArrayAction",
    }
}

model! {
    /// Which value wins in one field.
    pub struct FieldRule {
        /// Which field: its path, such as `$.address.address1`.
        field: String => "field",
        /// Which value wins.
        action: FieldAction => "action",
        /// If the field is a list: what becomes of its elements.
        array_action: ArrayAction => "arrayAction",
    }
}

model! {
    /// Which of two values wins: the one that the record has, or the one that was sent.
    pub enum FieldAction {
        /// **Wipes the field if nothing is sent for it**: what is left out counts as a null, and the null wins. As the
        /// default action, it empties every field of the record that is not sent.
        AlwaysUseProvided => "AlwaysUseProvided",
        /// The record's value, unless the record has none.
        PreferExisting => "PreferExisting",
        /// The value that was sent, unless none was sent.
        PreferProvided => "PreferProvided",
    }
}

model! {
    /// What becomes of the elements of a list.
    pub enum ArrayAction {
        /// Those that were sent take the place of those that were there.
        Replace => "Replace",
        /// Those that were sent are added. It fails where the list can't hold so many.
        Extend => "Extend",
        /// Those that were sent are added, as many as the list can hold.
        Fill => "Fill",
    }
}

model! {
    /// What else an enrichment of a contact does.
    pub struct ContactEnrichmentOptions {
        /// Whether a contact that the service made by itself becomes a curated one, which stays and is found by searches.
        promote: bool => "promote",
    }
}
