//! Relationships: which user looks after which external organization.

mod model;

pub use model::Relationship;
