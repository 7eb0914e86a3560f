//! Who a contact is: identifiers, changes of single fields, enrichment, merging, promotion.

use crate::contacts::Contacts;
use crate::contacts::model::{ContactExpand, ExternalContact, MergeContactsRequest, MergeRequest};
use crate::enrich::{ContactEnrichment, Enrich, UpsertBy};
use crate::error::Error;
use crate::identifiers::{FindBy, Identifiers};
use crate::model::Identifier;
use crate::operation::{Expand, Operation, Request, RequestParts, Route};
use crate::patch::PatchRecord;

/// How many contacts one request merges.
const MERGED: std::ops::RangeInclusive<usize> = 2..=25;

impl<C: Clone> Contacts<C> {
    /// The identifiers of one contact: what it alone answers to.
    pub fn identifiers(&self, contact_id: impl Into<String>) -> Identifiers<C, ExternalContact> {
        Identifiers::new(self.client.clone(), contact_id.into())
    }

    /// Finds the one contact that answers to an identifier, or nobody.
    ///
    /// `POST /api/v2/externalcontacts/identifierlookup/contacts`
    ///
    /// Contacts of any type are found, those that the service made by itself included, and a new or changed one at once:
    /// both differs from [`search`](Self::search). It only reads, so the scope `external-contacts:readonly` is enough.
    ///
    /// ```
    /// use genesys_external_contacts::{ContactExpand, Identifier};
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    ///
    /// let phone = Identifier::phone("+1 317 555 0100");
    /// match client.contacts().find_by(phone).expand([ContactExpand::Identifiers]).optional().send()? {
    ///     Some(contact) => println!("{}", contact.display_name()),
    ///     None => println!("a stranger"),
    /// }
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:contact:view`.
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](Error::is_not_found): nobody answers to it. [`optional`](Request::optional) makes that a `None`.
    /// - [`ErrorKind::Api`](crate::ErrorKind::Api) with status 422 for an identifier without kind or value, and for a phone
    ///   number without a leading `+`.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn find_by(&self, identifier: Identifier) -> Request<C, FindBy<ExternalContact>> {
        Request::new(self.client.clone(), FindBy::new(identifier))
    }

    /// What [`find_by`](Self::find_by) does, by the route that it had at first.
    ///
    /// `POST /api/v2/externalcontacts/identifierlookup`
    ///
    /// ```
    /// # #![allow(deprecated)]
    /// use genesys_external_contacts::Identifier;
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    ///
    /// let phone = Identifier::phone("+1 317 555 0100");
    /// assert!(client.contacts().identifier_lookup(phone).optional().send()?.is_none());
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// Any of `externalContacts:contact:view`, `relate:contact:view`.
    ///
    /// # Errors
    ///
    /// As for [`find_by`](Self::find_by).
    #[deprecated = "the service has deprecated this route: use `find_by`"]
    pub fn identifier_lookup(&self, identifier: Identifier) -> Request<C, IdentifierLookup> {
        Request::new(self.client.clone(), IdentifierLookup { identifier, expand: Vec::new() })
    }

