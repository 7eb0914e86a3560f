use std::fmt;

use http::StatusCode;

use super::TransportError;
use super::text::RawBody;

/// A file could not be fetched or sent as a whole.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct FileError {
    /// What went wrong.
    pub problem: FileProblem,
    /// The host that has the file. Its URL is a secret.
    pub host: Option<String>,
    /// How many bytes had been handed out, or sent.
    pub bytes: u64,
}

/// Why a file could not be fetched or sent.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum FileProblem {
    /// The job has no such file, or not yet: wait for the job first.
    NoFile,
    /// The host refused, also with a fresh URL where there was one to be had.
    Refused {
        /// With this status.
        status: StatusCode,
        /// The start of its answer.
        body_start: RawBody,
    },
    /// The connection broke again and again without a byte in between, or can't be made at all.
    Broken(TransportError),
    /// The host redirects too often, or to a place that must not be followed.
    Redirect(&'static str),
    /// The file is another one than when the transfer began: what was handed out is part of a file that is there no more.
    Changed,
    /// The file is larger than [`max_size`](crate::Download::max_size).
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// The file on this side could not be read or written.
    Io(std::sync::Arc<std::io::Error>),
    /// The URL is not one.
    Url,
}

impl FileError {
    /// Whether the same transfer, begun anew, may succeed.
    pub(crate) fn is_passing(&self) -> bool {
        match &self.problem {
            FileProblem::Broken(error) => error.kind().is_passing(),
            FileProblem::Refused { status, .. } => status.is_server_error() || *status == StatusCode::TOO_MANY_REQUESTS,
            FileProblem::NoFile | FileProblem::Changed => true,
            FileProblem::Redirect(_) | FileProblem::TooLarge { .. } | FileProblem::Io(_) | FileProblem::Url => false,
        }
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("file")?;
        if let Some(host) = &self.host {
            write!(f, " at {host}")?;
        }
        write!(f, ", after {} bytes: ", self.bytes)?;
        match &self.problem {
            FileProblem::NoFile => f.write_str("the job has no such file yet; wait for the job, then ask again"),
            FileProblem::Refused { status, .. } => {
                write!(f, "refused with {status}; read the job again for a fresh URL")
            }
            FileProblem::Broken(error) => error.fmt(f),
            FileProblem::Redirect(why) => f.write_str(why),
            FileProblem::Changed => f.write_str("it is another file now than when this began; begin anew"),
            FileProblem::TooLarge { limit } => write!(f, "it is larger than the limit of {limit} bytes"),
            FileProblem::Io(_) => f.write_str("it could not be read or written on this machine"),
            FileProblem::Url => f.write_str("the service gave something that is no URL"),
        }
    }
}
