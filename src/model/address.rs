//! Postal addresses.

model! {
    /// The postal address of a contact or of an external organization.
    ///
    /// The service cuts white space off both ends of every member.
    pub struct ContactAddress {
        /// Street and number, up to 200 characters.
        address1: String => "address1",
        /// What else the street line needs (floor, building), up to 200 characters.
        address2: String => "address2",
        /// Town, up to 100 characters.
        city: String => "city",
        /// State, province or region, up to 50 characters.
        state: String => "state",
        /// ZIP or postal code, up to 25 characters.
        postal_code: String => "postalCode",
        /// Country, up to 25 characters.
        country_code: String => "countryCode",
    }
}
