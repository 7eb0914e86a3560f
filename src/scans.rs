//! Scans: all contacts, organizations, notes or relationships, however many there are.
//!
//! Reached through the resource: `client.contacts().scan()`, `client.organizations().scan()`, `client.notes().scan()`,
//! `client.relationships().scan()`, and `scan_all_divisions()` of each.

use std::marker::PhantomData;
use std::ops::RangeInclusive;

use crate::entity::Scanned;
use crate::error::Error;
use crate::model::Listing;
use crate::operation::{ByCursor, InDivision, Operation, Paged, RequestParts, Route};

/// How many records a page of a scan holds.
const PAGE_SIZES: RangeInclusive<u32> = 10..=200;

/// `GET /api/v2/externalcontacts/scan/…`; see [`Contacts::scan`](crate::contacts::Contacts::scan).
#[derive(Clone)]
pub struct Scan<E> {
    page: ByCursor,
    division_id: Option<String>,
    entity: PhantomData<fn() -> E>,
}

impl<E> Scan<E> {
    pub(crate) fn new() -> Self {
        Self { page: ByCursor::default(), division_id: None, entity: PhantomData }
    }
}

impl<E: Scanned> Operation for Scan<E> {
    type Output = Listing<E>;
    const ROUTE: Route = E::SCAN;

    #[inline]
    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        self.page.write(request)?;
        request.query_opt("divisionId", self.division_id.as_ref());
        Ok(())
    }
}

impl<E: Scanned> Paged for Scan<E> {
    type Item = E;
    type Paging = ByCursor;
    const PAGE_SIZES: RangeInclusive<u32> = PAGE_SIZES;

    fn paging(&mut self) -> &mut ByCursor {
        &mut self.page
    }
}

impl<E: Scanned> InDivision for Scan<E> {
    fn division_id(&mut self) -> &mut Option<String> {
        &mut self.division_id
    }
}

/// `GET /api/v2/externalcontacts/scan/…/divisionviews/all`; see
/// [`Contacts::scan_all_divisions`](crate::contacts::Contacts::scan_all_divisions).
#[derive(Clone)]
pub struct ScanAllDivisions<E> {
    page: ByCursor,
    entity: PhantomData<fn() -> E>,
}

impl<E> ScanAllDivisions<E> {
    pub(crate) fn new() -> Self {
        Self { page: ByCursor::default(), entity: PhantomData }
    }
}

impl<E: Scanned> Operation for ScanAllDivisions<E> {
    type Output = Listing<E>;
    const ROUTE: Route = E::SCAN_ALL_DIVISIONS;

    #[inline]
    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        self.page.write(request)
    }
}

impl<E: Scanned> Paged for ScanAllDivisions<E> {
    type Item = E;
    type Paging = ByCursor;
    const PAGE_SIZES: RangeInclusive<u32> = PAGE_SIZES;

    fn paging(&mut self) -> &mut ByCursor {
        &mut self.page
    }
}
