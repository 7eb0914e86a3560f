//! The models against `facts/facts.json` (what the API's descriptions say about each member), and what every model
//! promises whatever the service sends.

#[path = "support/facts.rs"]
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::sync::LazyLock;

use genesys_external_contacts::bulk::*;
use genesys_external_contacts::contacts::*;
use genesys_external_contacts::conversations::*;
use genesys_external_contacts::enrich::*;
use genesys_external_contacts::exports::*;
use genesys_external_contacts::graphs::*;
use genesys_external_contacts::identifiers::*;
use genesys_external_contacts::imports::*;
use genesys_external_contacts::journeys::*;
use genesys_external_contacts::lookup::*;
use genesys_external_contacts::model::*;
use genesys_external_contacts::notes::*;
use genesys_external_contacts::organizations::*;
use genesys_external_contacts::patch::*;
use genesys_external_contacts::relationships::*;
use genesys_external_contacts::schemas::*;
use genesys_external_contacts::settings::*;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use time::macros::datetime;

/// The Rust type of every model, by what the API calls it.
const MODELS: &[(&str, Check)] = &[
    ("AddressableEntityRef", check::<EntityRef>),
    ("AppleOpaqueId", check::<AppleOpaqueId>),
    ("Biography", check::<Biography>),
    ("BulkContactsEnrichRequest", check::<Listing<ContactEnrichment>>),
    ("BulkContactsEnrichResponse", check::<BulkResponse<ExternalContact, ContactEnrichment>>),
    ("BulkContactsRequest", check::<Listing<ExternalContact>>),
    ("BulkContactsResponse", check::<BulkResponse<ExternalContact, ExternalContact>>),
    ("BulkDeleteResponse", check::<BulkResponse<Nothing, EntityRef>>),
    ("BulkEntityErrorContactEnrichRequest", check::<BulkError<ContactEnrichment>>),
    ("BulkEntityErrorEntity", check::<BulkError<EntityRef>>),
    ("BulkEntityErrorExternalContact", check::<BulkError<ExternalContact>>),
    ("BulkEntityErrorExternalOrganization", check::<BulkError<ExternalOrganization>>),
    ("BulkEntityErrorExternalOrganizationEnrichRequest", check::<BulkError<OrganizationEnrichment>>),
    ("BulkEntityErrorNote", check::<BulkError<Note>>),
    ("BulkEntityErrorRelationship", check::<BulkError<Relationship>>),
    ("BulkErrorDetail", check::<BulkErrorDetail>),
    ("BulkFetchContactsResponse", check::<BulkResponse<ExternalContact, EntityRef>>),
    ("BulkFetchNotesResponse", check::<BulkResponse<Note, EntityRef>>),
    ("BulkFetchOrganizationsResponse", check::<BulkResponse<ExternalOrganization, EntityRef>>),
    ("BulkFetchRelationshipsResponse", check::<BulkResponse<Relationship, EntityRef>>),
    ("BulkIdsRequest", check::<Listing<EntityRef>>),
    ("BulkNotesRequest", check::<Listing<Note>>),
    ("BulkNotesResponse", check::<BulkResponse<Note, Note>>),
    ("BulkOrganizationsEnrichRequest", check::<Listing<OrganizationEnrichment>>),
    ("BulkOrganizationsEnrichResponse", check::<BulkResponse<ExternalOrganization, OrganizationEnrichment>>),
    ("BulkOrganizationsRequest", check::<Listing<ExternalOrganization>>),
    ("BulkOrganizationsResponse", check::<BulkResponse<ExternalOrganization, ExternalOrganization>>),
    ("BulkRelationshipsRequest", check::<Listing<Relationship>>),
    ("BulkRelationshipsResponse", check::<BulkResponse<Relationship, Relationship>>),
    (
        "BulkResponseResultExternalContactContactEnrichRequestBulkEntityErrorContactEnrichRequest",
        check::<BulkResult<ExternalContact, ContactEnrichment>>,
    ),
    (
        "BulkResponseResultExternalOrganizationExternalOrganizationEnrichRequestBulkEntityErrorExternalOrganizationEnrichRequest",
        check::<BulkResult<ExternalOrganization, OrganizationEnrichment>>,
    ),
    ("BulkResponseResultExternalContactEntityBulkEntityErrorEntity", check::<BulkResult<ExternalContact, EntityRef>>),
    (
        "BulkResponseResultExternalContactExternalContactBulkEntityErrorExternalContact",
        check::<BulkResult<ExternalContact, ExternalContact>>,
    ),
    (
        "BulkResponseResultExternalOrganizationEntityBulkEntityErrorEntity",
        check::<BulkResult<ExternalOrganization, EntityRef>>,
    ),
    (
        "BulkResponseResultExternalOrganizationExternalOrganizationBulkEntityErrorExternalOrganization",
        check::<BulkResult<ExternalOrganization, ExternalOrganization>>,
    ),
    ("BulkResponseResultNoteEntityBulkEntityErrorEntity", check::<BulkResult<Note, EntityRef>>),
    ("BulkResponseResultNoteNoteBulkEntityErrorNote", check::<BulkResult<Note, Note>>),
    ("BulkResponseResultRelationshipEntityBulkEntityErrorEntity", check::<BulkResult<Relationship, EntityRef>>),
    (
        "BulkResponseResultRelationshipRelationshipBulkEntityErrorRelationship",
        check::<BulkResult<Relationship, Relationship>>,
    ),
    ("BulkResponseResultVoidEntityBulkEntityErrorEntity", check::<BulkResult<Nothing, EntityRef>>),
    ("Chat", check::<Chat>),
    ("Contact", check::<UserContact>),
    ("ContactAddress", check::<ContactAddress>),
    ("ContactAddressableEntityRef", check::<EntityRef>),
    ("ContactEnrichOptions", check::<ContactEnrichmentOptions>),
    ("ContactEnrichRequest", check::<ContactEnrichment>),
    ("ContactIdentifier", check::<Identifier>),
    ("ContactIdentifierListing", check::<Listing<Identifier>>),
    ("ContactListing", check::<Listing<ExternalContact>>),
    ("ContactSearchOperation", check::<ContactSearchOperation>),
    ("ContactSearchRequest", check::<ContactSearchRequest>),
    ("ContactSimpleSearch", check::<ContactSimpleSearch>),
    ("ContactsPatchChange", check::<PatchChange>),
    ("ConversationAssociation", check::<ConversationAssociation>),
    ("Coretype", check::<CoreType>),
    ("CoretypeListing", check::<Listing<CoreType>>),
    ("CursorContactListing", check::<Listing<ExternalContact>>),
    ("CursorExternalSourceListing", check::<Listing<ExternalSource>>),
    ("CursorNoteListing", check::<Listing<Note>>),
    ("CursorOrganizationListing", check::<Listing<ExternalOrganization>>),
    ("CursorRelationshipListing", check::<Listing<Relationship>>),
    ("Cursors", check::<Cursors>),
    ("DataSchema", check::<DataSchema>),
    ("DataSchemaListing", check::<Listing<DataSchema>>),
    ("Division", check::<Division>),
    ("DomainEntityRef", check::<DomainEntityRef>),
    ("DomainRole", check::<DomainRole>),
    ("Education", check::<Education>),
    ("EmployerInfo", check::<EmployerInfo>),
    ("Entity", check::<EntityRef>),
    ("ExternalContact", check::<ExternalContact>),
    ("ExternalContactsEntity", check::<EntityRef>),
    ("EnrichFieldRule", check::<FieldRule>),
    ("EnrichFieldRules", check::<FieldRules>),
    ("ExternalContactsPatchRequest", check::<Patch>),
    ("ExternalContactsSettings", check::<ExternalContactsSettings>),
    ("ExternalDataSource", check::<ExternalDataSource>),
    ("ExternalId", check::<ExternalId>),
    ("ExternalOrganization", check::<ExternalOrganization>),
    ("ExternalOrganizationEnrichRequest", check::<OrganizationEnrichment>),
    ("ExternalOrganizationIdentifier", check::<Identifier>),
    ("ExternalOrganizationIdentifierClaimRequest", check::<IdentifierClaim>),
    ("ExternalOrganizationIdentifierListing", check::<Listing<Identifier>>),
    ("ExternalOrganizationListing", check::<Listing<ExternalOrganization>>),
    ("ExternalOrganizationTrustorLink", check::<ExternalOrganizationTrustorLink>),
    ("ExternalSource", check::<ExternalSource>),
    ("FacebookId", check::<FacebookId>),
    ("FacebookScopedId", check::<FacebookScopedId>),
    ("Geolocation", check::<Geolocation>),
    ("Group", check::<Group>),
    ("GroupContact", check::<GroupContact>),
    ("IdentifierClaimRequest", check::<IdentifierClaim>),
    ("Image", check::<Image>),
    ("InstagramId", check::<InstagramId>),
    ("InstagramScopedId", check::<InstagramScopedId>),
    ("ItemValidationLimits", check::<ItemValidationLimits>),
    ("Items", check::<CoreTypeItems>),
    ("JsonSchemaDocument", check::<JsonSchemaDocument>),
    ("LineId", check::<LineId>),
    ("LineUserId", check::<LineUserId>),
    ("LinkConfiguration", check::<LinkConfiguration>),
    ("Location", check::<Location>),
    ("LocationAddress", check::<LocationAddress>),
    ("LocationAddressVerificationDetails", check::<LocationAddressVerificationDetails>),
    ("LocationDefinition", check::<LocationDefinition>),
    ("LocationEmergencyNumber", check::<LocationEmergencyNumber>),
    ("LocationImage", check::<Image>),
    ("MaxLength", check::<LimitRange>),
    ("MediaSummary", check::<MediaSummary>),
    ("MediaSummaryDetail", check::<MediaSummaryDetail>),
    ("MergeContactsRequest", check::<MergeContactsRequest>),
    ("MergeOperation", check::<MergeOperation>),
    ("MinLength", check::<LimitRange>),
    ("MergeRequest", check::<MergeRequest>),
    ("Note", check::<Note>),
    ("NoteListing", check::<Listing<Note>>),
    ("OAuthLastTokenIssued", check::<OAuthLastTokenIssued>),
    ("OrgUser", check::<User>),
    ("Organization", check::<Organization>),
    ("OutOfOffice", check::<OutOfOffice>),
    ("PhoneNumber", check::<PhoneNumber>),
    ("PresenceDefinition", check::<PresenceDefinition>),
    ("Relationship", check::<Relationship>),
    ("RelationshipListing", check::<Listing<Relationship>>),
    ("ResourceConditionNode", check::<ResourceConditionNode>),
    ("ResourceConditionValue", check::<ResourceConditionValue>),
    ("ResourcePermissionPolicy", check::<ResourcePermissionPolicy>),
    ("ReverseWhitepagesLookupResult", check::<ReverseWhitepagesLookupResult>),
    ("RoutingStatus", check::<RoutingStatus>),
    ("Schema", check::<CoreTypeSchema>),
    ("SchemaQuantityLimits", check::<SchemaLimits>),
    ("Team", check::<Team>),
    ("Ticker", check::<Ticker>),
    ("TrusteeAuthorization", check::<TrusteeAuthorization>),
    ("Trustor", check::<Trustor>),
    ("TwitterId", check::<TwitterId>),
    ("User", check::<User>),
    ("UserAuthorization", check::<UserAuthorization>),
    ("UserConversationSummary", check::<UserConversationSummary>),
    ("UserPresence", check::<UserPresence>),
    ("UserRoutingLanguage", check::<UserRoutingLanguage>),
    ("UserRoutingSkill", check::<UserRoutingSkill>),
    ("UserStation", check::<UserStation>),
    ("UserStations", check::<UserStations>),
    ("ValidationLimits", check::<ValidationLimits>),
    ("WhatsAppId", check::<WhatsAppId>),
    ("WorkPlanBidRanks", check::<WorkPlanBidRanks>),
    ("WritableDivision", check::<Division>),
    ("WritableStarrableDivision", check::<Division>),
    // Exports, imports, graphs, journeys.
    ("AchievedOutcome", check::<EntityRef>),
    ("AssignedSegment", check::<EntityRef>),
    ("Browser", check::<Browser>),
    ("Cluster", check::<Cluster>),
    ("ClusterList", check::<Listing<Cluster>>),
    ("ClusterScan", check::<ClusterScan>),
    ("ClusterScanList", check::<Listing<ClusterScan>>),
    ("ClusterScanStatistics", check::<ClusterScanStatistics>),
    ("ClusterStatistics", check::<ClusterStatistics>),
    ("ConnectedQueue", check::<EntityRef>),
    ("ConnectedUser", check::<EntityRef>),
    ("ContactImportField", check::<ImportField>),
    ("ContactImportJobEntityListing", check::<Listing<ImportJob>>),
    ("ContactImportJobMetadata", check::<ImportMetadata>),
    ("ContactImportJobResponse", check::<ImportJob>),
    ("ContactImportJobStatusUpdateRequest", check::<ImportJobUpdate>),
    ("ContactImportJobStatusUpdateResponse", check::<ImportJobUpdate>),
    ("ContactImportSettings", check::<ImportSettings>),
    ("ContactImportSettingsEntityListing", check::<Listing<ImportSettings>>),
    ("ContactVertex", check::<ContactVertex>),
    ("ContactsExport", check::<Export<ContactExportField>>),
    ("ContactsExportComparisonFieldFilter", check::<ExportDateFilter>),
    ("ContactsExportFieldFilter", check::<ExportFieldFilter<ContactExportField>>),
    ("ContactsExportFieldListFilter", check::<ExportFieldListFilter<ContactExportField>>),
    ("ContactsExportFilter", check::<ExportFilter<ContactExportField>>),
    ("ContactsExportListing", check::<Listing<Export<ContactExportField>>>),
    ("ContactsExportQueryConditions", check::<ExportQuery<ContactExportField>>),
    ("ConversationChannel", check::<ConversationChannel>),
    ("ConversationUserDisposition", check::<UserDisposition>),
    ("CsvJobResponse", check::<CsvJob>),
    ("CsvMappingEntry", check::<CsvMapping>),
    ("CsvSettings", check::<CsvSettings>),
    ("CsvUploadDetailsResponse", check::<CsvUploadDetails>),
    ("CsvUploadPreviewResponse", check::<CsvPreview>),
    ("CsvUploadResponse", check::<CsvUpload>),
    ("CustomEventAttribute", check::<EventAttribute>),
    ("CustomEventAttributeList", check::<EventAttributeList>),
    ("Device", check::<Device>),
    ("Graph", check::<Graph>),
    ("GraphEdge", check::<GraphEdge>),
    ("GraphSettings", check::<GraphSettings>),
    ("GraphVertices", check::<GraphVertices>),
    ("Header", check::<UploadHeader>),
    ("IdentifierVertex", check::<IdentifierVertex>),
    ("JourneyApp", check::<JourneyApp>),
    ("JourneyCampaign", check::<JourneyCampaign>),
    ("JourneyCaseAssociation", check::<CaseAssociation>),
    ("JourneyGeolocation", check::<JourneyGeolocation>),
    ("JourneyPage", check::<JourneyPage>),
    ("Listing", check::<Listing<CsvSettings>>),
    ("MergeError", check::<MergeError>),
    ("MergeInfo", check::<MergeInfo>),
    ("NetworkConnectivity", check::<NetworkConnectivity>),
    ("NotesExport", check::<Export<NoteExportField>>),
    ("NotesExportComparisonFieldFilter", check::<ExportDateFilter>),
    ("NotesExportFieldFilter", check::<ExportFieldFilter<NoteExportField>>),
    ("NotesExportFieldListFilter", check::<ExportFieldListFilter<NoteExportField>>),
    ("NotesExportFilter", check::<ExportFilter<NoteExportField>>),
    ("NotesExportListing", check::<Listing<Export<NoteExportField>>>),
    ("NotesExportQueryConditions", check::<ExportQuery<NoteExportField>>),
    ("OrganizationsExport", check::<Export<OrganizationExportField>>),
    ("OrganizationsExportComparisonFieldFilter", check::<ExportDateFilter>),
    ("OrganizationsExportFieldFilter", check::<ExportFieldFilter<OrganizationExportField>>),
    ("OrganizationsExportFieldListFilter", check::<ExportFieldListFilter<OrganizationExportField>>),
    ("OrganizationsExportFilter", check::<ExportFilter<OrganizationExportField>>),
    ("OrganizationsExportListing", check::<Listing<Export<OrganizationExportField>>>),
    ("OrganizationsExportQueryConditions", check::<ExportQuery<OrganizationExportField>>),
    ("OutcomeAchievement", check::<OutcomeAchievement>),
    ("Referrer", check::<Referrer>),
    ("RelationshipsExport", check::<Export<RelationshipExportField>>),
    ("RelationshipsExportComparisonFieldFilter", check::<ExportDateFilter>),
    ("RelationshipsExportFieldFilter", check::<ExportFieldFilter<RelationshipExportField>>),
    ("RelationshipsExportFieldListFilter", check::<ExportFieldListFilter<RelationshipExportField>>),
    ("RelationshipsExportFilter", check::<ExportFilter<RelationshipExportField>>),
    ("RelationshipsExportListing", check::<Listing<Export<RelationshipExportField>>>),
    ("RelationshipsExportQueryConditions", check::<ExportQuery<RelationshipExportField>>),
    ("SdkLibrary", check::<SdkLibrary>),
    ("SegmentAssignment", check::<SegmentAssignment>),
    ("SegmentAssignmentListing", check::<Listing<SegmentAssignment>>),
    ("SegmentAssignmentSegment", check::<EntityRef>),
    ("SegmentAssignmentSession", check::<SegmentSession>),
    ("SegmentAssignments", check::<Segments>),
    ("SegmentForAssignment", check::<EntityRef>),
    ("SegmentForUnassignment", check::<EntityRef>),
    ("SegmentUnassignments", check::<Segments>),
    ("Session", check::<Session>),
    ("SessionLastEvent", check::<SessionLastEvent>),
    ("SessionListing", check::<Listing<Session>>),
    ("SessionSegmentAssignment", check::<SessionSegmentAssignment>),
    ("StarrableDivision", check::<Division>),
    ("UnprocessedSegmentAssignments", check::<UnprocessedSegments>),
    ("UpdateSegmentAssignmentResponse", check::<SegmentUpdate>),
    ("ValidationError", check::<CsvLineError>),
    ("ValidationResult", check::<CsvValidation>),
];

