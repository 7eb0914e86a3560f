//! The operations of the API, one file a resource.

use crate::sandbox::http::endpoint::Endpoint;

mod bulk;
pub(super) mod contacts;
mod conversations;
pub(super) mod external_sources;
mod lookup;
mod notes;
pub(super) mod organizations;
mod relationships;
mod scans;
mod schemas;
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
    tokens::ENDPOINTS,
];
