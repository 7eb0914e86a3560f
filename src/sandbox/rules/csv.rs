//! Files of comma-separated values, as the service takes them.

use csv::{Reader, ReaderBuilder};
use serde_json::{Value, json};

/// How many lines a preview shows.
const PREVIEW: usize = 10;

/// What is wrong with a file, as the service says it.
///
/// Assumed: the separator is taken from the first line; a line with more or fewer fields than that is wrong.
pub(crate) fn validate(file: &[u8]) -> Value {
    let is_text = std::str::from_utf8(file).is_ok();
    let first = file.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let has = |separator: u8| first.contains(&separator);
    let is_separated = has(b',') || !(has(b';') || has(b'\t') || has(b'|'));
    let mut errors = Vec::new();
    if is_text && is_separated {
        let mut reader = reader(file);
        let columns = reader.headers().map_or(0, csv::StringRecord::len);
        for record in reader.records() {
            match record {
                Ok(record) if record.len() == columns => {}
                Ok(record) => {
                    let line = record.position().map_or(0, csv::Position::line);
                    let message = format!("has {} fields instead of {columns}", record.len());
                    errors.push(json!({ "lineNumber": line, "message": message }));
                }
                Err(error) => errors.push(json!({ "lineNumber": 0, "message": error.to_string() })),
            }
        }
    }
    json!({ "separatorValid": is_separated, "fileEncodingValid": is_text, "errors": errors })
}

pub(crate) fn is_valid(result: &Value) -> bool {
    result["separatorValid"] == true
        && result["fileEncodingValid"] == true
        && result["errors"].as_array().is_some_and(Vec::is_empty)
}

/// The first line, and some of those after it.
pub(crate) fn preview(file: &[u8]) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = reader(file);
    let fields = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect();
    let headers = reader.headers().map(fields).unwrap_or_default();
    let entries = reader.records().filter_map(Result::ok).take(PREVIEW).map(|record| fields(&record)).collect();
    (headers, entries)
}

pub(crate) fn reader(file: &[u8]) -> Reader<&[u8]> {
    ReaderBuilder::new().flexible(true).from_reader(file)
}
