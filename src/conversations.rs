//! `client.conversations()`: which contact a conversation is with.

mod model;

pub use model::{ConversationAssociation, ConversationMediaType};

use crate::error::Error;
use crate::operation::{Operation, Request, RequestParts, Route};

/// The conversations of the contact center; see [`Client::conversations`](crate::Client::conversations).
#[derive(Clone, Debug)]
pub struct Conversations<C> {
    client: C,
}

impl<C: Clone> Conversations<C> {
    pub(crate) fn new(client: C) -> Self {
        Self { client }
    }

    /// Ties a conversation to a contact, or unties it if the association names no contact.
    ///
    /// `PUT /api/v2/externalcontacts/conversations/{conversationId}`
    ///
    /// The service takes the request and works on it afterwards (202). The conversation's id stands in the path and in the
    /// body: it is filled in where the association has none.
    ///
    /// ```
    /// use genesys_external_contacts::{ConversationAssociation, ConversationMediaType};
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// # let new = genesys_external_contacts::ExternalContact::default();
    /// # let contact_id = client.contacts().create(new).send()?.id.unwrap();
    ///
    /// let association = ConversationAssociation::default()
    ///     .with_external_contact_id(contact_id)
    ///     .with_communication_id("3d5f2c1e-0000-4000-8000-000000000003")
    ///     .with_media_type(ConversationMediaType::Call);
    /// client.conversations().associate("3d5f2c1e-0000-4000-8000-000000000004", association).send()?;
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// Any of `relate:conversation:associate`, `externalContacts:conversation:associate`.
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](Error::is_not_found): there is no such conversation or contact.
    /// - [`ErrorKind::Api`](crate::ErrorKind::Api) with status 400 when a required member is missing. Whether the body may
    ///   name another conversation than the path is not known.
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): the id is empty, `.` or `..`.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn associate(
        &self,
        conversation_id: impl Into<String>,
        mut association: ConversationAssociation,
    ) -> Request<C, AssociateConversation> {
        let conversation_id = conversation_id.into();
        association.conversation_id.get_or_insert_with(|| conversation_id.clone());
        Request::new(self.client.clone(), AssociateConversation { conversation_id, association })
    }
}

/// `PUT /api/v2/externalcontacts/conversations/{conversationId}`; see [`Conversations::associate`].
#[derive(Clone)]
pub struct AssociateConversation {
    conversation_id: String,
    association: ConversationAssociation,
}

impl Operation for AssociateConversation {
    type Output = ();
    const ROUTE: Route = Route::put("/api/v2/externalcontacts/conversations/{conversationId}");

    #[inline]
    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.path_param("conversationId", &self.conversation_id)?;
        request.json(&self.association)
    }
}
