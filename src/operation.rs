//! What an endpoint is: an [`Operation`], and a [`Request`] that carries one to a client.

mod job;
mod options;
mod paging;
mod parts;
mod response;

use std::fmt;

use serde::de::DeserializeOwned;

pub use job::{Job, Polled, Progress};
pub use options::{DryRun, Expand, InDivision, InDivisions, IncludeMerged, IncludeTrustors, Named, Search, Sort};
pub use paging::{After, ByCursor, Numbered, Paged, Paging, Resumable};
pub(crate) use paging::{Cursor, Position};
pub use parts::RequestParts;
pub(crate) use parts::VALUE;
pub use response::Response;
pub(crate) use response::fault_of_text;

use crate::config::Limits;
use crate::error::{ApiError, Error};
use crate::pace::Pace;
use crate::retry::RetryPolicy;
pub use crate::route::{Repeat, Route};

/// One endpoint of the API with its arguments: what goes on the wire, and what comes back. It does no I/O.
///
/// Implement it to call an endpoint that this crate doesn't have yet, and hand it to
/// [`Client::execute`](crate::Client::execute) or [`Client::request`](crate::Client::request):
///
/// ```
/// use genesys_external_contacts::operation::{Operation, RequestParts, Route};
/// use genesys_external_contacts::{Error, ExternalContact};
///
/// /// `GET /api/v2/externalcontacts/contacts/{contactId}/unresolved`
/// struct GetUnresolvedContact {
///     contact_id: String,
/// }
///
/// impl Operation for GetUnresolvedContact {
///     type Output = ExternalContact;
///     const ROUTE: Route = Route::get("/api/v2/externalcontacts/contacts/{contactId}/unresolved");
///
///     fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
///         request.path_param("contactId", &self.contact_id)
///     }
/// }
/// ```
pub trait Operation: Send + Sync {
    /// What a success returns: `()`, or what its JSON is.
    type Output: DeserializeOwned + Send + 'static;

    /// Method and path.
    const ROUTE: Route;

    /// Writes path parameters, query and body. It runs once a call, however often the request is sent.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) for arguments that can't be right; nothing is sent then.
    fn write(&self, request: &mut RequestParts) -> Result<(), Error>;

    /// Reads the answer to a success (any 2xx): by default nothing where the output is `()`, and JSON everywhere else.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode) when the body is not what was promised.
    fn read(&self, response: &Response) -> Result<Self::Output, Error> {
        response.read()
    }

    /// Reads the answer to a failure. By default it is an error.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Api`](crate::ErrorKind::Api).
    fn read_failure(&self, error: ApiError) -> Result<Self::Output, Error> {
        Err(error.into())
    }

    /// What a second sending of this very request does: by default what the route says.
    fn repeat(&self) -> Repeat {
        Self::ROUTE.repeat()
    }
}

/// A call that is ready to be sent: the methods of a resource make it, setters add optional parameters, `send` sends it.
///
/// It owns its client (a reference count), so it can move into a thread or a task. `Debug` prints the route, not the
/// arguments, which may be personal data.
///
/// Which optional parameters an operation has, its own page lists: as the traits of [`operation`](crate::operation) that it
/// implements, such as [`Expand`] and [`Paged`].
#[derive(Clone)]
#[must_use = "a request does nothing until it is sent"]
pub struct Request<C, O> {
    pub(crate) client: C,
    pub(crate) operation: O,
    pub(crate) options: CallOptions,
}

/// Per-call overrides of what the client was built with.
#[derive(Clone, Default)]
pub(crate) struct CallOptions {
    pub(crate) limits: Option<Limits>,
    pub(crate) retry: Option<RetryPolicy>,
    pub(crate) pace: Option<Pace>,
}

impl<C, O: Operation> Request<C, O> {
    pub(crate) fn new(client: C, operation: O) -> Self {
        Self { client, operation, options: CallOptions::default() }
    }

    /// What each exchange of this call may take, instead of what the client was built with.
    ///
    /// ```
    /// use std::time::Duration;
    /// use genesys_external_contacts::Limits;
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    ///
    /// let mut limits = Limits::default();
    /// limits.call_timeout = Duration::from_secs(5);
    /// let page = client.contacts().search().limits(limits).send()?;
    /// # drop(page);
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    pub fn limits(mut self, limits: Limits) -> Self {
        self.options.limits = Some(limits);
        self
    }

    /// When this call is retried, instead of what the client was built with.
    ///
    /// ```
    /// use genesys_external_contacts::RetryPolicy;
    /// use genesys_external_contacts::sandbox::Sandbox;
    ///
    /// let sandbox = Sandbox::new();
    /// let client = sandbox.client();
    /// sandbox.next_calls(1).fail(503);
    /// let error = client.contacts().search().retry(RetryPolicy::never()).send().unwrap_err();
    /// assert_eq!(error.status().unwrap(), 503);
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.options.retry = Some(policy);
        self
    }

    /// Makes "not found" a `None` instead of an error.
    ///
    /// Only a 404 of the API itself counts ([`is_not_found`](Error::is_not_found)): that of a gateway stays an error.
    pub fn optional(self) -> Request<C, Optional<O>> {
        Request { client: self.client, operation: Optional(self.operation), options: self.options }
    }
}

impl<C, O: Paged> Request<C, O> {
    /// How many records one page holds (`pageSize`, or `limit` on the wire). `items()` and `pages()` ask for the largest page
    /// that the operation gives, `send()` for what the service takes by default.
    ///
    /// 0 is refused before sending.
    pub fn page_size(mut self, records: u32) -> Self {
        *self.operation.paging().size() = Some(records);
        self
    }
}

impl<C, O: Paged<Paging = Numbered>> Request<C, O> {
    /// Which page to return (`pageNumber`); the first is 1 and the default. `items()` and `pages()` start with it.
    ///
    /// The service gives out the first 1,000 records: a page after that is refused before sending.
    pub fn page_number(mut self, number: u32) -> Self {
        self.operation.paging().number = Some(number);
        self
    }
}

impl<C, O: Paged<Paging: Resumable>> Request<C, O> {
    /// Goes on where another walk stopped: takes what `pages().cursor()` gave there, or `cursors.after` of a page. It may
    /// come from another process. Everything else that the request asks for should be the same as there.
    ///
    /// A cursor is good for 24 hours.
    pub fn cursor(mut self, cursor: impl Into<String>) -> Self {
        *self.operation.paging().cursor() = Some(cursor.into());
        self
    }
}

impl<C, O: Operation> fmt::Debug for Request<C, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Request({})", O::ROUTE)
    }
}

/// An operation whose "not found" is `None`; see [`Request::optional`].
#[derive(Clone)]
pub struct Optional<O>(O);

impl<O: Operation> Operation for Optional<O> {
    type Output = Option<O::Output>;
    const ROUTE: Route = O::ROUTE;

    #[inline]
    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        self.0.write(request)
    }

    fn read(&self, response: &Response) -> Result<Self::Output, Error> {
        self.0.read(response).map(Some)
    }

    fn read_failure(&self, error: ApiError) -> Result<Self::Output, Error> {
        if error.is_not_found() { Ok(None) } else { self.0.read_failure(error).map(Some) }
    }

    fn repeat(&self) -> Repeat {
        self.0.repeat()
    }
}
