//! Builds the document that describes custom fields.

use std::collections::BTreeSet;
use std::ops::{Bound, RangeBounds, RangeInclusive};

use serde_json::{Value, json};

use super::JsonSchemaDocument;
use super::custom_field::Kind;
use crate::Extra;
use crate::error::Error;

/// One custom field of a schema, for [`JsonSchemaDocument::of_fields`].
///
/// A field has a name for programs and a title for people. On the wire the name ends in the kind of the field; the
/// end is added here unless the name has it already.
///
/// ```
/// use genesys_external_contacts::SchemaField;
///
/// let segment = SchemaField::text("segment", "Segment").with_description("Line of business").required();
/// assert_eq!(segment.wire_name(), "segment_text");
/// assert_eq!(SchemaField::text("segment_text", "Segment").wire_name(), "segment_text");
/// ```
///
/// Nothing fails before the document is built, which refuses what contradicts itself. The lengths and counts that a
/// field starts with are the largest that the service documents; whether it takes others, and which characters a name
/// may have, is left to the service.
#[derive(Clone, Debug, PartialEq)]
pub struct SchemaField {
    kind: Kind,
    wire_name: String,
    required: bool,
    schema: Extra,
    /// The first thing that can't be right; told when the document is built.
    problem: Option<&'static str>,
}

impl SchemaField {
    /// A line of text of up to 100 characters (`_text`).
    ///
    /// ```
    /// use genesys_external_contacts::SchemaField;
    ///
    /// assert_eq!(SchemaField::text("segment", "Segment").wire_name(), "segment_text");
    /// ```
    #[must_use]
    pub fn text(name: impl Into<String>, title: impl Into<String>) -> Self {
        Self::new(Kind::Text, name, title).with_length(0..=100)
    }

    /// Lines of text, up to 1000 characters altogether (`_longtext`).
    ///
    /// ```
    /// use genesys_external_contacts::SchemaField;
    ///
    /// assert_eq!(SchemaField::long_text("history", "History").wire_name(), "history_longtext");
    /// ```
    #[must_use]
    pub fn long_text(name: impl Into<String>, title: impl Into<String>) -> Self {
        Self::new(Kind::LongText, name, title).with_length(0..=1000)
    }

    /// The address of a web page, up to 200 characters (`_url`).
    ///
    /// ```
    /// use genesys_external_contacts::SchemaField;
    ///
    /// assert_eq!(SchemaField::url("profile", "Profile").wire_name(), "profile_url");
    /// ```
    #[must_use]
    pub fn url(name: impl Into<String>, title: impl Into<String>) -> Self {
        Self::new(Kind::Url, name, title).with_length(0..=200)
    }

    /// Text of up to 100 characters that a search finds as a whole, in upper or lower case (`_identifier`).
    ///
    /// ```
    /// use genesys_external_contacts::SchemaField;
    ///
    /// assert_eq!(SchemaField::identifier("membership", "Membership").wire_name(), "membership_identifier");
    /// ```
    #[must_use]
    pub fn identifier(name: impl Into<String>, title: impl Into<String>) -> Self {
        Self::new(Kind::Identifier, name, title).with_length(0..=100)
    }

    /// A whole number (`_integer`). An end that the range leaves open is left open in the schema.
    ///
    /// ```
    /// use genesys_external_contacts::SchemaField;
    ///
    /// assert_eq!(SchemaField::integer("children", "Children", 0..).wire_name(), "children_integer");
    /// ```
    #[must_use]
    pub fn integer(name: impl Into<String>, title: impl Into<String>, range: impl RangeBounds<i64>) -> Self {
        Self::new(Kind::Integer, name, title).with_range(whole_ends(range), "no whole number lies in the range")
    }

