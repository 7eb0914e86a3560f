//! What can go wrong, and what to do then.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;

use crate::meta::Meta;
use crate::operation::{Repeat, Route};

/// Everything that a call can fail with.
///
/// | variant | what happened | what now |
/// |---|---|---|
/// | [`Api`](Error::Api) | the service said no | look at [`status`](Error::status) and [`code`](Error::code) |
/// | [`SignIn`](Error::SignIn) | the token endpoint said no | check the id, the secret and the region |
/// | [`Transport`](Error::Transport) | there was no complete answer | look at [`may_have_been_applied`](Error::may_have_been_applied), then try again |
/// | [`Decode`](Error::Decode) | the answer is not what the API promises | report it with the [`correlation_id`](Error::correlation_id) |
/// | [`Invalid`](Error::Invalid) | refused before anything was sent | correct the call |
/// | [`ResultWindow`](Error::ResultWindow) | the rest of the listing is out of reach | narrow the search |
/// | [`RateLimit`](Error::RateLimit) | not sent, the rate limit is used up | wait for [`retry_after`](Error::retry_after) |
///
/// No variant prints a token, a secret or a value that was sent. The service's own message is printed as it came.
///
/// `Display` is one line, without the cause, which [`source`](StdError::source) gives. `Debug` is the same line with the
/// causes behind it, because that is what a `main` that returns an error prints.
#[derive(Clone)]
#[non_exhaustive]
pub enum Error {
    /// The service answered with a status that is no success.
    Api(Box<ApiError>),
    /// The token endpoint refused to give a token.
    SignIn(Box<SignInError>),
    /// No complete answer came.
    Transport(Box<TransportError>),
    /// A success whose body is not what was promised.
    Decode(Box<DecodeError>),
    /// The call contradicts itself or the API's documented limits; nothing was sent.
    Invalid(Box<InvalidError>),
    /// A listing goes on, but the service doesn't give out more of it.
    ResultWindow(Box<ResultWindowError>),
    /// Not sent, because the rate limit is used up and the client was built not to wait.
    RateLimit(Box<RateLimitError>),
}

impl Error {
    /// The HTTP status of the answer, where there was one.
    pub fn status(&self) -> Option<StatusCode> {
        self.meta().map(Meta::status)
    }

