//! How often a call is made again.

use std::time::Duration;

/// When a call that failed is made again.
///
/// It is made again when it may succeed and nothing can be applied twice:
///
/// | the call | is made again after |
/// |---|---|
/// | reads (`GET`, look-ups) and what is the same the second time (`PUT`, `DELETE`) | no connection, a broken one, a timeout; 408, 429, 502, 503, 504 |
/// | creates (`POST`) and other changes | no connection; 429, because then it was surely not applied |
///
/// A sign-in that fails is made again like a read. One with an authorization code or a refresh token, which are good once, is
/// made again only if it surely did not arrive; otherwise the error
/// [may have used the grant](crate::Error::may_have_used_grant).
///
/// The wait is what the service asks for (`Retry-After`, and up to a second more), else a random time up to
/// [`base_delay`](Self::base_delay), doubled with each try. What the last try gave is what the caller gets.
///
/// A repeated deletion that finds nothing is a success if an earlier try may have been applied. A repeated update may find
/// its own first try there, and be refused because of it (409): the error
/// [may have been applied](crate::Error::may_have_been_applied), and a look at the entity tells.
///
/// ```
/// use std::time::Duration;
/// use genesys_external_contacts::{Client, Region, RetryPolicy};
///
/// let mut patient = RetryPolicy::default();
/// patient.max_attempts = 10;
/// patient.deadline = Duration::from_secs(600);
/// let client = Client::builder().region(Region::EuWest1).access_token("a token").retry(patient).build()?;
/// # Ok::<(), genesys_external_contacts::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RetryPolicy {
    /// How often a call is sent at most, the first time included: 5 unless set. 1 turns retrying off.
    pub max_attempts: u32,
    /// The longest first wait where the service asks for none: 500 ms unless set. It doubles with each try.
    pub base_delay: Duration,
    /// The longest single wait, whatever the service asks for: 90 s unless set.
    pub max_wait: Duration,
    /// The longest time for a call with all its tries and waits, signing in included: 180 s unless set. A try that is under
    /// way then fails with a timeout, and a wait that would end later is not begun. It holds for calls that are made
    /// only once, too.
    pub deadline: Duration,
    /// Whether waits are random, so that many clients don't come back at the same moment: true unless set. Otherwise
    /// each wait is as long as it can be.
    pub jitter: bool,
}

impl RetryPolicy {
    /// Makes every call once.
    pub fn never() -> Self {
        Self { max_attempts: 1, ..Self::default() }
    }
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 5,
            base_delay: Duration::from_millis(500),
            max_wait: Duration::from_secs(90),
            deadline: Duration::from_secs(180),
            jitter: true,
        }
    }
}
