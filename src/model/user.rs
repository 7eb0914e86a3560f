//! Users of Genesys Cloud, and everything that hangs off one: the author of a note, the user of a relationship.

mod authorization;
mod group;
mod location;
mod organization;
mod presence;
mod profile;
mod routing;
mod station;

pub use authorization::{
    ConditionConjunction, ConditionOperator, ConditionValueType, DomainRole, ResourceConditionNode,
    ResourceConditionValue, ResourcePermissionPolicy, UserAuthorization,
};
pub use group::{Group, GroupContact, GroupContactType, GroupType, GroupVisibility, Team};
pub use location::{
    AddressVerificationStatus, EmergencyNumberType, Geolocation, Location, LocationAddress,
    LocationAddressVerificationDetails, LocationDefinition, LocationEmergencyNumber,
};
pub use organization::{Organization, ProductPlatform};
pub use presence::{
    MediaSummary, MediaSummaryDetail, OutOfOffice, PresenceDefinition, UserConversationSummary, UserPresence,
};
pub use profile::{AddressMediaType, Biography, Chat, Education, EmployerInfo, UserContact, UserContactType};
pub use routing::{RoutingState, RoutingStatus, UserRoutingLanguage, UserRoutingSkill, WorkPlanBidRanks};
pub use station::{UserStation, UserStations};

use time::OffsetDateTime;

use crate::model::{Division, EntityState, Image, Timestamp};

model! {
    /// A user of Genesys Cloud: who wrote a note, who looks after an organization, who set up a trust.
    ///
    /// To name a user in a request, `id` is all that is needed. Answers hold little more than that unless the request
    /// expands the user.
    pub struct User {
        /// The user's id, a UUID. Set by the service.
        id: String => "id",
        /// The user's full name.
        name: String => "name",
        /// The division that the user is in.
        division: Division => "division",
        /// How to reach the user in chat.
        chat: Box<Chat> => "chat",
        /// The department that the user works in.
        department: String => "department",
        /// The user's e-mail address.
        email: String => "email",
        /// The main e-mail address and phone number, picked from `addresses`. Set by the service.
        primary_contact_info: Vec<UserContact> => "primaryContactInfo",
        /// All e-mail addresses and phone numbers of the user.
        addresses: Vec<UserContact> => "addresses",
        /// Whether the user account is in use. Set by the service.
        state: EntityState => "state",
        /// The job title.
        title: String => "title",
        /// The name that the user signs in with.
        username: String => "username",
        /// The user whom this one reports to.
        manager: Box<User> => "manager",
        /// The profile picture, in several sizes.
        images: Vec<Image> => "images",
        /// Counts the changes of this user. A change to the user must carry the latest one.
        version: i64 => "version",
        /// Certificates that the user has earned.
        certifications: Vec<String> => "certifications",
        /// What the user tells about themselves.
        biography: Box<Biography> => "biography",
        /// The user's employment.
        employer_info: Box<EmployerInfo> => "employerInfo",
        /// The name that the user wants to be called by.
        preferred_name: String => "preferredName",
        /// Whether interactions are being routed to the user. Set by the service.
        routing_status: Box<RoutingStatus> => "routingStatus",
        /// What the user is doing now, as Genesys Cloud knows it. Set by the service.
        presence: Box<UserPresence> => "presence",
        /// What the user is doing now, as a connected system such as Microsoft Teams knows it. Set by the service.
        integration_presence: Box<UserPresence> => "integrationPresence",
        /// How many interactions of each kind the user has. Set by the service.
        conversation_summary: Box<UserConversationSummary> => "conversationSummary",
        /// When the user is away. Set by the service.
        out_of_office: Box<OutOfOffice> => "outOfOffice",
        /// Where the user's device is. Set by the service.
        geolocation: Box<Geolocation> => "geolocation",
        /// The phones that the user works with. Set by the service.
        station: Box<UserStations> => "station",
        /// What the user may do. Set by the service.
        authorization: Box<UserAuthorization> => "authorization",
        /// Skills that the profile lists; routing does not look at them. Set by the service.
        profile_skills: Vec<String> => "profileSkills",
        /// Where the user sits, site by site. Set by the service.
        locations: Vec<Location> => "locations",
        /// Groups that the user belongs to. Set by the service.
        groups: Vec<Group> => "groups",
        /// The team that the user belongs to. Set by the service.
        team: Box<Team> => "team",
        /// How the user ranks when shifts are bid for. Set by the service.
        work_plan_bid_ranks: Box<WorkPlanBidRanks> => "workPlanBidRanks",
        /// Skills by which interactions are routed to the user. Set by the service.
        skills: Vec<UserRoutingSkill> => "skills",
        /// Languages by which interactions are routed to the user. Set by the service.
        languages: Vec<UserRoutingLanguage> => "languages",
        /// Whether interactions from a queue are answered without the user's doing.
        acd_auto_answer: bool => "acdAutoAnswer",
        /// The language in which the user sees Genesys Cloud. Set by the service.
        language_preference: String => "languagePreference",
        /// When the user last got an access token.
        last_token_issued: Box<OAuthLastTokenIssued> => "lastTokenIssued",
        /// When the user last signed in with a password. Set by the service.
        date_last_login: OffsetDateTime as Timestamp => "dateLastLogin",
        /// When the welcome e-mail went out. Set by the service.
        date_welcome_sent: OffsetDateTime as Timestamp => "dateWelcomeSent",
        /// The Genesys Cloud organization of the user. Comes only with the user who created a
        /// [`Trustor`](crate::organizations::Trustor).
        organization: Box<Organization> => "organization",
        /// The path of the user in the API. Set by the service.
        self_uri: String => "selfUri",
    }
}

impl User {
    /// A user by their id only, which is how a relationship names its user and a note its author; see also
    /// [`Note::by`](crate::Note::by).
    ///
    /// ```
    /// use genesys_external_contacts::Relationship;
    /// use genesys_external_contacts::model::User;
    ///
    /// let manager = User::reference("3d5f2c1e-0000-4000-8000-000000000002");
    /// let relationship = Relationship::default().with_user(manager).with_relationship("Account Manager");
    /// assert_eq!(
    ///     serde_json::to_string(&relationship)?,
    ///     r#"{"user":{"id":"3d5f2c1e-0000-4000-8000-000000000002"},"relationship":"Account Manager"}"#
    /// );
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn reference(id: impl Into<String>) -> Self {
        Self::default().with_id(id)
    }
}

model! {
    /// The latest access token of a [`User`].
    pub struct OAuthLastTokenIssued {
        /// When it was handed out.
        date_issued: OffsetDateTime as Timestamp => "dateIssued",
    }
}
