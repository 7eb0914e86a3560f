//! Jobs that are watched, as a stream.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::stream::{FusedStream, Stream};

use super::Later;
use super::job::{AsyncPolls as Polls, Step, Watch};
use crate::error::Error;
use crate::operation::Polled;

/// How far watching a job is.
pub(crate) enum PollState<O: Polled> {
    Waiting(Box<Watch<O>>),
    Running(Later<'static, Step<O>>),
    Done,
}

impl<O: Polled> Polls<O> {
    /// The next answer, or `None` after the last one or an error.
    pub async fn next(&mut self) -> Option<Result<O::Output, Error>> {
        poll_fn(|context| self.poll(context)).await
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<O::Output, Error>>> {
        loop {
            match std::mem::replace(&mut self.state, PollState::Done) {
                PollState::Waiting(watch) => self.state = PollState::Running(Box::pin(watch.step())),
                PollState::Running(mut running) => match running.as_mut().poll(context) {
                    Poll::Ready(Step::Running(answer, watch)) => {
                        self.state = PollState::Waiting(watch);
                        return Poll::Ready(Some(Ok(answer)));
                    }
                    Poll::Ready(Step::Over(result)) => return Poll::Ready(Some(result)),
                    Poll::Pending => {
                        self.state = PollState::Running(running);
                        return Poll::Pending;
                    }
                },
                PollState::Done => return Poll::Ready(None),
            }
        }
    }
}

// Nothing in it is pinned in place: the future has a box of its own.
impl<O: Polled> Unpin for Polls<O> {}

impl<O: Polled> Stream for Polls<O> {
    type Item = Result<O::Output, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(context)
    }
}

impl<O: Polled> FusedStream for Polls<O> {
    fn is_terminated(&self) -> bool {
        matches!(self.state, PollState::Done)
    }
}
