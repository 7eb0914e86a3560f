use std::any::Any;
use std::time::Instant;

use super::{Work, maybe_async};
use crate::config::Limits;
use crate::error::TransportError;
use crate::files::Source;

flavored! {
    #[maybe_async(AFIT)]
    #[allow(clippy::type_complexity, reason = "behind an alias, `maybe_async` would not find the future to take out")]
    pub trait Body: Send {
        /// The next part, however large; `None` is the end. A body that ends before its announced length is an error.
        fn chunk(
            &mut self,
        ) -> std::pin::Pin<Box<dyn std::future::Future<Output = Result<Option<Vec<u8>>, TransportError>> + Send + '_>>;
    }
}

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

        /// Sends one request whose body may be a file, and returns the answer when its head has come, before its body. Only files
        /// need this: a transport that doesn't have it refuses them, and does everything else.
        ///
        /// The body is sent with a `Content-Length`, which is [`Source::length`]; a request without a body has none.
        /// [`Limits::call_timeout`] and [`Limits::max_body`] don't count; instead, a
        /// [`Limits::stall_timeout`] without a byte in either direction is an error.
        fn stream(
            &self,
            request: http::Request<Source>,
            limits: Limits,
        ) -> std::pin::Pin<
            Box<dyn std::future::Future<Output = Result<http::Response<Box<dyn Body>>, TransportError>> + Send + '_>,
        > {
            super::no_stream(request, limits)
        }

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
