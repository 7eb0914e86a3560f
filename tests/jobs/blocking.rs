use genesys_external_contacts::Client;
use maybe_async::must_be_sync as maybe_async;

fn client_of(sandbox: &genesys_external_contacts::sandbox::Sandbox) -> Client {
    sandbox.client()
}

#[path = "files.rs"]
mod files;
#[path = "waiting.rs"]
mod waiting;

macro_rules! run {
    ($($module:ident::$case:ident)*) => { $( #[test] fn $case() { $module::$case(); } )* };
}

each_case!(run);
