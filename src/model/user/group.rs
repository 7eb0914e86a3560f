//! Groups and teams that users belong to.

use time::OffsetDateTime;

use super::{AddressMediaType, User};
use crate::model::{Division, EntityState, Image, Timestamp};

model! {
    /// A group that a [`User`] belongs to.
    pub struct Group {
        /// The group's id, a UUID. Set by the service.
        id: String => "id",
        /// What the group is called.
        name: String => "name",
        /// What the group is for.
        description: String => "description",
        /// When the group last changed. Set by the service.
        date_modified: OffsetDateTime as Timestamp => "dateModified",
        /// How many users belong to the group. Set by the service.
        member_count: i64 => "memberCount",
        /// Whether the group is in use. Set by the service.
        state: EntityState => "state",
        /// Counts the changes of this group. Set by the service.
        version: i64 => "version",
        /// Who runs the group. On the wire it is `type`.
        kind: GroupType => "type",
        /// The group's picture, in several sizes.
        images: Vec<Image> => "images",
        /// Phone numbers of the group.
        addresses: Vec<GroupContact> => "addresses",
        /// Whether people who see the group also see by which rules users become members.
        rules_visible: bool => "rulesVisible",
        /// Who can see the group.
        visibility: GroupVisibility => "visibility",
        /// Whether roles can be given to the group.
        roles_enabled: bool => "rolesEnabled",
        /// Whether owners may be counted as members.
        include_owners: bool => "includeOwners",
        /// Whether the group can be called.
        calls_enabled: bool => "callsEnabled",
        /// The e-mail address of the group. Set by the service.
        email: String => "email",
        /// Users who run the group.
        owners: Vec<User> => "owners",
        /// The path of the group in the API. Set by the service.
        self_uri: String => "selfUri",
    }
}

model! {
    /// Who runs a [`Group`].
    pub enum GroupType {
        /// Administrators do.
        Official => "official",
        /// Its owners do.
        Social => "social",
    }
}

model! {
    /// Who can see a [`Group`].
    pub enum GroupVisibility {
        /// Everybody in the organization.
        Public => "public",
        /// Its owners only.
        Owners => "owners",
        /// Its members only.
        Members => "members",
    }
}

model! {
    /// A phone number of a [`Group`].
    pub struct GroupContact {
        /// The phone number.
        address: String => "address",
        /// The extension, where `address` is a number in E.164.
        extension: String => "extension",
        /// The number in the form that people read. Set by the service.
        display: String => "display",
        /// What a call to the number does. On the wire it is `type`.
        kind: GroupContactType => "type",
        /// Always [`AddressMediaType::Phone`] so far.
        media_type: AddressMediaType => "mediaType",
    }
}

model! {
    /// What a call to a [`GroupContact`] does.
    pub enum GroupContactType {
        /// Rings the phones of the members.
        GroupRing => "GROUPRING",
        /// Rings a phone that the group shares.
        GroupPhone => "GROUPPHONE",
    }
}

model! {
    /// The team that a [`User`] belongs to.
    pub struct Team {
        /// The team's id, a UUID. Set by the service.
        id: String => "id",
        /// What the team is called.
        name: String => "name",
        /// The division that the team is in.
        division: Division => "division",
        /// What the team is for.
        description: String => "description",
        /// When the team was set up. Set by the service.
        date_created: OffsetDateTime as Timestamp => "dateCreated",
        /// When the team last changed. Set by the service.
        date_modified: OffsetDateTime as Timestamp => "dateModified",
        /// How many users belong to the team. Set by the service.
        member_count: i64 => "memberCount",
        /// The path of the team in the API. Set by the service.
        self_uri: String => "selfUri",
    }
}
