//! Outcomes as an `Iterator`, and requests on threads.

use std::any::Any;
use std::collections::VecDeque;
use std::iter::FusedIterator;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use super::Transport;
use super::bulk::{Job, Landed, Outcomes};
use crate::bulk::{BulkOperation, BulkOutcome, Iterated};

/// Where records come from.
pub trait Source {
    /// A record, or the id of one.
    type Record;

    /// The next record.
    #[doc(hidden)]
    fn record(&mut self) -> Option<Self::Record>;
}

impl<I: Iterator> Source for Iterated<I> {
    type Record = I::Item;

    fn record(&mut self) -> Option<I::Item> {
        self.0.next()
    }
}

/// Requests that are under way, in the order of their records.
pub(crate) struct InFlight<O: BulkOperation>(VecDeque<Flight<O>>);

enum Flight<O: BulkOperation> {
    /// Sent when it is waited for.
    Here(Job<O>),
    /// On a thread. The job is there until the thread takes it.
    Besides(Receiver<thread::Result<Landed<O>>>, Arc<Mutex<Option<Job<O>>>>, #[allow(dead_code)] Box<dyn Any + Send>),
}

impl<O: BulkOperation> Default for InFlight<O> {
    fn default() -> Self {
        Self(VecDeque::new())
    }
}

impl<O: BulkOperation> InFlight<O> {
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn add(&mut self, job: Job<O>, transport: &dyn Transport, besides: bool) {
        if !besides {
            self.0.push_back(Flight::Here(job));
            return;
        }
        let (sender, receiver) = mpsc::sync_channel(1);
        let job = Arc::new(Mutex::new(Some(job)));
        let taken = Arc::clone(&job);
        let work = Box::new(move || {
            if let Some(job) = take(&taken) {
                // A panic goes to whoever waits for the outcomes, as it would without the thread.
                drop(sender.send(catch_unwind(AssertUnwindSafe(|| job.run()))));
            }
        });
        match transport.spawn(work) {
            Ok(running) => self.0.push_back(Flight::Besides(receiver, job, running)),
            Err(_) => self.0.extend(take(&job).map(Flight::Here)),
        }
    }

    /// Waits for the request whose records come first.
    fn wait(&mut self) -> Option<Landed<O>> {
        Some(match self.0.pop_front()? {
            Flight::Here(job) => job.run(),
            Flight::Besides(receiver, job, _) => match receiver.recv() {
                Ok(Ok(landed)) => landed,
                Ok(Err(panic)) => resume_unwind(panic),
                // The thread did not begin, so that the job is still here.
                Err(_) => take(&job).map(Job::run).unwrap_or_default(),
            },
        })
    }
}

fn take<T>(slot: &Mutex<Option<T>>) -> Option<T> {
    slot.lock().unwrap_or_else(PoisonError::into_inner).take()
}

impl<O: BulkOperation, R: Source<Record: Into<O::Input>>> Iterator for Outcomes<O, R> {
    type Item = BulkOutcome<O::Input, O::Record>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(outcome) = self.pop() {
                return Some(outcome);
            }
            loop {
                while self.batches.wants_more() && self.has_room() {
                    let record = self.records.record();
                    self.batches.push(record.map(Into::into));
                }
                if !self.launch() {
                    break;
                }
            }
            let landed = self.in_flight.wait()?;
            self.land(landed);
        }
    }
}

impl<O: BulkOperation, R: Source<Record: Into<O::Input>>> FusedIterator for Outcomes<O, R> {}
