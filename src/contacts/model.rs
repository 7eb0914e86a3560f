//! What a contact is.

use serde::Serialize;
use serde::de::DeserializeOwned;
use time::OffsetDateTime;

use crate::Extra;
use crate::error::Error;
use crate::model::{
    AppleOpaqueId, ContactAddress, Division, EntityRef, ExternalDataSource, ExternalId, FacebookId, Identifier,
    InstagramId, LineId, PhoneNumber, Timestamp, TwitterId, WhatsAppId,
};
use crate::organizations::model::ExternalOrganization;
use crate::schemas::custom_field::CustomField;
use crate::schemas::model::DataSchema;

model! {
    /// An external contact: a person that the organization talks to.
    ///
    /// The service needs no particular member to create one. An update replaces the whole contact, so change what was
    /// fetched and send it back; members that are left out may be cleared. The service cuts white space off both ends
    /// of names, e-mail addresses and the like.
    pub struct ExternalContact {
        /// The contact's id, a UUID. Set by the service on create; bulk updates name the contact by it. If contacts
        /// were merged, it may be another one than was asked for: that of the contact they became.
        id: String => "id",
        /// The division that the contact is in, given as `id`. It can't be changed once the contact exists.
        division: Division => "division",
        /// First name, up to 1000 characters.
        first_name: String => "firstName",
        /// Middle name, up to 1000 characters.
        middle_name: String => "middleName",
        /// Last name, up to 1000 characters.
        last_name: String => "lastName",
        /// How to address the person, such as `Dr.`; up to 1000 characters.
        salutation: String => "salutation",
        /// Job title, up to 1000 characters.
        title: String => "title",
        /// Phone at work.
        work_phone: PhoneNumber => "workPhone",
        /// Mobile phone.
        cell_phone: PhoneNumber => "cellPhone",
        /// Phone at home.
        home_phone: PhoneNumber => "homePhone",
        /// Any other phone.
        other_phone: PhoneNumber => "otherPhone",
        /// E-mail address at work; a valid one of up to 256 characters.
        work_email: String => "workEmail",
        /// Private e-mail address; a valid one of up to 256 characters.
        personal_email: String => "personalEmail",
        /// Any other e-mail address; a valid one of up to 256 characters.
        other_email: String => "otherEmail",
        /// Postal address.
        address: ContactAddress => "address",
        /// Twitter account.
        twitter_id: TwitterId => "twitterId",
        /// LINE account.
        line_id: LineId => "lineId",
        /// WhatsApp account.
        whats_app_id: WhatsAppId => "whatsAppId",
        /// Facebook account.
        facebook_id: FacebookId => "facebookId",
        /// Instagram account.
        instagram_id: InstagramId => "instagramId",
        /// Ids by which Apple Messages for Business knows the person; ten at most.
        apple_opaque_ids: Vec<AppleOpaqueId> => "appleOpaqueIds",
        /// Ids of the contact in other systems; ten at most.
        external_ids: Vec<ExternalId> => "externalIds",
        /// What this contact alone answers to: phone numbers, addresses and ids that no other contact of the division
        /// has claimed. Comes with `expand=identifiers`. The service claims and releases them as the other members
        /// change.
        identifiers: Vec<Identifier> => "identifiers",
        /// When the contact last changed. Set by the service.
        modify_date: OffsetDateTime as Timestamp => "modifyDate",
        /// When the contact was created. Set by the service.
        create_date: OffsetDateTime as Timestamp => "createDate",
        /// The organization that the contact belongs to. Write its id only, as
        /// [`ExternalOrganization::reference`] does; answers hold the rest with `expand=externalOrganization`.
        external_organization: Box<ExternalOrganization> => "externalOrganization",
        /// Whether the person wants no surveys.
        survey_opt_out: bool => "surveyOptOut",
        /// The page of the contact in the system that is in charge of it: a complete URL of up to 1000 characters.
        external_system_url: String => "externalSystemUrl",
        /// The schema that `custom_fields` follows. Write its `id` and `version`.
        schema: Box<DataSchema> => "schema",
        /// Custom fields by name, as JSON. Names end in the kind of the field, such as `customer_type_text`;
        /// [`custom_field`](Self::custom_field) and [`with_custom_field`](Self::with_custom_field) go by it.
        custom_fields: Extra => "customFields",
        /// Records in other systems that data of this contact came from. Comes with `expand=externalDataSources`.
        /// Set by the service.
        external_data_sources: Vec<ExternalDataSource> => "externalDataSources",
        /// How the contact came to be and how long it stays. On the wire it is `type`. Set by the service.
        kind: ContactType => "type",
        /// The contact that stands for all contacts merged with this one; absent without a merge. Set by the service.
        canonical_contact: EntityRef => "canonicalContact",
        /// All contacts that were merged with this one, 52 at most; absent without a merge. Set by the service.
        merge_set: Vec<EntityRef> => "mergeSet",
        /// The contacts that were merged into this one. Set by the service.
        merged_from: Vec<EntityRef> => "mergedFrom",
        /// The contact that this one was merged into. Set by the service.
        merged_to: EntityRef => "mergedTo",
        /// The merge that this contact came from. Set by the service, which has sent nothing here since November 2025;
        /// see `merged_from` and `merged_to`.
        merge_operation: Box<MergeOperation> => "mergeOperation",
        /// The path of the contact in the API. Set by the service.
        self_uri: String => "selfUri",
    }
}