    /// A number that may have a fraction (`_number`). An end that the range leaves open is left open in the schema;
    /// the other one belongs to the range: `0.0..=1.0`, as the API has no word for a limit that doesn't.
    ///
    /// ```
    /// use genesys_external_contacts::SchemaField;
    ///
    /// assert_eq!(SchemaField::number("score", "Score", 0.0..=1.0).wire_name(), "score_number");
    /// ```
    #[must_use]
    pub fn number(name: impl Into<String>, title: impl Into<String>, range: impl RangeBounds<f64>) -> Self {
        let problem = "the ends of the range must belong to it and be finite, the lower one first";
        Self::new(Kind::Number, name, title).with_range(ends(range), problem)
    }

    /// A day (`_date`).
    ///
    /// ```
    /// use genesys_external_contacts::SchemaField;
    ///
    /// assert_eq!(SchemaField::date("customer_since", "Customer since").wire_name(), "customer_since_date");
    /// ```
    #[must_use]
    pub fn date(name: impl Into<String>, title: impl Into<String>) -> Self {
        Self::new(Kind::Date, name, title)
    }

    /// A day and the time of the day (`_datetime`).
    ///
    /// ```
    /// use genesys_external_contacts::SchemaField;
    ///
    /// assert_eq!(SchemaField::date_time("last_visit", "Last visit").wire_name(), "last_visit_datetime");
    /// ```
    #[must_use]
    pub fn date_time(name: impl Into<String>, title: impl Into<String>) -> Self {
        Self::new(Kind::DateTime, name, title)
    }

    /// A box to tick (`_checkbox`).
    ///
    /// ```
    /// use genesys_external_contacts::SchemaField;
    ///
    /// assert_eq!(SchemaField::checkbox("newsletter", "Newsletter").wire_name(), "newsletter_checkbox");
    /// ```
    #[must_use]
    pub fn checkbox(name: impl Into<String>, title: impl Into<String>) -> Self {
        Self::new(Kind::Checkbox, name, title)
    }

    /// One of up to 50 texts of up to 100 characters (`_enum`). Each is both the value that records hold and the
    /// title that people see, and none is disabled; [`properties`](JsonSchemaDocument::properties) is where to change
    /// that, in `_enumProperties`.
    ///
    /// ```
    /// use genesys_external_contacts::SchemaField;
    ///
    /// assert_eq!(SchemaField::choice("tier", "Tier", ["Gold", "Silver"]).wire_name(), "tier_enum");
    /// ```
    #[must_use]
    pub fn choice(
        name: impl Into<String>,
        title: impl Into<String>,
        choices: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        let choices: Vec<String> = choices.into_iter().map(Into::into).collect();
        let mut field = Self::new(Kind::Choice, name, title);
        if choices.is_empty() {
            field.refuse("has no choices");
        }
        if choices.iter().collect::<BTreeSet<_>>().len() < choices.len() {
            field.refuse("has the same choice twice");
        }
        let properties: Extra =
            choices.iter().map(|choice| (choice.clone(), json!({"title": choice, "_disabled": false}))).collect();
        field.insert("enum", choices);
        field.insert("_enumProperties", properties);
        field
    }

    /// Up to 10 different texts of 1 to 100 characters, each of which a search finds as a whole, in upper or lower
    /// case (`_tag`).
    ///
    /// ```
    /// use genesys_external_contacts::SchemaField;
    ///
    /// assert_eq!(SchemaField::tags("interests", "Interests").with_count(0..=3).wire_name(), "interests_tag");
    /// ```
    #[must_use]
    pub fn tags(name: impl Into<String>, title: impl Into<String>) -> Self {
        let mut field = Self::new(Kind::Tags, name, title).with_count(0..=10).with_length(1..=100);
        field.insert("uniqueItems", true);
        field
    }

    /// Says what the field is for.
    ///
    /// ```
    /// use genesys_external_contacts::{JsonSchemaDocument, SchemaField};
    ///
    /// let score = SchemaField::number("score", "Score", 0.0..=1.0).with_description("How likely to leave");
    /// let document = JsonSchemaDocument::of_fields("Customers", [score])?;
    /// assert_eq!(document.properties.unwrap()["score_number"]["description"], "How likely to leave");
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    #[must_use]
    pub fn with_description(mut self, description: impl Into<String>) -> Self {
        self.insert("description", description.into());
        self
    }

