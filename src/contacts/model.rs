//! temp
model! {
    /// x
    pub struct ExternalContact {
        /// x
        id: String => "id",
        /// x
        first_name: String => "firstName",
        /// x
        last_name: String => "lastName",
        /// x
        title: String => "title",
    }
}
