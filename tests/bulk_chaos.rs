//! Many records through a service that misbehaves in every way that it can: lost answers, half answers, 429, 503, results that
//! are shuffled, missing, or failures of single records. Every record has exactly one outcome, every addition that was applied is
//! reported as done or as "may have been applied", and none is sent again that was applied.
//!
//! A short form runs with the other tests. The long one, which prints its figures:
//! `CHAOS_RECORDS=100000 cargo test --release --all-features --test bulk_chaos -- --nocapture`

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use genesys_external_contacts::sandbox::Sandbox;
use genesys_external_contacts::{BulkOutcome, ExternalContact, Limits, TransportError, TransportErrorKind};
use serde_json::Value;

/// Stands before the sandbox, and makes of its answers what a bad day makes of them.
#[derive(Clone)]
struct BadDay {
    sandbox: Sandbox,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    random: u64,
    behaviors: BTreeMap<&'static str, u32>,
}

impl State {
    /// A splitmix step: the same numbers in every run.
    fn random(&mut self, below: u64) -> u64 {
        self.random = self.random.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut number = self.random;
        number = (number ^ (number >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        number = (number ^ (number >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (number ^ (number >> 31)) % below
    }
}

type Answer = Result<http::Response<Vec<u8>>, TransportError>;

fn broken(kind: TransportErrorKind) -> Answer {
    Err(TransportError::new(kind, "a bad day"))
}

fn status(status: u16, body: &str) -> Answer {
    Ok(http::Response::builder().status(status).body(body.as_bytes().to_vec()).unwrap())
}

impl BadDay {
    fn new() -> Self {
        Self { sandbox: Sandbox::builder().calls_per_minute(None).build(), state: Arc::default() }
    }

    fn exchange(&self, request: http::Request<Vec<u8>>) -> Answer {
        if !request.uri().path().contains("/bulk/contacts/") {
            return Ok(self.sandbox.answer(request));
        }
        let body: Value = serde_json::from_slice(request.body()).unwrap();
        let records = body["entities"].as_array().unwrap().len();
        // Held to the end, so that the plans for the records of one request are not taken for those of another.
        let mut state = self.state.lock().unwrap();
        let behavior = match state.random(100) {
            0..4 => "429",
            4..6 => "503",
            6..8 => "reset before",
            8..11 => "reset after",
            11..14 => "half an answer after",
            14..17 => "gateway after",
            17..20 => "timeout after",
            20..40 => "records that fail or have no result",
            _ => "answer",
        };
        *state.behaviors.entry(behavior).or_default() += 1;
        match behavior {
            "429" => return status(429, ""),
            "503" => return status(503, "{}"),
            "reset before" => return broken(TransportErrorKind::Reset),
            "records that fail or have no result" => {
                for _ in 0..records {
                    let next = self.sandbox.next_records(1);
                    match state.random(12) {
                        0 => next.fail(429),
                        1 => next.fail(503),
                        2 => next.after_applying().fail(504),
                        3 => next.leave_out(),
                        4 => next.after_applying().leave_out(),
                        5 => next.fail(409),
                        _ => next.pass(),
                    }
                }
            }
            _ => {}
        }
        let answer = self.sandbox.answer(request);
        match behavior {
            "reset after" => broken(TransportErrorKind::Reset),
            "half an answer after" => status(200, r#"{"results":[{"id":"#),
            "gateway after" => status(502, "<html>"),
            "timeout after" => broken(TransportErrorKind::Timeout),
            _ => Ok(answer),
        }
    }

    /// How often each record is there.
    fn there(&self) -> HashMap<u64, u32> {
        let mut there = HashMap::new();
        for contact in self.sandbox.client().contacts().scan().items() {
            *there.entry(number(&contact.unwrap())).or_default() += 1;
        }
        there
    }
}

impl genesys_external_contacts::Transport for BadDay {
    fn send(&self, request: http::Request<Vec<u8>>, _: Limits) -> Answer {
        self.exchange(request)
    }

    fn sleep_until(&self, deadline: Instant) {
        genesys_external_contacts::Transport::sleep_until(&self.sandbox, deadline);
    }

    fn now(&self) -> Instant {
        self.sandbox.now()
    }
}

#[cfg(feature = "async")]
impl genesys_external_contacts::AsyncTransport for BadDay {
    fn send(
        &self,
        request: http::Request<Vec<u8>>,
        _: Limits,
    ) -> std::pin::Pin<Box<dyn Future<Output = Answer> + Send + '_>> {
        Box::pin(async move { self.exchange(request) })
    }

    fn sleep_until(&self, deadline: Instant) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        genesys_external_contacts::AsyncTransport::sleep_until(&self.sandbox, deadline)
    }

    fn now(&self) -> Instant {
        self.sandbox.now()
    }
}

fn records() -> u64 {
    std::env::var("CHAOS_RECORDS").map_or(3000, |number| number.parse().unwrap())
}

fn contact(number: u64) -> ExternalContact {
    ExternalContact::default().with_title(number.to_string())
}

fn number(contact: &ExternalContact) -> u64 {
    contact.title.as_deref().unwrap().parse().unwrap()
}

/// Holds the outcomes against what is there, one after the other, as they come.
struct Judge<'a> {
    day: &'a BadDay,
    next: u64,
    done: HashMap<u64, String>,
    unclear: Vec<u64>,
    not_applied: Vec<u64>,
}

impl<'a> Judge<'a> {
    fn new(day: &'a BadDay) -> Self {
        Self { day, next: 0, done: HashMap::new(), unclear: Vec::new(), not_applied: Vec::new() }
    }

    fn take(&mut self, outcome: &BulkOutcome<ExternalContact, ExternalContact>) {
        assert_eq!((outcome.index, number(&outcome.input)), (self.next, self.next), "one outcome a record, in order");
        self.next += 1;
        match &outcome.result {
            Ok(contact) => {
                assert_eq!(number(contact), outcome.index, "the result of another record");
                self.done.insert(outcome.index, contact.id.clone().unwrap());
            }
            Err(error) if error.may_have_been_applied() => self.unclear.push(outcome.index),
            Err(_) => self.not_applied.push(outcome.index),
        }
    }

    /// Gives the ids of what is done, in the order of the records.
    fn end(self, name: &str) -> Vec<String> {
        let there = self.day.there();
        assert_eq!(self.next, records());
        let times = |number: &u64| there.get(number).copied().unwrap_or_default();
        assert!(there.values().all(|times| *times == 1), "a record was added twice");
        assert!(self.done.keys().all(|number| times(number) == 1), "what is done is there");
        assert!(self.not_applied.iter().all(|number| times(number) == 0), "what was not applied is not there");
        let unclear_there = self.unclear.iter().filter(|number| times(number) == 1).count();
        assert!(unclear_there > 0 && unclear_there < self.unclear.len(), "the day was too good, or too bad");
        println!(
            "{name}: {} records, {} done, {} may have been applied ({unclear_there} were), {} not applied; {:?}",
            self.next,
            self.done.len(),
            self.unclear.len(),
            self.not_applied.len(),
            self.day.state.lock().unwrap().behaviors,
        );
        let mut done: Vec<_> = self.done.into_iter().collect();
        done.sort();
        done.into_iter().map(|(_, id)| id).collect()
    }
}

#[test]
fn every_record_has_one_outcome_and_none_is_added_twice() {
    for concurrency in [1, 4] {
        let day = BadDay::new();
        let builder = day.sandbox.client_builder().client_credentials(Sandbox::CLIENT_ID, Sandbox::CLIENT_SECRET);
        let client = builder.transport(day.clone()).build().unwrap();
        let mut judge = Judge::new(&day);
        let request = client.contacts().bulk().add((0..records()).map(contact));
        request.concurrency(concurrency).outcomes().for_each(|outcome| judge.take(&outcome));
        let ids = judge.end(&format!("blocking, {concurrency} at a time"));

        // All of it is removed in the end, whatever happens on the way: those that were removed and are not found are done.
        let left = client.contacts().bulk().remove(ids.clone()).concurrency(concurrency).outcomes();
        let left: Vec<_> = left.filter(|outcome| outcome.result.is_err()).collect();
        assert!(left.iter().all(|outcome| !outcome.result.as_ref().unwrap_err().is_not_found()), "{left:?}");
        let there = day.there();
        assert!(there.len() < ids.len() / 2, "{} of {} are still there", there.len(), ids.len());
    }
}

#[cfg(feature = "async")]
#[test]
fn every_record_has_one_outcome_and_none_is_added_twice_async() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    for concurrency in [1, 4] {
        let day = BadDay::new();
        let builder = day.sandbox.async_client_builder().client_credentials(Sandbox::CLIENT_ID, Sandbox::CLIENT_SECRET);
        let client = builder.transport(day.clone()).build().unwrap();
        let mut judge = Judge::new(&day);
        runtime.block_on(async {
            let request = client.contacts().bulk().add((0..records()).map(contact));
            let mut outcomes = request.concurrency(concurrency).outcomes();
            while let Some(outcome) = outcomes.next().await {
                judge.take(&outcome);
            }
        });
        judge.end(&format!("async, {concurrency} at a time"));
    }
}
