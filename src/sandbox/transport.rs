//! The sandbox as a transport of both flavours.

use std::time::{Duration, Instant};

use http::{Request, Response};

use super::http::query::Query;
use super::http::route;
use super::store::state::State;
use super::{REMEMBERED, ReceivedRequest, Sandbox, api, lock};
use crate::config::Limits;
use crate::error::{TransportError, TransportErrorKind};

impl Sandbox {
    /// Answers a request of somebody who waits that long.
    pub(super) fn receive(
        &self,
        request: Request<Vec<u8>>,
        patience: Duration,
    ) -> Result<Response<Vec<u8>>, TransportError> {
        let path = request.uri().path();
        let plan = lock(&self.shared.misbehaviors).plan(request.method(), path);
        let is_refused = plan.is_refused();
        let answer = |state: &mut State| route::answer(state, api::RESOURCES, &request);
        let result = plan.carry_out(&mut lock(&self.shared.state), path, patience, answer);
        if !is_refused {
            self.remember(request);
        }
        result
    }

    fn remember(&self, request: Request<Vec<u8>>) {
        let (parts, body) = request.into_parts();
        let mut received = lock(&self.shared.received);
        if received.len() == REMEMBERED {
            received.pop_front();
        }
        received.push_back(ReceivedRequest {
            method: parts.method,
            path: parts.uri.path().to_owned(),
            query: Query::parse(parts.uri.query().unwrap_or_default()).pairs().to_vec(),
            headers: parts.headers,
            body,
        });
    }

    fn exchange(&self, request: Request<Vec<u8>>, limits: Limits) -> Result<Response<Vec<u8>>, TransportError> {
        let response = self.receive(request, limits.call_timeout)?;
        if response.body().len() as u64 > limits.max_body {
            let problem = format!("the limit is {} bytes", limits.max_body);
            return Err(TransportError::new(TransportErrorKind::BodyTooLarge, problem));
        }
        Ok(response)
    }
}

impl crate::Transport for Sandbox {
    fn send(&self, request: Request<Vec<u8>>, limits: Limits) -> Result<Response<Vec<u8>>, TransportError> {
        self.exchange(request, limits)
    }

    fn sleep(&self, duration: Duration) {
        self.advance(duration);
    }

    fn now(&self) -> Instant {
        Sandbox::now(self)
    }
}

#[cfg(feature = "async")]
type Pending<'a, T> = std::pin::Pin<Box<dyn std::future::Future<Output = T> + Send + 'a>>;

#[cfg(feature = "async")]
impl crate::AsyncTransport for Sandbox {
    fn send(
        &self,
        request: Request<Vec<u8>>,
        limits: Limits,
    ) -> Pending<'_, Result<Response<Vec<u8>>, TransportError>> {
        Box::pin(async move { self.exchange(request, limits) })
    }

    fn sleep(&self, duration: Duration) -> Pending<'_, ()> {
        Box::pin(async move { self.advance(duration) })
    }

    fn now(&self) -> Instant {
        Sandbox::now(self)
    }
}
