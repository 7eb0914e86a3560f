//! Numbered pages of a listing.

use std::cmp::Ordering;

use serde_json::{Value, json};

use crate::sandbox::http::failure::Failure;
use crate::sandbox::http::query::Query;
use crate::sandbox::store::table::Row;

/// How many records of a listing can be reached.
const WINDOW: usize = 1000;
const DEFAULT_SIZE: usize = 20;
/// Documented for the notes of a contact only, and assumed for all listings: others are used with up to 100.
const MAX_SIZE: usize = 100;

/// Which page is asked for.
pub(crate) struct Page {
    size: usize,
    number: usize,
}

impl Page {
    pub(crate) fn of(query: &Query) -> Result<Self, Failure> {
        let size = number(query, "pageSize", DEFAULT_SIZE, MAX_SIZE, "a whole number from 1 to 100")?;
        let number = number(query, "pageNumber", 1, usize::MAX, "a whole number from 1")?;
        if size.saturating_mul(number) > WINDOW {
            let allowed = "pageNumber * pageSize may be at most 1000";
            return Err(Failure::invalid_query("pageNumber", &number.to_string(), allowed));
        }
        Ok(Self { size, number })
    }

    /// The page of all that was found. `view` makes what is shown of a record.
    pub(crate) fn show(
        self,
        path: &str,
        query: &Query,
        sort: &Sort,
        mut found: Vec<&Row>,
        view: impl Fn(&Row) -> Value,
    ) -> Value {
        let Self { size, number } = self;
        let total = found.len();
        let pages = total.div_ceil(size);
        sort.apply(&mut found, number * size);
        let entities: Vec<_> = found.into_iter().skip((number - 1) * size).take(size).map(view).collect();
        let uri = |number: usize| {
            Value::from(format!("{}?{}", path, query.with(&[("pageSize", &size), ("pageNumber", &number)])))
        };
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
/// Assumed: without `sortOrder`, records come in the order in which they were created, unless the sandbox was told
/// otherwise; case doesn't count; records without the field come last in both directions.
#[derive(Default)]
pub(crate) struct Sort {
    by: Vec<(&'static str, bool)>,
}

impl Sort {
    /// `defaults` are what the sandbox was told to sort by; those of other listings don't count.
    pub(crate) fn of(query: &Query, fields: &[&'static str], defaults: &[String]) -> Result<Self, Failure> {
        let order = query.get("sortOrder").filter(|text| !text.is_empty());
        Self::of_all(order.as_slice(), fields, defaults)
    }

    /// By several keys, the first one first.
    pub(crate) fn of_all(orders: &[&str], fields: &[&'static str], defaults: &[String]) -> Result<Self, Failure> {
        if orders.is_empty() {
            let by = defaults.iter().rev().find_map(|text| Self::parse(text, fields));
            return Ok(Self { by: by.into_iter().collect() });
        }
        let parse = |text: &&str| {
            Self::parse(text, fields).ok_or_else(|| {
                let allowed: Vec<_> = fields.iter().map(|field| format!("{field}:asc, {field}:desc")).collect();
                Failure::invalid_query("sortOrder", text, &allowed.join(", "))
            })
        };
        Ok(Self { by: orders.iter().map(parse).collect::<Result<_, _>>()? })
    }

    fn parse(text: &str, fields: &[&'static str]) -> Option<(&'static str, bool)> {
        let (field, direction) = text.split_once(':')?;
        let field = *fields.iter().find(|known| **known == field)?;
        match direction {
            "asc" => Some((field, true)),
            "desc" => Some((field, false)),
            _ => None,
        }
    }

    /// Brings the first `count` records to the front, in their order; what follows is in none. Of what compares equal, the
    /// older comes first, or last when descending.
    fn apply<'a>(&self, records: &mut Vec<&'a Row>, count: usize) {
        let Some((_, is_ascending)) = self.by.first() else {
            return;
        };
        if !is_ascending {
            records.reverse();
        }
        let keyed = |(at, row): (usize, &&'a Row)| -> Keyed<'a> {
            (self.by.iter().map(|(field, _)| row.index.key(field)).collect(), at, row)
        };
        let mut keyed: Vec<_> = records.iter().enumerate().map(keyed).collect();
        let compare = |a: &Keyed, b: &Keyed| {
            let fields = self.by.iter().zip(a.0.iter().zip(&b.0));
            let by_fields = fields.map(|((_, is_ascending), (a, b))| compare(*a, *b, *is_ascending));
            by_fields.fold(Ordering::Equal, Ordering::then).then(a.1.cmp(&b.1))
        };
        if count < keyed.len() {
            // Most records are on no page that can be asked for: to sort them all would be wasted.
            keyed.select_nth_unstable_by(count, compare);
            keyed.truncate(count);
        }
        keyed.sort_unstable_by(compare);
        *records = keyed.into_iter().map(|(_, _, row)| row).collect();
    }
}

/// What a record is sorted by, where it was before, and the record.
type Keyed<'a> = (Vec<Option<&'a str>>, usize, &'a Row);

fn compare(a: Option<&str>, b: Option<&str>, is_ascending: bool) -> Ordering {
    match (a, b) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => Ordering::Greater,
        (Some(_), None) => Ordering::Less,
        (Some(a), Some(b)) if is_ascending => a.cmp(b),
        (Some(a), Some(b)) => b.cmp(a),
    }
}
