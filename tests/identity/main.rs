//! Who somebody is, and changing only what is meant: identifiers, patches, enrichments and merges, on the sandbox and on its
//! clock.
//!
//! `cases.rs` is compiled twice, as the cases of `tests/parity/` are. `patches.rs` compares patches with a plain model of their
//! six actions, `races.rs` has several do the same at the same time.

// On purpose, see above.
#![allow(clippy::duplicate_mod)]

mod patches;
mod races;
#[path = "../support/mod.rs"]
mod support;

macro_rules! each_case {
    ($run:ident) => {
        $run! {
            a_patch_that_can_not_be_right_is_refused
            a_patch_is_checked_by_the_model
            a_patch_is_repeated_unless_it_appends
            the_status_tells_what_an_enrichment_did
            only_what_is_idempotent_is_repeated
            an_upsert_puts_the_identifier_into_the_record
            an_upsert_that_can_not_be_repeated_is_refused
            an_upsert_leaves_other_fields_alone
            upserts_can_be_repeated
            found_created_and_several_are_told_apart
            an_organization_is_found_or_created
            a_search_without_an_end_is_no_end
            ids_of_organizations_are_looked_up_once
            upserts_in_bulk_come_in_the_order_of_the_input
            two_upserts_of_one_identifier_never_travel_together
            upserts_in_bulk_are_sent_again
            upserts_that_can_not_be_sent_are_told
            enrichments_in_bulk_are_told_apart
            a_merge_that_can_not_be_is_refused
            settings_are_set_and_reset
        }
    };
}

mod blocking;
#[cfg(feature = "async")]
mod nonblocking;
