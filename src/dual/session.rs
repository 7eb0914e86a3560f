use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::Instant;

use http::HeaderValue;
use secrecy::{ExposeSecret as _, SecretString};

use super::flight::{Flight, Landing};
use super::{Transport, maybe_async};
use crate::auth::{self, Credentials, Renewal, Token};
use crate::config::Limits;
use crate::decide;
use crate::error::{Error, SingleUse, TransportError, TransportErrorKind};
use crate::url::BaseUrl;

/// Told each refresh token that the service gives out.
pub(crate) type OnRefreshToken = Arc<dyn Fn(&str) + Send + Sync>;

/// What a sign-in ends with.
pub(crate) type Outcome = Result<HeaderValue, Error>;

/// The access token of a client and all its clones.
///
/// There is one sign-in at a time (single flight). The call that finds that one is needed begins it, others wait for it. It
/// runs with the client's limits and belongs to no call: every call waits by its own limits, and a call that is given up
/// changes nothing. What it ends with is for everybody who waited.
pub(crate) struct Session {
    shared: Arc<Shared>,
}

/// What a sign-in needs. It is shared with the session, because a sign-in may outlive the client.
struct Shared {
    credentials: Credentials,
    token_url: String,
    host: String,
    limits: Limits,
    on_refresh_token: Option<OnRefreshToken>,
    /// Held by whoever tells refresh tokens.
    telling: Mutex<()>,
    /// Never held while waiting.
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    token: Option<Current>,
    /// What the last sign-in left to renew its token with.
    renewal: Option<Renewal>,
    /// A refresh token that `on_refresh_token` is still to be told.
    untold: Option<SecretString>,
    under_way: Option<UnderWay>,
    /// How many sign-ins have begun.
    begun: u64,
    /// Why no other sign-in may begin: what it would send is good once, and may have been used.
    used: Option<Error>,
}

struct Current {
    header: HeaderValue,
    renew_at: Option<Instant>,
}

/// The sign-in that calls wait for.
struct UnderWay {
    number: u64,
    flight: Flight,
    /// When it can't be alive any more, whatever its transport makes of the limits.
    is_dead_at: Option<Instant>,
}

/// What a call does to get its authorization.
enum Step {
    Use(HeaderValue),
    Fail(Error),
    Wait(Flight),
    Begin(u64, Flight, Landing),
}

/// How a wait for a sign-in ended.
pub(crate) enum Waited {
    Landed(Outcome),
    /// Nobody runs it any more: the transport panicked, or the runtime that had it is gone.
    Lost,
    /// The limit of the call has passed. The sign-in goes on.
    TimeUp,
}

