use genesys_external_contacts::{BulkOutcome, Client, Outcomes};
use maybe_async::must_be_sync as maybe_async;

#[path = "cases.rs"]
mod cases;

fn client(sandbox: &genesys_external_contacts::sandbox::Sandbox) -> Client {
    sandbox.client()
}

/// All outcomes, in the order of the input.
fn collected<I, T>(mut outcomes: impl Iterator<Item = BulkOutcome<I, T>>) -> Vec<BulkOutcome<I, T>> {
    let all: Vec<_> = outcomes.by_ref().collect();
    assert!(all.iter().enumerate().all(|(index, outcome)| outcome.index == index as u64));
    assert!(outcomes.next().is_none(), "nothing comes after the end");
    all
}

macro_rules! run {
    ($($case:ident)*) => { $( #[test] fn $case() { cases::$case(); } )* };
}

each_case!(run);
