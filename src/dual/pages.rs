use std::any::Any;
use std::vec;

use super::{Client, State, Work, maybe_async};
use crate::decide::pages::{self, Facts, MOST_EMPTY_PAGES, Next};
use crate::error::{CallFacts, CursorError, DecodeError, Error, RawBody, ResultWindowError};
use crate::meta::Meta;
use crate::model::Listing;
use crate::operation::{CallOptions, Numbered, Operation, Paged, Position as _, Request, Resumable};

/// What a step of a walk gives: the walk, to go on with, and the page.
pub(crate) type Step<O> = (Walk<O>, Option<Result<Listing<<O as Paged>::Item>, Error>>);

/// A walk through the pages of a listing. The operation itself says which page comes next.
#[derive(Clone)]
pub(crate) struct Walk<O> {
    client: Client,
    operation: O,
    options: CallOptions,
    next: Next,
    /// What the last page said.
    total: Option<i64>,
}

impl<O: Paged> Walk<O> {
    pub(crate) fn new(request: Request<Client, O>) -> Self {
        let Request { client, operation, options } = request;
        Self { client, operation, options, next: Next::Page, total: None }
    }

    /// Runs work in the background, where the transport has a way to.
    pub(crate) fn spawn(&self, work: Work) -> Option<Box<dyn Any + Send>> {
        self.client.transport().spawn(work).ok()
    }

    /// Whether another step sends a request.
    pub(crate) fn goes_on(&self) -> bool {
        self.next == Next::Page
    }

    fn cursor(&mut self) -> Option<String> {
        self.operation.paging().position().map(str::to_owned)
    }

    fn error(&self, error: impl Into<Error>, attempts: u32) -> Error {
        let repeat = self.operation.repeat();
        error.into().of_call(CallFacts { route: O::ROUTE, repeat, attempts, may_have_been_applied: false })
    }

    /// What becomes of a walk that can't go on: it ends with an error after the last page, and the page is kept.
    fn end(&mut self) -> Option<Error> {
        match std::mem::replace(&mut self.next, Next::End) {
            Next::Page | Next::End | Next::WrongPage { .. } => None,
            Next::OutOfReach => {
                let total = self.total.and_then(|total| total.try_into().ok());
                Some(self.error(ResultWindowError { window: Numbered::WINDOW, total }, 0))
            }
            Next::RepeatedCursor => {
                let cursor = self.cursor().unwrap_or_default();
                Some(self.error(CursorError { cursor, empty_pages: None }, 0))
            }
            Next::TooManyEmptyPages => {
                let cursor = self.cursor().unwrap_or_default();
                Some(self.error(CursorError { cursor, empty_pages: Some(MOST_EMPTY_PAGES) }, 0))
            }
        }
    }
}

#[maybe_async]
impl<O: Paged> Walk<O> {
    /// Fetches the next page, knowing how many records are `wanted`, if there is a limit. Takes and gives back the walk, so
    /// that a step can run ahead in a thread or a future.
    pub(crate) async fn step(mut self, wanted: Option<u64>) -> Step<O> {
        if self.next != Next::Page {
            let error = self.end();
            return (self, error.map(Err));
        }
        // Kept from now on: a page number only means something as long as the size stays the same.
        let size = self.operation.paging().size();
        *size = Some(size.unwrap_or_else(|| pages::size(&O::PAGE_SIZES, wanted)));
        let answer = match self.client.answer(&self.operation, &self.options).await {
            Ok(answer) => answer,
            Err(error) => {
                self.next = Next::End;
                return (self, Some(Err(error)));
            }
        };
        let facts = Facts::of(&answer.output);
        self.total = facts.total;
        self.next = self.operation.paging().advance(facts);
        if let Next::WrongPage { asked } = self.next {
            self.next = Next::End;
            let error = self.error(wrong_page::<O>(asked, answer.meta), 1);
            return (self, Some(Err(error)));
        }
        (self, Some(Ok(answer.output)))
    }
}

/// Going on after a page that was not asked for would give the same records again and again.
fn wrong_page<O: Operation>(asked: u32, meta: Meta) -> DecodeError {
    DecodeError {
        meta,
        path: "pageNumber".to_owned(),
        type_name: std::any::type_name::<O::Output>(),
        body_start: RawBody::default(),
        problem: format!("page {asked} was asked for, and another one came"),
    }
}

