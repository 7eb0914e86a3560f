//! The kinds of fields that schemas are made of, and the limits of schemas.

use std::marker::PhantomData;

use serde_json::Value;
use time::OffsetDateTime;

use super::field::SchemaField;
use super::model::JsonSchemaDocument;
use crate::entity::HasSchemas;
use crate::error::Error;
use crate::model::{Listing, Timestamp};
use crate::operation::{Operation, RequestParts, Response, Route};

model! {
    /// A kind of fields, such as `text`: what a field of it takes, and how far the author of a schema may narrow it.
    pub struct CoreType {
        /// The kind's id. Set by the service.
        id: String => "id",
        /// The name: the word in which the names of such fields end.
        name: String => "name",
        /// Which version of the kind this is.
        version: i64 => "version",
        /// When this version was made.
        date_created: OffsetDateTime as Timestamp => "dateCreated",
        /// What every field of this kind follows.
        schema: CoreTypeSchema => "schema",
        /// Whether this version is the one in use.
        current: bool => "current",
        /// Which limits a field of this kind can have, by their names in `validation_limits`.
        validation_fields: Vec<String> => "validationFields",
        /// How far each limit of a field may go.
        validation_limits: ValidationLimits => "validationLimits",
        /// Which limits each item of a field can have; of tags.
        item_validation_fields: Vec<String> => "itemValidationFields",
        /// How far each limit of an item may go.
        item_validation_limits: ItemValidationLimits => "itemValidationLimits",
        /// The path of the kind in the API. Set by the service.
        self_uri: String => "selfUri",
    }
}

model! {
    /// What every field of a [`CoreType`] follows.
    pub struct CoreTypeSchema {
        /// What the kind is called.
        title: String => "title",
        /// What the kind is for.
        description: String => "description",
        /// The JSON types that a value may have. On the wire it is `type`.
        kinds: Vec<String> => "type",
        /// What each item of a list follows.
        items: CoreTypeItems => "items",
        /// The regular expression that a text matches.
        pattern: String => "pattern",
    }
}

model! {
    /// What each item of a list follows.
    pub struct CoreTypeItems {
        /// The JSON type of an item. On the wire it is `type`.
        kind: String => "type",
        /// The regular expression that an item matches.
        pattern: String => "pattern",
    }
}

model! {
    /// How far each limit of a field may go. A limit that is missing here is one that such a field doesn't have.
    pub struct ValidationLimits {
        /// Of the smallest length of a text.
        min_length: LimitRange => "minLength",
        /// Of the largest length of a text.
        max_length: LimitRange => "maxLength",
        /// Of the smallest number of items.
        min_items: LimitRange => "minItems",
        /// Of the largest number of items.
        max_items: LimitRange => "maxItems",
        /// Of the smallest number.
        minimum: LimitRange => "minimum",
        /// Of the largest number.
        maximum: LimitRange => "maximum",
    }
}

model! {
    /// How far each limit of an item may go.
    pub struct ItemValidationLimits {
        /// Of the smallest length of an item.
        min_length: LimitRange => "minLength",
        /// Of the largest length of an item.
        max_length: LimitRange => "maxLength",
    }
}

model! {
    /// The numbers that a limit may have.
    pub struct LimitRange {
        /// The smallest.
        min: i64 => "min",
        /// The largest.
        max: i64 => "max",
    }
}

model! {
    /// How many schemas and fields there may be, and how long their names may be.
    pub struct SchemaLimits {
        /// The id of the limits.
        id: String => "id",
        /// What the limits are called.
        name: String => "name",
        /// The shortest name of a field.
        min_field_name_characters: i64 => "minFieldNameCharacters",
        /// The longest name of a field.
        max_field_name_characters: i64 => "maxFieldNameCharacters",
        /// The shortest title of a field.
        min_field_title_characters: i64 => "minFieldTitleCharacters",
        /// The longest title of a field.
        max_field_title_characters: i64 => "maxFieldTitleCharacters",
        /// The shortest description of a field.
        min_field_description_characters: i64 => "minFieldDescriptionCharacters",
        /// The longest description of a field.
        max_field_description_characters: i64 => "maxFieldDescriptionCharacters",
        /// The shortest name of a schema.
        min_schema_name_characters: i64 => "minSchemaNameCharacters",
        /// The longest name of a schema.
        max_schema_name_characters: i64 => "maxSchemaNameCharacters",
        /// The shortest description of a schema.
        min_schema_description_characters: i64 => "minSchemaDescriptionCharacters",
        /// The longest description of a schema.
        max_schema_description_characters: i64 => "maxSchemaDescriptionCharacters",
        /// How many schemas an organization may have.
        max_number_of_schemas_per_org: i64 => "maxNumberOfSchemasPerOrg",
        /// How many fields a schema may have.
        max_number_of_fields_per_schema: i64 => "maxNumberOfFieldsPerSchema",
        /// How many fields all schemas of an organization may have together.
        max_number_of_fields_per_org: i64 => "maxNumberOfFieldsPerOrg",
        /// The path of the limits in the API.
        self_uri: String => "selfUri",
    }
}

