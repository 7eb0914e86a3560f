//! How long an import takes, by what it has seen so far.

use std::time::{Duration, Instant};

use genesys_external_contacts::RateLimit;

/// Fewer rows say too little about the time of a row.
const ENOUGH: u64 = 100;

const WINDOW: Duration = Duration::from_secs(60);

pub struct Pace {
    began: Instant,
    sent: u64,
    limit: RateLimit,
}

impl Pace {
    pub fn new() -> Self {
        Self { began: Instant::now(), sent: 0, limit: RateLimit::default() }
    }

    /// A row was sent, and this is what the answer said of the rate limit.
    pub fn sent(&mut self, limit: RateLimit) {
        self.sent += 1;
        self.limit = limit;
    }

    /// How long that many rows take, once enough were sent; and whether this is the first that says it.
    pub fn left(&self, rows: u64) -> Option<(Duration, bool)> {
        let is_enough = self.sent >= ENOUGH;
        is_enough.then(|| (left(rows, self.sent, self.began.elapsed(), self.limit), self.sent == ENOUGH))
    }
}

/// The longer one of two: at the rate so far, which knows how long a call takes; and by the rate limit, which the rate so
/// far may not show yet, because the calls of a minute can go out in its first seconds.
fn left(rows: u64, sent: u64, elapsed: Duration, limit: RateLimit) -> Duration {
    let by_rate = elapsed.mul_f64(rows as f64 / sent.max(1) as f64);
    let (Some(count), Some(allowed @ 1..)) = (limit.count, limit.allowed) else {
        return by_rate;
    };
    let in_later_windows = rows.saturating_sub(allowed.saturating_sub(count));
    let Some(more_windows) = in_later_windows.div_ceil(allowed).checked_sub(1) else {
        return by_rate;
    };
    let windows = WINDOW.saturating_mul(u32::try_from(more_windows).unwrap_or(u32::MAX));
    by_rate.max(limit.reset.unwrap_or(WINDOW).saturating_add(windows))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_that_is_left_follows_the_rate_and_the_limit() {
        let limit = |count, allowed| {
            let mut limit = RateLimit::default();
            (limit.count, limit.allowed, limit.reset) = (Some(count), Some(allowed), Some(Duration::from_secs(50)));
            limit
        };
        let none = RateLimit::default();
        for (rows, sent, seconds, limit, expected) in [
            // 20,000 rows in 69 s, without a limit.
            (19_900, 100, 0.345, none, 68.655),
            // The first 100 went out at once, and the limit holds the others back.
            (19_900, 100, 0.345, limit(101, 300), 50.0 + 65.0 * 60.0),
            // What is left fits into this minute.
            (199, 100, 0.5, limit(101, 300), 0.995),
            (200, 100, 0.5, limit(101, 300), 50.0),
            // Slower than the limit would let it.
            (600, 100, 60.0, limit(100, 300), 360.0),
            // Others use the same token: none of this minute is left.
            (1, 100, 1.0, limit(300, 300), 50.0),
            (600, 100, 1.0, limit(0, 0), 6.0),
        ] {
            let left = left(rows, sent, Duration::from_secs_f64(seconds), limit).as_secs_f64();
            assert!((left - expected).abs() < 0.001, "{rows} {sent} {seconds}: {left} and not {expected}");
        }
    }
}
