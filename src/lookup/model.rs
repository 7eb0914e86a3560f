//! What a reverse lookup finds.

use crate::contacts::model::ExternalContact;
use crate::organizations::model::ExternalOrganization;

model! {
    /// What a reverse lookup has found: 25 records at most.
    pub struct ReverseWhitepagesLookupResult {
        /// Contacts that have the phone number, e-mail address or handle.
        contacts: Vec<ExternalContact> => "contacts",
        /// Organizations that have it. The service has sent none since April 2025.
        external_organizations: Vec<ExternalOrganization> => "externalOrganizations",
    }
}
