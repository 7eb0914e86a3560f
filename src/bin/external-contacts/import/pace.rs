//! How long an import takes, by what it has seen so far.

use std::time::{Duration, Instant};

use genesys_external_contacts::RateLimit;

/// Fewer rows say too little about the time of a row.
const ENOUGH: u64 = 100;

pub struct Pace {
    began: Instant,
    seen: Seen,
}

impl Pace {
    pub fn new() -> Self {
        Self { began: Instant::now(), seen: Seen::default() }
    }

    /// A row was sent, and this is what the answer said of the rate limit.
    pub fn sent(&mut self, limit: RateLimit) {
        self.seen.sent(limit, self.began.elapsed());
    }

    /// How long that many rows take, once enough is known.
    pub fn left(&self, rows: u64) -> Option<Duration> {
        self.seen.left(rows, self.began.elapsed())
    }
}

#[derive(Default)]
struct Seen {
    sent: u64,
    /// The last figure of the rate limit: how many calls its window has seen.
    count: Option<u64>,
    /// How many rows were sent, and how long that took, when the last window of the rate limit began.
    windows: Option<(u64, Duration)>,
}

impl Seen {
    fn sent(&mut self, limit: RateLimit, elapsed: Duration) {
        if limit.count < self.count && limit.count.is_some() {
            self.windows = Some((self.sent, elapsed));
        }
        self.sent += 1;
        self.count = limit.count;
    }

    /// Where there is a rate limit, only whole windows tell the rate: the calls of a window may go out in its first seconds,
    /// and the rest of it is spent waiting.
    fn left(&self, rows: u64, elapsed: Duration) -> Option<Duration> {
        let (sent, elapsed) = if self.count.is_some() { self.windows? } else { (self.sent, elapsed) };
        (sent >= ENOUGH).then(|| elapsed.mul_f64(rows as f64 / sent as f64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is predicted for 20,000 rows in all, in seconds, when so many of them were sent.
    fn predicted(sent: u64, limit: impl Fn(u64) -> Option<u64>, seconds: impl Fn(u64) -> f64) -> Option<u64> {
        let mut seen = Seen::default();
        for row in 0..sent {
            let mut figures = RateLimit::default();
            figures.count = limit(row);
            seen.sent(figures, Duration::from_secs_f64(seconds(row)));
        }
        let left = seen.left(20_000 - sent, Duration::from_secs_f64(seconds(sent)))?;
        Some(left.as_secs_f64().round() as u64)
    }

    #[test]
    fn the_time_that_is_left_follows_the_rate_that_is_seen() {
        let fast = |row| row as f64 * 0.00345;
        assert_eq!(predicted(99, |_| None, fast), None);
        assert_eq!(predicted(100, |_| None, fast), Some(69));
        assert_eq!(predicted(10_000, |_| None, fast), Some(35));

        // 300 in the first second of each minute, and the first call of all is the sign-in's.
        let limited = |row| Some((row + 1) % 300);
        let waiting = |row| ((row + 1) / 300 * 60) as f64 + ((row + 1) % 300) as f64 / 300.0;
        assert_eq!(predicted(299, limited, waiting), None, "what comes after the window is not seen yet");
        for sent in [300, 301, 400, 500, 599, 600, 1000] {
            let minutes = predicted(sent, limited, waiting).unwrap() / 60;
            assert!((60..=66).contains(&minutes), "{sent}: {minutes}");
        }
        // A limit that is named and takes no time, as in a sandbox in memory, which waits on a clock of its own.
        assert_eq!(predicted(301, limited, fast), Some(68));
        // Slower than the limit would let it.
        assert_eq!(predicted(200, |row| Some(row % 60), |row| row as f64), Some(19_800));
    }
}
