//! A session, which has many members.

use std::collections::BTreeMap;

use time::OffsetDateTime;

use crate::model::{EntityRef, Timestamp};

model! {
    /// A visit of a contact to a website or an app, or a conversation, as one session.
    pub struct Session {
        /// The session's id.
        id: String => "id",
        /// The contact.
        external_contact: EntityRef => "externalContact",
        /// Who the customer is, in the system that the events come from.
        customer_id: String => "customerId",
        /// What kind of id that is: a cookie, an e-mail address, a phone number.
        customer_id_type: String => "customerIdType",
        /// What kind of session it is: `web`, `app`, and others.
        kind: String => "type",
        /// The id of the session in the system that the events come from.
        external_id: String => "externalId",
        /// Where that system shows more of it.
        external_url: String => "externalUrl",
        /// A number of four to six digits.
        short_id: String => "shortId",
        /// The outcomes that were achieved. The vendor is about to remove them.
        outcome_achievements: Vec<OutcomeAchievement> => "outcomeAchievements",
        /// The segments that were assigned during the session.
        segment_assignments: Vec<SessionSegmentAssignment> => "segmentAssignments",
        /// Attributes that the events of the session brought, by name.
        attributes: BTreeMap<String, EventAttribute> => "attributes",
        /// Attributes with several values that the events of the session brought, by name.
        attribute_lists: BTreeMap<String, EventAttributeList> => "attributeLists",
        /// The browser.
        browser: Browser => "browser",
        /// The device.
        device: Device => "device",
        /// Where the customer was.
        geolocation: JourneyGeolocation => "geolocation",
        /// The customer's IP address.
        ip_address: String => "ipAddress",
        /// Whose IP address it is.
        ip_organization: String => "ipOrganization",
        /// The page of the last event on a website.
        last_page: JourneyPage => "lastPage",
        /// The campaign that brought the customer.
        campaign: JourneyCampaign => "mktCampaign",
        /// The page that led to the session.
        referrer: Referrer => "referrer",
        /// The app.
        app: JourneyApp => "app",
        /// The library that reported the events.
        sdk_library: SdkLibrary => "sdkLibrary",
        /// How the device was connected.
        network_connectivity: NetworkConnectivity => "networkConnectivity",
        /// What the customer searched for.
        search_terms: Vec<String> => "searchTerms",
        /// What the browser says of itself.
        user_agent_string: String => "userAgentString",
        /// How long it has been active, in seconds.
        duration_in_seconds: i64 => "durationInSeconds",
        /// How many events there were.
        event_count: i64 => "eventCount",
        /// How many pages were looked at.
        pageview_count: i64 => "pageviewCount",
        /// How many screens were looked at.
        screenview_count: i64 => "screenviewCount",
        /// The last event.
        last_event: SessionLastEvent => "lastEvent",
        /// The conversation that the session is.
        conversation: EntityRef => "conversation",
        /// The queue that the conversation was in last.
        last_connected_queue: EntityRef => "lastConnectedQueue",
        /// The user that the customer talked to last.
        last_connected_user: EntityRef => "lastConnectedUser",
        /// How that user wrapped the conversation up.
        last_user_disposition: UserDisposition => "lastUserDisposition",
        /// The channels of the conversation.
        conversation_channels: Vec<ConversationChannel> => "conversationChannels",
        /// Who began the conversation.
        originating_direction: SessionDirection => "originatingDirection",
        /// What the conversation is about.
        conversation_subject: String => "conversationSubject",
        /// How the last user left the conversation.
        last_user_disconnect_type: DisconnectType => "lastUserDisconnectType",
        /// How the last attempt to find an agent ended.
        last_acd_outcome: AcdOutcome => "lastAcdOutcome",
        /// Whether the customer had signed in.
        authenticated: bool => "authenticated",
        /// The divisions of the session.
        division_ids: Vec<String> => "divisionIds",
        /// The screen of the last event in an app.
        last_screen: String => "lastScreen",
        /// The cases that the session belongs to.
        case_associations: Vec<CaseAssociation> => "caseAssociations",
        /// The case that the session is.
        case_entity: EntityRef => "caseEntity",
        /// What people call that case.
        case_reference: String => "caseReference",
        /// How far that case is.
        case_status: CaseStatus => "caseStatus",
        /// The path of the session.
        self_uri: String => "selfUri",
        /// When it began.
        created_date: OffsetDateTime as Timestamp => "createdDate",
        /// When it ended.
        ended_date: OffsetDateTime as Timestamp => "endedDate",
        /// When the customer went away.
        away_date: OffsetDateTime as Timestamp => "awayDate",
        /// When nothing happened any more.
        idle_date: OffsetDateTime as Timestamp => "idleDate",
    }
}