/// Decodes a text as one type, and says what became of it.
type Check = fn(&str) -> Result<Decoded, serde_json::Error>;

struct Decoded {
    /// What `Debug` says: the names of the members that are set, and how many went to `extra`.
    debug: String,
    /// The value, encoded again.
    json: String,
}

fn check<T: DeserializeOwned + Serialize + Debug>(text: &str) -> Result<Decoded, serde_json::Error> {
    let model: T = serde_json::from_str(text)?;
    Ok(Decoded { debug: format!("{model:?}"), json: serde_json::to_string(&model)? })
}

type ContactExport = Export<ContactExportField>;
type ContactFieldFilter = ExportFieldFilter<ContactExportField>;
type ContactFieldListFilter = ExportFieldListFilter<ContactExportField>;
type NoteExport = Export<NoteExportField>;
type NoteFieldFilter = ExportFieldFilter<NoteExportField>;
type NoteFieldListFilter = ExportFieldListFilter<NoteExportField>;
type OrganizationExport = Export<OrganizationExportField>;
type OrganizationFieldFilter = ExportFieldFilter<OrganizationExportField>;
type OrganizationFieldListFilter = ExportFieldListFilter<OrganizationExportField>;
type RelationshipExport = Export<RelationshipExportField>;
type RelationshipFieldFilter = ExportFieldFilter<RelationshipExportField>;
type RelationshipFieldListFilter = ExportFieldListFilter<RelationshipExportField>;

