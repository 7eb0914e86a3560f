//! One client shared by many threads and many tasks.

#[path = "support/mod.rs"]
mod support;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, OnceLock, PoisonError, mpsc};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

use genesys_external_contacts::{
    Client, ClientBuilder, Credentials, Limits, Region, RetryPolicy, Transport, TransportError,
};

const TOKEN: &str = r#"{"access_token":"t","token_type":"bearer","expires_in":60}"#;

fn is_sign_in(request: &http::Request<Vec<u8>>) -> bool {
    request.uri().path() == "/oauth/token"
}

/// A service whose clock moves on by a second with each call, and which counts sign-ins.
struct Clocked {
    start: Instant,
    seconds: AtomicU64,
    sign_ins: AtomicU64,
}

impl Transport for &'static Clocked {
    fn send(&self, request: http::Request<Vec<u8>>, _: Limits) -> Result<http::Response<Vec<u8>>, TransportError> {
        if is_sign_in(&request) {
            self.sign_ins.fetch_add(1, Ordering::SeqCst);
            return Ok(http::Response::new(TOKEN.into()));
        }
        self.seconds.fetch_add(1, Ordering::SeqCst);
        Ok(http::Response::new(b"{}".to_vec()))
    }

    fn sleep_until(&self, _: Instant) {}

    fn now(&self) -> Instant {
        self.start + Duration::from_secs(self.seconds.load(Ordering::SeqCst))
    }
}

impl Clocked {
    /// A token of 60 seconds is used for 54.
    const USED_FOR: u64 = 54;

    /// Everybody's calls move the clock on while somebody waits for a token: nobody is impatient.
    fn limits() -> Limits {
        let mut limits = Limits::default();
        limits.call_timeout = Duration::from_secs(1_000_000);
        limits
    }

    fn retry() -> RetryPolicy {
        let mut policy = RetryPolicy::never();
        policy.deadline = Duration::from_secs(1_000_000);
        policy
    }

    fn new() -> &'static Self {
        let (seconds, sign_ins) = Default::default();
        Box::leak(Box::new(Self { start: Instant::now(), seconds, sign_ins }))
    }

    /// No token is asked for less than 54 seconds after the one before: more would be two for one expiry. Calls that were
    /// under way when a token was renewed may have made some last longer.
    fn assert_one_sign_in_for_each_expiry(&self, sharing: u64, calls: u64) {
        assert_eq!(self.seconds.load(Ordering::SeqCst), sharing * calls);
        let sign_ins = self.sign_ins.load(Ordering::SeqCst);
        let (fewest, most) = (sharing * calls / (Self::USED_FOR + sharing), sharing * calls / Self::USED_FOR + 1);
        assert!((fewest..=most).contains(&sign_ins), "{sign_ins}");
    }
}

#[test]
fn threads_sign_in_once_for_each_expiry() {
    let service = Clocked::new();
    let builder = Client::builder().region(Region::EuWest1).client_credentials("id", "secret");
    let client = builder.transport(service).limits(Clocked::limits()).retry(Clocked::retry()).build().unwrap();
    thread::scope(|scope| {
        for _ in 0..64 {
            scope.spawn(|| (0..50).for_each(|_| drop(client.contacts().get("x").send().unwrap())));
        }
    });
    service.assert_one_sign_in_for_each_expiry(64, 50);
}

/// A service that takes 50 requests in a minute of a clock that only moves on when somebody waits.
struct Limited {
    start: Instant,
    state: Mutex<LimitedState>,
}

#[derive(Default)]
struct LimitedState {
    passed: Duration,
    window: u64,
    count: u64,
    refused: u64,
    calls: u64,
}

const ALLOWED: u64 = 50;

impl Transport for &'static Limited {
    fn send(&self, _: http::Request<Vec<u8>>, _: Limits) -> Result<http::Response<Vec<u8>>, TransportError> {
        // Others get to send, and to be answered, before this one does.
        thread::yield_now();
        let mut state = self.state.lock().unwrap();
        let window = state.passed.as_secs() / 60;
        if window != state.window {
            (state.window, state.count) = (window, 0);
        }
        state.count += 1;
        state.calls += 1;
        let reset = 60 - state.passed.as_secs() % 60;
        let response = http::Response::builder()
            .header("inin-ratelimit-count", state.count)
            .header("inin-ratelimit-allowed", ALLOWED)
            .header("inin-ratelimit-reset", reset);
        let is_refused = state.count > ALLOWED;
        state.refused += u64::from(is_refused);
        let response = if is_refused { response.status(429).header("retry-after", reset) } else { response };
        Ok(response.body(b"{}".to_vec()).unwrap())
    }

    fn sleep_until(&self, deadline: Instant) {
        let until = deadline - self.start;
        thread::yield_now();
        let mut state = self.state.lock().unwrap();
        state.passed = state.passed.max(until);
    }

    fn now(&self) -> Instant {
        self.start + self.state.lock().unwrap().passed
    }
}

