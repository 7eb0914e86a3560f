//! What a whole process takes: this program starts itself once for each side and turn.

use std::fs;
use std::io::{self, BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};
use serde::Serialize;

use super::super::common::by_hand::{self, Listing, dropping, keeping, page_url};
use super::super::common::cases::client;
use super::super::common::server::{self, Manner};
use super::super::{Aim, Row, Spread};

pub const CHILD: &str = "child";

pub struct Process {
    pub name: &'static str,
    what: &'static str,
    turns: usize,
}

pub const ALL: [Process; 2] = [
    Process { name: "cold start, one get", what: "start", turns: 20 },
    Process { name: "peak memory, export of 100,000", what: "export", turns: 3 },
];

const SIDES: [&str; 3] = ["crate", "by hand, keeping unknown", "by hand, dropping unknown"];
const SEARCHES: usize = 100;

/// What a child tells: CPU time in ms, peak of resident memory in MB; and how long its answer took, in ms.
struct Told {
    cpu: f64,
    memory: f64,
    wall: f64,
}

pub fn compare(process: &Process) {
    let api = format!("http://{}", server::start(Manner { unknown: true, ..Manner::default() }));
    let turns: Vec<_> = (0..process.turns).map(|_| SIDES.map(|side| run(process.what, side, &api))).collect();
    let exports = process.what == "export";
    for index in 1..SIDES.len() {
        let value = |told: &Told| if exports { told.memory } else { told.cpu };
        let median = |of: usize| Spread::of(turns.iter().map(|turn| value(&turn[of]))).median;
        Row {
            what: process.name,
            against: SIDES[index],
            unit: if exports { "MB" } else { "ms" },
            ours: median(0),
            theirs: median(index),
            ratio: Spread::of(turns.iter().map(|turn| value(&turn[0]) / value(&turn[index]))),
            wall: Some(Spread::of(turns.iter().map(|turn| turn[0].wall / turn[index].wall)).median),
            aim: Some(Aim::AtMost(1.1)),
        }
        .print();
    }
}

fn run(what: &str, side: &str, api: &str) -> Told {
    let start = Instant::now();
    let mut command = Command::new(std::env::current_exe().unwrap());
    let mut child = command.args([CHILD, what, side, api]).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let wall = start.elapsed().as_secs_f64() * 1e3;
    assert!(child.wait().unwrap().success());
    let (cpu, memory) = line.trim().split_once(' ').unwrap();
    Told { cpu: cpu.parse().unwrap(), memory: memory.parse().unwrap(), wall }
}

pub fn child(what: &str, side: &str, api: &str) {
    let id = "7c1c0d0e-0000-4000-8000-000000000001";
    let url = format!("{api}/api/v2/externalcontacts/contacts/{id}");
    match (what, SIDES.iter().position(|known| *known == side)) {
        ("start", Some(0)) => drop(client(api).contacts().get(id).send().unwrap()),
        ("start", Some(1)) => drop(by_hand::get::<keeping::Contact>(&by_hand::agent(), &url)),
        ("start", Some(2)) => drop(by_hand::get::<dropping::Contact>(&by_hand::agent(), &url)),
        ("export", Some(0)) => {
            let client = client(api);
            let found = (0..SEARCHES).flat_map(|_| client.contacts().search().items());
            export(found.map(Result::unwrap));
        }
        ("export", Some(1)) => export(contacts::<keeping::Contact>(api)),
        ("export", Some(2)) => export(contacts::<dropping::Contact>(api)),
        _ => panic!("no such child: {what} {side}"),
    }
    let time = clock_gettime(ClockId::ProcessCPUTime);
    let cpu = Duration::new(time.tv_sec.try_into().unwrap(), time.tv_nsec.try_into().unwrap());
    println!("{} {}", cpu.as_secs_f64() * 1e3, peak());
}

fn contacts<T: serde::de::DeserializeOwned>(api: &str) -> impl Iterator<Item = T> {
    let agent = by_hand::agent();
    let pages = (0..SEARCHES).flat_map(|_| 1..=server::PAGES);
    pages.flat_map(move |number| by_hand::get::<Listing<T>>(&agent, &page_url(api, number)).entities)
}

fn export(contacts: impl Iterator<Item = impl Serialize>) {
    let mut count = 0;
    for contact in contacts {
        serde_json::to_writer(io::sink(), &contact).unwrap();
        count += 1;
    }
    assert_eq!(count, 100_000);
}

/// The most memory that this process had resident, in MB.
fn peak() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<f64>().unwrap() / 1024.0
}
