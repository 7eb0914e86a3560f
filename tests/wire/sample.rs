//! Values of the types that the facts name: what an answer may look like, with all its members.

use serde_json::{Map, Value, json};

use crate::facts::FACTS;

pub const ID: &str = "55555555-5555-5555-5555-555555555555";

/// How many models may be inside each other. Real answers don't go deeper, and some models contain themselves.
const DEPTH: usize = 3;

/// A value of a type as the facts write it: `str`, `list[ExternalContact]`, `dict(str, object)`, … The member that it is of
/// has a name and perhaps listed values.
pub fn value(kind: &str, name: &str, listed: &[String]) -> Value {
    inside(kind, name, listed, DEPTH).unwrap_or_else(|| panic!("{kind}: is no type"))
}

/// Nothing for what lies too deep.
fn inside(kind: &str, name: &str, listed: &[String], depth: usize) -> Option<Value> {
    let of = |start: &str, end: char| kind.strip_prefix(start)?.strip_suffix(end);
    if let Some(kind) = of("list[", ']').or_else(|| kind.strip_suffix("[]")) {
        return Some(json!([inside(kind, name, listed, depth)?]));
    }
    if let Some(kind) = of("dict(str, ", ')') {
        return Some(json!({ "key": inside(kind, name, listed, depth)? }));
    }
    Some(match kind {
        "str" | "string" if !listed.is_empty() => json!(listed[0]),
        "str" | "string" if name == "id" || name.ends_with("Id") => json!(ID),
        "str" | "string" if name.ends_with("Uri") => json!("/api/v2/externalcontacts/text?after=after"),
        "str" | "string" => json!("text"),
        "int" => json!(1),
        "float" => json!(0.5),
        "bool" => json!(true),
        "datetime" => json!("2026-01-02T03:04:05.678Z"),
        "date" => json!("2026-01-02"),
        "object" if depth == DEPTH => json!({}),
        "object" => json!({ "key": "text" }),
        model => {
            let members = FACTS.models.get(model)?;
            let depth = depth.checked_sub(1)?;
            let members = members.iter();
            let members = members
                .filter_map(|(name, member)| Some((name.clone(), inside(&member.kind, name, &member.listed, depth)?)));
            Value::Object(members.collect::<Map<_, _>>())
        }
    })
}
