//! Two clients that do the same at the same time, with answers that are lost.
//!
//! A short form runs with the other tests. The long one, which prints its table:
//! `RACES=10000 cargo test --release --all-features --test identity races -- --nocapture`

use std::sync::Barrier;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use genesys_external_contacts::sandbox::Sandbox;
use genesys_external_contacts::{Client, Error, ExternalContact, FoundOrCreated, Identifier};

/// How often each race is run.
fn races() -> u64 {
    std::env::var("RACES").ok().and_then(|races| races.parse().ok()).unwrap_or(50)
}

/// A generator of numbers that is the same in each run.
struct Chance(u64);

impl Chance {
    fn one_in(&mut self, count: u64) -> bool {
        // Knuth's numbers for a linear congruential generator.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33).is_multiple_of(count)
    }
}

/// What came of the races of one kind.
#[derive(Debug, Default, PartialEq)]
struct Tally {
    races: u64,
    /// Contacts that are there more than once.
    duplicates: u64,
    /// Changes that were reported as done and are not there.
    lost_changes: u64,
    /// Calls that ended with an error.
    errors: u64,
}

/// Loses some of the answers to come: the request is applied, and nobody learns of it.
fn lose_answers(sandbox: &Sandbox, chance: &mut Chance) {
    sandbox.behave();
    for method in ["POST", "PUT", "PATCH", "GET"] {
        if chance.one_in(2) {
            sandbox.next_calls(1).matching(method, "/api/*").after_applying().reset();
        }
    }
}

/// Both run `work` at the same time, each with a client of its own.
fn both<T: Send>(sandbox: &Sandbox, work: impl Fn(Client, usize) -> T + Sync) -> Vec<T> {
    let start = Barrier::new(2);
    thread::scope(|scope| {
        let run = |side| {
            let (start, work, client) = (&start, &work, sandbox.client());
            scope.spawn(move || {
                start.wait();
                work(client, side)
            })
        };
        let sides = [0, 1].map(run);
        sides.map(|side| side.join().unwrap()).into_iter().collect()
    })
}

fn email(race: u64) -> String {
    format!("{race}@example.com")
}

fn contact(race: u64) -> ExternalContact {
    ExternalContact::default().with_last_name("Lovelace").with_work_email(email(race))
}

/// What a search for the address finds.
fn found(sandbox: &Sandbox, race: u64) -> Vec<ExternalContact> {
    sandbox.behave();
    let found = sandbox.client().contacts().search().q(email(race)).send().unwrap();
    let found = found.entities.unwrap_or_default().into_iter();
    found.filter(|contact| contact.work_email == Some(email(race))).collect()
}

/// Both find or create the same contact.
fn race_to_create(create: impl Fn(&Client, u64) -> Result<(), Error> + Sync) -> Tally {
    let sandbox = Sandbox::builder().calls_per_minute(None).build();
    let mut chance = Chance(7);
    let mut tally = Tally { races: races(), ..Tally::default() };
    for race in 0..tally.races {
        lose_answers(&sandbox, &mut chance);
        let results = both(&sandbox, |client, _| create(&client, race));
        tally.errors += results.iter().filter(|result| result.is_err()).count() as u64;
        tally.duplicates += (found(&sandbox, race).len() as u64).saturating_sub(1);
        // Each search looks at all contacts: the next race needs none of them.
        for contact in found(&sandbox, race) {
            sandbox.client().contacts().delete(contact.id.unwrap()).send().unwrap();
        }
    }
    tally
}

/// One sets the title, the other the salutation.
fn race_to_change(change: impl Fn(&Client, &str, usize) -> Result<(), Error> + Sync) -> Tally {
    let sandbox = Sandbox::builder().calls_per_minute(None).build();
    let mut chance = Chance(7);
    let mut tally = Tally { races: races(), ..Tally::default() };
    let client = sandbox.client();
    for race in 0..tally.races {
        let id = client.contacts().create(contact(race)).send().unwrap().id.unwrap();
        lose_answers(&sandbox, &mut chance);
        let results = both(&sandbox, |client, side| change(&client, &id, side));
        sandbox.behave();
        let now = client.contacts().get(&id).send().unwrap();
        for (result, field) in results.iter().zip([now.title, now.salutation]) {
            tally.errors += u64::from(result.is_err());
            tally.lost_changes += u64::from(result.is_ok() && field.is_none());
        }
        client.contacts().delete(&id).send().unwrap();
    }
    tally
}

fn print(what: &str, tally: &Tally) {
    let Tally { races, duplicates, lost_changes, errors } = tally;
    println!("| {what} | {races} | {duplicates} | {lost_changes} | {errors} |");
}

#[test]
fn nothing_is_there_twice_and_no_change_is_lost() {
    println!("| two at the same time | races | duplicates | lost changes | calls that failed |");
    println!("|---|---|---|---|---|");

    let find_or_create = race_to_create(|client, race| {
        let found = client.contacts().find_or_create(Identifier::email(email(race)), contact(race))?;
        assert!(!matches!(found, FoundOrCreated::Several(_)), "{found:?}");
        Ok(())
    });
    print("`find_or_create`", &find_or_create);
    let upsert = race_to_create(|client, race| {
        client.contacts().upsert_by(Identifier::email(email(race)), contact(race)).send().map(drop)
    });
    print("`upsert_by`", &upsert);
    let search_and_create = race_to_create(|client, race| {
        let found = client.contacts().search().q(email(race)).send()?;
        if found.total == Some(0) {
            // Who gets an error and knows no better tries it again.
            client
                .contacts()
                .create(contact(race))
                .send()
                .or_else(|_| client.contacts().create(contact(race)).send())?;
        }
        Ok(())
    });
    print("`search`, then `create`", &search_and_create);

    let patch = race_to_change(|client, id, side| {
        let field = ["title", "salutation"][side];
        client.contacts().patch(id).set(field, "x").send().map(drop)
    });
    print("`patch`", &patch);
    let met = AtomicU64::new(0);
    let update = race_to_change(|client, id, side| {
        let mut contact = client.contacts().get(id).send()?;
        // Both have read before one of them writes, at least now and then.
        met.fetch_add(1, Ordering::SeqCst);
        for _ in 0..1000 {
            if met.load(Ordering::SeqCst).is_multiple_of(2) {
                break;
            }
            thread::yield_now();
        }
        if side == 0 {
            contact.title = Some("x".to_owned());
        } else {
            contact.salutation = Some("x".to_owned());
        }
        client.contacts().update(id, contact).send().map(drop)
    });
    print("`get`, then `update`", &update);

    for (what, tally) in [("find_or_create", &find_or_create), ("upsert_by", &upsert), ("patch", &patch)] {
        assert_eq!(*tally, Tally { races: races(), ..Tally::default() }, "{what}");
    }
}