/// Says which enum holds the listed values of a member, in the form `"Model" "member" = RustModel.field: Enum`.
macro_rules! listed {
    ($($model:literal $member:literal = $ty:ident . $field:ident : $values:ident,)*) => {
        const LISTED: &[(&str, &str, ReadListed)] = &[$(
            ($model, $member, |value| {
                let model: $ty = serde_json::from_value(json!({ $member: value })).expect("the model decodes");
                let read: $values = model.$field.expect("the member is set");
                assert_eq!(read, $values::from(value.to_owned()), "From<String> differs from what is decoded");
                assert_eq!(read, $values::from(value), "From<&str> differs from what is decoded");
                (read.to_string(), matches!(read, $values::Other(_)))
            }),
        )*];
    };
}

/// Reads a value through the member that it belongs to: as what it is displayed, and whether it ended as `Other`.
type ReadListed = fn(&str) -> (String, bool);

listed! {
    "Contact" "mediaType" = UserContact.media_type: AddressMediaType,
    "Contact" "type" = UserContact.kind: UserContactType,
    "ContactEnrichRequest" "action" = ContactEnrichment.action: EnrichAction,
    "ContactIdentifier" "type" = Identifier.kind: IdentifierType,
    "ContactsPatchChange" "action" = PatchChange.action: PatchAction,
    "ConversationAssociation" "mediaType" = ConversationAssociation.media_type: ConversationMediaType,
    "ExternalContact" "type" = ExternalContact.kind: ContactType,
    "ExternalDataSource" "platform" = ExternalDataSource.platform: ExternalDataSourcePlatform,
    "ExternalOrganizationEnrichRequest" "action" = OrganizationEnrichment.action: EnrichAction,
    "ExternalOrganizationIdentifier" "type" = Identifier.kind: IdentifierType,
    "ExternalOrganizationIdentifierClaimRequest" "operation" = IdentifierClaim.operation: ClaimOperation,
    "Group" "state" = Group.state: EntityState,
    "Group" "type" = Group.kind: GroupType,
    "Group" "visibility" = Group.visibility: GroupVisibility,
    "GroupContact" "mediaType" = GroupContact.media_type: AddressMediaType,
    "IdentifierClaimRequest" "operation" = IdentifierClaim.operation: ClaimOperation,
    "EnrichFieldRule" "action" = FieldRule.action: FieldAction,
    "EnrichFieldRule" "arrayAction" = FieldRule.array_action: ArrayAction,
    "EnrichFieldRules" "defaultAction" = FieldRules.default_action: FieldAction,
    "EnrichFieldRules" "defaultArrayAction" = FieldRules.default_array_action: ArrayAction,
    "GroupContact" "type" = GroupContact.kind: GroupContactType,
    "LocationAddressVerificationDetails" "status" = LocationAddressVerificationDetails.status: AddressVerificationStatus,
    "LocationDefinition" "state" = LocationDefinition.state: EntityState,
    "LocationEmergencyNumber" "type" = LocationEmergencyNumber.kind: EmergencyNumberType,
    "Note" "entityType" = Note.entity_type: NoteEntityType,
    "OrgUser" "state" = User.state: EntityState,
    "Organization" "productPlatform" = Organization.product_platform: ProductPlatform,
    "Organization" "state" = Organization.state: EntityState,
    "ResourceConditionNode" "conjunction" = ResourceConditionNode.conjunction: ConditionConjunction,
    "ResourceConditionNode" "operator" = ResourceConditionNode.operator: ConditionOperator,
    "ResourceConditionValue" "type" = ResourceConditionValue.kind: ConditionValueType,
    "RoutingStatus" "status" = RoutingStatus.status: RoutingState,
    "User" "state" = User.state: EntityState,
    "UserRoutingLanguage" "state" = UserRoutingLanguage.state: EntityState,
    "UserRoutingSkill" "state" = UserRoutingSkill.state: EntityState,
    // Exports, imports, graphs, journeys.
    "ContactImportJobResponse" "executionStep" = ImportJob.execution_step: ImportStep,
    "ContactImportJobResponse" "status" = ImportJob.status: ImportStatus,
    "ContactImportJobStatusUpdateRequest" "status" = ImportJobUpdate.action: ImportAction,
    "ContactImportJobStatusUpdateResponse" "status" = ImportJobUpdate.action: ImportAction,
    "ContactsExport" "status" = ContactExport.status: ExportStatus,
    "ContactsExportComparisonFieldFilter" "field" = ExportDateFilter.field: ExportDateField,
    "ContactsExportFieldFilter" "field" = ContactFieldFilter.field: ContactExportField,
    "ContactsExportFieldListFilter" "field" = ContactFieldListFilter.field: ContactExportField,
    "ConversationChannel" "messageType" = ConversationChannel.message_type: ChannelMessageType,
    "ConversationChannel" "type" = ConversationChannel.kind: ChannelType,
    "Device" "category" = Device.category: DeviceCategory,
    "IdentifierVertex" "normalizedType" = IdentifierVertex.kind: NormalizedIdentifierType,
    "MergeInfo" "status" = MergeInfo.status: MergeStatus,
    "NotesExport" "status" = NoteExport.status: ExportStatus,
    "NotesExportComparisonFieldFilter" "field" = ExportDateFilter.field: ExportDateField,
    "NotesExportFieldFilter" "field" = NoteFieldFilter.field: NoteExportField,
    "NotesExportFieldListFilter" "field" = NoteFieldListFilter.field: NoteExportField,
    "OrganizationsExport" "status" = OrganizationExport.status: ExportStatus,
    "OrganizationsExportComparisonFieldFilter" "field" = ExportDateFilter.field: ExportDateField,
    "OrganizationsExportFieldFilter" "field" = OrganizationFieldFilter.field: OrganizationExportField,
    "OrganizationsExportFieldListFilter" "field" = OrganizationFieldListFilter.field: OrganizationExportField,
    "Referrer" "medium" = Referrer.medium: ReferrerMedium,
    "RelationshipsExport" "status" = RelationshipExport.status: ExportStatus,
    "RelationshipsExportComparisonFieldFilter" "field" = ExportDateFilter.field: ExportDateField,
    "RelationshipsExportFieldFilter" "field" = RelationshipFieldFilter.field: RelationshipExportField,
    "RelationshipsExportFieldListFilter" "field" = RelationshipFieldListFilter.field: RelationshipExportField,
    "Session" "caseStatus" = Session.case_status: CaseStatus,
    "Session" "lastAcdOutcome" = Session.last_acd_outcome: AcdOutcome,
    "Session" "lastUserDisconnectType" = Session.last_user_disconnect_type: DisconnectType,
    "Session" "originatingDirection" = Session.originating_direction: SessionDirection,
}

