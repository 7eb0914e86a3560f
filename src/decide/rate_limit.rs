//! When the next request may leave, given what the service said of its rate limit.

use std::time::{Duration, Instant};

use crate::meta::RateLimit;

/// When to look again if as many requests are under way as a window takes, and nobody knows yet when the next one begins.
const A_MOMENT: Duration = Duration::from_secs(1);

/// What is known of the current window.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Window {
    /// How many requests a window takes.
    allowed: Option<u64>,
    /// How many of them the service has counted.
    used: u64,
    ends: Option<Instant>,
    /// Requests that were sent and are not answered yet, so that the service's count may lack them.
    under_way: u64,
}

impl Window {
    /// Counts a request that is to be sent `now`, or says how long to wait before asking again.
    pub(crate) fn enter(&mut self, now: Instant) -> Result<(), Duration> {
        if self.ends.is_some_and(|ends| ends <= now) {
            self.ends = None;
            self.used = 0;
        }
        if self.allowed.is_some_and(|allowed| self.used.saturating_add(self.under_way) >= allowed) {
            return Err(self.ends.map_or(A_MOMENT, |ends| ends.saturating_duration_since(now)));
        }
        self.force();
        Ok(())
    }

    /// Counts a request that is sent whatever is known.
    pub(crate) fn force(&mut self) {
        self.under_way += 1;
    }

    /// A request is no longer under way.
    pub(crate) fn leave(&mut self) {
        self.under_way = self.under_way.saturating_sub(1);
    }

    /// Takes in the figures of an answer that came `now`.
    pub(crate) fn note(&mut self, figures: RateLimit, now: Instant) {
        let RateLimit { count: Some(count), allowed: Some(allowed), reset: Some(reset) } = figures else { return };
        let Some(ends) = now.checked_add(reset).filter(|_| allowed > 0) else { return };
        self.allowed = Some(allowed);
        // Answers may overtake each other, and take their time: within a window the count only grows, and what says that it
        // ends earlier was on its way for less long.
        match self.ends.filter(|ends| *ends > now) {
            None => (self.used, self.ends) = (count, Some(ends)),
            Some(known) => (self.used, self.ends) = (count.max(self.used), Some(ends.min(known))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(count: u64, allowed: u64, reset: u64) -> RateLimit {
        RateLimit { count: Some(count), allowed: Some(allowed), reset: Some(Duration::from_secs(reset)) }
    }

    fn wait(seconds: u64) -> Result<(), Duration> {
        Err(Duration::from_secs(seconds))
    }

    /// Asks, and takes back what asking counted.
    fn ask(window: &Window, now: Instant) -> Result<(), Duration> {
        { *window }.enter(now)
    }

    #[test]
    fn a_window_that_is_used_up_is_waited_out() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut window = Window::default();
        assert_eq!(ask(&window, start), Ok(()));
        window.note(figures(299, 300, 30), start);
        assert_eq!(ask(&window, start), Ok(()));
        window.note(figures(300, 300, 30), start);
        assert_eq!(ask(&window, at(10)), wait(20));
        window.note(figures(298, 300, 20), at(10));
        assert_eq!(ask(&window, at(10)), wait(20), "an answer that was overtaken changes nothing");
        assert_eq!(ask(&window, at(30)), Ok(()));
        window.note(figures(1, 300, 60), at(31));
        assert_eq!(ask(&window, at(31)), Ok(()));
    }

    #[test]
    fn what_is_under_way_counts() {
        let start = Instant::now();
        let mut window = Window::default();
        window.note(figures(297, 300, 30), start);
        for _ in 0..3 {
            assert_eq!(window.enter(start), Ok(()));
        }
        assert_eq!(window.enter(start), wait(30), "three are under way");
        window.leave();
        window.note(figures(298, 300, 29), start);
        assert_eq!(window.enter(start), wait(29), "two are under way, and one was counted");

        let next = start + Duration::from_secs(29);
        for _ in 0..298 {
            assert_eq!(window.enter(next), Ok(()));
        }
        assert_eq!(window.enter(next), wait(1), "nobody knows yet when the next window ends");
        window.leave();
        assert_eq!(window.enter(next), Ok(()));
    }

    #[test]
    fn figures_that_say_nothing_change_nothing() {
        let start = Instant::now();
        let mut window = Window::default();
        window.note(RateLimit::default(), start);
        window.note(RateLimit { reset: None, ..figures(300, 300, 1) }, start);
        window.note(figures(0, 0, 60), start);
        window.note(figures(1, 1, u64::MAX), start);
        window.leave();
        assert_eq!(ask(&window, start), Ok(()));
    }
}