    /// The service's code, such as `not.found`; for a refused sign-in the OAuth error, such as `invalid_client`.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Api(error) => error.body.code.as_deref(),
            Self::SignIn(error) => error.code.as_deref(),
            _ => None,
        }
    }

    /// The id under which the vendor's support finds this call.
    pub fn correlation_id(&self) -> Option<&str> {
        match self {
            Self::Api(error) => error.correlation_id(),
            _ => self.meta().and_then(Meta::correlation_id),
        }
    }

    /// How long the service asks to wait before the next try.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::RateLimit(error) => Some(error.wait),
            _ => self.meta().and_then(Meta::retry_after),
        }
    }

    /// The service doesn't know what was asked for (404).
    pub fn is_not_found(&self) -> bool {
        self.is_api(StatusCode::NOT_FOUND)
    }

    /// The change contradicts what the service has, for example an outdated version (409).
    pub fn is_conflict(&self) -> bool {
        self.is_api(StatusCode::CONFLICT)
    }

    /// Too many requests, or too many sign-ins.
    pub fn is_rate_limited(&self) -> bool {
        match self {
            Self::SignIn(error) => error.is_rate_limited(),
            Self::RateLimit(_) => true,
            _ => self.is_api(StatusCode::TOO_MANY_REQUESTS),
        }
    }

    /// The token (401), or the credentials it would be made from, were not accepted.
    pub fn is_unauthorized(&self) -> bool {
        match self {
            Self::SignIn(error) => error.are_credentials_refused(),
            _ => self.is_api(StatusCode::UNAUTHORIZED),
        }
    }

    /// The token is good, but a permission or a division is missing (403).
    pub fn is_forbidden(&self) -> bool {
        self.is_api(StatusCode::FORBIDDEN)
    }

    /// Time ran out: ours, or the service's (408, 504).
    pub fn is_timeout(&self) -> bool {
        match self {
            Self::Transport(error) => error.kind == TransportErrorKind::Timeout,
            _ => self.is_api(StatusCode::REQUEST_TIMEOUT) || self.is_api(StatusCode::GATEWAY_TIMEOUT),
        }
    }

    /// Whether the service may have made the change although the call failed. Never true for calls that only read.
    ///
    /// True for a connection that broke after the request had left, for answers that come from a gateway or a crash
    /// (any 5xx, 408, redirects), and for a success that could not be read. It is enough that one of several tries may
    /// have been applied.
    pub fn may_have_been_applied(&self) -> bool {
        match self {
            Self::Api(error) => {
                error.route.repeat() != Repeat::Reads
                    && (error.earlier_may_have_been_applied
                        || error.status().is_server_error()
                        || error.status().is_redirection()
                        || error.status() == StatusCode::REQUEST_TIMEOUT)
            }
            Self::Transport(error) => error.may_have_been_applied(),
            Self::Decode(error) => error.route.repeat() != Repeat::Reads,
            Self::SignIn(error) => error.earlier_may_have_been_applied,
            Self::RateLimit(error) => error.earlier_may_have_been_applied,
            Self::Invalid(_) | Self::ResultWindow(_) => false,
        }
    }

    /// Keeps in mind that an earlier try of the same call may have been applied.
    pub(crate) fn after_one_that_may_have_been_applied(mut self) -> Self {
        match &mut self {
            Self::Api(error) => error.earlier_may_have_been_applied = true,
            Self::Transport(error) => error.earlier_may_have_been_applied = true,
            Self::SignIn(error) => error.earlier_may_have_been_applied = true,
            Self::RateLimit(error) => error.earlier_may_have_been_applied = true,
            Self::Decode(_) | Self::Invalid(_) | Self::ResultWindow(_) => {}
        }
        self
    }

    /// Whether the same call may succeed later, and can be made again without applying anything twice.
    pub fn is_retryable(&self) -> bool {
        let (passing, repeat) = match self {
            Self::Api(error) => (matches!(error.status().as_u16(), 408 | 429 | 502..=504), error.route.repeat()),
            Self::Transport(error) => {
                (error.kind.is_passing(), error.route.as_ref().map_or(Repeat::Never, Route::repeat))
            }
            Self::SignIn(error) => (error.is_rate_limited() || error.meta.status().is_server_error(), Repeat::Reads),
            Self::RateLimit(_) => (true, Repeat::Reads),
            Self::Decode(_) | Self::Invalid(_) | Self::ResultWindow(_) => return false,
        };
        passing && (repeat != Repeat::Never || !self.may_have_been_applied())
    }

    /// What happened in a word or two, for the log.
    pub(crate) fn summary(&self) -> String {
        match self {
            Self::Transport(error) => format!("{:?}", error.kind),
            _ => self.status().map_or_else(|| "not sent".to_owned(), |status| status.as_u16().to_string()),
        }
    }

    fn is_api(&self, status: StatusCode) -> bool {
        matches!(self, Self::Api(error) if error.status() == status)
    }

    fn meta(&self) -> Option<&Meta> {
        match self {
            Self::Api(error) => Some(&error.meta),
            Self::SignIn(error) => Some(&error.meta),
            Self::Decode(error) => Some(&error.meta),
            Self::Transport(_) | Self::Invalid(_) | Self::ResultWindow(_) | Self::RateLimit(_) => None,
        }
    }

    /// For an [`Operation`](crate::Operation) of your own: refuses a call before anything is sent.
    pub fn invalid(what: &'static str, problem: impl Into<String>) -> Self {
        Self::Invalid(Box::new(InvalidError { what, problem: problem.into() }))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Api(error) => error.fmt(f),
            Self::SignIn(error) => error.fmt(f),
            Self::Transport(error) => error.fmt(f),
            Self::Decode(error) => error.fmt(f),
            Self::Invalid(error) => error.fmt(f),
            Self::ResultWindow(error) => error.fmt(f),
            Self::RateLimit(error) => error.fmt(f),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")?;
        std::iter::successors(self.source(), |&cause| cause.source()).try_for_each(|cause| write!(f, ": {cause}"))
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            // What is inside is printed by this error already: only what lies behind it is a cause.
            Self::Transport(error) => error.source(),
            _ => None,
        }
    }
}

