//! Notes on contacts and organizations.

mod model;

pub use model::{Note, NoteEntityType};
