//! The life cycle that many entities share.

model! {
    /// Whether a user, an organization, a group, a location, a skill or a language is in use.
    ///
    /// A location is never `Inactive`.
    pub enum EntityState {
        /// In use.
        Active => "active",
        /// Kept, but switched off.
        Inactive => "inactive",
        /// Removed.
        Deleted => "deleted",
    }
}
