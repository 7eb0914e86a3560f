//! The cases; compiled once for each flavour.

// Without `.await`, the loops over outcomes look like ones that should have been a `for`.
#![allow(clippy::while_let_on_iterator)]

use std::cell::Cell;
use std::time::Duration;

use genesys_external_contacts::bulk::{BulkOperation, IntoRecords};
use genesys_external_contacts::model::{EntityRef, ExternalId, ExternalSource, User};
use genesys_external_contacts::sandbox::Sandbox;
use genesys_external_contacts::{
    BulkOutcome, ContactSort, ExternalContact, ExternalOrganization, Note, PhoneNumber, RecordError, RecordErrorKind,
    Region, Relationship, RetryPolicy,
};
use serde_json::json;

use super::{Client, Outcomes, client, collected, maybe_async};
use crate::support::Script;

const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

fn titled(number: u64) -> ExternalContact {
    ExternalContact::default().with_title(number.to_string())
}

/// The bulk requests that arrived.
fn requests(sandbox: &Sandbox) -> usize {
    sandbox.requests().iter().filter(|request| request.path.contains("/bulk/")).count()
}

/// What is said of each: `ok`, or status, `?` for "may have been applied", `~` for "not certain".
fn told<I, T>(outcomes: &[BulkOutcome<I, T>]) -> Vec<String> {
    let mark = |is_set: bool, mark: &str| if is_set { mark.to_owned() } else { String::new() };
    let result = |result: &Result<T, RecordError>| match result {
        Ok(_) => "ok".to_owned(),
        Err(error) => {
            let status = error.status().map_or_else(|| "none".to_owned(), |status| status.to_string());
            status + &mark(error.may_have_been_applied(), "?")
        }
    };
    outcomes.iter().map(|outcome| result(&outcome.result) + &mark(!outcome.is_certain, "~")).collect()
}

#[maybe_async]
async fn ids(client: &Client, count: u64) -> Vec<String> {
    let outcomes = collected(client.contacts().bulk().add((0..count).map(titled)).outcomes()).await;
    outcomes.into_iter().map(|outcome| outcome.result.unwrap().id.unwrap()).collect()
}

#[maybe_async]
pub async fn nothing_is_sent_before_it_is_asked_for() {
    let sandbox = Sandbox::new();
    let taken = Cell::new(0);
    let contacts = (0..1000).inspect(|_| taken.set(taken.get() + 1)).map(titled);
    let client = client(&sandbox);
    let request = client.contacts().bulk().add(contacts).concurrency(2);
    let mut outcomes = request.outcomes();
    assert_eq!((taken.get(), requests(&sandbox)), (0, 0));
    let first = outcomes.next().await;
    assert!(first.unwrap().result.is_ok());
    assert!((50..=150).contains(&taken.get()), "{} records were taken", taken.get());
    drop(outcomes);
    assert!(requests(&sandbox) <= 2);
}

#[maybe_async]
pub async fn outcomes_come_in_the_order_of_the_input() {
    let sandbox = Sandbox::new();
    let client = client(&sandbox);
    let outcomes = collected(client.contacts().bulk().add((0..120).map(titled)).outcomes()).await;
    assert_eq!((outcomes.len(), requests(&sandbox)), (120, 3));
    for (number, outcome) in outcomes.iter().enumerate() {
        assert_eq!(outcome.input, titled(number as u64));
        let contact = outcome.result.as_ref().unwrap();
        assert_eq!(contact.title, Some(number.to_string()));
        assert!(contact.id.is_some() && outcome.is_certain);
    }
    let ids: Vec<_> = outcomes.iter().map(|outcome| outcome.result.as_ref().unwrap().id.clone().unwrap()).collect();
    for fetched in [
        collected(client.contacts().bulk().fetch(&ids).outcomes()).await,
        collected(client.contacts().bulk().fetch_division_views(&ids).outcomes()).await,
        collected(client.contacts().bulk().fetch_unresolved(&ids).outcomes()).await,
    ] {
        for (number, (outcome, id)) in fetched.iter().zip(&ids).enumerate() {
            assert_eq!(outcome.input, *id);
            assert_eq!(outcome.result.as_ref().unwrap().title, Some(number.to_string()));
        }
    }
    let changed = outcomes.into_iter().map(|outcome| outcome.result.unwrap().with_last_name("Lovelace"));
    for (number, outcome) in collected(client.contacts().bulk().update(changed).outcomes()).await.iter().enumerate() {
        let contact = outcome.result.as_ref().unwrap();
        assert_eq!((&contact.title, contact.last_name.as_deref()), (&Some(number.to_string()), Some("Lovelace")));
    }
    let came = collected(client.contacts().bulk().remove(&ids).outcomes()).await;
    assert_eq!(told(&came), vec!["ok"; 120]);
    let came = collected(client.contacts().bulk().remove(&ids[..1]).outcomes()).await;
    assert_eq!(told(&came), ["404"]);
}

