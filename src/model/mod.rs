//! The models: what the API's JSON objects and listed values are in Rust.
//!
//! Every member is an `Option`, because the API promises none of them; lists too (an empty list clears, an absent one
//! leaves alone). Members that a model does not know are kept in `extra` and written back, values that an enum does
//! not know are kept as `Other`, so that reading something, changing one field and writing it back loses nothing.

#[macro_use]
pub(crate) mod macros;
mod date;
mod listing;
mod sort;

pub(crate) use date::{Day, Timestamp};
pub use listing::Listing;
pub use sort::SortOrder;
