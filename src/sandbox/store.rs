//! What the sandbox remembers. Knows none of the other rooms.

pub(super) mod claims;
pub(super) mod clock;
pub(super) mod document;
pub(super) mod files;
pub(super) mod index;
pub(super) mod notes;
pub(super) mod sample;
pub(super) mod schemas;
pub(super) mod settings;
pub(super) mod state;
pub(super) mod table;
pub(super) mod tokens;
pub(super) mod work;
