//! Many records in one request: what becomes of each, through both flavours, on the sandbox and on its clock.
//!
//! `cases.rs` is compiled twice, as the cases of `tests/parity/` are.

// On purpose, see above.
#![allow(clippy::duplicate_mod)]

#[path = "../support/mod.rs"]
mod support;

macro_rules! each_case {
    ($run:ident) => {
        $run! {
            nothing_is_sent_before_it_is_asked_for
            outcomes_come_in_the_order_of_the_input
            all_four_kinds_of_records_are_added
            some_records_fail_and_the_others_do_not
            requests_are_as_few_as_the_limits_allow
            a_request_that_fails_fails_its_records
            what_was_surely_not_applied_is_sent_again
            retryable_records_are_sent_again_where_that_is_safe
            sending_again_is_bounded
            a_removal_that_finds_nothing_after_an_ambiguous_try_is_done
            records_that_are_equal_are_told_to_be_uncertain
            external_ids_make_it_certain
            results_that_the_service_rewrote_are_matched
            a_fetch_may_ask_twice_and_for_nobody
            merged_contacts_keep_the_id_that_was_asked_for
            updates_of_one_record_are_applied_in_their_order
            results_that_are_missing_are_told
            records_that_can_not_be_sent_are_told
            older_results_are_understood
            run_counts_and_keeps_failures
            several_requests_keep_the_order
            a_search_with_a_body_walks_its_pages
        }
    };
}

mod blocking;
#[cfg(feature = "async")]
mod nonblocking;
