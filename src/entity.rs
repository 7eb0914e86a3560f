//! What contacts, organizations, notes and relationships can do alike, and the routes by which each of them does it.
//!
//! A shape that several of them share (notes, schemas) is written once, over the entity: `Notes<C, ExternalContact>`. What
//! an entity can't do doesn't compile.

use std::fmt::Display;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::contacts::model::{ContactExpand, ExternalContact};
use crate::enrich::model::{ContactEnrichment, OrganizationEnrichment, Tracked};
use crate::enrich::upsert;
use crate::error::Error;
use crate::exports::model::{ContactExportField, NoteExportField, OrganizationExportField, RelationshipExportField};
use crate::model::Identifier;
use crate::notes::model::Note;
use crate::organizations::model::{ExternalOrganization, OrganizationExpand};
use crate::relationships::model::Relationship;
use crate::route::Route;

/// Something that the API keeps: [`ExternalContact`], [`ExternalOrganization`], [`Note`] or [`Relationship`].
pub trait Entity: sealed::Sealed + Clone + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// The path parameter that names one of them.
    #[doc(hidden)]
    const ID: &'static str;
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! entities {
    ($($entity:ty: $id:literal),*) => { $(
        impl sealed::Sealed for $entity {}
        impl Entity for $entity {
            const ID: &'static str = $id;
        }
    )* };
}

entities!(
    ExternalContact: "contactId",
    ExternalOrganization: "externalOrganizationId",
    Note: "noteId",
    Relationship: "relationshipId"
);

/// An entity on which notes are written: see [`Notes`](crate::notes::Notes).
pub trait HasNotes: Entity {
    #[doc(hidden)]
    const LIST: Route;
    #[doc(hidden)]
    const CREATE: Route;
    #[doc(hidden)]
    const GET: Route;
    #[doc(hidden)]
    const UPDATE: Route;
    #[doc(hidden)]
    const PATCH: Route;
    #[doc(hidden)]
    const DELETE: Route;
}

impl HasNotes for ExternalContact {
    const LIST: Route = Route::get("/api/v2/externalcontacts/contacts/{contactId}/notes");
    const CREATE: Route = Route::post("/api/v2/externalcontacts/contacts/{contactId}/notes");
    const GET: Route = Route::get("/api/v2/externalcontacts/contacts/{contactId}/notes/{noteId}");
    const UPDATE: Route = Route::put("/api/v2/externalcontacts/contacts/{contactId}/notes/{noteId}");
    const PATCH: Route = Route::patch("/api/v2/externalcontacts/contacts/{contactId}/notes/{noteId}");
    const DELETE: Route = Route::delete("/api/v2/externalcontacts/contacts/{contactId}/notes/{noteId}");
}

impl HasNotes for ExternalOrganization {
    const LIST: Route = Route::get("/api/v2/externalcontacts/organizations/{externalOrganizationId}/notes");
    const CREATE: Route = Route::post("/api/v2/externalcontacts/organizations/{externalOrganizationId}/notes");
    const GET: Route = Route::get("/api/v2/externalcontacts/organizations/{externalOrganizationId}/notes/{noteId}");
    const UPDATE: Route = Route::put("/api/v2/externalcontacts/organizations/{externalOrganizationId}/notes/{noteId}");
    const PATCH: Route = Route::patch("/api/v2/externalcontacts/organizations/{externalOrganizationId}/notes/{noteId}");
    const DELETE: Route =
        Route::delete("/api/v2/externalcontacts/organizations/{externalOrganizationId}/notes/{noteId}");
}

/// An entity that can have custom fields: see [`Schemas`](crate::schemas::Schemas).
pub trait HasSchemas: Entity {
    #[doc(hidden)]
    const LIST: Route;
    #[doc(hidden)]
    const CREATE: Route;
    #[doc(hidden)]
    const GET: Route;
    #[doc(hidden)]
    const UPDATE: Route;
    #[doc(hidden)]
    const VERSIONS: Route;
    #[doc(hidden)]
    const VERSION: Route;
    #[doc(hidden)]
    const CORE_TYPES: Route;
    #[doc(hidden)]
    const CORE_TYPE: Route;
    #[doc(hidden)]
    const LIMITS: Route;
}

