//! When the next request may leave, given what the service said of its rate limit.

use std::time::{Duration, Instant};

use crate::meta::RateLimit;

/// What is known of the current window.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Window {
    /// Used up until then.
    full_until: Option<Instant>,
}

impl Window {
    /// Takes in the figures of an answer that came `now`.
    pub(crate) fn note(&mut self, figures: RateLimit, now: Instant) {
        let RateLimit { count: Some(count), allowed: Some(allowed), reset: Some(reset) } = figures else { return };
        if allowed > 0 && count >= allowed {
            self.full_until = now.checked_add(reset);
        } else if self.full_until.is_some_and(|until| until <= now) {
            self.full_until = None;
        }
    }

    /// How long to wait before sending.
    pub(crate) fn wait(&self, now: Instant) -> Option<Duration> {
        self.full_until?.checked_duration_since(now).filter(|wait| !wait.is_zero())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(count: u64, allowed: u64, reset: u64) -> RateLimit {
        RateLimit { count: Some(count), allowed: Some(allowed), reset: Some(Duration::from_secs(reset)) }
    }

    #[test]
    fn a_window_that_is_used_up_is_waited_out() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut window = Window::default();
        assert_eq!(window.wait(start), None);
        window.note(figures(299, 300, 30), start);
        assert_eq!(window.wait(start), None);
        window.note(figures(300, 300, 30), start);
        assert_eq!(window.wait(at(10)), Some(Duration::from_secs(20)));
        window.note(figures(298, 300, 20), at(10));
        assert_eq!(window.wait(at(10)), Some(Duration::from_secs(20)), "an answer that was overtaken changes nothing");
        assert_eq!(window.wait(at(30)), None);
        window.note(figures(1, 300, 60), at(31));
        assert_eq!(window.wait(at(31)), None);
    }

    #[test]
    fn figures_that_say_nothing_change_nothing() {
        let start = Instant::now();
        let mut window = Window::default();
        window.note(RateLimit::default(), start);
        window.note(RateLimit { reset: None, ..figures(300, 300, 1) }, start);
        window.note(figures(0, 0, 60), start);
        window.note(figures(1, 1, u64::MAX), start);
        assert_eq!(window.wait(start), None);
    }
}
