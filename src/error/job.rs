use std::fmt;
use std::time::Duration;

use super::Error;
use super::text::OneLine;

/// Waiting for a job came to no good end. [`Error::job`] says which job it was and how it stood.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct JobError {
    /// How it ended.
    pub end: JobEnd,
    /// Why the job failed, for programs, where the service says so.
    pub code: Option<String>,
    /// The correlation id of the last look.
    pub correlation_id: Option<String>,
    /// Why the last look failed, if it did.
    pub last_failure: Option<Error>,
}

/// How waiting for a job ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum JobEnd {
    /// The limit of the wait was over. The job goes on, and can be waited for again.
    TimedOut {
        /// The limit.
        limit: Duration,
    },
    /// The job failed.
    Failed {
        /// Why, in words, or what is known instead.
        reason: String,
    },
    /// The job doesn't go on before it is told how.
    WaitsForYou,
}

/// Which job an error is about, and how it stood.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct JobFacts {
    /// The id of the job. It is all that it takes to wait for it again, in this process or in another.
    pub id: String,
    /// The last status that the service gave, where it gave one.
    pub status: Option<String>,
}

impl fmt::Display for JobError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.end {
            JobEnd::TimedOut { limit } => {
                write!(f, "the job did not end within {} s; it goes on, wait again with its id", limit.as_secs_f64())?;
                if self.last_failure.is_some() { f.write_str("; the last look at it failed") } else { Ok(()) }
            }
            JobEnd::Failed { reason } => {
                f.write_str("the job failed: ")?;
                if let Some(code) = &self.code {
                    write!(f, "{}: ", OneLine(code))?;
                }
                OneLine(reason).fmt(f)
            }
            JobEnd::WaitsForYou => f.write_str("the job waits to be told how to go on; tell it, and wait again"),
        }
    }
}

impl fmt::Display for JobFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "job {}", OneLine(&self.id))?;
        match &self.status {
            Some(status) => write!(f, ", last status {}", OneLine(status)),
            None => f.write_str(", whose status is unknown"),
        }
    }
}
