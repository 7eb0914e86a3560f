//! Schemas: which custom fields contacts and organizations can have.

mod model;

pub use model::{DataSchema, JsonSchemaDocument};
