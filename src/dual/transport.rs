use std::any::Any;
use std::time::Instant;

use super::{Work, maybe_async};
use crate::config::Limits;
use crate::error::TransportError;

flavored! {
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

        #[doc = flavored!(spawn_detached)]
        fn spawn_detached(&self, work: Work) -> Result<(), Work> {
            super::spawn_detached(work)
        }

        /// The time. A transport for tests gives its own, and lets it pass in `sleep_until`.
        fn now(&self) -> Instant {
            Instant::now()
        }
    }
}