// ---- The facts --------------------------------------------------------------------------------------------------

enum Kind {
    Text,
    Integer,
    Float,
    Bool,
    DateTime,
    Day,
    /// Any JSON.
    Any,
    /// One of these strings.
    Listed(Vec<String>),
    List(Box<Kind>),
    /// An object whose members are all of this kind.
    Dict(Box<Kind>),
    Model(String),
}

impl Kind {
    fn read(name: &str, listed: Vec<String>) -> Self {
        let inner = |name: &str| Box::new(Self::read(name, listed.clone()));
        match name {
            "str" if !listed.is_empty() => Self::Listed(listed),
            "str" => Self::Text,
            "int" => Self::Integer,
            "float" => Self::Float,
            "bool" => Self::Bool,
            "datetime" => Self::DateTime,
            "date" => Self::Day,
            "object" => Self::Any,
            _ => {
                if let Some(item) = name.strip_prefix("list[").and_then(|rest| rest.strip_suffix(']')) {
                    Self::List(inner(item))
                } else if let Some(member) = name.strip_prefix("dict(str, ").and_then(|rest| rest.strip_suffix(')')) {
                    Self::Dict(inner(member))
                } else {
                    Self::Model(name.to_owned())
                }
            }
        }
    }

    /// The model in it, if there is one.
    fn model(&self) -> Option<&str> {
        match self {
            Self::Model(name) => Some(name),
            Self::List(inner) | Self::Dict(inner) => inner.model(),
            _ => None,
        }
    }
}

