//! Files that are fetched, as a stream.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::stream::{FusedStream, Stream};

use super::download::Fetch;
use super::{AsyncBody, Later};
use crate::config::Limits;
use crate::error::{Error, TransportError, TransportErrorKind};
use crate::files::Source;
use crate::operation::Operation;

/// What a transport says that can't stream.
pub(crate) fn no_stream(
    _: http::Request<Source>,
    _: Limits,
) -> Later<'static, Result<http::Response<Box<dyn AsyncBody>>, TransportError>> {
    let error = TransportError::new(TransportErrorKind::Other, "the transport has no `stream`, which files need");
    Box::pin(std::future::ready(Err(error.never_sent())))
}

/// A file that is being fetched, part by part; see [`Exports::get`](crate::exports::Exports::get).
///
/// It is a `Stream` of the parts; dropping the future of `next` loses nothing. If the connection breaks, it goes on where
/// it was; if the URL has expired, it reads the job again. What it gives is all of one file, or ends with an error.
#[must_use = "a file is fetched as its parts are asked for"]
pub struct AsyncDownload<O: Operation> {
    state: DownloadState<O>,
}

/// What a step of a download gives.
type Part<O> = (Fetch<O>, Option<Result<Vec<u8>, Error>>);

enum DownloadState<O: Operation> {
    Waiting(Box<Fetch<O>>),
    Running(Later<'static, Part<O>>),
    Done,
}

impl<O: Operation + 'static> AsyncDownload<O> {
    pub(crate) fn new(fetch: Fetch<O>) -> Self {
        Self { state: DownloadState::Waiting(Box::new(fetch)) }
    }

    pub(crate) fn set(mut self, set: impl FnOnce(&mut Fetch<O>)) -> Self {
        if let DownloadState::Waiting(fetch) = &mut self.state {
            set(fetch);
        }
        self
    }

    /// The next part, or `None` after the last one or an error.
    pub async fn next(&mut self) -> Option<Result<Vec<u8>, Error>> {
        poll_fn(|context| self.poll(context)).await
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Vec<u8>, Error>>> {
        loop {
            match std::mem::replace(&mut self.state, DownloadState::Done) {
                DownloadState::Waiting(fetch) => self.state = DownloadState::Running(Box::pin(fetch.step())),
                DownloadState::Running(mut running) => match running.as_mut().poll(context) {
                    Poll::Ready((fetch, part)) => {
                        if let Some(Ok(_)) = part {
                            self.state = DownloadState::Waiting(Box::new(fetch));
                        }
                        return Poll::Ready(part);
                    }
                    Poll::Pending => {
                        self.state = DownloadState::Running(running);
                        return Poll::Pending;
                    }
                },
                DownloadState::Done => return Poll::Ready(None),
            }
        }
    }
}

// Nothing in it is pinned in place: the future has a box of its own.
impl<O: Operation> Unpin for AsyncDownload<O> {}

impl<O: Operation + 'static> Stream for AsyncDownload<O> {
    type Item = Result<Vec<u8>, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(context)
    }
}

impl<O: Operation + 'static> FusedStream for AsyncDownload<O> {
    fn is_terminated(&self) -> bool {
        matches!(self.state, DownloadState::Done)
    }
}