model! {
    /// Who began a conversation.
    pub enum SessionDirection {
        /// Nobody knows.
        Unknown => "Unknown",
        /// The customer.
        Inbound => "Inbound",
        /// The contact center.
        Outbound => "Outbound",
    }
}

model! {
    /// How somebody left a conversation.
    pub enum DisconnectType {
        /// Nobody knows.
        Unknown => "Unknown",
        /// The user's phone or program ended it.
        Endpoint => "Endpoint",
        /// The user ended it.
        Client => "Client",
        /// The platform ended it.
        System => "System",
        /// The user transferred it.
        Transfer => "Transfer",
        /// Something went wrong.
        Error => "Error",
        /// The other side ended it.
        Peer => "Peer",
        /// In another way.
        OtherWay => "Other",
        /// It was spam.
        Spam => "Spam",
        /// Time ran out.
        Timeout => "Timeout",
        /// The connection broke.
        TransportFailure => "TransportFailure",
        /// The user brought others in and left.
        ConferenceTransfer => "ConferenceTransfer",
        /// The user transferred it after asking somebody.
        ConsultTransfer => "ConsultTransfer",
        /// It was forwarded.
        ForwardTransfer => "ForwardTransfer",
        /// Nobody answered, and it went on to somebody else.
        NoAnswerTransfer => "NoAnswerTransfer",
        /// Nobody was available, and it went on to somebody else.
        NotAvailableTransfer => "NotAvailableTransfer",
        /// The number could not be called.
        Uncallable => "Uncallable",
        /// The user was not to be disturbed.
        DoNotDisturbEndpoint => "DoNotDisturbEndpoint",
        /// The user was not to be disturbed, and it went on to somebody else.
        DoNotDisturbTransfer => "DoNotDisturbTransfer",
        /// The session expired.
        SessionExpired => "SessionExpired",
        /// Somebody took over.
        Takeover => "Takeover",
    }
}

model! {
    /// How an attempt to find an agent ended.
    pub enum AcdOutcome {
        /// Nobody knows.
        Unknown => "Unknown",
        /// The customer gave up.
        Abandon => "Abandon",
        /// An agent answered.
        Answered => "Answered",
        /// It was routed elsewhere.
        FlowOut => "FlowOut",
    }
}

model! {
    /// How far a case is.
    pub enum CaseStatus {
        /// Nobody knows.
        Unknown => "Unknown",
        /// Nobody is at it yet.
        Open => "Open",
        /// Somebody is at it.
        InProgress => "InProgress",
        /// It was ended early.
        Terminated => "Terminated",
        /// It is done.
        Closed => "Closed",
    }
}

model! {
    /// An attribute of an event.
    pub struct EventAttribute {
        /// Of which type the value is.
        data_type: String => "dataType",
        /// The value, as text.
        value: String => "value",
    }
}

model! {
    /// An attribute of an event that has several values.
    pub struct EventAttributeList {
        /// Of which type the values are.
        data_type: String => "dataType",
        /// The values, as text.
        values: Vec<String> => "values",
    }
}

model! {
    /// An outcome that was achieved.
    pub struct OutcomeAchievement {
        /// The outcome.
        outcome: EntityRef => "outcome",
        /// When.
        achieved_date: OffsetDateTime as Timestamp => "achievedDate",
    }
}

model! {
    /// A segment that was assigned during a session.
    pub struct SessionSegmentAssignment {
        /// The segment.
        segment: EntityRef => "segment",
        /// When.
        assigned_date: OffsetDateTime as Timestamp => "assignedDate",
    }
}

