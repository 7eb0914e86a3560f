//! What contacts, organizations, notes and relationships can do alike, and the routes by which each of them does it.
//!
//! A shape that several of them share (notes, schemas) is written once, over the entity: `Notes<C, ExternalContact>`. What
//! an entity can't do doesn't compile.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::contacts::model::ExternalContact;
use crate::notes::model::Note;
use crate::organizations::model::ExternalOrganization;
use crate::relationships::model::Relationship;
use crate::route::Route;

/// Something that the API keeps: [`ExternalContact`], [`ExternalOrganization`], [`Note`] or [`Relationship`].
pub trait Entity: sealed::Sealed + Clone + Serialize + DeserializeOwned + Send + Sync + 'static {}

mod sealed {
    pub trait Sealed {}
}

macro_rules! entities {
    ($($entity:ty),*) => { $( impl sealed::Sealed for $entity {} impl Entity for $entity {} )* };
}

entities!(ExternalContact, ExternalOrganization, Note, Relationship);

/// An entity on which notes are written: see [`Notes`](crate::notes::Notes).
pub trait HasNotes: Entity {
    /// The path parameter that names the entity.
    #[doc(hidden)]
    const ID: &'static str;
    #[doc(hidden)]
    const LIST: Route;
    #[doc(hidden)]
    const CREATE: Route;
    #[doc(hidden)]
    const GET: Route;
    #[doc(hidden)]
    const UPDATE: Route;
    #[doc(hidden)]
    const DELETE: Route;
}

impl HasNotes for ExternalContact {
    const ID: &'static str = "contactId";
    const LIST: Route = Route::get("/api/v2/externalcontacts/contacts/{contactId}/notes");
    const CREATE: Route = Route::post("/api/v2/externalcontacts/contacts/{contactId}/notes");
    const GET: Route = Route::get("/api/v2/externalcontacts/contacts/{contactId}/notes/{noteId}");
    const UPDATE: Route = Route::put("/api/v2/externalcontacts/contacts/{contactId}/notes/{noteId}");
    const DELETE: Route = Route::delete("/api/v2/externalcontacts/contacts/{contactId}/notes/{noteId}");
}

impl HasNotes for ExternalOrganization {
    const ID: &'static str = "externalOrganizationId";
    const LIST: Route = Route::get("/api/v2/externalcontacts/organizations/{externalOrganizationId}/notes");
    const CREATE: Route = Route::post("/api/v2/externalcontacts/organizations/{externalOrganizationId}/notes");
    const GET: Route = Route::get("/api/v2/externalcontacts/organizations/{externalOrganizationId}/notes/{noteId}");
    const UPDATE: Route = Route::put("/api/v2/externalcontacts/organizations/{externalOrganizationId}/notes/{noteId}");
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
