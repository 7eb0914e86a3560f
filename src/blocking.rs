//! The blocking flavour: `dual/` with `async` and `.await` taken out, and what really differs.

use std::any::Any;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex, PoisonError};
use std::{thread, vec};

use http::HeaderValue;
pub(crate) use maybe_async::must_be_sync as maybe_async;

use crate::config::{Connection, Limits};
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

/// One sign-in at a time: a lock that is held while signing in.
#[derive(Default)]
pub(crate) struct Turn {
    /// How many sign-ins have come to an end. Who reads it before waiting for the lock learns whether one ended
    /// meanwhile.
    ended: AtomicU64,
    /// How the last sign-in failed, for those who waited for it.
    failure: Mutex<Option<Error>>,
}

impl Turn {
    pub(crate) fn take(
        &self,
        usable: impl Fn() -> Option<HeaderValue>,
        sign_in: impl FnOnce() -> Result<HeaderValue, Error>,
    ) -> Result<HeaderValue, Error> {
        let ended = self.ended.load(Ordering::Acquire);
        // A panic elsewhere doesn't close the lock: what it guards is replaced as a whole.
        let mut failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(header) = usable() {
            return Ok(header);
        }
        if let Some(failure) = &*failure
            && self.ended.load(Ordering::Acquire) != ended
        {
            return Err(failure.clone());
        }
        let outcome = sign_in();
        *failure = outcome.as_ref().err().cloned();
        self.ended.fetch_add(1, Ordering::Release);
        outcome
    }
}

#[cfg(feature = "ureq")]
pub(crate) fn default_transport(limits: &Limits, connection: &Connection) -> Result<Arc<dyn Transport>, Error> {
    Ok(Arc::new(crate::transport::ureq::Ureq::new(limits, connection)?))
}

#[cfg(not(feature = "ureq"))]
pub(crate) fn default_transport(_: &Limits, _: &Connection) -> Result<Arc<dyn Transport>, Error> {
    Err(Error::invalid("transport", "is missing; turn on the feature `ureq`, or call transport(…)"))
}

/// Something to run besides.
pub(crate) type Work = Box<dyn FnOnce() + Send>;

/// Runs work on a thread of its own, which is not waited for.
pub(crate) fn spawn(work: Work) -> Result<Box<dyn Any + Send>, Work> {
    // A closure that could not be run is lost, but not what it was to do: whoever spawned it sees that nothing comes.
    let _ = thread::Builder::new().name("genesys-prefetch".into()).spawn(work);
    Ok(Box::new(()))
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
    /// A page is being fetched besides. The walk is where it stood before, in case nothing comes.
    Ahead(Receiver<Step<O>>, Walk<O>),
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

    fn run_ahead(walk: Walk<O>) -> State<O> {
        let (sender, receiver) = mpsc::sync_channel(1);
        let ahead = walk.clone();
        // Nobody listens any more if the iterator was dropped.
        let work = Box::new(move || drop(sender.send(ahead.step())));
        match walk.spawn(work) {
            Some(_) => State::Ahead(receiver, walk),
            None => State::Waiting(walk),
        }
    }
}

impl<O: Paged> Iterator for Pages<O> {
    type Item = Result<Listing<O::Item>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let (walk, page) = match std::mem::replace(&mut self.state, State::Done) {
            State::Waiting(walk) => walk.step(),
            State::Ahead(receiver, walk) => receiver.recv().unwrap_or_else(|_| walk.step()),
            State::Done => return None,
        };
        self.total = walk.total;
        if page.is_some() {
            self.state = if self.prefetch && walk.goes_on() { Self::run_ahead(walk) } else { State::Waiting(walk) };
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

    /// Ends after so many records, and fetches no page that isn't needed for them. Say so before the first one is taken.
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
            // Frees the room of this page before there is another one.
            self.page = Vec::new().into_iter();
            match self.pages.next()? {
                Ok(page) => self.page = page.entities.unwrap_or_default().into_iter(),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

impl<O: Paged> std::iter::FusedIterator for Items<O> {}
