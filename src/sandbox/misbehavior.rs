//! Misbehavior on demand, so that others can test what they do about it.

mod pages;

use std::fmt;
use std::time::{Duration, Instant};

use http::{Method, StatusCode};

use super::http::failure::Failure;
use super::http::{answer, sign_in};
use super::store::state::{PageFault, State};
use super::transport::CutOff;
use super::{Sandbox, lock};
use crate::error::{TransportError, TransportErrorKind};

/// What to do to the next calls; [`Sandbox::next_calls`] makes one. Nothing happens before the last word: which is
/// [`fail`](Self::fail), [`answer`](Self::answer), [`rate_limit`](Self::rate_limit), [`reset`](Self::reset),
/// [`time_out`](Self::time_out), [`hang`](Self::hang), [`refuse_connection`](Self::refuse_connection),
/// [`delay`](Self::delay), [`empty_page`](Self::empty_page) or [`repeat_page`](Self::repeat_page).
///
/// ```
/// use genesys_external_contacts::ExternalContact;
/// use genesys_external_contacts::sandbox::Sandbox;
///
/// let sandbox = Sandbox::new();
/// let client = sandbox.client();
///
/// // The next three searches find the service down. The client repeats them; no real time passes.
/// sandbox.next_calls(3).matching("GET", "/contacts").fail(503);
/// assert!(client.contacts().search().send().is_ok());
/// assert_eq!(sandbox.requests().len(), 5, "the sign-in, three failures, a success");
///
/// // The connection breaks when the contact is there already. A create is not repeated: who knows?
/// sandbox.next_calls(1).matching("POST", "/contacts").after_applying().reset();
/// let error = client.contacts().create(ExternalContact::default()).send().unwrap_err();
/// assert!(error.may_have_been_applied());
/// assert_eq!(client.contacts().search().send()?.total, Some(1));
/// # Ok::<(), genesys_external_contacts::Error>(())
/// ```
#[must_use = "nothing happens before the last word, such as `fail(503)`"]
pub struct NextCalls<'a> {
    sandbox: &'a Sandbox,
    calls: u32,
    pattern: Pattern,
    applied: bool,
}

impl Sandbox {
    /// Begins to say what happens to the next `calls` calls: to the next ones of the API, whatever they are, unless
    /// [`matching`](NextCalls::matching) says which. What is asked for first happens first.
    ///
    /// ```
    /// use genesys_external_contacts::sandbox::Sandbox;
    ///
    /// let sandbox = Sandbox::new();
    /// sandbox.next_calls(2).fail(404);
    /// let client = sandbox.client();
    /// assert!(client.contacts().search().send().is_err());
    /// assert!(client.relationships().get("an id").send().is_err());
    /// assert!(client.contacts().search().send().is_ok());
    /// ```
    pub fn next_calls(&self, calls: u32) -> NextCalls<'_> {
        NextCalls { sandbox: self, calls, pattern: Pattern::default(), applied: false }
    }

    /// Takes back what was asked for with [`next_calls`](Self::next_calls) and has not happened yet.
    ///
    /// ```
    /// use genesys_external_contacts::sandbox::Sandbox;
    ///
    /// let sandbox = Sandbox::new();
    /// sandbox.next_calls(u32::MAX).fail(500);
    /// assert!(sandbox.client().contacts().search().send().is_err());
    /// sandbox.behave();
    /// assert!(sandbox.client().contacts().search().send().is_ok());
    /// ```
    pub fn behave(&self) {
        lock(&self.shared.misbehaviors).0.clear();
    }
}

