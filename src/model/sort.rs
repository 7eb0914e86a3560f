//! In which order a listing comes.

use std::fmt;

/// A field and a direction, written `lastName:desc`. Made with `asc()` and `desc()` of what can be sorted by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SortOrder<F> {
    field: F,
    direction: &'static str,
}

impl<F> SortOrder<F> {
    pub(crate) fn ascending(field: F) -> Self {
        Self { field, direction: "asc" }
    }

    pub(crate) fn descending(field: F) -> Self {
        Self { field, direction: "desc" }
    }
}

impl<F: fmt::Display> fmt::Display for SortOrder<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.field, self.direction)
    }
}
