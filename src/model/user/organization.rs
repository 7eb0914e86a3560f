//! Genesys Cloud organizations.

use std::collections::BTreeMap;

use crate::model::EntityState;

model! {
    /// An organization that uses Genesys Cloud: the one of a [`User`](super::User), or the one behind a
    /// [`Trustor`](crate::organizations::Trustor).
    ///
    /// Companies that are kept as records are [`ExternalOrganization`](crate::organizations::ExternalOrganization)s.
    pub struct Organization {
        /// The organization's id, a UUID. Set by the service.
        id: String => "id",
        /// What the organization is called.
        name: String => "name",
        /// The language that users see unless they choose another, such as `en`.
        default_language: String => "defaultLanguage",
        /// The country that is assumed unless one is given, such as `US`.
        default_country_code: String => "defaultCountryCode",
        /// The short name, unlike that of any other organization and fixed for good. Set by the service.
        third_party_org_name: String => "thirdPartyOrgName",
        /// The URI that goes with the short name.
        third_party_uri: String => "thirdPartyURI",
        /// The domain name of the organization.
        domain: String => "domain",
        /// Which features are switched on, by name. Set by the service.
        features: BTreeMap<String, bool> => "features",
        /// Counts the changes of the organization. A change must carry the latest one.
        version: i64 => "version",
        /// Whether the organization is in use.
        state: EntityState => "state",
        /// The id of the telephony site that is used unless another is chosen.
        default_site_id: String => "defaultSiteId",
        /// Where requests for support go: an e-mail address.
        support_uri: String => "supportURI",
        /// Whether callers can leave voice messages.
        voicemail_enabled: bool => "voicemailEnabled",
        /// The product that the organization came from. Set by the service.
        product_platform: ProductPlatform => "productPlatform",
        /// The path of the organization in the API. Set by the service.
        self_uri: String => "selfUri",
    }
}

model! {
    /// The product that an [`Organization`] came from.
    pub enum ProductPlatform {
        /// Genesys Cloud.
        GenesysCloud => "GenesysCloud",
        /// PureCloud, as Genesys Cloud used to be called.
        PureCloud => "PureCloud",
        /// PureEngage, on the customer's premises.
        PureEngage => "PureEngage",
        /// PureEngage, hosted.
        PureEngageCloud => "PureEngageCloud",
        /// PureConnect, on the customer's premises.
        PureConnect => "PureConnect",
        /// PureConnect, hosted.
        PureConnectCloud => "PureConnectCloud",
        /// The service does not know.
        Unknown => "Unknown",
    }
}
