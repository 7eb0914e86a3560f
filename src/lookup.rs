//! Reverse lookup: who is behind a phone number, an e-mail address or a Twitter handle.

mod model;

pub use model::ReverseWhitepagesLookupResult;
