use std::fmt;
use std::time::Duration;

/// Not sent, because the rate limit is used up and the client was built not to wait.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RateLimitError {
    /// How long until the service takes requests again.
    pub wait: Duration,
}

impl fmt::Display for RateLimitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not sent: the rate limit is used up for another {} s", self.wait.as_secs_f64().ceil())
    }
}
