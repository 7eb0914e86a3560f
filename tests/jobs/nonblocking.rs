use genesys_external_contacts::AsyncClient as Client;
use maybe_async::must_be_async as maybe_async;

fn client_of(sandbox: &genesys_external_contacts::sandbox::Sandbox) -> Client {
    sandbox.async_client()
}

#[path = "files.rs"]
mod files;
#[path = "waiting.rs"]
mod waiting;

macro_rules! run {
    ($($module:ident::$case:ident)*) => { $(
        #[test]
        fn $case() {
            tokio::runtime::Builder::new_current_thread().build().unwrap().block_on($module::$case());
        }
    )* };
}

each_case!(run);
