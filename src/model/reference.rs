//! References to entities that are not sent in full.

model! {
    /// A reference to another entity: its id and its path.
    pub struct EntityRef {
        /// The entity's id.
        id: String => "id",
        /// The path of the entity in the API.
        self_uri: String => "selfUri",
    }
}

model! {
    /// A reference to another entity that may also say what the entity is called.
    pub struct DomainEntityRef {
        /// The entity's id.
        id: String => "id",
        /// The entity's display name.
        name: String => "name",
        /// The path of the entity in the API.
        self_uri: String => "selfUri",
    }
}