/// The members of every model, by its name.
static FACTS: LazyLock<BTreeMap<String, BTreeMap<String, Kind>>> = LazyLock::new(|| {
    let strings = |value: &Value| serde_json::from_value(value.clone()).unwrap_or_default();
    let kind = |facts: &Value| Kind::read(facts["type"].as_str().expect("a type"), strings(&facts["enum"]));
    let members = |facts: &Value| {
        let members = facts.as_object().expect("members");
        members.iter().map(|(name, facts)| (name.clone(), kind(facts))).collect()
    };
    let models = facts()["models"].as_object().cloned().expect("models");
    models.iter().map(|(name, facts)| (name.clone(), members(facts))).collect()
});

fn facts() -> Value {
    serde_json::from_str(include_str!("facts/facts.json")).expect("the facts are JSON")
}

/// What an operation sends without a model of its own: its method takes the members as arguments.
const ARGUMENTS: &[&str] =
    &["ContactImportJobRequest", "CsvJobRequest", "CsvUploadRequest", "UpdateSegmentAssignmentRequest"];

/// The models that the operations of the crate send or receive, and those inside of them.
fn reachable() -> BTreeSet<String> {
    let facts = facts();
    let done = support::done(include_str!("facts/coverage.md"));
    let operations = facts["operations"].as_array().expect("operations").iter();
    let is_done = |operation: &&Value| done.contains(operation["id"].as_str().expect("an id"));
    let types = operations.filter(is_done).flat_map(|operation| {
        [&operation["returns"], &operation["returned_2018"], &operation["body"]["type"]].map(|name| name.as_str())
    });
    let mut found = BTreeSet::new();
    let mut open: Vec<String> = types
        .flatten()
        .filter(|name| !ARGUMENTS.contains(name))
        .filter_map(|name| Kind::read(name, vec![]).model().map(str::to_owned))
        .collect();
    while let Some(name) = open.pop() {
        let members = FACTS.get(&name).unwrap_or_else(|| panic!("{name} is not a model of the facts"));
        if found.insert(name) {
            open.extend(members.values().filter_map(Kind::model).map(str::to_owned));
        }
    }
    found
}

/// The members of a model that is reached through the models of `path`, and the path to what is in them. A model that
/// contains itself ends at the second round: of its members, only those that hold no model are left. (An `OrgUser` is a
/// `User`.)
fn members<'f>(name: &'f str, path: &[&'f str]) -> (Vec<(&'static String, &'static Kind)>, Vec<&'f str>) {
    let round = if name == "OrgUser" { "User" } else { name };
    let again = path.contains(&round);
    let members = FACTS[name].iter().filter(|(_, kind)| !again || kind.model().is_none());
    (members.collect(), path.iter().copied().chain([round]).collect())
}

// ---- Every member is known ----------------------------------------------------------------------------------------