#[test]
fn threads_that_share_a_rate_limit_are_hardly_refused() {
    let service: &'static Limited = Box::leak(Box::new(Limited { start: Instant::now(), state: Mutex::default() }));
    let mut policy = RetryPolicy::default();
    // They need 26 minutes, and nobody says who is first.
    policy.deadline = Duration::from_secs(3600);
    let builder = Client::builder().region(Region::EuWest1).access_token("t").transport(service).retry(policy);
    let client = builder.build().unwrap();
    // Before the first answer, nobody knows the limit.
    client.contacts().get("x").send().unwrap();
    thread::scope(|scope| {
        for _ in 0..64 {
            scope.spawn(|| (0..20).for_each(|_| drop(client.contacts().get("x").send().unwrap())));
        }
    });
    let state = service.state.lock().unwrap();
    // An answer that takes until the next window misleads the client, once: such a call is refused and made again.
    // Without counting what is under way, it is every third.
    assert_eq!(state.calls - state.refused, 64 * 20 + 1);
    assert!(state.refused <= 64, "{}", state.refused);
    assert!(state.passed >= Duration::from_secs(60) * 25, "{:?}", state.passed);
}

/// A callback may use the client, and cause the next sign-in: the tokens are told in the order in which they came.
#[test]
fn refresh_tokens_are_told_one_after_the_other() {
    let answer = |n: u32| format!(r#"{{"access_token":"a{n}","expires_in":60,"refresh_token":"r{n}"}}"#);
    let script = support::Script::new().then(200, answer(1)).then(200, answer(2)).then(200, "{}").then(200, "{}");
    let told = Arc::new(Mutex::new(Vec::new()));
    let client: Arc<OnceLock<Client>> = Arc::default();
    let (keep, user, clock) = (Arc::clone(&told), Arc::clone(&client), script.clone());
    let mut limits = Limits::default();
    limits.call_timeout = Duration::from_secs(120);
    let built = Client::builder()
        .region(Region::EuWest1)
        .credentials(Credentials::refresh_token("id", "secret", "r0"))
        .on_refresh_token(move |token| {
            if token == "r1" {
                clock.pass(Duration::from_secs(60));
                user.get().unwrap().contacts().get("x").send().unwrap();
            }
            keep.lock().unwrap().push(token.to_owned());
        })
        .transport(script.clone())
        .limits(limits)
        .build()
        .unwrap();
    client.set(built).unwrap();
    client.get().unwrap().contacts().get("x").send().unwrap();
    assert_eq!(*told.lock().unwrap(), ["r1", "r2"]);
    assert_eq!(script.all().len(), 4);
}

type Answer = fn() -> http::Response<Vec<u8>>;

/// A service at which signing in takes until it is told what becomes of it.
struct Told {
    /// What becomes of the next sign-in.
    next: Mutex<mpsc::Receiver<Answer>>,
    sign_ins: Mutex<Vec<Limits>>,
    calls: AtomicU64,
    /// How often each thread has looked at the clock.
    looks: Mutex<HashMap<ThreadId, u32>>,
    looked: Condvar,
    /// Where the clock stands, if it does.
    stands_at: Option<Instant>,
}

fn rotated() -> http::Response<Vec<u8>> {
    http::Response::new(br#"{"access_token":"t","expires_in":60,"refresh_token":"r1"}"#.to_vec())
}

fn expired() -> http::Response<Vec<u8>> {
    http::Response::new(br#"{"access_token":"t","expires_in":0}"#.to_vec())
}

impl Told {
    fn new(stands_at: Option<Instant>) -> (Arc<Self>, mpsc::Sender<Answer>) {
        let (sender, next) = mpsc::channel();
        let (next, sign_ins, calls, looks, looked) =
            (Mutex::new(next), Mutex::default(), AtomicU64::new(0), Mutex::default(), Condvar::new());
        (Arc::new(Self { next, sign_ins, calls, looks, looked, stands_at }), sender)
    }

    /// Waits until so many threads have looked at the clock so often.
    fn wait_for_looks(&self, threads: usize, often: u32) {
        let mut looks = self.looks.lock().unwrap();
        while looks.values().filter(|looks| **looks >= often).count() < threads {
            let (again, timeout) = self.looked.wait_timeout(looks, Duration::from_secs(30)).unwrap();
            assert!(!timeout.timed_out(), "{again:?}");
            looks = again;
        }
    }

    fn sign_ins(&self) -> usize {
        self.sign_ins.lock().unwrap().len()
    }
}

struct Teller(Arc<Told>);

impl Transport for Teller {
    fn send(&self, request: http::Request<Vec<u8>>, limits: Limits) -> Result<http::Response<Vec<u8>>, TransportError> {
        if is_sign_in(&request) {
            self.0.sign_ins.lock().unwrap().push(limits);
            let next = self.0.next.lock().unwrap_or_else(PoisonError::into_inner).recv();
            return Ok(next.unwrap()());
        }
        self.0.calls.fetch_add(1, Ordering::SeqCst);
        Ok(http::Response::new(b"{}".to_vec()))
    }

    fn sleep_until(&self, _: Instant) {}

    fn now(&self) -> Instant {
        *self.0.looks.lock().unwrap().entry(thread::current().id()).or_default() += 1;
        self.0.looked.notify_all();
        self.0.stands_at.unwrap_or_else(Instant::now)
    }
}

fn told_client(service: &Arc<Told>, credentials: Credentials) -> ClientBuilder {
    let builder = Client::builder().region(Region::EuWest1).credentials(credentials);
    builder.transport(Teller(Arc::clone(service))).retry(RetryPolicy::never())
}

fn client_credentials() -> Credentials {
    Credentials::client_credentials("id", "secret")
}

fn a_millisecond() -> Limits {
    let mut limits = Limits::default();
    limits.call_timeout = Duration::from_millis(1);
    limits
}

#[test]
fn each_thread_waits_by_its_own_limits() {
    let (service, becomes) = Told::new(None);
    let client = told_client(&service, client_credentials()).build().unwrap();
    // It begins the sign-in, and has no time for it.
    let error = client.contacts().get("x").limits(a_millisecond()).send().unwrap_err();
    assert!(error.is_timeout() && error.is_retryable(), "{error}");
    thread::scope(|scope| {
        let patient = scope.spawn(|| client.contacts().get("x").send());
        // One that waits for somebody else's has no more time.
        let mut policy = RetryPolicy::default();
        policy.deadline = Duration::from_millis(1);
        let error = client.contacts().get("x").retry(policy).send().unwrap_err();
        assert!(error.is_timeout(), "{error}");
        becomes.send(|| http::Response::new(TOKEN.into())).unwrap();
        patient.join().unwrap().unwrap();
    });
    assert_eq!(*service.sign_ins.lock().unwrap(), [Limits::default()], "one, with the limits of the client");
    assert_eq!(service.calls.load(Ordering::SeqCst), 1);
}

/// The clock of the transport says when a limit has passed, and that may be a virtual one.
#[test]
fn no_limit_passes_while_the_clock_stands_still() {
    let (service, becomes) = Told::new(Some(Instant::now()));
    let client = told_client(&service, client_credentials()).build().unwrap();
    thread::scope(|scope| {
        let call = scope.spawn(|| client.contacts().get("x").limits(a_millisecond()).send());
        // More than a millisecond of real time: it has woken, and looked, ten times.
        service.wait_for_looks(1, 15);
        becomes.send(|| http::Response::new(TOKEN.into())).unwrap();
        call.join().unwrap().unwrap();
    });
}

#[test]
fn whoever_waited_uses_the_token_that_came() {
    const THREADS: usize = 30;
    let (service, becomes) = Told::new(None);
    let client = told_client(&service, client_credentials()).build().unwrap();
    thread::scope(|scope| {
        let calls: Vec<_> = (0..THREADS).map(|_| scope.spawn(|| client.contacts().get("x").send())).collect();
        // A call that has looked at the clock four times waits.
        service.wait_for_looks(THREADS, 4);
        becomes.send(expired).unwrap();
        for call in calls {
            call.join().unwrap().unwrap();
        }
    });
    assert_eq!((service.sign_ins(), service.calls.load(Ordering::SeqCst)), (1, THREADS as u64));
    // Nobody else does.
    becomes.send(expired).unwrap();
    client.contacts().get("x").send().unwrap();
    assert_eq!(service.sign_ins(), 2);
}

#[test]
fn a_refresh_token_outlives_the_call_and_the_client() {
    let (service, becomes) = Told::new(None);
    let (tell, told) = mpsc::channel();
    let builder = told_client(&service, Credentials::refresh_token("id", "secret", "r0"));
    let client = builder.on_refresh_token(move |token| tell.send(token.to_owned()).unwrap()).build().unwrap();
    client.contacts().get("x").limits(a_millisecond()).send().unwrap_err();
    drop(client);
    becomes.send(rotated).unwrap();
    assert_eq!(told.recv_timeout(Duration::from_secs(30)).unwrap(), "r1");
}

#[test]
fn a_panic_while_signing_in_poisons_nothing() {
    let (service, becomes) = Told::new(None);
    let client = told_client(&service, client_credentials()).build().unwrap();
    becomes.send(|| panic!("on purpose")).unwrap();
    becomes.send(|| http::Response::new(TOKEN.into())).unwrap();
    client.contacts().get("x").send().unwrap();
    assert_eq!(service.sign_ins(), 2, "whoever waited for it began anew");

    // Not for ever.
    let (service, becomes) = Told::new(None);
    let client = told_client(&service, client_credentials()).build().unwrap();
    for _ in 0..2 {
        becomes.send(|| panic!("on purpose")).unwrap();
    }
    let error = client.contacts().get("x").send().unwrap_err();
    assert!(error.to_string().contains("sign-in at") && !error.is_retryable(), "{error}");
    becomes.send(|| http::Response::new(TOKEN.into())).unwrap();
    client.contacts().get("x").send().unwrap();

    // What is good once may have been received.
    let (service, becomes) = Told::new(None);
    let client = told_client(&service, Credentials::refresh_token("id", "secret", "r0")).build().unwrap();
    becomes.send(|| panic!("on purpose")).unwrap();
    for _ in 0..2 {
        let error = client.contacts().get("x").send().unwrap_err();
        assert!(error.may_have_used_grant(), "{error}");
    }
    assert_eq!(service.sign_ins(), 1);
}

#[cfg(feature = "async")]
mod tasks {
    use std::any::Any;
    use std::future::Future;
    use std::pin::Pin;

    use genesys_external_contacts::{
        AsyncClient, AsyncClientBuilder, AsyncTransport, Error, ErrorKind, TransportErrorKind,
    };
    use tokio::sync::{Semaphore, watch};
    use tokio::task::JoinSet;

    use super::*;

    type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

    /// Where a transport runs a sign-in.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    enum Place {
        /// Nowhere: the calls that wait for it help it on.
        None,
        Task,
        /// In a task, although its clock is a virtual one: `sleep_until` returns at once.
        Virtual,
        /// The first one where nobody ever runs it, as in a runtime that stands still; then in a task.
        Idle,
        /// The first one nowhere, as a runtime that shuts down does; then in a task.
        Gone,
    }

    /// A service at which signing in takes until somebody opens the gate. Its clock goes when it is told to.
    struct Gated {
        gate: Semaphore,
        token: Mutex<&'static str>,
        /// How many sign-ins are still to panic.
        panics: AtomicU64,
        place: Place,
        idle: Mutex<Vec<Work>>,
        handed_over: AtomicU64,
        start: Instant,
        passed: watch::Sender<Duration>,
        refuses: bool,
        /// The call that is answered with 401, counted from 1.
        unauthorized: u64,
        sign_ins: AtomicU64,
        calls: AtomicU64,
    }

    impl Gated {
        fn new(place: Place, refuses: bool, unauthorized: u64) -> Arc<Self> {
            Arc::new(Self {
                gate: Semaphore::new(0),
                token: Mutex::new(TOKEN),
                panics: AtomicU64::new(0),
                place,
                idle: Mutex::default(),
                handed_over: AtomicU64::new(0),
                start: Instant::now(),
                passed: watch::Sender::new(Duration::ZERO),
                refuses,
                unauthorized,
                sign_ins: AtomicU64::new(0),
                calls: AtomicU64::new(0),
            })
        }

        fn pass(&self, time: Duration) {
            self.passed.send_modify(|passed| *passed += time);
        }

        fn sign_ins(&self) -> u64 {
            self.sign_ins.load(Ordering::SeqCst)
        }

        async fn answer(&self, request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, TransportError> {
            if !is_sign_in(&request) {
                let mut response = http::Response::new(br#"{"entities":[{"id":"x"}],"total":1000}"#.to_vec());
                if self.calls.fetch_add(1, Ordering::SeqCst) + 1 == self.unauthorized {
                    *response.status_mut() = http::StatusCode::UNAUTHORIZED;
                }
                return Ok(response);
            }
            self.sign_ins.fetch_add(1, Ordering::SeqCst);
            self.gate.acquire().await.unwrap().forget();
            let left = self.panics.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
            assert!(left.is_err(), "on purpose");
            if self.refuses {
                return Err(TransportError::new(TransportErrorKind::Connect, "closed").never_sent());
            }
            Ok(http::Response::new((*self.token.lock().unwrap()).into()))
        }
    }

    struct Shared(Arc<Gated>);

    impl AsyncTransport for Shared {
        fn send(
            &self,
            request: http::Request<Vec<u8>>,
            _: Limits,
        ) -> Pin<Box<dyn Future<Output = Result<http::Response<Vec<u8>>, TransportError>> + Send + '_>> {
            Box::pin(self.0.answer(request))
        }

        fn sleep_until(&self, deadline: Instant) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
            Box::pin(async move {
                if self.0.place == Place::Virtual {
                    return;
                }
                let mut passed = self.0.passed.subscribe();
                passed.wait_for(|passed| self.0.start + *passed >= deadline).await.unwrap();
            })
        }

        fn spawn(&self, work: Work) -> Result<Box<dyn Any + Send>, Work> {
            let mut tasks = JoinSet::new();
            tasks.spawn(work);
            Ok(Box::new(tasks))
        }

        fn spawn_detached(&self, work: Work) -> Result<(), Work> {
            let is_first = self.0.handed_over.fetch_add(1, Ordering::SeqCst) == 0;
            match self.0.place {
                Place::None => return Err(work),
                Place::Idle if is_first => self.0.idle.lock().unwrap().push(work),
                Place::Gone if is_first => drop(work),
                _ => drop(tokio::spawn(work)),
            }
            Ok(())
        }

        fn now(&self) -> Instant {
            self.0.start + *self.0.passed.borrow()
        }
    }

    fn client(service: &Arc<Gated>) -> AsyncClient {
        builder(service, client_credentials()).build().unwrap()
    }

    fn builder(service: &Arc<Gated>, credentials: Credentials) -> AsyncClientBuilder {
        let builder = AsyncClient::builder().region(Region::EuWest1).credentials(credentials);
        builder.transport(Shared(Arc::clone(service))).retry(RetryPolicy::never())
    }

    fn spawn(client: &AsyncClient, tasks: usize) -> Vec<tokio::task::JoinHandle<Result<(), Error>>> {
        (0..tasks).map(|n| tokio::spawn(client.contacts().delete(n.to_string()).send())).collect()
    }

    /// Lets every task run until it waits. There is one thread, and no timer or socket that could wake anybody.
    async fn settle() {
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
    }

    impl AsyncTransport for &'static Clocked {
        fn send(
            &self,
            request: http::Request<Vec<u8>>,
            limits: Limits,
        ) -> Pin<Box<dyn Future<Output = Result<http::Response<Vec<u8>>, TransportError>> + Send + '_>> {
            Box::pin(async move {
                // Others get to send before this one is answered.
                tokio::task::yield_now().await;
                Transport::send(self, request, limits)
            })
        }

        fn sleep_until(&self, _: Instant) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
            Box::pin(async {})
        }

        fn now(&self) -> Instant {
            Transport::now(self)
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn tasks_sign_in_once_for_each_expiry() {
        const TASKS: u64 = 1000;
        const CALLS: u64 = 20;
        let service = Clocked::new();
        let builder = AsyncClient::builder().region(Region::EuWest1).client_credentials("id", "secret");
        let builder = builder.transport(service).limits(Clocked::limits()).retry(Clocked::retry());
        let client = builder.build().unwrap();
        let mut tasks = JoinSet::new();
        for _ in 0..TASKS {
            let client = client.clone();
            tasks.spawn(async move {
                for _ in 0..CALLS {
                    client.contacts().get("x").send().await.unwrap();
                }
            });
        }
        while let Some(task) = tasks.join_next().await {
            task.unwrap();
        }
        service.assert_one_sign_in_for_each_expiry(TASKS, CALLS);
    }

    #[tokio::test]
    async fn a_dropped_call_is_not_under_way_for_the_rate_limit() {
        let used = [("inin-ratelimit-count", "0"), ("inin-ratelimit-allowed", "1"), ("inin-ratelimit-reset", "60")];
        let script = crate::support::Script::new().then_with(200, &used, "{}").then(200, "{}");
        let stuck = Arc::new(AtomicU64::new(0));
        let transport = Sticking(script.clone(), Arc::clone(&stuck));
        let builder = AsyncClient::builder().region(Region::EuWest1).access_token("t").transport(transport);
        let client = builder.build().unwrap();
        client.contacts().get("1").send().await.unwrap();
        stuck.store(1, Ordering::SeqCst);
        let call = tokio::spawn(client.contacts().get("2").send());
        settle().await;
        call.abort();
        settle().await;
        stuck.store(0, Ordering::SeqCst);
        client.contacts().get("3").send().await.unwrap();
        assert!(script.waits().is_empty(), "{:?}", script.waits());
    }

    /// A script that gives no answer as long as it is told not to.
    struct Sticking(crate::support::Script, Arc<AtomicU64>);

    impl AsyncTransport for Sticking {
        fn send(
            &self,
            request: http::Request<Vec<u8>>,
            limits: Limits,
        ) -> Pin<Box<dyn Future<Output = Result<http::Response<Vec<u8>>, TransportError>> + Send + '_>> {
            if self.1.load(Ordering::SeqCst) == 1 {
                return Box::pin(std::future::pending());
            }
            AsyncTransport::send(&self.0, request, limits)
        }

        fn sleep_until(&self, deadline: Instant) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
            AsyncTransport::sleep_until(&self.0, deadline)
        }

        fn now(&self) -> Instant {
            AsyncTransport::now(&self.0)
        }
    }

    #[tokio::test]
    async fn a_thousand_tasks_wait_for_one_sign_in() {
        for place in [Place::None, Place::Task] {
            let service = Gated::new(place, false, 0);
            let tasks = spawn(&client(&service), 1000);
            settle().await;
            assert_eq!(service.sign_ins.load(Ordering::SeqCst), 1);
            service.gate.add_permits(1);
            for task in tasks {
                task.await.unwrap().unwrap();
            }
            assert_eq!((service.sign_ins.load(Ordering::SeqCst), service.calls.load(Ordering::SeqCst)), (1, 1000));
        }
    }

    #[tokio::test]
    async fn a_failed_sign_in_reaches_everybody_who_waited_for_it() {
        for place in [Place::None, Place::Task] {
            let service = Gated::new(place, true, 0);
            let client = client(&service);
            let tasks = spawn(&client, 1000);
            settle().await;
            service.gate.add_permits(1);
            for task in tasks {
                let error = task.await.unwrap().unwrap_err();
                assert!(matches!(error.kind(), ErrorKind::Transport(_)) && !error.may_have_been_applied(), "{error}");
            }
            assert_eq!((service.sign_ins.load(Ordering::SeqCst), service.calls.load(Ordering::SeqCst)), (1, 0));
            // Who comes later tries anew.
            service.gate.add_permits(1);
            client.contacts().get("x").send().await.unwrap_err();
            assert_eq!(service.sign_ins.load(Ordering::SeqCst), 2);
        }
    }

    #[tokio::test]
    async fn a_dropped_call_leaves_nothing_locked() {
        for place in [Place::None, Place::Task] {
            let service = Gated::new(place, false, 0);
            let mut tasks = spawn(&client(&service), 10);
            settle().await;
            // It was signing in for all of them.
            tasks.remove(0).abort();
            settle().await;
            assert_eq!(service.sign_ins.load(Ordering::SeqCst), 1, "the others go on with it");
            service.gate.add_permits(1);
            for task in tasks {
                task.await.unwrap().unwrap();
            }
            assert_eq!((service.sign_ins.load(Ordering::SeqCst), service.calls.load(Ordering::SeqCst)), (1, 9));
        }
    }

    /// The task that prefetches a page may be the one that signs in for all: it must not wait for its reader to do so.
    #[tokio::test]
    async fn a_prefetched_page_holds_nobody_up() {
        for place in [Place::None, Place::Task] {
            let service = Gated::new(place, false, 2);
            service.gate.add_permits(1);
            let client = client(&service);
            let mut items = client.contacts().search().items().prefetch();
            items.next().await.unwrap().unwrap();
            settle().await;
            assert_eq!(service.sign_ins.load(Ordering::SeqCst), 2, "its token was refused");
            let others = spawn(&client, 10);
            settle().await;
            service.gate.add_permits(1);
            settle().await;
            assert!(others.iter().all(|task| task.is_finished()), "nobody has asked for the next page");
            assert_eq!(service.sign_ins.load(Ordering::SeqCst), 2);
            items.next().await.unwrap().unwrap();
        }
    }

    #[tokio::test]
    async fn a_dropped_reader_ends_its_task() {
        for place in [Place::None, Place::Task] {
            let service = Gated::new(place, false, 2);
            service.gate.add_permits(1);
            let mut items = client(&service).contacts().search().items().prefetch();
            items.next().await.unwrap().unwrap();
            settle().await;
            drop(items);
            settle().await;
            service.gate.add_permits(1);
            settle().await;
            assert_eq!(service.calls.load(Ordering::SeqCst), 2, "the page is not fetched any more");
        }
    }

    /// A `next` that was given up keeps its page under way, and may be the one that signs in for all.
    #[tokio::test]
    async fn a_reader_that_gave_up_holds_nobody_up() {
        for place in [Place::None, Place::Task] {
            let service = Gated::new(place, false, 0);
            let client = client(&service);
            let mut items = client.contacts().search().items();
            tokio::select! {
                biased;
                _ = items.next() => panic!("the gate is closed"),
                () = settle() => {}
            }
            let others = spawn(&client, 10);
            settle().await;
            service.gate.add_permits(1);
            settle().await;
            assert!(others.iter().all(|task| task.is_finished()), "nobody has asked for the page again");
            items.next().await.unwrap().unwrap();
            assert_eq!(service.sign_ins.load(Ordering::SeqCst), 1);
        }
    }

    fn with_time(seconds: u64) -> Limits {
        let mut limits = Limits::default();
        limits.call_timeout = Duration::from_secs(seconds);
        limits
    }

    #[tokio::test]
    async fn each_task_waits_by_its_own_limits() {
        let service = Gated::new(Place::Task, false, 0);
        let client = client(&service);
        let mut policy = RetryPolicy::default();
        policy.deadline = Duration::from_secs(2);
        // The first begins the sign-in, the others wait for it.
        let one_second = tokio::spawn(client.contacts().delete("1").limits(with_time(1)).send());
        settle().await;
        let two_seconds = tokio::spawn(client.contacts().delete("2").retry(policy).send());
        let patient = tokio::spawn(client.contacts().delete("3").send());
        settle().await;
        let calls = [one_second, two_seconds, patient];
        for finished in 0..3 {
            let are_finished: Vec<_> = calls.iter().map(|call| call.is_finished()).collect();
            assert_eq!(are_finished, (0..3).map(|call| call < finished).collect::<Vec<_>>(), "{finished}");
            if finished < 2 {
                service.pass(Duration::from_secs(1));
                settle().await;
            }
        }
        service.gate.add_permits(1);
        let [one_second, two_seconds, patient] = calls;
        for call in [one_second, two_seconds] {
            let error = call.await.unwrap().unwrap_err();
            assert!(error.is_timeout() && error.is_retryable() && !error.may_have_been_applied(), "{error}");
            assert!(error.to_string().contains("sign-in at login.mypurecloud.ie"), "{error}");
        }
        patient.await.unwrap().unwrap();
        assert_eq!((service.sign_ins(), service.calls.load(Ordering::SeqCst)), (1, 1));
    }

    /// `sleep_until` only wakes: the clock says whether time is up.
    #[tokio::test]
    async fn a_sleep_that_returns_early_ends_no_wait() {
        let service = Gated::new(Place::Virtual, false, 0);
        let calls = spawn(&client(&service), 10);
        settle().await;
        service.gate.add_permits(1);
        for call in calls {
            call.await.unwrap().unwrap();
        }
    }

    #[tokio::test]
    async fn whoever_waited_uses_the_token_that_came() {
        for place in [Place::None, Place::Task] {
            let service = Gated::new(place, false, 0);
            *service.token.lock().unwrap() = r#"{"access_token":"t","expires_in":0}"#;
            let client = client(&service);
            let tasks = spawn(&client, 30);
            settle().await;
            service.gate.add_permits(1);
            for task in tasks {
                task.await.unwrap().unwrap();
            }
            assert_eq!((service.sign_ins(), service.calls.load(Ordering::SeqCst)), (1, 30), "{place:?}");
            service.gate.add_permits(1);
            client.contacts().get("x").send().await.unwrap();
            assert_eq!(service.sign_ins(), 2, "{place:?}");
        }
    }

    #[tokio::test]
    async fn a_refresh_token_outlives_the_call() {
        for (place, client_goes, told_at_once) in
            [(Place::Task, false, true), (Place::Task, true, true), (Place::None, false, false)]
        {
            let service = Gated::new(place, false, 0);
            *service.token.lock().unwrap() = r#"{"access_token":"t","expires_in":60,"refresh_token":"r1"}"#;
            let told = Arc::new(Mutex::new(Vec::new()));
            let keep = Arc::clone(&told);
            let builder = builder(&service, Credentials::refresh_token("id", "secret", "r0"));
            let client = builder.on_refresh_token(move |token| keep.lock().unwrap().push(token.to_owned()));
            let client = client.build().unwrap();
            let call = tokio::spawn(client.contacts().get("x").send());
            settle().await;
            assert_eq!(service.sign_ins(), 1, "the request has left");
            call.abort();
            settle().await;
            let client = Some(client).filter(|_| !client_goes);
            service.gate.add_permits(1);
            settle().await;
            assert_eq!(told.lock().unwrap().len(), usize::from(told_at_once), "{place:?}");
            if let Some(client) = client {
                // Where nobody else ran the sign-in, the next call ends it.
                client.contacts().get("x").send().await.unwrap();
            }
            assert_eq!((&*told.lock().unwrap(), service.sign_ins()), (&vec!["r1".to_owned()], 1), "{place:?}");
        }
    }

    #[tokio::test]
    async fn a_panic_while_signing_in_poisons_nothing() {
        for place in [Place::None, Place::Task] {
            let service = Gated::new(place, false, 0);
            service.panics.store(u64::MAX, Ordering::SeqCst);
            service.gate.add_permits(1000);
            let client = client(&service);
            // It panics whenever it signs in: an error for everybody, and no end of sign-ins.
            for task in spawn(&client, 10) {
                let error = task.await.unwrap().unwrap_err();
                assert!(error.to_string().contains("sign-in at") && !error.is_retryable(), "{error}");
            }
            let sign_ins = service.sign_ins();
            assert!((2..=20).contains(&sign_ins), "{sign_ins}");
            // It panics once more: whoever waited begins anew.
            service.panics.store(1, Ordering::SeqCst);
            for task in spawn(&client, 10) {
                task.await.unwrap().unwrap();
            }
            assert_eq!(service.sign_ins(), sign_ins + 2);

            // What is good once may have been received.
            let service = Gated::new(place, false, 0);
            service.panics.store(1, Ordering::SeqCst);
            service.gate.add_permits(1000);
            let client = builder(&service, Credentials::refresh_token("id", "secret", "r0")).build().unwrap();
            for task in spawn(&client, 10) {
                let error = task.await.unwrap().unwrap_err();
                assert!(error.may_have_used_grant(), "{error}");
            }
            assert_eq!(service.sign_ins(), 1);
        }
    }

    #[tokio::test]
    async fn a_sign_in_whose_runtime_is_gone_is_begun_anew() {
        let service = Gated::new(Place::Gone, false, 0);
        let tasks = spawn(&client(&service), 10);
        settle().await;
        service.gate.add_permits(1);
        for task in tasks {
            task.await.unwrap().unwrap();
        }
        assert_eq!((service.sign_ins(), service.handed_over.load(Ordering::SeqCst)), (1, 2));
    }

    #[tokio::test]
    async fn a_sign_in_whose_runtime_stands_still_is_begun_anew_in_time() {
        let service = Gated::new(Place::Idle, false, 0);
        service.gate.add_permits(1);
        let client = client(&service);
        for task in {
            let tasks = spawn(&client, 10);
            settle().await;
            service.pass(Duration::from_secs(30));
            tasks
        } {
            let error = task.await.unwrap().unwrap_err();
            assert!(error.is_timeout(), "{error}");
        }
        service.pass(Duration::from_secs(30));
        for task in spawn(&client, 10) {
            task.await.unwrap().unwrap();
        }
        assert_eq!((service.sign_ins(), service.handed_over.load(Ordering::SeqCst)), (1, 2));
    }
}