impl ExternalContact {
    /// The id to use for this person from now on: that of the contact which stands for all that were merged, or else the
    /// contact's own.
    ///
    /// ```
    /// use genesys_external_contacts::ExternalContact;
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// # let contacts = client.contacts();
    /// # let one = contacts.create(ExternalContact::default()).send()?.id.unwrap();
    /// # let other = contacts.create(ExternalContact::default()).send()?.id.unwrap();
    /// let merged = contacts.merge([&one, &other]).send()?;
    /// let before = contacts.get_unresolved(&one).send()?;
    /// assert!(before.is_merged_away() && !merged.is_merged_away());
    /// assert_eq!(before.canonical_id(), merged.id.as_deref());
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    #[must_use]
    pub fn canonical_id(&self) -> Option<&str> {
        let canonical = self.canonical_contact.as_ref().or(self.merged_to.as_ref());
        canonical.and_then(|contact| contact.id.as_deref()).or(self.id.as_deref())
    }

    /// Whether another contact took this one's place in a merge. Only [`get_unresolved`] returns such contacts: all else
    /// that asks for one is answered with the contact that took its place.
    ///
    /// [`get_unresolved`]: crate::contacts::Contacts::get_unresolved
    #[must_use]
    pub fn is_merged_away(&self) -> bool {
        self.merged_to.is_some() || self.canonical_id() != self.id.as_deref()
    }

    /// What to call the contact in a list or a greeting.
    ///
    /// First, middle and last name, whichever are there. Failing these, the first of: the
    /// [`best_email`](Self::best_email), the [`best_phone`](Self::best_phone) as displayed or else in E.164, the name
    /// of the organization, the id. Text of nothing but white space counts as missing. Empty if there is none of all
    /// this.
    ///
    /// ```
    /// use genesys_external_contacts::contacts::ExternalContact;
    ///
    /// let contact = ExternalContact::default().with_work_email("ada@example.com");
    /// assert_eq!(contact.display_name(), "ada@example.com");
    ///
    /// let contact = contact.with_first_name("Ada").with_last_name("Lovelace");
    /// assert_eq!(contact.display_name(), "Ada Lovelace");
    /// ```
    #[must_use]
    pub fn display_name(&self) -> String {
        let names: Vec<_> =
            [&self.first_name, &self.middle_name, &self.last_name].into_iter().filter_map(text).collect();
        if !names.is_empty() {
            return names.join(" ");
        }
        self.best_email()
            .or_else(|| self.best_phone().and_then(shown))
            .or_else(|| self.external_organization.as_ref().and_then(|organization| text(&organization.name)))
            .or_else(|| text(&self.id))
            .unwrap_or_default()
            .to_owned()
    }

    /// The phone number to try first: of work, cell, home and other the first that has a number to show, in `display`
    /// or else in `e164`. Text of nothing but white space counts as missing.
    ///
    /// ```
    /// use genesys_external_contacts::{ExternalContact, PhoneNumber};
    ///
    /// let contact = ExternalContact::default()
    ///     .with_work_phone(PhoneNumber::new(""))
    ///     .with_home_phone(PhoneNumber::new("+1 317 555 0101"))
    ///     .with_cell_phone(PhoneNumber::new("+1 317 555 0100"));
    /// let phone = contact.best_phone().and_then(|phone| phone.display.as_deref());
    /// assert_eq!(phone, Some("+1 317 555 0100"));
    /// ```
    #[must_use]
    pub fn best_phone(&self) -> Option<&PhoneNumber> {
        let phones = [&self.work_phone, &self.cell_phone, &self.home_phone, &self.other_phone];
        phones.into_iter().flatten().find(|phone| shown(phone).is_some())
    }

