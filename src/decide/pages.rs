//! Which page comes after a page.

use percent_encoding::percent_decode_str;

use crate::model::Listing;

/// What comes after a page.
#[allow(unreachable_pub, reason = "a sealed trait speaks of it, whose methods nobody outside can name")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Another page.
    Page,
    /// Nothing: that was the last one.
    End,
    /// More, but outside the window that the service gives out.
    OutOfReach,
    /// Another page came than the one that was asked for: going on would give the same records again.
    WrongPage {
        /// The number that was asked for.
        asked: u32,
    },
    /// A cursor came that had come before: going on would give the same records again.
    RepeatedCursor,
    /// Too many empty pages came in a row.
    TooManyEmptyPages,
}

/// How many empty pages in a row a walk by cursor takes for a gap rather than for a listing without end.
pub(crate) const MOST_EMPTY_PAGES: u32 = 100;

/// What a page says about the listing that it belongs to.
#[allow(unreachable_pub, reason = "a sealed trait speaks of it, whose methods nobody outside can name")]
#[derive(Clone, Debug, Default)]
pub struct Facts {
    pub(crate) records: usize,
    pub(crate) number: Option<i64>,
    pub(crate) size: Option<i64>,
    pub(crate) total: Option<i64>,
    pub(crate) pages: Option<i64>,
    pub(crate) next_uri: Option<String>,
    pub(crate) after: Option<String>,
}

impl Facts {
    pub(crate) fn of<T>(page: &Listing<T>) -> Self {
        Self {
            records: page.entities.as_ref().map_or(0, Vec::len),
            number: page.page_number,
            size: page.page_size,
            total: page.total,
            pages: page.page_count,
            next_uri: page.next_uri.clone(),
            after: page.cursors.as_ref().and_then(|cursors| cursors.after.clone()),
        }
    }
}

/// What comes after page `number`, asked for with `size` records.
///
/// A page may be empty, the total may change from page to page, and none of the facts need be there: the listing goes
/// on as long as any of them says so. The number only grows and the window is finite, so it always ends.
pub(crate) fn after_number(number: u32, size: u32, window: u32, page: &Facts) -> Next {
    if page.number.is_some_and(|came| came != i64::from(number)) {
        return Next::WrongPage { asked: number };
    }
    let number = i64::from(number);
    // The service may have made the pages smaller than they were asked for: then its size counts.
    let size = page.size.filter(|size| *size > 0).unwrap_or(i64::from(size));
    let seen = number.saturating_mul(size);
    let more = page.total.is_some_and(|total| total > seen)
        || page.pages.is_some_and(|pages| pages > number)
        || (page.next_uri.is_some() && page.records > 0);
    if !more {
        return Next::End;
    }
    let is_within = (number + 1).saturating_mul(size) <= i64::from(window);
    if is_within { Next::Page } else { Next::OutOfReach }
}

/// The cursor of the next page of a listing by cursor.
pub(crate) fn next_cursor(page: Facts) -> Option<String> {
    page.after.filter(|cursor| !cursor.is_empty())
}

/// The cursor of the next page of a listing by `after`: some of these listings give it as such, the others only as a
/// parameter of the link to the next page.
pub(crate) fn next_after(page: Facts) -> Option<String> {
    let from_uri = |uri: &str| {
        let (_, query) = uri.split_once('?')?;
        let query = query.split('#').next().unwrap_or_default();
        let value = query.split('&').find_map(|pair| pair.strip_prefix("after="))?;
        percent_decode_str(&value.replace('+', " ")).decode_utf8().ok().map(|cursor| cursor.into_owned())
    };
    let cursor = page.after.or_else(|| page.next_uri.as_deref().and_then(from_uri));
    cursor.filter(|cursor| !cursor.is_empty())
}

/// Finds out that a walk by cursor doesn't come to an end.
///
/// One remembered cursor is enough to find a cycle of any length (Brent's algorithm): the walk is compared with it, and it
/// is replaced after 1, 2, 4, 8, … pages.
#[derive(Clone, Debug, Default)]
pub(crate) struct CursorGuard {
    remembered: Option<String>,
    since: u64,
    replace_after: u64,
    empty_pages: u32,
}

impl CursorGuard {
    /// What comes after a page with so many records that names this cursor, and the cursor to go on with.
    pub(crate) fn after(&mut self, records: usize, cursor: Option<String>) -> (Next, Option<String>) {
        self.empty_pages = if records == 0 { self.empty_pages + 1 } else { 0 };
        let Some(cursor) = cursor else { return (Next::End, None) };
        if self.remembered.as_ref() == Some(&cursor) {
            return (Next::RepeatedCursor, Some(cursor));
        }
        self.since += 1;
        if self.since >= self.replace_after {
            self.remembered = Some(cursor.clone());
            self.replace_after = self.since.saturating_mul(2).max(1);
            self.since = 0;
        }
        if self.empty_pages >= MOST_EMPTY_PAGES {
            // Whoever goes on all the same begins to count anew.
            self.empty_pages = 0;
            return (Next::TooManyEmptyPages, Some(cursor));
        }
        (Next::Page, Some(cursor))
    }
}

