//! Custom fields by the kind that their name tells, the documents that describe them, and the other conveniences of
//! the models.

use std::ops::Bound;

use genesys_external_contacts::model::User;
use genesys_external_contacts::{
    CustomField, ErrorKind, ExternalContact, ExternalOrganization, JsonSchemaDocument, PhoneNumber, SchemaField,
};
use proptest::prelude::*;
use serde_json::{Value, json};
use time::macros::{date, datetime};

use CustomField::*;

/// The ends of names that tell a kind.
const ENDS: [&str; 11] =
    ["text", "longtext", "url", "identifier", "enum", "integer", "number", "date", "datetime", "checkbox", "tag"];

/// A contact with one custom field.
fn contact(name: &str, value: &Value) -> ExternalContact {
    serde_json::from_value(json!({"customFields": {name: value}})).unwrap()
}

/// The only custom field of a contact, as it is written.
fn written(contact: &ExternalContact, name: &str) -> Value {
    let json = serde_json::to_value(contact).unwrap();
    assert_eq!(json["customFields"].as_object().unwrap().len(), 1);
    json["customFields"][name].clone()
}

fn tags(tags: &[&str]) -> CustomField {
    Tags(tags.iter().map(|&tag| tag.into()).collect())
}

/// Values that fit the end of the name, and the JSON that they are written as.
fn fitting() -> Vec<(&'static str, CustomField, Value)> {
    vec![
        ("a_text", Text("Zoë".into()), json!("Zoë")),
        ("customer_type_text", Text("".into()), json!("")),
        ("a_longtext", Text("two\nlines".into()), json!("two\nlines")),
        ("a_url", Text("https://example.com".into()), json!("https://example.com")),
        ("a_identifier", Text("00042".into()), json!("00042")),
        ("a_enum", Text("_1".into()), json!("_1")),
        ("a_integer", Integer(i64::MAX), json!(i64::MAX)),
        ("a_integer", Integer(9_007_199_254_740_993), json!(9_007_199_254_740_993_i64)),
        ("a_integer", Integer(i64::MIN), json!(i64::MIN)),
        ("a_number", Number(0.5), json!(0.5)),
        ("a_number", Number(5.0), json!(5.0)),
        ("a_number", Number(1e300), json!(1e300)),
        ("a_number", Integer(5), json!(5)),
        ("a_number", Integer(9_007_199_254_740_993), json!(9_007_199_254_740_993_i64)),
        ("a_date", Date(date!(2024 - 02 - 29)), json!("2024-02-29")),
        ("a_datetime", DateTime(datetime!(2026-01-02 03:04:05.678 UTC)), json!("2026-01-02T03:04:05.678Z")),
        ("a_datetime", DateTime(datetime!(2026-01-02 03:04:05 UTC)), json!("2026-01-02T03:04:05.000Z")),
        (
            "a_datetime",
            DateTime(datetime!(2026-01-02 03:04:05.000_000_001 UTC)),
            json!("2026-01-02T03:04:05.000000001Z"),
        ),
        ("a_checkbox", Checkbox(true), json!(true)),
        ("a_checkbox", Checkbox(false), json!(false)),
        ("a_tag", tags(&["one", "two"]), json!(["one", "two"])),
        ("a_tag", tags(&[]), json!([])),
    ]
}

/// Values that are read as they came.
fn raw() -> Vec<(&'static str, Value)> {
    let mut cases = vec![
        ("a_integer", json!(5.0)),
        ("a_integer", json!(u64::MAX)),
        ("a_integer", json!("5")),
        ("a_number", json!(u64::MAX)),
        ("a_number", json!("0.5")),
        ("a_date", json!("2026-02-30")),
        ("a_date", json!("2026-01-02T00:00:00.000Z")),
        ("a_datetime", json!("2026-01-02")),
        ("a_datetime", json!("0001-01-01T00:00:00.000Z")),
        ("a_datetime", json!("")),
        ("a_checkbox", json!("true")),
        ("a_checkbox", json!(1)),
        ("a_tag", json!("one")),
        ("a_tag", json!(["one", 2])),
        ("a_tag", json!([null])),
        ("a_text", json!(["one"])),
        ("a_enum", json!(1)),
        // Names that tell no kind.
        ("text", json!("one")),
        ("a_string", json!("one")),
        ("a_tags", json!(["one"])),
        ("a_TEXT", json!("one")),
        ("a_text_", json!("one")),
        ("integer", json!(1)),
        ("", json!(true)),
    ];
    cases.extend(ENDS.iter().map(|end| (*end, json!({"any": ["thing"]}))));
    cases
}

