use std::borrow::Cow;
use std::fmt;

/// A call, or a setting of a client, that was refused before anything was sent.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct InvalidError {
    /// The argument or setting that is wrong, by the name under which it is given.
    pub what: Cow<'static, str>,
    pub(super) problem: String,
}

impl fmt::Display for InvalidError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.what, self.problem)
    }
}
