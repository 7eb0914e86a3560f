//! Work that takes a while: waiting for it, and files, on virtual clocks. One table of cases, run through both flavours.
//!
//! `cases.rs` and `files.rs` are compiled twice, as `src/dual/` is: once as written, once with `async` and `.await` taken out.

// On purpose, see above.
#![allow(clippy::duplicate_mod)]
// A `for` would do in the blocking flavour, and only there.
#![allow(clippy::while_let_on_iterator)]

#[path = "../support/mod.rs"]
mod support;

/// Hands the names of all cases to the flavour that runs them. One that is missing here is dead code, which the lints
/// refuse.
macro_rules! each_case {
    ($run:ident) => {
        $run! {
            waiting::looks_come_at_exact_times
            waiting::what_ends_a_wait_and_what_does_not
            waiting::the_service_says_when_to_look
            waiting::the_limit_is_the_callers
            waiting::an_error_has_the_id_and_the_last_status
            waiting::a_job_that_failed_says_all_that_is_known
            waiting::an_upload_may_not_be_there_yet
            waiting::an_import_stops_twice
            waiting::an_import_that_nobody_continues_ends_the_wait
            waiting::polls_show_each_answer
            waiting::a_wait_of_three_days
            waiting::a_job_that_never_ends
            waiting::another_process_takes_up_the_wait
            waiting::a_merge_is_waited_for
            waiting::segments_are_sent_until_nothing_is_left
            waiting::the_latest_scan_is_no_id
            files::a_download_is_whole_whatever_breaks
            files::parts_and_the_whole_are_the_same
            files::a_download_waits_for_its_url
            files::a_url_that_stays_bad_ends_the_download
            files::the_token_goes_to_the_api_and_nowhere_else
            files::redirects_are_followed_without_the_token_and_not_for_ever
            files::another_file_is_not_glued_on
            files::a_download_has_the_size_that_it_may_have
            files::an_upload_sends_what_was_said_and_nothing_else
            files::an_upload_that_breaks_is_sent_once_more
            files::an_import_from_file_to_report
            files::a_transport_without_streams_says_so
        }
    };
}

mod blocking;
#[cfg(feature = "async")]
mod nonblocking;
