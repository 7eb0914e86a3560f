//! Identifiers that are claimed and released, and look-ups by them.

use serde_json::{Map, Value, json};

use crate::sandbox::api::{contacts, organizations};
use crate::sandbox::http::answer::{Outcome, Success};
use crate::sandbox::http::endpoint::{Call, Endpoint, Permissions};
use crate::sandbox::http::failure::Failure;
use crate::sandbox::rules::{phone, view};
use crate::sandbox::store::claims::{Claims, EXTERNAL_ID, Key};
use crate::sandbox::store::document::id_in;
use crate::sandbox::store::settings::UnknownStatus;
use crate::sandbox::store::state::State;
use crate::sandbox::store::table::Row;

const VIEW_CONTACT: Permissions = Permissions::Any(&["externalContacts:contact:view"]);
const VIEW_ORGANIZATION: Permissions = Permissions::Any(&["externalContacts:externalOrganization:view"]);
const OF_CONTACT: &str = "/api/v2/externalcontacts/contacts/{}/identifiers";
const OF_ORGANIZATION: &str = "/api/v2/externalcontacts/organizations/{}/identifiers";

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::get(OF_CONTACT, VIEW_CONTACT, list::<Contact>),
    Endpoint::patch(OF_CONTACT, contacts::EDIT_ONE, change::<Contact>),
    Endpoint::get(OF_ORGANIZATION, VIEW_ORGANIZATION, list::<Organization>),
    Endpoint::patch(OF_ORGANIZATION, organizations::EDIT_ONE, change::<Organization>),
    Endpoint::post("/api/v2/externalcontacts/identifierlookup/contacts", VIEW_CONTACT, look_up::<Contact>),
    Endpoint::post(
        "/api/v2/externalcontacts/identifierlookup/organizations",
        VIEW_ORGANIZATION,
        look_up::<Organization>,
    ),
    // Deprecated.
    Endpoint::post(
        "/api/v2/externalcontacts/identifierlookup",
        Permissions::Any(&["externalContacts:contact:view", "relate:contact:view"]),
        look_up::<Contact>,
    ),
];

const MAX_LENGTH: usize = 255;

const KINDS: &[&str] = &[
    "SocialLine",
    "SocialFacebook",
    "SocialTwitter",
    "SocialWhatsapp",
    "SocialInstagram",
    "SocialWhatsappBsuid",
    "AppleOpaqueId",
    "Email",
    "Phone",
    "Cookie",
    EXTERNAL_ID,
    "SocialInstagramHandle",
];

/// What identifiers belong to.
pub(crate) trait Owner {
    const KINDS: &'static [&'static str];
    const EXPAND: &'static [&'static str];

    fn claims(state: &State) -> &Claims;
    fn claims_mut(state: &mut State) -> &mut Claims;
    fn find<'a>(state: &'a State, id: &str) -> Result<&'a Row, Failure>;
    fn show(state: &State, row: &Row, expand: &[&str]) -> Value;
}

pub(crate) struct Contact;

impl Owner for Contact {
    const KINDS: &'static [&'static str] = KINDS;
    const EXPAND: &'static [&'static str] = &["externalOrganization", "identifiers", "externalSources", "division"];

    fn claims(state: &State) -> &Claims {
        &state.claims
    }

    fn claims_mut(state: &mut State) -> &mut Claims {
        &mut state.claims
    }

    fn find<'a>(state: &'a State, id: &str) -> Result<&'a Row, Failure> {
        contacts::find(state, id)
    }

    fn show(state: &State, row: &Row, expand: &[&str]) -> Value {
        view::contact(state, row, expand)
    }
}

pub(crate) struct Organization;

impl Owner for Organization {
    const KINDS: &'static [&'static str] = &[EXTERNAL_ID];
    const EXPAND: &'static [&'static str] = &["identifiers", "externalSources", "division"];

    fn claims(state: &State) -> &Claims {
        &state.organization_claims
    }

    fn claims_mut(state: &mut State) -> &mut Claims {
        &mut state.organization_claims
    }

    fn find<'a>(state: &'a State, id: &str) -> Result<&'a Row, Failure> {
        organizations::find(state, id)
    }

    fn show(state: &State, row: &Row, expand: &[&str]) -> Value {
        view::organization(state, row, expand, false)
    }
}