impl HasSchemas for ExternalContact {
    const LIST: Route = Route::get("/api/v2/externalcontacts/contacts/schemas");
    const CREATE: Route = Route::post("/api/v2/externalcontacts/contacts/schemas");
    const GET: Route = Route::get("/api/v2/externalcontacts/contacts/schemas/{schemaId}");
    const UPDATE: Route = Route::put("/api/v2/externalcontacts/contacts/schemas/{schemaId}");
    const VERSIONS: Route = Route::get("/api/v2/externalcontacts/contacts/schemas/{schemaId}/versions");
    const VERSION: Route = Route::get("/api/v2/externalcontacts/contacts/schemas/{schemaId}/versions/{versionId}");
    const CORE_TYPES: Route = Route::get("/api/v2/externalcontacts/contacts/schemas/coretypes");
    const CORE_TYPE: Route = Route::get("/api/v2/externalcontacts/contacts/schemas/coretypes/{coreTypeName}");
    const LIMITS: Route = Route::get("/api/v2/externalcontacts/contacts/schemas/limits");
}

impl HasSchemas for ExternalOrganization {
    const LIST: Route = Route::get("/api/v2/externalcontacts/organizations/schemas");
    const CREATE: Route = Route::post("/api/v2/externalcontacts/organizations/schemas");
    const GET: Route = Route::get("/api/v2/externalcontacts/organizations/schemas/{schemaId}");
    const UPDATE: Route = Route::put("/api/v2/externalcontacts/organizations/schemas/{schemaId}");
    const VERSIONS: Route = Route::get("/api/v2/externalcontacts/organizations/schemas/{schemaId}/versions");
    const VERSION: Route = Route::get("/api/v2/externalcontacts/organizations/schemas/{schemaId}/versions/{versionId}");
    const CORE_TYPES: Route = Route::get("/api/v2/externalcontacts/organizations/schemas/coretypes");
    const CORE_TYPE: Route = Route::get("/api/v2/externalcontacts/organizations/schemas/coretypes/{coreTypeName}");
    const LIMITS: Route = Route::get("/api/v2/externalcontacts/organizations/schemas/limits");
}

/// An entity whose records can all be read, however many there are: see [`scans`](crate::scans).
pub trait Scanned: Entity {
    #[doc(hidden)]
    const SCAN: Route;
    #[doc(hidden)]
    const SCAN_ALL_DIVISIONS: Route;
}

impl Scanned for ExternalContact {
    const SCAN: Route = Route::get("/api/v2/externalcontacts/scan/contacts");
    const SCAN_ALL_DIVISIONS: Route = Route::get("/api/v2/externalcontacts/scan/contacts/divisionviews/all");
}

impl Scanned for ExternalOrganization {
    const SCAN: Route = Route::get("/api/v2/externalcontacts/scan/organizations");
    const SCAN_ALL_DIVISIONS: Route = Route::get("/api/v2/externalcontacts/scan/organizations/divisionviews/all");
}

impl Scanned for Note {
    const SCAN: Route = Route::get("/api/v2/externalcontacts/scan/notes");
    const SCAN_ALL_DIVISIONS: Route = Route::get("/api/v2/externalcontacts/scan/notes/divisionviews/all");
}

impl Scanned for Relationship {
    const SCAN: Route = Route::get("/api/v2/externalcontacts/scan/relationships");
    const SCAN_ALL_DIVISIONS: Route = Route::get("/api/v2/externalcontacts/scan/relationships/divisionviews/all");
}

/// An entity of which one request can carry many: see [`bulk`](crate::bulk).
pub trait InBulk: Entity {
    #[doc(hidden)]
    const BULK_FETCH: Route;
    #[doc(hidden)]
    const BULK_ADD: Route;
    #[doc(hidden)]
    const BULK_UPDATE: Route;
    #[doc(hidden)]
    const BULK_REMOVE: Route;

    #[doc(hidden)]
    fn id(&self) -> Option<&str>;
}