#[test]
fn a_field_is_read_and_written_by_the_end_of_its_name() {
    for (name, value, json) in fitting() {
        let read = contact(name, &json).custom_field(name).unwrap();
        assert!(read == value, "{name}: {json} became {read:?}");
        let contact = ExternalContact::default().with_custom_field(name, value).unwrap();
        // As text, because 5 and 5.0 are not the same to a reader of integers.
        assert_eq!(written(&contact, name).to_string(), json.to_string(), "{name}");
    }
    assert!(ENDS.iter().all(|end| fitting().iter().any(|(name, ..)| name.rsplit('_').next() == Some(*end))));
}

#[test]
fn what_does_not_fit_its_name_is_kept_as_it_came() {
    let nulls = ENDS.iter().map(|end| (format!("a_{end}"), Value::Null));
    let objects = ENDS.iter().map(|end| (format!("a_{end}"), json!({"any": ["thing"]})));
    for (name, json) in raw().into_iter().map(|(name, json)| (name.to_owned(), json)).chain(nulls).chain(objects) {
        let contact = contact(&name, &json);
        let read = contact.custom_field(&name).unwrap();
        assert!(read == Other(json.clone()), "{name}: {json} became {read:?}");
        let contact = contact.with_custom_field(&name, read).unwrap();
        assert_eq!(written(&contact, &name), json, "{name}");
    }
}

#[test]
fn a_field_that_is_not_there_is_none() {
    assert_eq!(ExternalContact::default().custom_field("a_text"), None);
    assert_eq!(contact("a_text", &json!("one")).custom_field("b_text"), None);
    assert_eq!(ExternalOrganization::default().custom_field("a_text"), None);
}

#[test]
fn a_value_of_another_kind_than_the_name_tells_is_refused() {
    let samples = [
        (Text("secret".into()), "Text", &["text", "longtext", "url", "identifier", "enum"][..]),
        (Integer(42), "Integer", &["integer", "number"]),
        (Number(42.5), "Number", &["number"]),
        (Date(date!(2042 - 01 - 02)), "Date", &["date"]),
        (DateTime(datetime!(2042-01-02 03:04:05 UTC)), "DateTime", &["datetime"]),
        (Checkbox(true), "Checkbox", &["checkbox"]),
        (tags(&["secret"]), "Tags", &["tag"]),
        (Other(json!("secret")), "Other", &ENDS),
    ];
    for (value, kind, accepted) in samples {
        for end in ENDS {
            let name = format!("a_{end}");
            let on_contact = ExternalContact::default().with_custom_field(&name, value.clone());
            let on_organization = ExternalOrganization::default().with_custom_field(&name, value.clone());
            assert_eq!(on_contact.is_ok(), accepted.contains(&end), "{kind} in {name}");
            assert_eq!(on_organization.is_ok(), accepted.contains(&end), "{kind} in {name}");
            if let Err(error) = on_contact {
                let shown = error.to_string();
                assert!(matches!(error.kind(), ErrorKind::Invalid(_)), "{shown}");
                assert!(shown.contains(&name) && shown.contains(kind), "{shown}");
                assert!(!shown.contains("secret") && !shown.contains("42"), "{shown}");
            }
        }
        assert!(ExternalContact::default().with_custom_field("a_string", value).is_ok(), "{kind}");
    }
    let error = ExternalContact::default().with_custom_field("children_integer", "two").unwrap_err();
    assert_eq!(error.to_string(), r#"customFields: "children_integer" takes a whole number, not CustomField::Text"#);
}

#[test]
fn what_json_or_the_api_can_not_hold_is_refused() {
    for name in ["a_number", "a_string"] {
        for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let result = ExternalContact::default().with_custom_field(name, number);
            assert!(
                matches!(result, Err(error) if matches!(error.kind(), ErrorKind::Invalid(_))),
                "{number} in {name}"
            );
        }
    }
    let late = datetime!(9999-12-31 23:00 -02:00);
    let error = ExternalContact::default().with_custom_field("a_datetime", late).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Invalid(_)) && !error.to_string().contains("9999"), "{error}");
}

