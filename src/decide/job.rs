//! When a job is looked at again, and when waiting for it is over.

use std::time::Duration;

use crate::error::{Error, ErrorKind};
use crate::pace::Pace;

/// How long a job may say that it waits to be told something. Whoever has just told it may see that a few times more.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// The shortest wait between two looks, whatever the pace and the service say.
const SHORTEST: Duration = Duration::from_millis(10);

/// What a look at a job gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    Running,
    Done,
    Failed,
    /// It has to be told how to go on.
    WaitsForYou,
    /// The look failed, and the next one may not.
    Trouble,
    /// The look failed, and so will every other.
    Hopeless,
}

/// What now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// Look again after this wait.
    Look(Duration),
    Done,
    Failed,
    WaitsForYou,
    TimedOut,
    /// The error of the look is the end.
    GiveUp,
}

/// A wait for a job.
#[derive(Clone, Debug)]
pub(crate) struct Wait {
    pace: Pace,
    limit: Duration,
    /// The longest wait before the next look.
    longest: Duration,
    /// Since when, from the beginning, the job has said that it waits to be told something.
    waits_since: Option<Duration>,
}

impl Wait {
    pub(crate) fn new(pace: Pace, limit: Duration) -> Self {
        let longest = pace.first.min(pace.max);
        Self { pace, limit, longest, waits_since: None }
    }

    /// How much of the limit is left.
    pub(crate) fn left(&self, elapsed: Duration) -> Duration {
        self.limit.saturating_sub(elapsed)
    }

    /// Decides after a look. `asked` is what the service asks to wait, `random` lies in 0..1.
    pub(crate) fn next(&mut self, seen: Seen, asked: Option<Duration>, elapsed: Duration, random: f64) -> Next {
        match seen {
            Seen::Done => return Next::Done,
            Seen::Failed => return Next::Failed,
            Seen::Hopeless => return Next::GiveUp,
            Seen::WaitsForYou => {
                let since = *self.waits_since.get_or_insert(elapsed);
                if elapsed.saturating_sub(since) >= PATIENCE {
                    return Next::WaitsForYou;
                }
            }
            Seen::Running => self.waits_since = None,
            Seen::Trouble => {}
        }
        let left = self.left(elapsed);
        let random = if self.pace.jitter { random } else { 1.0 };
        let wait = match asked.filter(|asked| !asked.is_zero()) {
            // No look would come in time.
            Some(asked) if asked > left => return Next::TimedOut,
            // It rounds to seconds, and many clients may have been told the same.
            Some(asked) if self.pace.jitter => asked.saturating_add(Duration::from_secs(1).mul_f64(random)),
            Some(asked) => asked,
            None => {
                let longest = self.longest;
                self.longest = longest.saturating_mul(2).min(self.pace.max);
                // At least half of it, so that a job is not looked at twice at once.
                longest / 2 + (longest - longest / 2).mul_f64(random)
            }
        };
        if left.is_zero() {
            return Next::TimedOut;
        }
        // The last look is at the limit.
        Next::Look(wait.max(SHORTEST).min(left))
    }
}

/// What it means that a look failed. Where a job may not be there yet, "not found" and "conflict" say just that.
pub(crate) fn failed_look(error: &Error, may_not_be_there_yet: bool) -> Seen {
    let passes = match error.kind() {
        ErrorKind::Api(api) => match api.status().as_u16() {
            404 | 409 => may_not_be_there_yet,
            status => status >= 500 || error.is_passing(),
        },
        _ => error.is_passing(),
    };
    if passes { Seen::Trouble } else { Seen::Hopeless }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn exact(limit: u64) -> Wait {
        Wait::new(Pace { jitter: false, ..Pace::default() }, Duration::from_secs(limit))
    }

    #[test]
    fn waits_double_up_to_the_maximum_and_the_last_look_is_at_the_limit() {
        let mut wait = exact(100);
        let mut looks = Vec::new();
        let mut elapsed = Duration::ZERO;
        while let Next::Look(after) = wait.next(Seen::Running, None, elapsed, 0.0) {
            elapsed += after;
            looks.push(elapsed.as_secs());
        }
        assert_eq!(looks, [1, 3, 7, 15, 31, 61, 91, 100]);
        assert_eq!(wait.next(Seen::Running, None, elapsed, 0.0), Next::TimedOut);
        // What is done is done, also at the limit.
        assert_eq!(wait.next(Seen::Done, None, elapsed, 0.0), Next::Done);
    }

    #[test]
    fn jitter_takes_off_up_to_half() {
        for (random, expected) in [(0.0, 500), (0.5, 750), (1.0, 1000)] {
            let mut wait = Wait::new(Pace::default(), 60 * SECOND);
            let next = wait.next(Seen::Running, None, Duration::ZERO, random);
            assert_eq!(next, Next::Look(Duration::from_millis(expected)), "{random}");
        }
    }

    #[test]
    fn what_the_service_asks_for_wins_but_not_over_the_limit() {
        for (asked, left, expected) in [
            (45, 100, Next::Look(45 * SECOND)),
            (100, 100, Next::Look(100 * SECOND)),
            (101, 100, Next::TimedOut),
            // It asks for nothing.
            (0, 100, Next::Look(SECOND)),
        ] {
            let next = exact(left).next(Seen::Trouble, Some(asked * SECOND), Duration::ZERO, 0.3);
            assert_eq!(next, expected, "{asked}");
        }
        let mut spread = Wait::new(Pace::default(), 100 * SECOND);
        assert_eq!(
            spread.next(Seen::Running, Some(9 * SECOND), Duration::ZERO, 0.5),
            Next::Look(9 * SECOND + SECOND / 2)
        );
    }

    #[test]
    fn a_pace_of_nothing_is_not_a_loop() {
        let pace = Pace { first: Duration::ZERO, max: Duration::ZERO, jitter: true };
        assert_eq!(Wait::new(pace, SECOND).next(Seen::Running, None, Duration::ZERO, 0.0), Next::Look(SHORTEST));
    }
}
