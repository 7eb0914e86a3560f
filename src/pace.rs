//! How often a job is looked at.

use std::time::Duration;

/// How often a job is looked at while somebody waits for it.
///
/// The first look is at once. Each wait is twice as long as the one before, up to a maximum. What the service asks for
/// (`Retry-After`) wins, and the last look is at the limit of the wait.
///
/// ```
/// use std::time::Duration;
/// use genesys_external_contacts::Pace;
/// use genesys_external_contacts::exports::Export;
/// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
///
/// let mut patient = Pace::default();
/// patient.max = Duration::from_secs(300);
/// let exports = client.contacts().exports();
/// let id = exports.start(Export::default()).send()?.id.unwrap_or_default();
/// exports.get(id).pace(patient).wait(Duration::from_secs(86_400))?;
/// # Ok::<(), genesys_external_contacts::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Pace {
    /// The wait after the first look: 1 s unless set.
    pub first: Duration,
    /// The longest wait that the client chooses by itself: 30 s unless set.
    pub max: Duration,
    /// Whether each wait is a random time between half of it and all of it, so that many clients don't look at the same
    /// moment: true unless set.
    pub jitter: bool,
}

impl Default for Pace {
    fn default() -> Self {
        Self { first: Duration::from_secs(1), max: Duration::from_secs(30), jitter: true }
    }
}
