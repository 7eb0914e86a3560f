use std::time::{Duration, Instant};

use super::call::after;
use super::{Client, PollState, maybe_async};
use crate::decide::job::{self, Next, Seen, Wait};
use crate::error::{CallFacts, Error, JobEnd, JobError, JobFacts};
use crate::imports::{GetImportJob, ImportJob};
use crate::journeys::{SegmentUpdate, UpdateSegments};
use crate::operation::{CallOptions, Job, Polled, Progress, Request};
use crate::random;
use crate::retry::RetryPolicy;

/// A job that is watched. How it stands is in here, and with the service; nothing ends it.
pub(crate) struct Watch<O: Polled> {
    client: Client,
    operation: O,
    options: CallOptions,
    judge: fn(&O::Output) -> Progress,
    limit: Duration,
    wait: Wait,
    /// When the first look began.
    began: Option<Instant>,
    /// When the next look is due.
    due: Option<Instant>,
    looks: u32,
    status: Option<String>,
}

/// What a step of a watch gives.
pub(crate) enum Step<O: Polled> {
    Running(O::Output, Box<Watch<O>>),
    Over(Result<O::Output, Error>),
}

impl<O: Polled> Watch<O> {
    fn new(request: Request<Client, O>, limit: Duration, judge: fn(&O::Output) -> Progress) -> Box<Self> {
        let Request { client, operation, options } = request;
        let wait = Wait::new(options.pace.clone().unwrap_or_default(), limit);
        let (began, due, looks, status) = (None, None, 0, None);
        Box::new(Self { client, operation, options, judge, limit, wait, began, due, looks, status })
    }

    /// One look is one try, unless the caller says otherwise: there will be another one. It ends soon after the limit.
    fn options(&self, elapsed: Duration) -> CallOptions {
        let once = || RetryPolicy { max_attempts: 1, ..self.client.inner.retry.clone() };
        let mut policy = self.options.retry.clone().unwrap_or_else(once);
        let limits = self.options.limits.unwrap_or(self.client.inner.limits);
        policy.deadline = policy.deadline.min(self.wait.left(elapsed).max(limits.call_timeout));
        CallOptions { retry: Some(policy), ..self.options.clone() }
    }

    fn facts(&self) -> JobFacts {
        JobFacts { id: self.operation.job_id().to_owned(), status: self.status.clone() }
    }

    fn error(&self, error: JobError) -> Error {
        let call = CallFacts {
            route: O::ROUTE,
            repeat: self.operation.repeat(),
            attempts: self.looks,
            may_have_been_applied: false,
        };
        Error::from(error).of_call(call).of_job(self.facts())
    }
}

#[maybe_async]
impl<O: Polled> Watch<O> {
    /// Looks until there is something to tell.
    pub(crate) async fn step(mut self: Box<Self>) -> Step<O> {
        loop {
            if let Some(due) = self.due.take() {
                self.client.transport().sleep_until(due).await;
            }
            let began = *self.began.get_or_insert_with(|| self.client.transport().now());
            let elapsed = self.client.transport().now().saturating_duration_since(began);
            self.looks = self.looks.saturating_add(1);
            let options = self.options(elapsed);
            let looked = self.client.answer(&self.operation, &options).await;
            let (mut code, mut reason) = (None, String::new());
            let (seen, asked) = match &looked {
                Ok(answer) => {
                    self.status = O::status(&answer.output).map(str::to_owned);
                    let seen = match (self.judge)(&answer.output) {
                        Progress::Running => Seen::Running,
                        Progress::Done => Seen::Done,
                        Progress::WaitsForYou => Seen::WaitsForYou,
                        Progress::Failed { code: given, reason: words } => {
                            (code, reason) = (given, words);
                            Seen::Failed
                        }
                    };
                    (seen, answer.meta.retry_after())
                }
                Err(error) => (job::failed_look(error, O::MAY_NOT_BE_THERE_YET), error.retry_after()),
            };
            let now = self.client.transport().now();
            let next = self.wait.next(seen, asked, now.saturating_duration_since(began), random::fraction());
            let end = match next {
                Next::Look(wait) => {
                    self.due = Some(after(now, wait));
                    match looked {
                        Ok(answer) => return Step::Running(answer.output, self),
                        Err(error) => {
                            let (route, wait_ms) = (O::ROUTE, wait.as_millis());
                            log::warn!("{route}: a look at a job failed ({}), next in {wait_ms} ms", error.summary());
                            continue;
                        }
                    }
                }
                Next::Done | Next::GiveUp => {
                    let looked = looked.map(|answer| answer.output);
                    return Step::Over(looked.map_err(|error| error.of_job(self.facts())));
                }
                Next::TimedOut => JobEnd::TimedOut { limit: self.limit },
                Next::Failed => JobEnd::Failed { reason },
                Next::WaitsForYou => JobEnd::WaitsForYou,
            };
            let (correlation_id, last_failure) = match looked {
                Ok(answer) => (answer.meta.correlation_id().map(str::to_owned), None),
                Err(error) => (error.correlation_id().map(str::to_owned), Some(error)),
            };
            return Step::Over(Err(self.error(JobError { end, code, correlation_id, last_failure })));
        }
    }

