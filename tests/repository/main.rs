//! What the repository promises of itself: documents, tables, facts and code agree.
//!
//! `BLESS=1 cargo test --test repository` writes the tables that are made from the facts; a plain run compares them.

mod cases;
mod documents;
#[path = "../support/facts.rs"]
mod facts;
mod ledger;
mod source;
mod tables;

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Adds the files below a folder that have one of these extensions, in the order of their names.
fn files(folder: &str, extensions: &[&str], found: &mut Vec<PathBuf>) {
    let mut paths: Vec<_> = fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            files(path.strip_prefix(root()).unwrap().to_str().unwrap(), extensions, found);
        } else if path.extension().is_some_and(|extension| extensions.iter().any(|wanted| extension == *wanted)) {
            found.push(path);
        }
    }
}

/// Fails with all that was found, so that one run shows everything.
fn none(problems: Vec<String>) {
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}
