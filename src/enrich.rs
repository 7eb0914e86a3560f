//! Enrichments: a record is found by its identifiers and changed, or created, in one request.
//!
//! Reached through the resource: `client.contacts().enrich(…)`, `client.contacts().upsert_by(…)`, and the same of
//! `client.organizations()`.

pub(crate) mod model;
pub(crate) mod upsert;

use serde::{Deserialize, Deserializer};

pub use model::{
    ArrayAction, ContactEnrichment, ContactEnrichmentOptions, EnrichAction, FieldAction, FieldRule, FieldRules,
    OrganizationEnrichment, Tracked,
};

use crate::entity::Enrichable;
use crate::error::Error;
use crate::model::Identifier;
use crate::operation::{DryRun, Operation, Repeat, RequestParts, Response, Route};

/// What became of an enrichment.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Enriched<E> {
    /// Whether the record was created.
    pub outcome: EnrichOutcome,
    /// The record as it is now, or for a dry run as it would be.
    pub record: E,
}

/// What an enrichment did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EnrichOutcome {
    /// There was no such record: it was created.
    Created,
    /// There was one: it was changed, or several were merged.
    Updated,
    /// The service doesn't say so. That of a dry run means nothing.
    Unknown,
}

/// What came of finding or creating a record.
///
/// ```
/// use genesys_external_contacts::{ExternalContact, FoundOrCreated, Identifier};
/// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
///
/// let phone = Identifier::phone("+44 20 7946 0018");
/// let ada = ExternalContact::default().with_last_name("Lovelace");
/// match client.contacts().find_or_create(phone, ada)? {
///     FoundOrCreated::Found(contact) => println!("this is {}", contact.display_name()),
///     FoundOrCreated::Created(contact) => println!("created {}", contact.display_name()),
///     FoundOrCreated::Several(contacts) => println!("one of {}: somebody has to look", contacts.len()),
/// }
/// # Ok::<(), genesys_external_contacts::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum FoundOrCreated<E> {
    /// There was one: the identifier is its own, or a search found it and no other.
    Found(E),
    /// There was none, and now there is this one.
    Created(E),
    /// Nobody answers to the identifier, and several have it in their fields: these, 25 at most. Nothing was created.
    Several(Vec<E>),
}

impl<E> FoundOrCreated<E> {
    /// The record, unless there are several.
    pub fn record(self) -> Option<E> {
        match self {
            Self::Found(record) | Self::Created(record) => Some(record),
            Self::Several(_) => None,
        }
    }

    /// What it is if a search found these; nothing if it found none.
    pub(crate) fn among(mut found: Vec<E>) -> Option<Self> {
        if found.len() > 1 { Some(Self::Several(found)) } else { found.pop().map(Self::Found) }
    }
}

impl EnrichOutcome {
    /// The status is all that tells.
    pub(crate) fn of_status(status: u16, dry_run: bool) -> Self {
        match status {
            _ if dry_run => Self::Unknown,
            201 => Self::Created,
            200 => Self::Updated,
            _ => Self::Unknown,
        }
    }
}

/// The record alone, as it is on the wire.
impl<'de, E: Deserialize<'de>> Deserialize<'de> for Enriched<E> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self { outcome: EnrichOutcome::Unknown, record: E::deserialize(deserializer)? })
    }
}

/// `POST …/enrich`; see [`Contacts::enrich`](crate::contacts::Contacts::enrich) and
/// [`Organizations::enrich`](crate::organizations::Organizations::enrich).
#[derive(Clone)]
pub struct Enrich<E: Enrichable> {
    enrichment: E::Enrichment,
    dry_run: Option<bool>,
}

impl<E: Enrichable> Enrich<E> {
    pub(crate) fn new(enrichment: E::Enrichment) -> Self {
        Self { enrichment, dry_run: None }
    }
}

impl<E: Enrichable> Operation for Enrich<E> {
    type Output = Enriched<E>;
    const ROUTE: Route = E::ENRICH;

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.query_opt("dryRun", self.dry_run);
        request.json(&self.enrichment)
    }

    fn read(&self, response: &Response) -> Result<Enriched<E>, Error> {
        read(response, self.dry_run == Some(true))
    }

    fn repeat(&self) -> Repeat {
        if self.dry_run == Some(true) { Repeat::Reads } else { Repeat::Once }
    }
}

impl<E: Enrichable> DryRun for Enrich<E> {
    fn dry_run(&mut self) -> &mut Option<bool> {
        &mut self.dry_run
    }
}

/// `POST …/enrich`, in a form that can be repeated; see [`Contacts::upsert_by`](crate::contacts::Contacts::upsert_by) and
/// [`Organizations::upsert_by`](crate::organizations::Organizations::upsert_by).
#[derive(Clone)]
pub struct UpsertBy<E> {
    identifier: Identifier,
    record: E,
}

impl<E> UpsertBy<E> {
    pub(crate) fn new(identifier: Identifier, record: E) -> Self {
        Self { identifier, record }
    }
}

impl<E: Enrichable> Operation for UpsertBy<E> {
    type Output = Enriched<E>;
    const ROUTE: Route = E::ENRICH;

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        request.json(&E::upsert(&self.identifier, &self.record)?)
    }

    fn read(&self, response: &Response) -> Result<Enriched<E>, Error> {
        read(response, false)
    }

    /// The record answers to the identifier once it is there: a second upsert finds it.
    fn repeat(&self) -> Repeat {
        Repeat::Idempotent
    }
}

fn read<E: Enrichable>(response: &Response, dry_run: bool) -> Result<Enriched<E>, Error> {
    let outcome = EnrichOutcome::of_status(response.meta().status().as_u16(), dry_run);
    Ok(Enriched { outcome, record: response.json()? })
}
