//! Divisions.

model! {
    /// The division of a record: it decides whose roles reach the record.
    ///
    /// It is chosen when the record is created and can't be changed later; to move a record, create it anew.
    pub struct Division {
        /// The division's id, a UUID, or `*` for a record that is in no division. All that a caller writes.
        id: String => "id",
        /// What administrators call the division.
        name: String => "name",
        /// The path of the division in the API. Set by the service.
        self_uri: String => "selfUri",
    }
}
