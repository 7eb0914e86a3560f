use std::fmt::{self, Write as _};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use crate::error::Error;
use crate::route::Route;

/// Everything but what RFC 3986 calls unreserved: no value can end a path segment or a query value.
pub(crate) const VALUE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What an [`Operation`](super::Operation) writes: path parameters, query and body. All three may be personal data, so
/// `Debug` prints none.
pub struct RequestParts {
    pub(crate) url: String,
    has_query: bool,
    pub(crate) body: Option<Vec<u8>>,
    pub(crate) carries_cursor: bool,
}

impl RequestParts {
    pub(crate) fn new(base: &str, route: &Route) -> Self {
        let mut url = String::with_capacity(base.len() + route.path().len() + 64);
        url.push_str(base);
        url.push_str(route.path());
        Self { url, has_query: false, body: None, carries_cursor: false }
    }

    /// Fills in the path parameter `{name}`. Whatever the value holds, it stays one segment of the path.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) for a value that is empty, `.` or `..`, which would name another
    /// path, and for a name that the route doesn't have. The error calls `contactId` `contact_id`, as arguments are called.
    pub fn path_param(&mut self, name: &'static str, value: &str) -> Result<(), Error> {
        if matches!(value, "" | "." | "..") {
            let problem = if value.is_empty() { "is empty" } else { "is a dot segment, which would name another path" };
            return Err(Error::invalid(argument(name), problem));
        }
        let place = self
            .url
            .match_indices('{')
            .map(|(start, _)| start)
            .find(|start| self.url[start + 1..].strip_prefix(name).is_some_and(|rest| rest.starts_with('}')));
        let Some(start) = place else {
            return Err(Error::invalid(name, "is not a parameter of the route"));
        };
        let encoded = utf8_percent_encode(value, VALUE).to_string();
        self.url.replace_range(start..start + name.len() + 2, &encoded);
        Ok(())
    }

    /// Adds `name=value` to the query.
    pub fn query(&mut self, name: &str, value: impl fmt::Display) {
        self.url.push(if self.has_query { '&' } else { '?' });
        self.has_query = true;
        // Writing to a String doesn't fail.
        let _ = write!(self.url, "{}=", utf8_percent_encode(name, VALUE));
        let _ = write!(Encoding(&mut self.url), "{value}");
    }

    /// Adds `name=value` to the query if there is a value. An empty text, a zero and a `false` are values.
    pub fn query_opt(&mut self, name: &str, value: Option<impl fmt::Display>) {
        if let Some(value) = value {
            self.query(name, value);
        }
    }

    /// Adds `name=value` for each value. No value, no parameter.
    pub fn query_list(&mut self, name: &str, values: impl IntoIterator<Item = impl fmt::Display>) {
        for value in values {
            self.query(name, value);
        }
    }

    /// Sets the body, as JSON.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) for a value that JSON, or the API, can't express (a date-time of the
    /// year 10000).
    pub fn json(&mut self, body: &impl Serialize) -> Result<(), Error> {
        let body = serde_json::to_vec(body).map_err(|error| Error::invalid("body", error.to_string()))?;
        self.body = Some(body);
        Ok(())
    }
}

impl fmt::Debug for RequestParts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestParts").finish_non_exhaustive()
    }
}

/// What the caller calls a parameter: `contact_id` for `contactId`, `organization_id` for `externalOrganizationId`.
fn argument(wire_name: &str) -> String {
    let mut argument = String::new();
    for c in wire_name.chars() {
        if c.is_ascii_uppercase() {
            argument.push('_');
        }
        argument.push(c.to_ascii_lowercase());
    }
    argument.strip_prefix("external_").map(str::to_owned).unwrap_or(argument)
}

/// Percent-encodes what is written through it.
struct Encoding<'a>(&'a mut String);

impl fmt::Write for Encoding<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.extend(utf8_percent_encode(text, VALUE));
        Ok(())
    }
}
