//! What tells the service who somebody is.

use time::OffsetDateTime;

use super::{Division, ExternalSource, Timestamp};

model! {
    /// Something that one contact, or one organization, of a division alone answers to.
    ///
    /// The service claims identifiers for a record when it is created or changed. One that another record has already
    /// claimed stays where it is, and the create or update succeeds all the same.
    ///
    /// ```
    /// use genesys_external_contacts::Identifier;
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    ///
    /// let caller = client.contacts().find_by(Identifier::phone("+1 317 555 0100")).optional().send()?;
    /// assert!(caller.is_none());
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    pub struct Identifier {
        /// The division within which the identifier is unique.
        division: Division => "division",
        /// What kind of identifier it is. On the wire it is `type`.
        kind: IdentifierType => "type",
        /// The identifier, up to 255 characters. A phone number has its country code and a leading `+`; spaces don't count.
        value: String => "value",
        /// When the record claimed it. Set by the service.
        date_created: OffsetDateTime as Timestamp => "dateCreated",
        /// For [`IdentifierType::ExternalId`]: the system that the id belongs to.
        external_source: Box<ExternalSource> => "externalSource",
    }
}

impl Identifier {
    /// An identifier of any kind, also of one that this crate doesn't know: `Identifier::of("Cookie", "…")`.
    #[must_use]
    pub fn of(kind: impl Into<IdentifierType>, value: impl Into<String>) -> Self {
        Self::default().with_kind(kind).with_value(value)
    }

    /// A phone number, with its country code and a leading `+`.
    #[must_use]
    pub fn phone(number: impl Into<String>) -> Self {
        Self::of(IdentifierType::Phone, number)
    }

    /// An e-mail address.
    #[must_use]
    pub fn email(address: impl Into<String>) -> Self {
        Self::of(IdentifierType::Email, address)
    }

    /// The id of the record in another system, such as a CRM. `source_id` is the id of the
    /// [external source](crate::Client::external_sources). The only kind of identifier that organizations have.
    #[must_use]
    pub fn external_id(source_id: impl Into<String>, value: impl Into<String>) -> Self {
        let source = ExternalSource::default().with_id(source_id);
        Self::of(IdentifierType::ExternalId, value).with_external_source(source)
    }

    /// A WhatsApp number, with its country code and a leading `+`.
    #[must_use]
    pub fn whats_app(number: impl Into<String>) -> Self {
        Self::of(IdentifierType::SocialWhatsapp, number)
    }

    /// A LINE user id.
    #[must_use]
    pub fn line(user_id: impl Into<String>) -> Self {
        Self::of(IdentifierType::SocialLine, user_id)
    }

    /// A Facebook scoped id.
    #[must_use]
    pub fn facebook(scoped_id: impl Into<String>) -> Self {
        Self::of(IdentifierType::SocialFacebook, scoped_id)
    }

    /// An Instagram scoped id.
    #[must_use]
    pub fn instagram(scoped_id: impl Into<String>) -> Self {
        Self::of(IdentifierType::SocialInstagram, scoped_id)
    }

    /// An Instagram user name.
    #[must_use]
    pub fn instagram_handle(handle: impl Into<String>) -> Self {
        Self::of(IdentifierType::SocialInstagramHandle, handle)
    }

    /// A Twitter id.
    #[must_use]
    pub fn twitter(id: impl Into<String>) -> Self {
        Self::of(IdentifierType::SocialTwitter, id)
    }

    /// An id in Apple Messages for Business.
    #[must_use]
    pub fn apple(opaque_id: impl Into<String>) -> Self {
        Self::of(IdentifierType::AppleOpaqueId, opaque_id)
    }
}

model! {
    /// What kind of identifier an [`Identifier`] is.
    pub enum IdentifierType {
        /// A LINE user id.
        SocialLine => "SocialLine",
        /// A Facebook scoped id.
        SocialFacebook => "SocialFacebook",
        /// A Twitter id.
        SocialTwitter => "SocialTwitter",
        /// A WhatsApp number.
        SocialWhatsapp => "SocialWhatsapp",
        /// An Instagram scoped id.
        SocialInstagram => "SocialInstagram",
        /// A WhatsApp id that is tied to one business (business-scoped user id).
        SocialWhatsappBsuid => "SocialWhatsappBsuid",
        /// An id in Apple Messages for Business.
        AppleOpaqueId => "AppleOpaqueId",
        /// An e-mail address.
        Email => "Email",
        /// A phone number.
        Phone => "Phone",
        /// A browser cookie.
        Cookie => "Cookie",
        /// An id in another system. The only kind that organizations have.
        ExternalId => "ExternalId",
        /// An Instagram user name.
        SocialInstagramHandle => "SocialInstagramHandle",
    }
}
