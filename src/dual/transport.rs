use std::any::Any;
use std::time::Instant;

use super::{Work, maybe_async};
use crate::config::Limits;
use crate::error::TransportError;

/// How requests get to the service, and how time passes: one HTTP exchange, one wait, one clock.
///
/// Implement it to bring an HTTP client of your own, or to answer from a test. The rules that every transport keeps:
///
/// - A status is never an error: 404 and 503 are responses.
/// - Redirects are not followed.
/// - The request is sent once. Repeating it is the client's decision.
/// - A body larger than [`Limits::max_body`] bytes (after decompression) is an error, and is not read to its end.
/// - An error says whether the service may have received the request, and prints neither query nor body.
#[maybe_async(AFIT)]
#[allow(clippy::type_complexity, reason = "behind an alias, `maybe_async` would not find the future to take out")]
pub trait Transport: Send + Sync {
    /// Sends one request and reads the whole answer.
    fn send(
        &self,
        request: http::Request<Vec<u8>>,
        limits: Limits,
    ) -> std::pin::Pin<Box<dyn std::future::Future<Output = Result<http::Response<Vec<u8>>, TransportError>> + Send + '_>>;

    /// Waits until this instant of the clock that [`now`](Self::now) reads, and not at all where it has passed.
    ///
    /// It is an instant and not a duration so that the waits of several calls overlap on a virtual clock as they do on a real
    /// one.
    fn sleep_until(&self, deadline: Instant) -> std::pin::Pin<Box<dyn std::future::Future<Output = ()> + Send + '_>>;

    /// Runs work besides, which is what `prefetch` needs, or gives it back where there is no way to. Dropping what is
    /// returned may end the work early.
    fn spawn(&self, work: Work) -> Result<Box<dyn Any + Send>, Work> {
        super::spawn(work)
    }

    /// Runs work besides and to its end, whatever becomes of the call that began it and of the runtime that this is called in.
    /// Gives the work back where there is no way to. Sign-ins run here: many calls wait for one, and its answer may hold a
    /// refresh token, which comes only once.
    ///
    /// The blocking flavour starts a thread, unless a transport does otherwise.
    ///
    /// In the async flavour only a transport knows a place for work, so by default it is given back. Then the calls that wait
    /// for a sign-in drive it. It stands still while no call waits, and a call that waits ends when the sign-in does: within
    /// the limits of the client, even if its own are shorter. A transport that takes the work also waits in real time: a call
    /// that waits for a sign-in calls `sleep_until` with the end of its own limits. A transport with a virtual clock, which
    /// `sleep_until` puts forward at once, leaves this as it is.
    fn spawn_detached(&self, work: Work) -> Result<(), Work> {
        super::spawn_detached(work)
    }

    /// The time. A transport for tests gives its own, and lets it pass in `sleep_until`.
    fn now(&self) -> Instant {
        Instant::now()
    }
}