#[maybe_async]
pub async fn all_four_kinds_of_records_are_added() {
    let sandbox = Sandbox::new();
    let client = client(&sandbox);
    let organization = |number: u64| ExternalOrganization::default().with_name(format!("Acme {number}"));
    let organizations = collected(client.organizations().bulk().add((0..60).map(organization)).outcomes()).await;
    let acme = organizations[7].result.as_ref().unwrap();
    assert_eq!(acme.name.as_deref(), Some("Acme 7"));
    let acme = acme.id.clone().unwrap();
    let note = |number: u64| {
        let note = Note::new(format!("note {number}")).with_created_by(User::default().with_id(NOBODY));
        note.with_entity_id(&*acme).with_entity_type("organization")
    };
    let notes = collected(client.notes().bulk().add((0..60).map(note)).outcomes()).await;
    assert_eq!(notes[7].result.as_ref().unwrap().note_text.as_deref(), Some("note 7"));
    let relationship = |number: u64| {
        Relationship::default()
            .with_user(User::default().with_id(NOBODY))
            .with_external_organization(ExternalOrganization::reference(&*acme))
            .with_relationship(format!("role {number}"))
    };
    let relationships = collected(client.relationships().bulk().add((0..60).map(relationship)).outcomes()).await;
    assert_eq!(relationships[7].result.as_ref().unwrap().relationship.as_deref(), Some("role 7"));
    assert!(organizations.iter().all(|outcome| outcome.is_certain));
    assert!(notes.iter().all(|outcome| outcome.is_certain));
    assert!(relationships.iter().all(|outcome| outcome.is_certain));
}

#[maybe_async]
pub async fn some_records_fail_and_the_others_do_not() {
    let sandbox = Sandbox::new();
    let client = client(&sandbox);
    let contact = |number| if number % 7 == 3 { titled(number).with_work_email("no address") } else { titled(number) };
    let outcomes = collected(client.contacts().bulk().add((0..100).map(contact)).outcomes()).await;
    for outcome in &outcomes {
        let is_bad = outcome.index % 7 == 3;
        match &outcome.result {
            Ok(contact) => assert!(!is_bad && contact.title == Some(outcome.index.to_string())),
            Err(error) => {
                assert!(is_bad);
                assert_eq!((error.status(), error.code()), (Some(422), Some("payload.or.params.invalid")));
                assert_eq!(error.details()[0].field_name.as_deref(), Some("workEmail"));
                assert!(!error.may_have_been_applied() && !error.is_retryable() && outcome.is_certain);
                assert!(matches!(error.kind(), RecordErrorKind::Refused(_)));
                let shown = error.to_string();
                assert!(shown.starts_with("the service refused the record: 422 payload.or.params.invalid"), "{shown}");
            }
        }
    }
    assert_eq!(requests(&sandbox), 2, "a record that is refused is not sent again");
}

