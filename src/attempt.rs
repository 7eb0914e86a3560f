//! What a client tells of each exchange.

use std::time::Duration;

use http::StatusCode;

use crate::error::{TransportError, TransportErrorKind};
use crate::route::Route;

/// One exchange with the service, as [`ClientBuilder::on_attempt`](crate::ClientBuilder::on_attempt) hears of it: for
/// metrics. Nothing in it is secret or personal.
///
/// ```
/// use std::sync::{Arc, Mutex};
/// use genesys_external_contacts::sandbox::Sandbox;
/// # let sandbox = Sandbox::new();
///
/// let seen = Arc::new(Mutex::new(Vec::new()));
/// let see = Arc::clone(&seen);
/// let client = sandbox
///     .client_builder()
///     .client_credentials(Sandbox::CLIENT_ID, Sandbox::CLIENT_SECRET)
///     .on_attempt(move |attempt| {
///         let outcome = attempt.status.map(|status| status.as_u16());
///         see.lock().unwrap().push((attempt.route.to_string(), attempt.number, outcome));
///     })
///     .build()?;
///
/// sandbox.next_calls(1).reset();
/// client.contacts().get("00000000-0000-4000-8000-000000000000").optional().send()?;
/// let route = "GET /api/v2/externalcontacts/contacts/{contactId}";
/// assert_eq!(*seen.lock().unwrap(), [(route.to_owned(), 1, None), (route.to_owned(), 2, Some(404))]);
/// # Ok::<(), genesys_external_contacts::Error>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Attempt {
    /// The operation, with its parameters in braces.
    pub route: Route,
    /// Which try of the call it was; the first is 1. A try that is repeated with a new token keeps its number.
    pub number: u32,
    /// The status, if an answer came.
    pub status: Option<StatusCode>,
    /// What went wrong, if no complete answer came.
    pub failure: Option<TransportErrorKind>,
    /// How long it took, from handing over the request until the whole answer was there.
    pub duration: Duration,
}

impl Attempt {
    pub(crate) fn new(
        route: Route,
        number: u32,
        result: &Result<http::Response<Vec<u8>>, TransportError>,
        duration: Duration,
    ) -> Self {
        let status = result.as_ref().ok().map(http::Response::status);
        Self { route, number, status, failure: result.as_ref().err().map(TransportError::kind), duration }
    }
}
