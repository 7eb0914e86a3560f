//! The settings of external contacts.

use serde_json::{Map, Value};

use crate::sandbox::http::answer::{Outcome, Success};
use crate::sandbox::http::endpoint::{Call, Endpoint, Permissions};
use crate::sandbox::rules::validate::{self, Kind, Member, member};
use crate::sandbox::store::state::State;

const PATH: &str = "/api/v2/externalcontacts/settings";

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::get(PATH, Permissions::Any(&["externalContacts:settings:view"]), get),
    Endpoint::put(PATH, Permissions::Any(&["externalContacts:settings:edit"]), update),
    Endpoint::delete(PATH, Permissions::Any(&["externalContacts:settings:delete"]), reset),
];

const NAMES: &[&str] = &["manuallyAssignDivisionsToInteractions", "manuallyAssignDivisionsToContacts"];
const MEMBERS: &[Member] = &[member(NAMES[0], Kind::Bool), member(NAMES[1], Kind::Bool)];

/// Both are off at first.
fn get(state: &mut State, _: &Call) -> Outcome {
    let mut shown: Map<String, Value> = NAMES.iter().map(|name| ((*name).to_owned(), false.into())).collect();
    shown.extend(state.contact_settings.clone());
    Ok(Success::ok(shown))
}

fn update(state: &mut State, call: &Call) -> Outcome {
    state.contact_settings = validate::document(&call.body, MEMBERS, state.settings.unknown_members)?;
    get(state, call)
}

/// Assumed: all settings are what they are at first.
fn reset(state: &mut State, _: &Call) -> Outcome {
    state.contact_settings.clear();
    Ok(Success::deleted(&state.settings))
}