/// A value of that kind with all members filled. `turn` varies it: among others, it picks one of listed values.
fn sample(kind: &Kind, path: &[&str], turn: usize) -> Value {
    const INTEGERS: [i64; 4] = [9_007_199_254_740_993, i64::MIN, i64::MAX, 0];
    const FLOATS: [f64; 4] = [0.1 + 0.2, -86.158_068, 5.0, 1e300];
    const DATE_TIMES: [&str; 3] = ["2026-01-02T03:04:05.678Z", "1969-12-31T23:59:59.999Z", "9999-12-31T00:00:00.000Z"];
    match kind {
        Kind::Text => json!(["Ada", "", "Zoë \"\\\n\u{1f600}"][turn % 3]),
        Kind::Integer => json!(INTEGERS[turn % INTEGERS.len()]),
        Kind::Float => json!(FLOATS[turn % FLOATS.len()]),
        Kind::Bool => json!(turn.is_multiple_of(2)),
        Kind::DateTime => json!(DATE_TIMES[turn % DATE_TIMES.len()]),
        Kind::Day => json!(["2026-01-02", "2024-02-29"][turn % 2]),
        Kind::Any => json!({"nested": [1, null, u64::MAX, {"": 0.5}]}),
        Kind::Listed(values) => json!(values[turn % values.len()]),
        Kind::List(item) => json!([sample(item, path, turn)]),
        Kind::Dict(member) => json!({"a": sample(member, path, turn), "b_text": sample(member, path, turn + 1)}),
        Kind::Model(name) => {
            let (members, path) = members(name, path);
            members.into_iter().map(|(name, kind)| (name.clone(), sample(kind, &path, turn))).collect()
        }
    }
}

/// How many samples it takes to see each listed value in a model.
fn turns(name: &str) -> usize {
    let values = |kind: &Kind| if let Kind::Listed(values) = kind { values.len() } else { 4 };
    FACTS[name].values().map(values).max().unwrap_or(4)
}

/// Values of that kind that hold one member or item each, and that one is what it can't be.
fn spoiled(kind: &Kind, path: &[&str]) -> Vec<Value> {
    let mut found = match kind {
        Kind::Any => vec![],
        Kind::Text | Kind::Listed(_) => vec![json!(7), json!({})],
        Kind::DateTime => vec![json!(7), json!("Ada"), json!("2026-01-02")],
        Kind::Day => vec![json!(7), json!("Ada"), json!("2026-01-02T03:04:05.678Z")],
        Kind::Integer => vec![json!("7"), json!(0.5)],
        Kind::Float | Kind::Bool | Kind::List(_) | Kind::Dict(_) | Kind::Model(_) => vec![json!("Ada")],
    };
    match kind {
        Kind::List(item) => found.extend(spoiled(item, path).into_iter().map(|wrong| json!([wrong]))),
        Kind::Dict(member) => found.extend(spoiled(member, path).into_iter().map(|wrong| json!({"a": wrong}))),
        Kind::Model(name) => {
            let (members, path) = members(name, path);
            for (name, kind) in members {
                found.extend(spoiled(kind, &path).into_iter().map(|wrong| json!({ name: wrong })));
            }
        }
        _ => {}
    }
    found
}

#[test]
fn every_model_of_an_operation_has_a_type() {
    let mapped: BTreeSet<String> = MODELS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(mapped.len(), MODELS.len(), "a model is mapped twice");
    assert_eq!(mapped, reachable());
}

#[test]
fn a_value_with_every_member_is_written_back_as_it_came() {
    for (name, check) in MODELS {
        let kind = Kind::Model((*name).to_owned());
        for turn in 0..turns(name) {
            let value = sample(&kind, &[], turn);
            let decoded = check(&value.to_string()).unwrap_or_else(|error| panic!("{name} does not decode: {error}"));
            assert!(!decoded.debug.contains("in extra"), "members without a field: {}", decoded.debug);
            assert_eq!(serde_json::from_str::<Value>(&decoded.json).expect("JSON"), value, "{name}");
        }
    }
}

/// Where a member has no field, or one of another type, something passes that can't be right.
#[test]
fn every_member_at_every_level_has_a_field_of_its_type() {
    for (name, check) in MODELS {
        let spoiled = spoiled(&Kind::Model((*name).to_owned()), &[]);
        assert!(spoiled.len() > FACTS[*name].len(), "{name} has no members");
        for value in spoiled {
            assert!(check(&value.to_string()).is_err(), "{name} takes {value}");
        }
    }
}

#[test]
fn listed_values_have_variants_and_others_survive() {
    let reachable = reachable();
    let mut listed: BTreeMap<_, _> = LISTED.iter().map(|(model, member, read)| ((*model, *member), read)).collect();
    for (model, members) in FACTS.iter().filter(|(model, _)| reachable.contains(*model)) {
        for (member, kind) in members {
            let Kind::Listed(values) = kind else { continue };
            let read = listed.remove(&(model.as_str(), member.as_str()));
            let read = read.unwrap_or_else(|| panic!("{model}.{member} is in no enum"));
            for value in values {
                assert_eq!(read(value), (value.clone(), false), "{model}.{member}");
            }
            for value in ["Brand-new", "", &values[0].repeat(2)] {
                assert_eq!(read(value), (value.to_owned(), true), "{model}.{member}");
            }
        }
    }
    assert_eq!(listed.keys().collect::<Vec<_>>(), [&("", ""); 0], "not listed by the facts");
}

// ---- Nothing is lost ------------------------------------------------------------------------------------------------

/// Any text that is short.
fn text() -> impl Strategy<Value = String> {
    proptest::collection::vec(any::<char>(), 0..8).prop_map(String::from_iter)
}

/// Names that members may have: any text, escapes and the names of other members among it.
fn key() -> impl Strategy<Value = String> {
    const SPECIAL: &[&str] =
        &["", "\"", "\\", "\n", "\u{0}", "a/b", "ключ", "😀", "firstName", "id", "extra", "$schema"];
    prop_oneof![text(), proptest::sample::select(SPECIAL).prop_map(str::to_owned)]
}

/// Any JSON.
fn any_json() -> impl Strategy<Value = Value> {
    use proptest::num::f64::{NEGATIVE, NORMAL, POSITIVE, SUBNORMAL, ZERO};
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        proptest::sample::select(vec![i64::MIN, -1, 0, i64::MAX]).prop_map(Value::from),
        proptest::sample::select(vec![u64::MAX, u64::MAX - 1, 1 << 53, (1 << 53) + 1]).prop_map(Value::from),
        (POSITIVE | NEGATIVE | NORMAL | SUBNORMAL | ZERO).prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map(key(), inner, 0..4).prop_map(|members| members.into_iter().collect()),
        ]
    })
}

