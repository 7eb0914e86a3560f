//! What comes with every answer besides its body.

use std::fmt;
use std::time::{Duration, SystemTime};

use http::{HeaderMap, HeaderName, StatusCode, header};
use time::OffsetDateTime;

use crate::date::http_date;

const CORRELATION_ID: HeaderName = HeaderName::from_static("inin-correlation-id");

/// An output together with what came with it; what `send_with_meta` gives.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Answer<T> {
    /// What the operation returns.
    pub output: T,
    /// Status, headers, correlation id and rate limit.
    pub meta: Meta,
}

impl<T> Answer<T> {
    pub(crate) fn new(output: T, meta: Meta) -> Self {
        Self { output, meta }
    }
}

/// Status and headers of an answer, and what they say.
///
/// `Debug` prints the status and the correlation id, not the headers.
#[derive(Clone)]
pub struct Meta {
    status: StatusCode,
    headers: HeaderMap,
}

impl Meta {
    pub(crate) fn new(status: StatusCode, headers: HeaderMap) -> Self {
        Self { status, headers }
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// All headers, repeated ones included.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The id under which the vendor's support finds this call.
    pub fn correlation_id(&self) -> Option<&str> {
        self.headers.get(CORRELATION_ID)?.to_str().ok()
    }

    /// How much of the rate limit is used.
    pub fn rate_limit(&self) -> RateLimit {
        RateLimit::of(&self.headers)
    }

    /// How long the service asks to wait (`Retry-After`, in seconds or as a date; a date that has passed is zero).
    ///
    /// A date is taken against the answer's own `Date`, so that a wrong clock on this machine doesn't matter.
    pub fn retry_after(&self) -> Option<Duration> {
        let text = self.headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
        if let Ok(seconds) = text.parse() {
            return Some(Duration::from_secs(seconds));
        }
        let until = http_date(text)?;
        let now = self.headers.get(header::DATE).and_then(|date| http_date(date.to_str().ok()?.trim()));
        let wait = until - now.unwrap_or_else(|| OffsetDateTime::from(SystemTime::now()));
        Some(wait.try_into().unwrap_or(Duration::ZERO))
    }
}

impl fmt::Debug for Meta {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Meta")
            .field("status", &self.status)
            .field("correlation_id", &self.correlation_id())
            .finish_non_exhaustive()
    }
}

/// The service's rate limit, as it stands after an answer. A limit belongs to a token and a window of a minute.
///
/// A client lets a call leave as long as `count` of the last answer and the calls in flight together are below `allowed`. In
/// flight are calls that were sent and are not answered yet, of all clones of the client: the service may not have counted
/// them. Otherwise the call waits for the next window, or fails where
/// [`fail_when_rate_limited`](crate::ClientBuilder::fail_when_rate_limited) is set.
///
/// The service may count a call before it answers it. It is counted twice then, once in `count` and once as in flight, so
/// that with many calls at a time a client stops a little early: with 16 in flight and 300 allowed, the first call waits after
/// 285 to 297. A window that is new starts without figures; until its first answer, only the calls in flight count.
///
/// What other processes send with a token of the same client credentials, a client learns from the figures of its own answers. It
/// may be refused (429) all the same; the call is then made again after the time that the service names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimit {
    /// Requests used in this window (`inin-ratelimit-count`).
    pub count: Option<u64>,
    /// Requests allowed in a window (`inin-ratelimit-allowed`).
    pub allowed: Option<u64>,
    /// Time until the window starts anew (`inin-ratelimit-reset`, which comes in seconds).
    pub reset: Option<Duration>,
}

impl RateLimit {
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let number = |name: &str| headers.get(name)?.to_str().ok()?.trim().parse().ok();
        Self {
            count: number("inin-ratelimit-count"),
            allowed: number("inin-ratelimit-allowed"),
            reset: number("inin-ratelimit-reset").map(Duration::from_secs),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meta(headers: &[(&'static str, &'static str)]) -> Meta {
        let headers = headers.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()));
        Meta::new(StatusCode::TOO_MANY_REQUESTS, headers.collect())
    }

    #[test]
    fn retry_after_comes_in_seconds_or_as_a_date() {
        let date = ("date", "Sun, 22 Nov 2026 10:00:00 GMT");
        let cases = [
            (vec![("retry-after", "42")], Some(42)),
            (vec![("retry-after", " 42 ")], Some(42)),
            (vec![("retry-after", "Sun, 22 Nov 2026 10:01:30 GMT"), date], Some(90)),
            (vec![("retry-after", "Sun, 22 Nov 2026 09:00:00 GMT"), date], Some(0)),
            (vec![("retry-after", "Sun, 01 Jan 2023 09:00:00 GMT")], Some(0)),
            (vec![("retry-after", "soon")], None),
            (vec![("retry-after", "-1")], None),
            (vec![("retry-after", "99999999999999999999999")], None),
            (vec![], None),
        ];
        for (headers, seconds) in cases {
            assert_eq!(meta(&headers).retry_after(), seconds.map(Duration::from_secs), "{headers:?}");
        }
    }

    #[test]
    fn the_rate_limit_is_read_from_its_headers() {
        let full =
            meta(&[("inin-ratelimit-count", "3"), ("inin-ratelimit-allowed", "300"), ("inin-ratelimit-reset", "61")])
                .rate_limit();
        assert_eq!((full.count, full.allowed, full.reset), (Some(3), Some(300), Some(Duration::from_secs(61))));
        assert_eq!(meta(&[("inin-ratelimit-count", "many")]).rate_limit(), RateLimit::default());
    }
}
