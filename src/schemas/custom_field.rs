//! Custom fields as Rust values. The end of a field's name says which kind of value the field has.

use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Number, Value};
use time::{Date, OffsetDateTime};

use crate::Extra;
use crate::error::Error;
use crate::model::{Day, Timestamp};
use crate::operation::fault_of_text;
use crate::schemas::model::DataSchema;

/// The value of a custom field, read and written by the end of the field's name.
///
/// | name ends in | value |
/// |---|---|
/// | `_text`, `_longtext`, `_url`, `_identifier`, `_enum` | [`Text`](Self::Text) |
/// | `_integer` | [`Integer`](Self::Integer) |
/// | `_number` | [`Number`](Self::Number), or [`Integer`](Self::Integer) where it has no fraction on the wire |
/// | `_date` | [`Date`](Self::Date) |
/// | `_datetime` | [`DateTime`](Self::DateTime) |
/// | `_checkbox` | [`Checkbox`](Self::Checkbox) |
/// | `_tag` | [`Tags`](Self::Tags) |
/// | anything else | [`Other`](Self::Other) |
///
/// A contact and an organization each have a method to read a field and one to set it:
///
/// ```
/// use genesys_external_contacts::{CustomField, DataSchema, ExternalContact};
/// use time::macros::date;
///
/// let contact = ExternalContact::default()
///     .with_schema(DataSchema::default().with_id("8c810f2c-5e3f-4b0f-9d32-3a1f0e2b7c11").with_version(1))
///     .with_custom_field("segment_text", "Retail")?
///     .with_custom_field("children_integer", 2)?
///     .with_custom_field("customer_since_date", date!(2019-04-01))?
///     .with_custom_field("interests_tag", ["mathematics", "music"])?;
///
/// assert_eq!(contact.custom_field("segment_text"), Some(CustomField::from("Retail")));
/// if let Some(CustomField::Date(since)) = contact.custom_field("customer_since_date") {
///     assert_eq!(since.year(), 2019);
/// }
/// # Ok::<(), genesys_external_contacts::Error>(())
/// ```
///
/// The service takes custom fields together with the schema that they follow, and refuses what the schema doesn't
/// allow; here only the kind is looked at. The map `custom_fields` holds the fields as JSON. To read and write all fields
/// as a struct of your own, see [`custom_fields_as`](crate::ExternalContact::custom_fields_as).
///
/// `Debug` prints the kind and not the value, which may be personal data.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum CustomField {
    /// Text of any kind. Of a choice (`_enum`), the value that the schema lists and not its title.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction.
    Number(f64),
    /// A day.
    Date(Date),
    /// A date-time. It is written in UTC, with milliseconds, or nanoseconds where it has them.
    DateTime(OffsetDateTime),
    /// Whether the box is ticked.
    Checkbox(bool),
    /// Several short texts.
    Tags(Vec<String>),
    /// JSON as it came: a null, the value of a field whose name doesn't tell its kind, or one that doesn't fit the
    /// name, such as text in `…_integer` or a date-time before 1900. It can be written to any field and is not
    /// looked at, so a null clears a field.
    Other(Value),
}

