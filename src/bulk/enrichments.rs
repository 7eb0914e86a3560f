//! Enrichments and upserts, many in one request.

use std::hash::{DefaultHasher, Hash, Hasher};

use serde::{Serialize, Serializer};

use super::operations::{Body, sealed, size};
use super::{Bulk, BulkOperation, BulkRequest, BulkResponse, IntoRecords};
use crate::enrich::{EnrichOutcome, Enriched, Tracked};
use crate::entity::Enrichable;
use crate::error::Error;
use crate::model::{Identifier, IdentifierType};
use crate::operation::{DryRun, Operation, Repeat, RequestParts, Route};

/// How many enrichments the service takes in a request.
const CHUNK_SIZE: usize = 10;

impl<C: Clone, E: Enrichable> Bulk<C, E> {
    /// Creates records, or changes those that answer to the identifiers: each record is there once, however often this is
    /// called. This is the import that can be run again.
    ///
    /// `POST /api/v2/externalcontacts/bulk/contacts/enrich`\
    /// `POST /api/v2/externalcontacts/bulk/organizations/enrich`
    ///
    /// Each record goes with its identifier, and [`Contacts::upsert_by`](crate::contacts::Contacts::upsert_by) says what
    /// becomes of it. Requests whose answer was lost are repeated. Two records with the same identifier never travel at the same
    /// time, and the later one is applied last.
    ///
    /// ```
    /// use genesys_external_contacts::{ExternalContact, Identifier};
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    ///
    /// let rows = [("ada@example.com", "Lovelace"), ("grace@example.com", "Hopper")];
    /// let upserts =
    ///     rows.map(|(email, name)| (Identifier::email(email), ExternalContact::default().with_last_name(name)));
    /// let first = client.contacts().bulk().upsert_by(upserts.clone()).run();
    /// let again = client.contacts().bulk().upsert_by(upserts).run();
    /// assert_eq!((first.done, again.done, again.requests), (2, 2, 1));
    /// assert_eq!(client.contacts().search().send()?.total, Some(2));
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// Contacts: `externalContacts:contact:enrich`. Organizations: `externalContacts:externalOrganization:enrich`.
    ///
    /// # Limits
    ///
    /// 10 records a request, and 512,000 bytes.
    ///
    /// # Errors
    ///
    /// Of a record: [`RecordErrorKind::Refused`](super::RecordErrorKind::Refused) with status 422 or 400 for a value that the
    /// service doesn't take; [`RecordErrorKind::Request`](super::RecordErrorKind::Request) with
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) for an identifier that no field of the record holds, which is not sent,
    /// and with others when its request failed as a whole.
    pub fn upsert_by<Kind, I>(&self, upserts: I) -> BulkRequest<C, BulkUpsert<E>, I::Records>
    where
        I: IntoRecords<Kind, Record: Into<Upsert<E>>>,
    {
        BulkRequest::new(self.client.clone(), upserts.into_records())
    }

    /// Finds records by identifiers, and merges, changes or creates, as the [action](crate::enrich::EnrichAction) of each says.
    ///
    /// `POST /api/v2/externalcontacts/bulk/contacts/enrich`\
    /// `POST /api/v2/externalcontacts/bulk/organizations/enrich`
    ///
    /// **With [`FieldAction::AlwaysUseProvided`](crate::enrich::FieldAction::AlwaysUseProvided), what you don't send is wiped.**
    /// For the usual case use [`upsert_by`](Self::upsert_by), which can be repeated; this is done once only. An enrichment
    /// without an `id` of yours gets its place in the input as its id, so that its result can be told from others. For a dry
    /// run, make [`one_request`](BulkRequest::one_request) of up to 10 and set [`dry_run`](crate::Request::dry_run).
    ///
    /// ```
    /// use genesys_external_contacts::enrich::{ContactEnrichment, EnrichAction, EnrichOutcome};
    /// use genesys_external_contacts::{ExternalContact, Identifier};
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    ///
    /// let inserts = ["ada@example.com", "grace@example.com"].map(|email| {
    ///     let contact = ExternalContact::default().with_work_email(email);
    ///     ContactEnrichment::new(EnrichAction::Insert, [Identifier::email(email)], contact)
    /// });
    /// for outcome in client.contacts().bulk().enrich(inserts).outcomes() {
    ///     assert_eq!(outcome.result?.outcome, EnrichOutcome::Created);
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Permissions
    ///
    /// Contacts: `externalContacts:contact:enrich`. Organizations: `externalContacts:externalOrganization:enrich`.
    ///
    /// # Limits
    ///
    /// 10 enrichments a request, and 512,000 bytes; 1 to 25 identifiers in each.
    ///
    /// # Errors
    ///
    /// Of a record: [`is_not_found`](super::RecordError::is_not_found) where there is none to update;
    /// [`RecordErrorKind::Refused`](super::RecordErrorKind::Refused) with status 409 where there is one and none was meant to
    /// be, and with 422 or 400 for a value that the service doesn't take;
    /// [`RecordErrorKind::Request`](super::RecordErrorKind::Request) when its request failed as a whole.
    pub fn enrich<Kind, I>(&self, enrichments: I) -> BulkRequest<C, BulkEnrich<E>, I::Records>
    where
        I: IntoRecords<Kind, Record = E::Enrichment>,
    {
        BulkRequest::new(self.client.clone(), enrichments.into_records())
    }
}

fn record<E>(entity: Option<E>, status: Option<i64>, dry_run: bool) -> Option<Enriched<E>> {
    let status = status.and_then(|status| u16::try_from(status).ok()).unwrap_or_default();
    entity.map(|record| Enriched { outcome: EnrichOutcome::of_status(status, dry_run), record })
}

