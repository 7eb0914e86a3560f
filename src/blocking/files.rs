//! Files that are fetched, as an iterator and as what can be read.

use super::Body;
use super::download::Fetch;
use crate::config::Limits;
use crate::error::{Error, TransportError, TransportErrorKind};
use crate::files::Source;
use crate::operation::Operation;

/// What a transport says that can't stream.
pub(crate) fn no_stream(_: http::Request<Source>, _: Limits) -> Result<http::Response<Box<dyn Body>>, TransportError> {
    Err(TransportError::new(TransportErrorKind::Other, "the transport has no `stream`, which files need").never_sent())
}

/// A file that is being fetched, part by part; see [`Exports::get`](crate::exports::Exports::get).
///
/// It is an iterator over the parts, and a [`Read`](std::io::Read). If the connection breaks, it goes on where it was; if
/// the URL has expired, it reads the job again. What it gives is all of one file, or ends with an error.
#[must_use = "a file is fetched as its parts are asked for"]
pub struct Download<O: Operation> {
    fetch: Option<Fetch<O>>,
    /// What `read` has left of a part.
    left: std::io::Cursor<Vec<u8>>,
}

impl<O: Operation> Download<O> {
    pub(crate) fn new(fetch: Fetch<O>) -> Self {
        Self { fetch: Some(fetch), left: std::io::Cursor::default() }
    }

    pub(crate) fn set(mut self, set: impl FnOnce(&mut Fetch<O>)) -> Self {
        if let Some(fetch) = &mut self.fetch {
            set(fetch);
        }
        self
    }
}

impl<O: Operation> Iterator for Download<O> {
    type Item = Result<Vec<u8>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let left = std::mem::take(&mut self.left);
        let position = usize::try_from(left.position()).unwrap_or(usize::MAX);
        let mut left = left.into_inner();
        if position < left.len() {
            return Some(Ok(left.split_off(position)));
        }
        let (fetch, part) = self.fetch.take()?.step();
        if let Some(Ok(_)) = part {
            self.fetch = Some(fetch);
        }
        part
    }
}

impl<O: Operation> std::iter::FusedIterator for Download<O> {}

impl<O: Operation> std::io::Read for Download<O> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        loop {
            let count = self.left.read(buffer)?;
            if count > 0 || buffer.is_empty() {
                return Ok(count);
            }
            match self.next() {
                Some(part) => self.left = std::io::Cursor::new(part.map_err(std::io::Error::other)?),
                None => return Ok(0),
            }
        }
    }
}