impl CustomField {
    /// The number in an [`Integer`](Self::Integer) or a [`Number`](Self::Number), because a field `…_number` can hold
    /// either. An integer beyond 2⁵³ is rounded.
    ///
    /// ```
    /// use genesys_external_contacts::CustomField;
    ///
    /// assert_eq!(CustomField::from(7).as_f64(), Some(7.0));
    /// assert_eq!(CustomField::from(0.5).as_f64(), Some(0.5));
    /// assert_eq!(CustomField::from("7").as_f64(), None);
    /// ```
    #[must_use]
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Integer(value) => Some(*value as f64),
            Self::Number(value) => Some(*value),
            _ => None,
        }
    }

    /// Reads one of these fields.
    pub(crate) fn get(fields: Option<&Extra>, name: &str) -> Option<Self> {
        let value = fields?.get(name)?;
        Some(Self::typed(name, value).unwrap_or_else(|| Self::Other(value.clone())))
    }

    /// These fields with one of them set.
    pub(crate) fn set(fields: Option<Extra>, name: String, value: Self) -> Result<Extra, Error> {
        let refuse = |problem: String| Error::invalid("customFields", format!("{name:?} {problem}"));
        if let Some(kind) = Kind::of(&name).filter(|kind| !value.fits(*kind)) {
            return Err(refuse(format!("takes {}, not CustomField::{value:?}", kind.takes())));
        }
        let value = value.into_json().ok_or_else(|| refuse("can't hold a number or a date like that".to_owned()))?;
        let mut fields = fields.unwrap_or_default();
        fields.insert(name, value);
        Ok(fields)
    }

    /// All of these fields as a type of the caller's. Without fields, it is read from an empty object.
    pub(crate) fn read<T: DeserializeOwned>(fields: Option<&Extra>) -> Result<T, Error> {
        // From text, because serde_json says where in a text it stopped.
        let text = fields.map_or_else(|| "{}".to_owned(), |fields| Value::Object(fields.clone()).to_string());
        serde_json::from_str(&text).map_err(|error| Error::invalid("customFields", fault_of_text(&text, &error)))
    }

    /// These fields with all that `value` has set.
    pub(crate) fn write(
        fields: Option<Extra>,
        value: &impl Serialize,
        schema: Option<&DataSchema>,
    ) -> Result<Extra, Error> {
        let refuse = |problem: String| Error::invalid("customFields", problem);
        let Ok(Value::Object(new)) = serde_json::to_value(value) else {
            return Err(refuse(
                "can't be written as a JSON object; give a struct or a map with text as keys".to_owned(),
            ));
        };
        let is_misfit = |name: &str, value: &Value| !value.is_null() && Self::typed(name, value).is_none();
        for (name, value) in &new {
            if let Some(kind) = Kind::of(name).filter(|_| is_misfit(name, value)) {
                return Err(refuse(format!("{name:?} takes {}", kind.takes())));
            }
        }
        let mut fields = fields.unwrap_or_default();
        fields.extend(new);
        if let Some(document) = schema.and_then(|schema| schema.json_schema.as_ref()) {
            document.check(&fields)?;
        }
        Ok(fields)
    }

    /// What a field of that name holds, if the value is of the kind that the name promises.
    fn typed(name: &str, value: &Value) -> Option<Self> {
        Some(match Kind::of(name)? {
            Kind::Text | Kind::LongText | Kind::Url | Kind::Identifier | Kind::Choice => {
                Self::Text(value.as_str()?.to_owned())
            }
            Kind::Integer => Self::Integer(value.as_i64()?),
            Kind::Number => match value.as_i64() {
                Some(integer) => Self::Integer(integer),
                // An integer that is too large for `i64` would lose digits as `f64`.
                None if value.is_f64() => Self::Number(value.as_f64()?),
                None => return None,
            },
            Kind::Date => Self::Date(Day::deserialize(value).ok()?.into()),
            Kind::DateTime => Self::DateTime(Timestamp::deserialize(value).ok()?.into()),
            Kind::Checkbox => Self::Checkbox(value.as_bool()?),
            Kind::Tags => Self::Tags(Deserialize::deserialize(value).ok()?),
        })
    }

    /// Whether a field of that kind can hold the value.
    fn fits(&self, kind: Kind) -> bool {
        match self {
            Self::Text(_) => kind.is_text(),
            Self::Integer(_) => matches!(kind, Kind::Integer | Kind::Number),
            Self::Number(_) => kind == Kind::Number,
            Self::Date(_) => kind == Kind::Date,
            Self::DateTime(_) => kind == Kind::DateTime,
            Self::Checkbox(_) => kind == Kind::Checkbox,
            Self::Tags(_) => kind == Kind::Tags,
            Self::Other(_) => true,
        }
    }

    /// The value as the API writes it, or nothing where JSON or the API has no such value: a number that is not
    /// finite, a date-time beyond the year 9999.
    fn into_json(self) -> Option<Value> {
        fn json(value: impl Serialize) -> Option<Value> {
            serde_json::to_value(value).ok()
        }
        match self {
            Self::Text(value) => Some(Value::String(value)),
            Self::Integer(value) => Some(value.into()),
            Self::Number(value) => Number::from_f64(value).map(Value::Number),
            Self::Date(value) => json(Day::from(value)),
            Self::DateTime(value) => json(Timestamp::from(value)),
            Self::Checkbox(value) => Some(value.into()),
            Self::Tags(value) => Some(value.into()),
            Self::Other(value) => Some(value),
        }
    }
}