model! {
    /// The body of an error answer.
    pub struct ErrorBody {
        /// What went wrong, in words, with the values filled in.
        message: String => "message",
        /// What went wrong, for programs: `not.found`, `bad.request`, `missing.any.permissions`, …
        code: String => "code",
        /// The HTTP status once more.
        status: i64 => "status",
        /// The id of the entity that the error is about.
        entity_id: String => "entityId",
        /// The kind of the entity that the error is about.
        entity_name: String => "entityName",
        /// The message with `{placeholders}` instead of values.
        message_with_params: String => "messageWithParams",
        /// The values for the placeholders. Mostly text, but the service makes no promise.
        message_params: crate::Extra => "messageParams",
        /// The correlation id once more.
        context_id: String => "contextId",
        /// Which fields are meant.
        details: Vec<ErrorDetail> => "details",
        /// Errors that led to this one.
        errors: Vec<ErrorBody> => "errors",
        /// The limit that was passed.
        limit: ErrorLimit => "limit",
    }
}

model! {
    /// One field that an error is about.
    pub struct ErrorDetail {
        /// What is wrong with the field, for programs.
        error_code: String => "errorCode",
        /// The field, by its name on the wire.
        field_name: String => "fieldName",
        /// The id of the entity that has the field.
        entity_id: String => "entityId",
        /// The kind of the entity that has the field.
        entity_name: String => "entityName",
    }
}

model! {
    /// The limit that a request passed.
    pub struct ErrorLimit {
        /// The limit's name, such as `client.credentials.token.rate.per.minute`.
        key: String => "key",
        /// The part of the platform that has the limit, such as `external.contacts`. New ones come often.
        namespace: String => "namespace",
        /// How much is allowed.
        value: i64 => "value",
    }
}

/// The service said no.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ApiError {
    /// Status, headers, correlation id and rate limit of the answer.
    pub meta: Meta,
    /// What the service said, as far as it was JSON; empty otherwise.
    pub body: Box<ErrorBody>,
    /// The start of a body that was not JSON (at most 4 KiB), for example the page of a gateway.
    pub raw_body: RawBody,
    pub(crate) route: Route,
    pub(crate) earlier_may_have_been_applied: bool,
}

impl ApiError {
    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.meta.status()
    }

    /// The id under which the vendor's support finds this call, from the header or from the body.
    pub fn correlation_id(&self) -> Option<&str> {
        self.meta.correlation_id().or(self.body.context_id.as_deref())
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.route, self.status().as_u16())?;
        if let Some(code) = &self.body.code {
            write!(f, " {}", OneLine(code))?;
        } else if let Some(reason) = self.status().canonical_reason() {
            write!(f, " {reason}")?;
        }
        if let Some(message) = &self.body.message {
            write!(f, ": {}", OneLine(message))?;
        } else if self.status().is_redirection() {
            f.write_str(": the answer is a redirect, which is not followed; check the region or the API URL")?;
        } else if !self.raw_body.0.is_empty() {
            f.write_str(": the answer is not from the API itself (its body is not JSON); check the host, or a proxy")?;
        }
        write_correlation(f, self.correlation_id())
    }
}