/// `GET …/schemas/coretypes`; see [`Schemas::core_types`](super::Schemas::core_types).
#[derive(Clone)]
pub struct ListCoreTypes<E> {
    owner: PhantomData<fn() -> E>,
}

impl<E> ListCoreTypes<E> {
    pub(super) fn new() -> Self {
        Self { owner: PhantomData }
    }
}

impl<E: HasSchemas> Operation for ListCoreTypes<E> {
    type Output = Listing<CoreType>;
    const ROUTE: Route = E::CORE_TYPES;

    fn write(&self, _: &mut RequestParts) -> Result<(), Error> {
        Ok(())
    }

    fn read(&self, response: &Response) -> Result<Self::Output, Error> {
        let listing: Self::Output = response.json()?;
        if listing.entities.is_none() && listing.extra.contains_key("version") {
            let core_type: CoreType = response.json()?;
            return Ok(Listing::default().with_total(1).with_entities([core_type]));
        }
        Ok(listing)
    }
}

/// `GET …/schemas/coretypes/{coreTypeName}`; see [`Schemas::core_type`](super::Schemas::core_type).
#[derive(Clone)]
pub struct GetCoreType<E> {
    name: String,
    owner: PhantomData<fn() -> E>,
}

impl<E> GetCoreType<E> {
    pub(super) fn new(name: String) -> Self {
        Self { name, owner: PhantomData }
    }
}

impl<E: HasSchemas> Operation for GetCoreType<E> {
    type Output = CoreType;
    const ROUTE: Route = E::CORE_TYPE;

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.path_param("coreTypeName", &self.name)
    }
}

/// `GET …/schemas/limits`; see [`Schemas::limits`](super::Schemas::limits).
#[derive(Clone)]
pub struct GetSchemaLimits<E> {
    owner: PhantomData<fn() -> E>,
}

impl<E> GetSchemaLimits<E> {
    pub(super) fn new() -> Self {
        Self { owner: PhantomData }
    }
}

impl<E: HasSchemas> Operation for GetSchemaLimits<E> {
    type Output = SchemaLimits;
    const ROUTE: Route = E::LIMITS;

    fn write(&self, _: &mut RequestParts) -> Result<(), Error> {
        Ok(())
    }
}

impl SchemaField {
    /// Holds the field against the limits of the service: the lengths of its name, title and description against `limits`
    /// ([`Schemas::limits`](super::Schemas::limits)), its own limits against its kind
    /// ([`Schemas::core_type`](super::Schemas::core_type)), where that is given.
    ///
    /// ```
    /// use genesys_external_contacts::SchemaField;
    /// use genesys_external_contacts::schemas::SchemaLimits;
    ///
    /// let limits = SchemaLimits::default().with_max_field_title_characters(10);
    /// let error = SchemaField::text("segment", "Line of business").check_limits(&limits, None).unwrap_err();
    /// assert!(error.to_string().contains("title"), "{error}");
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) that names the field and what is too long, too short, too small or
    /// too large, and for a `core_type` of another kind than the field.
    pub fn check_limits(&self, limits: &SchemaLimits, core_type: Option<&CoreType>) -> Result<(), Error> {
        let name = self.wire_name();
        let problem = check_texts(name, self.schema(), limits)
            .or_else(|| core_type.and_then(|core_type| check_kind(self.kind_word(), self.schema(), core_type)));
        refuse(name, problem)
    }
}

