//! Waiting for jobs; compiled once for each flavour.

use std::time::Duration;

use genesys_external_contacts::exports::Export;
use genesys_external_contacts::graphs::MergeStatus;
use genesys_external_contacts::imports::{ImportStatus, ImportStep};
use genesys_external_contacts::sandbox::Sandbox;
use genesys_external_contacts::{
    Error, ErrorKind, ExternalContact, JobEnd, Pace, Region, TransportError, TransportErrorKind,
};

use super::{Client, client_of, maybe_async};
use crate::support::Script;

const HOUR: Duration = Duration::from_secs(3600);
const RUNNING: &str = r#"{"id":"x","status":"RUNNING","dateCreated":"2026-01-02T03:04:05.678Z"}"#;
const SUCCEEDED: &str = r#"{"id":"x","status":"SUCCEEDED","downloadUrl":"https://files.example.com/x"}"#;

fn exact() -> Pace {
    let mut pace = Pace::default();
    pace.jitter = false;
    pace
}

fn client(script: &Script) -> Client {
    let builder = Client::builder().region(Region::EuWest1).access_token("a-token");
    builder.transport(script.clone()).build().unwrap()
}

fn seconds(script: &Script) -> Vec<u64> {
    script.waits().iter().map(Duration::as_secs).collect()
}

fn timed_out(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Job(job) if matches!(job.end, JobEnd::TimedOut { .. }))
}

#[maybe_async]
pub async fn looks_come_at_exact_times() {
    let mut script = Script::new();
    for _ in 0..8 {
        script = script.then(200, RUNNING);
    }
    let script = script.then(200, SUCCEEDED);
    let export = client(&script).contacts().exports().get("x").pace(exact()).wait(HOUR).await.unwrap();
    assert!(export.download_url.is_some());
    assert_eq!(seconds(&script), [1, 2, 4, 8, 16, 30, 30, 30]);
}

/// What comes first, and whether the wait goes on after it. What comes second is a success.
#[maybe_async]
pub async fn what_ends_a_wait_and_what_does_not() {
    use TransportErrorKind::{Connect, Dns, Other, Reset, Timeout, Tls};
    for (status, goes_on) in [
        (400, false),
        (401, false),
        (403, false),
        (404, false),
        (408, true),
        (409, false),
        (422, false),
        (429, true),
        (500, true),
        (502, true),
        (503, true),
        (504, true),
        (507, true),
    ] {
        let script = Script::new().then(status, r#"{"code":"some.code"}"#).then(200, SUCCEEDED);
        let waited = client(&script).contacts().exports().get("x").pace(exact()).wait(HOUR).await;
        assert_eq!(waited.is_ok(), goes_on, "{status}");
        assert_eq!(seconds(&script), if goes_on { vec![1] } else { vec![] }, "{status}");
        if let Err(error) = waited {
            assert_eq!(error.status().unwrap(), status);
            assert_eq!(error.job().unwrap().id, "x");
        }
    }
    for (kind, goes_on) in [(Dns, true), (Connect, true), (Timeout, true), (Reset, true), (Tls, false), (Other, false)]
    {
        let script = Script::new().then_fails(TransportError::new(kind, "underneath")).then(200, SUCCEEDED);
        let waited = client(&script).contacts().exports().get("x").pace(exact()).wait(HOUR).await;
        assert_eq!(waited.is_ok(), goes_on, "{kind:?}");
    }
    // What can't be read will not become readable.
    let script = Script::new().then(200, "<html>").then(200, SUCCEEDED);
    let error = client(&script).contacts().exports().get("x").wait(HOUR).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Decode(_)));
    // A status that nobody knows is no end.
    let script = Script::new().then(200, r#"{"status":"PAUSED"}"#).then(200, SUCCEEDED);
    client(&script).contacts().exports().get("x").wait(HOUR).await.unwrap();
}

#[maybe_async]
pub async fn the_service_says_when_to_look() {
    for (status, body) in [(200, RUNNING), (429, "{}"), (503, "{}")] {
        let script = Script::new().then_with(status, &[("retry-after", "45")], body).then(200, RUNNING);
        let script = script.then(200, SUCCEEDED);
        client(&script).contacts().exports().get("x").pace(exact()).wait(HOUR).await.unwrap();
        assert_eq!(seconds(&script), [45, 1], "{status}");
    }
    // It can't be had in time: nobody sleeps for that.
    let script = Script::new().then_with(503, &[("retry-after", "61")], "{}");
    let limit = Duration::from_secs(60);
    let error = client(&script).contacts().exports().get("x").pace(exact()).wait(limit).await.unwrap_err();
    assert!(timed_out(&error) && error.is_timeout() && error.is_retryable());
    assert_eq!(seconds(&script), [0; 0]);
}