#[maybe_async]
pub async fn requests_are_as_few_as_the_limits_allow() {
    let sandbox = Sandbox::new();
    let client = client(&sandbox);
    let owner = ids(&client, 1).await.remove(0);
    let note = |number: u64| {
        let text = format!("{number} {}", "é".repeat(15_000));
        let note = Note::new(text).with_created_by(User::default().with_id(NOBODY));
        note.with_entity_id(&*owner).with_entity_type("contact")
    };
    let outcomes = collected(client.notes().bulk().add((0..100).map(note)).outcomes()).await;
    assert_eq!(told(&outcomes), vec!["ok"; 100]);
    let sizes: Vec<_> =
        sandbox.requests().iter().filter(|one| one.path.ends_with("/notes/add")).map(|one| one.body.len()).collect();
    assert_eq!(sizes.len(), 7, "16 fit into a request: {sizes:?}");
    assert!(sizes.iter().all(|size| *size <= 512_000), "{sizes:?}");

    // One that is too large by itself goes alone, so that the others don't fail with it.
    let huge = |number: u64| if number == 1 { titled(1).with_last_name("x".repeat(512_000)) } else { titled(number) };
    let outcomes = collected(client.contacts().bulk().add((0..3).map(huge)).outcomes()).await;
    assert_eq!(told(&outcomes), ["ok", "413", "ok"]);

    for (chunk_size, expected) in [(1, 10), (3, 4), (0, 10), (1000, 1)] {
        let sandbox = Sandbox::new();
        let client = super::client(&sandbox);
        let request = client.contacts().bulk().add((0..10).map(titled)).chunk_size(chunk_size);
        let summary = request.run().await;
        assert_eq!(summary.requests, expected, "{chunk_size}");
    }
    let none = collected(client.contacts().bulk().add([]).outcomes()).await;
    assert!(none.is_empty());
}

#[maybe_async]
pub async fn a_request_that_fails_fails_its_records() {
    let sandbox = Sandbox::new();
    let client = client(&sandbox);
    sandbox.next_calls(1).after_applying().reset();
    let outcomes = collected(client.contacts().bulk().add((0..120).map(titled)).outcomes()).await;
    let expected = [vec!["none?"; 50], vec!["ok"; 70]].concat();
    assert_eq!(told(&outcomes), expected);
    assert_eq!(requests(&sandbox), 3, "no addition is sent twice");
    let error = outcomes[0].result.as_ref().unwrap_err();
    assert!(matches!(error.kind(), RecordErrorKind::Request(_)));
    assert_eq!(error.to_string().matches("may have been applied").count(), 1, "{error}");

    sandbox.set_permissions(["externalContacts:contact:view"]);
    let outcomes = collected(client.contacts().bulk().add((0..2).map(titled)).outcomes()).await;
    assert_eq!(told(&outcomes), ["403"; 2]);
    assert_eq!(outcomes[0].result.as_ref().unwrap_err().code(), Some("missing.any.permissions"));
}

#[maybe_async]
pub async fn what_was_surely_not_applied_is_sent_again() {
    let sandbox = Sandbox::new();
    let client = client(&sandbox);
    sandbox.next_calls(1).refuse_connection();
    sandbox.next_calls(1).rate_limit(Duration::from_secs(3));
    let outcomes = collected(client.contacts().bulk().add((0..10).map(titled)).outcomes()).await;
    assert_eq!(told(&outcomes), ["ok"; 10]);
    let ids: Vec<_> = outcomes.iter().map(|outcome| outcome.result.as_ref().unwrap().id.clone().unwrap()).collect();
    // Reads, updates and removals are sent again whatever happened.
    sandbox.next_calls(1).after_applying().fail(503);
    let came = collected(client.contacts().bulk().fetch(&ids).outcomes()).await;
    assert_eq!(told(&came), ["ok"; 10]);
    sandbox.next_calls(1).after_applying().time_out();
    let contacts = outcomes.into_iter().map(|outcome| outcome.result.unwrap().with_last_name("Lovelace"));
    let came = collected(client.contacts().bulk().update(contacts).outcomes()).await;
    assert_eq!(told(&came), ["ok"; 10]);
}

#[maybe_async]
pub async fn retryable_records_are_sent_again_where_that_is_safe() {
    let sandbox = Sandbox::new();
    let client = client(&sandbox);
    // A 429 says that it was not applied, a 503 does not.
    sandbox.next_records(1).fail(429);
    sandbox.next_records(1).fail(503);
    sandbox.next_records(1).after_applying().fail(503);
    let outcomes = collected(client.contacts().bulk().add((0..60).map(titled)).outcomes()).await;
    let expected = [vec!["ok", "503?", "503?"], vec!["ok"; 57]].concat();
    assert_eq!(told(&outcomes), expected);
    assert_eq!(requests(&sandbox), 3, "the one that was refused goes once more, alone");
    let again = &sandbox.requests()[2];
    assert_eq!(
        serde_json::from_slice::<serde_json::Value>(&again.body).unwrap()["entities"].as_array().unwrap().len(),
        1
    );
    let total = client.contacts().search().send().await.unwrap().total;
    assert_eq!(total, Some(59), "one 503 was applied, one was not, and nothing twice");
    assert!(outcomes[1].result.as_ref().unwrap_err().is_retryable(), "that is what the service says");

    let ids: Vec<_> = outcomes.iter().filter_map(|outcome| outcome.result.as_ref().ok()?.id.clone()).collect();
    sandbox.next_records(2).fail(503);
    let came = collected(client.contacts().bulk().fetch(&ids[..5]).outcomes()).await;
    assert_eq!(told(&came), ["ok"; 5]);
    sandbox.next_records(2).after_applying().fail(503);
    let changed = ids[..5].iter().map(|id| ExternalContact::default().with_id(&**id));
    let came = collected(client.contacts().bulk().update(changed).outcomes()).await;
    assert_eq!(told(&came), ["ok"; 5]);
}

