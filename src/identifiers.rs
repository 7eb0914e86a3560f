//! Identifiers: phone numbers, e-mail addresses and ids that one contact, or one organization, of a division alone
//! answers to; and looking up whose they are.
//!
//! Reached through the resource: `client.contacts().identifiers(id)`, `client.contacts().find_by(identifier)`, and the same
//! of `client.organizations()`.

use std::fmt;
use std::marker::PhantomData;

use crate::entity::Identifiable;
use crate::error::Error;
use crate::model::{Identifier, Listing};
use crate::operation::{Expand, Operation, Request, RequestParts, Route};

/// The identifiers of one contact or organization; see [`Contacts::identifiers`](crate::contacts::Contacts::identifiers)
/// and [`Organizations::identifiers`](crate::organizations::Organizations::identifiers).
#[derive(Clone)]
pub struct Identifiers<C, E> {
    client: C,
    owner_id: String,
    owner: PhantomData<fn() -> E>,
}

impl<C: Clone, E: Identifiable> Identifiers<C, E> {
    pub(crate) fn new(client: C, owner_id: String) -> Self {
        Self { client, owner_id, owner: PhantomData }
    }

    /// Lists the identifiers that the record has claimed. They come all at once; there are no pages.
    ///
    /// `GET /api/v2/externalcontacts/contacts/{contactId}/identifiers`\
    /// `GET /api/v2/externalcontacts/organizations/{externalOrganizationId}/identifiers`
    ///
    /// ```
    /// # use genesys_external_contacts::ExternalContact;
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// # let ada = ExternalContact::default().with_work_email("Ada@example.com");
    /// # let id = client.contacts().create(ada).send()?.id.unwrap();
    /// for identifier in client.contacts().identifiers(&id).list().send()?.entities.unwrap_or_default() {
    ///     println!("{}", identifier.value.unwrap_or_default());
    /// }
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// Of a contact `externalContacts:contact:view`; of an organization `externalContacts:externalOrganization:view`.
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](Error::is_not_found): there is no such record. [`optional`](Request::optional) makes that a `None`.
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): the id is empty, `.` or `..`.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn list(&self) -> Request<C, ListIdentifiers<E>> {
        Request::new(self.client.clone(), ListIdentifiers { owner_id: self.owner_id.clone(), owner: PhantomData })
    }

    /// Claims an identifier for the record: from now on, a look-up by it finds the record.
    ///
    /// `PATCH /api/v2/externalcontacts/contacts/{contactId}/identifiers`\
    /// `PATCH /api/v2/externalcontacts/organizations/{externalOrganizationId}/identifiers`
    ///
    /// Only the look-up changes, not the fields of the record. The service itself claims what stands in a record's fields, so
    /// this is for identifiers that stand in none, and for one that another record has released. Claiming one that the
    /// record has already changes nothing, so the call is repeated where an answer was lost.
    ///
    /// ```
    /// use genesys_external_contacts::Identifier;
    /// # use genesys_external_contacts::ExternalContact;
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// # let id = client.contacts().create(ExternalContact::default()).send()?.id.unwrap();
    /// let cookie = Identifier::of("Cookie", "0f1e2d3c");
    /// client.contacts().identifiers(&id).claim(cookie.clone()).send()?;
    /// assert_eq!(client.contacts().find_by(cookie).send()?.id, Some(id));
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// Of a contact `externalContacts:contact:edit`; of an organization `externalContacts:externalOrganization:edit`.
    ///
    /// # Errors
    ///
    /// - [`is_conflict`](Error::is_conflict): another record has claimed it. [`release`](Self::release) it there first.
    /// - [`is_not_found`](Error::is_not_found): there is no such record.
    /// - [`ErrorKind::Api`](crate::ErrorKind::Api) with status 422 for an identifier without kind or value, for a phone number
    ///   without a leading `+`, and for an organization any kind but an external id.
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): the id is empty, `.` or `..`.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn claim(&self, identifier: Identifier) -> Request<C, ClaimIdentifier<E>> {
        self.change(ClaimOperation::Claim, identifier)
    }

    /// Releases an identifier: from now on, a look-up by it finds nobody, and another record can claim it. The fields of the
    /// record stay what they are.
    ///
    /// `PATCH /api/v2/externalcontacts/contacts/{contactId}/identifiers`\
    /// `PATCH /api/v2/externalcontacts/organizations/{externalOrganizationId}/identifiers`
    ///
    /// ```
    /// use genesys_external_contacts::Identifier;
    /// # use genesys_external_contacts::ExternalContact;
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// # let ada = ExternalContact::default().with_work_email("ada@example.com");
    /// # let id = client.contacts().create(ada).send()?.id.unwrap();
    /// let email = Identifier::email("ada@example.com");
    /// client.contacts().identifiers(&id).release(email.clone()).send()?;
    /// assert!(client.contacts().find_by(email).optional().send()?.is_none());
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// Of a contact `externalContacts:contact:edit`; of an organization `externalContacts:externalOrganization:edit`.
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](Error::is_not_found): there is no such record, or it hasn't claimed the identifier. After a try whose
    ///   answer was lost, that may mean that the first try released it.
    /// - [`ErrorKind::Api`](crate::ErrorKind::Api) with status 422 for an identifier without kind or value.
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): the id is empty, `.` or `..`.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn release(&self, identifier: Identifier) -> Request<C, ClaimIdentifier<E>> {
        self.change(ClaimOperation::Release, identifier)
    }

    fn change(&self, operation: ClaimOperation, identifier: Identifier) -> Request<C, ClaimIdentifier<E>> {
        let claim = IdentifierClaim::default().with_operation(operation).with_identifier(identifier);
        let owner_id = self.owner_id.clone();
        Request::new(self.client.clone(), ClaimIdentifier { owner_id, claim, owner: PhantomData })
    }
}

