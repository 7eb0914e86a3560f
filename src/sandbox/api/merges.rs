//! Merges and promotions.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::sandbox::api::{contacts, notes};
use crate::sandbox::http::answer::{Outcome, Success};
use crate::sandbox::http::endpoint::{Call, Endpoint, Permissions};
use crate::sandbox::http::failure::Failure;
use crate::sandbox::rules::fields::{self, FieldRules};
use crate::sandbox::rules::view;
use crate::sandbox::store::document::{new_id, stub};
use crate::sandbox::store::settings::UnknownStatus;
use crate::sandbox::store::state::State;

const MERGE: Permissions = Permissions::Any(&["externalContacts:identity:merge"]);
const VIEW: Permissions = Permissions::Any(&["externalContacts:contact:view"]);

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::post("/api/v2/externalcontacts/contacts/merge", MERGE, merge_many),
    // Deprecated.
    Endpoint::post("/api/v2/externalcontacts/merge/contacts", MERGE, merge_two),
    Endpoint::post(
        "/api/v2/externalcontacts/contacts/{}/promotion",
        Permissions::Any(&["externalContacts:identity:promote"]),
        promote,
    )
    .without_body(),
    Endpoint::get("/api/v2/externalcontacts/contacts/{}/unresolved", VIEW, get_unresolved),
];

/// How many contacts one request merges.
const MERGED: std::ops::RangeInclusive<usize> = 2..=25;
/// How many contacts a set holds, the canonical one included.
const MAX_SET: usize = 52;

const PHONES: &[&str] = &["workPhone", "cellPhone", "homePhone", "otherPhone"];
const EMAILS: &[&str] = &["workEmail", "personalEmail", "otherEmail"];

const EXPAND: &[&str] = &["externalOrganization", "externalDataSources", "identifiers", "division"];

fn get_unresolved(state: &mut State, call: &Call) -> Outcome {
    let expand = call.query.expand(EXPAND)?;
    let row = state.contacts.get(call.param(0)).ok_or_else(Failure::not_found)?;
    Ok(Success::ok(view::contact(state, row, &expand)))
}

fn promote(state: &mut State, call: &Call) -> Outcome {
    let row = contacts::find(state, call.param(0))?;
    if is_curated(&row.document()) {
        return Success::of_unknown(&state.settings, UnknownStatus::AlreadyCurated, view::contact(state, row, &[]));
    }
    make_curated(state, call.param(0))?;
    contacts::show(state, call.param(0), &[])
}

fn is_curated(contact: &Map<String, Value>) -> bool {
    contact.get("type").and_then(Value::as_str) == Some(contacts::CURATED)
}

pub(crate) fn make_curated(state: &mut State, id: &str) -> Result<(), Failure> {
    let row = contacts::find(state, id)?;
    let (id, mut contact) = (row.id.clone(), row.document());
    if !is_curated(&contact) {
        contact.insert("type".to_owned(), contacts::CURATED.into());
        contact.insert("modifyDate".to_owned(), state.clock.date().into());
        contacts::store(state, id, contact);
    }
    Ok(())
}

fn merge_many(state: &mut State, call: &Call) -> Outcome {
    let ids: Vec<_> = call.body.get("contactIds").and_then(Value::as_array).into_iter().flatten().collect();
    if !MERGED.contains(&ids.len()) {
        return Err(Failure::violation("contactIds", "must name 2 to 25 contacts"));
    }
    let ids: Option<Vec<_>> = ids.into_iter().map(Value::as_str).collect();
    let ids = ids.ok_or_else(|| Failure::violation("contactIds", "must be texts"))?;
    let values = call.body.get("valueOverride").and_then(Value::as_object);
    let id = merge(state, &ids, values)?;
    contacts::show(state, &id, &[])
}

fn merge_two(state: &mut State, call: &Call) -> Outcome {
    let mut ids = Vec::new();
    for name in ["sourceContactId", "targetContactId"] {
        let id = call.body.get(name).and_then(Value::as_str);
        ids.push(id.ok_or_else(|| Failure::violation(name, "is missing"))?);
    }
    let both = ids.iter().map(|id| Ok(is_curated(&contacts::find(state, id)?.document())));
    if both.collect::<Result<Vec<_>, Failure>>()?.iter().all(|curated| *curated) {
        let words = "Two curated contacts cannot be merged";
        return Err(Failure::of_unknown(&state.settings, UnknownStatus::BothCurated, words));
    }
    let id = merge(state, &ids, None)?;
    contacts::show(state, &id, &[])
}

