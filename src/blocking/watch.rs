//! Jobs that are watched, as an iterator.

use super::job::{Polls, Step, Watch};
use crate::error::Error;
use crate::operation::Polled;

/// How far watching a job is.
pub(crate) enum PollState<O: Polled> {
    Waiting(Box<Watch<O>>),
    Done,
}

impl<O: Polled> Iterator for Polls<O> {
    type Item = Result<O::Output, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let PollState::Waiting(watch) = std::mem::replace(&mut self.state, PollState::Done) else { return None };
        match watch.step() {
            Step::Running(answer, watch) => {
                self.state = PollState::Waiting(watch);
                Some(Ok(answer))
            }
            Step::Over(result) => Some(result),
        }
    }
}

impl<O: Polled> std::iter::FusedIterator for Polls<O> {}
