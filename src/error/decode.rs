use std::fmt;

use super::text::{OneLine, RawBody, ShortType};
use crate::meta::Meta;

/// A success whose body is not what was promised.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct DecodeError {
    /// Status, headers and correlation id of the answer.
    pub meta: Meta,
    /// Where in the body, such as `entities[3].workPhone.extension`; `.` is the body as a whole.
    pub path: String,
    /// The Rust type that was to be read.
    pub type_name: &'static str,
    /// The start of the body, at most 4 KiB.
    pub body_start: RawBody,
    pub(crate) problem: String,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, but the body is not what was promised", self.meta.status().as_u16())?;
        if self.path != "." {
            write!(f, " at {}", OneLine(&self.path))?;
        }
        write!(f, ": {} (reading {})", self.problem, ShortType(self.type_name))
    }
}