    /// How many characters the text has, or each of the tags. Other fields have no length.
    ///
    /// ```
    /// use genesys_external_contacts::{JsonSchemaDocument, SchemaField};
    ///
    /// let postcode = SchemaField::text("delivery_area", "Delivery area").with_length(4..=10);
    /// let document = JsonSchemaDocument::of_fields("Customers", [postcode])?;
    /// assert_eq!(document.properties.unwrap()["delivery_area_text"]["maxLength"], 10);
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    #[must_use]
    pub fn with_length(mut self, length: RangeInclusive<u32>) -> Self {
        if length.is_empty() {
            self.refuse("has a smallest length above the largest");
        }
        match self.kind {
            Kind::Text | Kind::LongText | Kind::Url | Kind::Identifier => {
                self.insert("minLength", *length.start());
                self.insert("maxLength", *length.end());
            }
            Kind::Tags => self.insert("items", json!({"minLength": length.start(), "maxLength": length.end()})),
            _ => self.refuse("has no length; text and tags have"),
        }
        self
    }

    /// How many tags a record has. Other fields have no count.
    ///
    /// ```
    /// use genesys_external_contacts::{JsonSchemaDocument, SchemaField};
    ///
    /// let interests = SchemaField::tags("interests", "Interests").with_count(1..=3);
    /// let document = JsonSchemaDocument::of_fields("Customers", [interests])?;
    /// assert_eq!(document.properties.unwrap()["interests_tag"]["maxItems"], 3);
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    #[must_use]
    pub fn with_count(mut self, count: RangeInclusive<u32>) -> Self {
        if count.is_empty() {
            self.refuse("has a smallest count above the largest");
        }
        if self.kind != Kind::Tags {
            self.refuse("has no count; tags have");
        }
        self.insert("minItems", *count.start());
        self.insert("maxItems", *count.end());
        self
    }

    /// A record that follows the schema must have the field.
    ///
    /// ```
    /// use genesys_external_contacts::{JsonSchemaDocument, SchemaField};
    ///
    /// let segment = SchemaField::text("segment", "Segment").required();
    /// let document = JsonSchemaDocument::of_fields("Customers", [segment])?;
    /// assert_eq!(document.required, Some(vec!["segment_text".to_owned()]));
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// The name of the field in the schema and in the custom fields of a record.
    ///
    /// ```
    /// use genesys_external_contacts::{ExternalContact, JsonSchemaDocument, SchemaField};
    ///
    /// let tier = SchemaField::choice("tier", "Tier", ["Gold", "Silver"]);
    /// let contact = ExternalContact::default().with_custom_field(tier.wire_name(), "Gold")?;
    /// assert!(contact.custom_field("tier_enum").is_some());
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    #[must_use]
    pub fn wire_name(&self) -> &str {
        &self.wire_name
    }

    pub(super) fn schema(&self) -> &Extra {
        &self.schema
    }

    pub(super) fn kind_word(&self) -> &'static str {
        self.kind.word()
    }

    fn new(kind: Kind, name: impl Into<String>, title: impl Into<String>) -> Self {
        let name = name.into();
        let end = format!("_{}", kind.word());
        let bare = name.strip_suffix(&end).unwrap_or(&name);
        let problem = bare.trim().is_empty().then_some("has no name");
        let wire_name = format!("{bare}{end}");
        let mut field = Self { kind, wire_name, required: false, schema: Extra::new(), problem };
        field.insert("allOf", json!([{"$ref": format!("#/definitions/{}", kind.word())}]));
        field.insert("title", title.into());
        // The vendor's own schemas have a description in every field, be it empty.
        field.insert("description", "");
        field
    }

    fn with_range<N: Into<Value>>(mut self, ends: Option<(Option<N>, Option<N>)>, problem: &'static str) -> Self {
        let Some((minimum, maximum)) = ends else {
            self.refuse(problem);
            return self;
        };
        if let Some(minimum) = minimum {
            self.insert("minimum", minimum);
        }
        if let Some(maximum) = maximum {
            self.insert("maximum", maximum);
        }
        self
    }

    fn insert(&mut self, member: &str, value: impl Into<Value>) {
        self.schema.insert(member.to_owned(), value.into());
    }

    fn refuse(&mut self, problem: &'static str) {
        self.problem.get_or_insert(problem);
    }
}

