//! The operations of the API, one file a resource.

use crate::sandbox::http::endpoint::Endpoint;

mod bulk;
pub(super) mod contacts;
mod conversations;
mod enrich;
pub(super) mod external_sources;
mod identifiers;
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
    tokens::ENDPOINTS,
];
