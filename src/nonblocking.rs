//! The async flavour: `dual/` as written, and what really differs.

use std::any::Any;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

use futures_util::stream::{FusedStream, Stream};
pub(crate) use maybe_async::must_be_async as maybe_async;

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

#[cfg(feature = "reqwest")]
pub(crate) fn default_transport(limits: &Limits, connection: &Connection) -> Result<Arc<dyn Transport>, Error> {
    Ok(Arc::new(crate::transport::reqwest::Reqwest::new(limits, connection)?))
}

#[cfg(not(feature = "reqwest"))]
pub(crate) fn default_transport(_: &Limits, _: &Connection) -> Result<Arc<dyn Transport>, Error> {
    Err(Error::invalid("transport", "is missing; turn on the feature `reqwest`, or call transport(…)"))
}

/// How far a walk through pages is.
pub(crate) enum State<O: Paged> {
    Waiting(Walk<O>),
    Running(Later<'static, Step<O>>),
    Ahead(Ahead<O>),
    Done,
}

/// A page that is being fetched in the background.
pub(crate) struct Ahead<O: Paged> {
    page: Receiver<Step<O>>,
    /// The walk where it stood before, in case nothing comes.
    walk: Walk<O>,
    /// Ends the work when it is dropped.
    _work: Box<dyn Any + Send>,
}

/// Something that is there later.
pub(crate) type Later<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Something to run besides.
pub(crate) type Work = Later<'static, ()>;

/// There is no runtime here to run it: a transport that has one says so.
pub(crate) fn spawn(work: Work) -> Result<Box<dyn Any + Send>, Work> {
    Err(work)
}

pub(crate) fn spawn_detached(work: Work) -> Result<(), Work> {
    Err(work)
}

/// Takes what a task sends, once. `None` if the task ended before.
struct Receiver<T>(Arc<Mutex<Slot<T>>>);

struct Sender<T>(Arc<Mutex<Slot<T>>>);

struct Slot<T> {
    value: Option<T>,
    is_over: bool,
    waker: Option<Waker>,
}

fn channel<T>() -> (Sender<T>, Receiver<T>) {
    let slot = Arc::new(Mutex::new(Slot { value: None, is_over: false, waker: None }));
    (Sender(Arc::clone(&slot)), Receiver(slot))
}

impl<T> Sender<T> {
    fn send(self, value: T) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).value = Some(value);
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        let waker = {
            let mut slot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            slot.is_over = true;
            slot.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl<T> Receiver<T> {
    fn poll(&self, context: &Context<'_>) -> Poll<Option<T>> {
        let mut slot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if slot.is_over {
            return Poll::Ready(slot.value.take());
        }
        slot.waker = Some(context.waker().clone());
        Poll::Pending
    }
}

impl<O: Paged> Pages<O> {
    /// The next page, or `None` after the last one or an error.
    pub async fn next(&mut self) -> Option<Result<Listing<O::Item>, Error>> {
        poll_fn(|context| self.poll(context, None)).await
    }

    /// The next page, of which so many records are wanted.
    fn poll(
        &mut self,
        context: &mut Context<'_>,
        wanted: Option<u64>,
    ) -> Poll<Option<Result<Listing<O::Item>, Error>>> {
        let step = loop {
            match std::mem::replace(&mut self.state, State::Done) {
                State::Waiting(walk) => self.state = State::Running(Box::pin(walk.step(wanted))),
                State::Running(mut running) => match running.as_mut().poll(context) {
                    Poll::Ready(step) => break step,
                    Poll::Pending => {
                        self.state = State::Running(running);
                        return Poll::Pending;
                    }
                },
                State::Ahead(ahead) => match ahead.page.poll(context) {
                    Poll::Ready(Some(step)) => break step,
                    Poll::Ready(None) => self.state = State::Waiting(ahead.walk),
                    Poll::Pending => {
                        self.state = State::Ahead(ahead);
                        return Poll::Pending;
                    }
                },
                State::Done => return Poll::Ready(None),
            }
        };
        Poll::Ready(self.take(step, wanted))
    }

    pub(crate) fn run_ahead(walk: Walk<O>, wanted: Option<u64>) -> State<O> {
        let (sender, page) = channel();
        let ahead = walk.clone();
        let work = Box::pin(async move { sender.send(ahead.step(wanted).await) });
        match walk.spawn(work) {
            Some(work) => State::Ahead(Ahead { page, walk, _work: work }),
            None => State::Waiting(walk),
        }
    }
}

impl<O: Paged> Stream for Pages<O> {
    type Item = Result<Listing<O::Item>, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(context, None)
    }
}

impl<O: Paged> FusedStream for Pages<O> {
    fn is_terminated(&self) -> bool {
        matches!(self.state, State::Done)
    }
}

impl<O: Paged> Items<O> {
    /// The next record, or `None` after the last one or an error.
    pub async fn next(&mut self) -> Option<Result<O::Item, Error>> {
        poll_fn(|context| self.poll(context)).await
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<O::Item, Error>>> {
        while self.wanted != Some(0) {
            if let Some(item) = self.pop() {
                return Poll::Ready(Some(Ok(item)));
            }
            match self.pages.poll(context, self.wanted) {
                Poll::Ready(Some(Ok(page))) => self.page = page.entities.unwrap_or_default().into_iter(),
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(error))),
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Pending => return Poll::Pending,
            }
        }
        Poll::Ready(None)
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
        self.wanted == Some(0) || self.page.len() == 0 && self.pages.is_terminated()
    }
}