/// `POST …/bulk/…/enrich`; see [`Bulk::enrich`].
#[derive(Clone)]
pub struct BulkEnrich<E: Enrichable> {
    entities: Vec<E::Enrichment>,
    dry_run: Option<bool>,
}

impl<E: Enrichable> Operation for BulkEnrich<E> {
    type Output = BulkResponse<E, E::Enrichment>;
    const ROUTE: Route = E::BULK_ENRICH;

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.query_opt("dryRun", self.dry_run);
        request.json(&Body { entities: &self.entities })
    }

    fn repeat(&self) -> Repeat {
        if self.dry_run == Some(true) { Repeat::Reads } else { Repeat::Once }
    }
}

impl<E: Enrichable> DryRun for BulkEnrich<E> {
    fn dry_run(&mut self) -> &mut Option<bool> {
        &mut self.dry_run
    }
}

impl<E: Enrichable> sealed::Sealed for BulkEnrich<E> {}

impl<E: Enrichable> BulkOperation for BulkEnrich<E> {
    type Input = E::Enrichment;
    type Record = Enriched<E>;
    type Entity = E;
    type Echo = E::Enrichment;
    const CHUNK_SIZE: usize = CHUNK_SIZE;

    fn of(entities: Vec<E::Enrichment>) -> Self {
        Self { entities, dry_run: None }
    }

    fn id(enrichment: &E::Enrichment) -> Option<&str> {
        enrichment.tracker_ref()
    }

    fn bytes(enrichment: &E::Enrichment) -> Result<usize, Error> {
        size(enrichment)
    }

    fn track(enrichment: &mut E::Enrichment, index: u64) {
        enrichment.tracker().get_or_insert_with(|| index.to_string());
    }

    fn record(entity: Option<E>, status: Option<i64>) -> Option<Enriched<E>> {
        record(entity, status, false)
    }
}

/// A record and the identifier that it is known by, for [`Bulk::upsert_by`]. A pair of both becomes one.
#[derive(Clone)]
#[non_exhaustive]
pub struct Upsert<E> {
    /// What the record is known by.
    pub identifier: Identifier,
    /// The record.
    pub record: E,
    /// The same for the same identifier.
    tracker: String,
}

impl<E> From<(Identifier, E)> for Upsert<E> {
    fn from((identifier, record): (Identifier, E)) -> Self {
        let tracker = tracker(&identifier);
        Self { identifier, record, tracker }
    }
}

/// The enrichment that is sent.
impl<E: Enrichable> Serialize for Upsert<E> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        enrichment(self).map_err(serde::ser::Error::custom)?.serialize(serializer)
    }
}

impl<E> std::fmt::Debug for Upsert<E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Upsert").field("identifier", &self.identifier).finish_non_exhaustive()
    }
}

/// A name for what is known by this identifier, however it is written. Where two come to have the same name, they travel one
/// after the other, which costs a request.
fn tracker(identifier: &Identifier) -> String {
    let value = identifier.value.as_deref().unwrap_or_default().trim();
    let value = match &identifier.kind {
        Some(IdentifierType::Phone | IdentifierType::SocialWhatsapp) => {
            value.chars().filter(char::is_ascii_digit).collect()
        }
        Some(IdentifierType::Email) => value.to_lowercase(),
        _ => value.to_owned(),
    };
    let id = |id: Option<&String>| id.map(|id| id.to_ascii_lowercase());
    let source = id(identifier.external_source.as_ref().and_then(|source| source.id.as_ref()));
    let division = id(identifier.division.as_ref().and_then(|division| division.id.as_ref()));
    let mut hasher = DefaultHasher::new();
    (&identifier.kind, value, source, division).hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// `POST …/bulk/…/enrich`, in a form that can be repeated; see [`Bulk::upsert_by`].
#[derive(Clone)]
pub struct BulkUpsert<E> {
    upserts: Vec<Upsert<E>>,
}

impl<E: Enrichable> Operation for BulkUpsert<E> {
    type Output = BulkResponse<E, E::Enrichment>;
    const ROUTE: Route = E::BULK_ENRICH.idempotent();

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        let enrichments: Vec<_> = self.upserts.iter().map(enrichment).collect::<Result<_, _>>()?;
        request.json(&Body { entities: &enrichments })
    }
}

fn enrichment<E: Enrichable>(upsert: &Upsert<E>) -> Result<E::Enrichment, Error> {
    let mut enrichment = E::upsert(&upsert.identifier, &upsert.record)?;
    *enrichment.tracker() = Some(upsert.tracker.clone());
    Ok(enrichment)
}

impl<E: Enrichable> sealed::Sealed for BulkUpsert<E> {}

impl<E: Enrichable> BulkOperation for BulkUpsert<E> {
    type Input = Upsert<E>;
    type Record = Enriched<E>;
    type Entity = E;
    type Echo = E::Enrichment;
    const CHUNK_SIZE: usize = CHUNK_SIZE;

    fn of(upserts: Vec<Upsert<E>>) -> Self {
        Self { upserts }
    }

    fn id(upsert: &Upsert<E>) -> Option<&str> {
        Some(&upsert.tracker)
    }

    fn bytes(upsert: &Upsert<E>) -> Result<usize, Error> {
        size(&enrichment(upsert)?)
    }

    fn record(entity: Option<E>, status: Option<i64>) -> Option<Enriched<E>> {
        record(entity, status, false)
    }
}
