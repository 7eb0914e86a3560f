//! Which page comes after a page.

use crate::error::{DecodeError, Error, RawBody, ResultWindowError};
use crate::meta::Meta;
use crate::model::Listing;
use crate::operation::{Operation, PageParams};

/// What `items` and `pages` ask for when the caller didn't say: the most that the service gives.
pub(crate) const WALK_SIZE: u32 = 100;

/// What comes after a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// The page with this number.
    Page(u32),
    /// Nothing: that was the last one.
    End,
    /// More, but outside the window that the service gives out.
    OutOfReach,
    /// The service didn't answer with the page that was asked for: going on would give the same records again.
    WrongPage,
}

/// What a page says about the listing that it belongs to.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Facts {
    pub(crate) records: usize,
    pub(crate) number: Option<i64>,
    pub(crate) size: Option<i64>,
    pub(crate) total: Option<i64>,
    pub(crate) pages: Option<i64>,
    pub(crate) has_next: bool,
}

impl Facts {
    pub(crate) fn of<T>(page: &Listing<T>) -> Self {
        Self {
            records: page.entities.as_ref().map_or(0, Vec::len),
            number: page.page_number,
            size: page.page_size,
            total: page.total,
            pages: page.page_count,
            has_next: page.next_uri.is_some(),
        }
    }
}

/// Which page comes after page `number`, asked for with `size` records.
///
/// A page may be empty, the total may change from page to page, and none of the facts need be there: the listing goes
/// on as long as any of them says so. The number only grows and the window is finite, so it always ends.
pub(crate) fn after(number: u32, size: u32, facts: Facts) -> Next {
    if facts.number.is_some_and(|n| n != i64::from(number)) {
        return Next::WrongPage;
    }
    // The service may have made the pages smaller than they were asked for: then its size counts.
    let size = facts.size.filter(|size| *size > 0).unwrap_or(i64::from(size));
    let next = i64::from(number) + 1;
    let seen = i64::from(number).saturating_mul(size);
    let more = facts.total.is_some_and(|total| total > seen)
        || facts.pages.is_some_and(|pages| pages > i64::from(number))
        || (facts.has_next && facts.records > 0);
    if !more {
        return Next::End;
    }
    match u32::try_from(next) {
        Ok(page) if next.saturating_mul(size) <= i64::from(PageParams::WINDOW) => Next::Page(page),
        _ => Next::OutOfReach,
    }
}

/// The size to ask for: what the caller said, or as much as is useful.
pub(crate) fn size(asked: Option<u32>, limit: Option<u64>) -> u32 {
    asked.unwrap_or_else(|| {
        let useful = limit.and_then(|limit| u32::try_from(limit).ok()).unwrap_or(WALK_SIZE);
        useful.clamp(1, WALK_SIZE)
    })
}

pub(crate) fn window_error(total: Option<i64>) -> Error {
    Error::ResultWindow(Box::new(ResultWindowError {
        window: PageParams::WINDOW,
        total: total.and_then(|total| total.try_into().ok()),
    }))
}

/// Going on after a page that was not asked for would give the same records again and again.
pub(crate) fn wrong_page<O: Operation>(asked: u32, meta: Meta) -> Error {
    Error::Decode(Box::new(DecodeError {
        meta,
        path: "pageNumber".to_owned(),
        type_name: std::any::type_name::<O::Output>(),
        body_start: RawBody::default(),
        problem: format!("page {asked} was asked for, and another one came"),
        route: O::ROUTE,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(records: usize, total: Option<i64>, pages: Option<i64>, has_next: bool) -> Facts {
        Facts { records, total, pages, has_next, ..Facts::default() }
    }

    #[test]
    fn a_listing_goes_on_as_long_as_any_fact_says_so() {
        let cases = [
            (1, page(100, Some(100), Some(1), false), Next::End),
            (1, page(100, Some(101), Some(2), true), Next::Page(2)),
            (1, page(100, Some(101), None, false), Next::Page(2)),
            (1, page(100, None, Some(2), false), Next::Page(2)),
            (1, page(100, None, None, true), Next::Page(2)),
            (1, page(100, None, None, false), Next::End),
            (1, page(0, Some(0), Some(0), false), Next::End),
            // An empty page in the middle is not the end; one that only links on is.
            (2, page(0, Some(250), Some(3), true), Next::Page(3)),
            (2, page(0, None, None, true), Next::End),
            // The total shrank or grew while we walked.
            (2, page(50, Some(150), Some(2), false), Next::End),
            (2, page(100, Some(1000), Some(10), true), Next::Page(3)),
            (10, page(100, Some(1000), Some(10), false), Next::End),
            (10, page(100, Some(1001), Some(11), true), Next::OutOfReach),
            (u32::MAX, page(100, Some(i64::MAX), Some(i64::MAX), true), Next::OutOfReach),
        ];
        for (number, facts, next) in cases {
            assert_eq!(after(number, 100, facts), next, "{number} {facts:?}");
        }
    }

    #[test]
    fn the_size_that_the_service_used_counts() {
        let facts = Facts { records: 25, size: Some(25), total: Some(60), has_next: true, ..Facts::default() };
        assert_eq!(after(2, 100, facts), Next::Page(3));
        assert_eq!(after(3, 100, facts), Next::Page(4), "the page is not empty and links on");
        assert_eq!(after(3, 100, Facts { has_next: false, ..facts }), Next::End);
        assert_eq!(after(1, 100, Facts { size: Some(0), total: Some(50), records: 50, ..Facts::default() }), Next::End);
    }

    #[test]
    fn a_page_that_was_not_asked_for_ends_the_walk() {
        let facts = Facts { number: Some(1), ..page(100, Some(500), Some(5), true) };
        assert_eq!(after(1, 100, facts), Next::Page(2));
        assert_eq!(after(2, 100, facts), Next::WrongPage);
    }

    #[test]
    fn the_size_is_what_was_asked_for_or_what_is_useful() {
        assert_eq!(size(Some(7), Some(500)), 7);
        assert_eq!(size(None, None), 100);
        assert_eq!(size(None, Some(5)), 5);
        assert_eq!(size(None, Some(0)), 1);
        assert_eq!(size(None, Some(u64::MAX)), 100);
    }
}