    /// The e-mail address to try first, without white space around it: work, personal, other. Text of nothing but
    /// white space counts as missing.
    ///
    /// ```
    /// use genesys_external_contacts::ExternalContact;
    ///
    /// let contact = ExternalContact::default().with_other_email("office@example.com").with_work_email(" ");
    /// assert_eq!(contact.best_email(), Some("office@example.com"));
    /// assert_eq!(contact.with_personal_email("ada@example.com").best_email(), Some("ada@example.com"));
    /// ```
    #[must_use]
    pub fn best_email(&self) -> Option<&str> {
        [&self.work_email, &self.personal_email, &self.other_email].into_iter().find_map(text)
    }

    /// A custom field, as the end of its name says it is to be read; `None` if the contact doesn't have it.
    ///
    /// What doesn't fit the name comes as [`CustomField::Other`].
    ///
    /// ```
    /// use genesys_external_contacts::{CustomField, ExternalContact};
    ///
    /// let contact: ExternalContact = serde_json::from_str(r#"{"customFields": {"visits_integer": 3}}"#)?;
    /// assert_eq!(contact.custom_field("visits_integer"), Some(CustomField::Integer(3)));
    /// assert_eq!(contact.custom_field("segment_text"), None);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn custom_field(&self, name: &str) -> Option<CustomField> {
        CustomField::get(self.custom_fields.as_ref(), name)
    }

    /// Sets a custom field, and leaves the others alone.
    ///
    /// The service needs to know which schema the fields follow: set `schema`, too, unless the contact has one.
    ///
    /// ```
    /// use genesys_external_contacts::{DataSchema, ExternalContact};
    ///
    /// let contact = ExternalContact::default()
    ///     .with_schema(DataSchema::default().with_id("8c810f2c-5e3f-4b0f-9d32-3a1f0e2b7c11").with_version(1))
    ///     .with_custom_field("segment_text", "Retail")?
    ///     .with_custom_field("visits_integer", 3)?;
    ///
    /// assert!(contact.with_custom_field("visits_integer", "three").is_err());
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): the end of the name says that the field is of another kind than the value, or the value
    /// can't be written: a number that is not finite, a date-time after the year 9999.
    pub fn with_custom_field(mut self, name: impl Into<String>, value: impl Into<CustomField>) -> Result<Self, Error> {
        let fields = CustomField::set(self.custom_fields.take(), name.into(), value.into())?;
        Ok(self.with_custom_fields(fields))
    }

    /// Reads all custom fields as a type of your own.
    ///
    /// Its members go by the names on the wire. Give every member that a record may lack a default, or make it an `Option`. A
    /// date-time comes as text such as `2026-01-02T03:04:05.678Z`, a date as `2026-01-02`. Fields that the type doesn't have
    /// are passed over; [`with_custom_fields_from`](Self::with_custom_fields_from) keeps them.
    ///
    /// ```
    /// use genesys_external_contacts::ExternalContact;
    /// use serde::{Deserialize, Serialize};
    ///
    /// #[derive(Deserialize, Serialize)]
    /// struct Customer {
    ///     #[serde(rename = "segment_text")]
    ///     segment: String,
    ///     #[serde(rename = "visits_integer", skip_serializing_if = "Option::is_none")]
    ///     visits: Option<i64>,
    /// }
    ///
    /// let contact: ExternalContact = serde_json::from_str(
    ///     r#"{"customFields": {"segment_text": "Retail", "visits_integer": 3, "since_date": "2019-04-01"}}"#,
    /// )?;
    /// let mut customer: Customer = contact.custom_fields_as()?;
    /// assert_eq!(customer.segment, "Retail");
    ///
    /// customer.visits = Some(4);
    /// let contact = contact.with_custom_fields_from(&customer)?;
    /// assert_eq!(contact.custom_field("visits_integer"), Some(4.into()));
    /// assert!(contact.custom_field("since_date").is_some());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) that names the field whose value is of another type, or which is
    /// missing.
    pub fn custom_fields_as<T: DeserializeOwned>(&self) -> Result<T, Error> {
        CustomField::read(self.custom_fields.as_ref())
    }

    /// Sets all custom fields that a value of your own type has, and leaves the others alone. An `Option` that is `None`
    /// clears its field, unless it is skipped as in the example of [`custom_fields_as`](Self::custom_fields_as).
    ///
    /// Each value must be of the kind that the end of its name tells, as for [`with_custom_field`](Self::with_custom_field).
    /// If [`schema`](Self::schema) has its document with it (`json_schema`), the fields are checked against that,
    /// too: that none is missing or unknown, choices, lengths, counts and ranges.
    ///
    /// ```
    /// use genesys_external_contacts::{DataSchema, ExternalContact, JsonSchemaDocument, SchemaField};
    /// use serde::Serialize;
    ///
    /// #[derive(Serialize)]
    /// struct Customer {
    ///     tier_enum: &'static str,
    /// }
    ///
    /// // `client.contacts().schemas().get(id)` gives one like it.
    /// let tier = SchemaField::choice("tier", "Tier", ["Gold", "Silver"]);
    /// let document = JsonSchemaDocument::of_fields("Customers", [tier])?;
    /// let schema = DataSchema::default().with_version(1).with_json_schema(document);
    ///
    /// let contact = ExternalContact::default().with_schema(schema).with_custom_fields_from(&Customer { tier_enum: "Gold" })?;
    /// let error = contact.with_custom_fields_from(&Customer { tier_enum: "Bronze" }).unwrap_err();
    /// assert_eq!(error.to_string(), r#"customFields: "tier_enum" must be one of the schema's choices"#);
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) that names the field: its value is of another kind than the name
    /// says, or the schema at hand doesn't allow it.
    pub fn with_custom_fields_from(mut self, fields: &impl Serialize) -> Result<Self, Error> {
        let fields = CustomField::write(self.custom_fields.take(), fields, self.schema.as_deref())?;
        Ok(self.with_custom_fields(fields))
    }
}

