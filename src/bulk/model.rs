//! What a bulk request answers.

use serde_json::Value;

model! {
    /// The answer to a bulk request: a result for each record, in any order. `T` is what a success holds, `I` is what a
    /// failure says back of what was sent.
    pub struct BulkResponse<T, I> {
        /// The results. They do not come in the order of the records that were sent.
        results: Vec<BulkResult<T, I>> => "results",
        /// How many of the results are failures.
        error_count: i64 => "errorCount",
        /// Which of the results are failures, counted from 0. They are places in `results`, not in what was sent.
        error_indexes: Vec<i64> => "errorIndexes",
    }
}

model! {
    /// What became of one record of a bulk request.
    pub struct BulkResult<T, I> {
        /// The id of the record. In an enrichment it is the id that the caller gave.
        id: String => "id",
        /// Whether it succeeded.
        success: bool => "success",
        /// The record as the service keeps it, of a success.
        entity: T => "entity",
        /// What went wrong, of a failure.
        error: BulkError<I> => "error",
        /// The HTTP status that the record would have had alone. Older versions of the service leave it out.
        status: i64 => "status",
    }
}

model! {
    /// Why one record of a bulk request failed.
    pub struct BulkError<I> {
        /// What went wrong, for programs, such as `not.found`.
        code: String => "code",
        /// What went wrong, in words.
        message: String => "message",
        /// The HTTP status that the record would have had alone.
        status: i64 => "status",
        /// Whether the same may succeed later.
        retryable: bool => "retryable",
        /// Which fields are meant.
        details: Vec<BulkErrorDetail> => "details",
        /// What was sent.
        entity: I => "entity",
    }
}

model! {
    /// One field that the failure of a record is about.
    pub struct BulkErrorDetail {
        /// The field, by its name on the wire.
        field_name: String => "fieldName",
        /// The value that was sent.
        value: String => "value",
        /// What is wrong with it.
        message: String => "message",
    }
}

/// What a removal answers of a record: nothing, or an empty object. The description promises no more.
pub type Nothing = Value;
