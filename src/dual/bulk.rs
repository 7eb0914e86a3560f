use std::fmt;
use std::vec;

use super::client::Client;
use super::maybe_async;
use super::outcomes::{InFlight, Source};
use crate::bulk::{BulkOperation, BulkOutcome, BulkProgress, BulkRequest, BulkSummary};
use crate::decide::bulk::{Batch, Batches};
use crate::decide::retry::{self, Failure};
use crate::operation::CallOptions;
use crate::random;

/// A request with its records, on its way.
pub(crate) struct Job<O: BulkOperation> {
    client: Client,
    options: CallOptions,
    batch: Batch<O>,
}

/// What became of a request.
pub(crate) struct Landed<O: BulkOperation> {
    outcomes: Vec<BulkOutcome<O::Input, O::Record>>,
    keys: Vec<String>,
    requests: u64,
}

impl<O: BulkOperation> Default for Landed<O> {
    fn default() -> Self {
        Self { outcomes: Vec::new(), keys: Vec::new(), requests: 0 }
    }
}

#[maybe_async]
impl<O: BulkOperation> Job<O> {
    /// Sends the records, and those that may be sent again once more, until each has its outcome.
    pub(super) async fn run(self) -> Landed<O> {
        let Self { client, options, mut batch } = self;
        let transport = client.transport();
        let policy = options.retry.as_ref().unwrap_or(&client.inner.retry);
        let began = transport.now();
        let (mut attempt, mut requests) = (0, 0);
        while let Some(operation) = batch.operation() {
            attempt += 1;
            let (answer, tries) = client.answer_and_tries(&operation, &options).await;
            requests += u64::from(tries.count);
            match answer {
                Ok(answer) => batch.settle(answer.output, tries.earlier_in_doubt),
                Err(error) => batch.fail(&error),
            }
            let left = batch.left();
            if left == 0 {
                break;
            }
            let elapsed = transport.now().saturating_duration_since(began);
            let failure = Failure { attempt, retryable: true, retry_after: None, elapsed };
            let Some(wait) = retry::wait(policy, failure, random::fraction()) else { break };
            log::warn!("{}: {left} records are sent again in {} ms", O::ROUTE, wait.as_millis());
            transport.sleep_until(super::call::after(transport.now(), wait)).await;
        }
        let (outcomes, keys) = batch.finish();
        Landed { outcomes, keys, requests }
    }
}

flavored! {
    #[must_use = "nothing is sent before outcomes are taken"]
    pub struct Outcomes<O: BulkOperation, R> {
        client: Client,
        options: CallOptions,
        concurrency: usize,
        pub(super) records: R,
        pub(super) batches: Batches<O>,
        pub(super) in_flight: InFlight<O>,
        ready: vec::IntoIter<BulkOutcome<O::Input, O::Record>>,
        progress: BulkProgress,
    }
}

impl<O: BulkOperation, R> Outcomes<O, R> {
    /// How far it has come, for a progress bar. It counts the outcomes that were handed out.
    pub fn progress(&self) -> BulkProgress {
        self.progress
    }

    /// Whether another request may leave.
    pub(super) fn has_room(&self) -> bool {
        self.in_flight.len() < self.concurrency
    }

    /// Sends off what is ready to leave. False if nothing did, because it takes more records or a request to come back.
    pub(super) fn launch(&mut self) -> bool {
        if !self.has_room() {
            return false;
        }
        let Some(batch) = self.batches.take() else { return false };
        let job = Job { client: self.client.clone(), options: self.options.clone(), batch };
        self.in_flight.add(job, self.client.transport(), self.concurrency > 1);
        true
    }

    /// Takes in what became of a request.
    pub(super) fn land(&mut self, landed: Landed<O>) {
        self.batches.landed(landed.keys);
        self.progress.requests += landed.requests;
        self.ready = landed.outcomes.into_iter();
    }

    /// The next outcome of the request at hand.
    pub(super) fn pop(&mut self) -> Option<BulkOutcome<O::Input, O::Record>> {
        let outcome = self.ready.next()?;
        match outcome.result {
            Ok(_) => self.progress.done += 1,
            Err(_) => self.progress.failed += 1,
        }
        Some(outcome)
    }

    /// Whether there is nothing more to come.
    #[allow(dead_code, reason = "only streams can be asked whether they are over")]
    pub(super) fn is_over(&self) -> bool {
        self.ready.len() == 0 && self.in_flight.len() == 0 && self.batches.is_over()
    }
}

impl<O: BulkOperation, R> fmt::Debug for Outcomes<O, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outcomes").field("progress", &self.progress).finish_non_exhaustive()
    }
}

impl<O: BulkOperation, R: Source<Record: Into<O::Input>>> BulkRequest<Client, O, R> {
    /// What becomes of each record, in the order of the input. Requests are sent as it is drained.
    pub fn outcomes(self) -> Outcomes<O, R> {
        Outcomes {
            client: self.client,
            options: self.options,
            concurrency: self.concurrency,
            records: self.records,
            batches: Batches::new(self.chunk_size),
            in_flight: InFlight::default(),
            ready: Vec::new().into_iter(),
            progress: BulkProgress::default(),
        }
    }
}

#[maybe_async]
impl<O: BulkOperation, R: Source<Record: Into<O::Input>>> BulkRequest<Client, O, R> {
    /// Sends all records, and counts what becomes of them. The failures are kept, up to
    /// [`MOST_FAILURES`](BulkSummary::MOST_FAILURES).
    pub async fn run(self) -> BulkSummary<O::Input, O::Record> {
        let mut outcomes = self.outcomes();
        let mut failures = Vec::new();
        while let Some(outcome) = outcomes.next().await {
            if outcome.result.is_err() && failures.len() < BulkSummary::<O::Input, O::Record>::MOST_FAILURES {
                failures.push(outcome);
            }
        }
        BulkSummary::new(outcomes.progress(), failures)
    }
}