/// Merges contacts into a new one, whose id it returns. What is named is the canonical contact of each.
///
/// Assumed: a contact twice, also by the id of one that was merged into it, is refused; the new one is curated if one of them
/// is, or else identified if one is.
pub(crate) fn merge(state: &mut State, ids: &[&str], values: Option<&Map<String, Value>>) -> Result<String, Failure> {
    let mut merged: Vec<(String, Map<String, Value>)> = Vec::new();
    for id in ids {
        let row = contacts::find(state, id)?;
        if merged.iter().any(|(other, _)| *other == row.id) {
            return Err(Failure::violation("contactIds", "must name different contacts"));
        }
        merged.push((row.id.clone(), row.document()));
    }
    let division = merged[0].1.get("division").cloned().unwrap_or_default();
    if merged.iter().any(|(_, contact)| contact.get("division") != Some(&division)) {
        let words = "Contacts of different divisions cannot be merged";
        return Err(Failure::of_unknown(&state.settings, UnknownStatus::DivisionsDiffer, words));
    }
    let id = new_id();
    let mut set = BTreeSet::from([id.clone()]);
    for (id, contact) in &merged {
        set.insert(id.clone());
        let members = contact.get("mergeSet").and_then(Value::as_array).into_iter().flatten();
        set.extend(members.filter_map(|one| one.get("id")?.as_str()).map(str::to_owned));
    }
    if set.len() > MAX_SET {
        let words = "The set of merged contacts would be too large";
        return Err(Failure::of_unknown(&state.settings, UnknownStatus::MergeSetTooLarge, words));
    }

    // The last one that changed comes first.
    let mut by_date: Vec<_> = merged.iter().map(|(_, contact)| contact.clone()).collect();
    by_date.reverse();
    by_date
        .sort_by(|a, b| b.get("modifyDate").and_then(Value::as_str).cmp(&a.get("modifyDate").and_then(Value::as_str)));
    let mut contact = combined(&by_date);
    if let Some(values) = values {
        contact = FieldRules::provided().apply(&contact, values, contacts::KEPT)?;
    }
    let mut contact = contacts::read(state, &contact, by_date.first())?;

    let date = state.clock.date();
    let reference = |id: &str| stub(id, view::CONTACTS);
    let has_type = |kind: &str| by_date.iter().any(|contact| contact.get("type").is_some_and(|of| of == kind));
    let kind = [contacts::CURATED, "Identified"].into_iter().find(|kind| has_type(kind)).unwrap_or("Ephemeral");
    for (name, value) in [
        ("id", json!(id)),
        ("type", json!(kind)),
        ("division", division),
        ("createDate", json!(date)),
        ("modifyDate", json!(date)),
        ("canonicalContact", reference(&id)),
        ("mergeSet", set.iter().map(|id| reference(id)).collect()),
        ("mergedFrom", merged.iter().map(|(id, _)| reference(id)).collect()),
    ] {
        contact.insert(name.to_owned(), value);
    }
    for (old, mut document) in merged {
        state.claims.hand_over(&old, &document, &id);
        document.insert("mergedTo".to_owned(), reference(&id));
        contacts::store(state, old, document);
    }
    for member in set.iter().filter(|member| **member != id) {
        if let Some(row) = state.contacts.get(member) {
            let (member, mut document) = (row.id.clone(), row.document());
            document.insert("canonicalContact".to_owned(), reference(&id));
            contacts::store(state, member, document);
        }
        if state.settings.merges_move_notes {
            notes::hand_over(state, member, &id);
        }
        state.merged.insert(member.clone(), id.clone());
    }
    state.claims.replace(&id, None, Some(&contact), &date);
    contacts::store(state, id.clone(), contact);
    Ok(id)
}

/// The values of several contacts in one, of which the first counts most.
fn combined(contacts: &[Map<String, Value>]) -> Map<String, Value> {
    let mut all = Map::new();
    for contact in contacts {
        for (name, value) in contact.iter().filter(|(name, _)| !contacts::KEPT.contains(&name.as_str())) {
            match all.get_mut(name) {
                None => {
                    all.insert(name.clone(), value.clone());
                }
                Some(Value::Array(there)) if matches!(name.as_str(), "externalIds" | "appleOpaqueIds") => {
                    for id in value.as_array().into_iter().flatten() {
                        if there.len() < 10 && !there.contains(id) {
                            there.push(id.clone());
                        }
                    }
                }
                Some(_) => {
                    let fields = [PHONES, EMAILS].into_iter().find(|fields| fields.contains(&name.as_str()));
                    move_to_free(&mut all, fields.unwrap_or_default(), value);
                }
            }
        }
    }
    all
}

/// Puts a value that conflicts with another one into a field that is free, if there is one.
fn move_to_free(all: &mut Map<String, Value>, fields: &[&str], value: &Value) {
    let is_same = |there: &Value| match (there.get("e164"), value.get("e164")) {
        (Some(there), Some(number)) => there == number,
        _ => there == value,
    };
    if fields.iter().filter_map(|field| all.get(*field)).any(is_same) {
        return;
    }
    if let Some(free) = fields.iter().find(|field| fields::is_empty(all.get(**field))) {
        all.insert((*free).to_owned(), value.clone());
    }
}