    /// Changes single fields of a contact, and leaves all others alone; see [`patch`](crate::patch).
    ///
    /// `PATCH /api/v2/externalcontacts/contacts/{contactId}`
    ///
    /// ```
    /// # use genesys_external_contacts::ExternalContact;
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// # let id = client.contacts().create(ExternalContact::default().with_last_name("Lovelace")).send()?.id.unwrap();
    /// let ada = client.contacts().patch(&id).set("title", "Countess").set("address.city", "London").send()?;
    /// assert_eq!(ada.title.as_deref(), Some("Countess"));
    /// assert_eq!(ada.last_name.as_deref(), Some("Lovelace"));
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:contact:edit`.
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](Error::is_not_found): there is no such contact.
    /// - [`ErrorKind::Api`](crate::ErrorKind::Api) with status 422 when the contact can't become what it would.
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): there is no change, a field is changed twice, or with its parent,
    ///   or to what can't be in it; the id is empty, `.` or `..`.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn patch(&self, contact_id: impl Into<String>) -> Request<C, PatchRecord<ExternalContact>> {
        Request::new(self.client.clone(), PatchRecord::new(contact_id.into()))
    }

    /// Creates a contact, or changes the one that answers to the identifier: the contact is there once, however often this is
    /// called.
    ///
    /// `POST /api/v2/externalcontacts/contacts/enrich`
    ///
    /// The identifier is what the contact is found by, and it is put into the contact's own fields as well (a phone number
    /// into the first of work, cell, home and other phone that is free), unless it stands there: a contact that is created
    /// answers to what stands in its fields. So a second call finds it, and calls whose answer was lost are repeated.
    ///
    /// Of a contact that is there, what you send takes the place of what it has; what you leave out stays. Lists are replaced,
    /// but for external ids and Apple ids, which are added. A field that only the identifier was put into is filled where it
    /// is empty. A contact that the service made by itself is promoted. To choose otherwise, use [`enrich`](Self::enrich).
    ///
    /// ```
    /// use genesys_external_contacts::enrich::EnrichOutcome;
    /// use genesys_external_contacts::{ExternalContact, Identifier};
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    ///
    /// let email = Identifier::email("ada@example.com");
    /// let ada = ExternalContact::default().with_last_name("Lovelace");
    /// let first = client.contacts().upsert_by(email.clone(), ada.clone()).send()?;
    /// assert_eq!(first.outcome, EnrichOutcome::Created);
    /// let second = client.contacts().upsert_by(email, ada).send()?;
    /// assert_eq!(second.outcome, EnrichOutcome::Updated);
    /// assert_eq!(second.record.id, first.record.id);
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:contact:enrich`.
    ///
    /// # Limits
    ///
    /// As for [`create`](Contacts::create). After a try whose answer was lost, the outcome is `Updated` also where that try
    /// created the contact.
    ///
    /// # Errors
    ///
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): no field of a contact holds such an identifier (a cookie), or all
    ///   fields for it hold others.
    /// - [`ErrorKind::Api`](crate::ErrorKind::Api) with status 422 for a value that is too long or malformed.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn upsert_by(&self, identifier: Identifier, contact: ExternalContact) -> Request<C, UpsertBy<ExternalContact>> {
        Request::new(self.client.clone(), UpsertBy::new(identifier, contact))
    }

    /// Finds contacts by identifiers, and merges, changes or creates, as the [action](crate::enrich::EnrichAction) says.
    ///
    /// `POST /api/v2/externalcontacts/contacts/enrich`
    ///
    /// **With [`FieldAction::AlwaysUseProvided`](crate::enrich::FieldAction::AlwaysUseProvided), what you don't send is
    /// wiped.** For the usual case use [`upsert_by`](Self::upsert_by), which can be repeated; this is done once only, because
    /// nobody knows whether a second one would find what the first one created.
    ///
    /// With [`dry_run`](Request::dry_run), nothing changes, and the answer is what the contact would be.
    ///
    /// ```
    /// use genesys_external_contacts::enrich::{ContactEnrichment, EnrichAction, FieldAction, FieldRules};
    /// use genesys_external_contacts::{ExternalContact, Identifier};
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    ///
    /// let by = [Identifier::email("ada@example.com"), Identifier::phone("+44 20 7946 0018")];
    /// let ada = ExternalContact::default().with_title("Countess").with_work_email("ada@example.com");
    /// let enrichment = ContactEnrichment::new(EnrichAction::Upsert, by, ada)
    ///     .with_field_rules(FieldRules::default().with_default_action(FieldAction::PreferExisting));
    /// let would_be = client.contacts().enrich(enrichment.clone()).dry_run(true).send()?.record;
    /// let is = client.contacts().enrich(enrichment).send()?.record;
    /// assert_eq!(would_be.title, is.title);
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:contact:enrich`.
    ///
    /// # Limits
    ///
    /// 1 to 25 identifiers. Contacts of different divisions aren't merged; a set of merged contacts has 52 at most.
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](Error::is_not_found): there is nobody to update.
    /// - [`is_conflict`](Error::is_conflict): there is somebody already, and the action is to insert.
    /// - [`ErrorKind::Api`](crate::ErrorKind::Api) with status 422 for identifiers, rules or values that can't be.
    /// - When [`may_have_been_applied`](Error::may_have_been_applied), [`find_by`](Self::find_by) shows what is there.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn enrich(&self, enrichment: ContactEnrichment) -> Request<C, Enrich<ExternalContact>> {
        Request::new(self.client.clone(), Enrich::new(enrichment))
    }

    /// Merges contacts into a new one, which takes the place of them all. **There is no way back.**
    ///
    /// `POST /api/v2/externalcontacts/contacts/merge`
    ///
    /// The new contact, which is returned, is the canonical one: it answers to the identifiers of all that were merged, and
    /// to requests with their ids. [`get_unresolved`](Self::get_unresolved) still shows one of these as it was. Past
    /// conversations stay with the old ids, so ask analytics for every id in
    /// [`merge_set`](ExternalContact::merge_set). What becomes of notes is not documented.
    ///
    /// The values are those of [`value_override`](Request::value_override), failing these those of the contact that changed
    /// last. Phone numbers and e-mail addresses that conflict move to fields that are free.
    ///
    /// The call is never repeated blindly.
    ///
    /// ```
    /// use genesys_external_contacts::ExternalContact;
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// # let contacts = client.contacts();
    /// # let ada = contacts.create(ExternalContact::default().with_first_name("Ada")).send()?.id.unwrap();
    /// # let twin = contacts.create(ExternalContact::default().with_last_name("Byron")).send()?.id.unwrap();
    /// let values = ExternalContact::default().with_last_name("Lovelace");
    /// let merged = client.contacts().merge([&ada, &twin]).value_override(values).send()?;
    /// assert_eq!(client.contacts().get(&ada).send()?.id, merged.id);
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:identity:merge`.
    ///
    /// # Limits
    ///
    /// 2 to 25 contacts of the same division. A set of merged contacts has 52 at most, with all that were merged before.
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](Error::is_not_found): one of the contacts isn't there.
    /// - [`is_conflict`](Error::is_conflict): the set would be too large, or the contacts are of different divisions; the
    ///   status is not documented.
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): fewer than 2 or more than 25 contacts, or one of them twice.
    /// - When [`may_have_been_applied`](Error::may_have_been_applied), fetch one of the contacts: if it comes with another
    ///   id, they were merged. [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn merge(&self, contact_ids: impl IntoIterator<Item = impl Into<String>>) -> Request<C, MergeContacts> {
        let contact_ids: Vec<String> = contact_ids.into_iter().map(Into::into).collect();
        let merge = MergeContactsRequest::default().with_contact_ids(contact_ids);
        Request::new(self.client.clone(), MergeContacts { merge })
    }

    /// Merges two contacts that aren't both curated. **There is no way back.** [`merge`](Self::merge) merges any.
    ///
    /// `POST /api/v2/externalcontacts/merge/contacts`
    ///
    /// Ids, identifiers and notes go as with [`merge`](Self::merge). The call is never repeated blindly.
    ///
    /// ```
    /// # #![allow(deprecated)]
    /// # let sandbox = genesys_external_contacts::sandbox::Sandbox::new();
    /// # let visitor = sandbox.add_contact_of_type("Ephemeral", &serde_json::json!({})).unwrap();
    /// # let client = sandbox.client();
    /// # let ada = client.contacts().create(Default::default()).send()?.id.unwrap();
    /// let merged = client.contacts().merge_two(&visitor, &ada).send()?;
    /// assert_eq!(client.contacts().get(&visitor).send()?.id, merged.id);
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:identity:merge`.
    ///
    /// # Errors
    ///
    /// As for [`merge`](Self::merge), and [`ErrorKind::Api`](crate::ErrorKind::Api) for two curated contacts.
    #[deprecated = "the service has deprecated this route: use `merge`"]
    pub fn merge_two(
        &self,
        source_contact_id: impl Into<String>,
        target_contact_id: impl Into<String>,
    ) -> Request<C, MergeTwoContacts> {
        let merge = MergeRequest::default().with_source_contact_id(source_contact_id);
        let merge = merge.with_target_contact_id(target_contact_id);
        Request::new(self.client.clone(), MergeTwoContacts { merge })
    }

    /// Makes a contact that the service made by itself a curated one, which stays and is found by searches. **There is no way
    /// back.**
    ///
    /// `POST /api/v2/externalcontacts/contacts/{contactId}/promotion`
    ///
    /// A second promotion changes nothing, so the call is repeated where an answer was lost.
    ///
    /// ```
    /// use genesys_external_contacts::contacts::ContactType;
    /// # let sandbox = genesys_external_contacts::sandbox::Sandbox::new();
    /// # let visitor = sandbox.add_contact_of_type("Identified", &serde_json::json!({})).unwrap();
    /// # let client = sandbox.client();
    /// let contact = client.contacts().promote(&visitor).send()?;
    /// assert_eq!(contact.kind, Some(ContactType::Curated));
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:identity:promote`.
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](Error::is_not_found): there is no such contact.
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): the id is empty, `.` or `..`.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn promote(&self, contact_id: impl Into<String>) -> Request<C, PromoteContact> {
        Request::new(self.client.clone(), PromoteContact { contact_id: contact_id.into() })
    }

    /// Fetches a contact as it is stored, also one that was merged into another: [`get`](Self::get) gives the other one.
    ///
    /// `GET /api/v2/externalcontacts/contacts/{contactId}/unresolved`
    ///
    /// ```
    /// use genesys_external_contacts::ExternalContact;
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// # let contacts = client.contacts();
    /// # let ada = contacts.create(ExternalContact::default()).send()?.id.unwrap();
    /// # let twin = contacts.create(ExternalContact::default()).send()?.id.unwrap();
    /// let merged = client.contacts().merge([&ada, &twin]).send()?;
    /// let before = client.contacts().get_unresolved(&ada).send()?;
    /// assert!(before.is_merged_away());
    /// assert_eq!(before.canonical_id(), merged.id.as_deref());
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// `externalContacts:contact:view`.
    ///
    /// # Errors
    ///
    /// - [`is_not_found`](Error::is_not_found): there is no such contact. [`optional`](Request::optional) makes that a `None`.
    /// - [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): the id is empty, `.` or `..`.
    /// - [`is_forbidden`](Error::is_forbidden) without the permission. All others that [`Error`] lists.
    pub fn get_unresolved(&self, contact_id: impl Into<String>) -> Request<C, GetUnresolvedContact> {
        let operation = GetUnresolvedContact { contact_id: contact_id.into(), expand: Vec::new() };
        Request::new(self.client.clone(), operation)
    }
}