/// Reads an identifier. `at` is where it stands. The division in it is the one that is meant; without one, `*`.
///
/// A phone number has its country code and a leading plus sign. Assumed: everything else is compared as what stands in the
/// fields is claimed.
pub(crate) fn key<O: Owner>(state: &State, at: &str, identifier: &Map<String, Value>) -> Result<Key, Failure> {
    let place = |name: &str| if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") };
    let kind = identifier.get("type").unwrap_or(&Value::Null);
    if kind.is_null() {
        return Err(Failure::violation(place("type"), "is missing"));
    }
    let Some(kind) = KINDS.iter().find(|known| kind.as_str() == Some(known)) else {
        return Err(Failure::invalid_value(&place("type"), kind, "Enum", &KINDS.join(", ")));
    };
    if !O::KINDS.contains(kind) {
        return Err(Failure::violation(place("type"), "must be ExternalId"));
    }
    let value = identifier.get("value").and_then(Value::as_str).unwrap_or_default().trim();
    if value.is_empty() {
        return Err(Failure::violation(place("value"), "is missing"));
    }
    if value.chars().count() > MAX_LENGTH {
        return Err(Failure::violation(place("value"), format!("must have at most {MAX_LENGTH} characters")));
    }
    let mut source = None;
    let value = match *kind {
        "Phone" | "SocialWhatsapp" => match phone::read(value, None).filter(|_| value.starts_with('+')) {
            Some(number) => number.e164,
            None => {
                return Err(Failure::violation(place("value"), "must be a phone number with + and its country code"));
            }
        },
        "Email" => value.to_lowercase(),
        "SocialTwitter" => value.trim_start_matches('@').to_owned(),
        EXTERNAL_ID => {
            let id = id_in(identifier, "externalSource").map(str::to_ascii_lowercase);
            let id = id.ok_or_else(|| Failure::violation(place("externalSource.id"), "is missing"))?;
            if state.sources.get(&id).is_none() {
                return Err(Failure::bad_member(place("externalSource.id")));
            }
            source = Some(id);
            value.to_owned()
        }
        _ => value.to_owned(),
    };
    let division = id_in(identifier, "division").unwrap_or("*").to_ascii_lowercase();
    Ok(Key { kind, value, source, division })
}

fn list<O: Owner>(state: &mut State, call: &Call) -> Outcome {
    let owner = O::find(state, call.param(0))?;
    let identifiers = O::claims(state).of(&owner.id, &owner.document(), |id| view::source(state, id, false));
    Ok(Success::ok(json!({ "entities": identifiers })))
}

/// Assumed: an identifier is claimed in the division of the record; claiming what one has, and releasing what stands in a
/// field, is allowed.
fn change<O: Owner>(state: &mut State, call: &Call) -> Outcome {
    let owner = O::find(state, call.param(0))?;
    let identifier = call.body.get("identifier").and_then(Value::as_object);
    let identifier = identifier.ok_or_else(|| Failure::violation("identifier", "is missing"))?;
    let mut key = key::<O>(state, "identifier", identifier)?;
    key.division = owner.index.key("division").unwrap_or("*").to_owned();
    let id = owner.id.clone();
    let holder = O::claims(state).owner_of(&key);
    match call.body.get("operation").unwrap_or(&Value::Null) {
        Value::Null => Err(Failure::violation("operation", "is missing")),
        operation if operation == "Claim" => {
            if holder.is_some_and(|holder| holder != id) {
                return Err(Failure::conflict("identifier"));
            }
            let date = state.clock.date();
            O::claims_mut(state).claim(&id, &key, &date);
            let shown = O::claims(state).shown(&key, |id| view::source(state, id, false));
            Ok(Success::ok(shown))
        }
        operation if operation == "Release" => {
            let shown = O::claims(state).shown(&key, |id| view::source(state, id, false));
            if holder != Some(id.as_str()) {
                return Success::of_unknown(&state.settings, UnknownStatus::NotClaimed, shown);
            }
            O::claims_mut(state).release(&id, &key);
            Ok(Success::ok(shown))
        }
        other => Err(Failure::invalid_value("operation", other, "Enum", "Claim, Release")),
    }
}

/// Finds records of every type, at once. Assumed: without a division, in all of them.
fn look_up<O: Owner>(state: &mut State, call: &Call) -> Outcome {
    let state = &*state;
    let expand = call.query.expand(O::EXPAND)?;
    let key = key::<O>(state, "", &call.body)?;
    let division = id_in(&call.body, "division").map(|_| key.division.as_str());
    let owner = O::claims(state).find(&key, division).ok_or_else(Failure::not_found)?;
    Ok(Success::ok(O::show(state, O::find(state, owner)?, &expand)))
}
