//! One table: this crate next to the same written by hand. All sides take turns in one run; what counts is the median
//! of the ratios, because a machine that is busy with something else is busy for both.
//!
//! ```text
//! cargo bench --bench table --features reqwest              # everything but building; some minutes
//! cargo bench --bench table -- list get                     # only what has one of these words in its name
//! cargo bench --bench table -- --instructions               # of a get and of a create, counted by callgrind
//! cargo bench --bench table -- --build                      # clean builds, crates, sizes; many minutes
//! ```
//!
//! Memory is read from `/proc`, so this runs on Linux.

mod common;
mod table {
    pub mod building;
    pub mod instructions;
    pub mod prefetch;
    pub mod process;
}

use std::time::{Duration, Instant};

use common::cases::{self, Case};
use table::{building, instructions, prefetch, process};

const ROUNDS: usize = 61;

/// The median, and what is a quarter of the way from either end.
pub struct Spread {
    low: f64,
    median: f64,
    high: f64,
}

impl Spread {
    pub fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let mut values: Vec<_> = values.into_iter().collect();
        values.sort_by(f64::total_cmp);
        let at = |quarter: usize| values[(values.len() - 1) * quarter / 4];
        Self { low: at(1), median: at(2), high: at(3) }
    }
}

#[derive(Clone, Copy)]
pub enum Aim {
    AtLeast(f64),
    AtMost(f64),
}

pub struct Row<'a> {
    pub what: &'a str,
    pub against: &'a str,
    pub unit: &'a str,
    pub ours: f64,
    pub theirs: f64,
    pub ratio: Spread,
    /// The ratio of the time that passed, where the ratio is that of CPU time.
    pub wall: Option<f64>,
    pub aim: Option<Aim>,
}

impl Row<'_> {
    pub fn print(self) {
        let Self { what, against, unit, ours, theirs, ratio, wall, aim } = self;
        let wall = wall.map_or(String::new(), |wall| format!("{wall:.2}"));
        let (aim, met) = match aim {
            None => (String::new(), ""),
            Some(Aim::AtLeast(aim)) => (format!("≥ {aim}"), if ratio.median >= aim { "met" } else { "MISSED" }),
            Some(Aim::AtMost(aim)) => (format!("≤ {aim}"), if ratio.median <= aim { "met" } else { "MISSED" }),
        };
        let Spread { low, median, high } = ratio;
        println!(
            "| {what:<35} | {against:<28} | {ours:>9.1} | {theirs:>9.1} | {unit:<3} | {median:>5.2} | \
             {low:>4.2} to {high:<4.2} | {wall:>4} | {aim:<6} | {met:<6} |"
        );
    }
}

fn head() {
    println!(
        "| {:<35} | {:<28} | {:>9} | {:>9} | {:<3} | {:>5} | {:<12} | {:>4} | {:<6} | {:<6} |",
        "what", "against", "crate", "by hand", "", "ratio", "quartiles", "wall", "aim", ""
    );
    println!("|{}|", ["-"; 10].map(|dash| dash.repeat(3)).join("|"));
}

/// CPU time and time passed of one run, in µs.
fn measure(times: u32, run: &mut dyn FnMut()) -> (f64, f64) {
    let (cpu, wall) = (common::cpu(), Instant::now());
    (0..times).for_each(|_| run());
    let each = |time: Duration| time.as_secs_f64() * 1e6 / f64::from(times);
    (each(common::cpu() - cpu), each(wall.elapsed()))
}

fn compare(mut case: Case) {
    // Warms up connections, caches and the allocator.
    for side in &mut case.sides {
        measure(case.times.div_ceil(4), &mut side.run);
    }
    let count = case.sides.len();
    let rounds: Vec<Vec<_>> = (0..ROUNDS)
        .map(|round| {
            let mut results = vec![(0.0, 0.0); count];
            // Whoever comes later may find warmer caches, so they take turns in that, too.
            for turn in 0..count {
                let side = (round + turn) % count;
                results[side] = measure(case.times, &mut case.sides[side].run);
            }
            results
        })
        .collect();
    for (index, side) in case.sides.iter().enumerate().skip(1) {
        let cpu = |of: usize| Spread::of(rounds.iter().map(|round| round[of].0)).median;
        Row {
            what: &case.name,
            against: side.name,
            unit: "µs",
            ours: cpu(0),
            theirs: cpu(index),
            // Of rates: more is better.
            ratio: Spread::of(rounds.iter().map(|round| round[index].0 / round[0].0)),
            wall: Some(Spread::of(rounds.iter().map(|round| round[index].1 / round[0].1)).median),
            aim: side.aim.map(Aim::AtLeast),
        }
        .print();
    }
}

fn main() {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    if let [child, what, side, api] = arguments.as_slice()
        && child == process::CHILD
    {
        if what.contains('/') {
            return instructions::child(what, api);
        }
        return process::child(what, side, api);
    }
    // `cargo test --benches` runs benches without it, and has no use for this one.
    if !arguments.iter().any(|argument| argument == "--bench") {
        return;
    }
    if arguments.iter().any(|argument| argument == "--build") {
        head();
        return building::run();
    }
    let words: Vec<_> = arguments.iter().filter(|argument| !argument.starts_with('-')).collect();
    let is_wanted = |name: &str| words.is_empty() || words.iter().any(|word| name.contains(word.as_str()));

    if arguments.iter().any(|argument| argument == "--instructions") {
        head();
        return instructions::run(is_wanted);
    }

    println!(
        "CPU time of the caller; ratios of rates (≥) say how much more this crate does, ratios of costs (≤) how much"
    );
    println!("more it takes. `wall` is the same ratio of the time that passed, which includes the server.\n");
    head();
    cases::all().into_iter().filter(|case| is_wanted(&case.name)).for_each(compare);
    process::ALL.iter().filter(|what| is_wanted(what.name)).for_each(process::compare);
    if is_wanted("prefetch") {
        prefetch::run();
    }
}
