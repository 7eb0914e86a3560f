//! What the sandbox does with 100,000 contacts: the time of each kind of call, next to the same with 1,000, and what a
//! contact takes in memory.
//!
//! `cargo bench --bench sandbox`
//!
//! A time is the median of single calls, in CPU time of the calling thread. It includes the client, so that it is what a
//! test of yours would wait. Memory is by how much the resident set of the process (`VmRSS` in `/proc/self/status`, Linux only) grew
//! from the empty sandbox to the full one, by the number of contacts; half of these contacts are of an organization.

#[path = "common/clock.rs"]
mod clock;

use std::fs;
use std::hint::black_box;

use clock::of_this_thread as cpu;
use genesys_external_contacts::sandbox::Sandbox;
use genesys_external_contacts::{Client, ContactSort, ExternalContact};

const FEW: usize = 1_000;
const MANY: usize = 100_000;

/// Bytes that are in memory, where the system says so.
fn resident() -> Option<usize> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<usize>().ok()? * 1024)
}

struct Filled {
    client: Client,
    sandbox: Sandbox,
    ids: Vec<String>,
}

impl Filled {
    fn with(count: usize) -> Self {
        let sandbox = Sandbox::builder().calls_per_minute(None).build();
        let before = resident();
        let start = cpu();
        let ids = sandbox.generate_contacts(count);
        let seconds = (cpu() - start).as_secs_f64();
        // The ids that were handed out are not the sandbox's.
        let handed_out: usize = ids.iter().map(|id| id.capacity() + size_of::<String>()).sum();
        let memory = match (before, resident()) {
            (Some(before), Some(after)) => {
                format!("{} bytes each in memory", (after.saturating_sub(before + handed_out)) / count)
            }
            _ => "memory unknown".to_owned(),
        };
        println!("{count} contacts: generated in {seconds:.1} s, {memory}");
        Self { client: sandbox.client(), sandbox, ids }
    }

    /// The median in milliseconds.
    fn time(&self, call: &dyn Fn(&Self, usize)) -> f64 {
        let mut times: Vec<_> = (0..31)
            .map(|round| {
                let start = cpu();
                call(self, round);
                (cpu() - start).as_secs_f64() * 1e3
            })
            .collect();
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    }

    /// Any id, and another one each time.
    fn id(&self, round: usize) -> &str {
        &self.ids[round * 7_919 % self.ids.len()]
    }
}

fn contact(round: usize) -> ExternalContact {
    let name = format!("Lovelace{round}");
    ExternalContact::default()
        .with_first_name("Ada")
        .with_last_name(&*name)
        .with_work_email(format!("{name}@example.com"))
}

type Call = (&'static str, fn(&Filled, usize));

const CALLS: &[Call] = &[
    ("search, q finds one", |filled, round| {
        let found = filled.client.contacts().search().q(format!("{}@example.com", round * 31)).send().unwrap();
        assert!(found.total.is_some());
        black_box(found);
    }),
    ("search, q finds one in fifty", |filled, _| {
        let found = filled.client.contacts().search().q("wilson").send().unwrap();
        assert!(found.total > Some(10));
        black_box(found);
    }),
    ("search, q finds all", |filled, _| {
        let found = filled.client.contacts().search().q("example").send().unwrap();
        assert!(found.total >= Some(filled.ids.len() as i64));
        black_box(found);
    }),
    ("search, all sorted by last name", |filled, _| {
        black_box(filled.client.contacts().search().sort(ContactSort::LastName.asc()).send().unwrap());
    }),
    ("search, sorted, page 10 of 100", |filled, _| {
        let search = filled.client.contacts().search().sort(ContactSort::LastName.desc());
        assert_eq!(search.page_size(100).page_number(10).send().unwrap().entities.map(|found| found.len()), Some(100));
    }),
    ("search, page 10 of 100", |filled, _| {
        let found = filled.client.contacts().search().page_size(100).page_number(10).send().unwrap();
        assert_eq!(found.entities.map(|found| found.len()), Some(100));
    }),
    ("get", |filled, round| {
        black_box(filled.client.contacts().get(filled.id(round)).send().unwrap());
    }),
    ("reverse white pages lookup", |filled, round| {
        let contact = filled.client.contacts().get(filled.id(round)).send().unwrap();
        let found = filled.client.reverse_white_pages_lookup(contact.work_email.unwrap()).send().unwrap();
        assert_eq!(found.contacts.map(|found| found.len()), Some(1));
    }),
    ("contacts of an organization", |filled, _| {
        let organization =
            filled.client.organizations().search().page_size(1).send().unwrap().entities.unwrap().remove(0);
        black_box(filled.client.organizations().contacts(organization.id.unwrap()).search().send().unwrap());
    }),
    ("create", |filled, round| {
        black_box(filled.client.contacts().create(contact(round)).send().unwrap());
    }),
    ("update", |filled, round| {
        black_box(filled.client.contacts().update(filled.id(round), contact(round)).send().unwrap());
    }),
    ("delete", |filled, round| {
        filled.client.contacts().delete(filled.id(round)).send().unwrap();
    }),
    ("snapshot", |filled, _| drop(black_box(filled.sandbox.snapshot()))),
];

fn main() {
    // The first sandbox pays for what is loaded once, such as the tables of phone numbers.
    Sandbox::new().generate_contacts(100);
    let many = Filled::with(MANY);
    let few = Filled::with(FEW);
    println!("\n{:<34} {:>10} {:>10}", "CPU time in ms, contacts:", FEW, MANY);
    for (name, call) in CALLS {
        println!("{name:<34} {:>10.3} {:>10.3}", few.time(call), many.time(call));
    }
}