model! {
    /// A browser.
    pub struct Browser {
        /// Its family, such as `Firefox`.
        family: String => "family",
        /// Its version.
        version: String => "version",
        /// Its language, as in BCP 47.
        lang: String => "lang",
        /// A fingerprint of its features.
        fingerprint: String => "fingerprint",
        /// Whether it runs on a mobile device; [`Device::is_mobile`] has replaced it.
        is_mobile: bool => "isMobile",
        /// The height of its window.
        view_height: i64 => "viewHeight",
        /// The width of its window.
        view_width: i64 => "viewWidth",
        /// Whether it has Flash.
        features_flash: bool => "featuresFlash",
        /// Whether it has Java.
        features_java: bool => "featuresJava",
        /// Whether it shows PDFs.
        features_pdf: bool => "featuresPdf",
        /// Whether it has WebRTC.
        features_webrtc: bool => "featuresWebrtc",
    }
}

model! {
    /// A device.
    pub struct Device {
        /// What kind of device it is.
        category: DeviceCategory => "category",
        /// What it is, such as `iPad`.
        kind: String => "type",
        /// Whether it is a mobile device.
        is_mobile: bool => "isMobile",
        /// The height of its screen.
        screen_height: i64 => "screenHeight",
        /// The width of its screen.
        screen_width: i64 => "screenWidth",
        /// How many pixels of its screen make one of those that programs count in.
        screen_density: i64 => "screenDensity",
        /// A fingerprint of its features.
        fingerprint: String => "fingerprint",
        /// The family of its operating system.
        os_family: String => "osFamily",
        /// The version of its operating system.
        os_version: String => "osVersion",
        /// Who made it.
        manufacturer: String => "manufacturer",
    }
}

model! {
    /// What kind of device it is.
    pub enum DeviceCategory {
        /// A desktop computer or a laptop.
        Desktop => "desktop",
        /// A phone.
        Mobile => "mobile",
        /// A tablet.
        Tablet => "tablet",
        /// Something else.
        OtherDevice => "other",
    }
}

model! {
    /// Where a customer was.
    pub struct JourneyGeolocation {
        /// The country, as in ISO 3166-1 alpha-2.
        country: String => "country",
        /// What the country is called.
        country_name: String => "countryName",
        /// The latitude.
        latitude: f64 => "latitude",
        /// The longitude.
        longitude: f64 => "longitude",
        /// The town.
        locality: String => "locality",
        /// The postal code.
        postal_code: String => "postalCode",
        /// The region, as in ISO 3166-2.
        region: String => "region",
        /// What the region is called.
        region_name: String => "regionName",
        /// What it was found out from.
        source: String => "source",
        /// The time zone.
        timezone: String => "timezone",
    }
}

model! {
    /// A page of a website.
    pub struct JourneyPage {
        /// Its URL.
        url: String => "url",
        /// Its title.
        title: String => "title",
        /// The domain in the URL.
        domain: String => "domain",
        /// The fragment of the URL.
        fragment: String => "fragment",
        /// The host in the URL.
        hostname: String => "hostname",
        /// The keywords that it gives itself.
        keywords: String => "keywords",
        /// Its language, as in ISO 639-1.
        lang: String => "lang",
        /// The path in the URL.
        pathname: String => "pathname",
        /// The query of the URL.
        query_string: String => "queryString",
        /// Where in the website it is.
        breadcrumb: Vec<String> => "breadcrumb",
    }
}

model! {
    /// A campaign that brought a customer.
    pub struct JourneyCampaign {
        /// Which of several links or ads it was.
        content: String => "content",
        /// Through what it came, such as `email`.
        medium: String => "medium",
        /// What it is called.
        name: String => "name",
        /// Where it came from, such as a search engine.
        source: String => "source",
        /// The search words that were paid for.
        term: String => "term",
        /// The id of the click.
        click_id: String => "clickId",
        /// The network of the ad.
        network: String => "network",
    }
}

model! {
    /// The page that led to a session.
    pub struct Referrer {
        /// Its URL.
        url: String => "url",
        /// The domain in the URL.
        domain: String => "domain",
        /// The host in the URL.
        hostname: String => "hostname",
        /// The search words that led there.
        keywords: String => "keywords",
        /// The path in the URL.
        pathname: String => "pathname",
        /// The query of the URL.
        query_string: String => "queryString",
        /// The fragment of the URL.
        fragment: String => "fragment",
        /// What its website is called.
        name: String => "name",
        /// What kind of website it is.
        medium: ReferrerMedium => "medium",
    }
}

