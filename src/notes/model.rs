//! What a note is.

use time::OffsetDateTime;

use crate::model::{Division, ExternalDataSource, Timestamp, User};

model! {
    /// A note on a contact or on an external organization.
    pub struct Note {
        /// The note's id, a UUID. Set by the service.
        id: String => "id",
        /// The division that the note is in.
        division: Division => "division",
        /// The id of the contact or organization that the note is on. Only bulk requests have to give it.
        entity_id: String => "entityId",
        /// What `entity_id` is the id of. Only bulk requests have to give it; the service drops values that it does
        /// not know.
        entity_type: NoteEntityType => "entityType",
        /// The text: 1 to 32,000 characters.
        note_text: String => "noteText",
        /// When the note last changed. Set by the service.
        modify_date: OffsetDateTime as Timestamp => "modifyDate",
        /// When the note was written. Set by the service.
        create_date: OffsetDateTime as Timestamp => "createDate",
        /// Who wrote the note. Needed on create and update, with the user's `id` only; answers hold the rest with
        /// `expand=author`.
        created_by: Box<User> => "createdBy",
        /// Records in other systems that data of this note came from. Comes with `expand=externalDataSources`.
        /// Set by the service.
        external_data_sources: Vec<ExternalDataSource> => "externalDataSources",
        /// The path of the note in the API. Set by the service.
        self_uri: String => "selfUri",
        /// What the note is called. Only in descriptions of 2018 and earlier.
        name: String => "name",
    }
}

model! {
    /// What a [`Note`] is on.
    pub enum NoteEntityType {
        /// A contact.
        Contact => "contact",
        /// An external organization.
        Organization => "organization",
    }
}

impl Note {
    /// A note with this text, and without an author: for a client that signed in as a user.
    ///
    /// ```
    /// use genesys_external_contacts::Note;
    ///
    /// assert_eq!(Note::new("Asked for a call back.").note_text.as_deref(), Some("Asked for a call back."));
    /// ```
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self::default().with_note_text(text)
    }

    /// A note with this text by this user.
    ///
    /// A client that signed in with client credentials is no user, so its notes need an author.
    ///
    /// ```
    /// use genesys_external_contacts::Note;
    ///
    /// let note = Note::by("3d5f2c1e-0000-4000-8000-000000000002", "Asked for a call back.");
    /// assert_eq!(
    ///     serde_json::to_string(&note)?,
    ///     r#"{"noteText":"Asked for a call back.","createdBy":{"id":"3d5f2c1e-0000-4000-8000-000000000002"}}"#
    /// );
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn by(user_id: impl Into<String>, text: impl Into<String>) -> Self {
        Self::new(text).with_created_by(User::reference(user_id))
    }
}