/// The transport of the crate, and two runtimes.
#[cfg(feature = "reqwest")]
mod runtimes {
    use std::io::{BufRead as _, BufReader, Read as _, Write as _};
    use std::net::{SocketAddr, TcpListener, TcpStream};

    use genesys_external_contacts::AsyncClient;
    use tokio::runtime::{Builder, Runtime};
    use tokio::sync::mpsc as channel;

    use super::*;

    /// A service that tells when a sign-in has arrived, and answers it when it may. It ends with the test's process.
    struct Server {
        address: SocketAddr,
        arrived: channel::UnboundedReceiver<()>,
        may_answer: mpsc::Sender<()>,
    }

    impl Server {
        fn start() -> Self {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            let address = listener.local_addr().unwrap();
            let (arrives, arrived) = channel::unbounded_channel();
            let (may_answer, answers) = mpsc::channel();
            let answers = Arc::new(Mutex::new(answers));
            thread::spawn(move || {
                for stream in listener.incoming() {
                    let (arrives, answers) = (arrives.clone(), Arc::clone(&answers));
                    thread::spawn(move || serve(&stream.unwrap(), &arrives, &answers));
                }
            });
            Self { address, arrived, may_answer }
        }
    }

    fn serve(
        stream: &TcpStream,
        arrives: &channel::UnboundedSender<()>,
        answers: &Mutex<mpsc::Receiver<()>>,
    ) -> Option<()> {
        let (mut reader, mut writer) = (BufReader::new(stream), stream);
        loop {
            let (mut lines, mut length) = (Vec::new(), 0);
            while lines.last().is_none_or(|line: &String| !line.trim_end().is_empty()) {
                let mut line = String::new();
                reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
                if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length: ") {
                    length = value.trim_end().parse().unwrap();
                }
                lines.push(line);
            }
            reader.read_exact(&mut vec![0; length]).ok()?;
            let mut body = "{}";
            if lines[0].starts_with("POST /oauth/token ") {
                arrives.send(()).ok()?;
                answers.lock().unwrap().recv().ok()?;
                body = r#"{"access_token":"t","expires_in":60,"refresh_token":"r1"}"#;
            }
            write!(writer, "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len()).ok()?;
        }
    }