model! {
    /// What kind of website a referrer is.
    pub enum ReferrerMedium {
        /// The website itself.
        Internal => "internal",
        /// A search engine.
        Search => "search",
        /// A social network.
        Social => "social",
        /// An e-mail.
        Email => "email",
        /// Nobody knows.
        Unknown => "unknown",
        /// An ad.
        Paid => "paid",
    }
}

model! {
    /// An app.
    pub struct JourneyApp {
        /// What it is called.
        name: String => "name",
        /// Its namespace, such as `com.example.bank`.
        namespace: String => "namespace",
        /// Its version.
        version: String => "version",
        /// The number of its build.
        build_number: String => "buildNumber",
    }
}

model! {
    /// The library that reported the events.
    pub struct SdkLibrary {
        /// What it is called.
        name: String => "name",
        /// Its version.
        version: String => "version",
    }
}

model! {
    /// How a device was connected.
    pub struct NetworkConnectivity {
        /// The carrier.
        carrier: String => "carrier",
        /// Whether Bluetooth was on.
        bluetooth_enabled: bool => "bluetoothEnabled",
        /// Whether the mobile network was on.
        cellular_enabled: bool => "cellularEnabled",
        /// Whether Wi-Fi was on.
        wifi_enabled: bool => "wifiEnabled",
    }
}

model! {
    /// The last event of a session.
    pub struct SessionLastEvent {
        /// The event's id.
        id: String => "id",
        /// What it is called.
        event_name: String => "eventName",
        /// When it was reported.
        created_date: OffsetDateTime as Timestamp => "createdDate",
    }
}

model! {
    /// How a user wrapped a conversation up.
    pub struct UserDisposition {
        /// The wrap-up code.
        code: String => "code",
        /// What the user wrote.
        notes: String => "notes",
        /// The user.
        user: EntityRef => "user",
    }
}

model! {
    /// A channel of a conversation.
    pub struct ConversationChannel {
        /// What kind of channel it is.
        kind: ChannelType => "type",
        /// What kind of messages, where it is one of messages.
        message_type: ChannelMessageType => "messageType",
        /// Who provides it.
        platform: String => "platform",
    }
}

model! {
    /// What kind of channel it is.
    pub enum ChannelType {
        /// Nobody knows.
        Unknown => "Unknown",
        /// A call.
        Call => "Call",
        /// A callback.
        Callback => "Callback",
        /// E-mails.
        Email => "Email",
        /// Something else that is routed to agents.
        GenericObject => "GenericObject",
        /// Messages.
        Messaging => "Messaging",
        /// Posts in a social network.
        Social => "Social",
        /// A chat on a website.
        Webchat => "Webchat",
        /// Voice.
        Voice => "Voice",
        /// A chat.
        Chat => "Chat",
        /// Browsing together.
        Cobrowse => "Cobrowse",
        /// Video.
        Video => "Video",
        /// A shared screen.
        Screenshare => "Screenshare",
        /// A message.
        Message => "Message",
        /// A message between users.
        InternalMessage => "InternalMessage",
    }
}

model! {
    /// What kind of messages a channel has.
    pub enum ChannelMessageType {
        /// Nobody knows.
        Unknown => "Unknown",
        /// SMS.
        Sms => "Sms",
        /// Twitter.
        Twitter => "Twitter",
        /// Facebook.
        Facebook => "Facebook",
        /// LINE.
        Line => "Line",
        /// WhatsApp.
        WhatsApp => "WhatsApp",
        /// The messenger on a website.
        WebMessaging => "WebMessaging",
        /// Open messaging.
        Open => "Open",
        /// Instagram.
        Instagram => "Instagram",
        /// Apple Messages.
        Apple => "Apple",
    }
}

model! {
    /// A case that a session belongs to.
    pub struct CaseAssociation {
        /// The association's id.
        id: String => "id",
        /// The case.
        case: EntityRef => "associatedCase",
        /// What people call the case.
        case_reference: String => "caseReference",
        /// Since when.
        date_associated: OffsetDateTime as Timestamp => "dateAssociated",
        /// The path of the association.
        self_uri: String => "selfUri",
    }
}
