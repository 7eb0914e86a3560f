//! The async flavour: `dual/` as written, and what really differs.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::vec;

use futures_core::Stream;
use futures_core::stream::FusedStream;
pub(crate) use maybe_async::must_be_async as maybe_async;

use crate::config::Limits;
use crate::error::Error;
use crate::model::Listing;
use crate::operation::Paged;

#[path = "dual/client.rs"]
mod client;
#[path = "dual/pages.rs"]
mod pages;
#[path = "dual/session.rs"]
mod session;
#[path = "dual/transport.rs"]
mod transport;

pub(crate) use async_lock::Mutex as Lock;
pub use client::{Client, ClientBuilder};
pub use transport::Transport;

use pages::{Step, Walk};

#[cfg(feature = "reqwest")]
pub(crate) fn default_transport(limits: &Limits) -> Result<Arc<dyn Transport>, Error> {
    Ok(Arc::new(crate::transport::reqwest::Reqwest::new(limits)?))
}

#[cfg(not(feature = "reqwest"))]
pub(crate) fn default_transport(_: &Limits) -> Result<Arc<dyn Transport>, Error> {
    Err(Error::invalid("transport", "is missing; turn on the feature `reqwest`, or call transport(…)"))
}

/// The pages of a listing; see [`Request::pages`](crate::Request::pages).
///
/// Take them with [`next`](Pages::next), or as a [`Stream`]. Dropping the future of `next` loses nothing: the page
/// that it waited for comes with the next call.
#[must_use = "pages are fetched as they are asked for"]
pub struct Pages<O: Paged> {
    state: State<O>,
    prefetch: bool,
    total: Option<i64>,
}

enum State<O: Paged> {
    Waiting(Walk<O>),
    Running(Pin<Box<dyn Future<Output = Step<O>> + Send>>),
    Done,
}

impl<O: Paged> Pages<O> {
    pub(crate) fn new(walk: Walk<O>) -> Self {
        Self { state: State::Waiting(walk), prefetch: false, total: None }
    }

    /// Fetches one page ahead while you work on the last one.
    ///
    /// The request leaves at once, and goes on whenever you ask for something; there is no task of its own.
    pub fn prefetch(mut self) -> Self {
        self.prefetch = true;
        self
    }

    /// How many records there are in all, as the last page said. Known after the first page.
    pub fn total(&self) -> Option<u64> {
        self.total.and_then(|total| total.try_into().ok())
    }

    /// The next page, or `None` after the last one or an error.
    pub async fn next(&mut self) -> Option<Result<Listing<O::Item>, Error>> {
        poll_fn(|context| self.poll(context)).await
    }

    fn limit(&mut self, records: u64) {
        if let State::Waiting(walk) = &mut self.state {
            walk.wanted = Some(records);
        }
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Listing<O::Item>, Error>>> {
        let mut running = match std::mem::replace(&mut self.state, State::Done) {
            State::Waiting(walk) => Box::pin(walk.step()),
            State::Running(running) => running,
            State::Done => return Poll::Ready(None),
        };
        let Poll::Ready((walk, page)) = running.as_mut().poll(context) else {
            self.state = State::Running(running);
            return Poll::Pending;
        };
        self.total = walk.total;
        if page.is_some() {
            self.state = State::Waiting(walk);
            self.push_ahead();
        }
        Poll::Ready(page)
    }

    /// Starts the next page, or helps it on. Its waker is none: whoever needs the page polls it again.
    fn push_ahead(&mut self) {
        if !self.prefetch {
            return;
        }
        self.state = match std::mem::replace(&mut self.state, State::Done) {
            State::Waiting(walk) if walk.goes_on() => State::Running(Box::pin(walk.step())),
            state => state,
        };
        if let State::Running(running) = &mut self.state
            && let Poll::Ready(step) = running.as_mut().poll(&mut Context::from_waker(Waker::noop()))
        {
            self.state = State::Running(Box::pin(std::future::ready(step)));
        }
    }
}

impl<O: Paged> Stream for Pages<O> {
    type Item = Result<Listing<O::Item>, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(context)
    }
}

impl<O: Paged> FusedStream for Pages<O> {
    fn is_terminated(&self) -> bool {
        matches!(self.state, State::Done)
    }
}

/// The records of a listing; see [`Request::items`](crate::Request::items).
///
/// Take them with [`next`](Items::next), or as a [`Stream`]. Dropping the future of `next` loses nothing.
#[must_use = "records are fetched as they are asked for"]
pub struct Items<O: Paged> {
    pages: Pages<O>,
    page: vec::IntoIter<O::Item>,
}

impl<O: Paged> Items<O> {
    pub(crate) fn new(pages: Pages<O>) -> Self {
        Self { pages, page: Vec::new().into_iter() }
    }

    /// Ends after so many records, and fetches no page that isn't needed for them.
    pub fn limit(mut self, records: u64) -> Self {
        self.pages.limit(records);
        self
    }

    /// Fetches one page ahead while you work on the last one.
    ///
    /// The request leaves at once, and goes on whenever you ask for something; there is no task of its own.
    pub fn prefetch(mut self) -> Self {
        self.pages = self.pages.prefetch();
        self
    }

    /// How many records there are in all, as the last page said. Known after the first record.
    pub fn total(&self) -> Option<u64> {
        self.pages.total()
    }

    /// The next record, or `None` after the last one or an error.
    pub async fn next(&mut self) -> Option<Result<O::Item, Error>> {
        poll_fn(|context| self.poll(context)).await
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<O::Item, Error>>> {
        loop {
            if let Some(item) = self.page.next() {
                self.pages.push_ahead();
                return Poll::Ready(Some(Ok(item)));
            }
            match self.pages.poll(context) {
                Poll::Ready(Some(Ok(page))) => self.page = page.entities.unwrap_or_default().into_iter(),
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(error))),
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Pending => return Poll::Pending,
            }
        }
    }
}

// Nothing in them is pinned in place: the future has a box of its own.
impl<O: Paged> Unpin for Pages<O> {}
impl<O: Paged> Unpin for Items<O> {}

impl<O: Paged> Stream for Items<O> {
    type Item = Result<O::Item, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(context)
    }
}

impl<O: Paged> FusedStream for Items<O> {
    fn is_terminated(&self) -> bool {
        self.page.len() == 0 && self.pages.is_terminated()
    }
}