/// What a phone number is shown as.
fn shown(phone: &PhoneNumber) -> Option<&str> {
    text(&phone.display).or(text(&phone.e164))
}

/// What is left of a member without the white space around it, unless that is nothing.
fn text(member: &Option<String>) -> Option<&str> {
    member.as_deref().map(str::trim).filter(|text| !text.is_empty())
}

model! {
    /// How an [`ExternalContact`] came to be, and how long it stays.
    ///
    /// Searches, listings and scans find curated contacts only; others can be fetched by id.
    pub enum ContactType {
        /// Made by the service for a visitor that it knows by a cookie only. Goes 60 days after the last interaction.
        Ephemeral => "Ephemeral",
        /// Made by the service for somebody who left an address or a number. Goes 60 days after the last interaction.
        Identified => "Identified",
        /// Created by people, through the API or by an import, or promoted. Stays until it is deleted.
        Curated => "Curated",
    }
}

model! {
    /// A merge of two contacts into a new one.
    pub struct MergeOperation {
        /// The contact that was merged away.
        source_contact: EntityRef => "sourceContact",
        /// The contact that it was merged with.
        target_contact: EntityRef => "targetContact",
        /// The contact that came of it.
        resulting_contact: EntityRef => "resultingContact",
    }
}

model! {
    /// The body of [`Contacts::search_with_body`](crate::contacts::Contacts::search_with_body).
    pub struct ContactSearchRequest {
        /// Which page; the first is 1.
        page_number: i64 => "pageNumber",
        /// How many contacts a page holds.
        page_size: i64 => "pageSize",
        /// The divisions to search, at most 50.
        division_ids: Vec<String> => "divisionIds",
        /// What to return along.
        expand: Vec<String> => "expand",
        /// How to search.
        operation: ContactSearchOperation => "operation",
    }
}

model! {
    /// How to search.
    pub struct ContactSearchOperation {
        /// By words, the only way that there is.
        simple_search: ContactSimpleSearch => "simpleSearch",
    }
}

model! {
    /// A search by words.
    pub struct ContactSimpleSearch {
        /// The words. They have no special syntax.
        query: String => "query",
        /// What to sort by, such as `lastName:asc`; the first one first.
        sort_order: Vec<String> => "sortOrder",
        /// Only contacts with one of these ids, at most 100.
        ids: Vec<String> => "ids",
    }
}

model! {
    /// What can be returned along with a contact.
    pub enum ContactExpand {
        /// The whole external organization instead of its id.
        ExternalOrganization => "externalOrganization",
        /// Where the contact was imported from, `externalDataSources`.
        ExternalDataSources => "externalDataSources",
        /// The identifiers that the contact has claimed, `identifiers`.
        Identifiers => "identifiers",
        /// The whole external sources of `externalIds` and `identifiers` instead of their ids.
        ExternalSources => "externalSources",
        /// The name of the division besides its id.
        Division => "division",
    }
}

model! {
    /// Which contacts are merged, as it is sent.
    pub struct MergeContactsRequest {
        /// The ids of the contacts, 2 to 25.
        contact_ids: Vec<String> => "contactIds",
        /// The values that the new contact has, whatever the others have.
        value_override: Box<ExternalContact> => "valueOverride",
    }
}

model! {
    /// Which two contacts are merged, as it is sent by the route that the service has deprecated.
    pub struct MergeRequest {
        /// The id of one contact.
        source_contact_id: String => "sourceContactId",
        /// The id of the other one.
        target_contact_id: String => "targetContactId",
    }
}
