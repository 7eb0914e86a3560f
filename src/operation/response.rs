use std::any::TypeId;
use std::fmt;

use serde::de::DeserializeOwned;
use serde::de::value::{Error as ValueError, UnitDeserializer};

use crate::error::{DecodeError, Error, RawBody};
use crate::meta::Meta;

/// The answer to a request that the service took (any 2xx).
pub struct Response {
    meta: Meta,
    body: Vec<u8>,
}

impl Response {
    pub(crate) fn new(meta: Meta, body: Vec<u8>) -> Self {
        Self { meta, body }
    }

    pub(crate) fn into_meta(self) -> Meta {
        self.meta
    }

    /// Nothing where `T` is `()`, and the body as JSON everywhere else.
    ///
    /// # Errors
    ///
    /// As [`nothing`](Self::nothing) and [`json`](Self::json).
    pub fn read<T: DeserializeOwned + 'static>(&self) -> Result<T, Error> {
        if TypeId::of::<T>() == TypeId::of::<()>() {
            self.nothing()?;
            // A unit is what JSON's null is.
            return serde::Deserialize::deserialize(UnitDeserializer::new())
                .map_err(|error: ValueError| self.decode_error::<T>(0, error.to_string()));
        }
        self.json()
    }

    /// Status and headers.
    pub fn meta(&self) -> &Meta {
        &self.meta
    }

    /// The body as it came.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The body as a value.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode) when the body is empty, is not JSON, or is not a `T`.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        // Checking the whole body once is faster than having each string in it checked. And only one reader of JSON is
        // compiled for each type: with a second one, a program is a fifth larger.
        let text = std::str::from_utf8(&self.body).map_err(|error| {
            let at = error.valid_up_to();
            self.decode_error::<T>(at, format!("it is not UTF-8, byte {at}"))
        })?;
        serde_json::from_str(text).map_err(|error| {
            let at = offset(&self.body, &error);
            self.decode_error::<T>(at, if self.is_blank() { "it is empty".to_owned() } else { problem(&error) })
        })
    }

    /// Nothing: the body, if there is one, is of no interest. Deletions answer with `{}`, with nothing, or with 204.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode) when there is a body that is not JSON, because then it was not the API that answered.
    pub fn nothing(&self) -> Result<(), Error> {
        if self.is_blank() {
            return Ok(());
        }
        self.json::<serde::de::IgnoredAny>().map(|_| ())
    }

    fn is_blank(&self) -> bool {
        self.body.iter().all(u8::is_ascii_whitespace)
    }

    fn decode_error<T>(&self, at: usize, problem: String) -> Error {
        decode_error(&self.meta, &self.body, at, std::any::type_name::<T>(), problem)
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response").field("meta", &self.meta).field("body", &RawBody::start_of(&self.body)).finish()
    }
}

/// Not generic, so that it is compiled once.
fn decode_error(meta: &Meta, body: &[u8], at: usize, type_name: &'static str, problem: String) -> Error {
    DecodeError { meta: meta.clone(), path: path_at(body, at), type_name, body_start: RawBody::start_of(body), problem }
        .into()
}

/// Where and why serde_json could not read a text of one line, without the value that it found.
pub(crate) fn fault_of_text(text: &str, error: &serde_json::Error) -> String {
    let problem = problem(error);
    let problem = problem.rsplit_once(", line ").map_or(&*problem, |(problem, _)| problem);
    match &*path_at(text.as_bytes(), offset(text.as_bytes(), error)) {
        "." => problem.to_owned(),
        path => format!("{path:?}: {problem}"),
    }
}

/// Where in the body serde_json stopped: it tells lines and columns, both counted from 1.
fn offset(body: &[u8], error: &serde_json::Error) -> usize {
    let mut lines = body.split_inclusive(|byte| *byte == b'\n');
    let before: usize = lines.by_ref().take(error.line().saturating_sub(1)).map(<[u8]>::len).sum();
    before.saturating_add(error.column()).min(body.len())
}

/// The place in a JSON text that is reached after so many bytes, such as `entities[3].createDate`; `.` is the whole.
///
/// The text was read up to there, so it is JSON up to there.
fn path_at(body: &[u8], at: usize) -> String {
    enum Step {
        Member { name: String, is_read: bool },
        Element(usize),
    }
    let mut steps = Vec::new();
    let mut rest = &body[..at.min(body.len())];
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        match (byte, steps.last_mut()) {
            (b'{', _) => steps.push(Step::Member { name: String::new(), is_read: false }),
            (b'[', _) => steps.push(Step::Element(0)),
            (b'}' | b']', _) => drop(steps.pop()),
            (b',', Some(Step::Element(index))) => *index += 1,
            (b',', Some(Step::Member { is_read, .. })) => *is_read = false,
            (b'"', last) => {
                let end = end_of_string(rest);
                if let Some(Step::Member { name, is_read: is_read @ false }) = last {
                    // A name with escapes is shown with them: it is there to be found in the body.
                    *name = String::from_utf8_lossy(&rest[..end]).into_owned();
                    *is_read = true;
                }
                rest = rest.get(end + 1..).unwrap_or_default();
            }
            _ => {}
        }
    }
    let mut path = String::new();
    for step in steps {
        match step {
            Step::Element(index) => path += &format!("[{index}]"),
            Step::Member { is_read: false, .. } => {}
            Step::Member { name, .. } if path.is_empty() => path = name,
            Step::Member { name, .. } => path += &format!(".{name}"),
        }
    }
    if path.is_empty() { ".".to_owned() } else { path }
}

