use genesys_external_contacts::{AsyncClient as Client, AsyncClientBuilder as ClientBuilder};
use maybe_async::must_be_async as maybe_async;

#[path = "cases.rs"]
mod cases;

macro_rules! run {
    ($($case:ident)*) => { $(
        #[test]
        fn $case() {
            tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(cases::$case());
        }
    )* };
}

each_case!(run);
