//! The schemas of custom fields, of contacts (`client.contacts().schemas()`) and of organizations
//! (`client.organizations().schemas()`).
//!
//! Both work the same way, except that only schemas of contacts can be deleted; [`HasSchemas`] has the paths.

mod check;
mod core_type;
pub(crate) mod custom_field;
mod field;
pub(crate) mod model;

use std::fmt;
use std::marker::PhantomData;

pub use core_type::{
    CoreType, CoreTypeItems, CoreTypeSchema, GetCoreType, GetSchemaLimits, ItemValidationLimits, LimitRange,
    ListCoreTypes, SchemaLimits, ValidationLimits,
};
pub use custom_field::CustomField;
pub use field::SchemaField;
pub use model::{DataSchema, JsonSchemaDocument};

use crate::contacts::model::ExternalContact;
use crate::entity::HasSchemas;
use crate::error::Error;
use crate::model::Listing;
use crate::operation::{Operation, Request, RequestParts, Response, Route};

/// The schemas of custom fields; see [`Contacts::schemas`](crate::contacts::Contacts::schemas) and
/// [`Organizations::schemas`](crate::organizations::Organizations::schemas).
#[derive(Clone)]
pub struct Schemas<C, E> {
    client: C,
    owner: PhantomData<fn() -> E>,
}

impl<C: Clone, E: HasSchemas> Schemas<C, E> {
    pub(crate) fn new(client: C) -> Self {
        Self { client, owner: PhantomData }
    }