impl InBulk for ExternalContact {
    const BULK_FETCH: Route = Route::post("/api/v2/externalcontacts/bulk/contacts").that_reads();
    const BULK_ADD: Route = Route::post("/api/v2/externalcontacts/bulk/contacts/add");
    const BULK_UPDATE: Route = Route::post("/api/v2/externalcontacts/bulk/contacts/update").idempotent();
    const BULK_REMOVE: Route = Route::post("/api/v2/externalcontacts/bulk/contacts/remove").idempotent();

    fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }
}

impl InBulk for ExternalOrganization {
    const BULK_FETCH: Route = Route::post("/api/v2/externalcontacts/bulk/organizations").that_reads();
    const BULK_ADD: Route = Route::post("/api/v2/externalcontacts/bulk/organizations/add");
    const BULK_UPDATE: Route = Route::post("/api/v2/externalcontacts/bulk/organizations/update").idempotent();
    const BULK_REMOVE: Route = Route::post("/api/v2/externalcontacts/bulk/organizations/remove").idempotent();

    fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }
}

impl InBulk for Note {
    const BULK_FETCH: Route = Route::post("/api/v2/externalcontacts/bulk/notes").that_reads();
    const BULK_ADD: Route = Route::post("/api/v2/externalcontacts/bulk/notes/add");
    const BULK_UPDATE: Route = Route::post("/api/v2/externalcontacts/bulk/notes/update").idempotent();
    const BULK_REMOVE: Route = Route::post("/api/v2/externalcontacts/bulk/notes/remove").idempotent();

    fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }
}

impl InBulk for Relationship {
    const BULK_FETCH: Route = Route::post("/api/v2/externalcontacts/bulk/relationships").that_reads();
    const BULK_ADD: Route = Route::post("/api/v2/externalcontacts/bulk/relationships/add");
    const BULK_UPDATE: Route = Route::post("/api/v2/externalcontacts/bulk/relationships/update").idempotent();
    const BULK_REMOVE: Route = Route::post("/api/v2/externalcontacts/bulk/relationships/remove").idempotent();

    fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }
}

/// An entity that can be fetched in bulk by those who may search, not view: see
/// [`Bulk::fetch_division_views`](crate::bulk::Bulk::fetch_division_views).
pub trait InBulkByDivision: InBulk {
    #[doc(hidden)]
    const BULK_FETCH_DIVISION_VIEWS: Route;
}

impl InBulkByDivision for ExternalContact {
    const BULK_FETCH_DIVISION_VIEWS: Route =
        Route::post("/api/v2/externalcontacts/bulk/contacts/divisionviews").that_reads();
}

impl InBulkByDivision for ExternalOrganization {
    const BULK_FETCH_DIVISION_VIEWS: Route =
        Route::post("/api/v2/externalcontacts/bulk/organizations/divisionviews").that_reads();
}

/// An entity of which single fields can be changed: see [`patch`](crate::patch).
pub trait Patchable: Entity {
    #[doc(hidden)]
    const PATCH: Route;
}

impl Patchable for ExternalContact {
    const PATCH: Route = Route::patch("/api/v2/externalcontacts/contacts/{contactId}");
}

impl Patchable for ExternalOrganization {
    const PATCH: Route = Route::patch("/api/v2/externalcontacts/organizations/{externalOrganizationId}");
}

impl Patchable for Relationship {
    const PATCH: Route = Route::patch("/api/v2/externalcontacts/relationships/{relationshipId}");
}

/// An entity that is known by identifiers: see [`identifiers`](crate::identifiers).
pub trait Identifiable: Entity {
    /// What can be returned along with it.
    type Field: Display + Clone + Send + Sync + 'static;
    #[doc(hidden)]
    const IDENTIFIERS: Route;
    #[doc(hidden)]
    const CLAIM: Route;
    #[doc(hidden)]
    const FIND_BY: Route;
}

impl Identifiable for ExternalContact {
    type Field = ContactExpand;
    const IDENTIFIERS: Route = Route::get("/api/v2/externalcontacts/contacts/{contactId}/identifiers");
    const CLAIM: Route = Route::patch("/api/v2/externalcontacts/contacts/{contactId}/identifiers").idempotent();
    const FIND_BY: Route = Route::post("/api/v2/externalcontacts/identifierlookup/contacts").that_reads();
}

