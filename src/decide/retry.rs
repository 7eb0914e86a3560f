//! Whether a call that failed is made again, and when.

use std::time::Duration;

use http::{Method, StatusCode};

use crate::retry::RetryPolicy;
use crate::route::Route;

/// What is known of a failed try.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Failure {
    /// Which try it was; the first is 1.
    pub(crate) attempt: u32,
    /// Whether another try may succeed, and can't apply anything twice.
    pub(crate) retryable: bool,
    /// What the service asks to wait.
    pub(crate) retry_after: Option<Duration>,
    /// Time since the call began.
    pub(crate) elapsed: Duration,
}

/// How long to wait before the next try; `None` where there is none. `random` lies in 0..1.
pub(crate) fn wait(policy: &RetryPolicy, failure: Failure, random: f64) -> Option<Duration> {
    if !failure.retryable || failure.attempt >= policy.max_attempts {
        return None;
    }
    let wait = match failure.retry_after {
        Some(asked) => spread(policy, asked, random),
        None => {
            let doublings = (failure.attempt - 1).min(31);
            let longest = policy.base_delay.saturating_mul(1 << doublings).min(policy.max_wait);
            if policy.jitter { part(longest, random) } else { longest }
        }
    };
    let wait = wait.min(policy.max_wait);
    // A wait that ends at the deadline, or after it, is not worth beginning.
    (failure.elapsed.saturating_add(wait) < policy.deadline).then_some(wait)
}

/// A part of a duration. `Duration::mul_f64` panics where the rounded product is longer than a duration can be.
fn part(of: Duration, fraction: f64) -> Duration {
    Duration::try_from_secs_f64(of.as_secs_f64() * fraction).unwrap_or(of)
}

/// A wait that the service asked for. It rounds to seconds, and many clients may have been told the same: up to a second
/// more. `random` lies in 0..1.
pub(crate) fn spread(policy: &RetryPolicy, asked: Duration, random: f64) -> Duration {
    let more = if policy.jitter { random } else { 0.0 };
    asked.saturating_add(part(Duration::from_secs(1), more))
}

/// Whether "not found" says that an earlier try of the same deletion was applied.
pub(crate) fn is_deleted(route: &Route, earlier_may_have_been_applied: bool, is_not_found: bool) -> bool {
    earlier_may_have_been_applied && route.method() == Method::DELETE && is_not_found
}

/// Whether a failure says that the request was surely not applied: the API itself refused it (408 means that it may still be
/// at work), or somebody on the way took no more requests. Any other status may come from a gateway that gave up waiting.
pub(crate) fn was_refused(status: StatusCode, is_of_the_api: bool) -> bool {
    let refused_by_the_api = status.is_client_error() && status != StatusCode::REQUEST_TIMEOUT && is_of_the_api;
    refused_by_the_api || status == StatusCode::TOO_MANY_REQUESTS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(attempt: u32, retry_after: Option<u64>, elapsed: u64) -> Failure {
        let retry_after = retry_after.map(Duration::from_secs);
        Failure { attempt, retryable: true, retry_after, elapsed: Duration::from_secs(elapsed) }
    }

    fn millis(policy: &RetryPolicy, failure: Failure, random: f64) -> Option<u128> {
        wait(policy, failure, random).map(|wait| wait.as_millis())
    }

    #[test]
    fn waits_double_up_to_the_cap_and_are_spread() {
        let policy = RetryPolicy { max_attempts: u32::MAX, deadline: Duration::MAX, ..RetryPolicy::default() };
        let cases = [
            (1, 1.0, 500),
            (2, 1.0, 1000),
            (3, 1.0, 2000),
            (8, 1.0, 64_000),
            (9, 1.0, 90_000),
            (4_000_000_000, 1.0, 90_000),
            (3, 0.5, 1000),
            (3, 0.0, 0),
        ];
        for (attempt, random, expected) in cases {
            assert_eq!(millis(&policy, failure(attempt, None, 0), random), Some(expected), "{attempt} {random}");
        }
        let exact = RetryPolicy { jitter: false, ..policy };
        assert_eq!(millis(&exact, failure(3, None, 0), 0.1), Some(2000));
        assert_eq!(millis(&exact, failure(3, Some(7), 0), 0.1), Some(7000));
    }

    #[test]
    fn what_the_service_asks_for_wins_up_to_the_cap() {
        let policy = RetryPolicy::default();
        for (asked, random, expected) in [(42, 0.0, 42_000), (42, 0.5, 42_500), (0, 0.5, 500), (u64::MAX, 0.5, 90_000)]
        {
            assert_eq!(millis(&policy, failure(1, Some(asked), 0), random), Some(expected), "{asked} {random}");
        }
    }

    #[test]
    fn no_number_is_too_large() {
        const MAX: Duration = Duration::MAX;
        for jitter in [false, true] {
            let policy = RetryPolicy { max_attempts: u32::MAX, base_delay: MAX, max_wait: MAX, deadline: MAX, jitter };
            for (attempt, retry_after) in [(1, None), (u32::MAX - 1, None), (1, Some(u64::MAX))] {
                for random in [0.0, 0.5, 1.0 - f64::EPSILON, 1.0] {
                    let wait = wait(&policy, failure(attempt, retry_after, u64::MAX), random);
                    assert!(wait.is_none_or(|wait| jitter && wait < MAX), "{attempt} {random}: {wait:?}");
                    assert!(spread(&policy, MAX, random) == MAX);
                }
            }
        }
    }

    #[test]
    fn it_ends() {
        let policy = RetryPolicy::default();
        assert_eq!(wait(&policy, failure(5, None, 0), 0.5), None, "five tries");
        assert_eq!(wait(&policy, Failure { retryable: false, ..failure(1, None, 0) }, 0.5), None);
        assert_eq!(millis(&policy, failure(1, Some(60), 119), 0.0), Some(60_000));
        assert_eq!(wait(&policy, failure(1, Some(60), 120), 0.0), None, "the wait would end at the deadline");
        assert_eq!(wait(&RetryPolicy::never(), failure(1, None, 0), 0.5), None);
    }
}
