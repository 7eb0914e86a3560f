//! What happens when the network or the service misbehaves: one table of cases on a virtual clock, run through both flavours.
//!
//! `cases.rs` is compiled twice, as `src/dual/` is: once as written, once with `async` and `.await` taken out.

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
            what_is_repeated_after_what
            what_says_that_a_change_was_not_applied
            what_may_have_been_applied_stays_so
            a_gateway_does_not_say_that_something_is_deleted
            tries_end_and_the_last_answer_is_what_the_caller_gets
            waits_are_random_within_their_bounds
            what_the_service_asks_for_wins
            no_wait_ends_after_the_deadline
            a_repeated_deletion_that_finds_nothing_is_a_success
            one_try_that_may_have_been_applied_is_enough
            a_sign_in_is_repeated_like_a_read
            a_used_up_rate_limit_is_waited_out
            a_used_up_rate_limit_can_be_an_error
            a_reset_that_is_no_number_of_seconds_is_ignored
            limits_that_alternate_cost_a_second_at_most
            no_policy_is_too_large
            a_wait_for_the_rate_limit_that_passes_the_deadline_is_not_begun
            many_that_wait_for_the_rate_limit_are_spread
            a_try_under_way_ends_at_the_deadline
            a_connection_is_for_the_transport_of_the_crate
            limits_reach_the_transport
            each_grant_sends_its_form
            what_a_grant_lacks_is_told_before_anything_is_sent
            a_rotated_refresh_token_is_used_and_handed_over
            a_code_without_a_refresh_token_is_good_for_one_token
            a_grant_that_is_good_once_is_not_sent_twice
            an_odd_token_answer_loses_nothing
            a_sign_in_has_the_limits_of_the_client
            a_wait_for_a_sign_in_ends_with_the_limits_of_the_call
            a_token_without_a_lifetime_is_used_once
            signing_out_forgets_the_token
            a_day_of_calls_with_tokens_of_half_an_hour
            an_export_of_a_day_with_tokens_of_half_an_hour
            each_attempt_is_told
        }
    };
}

mod blocking;
#[cfg(feature = "async")]
mod nonblocking;