impl Identifiable for ExternalOrganization {
    type Field = OrganizationExpand;
    const IDENTIFIERS: Route =
        Route::get("/api/v2/externalcontacts/organizations/{externalOrganizationId}/identifiers");
    const CLAIM: Route =
        Route::patch("/api/v2/externalcontacts/organizations/{externalOrganizationId}/identifiers").idempotent();
    const FIND_BY: Route = Route::post("/api/v2/externalcontacts/identifierlookup/organizations").that_reads();
}

/// An entity that can be found by identifiers and changed, or created, in one request: see [`enrich`](crate::enrich).
pub trait Enrichable: Identifiable {
    /// What is asked for.
    type Enrichment: Tracked + Clone + Serialize + DeserializeOwned + Send + Sync + 'static;
    #[doc(hidden)]
    const ENRICH: Route;
    #[doc(hidden)]
    const BULK_ENRICH: Route;
    /// An upsert whose repetition changes nothing more.
    #[doc(hidden)]
    fn upsert(identifier: &Identifier, record: &Self) -> Result<Self::Enrichment, Error>;
}

impl Enrichable for ExternalContact {
    type Enrichment = ContactEnrichment;
    const ENRICH: Route = Route::post("/api/v2/externalcontacts/contacts/enrich");
    const BULK_ENRICH: Route = Route::post("/api/v2/externalcontacts/bulk/contacts/enrich");

    fn upsert(identifier: &Identifier, record: &Self) -> Result<ContactEnrichment, Error> {
        upsert::of_contact(identifier, record)
    }
}

impl Enrichable for ExternalOrganization {
    type Enrichment = OrganizationEnrichment;
    const ENRICH: Route = Route::post("/api/v2/externalcontacts/organizations/enrich");
    const BULK_ENRICH: Route = Route::post("/api/v2/externalcontacts/bulk/organizations/enrich");

    fn upsert(identifier: &Identifier, record: &Self) -> Result<OrganizationEnrichment, Error> {
        upsert::of_organization(identifier, record)
    }
}

/// An entity whose records the service writes into files: see [`exports`](crate::exports).
pub trait Exported: Entity {
    /// What an export of them can be filtered by.
    type ExportField: Clone + Serialize + DeserializeOwned + Send + Sync + 'static;
    #[doc(hidden)]
    const START_EXPORT: Route;
    #[doc(hidden)]
    const LIST_EXPORTS: Route;
    #[doc(hidden)]
    const GET_EXPORT: Route;
}

impl Exported for ExternalContact {
    type ExportField = ContactExportField;
    const START_EXPORT: Route = Route::post("/api/v2/externalcontacts/contacts/exports");
    const LIST_EXPORTS: Route = Route::get("/api/v2/externalcontacts/contacts/exports");
    const GET_EXPORT: Route = Route::get("/api/v2/externalcontacts/contacts/exports/{exportId}");
}

impl Exported for ExternalOrganization {
    type ExportField = OrganizationExportField;
    const START_EXPORT: Route = Route::post("/api/v2/externalcontacts/organizations/exports");
    const LIST_EXPORTS: Route = Route::get("/api/v2/externalcontacts/organizations/exports");
    const GET_EXPORT: Route = Route::get("/api/v2/externalcontacts/organizations/exports/{exportId}");
}

impl Exported for Note {
    type ExportField = NoteExportField;
    const START_EXPORT: Route = Route::post("/api/v2/externalcontacts/notes/exports");
    const LIST_EXPORTS: Route = Route::get("/api/v2/externalcontacts/notes/exports");
    const GET_EXPORT: Route = Route::get("/api/v2/externalcontacts/notes/exports/{exportId}");
}

impl Exported for Relationship {
    type ExportField = RelationshipExportField;
    const START_EXPORT: Route = Route::post("/api/v2/externalcontacts/relationships/exports");
    const LIST_EXPORTS: Route = Route::get("/api/v2/externalcontacts/relationships/exports");
    const GET_EXPORT: Route = Route::get("/api/v2/externalcontacts/relationships/exports/{exportId}");
}
