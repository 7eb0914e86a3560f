//! What the sandbox remembers. Knows nothing of the other rooms.

pub(super) mod claims;
pub(super) mod state;
