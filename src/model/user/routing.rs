//! How interactions are routed to a user.

use time::OffsetDateTime;

use crate::model::{EntityState, Timestamp};

model! {
    /// Whether interactions are being routed to a [`User`](super::User).
    pub struct RoutingStatus {
        /// Whose status it is: the id of the user.
        user_id: String => "userId",
        /// Where the user stands.
        status: RoutingState => "status",
        /// Since when.
        start_time: OffsetDateTime as Timestamp => "startTime",
    }
}

model! {
    /// Where an agent stands in the routing of interactions; see [`RoutingStatus`].
    pub enum RoutingState {
        /// Takes no interactions from queues. Users that do not exist are reported like this, too.
        OffQueue => "OFF_QUEUE",
        /// Waits for an interaction.
        Idle => "IDLE",
        /// Works on an interaction from a queue.
        Interacting => "INTERACTING",
        /// Let an interaction pass unanswered, and gets no more for now.
        NotResponding => "NOT_RESPONDING",
        /// Is in a conversation that did not come from a queue.
        Communicating => "COMMUNICATING",
    }
}

model! {
    /// A skill by which interactions are routed to a [`User`](super::User).
    pub struct UserRoutingSkill {
        /// The skill's id. Set by the service.
        id: String => "id",
        /// What the skill is called.
        name: String => "name",
        /// How good the user is at it, from 0.0 to 5.0. Higher ones are preferred.
        proficiency: f64 => "proficiency",
        /// Whether routing counts the skill for this user.
        state: EntityState => "state",
        /// The path of the skill as the organization defines it. Set by the service.
        skill_uri: String => "skillUri",
        /// The path of the user's share in the skill. Set by the service.
        self_uri: String => "selfUri",
    }
}

model! {
    /// A language by which interactions are routed to a [`User`](super::User).
    pub struct UserRoutingLanguage {
        /// The language's id. Set by the service.
        id: String => "id",
        /// What the language is called.
        name: String => "name",
        /// How well the user speaks it, from 0.0 to 5.0. Higher ones are preferred.
        proficiency: f64 => "proficiency",
        /// Whether routing counts the language for this user.
        state: EntityState => "state",
        /// The path of the language as the organization defines it. Set by the service.
        language_uri: String => "languageUri",
        /// The path of the user's share in the language. Set by the service.
        self_uri: String => "selfUri",
    }
}

model! {
    /// How a [`User`](super::User) ranks when shifts are bid for.
    pub struct WorkPlanBidRanks {
        /// The id of the user who is ranked.
        id: String => "id",
        /// The rank by performance, from 0 to 9999.
        work_plan_bidding_performance: i64 => "workPlanBiddingPerformance",
        /// A value of the customer's own that decides between equal ranks.
        bidding_tie_breaker: String => "biddingTieBreaker",
        /// The path of the ranks in the API. Set by the service.
        self_uri: String => "selfUri",
    }
}
