//! Enrichments: records are found by identifiers, and merged, changed or created.

use serde_json::{Map, Value};

use crate::sandbox::api::identifiers::{self, Contact, Organization, Owner};
use crate::sandbox::api::{contacts, merges, organizations};
use crate::sandbox::http::answer::{Outcome, Success};
use crate::sandbox::http::endpoint::{Call, Endpoint, Permissions};
use crate::sandbox::http::failure::Failure;
use crate::sandbox::rules::fields::FieldRules;
use crate::sandbox::store::claims::Key;
use crate::sandbox::store::document::id_in;
use crate::sandbox::store::settings::UnknownStatus;
use crate::sandbox::store::state::State;

const ENRICH_CONTACT: Permissions = Permissions::Any(&["externalContacts:contact:enrich"]);
const ENRICH_ORGANIZATION: Permissions = Permissions::Any(&["externalContacts:externalOrganization:enrich"]);

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::post("/api/v2/externalcontacts/contacts/enrich", ENRICH_CONTACT, enrich::<Contact>),
    Endpoint::post("/api/v2/externalcontacts/organizations/enrich", ENRICH_ORGANIZATION, enrich::<Organization>),
];

const MAX_IDENTIFIERS: usize = 25;

/// What is enriched.
pub(crate) trait Enriched: Owner {
    const ACTIONS: &'static [&'static str];
    /// The member that has the values.
    const RECORD: &'static str;
    const KEPT: &'static [&'static str];

    fn add(state: &mut State, record: &Map<String, Value>) -> Result<String, Failure>;
    fn change(state: &mut State, id: &str, record: &Map<String, Value>) -> Result<(), Failure>;
    fn promote(state: &mut State, id: &str) -> Result<(), Failure>;
}

impl Enriched for Contact {
    const ACTIONS: &'static [&'static str] = &["Merge", "Upsert", "Update", "Insert"];
    const RECORD: &'static str = "contact";
    const KEPT: &'static [&'static str] = contacts::KEPT;

    fn add(state: &mut State, record: &Map<String, Value>) -> Result<String, Failure> {
        contacts::add(state, record, contacts::CURATED)
    }

    fn change(state: &mut State, id: &str, record: &Map<String, Value>) -> Result<(), Failure> {
        contacts::rewrite(state, id, record)
    }

    fn promote(state: &mut State, id: &str) -> Result<(), Failure> {
        merges::make_curated(state, id)
    }
}

impl Enriched for Organization {
    const ACTIONS: &'static [&'static str] = &["Upsert", "Update", "Insert"];
    const RECORD: &'static str = "externalOrganization";
    const KEPT: &'static [&'static str] = organizations::KEPT;

    fn add(state: &mut State, record: &Map<String, Value>) -> Result<String, Failure> {
        organizations::add(state, record, None)
    }

    fn change(state: &mut State, id: &str, record: &Map<String, Value>) -> Result<(), Failure> {
        organizations::rewrite(state, id, record)
    }

    /// Only contacts have an option for it.
    fn promote(_: &mut State, _: &str) -> Result<(), Failure> {
        Ok(())
    }
}

fn enrich<E: Enriched>(state: &mut State, call: &Call) -> Outcome {
    let dry_run = call.query.bool("dryRun")?;
    one::<E>(state, &call.body, dry_run)
}

/// Makes one enrichment, all of it or nothing.
///
/// Assumed: the status of a dry run says nothing, unless the sandbox was told otherwise.
pub(crate) fn one<E: Enriched>(state: &mut State, body: &Map<String, Value>, dry_run: bool) -> Outcome {
    let mut copy = (dry_run || body.get("action").is_some_and(|action| action == "Merge")).then(|| state.clone());
    let at_work = copy.as_mut().unwrap_or(state);
    let (id, created) = run::<E>(at_work, body)?;
    let shown = E::show(at_work, E::find(at_work, &id)?, &[]);
    if dry_run {
        return Success::of_unknown(&state.settings, UnknownStatus::DryRun, shown);
    }
    if let Some(copy) = copy {
        *state = copy;
    }
    Ok(if created { Success::created(shown) } else { Success::ok(shown) })
}

/// Does what is asked for. Returns the id of the record, and whether it was created.
fn run<E: Enriched>(state: &mut State, body: &Map<String, Value>) -> Result<(String, bool), Failure> {
    let identifiers = body.get("matchingIdentifiers").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    if !(1..=MAX_IDENTIFIERS).contains(&identifiers.len()) {
        return Err(Failure::violation("matchingIdentifiers", "must have 1 to 25 identifiers"));
    }
    let action = body.get("action").unwrap_or(&Value::Null);
    if action.is_null() {
        return Err(Failure::violation("action", "is missing"));
    }
    let Some(action) = E::ACTIONS.iter().find(|known| action.as_str() == Some(known)) else {
        return Err(Failure::invalid_value("action", action, "Enum", &E::ACTIONS.join(", ")));
    };
    let nothing = Map::new();
    let record = match body.get(E::RECORD).unwrap_or(&Value::Null) {
        Value::Null => &nothing,
        Value::Object(record) => record,
        other => return Err(Failure::invalid_value(E::RECORD, other, "Object", "an object")),
    };
    let rules = FieldRules::read(body.get("fieldRules"), state.settings.enrichments_repeat_values)?;
    let division = id_in(body, "division").or_else(|| id_in(record, "division")).map(str::to_ascii_lowercase);
    let mut keys: Vec<Key> = Vec::new();
    let mut hits: Vec<String> = Vec::new();
    for (index, identifier) in identifiers.iter().enumerate() {
        let at = format!("matchingIdentifiers[{index}]");
        let Some(identifier) = identifier.as_object() else {
            return Err(Failure::invalid_value(&at, identifier, "Object", "an object"));
        };
        let key = identifiers::key::<E>(state, &at, identifier)?;
        let own = id_in(identifier, "division").map(str::to_ascii_lowercase);
        let owner = E::claims(state).find(&key, own.as_deref().or(division.as_deref()));
        hits.extend(owner.map(str::to_owned).filter(|owner| !hits.contains(owner)));
        keys.push(Key { division: own.or_else(|| division.clone()).unwrap_or_else(|| "*".to_owned()), ..key });
    }
    let id = match (*action, hits.first()) {
        ("Update", None) => {
            let words = "No record answers to the identifiers";
            return Err(Failure::of_unknown(&state.settings, UnknownStatus::NobodyToUpdate, words));
        }
        ("Insert", Some(_)) => {
            let words = "A record answers to the identifiers";
            return Err(Failure::of_unknown(&state.settings, UnknownStatus::SomebodyThere, words));
        }
        (_, None) => {
            let mut record = record.clone();
            if let Some(division) = division {
                record.insert("division".to_owned(), serde_json::json!({ "id": division }));
            }
            let id = E::add(state, &record)?;
            if state.settings.enrichments_claim {
                let date = state.clock.date();
                keys.iter().for_each(|key| E::claims_mut(state).claim(&id, key, &date));
            }
            return Ok((id, true));
        }
        ("Merge", Some(_)) if hits.len() > 1 => {
            let hits: Vec<_> = hits.iter().map(String::as_str).collect();
            merges::merge(state, &hits, None)?
        }
        (_, Some(hit)) => hit.clone(),
    };
    let whole = rules.apply(&E::find(state, &id)?.document(), record, E::KEPT)?;
    E::change(state, &id, &whole)?;
    if body.get("options").and_then(|options| options.get("promote")) == Some(&Value::Bool(true)) {
        E::promote(state, &id)?;
    }
    Ok((id, false))
}