/// How long a string is whose first quote was read.
fn end_of_string(text: &[u8]) -> usize {
    let mut escaped = false;
    let end = text.iter().position(|byte| {
        let is_end = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        is_end
    });
    end.unwrap_or(text.len())
}

/// What serde_json found, without the value that it found, which may be personal data.
fn problem(error: &serde_json::Error) -> String {
    let place = format!("line {} column {}", error.line(), error.column());
    let text = error.to_string();
    match error.classify() {
        serde_json::error::Category::Data => {
            let what = text.rsplit_once(" at line ").map_or(text.as_str(), |(what, _)| what);
            // "invalid type: string \"…\", expected i64", or words of our own, which repeat no value.
            match (
                what.strip_prefix("invalid type: ").or(what.strip_prefix("invalid value: ")),
                what.rsplit_once(", expected "),
            ) {
                (Some(found), Some((_, expected))) => {
                    let found = found.split([' ', '`', '"', ',']).next().unwrap_or_default();
                    format!("found {found}, expected {expected}, {place}")
                }
                (None, _) if what.starts_with("expected ") => format!("{what}, {place}"),
                // The name is that of the Rust type's field.
                (None, _) if what.starts_with("missing field ") => format!("{what}, {place}"),
                _ => format!("a value does not fit, {place}"),
            }
        }
        serde_json::error::Category::Eof => format!("it ends too early, {place}"),
        _ => format!("it is not JSON, {place}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_a_text_has_a_path() {
        let text = r#"{"a":[1,{"b\"{":[],"c":{"d":true}},"[,\\"],"e":{}}"#;
        let places = [
            ("", "."),
            ("{", "."),
            (r#"{"a"#, "a"),
            (r#"{"a":["#, "a[0]"),
            (r#"{"a":[1"#, "a[0]"),
            (r#"{"a":[1,"#, "a[1]"),
            (r#"{"a":[1,{"b\"{""#, r#"a[1].b\"{"#),
            (r#"{"a":[1,{"b\"{":["#, r#"a[1].b\"{[0]"#),
            (r#"{"a":[1,{"b\"{":[],"#, "a[1]"),
            (r#"{"a":[1,{"b\"{":[],"c":{"d":tr"#, "a[1].c.d"),
            (r#"{"a":[1,{"b\"{":[],"c":{"d":true}},"[,\\"#, "a[2]"),
            (r#"{"a":[1,{"b\"{":[],"c":{"d":true}},"[,\\"],"e":"#, "e"),
        ];
        for (read, path) in places {
            assert!(text.starts_with(read), "{read}");
            assert_eq!(path_at(text.as_bytes(), read.len()), path, "{read}");
        }
        assert_eq!(path_at(text.as_bytes(), usize::MAX), ".");
        assert_eq!(path_at(b"[\"\\", 3), "[0]", "a text that was cut off");
    }

    #[test]
    fn serde_json_stops_where_the_fault_is() {
        #[derive(Debug, serde::Deserialize)]
        struct Outer {
            #[allow(dead_code)]
            list: Vec<std::collections::BTreeMap<String, i64>>,
        }
        let cases = [
            (r#"{"list":[{"a":1},{"b":"x","c":2}]}"#, "list[1].b"),
            ("{\n \"list\":\n[{\"a\":1},\n{\"b\":\n\"x\"}]}", "list[1].b"),
            (r#"{"list":[{"a":1},true]}"#, "list[1]"),
            (r#"{"list":{"a":1}}"#, "list"),
            (r#"{"list":[{"a":{}}]}"#, "list[0].a"),
            (r#"{"list":[{"a":[1]}]}"#, "list[0].a"),
            (r#"{"list":[{"a":1.5}]}"#, "list[0].a"),
            (r#"{"list":[{"a":1"#, "list[0].a"),
            (r#"{"list":[{"a":1}]} x"#, "."),
            ("[]", "."),
        ];
        for (text, path) in cases {
            let error = serde_json::from_str::<Outer>(text).unwrap_err();
            assert_eq!(path_at(text.as_bytes(), offset(text.as_bytes(), &error)), path, "{text}: {error}");
        }
    }
}
