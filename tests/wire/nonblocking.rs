use genesys_external_contacts::AsyncClient as Client;
use maybe_async::must_be_async as maybe_async;

#[path = "cases/mod.rs"]
mod cases;

#[test]
fn each_row_is_sent_as_recorded() {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(cases::each_row_is_sent_as_recorded());
}

#[test]
fn nothing_personal_is_printed() {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(cases::nothing_personal_is_printed());
}