#[maybe_async]
pub async fn the_limit_is_the_callers() {
    // The limit in seconds, and the waits; the last look is at the limit.
    for (limit, waits) in
        [(0, vec![]), (1, vec![1]), (3, vec![1, 2]), (10, vec![1, 2, 4, 3]), (40, vec![1, 2, 4, 8, 16, 9])]
    {
        let mut script = Script::new();
        for _ in 0..=waits.len() {
            script = script.then(200, RUNNING);
        }
        let request = client(&script).contacts().exports().get("x").pace(exact());
        let error = request.wait(Duration::from_secs(limit)).await.unwrap_err();
        assert!(timed_out(&error), "{limit}: {error}");
        assert_eq!(seconds(&script), waits, "{limit}");
        assert_eq!(error.attempts() as usize, waits.len() + 1, "{limit}");
    }
    // A pace of one's own.
    let mut pace = exact();
    (pace.first, pace.max) = (Duration::from_secs(60), Duration::from_secs(90));
    let script = Script::new().then(200, RUNNING).then(200, RUNNING).then(200, RUNNING).then(200, SUCCEEDED);
    client(&script).contacts().exports().get("x").pace(pace).wait(HOUR).await.unwrap();
    assert_eq!(seconds(&script), [60, 90, 90]);
}

#[maybe_async]
pub async fn an_error_has_the_id_and_the_last_status() {
    let script = Script::new().then(200, RUNNING).then(404, r#"{"code":"not.found"}"#);
    let error = client(&script).contacts().exports().get("x").pace(exact()).wait(HOUR).await.unwrap_err();
    let job = error.job().unwrap();
    assert_eq!((job.id.as_str(), job.status.as_deref()), ("x", Some("RUNNING")));
    assert!(error.is_not_found());
    assert!(error.to_string().contains("(job x, last status RUNNING)"), "{error}");

    // The last look failed: the limit is what is told, and the failure is the cause.
    let script = Script::new().then(200, RUNNING).then(503, "{}");
    let limit = Duration::from_secs(1);
    let error = client(&script).contacts().exports().get("x").pace(exact()).wait(limit).await.unwrap_err();
    assert!(timed_out(&error));
    assert_eq!(error.job().unwrap().status.as_deref(), Some("RUNNING"));
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert!(cause.contains("503"), "{cause}");

    // One can wait again, with the id alone.
    let script = Script::new().then(200, SUCCEEDED);
    client(&script).contacts().exports().get(&error.job().unwrap().id).wait(HOUR).await.unwrap();
}

#[maybe_async]
pub async fn a_job_that_failed_says_all_that_is_known() {
    let failed = r#"{"id":"x","status":"FAILED","dateCreated":"2026-01-02T03:04:05.678Z",
        "dateCompletion":"2026-01-02T04:04:05.678Z"}"#;
    let script = Script::new().then_with(200, &[("inin-correlation-id", "abc")], failed);
    let error = client(&script).notes().exports().get("x").wait(HOUR).await.unwrap_err();
    let text = error.to_string();
    for part in ["job x", "FAILED", "2026-01-02T03:04:05.678Z", "2026-01-02T04:04:05.678Z", "correlation id abc"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!error.is_retryable() && !error.is_timeout());

    let failed =
        r#"{"id":"c","mergeInfo":{"status":"ManualFailed","error":{"code":"too.many","message":"52 at most"}}}"#;
    let script = Script::new().then(200, failed);
    let error = client(&script).graphs().cluster("s", "c").wait(HOUR).await.unwrap_err();
    assert_eq!(error.code(), Some("too.many"));
    assert!(error.to_string().contains("52 at most"), "{error}");
}

