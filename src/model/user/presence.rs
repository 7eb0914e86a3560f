//! What a user is doing: presence, absence, conversations.

use time::OffsetDateTime;

use super::User;
use crate::model::Timestamp;

model! {
    /// What a [`User`] is doing, as one source of such news knows it.
    pub struct UserPresence {
        /// The id of this presence. Set by the service.
        id: String => "id",
        /// What this presence is called.
        name: String => "name",
        /// The source by name. The API has deprecated it; see `source_id`.
        source: String => "source",
        /// The id of the registered source that the presence comes from.
        source_id: String => "sourceId",
        /// Whether the source is the one that counts for this user.
        primary: bool => "primary",
        /// The presence that holds now.
        presence_definition: Box<PresenceDefinition> => "presenceDefinition",
        /// The presence that the user wants to go to next. Set by the service.
        future_presence_definition: Box<PresenceDefinition> => "futurePresenceDefinition",
        /// A remark of the user's.
        message: String => "message",
        /// When the presence last changed.
        modified_date: OffsetDateTime as Timestamp => "modifiedDate",
        /// The path of the presence in the API. Set by the service.
        self_uri: String => "selfUri",
    }
}

model! {
    /// A presence that users can take on, one of the built-in ones or the organization's own.
    pub struct PresenceDefinition {
        /// The id of the definition.
        id: String => "id",
        /// The built-in presence that it counts as, such as `Available` or `Busy`.
        system_presence: String => "systemPresence",
        /// The path of the definition in the API. Set by the service.
        self_uri: String => "selfUri",
    }
}

model! {
    /// When a [`User`] is away.
    pub struct OutOfOffice {
        /// The id of this notice of absence. Set by the service.
        id: String => "id",
        /// What the notice is called.
        name: String => "name",
        /// Who is away.
        user: Box<User> => "user",
        /// When the absence begins.
        start_date: OffsetDateTime as Timestamp => "startDate",
        /// When the absence ends.
        end_date: OffsetDateTime as Timestamp => "endDate",
        /// Whether the notice is switched on.
        active: bool => "active",
        /// Whether the absence has no end.
        indefinite: bool => "indefinite",
        /// The path of the notice in the API. Set by the service.
        self_uri: String => "selfUri",
    }
}

model! {
    /// How many interactions a [`User`] has, by kind.
    pub struct UserConversationSummary {
        /// The id of the user who is counted for.
        user_id: String => "userId",
        /// Phone calls.
        call: Box<MediaSummary> => "call",
        /// Calls back.
        callback: Box<MediaSummary> => "callback",
        /// E-mails.
        email: Box<MediaSummary> => "email",
        /// Text and messaging platforms.
        message: Box<MediaSummary> => "message",
        /// Web chats.
        chat: Box<MediaSummary> => "chat",
        /// Posts on social platforms.
        social_expression: Box<MediaSummary> => "socialExpression",
        /// Video calls.
        video: Box<MediaSummary> => "video",
    }
}

model! {
    /// Interactions of one kind in a [`UserConversationSummary`], by where they came from.
    pub struct MediaSummary {
        /// Those that came through queues.
        contact_center: Box<MediaSummaryDetail> => "contactCenter",
        /// Those that did not.
        enterprise: Box<MediaSummaryDetail> => "enterprise",
    }
}

model! {
    /// The counts of a [`MediaSummary`].
    pub struct MediaSummaryDetail {
        /// Interactions that are going on.
        active: i64 => "active",
        /// Interactions that are over, with the user still busy on what they leave to do (after-call work).
        acw: i64 => "acw",
    }
}
