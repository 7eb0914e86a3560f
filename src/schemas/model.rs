//! What a schema is.

use serde_json::Value;
use time::OffsetDateTime;

use crate::Extra;
use crate::model::{DomainEntityRef, Timestamp};

model! {
    /// A schema of custom fields. On a contact or an organization, `id` and `version` say which one it follows.
    pub struct DataSchema {
        /// The schema's id, a UUID. The service sets it when the schema is created.
        id: String => "id",
        /// What the schema is called.
        name: String => "name",
        /// Which version of the schema this is. A new schema is sent with 0; an update must carry the current one,
        /// which the service then raises.
        version: i64 => "version",
        /// What kind of record the schema is for. Set by the service.
        applies_to: Vec<String> => "appliesTo",
        /// Whether records can be given the schema. Those that already have it keep their data either way.
        enabled: bool => "enabled",
        /// The user who made the schema. Set by the service.
        created_by: DomainEntityRef => "createdBy",
        /// When this version was made. Set by the service.
        date_created: OffsetDateTime as Timestamp => "dateCreated",
        /// The custom fields. Needed on create and update.
        json_schema: Box<JsonSchemaDocument> => "jsonSchema",
        /// The path of the schema in the API. Set by the service.
        self_uri: String => "selfUri",
    }
}

model! {
    /// The custom fields of a [`DataSchema`], as a document of JSON Schema (draft 4).
    /// [`of_fields`](Self::of_fields) writes one.
    pub struct JsonSchemaDocument {
        /// The URI that the document goes by.
        id: String => "id",
        /// The dialect: `http://json-schema.org/draft-04/schema#`. On the wire it is `$schema`.
        schema_uri: String => "$schema",
        /// What people see as the name of the set of fields.
        title: String => "title",
        /// What the fields are for.
        description: String => "description",
        /// The JSON type of `customFields`, `object`. On the wire it is `type`.
        kind: String => "type",
        /// Fields that a record must have.
        required: Vec<String> => "required",
        /// The fields by name, each with its own JSON Schema. A name ends in the kind of the field, such as `_text`,
        /// `_number`, `_date` or `_enum`, and the field refers to that kind as `#/definitions/text`.
        properties: Extra => "properties",
        /// Whether fields other than `properties` are allowed, or a schema that they have to follow.
        additional_properties: Value => "additionalProperties",
    }
}
