use std::time::{Duration, Instant};

use http::StatusCode;
use http::header::HeaderValue;

use super::{Client, maybe_async};
use crate::attempt::Attempt;
use crate::config::Limits;
use crate::error::{ApiError, CallFacts, Error, RateLimitError};
use crate::meta::{Answer, RateLimit};
use crate::operation::{CallOptions, Operation, Response};
use crate::retry::RetryPolicy;
use crate::route::{Repeat, Route};
use crate::wire::Prepared;
use crate::{decide, random};

/// A transport need not understand a timeout of nothing.
pub(super) const SHORTEST_TIMEOUT: Duration = Duration::from_millis(1);

/// A call with all its tries.
struct Call<'a> {
    route: Route,
    repeat: Repeat,
    policy: &'a RetryPolicy,
    limits: Limits,
    began: Instant,
    attempt: u32,
    /// A change was sent, and nothing since says that it was not applied.
    in_doubt: bool,
    /// The same before the last try.
    was_in_doubt: bool,
    /// An authorization that the service didn't accept.
    refused: Option<HeaderValue>,
}

/// How a call went.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tries {
    pub(crate) count: u32,
    /// A try before the last one may have been applied.
    pub(crate) earlier_in_doubt: bool,
}

impl Call<'_> {
    fn time_left(&self, now: Instant) -> Duration {
        self.policy.deadline.saturating_sub(now.saturating_duration_since(self.began))
    }

    /// What an exchange that begins now may take: it ends when the call has to.
    fn limits(&self, now: Instant) -> Limits {
        let call_timeout = self.limits.call_timeout.min(self.time_left(now).max(SHORTEST_TIMEOUT));
        Limits { call_timeout, ..self.limits }
    }

    fn facts(&self) -> CallFacts {
        CallFacts {
            route: self.route.clone(),
            repeat: self.repeat,
            attempts: self.attempt,
            may_have_been_applied: self.in_doubt,
        }
    }
}

impl Client {
    fn call<'a>(&'a self, route: Route, repeat: Repeat, options: &'a CallOptions) -> Call<'a> {
        Call {
            route,
            repeat,
            policy: options.retry.as_ref().unwrap_or(&self.inner.retry),
            limits: options.limits.unwrap_or(self.inner.limits),
            began: self.transport().now(),
            attempt: 0,
            in_doubt: false,
            was_in_doubt: false,
            refused: None,
        }
    }
}

#[maybe_async]
impl Client {
    /// Makes the call.
    pub(crate) async fn answer<O: Operation>(
        &self,
        operation: &O,
        options: &CallOptions,
    ) -> Result<Answer<O::Output>, Error> {
        self.answer_and_tries(operation, options).await.0
    }

    /// Makes the call, and says how it went. Only this part is generic: what follows is compiled once, whatever the operation
    /// is.
    pub(crate) async fn answer_and_tries<O: Operation>(
        &self,
        operation: &O,
        options: &CallOptions,
    ) -> (Result<Answer<O::Output>, Error>, Tries) {
        let mut call = self.call(O::ROUTE, operation.repeat(), options);
        let result = match Prepared::operation(&self.inner.api, operation) {
            Ok(prepared) => self.exchange(&prepared, &mut call).await,
            Err(error) => Err(error),
        };
        let result = match result {
            Ok(Ok(response)) => operation.read(&response).map(|output| Answer::new(output, response.into_meta())),
            Ok(Err(error)) => {
                let meta = error.meta.clone();
                operation.read_failure(error).map(|output| Answer::new(output, meta))
            }
            Err(error) => Err(error),
        };
        let tries = Tries { count: call.attempt, earlier_in_doubt: call.was_in_doubt };
        (result.map_err(|error| error.of_call(call.facts())), tries)
    }

