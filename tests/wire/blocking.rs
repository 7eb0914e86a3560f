use genesys_external_contacts::Client;
use maybe_async::must_be_sync as maybe_async;

#[path = "cases/mod.rs"]
mod cases;

#[test]
fn each_row_is_sent_as_recorded() {
    cases::each_row_is_sent_as_recorded();
}

#[test]
fn nothing_personal_is_printed() {
    cases::nothing_personal_is_printed();
}