#[maybe_async]
pub async fn sending_again_is_bounded() {
    let sandbox = Sandbox::new();
    let client = client(&sandbox);
    sandbox.next_records(u32::MAX).fail(503);
    let outcomes = collected(client.contacts().bulk().fetch([NOBODY]).outcomes()).await;
    assert_eq!(told(&outcomes), ["503"]);
    assert_eq!(requests(&sandbox), 5);
    let outcomes = collected(client.contacts().bulk().fetch([NOBODY]).retry(RetryPolicy::never()).outcomes()).await;
    assert_eq!((told(&outcomes), requests(&sandbox)), (vec!["503".to_owned()], 6));
}

#[maybe_async]
pub async fn a_removal_that_finds_nothing_after_an_ambiguous_try_is_done() {
    let sandbox = Sandbox::new();
    let client = client(&sandbox);
    let ids = ids(&client, 6).await;
    let remove = |ids: &[String]| client.contacts().bulk().remove(ids.to_vec());
    // Of the request.
    sandbox.next_calls(1).after_applying().reset();
    let came = collected(remove(&ids[..2]).outcomes()).await;
    assert_eq!(told(&came), ["ok", "ok"]);
    // Of one record.
    sandbox.next_records(1).after_applying().fail(503);
    let came = collected(remove(&ids[2..4]).outcomes()).await;
    assert_eq!(told(&came), ["ok", "ok"]);
    // Where the first try was surely not applied, it is what it is.
    sandbox.next_calls(1).rate_limit(Duration::from_secs(1));
    let came = collected(remove(&ids[3..5]).outcomes()).await;
    assert_eq!(told(&came), ["404", "ok"]);
    let nobody =
        collected(client.contacts().bulk().remove([NOBODY, ids[5].as_str(), ids[5].as_str()]).outcomes()).await;
    assert_eq!(told(&nobody), ["404", "ok", "ok"], "the same id twice is one removal");
    assert!(nobody[0].result.as_ref().unwrap_err().is_not_found());
}

#[maybe_async]
pub async fn records_that_are_equal_are_told_to_be_uncertain() {
    let sandbox = Sandbox::new();
    let client = client(&sandbox);
    let (twin, other) = (titled(1), titled(1).with_last_name("Lovelace"));
    sandbox.next_records(1).pass();
    sandbox.next_records(1).fail(409);
    let outcomes = collected(client.contacts().bulk().add([twin.clone(), twin, other, titled(2)]).outcomes()).await;
    let told = told(&outcomes);
    assert_eq!(&told[2..], ["ok", "ok"], "one of which more was sent is another one");
    assert_eq!(outcomes[2].result.as_ref().unwrap().last_name.as_deref(), Some("Lovelace"));
    let mut twins = told[..2].to_vec();
    twins.sort();
    assert_eq!(twins, ["409~", "ok~"]);
}

#[maybe_async]
pub async fn external_ids_make_it_certain() {
    let sandbox = Sandbox::new();
    let source = sandbox.add_external_source("crm");
    let client = client(&sandbox);
    let contact = |number: u64| {
        let id = ExternalId::default().with_value(number.to_string());
        let id = id.with_external_source(ExternalSource::default().with_id(&*source));
        ExternalContact::default().with_last_name("Lovelace").with_external_ids([id])
    };
    sandbox.next_records(10).pass();
    sandbox.next_records(1).fail(500);
    let outcomes = collected(client.contacts().bulk().add((0..50).map(contact)).outcomes()).await;
    for (number, outcome) in outcomes.iter().enumerate() {
        assert!(outcome.is_certain);
        match &outcome.result {
            Ok(contact) => assert_eq!(contact.external_ids.as_ref().unwrap()[0].value, Some(number.to_string())),
            Err(_) => assert_eq!(number, 10),
        }
    }
}