#[test]
fn a_field_is_made_of_what_rust_has() {
    assert!(CustomField::from("one") == Text("one".into()));
    assert!(CustomField::from("one".to_owned()) == Text("one".into()));
    assert!(CustomField::from(i64::MIN) == Integer(i64::MIN));
    assert!(CustomField::from(-1_i32) == Integer(-1));
    assert!(CustomField::from(u32::MAX) == Integer(4_294_967_295));
    assert!(CustomField::from(0.5) == Number(0.5));
    assert!(CustomField::from(true) == Checkbox(true));
    assert!(CustomField::from(date!(2026 - 01 - 02)) == Date(date!(2026 - 01 - 02)));
    let now = datetime!(2026-01-02 03:04:05 UTC);
    assert!(CustomField::from(now) == DateTime(now));
    assert!(CustomField::from(["one", "two"]) == tags(&["one", "two"]));
    assert!(CustomField::from(&["one"][..]) == tags(&["one"]));
    assert!(CustomField::from(vec!["one".to_owned()]) == tags(&["one"]));
    assert_eq!([Integer(3), Number(0.5), Text("3".into())].map(|value| value.as_f64()), [Some(3.0), Some(0.5), None]);
}

#[test]
fn setting_a_field_touches_nothing_else() {
    let before = json!({
        "firstName": "Ada", "whatever": 1,
        "schema": {"id": "s1", "version": 7},
        "customFields": {"a_text": "one", "b_integer": i64::MAX, "c_new": {"x": [null]}},
    });
    let mut after = before.clone();
    after["customFields"]["a_text"] = json!("two");
    let contact: ExternalContact = serde_json::from_value(before).unwrap();
    let contact = contact.with_custom_field("a_text", "two").unwrap();
    assert_eq!(serde_json::to_value(&contact).unwrap(), after);

    let organization: ExternalOrganization =
        serde_json::from_value(json!({"name": "A", "customFields": {"a_text": "one"}})).unwrap();
    let organization = organization.with_custom_field("b_tag", ["x"]).unwrap();
    let expected = json!({"name": "A", "customFields": {"a_text": "one", "b_tag": ["x"]}});
    assert_eq!(serde_json::to_value(&organization).unwrap(), expected);
    assert!(organization.custom_field("b_tag") == Some(tags(&["x"])));
}

#[test]
fn fields_that_were_cleared_as_a_whole_can_be_set_again() {
    let contact = ExternalContact::default().without_custom_fields().with_custom_field("a_text", "one").unwrap();
    assert_eq!(serde_json::to_string(&contact).unwrap(), r#"{"customFields":{"a_text":"one"}}"#);
    assert!(contact.extra.is_empty());
}

#[test]
fn debug_shows_the_kind_and_no_value() {
    let shown: Vec<String> = fitting().into_iter().map(|(_, value, _)| format!("{value:?} {value:#?}")).collect();
    let kinds = ["Text", "Integer", "Number", "Date", "DateTime", "Checkbox", "Tags"];
    for shown in shown {
        assert!(kinds.iter().any(|kind| shown == format!("{kind} {kind}")), "{shown}");
    }
    assert_eq!(format!("{:?}", Other(json!("secret"))), "Other");
    let contact = ExternalContact::default().with_custom_field("a_text", "secret").unwrap();
    assert!(!format!("{contact:?}").contains("secret"));
}

fn any_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        prop::collection::vec(any::<String>(), 0..4).prop_map(Value::from),
        prop::collection::vec(any::<i64>(), 0..4).prop_map(Value::from),
        (0..=9999, 1..=12, 1..=28).prop_map(|(y, m, d)| json!(format!("{y:04}-{m:02}-{d:02}"))),
        (1900..=9999, 1..=12, 1..=28, 0..1000)
            .prop_map(|(y, m, d, s)| json!(format!("{y}-{m:02}-{d:02}T23:59:59.{s:03}Z"))),
    ]
}

proptest! {
    #[test]
    fn reading_and_writing_back_gives_the_same(value in any_value(), end in prop::sample::select(&ENDS)) {
        let name = format!("a_{end}");
        let contact = contact(&name, &value);
        let read = contact.custom_field(&name).unwrap();
        let contact = contact.with_custom_field(&name, read).unwrap();
        prop_assert_eq!(written(&contact, &name).to_string(), value.to_string());
    }
}

// ---- The documents --------------------------------------------------------------------------------------------------

