//! Which records an export holds.

use serde_json::{Map, Value};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::sandbox::http::failure::Failure;
use crate::sandbox::store::document::id_in;
use crate::sandbox::store::work::Exported;

const DATES: &[&str] = &["CreateDate", "ModifyDate"];

/// What the records of a kind can be filtered by.
fn fields(of: Exported) -> &'static [&'static str] {
    match of {
        Exported::Contacts => &[
            "DivisionId",
            "ContactClassification",
            "ExternalOrganizationId",
            "ExternalSourceId",
            "SchemaId",
            "SchemaVersion",
        ],
        Exported::Notes => &["DivisionId", "EntityType"],
        Exported::Organizations => &["DivisionId", "SchemaId", "SchemaVersion"],
        Exported::Relationships => &["DivisionId", "UserId"],
    }
}

/// A filter that makes sense.
pub(crate) enum Filter {
    All(Vec<Filter>),
    Any(Vec<Filter>),
    Not(Box<Filter>),
    /// A field, and the values of which it must have one, in lower case.
    OneOf(&'static str, Vec<String>),
    /// A date, the date that it is compared with, and whether it must be at least that.
    Date(&'static str, OffsetDateTime, bool),
}

impl Filter {
    /// Assumed: a filter has one member, and one that makes no sense is refused with 400.
    pub(crate) fn read(of: Exported, filter: &Value, path: &str) -> Result<Self, Failure> {
        let mut members = filter.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null());
        let (Some((name, value)), None) = (members.next(), members.next()) else {
            return Err(Failure::bad_member(path));
        };
        let path = format!("{path}.{name}");
        let wrong = || Failure::bad_member(path.as_str());
        let list = || {
            let list = value.as_array().ok_or_else(wrong)?;
            list.iter().map(|filter| Self::read(of, filter, &path)).collect::<Result<Vec<_>, _>>()
        };
        let field = |known: &'static [&'static str]| {
            let field = value.get("field").and_then(Value::as_str);
            known.iter().find(|known| Some(**known) == field).copied().ok_or_else(wrong)
        };
        let text = |value: &Value| value.as_str().map(str::to_lowercase).ok_or_else(wrong);
        let given = value.get("value").unwrap_or(&Value::Null);
        match name.as_str() {
            "and" => Ok(Self::All(list()?)),
            "or" => Ok(Self::Any(list()?)),
            "not" => Ok(Self::Not(Box::new(Self::read(of, value, &path)?))),
            "eq" => Ok(Self::OneOf(field(fields(of))?, vec![text(given)?])),
            "in" => {
                let values = value.get("values").and_then(Value::as_array).ok_or_else(wrong)?;
                Ok(Self::OneOf(field(fields(of))?, values.iter().map(text).collect::<Result<_, _>>()?))
            }
            "lte" | "gte" => {
                let date = given.as_str().and_then(|text| OffsetDateTime::parse(text, &Rfc3339).ok());
                Ok(Self::Date(field(DATES)?, date.ok_or_else(wrong)?, name == "gte"))
            }
            _ => Err(wrong()),
        }
    }

    /// Assumed: what has never been changed was last changed when it was created.
    pub(crate) fn lets_through(&self, document: &Map<String, Value>) -> bool {
        match self {
            Self::All(filters) => filters.iter().all(|filter| filter.lets_through(document)),
            Self::Any(filters) => filters.iter().any(|filter| filter.lets_through(document)),
            Self::Not(filter) => !filter.lets_through(document),
            Self::OneOf(field, values) => {
                values_of(field, document).iter().any(|value| values.contains(&value.to_lowercase()))
            }
            Self::Date(field, date, at_least) => {
                let names: &[&str] =
                    if *field == "CreateDate" { &["createDate"] } else { &["modifyDate", "createDate"] };
                let found = names.iter().find_map(|name| document.get(*name)?.as_str());
                let found = found.and_then(|text| OffsetDateTime::parse(text, &Rfc3339).ok());
                found.is_some_and(|found| if *at_least { found >= *date } else { found <= *date })
            }
        }
    }
}

fn values_of(field: &str, document: &Map<String, Value>) -> Vec<String> {
    let id = |member| id_in(document, member).map(str::to_owned).into_iter().collect();
    let text = |member: &str| document.get(member).and_then(Value::as_str).map(str::to_owned).into_iter().collect();
    match field {
        "DivisionId" => id("division"),
        "ContactClassification" => text("type"),
        "ExternalOrganizationId" => id("externalOrganization"),
        "ExternalSourceId" => {
            let ids = document.get("externalIds").and_then(Value::as_array).into_iter().flatten();
            let sources = ids.filter_map(|id| id.get("externalSource")?.get("id")?.as_str());
            sources.map(str::to_owned).collect()
        }
        "SchemaId" => id("schema"),
        "SchemaVersion" => {
            let version = document.get("schema").and_then(|schema| schema.get("version")?.as_u64());
            version.map(|version| version.to_string()).into_iter().collect()
        }
        "EntityType" => text("entityType"),
        "UserId" => id("user"),
        _ => Vec::new(),
    }
}
