//! The phones that a user works with.

use std::collections::BTreeMap;

use time::OffsetDateTime;

use super::User;
use crate::model::Timestamp;

model! {
    /// The stations (phones) of a [`User`], by the part they play.
    pub struct UserStations {
        /// The one that the user has chosen for now. Set by the service.
        associated_station: Box<UserStation> => "associatedStation",
        /// The one that rings: the chosen station, or else the usual one. Set by the service.
        effective_station: Box<UserStation> => "effectiveStation",
        /// The usual one, for when none is chosen. Set by the service.
        default_station: Box<UserStation> => "defaultStation",
        /// The one that the user had chosen before. Set by the service.
        last_associated_station: Box<UserStation> => "lastAssociatedStation",
    }
}

model! {
    /// A station: a desk phone or a softphone.
    pub struct UserStation {
        /// The station's id. Set by the service.
        id: String => "id",
        /// What the station is called.
        name: String => "name",
        /// What sort of phone it is. On the wire it is `type`.
        kind: String => "type",
        /// Who has chosen the station for now.
        associated_user: Box<User> => "associatedUser",
        /// When they chose it.
        associated_date: OffsetDateTime as Timestamp => "associatedDate",
        /// Whose usual station it is.
        default_user: Box<User> => "defaultUser",
        /// What the telephony provider adds, such as an `edgeGroupId`.
        provider_info: BTreeMap<String, String> => "providerInfo",
        /// How many calls the station can show at the same time. Set by the service.
        web_rtc_call_appearances: i64 => "webRtcCallAppearances",
    }
}
