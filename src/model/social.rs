//! Accounts of a contact (or, for Twitter, of an organization) on messaging and social platforms.

use super::PhoneNumber;

model! {
    /// A Twitter account of a contact or of an external organization.
    pub struct TwitterId {
        /// Twitter's own numeric id of the account, as text of up to 255 characters.
        id: String => "id",
        /// The name that the account shows, up to 255 characters.
        name: String => "name",
        /// The handle, with or without `@`: letters, digits and `_`, up to 255 characters.
        screen_name: String => "screenName",
        /// Whether Twitter itself has confirmed these details. Set by the service.
        verified: bool => "verified",
        /// The page of the account, `https://www.twitter.com/` and the handle. Set by the service.
        profile_url: String => "profileUrl",
    }
}

model! {
    /// A LINE account of a contact.
    pub struct LineId {
        /// How LINE channels know the person; one id at most.
        ids: Vec<LineUserId> => "ids",
        /// The name that the account shows, up to 100 characters. The service refuses an empty one.
        display_name: String => "displayName",
    }
}

model! {
    /// The id by which one LINE channel knows a person; part of a [`LineId`].
    pub struct LineUserId {
        /// The id, up to 255 characters. Another channel knows the same person by another one.
        user_id: String => "userId",
    }
}

model! {
    /// A WhatsApp account of a contact.
    pub struct WhatsAppId {
        /// The number of the account. Its `display` is written as E.164 without the leading `+`.
        phone_number: PhoneNumber => "phoneNumber",
        /// The name that the account shows, up to 100 characters.
        display_name: String => "displayName",
    }
}

model! {
    /// A Facebook account of a contact.
    pub struct FacebookId {
        /// How Facebook pages and apps know the person; one id at most.
        ids: Vec<FacebookScopedId> => "ids",
        /// First and last name as Facebook has them, up to 100 characters.
        display_name: String => "displayName",
    }
}

model! {
    /// The id by which one Facebook page or app knows a person; part of a [`FacebookId`].
    pub struct FacebookScopedId {
        /// The id, up to 255 characters. It means nothing to any other page or app.
        scoped_id: String => "scopedId",
    }
}

model! {
    /// An Instagram account of a contact.
    pub struct InstagramId {
        /// How Instagram pages know the person; one id at most.
        ids: Vec<InstagramScopedId> => "ids",
        /// The name that the account shows, up to 100 characters.
        display_name: String => "displayName",
        /// The account's user name on Instagram, up to 100 characters.
        handle: String => "handle",
    }
}

model! {
    /// The id by which one Instagram page knows a person; part of an [`InstagramId`].
    pub struct InstagramScopedId {
        /// The id, up to 255 characters. It means nothing to any other page.
        scoped_id: String => "scopedId",
    }
}

model! {
    /// The id by which Apple Messages for Business knows a contact; a contact has ten of them at most.
    pub struct AppleOpaqueId {
        /// The id as Apple gives it, up to 255 characters.
        value: String => "value",
    }
}
