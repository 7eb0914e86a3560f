//! How many records a request carries, and how long that takes at the service's 300 requests a minute: one by one, and in bulk.
//!
//! `cargo bench --bench requests` prints the table for 10,000 contacts, `-- 100000` for as many. It runs on the sandbox and on its
//! virtual clock, where an answer takes no time: what is counted is what the rate limit allows. Requests and minutes are the
//! same on every machine.
//!
//! "used" is the least share of the allowed requests that was used in any minute but the last.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use genesys_external_contacts::sandbox::Sandbox;
use genesys_external_contacts::{Client, ClientBuilder, ExternalContact, ExternalOrganization, RetryPolicy};
use std::sync::{Arc, Mutex};

/// How many organizations the contacts belong to.
const ORGANIZATIONS: usize = 1_000;

fn contact(number: usize, organization: &str) -> ExternalContact {
    ExternalContact::default()
        .with_first_name("Ada")
        .with_last_name(format!("Lovelace {number}"))
        .with_work_email(format!("ada-{number}@example.com"))
        .with_external_organization(ExternalOrganization::reference(organization))
}

/// What was sent, on the sandbox's clock.
#[derive(Default)]
struct Counted {
    began: Option<Instant>,
    minutes: BTreeMap<u64, u32>,
    refused: u32,
}

struct Bench {
    sandbox: Sandbox,
    client: Client,
    counted: Arc<Mutex<Counted>>,
}

impl Bench {
    fn new() -> Self {
        let sandbox = Sandbox::new();
        let counted = Arc::<Mutex<Counted>>::default();
        let (shared, clock) = (Arc::clone(&counted), sandbox.clone());
        let mut policy = RetryPolicy::default();
        // Windows begin with the first request in them, so that a second more or less says nothing.
        policy.jitter = false;
        let builder: ClientBuilder = sandbox.client_builder().retry(policy);
        let client = builder
            .client_credentials(Sandbox::CLIENT_ID, Sandbox::CLIENT_SECRET)
            .on_attempt(move |attempt| {
                let mut counted = shared.lock().unwrap();
                let now = clock.now();
                let began = *counted.began.get_or_insert(now);
                *counted.minutes.entry((now - began).as_secs() / 60).or_default() += 1;
                counted.refused += u32::from(attempt.status.is_some_and(|status| status == 429));
            })
            .build()
            .unwrap();
        Self { sandbox, client, counted }
    }

    /// Runs work from the beginning of a window on, and prints what it took.
    fn measure(&self, what: &str, how: &str, records: usize, work: impl FnOnce(&Client)) {
        self.sandbox.advance(Duration::from_secs(120));
        *self.counted.lock().unwrap() = Counted::default();
        let (began, real) = (self.sandbox.now(), Instant::now());
        work(&self.client);
        let took = self.sandbox.now() - began;
        let counted = self.counted.lock().unwrap();
        let requests: u32 = counted.minutes.values().sum();
        let last = counted.minutes.keys().next_back().copied().unwrap_or_default();
        let used = (0..last).map(|minute| counted.minutes.get(&minute).copied().unwrap_or_default()).min();
        let used = used.map_or_else(|| "-".to_owned(), |used| format!("{:.0} %", f64::from(used) / 3.0));
        println!(
            "| {what} | {how} | {requests} | {:.1} | {:.1} | {used} | {} | {:.1} |",
            records as f64 / f64::from(requests),
            took.as_secs_f64() / 60.0,
            counted.refused,
            real.elapsed().as_secs_f64(),
        );
    }
}

fn table(records: usize) {
    println!("\n{records} contacts of {ORGANIZATIONS} organizations\n");
    println!("| what | how | requests | records a request | minutes | used | 429 | real seconds |");
    println!("|---|---|--:|--:|--:|--:|--:|--:|");
    let bench = Bench::new();
    let organizations =
        (0..ORGANIZATIONS).map(|number| ExternalOrganization::default().with_name(format!("Acme {number}")));
    let organizations = bench.client.organizations().bulk().add(organizations).outcomes();
    let organizations: Vec<_> = organizations.map(|outcome| outcome.result.unwrap().id.unwrap()).collect();
    let contact = |number: usize| contact(number, &organizations[number.wrapping_mul(7919) % ORGANIZATIONS]);
    let contacts = || (0..records).map(contact);

    let mut ids = Vec::new();
    bench.measure("import", "one by one", records, |client| {
        ids = contacts().map(|contact| client.contacts().create(contact).send().unwrap().id.unwrap()).collect();
    });
    bench.measure("fetch", "one by one", records, |client| {
        ids.iter().for_each(|id| drop(client.contacts().get(id).send().unwrap()));
    });
    bench.measure("update", "one by one", records, |client| {
        ids.iter()
            .zip(contacts())
            .for_each(|(id, contact)| drop(client.contacts().update(id, contact).send().unwrap()));
    });
    bench.measure("export with organizations", "one by one", records, |client| {
        for contact in client.contacts().scan().items() {
            let organization = contact.unwrap().external_organization.unwrap().id.unwrap();
            client.organizations().get(organization).send().unwrap();
        }
    });
    bench.measure("delete", "one by one", records, |client| {
        ids.iter().for_each(|id| client.contacts().delete(id).send().unwrap());
    });

    bench.measure("import", "bulk", records, |client| {
        let outcomes = client.contacts().bulk().add(contacts()).outcomes();
        ids = outcomes.map(|outcome| outcome.result.unwrap().id.unwrap()).collect();
    });
    bench.measure("fetch", "bulk", records, |client| {
        assert_eq!(client.contacts().bulk().fetch(&ids).run().done, records as u64);
    });
    bench.measure("update", "bulk", records, |client| {
        let changed = ids.iter().zip(contacts()).map(|(id, contact)| contact.with_id(&**id));
        assert_eq!(client.contacts().bulk().update(changed).run().done, records as u64);
    });
    bench.measure("export", "scan", records, |client| {
        assert_eq!(client.contacts().scan().items().map(Result::unwrap).count(), records);
    });
    bench.measure("export with organizations", "scan and cache", records, |client| {
        let mut cache = client.organizations().cache();
        for page in client.contacts().scan().pages() {
            let mut contacts = page.unwrap().entities.unwrap_or_default();
            cache.fill_in(&mut contacts).unwrap();
            assert!(contacts.iter().all(|contact| contact.external_organization.as_ref().unwrap().name.is_some()));
        }
    });
    bench.measure("delete", "bulk", records, |client| {
        assert_eq!(client.contacts().bulk().remove(&ids).run().done, records as u64);
    });
}

fn main() {
    let counts: Vec<_> = std::env::args().skip(1).filter_map(|argument| argument.parse().ok()).collect();
    let counts = if counts.is_empty() { vec![10_000] } else { counts };
    counts.into_iter().for_each(table);
}