/// The size to ask for when the caller didn't say: the largest page, or as much as is wanted.
pub(crate) fn size(sizes: &std::ops::RangeInclusive<u32>, wanted: Option<u64>) -> u32 {
    let largest = *sizes.end();
    let useful = wanted.and_then(|wanted| u32::try_from(wanted).ok()).unwrap_or(largest);
    useful.min(largest).max(*sizes.start())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(records: usize, total: Option<i64>, pages: Option<i64>, has_next: bool) -> Facts {
        Facts { records, total, pages, next_uri: has_next.then(|| "/next".to_owned()), ..Facts::default() }
    }

    fn after(number: u32, facts: &Facts) -> Next {
        after_number(number, 100, 1000, facts)
    }

    #[test]
    fn a_listing_goes_on_as_long_as_any_fact_says_so() {
        let cases = [
            (1, page(100, Some(100), Some(1), false), Next::End),
            (1, page(100, Some(101), Some(2), true), Next::Page),
            (1, page(100, Some(101), None, false), Next::Page),
            (1, page(100, None, Some(2), false), Next::Page),
            (1, page(100, None, None, true), Next::Page),
            (1, page(100, None, None, false), Next::End),
            (1, page(0, Some(0), Some(0), false), Next::End),
            // An empty page in the middle is not the end; one that only links on is.
            (2, page(0, Some(250), Some(3), true), Next::Page),
            (2, page(0, None, None, true), Next::End),
            // The total shrank or grew while we walked.
            (2, page(50, Some(150), Some(2), false), Next::End),
            (2, page(100, Some(1000), Some(10), true), Next::Page),
            (10, page(100, Some(1000), Some(10), false), Next::End),
            (10, page(100, Some(1001), Some(11), true), Next::OutOfReach),
            (u32::MAX, page(100, Some(i64::MAX), Some(i64::MAX), true), Next::OutOfReach),
        ];
        for (number, facts, next) in cases {
            assert_eq!(after(number, &facts), next, "{number} {facts:?}");
        }
    }

    #[test]
    fn the_size_that_the_service_used_counts() {
        let facts = Facts { size: Some(25), ..page(25, Some(60), None, true) };
        assert_eq!(after(2, &facts), Next::Page);
        assert_eq!(after(3, &facts), Next::Page, "the page is not empty and links on");
        assert_eq!(after(3, &Facts { next_uri: None, ..facts }), Next::End);
        assert_eq!(after(1, &Facts { size: Some(0), ..page(50, Some(50), None, false) }), Next::End);
    }

    #[test]
    fn a_page_that_was_not_asked_for_ends_the_walk() {
        let facts = Facts { number: Some(1), ..page(100, Some(500), Some(5), true) };
        assert_eq!(after(1, &facts), Next::Page);
        assert_eq!(after(2, &facts), Next::WrongPage { asked: 2 });
    }

    #[test]
    fn the_size_is_the_largest_or_what_is_wanted() {
        assert_eq!(size(&(1..=100), None), 100);
        assert_eq!(size(&(1..=100), Some(5)), 5);
        assert_eq!(size(&(1..=100), Some(0)), 1);
        assert_eq!(size(&(1..=100), Some(u64::MAX)), 100);
        assert_eq!(size(&(10..=200), Some(5)), 10);
        assert_eq!(size(&(10..=200), None), 200);
    }

    #[test]
    fn the_next_cursor_is_told_or_stands_in_the_link() {
        let told = |after: Option<&str>, next_uri: Option<&str>| Facts {
            after: after.map(str::to_owned),
            next_uri: next_uri.map(str::to_owned),
            ..Facts::default()
        };
        let cases = [
            (None, None, None),
            (Some("a"), None, Some("a")),
            (Some(""), None, None),
            (Some("a"), Some("/x?after=b"), Some("a")),
            (None, Some("/x?after=b"), Some("b")),
            (None, Some("/x?pageSize=5&after=b%2Bc+d%3D&x=1#y"), Some("b+c d=")),
            (None, Some("/x?afterwards=b"), None),
            (None, Some("/x?after="), None),
            (None, Some("/x?after=%FF"), None),
            (None, Some("/after=b"), None),
        ];
        for (after, next_uri, cursor) in cases {
            assert_eq!(next_after(told(after, next_uri)).as_deref(), cursor, "{after:?} {next_uri:?}");
        }
        assert_eq!(next_cursor(told(None, Some("/x?after=b"))), None, "a scan ends where there is no cursor");
        assert_eq!(next_cursor(told(Some("a"), None)).as_deref(), Some("a"));
    }

    #[test]
    fn a_cycle_of_any_length_is_found() {
        for before in [0_u64, 1, 2, 3, 10, 100] {
            for length in [1_u64, 2, 3, 7, 64, 1000] {
                let mut guard = CursorGuard::default();
                let cursor = |step: u64| if step < before { step } else { before + (step - before) % length };
                let found =
                    (0..).find(|step| guard.after(1, Some(cursor(*step).to_string())).0 == Next::RepeatedCursor);
                let most = 3 * (before + length) + 2;
                assert!(found.is_some_and(|found| found <= most), "{before} {length}: {found:?}");
            }
        }
    }

    #[test]
    fn a_walk_without_a_cycle_goes_on() {
        let mut guard = CursorGuard::default();
        for step in 0..10_000 {
            assert_eq!(guard.after(1, Some(step.to_string())), (Next::Page, Some(step.to_string())));
        }
        assert_eq!(guard.after(0, None), (Next::End, None));
    }

    #[test]
    fn empty_pages_are_a_gap_until_there_are_too_many() {
        let mut guard = CursorGuard::default();
        let mut step = 0;
        let mut next = |records| {
            step += 1;
            guard.after(records, Some(step.to_string())).0
        };
        for _ in 1..MOST_EMPTY_PAGES {
            assert_eq!(next(0), Next::Page);
        }
        assert_eq!(next(1), Next::Page, "a record makes the count begin anew");
        for _ in 1..MOST_EMPTY_PAGES {
            assert_eq!(next(0), Next::Page);
        }
        assert_eq!(next(0), Next::TooManyEmptyPages);
        assert_eq!(next(0), Next::Page, "who goes on all the same gets another hundred");
    }
}
