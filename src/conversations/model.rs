//! What ties a conversation to a contact.

model! {
    /// Ties a conversation to a contact, or unties it.
    pub struct ConversationAssociation {
        /// The contact that the conversation is with. Leave it out to untie the conversation from its contact.
        external_contact_id: String => "externalContactId",
        /// The conversation's id. Needed always.
        conversation_id: String => "conversationId",
        /// The id of the contact's leg of the conversation. Needed always.
        communication_id: String => "communicationId",
        /// The medium of that leg. Needed always.
        media_type: ConversationMediaType => "mediaType",
    }
}

model! {
    /// The medium of a conversation.
    pub enum ConversationMediaType {
        /// A phone call.
        Call => "CALL",
        /// A call back.
        Callback => "CALLBACK",
        /// A web chat.
        Chat => "CHAT",
        /// Browsing a web site together.
        Cobrowse => "COBROWSE",
        /// E-mail.
        Email => "EMAIL",
        /// A message by text or on a messaging platform.
        Message => "MESSAGE",
        /// A message between users of the organization.
        InternalMessage => "INTERNAL_MESSAGE",
        /// A supervisor watching an agent's screen.
        ScreenMonitoring => "SCREEN_MONITORING",
        /// A post on a social platform.
        SocialExpression => "SOCIAL_EXPRESSION",
        /// A video call.
        Video => "VIDEO",
        /// A shared screen.
        Screenshare => "SCREENSHARE",
    }
}