flavored! {
    #[must_use = "pages are fetched as they are asked for"]
    pub struct Pages<O: Paged> {
        pub(super) state: State<O>,
        pub(super) prefetch: bool,
        total: Option<i64>,
        cursor: Option<String>,
    }
}

impl<O: Paged> Pages<O> {
    pub(crate) fn new(mut walk: Walk<O>) -> Self {
        let cursor = walk.cursor();
        Self { state: State::Waiting(walk), prefetch: false, total: None, cursor }
    }

    #[doc = flavored!(prefetch)]
    pub fn prefetch(mut self) -> Self {
        self.prefetch = true;
        self
    }

    /// How many records there are in all, as the last page said. Known after the first page, of listings by number.
    pub fn total(&self) -> Option<u64> {
        self.total.and_then(|total| total.try_into().ok())
    }

    /// Takes in what a step gave. `wanted` is how many records were wanted before it.
    pub(super) fn take(
        &mut self,
        (mut walk, page): Step<O>,
        wanted: Option<u64>,
    ) -> Option<Result<Listing<O::Item>, Error>> {
        self.total = walk.total;
        self.cursor = walk.cursor();
        if let Some(page) = &page {
            let records = page.as_ref().ok().and_then(|page| page.entities.as_ref()).map_or(0, Vec::len);
            let more = walk.goes_on() && wanted.is_none_or(|wanted| wanted > records as u64);
            self.state = if self.prefetch && more { Self::run_ahead(walk, wanted) } else { State::Waiting(walk) };
        }
        page
    }
}

impl<O: Paged<Paging: Resumable>> Pages<O> {
    /// Where to go on, in this process or in another: the cursor of the page that follows the last one handed out. `None`
    /// before the first page of a new walk, and after the last page.
    ///
    /// [`Request::cursor`](crate::Request::cursor) takes it, within 24 hours. After an error it is the cursor of the page that
    /// could not be fetched.
    pub fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}

flavored! {
    #[must_use = "records are fetched as they are asked for"]
    pub struct Items<O: Paged> {
        pub(super) pages: Pages<O>,
        pub(super) page: vec::IntoIter<O::Item>,
        /// How many more records are wanted, where there is a limit.
        pub(super) wanted: Option<u64>,
    }
}

impl<O: Paged> Items<O> {
    pub(crate) fn new(pages: Pages<O>) -> Self {
        Self { pages, page: Vec::new().into_iter(), wanted: None }
    }

    /// Ends after this many records, counted from here, and fetches no page that isn't needed for them.
    pub fn limit(mut self, records: u64) -> Self {
        self.wanted = Some(records);
        self
    }

    #[doc = flavored!(prefetch)]
    pub fn prefetch(mut self) -> Self {
        self.pages = self.pages.prefetch();
        self
    }

    /// How many records there are in all, as the last page said. Known after the first record, of listings by number.
    pub fn total(&self) -> Option<u64> {
        self.pages.total()
    }

    /// The next record of the page at hand.
    pub(super) fn pop(&mut self) -> Option<O::Item> {
        let Some(item) = self.page.next() else {
            // Frees the room of this page before there is another one.
            self.page = Vec::new().into_iter();
            return None;
        };
        self.wanted = self.wanted.map(|wanted| wanted.saturating_sub(1));
        Some(item)
    }
}

#[maybe_async]
impl<O: Paged> Items<O> {
    #[doc = flavored!(first)]
    pub async fn first(self) -> Result<Option<O::Item>, Error> {
        self.limit(1).next().await.transpose()
    }

    #[doc = flavored!(find)]
    #[allow(clippy::while_let_on_iterator, reason = "it is one in the blocking flavour only")]
    pub async fn find(&mut self, mut matches: impl FnMut(&O::Item) -> bool) -> Result<Option<O::Item>, Error> {
        while let Some(item) = self.next().await {
            let item = item?;
            if matches(&item) {
                return Ok(Some(item));
            }
        }
        Ok(None)
    }
}
