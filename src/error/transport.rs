use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

/// No complete answer came.
///
/// A [`Transport`](crate::Transport) of your own makes one with [`TransportError::new`].
#[derive(Clone, Debug)]
pub struct TransportError {
    kind: TransportErrorKind,
    may_have_been_received: bool,
    // Shared, so that everybody who waited for the same sign-in gets the same error.
    source: Arc<dyn StdError + Send + Sync>,
}

/// At which point an exchange failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// The host's name could not be resolved.
    Dns,
    /// No connection could be made.
    Connect,
    /// The connection could not be secured.
    Tls,
    /// Time ran out.
    Timeout,
    /// The connection ended before the answer was complete.
    Reset,
    /// The answer is larger than the client takes.
    BodyTooLarge,
    /// Anything else: what came back was not HTTP, for example.
    Other,
}

impl TransportErrorKind {
    /// Whether it is likely to pass by itself.
    pub(crate) fn is_passing(self) -> bool {
        matches!(self, Self::Dns | Self::Connect | Self::Timeout | Self::Reset)
    }
}

impl TransportError {
    /// An exchange that failed at a point where the service may have received the request.
    ///
    /// `source` is printed with `Display`: it must not hold the URL's query or the body.
    pub fn new(kind: TransportErrorKind, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { kind, may_have_been_received: true, source: source.into().into() }
    }

    /// Says that the request surely never reached the service.
    #[must_use]
    pub fn never_sent(mut self) -> Self {
        self.may_have_been_received = false;
        self
    }

    /// At which point it failed.
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    /// Whether the service may have received the whole request.
    pub fn may_have_been_received(&self) -> bool {
        self.may_have_been_received
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            TransportErrorKind::Dns => "the host name could not be resolved; check the region and the network",
            TransportErrorKind::Connect => "no connection; check the network and the proxy",
            TransportErrorKind::Tls => "the connection could not be secured; check certificates and the proxy",
            TransportErrorKind::Timeout => "no complete answer in time",
            TransportErrorKind::Reset => "the connection ended before the answer was complete",
            TransportErrorKind::BodyTooLarge => "the answer is larger than the limit; ask for smaller pages",
            TransportErrorKind::Other => "the exchange failed",
        })
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(self.source.as_ref())
    }
}