#[test]
fn a_document_describes_its_fields_as_the_api_does() {
    let document = JsonSchemaDocument::of_fields(
        "Customers",
        [
            SchemaField::text("a", "A").with_description("What it is").required(),
            SchemaField::long_text("b", "B"),
            SchemaField::url("c", "C"),
            SchemaField::identifier("d", "D").with_length(3..=37).required(),
            SchemaField::integer("e", "E", 1..=24),
            SchemaField::number("f", "F", 2.5..=31.25),
            SchemaField::date("g", "G"),
            SchemaField::date_time("h", "H"),
            SchemaField::checkbox("i", "I"),
            SchemaField::choice("j", "J", ["Gold", "Silver"]),
            SchemaField::tags("k", "K"),
            SchemaField::tags("l", "L").with_count(1..=3).with_length(2..=20),
        ],
    )
    .unwrap();
    let expected = json!({
        "$schema": "http://json-schema.org/draft-04/schema#",
        "title": "Customers",
        "type": "object",
        "required": ["a_text", "d_identifier"],
        "properties": {
            "a_text": {
                "allOf": [{"$ref": "#/definitions/text"}], "title": "A", "description": "What it is",
                "minLength": 0, "maxLength": 100,
            },
            "b_longtext": {
                "allOf": [{"$ref": "#/definitions/longtext"}], "title": "B", "description": "",
                "minLength": 0, "maxLength": 1000,
            },
            "c_url": {
                "allOf": [{"$ref": "#/definitions/url"}], "title": "C", "description": "",
                "minLength": 0, "maxLength": 200,
            },
            "d_identifier": {
                "allOf": [{"$ref": "#/definitions/identifier"}], "title": "D", "description": "",
                "minLength": 3, "maxLength": 37,
            },
            "e_integer": {
                "allOf": [{"$ref": "#/definitions/integer"}], "title": "E", "description": "",
                "minimum": 1, "maximum": 24,
            },
            "f_number": {
                "allOf": [{"$ref": "#/definitions/number"}], "title": "F", "description": "",
                "minimum": 2.5, "maximum": 31.25,
            },
            "g_date": {"allOf": [{"$ref": "#/definitions/date"}], "title": "G", "description": ""},
            "h_datetime": {"allOf": [{"$ref": "#/definitions/datetime"}], "title": "H", "description": ""},
            "i_checkbox": {"allOf": [{"$ref": "#/definitions/checkbox"}], "title": "I", "description": ""},
            "j_enum": {
                "allOf": [{"$ref": "#/definitions/enum"}], "title": "J", "description": "",
                "enum": ["Gold", "Silver"],
                "_enumProperties": {
                    "Gold": {"title": "Gold", "_disabled": false},
                    "Silver": {"title": "Silver", "_disabled": false},
                },
            },
            "k_tag": {
                "allOf": [{"$ref": "#/definitions/tag"}], "title": "K", "description": "",
                "minItems": 0, "maxItems": 10, "uniqueItems": true, "items": {"minLength": 1, "maxLength": 100},
            },
            "l_tag": {
                "allOf": [{"$ref": "#/definitions/tag"}], "title": "L", "description": "",
                "minItems": 1, "maxItems": 3, "uniqueItems": true, "items": {"minLength": 2, "maxLength": 20},
            },
        },
    });
    assert_eq!(serde_json::to_value(&document).unwrap(), expected);
}

#[test]
fn a_document_without_required_fields_has_no_list_of_them() {
    let document = JsonSchemaDocument::of_fields("Empty", []).unwrap();
    let expected = json!({
        "$schema": "http://json-schema.org/draft-04/schema#", "title": "Empty", "type": "object", "properties": {},
    });
    assert_eq!(serde_json::to_value(&document).unwrap(), expected);
}