impl<C, E> fmt::Debug for Identifiers<C, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identifiers")
    }
}

model! {
    /// What is done with an identifier, as it is sent.
    pub struct IdentifierClaim {
        /// Whether the identifier is claimed or released.
        operation: ClaimOperation => "operation",
        /// The identifier.
        identifier: Identifier => "identifier",
    }
}

model! {
    /// What is done with an identifier.
    pub enum ClaimOperation {
        /// The record claims it.
        Claim => "Claim",
        /// The record releases it.
        Release => "Release",
    }
}

/// `GET …/identifiers`; see [`Identifiers::list`].
#[derive(Clone)]
pub struct ListIdentifiers<E> {
    owner_id: String,
    owner: PhantomData<fn() -> E>,
}

impl<E: Identifiable> Operation for ListIdentifiers<E> {
    type Output = Listing<Identifier>;
    const ROUTE: Route = E::IDENTIFIERS;

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.path_param(E::ID, &self.owner_id)
    }
}

/// `PATCH …/identifiers`; see [`Identifiers::claim`] and [`Identifiers::release`].
#[derive(Clone)]
pub struct ClaimIdentifier<E> {
    owner_id: String,
    claim: IdentifierClaim,
    owner: PhantomData<fn() -> E>,
}

impl<E: Identifiable> Operation for ClaimIdentifier<E> {
    type Output = Identifier;
    const ROUTE: Route = E::CLAIM;

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.path_param(E::ID, &self.owner_id)?;
        request.json(&self.claim)
    }
}

/// `POST /api/v2/externalcontacts/identifierlookup/…`; see
/// [`Contacts::find_by`](crate::contacts::Contacts::find_by) and
/// [`Organizations::find_by`](crate::organizations::Organizations::find_by).
#[derive(Clone)]
pub struct FindBy<E: Identifiable> {
    identifier: Identifier,
    expand: Vec<E::Field>,
}

impl<E: Identifiable> FindBy<E> {
    pub(crate) fn new(identifier: Identifier) -> Self {
        Self { identifier, expand: Vec::new() }
    }
}

impl<E: Identifiable> Operation for FindBy<E> {
    type Output = E;
    const ROUTE: Route = E::FIND_BY;

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.query_list("expand", &self.expand);
        request.json(&self.identifier)
    }
}

impl<E: Identifiable> Expand for FindBy<E> {
    type Field = E::Field;

    fn expand(&mut self) -> &mut Vec<E::Field> {
        &mut self.expand
    }
}