impl NextCalls<'_> {
    /// Only calls with this method, and a path that ends with this one. In both an asterisk stands for anything: for any
    /// method, and for any one segment of the path.
    ///
    /// Sign-ins happen in the background and are only meant where they are named: `("POST", "/oauth/token")`.
    ///
    /// ```
    /// use genesys_external_contacts::sandbox::Sandbox;
    ///
    /// let sandbox = Sandbox::new();
    /// sandbox.next_calls(1).matching("*", "/contacts/*/notes").fail(500);
    /// let contacts = sandbox.client();
    /// let contacts = contacts.contacts();
    /// assert!(contacts.get("an id").send().unwrap_err().is_not_found());
    /// assert_eq!(contacts.notes("an id").list().send().unwrap_err().status().unwrap(), 500);
    /// ```
    pub fn matching(mut self, method: &str, path: &str) -> Self {
        self.pattern.method = (method != "*").then(|| method.to_ascii_uppercase());
        // From the end, because paths are compared there.
        self.pattern.path = path.split('/').rev().filter(|segment| !segment.is_empty()).map(str::to_owned).collect();
        self
    }

    /// Makes the change first and misbehaves then: what was to be created exists, and the caller doesn't know.
    ///
    /// ```
    /// use genesys_external_contacts::ExternalContact;
    /// use genesys_external_contacts::sandbox::Sandbox;
    ///
    /// let sandbox = Sandbox::new();
    /// sandbox.next_calls(1).after_applying().fail(504);
    /// let client = sandbox.client();
    /// let error = client.contacts().create(ExternalContact::default()).send().unwrap_err();
    /// assert!(error.is_timeout() && error.may_have_been_applied());
    /// assert_eq!(client.contacts().search().send()?.total, Some(1));
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    pub fn after_applying(mut self) -> Self {
        self.applied = true;
        self
    }

    /// Answers with this status and the body that the service gives with it. A number that is no status counts as 500.
    ///
    /// ```
    /// use genesys_external_contacts::sandbox::Sandbox;
    ///
    /// let sandbox = Sandbox::new();
    /// sandbox.next_calls(1).fail(500);
    /// let error = sandbox.client().contacts().search().send().unwrap_err();
    /// assert_eq!(error.code(), Some("internal.server.error"));
    ///
    /// // Sign-ins fail in their own words.
    /// sandbox.next_calls(1).matching("POST", "/oauth/token").fail(400);
    /// let error = sandbox.client().contacts().search().send().unwrap_err();
    /// assert_eq!(error.code(), Some("invalid_client"));
    /// ```
    pub fn fail(self, status: u16) {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        self.plan(Effect::Instead(Instead::Fail(status)));
    }

    /// Answers with this status and body, such as the page of a gateway.
    ///
    /// ```
    /// use genesys_external_contacts::RetryPolicy;
    /// use genesys_external_contacts::sandbox::Sandbox;
    ///
    /// let sandbox = Sandbox::new();
    /// sandbox.next_calls(1).answer(502, "text/html", "<h1>Bad Gateway</h1>");
    /// let error = sandbox.client().contacts().search().retry(RetryPolicy::never()).send().unwrap_err();
    /// assert!(error.to_string().contains("its body is not JSON"), "{error}");
    /// ```
    pub fn answer(self, status: u16, content_type: &str, body: impl Into<Vec<u8>>) {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        self.plan(Effect::Instead(Instead::Answer {
            status,
            content_type: content_type.to_owned(),
            body: body.into(),
        }));
    }

    /// Says that there were too many requests, and how long to wait, which the service does in whole seconds.
    ///
    /// ```
    /// use std::time::Duration;
    /// use genesys_external_contacts::RetryPolicy;
    /// use genesys_external_contacts::sandbox::Sandbox;
    ///
    /// let sandbox = Sandbox::new();
    /// sandbox.next_calls(1).rate_limit(Duration::from_secs(42));
    /// let error = sandbox.client().contacts().search().retry(RetryPolicy::never()).send().unwrap_err();
    /// assert!(error.is_rate_limited());
    /// assert_eq!(error.retry_after(), Some(Duration::from_secs(42)));
    /// ```
    pub fn rate_limit(self, retry_after: Duration) {
        let seconds = retry_after.as_secs() + u64::from(retry_after.subsec_nanos() > 0);
        self.plan(Effect::Instead(Instead::RateLimit(seconds)));
    }

    /// Ends the connection without an answer.
    ///
    /// ```
    /// use genesys_external_contacts::sandbox::Sandbox;
    /// use genesys_external_contacts::{ErrorKind, RetryPolicy, TransportErrorKind};
    ///
    /// let sandbox = Sandbox::new();
    /// sandbox.next_calls(1).reset();
    /// let error = sandbox.client().contacts().search().retry(RetryPolicy::never()).send().unwrap_err();
    /// assert!(matches!(error.kind(), ErrorKind::Transport(error) if error.kind() == TransportErrorKind::Reset));
    /// ```
    pub fn reset(self) {
        self.plan(Effect::Instead(Instead::Break(TransportErrorKind::Reset)));
    }

    /// Gives no answer in the time that the caller waits, which passes in the sandbox.
    ///
    /// ```
    /// use genesys_external_contacts::RetryPolicy;
    /// use genesys_external_contacts::sandbox::Sandbox;
    ///
    /// let sandbox = Sandbox::new();
    /// sandbox.next_calls(1).time_out();
    /// let error = sandbox.client().contacts().search().retry(RetryPolicy::never()).send().unwrap_err();
    /// assert!(error.is_timeout());
    /// ```
    pub fn time_out(self) {
        self.plan(Effect::Instead(Instead::Break(TransportErrorKind::Timeout)));
    }

    /// Gives no answer, to test what you do about it: timeouts of your own, cancellation, shutting down.
    ///
    /// In an async client the call stays pending. It ends when it is dropped, or with a timeout when the clock of the
    /// sandbox passes the limits of the call, because somebody [advances](Sandbox::advance) it or waits. Real time that
    /// passes wakes nobody. The blocking client can't be left hanging: it gets its timeout at once, and the time of its
    /// limits passes in the sandbox, as with [`time_out`](Self::time_out).
    ///
    /// ```
    /// # #[cfg(feature = "async")] {
    /// use std::time::Duration;
    /// use genesys_external_contacts::ExternalContact;
    /// use genesys_external_contacts::sandbox::Sandbox;
    ///
    /// let sandbox = Sandbox::new();
    /// let client = sandbox.async_client();
    /// # let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    /// # runtime.block_on(async {
    /// sandbox.next_calls(1).after_applying().hang();
    /// let create = client.contacts().create(ExternalContact::default()).send();
    /// assert!(tokio::time::timeout(Duration::from_millis(20), create).await.is_err());
    ///
    /// // The caller has gone, and the contact is there.
    /// assert_eq!(client.contacts().search().send().await?.total, Some(1));
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// # }).unwrap(); }
    /// ```
    pub fn hang(self) {
        self.plan(Effect::Instead(Instead::Hang));
    }

    /// Ends the connection when so many bytes of the body have come, which is what files can go on after. Everything else
    /// fails as with [`reset`](Self::reset).
    ///
    /// ```
    /// use std::time::Duration;
    /// use genesys_external_contacts::exports::Export;
    /// use genesys_external_contacts::sandbox::Sandbox;
    ///
    /// let sandbox = Sandbox::new();
    /// sandbox.generate_contacts(20);
    /// let exports = sandbox.client();
    /// let exports = exports.contacts().exports();
    /// let id = exports.start(Export::default()).send()?.id.unwrap_or_default();
    /// exports.get(&id).wait(Duration::from_secs(60))?;
    /// sandbox.next_calls(2).matching("GET", "/files/*").cut_off(1000);
    /// let mut file = Vec::new();
    /// exports.get(&id).download().write_to(&mut file)?;
    /// assert_eq!(file.iter().filter(|byte| **byte == b'\n').count(), 20);
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    pub fn cut_off(self, bytes: usize) {
        self.plan(Effect::Instead(Instead::CutOff(bytes)));
    }

    /// Answers with a redirect (302) to this URL.
    pub fn redirect(self, url: impl Into<String>) {
        self.plan(Effect::Instead(Instead::Redirect(url.into())));
    }

    /// Takes no connection, so that the request surely was not received. Nothing is ever applied then.
    ///
    /// ```
    /// use genesys_external_contacts::ExternalContact;
    /// use genesys_external_contacts::sandbox::Sandbox;
    ///
    /// // Even a create is made again after that.
    /// let sandbox = Sandbox::new();
    /// sandbox.next_calls(1).refuse_connection();
    /// sandbox.client().contacts().create(ExternalContact::default()).send()?;
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    pub fn refuse_connection(self) {
        self.plan(Effect::Instead(Instead::Break(TransportErrorKind::Connect)));
    }

    /// Takes this long for the answer, in the time of the sandbox. A caller who doesn't wait that long gets a timeout,
    /// and the change is made all the same. A call can be delayed and then fail as well.
    ///
    /// ```
    /// use std::time::Duration;
    /// use genesys_external_contacts::ExternalContact;
    /// use genesys_external_contacts::sandbox::Sandbox;
    ///
    /// let sandbox = Sandbox::new();
    /// let client = sandbox.client();
    /// let began = sandbox.now();
    /// sandbox.next_calls(1).delay(Duration::from_secs(20));
    /// client.contacts().create(ExternalContact::default()).send()?;
    /// assert!(sandbox.now() - began >= Duration::from_secs(20));
    ///
    /// // Clients wait for half a minute unless told otherwise.
    /// sandbox.next_calls(1).delay(Duration::from_secs(40));
    /// let error = client.contacts().create(ExternalContact::default()).send().unwrap_err();
    /// assert!(error.is_timeout() && error.may_have_been_applied());
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    pub fn delay(self, by: Duration) {
        self.plan(Effect::Delay(by));
    }

    fn plan(self, effect: Effect) {
        let Self { sandbox, calls, pattern, applied } = self;
        lock(&sandbox.shared.misbehaviors).0.push(Misbehavior { calls, pattern, applied, effect });
    }
}

