//! The operations of the API, one file a resource.

use crate::sandbox::http::endpoint::Endpoint;

pub(super) mod contacts;
mod conversations;
mod lookup;
mod notes;
pub(super) mod organizations;
mod relationships;
mod schemas;
mod tokens;

/// All operations, by resource.
pub(super) const RESOURCES: &[&[Endpoint]] = &[
    contacts::ENDPOINTS,
    organizations::ENDPOINTS,
    notes::ENDPOINTS,
    relationships::ENDPOINTS,
    schemas::ENDPOINTS,
    conversations::ENDPOINTS,
    lookup::ENDPOINTS,
    tokens::ENDPOINTS,
];
