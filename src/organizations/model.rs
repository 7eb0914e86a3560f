//! What an organization is.

use serde::Serialize;
use serde::de::DeserializeOwned;
use time::OffsetDateTime;

use crate::Extra;
use crate::error::Error;
use crate::model::{
    ContactAddress, Division, ExternalDataSource, ExternalId, Identifier, Organization, PhoneNumber, Timestamp,
    TwitterId, User,
};
use crate::schemas::custom_field::CustomField;
use crate::schemas::model::DataSchema;

model! {
    /// An external organization: a company that the organization deals with.
    ///
    /// An update replaces the whole record, so change what was fetched and send it back; members that are left out may
    /// be cleared.
    pub struct ExternalOrganization {
        /// The organization's id, a UUID. The service sets it on create.
        id: String => "id",
        /// The company's name: 1 to 1000 characters without white space around them. Needed on create.
        name: String => "name",
        /// The division that the organization is in, given as `id`. It can't be changed once the record exists.
        division: Division => "division",
        /// What kind of company it is, in any words.
        company_type: String => "companyType",
        /// The line of business, in any words.
        industry: String => "industry",
        /// Postal address.
        address: ContactAddress => "address",
        /// Phone.
        phone_number: PhoneNumber => "phoneNumber",
        /// Fax.
        fax_number: PhoneNumber => "faxNumber",
        /// How many people work there.
        employee_count: i64 => "employeeCount",
        /// Revenue as a whole number; the API has no member for its currency.
        revenue: i64 => "revenue",
        /// Keywords.
        tags: Vec<String> => "tags",
        /// Web sites.
        websites: Vec<String> => "websites",
        /// Where the company's shares are traded.
        tickers: Vec<Ticker> => "tickers",
        /// Twitter account.
        twitter_id: TwitterId => "twitterId",
        /// The page of the organization in the system that is in charge of it: a complete URL of 1 to 1000 characters.
        external_system_url: String => "externalSystemUrl",
        /// When the record last changed. Set by the service.
        modify_date: OffsetDateTime as Timestamp => "modifyDate",
        /// When the record was created. Set by the service.
        create_date: OffsetDateTime as Timestamp => "createDate",
        /// The trust that the company, as a Genesys Cloud organization, has in this one. Listings and searches send it
        /// where the request asks for trustors.
        trustor: Box<Trustor> => "trustor",
        /// The schema that `custom_fields` follows. Write its `id` and `version`.
        schema: Box<DataSchema> => "schema",
        /// Custom fields by name, as JSON. Names end in the kind of the field, such as `customer_type_text`;
        /// [`custom_field`](Self::custom_field) and [`with_custom_field`](Self::with_custom_field) go by it.
        custom_fields: Extra => "customFields",
        /// What this organization alone answers to. Comes with `expand=identifiers`.
        identifiers: Vec<Identifier> => "identifiers",
        /// Ids of the organization in other systems; ten at most.
        external_ids: Vec<ExternalId> => "externalIds",
        /// Records in other systems that data of this organization came from. Comes with
        /// `expand=externalDataSources`. Set by the service.
        external_data_sources: Vec<ExternalDataSource> => "externalDataSources",
        /// The path of the organization in the API. Set by the service.
        self_uri: String => "selfUri",
        /// The id of the contact to turn to first. Only in descriptions of 2018 and earlier.
        primary_contact_id: String => "primaryContactId",
    }
}

impl ExternalOrganization {
    /// An organization by its id only, which is how a contact or a relationship names the one it belongs to.
    ///
    /// ```
    /// use genesys_external_contacts::contacts::ExternalContact;
    /// use genesys_external_contacts::organizations::ExternalOrganization;
    ///
    /// let employer = ExternalOrganization::reference("f3a2c7de-4a64-4a3b-9d5c-3a1f0e2b7c11");
    /// let contact = ExternalContact::default().with_last_name("Lovelace").with_external_organization(employer);
    ///
    /// assert_eq!(
    ///     serde_json::to_string(&contact)?,
    ///     r#"{"lastName":"Lovelace","externalOrganization":{"id":"f3a2c7de-4a64-4a3b-9d5c-3a1f0e2b7c11"}}"#
    /// );
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn reference(id: impl Into<String>) -> Self {
        Self::default().with_id(id)
    }