impl fmt::Debug for NextCalls<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NextCalls").field("calls", &self.calls).finish_non_exhaustive()
    }
}

/// Which calls are meant.
#[derive(Clone, Debug, Default)]
struct Pattern {
    method: Option<String>,
    /// The last segments of the path, last first; none for every path of the API.
    path: Vec<String>,
}

impl Pattern {
    fn is_met(&self, method: &Method, path: &str) -> bool {
        if self.method.as_deref().is_some_and(|meant| meant != method.as_str()) {
            return false;
        }
        if self.path.is_empty() {
            return path != sign_in::PATH && path != sign_in::AUTHORIZE;
        }
        let mut segments = path.split('/').rev();
        self.path.iter().all(|meant| segments.next().is_some_and(|segment| meant == "*" || meant == segment))
    }
}

#[derive(Clone, Debug)]
struct Misbehavior {
    calls: u32,
    pattern: Pattern,
    applied: bool,
    effect: Effect,
}

#[derive(Clone, Debug)]
enum Effect {
    Delay(Duration),
    Page(PageFault),
    Instead(Instead),
}

/// What comes instead of an answer.
#[derive(Clone, Debug)]
enum Instead {
    Fail(StatusCode),
    Answer { status: StatusCode, content_type: String, body: Vec<u8> },
    RateLimit(u64),
    Break(TransportErrorKind),
    CutOff(usize),
    Redirect(String),
    Hang,
}