impl JsonSchemaDocument {
    /// Holds the document against the limits of the service: how many fields there are, and how long their names, titles and
    /// descriptions.
    ///
    /// ```
    /// use genesys_external_contacts::schemas::SchemaLimits;
    /// use genesys_external_contacts::{JsonSchemaDocument, SchemaField};
    ///
    /// let fields = (0..26).map(|number| SchemaField::checkbox(format!("box_{number}"), format!("Box {number}")));
    /// let document = JsonSchemaDocument::of_fields("Boxes", fields)?;
    /// assert!(document.check_limits(&SchemaLimits::default().with_max_number_of_fields_per_schema(25)).is_err());
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) that names what is too much, too long or too short.
    pub fn check_limits(&self, limits: &SchemaLimits) -> Result<(), Error> {
        let Some(fields) = &self.properties else { return Ok(()) };
        if let Some(most) = limits.max_number_of_fields_per_schema
            && fields.len() as u64 > most.unsigned_abs()
        {
            return Err(Error::invalid("properties", format!("holds {} fields, and may hold {most}", fields.len())));
        }
        for (name, field) in fields {
            let Value::Object(field) = field else { continue };
            refuse(name, check_texts(name, field, limits))?;
        }
        Ok(())
    }
}

fn refuse(name: &str, problem: Option<String>) -> Result<(), Error> {
    problem.map_or(Ok(()), |problem| Err(Error::invalid("properties", format!("{name:?} has {problem}"))))
}

fn check_texts(name: &str, field: &crate::Extra, limits: &SchemaLimits) -> Option<String> {
    let text = |member: &str| field.get(member).and_then(Value::as_str).unwrap_or_default();
    let (least_name, most_name) = (limits.min_field_name_characters, limits.max_field_name_characters);
    let (least_title, most_title) = (limits.min_field_title_characters, limits.max_field_title_characters);
    let most_description = limits.max_field_description_characters;
    let description = text("description");
    // A description may be left out, and an empty one is none.
    let least_description = limits.min_field_description_characters.filter(|_| !description.is_empty());
    [
        ("name", name, least_name, most_name),
        ("title", text("title"), least_title, most_title),
        ("description", description, least_description, most_description),
    ]
    .into_iter()
    .find_map(|(what, text, least, most)| {
        let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
        is_outside(length, least, most).map(|allowed| format!("a {what} of {length} characters, and {allowed}"))
    })
}

fn check_kind(kind: &str, field: &crate::Extra, core_type: &CoreType) -> Option<String> {
    if let Some(name) = core_type.name.as_deref()
        && name != kind
    {
        return Some(format!("the kind {kind}, and was held against the kind {name}"));
    }
    let own = core_type.validation_limits.clone().unwrap_or_default();
    let items = core_type.item_validation_limits.clone().unwrap_or_default();
    let of_items = field.get("items").and_then(Value::as_object);
    let number = |object: Option<&crate::Extra>, member: &str| object?.get(member).and_then(Value::as_f64);
    [
        ("minLength", number(Some(field), "minLength"), own.min_length),
        ("maxLength", number(Some(field), "maxLength"), own.max_length),
        ("minItems", number(Some(field), "minItems"), own.min_items),
        ("maxItems", number(Some(field), "maxItems"), own.max_items),
        ("minimum", number(Some(field), "minimum"), own.minimum),
        ("maximum", number(Some(field), "maximum"), own.maximum),
        ("minLength of its items", number(of_items, "minLength"), items.min_length),
        ("maxLength of its items", number(of_items, "maxLength"), items.max_length),
    ]
    .into_iter()
    .find_map(|(what, number, range)| {
        let (number, range) = (number?, range?);
        let (least, most) = (range.min.map(|least| least as f64), range.max.map(|most| most as f64));
        is_outside(number, least, most).map(|allowed| format!("the {what} {number}, and {allowed}"))
    })
}

/// What is allowed instead, if the number is not.
fn is_outside<N: PartialOrd + std::fmt::Display>(number: N, least: Option<N>, most: Option<N>) -> Option<String> {
    if let Some(least) = least.filter(|least| number < *least) {
        return Some(format!("at least {least} is allowed"));
    }
    most.filter(|most| number > *most).map(|most| format!("at most {most} is allowed"))
}
