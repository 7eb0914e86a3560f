//! Files: bodies that are sent and read part by part.

use std::io::{self, Read as _};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use ::reqwest::{Body as ReqwestBody, Client, Response as ReqwestResponse};
use http::{Method, Request, Response};
use hyper::body::{Body as HttpBody, Bytes, Frame, SizeHint};
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::timeout;

use super::failure::transport_error;
use crate::config::Limits;
use crate::error::{TransportError, TransportErrorKind};
use crate::files::Source;
use crate::nonblocking::{AsyncBody, Later};

/// How much of a file is read at once.
const PART: usize = 64 << 10;

fn stalled() -> TransportError {
    TransportError::new(TransportErrorKind::Timeout, "no byte came or went for too long")
}

pub(super) async fn send(
    client: &Client,
    request: Request<Source>,
    limits: Limits,
) -> Result<Response<Box<dyn AsyncBody>>, TransportError> {
    let sent = Arc::new(AtomicU64::new(0));
    let (parts, source) = request.into_parts();
    let has_body = source.length() > 0 || parts.method == Method::PUT;
    let body = if has_body { ReqwestBody::wrap(Sending::new(source, &sent)) } else { ReqwestBody::from("") };
    let request = ::reqwest::Request::try_from(Request::from_parts(parts, body)).map_err(transport_error)?;
    let asked = request.url().clone();
    let mut answer = pin!(client.execute(request));
    let mut response = loop {
        let before = sent.load(Ordering::Relaxed);
        match timeout(limits.stall_timeout, &mut answer).await {
            Ok(answer) => break answer.map_err(transport_error)?,
            // It is still going out.
            Err(_) if sent.load(Ordering::Relaxed) != before => {}
            Err(_) => return Err(stalled()),
        }
    };
    if asked != *response.url() {
        let problem = "the client followed a redirect; build it with redirect::Policy::none()";
        return Err(TransportError::new(TransportErrorKind::Other, problem));
    }
    let mut head = Response::new(());
    *head.status_mut() = response.status();
    *head.headers_mut() = std::mem::take(response.headers_mut());
    Ok(head.map(|()| Box::new(Parts { response, limits }) as Box<dyn AsyncBody>))
}

/// The body of an answer, part by part.
struct Parts {
    response: ReqwestResponse,
    limits: Limits,
}

impl AsyncBody for Parts {
    fn chunk(&mut self) -> Later<'_, Result<Option<Vec<u8>>, TransportError>> {
        Box::pin(async move {
            let chunk = timeout(self.limits.stall_timeout, self.response.chunk()).await.map_err(|_| stalled())?;
            Ok(chunk.map_err(transport_error)?.map(Vec::from))
        })
    }
}

/// A file that is being sent. It is read where reading may take its time.
struct Sending {
    /// Only ever reached through `&mut`: the lock is there because what is sent must be `Sync`.
    state: Mutex<State>,
    left: u64,
    sent: Arc<AtomicU64>,
}

enum State {
    Ready(Source),
    Reading(JoinHandle<(Source, io::Result<Vec<u8>>)>),
    Done,
}

impl Sending {
    fn new(source: Source, sent: &Arc<AtomicU64>) -> Self {
        Self { left: source.length(), state: Mutex::new(State::Ready(source)), sent: Arc::clone(sent) }
    }
}

fn read(mut source: Source) -> (Source, io::Result<Vec<u8>>) {
    let mut part = vec![0; PART];
    let count = source.read(&mut part);
    let part = count.map(|count| {
        part.truncate(count);
        part
    });
    (source, part)
}

impl HttpBody for Sending {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let this = self.get_mut();
        let state = this.state.get_mut().unwrap_or_else(PoisonError::into_inner);
        loop {
            match std::mem::replace(state, State::Done) {
                State::Ready(source) if this.left > 0 => {
                    *state = State::Reading(spawn_blocking(move || read(source)));
                }
                State::Ready(_) | State::Done => return Poll::Ready(None),
                State::Reading(mut reading) => match Pin::new(&mut reading).poll(context) {
                    Poll::Pending => {
                        *state = State::Reading(reading);
                        return Poll::Pending;
                    }
                    Poll::Ready(Err(error)) => return Poll::Ready(Some(Err(io::Error::other(error)))),
                    Poll::Ready(Ok((source, part))) => {
                        let part = part?;
                        this.left = this.left.saturating_sub(part.len() as u64);
                        this.sent.fetch_add(part.len() as u64, Ordering::Relaxed);
                        *state = State::Ready(source);
                        return Poll::Ready(Some(Ok(Frame::data(Bytes::from(part)))));
                    }
                },
            }
        }
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
