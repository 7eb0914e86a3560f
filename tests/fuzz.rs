//! The fuzz targets in `fuzz/`, over every input that was found so far and a bounded number of random ones.
//!
//! `FUZZ_RUNS=1000000 cargo test --release --all-features --test fuzz` takes longer, and needs no nightly compiler. An input
//! that fails is printed: it belongs into `fuzz/corpus/<target>/`.

#[path = "../fuzz/targets.rs"]
mod targets;

use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;

use proptest::prelude::Rng;
use proptest::test_runner::{RngAlgorithm, TestRng};

/// What bodies, headers, URLs and requests are made of.
const WORDS: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "\"",
    ":",
    ",",
    "null",
    "true",
    "-1",
    "1e999",
    "18446744073709551616",
    "\\u0000",
    "\\ud800",
    "entities",
    "createDate",
    "9999-12-31T23:59:59.999-01:00",
    "0000-01-01",
    "2016-12-31T23:59:60Z",
    "retry-after:",
    "inin-ratelimit-count:",
    "inin-ratelimit-allowed:",
    "inin-ratelimit-reset:",
    "date:",
    "\n",
    "300",
    "9999999999999",
    "https://",
    "http://",
    "@",
    "#",
    "?",
    "/..",
    "%2e",
    ":99999",
    "[::1]",
    ".evil.com",
    "xn--",
    "GET\n",
    "POST\n",
    "/api/v2/externalcontacts/contacts",
    "/api/v2/externalcontacts/scan/contacts?cursor=",
    "&limit=",
    "pageSize=",
    "\u{0}",
    "\u{ff}",
    "é",
    " ",
];

fn inputs(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut files: Vec<_> = fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty(), "{} is empty", folder.display());
    files.into_iter().map(|file| fs::read(file).unwrap()).collect()
}

fn below(rng: &mut TestRng, end: usize) -> usize {
    // The remainder is even enough here.
    (rng.next_u64() % (end.max(1) as u64)) as usize
}

/// An input of the corpus with a few changes.
fn changed(rng: &mut TestRng, corpus: &[Vec<u8>]) -> Vec<u8> {
    let mut input = corpus[below(rng, corpus.len())].clone();
    for _ in 0..=below(rng, 4) {
        let at = below(rng, input.len() + 1);
        match below(rng, 5) {
            0 => input.truncate(at),
            1 => input.splice(at..at, WORDS[below(rng, WORDS.len())].bytes()).for_each(drop),
            2 => input.insert(at, rng.next_u32() as u8),
            3 if at < input.len() => input[at] = rng.next_u32() as u8,
            _ => {
                let other = &corpus[below(rng, corpus.len())];
                input.truncate(at);
                input.extend_from_slice(&other[below(rng, other.len() + 1)..]);
            }
        }
    }
    input
}

fn run(name: &str) {
    let target = targets::ALL.iter().find(|(target, _)| *target == name).unwrap().1;
    let corpus = inputs(name);
    let runs = std::env::var("FUZZ_RUNS").map_or(1000, |runs| runs.parse().unwrap());
    let mut rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let random = std::iter::repeat_with(|| changed(&mut rng, &corpus)).take(runs);
    for input in corpus.iter().cloned().chain(random) {
        let result = panic::catch_unwind(AssertUnwindSafe(|| target(&input)));
        assert!(result.is_ok(), "{name} fails for {:?}", input.escape_ascii().to_string());
    }
}

#[test]
fn bodies() {
    run("decode");
}

#[test]
fn headers() {
    run("headers");
}

#[test]
fn urls() {
    run("urls");
}

#[test]
fn requests_to_the_sandbox() {
    run("sandbox");
}

#[test]
fn cursors() {
    run("cursors");
}

/// Every folder of the corpus is somebody's.
#[test]
fn the_corpus_is_run() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    let mut folders: Vec<_> = fs::read_dir(folder).unwrap().map(|folder| folder.unwrap().file_name()).collect();
    let mut targets: Vec<_> = targets::ALL.iter().map(|(name, _)| std::ffi::OsString::from(name)).collect();
    folders.sort();
    targets.sort();
    assert_eq!(folders, targets);
}
