//! How listings come in pages: by number, by cursor, or by what stood last on the page before.

use serde::de::DeserializeOwned;

use super::{Operation, RequestParts};
use crate::decide::pages::{self, CursorGuard, Facts, Next};
use crate::error::{Error, ResultWindowError};
use crate::model::Listing;

/// An operation that answers in pages: with it, a request has `items()`, `pages()` and [`page_size`](crate::Request::page_size).
///
/// The kind of paging is a type, [`Numbered`], [`ByCursor`] or [`After`]: a field of the operation, which
/// [`write`](Operation::write) writes and the walk through the pages moves on.
///
/// ```
/// use genesys_external_contacts::model::{ExternalSource, Listing};
/// use genesys_external_contacts::operation::{ByCursor, Operation, Paged, RequestParts, Route};
/// use genesys_external_contacts::Error;
///
/// /// `GET /api/v2/externalcontacts/externalsources`
/// #[derive(Clone, Default)]
/// struct ListExternalSources {
///     page: ByCursor,
/// }
///
/// impl Operation for ListExternalSources {
///     type Output = Listing<ExternalSource>;
///     const ROUTE: Route = Route::get("/api/v2/externalcontacts/externalsources");
///
///     fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
///         self.page.write(request)
///     }
/// }
///
/// impl Paged for ListExternalSources {
///     type Item = ExternalSource;
///     type Paging = ByCursor;
///     const PAGE_SIZES: std::ops::RangeInclusive<u32> = 10..=200;
///
///     fn paging(&mut self) -> &mut ByCursor {
///         &mut self.page
///     }
/// }
/// ```
pub trait Paged: Operation<Output = Listing<Self::Item>> + Clone + 'static {
    /// What the pages hold.
    type Item: DeserializeOwned + Send + 'static;

    /// Which kind of paging the operation has.
    type Paging: Paging;

    /// The smallest and the largest page that the service gives. `items()` and `pages()` ask for the largest, unless
    /// fewer records are wanted.
    const PAGE_SIZES: std::ops::RangeInclusive<u32> = 1..=100;

    /// Where in the listing the operation stands.
    fn paging(&mut self) -> &mut Self::Paging;
}

/// A kind of paging: [`Numbered`], [`ByCursor`] or [`After`].
pub trait Paging: Position + Clone + Default + Send + Sync + 'static {}

impl Paging for Numbered {}
impl Paging for ByCursor {}
impl Paging for After {}

/// A kind of paging whose walk can be taken up again, also in another process: [`ByCursor`] or [`After`].
pub trait Resumable: Paging + Cursor {}

impl Resumable for ByCursor {}
impl Resumable for After {}

pub(crate) use position::{Cursor, Position};

/// Public for the bounds above, and out of reach, so that nobody adds a kind.
mod position {
    use super::{Facts, Next};

    pub trait Position {
        fn size(&mut self) -> &mut Option<u32>;
        /// The cursor that the next page is asked for with, where there is one.
        fn position(&self) -> Option<&str> {
            None
        }
        /// Moves on to the page that comes after this one, where there is one.
        fn advance(&mut self, page: Facts) -> Next;
    }

    pub trait Cursor {
        fn cursor(&mut self) -> &mut Option<String>;
    }
}

/// Paging by number (`pageSize`, `pageNumber`), in the query or in the body.
///
/// The service gives out the first [`WINDOW`](Self::WINDOW) records of such a listing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Numbered {
    size: Option<u32>,
    pub(super) number: Option<u32>,
}

impl Numbered {
    /// How many records of a listing the service gives out: `pageNumber` × `pageSize` may not pass it.
    pub const WINDOW: u32 = 1000;
    /// What the service takes when there is no `pageSize`.
    pub const DEFAULT_SIZE: u32 = 20;

    /// `pageSize`, where one was asked for.
    pub fn page_size(&self) -> Option<u32> {
        self.size
    }

    /// `pageNumber`, where one was asked for; the first is 1.
    pub fn page_number(&self) -> Option<u32> {
        self.number
    }

    /// Writes both into the query, where they were asked for.
    ///
    /// # Errors
    ///
    /// As [`check`](Self::check).
    pub fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        self.check()?;
        request.query_opt("pageSize", self.size);
        request.query_opt("pageNumber", self.number);
        Ok(())
    }

    /// Refuses a page that can't be, for an operation that writes both into its body.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) for a size or number of 0,
    /// [`ErrorKind::ResultWindow`](crate::ErrorKind::ResultWindow) for a page outside the window.
    pub fn check(&self) -> Result<(), Error> {
        at_least_one("page_size", self.size)?;
        at_least_one("page_number", self.number)?;
        let last = u64::from(self.size.unwrap_or(Self::DEFAULT_SIZE)) * u64::from(self.number.unwrap_or(1));
        if last > u64::from(Self::WINDOW) {
            return Err(ResultWindowError { window: Self::WINDOW, total: None }.into());
        }
        Ok(())
    }
}

impl Position for Numbered {
    fn size(&mut self) -> &mut Option<u32> {
        &mut self.size
    }

    fn advance(&mut self, page: Facts) -> Next {
        let number = self.number.unwrap_or(1);
        let next = pages::after_number(number, self.size.unwrap_or(Self::DEFAULT_SIZE), Self::WINDOW, &page);
        if next == Next::Page {
            self.number = Some(number.saturating_add(1));
        }
        next
    }
}

/// Paging by cursor (`limit`, `cursor`): each page says with which cursor the next one is asked for.
///
/// A cursor is good for 24 hours.
#[derive(Clone, Debug, Default)]
pub struct ByCursor(Walked);

/// Paging by what stood last on the page before (`pageSize`, `after`). Each page says it in `cursors.after`, or else in its
/// `nextUri`.
#[derive(Clone, Debug, Default)]
pub struct After(Walked);

/// A size and a cursor, whatever they are called on the wire.
#[derive(Clone, Debug, Default)]
struct Walked {
    size: Option<u32>,
    cursor: Option<String>,
    guard: CursorGuard,
}

impl Walked {
    fn write(&self, request: &mut RequestParts, size: &str, cursor: &str) -> Result<(), Error> {
        at_least_one("page_size", self.size)?;
        request.query_opt(size, self.size);
        request.query_opt(cursor, self.cursor.as_ref());
        request.carries_cursor |= self.cursor.is_some();
        Ok(())
    }
}

impl ByCursor {
    /// Writes both where they were given.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) for a size of 0.
    pub fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        self.0.write(request, "limit", "cursor")
    }
}

impl After {
    /// Writes both where they were given.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) for a size of 0.
    pub fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        self.0.write(request, "pageSize", "after")
    }
}

macro_rules! by_cursor {
    ($paging:ty, $next:ident) => {
        impl Position for $paging {
            fn size(&mut self) -> &mut Option<u32> {
                &mut self.0.size
            }

            fn position(&self) -> Option<&str> {
                self.0.cursor.as_deref()
            }

            fn advance(&mut self, page: Facts) -> Next {
                let records = page.records;
                let (next, cursor) = self.0.guard.after(records, pages::$next(page));
                self.0.cursor = cursor;
                next
            }
        }

        impl Cursor for $paging {
            fn cursor(&mut self) -> &mut Option<String> {
                &mut self.0.cursor
            }
        }
    };
}

by_cursor!(ByCursor, next_cursor);
by_cursor!(After, next_after);

fn at_least_one(what: &'static str, value: Option<u32>) -> Result<(), Error> {
    if value == Some(0) { Err(Error::invalid(what, "is 0, and must be at least 1")) } else { Ok(()) }
}