#[test]
fn the_ends_of_a_range_are_those_of_rust() {
    fn limits(field: SchemaField) -> (Value, Value) {
        let name = field.wire_name().to_owned();
        let properties = JsonSchemaDocument::of_fields("T", [field]).unwrap().properties.unwrap();
        let limit = |limit: &str| properties[&name].get(limit).cloned().unwrap_or_default();
        (limit("minimum"), limit("maximum"))
    }
    assert_eq!(limits(SchemaField::integer("a", "A", ..)), (Value::Null, Value::Null));
    assert_eq!(limits(SchemaField::integer("a", "A", 0..)), (json!(0), Value::Null));
    assert_eq!(limits(SchemaField::integer("a", "A", 0..10)), (json!(0), json!(9)));
    assert_eq!(limits(SchemaField::integer("a", "A", 7..=7)), (json!(7), json!(7)));
    assert_eq!(limits(SchemaField::integer("a", "A", ..=i64::MAX)), (Value::Null, json!(i64::MAX)));
    let above = (Bound::Excluded(0), Bound::<i64>::Unbounded);
    assert_eq!(limits(SchemaField::integer("a", "A", above)), (json!(1), Value::Null));
    assert_eq!(limits(SchemaField::number("a", "A", ..)), (Value::Null, Value::Null));
    assert_eq!(limits(SchemaField::number("a", "A", 0.5..)), (json!(0.5), Value::Null));
    assert_eq!(limits(SchemaField::number("a", "A", ..=-0.5)), (Value::Null, json!(-0.5)));
}

#[test]
fn the_name_on_the_wire_ends_in_the_kind_once() {
    for (field, name) in [
        (SchemaField::text("a", ""), "a_text"),
        (SchemaField::text("a_text", ""), "a_text"),
        (SchemaField::text("text", ""), "text_text"),
        (SchemaField::text("a_longtext", ""), "a_longtext_text"),
        (SchemaField::long_text("a_text", ""), "a_text_longtext"),
        (SchemaField::date_time("a_date", ""), "a_date_datetime"),
        (SchemaField::choice("a_enum", "", ["x"]), "a_enum"),
        (SchemaField::tags("a_tag", ""), "a_tag"),
        (SchemaField::tags("a_tags", ""), "a_tags_tag"),
    ] {
        assert_eq!(field.wire_name(), name);
        let document = JsonSchemaDocument::of_fields("T", [field]).unwrap();
        assert!(document.properties.unwrap().contains_key(name), "{name}");
    }
}

#[test]
#[allow(clippy::reversed_empty_ranges)]
fn a_field_that_contradicts_itself_is_refused() {
    let none: [&str; 0] = [];
    let after_all = (Bound::Excluded(i64::MAX), Bound::<i64>::Unbounded);
    for (field, problem) in [
        (SchemaField::text("", "A"), "has no name"),
        (SchemaField::text("_text", "A"), "has no name"),
        (SchemaField::date(" ", "A"), "has no name"),
        (SchemaField::text("a", "A").with_length(2..=1), "length"),
        (SchemaField::tags("a", "A").with_length(2..=1), "length"),
        (SchemaField::tags("a", "A").with_count(2..=1), "count"),
        (SchemaField::checkbox("a", "A").with_length(0..=1), "has no length"),
        (SchemaField::choice("a", "A", ["x"]).with_length(0..=1), "has no length"),
        (SchemaField::text("a", "A").with_count(0..=1), "has no count"),
        (SchemaField::integer("a", "A", 2..=1), "no whole number"),
        (SchemaField::integer("a", "A", 1..1), "no whole number"),
        (SchemaField::integer("a", "A", ..i64::MIN), "no whole number"),
        (SchemaField::integer("a", "A", after_all), "no whole number"),
        (SchemaField::number("a", "A", 1.5..=1.0), "range"),
        (SchemaField::number("a", "A", 0.0..1.0), "range"),
        (SchemaField::number("a", "A", f64::NAN..=1.0), "range"),
        (SchemaField::number("a", "A", 0.0..=f64::INFINITY), "range"),
        (SchemaField::choice("a", "A", none), "has no choices"),
        (SchemaField::choice("a", "A", ["x", "y", "x"]), "choice twice"),
        // The first of several problems is the one that is told.
        (SchemaField::text("", "A").with_count(0..=1).with_length(0..=1).required(), "has no name"),
    ] {
        let name = field.wire_name().to_owned();
        let error = JsonSchemaDocument::of_fields("T", [SchemaField::text("fine", "Fine"), field]).unwrap_err();
        let shown = error.to_string();
        assert!(matches!(error.kind(), ErrorKind::Invalid(_)), "{shown}");
        assert!(shown.starts_with("properties: ") && shown.contains(&name) && shown.contains(problem), "{shown}");
    }
}

