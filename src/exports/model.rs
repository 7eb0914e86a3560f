use std::ops::Not;

use time::OffsetDateTime;

use crate::model::{DomainEntityRef, Timestamp};

model! {
    /// An export: what it is to hold, and how far it is. `F` is what it can be filtered by.
    ///
    /// Whoever starts one says which divisions and under which conditions; the service sets everything else.
    pub struct Export<F> {
        /// The export's id. Set by the service.
        id: String => "id",
        /// The divisions whose records are exported; all that the token reaches unless set.
        division_ids: Vec<String> => "divisionIds",
        /// Who started it. Set by the service.
        created_by: DomainEntityRef => "createdBy",
        /// When it was started. Set by the service.
        date_created: OffsetDateTime as Timestamp => "dateCreated",
        /// When it ended. Set by the service; exports that ended before 2026 may not have it.
        date_completion: OffsetDateTime as Timestamp => "dateCompletion",
        /// How far it is. Set by the service.
        status: ExportStatus => "status",
        /// Where the file is, once there is one. Set by the service. Treat it as a secret: whoever has it may need nothing
        /// else to read the file.
        download_url: String => "downloadUrl",
        /// How many records the file holds. Set by the service.
        result_row_count: i64 => "resultRowCount",
        /// Which records are exported, and how many.
        query_conditions: ExportQuery<F> => "queryConditions",
        /// The path of the export. Set by the service.
        self_uri: String => "selfUri",
    }
}

impl<F> Export<F> {
    /// What is known of an export that failed.
    pub(crate) fn failure(&self) -> String {
        let date = |date: Option<OffsetDateTime>| {
            date.and_then(|date| Timestamp::from(date).written()).unwrap_or_else(|| "at an unknown time".to_owned())
        };
        let (began, ended) = (date(self.date_created), date(self.date_completion));
        format!("the service gives no reason; it was started {began} and ended {ended}")
    }

    /// Exports only the records that the filter lets through.
    ///
    /// ```
    /// use genesys_external_contacts::exports::{ContactExportField, Export, ExportFilter};
    ///
    /// let of_one_division = ExportFilter::equals(ContactExportField::DivisionId, "3d5f2c1e-0000-4000-8000-000000000001");
    /// let export = Export::default().filter(of_one_division);
    /// assert!(export.query_conditions.is_some());
    /// ```
    #[must_use]
    pub fn filter(mut self, filter: ExportFilter<F>) -> Self {
        self.query_conditions.get_or_insert_default().filters = Some(filter);
        self
    }

    /// Exports at most so many records: the service takes 180,000,000 unless told otherwise.
    #[must_use]
    pub fn limit(mut self, records: u32) -> Self {
        self.query_conditions.get_or_insert_default().limit = Some(records.into());
        self
    }
}

model! {
    /// How far an export is.
    pub enum ExportStatus {
        /// The service is at it.
        Running => "RUNNING",
        /// The file is there.
        Succeeded => "SUCCEEDED",
        /// There will be no file. The service doesn't say why.
        Failed => "FAILED",
    }
}

model! {
    /// Which records are exported, and how many.
    pub struct ExportQuery<F> {
        /// What a record must be like; all are exported where nothing is said.
        filters: ExportFilter<F> => "filters",
        /// The most records that are exported: 180,000,000 unless set.
        limit: i64 => "limit",
    }
}

model! {
    /// What a record must be like to be exported. One of the members is set; the constructors and `!` see to that.
    ///
    /// ```
    /// use genesys_external_contacts::exports::{ContactExportField, ExportDateField, ExportFilter};
    /// use time::macros::datetime;
    ///
    /// // What changed since new year, but for what came from one organization.
    /// let filter = ExportFilter::all([
    ///     ExportFilter::at_least(ExportDateField::ModifyDate, datetime!(2026-01-01 00:00 UTC)),
    ///     !ExportFilter::equals(ContactExportField::ExternalOrganizationId, "3d5f2c1e-0000-4000-8000-000000000001"),
    /// ]);
    /// assert_eq!(filter.all_of.map(|filters| filters.len()), Some(2));
    /// ```
    pub struct ExportFilter<F> {
        /// A field has this value.
        equals: ExportFieldFilter<F> => "eq",
        /// A field has one of these values.
        one_of: ExportFieldListFilter<F> => "in",
        /// A date is this one or earlier.
        at_most: ExportDateFilter => "lte",
        /// A date is this one or later.
        at_least: ExportDateFilter => "gte",
        /// All of these are true.
        all_of: Vec<ExportFilter<F>> => "and",
        /// At least one of these is true.
        any_of: Vec<ExportFilter<F>> => "or",
        /// This is not true.
        not: Box<ExportFilter<F>> => "not",
    }
}

