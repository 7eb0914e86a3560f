//! Jobs: operations that look at work that takes a while.

use super::{Operation, Request};
use crate::pace::Pace;

/// What an answer says about a job.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Progress {
    /// The service is at it.
    Running,
    /// It is done.
    Done,
    /// It has failed.
    Failed {
        /// Why, for programs.
        code: Option<String>,
        /// Why, in words, or what is known instead.
        reason: String,
    },
    /// It doesn't go on before it is told how.
    WaitsForYou,
}

/// An operation that looks at a job, so that the job can be watched: [`Request::polls`].
///
/// ```
/// use genesys_external_contacts::operation::{Job, Operation, Polled, Progress, RequestParts, Route};
/// use genesys_external_contacts::{Error, Extra};
///
/// /// A job of another part of the platform.
/// #[derive(Clone)]
/// struct GetRecordingJob {
///     job_id: String,
/// }
///
/// impl Operation for GetRecordingJob {
///     type Output = Extra;
///     const ROUTE: Route = Route::get("/api/v2/recording/jobs/{jobId}");
///
///     fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
///         request.path_param("jobId", &self.job_id)
///     }
/// }
///
/// impl Polled for GetRecordingJob {
///     fn job_id(&self) -> &str {
///         &self.job_id
///     }
///
///     fn status(answer: &Extra) -> Option<&str> {
///         answer.get("state")?.as_str()
///     }
///
///     fn progress(answer: &Extra) -> Progress {
///         match Self::status(answer) {
///             Some("FULFILLED") => Progress::Done,
///             Some("FAILED") => Progress::Failed { code: None, reason: "no reason is given".to_owned() },
///             _ => Progress::Running,
///         }
///     }
/// }
///
/// impl Job for GetRecordingJob {}
/// ```
pub trait Polled: Operation + Clone + 'static {
    /// Whether the job may not be there yet when it is looked at, so that "not found" and "conflict" don't end a wait.
    const MAY_NOT_BE_THERE_YET: bool = false;

    /// The id of the job. It is all that it takes to go on watching it in another process.
    fn job_id(&self) -> &str;

    /// The status in an answer, as the service writes it.
    fn status(answer: &Self::Output) -> Option<&str>;

    /// What an answer says. A status that nobody knows is [`Progress::Running`]: the limit of the wait ends it.
    fn progress(answer: &Self::Output) -> Progress;
}

/// A job that has one end, so that it can be waited for: [`Request::wait`].
pub trait Job: Polled {}

impl<C, O: Polled> Request<C, O> {
    /// How often the job is looked at, instead of what [`Pace::default`] says.
    pub fn pace(mut self, pace: Pace) -> Self {
        self.options.pace = Some(pace);
        self
    }
}