impl Session {
    /// A session whose sign-ins take no longer than `limits` say.
    pub(crate) fn new(
        credentials: Credentials,
        login: &BaseUrl,
        limits: Limits,
        on_refresh_token: Option<OnRefreshToken>,
    ) -> Result<Self, Error> {
        credentials.check()?;
        let mut state = State::default();
        if let Some(token) = credentials.given_token() {
            state.token = Some(Current { header: auth::bearer(token)?, renew_at: None });
        }
        let shared = Shared {
            credentials,
            token_url: format!("{}/oauth/token", login.as_str()),
            host: login.authority().to_owned(),
            limits,
            on_refresh_token,
            telling: Mutex::default(),
            state: Mutex::new(state),
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    pub(crate) fn can_renew(&self) -> bool {
        self.shared.can_renew()
    }

    /// Forgets the token, so that the next call signs in.
    pub(crate) fn forget(&self) {
        if self.can_renew() {
            self.shared.state().token = None;
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // A sign-in that only calls help on holds what is shared, which holds the sign-in. No call comes any more.
        let abandoned = self.shared.state().under_way.take();
        drop(abandoned);
    }
}

#[maybe_async]
impl Session {
    /// The authorization to send. `refused` is one that the service didn't accept: it is not used again. The wait ends at
    /// `until`.
    pub(crate) async fn authorization(
        &self,
        transport: &Arc<dyn Transport>,
        until: Option<Instant>,
        refused: Option<&HeaderValue>,
    ) -> Outcome {
        let shared = &self.shared;
        shared.tell_refresh_tokens();
        // A sign-in that was lost is begun anew, once: a transport that always panics must not keep a call for ever.
        for _ in 0..2 {
            let flight = match shared.step(transport.now(), refused) {
                Step::Use(header) => return Ok(header),
                Step::Fail(error) => return Err(error),
                Step::Wait(flight) => flight,
                Step::Begin(number, flight, landing) => {
                    let (shared, transport) = (Arc::clone(shared), Arc::clone(transport));
                    flight.begin(SignIn { number, shared, transport: Arc::clone(&transport), landing }, &*transport);
                    flight
                }
            };
            match flight.wait(transport.as_ref(), until).await {
                // On a virtual clock, the answer and the end of the call's time can come together.
                Waited::Landed(Ok(_)) if until.is_some_and(|until| until < transport.now()) => {
                    return Err(shared.time_up());
                }
                // Whoever waited uses the token that came, whatever its lifetime, and fails where the sign-in failed:
                // trying again is `decide`'s decision.
                Waited::Landed(outcome) => return outcome,
                Waited::TimeUp => return Err(shared.time_up()),
                Waited::Lost => {}
            }
        }
        Err(shared.lost(None))
    }
}

impl Shared {
    /// What a call does now. Beginning and joining are one decision under one lock.
    fn step(&self, now: Instant, refused: Option<&HeaderValue>) -> Step {
        let mut state = self.state();
        if let Some(header) = self.usable(&state, now, refused) {
            return Step::Use(header);
        }
        let is_alive = |it: &&UnderWay| !it.flight.is_over() && it.is_dead_at.is_none_or(|at| now < at);
        if let Some(alive) = state.under_way.as_ref().filter(is_alive) {
            return Step::Wait(alive.flight.clone());
        }
        if let Some(error) = &state.used {
            return Step::Fail(error.clone());
        }
        state.begun += 1;
        let number = state.begun;
        let (flight, landing) = Flight::new();
        let is_dead_at = now.checked_add(self.limits.call_timeout.saturating_mul(2));
        let dead = state.under_way.replace(UnderWay { number, flight: flight.clone(), is_dead_at });
        // What it holds may want the lock.
        drop(state);
        drop(dead);
        Step::Begin(number, flight, landing)
    }

    /// The token, unless it has to be renewed first.
    fn usable(&self, state: &State, now: Instant, refused: Option<&HeaderValue>) -> Option<HeaderValue> {
        let token = state.token.as_ref()?;
        let is_fresh = token.renew_at.is_none_or(|at| now < at);
        (!self.can_renew() || is_fresh && refused != Some(&token.header)).then(|| token.header.clone())
    }

    fn can_renew(&self) -> bool {
        self.credentials.given_token().is_none()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Its parts are replaced as a whole: a panic elsewhere can't have left half of one.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands over the refresh tokens that are untold, in the order in which they came.
    ///
    /// Whoever finds somebody else at it leaves the telling to them: the callback may itself use the client.
    fn tell_refresh_tokens(&self) {
        let Some(tell) = &self.on_refresh_token else { return };
        while self.state().untold.is_some() {
            let _telling = match self.telling.try_lock() {
                Ok(telling) => telling,
                // A callback that panicked is not at it any more.
                Err(TryLockError::Poisoned(telling)) => telling.into_inner(),
                Err(TryLockError::WouldBlock) => return,
            };
            let untold = self.state().untold.take();
            if let Some(refresh_token) = untold {
                tell(refresh_token.expose_secret());
            }
        }
    }

    fn time_up(&self) -> Error {
        let source = "signing in takes longer than this call may wait; the next call uses what comes of it";
        let error = TransportError::new(TransportErrorKind::Timeout, source).never_sent();
        Error::from(error).while_signing_in(&self.host, None)
    }

    fn lost(&self, used: Option<SingleUse>) -> Error {
        let source = "nobody finished the sign-in: the transport panicked, or its runtime has ended";
        let error = TransportError::new(TransportErrorKind::Other, source);
        Error::from(error).while_signing_in(&self.host, used)
    }
}

/// A sign-in, which belongs to no call.
pub(crate) struct SignIn {
    number: u64,
    shared: Arc<Shared>,
    transport: Arc<dyn Transport>,
    landing: Landing,
}

#[maybe_async]
impl SignIn {
    pub(crate) async fn run(self) {
        let outcome = self.exchange().await;
        // Before anybody goes on with the token: a program may end after its next call.
        self.shared.tell_refresh_tokens();
        self.landing.land(outcome);
    }

    async fn exchange(&self) -> Outcome {
        let shared = &self.shared;
        log::debug!("signing in at {}", shared.host);
        let asked = self.transport.now();
        let request = match self.request() {
            Ok(request) => request,
            Err(error) => return self.failed(error),
        };
        let answer = self.transport.send(request, shared.limits).await;
        match answer.map_err(Error::from).and_then(auth::read_token) {
            Ok(token) => self.succeeded(token, asked),
            Err(error) => self.failed(error),
        }
    }
}

impl SignIn {
    /// The request. From now on, what is good once counts as used, until an answer says otherwise.
    fn request(&self) -> Result<http::Request<Vec<u8>>, Error> {
        let Shared { credentials, token_url, .. } = &*self.shared;
        let mut state = self.shared.state();
        let request = credentials.sign_in_request(token_url, state.renewal.as_ref())?;
        state.used = credentials.single_use(state.renewal.as_ref()).map(|used| self.shared.lost(Some(used)));
        Ok(request)
    }

    fn succeeded(&self, token: Token, asked: Instant) -> Outcome {
        // A lifetime that no clock can express is none.
        let renew_at = token.use_for.and_then(|time| asked.checked_add(time));
        let header = token.header.map_err(|error| error.while_signing_in(&self.shared.host, None));
        let mut state = self.shared.state();
        if let Ok(header) = &header {
            state.token = Some(Current { header: header.clone(), renew_at });
        }
        // A service that gives no new refresh token lets the old one stand.
        let kept = state.renewal.take().and_then(|renewal| renewal.refresh_token);
        let was_reused = token.refresh_token.is_none();
        state.untold = token.refresh_token.clone().or(state.untold.take());
        state.renewal = Some(Renewal { refresh_token: token.refresh_token.or(kept), was_reused });
        state.used = None;
        self.leave(state);
        header
    }

    fn failed(&self, error: Error) -> Outcome {
        let mut state = self.shared.state();
        let used = self.shared.credentials.single_use(state.renewal.as_ref());
        let used = used.filter(|_| !decide::token::grant_is_unused(error.kind()));
        let error = error.while_signing_in(&self.shared.host, used);
        state.used = used.map(|_| error.clone());
        self.leave(state);
        Err(error)
    }

    /// Lets nobody join any more: what they would wait for is known, and the callback may itself need another sign-in.
    fn leave(&self, mut state: MutexGuard<'_, State>) {
        let ended = state.under_way.take_if(|it| it.number == self.number);
        // What it holds may want the lock.
        drop(state);
        drop(ended);
    }
}