/// What a caller gets.
pub(super) enum Reply {
    Answer(Result<http::Response<Vec<u8>>, TransportError>),
    /// Nothing, until its patience ends.
    Hang(Instant),
}

pub(super) fn error(kind: TransportErrorKind) -> TransportError {
    TransportError::new(kind, "the sandbox was asked to misbehave")
}

pub(super) fn timeout() -> TransportError {
    error(TransportErrorKind::Timeout)
}

/// What was asked for and has not happened yet, in its order.
#[derive(Clone, Debug, Default)]
pub(super) struct Misbehaviors(Vec<Misbehavior>);

/// What happens to one call.
#[derive(Default)]
pub(super) struct Plan {
    delay: Duration,
    page: Option<PageFault>,
    instead: Option<Instead>,
    applied: bool,
}

impl Misbehaviors {
    /// Counts a call. All delays that are meant for it add up; of each other kind the first is meant.
    pub(super) fn plan(&mut self, method: &Method, path: &str) -> Plan {
        let mut plan = Plan::default();
        for misbehavior in self.0.iter_mut().filter(|misbehavior| misbehavior.pattern.is_met(method, path)) {
            match (&misbehavior.effect, &plan.instead) {
                _ if misbehavior.calls == 0 => continue,
                (Effect::Delay(by), _) => plan.delay = plan.delay.saturating_add(*by),
                (Effect::Page(_), _) if plan.page.is_some() => continue,
                (Effect::Page(fault), _) => plan.page = Some(*fault),
                (Effect::Instead(instead), None) => {
                    plan.instead = Some(instead.clone());
                    plan.applied = misbehavior.applied;
                }
                (Effect::Instead(_), Some(_)) => continue,
            }
            misbehavior.calls -= 1;
        }
        self.0.retain(|misbehavior| misbehavior.calls > 0);
        plan
    }
}

