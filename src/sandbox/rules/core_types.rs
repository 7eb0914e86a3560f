//! The kinds of custom fields, and the limits of schemas.
//!
//! The names, and the largest lengths of texts, are documented. Assumed: everything else, as another service of the vendor has
//! it for fields of the same kinds.

use serde_json::{Value, json};

/// A kind: its name, the JSON type of its values, and how far its limits may go.
type Kind = (&'static str, &'static str, Limits);

#[derive(Clone, Copy)]
enum Limits {
    None,
    /// Of a text: how long it may be.
    Length(i64),
    /// Of a number.
    Range,
    /// Of a list: how many items it may have, and how long each of them.
    Items(i64, i64),
}

const KINDS: &[Kind] = &[
    ("text", "string", Limits::Length(100)),
    ("longtext", "string", Limits::Length(1000)),
    ("url", "string", Limits::Length(200)),
    ("identifier", "string", Limits::Length(100)),
    ("enum", "string", Limits::None),
    ("date", "string", Limits::None),
    ("datetime", "string", Limits::None),
    ("integer", "integer", Limits::Range),
    ("number", "number", Limits::Range),
    ("checkbox", "boolean", Limits::None),
    ("tag", "array", Limits::Items(10, 100)),
];

fn range(min: i64, max: i64) -> Value {
    json!({ "min": min, "max": max })
}

/// All kinds, of the collection with this path.
pub(crate) fn all(collection: &str) -> impl Iterator<Item = Value> + '_ {
    KINDS.iter().map(move |kind| core_type(kind, collection))
}

fn core_type((name, json_type, limits): &Kind, collection: &str) -> Value {
    let mut core_type = json!({
        "id": name,
        "name": name,
        "version": 1,
        "current": true,
        "dateCreated": "2020-01-01T00:00:00.000Z",
        "schema": { "title": name, "description": "", "type": [json_type] },
        "validationFields": [],
        "selfUri": format!("{collection}/{name}"),
    });
    match *limits {
        Limits::None => {}
        Limits::Length(most) => {
            core_type["validationFields"] = json!(["minLength", "maxLength"]);
            core_type["validationLimits"] = json!({ "minLength": range(0, most), "maxLength": range(1, most) });
        }
        Limits::Range => {
            let most = 1_i64 << 53;
            core_type["validationFields"] = json!(["minimum", "maximum"]);
            core_type["validationLimits"] = json!({ "minimum": range(-most, most), "maximum": range(-most, most) });
        }
        Limits::Items(most, longest) => {
            core_type["validationFields"] = json!(["minItems", "maxItems"]);
            core_type["validationLimits"] = json!({ "minItems": range(0, most), "maxItems": range(1, most) });
            core_type["itemValidationFields"] = json!(["minLength", "maxLength"]);
            core_type["itemValidationLimits"] =
                json!({ "minLength": range(1, longest), "maxLength": range(1, longest) });
            core_type["schema"]["items"] = json!({ "type": "string" });
        }
    }
    core_type
}

/// How many schemas and fields there may be, which is documented, and how long their names may be, which is assumed.
pub(crate) fn limits(path: &str, schemas: usize, fields: usize) -> Value {
    json!({
        "id": "limits",
        "minFieldNameCharacters": 1,
        "maxFieldNameCharacters": 100,
        "minFieldTitleCharacters": 1,
        "maxFieldTitleCharacters": 100,
        "minFieldDescriptionCharacters": 0,
        "maxFieldDescriptionCharacters": 1000,
        "minSchemaNameCharacters": 1,
        "maxSchemaNameCharacters": 100,
        "minSchemaDescriptionCharacters": 0,
        "maxSchemaDescriptionCharacters": 1000,
        "maxNumberOfSchemasPerOrg": schemas,
        "maxNumberOfFieldsPerSchema": fields,
        "maxNumberOfFieldsPerOrg": schemas * fields,
        "selfUri": path,
    })
}