    fn runtime() -> Runtime {
        Builder::new_current_thread().enable_all().build().unwrap()
    }

    #[test]
    fn a_sign_in_belongs_to_no_runtime() {
        for first_is_dropped in [true, false] {
            let mut server = Server::start();
            let url = format!("http://{}", server.address);
            let told = Arc::new(Mutex::new(Vec::new()));
            let keep = Arc::clone(&told);
            let client = AsyncClient::builder()
                .api_url(&url)
                .login_url(&url)
                .credentials(Credentials::refresh_token("id", "secret", "r0"))
                .on_refresh_token(move |token| keep.lock().unwrap().push(token.to_owned()))
                .build()
                .unwrap();

            let first = runtime();
            let begins = first.spawn(client.contacts().get("x").send());
            first.block_on(server.arrived.recv()).unwrap();
            // Dropped, or never run again.
            let first = Some(first).filter(|_| !first_is_dropped);

            let second = runtime();
            second.block_on(async {
                let calls: Vec<_> = (0..10).map(|_| tokio::spawn(client.contacts().get("x").send())).collect();
                for _ in 0..100 {
                    tokio::task::yield_now().await;
                }
                server.may_answer.send(()).unwrap();
                for call in calls {
                    call.await.unwrap().unwrap();
                }
            });
            assert!(server.arrived.try_recv().is_err(), "one sign-in");
            assert_eq!(*told.lock().unwrap(), ["r1"]);
            drop((first, begins));
        }
    }

    /// Limits are kept by the clock of the runtime that the call is in.
    #[test]
    fn no_call_waits_longer_than_it_may_for_a_sign_in_that_hangs() {
        let server = Server::start();
        let url = format!("http://{}", server.address);
        let builder = AsyncClient::builder().api_url(&url).login_url(&url).client_credentials("id", "secret");
        let client = builder.retry(RetryPolicy::never()).build().unwrap();
        runtime().block_on(async {
            let patient = tokio::spawn(client.contacts().get("x").send());
            let error = client.contacts().get("x").limits(a_millisecond()).send().await.unwrap_err();
            assert!(error.is_timeout() && error.to_string().contains("sign-in at"), "{error}");
            assert!(!patient.is_finished());
            server.may_answer.send(()).unwrap();
            patient.await.unwrap().unwrap();
        });
    }
}
