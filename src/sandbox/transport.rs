//! The sandbox as a transport of both flavours.

use std::time::{Duration, Instant};

use http::{Request, Response};

use super::http::query::Query;
use super::http::route;
use super::misbehavior::{Reply, timeout};
use super::store::state::State;
use super::{ReceivedRequest, Sandbox, api, lock};
use crate::config::Limits;
use crate::error::{TransportError, TransportErrorKind};
use crate::files::Source;

impl Sandbox {
    /// Answers a request of somebody who waits that long.
    pub(super) fn receive(&self, request: Request<Vec<u8>>, patience: Duration) -> Reply {
        let path = request.uri().path();
        let plan = lock(&self.shared.misbehaviors).plan(request.method(), path);
        let is_refused = plan.is_refused();
        let answer = |state: &mut State| {
            api::settle(state);
            route::answer(state, api::RESOURCES, &request)
        };
        let received = self.pass(|state| plan.carry_out(state, path, patience, answer));
        if !is_refused {
            self.remember(request);
        }
        received
    }

    /// Does what may let time pass, and wakes the calls that hang: they may be over.
    pub(super) fn pass<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        let result = work(&mut lock(&self.shared.state));
        #[cfg(feature = "async")]
        {
            // They are woken when nothing is locked: waking may run or drop them.
            let woken = lock(&self.shared.hanging).take();
            woken.into_iter().for_each(std::task::Waker::wake);
        }
        result
    }

    fn remember(&self, request: Request<Vec<u8>>) {
        let (parts, body) = request.into_parts();
        lock(&self.shared.received).push(ReceivedRequest {
            method: parts.method,
            host: parts.uri.authority().map(|authority| authority.as_str().to_owned()),
            path: parts.uri.path().to_owned(),
            query: Query::parse(parts.uri.query().unwrap_or_default()).pairs().to_vec(),
            headers: parts.headers,
            body,
        });
    }
}

impl Reply {
    /// The answer. Where there is none, the time that the caller waits passes at once.
    pub(super) fn or_time_out(self, sandbox: &Sandbox) -> Result<Response<Vec<u8>>, TransportError> {
        match self {
            Self::Answer(result) => result,
            Self::Hang(deadline) => {
                crate::Transport::sleep_until(sandbox, deadline);
                Err(timeout())
            }
        }
    }
}

fn within(limits: Limits, response: Response<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
    if response.extensions().get::<CutOff>().is_some() {
        return Err(super::misbehavior::error(TransportErrorKind::Reset));
    }
    if response.body().len() as u64 > limits.max_body {
        let problem = format!("the limit is {} bytes", limits.max_body);
        return Err(TransportError::new(TransportErrorKind::BodyTooLarge, problem));
    }
    Ok(response)
}

/// Says that an answer breaks off after so many bytes.
#[derive(Clone, Copy)]
pub(super) struct CutOff(pub(super) usize);

/// The body of an answer, in small parts.
struct Parts {
    left: std::vec::IntoIter<u8>,
    /// How many bytes are left until it breaks off.
    cut_off: Option<usize>,
}

impl Parts {
    const SIZE: usize = 16 << 10;

    fn of(response: Response<Vec<u8>>) -> Response<Self> {
        let cut_off = response.extensions().get::<CutOff>().map(|cut_off| cut_off.0);
        response.map(|body| Self { left: body.into_iter(), cut_off })
    }

    fn next(&mut self) -> Result<Option<Vec<u8>>, TransportError> {
        if self.cut_off == Some(0) {
            return Err(super::misbehavior::error(TransportErrorKind::Reset));
        }
        let size = self.cut_off.unwrap_or(usize::MAX).min(Self::SIZE);
        let part: Vec<u8> = self.left.by_ref().take(size).collect();
        self.cut_off = self.cut_off.map(|left| left - part.len());
        if part.is_empty() && self.cut_off.is_some() {
            self.cut_off = Some(0);
            return self.next();
        }
        Ok(Some(part).filter(|part| !part.is_empty()))
    }
}

impl crate::Body for Parts {
    fn chunk(&mut self) -> Result<Option<Vec<u8>>, TransportError> {
        self.next()
    }
}

/// A request whose body has been read, as a server would have it.
fn received(request: Request<Source>) -> Result<Request<Vec<u8>>, TransportError> {
    let (mut parts, mut source) = request.into_parts();
    let mut body = Vec::new();
    let unread = |error| TransportError::new(TransportErrorKind::Other, error);
    std::io::Read::read_to_end(&mut source, &mut body).map_err(unread)?;
    if source.length() > 0 {
        parts.headers.insert(http::header::CONTENT_LENGTH, source.length().into());
    }
    Ok(Request::from_parts(parts, body))
}

