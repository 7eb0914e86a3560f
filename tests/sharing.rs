//! One client shared by many threads and many tasks.

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use genesys_external_contacts::{Client, Limits, Region, Transport, TransportError};

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

    fn sleep(&self, _: Duration) {}

    fn now(&self) -> Instant {
        self.start + Duration::from_secs(self.seconds.load(Ordering::SeqCst))
    }
}

#[test]
fn threads_sign_in_once_for_each_expiry() {
    const THREADS: u64 = 64;
    const CALLS: u64 = 50;
    // A token of 60 seconds is used for 54.
    const USED_FOR: u64 = 54;
    let service: &'static Clocked =
        Box::leak(Box::new(Clocked { start: Instant::now(), seconds: AtomicU64::new(0), sign_ins: AtomicU64::new(0) }));
    let builder = Client::builder().region(Region::EuWest1).client_credentials("id", "secret");
    let client = builder.transport(service).build().unwrap();
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| (0..CALLS).for_each(|_| drop(client.contacts().get("x").send().unwrap())));
        }
    });
    assert_eq!(service.seconds.load(Ordering::SeqCst), THREADS * CALLS);
    // No token is asked for less than 54 seconds after the one before: more would be two for one expiry. Calls that were
    // under way when a token was renewed may have made some last longer.
    let sign_ins = service.sign_ins.load(Ordering::SeqCst);
    let (fewest, most) = (THREADS * CALLS / (USED_FOR + THREADS), THREADS * CALLS / USED_FOR + 1);
    assert!((fewest..=most).contains(&sign_ins), "{sign_ins}");
}

#[cfg(feature = "async")]
mod tasks {
    use std::any::Any;
    use std::future::Future;
    use std::pin::Pin;
    use std::sync::Arc;

    use genesys_external_contacts::{AsyncClient, AsyncTransport, Error, RetryPolicy, TransportErrorKind};
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

        fn sleep(&self, _: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
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
            assert!(matches!(error, Error::Transport(_)) && !error.may_have_been_applied(), "{error}");
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
