//! Scans: everything of one kind, page by page.

use serde_json::Value;

use crate::sandbox::api::{contacts, notes, organizations, relationships};
use crate::sandbox::http::answer::{Outcome, Success};
use crate::sandbox::http::endpoint::{Call, Endpoint, Permissions};
use crate::sandbox::http::failure::Failure;
use crate::sandbox::rules::cursor::{CursorPage, Kind};
use crate::sandbox::rules::view;
use crate::sandbox::store::state::State;
use crate::sandbox::store::table::{Row, Table};

/// For contacts, and documented for notes and relationships, too.
const ALL_CONTACTS: Permissions = Permissions::All(&["externalContacts:contact:viewAll"]);
const ALL_ORGANIZATIONS: Permissions = Permissions::All(&["externalContacts:externalOrganization:viewAll"]);

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::get("/api/v2/externalcontacts/scan/contacts", contacts::VIEW, of_division::<Contact>),
    Endpoint::get("/api/v2/externalcontacts/scan/contacts/divisionviews/all", ALL_CONTACTS, of_all::<Contact>),
    Endpoint::get("/api/v2/externalcontacts/scan/organizations", organizations::VIEW, of_division::<Organization>),
    Endpoint::get(
        "/api/v2/externalcontacts/scan/organizations/divisionviews/all",
        ALL_ORGANIZATIONS,
        of_all::<Organization>,
    ),
    Endpoint::get("/api/v2/externalcontacts/scan/notes", contacts::VIEW, of_division::<Note>),
    Endpoint::get("/api/v2/externalcontacts/scan/notes/divisionviews/all", ALL_CONTACTS, of_all::<Note>),
    Endpoint::get("/api/v2/externalcontacts/scan/relationships", contacts::VIEW, of_division::<Relationship>),
    Endpoint::get(
        "/api/v2/externalcontacts/scan/relationships/divisionviews/all",
        ALL_CONTACTS,
        of_all::<Relationship>,
    ),
];

/// What is scanned.
trait Scanned {
    fn table(state: &State) -> &Table;
    /// Other entities are only named in it: a scan has no `expand`.
    fn view(state: &State, row: &Row) -> Value;
}

struct Contact;

impl Scanned for Contact {
    fn table(state: &State) -> &Table {
        &state.contacts
    }

    fn view(state: &State, row: &Row) -> Value {
        view::contact(state, row, &[])
    }
}

struct Organization;

impl Scanned for Organization {
    fn table(state: &State) -> &Table {
        &state.organizations
    }

    fn view(state: &State, row: &Row) -> Value {
        view::organization(state, row, &[], false)
    }
}

struct Note;

impl Scanned for Note {
    fn table(state: &State) -> &Table {
        state.notes.all()
    }

    fn view(state: &State, row: &Row) -> Value {
        notes::view(state, row, &[])
    }
}

struct Relationship;

impl Scanned for Relationship {
    fn table(state: &State) -> &Table {
        &state.relationships
    }

    fn view(state: &State, row: &Row) -> Value {
        relationships::view(state, row, &[])
    }
}

fn of_division<S: Scanned>(state: &mut State, call: &Call) -> Outcome {
    scan::<S>(state, call, call.query.get("divisionId").filter(|id| !id.is_empty()).unwrap_or(view::ALL))
}

fn of_all<S: Scanned>(state: &mut State, call: &Call) -> Outcome {
    scan::<S>(state, call, view::ALL)
}

/// Assumed: a bad `limit` or `cursor` is a 422, which is documented for scans and not for listings by page number. Changes are
/// seen at once, unlike in searches.
fn scan<S: Scanned>(state: &State, call: &Call, division: &str) -> Outcome {
    let kind = Kind {
        refuse: |name, _, must_be| Failure::violation(name, format!("must be {must_be}")),
        leaves_gaps: true,
        is_shuffled: state.settings.scans_shuffled,
    };
    let page = CursorPage::of(kind, &state.clock, call, vec![division])?;
    let is_meant = |row: &Row| !row.index.is_hidden && view::is_in_divisions(row, &[division]);
    Ok(Success::ok(page.show(state, S::table(state), is_meant, |row| S::view(state, row))))
}