/// Any value of that kind: members that are filled, null, absent and unknown, values of enums that are listed and not.
fn any_value(kind: &Kind, path: &[&str]) -> BoxedStrategy<Value> {
    match kind {
        Kind::Text => text().prop_map(Value::from).boxed(),
        Kind::Integer => any::<i64>().prop_map(Value::from).boxed(),
        Kind::Float => proptest::num::f64::NORMAL.prop_map(Value::from).boxed(),
        Kind::Bool => any::<bool>().prop_map(Value::from).boxed(),
        Kind::DateTime => (any_day(1900), 0..24, 0..60, 0..60, 0..1000)
            .prop_map(|(day, h, m, s, ms)| json!(format!("{day}T{h:02}:{m:02}:{s:02}.{ms:03}Z")))
            .boxed(),
        Kind::Day => any_day(0).prop_map(Value::from).boxed(),
        Kind::Any => any_json().prop_filter("null has its own case", |value| !value.is_null()).boxed(),
        Kind::Listed(values) => {
            prop_oneof![text(), proptest::sample::select(values.clone())].prop_map(Value::from).boxed()
        }
        Kind::List(item) => proptest::collection::vec(any_value(item, path), 0..3).prop_map(Value::from).boxed(),
        Kind::Dict(member) => proptest::collection::btree_map(key(), any_value(member, path), 0..3)
            .prop_map(|members| members.into_iter().collect())
            .boxed(),
        Kind::Model(name) => {
            let facts = &FACTS[name];
            let (members, path) = members(name, path);
            // Three levels are enough, as every model has its turn at the top; more of them take long to generate.
            let known: Vec<_> = members
                .into_iter()
                .filter(|(_, kind)| path.len() < 3 || kind.model().is_none())
                .map(|(name, kind)| {
                    let value = any_value(kind, &path);
                    let member = prop_oneof![4 => Just(None), 1 => Just(Some(Value::Null)), 3 => value.prop_map(Some)];
                    member.prop_map(|value| value.map(|value| (name.clone(), value)))
                })
                .collect();
            let unknown = proptest::collection::vec((key(), any_json()), 0..3);
            (known, unknown)
                .prop_map(|(known, mut unknown)| {
                    unknown.retain(|(name, _)| !facts.contains_key(name));
                    unknown.into_iter().chain(known.into_iter().flatten()).collect::<Map<_, _>>().into()
                })
                .boxed()
        }
    }
}

fn any_day(first_year: i32) -> impl Strategy<Value = String> {
    (first_year..=9999, 1..=12, 1..=28).prop_map(|(year, month, day)| format!("{year:04}-{month:02}-{day:02}"))
}

