//! When the next request may leave, given what the service said of its rate limit.

use std::time::{Duration, Instant};

use crate::meta::RateLimit;

/// When to look again if as many requests are in flight as a window takes, and nobody knows yet when the next one begins. It is
/// also what figures that contradict each other may cost.
const A_MOMENT: Duration = Duration::from_secs(1);

/// A window lasts a minute. A reset later than this is no number of seconds: milliseconds, or the time of an epoch.
const LONGEST_RESET: Duration = Duration::from_secs(120);

/// By how much two answers of the same window may differ in its end: resets are whole seconds, and answers take their time.
const TOLERANCE: Duration = Duration::from_secs(2);

/// What is known of the current window.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Window {
    /// How many requests a window takes.
    allowed: Option<u64>,
    /// How many of them the service has counted.
    used: u64,
    /// When the window ends, as far as requests have to wait for it.
    ends: Option<Instant>,
    /// When the last answer said that it ends. It is later than `ends` where answers contradict each other.
    said_to_end: Option<Instant>,
    /// Requests that were sent and are not answered yet, so that the service's count may lack them.
    in_flight: u64,
}

impl Window {
    /// Counts a request that is to be sent `now`, or says how long to wait before asking again.
    pub(crate) fn enter(&mut self, now: Instant) -> Result<(), Duration> {
        if self.ends.is_some_and(|ends| ends <= now) {
            self.ends = None;
            self.used = 0;
        }
        if self.allowed.is_some_and(|allowed| self.used.saturating_add(self.in_flight) >= allowed) {
            return Err(self.ends.map_or(A_MOMENT, |ends| ends.saturating_duration_since(now)));
        }
        self.force();
        Ok(())
    }

    /// Counts a request that is sent whatever is known.
    pub(crate) fn force(&mut self) {
        self.in_flight += 1;
    }

    /// A request is no longer in flight.
    pub(crate) fn leave(&mut self) {
        self.in_flight = self.in_flight.saturating_sub(1);
    }

    /// Takes in the figures of an answer that came `now`. The newest figures count.
    pub(crate) fn note(&mut self, figures: RateLimit, now: Instant) {
        let RateLimit { count: Some(count), allowed: Some(allowed), reset: Some(reset) } = figures else { return };
        if allowed == 0 || reset > LONGEST_RESET {
            return;
        }
        let Some(ends) = now.checked_add(reset) else { return };
        let known = self.said_to_end.filter(|known| *known > now);
        let is_same_limit = self.allowed == Some(allowed);
        match known {
            // Answers overtake each other: within a window the count only grows, and an answer that says that it ends earlier
            // was under way for less time.
            Some(known) if is_same_limit && differ(known, ends) <= TOLERANCE => {
                let earliest = ends.min(known);
                // After a contradiction, a second answer of the same window is believed.
                (self.used, self.ends, self.said_to_end) = (count.max(self.used), Some(earliest), Some(earliest));
            }
            // Two limits, or two windows at the same time: nobody waits for what may be the wrong one.
            Some(_) => {
                let soon = now.checked_add(A_MOMENT).map_or(ends, |soon| soon.min(ends));
                (self.used, self.ends, self.said_to_end) = (count, Some(soon), Some(ends));
            }
            None => (self.used, self.ends, self.said_to_end) = (count, Some(ends), Some(ends)),
        }
        self.allowed = Some(allowed);
    }
}

fn differ(a: Instant, b: Instant) -> Duration {
    a.saturating_duration_since(b).max(b.saturating_duration_since(a))
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
    fn what_is_in_flight_counts() {
        let start = Instant::now();
        let mut window = Window::default();
        window.note(figures(297, 300, 30), start);
        for _ in 0..3 {
            assert_eq!(window.enter(start), Ok(()));
        }
        assert_eq!(window.enter(start), wait(30), "three are in flight");
        window.leave();
        window.note(figures(298, 300, 29), start);
        assert_eq!(window.enter(start), wait(29), "two are in flight, and one was counted");

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
    #[test]
    fn a_reset_of_more_than_two_minutes_is_ignored() {
        let start = Instant::now();
        let mut window = Window::default();
        // In milliseconds, and as the time of an epoch. It would last for hours, or for ever.
        for reset in [121, 60_000, 1_800_000_000, 1_800_000_000_000, u64::MAX] {
            window.note(figures(300, 300, reset), start);
            assert_eq!(ask(&window, start), Ok(()), "{reset}");
        }
        window.note(figures(300, 300, 120), start);
        assert_eq!(ask(&window, start), wait(120));
        // What was known stays known.
        window.note(figures(1, 300, 60_000), start);
        assert_eq!(ask(&window, start), wait(120));
    }

    #[test]
    fn figures_that_contradict_each_other_cost_a_second_at_most() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        // Two limits by turns, one of which is used up.
        let mut window = Window::default();
        window.note(figures(10, 300, 60), start);
        window.note(figures(5, 5, 60), start);
        assert_eq!(ask(&window, start), wait(1));
        assert_eq!(window.enter(at(1)), Ok(()));
        window.leave();
        window.note(figures(11, 300, 59), at(1));
        assert_eq!(ask(&window, at(1)), Ok(()), "the newest figures count");
        window.note(figures(5, 5, 59), at(1));
        assert_eq!(ask(&window, at(1)), wait(1));

        // Two windows by turns.
        let mut window = Window::default();
        window.note(figures(300, 300, 60), start);
        assert_eq!(ask(&window, start), wait(60));
        window.note(figures(1, 300, 30), start);
        assert_eq!(ask(&window, start), Ok(()));
        window.note(figures(300, 300, 60), start);
        assert_eq!(ask(&window, start), wait(1));
        // A second answer of the same window is believed.
        window.note(figures(300, 300, 59), start);
        assert_eq!(ask(&window, start), wait(59));
        assert_eq!(ask(&window, at(59)), Ok(()));
    }

    /// Whatever answers say, nothing panics and no wait is longer than a window may be.
    #[test]
    fn no_figure_is_too_large() {
        let start = Instant::now();
        let numbers = [0, 1, 2, 60, 120, 121, 300, u64::MAX - 1, u64::MAX];
        let mut window = Window::default();
        for count in numbers {
            for allowed in numbers {
                for reset in numbers {
                    window.note(figures(count, allowed, reset), start);
                    window.force();
                    let asked = ask(&window, start);
                    assert!(asked.is_ok() || asked <= wait(120), "{count} {allowed} {reset}: {asked:?}");
                }
            }
        }
    }
}