#[maybe_async]
pub async fn results_that_the_service_rewrote_are_matched() {
    let sandbox = Sandbox::new();
    let client = client(&sandbox);
    let contact = |number: u64| {
        ExternalContact::default()
            .with_first_name(format!("  Ada {} ", number % 3))
            .with_middle_name("")
            .with_work_phone(PhoneNumber::new(format!("(317) 555-01{number:02}")))
    };
    let outcomes = collected(client.contacts().bulk().add((0..50).map(contact)).outcomes()).await;
    for (number, outcome) in outcomes.iter().enumerate() {
        let phone = outcome.result.as_ref().unwrap().work_phone.clone().unwrap();
        assert_eq!(phone.e164, Some(format!("+131755501{number:02}")));
        assert!(outcome.is_certain, "{number}");
    }

    // A service that changes what nobody foresaw: the best likeness is taken, and said to be no more than that.
    let answer = json!({ "results": [
        { "id": "b", "success": true, "entity": { "id": "b", "firstName": "ADA II", "lastName": "Byron", "title": "1" } },
        { "id": "a", "success": true, "entity": { "id": "a", "firstName": "ADA I", "lastName": "Byron", "title": "0" } },
        { "id": "c", "success": true, "entity": { "id": "c", "firstName": "X" } },
        { "id": "d", "success": true, "entity": { "id": "d", "firstName": "Y" } },
    ] });
    let script = Script::new().then(200, answer.to_string());
    let client = scripted(&script);
    let named = |name: &str| ExternalContact::default().with_first_name(name);
    let contacts = [named("Ada").with_title("0"), named("Ada").with_title("1"), named("Grace"), named("Emmy")];
    let outcomes = collected(client.contacts().bulk().add(contacts).outcomes()).await;
    assert_eq!(told(&outcomes), ["ok~", "ok~", "none?", "none?"], "a wrong id would be worse than none");
    let id = |at: usize| outcomes[at].result.as_ref().unwrap().id.clone().unwrap();
    assert_eq!((id(0), id(1)), ("a".to_owned(), "b".to_owned()));
}

fn scripted(script: &Script) -> Client {
    let builder = Client::builder().region(Region::EuWest1).access_token("a-token");
    builder.transport(script.clone()).build().unwrap()
}

#[maybe_async]
pub async fn a_fetch_may_ask_twice_and_for_nobody() {
    let sandbox = Sandbox::new();
    let client = client(&sandbox);
    let ids = ids(&client, 2).await;
    let upper = ids[0].to_uppercase();
    let asked = [ids[0].as_str(), NOBODY, &ids[1], &ids[0], &upper, NOBODY];
    let outcomes = collected(client.contacts().bulk().fetch(asked).outcomes()).await;
    assert_eq!(told(&outcomes), ["ok", "404", "ok", "ok", "ok", "404"]);
    for (outcome, asked) in outcomes.iter().zip(asked) {
        assert_eq!(outcome.input, asked);
        if let Ok(contact) = &outcome.result {
            assert!(contact.id.as_ref().unwrap().eq_ignore_ascii_case(asked));
        }
    }
    let sent: serde_json::Value = serde_json::from_slice(&sandbox.requests().last().unwrap().body).unwrap();
    assert_eq!(sent, json!({ "entities": [{ "id": ids[0] }, { "id": NOBODY }, { "id": ids[1] }] }));
}

