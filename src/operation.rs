//! What an endpoint is: an [`Operation`], and a [`Request`] that carries one to a client.

use std::fmt;

use http::Method;

use crate::config::Limits;
use crate::error::{ApiError, Error};
use crate::model::Listing;
use crate::retry::RetryPolicy;
pub use crate::wire::{RequestParts, Response};

/// One endpoint of the API with its arguments: what goes on the wire, and what comes back. It does no I/O.
///
/// Implement it to call an endpoint that this crate doesn't have yet, and hand it to
/// [`Client::execute`](crate::Client::execute) or [`Client::request`](crate::Client::request):
///
/// ```
/// use genesys_external_contacts::operation::{Operation, RequestParts, Response, Route};
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
///
///     fn read(&self, response: &Response) -> Result<ExternalContact, Error> {
///         response.json()
///     }
/// }
/// ```
pub trait Operation: Send + Sync {
    /// What a success returns.
    type Output: Send;

    /// Method and path.
    const ROUTE: Route;

    /// Writes path parameters, query and body.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for arguments that can't be right; nothing is sent then.
    fn write(&self, request: &mut RequestParts) -> Result<(), Error>;

    /// Reads the answer to a success (any 2xx).
    ///
    /// # Errors
    ///
    /// [`Error::Decode`] when the body is not what was promised.
    fn read(&self, response: &Response) -> Result<Self::Output, Error>;

    /// Reads the answer to a failure. Unless an operation knows better, it is an error.
    ///
    /// # Errors
    ///
    /// [`Error::Api`].
    fn read_failure(&self, error: Box<ApiError>) -> Result<Self::Output, Error> {
        Err(Error::Api(error))
    }
}

/// Method and path of an operation, and whether it can be repeated.
#[derive(Clone, Debug)]
pub struct Route {
    method: Method,
    path: &'static str,
    repeat: Repeat,
}

/// What a second sending of the same request does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repeat {
    /// Nothing: it only reads.
    Reads,
    /// The same as the first.
    SameAgain,
    /// Something else: it must not be sent twice.
    Never,
}

impl Route {
    const fn new(method: Method, path: &'static str, repeat: Repeat) -> Self {
        Self { method, path, repeat }
    }

    /// A `GET`. The path starts with `/api/v2/`; its parameters stand in braces.
    pub const fn get(path: &'static str) -> Self {
        Self::new(Method::GET, path, Repeat::Reads)
    }

    /// A `PUT`.
    pub const fn put(path: &'static str) -> Self {
        Self::new(Method::PUT, path, Repeat::SameAgain)
    }

    /// A `DELETE`.
    pub const fn delete(path: &'static str) -> Self {
        Self::new(Method::DELETE, path, Repeat::SameAgain)
    }

    /// A `POST` that changes something, and would change it again if it were sent twice.
    pub const fn post(path: &'static str) -> Self {
        Self::new(Method::POST, path, Repeat::Never)
    }

    /// A `POST` that only reads: a search or a look-up with a body.
    pub const fn post_that_reads(path: &'static str) -> Self {
        Self::new(Method::POST, path, Repeat::Reads)
    }

    /// A `PATCH`.
    pub const fn patch(path: &'static str) -> Self {
        Self::new(Method::PATCH, path, Repeat::Never)
    }

    /// The method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The path with its parameters in braces.
    pub fn path(&self) -> &'static str {
        self.path
    }

    pub(crate) fn repeat(&self) -> Repeat {
        self.repeat
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

/// A call that is ready to be sent: the methods of a resource make it, setters add optional parameters, `send` sends it.
///
/// It owns its client (a reference count), so it can move into a thread or a task. `Debug` prints the route, not the
/// arguments, which may be personal data.
#[derive(Clone)]
#[must_use = "a request does nothing until it is sent"]
pub struct Request<C, O> {
    pub(crate) client: C,
    pub(crate) operation: O,
    pub(crate) options: CallOptions,
}

/// What one call does otherwise than its client.
#[derive(Clone, Default)]
pub(crate) struct CallOptions {
    pub(crate) limits: Option<Limits>,
    pub(crate) retry: Option<RetryPolicy>,
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

    /// When this call is made again, instead of what the client was built with.
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

    /// Makes "there is no such thing" (404) a `None` instead of an error.
    ///
    /// Only an answer of the API itself counts: a 404 page of a proxy stays an error.
    pub fn optional(self) -> Request<C, Optional<O>> {
        Request { client: self.client, operation: Optional(self.operation), options: self.options }
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

    fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        self.0.write(request)
    }

    fn read(&self, response: &Response) -> Result<Self::Output, Error> {
        self.0.read(response).map(Some)
    }

    fn read_failure(&self, error: Box<ApiError>) -> Result<Self::Output, Error> {
        let is_of_a_proxy = !error.raw_body.as_bytes().is_empty();
        if error.status() == http::StatusCode::NOT_FOUND && !is_of_a_proxy {
            return Ok(None);
        }
        self.0.read_failure(error).map(Some)
    }
}

/// An operation that answers in numbered pages.
pub trait Paged: Operation<Output = Listing<Self::Item>> + Clone + 'static {
    /// What the pages hold.
    type Item: Send + 'static;

    /// Which page is asked for, to read it or to change it.
    fn page(&mut self) -> &mut PageParams;
}

/// The parameters `pageSize` and `pageNumber`, which every [`Paged`] operation has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PageParams {
    pub(crate) size: Option<u32>,
    pub(crate) number: Option<u32>,
}

impl PageParams {
    /// How many records of a listing the service gives out: `pageNumber` × `pageSize` may not pass it.
    pub const WINDOW: u32 = 1000;
    /// What the service takes when there is no `pageSize`.
    pub const DEFAULT_SIZE: u32 = 20;

    /// Writes both where they were given.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for a size or number of 0, [`Error::ResultWindow`] for a page outside the window.
    pub fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
        for (name, value) in [("pageSize", self.size), ("pageNumber", self.number)] {
            if value == Some(0) {
                return Err(Error::invalid(name, "is 0, and must be at least 1"));
            }
            request.query_opt(name, value);
        }
        let last = u64::from(self.size.unwrap_or(Self::DEFAULT_SIZE)) * u64::from(self.number.unwrap_or(1));
        if last > u64::from(Self::WINDOW) {
            return Err(crate::decide::pages::window_error(None));
        }
        Ok(())
    }
}

impl<C, O: Paged> Request<C, O> {
    /// How many records one page holds (`pageSize`). The service takes 20 when it is left out, and gives at most 100;
    /// `items` and `pages` ask for 100.
    ///
    /// 0 is refused before sending.
    pub fn page_size(mut self, records: u32) -> Self {
        self.operation.page().size = Some(records);
        self
    }

    /// Which page to return (`pageNumber`), the first is 1 and the default. `items` and `pages` start with it.
    ///
    /// The service gives out the first 1,000 records: a page after that is refused before sending.
    pub fn page_number(mut self, number: u32) -> Self {
        self.operation.page().number = Some(number);
        self
    }
}
