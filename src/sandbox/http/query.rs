//! The query of a request.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::sandbox::http::failure::Failure;

/// What can stand in a query as it is.
const AS_IT_IS: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b':').remove(b',').remove(b'*');

/// The query of a request: names and values, decoded, in their order. Names that nobody asks for are ignored.
#[derive(Clone, Debug, Default)]
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    /// A plus sign is a space here, as in forms; what is not UTF-8 becomes replacement characters.
    pub(crate) fn parse(text: &str) -> Self {
        let decode = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
        let pairs = text.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        });
        Self(pairs.collect())
    }

    pub(crate) fn push(&mut self, name: &str, value: &str) {
        self.0.push((name.to_owned(), value.to_owned()));
    }

    /// The query as it is sent.
    pub(crate) fn text(&self) -> String {
        let encode = |text| utf8_percent_encode(text, AS_IT_IS);
        let pairs: Vec<_> = self.0.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
        pairs.join("&")
    }

    /// The query without these names.
    pub(crate) fn without(&self, names: &[&str]) -> Self {
        Self(self.0.iter().filter(|(name, _)| !names.contains(&name.as_str())).cloned().collect())
    }

    pub(crate) fn pairs(&self) -> &[(String, String)] {
        &self.0
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// The values of a list: of repeated names, and of values that join several with commas, as the official SDKs do.
    pub(crate) fn list(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0
            .iter()
            .filter(move |(n, _)| n == name)
            .flat_map(|(_, value)| value.split(','))
            .map(str::trim)
            .filter(|value| !value.is_empty())
    }

    pub(crate) fn at_most(&self, name: &'static str, max: usize) -> Result<Vec<&str>, Failure> {
        let values: Vec<_> = self.list(name).collect();
        if values.len() > max {
            let count = format!("{} values", values.len());
            return Err(Failure::invalid_query(name, &count, &format!("at most {max} values")));
        }
        Ok(values)
    }

    /// The values of `expand`, which must be of those that the operation knows.
    pub(crate) fn expand(&self, known: &[&'static str]) -> Result<Vec<&'static str>, Failure> {
        self.list("expand")
            .map(|value| {
                known
                    .iter()
                    .find(|name| **name == value)
                    .copied()
                    .ok_or_else(|| Failure::invalid_query("expand", value, &known.join(", ")))
            })
            .collect()
    }

    pub(crate) fn bool(&self, name: &'static str) -> Result<bool, Failure> {
        match self.get(name) {
            None | Some("" | "false") => Ok(false),
            Some("true") => Ok(true),
            Some(other) => Err(Failure::invalid_query(name, other, "true, false")),
        }
    }

    /// The query again with other values of these names, which come first.
    pub(crate) fn with(&self, values: &[(&str, &dyn ToString)]) -> String {
        let mut query = Self::default();
        for (name, value) in values {
            query.push(name, &value.to_string());
        }
        for (name, value) in self.0.iter().filter(|(name, _)| values.iter().all(|(other, _)| other != name)) {
            query.push(name, value);
        }
        query.text()
    }
}
