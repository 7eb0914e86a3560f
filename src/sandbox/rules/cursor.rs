//! Pages of a listing by cursor.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::sandbox::http::endpoint::Call;
use crate::sandbox::http::failure::Failure;
use crate::sandbox::store::clock::Clock;
use crate::sandbox::store::state::{PageFault, State};
use crate::sandbox::store::table::{Row, Table};

const MIN_SIZE: usize = 10;
const MAX_SIZE: usize = 200;
const DEFAULT_SIZE: usize = 100;
const LIFETIME: Duration = Duration::from_secs(86_400);

/// How often the number of records that a page looks at is doubled, at most.
const MOST_DOUBLINGS: u32 = 10;

/// How a listing by cursor differs from others.
pub(crate) struct Kind {
    /// What a bad `limit` or `cursor` comes to: the parameter, its value, and what it must be.
    pub(crate) refuse: fn(&'static str, &str, &str) -> Failure,
    /// Assumed: a page of a scan looks at as many records as it may hold, and leaves out those that aren't meant. So it may
    /// have fewer records than were asked for, or none, which is documented. After an empty page the next one looks at
    /// twice as many, so that a long gap isn't taken for a listing without end. Other listings look until a page is full.
    pub(crate) leaves_gaps: bool,
    pub(crate) is_shuffled: bool,
}

/// Where a listing stands. A cursor is made of it, so that the sandbox needn't remember the cursors that it gave out.
#[derive(Clone, Copy, Default)]
struct Place {
    at: u64,
    /// Where a shuffled listing ends; the others end where the table does.
    end: u64,
    /// How many empty pages came before this one.
    empty_pages: u32,
}

/// Which page is asked for.
pub(crate) struct CursorPage<'a> {
    kind: Kind,
    call: &'a Call,
    /// What the listing is narrowed to.
    filters: Vec<&'a str>,
    size: usize,
    /// `None` at the beginning.
    place: Option<Place>,
}

impl<'a> CursorPage<'a> {
    /// Assumed: a cursor is good for the listing that gave it, narrowed in the same way, and for any size of the page. It can be
    /// used more than once.
    pub(crate) fn of(kind: Kind, clock: &Clock, call: &'a Call, filters: Vec<&'a str>) -> Result<Self, Failure> {
        let given = |name| call.query.get(name).filter(|text| !text.is_empty());
        let size = match given("limit") {
            None => DEFAULT_SIZE,
            Some(text) => match text.parse() {
                Ok(size) if (MIN_SIZE..=MAX_SIZE).contains(&size) => size,
                _ => return Err((kind.refuse)("limit", text, "a whole number from 10 to 200")),
            },
        };
        let mut page = Self { kind, call, filters, size, place: None };
        if let Some(text) = given("cursor") {
            let found = page.read(text);
            let found = found.filter(|(_, born)| milliseconds(clock).saturating_sub(*born) < LIFETIME.as_millis());
            let rule = "a cursor that a page of this listing gave out in the last 24 hours";
            let (place, _) = found.ok_or_else(|| (page.kind.refuse)("cursor", text, rule))?;
            page.place = Some(place);
        }
        Ok(page)
    }

    /// The page of the documents in a table that are meant. `view` makes what is shown of one.
    ///
    /// Assumed: `cursors` and `nextUri` are left out of the last page, and no page leads back.
    pub(crate) fn show(
        self,
        state: &State,
        table: &Table,
        is_meant: impl Fn(&Row) -> bool,
        view: impl Fn(&Row) -> Value,
    ) -> Value {
        let place = self.place.unwrap_or(Place { end: table.next_number(), ..Place::default() });
        let is_empty = state.page_fault == Some(PageFault::Empty);
        let (found, next) = if is_empty { (Vec::new(), Some(place)) } else { self.look(table, place, is_meant) };
        let call = self.call;
        let uri = |query: String| if query.is_empty() { call.path.clone() } else { format!("{}?{query}", call.path) };
        let mut listing = json!({ "selfUri": uri(call.query.text()) });
        listing["entities"] = found.into_iter().map(view).collect();
        let cursor = match (state.page_fault, call.query.get("cursor")) {
            (Some(PageFault::Repeated), Some(cursor)) if !cursor.is_empty() => Some(cursor.to_owned()),
            (Some(PageFault::Repeated), _) => Some(self.cursor(place, &state.clock)),
            _ => next.map(|next| self.cursor(next, &state.clock)),
        };
        if let Some(cursor) = cursor {
            listing["nextUri"] = uri(call.query.with(&[("limit", &self.size), ("cursor", &cursor)])).into();
            listing["cursors"] = json!({ "after": cursor });
        }
        listing
    }

