use futures_util::stream::{self, FusedStream, StreamExt as _};
use genesys_external_contacts::sandbox::Sandbox;
use genesys_external_contacts::{AsyncClient as Client, AsyncOutcomes as Outcomes, BulkOutcome, ExternalContact};
use maybe_async::must_be_async as maybe_async;

#[path = "cases.rs"]
mod cases;

fn client(sandbox: &Sandbox) -> Client {
    sandbox.async_client()
}

/// All outcomes, in the order of the input.
async fn collected<I, T>(mut outcomes: impl FusedStream<Item = BulkOutcome<I, T>> + Unpin) -> Vec<BulkOutcome<I, T>> {
    let mut all = Vec::new();
    while let Some(outcome) = outcomes.next().await {
        assert_eq!(outcome.index, all.len() as u64);
        all.push(outcome);
    }
    assert!(outcomes.is_terminated() && outcomes.next().await.is_none(), "nothing comes after the end");
    all
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

macro_rules! run {
    ($($case:ident)*) => { $( #[test] fn $case() { block_on(cases::$case()); } )* };
}

each_case!(run);

/// A stream that is not ready at once, as one that reads from a network.
#[test]
fn records_may_come_from_a_stream() {
    block_on(async {
        let sandbox = Sandbox::new();
        let contacts = stream::iter(0..120).then(|number| async move {
            tokio::task::yield_now().await;
            ExternalContact::default().with_title(number.to_string())
        });
        let outcomes = client(&sandbox).contacts().bulk().add(contacts).outcomes();
        let titles: Vec<_> = outcomes.map(|outcome| outcome.result.unwrap().title.unwrap()).collect().await;
        assert_eq!(titles, (0..120).map(|number| number.to_string()).collect::<Vec<_>>());
    });
}

/// Two requests that hang are both sent before one of them is answered.
#[test]
fn several_requests_are_under_way_at_once() {
    block_on(async {
        let sandbox = Sandbox::new();
        sandbox.next_calls(3).hang();
        let contacts = (0..200).map(|number| ExternalContact::default().with_title(number.to_string()));
        let mut outcomes = client(&sandbox).contacts().bulk().add(contacts).concurrency(3).outcomes();
        let waits = std::future::poll_fn(|context| {
            let next = std::pin::pin!(outcomes.next());
            std::task::Poll::Ready(next.poll(context).is_pending())
        });
        assert!(waits.await);
        let sent = sandbox.requests().iter().filter(|request| request.path.ends_with("/add")).count();
        assert_eq!(sent, 3);
    });
}

/// A future of `next` that is dropped loses no outcome, and sends nothing twice.
#[test]
fn dropping_the_future_of_next_loses_nothing() {
    block_on(async {
        let sandbox = Sandbox::new();
        sandbox.next_calls(1).hang();
        let contacts = (0..60).map(|number| ExternalContact::default().with_title(number.to_string()));
        let mut outcomes = client(&sandbox).contacts().bulk().add(contacts).outcomes();
        for _ in 0..3 {
            let waits = std::future::poll_fn(|context| {
                let next = std::pin::pin!(outcomes.next());
                std::task::Poll::Ready(next.poll(context).is_pending())
            });
            assert!(waits.await);
        }
        sandbox.advance(std::time::Duration::from_secs(31));
        let mut count = 0;
        while let Some(outcome) = outcomes.next().await {
            assert_eq!(outcome.index, count);
            assert_eq!(outcome.result.is_err(), count < 50);
            count += 1;
        }
        assert_eq!(count, 60);
        let sent = sandbox.requests().iter().filter(|request| request.path.ends_with("/add")).count();
        assert_eq!(sent, 2);
    });
}