    /// A custom field, as the end of its name says it is to be read; `None` if the organization doesn't have it.
    ///
    /// What doesn't fit the name comes as [`CustomField::Other`].
    ///
    /// ```
    /// use genesys_external_contacts::{CustomField, ExternalOrganization};
    ///
    /// let organization: ExternalOrganization = serde_json::from_str(r#"{"customFields": {"tier_enum": "Gold"}}"#)?;
    /// assert_eq!(organization.custom_field("tier_enum"), Some(CustomField::from("Gold")));
    /// assert_eq!(organization.custom_field("branches_integer"), None);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn custom_field(&self, name: &str) -> Option<CustomField> {
        CustomField::get(self.custom_fields.as_ref(), name)
    }

    /// Sets a custom field, and leaves the others alone.
    ///
    /// The service needs to know which schema the fields follow: set `schema`, too, unless the organization has one.
    ///
    /// ```
    /// use genesys_external_contacts::{DataSchema, ExternalOrganization};
    ///
    /// let organization = ExternalOrganization::default()
    ///     .with_name("Analytical Engines")
    ///     .with_schema(DataSchema::default().with_id("1f0e2b7c-5e3f-4b0f-9d32-3a1f0e2b7c11").with_version(1))
    ///     .with_custom_field("tier_enum", "Gold")?
    ///     .with_custom_field("partner_checkbox", true)?;
    ///
    /// assert!(organization.with_custom_field("partner_checkbox", "yes").is_err());
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
    /// use genesys_external_contacts::ExternalOrganization;
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
    /// let organization: ExternalOrganization = serde_json::from_str(
    ///     r#"{"customFields": {"segment_text": "Retail", "visits_integer": 3, "since_date": "2019-04-01"}}"#,
    /// )?;
    /// let mut customer: Customer = organization.custom_fields_as()?;
    /// assert_eq!(customer.segment, "Retail");
    ///
    /// customer.visits = Some(4);
    /// let organization = organization.with_custom_fields_from(&customer)?;
    /// assert_eq!(organization.custom_field("visits_integer"), Some(4.into()));
    /// assert!(organization.custom_field("since_date").is_some());
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
    /// use genesys_external_contacts::{DataSchema, ExternalOrganization, JsonSchemaDocument, SchemaField};
    /// use serde::Serialize;
    ///
    /// #[derive(Serialize)]
    /// struct Customer {
    ///     tier_enum: &'static str,
    /// }
    ///
    /// // `client.organizations().schemas().get(id)` gives one like it.
    /// let tier = SchemaField::choice("tier", "Tier", ["Gold", "Silver"]);
    /// let document = JsonSchemaDocument::of_fields("Customers", [tier])?;
    /// let schema = DataSchema::default().with_version(1).with_json_schema(document);
    ///
    /// let organization = ExternalOrganization::default().with_schema(schema).with_custom_fields_from(&Customer { tier_enum: "Gold" })?;
    /// let error = organization.with_custom_fields_from(&Customer { tier_enum: "Bronze" }).unwrap_err();
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

model! {
    /// Where the shares of an [`ExternalOrganization`] are traded.
    pub struct Ticker {
        /// The symbol of the share, such as `AAPL`. Needed on create.
        symbol: String => "symbol",
        /// The stock exchange, such as `NASDAQ`. Needed on create.
        exchange: String => "exchange",
    }
}

model! {
    /// The trust of another Genesys Cloud organization: its users (the trustor's) let users of this one work there.
    pub struct Trustor {
        /// The id of the Genesys Cloud organization that trusts. Set by the service.
        id: String => "id",
        /// Whether the trust holds. While it is false, nobody has access, whoever was given it before. Needed on
        /// create.
        enabled: bool => "enabled",
        /// When the trust was set up. Set by the service.
        date_created: OffsetDateTime as Timestamp => "dateCreated",
        /// Who set up the trust. Set by the service.
        created_by: Box<User> => "createdBy",
        /// The Genesys Cloud organization that trusts. Set by the service.
        organization: Box<Organization> => "organization",
        /// What the caller may do there. Set by the service.
        authorization: TrusteeAuthorization => "authorization",
        /// The path of the trust in the API. Set by the service.
        self_uri: String => "selfUri",
    }
}

model! {
    /// What a user of this organization may do in the one that trusts it; part of a [`Trustor`].
    pub struct TrusteeAuthorization {
        /// Names of permissions, such as `externalContacts:contact:view`.
        permissions: Vec<String> => "permissions",
    }
}

model! {
    /// Says which [`ExternalOrganization`] stands for a Genesys Cloud organization that trusts this one.
    pub struct ExternalOrganizationTrustorLink {
        /// The division that the link is in.
        division: Division => "division",
        /// The id of the external organization.
        external_organization_id: String => "externalOrganizationId",
        /// The id of the Genesys Cloud organization that trusts.
        trustor_org_id: String => "trustorOrgId",
        /// When the link was made.
        date_created: OffsetDateTime as Timestamp => "dateCreated",
        /// The path of the external organization in the API. Set by the service.
        external_organization_uri: String => "externalOrganizationUri",
    }
}

model! {
    /// What can be returned along with an organization.
    pub enum OrganizationExpand {
        /// Where the organization was imported from, `externalDataSources`.
        ExternalDataSources => "externalDataSources",
        /// The name of the division besides its id.
        Division => "division",
        /// The identifiers that the organization has claimed, `identifiers`.
        Identifiers => "identifiers",
        /// The whole external sources of `externalIds` and `identifiers` instead of their ids.
        ExternalSources => "externalSources",
    }
}
