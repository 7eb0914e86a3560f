//! One client shared by many threads and many tasks.

#[path = "support/mod.rs"]
mod support;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use genesys_external_contacts::{Client, Credentials, Limits, Region, RetryPolicy, Transport, TransportError};

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
    let client = builder.transport(service).build().unwrap();
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
        .build()
        .unwrap();
    client.set(built).unwrap();
    client.get().unwrap().contacts().get("x").send().unwrap();
    assert_eq!(*told.lock().unwrap(), ["r1", "r2"]);
    assert_eq!(script.all().len(), 4);
}

#[cfg(feature = "async")]
mod tasks {
    use std::any::Any;
    use std::future::Future;
    use std::pin::Pin;

    use genesys_external_contacts::{AsyncClient, AsyncTransport, Error, ErrorKind, TransportErrorKind};
    use tokio::sync::Semaphore;
    use tokio::task::JoinSet;

    use super::*;

    type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

    /// A service at which signing in takes until somebody opens the gate.
    struct Gated {
        gate: Semaphore,
        refuses: bool,
        /// The call that is answered with 401, counted from 1.
        unauthorized: u64,
        sign_ins: AtomicU64,
        calls: AtomicU64,
    }

    impl Gated {
        fn new(refuses: bool, unauthorized: u64) -> Arc<Self> {
            let (sign_ins, calls) = Default::default();
            Arc::new(Self { gate: Semaphore::new(0), refuses, unauthorized, sign_ins, calls })
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
            if self.refuses {
                return Err(TransportError::new(TransportErrorKind::Connect, "closed").never_sent());
            }
            Ok(http::Response::new(TOKEN.into()))
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

        fn sleep_until(&self, _: Instant) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
            Box::pin(std::future::ready(()))
        }

        fn spawn(&self, work: Work) -> Result<Box<dyn Any + Send>, Work> {
            let mut tasks = JoinSet::new();
            tasks.spawn(work);
            Ok(Box::new(tasks))
        }
    }

    fn client(service: &Arc<Gated>) -> AsyncClient {
        let builder = AsyncClient::builder().region(Region::EuWest1).client_credentials("id", "secret");
        builder.transport(Shared(Arc::clone(service))).retry(RetryPolicy::never()).build().unwrap()
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
        let client = builder.transport(service).build().unwrap();
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
        let service = Gated::new(false, 0);
        let tasks = spawn(&client(&service), 1000);
        settle().await;
        assert_eq!(service.sign_ins.load(Ordering::SeqCst), 1);
        service.gate.add_permits(1);
        for task in tasks {
            task.await.unwrap().unwrap();
        }
        assert_eq!((service.sign_ins.load(Ordering::SeqCst), service.calls.load(Ordering::SeqCst)), (1, 1000));
    }

    #[tokio::test]
    async fn a_failed_sign_in_reaches_everybody_who_waited_for_it() {
        let service = Gated::new(true, 0);
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

    #[tokio::test]
    async fn a_dropped_call_leaves_nothing_locked() {
        let service = Gated::new(false, 0);
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

    /// The task that prefetches a page may be the one that signs in for all: it must not wait for its reader to do so.
    #[tokio::test]
    async fn a_prefetched_page_holds_nobody_up() {
        let service = Gated::new(false, 2);
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

    #[tokio::test]
    async fn a_dropped_reader_ends_its_task() {
        let service = Gated::new(false, 2);
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

    /// A `next` that was given up keeps its page under way, and may be the one that signs in for all.
    #[tokio::test]
    async fn a_reader_that_gave_up_holds_nobody_up() {
        let service = Gated::new(false, 0);
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
