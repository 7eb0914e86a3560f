//! Who has an e-mail address, a phone number or a Twitter name.

use serde_json::{Map, Value, json};

use crate::sandbox::http::answer::{Outcome, Success};
use crate::sandbox::http::endpoint::{Call, Endpoint, Permissions};
use crate::sandbox::http::failure::Failure;
use crate::sandbox::rules::phone;
use crate::sandbox::rules::view;
use crate::sandbox::store::state::State;
use crate::sandbox::store::table::Row;

pub(crate) const ENDPOINTS: &[Endpoint] = &[Endpoint::get(
    "/api/v2/externalcontacts/reversewhitepageslookup",
    Permissions::Any(&["externalContacts:contact:view"]),
    look_up,
)];

const ORGANIZATION: &str = "contacts.externalOrganization";
const MOST: usize = 25;

/// Assumed: the whole value must be equal, but for case, unless the sandbox was told otherwise, and an at sign before a
/// Twitter name; a number is known by its plus.
fn look_up(state: &mut State, call: &Call) -> Outcome {
    let state = &*state;
    let expand = call.query.expand(&[ORGANIZATION, "externalDataSources", "division"])?;
    let expand: Vec<_> =
        expand.into_iter().map(|name| if name == ORGANIZATION { "externalOrganization" } else { name }).collect();
    let division = call.query.get("divisionId").filter(|id| !id.is_empty()).unwrap_or("*");
    let value = call.query.get("lookupVal").unwrap_or_default().trim();
    if value.is_empty() {
        let allowed = "an e-mail address, a phone number in E.164 form, a Twitter screen name";
        return Err(Failure::invalid_query("lookupVal", "", allowed));
    }
    let number = if value.starts_with('+') { phone::read(value, None) } else { None };
    // Documents are only read where what was made ready for searches says that they may have it.
    let text_sought = at_off(value).to_lowercase();
    let may_have = |row: &&Row| match &number {
        Some(number) => row.index.has_whole(&number.e164),
        None => row.index.has_text(&text_sought),
    };
    let has = |row: &&Row| {
        let document = &row.document();
        match &number {
            Some(number) => ["workPhone", "cellPhone", "homePhone", "otherPhone"]
                .iter()
                .any(|name| text(document.get(*name), "e164") == Some(&number.e164)),
            None => {
                let emails = ["workEmail", "personalEmail", "otherEmail"];
                let is_equal = |a: &str, b: &str| {
                    a == b || (state.settings.lookups_ignore_case && a.to_lowercase() == b.to_lowercase())
                };
                let is_it = |text: &str| is_equal(text, value);
                let name = text(document.get("twitterId"), "screenName");
                emails.iter().any(|name| document.get(*name).and_then(Value::as_str).is_some_and(is_it))
                    || name.is_some_and(|name| is_equal(at_off(name), at_off(value)))
            }
        }
    };
    let contacts: Vec<_> = state
        .contacts
        .iter()
        .filter(|row| !row.index.is_hidden)
        .filter(may_have)
        .filter(|row| view::is_in_divisions(row, &[division]))
        .filter(has)
        .take(MOST)
        .map(|row| view::contact(state, row, &expand))
        .collect();
    Ok(Success::ok(json!({ "contacts": contacts })))
}

fn text<'a>(object: Option<&'a Value>, name: &str) -> Option<&'a str> {
    object.and_then(Value::as_object).and_then(|object: &Map<_, _>| object.get(name)).and_then(Value::as_str)
}

fn at_off(name: &str) -> &str {
    name.strip_prefix('@').unwrap_or(name)
}