    /// The records of a page, and where the next one begins.
    fn look<'t>(
        &self,
        table: &'t Table,
        place: Place,
        is_meant: impl Fn(&Row) -> bool,
    ) -> (Vec<&'t Row>, Option<Place>) {
        let most = match self.kind.leaves_gaps {
            true => self.size << place.empty_pages.min(MOST_DOUBLINGS),
            false => usize::MAX,
        };
        let mut rows: Box<dyn Iterator<Item = (u64, Option<&Row>)>> = if self.kind.is_shuffled {
            Box::new((place.at..place.end).map(|at| (at, table.numbered(shuffled(at, place.end)))))
        } else {
            Box::new(table.from(place.at).map(|(at, row)| (at, Some(row))))
        };
        let mut found = Vec::new();
        let mut looked = 0;
        let next = rows.find(|(_, row)| {
            if found.len() == self.size || looked == most {
                return true;
            }
            looked += 1;
            found.extend(row.filter(|row| is_meant(row)));
            false
        });
        let empty_pages = if found.is_empty() { place.empty_pages.saturating_add(1) } else { 0 };
        let next = next.map(|(at, _)| Place { at, empty_pages, ..place });
        (found, next)
    }

    /// A cursor to this place, different from all others.
    fn cursor(&self, place: Place, clock: &Clock) -> String {
        let Place { at, end, empty_pages } = place;
        let (unique, _) = Uuid::new_v4().as_u64_pair();
        let words = format!("{at}.{end}.{empty_pages}.{}.{unique}", milliseconds(clock));
        BASE64_URL_SAFE_NO_PAD.encode(format!("{words}.{}", self.seal(&words)))
    }

    /// The place and the time of birth in a cursor of this listing.
    fn read(&self, cursor: &str) -> Option<(Place, u128)> {
        let text = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
        let (words, seal) = text.rsplit_once('.')?;
        if seal != self.seal(words) {
            return None;
        }
        let mut words = words.split('.');
        let place = Place {
            at: words.next()?.parse().ok()?,
            end: words.next()?.parse().ok()?,
            empty_pages: words.next()?.parse().ok()?,
        };
        Some((place, words.next()?.parse().ok()?))
    }

    /// What makes a cursor one of this listing. It protects from mistakes only: who wants to can forge one.
    fn seal(&self, words: &str) -> String {
        let mut hasher = DefaultHasher::new();
        (words, &self.call.path, &self.filters).hash(&mut hasher);
        hasher.finish().to_string()
    }
}

fn milliseconds(clock: &Clock) -> u128 {
    u128::try_from(clock.date_time().unix_timestamp_nanos() / 1_000_000).unwrap_or_default()
}

/// Another order of the numbers below `end`: each comes once.
fn shuffled(at: u64, end: u64) -> u64 {
    let (at, end) = (u128::from(at), u128::from(end.max(1)));
    // Steps of this width meet every number where it has no divisor in common with `end`. The golden ratio spreads them.
    let golden = end * 618_033_989 / 1_000_000_000;
    let step = (golden.max(1)..=end).find(|step| greatest_common_divisor(*step, end) == 1).unwrap_or(1);
    u64::try_from((at * step + end / 2) % end).unwrap_or_default()
}

fn greatest_common_divisor(a: u128, b: u128) -> u128 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shuffling_loses_and_doubles_nothing() {
        for end in (1..300).chain([1_000, 4_096, 30_030]) {
            let numbers: Vec<_> = (0..end).map(|at| shuffled(at, end)).collect();
            let mut sorted = numbers.clone();
            sorted.sort_unstable();
            assert!(sorted.iter().copied().eq(0..end), "{end}");
            assert_eq!(numbers == sorted, end == 1, "{end}");
        }
        assert!(shuffled(u64::MAX - 1, u64::MAX) < u64::MAX);
    }
}