#[maybe_async]
pub async fn merged_contacts_keep_the_id_that_was_asked_for() {
    let merged = |ids: &[&str]| ids.iter().map(|id| json!({ "id": id })).collect::<Vec<_>>();
    let canonical = json!({ "id": "c", "mergeSet": merged(&["a", "b", "c"]) });
    let result = |id: &str, entity: &serde_json::Value| json!({ "id": id, "success": true, "entity": entity });
    let alone = json!({ "id": "d" });
    for (asked, results, expected) in [
        // Results that name the id that was asked for, that of the record, or none at all.
        (&["a", "d"][..], vec![result("d", &alone), result("a", &canonical)], &["c", "d"][..]),
        (&["a", "d"], vec![result("d", &alone), result("c", &canonical)], &["c", "d"]),
        (&["a", "d"], vec![json!({ "entity": canonical }), json!({ "entity": alone })], &["c", "d"]),
        // The record and what was merged into it, answered once or twice.
        (&["c", "a", "b"], vec![result("c", &canonical)], &["c", "c", "c"]),
        (&["a", "c"], vec![result("c", &canonical), result("c", &canonical)], &["c", "c"]),
        // Nothing says what it was merged into, and it is the only one left.
        (&["x", "d"], vec![result("d", &alone), result("y", &json!({ "id": "y" }))], &["y", "d"]),
    ] {
        let script = Script::new().then(200, json!({ "results": results }).to_string());
        let client = scripted(&script);
        let outcomes = collected(client.contacts().bulk().fetch(asked.to_vec()).outcomes()).await;
        let came: Vec<_> =
            outcomes.iter().map(|outcome| outcome.result.as_ref().unwrap().id.clone().unwrap()).collect();
        let kept: Vec<_> = outcomes.iter().map(|outcome| outcome.input.as_str()).collect();
        assert_eq!((came, kept), (expected.iter().map(|id| (*id).to_owned()).collect(), asked.to_vec()));
    }
}

#[maybe_async]
pub async fn updates_of_one_record_are_applied_in_their_order() {
    for concurrency in [1, 3] {
        let sandbox = Sandbox::new();
        let client = client(&sandbox);
        let ids = ids(&client, 3).await;
        let before = requests(&sandbox);
        let change = |(at, title): (usize, u64)| titled(title).with_id(&*ids[at]);
        let changes = [(0, 10), (1, 11), (0, 20), (2, 21), (0, 30)].map(change);
        let outcomes = collected(client.contacts().bulk().update(changes).concurrency(concurrency).outcomes()).await;
        assert_eq!(told(&outcomes), ["ok"; 5]);
        assert_eq!(requests(&sandbox) - before, 3, "each change of the first contact needs a request of its own");
        let contact = client.contacts().get(&*ids[0]).send().await.unwrap();
        assert_eq!(contact.title.as_deref(), Some("30"));
    }
}

#[maybe_async]
pub async fn results_that_are_missing_are_told() {
    let sandbox = Sandbox::new();
    let client = client(&sandbox);
    sandbox.next_records(1).leave_out();
    sandbox.next_records(1).after_applying().leave_out();
    let outcomes = collected(client.contacts().bulk().add((0..5).map(titled)).outcomes()).await;
    assert_eq!(told(&outcomes), ["none?", "none?", "ok", "ok", "ok"]);
    assert!(matches!(outcomes[0].result.as_ref().unwrap_err().kind(), RecordErrorKind::NoResult));
    assert_eq!(requests(&sandbox), 1, "additions are not sent again");

    let ids: Vec<_> = outcomes.iter().filter_map(|outcome| outcome.result.as_ref().ok()?.id.clone()).collect();
    sandbox.next_records(1).leave_out();
    let came = collected(client.contacts().bulk().fetch(&ids).outcomes()).await;
    assert_eq!(told(&came), ["ok"; 3]);
    sandbox.next_records(2).after_applying().leave_out();
    let came = collected(client.contacts().bulk().remove(&ids).outcomes()).await;
    assert_eq!(told(&came), ["ok"; 3]);
    for answer in ["{}", r#"{"results":[]}"#, r#"{"results":[{}]}"#] {
        let script = Script::new().then(200, answer);
        let outcomes = collected(scripted(&script).contacts().bulk().add((0..2).map(titled)).outcomes()).await;
        assert_eq!(told(&outcomes), ["none?", "none?"], "{answer}");
    }
}

#[maybe_async]
pub async fn records_that_can_not_be_sent_are_told() {
    let sandbox = Sandbox::new();
    let client = client(&sandbox);
    let ids = ids(&client, 1).await;
    let known = titled(1).with_id(&*ids[0]);
    let outcomes =
        collected(client.contacts().bulk().update([titled(0), known, titled(2).with_id("")]).outcomes()).await;
    assert_eq!(told(&outcomes), ["none", "ok", "none"]);
    let error = outcomes[0].result.as_ref().unwrap_err();
    assert_eq!(error.to_string(), "id: is missing; an update in bulk says by it which record is meant");
    let came = collected(client.contacts().bulk().fetch(["", &*ids[0]]).outcomes()).await;
    assert_eq!(told(&came), ["none", "ok"]);
    let before = requests(&sandbox);
    let came = collected(client.contacts().bulk().remove([""; 60]).outcomes()).await;
    assert_eq!(told(&came), ["none"; 60]);
    assert_eq!(requests(&sandbox), before, "nothing is left to be sent");
}