#[test]
fn whatever_comes_is_written_back_as_it_came() {
    for (name, check) in MODELS {
        let any_model = any_value(&Kind::Model((*name).to_owned()), &[]);
        let mut runner = TestRunner::new(Config { cases: 24, failure_persistence: None, ..Config::default() });
        let result = runner.run(&any_model, |value| {
            let decoded = check(&value.to_string()).map_err(|error| TestCaseError::fail(error.to_string()))?;
            prop_assert_eq!(serde_json::from_str::<Value>(&decoded.json).expect("JSON"), value);
            Ok(())
        });
        result.unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

#[test]
fn null_is_not_absent() {
    let absent: ExternalContact = serde_json::from_str("{}").expect("a contact");
    let null: ExternalContact = serde_json::from_str(r#"{"firstName":null}"#).expect("a contact");
    assert_eq!((&absent.first_name, &null.first_name), (&None, &None));
    assert_ne!(absent, null);
    assert_eq!(serde_json::to_string(&absent).expect("JSON"), "{}");
    assert_eq!(serde_json::to_string(&null).expect("JSON"), r#"{"firstName":null}"#);
}

#[test]
fn setters_set_and_clear() {
    let contact = ExternalContact::default()
        .with_first_name("Ada")
        .with_survey_opt_out(true)
        .with_external_ids([ExternalId::default().with_value("7")])
        .with_external_organization(ExternalOrganization::reference("o1"))
        .with_kind(ContactType::Curated)
        .with_create_date(datetime!(2026-01-02 03:04:05.678 UTC))
        .without_title();
    let expected = json!({
        "firstName": "Ada",
        "surveyOptOut": true,
        "externalIds": [{"value": "7"}],
        "externalOrganization": {"id": "o1"},
        "type": "Curated",
        "createDate": "2026-01-02T03:04:05.678Z",
        "title": null,
    });
    assert_eq!(serde_json::to_value(&contact).expect("JSON"), expected);

    let cleared = serde_json::to_value(contact.without_first_name().without_external_ids()).expect("JSON");
    assert_eq!((&cleared["firstName"], &cleared["externalIds"]), (&Value::Null, &Value::Null));
    assert!(cleared.as_object().is_some_and(|members| members.contains_key("firstName")));
}

#[test]
fn a_field_wins_over_its_namesake_in_extra() {
    let mut contact = ExternalContact::default().without_first_name().with_first_name("Ada");
    contact.extra.insert("lastName".to_owned(), json!("Byron"));
    contact.last_name = Some("Lovelace".to_owned());
    contact.extra.insert("nickname".to_owned(), json!("A."));
    let text = serde_json::to_string(&contact).expect("JSON");
    assert_eq!(text, r#"{"firstName":"Ada","lastName":"Lovelace","nickname":"A."}"#);
}

// ---- Depth ------------------------------------------------------------------------------------------------------------

/// Runs it in a thread with the stack that Rust gives to threads unless told otherwise.
fn on_a_small_stack(run: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(run).expect("a thread");
    thread.join().expect("the thread ends well");
}

fn nested(open: &str, close: &str, levels: usize) -> String {
    open.repeat(levels) + "{}" + &close.repeat(levels)
}

#[test]
fn deep_nesting_is_read_and_too_deep_nesting_is_an_error() {
    on_a_small_stack(|| {
        // One level of terms is two of JSON, of which the parser takes 127.
        for (levels, open, close, check) in [
            (100, r#"{"manager":"#, "}", check::<User> as Check),
            (100, r#"{"jsonSchema":"#, "}", check::<DataSchema>),
            (50, r#"{"outOfOffice":{"user":"#, "}}", check::<User>),
            (30, r#"{"station":{"defaultStation":{"defaultUser":"#, "}}}", check::<User>),
            (30, r#"{"groups":[{"owners":["#, "]}]}", check::<User>),
            (50, r#"{"terms":["#, "]}", check::<ResourceConditionNode>),
        ] {
            let text = nested(open, close, levels);
            assert_eq!(check(&text).expect("it decodes").json, text);
            assert!(check(&nested(open, close, 200)).is_err(), "{open} 200 times");
        }
        let trustor = r#"{"trustor":{"createdBy":"#.to_owned() + &nested(r#"{"manager":"#, "}", 98) + "}}";
        assert_eq!(check::<ExternalOrganization>(&trustor).expect("it decodes").json, trustor);
    });
}

#[test]
fn deep_models_can_be_built_compared_cloned_and_dropped() {
    on_a_small_stack(|| {
        let user = (0..100).fold(User::default(), |user, _| User::default().with_manager(user));
        assert!(user.clone() == user);
        assert_eq!(serde_json::to_string(&user).expect("JSON"), nested(r#"{"manager":"#, "}", 100));
    });
}

// ---- Date-times and days --------------------------------------------------------------------------------------------

fn date_time(text: &str) -> Result<ExternalContact, serde_json::Error> {
    serde_json::from_value(json!({ "createDate": text }))
}

#[test]
fn date_times_are_read_with_any_offset_and_written_in_utc() {
    for (read, expected, written) in [
        ("2026-01-02T03:04:05.678Z", datetime!(2026-01-02 03:04:05.678 UTC), "2026-01-02T03:04:05.678Z"),
        ("2026-01-02T03:04:05Z", datetime!(2026-01-02 03:04:05 UTC), "2026-01-02T03:04:05.000Z"),
        ("2026-01-02T03:04:05.678+02:00", datetime!(2026-01-02 01:04:05.678 UTC), "2026-01-02T01:04:05.678Z"),
        ("2026-01-02T03:04:05.678+0000", datetime!(2026-01-02 03:04:05.678 UTC), "2026-01-02T03:04:05.678Z"),
        ("2026-01-01T23:30:00.000-0530", datetime!(2026-01-02 05:00 UTC), "2026-01-02T05:00:00.000Z"),
        ("2026-01-02T03:04:05.678901Z", datetime!(2026-01-02 03:04:05.678901 UTC), "2026-01-02T03:04:05.678901000Z"),
    ] {
        let contact = date_time(read).unwrap_or_else(|error| panic!("{read}: {error}"));
        assert_eq!(contact.create_date, Some(expected), "{read}");
        let value = serde_json::to_value(&contact).expect("JSON");
        assert_eq!(value["createDate"], written);
        assert_eq!(date_time(written).expect("it decodes"), contact, "{written}");
    }
}

#[test]
fn what_is_no_date_is_an_error_that_does_not_repeat_it() {
    for text in [
        "0000-01-01T00:00:00.000Z",
        "0001-01-01T00:00:00.000Z",
        "0001-01-01T00:00:00Z",
        "2026-02-30T00:00:00.000Z",
        "2026-01-02T25:00:00.000Z",
        "2026-03-04T03:04:05.678",
        "2026-03-04",
        "last Tuesday",
        "",
    ] {
        let error = date_time(text).expect_err(text).to_string();
        assert!(error.contains("date-time"), "{error}");
        assert!(text.is_empty() || !error.contains(text), "{error}");
    }
    for text in ["2026-02-30", "2026-1-2", "20260304", "2026-03-04T00:00:00Z", "last Tuesday"] {
        let error = serde_json::from_value::<Education>(json!({ "dateStart": text })).expect_err(text).to_string();
        assert!(error.contains("expected a day") && !error.contains(text), "{error}");
    }
}

#[test]
fn a_date_time_that_the_service_could_not_read_is_not_written() {
    for date in [datetime!(-0001-06-01 00:00 UTC), datetime!(9999-12-31 23:00 -02:00)] {
        assert!(serde_json::to_string(&ExternalContact::default().with_create_date(date)).is_err(), "{date}");
    }
}

// ---- What models do for people --------------------------------------------------------------------------------------

#[test]
fn a_contact_is_displayed_by_the_best_name_there_is() {
    let mut contact = json!({
        "id": "c1",
        "firstName": " Ada ", "middleName": "\t", "lastName": "Lovelace",
        "workEmail": "work@example.com", "personalEmail": "personal@example.com", "otherEmail": "other@example.com",
        "workPhone": {"display": "+1 1", "e164": "+11"}, "cellPhone": {"e164": "+12"},
        "homePhone": {"display": " ", "e164": "+13"}, "otherPhone": {"display": "+1 4"},
        "externalOrganization": {"name": "Analytical Engines"},
    });
    for (expected, gone) in [
        ("Ada Lovelace", &["firstName"][..]),
        ("Lovelace", &["lastName"]),
        ("work@example.com", &["workEmail"]),
        ("personal@example.com", &["personalEmail"]),
        ("other@example.com", &["otherEmail"]),
        ("+1 1", &["workPhone"]),
        ("+12", &["cellPhone"]),
        ("+13", &["homePhone"]),
        ("+1 4", &["otherPhone"]),
        ("Analytical Engines", &["externalOrganization"]),
        ("c1", &["id"]),
        ("", &[]),
    ] {
        let model: ExternalContact = serde_json::from_value(contact.clone()).expect("a contact");
        assert_eq!(model.display_name(), expected);
        for member in gone {
            contact.as_object_mut().expect("an object").remove(*member);
        }
    }
    let full = ExternalContact::default().with_first_name("Ada").with_middle_name("King").with_last_name("Lovelace");
    assert_eq!(full.display_name(), "Ada King Lovelace");
}

#[test]
fn debug_shows_no_personal_data() {
    let contact =
        ExternalContact::default().with_first_name("Ada").with_work_phone(PhoneNumber::new("+1 317 555 0100"));
    let shown = format!("{contact:?} {contact:#?}");
    assert!(shown.contains("firstName") && shown.contains("workPhone"), "{shown}");
    assert!(!shown.contains("Ada") && !shown.contains("317"), "{shown}");
}