impl<F> ExportFilter<F> {
    /// Records whose field has this value.
    pub fn equals(field: F, value: impl Into<String>) -> Self {
        Self { equals: Some(ExportFieldFilter::default().with_field(field).with_value(value)), ..Self::default() }
    }

    /// Records whose field has one of these values.
    pub fn one_of(field: F, values: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let values: Vec<String> = values.into_iter().map(Into::into).collect();
        Self { one_of: Some(ExportFieldListFilter::default().with_field(field).with_values(values)), ..Self::default() }
    }

    /// Records that were created or changed at this time or later.
    pub fn at_least(field: ExportDateField, date: OffsetDateTime) -> Self {
        Self { at_least: Some(ExportDateFilter::new(field, date)), ..Self::default() }
    }

    /// Records that were created or changed at this time or earlier.
    pub fn at_most(field: ExportDateField, date: OffsetDateTime) -> Self {
        Self { at_most: Some(ExportDateFilter::new(field, date)), ..Self::default() }
    }

    /// Records that all of these filters let through.
    pub fn all(filters: impl IntoIterator<Item = Self>) -> Self {
        Self { all_of: Some(filters.into_iter().collect()), ..Self::default() }
    }

    /// Records that at least one of these filters lets through.
    pub fn any(filters: impl IntoIterator<Item = Self>) -> Self {
        Self { any_of: Some(filters.into_iter().collect()), ..Self::default() }
    }
}

/// Records that the filter doesn't let through.
impl<F> Not for ExportFilter<F> {
    type Output = Self;

    fn not(self) -> Self {
        Self { not: Some(Box::new(self)), ..Self::default() }
    }
}

model! {
    /// A field and the value that it must have.
    pub struct ExportFieldFilter<F> {
        /// The field.
        field: F => "field",
        /// The value.
        value: String => "value",
    }
}

model! {
    /// A field and the values of which it must have one.
    pub struct ExportFieldListFilter<F> {
        /// The field.
        field: F => "field",
        /// The values.
        values: Vec<String> => "values",
    }
}

model! {
    /// A date of a record, and the date that it is compared with.
    pub struct ExportDateFilter {
        /// Which date of the record.
        field: ExportDateField => "field",
        /// The date that it is compared with, as text: `2026-01-02T03:04:05.678Z`.
        value: String => "value",
    }
}

impl ExportDateFilter {
    fn new(field: ExportDateField, date: OffsetDateTime) -> Self {
        // A year that the API can't write lies before or after everything that it keeps.
        let (first, last) = ("0000-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z");
        let closest = if date.year() <= 0 { first } else { last };
        let written = Timestamp::from(date).written();
        Self::default().with_field(field).with_value(written.unwrap_or_else(|| closest.to_owned()))
    }
}

model! {
    /// The dates that an export can be filtered by.
    pub enum ExportDateField {
        /// When the record was created.
        CreateDate => "CreateDate",
        /// When the record was last changed.
        ModifyDate => "ModifyDate",
    }
}

model! {
    /// What contacts can be filtered by.
    pub enum ContactExportField {
        /// The id of the division.
        DivisionId => "DivisionId",
        /// The type of the contact, such as `Curated`.
        ContactClassification => "ContactClassification",
        /// The id of the organization that the contact belongs to.
        ExternalOrganizationId => "ExternalOrganizationId",
        /// The id of an external source in which the contact has an id.
        ExternalSourceId => "ExternalSourceId",
        /// The id of the schema of its custom fields.
        SchemaId => "SchemaId",
        /// The version of that schema.
        SchemaVersion => "SchemaVersion",
    }
}

model! {
    /// What notes can be filtered by.
    pub enum NoteExportField {
        /// The id of the division.
        DivisionId => "DivisionId",
        /// What the note is on: `contact` or `organization`.
        EntityType => "EntityType",
    }
}

model! {
    /// What organizations can be filtered by.
    pub enum OrganizationExportField {
        /// The id of the division.
        DivisionId => "DivisionId",
        /// The id of the schema of its custom fields.
        SchemaId => "SchemaId",
        /// The version of that schema.
        SchemaVersion => "SchemaVersion",
    }
}

model! {
    /// What relationships can be filtered by.
    pub enum RelationshipExportField {
        /// The id of the division.
        DivisionId => "DivisionId",
        /// The id of the user.
        UserId => "UserId",
    }
}