    /// Lists the schemas, all at once.
    ///
    /// `GET /api/v2/externalcontacts/contacts/schemas`\
    /// `GET /api/v2/externalcontacts/organizations/schemas`
    ///
    /// ```
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// for schema in client.contacts().schemas().list().send()? {
    ///     println!("{} version {}", schema.name.unwrap_or_default(), schema.version.unwrap_or_default());
    /// }
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:customFields:view`.
    ///
    /// # Errors
    ///
    /// [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn list(&self) -> Request<C, ListSchemas<E>> {
        Request::new(self.client.clone(), ListSchemas { owner: PhantomData })
    }

    /// Creates a schema and returns it as the service keeps it, with its id and version.
    ///
    /// `POST /api/v2/externalcontacts/contacts/schemas`\
    /// `POST /api/v2/externalcontacts/organizations/schemas`
    ///
    /// ```
    /// use genesys_external_contacts::{DataSchema, JsonSchemaDocument, SchemaField};
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    ///
    /// let segment = SchemaField::text("segment", "Segment").required();
    /// let tier = SchemaField::choice("tier", "Tier", ["Gold", "Silver"]);
    /// let document = JsonSchemaDocument::of_fields("Customers", [segment, tier])?;
    /// let schema = DataSchema::default().with_name("Customers").with_version(0).with_json_schema(document);
    /// let schema = client.contacts().schemas().create(schema).send()?;
    /// assert!(schema.id.is_some());
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:customFields:add`.
    ///
    /// # Limits
    ///
    /// An organization has at most 20 schemas with at most 25 fields each. Once a field exists, the vendor's own
    /// administration can only disable it.
    ///
    /// # Errors
    ///
    /// - [`is_conflict`](Error::is_conflict): there is such a schema already.
    /// - [`ErrorKind::Api`](crate::ErrorKind::Api) with status 422 or 400 for a document that the service doesn't take.
    /// - When [`may_have_been_applied`](Error::may_have_been_applied), the schema may exist: list them before you
    ///   create it again. All others that [`Error`] lists.
    pub fn create(&self, schema: DataSchema) -> Request<C, CreateSchema<E>> {
        Request::new(self.client.clone(), CreateSchema { schema, owner: PhantomData })
    }

    /// Fetches the current version of a schema.
    ///
    /// `GET /api/v2/externalcontacts/contacts/schemas/{schemaId}`\
    /// `GET /api/v2/externalcontacts/organizations/schemas/{schemaId}`
    ///
    /// ```
    /// # use genesys_external_contacts::{DataSchema, JsonSchemaDocument};
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// # let new = DataSchema::default().with_name("Customers").with_version(0);
    /// # let new = new.with_json_schema(JsonSchemaDocument::default().with_title("Customers"));
    /// # let id = client.contacts().schemas().create(new).send()?.id.unwrap();
    /// let schema = client.contacts().schemas().get(&id).send()?;
    /// assert_eq!(schema.name.as_deref(), Some("Customers"));
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:customFields:view`.
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](Error::is_not_found): there is no such schema. [`optional`](Request::optional) makes that a
    ///   `None`.
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): the id is empty, `.` or `..`.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn get(&self, schema_id: impl Into<String>) -> Request<C, GetSchema<E>> {
        Request::new(self.client.clone(), GetSchema { schema_id: schema_id.into(), owner: PhantomData })
    }

    /// Makes a new version of a schema and returns it. The schema that is handed in carries the version it builds on:
    /// fetch it, change it, and hand in the rest as it came.
    ///
    /// `PUT /api/v2/externalcontacts/contacts/schemas/{schemaId}`\
    /// `PUT /api/v2/externalcontacts/organizations/schemas/{schemaId}`
    ///
    /// ```
    /// # use genesys_external_contacts::{DataSchema, JsonSchemaDocument};
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// # let new = DataSchema::default().with_name("Customers").with_version(0);
    /// # let new = new.with_json_schema(JsonSchemaDocument::default().with_title("Customers"));
    /// # let id = client.contacts().schemas().create(new).send()?.id.unwrap();
    /// let mut schema = client.contacts().schemas().get(&id).send()?;
    /// schema.enabled = Some(false);
    /// let schema = client.contacts().schemas().update(&id, schema).send()?;
    /// assert_eq!(schema.enabled, Some(false));
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:customFields:edit`.
    ///
    /// # Errors
    ///
    /// - [`is_conflict`](Error::is_conflict): the version is not the current one. Fetch the schema and change it again.
    /// - [`is_not_found`](Error::is_not_found): there is no such schema.
    /// - [`ErrorKind::Api`](crate::ErrorKind::Api) with status 422 or 400 for a document that the service doesn't take.
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): the id is empty, `.` or `..`.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn update(&self, schema_id: impl Into<String>, schema: DataSchema) -> Request<C, UpdateSchema<E>> {
        Request::new(self.client.clone(), UpdateSchema { schema_id: schema_id.into(), schema, owner: PhantomData })
    }

    /// Lists all versions of a schema.
    ///
    /// `GET /api/v2/externalcontacts/contacts/schemas/{schemaId}/versions`\
    /// `GET /api/v2/externalcontacts/organizations/schemas/{schemaId}/versions`
    ///
    /// Until July 2025 the API answered with a single schema. Such an answer becomes a listing of one.
    ///
    /// ```
    /// # use genesys_external_contacts::{DataSchema, JsonSchemaDocument};
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// # let new = DataSchema::default().with_name("Customers").with_version(0);
    /// # let new = new.with_json_schema(JsonSchemaDocument::default().with_title("Customers"));
    /// # let id = client.contacts().schemas().create(new).send()?.id.unwrap();
    /// let versions = client.contacts().schemas().versions(&id).send()?;
    /// assert_eq!(versions.into_iter().count(), 1);
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:customFields:view`.
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](Error::is_not_found): there is no such schema.
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): the id is empty, `.` or `..`.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn versions(&self, schema_id: impl Into<String>) -> Request<C, ListSchemaVersions<E>> {
        Request::new(self.client.clone(), ListSchemaVersions { schema_id: schema_id.into(), owner: PhantomData })
    }

    /// Fetches one version of a schema.
    ///
    /// `GET /api/v2/externalcontacts/contacts/schemas/{schemaId}/versions/{versionId}`\
    /// `GET /api/v2/externalcontacts/organizations/schemas/{schemaId}/versions/{versionId}`
    ///
    /// ```
    /// # use genesys_external_contacts::{DataSchema, JsonSchemaDocument};
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// # let new = DataSchema::default().with_name("Customers").with_version(0);
    /// # let new = new.with_json_schema(JsonSchemaDocument::default().with_title("Customers"));
    /// # let created = client.contacts().schemas().create(new).send()?;
    /// # let (id, version) = (created.id.unwrap(), created.version.unwrap());
    /// let schema = client.contacts().schemas().version(&id, version.to_string()).send()?;
    /// assert_eq!(schema.version, Some(version));
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:customFields:view`.
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](Error::is_not_found): there is no such schema, or it has no such version.
    ///   [`optional`](Request::optional) makes that a `None`.
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): an id is empty, `.` or `..`.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn version(
        &self,
        schema_id: impl Into<String>,
        version_id: impl Into<String>,
    ) -> Request<C, GetSchemaVersion<E>> {
        let operation =
            GetSchemaVersion { schema_id: schema_id.into(), version_id: version_id.into(), owner: PhantomData };
        Request::new(self.client.clone(), operation)
    }
}

impl<C: Clone, E: HasSchemas> Schemas<C, E> {
    /// Lists the kinds of fields that there are, all at once: what each of them takes, and how far an author of a schema may
    /// narrow it.
    ///
    /// `GET /api/v2/externalcontacts/contacts/schemas/coretypes`\
    /// `GET /api/v2/externalcontacts/organizations/schemas/coretypes`
    ///
    /// Descriptions before mid-2025 promise a single one; such an answer becomes a listing of one.
    ///
    /// ```
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// for core_type in client.contacts().schemas().core_types().send()?.entities.unwrap_or_default() {
    ///     println!("{}", core_type.name.unwrap_or_default());
    /// }
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:customFields:view`.
    ///
    /// # Errors
    ///
    /// [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn core_types(&self) -> Request<C, ListCoreTypes<E>> {
        Request::new(self.client.clone(), ListCoreTypes::new())
    }

    /// Fetches one kind of fields by its name: `text`, `longtext`, `url`, `identifier`, `enum`, `date`, `datetime`,
    /// `integer`, `number`, `checkbox` or `tag`.
    ///
    /// `GET /api/v2/externalcontacts/contacts/schemas/coretypes/{coreTypeName}`\
    /// `GET /api/v2/externalcontacts/organizations/schemas/coretypes/{coreTypeName}`
    ///
    /// [`SchemaField::check_limits`] holds a field against it.
    ///
    /// ```
    /// use genesys_external_contacts::SchemaField;
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    ///
    /// let schemas = client.contacts().schemas();
    /// let (limits, text) = (schemas.limits().send()?, schemas.core_type("text").send()?);
    /// assert!(SchemaField::text("segment", "Segment").check_limits(&limits, Some(&text)).is_ok());
    /// let novel = SchemaField::text("novel", "Novel").with_length(0..=1_000_000);
    /// assert!(novel.check_limits(&limits, Some(&text)).is_err());
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:customFields:view`.
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](Error::is_not_found): there is no such kind.
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): the name is empty, `.` or `..`.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn core_type(&self, name: impl Into<String>) -> Request<C, GetCoreType<E>> {
        Request::new(self.client.clone(), GetCoreType::new(name.into()))
    }

    /// Fetches how many schemas and fields there may be, and how long their names may be.
    ///
    /// `GET /api/v2/externalcontacts/contacts/schemas/limits`\
    /// `GET /api/v2/externalcontacts/organizations/schemas/limits`
    ///
    /// [`JsonSchemaDocument::check_limits`] holds a document against them, [`SchemaField::check_limits`] a field.
    ///
    /// ```
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// let limits = client.contacts().schemas().limits().send()?;
    /// println!("{:?} fields in a schema", limits.max_number_of_fields_per_schema);
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:customFields:view`.
    ///
    /// # Errors
    ///
    /// [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn limits(&self) -> Request<C, GetSchemaLimits<E>> {
        Request::new(self.client.clone(), GetSchemaLimits::new())
    }
}

impl<C: Clone> Schemas<C, ExternalContact> {
    /// Deletes a schema. The API can do this for schemas of contacts only:
    ///
    /// ```compile_fail,E0599
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// client.organizations().schemas().delete("an-id");
    /// ```
    ///
    /// `DELETE /api/v2/externalcontacts/contacts/schemas/{schemaId}`
    ///
    /// ```
    /// # use genesys_external_contacts::{DataSchema, JsonSchemaDocument};
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// # let new = DataSchema::default().with_name("Customers").with_version(0);
    /// # let new = new.with_json_schema(JsonSchemaDocument::default().with_title("Customers"));
    /// # let id = client.contacts().schemas().create(new).send()?.id.unwrap();
    /// client.contacts().schemas().delete(&id).send()?;
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:customFields:edit`.
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](Error::is_not_found): there is no such schema (any more). [`optional`](Request::optional)
    ///   makes that a `None`.
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): the id is empty, `.` or `..`.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn delete(&self, schema_id: impl Into<String>) -> Request<C, DeleteSchema> {
        Request::new(self.client.clone(), DeleteSchema { schema_id: schema_id.into() })
    }
}

impl<C, E> fmt::Debug for Schemas<C, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Schemas")
    }
}

/// `GET …/schemas`; see [`Schemas::list`].
#[derive(Clone)]
pub struct ListSchemas<E> {
    owner: PhantomData<fn() -> E>,
}

impl<E: HasSchemas> Operation for ListSchemas<E> {
    type Output = Listing<DataSchema>;
    const ROUTE: Route = E::LIST;

    fn write(&self, _: &mut RequestParts) -> Result<(), Error> {
        Ok(())
    }
}

/// `POST …/schemas`; see [`Schemas::create`].
#[derive(Clone)]
pub struct CreateSchema<E> {
    schema: DataSchema,
    owner: PhantomData<fn() -> E>,
}

impl<E: HasSchemas> Operation for CreateSchema<E> {
    type Output = DataSchema;
    const ROUTE: Route = E::CREATE;

    #[inline]
    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.json(&self.schema)
    }
}

/// `GET …/schemas/{schemaId}`; see [`Schemas::get`].
#[derive(Clone)]
pub struct GetSchema<E> {
    schema_id: String,
    owner: PhantomData<fn() -> E>,
}

impl<E: HasSchemas> Operation for GetSchema<E> {
    type Output = DataSchema;
    const ROUTE: Route = E::GET;

    #[inline]
    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.path_param("schemaId", &self.schema_id)
    }
}

/// `PUT …/schemas/{schemaId}`; see [`Schemas::update`].
#[derive(Clone)]
pub struct UpdateSchema<E> {
    schema_id: String,
    schema: DataSchema,
    owner: PhantomData<fn() -> E>,
}

impl<E: HasSchemas> Operation for UpdateSchema<E> {
    type Output = DataSchema;
    const ROUTE: Route = E::UPDATE;

    #[inline]
    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.path_param("schemaId", &self.schema_id)?;
        request.json(&self.schema)
    }
}

/// `DELETE …/schemas/{schemaId}`; see [`Schemas::delete`].
pub struct DeleteSchema {
    schema_id: String,
}

impl Operation for DeleteSchema {
    type Output = ();
    const ROUTE: Route = Route::delete("/api/v2/externalcontacts/contacts/schemas/{schemaId}");

    #[inline]
    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.path_param("schemaId", &self.schema_id)
    }
}

/// `GET …/schemas/{schemaId}/versions`; see [`Schemas::versions`].
#[derive(Clone)]
pub struct ListSchemaVersions<E> {
    schema_id: String,
    owner: PhantomData<fn() -> E>,
}

impl<E: HasSchemas> Operation for ListSchemaVersions<E> {
    type Output = Listing<DataSchema>;
    const ROUTE: Route = E::VERSIONS;

    #[inline]
    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.path_param("schemaId", &self.schema_id)
    }

    fn read(&self, response: &Response) -> Result<Self::Output, Error> {
        let listing: Self::Output = response.json()?;
        if listing.entities.is_none() && listing.extra.contains_key("version") {
            let schema: DataSchema = response.json()?;
            return Ok(Listing::default().with_entities([schema]).with_total(1));
        }
        Ok(listing)
    }
}

/// `GET …/schemas/{schemaId}/versions/{versionId}`; see [`Schemas::version`].
#[derive(Clone)]
pub struct GetSchemaVersion<E> {
    schema_id: String,
    version_id: String,
    owner: PhantomData<fn() -> E>,
}

impl<E: HasSchemas> Operation for GetSchemaVersion<E> {
    type Output = DataSchema;
    const ROUTE: Route = E::VERSION;

    #[inline]
    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.path_param("schemaId", &self.schema_id)?;
        request.path_param("versionId", &self.version_id)
    }
}