#[test]
fn two_fields_of_the_same_name_are_refused() {
    let twice = [SchemaField::text("a", "A"), SchemaField::date("a", "A"), SchemaField::text("a_text", "B")];
    let error = JsonSchemaDocument::of_fields("T", twice).unwrap_err();
    assert_eq!(error.to_string(), r#"properties: "a_text" is there twice"#);
    let alike = [SchemaField::text("a", "A"), SchemaField::date("a", "A")];
    assert!(JsonSchemaDocument::of_fields("T", alike).is_ok());
}

// ---- The other conveniences ----------------------------------------------------------------------------------------

#[test]
fn the_best_phone_and_the_best_email_are_the_first_that_say_something() {
    let mut json = json!({
        "workEmail": " work@example.com ", "personalEmail": "personal@example.com", "otherEmail": "other@example.com",
        "workPhone": {"display": "+1 1"}, "cellPhone": {"e164": "+12"},
        "homePhone": {"display": " ", "e164": "+13"}, "otherPhone": {"display": "+1 4", "extension": 7},
    });
    let best = |json: &Value| {
        let contact: ExternalContact = serde_json::from_value(json.clone()).unwrap();
        let phone = contact.best_phone().map(|phone| serde_json::to_value(phone).unwrap()).unwrap_or_default();
        (phone, contact.best_email().unwrap_or_default().to_owned())
    };
    for member in ["workPhone", "cellPhone", "homePhone", "otherPhone"] {
        assert_eq!(best(&json).0, json[member], "{member}");
        json[member] = json!({"display": "\t", "e164": "", "extension": 1});
    }
    assert_eq!(best(&json).0, Value::Null);
    for (member, email) in [
        ("workEmail", "work@example.com"),
        ("personalEmail", "personal@example.com"),
        ("otherEmail", "other@example.com"),
    ] {
        assert_eq!(best(&json).1, email);
        json[member] = json!(" ");
    }
    assert_eq!(best(&json).1, "");
    assert_eq!(ExternalContact::default().best_phone(), None);
    let fax_only = ExternalContact::default().with_work_phone(PhoneNumber::default().with_extension(7));
    assert_eq!(fax_only.best_phone(), None);
}

#[test]
fn a_reference_to_a_user_is_its_id() {
    assert_eq!(serde_json::to_string(&User::reference("u1")).unwrap(), r#"{"id":"u1"}"#);
}

/// What a program of a user might have.
#[derive(Debug, PartialEq, serde::Deserialize, serde::Serialize)]
struct Customer {
    segment_text: String,
    #[serde(rename = "visits_integer", skip_serializing_if = "Option::is_none")]
    visits: Option<i64>,
    interests_tag: Option<Vec<String>>,
}

fn customer() -> Customer {
    Customer { segment_text: "Retail".into(), visits: Some(3), interests_tag: None }
}

#[test]
fn custom_fields_are_read_as_a_type_of_the_users_own() {
    let json = json!({"customFields": {"segment_text": "Retail", "visits_integer": 3, "other_date": "2026-01-02"}});
    let contact: ExternalContact = serde_json::from_value(json.clone()).unwrap();
    let organization: ExternalOrganization = serde_json::from_value(json).unwrap();
    assert_eq!(contact.custom_fields_as::<Customer>().unwrap(), customer());
    assert_eq!(organization.custom_fields_as::<Customer>().unwrap(), customer());

    #[derive(Debug, serde::Deserialize)]
    struct Nothing {}
    let Nothing {} = ExternalContact::default().custom_fields_as().unwrap();
    let exact: std::collections::BTreeMap<String, i64> =
        contact_of(json!({"a_integer": 9_007_199_254_740_993_i64})).custom_fields_as().unwrap();
    assert_eq!(exact["a_integer"], 9_007_199_254_740_993);
}

fn contact_of(fields: Value) -> ExternalContact {
    serde_json::from_value(json!({ "customFields": fields })).unwrap()
}

#[test]
fn custom_fields_that_do_not_fit_the_type_are_named_and_not_printed() {
    let cases = [
        (json!({}), "customFields: missing field `segment_text`"),
        (
            json!({"segment_text": "x", "visits_integer": "secret"}),
            r#"customFields: "visits_integer": found string, expected i64"#,
        ),
        (json!({"segment_text": ["secret"]}), r#"customFields: "segment_text": found sequence, expected a string"#),
        (
            json!({"segment_text": "x", "interests_tag": ["a", 7]}),
            r#"customFields: "interests_tag[1]": found integer, expected a string"#,
        ),
    ];
    for (fields, message) in cases {
        let error = contact_of(fields).custom_fields_as::<Customer>().unwrap_err();
        assert_eq!(error.to_string(), message);
        assert!(matches!(error.kind(), ErrorKind::Invalid(_)));
    }
}

#[test]
fn a_type_of_the_users_own_is_written_over_what_is_there() {
    let there = json!({"segment_text": "Old", "visits_integer": 1, "interests_tag": ["a"], "other_date": "2026-01-02"});
    let unchanged = Customer { visits: None, ..customer() };
    let contact = contact_of(there.clone()).with_custom_fields_from(&unchanged).unwrap();
    let expected =
        json!({"segment_text": "Retail", "visits_integer": 1, "interests_tag": null, "other_date": "2026-01-02"});
    assert_eq!(serde_json::to_value(&contact).unwrap(), json!({ "customFields": expected }));
    let organization: ExternalOrganization = serde_json::from_value(json!({ "customFields": there })).unwrap();
    let organization = organization.with_custom_fields_from(&unchanged).unwrap();
    assert_eq!(serde_json::to_value(&organization).unwrap(), json!({ "customFields": expected }));
}

#[test]
fn a_type_of_the_users_own_is_held_to_the_names_and_to_the_schema_at_hand() {
    let fields = [
        SchemaField::text("segment", "Segment").required().with_length(2..=6),
        SchemaField::choice("tier", "Tier", ["Gold", "Silver"]),
        SchemaField::integer("visits", "Visits", 0..=10),
        SchemaField::number("score", "Score", 0.0..=1.0),
        SchemaField::tags("interests", "Interests").with_count(0..=2).with_length(1..=3),
    ];
    let document = JsonSchemaDocument::of_fields("Customers", fields).unwrap();
    let schema = genesys_external_contacts::DataSchema::default().with_json_schema(document.clone());
    let good = json!({
        "segment_text": "Retail", "tier_enum": "Gold", "visits_integer": 10, "score_number": 1, "interests_tag": ["one", "two"],
    });
    let cases = [
        // By the name alone.
        (false, "visits_integer", json!("3"), "takes a whole number"),
        (false, "since_date", json!("yesterday"), "takes a date"),
        (false, "interests_tag", json!("one"), "takes a list of texts"),
        // By the schema.
        (true, "segment_text", json!(null), "is required by the schema and missing"),
        (true, "segment_text", json!("x"), "must have 2 to 6 characters"),
        (true, "segment_text", json!("Retails"), "must have 2 to 6 characters"),
        (true, "tier_enum", json!("Bronze"), "must be one of the schema's choices"),
        (true, "visits_integer", json!(11), "is out of the schema's bounds"),
        (true, "visits_integer", json!(-1), "is out of the schema's bounds"),
        (true, "score_number", json!(1.5), "is out of the schema's bounds"),
        (true, "interests_tag", json!(["a", "b", "c"]), "must have 0 to 2 tags"),
        (true, "interests_tag", json!(["four"]), "must have tags of 1 to 3 characters"),
        (true, "interests_tag", json!(["a", "a"]), "has the same tag twice"),
        (true, "other_text", json!("x"), "is not in the schema"),
    ];
    let plain = ExternalContact::default();
    let held = ExternalContact::default().with_schema(schema.clone());
    assert!(held.clone().with_custom_fields_from(&good).is_ok());
    for (by_schema, name, value, problem) in cases {
        let mut fields = good.clone();
        fields[name] = value;
        assert_eq!(plain.clone().with_custom_fields_from(&fields).is_ok(), by_schema, "{name} without a schema");
        let error = held.clone().with_custom_fields_from(&fields).unwrap_err();
        assert_eq!(error.to_string(), format!("customFields: {name:?} {problem}"));
    }
    let mut more = good.clone();
    more["other_text"] = json!("x");
    let open = schema.with_json_schema(document.with_additional_properties(true));
    assert!(ExternalContact::default().with_schema(open).with_custom_fields_from(&more).is_ok());

    let error = plain.with_custom_fields_from(&["no", "object"]).unwrap_err();
    assert!(error.to_string().contains("give a struct"), "{error}");
}

/// What is read is written as it was, whatever the fields are.
#[test]
fn reading_and_writing_a_type_of_the_users_own_changes_nothing() {
    for (name, _, value) in fitting() {
        let contact = contact_of(json!({ name: value }));
        let fields: std::collections::BTreeMap<String, Value> = contact.custom_fields_as().unwrap();
        assert_eq!(contact.clone().with_custom_fields_from(&fields).unwrap(), contact, "{name}");
    }
}