/// The token endpoint said no.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SignInError {
    /// Status, headers and correlation id of the answer.
    pub meta: Meta,
    /// The OAuth error, such as `invalid_client`.
    pub code: Option<String>,
    /// What the service says about it.
    pub description: Option<String>,
    pub(crate) host: String,
    pub(crate) earlier_may_have_been_applied: bool,
}

impl SignInError {
    /// Too many sign-ins: the token endpoint says so with 400 and its own words, or with 429.
    pub fn is_rate_limited(&self) -> bool {
        self.meta.status() == StatusCode::TOO_MANY_REQUESTS
            || self.description.as_deref().is_some_and(|d| d.to_ascii_lowercase().starts_with("rate limit exceeded"))
    }

    /// The id or the secret were not accepted, at this region.
    pub fn are_credentials_refused(&self) -> bool {
        matches!(self.meta.status(), StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED) && !self.is_rate_limited()
    }
}

impl fmt::Display for SignInError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sign-in at {}: {}", self.host, self.meta.status().as_u16())?;
        for part in [&self.code, &self.description].into_iter().flatten() {
            write!(f, " {}", OneLine(part))?;
        }
        if self.is_rate_limited() {
            f.write_str("; wait a minute, and share one client instead of signing in again and again")?;
        } else if self.are_credentials_refused() {
            f.write_str("; check the client id, the secret and the region: each region knows only its own clients")?;
        }
        write_correlation(f, self.meta.correlation_id())
    }
}

/// No complete answer came.
///
/// A [`Transport`](crate::Transport) of your own makes one with [`TransportError::new`].
#[derive(Clone, Debug)]
pub struct TransportError {
    kind: TransportErrorKind,
    may_have_been_received: bool,
    // Shared, so that everybody who waited for the same sign-in gets the same error.
    source: Arc<dyn StdError + Send + Sync>,
    route: Option<Route>,
    earlier_may_have_been_applied: bool,
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
        Self {
            kind,
            may_have_been_received: true,
            source: source.into().into(),
            route: None,
            earlier_may_have_been_applied: false,
        }
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

    fn may_have_been_applied(&self) -> bool {
        self.earlier_may_have_been_applied
            || self.may_have_been_received && self.route.as_ref().is_some_and(|route| route.repeat() != Repeat::Reads)
    }

    pub(crate) fn during(mut self, route: Route) -> Error {
        self.route = Some(route);
        Error::Transport(Box::new(self))
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(route) = &self.route {
            write!(f, "{route}: ")?;
        }
        f.write_str(match self.kind {
            TransportErrorKind::Dns => "the host name could not be resolved; check the region and the network",
            TransportErrorKind::Connect => "no connection; check the network and the proxy",
            TransportErrorKind::Tls => "the connection could not be secured; check certificates and the proxy",
            TransportErrorKind::Timeout => "no complete answer in time",
            TransportErrorKind::Reset => "the connection ended before the answer was complete",
            TransportErrorKind::BodyTooLarge => "the answer is larger than the limit; ask for smaller pages",
            TransportErrorKind::Other => "the exchange failed",
        })?;
        if self.may_have_been_applied() { f.write_str("; the change may have been applied") } else { Ok(()) }
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(self.source.as_ref())
    }
}

/// A success whose body is not what was promised.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct DecodeError {
    /// Status, headers and correlation id of the answer.
    pub meta: Meta,
    /// Where in the body, such as `entities[3].workPhone.extension`; `.` is the body as a whole.
    pub path: String,
    /// The Rust type that was to be read.
    pub type_name: &'static str,
    /// The start of the body, at most 4 KiB.
    pub body_start: RawBody,
    pub(crate) problem: String,
    pub(crate) route: Route,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}, but the body is not what was promised", self.route, self.meta.status().as_u16())?;
        if self.path != "." {
            write!(f, " at {}", OneLine(&self.path))?;
        }
        write!(f, ": {} (reading {})", self.problem, ShortType(self.type_name))?;
        write_correlation(f, self.meta.correlation_id())
    }
}

