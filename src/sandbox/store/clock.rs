//! The time in the sandbox.

use std::time::{Duration, Instant, SystemTime};

use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

/// `2026-01-02T03:04:05.678Z`.
const DATE: &[BorrowedFormatItem<'static>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");

/// The clock of the machine, put forward by what was slept.
#[derive(Clone, Default)]
pub(crate) struct Clock {
    ahead: Duration,
}

impl Clock {
    pub(crate) fn advance(&mut self, by: Duration) {
        // A sleep that no clock can express ends where the clock does.
        let ahead = self.ahead.saturating_add(by);
        if Instant::now().checked_add(ahead).is_some() {
            self.ahead = ahead;
        }
    }

    /// Puts the clock forward to this instant. It never goes back.
    pub(crate) fn advance_to(&mut self, instant: Instant) {
        self.advance(instant.saturating_duration_since(self.now()));
    }

    pub(crate) fn now(&self) -> Instant {
        let now = Instant::now();
        now.checked_add(self.ahead).unwrap_or(now)
    }

    /// The end of a time that begins now. A time that no clock can express is a very long one.
    pub(crate) fn after(&self, time: Duration) -> Instant {
        const LONGEST: Duration = Duration::from_secs(100 * 365 * 86_400);
        let now = self.now();
        now.checked_add(time).or_else(|| now.checked_add(LONGEST)).unwrap_or(now)
    }

    /// The time after a while, as the service writes it.
    pub(crate) fn date_in(&self, time: Duration) -> String {
        Self { ahead: self.ahead.saturating_add(time) }.date()
    }

    /// The time as the service writes it.
    pub(crate) fn date(&self) -> String {
        self.date_time().format(DATE).unwrap_or_default()
    }

    pub(crate) fn date_time(&self) -> OffsetDateTime {
        let now = OffsetDateTime::from(SystemTime::now());
        now.checked_add(time::Duration::try_from(self.ahead).unwrap_or_default()).unwrap_or(now)
    }
}