/// `POST /api/v2/externalcontacts/identifierlookup`; see [`Contacts::identifier_lookup`].
#[derive(Clone)]
pub struct IdentifierLookup {
    identifier: Identifier,
    expand: Vec<ContactExpand>,
}

impl Operation for IdentifierLookup {
    type Output = ExternalContact;
    const ROUTE: Route = Route::post("/api/v2/externalcontacts/identifierlookup").that_reads();

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.query_list("expand", &self.expand);
        request.json(&self.identifier)
    }
}

impl Expand for IdentifierLookup {
    type Field = ContactExpand;

    fn expand(&mut self) -> &mut Vec<ContactExpand> {
        &mut self.expand
    }
}

/// `POST /api/v2/externalcontacts/contacts/merge`; see [`Contacts::merge`].
#[derive(Clone)]
pub struct MergeContacts {
    merge: MergeContactsRequest,
}

impl Operation for MergeContacts {
    type Output = ExternalContact;
    const ROUTE: Route = Route::post("/api/v2/externalcontacts/contacts/merge");

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        let ids = self.merge.contact_ids.as_deref().unwrap_or_default();
        if !MERGED.contains(&ids.len()) {
            let problem = format!("names {} contacts: a merge takes 2 to 25", ids.len());
            return Err(Error::invalid("contact_ids", problem));
        }
        let is_again = |(index, id): (usize, &String)| ids[..index].iter().any(|other| other.eq_ignore_ascii_case(id));
        if ids.iter().enumerate().any(is_again) {
            return Err(Error::invalid("contact_ids", "names a contact twice"));
        }
        request.json(&self.merge)
    }
}

