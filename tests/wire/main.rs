//! What the crate puts on the wire, against what the service's own clients were recorded to send.
//!
//! `tests/facts/seed.jsonl` has two rows for each operation: with what it needs, and with all that it can be given. One
//! `match` in `cases.rs` makes the call of a row; it is compiled for both flavours, as the cases of `tests/parity/` are.

// On purpose, see above.
#![allow(clippy::duplicate_mod)]

mod blocking;
#[cfg(feature = "async")]
mod nonblocking;
mod row;
#[path = "../support/mod.rs"]
mod support;

use std::collections::{BTreeMap, BTreeSet};

#[test]
fn the_rows_are_all_there() {
    let rows = row::all();
    assert_eq!(rows.len(), 86);
    let mut sets: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for row in &rows {
        assert!(sets.entry(row.op()).or_default().insert(row.set()), "{row}: is there twice");
    }
    assert_eq!(sets.len(), 43);
    for (op, sets) in sets {
        assert_eq!(sets, ["full", "required"].into(), "{op}");
    }
}

/// So that no optional parameter goes untested.
#[test]
fn a_full_row_gives_every_parameter() {
    for row in row::all().iter().filter(|row| row.set() == "full") {
        let facts = row.facts();
        let described = |list: &str| -> BTreeSet<String> {
            let names = facts[list].as_array().unwrap().iter();
            names.map(|entry| entry.get("name").unwrap_or(entry).as_str().unwrap().to_owned()).collect()
        };
        let given = |list: &str| -> BTreeSet<String> { row.given(list).into_iter().collect() };
        assert_eq!(given("query"), described("query"), "{row}");
        assert_eq!(given("path"), described("path_params"), "{row}");
        assert_eq!(row.has_body(), facts.get("body").is_some_and(|body| !body.is_null()), "{row}");
    }
}
