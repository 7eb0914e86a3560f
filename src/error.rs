//! What can go wrong, and what to do then.

mod api;
mod decode;
mod file;
mod invalid;
mod job;
mod listing;
mod rate_limit;
mod sign_in;
mod text;
mod transport;

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;

pub use api::{ApiError, ErrorBody, ErrorDetail, ErrorLimit};
pub use decode::DecodeError;
pub use file::{FileError, FileProblem};
pub use invalid::InvalidError;
pub use job::{JobEnd, JobError, JobFacts};
pub use listing::{CursorError, ResultWindowError};
pub use rate_limit::RateLimitError;
pub use sign_in::SignInError;
pub(crate) use sign_in::SingleUse;
pub(crate) use text::OneLine;
pub use text::RawBody;
pub use transport::{TransportError, TransportErrorKind};

use crate::meta::Meta;
use crate::route::{Repeat, Route};

/// Everything that a call can fail with.
///
/// [`kind`](Error::kind) says what happened and holds the details; most programs need only the predicates:
///
/// ```
/// use genesys_external_contacts::ErrorKind;
/// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
///
/// let error = client.contacts().get("00000000-0000-4000-8000-000000000000").send().unwrap_err();
/// assert!(error.is_not_found() && !error.is_retryable());
/// assert_eq!(error.route().map(|route| route.path()), Some("/api/v2/externalcontacts/contacts/{contactId}"));
///
/// if let ErrorKind::Api(error) = error.kind() {
///     println!("{}: {:?}", error.status(), error.body.message);
/// }
/// ```
///
/// | kind | what happened | what now |
/// |---|---|---|
/// | [`Api`](ErrorKind::Api) | the service said no | look at [`status`](Error::status) and [`code`](Error::code) |
/// | [`SignIn`](ErrorKind::SignIn) | the token endpoint said no | check the id, the secret and the region; look at [`may_have_used_grant`](Error::may_have_used_grant) |
/// | [`Transport`](ErrorKind::Transport) | there was no complete answer | look at [`may_have_been_applied`](Error::may_have_been_applied), then try again |
/// | [`Decode`](ErrorKind::Decode) | the answer is not what the API promises | report it with the [`correlation_id`](Error::correlation_id) |
/// | [`Invalid`](ErrorKind::Invalid) | refused before anything was sent | correct the call |
/// | [`ResultWindow`](ErrorKind::ResultWindow) | the rest of the listing is out of reach | narrow the search, or scan |
/// | [`Cursor`](ErrorKind::Cursor) | a listing by cursor goes round in circles | start again without the cursor |
/// | [`Job`](ErrorKind::Job) | waiting for a job came to no good end | look at [`JobError::end`]; [`job`](Error::job) has the id to go on with |
/// | [`File`](ErrorKind::File) | a file could not be fetched or sent as a whole | look at [`FileError::problem`] |
/// | [`RateLimit`](ErrorKind::RateLimit) | not sent, the rate limit is used up | wait for [`retry_after`](Error::retry_after) |
///
/// No kind prints a token, a secret or a value that was sent. The service's own message is printed as it came.
///
/// `Display` is one line, without the cause, which [`source`](StdError::source) gives. `Debug` is the same line with the
/// causes behind it, because that is what a `main` that returns an error prints.
#[derive(Clone)]
pub struct Error(Box<Inner>);

#[derive(Clone)]
struct Inner {
    kind: ErrorKind,
    /// What is known of the call, once it has ended.
    call: Option<CallFacts>,
    /// The host at which the client was signing in for the call.
    signing_in_at: Option<Arc<str>>,
    /// What the sign-in sent that is good only once, and may have been used.
    used: Option<SingleUse>,
    /// The job that was waited for.
    job: Option<JobFacts>,
}

/// What an error says of the call that ended with it.
#[derive(Clone, Debug)]
pub(crate) struct CallFacts {
    pub(crate) route: Route,
    pub(crate) repeat: Repeat,
    pub(crate) attempts: u32,
    pub(crate) may_have_been_applied: bool,
}

/// What happened; see [`Error`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The service answered with a status that is no success.
    Api(ApiError),
    /// The token endpoint refused to give a token.
    SignIn(SignInError),
    /// No complete answer came.
    Transport(TransportError),
    /// A success whose body is not what was promised.
    Decode(DecodeError),
    /// The call contradicts itself or the API's documented limits; nothing was sent.
    Invalid(InvalidError),
    /// A listing by page number goes on, but the service doesn't give out more of it.
    ResultWindow(ResultWindowError),
    /// A listing by cursor doesn't come to an end.
    Cursor(CursorError),
    /// Not sent, because the rate limit is used up and the client was built not to wait.
    RateLimit(RateLimitError),
    /// Waiting for a job came to no good end.
    Job(JobError),
    /// A file could not be fetched or sent as a whole.
    File(FileError),
}

impl Error {
    /// What happened.
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// The operation that failed, for metrics: method, and path with its parameters in braces. `None` where there was no
    /// call, as in building a client.
    pub fn route(&self) -> Option<&Route> {
        self.0.call.as_ref().map(|call| &call.route)
    }

