//! One table of cases, run through both flavours.
//!
//! `cases.rs` is compiled twice, as `src/dual/` is: once as written, once with `async` and `.await` taken out.

// On purpose, see above.
#![allow(clippy::duplicate_mod)]

#[path = "../support/mod.rs"]
mod support;

/// Hands the names of all cases to the flavour that runs them. One that is missing here is dead code, which the lints
/// refuse.
macro_rules! each_case {
    ($run:ident) => {
        $run! {
            each_operation_sends_what_it_says
            every_request_says_who_it_is_from
            a_body_is_sent_only_where_there_is_one
            an_id_stays_one_segment_of_the_path
            ids_that_name_another_path_are_refused
            what_contradicts_itself_is_refused
            a_url_that_is_too_long_is_refused
            a_success_that_is_not_what_was_promised_is_an_error
            deletions_answer_in_three_ways
            an_error_answer_of_any_form_is_told
            predicates_say_what_to_do
            not_found_can_be_none
            an_answer_comes_with_its_meta
            a_redirect_is_an_error
            nothing_is_lost_between_reading_and_writing
            signs_in_once_and_only_at_the_login_host
            a_token_is_renewed_before_it_expires
            a_refused_token_is_renewed_once
            a_given_token_is_never_renewed
            a_refused_sign_in_says_what_to_check
            a_sign_in_without_a_token_is_an_error
            items_come_from_all_pages
            a_limit_is_exact
            the_first_record_is_asked_for_alone
            a_record_is_found_and_an_error_is_not_a_miss
            a_page_can_be_walked_through
            a_listing_never_ends_as_if_it_were_complete
            a_listing_ends_after_an_error
            a_page_that_repeats_ends_the_listing
            a_page_may_be_empty
            pages_start_where_they_are_told
            prefetch_gives_the_same
            a_scan_goes_from_cursor_to_cursor
            a_scan_that_does_not_end_is_an_error
            a_scan_is_taken_up_where_it_stopped
            a_cursor_that_is_refused_may_have_expired
            a_limit_can_come_late
            a_listing_by_after_reads_its_links
            secrets_and_personal_data_are_not_printed
            an_operation_of_your_own_can_be_sent
            a_base_path_is_kept
            every_id_of_every_operation_is_checked
            what_contradicts_itself_is_refused_everywhere
            answers_of_older_descriptions_are_understood
        }
    };
}

mod blocking;
#[cfg(feature = "async")]
mod nonblocking;
