//! Conversations: which contact a conversation is with.

mod model;

pub use model::{ConversationAssociation, ConversationMediaType};
