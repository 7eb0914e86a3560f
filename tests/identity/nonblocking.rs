use futures_util::stream::{Stream, StreamExt as _};
use genesys_external_contacts::bulk::BulkOutcome;
use genesys_external_contacts::{AsyncClient as Client, sandbox::Sandbox};
use maybe_async::must_be_async as maybe_async;

#[path = "cases.rs"]
mod cases;

fn client(sandbox: &Sandbox) -> Client {
    sandbox.async_client()
}

async fn collected<I, T>(outcomes: impl Stream<Item = BulkOutcome<I, T>>) -> Vec<BulkOutcome<I, T>> {
    outcomes.collect().await
}

macro_rules! run {
    ($($case:ident)*) => { $(
        #[test]
        fn $case() {
            tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(cases::$case());
        }
    )* };
}

each_case!(run);
