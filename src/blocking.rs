//! The blocking flavour: `dual/` with `async` and `.await` taken out, and what really differs.

use std::any::Any;
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

pub(crate) use maybe_async::must_be_sync as maybe_async;

use crate::config::{Connection, Limits};
use crate::error::Error;
use crate::model::Listing;
use crate::operation::Paged;

#[path = "dual/builder.rs"]
mod builder;
#[path = "dual/call.rs"]
mod call;
#[path = "dual/client.rs"]
mod client;
mod flight;
#[path = "dual/pages.rs"]
mod pages;
#[path = "dual/session.rs"]
mod session;
#[path = "dual/transport.rs"]
mod transport;

pub use builder::ClientBuilder;
pub use client::Client;
pub use pages::{Items, Pages};
pub use transport::Transport;

use pages::{Step, Walk};

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

/// Runs work on a thread of its own, or gives it back where there can be none.
pub(crate) fn spawn_detached(work: Work) -> Result<(), Work> {
    // A thread that can't be started would take the work with it.
    let work = Arc::new(Mutex::new(Some(work)));
    let taken = Arc::clone(&work);
    let take = |work: &Mutex<Option<Work>>| work.lock().unwrap_or_else(PoisonError::into_inner).take();
    let started = thread::Builder::new().name("genesys-background".into()).spawn(move || {
        if let Some(work) = take(&taken) {
            work();
        }
    });
    match started {
        Ok(_) => Ok(()),
        Err(_) => take(&work).map_or(Ok(()), Err),
    }
}

/// A thread goes on whatever becomes of its handle.
pub(crate) fn spawn(work: Work) -> Result<Box<dyn Any + Send>, Work> {
    spawn_detached(work).map(|()| Box::new(()) as _)
}

/// How far a walk through pages is.
pub(crate) enum State<O: Paged> {
    Waiting(Walk<O>),
    /// A page is being fetched in the background. The walk is where it stood before, in case nothing comes.
    Ahead(Receiver<Step<O>>, Walk<O>),
    Done,
}

impl<O: Paged> Pages<O> {
    pub(crate) fn run_ahead(walk: Walk<O>, wanted: Option<u64>) -> State<O> {
        let (sender, receiver) = mpsc::sync_channel(1);
        let ahead = walk.clone();
        // If the iterator was dropped, nobody receives any more.
        let work = Box::new(move || drop(sender.send(ahead.step(wanted))));
        match walk.spawn(work) {
            Some(_) => State::Ahead(receiver, walk),
            None => State::Waiting(walk),
        }
    }

    /// The next page, of which so many records are wanted.
    fn step(&mut self, wanted: Option<u64>) -> Option<Result<Listing<O::Item>, Error>> {
        let step = match std::mem::replace(&mut self.state, State::Done) {
            State::Waiting(walk) => walk.step(wanted),
            State::Ahead(receiver, walk) => receiver.recv().unwrap_or_else(|_| walk.step(wanted)),
            State::Done => return None,
        };
        self.take(step, wanted)
    }
}

impl<O: Paged> Iterator for Pages<O> {
    type Item = Result<Listing<O::Item>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.step(None)
    }
}

impl<O: Paged> std::iter::FusedIterator for Pages<O> {}

impl<O: Paged> Iterator for Items<O> {
    type Item = Result<O::Item, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.wanted != Some(0) {
            if let Some(item) = self.pop() {
                return Some(Ok(item));
            }
            match self.pages.step(self.wanted)? {
                Ok(page) => self.page = page.entities.unwrap_or_default().into_iter(),
                Err(error) => return Some(Err(error)),
            }
        }
        None
    }
}

impl<O: Paged> std::iter::FusedIterator for Items<O> {}
