//! The models: what the API's JSON objects and listed values are in Rust.
//!
//! Every member is an `Option`, because the API promises none of them; lists too (an empty list clears, an absent one
//! leaves alone). Members that a model does not know are kept in `extra` and written back, values that an enum does
//! not know are kept as `Other`, so that reading something, changing one field and writing it back loses nothing.
//!
//! `Debug` of a model prints the names of the members that are set and no values, because most of them are personal data and
//! what is printed ends up in logs. To see the values in a program, serialize the model; in tests, where two models should
//! be equal, wrap both in `sandbox::reveal` (feature `sandbox`): `assert_eq!(reveal(&found), reveal(&expected))`.
//!
//! Here are the models that several resources share. Those of one resource are in its module, such as
//! [`contacts`](crate::contacts).

#[macro_use]
pub(crate) mod macros;
mod address;
mod date;
mod division;
mod external;
mod identifier;
mod image;
mod listing;
mod phone_number;
mod reference;
mod social;
mod sort;
mod state;
mod user;

pub use address::ContactAddress;
pub(crate) use date::{Day, Timestamp};
pub use division::Division;
pub use external::{ExternalDataSource, ExternalDataSourcePlatform, ExternalId, ExternalSource, LinkConfiguration};
pub use identifier::{Identifier, IdentifierType};
pub use image::Image;
pub use listing::{Cursors, Listing};
pub use phone_number::PhoneNumber;
pub use reference::{DomainEntityRef, EntityRef};
pub use social::{
    AppleOpaqueId, FacebookId, FacebookScopedId, InstagramId, InstagramScopedId, LineId, LineUserId, TwitterId,
    WhatsAppId,
};
pub use sort::SortOrder;
pub use state::EntityState;
pub use user::{
    AddressMediaType, AddressVerificationStatus, Biography, Chat, ConditionConjunction, ConditionOperator,
    ConditionValueType, DomainRole, Education, EmergencyNumberType, EmployerInfo, Geolocation, Group, GroupContact,
    GroupContactType, GroupType, GroupVisibility, Location, LocationAddress, LocationAddressVerificationDetails,
    LocationDefinition, LocationEmergencyNumber, MediaSummary, MediaSummaryDetail, OAuthLastTokenIssued, Organization,
    OutOfOffice, PresenceDefinition, ProductPlatform, ResourceConditionNode, ResourceConditionValue,
    ResourcePermissionPolicy, RoutingState, RoutingStatus, Team, User, UserAuthorization, UserContact, UserContactType,
    UserConversationSummary, UserPresence, UserRoutingLanguage, UserRoutingSkill, UserStation, UserStations,
    WorkPlanBidRanks,
};