    /// Sends the request, and sends it again as long as `decide` says so. The error in the success is the service's own.
    async fn exchange(&self, prepared: &Prepared, call: &mut Call<'_>) -> Result<Result<Response, ApiError>, Error> {
        let transport = self.transport();
        loop {
            call.attempt += 1;
            call.was_in_doubt = call.in_doubt;
            let result = self.attempt(prepared, call).await;
            let error = match &result {
                Ok(Ok(_)) => return result,
                Ok(Err(error)) if decide::retry::is_deleted(&call.route, call.was_in_doubt, error.is_not_found()) => {
                    return Ok(Ok(Response::new(error.meta.clone(), Vec::new())));
                }
                Ok(Err(error)) => Error::from(error.clone()),
                Err(error) => error.clone(),
            };
            let error = error.of_call(call.facts());
            let failure = decide::retry::Failure {
                attempt: call.attempt,
                // Whoever asked to hear of a rate limit at once does not wait for it here either.
                retryable: error.is_retryable() && !(self.inner.fail_when_rate_limited && error.is_rate_limited()),
                retry_after: error.retry_after(),
                elapsed: transport.now().saturating_duration_since(call.began),
            };
            let Some(wait) = decide::retry::wait(call.policy, failure, random::fraction()) else { return result };
            let (attempt, wait_ms) = (call.attempt, wait.as_millis());
            log::warn!("{}: try {attempt} failed ({}), next in {wait_ms} ms", call.route, error.summary());
            transport.sleep_until(after(transport.now(), wait)).await;
        }
    }

    /// Sends the request once, and once more if it is refused for its token and there is another one to be had.
    async fn attempt(&self, prepared: &Prepared, call: &mut Call<'_>) -> Result<Result<Response, ApiError>, Error> {
        let transport = &self.inner.transport;
        loop {
            let authorization = self.authorization(call).await?;
            let _in_flight = self.pass_rate_limit(call).await?;
            let request = prepared.request(Some(authorization.clone()));
            let was_in_doubt = call.in_doubt;
            call.in_doubt |= call.repeat != Repeat::Reads;
            let sent = transport.now();
            let result = transport.send(request, call.limits(sent)).await;
            if let Some(tell) = &self.inner.on_attempt {
                let duration = transport.now().saturating_duration_since(sent);
                tell(&Attempt::new(call.route.clone(), call.attempt, &result, duration));
            }
            let response = match result {
                Ok(response) => response,
                Err(error) => {
                    if !error.may_have_been_received() {
                        call.in_doubt = was_in_doubt;
                    }
                    return Err(error.into());
                }
            };
            self.window().note(RateLimit::of(response.headers()), transport.now());
            log::debug!("{}: {}", call.route, response.status().as_u16());
            let answer = prepared.open(response);
            let Err(error) = &answer else { return Ok(answer) };
            if decide::retry::was_refused(error.status(), error.is_of_the_api()) {
                call.in_doubt = was_in_doubt;
            }
            let is_refused =
                error.status() == StatusCode::UNAUTHORIZED && !(call.repeat == Repeat::Once && call.in_doubt);
            if !is_refused
                || !decide::token::renew_on_unauthorized(self.inner.session.can_renew(), call.refused.is_some())
            {
                return Ok(answer);
            }
            call.refused = Some(authorization);
        }
    }

    async fn authorization(&self, call: &Call<'_>) -> Result<HeaderValue, Error> {
        let transport = &self.inner.transport;
        let now = transport.now();
        let until = now.checked_add(call.limits(now).call_timeout);
        self.inner.session.authorization(transport, until, call.refused.as_ref()).await
    }

    /// Waits until the rate limit lets a request leave, as long as it makes sense to wait.
    async fn pass_rate_limit(&self, call: &Call<'_>) -> Result<InFlight<'_>, Error> {
        let transport = self.transport();
        loop {
            let now = transport.now();
            let entered = self.window().enter(now);
            let Err(asked) = entered else { break };
            let wait = decide::retry::spread(call.policy, asked, random::fraction()).min(call.policy.max_wait);
            if self.inner.fail_when_rate_limited || wait >= call.time_left(now) {
                return Err(RateLimitError { wait }.into());
            }
            log::info!("{}: the rate limit is used up, waiting {} ms", call.route, wait.as_millis());
            transport.sleep_until(after(transport.now(), wait)).await;
            if wait < asked {
                // That is no window of this service. It will say so if it doesn't take the request.
                self.window().force();
                break;
            }
        }
        Ok(InFlight(self))
    }
}

/// The end of a wait. A wait that no clock can express is one of 30 years.
pub(super) fn after(now: Instant, wait: Duration) -> Instant {
    const LONGEST: Duration = Duration::from_secs(30 * 365 * 86_400);
    now.checked_add(wait).or_else(|| now.checked_add(LONGEST)).unwrap_or(now)
}

/// A request that the window counts as long as this lives: a call can be dropped at any time.
struct InFlight<'a>(&'a Client);

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.window().leave();
    }
}
