use genesys_external_contacts::bulk::BulkOutcome;
use genesys_external_contacts::{Client, sandbox::Sandbox};
use maybe_async::must_be_sync as maybe_async;

#[path = "cases.rs"]
mod cases;

fn client(sandbox: &Sandbox) -> Client {
    sandbox.client()
}

fn collected<I, T>(outcomes: impl Iterator<Item = BulkOutcome<I, T>>) -> Vec<BulkOutcome<I, T>> {
    outcomes.collect()
}

macro_rules! run {
    ($($case:ident)*) => { $( #[test] fn $case() { cases::$case(); } )* };
}

each_case!(run);