#[maybe_async]
pub async fn an_upload_may_not_be_there_yet() {
    let details = r#"{"uploadId":"u","validationResult":{"separatorValid":true,"fileEncodingValid":true,"errors":[]}}"#;
    let script = Script::new().then(404, r#"{"code":"not.found"}"#).then(409, r#"{"code":"conflict"}"#);
    let script = script.then(200, r#"{"uploadId":"u"}"#).then(200, details);
    let details = client(&script).imports().uploads().details("u").pace(exact()).wait(HOUR).await.unwrap();
    assert!(details.is_valid());
    assert_eq!(seconds(&script), [1, 2, 4]);
    for status in [401, 403, 422] {
        let script = Script::new().then(status, r#"{"code":"no"}"#);
        let got = client(&script).imports().uploads().details("u").wait(HOUR).await;
        assert!(got.is_err());
        assert_eq!(seconds(&script), [0; 0], "{status}");
    }
}

const VALIDATING: &str = r#"{"id":"j","status":"Running","executionStep":"Validating"}"#;
const VALIDATED: &str =
    r#"{"id":"j","status":"Running","executionStep":"Validated","metadata":{"dryRunSuccessCount":7}}"#;
const IMPORTING: &str = r#"{"id":"j","status":"Running","executionStep":"Importing"}"#;
const COMPLETED: &str =
    r#"{"id":"j","status":"Completed","executionStep":"Importing","metadata":{"importSuccessCount":7}}"#;

#[maybe_async]
pub async fn an_import_stops_twice() {
    let script = Script::new().then(200, VALIDATING).then(200, VALIDATED);
    let job = client(&script).imports().jobs().get("j").pace(exact()).wait_validated(HOUR).await.unwrap();
    assert_eq!(job.execution_step, Some(ImportStep::Validated));
    assert_eq!(job.metadata.unwrap().dry_run_success_count, Some(7));
    assert_eq!(seconds(&script), [1]);

    // Whoever has just said "continue" may see for a moment that it has not been heard.
    let script = Script::new().then(200, VALIDATED).then(200, VALIDATED).then(200, IMPORTING).then(200, COMPLETED);
    let job = client(&script).imports().jobs().get("j").pace(exact()).wait_finished(HOUR).await.unwrap();
    assert_eq!(job.status, Some(ImportStatus::Completed));
    assert_eq!(seconds(&script), [1, 2, 4]);

    // Whoever comes late finds the dry run behind.
    for answer in [IMPORTING, COMPLETED] {
        let script = Script::new().then(200, answer);
        client(&script).imports().jobs().get("j").wait_validated(HOUR).await.unwrap();
    }
    for (status, words) in [("Failed", "no reason"), ("Cancelled", "cancelled")] {
        let answer = format!(r#"{{"id":"j","status":"{status}","executionStep":"Validating"}}"#);
        let script = Script::new().then(200, answer.clone()).then(200, answer);
        let error = client(&script).imports().jobs().get("j").wait_validated(HOUR).await.unwrap_err();
        assert!(error.to_string().contains(words), "{error}");
        let got = client(&script).imports().jobs().get("j").wait_finished(HOUR).await;
        assert!(got.is_err());
    }
}

#[maybe_async]
pub async fn an_import_that_nobody_continues_ends_the_wait() {
    let mut script = Script::new();
    for _ in 0..10 {
        script = script.then(200, VALIDATED);
    }
    let error = client(&script).imports().jobs().get("j").pace(exact()).wait_finished(HOUR).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Job(job) if job.end == JobEnd::WaitsForYou), "{error}");
    // A minute, and not the hour.
    assert_eq!(seconds(&script), [1, 2, 4, 8, 16, 30]);
}

#[maybe_async]
pub async fn polls_show_each_answer() {
    let script = Script::new().then(200, RUNNING).then(503, "{}").then(200, RUNNING).then(200, SUCCEEDED);
    let mut polls = client(&script).contacts().exports().get("x").pace(exact()).polls(HOUR);
    let mut seen = Vec::new();
    while let Some(export) = polls.next().await {
        seen.push(export.unwrap().status.unwrap().to_string());
    }
    assert_eq!(seen, ["RUNNING", "RUNNING", "SUCCEEDED"]);
    let got = polls.next().await;
    assert!(got.is_none());

    let script = Script::new().then(200, RUNNING).then(403, r#"{"code":"no"}"#).then(200, SUCCEEDED);
    let mut polls = client(&script).contacts().exports().get("x").polls(HOUR);
    let got = polls.next().await;
    assert!(got.unwrap().is_ok());
    let got = polls.next().await;
    assert!(got.unwrap().unwrap_err().is_forbidden());
    let got = polls.next().await;
    assert!(got.is_none(), "nothing comes after an error");
}

const DAY: Duration = Duration::from_secs(86_400);

#[maybe_async]
pub async fn a_wait_of_three_days() {
    let sandbox = Sandbox::new();
    let exports = client_of(&sandbox).contacts().exports();
    sandbox.next_jobs(1).take(3 * DAY);
    let id = exports.start(Export::default()).send().await.unwrap().id.unwrap();
    let began = sandbox.now();
    let export = exports.get(&id).wait(4 * DAY).await.unwrap();
    assert!(export.date_completion.is_some());
    let waited = sandbox.now() - began;
    // The token has been renewed three times meanwhile.
    assert!((3 * DAY..3 * DAY + Duration::from_secs(60)).contains(&waited), "{waited:?}");
    let sign_ins = sandbox.requests().iter().filter(|request| request.path == "/oauth/token").count();
    assert!(sign_ins >= 3, "{sign_ins}");
}

#[maybe_async]
pub async fn a_job_that_never_ends() {
    let sandbox = Sandbox::new();
    let exports = client_of(&sandbox).organizations().exports();
    sandbox.next_jobs(1).never_end();
    let id = exports.start(Export::default()).send().await.unwrap().id.unwrap();
    let began = sandbox.now();
    let error = exports.get(&id).wait(DAY).await.unwrap_err();
    assert!(timed_out(&error));
    assert_eq!(error.job().unwrap().id, id);
    let waited = sandbox.now() - began;
    assert!((DAY..DAY + Duration::from_secs(60)).contains(&waited), "{waited:?}");
    // Half a minute between looks, with jitter at least a quarter of one.
    let looks = error.attempts();
    assert!((2_800..=6_000).contains(&looks), "{looks}");
}

/// The id is all that is handed over.
#[maybe_async]
pub async fn another_process_takes_up_the_wait() {
    let sandbox = Sandbox::new();
    sandbox.next_jobs(1).take(HOUR);
    let id = {
        let client = client_of(&sandbox);
        let id = client.relationships().exports().start(Export::default()).send().await.unwrap().id.unwrap();
        let mut polls = client.relationships().exports().get(&id).polls(HOUR);
        polls.next().await.unwrap().unwrap();
        // Dropping it ends nothing but the looking.
        id
    };
    let export = client_of(&sandbox).relationships().exports().get(id).wait(2 * HOUR).await.unwrap();
    assert_eq!(export.status.unwrap().as_str(), "SUCCEEDED");
}

#[maybe_async]
pub async fn a_merge_is_waited_for() {
    let sandbox = Sandbox::new();
    let client = client_of(&sandbox);
    for name in ["Ada", "Augusta"] {
        let contact = ExternalContact::default().with_first_name(name).with_work_email("ada@example.com");
        client.contacts().create(contact).send().await.unwrap();
    }
    let scan = sandbox.scan_clusters();
    let clusters = client.graphs().clusters(&scan).send().await.unwrap().entities.unwrap();
    let id = clusters[0].id.clone().unwrap();
    // Nobody has asked for it.
    let error = client.graphs().cluster(&scan, &id).wait(HOUR).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Job(job) if job.end == JobEnd::WaitsForYou), "{error}");
    let queued = client.graphs().merge(&scan, &id).send().await.unwrap();
    assert_eq!(queued.merge_info.unwrap().status, Some(MergeStatus::ManualQueued));
    let merged = client.graphs().cluster(&scan, &id).wait(HOUR).await.unwrap();
    assert_eq!(merged.merge_info.unwrap().status, Some(MergeStatus::ManualSucceeded));
    let got = client.contacts().search().send().await;
    assert_eq!(got.unwrap().total, Some(1));
}

#[maybe_async]
pub async fn segments_are_sent_until_nothing_is_left() {
    let sandbox = Sandbox::new();
    let client = client_of(&sandbox);
    let contact = client.contacts().create(ExternalContact::default()).send().await.unwrap().id.unwrap();
    let journey = client.contacts().journey(&contact);
    let ids: Vec<_> = (0..25).map(|number| format!("5f1c8d3e-0000-4000-8000-{number:012}")).collect();
    sandbox.leave_segments(7);
    let left = journey.update_segments().assign(&ids).complete().await.unwrap();
    assert!(left.unprocessed.is_none());
    let got = journey.segments().at_most(500).send().await;
    assert_eq!(got.unwrap().entities.unwrap().len(), 25);

    // It is bounded, and says what is left.
    sandbox.leave_segments(1_000);
    let left = journey.update_segments().unassign(&ids[..3]).complete().await.unwrap().unprocessed.unwrap();
    assert_eq!(left.count, Some(3));
    assert_eq!(left.unassign.unwrap().segments.unwrap().len(), 3);
    let sent =
        sandbox.requests().iter().filter(|request| request.body.windows(8).any(|part| part == b"unassign")).count();
    assert_eq!(sent, 6, "once, and five times again");
}

#[maybe_async]
pub async fn the_latest_scan_is_no_id() {
    let script = Script::new();
    let graphs = client(&script).graphs();
    for id in ["latest", "LATEST"] {
        let errors = [
            graphs.scan(id).send().await.unwrap_err(),
            graphs.statistics(id).send().await.unwrap_err(),
            graphs.clusters(id).send().await.unwrap_err(),
            graphs.cluster(id, "c").send().await.unwrap_err(),
            graphs.merge(id, "c").send().await.unwrap_err(),
        ];
        for error in errors {
            assert!(matches!(error.kind(), ErrorKind::Invalid(_)), "{error}");
            assert!(error.to_string().contains("latest()"), "{error}");
        }
    }
    assert!(script.all().is_empty());
}
