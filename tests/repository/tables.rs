//! The tables that are made from the facts and from what is done. A plain run compares them, `BLESS=1` writes them.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::{env, fs};

use serde_json::Value;

use crate::facts::{FACTS, Needs, Operation};
use crate::ledger::{Done, camel, done};
use crate::{none, read, root};

const START: &str = "<!-- operations: BLESS=1 cargo test --test repository -->";
const END: &str = "<!-- /operations -->";

#[test]
fn the_tables_are_up_to_date() {
    let done = done();
    let mut problems = Vec::new();
    let mut compare = |path: &str, wanted: String| {
        let found = fs::read_to_string(root().join(path)).unwrap_or_default();
        if found == wanted {
            return;
        }
        if env::var_os("BLESS").is_some() {
            // Tests that read the file at the same time see the old one or the new one.
            let new = root().join(format!("{path}.new"));
            fs::write(&new, wanted).unwrap();
            fs::rename(new, root().join(path)).unwrap();
            return;
        }
        let line = found.lines().zip(wanted.lines()).position(|(found, wanted)| found != wanted);
        let line = line.unwrap_or_else(|| found.lines().count().min(wanted.lines().count()));
        let text = wanted.lines().nth(line).unwrap_or("its end");
        problems.push(format!("{path}:{}: should be {text:?}. BLESS=1 cargo test --test repository", line + 1));
    };
    compare("tests/facts/coverage.md", coverage(&done));
    compare("docs/operations.md", between("docs/operations.md", "", &operations(&done)));
    compare("docs/from_the_official_sdks.md", between("docs/from_the_official_sdks.md", "", &official_names(&done)));
    compare("README.md", between("README.md", "", &readme(&done)));
    compare("src/lib.rs", between("src/lib.rs", "//! ", &crate_page(&done)));
    none(problems);
}

/// The file with other lines between the markers.
fn between(path: &str, prefix: &str, lines: &str) -> String {
    let text = read(path);
    let (start, end) = (format!("{prefix}{START}\n"), format!("{prefix}{END}\n"));
    let parts = text.split_once(&start).and_then(|(before, rest)| Some((before, rest.split_once(&end)?.1)));
    let (before, after) = parts.unwrap_or_else(|| panic!("{path}: no lines {start}{end}"));
    let lines: String = lines.lines().map(|line| format!("{}\n", format!("{prefix}{line}").trim_end())).collect();
    let blank = format!("{}\n", prefix.trim_end());
    format!("{before}{start}{blank}{lines}{blank}{end}{after}")
}

fn coverage(done: &[Done]) -> String {
    let recorded = recorded();
    let not_recorded = FACTS.operations.iter().filter(|facts| !recorded.contains(&facts.id));
    let not_recorded: Vec<_> = not_recorded.map(|facts| format!("`{}`", facts.id)).collect();
    let count = done.len();
    let all = FACTS.operations.len();
    let mut text = format!(
        "# Coverage\n\n{count} of {all} operations are done, {} are to do.\n\n\
         `BLESS=1 cargo test --test repository` writes this file. An operation is done when it has an arm in\n\
         `tests/wire/cases/`; `tests/wire/` fails if what it ran is something else.\n\n\
         None of the recorded clients has these, so `tests/wire/` (`each_row_is_sent_as_recorded`) sends what `facts.json`\n\
         describes: {}.\n\n\
         | operation | method | path | in Rust |\n|---|---|---|---|\n",
        all - count,
        not_recorded.join(", ")
    );
    for Operation { id, method, path, .. } in &FACTS.operations {
        let rust = done.iter().find(|done| done.facts.id == *id);
        let rust = rust.map_or_else(|| "to do".to_owned(), |done| format!("`{}`", done.case.chain()));
        writeln!(text, "| `{id}` | {method} | `{path}` | {rust} |").unwrap();
    }
    text
}

/// The operations that an official SDK has, and was recorded to send.
fn recorded() -> BTreeSet<String> {
    let rows = ["tests/facts/seed.jsonl", "tests/facts/rest.jsonl"].map(read).concat();
    let rows = rows.lines().map(|row| serde_json::from_str::<Value>(row).unwrap());
    rows.map(|row| row["op"].as_str().unwrap().to_owned()).collect()
}

/// The operations of each resource, in the order in which the first of them comes. Resources that are reached through another
/// one, such as the notes of contacts, follow it.
fn resources(done: &[Done]) -> Vec<(&str, Vec<&Done>)> {
    let mut found: Vec<(&str, Vec<&Done>)> = Vec::new();
    for operation in done {
        let resource = operation.case.resource.as_str();
        match found.iter_mut().find(|(name, _)| *name == resource) {
            Some((_, operations)) => operations.push(operation),
            None => found.push((resource, vec![operation])),
        }
    }
    let entrance = |resource: &str| resource.split_inclusive("()").next().unwrap_or(resource).to_owned();
    let entrances: Vec<_> = found.iter().map(|(resource, _)| entrance(resource)).collect();
    found.sort_by_key(|(resource, _)| entrances.iter().position(|other| *other == entrance(resource)));
    found
}

fn operations(done: &[Done]) -> String {
    let mut text = String::new();
    for (resource, operations) in resources(done) {
        let break_before = if text.is_empty() { "" } else { "\n" };
        writeln!(text, "{break_before}## `{resource}`\n\n| method | route | permissions |\n|---|---|---|").unwrap();
        for Done { facts, case, owner } in operations {
            let (chain, method) = (case.chain(), &case.method);
            writeln!(text, "| [`{chain}`]({owner}::{method}) | `{}` | {} |", facts.route(), permissions(facts))
                .unwrap();
        }
    }
    text
}

fn permissions(facts: &Operation) -> String {
    let (needs, names) = facts.needs();
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    let names_text = names.join(", ");
    match (needs, names.len()) {
        (_, 1) => names_text,
        (Needs::Any, _) => format!("any of {names_text}"),
        (Needs::All, _) => format!("all of {names_text}"),
    }
}

fn official_names(done: &[Done]) -> String {
    let recorded = recorded();
    let mut text = "| Ruby, Python | Swift, JavaScript | here |\n|---|---|---|\n".to_owned();
    for Done { facts, case, .. } in done.iter().filter(|done| recorded.contains(&done.facts.id)) {
        writeln!(text, "| `{}` | `{}` | `{}` |", facts.id, camel(&facts.id), case.chain()).unwrap();
    }
    text
}

fn methods(operations: &[&Done]) -> String {
    let names: Vec<_> = operations.iter().map(|done| done.case.method.as_str()).collect();
    names.join(", ")
}

fn readme(done: &[Done]) -> String {
    let mut text = "| resource | operations |\n|---|---|\n".to_owned();
    for (resource, operations) in resources(done) {
        writeln!(text, "| `{resource}` | {} |", methods(&operations)).unwrap();
    }
    let (count, all) = (done.len(), FACTS.operations.len());
    writeln!(text, "\nThese are {count} of the API's {all} operations. `tests/facts/coverage.md` lists them all.")
        .unwrap();
    text
}

/// A link leads to the page of the resource.
fn crate_page(done: &[Done]) -> String {
    let mut text = "| resource | operations |\n|---|---|\n".to_owned();
    for (resource, operations) in resources(done) {
        let owner = operations[0].owner.trim_start_matches("crate::");
        writeln!(text, "| [`{resource}`]({owner}) | {} |", methods(&operations)).unwrap();
    }
    text
}
