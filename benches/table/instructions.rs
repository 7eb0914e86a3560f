//! Instructions of a call, counted by `callgrind`: the same each time, whatever else the machine does. The server runs in
//! another process; what the kernel does is not counted. Takes `valgrind`.

use std::process::Command;

use super::super::common::cases::{self, Case};
use super::super::common::server::{self, Manner};
use super::super::{Row, Spread};
use super::process::CHILD;

const FEW: u32 = 20;
const MANY: u32 = 120;

pub fn run(is_wanted: impl Fn(&str) -> bool) {
    let api = format!("http://{}", server::start(Manner::default()));
    for case in wanted(&api).into_iter().filter(|case| is_wanted(&case.name)) {
        let counts: Vec<_> = (0..case.sides.len()).map(|side| each(&case.name, side, &api)).collect();
        for (index, side) in case.sides.iter().enumerate().skip(1) {
            Row {
                what: &case.name,
                against: side.name,
                unit: "k",
                ours: counts[0] / 1e3,
                theirs: counts[index] / 1e3,
                ratio: Spread::of([counts[0] / counts[index]]),
                wall: None,
                aim: None,
            }
            .print();
        }
    }
}

fn wanted(api: &str) -> Vec<Case> {
    cases::blocking(api, api).into_iter().filter(|case| ["get", "create"].contains(&&*case.name)).collect()
}

/// What one more run takes. What starting takes is in both counts, and cancels out.
fn each(case: &str, side: usize, api: &str) -> f64 {
    let count = |times: u32| {
        let what = format!("{case}/{side}/{times}");
        let program = std::env::current_exe().unwrap();
        let mut valgrind = Command::new("valgrind");
        valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(program);
        let output = valgrind.args([CHILD, &what, "", api]).output().expect("valgrind is installed");
        let text = String::from_utf8_lossy(&output.stderr);
        let collected = text.lines().find_map(|line| line.split("Collected : ").nth(1));
        collected.unwrap_or_else(|| panic!("{text}")).trim().parse::<f64>().unwrap()
    };
    (count(MANY) - count(FEW)) / f64::from(MANY - FEW)
}

/// In the process whose instructions are counted.
pub fn child(what: &str, api: &str) {
    let [name, side, times] = what.split('/').collect::<Vec<_>>()[..] else { panic!("no such child: {what}") };
    let mut case = wanted(api).into_iter().find(|case| case.name == name).unwrap();
    let side = &mut case.sides[side.parse::<usize>().unwrap()];
    (0..times.parse::<u32>().unwrap()).for_each(|_| (side.run)());
}
