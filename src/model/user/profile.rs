//! What the profile of a user holds.

use time::Date;

use crate::model::Day;

model! {
    /// An e-mail address or a phone number of a [`User`](super::User). The API calls it `Contact`; it has nothing to
    /// do with external contacts.
    pub struct UserContact {
        /// The e-mail address or the phone number. Left out where `extension` is used.
        address: String => "address",
        /// The address in the form that people read. Set by the service.
        display: String => "display",
        /// What kind of address it is.
        media_type: AddressMediaType => "mediaType",
        /// Where the address reaches the user. On the wire it is `type`.
        kind: UserContactType => "type",
        /// An extension inside the organization; takes the place of `address`.
        extension: String => "extension",
        /// The country of the phone number.
        country_code: String => "countryCode",
        /// The tag of the integration that the number belongs to, if any.
        integration: String => "integration",
    }
}

model! {
    /// What kind of address a [`UserContact`] or a [`GroupContact`](super::GroupContact) is. Groups only have phones.
    pub enum AddressMediaType {
        /// A number to call.
        Phone => "PHONE",
        /// An e-mail address.
        Email => "EMAIL",
        /// A number for text messages.
        Sms => "SMS",
    }
}

model! {
    /// Where a [`UserContact`] reaches the user.
    pub enum UserContactType {
        /// The main address of its kind.
        Primary => "PRIMARY",
        /// At work.
        Work => "WORK",
        /// At work, second address.
        Work2 => "WORK2",
        /// At work, third address.
        Work3 => "WORK3",
        /// At work, fourth address.
        Work4 => "WORK4",
        /// At home.
        Home => "HOME",
        /// On a mobile phone.
        Mobile => "MOBILE",
        /// Over the main line.
        Main => "MAIN",
        /// Anywhere else; `OTHER` on the wire.
        Elsewhere => "OTHER",
    }
}

model! {
    /// How to reach a [`User`](super::User) in chat.
    pub struct Chat {
        /// The user's address in the chat system (XMPP).
        jabber_id: String => "jabberId",
    }
}

model! {
    /// What a [`User`](super::User) tells about themselves.
    pub struct Biography {
        /// A text about the person.
        biography: String => "biography",
        /// What the person cares about.
        interests: Vec<String> => "interests",
        /// What the person does in their free time.
        hobbies: Vec<String> => "hobbies",
        /// The partner's name.
        spouse: String => "spouse",
        /// Schools that the person went to.
        education: Vec<Education> => "education",
    }
}

model! {
    /// One school in a [`Biography`].
    pub struct Education {
        /// The school's name.
        school: String => "school",
        /// The subject studied there.
        field_of_study: String => "fieldOfStudy",
        /// Remarks, up to 2000 characters.
        notes: String => "notes",
        /// First day.
        date_start: Date as Day => "dateStart",
        /// Last day.
        date_end: Date as Day => "dateEnd",
    }
}

model! {
    /// The employment of a [`User`](super::User).
    pub struct EmployerInfo {
        /// The person's name in the employer's files.
        official_name: String => "officialName",
        /// The person's number in the employer's files.
        employee_id: String => "employeeId",
        /// The kind of employment, such as full time, in the employer's own words.
        employee_type: String => "employeeType",
        /// When the person was hired; plain text that the API does not check.
        date_hire: String => "dateHire",
    }
}
