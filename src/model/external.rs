//! Where else a record is known: ids in other systems, the systems, and the data that came from them.

model! {
    /// The id of a contact or an organization in another system. A record has ten of them at most.
    pub struct ExternalId {
        /// The system that the id belongs to. Writing its `id` is enough; an id that does not exist is refused with
        /// status 400.
        external_source: Box<ExternalSource> => "externalSource",
        /// The id in that system, up to 255 characters. The service cuts white space off both ends.
        value: String => "value",
    }
}

model! {
    /// Another system, such as a CRM, in which contacts and organizations have ids of their own.
    pub struct ExternalSource {
        /// The source's id, a UUID.
        id: String => "id",
        /// What the source is called: 1 to 200 characters, different from all other sources. Needed on create.
        name: String => "name",
        /// Whether the source is in use.
        active: bool => "active",
        /// How to get from an id to the record's page in that system.
        link_configuration: LinkConfiguration => "linkConfiguration",
        /// The path of the source in the API. Set by the service.
        self_uri: String => "selfUri",
    }
}

model! {
    /// How an [`ExternalSource`] turns the id of a record into a link.
    pub struct LinkConfiguration {
        /// A complete URL with a place for the id, up to 400 characters.
        uri_template: String => "uriTemplate",
    }
}

model! {
    /// A record in another system that data of this one came from.
    ///
    /// Comes only where the request expands `externalDataSources`.
    pub struct ExternalDataSource {
        /// Which product the data came from.
        platform: ExternalDataSourcePlatform => "platform",
        /// The page of the original record.
        url: String => "url",
    }
}

model! {
    /// The product that an [`ExternalDataSource`] is a record of.
    pub enum ExternalDataSourcePlatform {
        /// Salesforce.
        Salesforce => "SALESFORCE",
    }
}
