//! The operations of the API, one file a resource.

use crate::sandbox::http::endpoint::Endpoint;
use crate::sandbox::store::state::State;

mod bulk;
pub(super) mod contacts;
mod conversations;
mod enrich;
mod exports;
pub(super) mod external_sources;
pub(super) mod graphs;
mod identifiers;
mod import_run;
mod imports;
mod journeys;
mod lookup;
mod merges;
mod notes;
pub(super) mod organizations;
mod patch;
mod relationships;
mod scans;
mod schemas;
mod settings;
mod tokens;

/// All operations, by resource.
pub(super) const RESOURCES: &[&[Endpoint]] = &[
    contacts::ENDPOINTS,
    bulk::ENDPOINTS,
    organizations::ENDPOINTS,
    notes::ENDPOINTS,
    relationships::ENDPOINTS,
    scans::ENDPOINTS,
    external_sources::ENDPOINTS,
    schemas::ENDPOINTS,
    conversations::ENDPOINTS,
    lookup::ENDPOINTS,
    identifiers::ENDPOINTS,
    enrich::ENDPOINTS,
    merges::ENDPOINTS,
    settings::ENDPOINTS,
    exports::CONTACTS,
    exports::NOTES,
    exports::ORGANIZATIONS,
    exports::RELATIONSHIPS,
    imports::ENDPOINTS,
    graphs::ENDPOINTS,
    journeys::ENDPOINTS,
    tokens::ENDPOINTS,
];

/// Brings work that takes a while to where it is by now.
pub(super) fn settle(state: &mut State) {
    imports::settle(state);
    graphs::settle(state);
}
