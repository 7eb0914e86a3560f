//! Outcomes as a `Stream`.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::stream::{FusedStream, FuturesOrdered, Stream, StreamExt as _};

use super::bulk::{Job, Landed, Outcomes};
use super::{Later, Transport};
use crate::bulk::{BulkOperation, BulkOutcome, Iterated, Streamed};

/// Where records come from.
pub trait Source {
    /// A record, or the id of one.
    type Record;

    /// The next record.
    #[doc(hidden)]
    fn poll_record(&mut self, context: &mut Context<'_>) -> Poll<Option<Self::Record>>;
}

impl<I: Iterator> Source for Iterated<I> {
    type Record = I::Item;

    fn poll_record(&mut self, _: &mut Context<'_>) -> Poll<Option<I::Item>> {
        Poll::Ready(self.0.next())
    }
}

impl<S: Stream> Source for Streamed<S> {
    type Record = S::Item;

    fn poll_record(&mut self, context: &mut Context<'_>) -> Poll<Option<S::Item>> {
        self.0.as_mut().poll_next(context)
    }
}

/// Requests that are under way, in the order of their records. They go on when outcomes are asked for.
pub(crate) struct InFlight<O: BulkOperation>(FuturesOrdered<Later<'static, Landed<O>>>);

impl<O: BulkOperation> Default for InFlight<O> {
    fn default() -> Self {
        Self(FuturesOrdered::new())
    }
}

impl<O: BulkOperation> InFlight<O> {
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn add(&mut self, job: Job<O>, _: &dyn Transport, _: bool) {
        self.0.push_back(Box::pin(job.run()));
    }
}

impl<O: BulkOperation, R: Source<Record: Into<O::Input>>> Outcomes<O, R> {
    /// The next outcome, or `None` after the last one.
    pub async fn next(&mut self) -> Option<BulkOutcome<O::Input, O::Record>> {
        poll_fn(|context| self.poll(context)).await
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<BulkOutcome<O::Input, O::Record>>> {
        loop {
            if let Some(outcome) = self.pop() {
                return Poll::Ready(Some(outcome));
            }
            let mut waits_for_records = false;
            loop {
                while !waits_for_records && self.batches.wants_more() && self.has_room() {
                    match self.records.poll_record(context) {
                        Poll::Ready(record) => self.batches.push(record.map(Into::into)),
                        Poll::Pending => waits_for_records = true,
                    }
                }
                if !self.launch() {
                    break;
                }
            }
            match self.in_flight.0.poll_next_unpin(context) {
                Poll::Ready(Some(landed)) => self.land(landed),
                Poll::Ready(None) if waits_for_records => return Poll::Pending,
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Pending => return Poll::Pending,
            }
        }
    }
}

// Nothing in it is pinned in place: futures and streams have boxes of their own.
impl<O: BulkOperation, R> Unpin for Outcomes<O, R> {}

impl<O: BulkOperation, R: Source<Record: Into<O::Input>>> Stream for Outcomes<O, R> {
    type Item = BulkOutcome<O::Input, O::Record>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(context)
    }
}

impl<O: BulkOperation, R: Source<Record: Into<O::Input>>> FusedStream for Outcomes<O, R> {
    fn is_terminated(&self) -> bool {
        self.is_over()
    }
}