/// The start of a body. It may hold personal data, so `Debug` prints only its length.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct RawBody(Vec<u8>);

impl RawBody {
    const MOST: usize = 4096;

    pub(crate) fn start_of(body: &[u8]) -> Self {
        Self(body[..body.len().min(Self::MOST)].to_vec())
    }

    /// The bytes as they came.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The bytes as text; what isn't UTF-8 is replaced.
    pub fn to_text(&self) -> String {
        String::from_utf8_lossy(&self.0).into_owned()
    }
}

impl fmt::Debug for RawBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

/// A call that was refused before anything was sent.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct InvalidError {
    /// The parameter or setting that is wrong, by its name on the wire or in the environment.
    pub what: &'static str,
    problem: String,
}

impl InvalidError {
    /// The same problem, of a setting that goes by another name where it was given.
    pub(crate) fn renamed(self, what: &'static str) -> Error {
        Error::Invalid(Box::new(Self { what, ..self }))
    }
}

impl fmt::Display for InvalidError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.what, self.problem)
    }
}

/// A listing goes on, but the service doesn't give out more of it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ResultWindowError {
    /// How many records the service gives out of one listing.
    pub window: u32,
    /// How many records there are, where the service said so.
    pub total: Option<u64>,
}

impl fmt::Display for ResultWindowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the service gives out only the first {} records of a listing", self.window)?;
        if let Some(total) = self.total {
            write!(f, ", and this one has {total}")?;
        }
        f.write_str("; narrow it: a longer q, one division or one organization at a time")
    }
}

/// Not sent, because the rate limit is used up and the client was built not to wait.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RateLimitError {
    /// How long until the service takes requests again.
    pub wait: Duration,
    pub(crate) earlier_may_have_been_applied: bool,
}

impl RateLimitError {
    pub(crate) fn wait(wait: Duration) -> Error {
        Error::RateLimit(Box::new(Self { wait, earlier_may_have_been_applied: false }))
    }
}

impl fmt::Display for RateLimitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not sent: the rate limit is used up for another {} s", self.wait.as_secs_f64().ceil())
    }
}

fn write_correlation(f: &mut fmt::Formatter<'_>, id: Option<&str>) -> fmt::Result {
    id.map_or(Ok(()), |id| write!(f, " (correlation id {})", OneLine(id)))
}

/// Text from outside on one line of bounded length.
struct OneLine<'a>(&'a str);

impl fmt::Display for OneLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MOST: usize = 1000;
        for c in self.0.chars().take(MOST) {
            fmt::Write::write_char(f, if c.is_control() { ' ' } else { c })?;
        }
        if self.0.chars().nth(MOST).is_some() { f.write_str("…") } else { Ok(()) }
    }
}

/// `Listing<ExternalContact>` instead of the same with the paths of both.
struct ShortType(&'static str);

impl fmt::Display for ShortType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in self.0.split_inclusive(['<', '>', ',', ' ']) {
            f.write_str(part.rsplit("::").next().unwrap_or(part))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_small_and_can_go_anywhere() {
        fn can_go_anywhere<T: Clone + Send + Sync + 'static>() {}
        can_go_anywhere::<Error>();
        assert!(size_of::<Error>() <= 16);
        assert!(size_of::<Result<(), Error>>() <= 16);
    }

    #[test]
    fn text_from_outside_stays_on_one_line_of_bounded_length() {
        assert_eq!(OneLine("a\r\nb\u{1b}[31m").to_string(), "a  b [31m");
        let long = OneLine(&"é".repeat(2000)).to_string();
        assert_eq!((long.chars().count(), long.chars().last()), (1001, Some('…')));
    }

    #[test]
    fn types_are_named_without_their_paths() {
        let name = ShortType(std::any::type_name::<Vec<Option<ErrorBody>>>()).to_string();
        assert_eq!(name, "Vec<Option<ErrorBody>>");
    }
}
