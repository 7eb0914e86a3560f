//! A transport for tests: it gives the answers that it was handed, keeps what was sent, and has a clock of its own.

// Each test uses what it needs of it.
#![allow(dead_code)]

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use genesys_external_contacts::{Limits, TransportError, TransportErrorKind};
use serde_json::Value;

/// What the tests use as secrets and as personal data. No log record may hold any of it, at any level.
const NEVER_LOGGED: &[&str] = &[
    "token-",
    "-token",
    "t0ken",
    "s3cret",
    "p4ss",
    "secret",
    "SECRET",
    "Bearer",
    "Basic",
    "code_verifier=",
    "assertion=",
    "refresh_token=",
    "Augusta",
    "Ada",
    "Byron",
    "Lovelace",
    "lovelace",
    "Hopper",
    "example.com",
    "example.org",
    "+1317",
    "+44",
    "-value",
    "an-id",
    "/contacts/x",
    "?",
];

struct Watch;

impl log::Log for Watch {
    fn enabled(&self, metadata: &log::Metadata) -> bool {
        let is_of = |name| metadata.target().starts_with(name);
        // `tests/logs.rs` looks at what is written at `trace`: by ureq too much, and by the others words like those that are
        // looked for here. And a server that is part of a test may say what it got.
        let says_more = ["ureq", "rustls", "hyper_util"].into_iter().any(is_of);
        !is_of("httpmock") && (metadata.level() < log::Level::Trace || !says_more)
    }

    fn log(&self, record: &log::Record) {
        if !self.enabled(record.metadata()) {
            return;
        }
        let line = format!("{} {}: {}", record.level(), record.target(), record.args());
        if let Some(word) = NEVER_LOGGED.iter().find(|word| line.contains(*word)) {
            panic!("{word:?} is in a log record: {line}");
        }
    }

    fn flush(&self) {}
}

/// Makes a log record that holds what it must not a panic, from now on and in the whole process.
pub fn watch_logs() {
    if log::set_logger(&Watch).is_ok() {
        log::set_max_level(log::LevelFilter::Trace);
    }
}

/// All that an error prints: in one line, for debugging, and what led to it.
pub fn printed(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(|error| format!("{error} {error:?} {error:#?}\n")).collect()
}

/// What the transport was handed.
#[derive(Clone, Debug)]
pub struct Sent {
    pub method: String,
    pub scheme_and_host: String,
    pub path: String,
    pub query: Option<String>,
    pub headers: http::HeaderMap,
    pub body: Vec<u8>,
}

impl Sent {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn line(&self) -> String {
        let query = self.query.as_ref().map(|q| format!("?{q}")).unwrap_or_default();
        format!("{} {}{}{query}", self.method, self.scheme_and_host, self.path)
    }
}

#[derive(Clone)]
pub struct Script(Arc<Mutex<State>>);

struct State {
    answers: VecDeque<Result<http::Response<Vec<u8>>, TransportError>>,
    sent: Vec<Sent>,
    start: Instant,
    passed: Duration,
    waits: Vec<Duration>,
    limits: Vec<Limits>,
}

impl Script {
    pub fn new() -> Self {
        watch_logs();
        let state = State {
            answers: VecDeque::new(),
            sent: Vec::new(),
            start: Instant::now(),
            passed: Duration::ZERO,
            waits: Vec::new(),
            limits: Vec::new(),
        };
        Self(Arc::new(Mutex::new(state)))
    }

    /// A script that starts with a sign-in, for a token that lives for a day.
    pub fn signed_in() -> Self {
        Self::new().token("a-token", 86_400)
    }

    pub fn token(self, token: &str, lifetime: u64) -> Self {
        let body = format!(r#"{{"access_token":"{token}","token_type":"bearer","expires_in":{lifetime}}}"#);
        self.then(200, body)
    }

    pub fn then(self, status: u16, body: impl Into<Vec<u8>>) -> Self {
        self.then_with(status, &[], body)
    }

    pub fn then_with(self, status: u16, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> Self {
        let mut response = http::Response::builder().status(status);
        for (name, value) in headers {
            response = response.header(*name, *value);
        }
        self.state().answers.push_back(Ok(response.body(body.into()).unwrap()));
        self
    }

    pub fn then_fails(self, error: TransportError) -> Self {
        self.state().answers.push_back(Err(error));
        self
    }

    pub fn pass(&self, time: Duration) {
        self.state().passed += time;
    }

    /// How long the client waited, each time that it did.
    pub fn waits(&self) -> Vec<Duration> {
        self.state().waits.clone()
    }

    /// What each exchange might take.
    pub fn limits(&self) -> Vec<Limits> {
        self.state().limits.clone()
    }

    fn wait_until(&self, deadline: Instant) {
        let mut state = self.state();
        let time = deadline.saturating_duration_since(state.start + state.passed);
        state.passed += time;
        state.waits.push(time);
    }

    /// What was sent to the API, and only there.
    pub fn calls(&self) -> Vec<Sent> {
        self.all().into_iter().filter(|sent| sent.path != "/oauth/token").collect()
    }

    /// What was sent, sign-ins included.
    pub fn all(&self) -> Vec<Sent> {
        self.state().sent.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    fn answer(
        &self,
        request: http::Request<Vec<u8>>,
        limits: Limits,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        let (parts, body) = request.into_parts();
        let mut state = self.state();
        state.limits.push(limits);
        state.sent.push(Sent {
            method: parts.method.to_string(),
            scheme_and_host: format!("{}://{}", parts.uri.scheme().unwrap(), parts.uri.authority().unwrap()),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().map(str::to_owned),
            headers: parts.headers,
            body,
        });
        let ran_out = || Err(TransportError::new(TransportErrorKind::Other, "the script has no more answers"));
        state.answers.pop_front().unwrap_or_else(ran_out)
    }

    fn time(&self) -> Instant {
        let state = self.state();
        state.start + state.passed
    }
}

impl genesys_external_contacts::Transport for Script {
    fn send(&self, request: http::Request<Vec<u8>>, limits: Limits) -> Result<http::Response<Vec<u8>>, TransportError> {
        self.answer(request, limits)
    }

    fn sleep_until(&self, deadline: Instant) {
        self.wait_until(deadline);
    }

    fn now(&self) -> Instant {
        self.time()
    }
}

#[cfg(feature = "async")]
mod nonblocking {
    use std::any::Any;
    use std::future::{Future, ready};
    use std::pin::Pin;

    use super::*;

    type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

    impl genesys_external_contacts::AsyncTransport for Script {
        fn send(
            &self,
            request: http::Request<Vec<u8>>,
            limits: Limits,
        ) -> Pin<Box<dyn Future<Output = Result<http::Response<Vec<u8>>, TransportError>> + Send + '_>> {
            Box::pin(ready(self.answer(request, limits)))
        }

        fn sleep_until(&self, deadline: Instant) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
            self.wait_until(deadline);
            Box::pin(ready(()))
        }

        fn spawn(&self, work: Work) -> Result<Box<dyn Any + Send>, Work> {
            let Ok(runtime) = tokio::runtime::Handle::try_current() else { return Err(work) };
            let mut tasks = tokio::task::JoinSet::new();
            tasks.spawn_on(work, &runtime);
            Ok(Box::new(tasks))
        }

        fn now(&self) -> Instant {
            self.time()
        }
    }
}
