//! What a sandbox remembers of the requests that it received.

use std::collections::VecDeque;
use std::fmt;

use http::header::{AUTHORIZATION, HeaderMap};

/// A request that a [`Sandbox`](crate::sandbox::Sandbox) received.
///
/// `Debug` prints neither the authorization nor the query and the body, which may be personal.
#[derive(Clone)]
#[non_exhaustive]
pub struct ReceivedRequest {
    /// The method.
    pub method: http::Method,
    /// The host in the URL. A server that hands in what it receives has none there.
    pub host: Option<String>,
    /// The path, encoded as it came.
    pub path: String,
    /// Names and values of the query, decoded, in their order.
    pub query: Vec<(String, String)>,
    /// The headers.
    pub headers: HeaderMap,
    /// The body; empty where there was none.
    pub body: Vec<u8>,
}

impl fmt::Debug for ReceivedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers: Vec<_> = self
            .headers
            .iter()
            .map(|(name, value)| {
                if name == AUTHORIZATION {
                    (name.as_str(), "…".as_bytes())
                } else {
                    (name.as_str(), value.as_bytes())
                }
            })
            .map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value)))
            .collect();
        let query: Vec<_> = self.query.iter().map(|(name, _)| name).collect();
        f.debug_struct("ReceivedRequest")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("query", &query)
            .field("headers", &headers)
            .field("body", &format_args!("{} bytes", self.body.len()))
            .finish()
    }
}

/// How many requests are kept.
const MOST_REQUESTS: usize = 10_000;
/// How many bytes they may take together.
const MOST_BYTES: usize = 32 << 20;

/// The newest requests. Two limits hold, because many small requests and a few large ones both fill the memory.
#[derive(Default)]
pub(super) struct Received {
    requests: VecDeque<ReceivedRequest>,
    /// What they take together, see [`size`].
    bytes: usize,
}

impl Received {
    /// Keeps a request, however large it is, and drops the oldest ones until both limits hold.
    pub(super) fn push(&mut self, mut request: ReceivedRequest) {
        // Whoever read the body may have reserved twice as much as came.
        request.body.shrink_to_fit();
        self.bytes += size(&request);
        self.requests.push_back(request);
        while self.requests.len() > MOST_REQUESTS || (self.bytes > MOST_BYTES && self.requests.len() > 1) {
            let Some(oldest) = self.requests.pop_front() else { return };
            self.bytes -= size(&oldest);
        }
    }

    /// Oldest first.
    pub(super) fn to_vec(&self) -> Vec<ReceivedRequest> {
        self.requests.iter().cloned().collect()
    }
}

/// About how much memory a request takes. A query of empty pairs and a head of short lines take many times what was sent,
/// so each pair and each header counts for more than its text.
fn size(request: &ReceivedRequest) -> usize {
    const EACH: usize = 128;
    let pairs = request.query.iter().map(|(name, value)| name.len() + value.len() + EACH);
    let headers = request.headers.iter().map(|(name, value)| name.as_str().len() + value.len() + EACH);
    EACH + request.path.len() + request.body.len() + pairs.sum::<usize>() + headers.sum::<usize>()
}

#[cfg(test)]
mod tests {
    use crate::sandbox::Sandbox;

    /// The numbers of the requests that are remembered after so many, each with this query, header and body.
    fn remembered(requests: usize, query: &str, header: &str, body: usize) -> Vec<usize> {
        let sandbox = Sandbox::new();
        for number in 0..requests {
            let request = http::Request::post(format!("/{number}?{query}")).header("x", header);
            sandbox.answer(request.body(vec![b'x'; body]).unwrap());
        }
        sandbox.requests().iter().map(|request| request.path[1..].parse().unwrap()).collect()
    }

    #[test]
    fn the_oldest_requests_are_forgotten() {
        for (requests, query, header, body, first) in [
            (10_001, "", "", 0, 1),
            // With all that belongs to them, requests take more than their bodies.
            (33, "", "", 1 << 20, 2),
            (33, "", &*"x".repeat(1 << 20), 0, 2),
            // 30,000 pairs without a text take more than 3 MiB.
            (10, &*"=&".repeat(30_000), "", 0, 2),
            // The newest one stays, whatever its size.
            (2, "", "", 33 << 20, 1),
            (3, "", "", 1 << 20, 0),
        ] {
            let expected: Vec<_> = (first..requests).collect();
            assert_eq!(remembered(requests, query, header, body), expected, "{requests} of {body}");
        }
    }

    /// What is dropped is not counted any longer.
    #[test]
    fn small_requests_stay_after_large_ones() {
        let sandbox = Sandbox::new();
        for body in [40 << 20, 40 << 20, 1, 2, 3] {
            sandbox.answer(http::Request::post("/").body(vec![b'x'; body]).unwrap());
        }
        let bodies: Vec<_> = sandbox.requests().iter().map(|request| request.body.len()).collect();
        assert_eq!(bodies, [1, 2, 3]);
    }
}