/// The lowest and the highest number of a range, as far as it has them; nothing if no number lies in it.
fn whole_ends(range: impl RangeBounds<i64>) -> Option<(Option<i64>, Option<i64>)> {
    let lowest = match range.start_bound() {
        Bound::Unbounded => None,
        Bound::Included(&end) => Some(end),
        Bound::Excluded(&end) => Some(end.checked_add(1)?),
    };
    let highest = match range.end_bound() {
        Bound::Unbounded => None,
        Bound::Included(&end) => Some(end),
        Bound::Excluded(&end) => Some(end.checked_sub(1)?),
    };
    (lowest.unwrap_or(i64::MIN) <= highest.unwrap_or(i64::MAX)).then_some((lowest, highest))
}

/// The ends of a range, as far as it has them; nothing if it is empty, or not a range that a schema can state.
fn ends(range: impl RangeBounds<f64>) -> Option<(Option<f64>, Option<f64>)> {
    let end = |bound: Bound<&f64>| match bound {
        Bound::Unbounded => Some(None),
        Bound::Included(&end) if end.is_finite() => Some(Some(end)),
        _ => None,
    };
    let (lowest, highest) = (end(range.start_bound())?, end(range.end_bound())?);
    (lowest.unwrap_or(f64::MIN) <= highest.unwrap_or(f64::MAX)).then_some((lowest, highest))
}

impl JsonSchemaDocument {
    /// A document with these fields, as [`Schemas::create`](super::Schemas::create) takes it.
    ///
    /// ```
    /// use genesys_external_contacts::{DataSchema, JsonSchemaDocument, SchemaField};
    ///
    /// let document = JsonSchemaDocument::of_fields(
    ///     "Customers",
    ///     [
    ///         SchemaField::text("segment", "Segment").required(),
    ///         SchemaField::choice("tier", "Tier", ["Gold", "Silver"]).with_description("Of the loyalty program"),
    ///         SchemaField::integer("children", "Children", 0..=20),
    ///         SchemaField::tags("interests", "Interests"),
    ///     ],
    /// )?;
    /// assert!(document.properties.as_ref().is_some_and(|fields| fields.contains_key("tier_enum")));
    /// let schema = DataSchema::default().with_name("Customers").with_json_schema(document);
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Limits
    ///
    /// 25 fields in a schema, 50 choices in a field, 100 characters in a choice. The service looks after them.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): two fields go by the same name on the wire; a field has no name, a range without a number
    /// in it, limits whose smallest is above the largest or that its kind doesn't have, no choices or one of them
    /// twice.
    pub fn of_fields(title: impl Into<String>, fields: impl IntoIterator<Item = SchemaField>) -> Result<Self, Error> {
        let mut properties = Extra::new();
        let mut required = Vec::new();
        for field in fields {
            let SchemaField { wire_name: name, schema, problem, .. } = field;
            let problem = problem.or(properties.contains_key(&name).then_some("is there twice"));
            if let Some(problem) = problem {
                return Err(Error::invalid("properties", format!("{name:?} {problem}")));
            }
            if field.required {
                required.push(name.clone());
            }
            properties.insert(name, Value::Object(schema));
        }
        let document = Self::default()
            .with_schema_uri("http://json-schema.org/draft-04/schema#")
            .with_title(title)
            .with_kind("object")
            .with_properties(properties);
        // Draft 4 allows the list to be missing, but not to be empty.
        Ok(if required.is_empty() { document } else { document.with_required(required) })
    }
}
