//! What the crate puts on the wire, against what the service's own clients were recorded to send.
//!
//! `tests/facts/seed.jsonl` and `rest.jsonl` have two rows for each operation: with what it needs, and with all that it can be
//! given. What nobody recorded has rows made from the facts. The arms of `cases/` make the call of a row; they are compiled
//! for both flavours. Rows of operations that have no arm wait for it: `tests/facts/coverage.md` says which have one.

// On purpose, see above.
#![allow(clippy::duplicate_mod)]

mod blocking;
#[path = "../support/facts.rs"]
mod facts;
#[cfg(feature = "async")]
mod nonblocking;
mod row;
mod sample;
#[path = "../support/mod.rs"]
mod support;

use std::collections::{BTreeMap, BTreeSet};

use facts::FACTS;

#[test]
fn every_operation_has_its_rows() {
    let rows = row::all();
    let mut sets: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for row in &rows {
        assert!(sets.entry(row.op()).or_default().insert(row.set()), "{row}: is there twice");
    }
    let all: BTreeSet<&str> = FACTS.operations.iter().map(|operation| operation.id.as_str()).collect();
    assert_eq!(sets.keys().copied().collect::<BTreeSet<_>>(), all);
    for (op, sets) in sets {
        assert_eq!(sets, ["full", "required"].into(), "{op}");
    }
}

/// So that no optional parameter goes untested.
#[test]
fn a_full_row_gives_every_parameter() {
    for row in row::all().iter().filter(|row| row.set() == "full") {
        let facts = row.facts();
        let query: Vec<_> = facts.query.iter().map(|parameter| parameter.name.clone()).collect();
        let sorted = |mut names: Vec<String>| {
            names.sort();
            names
        };
        assert_eq!(sorted(row.given("query")), sorted(query), "{row}");
        assert_eq!(sorted(row.given("path")), sorted(facts.path_params.clone()), "{row}");
        assert_eq!(row.has_body(), facts.body.is_some(), "{row}");
    }
}

/// What the rows of operations that have no arm yet will be answered with.
#[test]
fn every_row_has_an_answer() {
    for row in row::all() {
        row.script();
    }
}

/// Bulk bodies, which the crate makes of a list of records.
#[test]
fn a_body_can_be_taken_apart() {
    let rows = row::all();
    let row = rows.iter().find(|row| row.op() == "post_externalcontacts_bulk_contacts").unwrap();
    let mut args = row.args();
    assert_eq!(args.entity_ids(), ["44444444-4444-4444-4444-444444444444"]);
    args.check_used(row);
}