    /// Looks until it is over.
    async fn finish(mut self: Box<Self>) -> Result<O::Output, Error> {
        loop {
            match self.step().await {
                Step::Running(_, watch) => self = watch,
                Step::Over(result) => return result,
            }
        }
    }
}

flavored! {
    #[must_use = "a job is looked at as answers are asked for"]
    pub struct Polls<O: Polled> {
        pub(super) state: PollState<O>,
    }
}

impl<O: Polled> Request<Client, O> {
    /// Watches the job: each answer comes as it is, the first at once, the others at the [`pace`](Request::pace). The last
    /// one is that of the job that is done, or an error.
    ///
    /// A look that fails is no answer, unless there is no hope in another one. The limit is as for
    /// [`wait`](Request::wait). Dropping this ends nothing but the looking: the job goes on.
    pub fn polls(self, limit: Duration) -> Polls<O> {
        Polls { state: PollState::Waiting(Watch::new(self, limit, O::progress)) }
    }
}

#[maybe_async]
impl<O: Job> Request<Client, O> {
    /// Waits until the job has ended, and returns its last answer.
    ///
    /// The id of the job is all that it takes to wait for it: in this process or in another, again after an error, and
    /// by several at once. Dropping this, or the program that waits, ends nothing but the waiting: the job goes on.
    ///
    /// `limit` is the time after which waiting is given up. It looks a last time then, so that it may take as long as
    /// that look in addition. The [`pace`](Request::pace) says how often it looks.
    ///
    /// # Errors
    ///
    /// [`job`](Error::job) of each has the id and the last status.
    ///
    /// - [`ErrorKind::Job`](crate::ErrorKind::Job): the limit is over ([`is_timeout`](Error::is_timeout)), the job failed, or it
    ///   waits to be told how to go on, and has for a minute. [`JobError::end`] says which.
    /// - At once, whatever else ends a look for good: 401, 403, 404, 422, an answer that can't be read. What may pass does not
    ///   end it: 429, a status from 500 on, a connection that breaks; nor, for the details of an upload, 404 and 409.
    pub async fn wait(self, limit: Duration) -> Result<O::Output, Error> {
        Watch::new(self, limit, O::progress).finish().await
    }
}

#[maybe_async]
impl Request<Client, GetImportJob> {
    /// Waits until the dry run of the import is done: [`metadata`](ImportJob::metadata) has its figures and its report.
    /// The import has changed nothing yet, and goes on when it is [told](crate::imports::ImportJobs::update) to.
    ///
    /// # Errors
    ///
    /// As `wait` of other jobs: [`ErrorKind::Job`](crate::ErrorKind::Job) when the limit is over, and when the import failed
    /// or was cancelled.
    pub async fn wait_validated(self, limit: Duration) -> Result<ImportJob, Error> {
        Watch::new(self, limit, GetImportJob::validation).finish().await
    }

    /// Waits until the import is done: [`metadata`](ImportJob::metadata) has its figures and its report.
    ///
    /// An import stops after its dry run. One that has stood there for a minute without being
    /// [told](crate::imports::ImportJobs::update) to go on ends the wait.
    ///
    /// # Errors
    ///
    /// As `wait` of other jobs: [`ErrorKind::Job`](crate::ErrorKind::Job) when the limit is over, when the import failed or was
    /// cancelled, and with [`JobEnd::WaitsForYou`] when nobody has told it to go on.
    pub async fn wait_finished(self, limit: Duration) -> Result<ImportJob, Error> {
        Watch::new(self, limit, GetImportJob::progress).finish().await
    }
}

/// How often segments that came back unprocessed are sent again.
const MOST_ROUNDS: u32 = 5;

#[maybe_async]
impl Request<Client, UpdateSegments> {
    /// Sends all segments, in as many requests as it takes, and again those that the service did not get to: up to five
    /// times. What is left after that is in the answer; nothing is, normally.
    ///
    /// # Errors
    ///
    /// Those of the first request that fails. What came before it is done: to do it all again does no harm.
    pub async fn complete(self) -> Result<SegmentUpdate, Error> {
        let Self { client, operation, options } = self;
        let mut left = Some(operation.clone());
        let mut last = SegmentUpdate::default();
        for _ in 0..=MOST_ROUNDS {
            let (mut assign, mut unassign) = (Vec::new(), Vec::new());
            while let Some(update) = left.take() {
                let (update, rest) = update.split();
                last = client.answer(&update, &options).await?.output;
                let (to_assign, to_unassign) = last.left();
                assign.extend(to_assign);
                unassign.extend(to_unassign);
                left = rest;
            }
            if assign.is_empty() && unassign.is_empty() {
                return Ok(SegmentUpdate { unprocessed: None, ..last });
            }
            last = SegmentUpdate::of_left(&assign, &unassign);
            left = Some(operation.of(assign, unassign));
        }
        Ok(last)
    }
}
