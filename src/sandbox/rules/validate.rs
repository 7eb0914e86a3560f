//! Which members documents have, and what may stand in them.
//!
//! Tables say what a document looks like, and one pair of functions reads them: first the types of all members (a wrong
//! one is a 400, as if the body could not be read), then their values (every one that breaks a rule is named by one
//! 422). Assumed, unless the sandbox was told otherwise: members that are in no table are kept as they came.

use serde_json::{Map, Value};
use time::OffsetDateTime;
use time::format_description::well_known::{Iso8601, Rfc3339};

use crate::sandbox::http::failure::{Failure, Violation};
use crate::sandbox::rules::phone;
use crate::sandbox::store::settings::{Settings, UnknownMembers};

/// A member of a document.
pub(crate) struct Member {
    name: &'static str,
    kind: Kind,
    /// Whether the service sets it, and what is sent counts for nothing.
    read_only: bool,
}

pub(crate) const fn member(name: &'static str, kind: Kind) -> Member {
    Member { name, kind, read_only: false }
}

pub(crate) const fn read_only(name: &'static str, kind: Kind) -> Member {
    Member { name, kind, read_only: true }
}

/// What may stand in a member.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Text(Text),
    Bool,
    Int,
    Date,
    /// One of these texts.
    OneOf(&'static [&'static str]),
    Object(&'static [Member]),
    /// Any object.
    Map,
    List(&'static Kind, Option<usize>),
    /// Another entity. Only its id counts: the rest is its own affair.
    Reference,
    /// A version of another entity.
    VersionReference,
    Phone,
    WhatsAppPhone,
}

/// The rules of a text.
#[derive(Clone, Copy)]
pub(crate) struct Text {
    max: usize,
    trimmed: bool,
    /// Assumed for everything else: an empty text is none. The service is seen to take it, and to give none back.
    never_empty: bool,
    /// A form that it must have, and what that is called.
    form: Option<Form>,
}

type Form = (fn(&str) -> bool, &'static str);

impl Text {
    /// As it comes, however long.
    const ANY: Self = Self { max: usize::MAX, trimmed: false, never_empty: false, form: None };
}

pub(crate) const ANY: Kind = Kind::Text(Text::ANY);
pub(crate) const EMAIL: Kind =
    Kind::Text(Text { max: 256, trimmed: true, form: Some((is_email, "an e-mail address")), ..Text::ANY });
pub(crate) const SCREEN_NAME: Kind = Kind::Text(Text {
    max: 255,
    form: Some((is_screen_name, "letters, digits and underscores after an optional @")),
    ..Text::ANY
});

pub(crate) const fn trimmed(max: usize) -> Kind {
    Kind::Text(Text { max, trimmed: true, ..Text::ANY })
}

pub(crate) const fn verbatim(max: usize) -> Kind {
    Kind::Text(Text { max, ..Text::ANY })
}

pub(crate) const fn not_empty(max: usize) -> Kind {
    Kind::Text(Text { max, never_empty: true, ..Text::ANY })
}

const PHONE: &[Member] = &[
    member("display", verbatim(512)),
    member("extension", Kind::Int),
    member("acceptsSMS", Kind::Bool),
    member("normalizationCountryCode", ANY),
    read_only("userInput", ANY),
    read_only("e164", ANY),
    read_only("countryCode", ANY),
];

/// The document as it is kept: read-only members and nulls left out, texts trimmed, phone numbers completed.
///
/// Assumed: a null clears a member, as leaving it out does.
pub(crate) fn document(
    body: &Map<String, Value>,
    members: &[Member],
    unknown: UnknownMembers,
) -> Result<Map<String, Value>, Failure> {
    check_object("", body, members, unknown)?;
    let mut violations = Vec::new();
    let document = take_object("", body, members, unknown, &mut violations);
    if violations.is_empty() { Ok(document) } else { Err(Failure::violations(&violations)) }
}

/// Reads the body of an update. Assumed, unless the sandbox was told otherwise: what is left out is cleared, because the
/// whole entity is replaced.
pub(crate) fn update(
    settings: &Settings,
    body: &Map<String, Value>,
    old: &Map<String, Value>,
    read: impl Fn(&Map<String, Value>) -> Result<Map<String, Value>, Failure>,
) -> Result<Map<String, Value>, Failure> {
    if !settings.updates_keep {
        return read(body);
    }
    let is_kept = |(name, _): &(&String, &Value)| !body.contains_key(*name);
    let kept: Map<_, _> = old.iter().filter(is_kept).map(|(name, value)| (name.clone(), value.clone())).collect();
    let mut whole = body.clone();
    // Members that nobody knows are kept as they come; here a null clears them like all others.
    whole.retain(|_, value| !value.is_null());
    whole.extend(kept.clone());
    let mut document = read(&whole)?;
    // As it was, and not as it would be read now.
    document.extend(kept);
    Ok(document)
}

/// Reads a document of which some members were changed. The others stay as they were, and not as they would be read now.
pub(crate) fn changed(
    old: &Map<String, Value>,
    whole: &Map<String, Value>,
    read: impl Fn(&Map<String, Value>) -> Result<Map<String, Value>, Failure>,
) -> Result<Map<String, Value>, Failure> {
    let mut document = read(whole)?;
    let is_kept = |(name, value): &(&String, &Value)| old.get(*name) == Some(*value);
    document.extend(whole.iter().filter(is_kept).map(|(name, value)| (name.clone(), value.clone())));
    Ok(document)
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

fn check_object(
    path: &str,
    object: &Map<String, Value>,
    members: &[Member],
    unknown: UnknownMembers,
) -> Result<(), Failure> {
    for member in members {
        if let Some(value) = object.get(member.name).filter(|value| !value.is_null()) {
            check(&join(path, member.name), value, member.kind, unknown)?;
        }
    }
    if unknown == UnknownMembers::Refuse {
        let is_unknown =
            |(name, value): &(&String, &Value)| !value.is_null() && members.iter().all(|member| member.name != *name);
        if let Some((name, _)) = object.iter().find(is_unknown) {
            return Err(Failure::invalid_property(path, name));
        }
    }
    Ok(())
}

fn check(path: &str, value: &Value, kind: Kind, unknown: UnknownMembers) -> Result<(), Failure> {
    let wrong = |name, allowed| Err(Failure::invalid_value(path, value, name, allowed));
    match (kind, value) {
        (Kind::Text(_), Value::String(_)) | (Kind::Bool, Value::Bool(_)) | (Kind::Map, Value::Object(_)) => Ok(()),
        (Kind::Text(_), _) => wrong("String", "a string"),
        (Kind::Bool, _) => wrong("Boolean", "true, false"),
        (Kind::Map, _) => wrong("Object", "an object"),
        (Kind::Int, Value::Number(number)) if number.is_i64() || number.is_u64() => Ok(()),
        (Kind::Int, _) => wrong("Integer", "a whole number"),
        (Kind::Date, Value::String(text)) if is_date(text) => Ok(()),
        (Kind::Date, _) => Err(Failure::invalid_date(path)),
        (Kind::OneOf(known), Value::String(text)) if known.contains(&text.as_str()) => Ok(()),
        (Kind::OneOf(known), _) => wrong("Enum", &known.join(", ")),
        (Kind::List(kind, _), Value::Array(values)) => values
            .iter()
            .enumerate()
            .try_for_each(|(index, value)| check(&format!("{path}[{index}]"), value, *kind, unknown)),
        (Kind::List(..), _) => wrong("List", "a list"),
        (Kind::Object(members), Value::Object(object)) => check_object(path, object, members, unknown),
        (Kind::Phone | Kind::WhatsAppPhone, Value::Object(object)) => check_object(path, object, PHONE, unknown),
        (Kind::Reference | Kind::VersionReference, Value::Object(object)) => {
            if !object.get("id").is_some_and(Value::is_string) {
                return Err(Failure::invalid_value(
                    &join(path, "id"),
                    &object.get("id").cloned().unwrap_or_default(),
                    "String",
                    "the id of an entity",
                ));
            }
            match object.get("version") {
                Some(version) if !version.is_null() && matches!(kind, Kind::VersionReference) => {
                    check(&join(path, "version"), version, Kind::Int, unknown)
                }
                _ => Ok(()),
            }
        }
        (Kind::Object(_) | Kind::Phone | Kind::WhatsAppPhone | Kind::Reference | Kind::VersionReference, _) => {
            wrong("Object", "an object")
        }
    }
}

fn take_object(
    path: &str,
    object: &Map<String, Value>,
    members: &[Member],
    unknown: UnknownMembers,
    violations: &mut Vec<Violation>,
) -> Map<String, Value> {
    let mut taken = Map::new();
    for (name, value) in object {
        let value = match members.iter().find(|member| member.name == name) {
            Some(member) if member.read_only => None,
            Some(member) => take(&join(path, name), value, member.kind, unknown, violations),
            None => (unknown == UnknownMembers::Keep).then(|| value.clone()),
        };
        if let Some(value) = value {
            taken.insert(name.clone(), value);
        }
    }
    taken
}

fn take(
    path: &str,
    value: &Value,
    kind: Kind,
    unknown: UnknownMembers,
    violations: &mut Vec<Violation>,
) -> Option<Value> {
    match (kind, value) {
        (_, Value::Null) => None,
        (Kind::Text(rules), Value::String(text)) => take_text(path, text, rules, violations).map(Value::from),
        (Kind::List(kind, max), Value::Array(values)) => {
            if let Some(max) = max.filter(|max| values.len() > *max) {
                violations.push(Violation { field: path.to_owned(), rule: format!("holds more than {max}") });
            }
            let each = values.iter().enumerate();
            let taken: Vec<_> = each
                .filter_map(|(index, value)| take(&format!("{path}[{index}]"), value, *kind, unknown, violations))
                .collect();
            Some(taken.into())
        }
        (Kind::Object(members), Value::Object(object)) => {
            Some(take_object(path, object, members, unknown, violations).into())
        }
        (Kind::Phone, Value::Object(object)) => {
            let mut phone = take_object(path, object, PHONE, unknown, violations);
            phone::complete(&mut phone);
            Some(phone.into())
        }
        (Kind::WhatsAppPhone, Value::Object(object)) => {
            let mut phone = take_object(path, object, PHONE, unknown, violations);
            if !phone::complete_whats_app(&mut phone) {
                let rule = "must be a phone number with its country code".to_owned();
                violations.push(Violation { field: join(path, "display"), rule });
            }
            Some(phone.into())
        }
        (Kind::Reference | Kind::VersionReference, Value::Object(object)) => {
            let mut reference = Map::new();
            if let Some(id) = object.get("id").and_then(Value::as_str) {
                reference.insert("id".to_owned(), id.to_ascii_lowercase().into());
            }
            if let (Kind::VersionReference, Some(version)) = (kind, object.get("version")) {
                reference.insert("version".to_owned(), version.clone());
            }
            Some(reference.into())
        }
        _ => Some(value.clone()),
    }
}

fn take_text(path: &str, text: &str, rules: Text, violations: &mut Vec<Violation>) -> Option<String> {
    let text = if rules.trimmed { text.trim() } else { text };
    let mut violated = |rule: String| violations.push(Violation { field: path.to_owned(), rule });
    if text.is_empty() {
        if rules.never_empty {
            violated("must not be empty".to_owned());
        }
        return None;
    }
    // Counting characters needs no more than this where there are fewer bytes than characters allowed.
    if text.len() > rules.max && text.chars().count() > rules.max {
        violated(format!("must have at most {} characters", rules.max));
    }
    if let Some((_, form)) = rules.form.filter(|(is_of_form, _)| !is_of_form(text)) {
        violated(format!("must be {form}"));
    }
    Some(text.to_owned())
}

/// Names every one of these members that is not there.
pub(crate) fn require(document: &Map<String, Value>, names: &[&str]) -> Result<(), Failure> {
    let missing: Vec<_> = names
        .iter()
        .filter(|name| !document.contains_key(**name))
        .map(|name| Violation { field: (*name).to_owned(), rule: "is missing".to_owned() })
        .collect();
    if missing.is_empty() { Ok(()) } else { Err(Failure::violations(&missing)) }
}

pub(crate) fn is_date(text: &str) -> bool {
    OffsetDateTime::parse(text, &Rfc3339).is_ok() || OffsetDateTime::parse(text, &Iso8601::PARSING).is_ok()
}

/// Assumed: something, one at sign, and a domain of at least two labels. What the service checks is not documented.
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else {
        return false;
    };
    let is_clean = |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || c == '@');
    is_clean(local) && is_clean(domain) && domain.contains('.') && domain.split('.').all(|label| !label.is_empty())
}

fn is_screen_name(text: &str) -> bool {
    let name = text.strip_prefix('@').unwrap_or(text);
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