impl fmt::Debug for CustomField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text(_) => "Text",
            Self::Integer(_) => "Integer",
            Self::Number(_) => "Number",
            Self::Date(_) => "Date",
            Self::DateTime(_) => "DateTime",
            Self::Checkbox(_) => "Checkbox",
            Self::Tags(_) => "Tags",
            Self::Other(_) => "Other",
        })
    }
}

impl From<&str> for CustomField {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for CustomField {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<i64> for CustomField {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<i32> for CustomField {
    fn from(value: i32) -> Self {
        Self::Integer(value.into())
    }
}

impl From<u32> for CustomField {
    fn from(value: u32) -> Self {
        Self::Integer(value.into())
    }
}

impl From<f64> for CustomField {
    fn from(value: f64) -> Self {
        Self::Number(value)
    }
}

impl From<bool> for CustomField {
    fn from(value: bool) -> Self {
        Self::Checkbox(value)
    }
}

impl From<Date> for CustomField {
    fn from(value: Date) -> Self {
        Self::Date(value)
    }
}

impl From<OffsetDateTime> for CustomField {
    fn from(value: OffsetDateTime) -> Self {
        Self::DateTime(value)
    }
}

impl From<Vec<String>> for CustomField {
    fn from(value: Vec<String>) -> Self {
        Self::Tags(value)
    }
}

impl From<&[&str]> for CustomField {
    fn from(value: &[&str]) -> Self {
        Self::Tags(value.iter().map(|&tag| tag.to_owned()).collect())
    }
}

impl<const N: usize> From<[&str; N]> for CustomField {
    fn from(value: [&str; N]) -> Self {
        Self::from(value.as_slice())
    }
}

/// The kinds of custom field that the API has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    LongText,
    Url,
    Identifier,
    Choice,
    Integer,
    Number,
    Date,
    DateTime,
    Checkbox,
    Tags,
}

impl Kind {
    const ALL: [Self; 11] = [
        Self::Text,
        Self::LongText,
        Self::Url,
        Self::Identifier,
        Self::Choice,
        Self::Integer,
        Self::Number,
        Self::Date,
        Self::DateTime,
        Self::Checkbox,
        Self::Tags,
    ];

    /// The kind of the field with that name.
    fn of(name: &str) -> Option<Self> {
        let (_, end) = name.rsplit_once('_')?;
        Self::ALL.into_iter().find(|kind| kind.word() == end)
    }

    /// The API's word for the kind. Names of fields end in it, and schemas refer to it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::LongText => "longtext",
            Self::Url => "url",
            Self::Identifier => "identifier",
            Self::Choice => "enum",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Date => "date",
            Self::DateTime => "datetime",
            Self::Checkbox => "checkbox",
            Self::Tags => "tag",
        }
    }

    fn is_text(self) -> bool {
        matches!(self, Self::Text | Self::LongText | Self::Url | Self::Identifier | Self::Choice)
    }

    fn takes(self) -> &'static str {
        match self {
            Self::Text | Self::LongText | Self::Url | Self::Identifier | Self::Choice => "text",
            Self::Integer => "a whole number",
            Self::Number => "a number",
            Self::Date => "a date",
            Self::DateTime => "a date-time",
            Self::Checkbox => "a bool",
            Self::Tags => "a list of texts",
        }
    }
}
