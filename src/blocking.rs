//! The blocking flavour: `dual/` with `async` and `.await` taken out, and what really differs.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::vec;

pub(crate) use maybe_async::must_be_sync as maybe_async;

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

pub use client::{Client, ClientBuilder};
pub use transport::Transport;

use pages::{Step, Walk};

/// A lock that a panic elsewhere doesn't close: what it guards is replaced as a whole, so it is never half changed.
pub(crate) struct Lock<T>(Mutex<T>);

impl<T> Lock<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(Mutex::new(value))
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(feature = "ureq")]
pub(crate) fn default_transport(limits: &Limits) -> Result<Arc<dyn Transport>, Error> {
    Ok(Arc::new(crate::transport::ureq::Ureq::new(limits)))
}

#[cfg(not(feature = "ureq"))]
pub(crate) fn default_transport(_: &Limits) -> Result<Arc<dyn Transport>, Error> {
    Err(Error::invalid("transport", "is missing; turn on the feature `ureq`, or call transport(…)"))
}

/// The pages of a listing; see [`Request::pages`](crate::Request::pages).
#[must_use = "pages are fetched as they are asked for"]
pub struct Pages<O: Paged> {
    state: State<O>,
    prefetch: bool,
    total: Option<i64>,
}

enum State<O: Paged> {
    Waiting(Walk<O>),
    Ahead(JoinHandle<Step<O>>),
    Done,
}

impl<O: Paged> Pages<O> {
    pub(crate) fn new(walk: Walk<O>) -> Self {
        Self { state: State::Waiting(walk), prefetch: false, total: None }
    }

    /// Fetches one page ahead, on a thread of its own, while you work on the last one.
    pub fn prefetch(mut self) -> Self {
        self.prefetch = true;
        self
    }

    /// How many records there are in all, as the last page said. Known after the first page.
    pub fn total(&self) -> Option<u64> {
        self.total.and_then(|total| total.try_into().ok())
    }

    fn limit(&mut self, records: u64) {
        if let State::Waiting(walk) = &mut self.state {
            walk.wanted = Some(records);
        }
    }

    fn run_ahead(&mut self, walk: Walk<O>) -> State<O> {
        let spare = walk.clone();
        match thread::Builder::new().name("genesys-prefetch".into()).spawn(move || walk.step()) {
            Ok(ahead) => State::Ahead(ahead),
            // No thread to be had: the page is fetched when it is asked for.
            Err(_) => State::Waiting(spare),
        }
    }
}

impl<O: Paged> Iterator for Pages<O> {
    type Item = Result<Listing<O::Item>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let (walk, page) = match std::mem::replace(&mut self.state, State::Done) {
            State::Waiting(walk) => walk.step(),
            State::Ahead(ahead) => ahead.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            State::Done => return None,
        };
        self.total = walk.total;
        if page.is_some() {
            self.state = if self.prefetch && walk.goes_on() { self.run_ahead(walk) } else { State::Waiting(walk) };
        }
        page
    }
}

impl<O: Paged> std::iter::FusedIterator for Pages<O> {}

/// The records of a listing; see [`Request::items`](crate::Request::items).
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

    /// Fetches one page ahead, on a thread of its own, while you work on the last one.
    pub fn prefetch(mut self) -> Self {
        self.pages = self.pages.prefetch();
        self
    }

    /// How many records there are in all, as the last page said. Known after the first record.
    pub fn total(&self) -> Option<u64> {
        self.pages.total()
    }
}

impl<O: Paged> Iterator for Items<O> {
    type Item = Result<O::Item, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(item) = self.page.next() {
                return Some(Ok(item));
            }
            match self.pages.next()? {
                Ok(page) => self.page = page.entities.unwrap_or_default().into_iter(),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

impl<O: Paged> std::iter::FusedIterator for Items<O> {}
