//! Phone numbers.

model! {
    /// A phone number of a contact, of an organization or of a WhatsApp account.
    ///
    /// A caller writes `display` and, where needed, `extension`, `accepts_sms` and `normalization_country_code`. The
    /// service derives the other members from these.
    pub struct PhoneNumber {
        /// The number as people read it. What is written here, up to 512 characters, comes back in international
        /// format where the service can read it as E.164, and unchanged where it can't.
        display: String => "display",
        /// The extension to dial once the number answers.
        extension: i64 => "extension",
        /// Whether text messages can be sent to this number.
        accepts_sms: bool => "acceptsSMS",
        /// The country that a number without a country code is taken to be in. Without it the service assumes +1,
        /// or what the organization has set up.
        normalization_country_code: String => "normalizationCountryCode",
        /// What was last written to `display`, letter by letter. Set by the service.
        user_input: String => "userInput",
        /// The number in E.164, such as `+33100000001`. Set by the service, and absent where it could not read the
        /// number; such a number can't be searched for.
        e164: String => "e164",
        /// The country of the number, such as `FR`, up to 4 characters. Set by the service together with `e164`.
        country_code: String => "countryCode",
    }
}

impl PhoneNumber {
    /// A phone number as a caller writes it.
    ///
    /// Apart from `display`, only `extension`, `acceptsSMS` and `normalizationCountryCode` are the caller's; the
    /// service derives `e164`, `countryCode` and `userInput`, and brings `display` into international format.
    ///
    /// ```
    /// use genesys_external_contacts::model::PhoneNumber;
    ///
    /// let phone = PhoneNumber::new("01 00 00 00 01").with_normalization_country_code("FR").with_accepts_sms(false);
    ///
    /// assert_eq!(phone.display.as_deref(), Some("01 00 00 00 01"));
    /// assert_eq!(phone.e164, None); // known once the service has stored the number
    /// ```
    #[must_use]
    pub fn new(display: impl Into<String>) -> Self {
        Self::default().with_display(display)
    }
}
