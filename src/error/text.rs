//! Text from outside, in messages.

use std::fmt;

/// The start of a body. It may hold personal data, so `Debug` prints only its length.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct RawBody(Vec<u8>);

impl RawBody {
    const MOST: usize = 4096;

    pub(crate) fn start_of(body: &[u8]) -> Self {
        Self(body[..body.len().min(Self::MOST)].to_vec())
    }

    /// The bytes as they came.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The bytes as text; what isn't UTF-8 is replaced.
    pub fn to_text(&self) -> String {
        String::from_utf8_lossy(&self.0).into_owned()
    }
}

impl fmt::Debug for RawBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

/// Text from outside on one line of bounded length.
pub(crate) struct OneLine<'a>(pub(crate) &'a str);

impl fmt::Display for OneLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MOST: usize = 1000;
        for c in self.0.chars().take(MOST) {
            fmt::Write::write_char(f, if c.is_control() { ' ' } else { c })?;
        }
        if self.0.chars().nth(MOST).is_some() { f.write_str("…") } else { Ok(()) }
    }
}

/// `Listing<ExternalContact>` instead of the same with the paths of both.
pub(super) struct ShortType(pub(super) &'static str);

impl fmt::Display for ShortType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in self.0.split_inclusive(['<', '>', ',', ' ']) {
            f.write_str(part.rsplit("::").next().unwrap_or(part))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::ErrorBody;
    use super::*;

    #[test]
    fn text_from_outside_stays_on_one_line_of_bounded_length() {
        assert_eq!(OneLine("a\r\nb\u{1b}[31m").to_string(), "a  b [31m");
        let long = OneLine(&"é".repeat(2000)).to_string();
        assert_eq!((long.chars().count(), long.chars().last()), (1001, Some('…')));
    }

    #[test]
    fn types_are_named_without_their_paths() {
        let name = ShortType(std::any::type_name::<Vec<Option<ErrorBody>>>()).to_string();
        assert_eq!(name, "Vec<Option<ErrorBody>>");
    }
}