#[maybe_async]
pub async fn older_results_are_understood() {
    let sandbox = Sandbox::builder().bulk_results_have_status(false).build();
    let client = client(&sandbox);
    let outcomes =
        collected(client.contacts().bulk().add([titled(0), titled(1).with_work_email("no")]).outcomes()).await;
    assert_eq!(told(&outcomes), ["ok", "422"]);
    let id = outcomes[0].result.as_ref().unwrap().id.clone().unwrap();
    let came = collected(client.contacts().bulk().remove([id.as_str(), NOBODY]).outcomes()).await;
    assert_eq!(told(&came), ["ok", "404"]);
}

#[maybe_async]
pub async fn run_counts_and_keeps_failures() {
    let sandbox = Sandbox::builder().calls_per_minute(None).build();
    let client = client(&sandbox);
    let contact = |number| if number % 10 == 3 { titled(number).with_work_email("no") } else { titled(number) };
    let mut outcomes = client.contacts().bulk().add((0..60).map(contact)).outcomes();
    let mut seen = Vec::new();
    while let Some(outcome) = outcomes.next().await {
        if outcome.index % 50 == 49 {
            seen.push(progress(&outcomes));
        }
    }
    seen.push(progress(&outcomes));
    assert_eq!(seen, [(45, 5, 1), (54, 6, 2)]);

    let summary = client.contacts().bulk().add((0..60).map(contact)).run().await;
    assert_eq!((summary.done, summary.failed, summary.requests), (54, 6, 2));
    let failed: Vec<_> = summary.failures.iter().map(|outcome| outcome.index).collect();
    assert_eq!(failed, [3, 13, 23, 33, 43, 53]);
    assert_eq!(summary.failures[0].input.work_email.as_deref(), Some("no"));
    let summary = client.contacts().bulk().fetch((0..2000).map(|number| format!("nobody-{number}"))).run().await;
    assert_eq!((summary.failed, summary.failures.len()), (2000, 1000), "failures have room, however many there are");
}

fn progress<O: BulkOperation, R>(outcomes: &Outcomes<O, R>) -> (u64, u64, u64) {
    let progress = outcomes.progress();
    (progress.done, progress.failed, progress.requests)
}

#[maybe_async]
pub async fn several_requests_keep_the_order() {
    let sandbox = Sandbox::new();
    let client = client(&sandbox);
    sandbox.next_calls(1).delay(Duration::from_secs(5));
    let contacts = (0..500).map(titled);
    let outcomes = collected(client.contacts().bulk().add(contacts).concurrency(4).outcomes()).await;
    assert_eq!((outcomes.len(), requests(&sandbox)), (500, 10));
    for (number, outcome) in outcomes.iter().enumerate() {
        assert_eq!(outcome.result.as_ref().unwrap().title, Some(number.to_string()));
    }
}

#[maybe_async]
pub async fn a_search_with_a_body_walks_its_pages() {
    let sandbox = Sandbox::new();
    let client = client(&sandbox);
    ids(&client, 250).await;
    let order = [ContactSort::Title.desc(), ContactSort::LastName.asc()];
    let mut found = client.contacts().search_with_body().sort_by(order).items();
    let mut titles = Vec::new();
    while let Some(contact) = found.next().await {
        titles.push(contact.unwrap().title.unwrap());
    }
    assert_eq!((titles.len(), titles[0].as_str()), (250, "99"));
    let mut sorted = titles.clone();
    sorted.sort_by(|a, b| b.cmp(a));
    assert_eq!(titles, sorted);
    let sent: serde_json::Value = serde_json::from_slice(&sandbox.requests().last().unwrap().body).unwrap();
    let search = json!({ "simpleSearch": { "sortOrder": ["title:desc", "lastName:asc"] } });
    assert_eq!(sent, json!({ "pageNumber": 3, "pageSize": 100, "operation": search }));
}

#[allow(dead_code, reason = "that the types can be named is the test")]
fn types_can_be_named<K, R: IntoRecords<K, Record = ExternalContact>>(_: R, _: EntityRef) {}