impl<C> Request<C, MergeContacts> {
    /// The values that the new contact has instead of those of the contacts that are merged (`valueOverride`).
    pub fn value_override(mut self, values: ExternalContact) -> Self {
        self.operation.merge.value_override = Some(Box::new(values));
        self
    }
}

/// `POST /api/v2/externalcontacts/merge/contacts`; see [`Contacts::merge_two`].
#[derive(Clone)]
pub struct MergeTwoContacts {
    merge: MergeRequest,
}

impl Operation for MergeTwoContacts {
    type Output = ExternalContact;
    const ROUTE: Route = Route::post("/api/v2/externalcontacts/merge/contacts");

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.json(&self.merge)
    }
}

/// `POST /api/v2/externalcontacts/contacts/{contactId}/promotion`; see [`Contacts::promote`].
#[derive(Clone)]
pub struct PromoteContact {
    contact_id: String,
}

impl Operation for PromoteContact {
    type Output = ExternalContact;
    const ROUTE: Route = Route::post("/api/v2/externalcontacts/contacts/{contactId}/promotion").idempotent();

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.path_param("contactId", &self.contact_id)
    }
}

/// `GET /api/v2/externalcontacts/contacts/{contactId}/unresolved`; see [`Contacts::get_unresolved`].
#[derive(Clone)]
pub struct GetUnresolvedContact {
    contact_id: String,
    expand: Vec<ContactExpand>,
}

impl Operation for GetUnresolvedContact {
    type Output = ExternalContact;
    const ROUTE: Route = Route::get("/api/v2/externalcontacts/contacts/{contactId}/unresolved");

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.path_param("contactId", &self.contact_id)?;
        request.query_list("expand", &self.expand);
        Ok(())
    }
}

impl Expand for GetUnresolvedContact {
    type Field = ContactExpand;

    fn expand(&mut self) -> &mut Vec<ContactExpand> {
        &mut self.expand
    }
}