    /// How often the request was tried. 0 where it was refused before the first try, and where there was no call.
    pub fn attempts(&self) -> u32 {
        self.0.call.as_ref().map_or(0, |call| call.attempts)
    }

    /// The HTTP status of the answer, where there was one.
    pub fn status(&self) -> Option<StatusCode> {
        self.meta().map(Meta::status)
    }

    /// The service's code, such as `not.found`; for a refused sign-in the OAuth error, such as `invalid_client`.
    pub fn code(&self) -> Option<&str> {
        match self.kind() {
            ErrorKind::Api(error) => error.body.code.as_deref(),
            ErrorKind::SignIn(error) => error.code.as_deref(),
            ErrorKind::Job(error) => error.code.as_deref(),
            _ => None,
        }
    }

    /// The job that was waited for, and how it stood. Errors that end a wait have it, whatever their kind.
    pub fn job(&self) -> Option<&JobFacts> {
        self.0.job.as_ref()
    }

    /// The id under which the vendor's support finds this call.
    pub fn correlation_id(&self) -> Option<&str> {
        match self.kind() {
            ErrorKind::Api(error) => error.correlation_id(),
            ErrorKind::Job(error) => error.correlation_id.as_deref(),
            _ => self.meta().and_then(Meta::correlation_id),
        }
    }

    /// How long the service asks to wait before the next try.
    pub fn retry_after(&self) -> Option<Duration> {
        match self.kind() {
            ErrorKind::RateLimit(error) => Some(error.wait),
            _ => self.meta().and_then(Meta::retry_after),
        }
    }

    /// The service doesn't know what was asked for: a 404 of the API itself, which says so as JSON with a `code`. The 404
    /// page of a gateway says nothing about the API, and is not meant.
    pub fn is_not_found(&self) -> bool {
        matches!(self.kind(), ErrorKind::Api(error) if error.is_not_found())
    }

    /// The change contradicts what the service has, for example an outdated version (409).
    pub fn is_conflict(&self) -> bool {
        self.is_api(StatusCode::CONFLICT)
    }

    /// Too many requests, or too many sign-ins.
    pub fn is_rate_limited(&self) -> bool {
        match self.kind() {
            ErrorKind::SignIn(error) => error.is_rate_limited(),
            ErrorKind::RateLimit(_) => true,
            _ => self.is_api(StatusCode::TOO_MANY_REQUESTS),
        }
    }

    /// The token (401), or the credentials it would be made from, were not accepted.
    pub fn is_unauthorized(&self) -> bool {
        match self.kind() {
            ErrorKind::SignIn(error) => error.are_credentials_refused(),
            _ => self.is_api(StatusCode::UNAUTHORIZED),
        }
    }

    /// The token is good, but a permission or a division is missing (403).
    pub fn is_forbidden(&self) -> bool {
        self.is_api(StatusCode::FORBIDDEN)
    }

    /// Time ran out: ours, that of a wait for a job, or the service's (408, 504).
    pub fn is_timeout(&self) -> bool {
        match self.kind() {
            ErrorKind::Transport(error) => error.kind() == TransportErrorKind::Timeout,
            ErrorKind::Job(error) => matches!(error.end, JobEnd::TimedOut { .. }),
            ErrorKind::File(FileError { problem: FileProblem::Broken(error), .. }) => {
                error.kind() == TransportErrorKind::Timeout
            }
            _ => self.is_api(StatusCode::REQUEST_TIMEOUT) || self.is_api(StatusCode::GATEWAY_TIMEOUT),
        }
    }

    /// Whether the service may have made the change although the call failed. Never true for calls that only read.
    ///
    /// Once a change was sent, only two answers say that it was not applied: a 4xx of the API itself (JSON with a `code`;
    /// not 408), and a 429. After anything else it may have been: a connection that broke, the page of a gateway, any other
    /// status, a success that could not be read. It is enough that one of several tries may have been applied.
    pub fn may_have_been_applied(&self) -> bool {
        self.0.call.as_ref().is_some_and(|call| call.may_have_been_applied)
    }

    /// Whether signing in failed in a way that may have used up the authorization code or the refresh token, which are good
    /// once. The client doesn't send it again: all its calls fail with this error from then on.
    ///
    /// After an authorization code, let the user sign in again. After a refresh token, make a new client with the one that was
    /// stored last: if it was not used, it still works; if that client is refused, let the user sign in again.
    pub fn may_have_used_grant(&self) -> bool {
        self.0.used.is_some()
    }

    /// Whether the same call may succeed later, and can be made again without applying anything twice.
    pub fn is_retryable(&self) -> bool {
        let would_repeat = |call: &CallFacts| call.repeat == Repeat::Once && call.may_have_been_applied;
        self.is_passing() && !self.may_have_used_grant() && !self.0.call.as_ref().is_some_and(would_repeat)
    }