impl Plan {
    /// Whether the request never arrives.
    pub(super) fn is_refused(&self) -> bool {
        matches!(self.instead, Some(Instead::Break(TransportErrorKind::Connect)))
    }

    /// Does to a call what is planned. `answer` makes the change, and the answer of a service that behaves.
    pub(super) fn carry_out(
        self,
        state: &mut State,
        path: &str,
        patience: Duration,
        answer: impl FnOnce(&mut State) -> http::Response<Vec<u8>>,
    ) -> Reply {
        if self.is_refused() {
            return Reply::Answer(Err(error(TransportErrorKind::Connect).never_sent()));
        }
        let is_too_late = self.delay > patience;
        state.clock.advance(self.delay.min(patience));
        let Some(instead) = self.instead else {
            state.page_fault = self.page;
            let answered = answer(state);
            state.page_fault = None;
            return Reply::Answer(if is_too_late { Err(timeout()) } else { Ok(answered) });
        };
        if let Instead::CutOff(bytes) = instead {
            let mut answered = answer(state);
            answered.extensions_mut().insert(CutOff(bytes));
            return Reply::Answer(if is_too_late { Err(timeout()) } else { Ok(answered) });
        }
        if self.applied {
            drop(answer(state));
        }
        if is_too_late {
            return Reply::Answer(Err(timeout()));
        }
        let left = patience.saturating_sub(self.delay);
        let is_sign_in = path == sign_in::PATH;
        let answered = match instead {
            Instead::Hang => return Reply::Hang(state.clock.after(left)),
            Instead::Break(kind) => {
                if kind == TransportErrorKind::Timeout {
                    state.clock.advance(left);
                }
                return Reply::Answer(Err(error(kind)));
            }
            Instead::Answer { status, content_type, body } => answer::raw(status, &content_type, body),
            Instead::Redirect(url) => answer::redirect(&url),
            // Done above.
            Instead::CutOff(_) => return Reply::Answer(Err(error(TransportErrorKind::Reset))),
            Instead::Fail(status) if is_sign_in => answer::failed_sign_in(status),
            Instead::Fail(status) => {
                let failure = Failure::of_status(status).with_chosen_code(&state.settings.error_codes);
                answer::respond(Err(failure), None)
            }
            Instead::RateLimit(seconds) if is_sign_in => answer::rate_limited_sign_in(seconds),
            Instead::RateLimit(seconds) => answer::respond(Err(Failure::too_many_requests(seconds)), None),
        };
        Reply::Answer(Ok(answered))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_compared_from_their_end() {
        let path = "/api/v2/externalcontacts/contacts/7/notes";
        for (method, pattern, is_met) in [
            ("*", "", true),
            ("GET", "", true),
            ("get", "/", true),
            ("POST", "", false),
            ("*", "notes", true),
            ("*", "/notes", true),
            ("*", "/contacts/*/notes", true),
            ("*", "/contacts/*", false),
            ("*", "/contacts", false),
            ("*", path, true),
            ("*", "/x/api/v2/externalcontacts/contacts/7/notes", false),
            ("*", "otes", false),
        ] {
            let sandbox = Sandbox::new();
            let calls = sandbox.next_calls(1).matching(method, pattern);
            assert_eq!(calls.pattern.is_met(&Method::GET, path), is_met, "{method} {pattern}");
        }
    }
}
