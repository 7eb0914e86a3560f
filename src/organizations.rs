//! External organizations: the companies that an organization deals with.

mod model;

pub use model::{
    ExternalOrganization, ExternalOrganizationIdentifier, ExternalOrganizationIdentifierType,
    ExternalOrganizationTrustorLink, Ticker, TrusteeAuthorization, Trustor,
};
