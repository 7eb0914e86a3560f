//! External contacts: the people that an organization talks to.

mod model;

pub use model::{ContactIdentifier, ContactIdentifierType, ContactType, ExternalContact, MergeOperation};