    /// Whether the cause is likely to pass by itself.
    pub(crate) fn is_passing(&self) -> bool {
        match self.kind() {
            ErrorKind::Api(error) => matches!(error.status().as_u16(), 408 | 429 | 502..=504),
            ErrorKind::Transport(error) => error.kind().is_passing(),
            ErrorKind::SignIn(error) => error.is_passing(),
            ErrorKind::RateLimit(_) => true,
            ErrorKind::Job(error) => matches!(error.end, JobEnd::TimedOut { .. }),
            ErrorKind::File(error) => error.is_passing(),
            ErrorKind::Decode(_) | ErrorKind::Invalid(_) | ErrorKind::ResultWindow(_) | ErrorKind::Cursor(_) => false,
        }
    }

    /// What happened in a word or two, for the log.
    pub(crate) fn summary(&self) -> String {
        match self.kind() {
            ErrorKind::Transport(error) => format!("{:?}", error.kind()),
            _ => self.status().map_or_else(|| "not sent".to_owned(), |status| status.as_u16().to_string()),
        }
    }

    fn is_api(&self, status: StatusCode) -> bool {
        matches!(self.kind(), ErrorKind::Api(error) if error.status() == status)
    }

    fn meta(&self) -> Option<&Meta> {
        match self.kind() {
            ErrorKind::Api(error) => Some(&error.meta),
            ErrorKind::SignIn(error) => Some(&error.meta),
            ErrorKind::Decode(error) => Some(&error.meta),
            _ => None,
        }
    }

    /// For an [`Operation`](crate::Operation) of your own: refuses a call before anything is sent. `what` names the
    /// argument in the caller's words.
    pub fn invalid(what: impl Into<Cow<'static, str>>, problem: impl Into<String>) -> Self {
        InvalidError { what: what.into(), problem: problem.into() }.into()
    }

    /// The same problem, of a setting that goes by another name where it was given.
    pub(crate) fn renamed(mut self, name: &'static str) -> Self {
        if let ErrorKind::Invalid(error) = &mut self.0.kind {
            error.what = name.into();
        }
        self
    }

    /// The error as the end of a call.
    pub(crate) fn of_call(mut self, call: CallFacts) -> Self {
        self.0.call = Some(call);
        self
    }

    /// The error as the end of a wait for this job.
    pub(crate) fn of_job(mut self, job: JobFacts) -> Self {
        self.0.job = Some(job);
        self
    }

    /// The error as the end of a sign-in at this host, which may have used up what it sent.
    pub(crate) fn while_signing_in(mut self, host: &str, used: Option<SingleUse>) -> Self {
        self.0.signing_in_at = Some(host.into());
        self.0.used = used;
        self
    }
}

/// Each kind becomes an error of its own.
macro_rules! kinds {
    ($($kind:ident($error:ident),)*) => {
        $(
            impl From<$error> for Error {
                fn from(error: $error) -> Self {
                    let inner = Inner {
                        kind: ErrorKind::$kind(error),
                        call: None,
                        signing_in_at: None,
                        used: None,
                        job: None,
                    };
                    Self(Box::new(inner))
                }
            }
        )*

        impl fmt::Display for ErrorKind {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self { $( Self::$kind(error) => error.fmt(f), )* }
            }
        }
    };
}

kinds! {
    Api(ApiError),
    SignIn(SignInError),
    Transport(TransportError),
    Decode(DecodeError),
    Invalid(InvalidError),
    ResultWindow(ResultWindowError),
    Cursor(CursorError),
    RateLimit(RateLimitError),
    Job(JobError),
    File(FileError),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { kind, call, signing_in_at, used, job } = &*self.0;
        if let Some(call) = call {
            write!(f, "{}: ", call.route)?;
        }
        if let Some(host) = signing_in_at {
            write!(f, "sign-in at {host}: ")?;
        }
        kind.fmt(f)?;
        if let Some(job) = job {
            write!(f, " ({job})")?;
        }
        if let Some(id) = self.correlation_id() {
            write!(f, " (correlation id {})", OneLine(id))?;
        }
        if self.attempts() > 1 {
            write!(f, ", after {} tries", self.attempts())?;
        }
        if let Some(used) = used {
            write!(f, "; {used}")?;
        }
        if self.may_have_been_applied() { f.write_str("; the change may have been applied") } else { Ok(()) }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")?;
        std::iter::successors(self.source(), |&cause| cause.source()).try_for_each(|cause| write!(f, ": {cause}"))
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self.kind() {
            // What is inside is printed by this error already: only what lies behind it is a cause.
            ErrorKind::Transport(error) => error.source(),
            ErrorKind::Job(error) => error.last_failure.as_ref().map(|error| error as _),
            ErrorKind::File(FileError { problem: FileProblem::Broken(error), .. }) => error.source(),
            ErrorKind::File(FileError { problem: FileProblem::Io(error), .. }) => Some(&**error),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_small_and_can_go_anywhere() {
        fn can_go_anywhere<T: Clone + Send + Sync + 'static>() {}
        can_go_anywhere::<Error>();
        assert!(size_of::<Error>() <= 8);
        assert!(size_of::<Result<(), Error>>() <= 8);
    }
}
