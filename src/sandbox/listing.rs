//! Numbered pages of a listing.

use std::cmp::Ordering;

use serde_json::{Map, Value, json};

use super::answer::Failure;
use super::query::Query;

/// How many records of a listing can be reached.
const WINDOW: usize = 1000;
const DEFAULT_SIZE: usize = 20;
/// Documented for the notes of a contact only, and assumed for all listings: others are used with up to 100.
const MAX_SIZE: usize = 100;

/// Which page is asked for.
pub(super) struct Page {
    size: usize,
    number: usize,
}

impl Page {
    pub(super) fn of(query: &Query) -> Result<Self, Failure> {
        let size = number(query, "pageSize", DEFAULT_SIZE, MAX_SIZE, "a whole number from 1 to 100")?;
        let number = number(query, "pageNumber", 1, usize::MAX, "a whole number from 1")?;
        if size.saturating_mul(number) > WINDOW {
            let allowed = "pageNumber * pageSize may be at most 1000";
            return Err(Failure::invalid_query("pageNumber", &number.to_string(), allowed));
        }
        Ok(Self { size, number })
    }

    /// The page of all that was found. `view` makes what is shown of a record.
    pub(super) fn show<T>(self, path: &str, query: &Query, found: &[T], view: impl Fn(&T) -> Value) -> Value {
        let Self { size, number } = self;
        let total = found.len();
        let pages = total.div_ceil(size);
        let entities: Vec<_> = found.iter().skip((number - 1) * size).take(size).map(view).collect();
        let uri = |number: usize| Value::from(format!("{path}?{}", query.with_page(size, number)));
        let mut listing = json!({
            "entities": entities,
            "pageSize": size,
            "pageNumber": number,
            "total": total,
            "pageCount": pages,
            "firstUri": uri(1),
            "selfUri": uri(number),
        });
        // Assumed: no link to a page outside of the window, which could not be fetched.
        let last = pages.min(WINDOW / size).max(1);
        listing["lastUri"] = uri(last);
        if number < last {
            listing["nextUri"] = uri(number + 1);
        }
        if number > 1 {
            listing["previousUri"] = uri((number - 1).min(last));
        }
        listing
    }
}

fn number(query: &Query, name: &'static str, default: usize, max: usize, allowed: &str) -> Result<usize, Failure> {
    match query.get(name) {
        None | Some("") => Ok(default),
        Some(text) => match text.parse() {
            Ok(number) if (1..=max).contains(&number) => Ok(number),
            _ => Err(Failure::invalid_query(name, text, allowed)),
        },
    }
}

/// What a listing is sorted by.
///
/// Assumed: without `sortOrder`, records come in the order in which they were created; case doesn't count; records
/// without the field come last in both directions.
pub(super) struct Sort {
    by: Option<(&'static str, bool)>,
}

impl Sort {
    pub(super) fn of(query: &Query, fields: &[&'static str]) -> Result<Self, Failure> {
        let Some(text) = query.get("sortOrder").filter(|text| !text.is_empty()) else {
            return Ok(Self { by: None });
        };
        let by = text.split_once(':').and_then(|(field, direction)| {
            let field = *fields.iter().find(|known| **known == field)?;
            match direction {
                "asc" => Some((field, true)),
                "desc" => Some((field, false)),
                _ => None,
            }
        });
        match by {
            Some(_) => Ok(Self { by }),
            None => {
                let allowed: Vec<_> = fields.iter().map(|field| format!("{field}:asc, {field}:desc")).collect();
                Err(Failure::invalid_query("sortOrder", text, &allowed.join(", ")))
            }
        }
    }

    /// Sorts; of what compares equal, the older comes first, or last when descending.
    pub(super) fn apply<'a, T>(&self, records: &mut [T], document: impl Fn(&T) -> &'a Map<String, Value>) {
        let Some((field, ascending)) = self.by else {
            return;
        };
        if !ascending {
            records.reverse();
        }
        records.sort_by_cached_key(|record| {
            let key = document(record).get(field).and_then(Value::as_str).map(str::to_lowercase);
            Key { key, ascending }
        });
    }
}

#[derive(PartialEq, Eq)]
struct Key {
    key: Option<String>,
    ascending: bool,
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.key, &other.key) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
            (Some(a), Some(b)) if self.ascending => a.cmp(b),
            (Some(a), Some(b)) => b.cmp(a),
        }
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
