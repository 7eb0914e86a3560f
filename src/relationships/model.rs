//! What a relationship is.

use crate::model::{Division, ExternalDataSource, User};
use crate::organizations::model::ExternalOrganization;

model! {
    /// What a user is to an external organization.
    pub struct Relationship {
        /// The relationship's id, a UUID. Set by the service.
        id: String => "id",
        /// The division that the relationship is in.
        division: Division => "division",
        /// The user. Needed on create and update, with the `id` only.
        user: Box<User> => "user",
        /// The external organization. Needed on create and update;
        /// [`ExternalOrganization::reference`] makes one from an id.
        external_organization: Box<ExternalOrganization> => "externalOrganization",
        /// What the user is to the organization, such as `Account Manager`: 1 to 100 characters. Needed on create.
        relationship: String => "relationship",
        /// Records in other systems that data of this relationship came from. Comes with
        /// `expand=externalDataSources`. Set by the service.
        external_data_sources: Vec<ExternalDataSource> => "externalDataSources",
        /// The path of the relationship in the API. Set by the service.
        self_uri: String => "selfUri",
        /// What the relationship is called. Only in descriptions of 2018 and earlier.
        name: String => "name",
    }
}