impl crate::Transport for Sandbox {
    fn stream(
        &self,
        request: Request<Source>,
        limits: Limits,
    ) -> Result<Response<Box<dyn crate::Body>>, TransportError> {
        let response = self.receive(received(request)?, limits.stall_timeout).or_time_out(self)?;
        Ok(Parts::of(response).map(|parts| Box::new(parts) as _))
    }

    fn send(&self, request: Request<Vec<u8>>, limits: Limits) -> Result<Response<Vec<u8>>, TransportError> {
        within(limits, self.receive(request, limits.call_timeout).or_time_out(self)?)
    }

    fn sleep_until(&self, deadline: Instant) {
        self.pass(|state| state.clock.advance_to(deadline));
    }

    fn now(&self) -> Instant {
        Sandbox::now(self)
    }
}

#[cfg(feature = "async")]
pub(super) use nonblocking::Hanging;

#[cfg(feature = "async")]
mod nonblocking {
    use std::collections::BTreeMap;
    use std::future::{Future, poll_fn};
    use std::pin::Pin;
    use std::task::{Context, Poll, Waker};

    use super::*;

    type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

    impl crate::AsyncTransport for Sandbox {
        fn send(
            &self,
            request: Request<Vec<u8>>,
            limits: Limits,
        ) -> Pending<'_, Result<Response<Vec<u8>>, TransportError>> {
            Box::pin(async move {
                let response = match self.receive(request, limits.call_timeout) {
                    Reply::Answer(result) => result?,
                    Reply::Hang(deadline) => {
                        Hang { sandbox: self, deadline, id: None }.await;
                        return Err(timeout());
                    }
                };
                within(limits, response)
            })
        }

        fn stream(
            &self,
            request: Request<Source>,
            limits: Limits,
        ) -> Pending<'_, Result<Response<Box<dyn crate::AsyncBody>>, TransportError>> {
            Box::pin(async move {
                let response = match self.receive(received(request)?, limits.stall_timeout) {
                    Reply::Answer(result) => result?,
                    Reply::Hang(deadline) => {
                        Hang { sandbox: self, deadline, id: None }.await;
                        return Err(timeout());
                    }
                };
                Ok(Parts::of(response).map(|parts| Box::new(parts) as _))
            })
        }

        /// Others run once before the clock moves, so that their waits begin at the same time and overlap with this one.
        fn sleep_until(&self, deadline: Instant) -> Pending<'_, ()> {
            let mut have_others_run = false;
            Box::pin(poll_fn(move |context| {
                if !have_others_run && self.now() < deadline {
                    have_others_run = true;
                    context.waker().wake_by_ref();
                    return Poll::Pending;
                }
                crate::Transport::sleep_until(self, deadline);
                Poll::Ready(())
            }))
        }

        fn now(&self) -> Instant {
            Sandbox::now(self)
        }
    }

    impl crate::AsyncBody for Parts {
        fn chunk(&mut self) -> Pending<'_, Result<Option<Vec<u8>>, TransportError>> {
            Box::pin(std::future::ready(self.next()))
        }
    }

    /// Who is to be woken when time has passed.
    #[derive(Default)]
    pub(in crate::sandbox) struct Hanging {
        wakers: BTreeMap<u64, Waker>,
        next: u64,
    }

    impl Hanging {
        pub(in crate::sandbox) fn take(&mut self) -> Vec<Waker> {
            std::mem::take(&mut self.wakers).into_values().collect()
        }
    }

    /// A call without an answer. It is over when the clock of the sandbox passes the deadline.
    struct Hang<'a> {
        sandbox: &'a Sandbox,
        deadline: Instant,
        id: Option<u64>,
    }

    impl Future for Hang<'_> {
        type Output = ();

        fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
            let mut hanging = lock(&self.sandbox.shared.hanging);
            let id = self.id.unwrap_or(hanging.next);
            hanging.next = hanging.next.max(id + 1);
            hanging.wakers.insert(id, context.waker().clone());
            drop(hanging);
            self.id = Some(id);
            // Looked at after the waker is there: time that passes in between is not missed.
            if self.sandbox.now() < self.deadline { Poll::Pending } else { Poll::Ready(()) }
        }
    }

    impl Drop for Hang<'_> {
        fn drop(&mut self) {
            if let Some(id) = self.id {
                let waker = lock(&self.sandbox.shared.hanging).wakers.remove(&id);
                // Dropped when nothing is locked.
                drop(waker);
            }
        }
    }
}
