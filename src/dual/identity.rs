use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::client::Client;
use super::{Items, maybe_async};
use crate::contacts::Contacts;
use crate::contacts::model::ExternalContact;
use crate::decide::identity::{Has, words};
use crate::decide::recent::Recent;
use crate::enrich::{EnrichOutcome, Enriched, FoundOrCreated};
use crate::error::{Error, ErrorKind};
use crate::model::{Identifier, IdentifierType};
use crate::operation::Paged;
use crate::organizations::Organizations;
use crate::organizations::model::ExternalOrganization;

/// Two are enough to know that there are several; a few more help to choose.
const MOST_SEVERAL: usize = 25;

#[maybe_async]
impl Contacts<Client> {
    /// Finds the contact that an identifier belongs to, or creates it. [`FoundOrCreated`] has an example.
    ///
    /// 1. A [look-up](Self::find_by): whoever answers to the identifier is found, also one that the service made by itself.
    /// 2. If there is nobody, and the identifier is a phone number, an e-mail address, an external id or a Twitter id: a
    ///    [search](Self::search) for those who have it in their fields, and don't answer to it. One is found; more are
    ///    [`Several`](FoundOrCreated::Several), and nothing is created.
    /// 3. If there is nobody at all: an [upsert](Self::upsert_by) with the contact. The contact that is found is not changed.
    ///
    /// Two that do this at the same moment come to the same contact: the upsert of the second finds what that of the first
    /// created, and changes it. That holds as far as the service makes one upsert after another where they have an identifier
    /// in common, which is not documented. Searches see what is new after a while only, so a contact that somebody else
    /// has just created without the identifier being its own may be missed. Each of the three can be repeated, and is, where
    /// an answer was lost; then `Found` may be what this call has created.
    ///
    /// # Permissions
    ///
    /// `externalContacts:contact:view` and `externalContacts:contact:enrich`.
    ///
    /// # Errors
    ///
    /// Those of [`find_by`](Self::find_by), [`search`](Self::search) and [`upsert_by`](Self::upsert_by).
    pub async fn find_or_create(
        &self,
        identifier: Identifier,
        contact: ExternalContact,
    ) -> Result<FoundOrCreated<ExternalContact>, Error> {
        if let Some(found) = self.find_by(identifier.clone()).optional().send().await? {
            return Ok(FoundOrCreated::Found(found));
        }
        if let Some(words) = words(&identifier) {
            let found = having(&identifier, self.search().q(words).items()).await?;
            if let Some(found) = FoundOrCreated::among(found) {
                return Ok(found);
            }
        }
        Ok(upserted(self.upsert_by(identifier, contact).send().await?))
    }
}

#[maybe_async]
impl Organizations<Client> {
    /// Finds the organization that an external id belongs to, or creates it, in the way in which
    /// [`Contacts::find_or_create`] does. [`FoundOrCreated`] has an example.
    ///
    /// # Permissions
    ///
    /// `externalContacts:externalOrganization:view` and `externalContacts:externalOrganization:enrich`.
    ///
    /// # Errors
    ///
    /// Those of [`find_by`](Self::find_by), [`search`](Self::search) and [`upsert_by`](Self::upsert_by).
    pub async fn find_or_create(
        &self,
        identifier: Identifier,
        organization: ExternalOrganization,
    ) -> Result<FoundOrCreated<ExternalOrganization>, Error> {
        if let Some(found) = self.find_by(identifier.clone()).optional().send().await? {
            return Ok(FoundOrCreated::Found(found));
        }
        if let Some(words) = words(&identifier) {
            let found = having(&identifier, self.search().q(words).items()).await?;
            if let Some(found) = FoundOrCreated::among(found) {
                return Ok(found);
            }
        }
        Ok(upserted(self.upsert_by(identifier, organization).send().await?))
    }

    /// Makes a resolver: the ids of organizations by their external ids, of which it remembers `capacity` at most.
    pub fn resolver(&self, capacity: usize) -> OrganizationResolver {
        let known = Arc::new(Mutex::new(Recent::new(capacity)));
        OrganizationResolver { organizations: self.clone(), known }
    }
}

fn upserted<E>(upserted: Enriched<E>) -> FoundOrCreated<E> {
    match upserted.outcome {
        EnrichOutcome::Updated => FoundOrCreated::Found(upserted.record),
        EnrichOutcome::Created | EnrichOutcome::Unknown => FoundOrCreated::Created(upserted.record),
    }
}

/// Those among what a search finds who have the identifier in their fields.
#[maybe_async]
async fn having<O: Paged<Item: Has>>(identifier: &Identifier, mut items: Items<O>) -> Result<Vec<O::Item>, Error> {
    let mut having = Vec::new();
    while let Some(item) = items.next().await {
        match item {
            Ok(record) if record.has(identifier) => having.push(record),
            Ok(_) => continue,
            // The service gives no more out. It is ids as short as `7` that have so many words in common with others.
            Err(error) if matches!(error.kind(), ErrorKind::ResultWindow(_)) => break,
            Err(error) => return Err(error),
        }
        if having.len() == MOST_SEVERAL {
            break;
        }
    }
    Ok(having)
}

flavored! {
#[derive(Clone)]
pub struct OrganizationResolver {
    organizations: Organizations<Client>,
    /// Never held while waiting.
    known: Arc<Mutex<Recent<String>>>,
}
}

impl OrganizationResolver {
    fn known(&self) -> MutexGuard<'_, Recent<String>> {
        // A panic elsewhere leaves at most one value less in it.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets an external id, for one that is known to have moved to another organization.
    pub fn forget(&self, identifier: &Identifier) {
        self.known().remove(&key(identifier));
    }
}

#[maybe_async]
impl OrganizationResolver {
    /// The id of the organization that answers to an external id; `None` if there is none. That there is none is not
    /// remembered.
    ///
    /// `POST /api/v2/externalcontacts/identifierlookup/organizations`, unless it is remembered.
    ///
    /// # Errors
    ///
    /// Those of [`find_by`](Organizations::find_by).
    pub async fn id(&self, identifier: &Identifier) -> Result<Option<String>, Error> {
        let key = key(identifier);
        let known = self.known().get(&key);
        if known.is_some() {
            return Ok(known);
        }
        let found = self.organizations.find_by(identifier.clone()).optional().send().await?;
        let id = found.and_then(|organization| organization.id);
        if let Some(id) = &id {
            self.known().put(key, id.clone());
        }
        Ok(id)
    }

    /// The same as a reference, which is what a contact or a relationship takes.
    ///
    /// # Errors
    ///
    /// Those of [`id`](Self::id).
    pub async fn reference(&self, identifier: &Identifier) -> Result<Option<ExternalOrganization>, Error> {
        Ok(self.id(identifier).await?.map(ExternalOrganization::reference))
    }
}

/// All that makes an identifier.
fn key(identifier: &Identifier) -> String {
    let kind = identifier.kind.as_ref().map(IdentifierType::as_str);
    let source = identifier.external_source.as_ref().and_then(|source| source.id.as_deref());
    let division = identifier.division.as_ref().and_then(|division| division.id.as_deref());
    format!("{kind:?} {source:?} {division:?} {:?}", identifier.value)
}

impl fmt::Debug for OrganizationResolver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OrganizationResolver")
    }
}
