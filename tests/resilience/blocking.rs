use genesys_external_contacts::{Client, ClientBuilder};
use maybe_async::must_be_sync as maybe_async;

#[path = "cases.rs"]
mod cases;

macro_rules! run {
    ($($case:ident)*) => { $( #[test] fn $case() { cases::$case(); } )* };
}

each_case!(run);
