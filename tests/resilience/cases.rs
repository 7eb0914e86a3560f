//! The cases; compiled once for each flavour.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use genesys_external_contacts::sandbox::Sandbox;
use genesys_external_contacts::{
    Connection, Credentials, ErrorKind, ExternalContact, Limits, Pkce, Region, RetryPolicy, TransportError,
    TransportErrorKind,
};

use super::{Client, ClientBuilder, maybe_async};
use crate::support::Script;

const OK: &str = r#"{"id":"x"}"#;

fn exact() -> RetryPolicy {
    let mut policy = RetryPolicy::default();
    policy.jitter = false;
    policy
}

fn client(script: &Script, policy: RetryPolicy) -> Client {
    let builder = Client::builder().region(Region::EuWest1).access_token("a-token");
    builder.transport(script.clone()).retry(policy).build().unwrap()
}

fn failure(kind: TransportErrorKind, received: bool) -> TransportError {
    let error = TransportError::new(kind, "underneath");
    if received { error } else { error.never_sent() }
}

fn seconds(script: &Script) -> Vec<f64> {
    script.waits().iter().map(Duration::as_secs_f64).collect()
}

/// A first try that goes wrong in some way; a second would succeed.
#[derive(Clone, Copy, Debug)]
enum First {
    Status(u16),
    Fails(TransportErrorKind, bool),
}

impl First {
    fn script(self) -> Script {
        let script = match self {
            Self::Status(status) => Script::new().then(status, "{}"),
            Self::Fails(kind, received) => Script::new().then_fails(failure(kind, received)),
        };
        script.then(200, OK)
    }
}

#[maybe_async]
pub async fn what_is_repeated_after_what() {
    use TransportErrorKind::{BodyTooLarge, Connect, Dns, Other, Reset, Timeout, Tls};
    // The first outcome, and whether a read, an update, a deletion and a create are sent again after it.
    let rows = [
        (First::Status(302), [false, false, false, false]),
        (First::Status(400), [false, false, false, false]),
        (First::Status(401), [false, false, false, false]),
        (First::Status(403), [false, false, false, false]),
        (First::Status(404), [false, false, false, false]),
        (First::Status(408), [true, true, true, false]),
        (First::Status(409), [false, false, false, false]),
        (First::Status(422), [false, false, false, false]),
        (First::Status(429), [true, true, true, true]),
        (First::Status(500), [false, false, false, false]),
        (First::Status(501), [false, false, false, false]),
        (First::Status(502), [true, true, true, false]),
        (First::Status(503), [true, true, true, false]),
        (First::Status(504), [true, true, true, false]),
        (First::Fails(Dns, false), [true, true, true, true]),
        (First::Fails(Connect, false), [true, true, true, true]),
        (First::Fails(Tls, false), [false, false, false, false]),
        (First::Fails(Timeout, false), [true, true, true, true]),
        (First::Fails(Timeout, true), [true, true, true, false]),
        (First::Fails(Reset, true), [true, true, true, false]),
        (First::Fails(BodyTooLarge, true), [false, false, false, false]),
        (First::Fails(Other, true), [false, false, false, false]),
    ];
    for (first, repeated) in rows {
        for (call, expected) in repeated.into_iter().enumerate() {
            let script = first.script();
            let contacts = client(&script, exact()).contacts();
            let contact = ExternalContact::default();
            let is_ok = match call {
                0 => contacts.get("x").send().await.is_ok(),
                1 => contacts.update("x", contact).send().await.is_ok(),
                2 => contacts.delete("x").send().await.is_ok(),
                _ => contacts.create(contact).send().await.is_ok(),
            };
            let sent = if expected { 2 } else { 1 };
            assert_eq!((is_ok, script.calls().len()), (expected, sent), "{first:?}, call {call}");
            assert_eq!(seconds(&script), vec![0.5; sent - 1], "{first:?}, call {call}");
        }
    }
}

/// Answers after which a change may have been applied, and after which it surely was not.
#[maybe_async]
pub async fn what_says_that_a_change_was_not_applied() {
    let of_the_api = r#"{"code":"no","message":"no"}"#;
    // A status, whether it says so with an error of the API's own, and whether with anything else.
    let rows = [
        (101, false, false),
        (302, false, false),
        (400, true, false),
        (401, true, false),
        (404, true, false),
        (408, false, false),
        (409, true, false),
        (422, true, false),
        (429, true, true),
        (499, true, false),
        (500, false, false),
        (503, false, false),
        (600, false, false),
        (999, false, false),
    ];
    for (status, api_says_so, anybody_says_so) in rows {
        for (body, not_applied) in [(of_the_api, api_says_so), ("{}", anybody_says_so), ("", anybody_says_so)] {
            let script = Script::new().then(status, body);
            let client = client(&script, RetryPolicy::never());
            let error = client.contacts().create(ExternalContact::default()).send().await.unwrap_err();
            assert_eq!(error.may_have_been_applied(), !not_applied, "{status} {body}: {error}");
            assert_eq!(error.to_string().ends_with("; the change may have been applied"), !not_applied, "{error}");
        }
    }
    // A success that can't be read.
    for body in ["", "<html>", "[]"] {
        let script = Script::new().then(200, body);
        let client = client(&script, exact());
        let error = client.contacts().create(ExternalContact::default()).send().await.unwrap_err();
        assert!(error.may_have_been_applied() && !error.is_retryable(), "{error}");
        assert_eq!(script.calls().len(), 1);
    }
}

/// Whatever comes after a try that may have been applied, the call may have been.
#[maybe_async]
pub async fn what_may_have_been_applied_stays_so() {
    let refused = r#"{"code":"bad.credentials","status":401}"#;
    type Last = fn(Script) -> Script;
    let lasts: [(&str, Last); 6] = [
        ("a refusal", |script| script.then(409, r#"{"code":"conflict"}"#)),
        ("a connection that is not made", |script| script.then_fails(failure(TransportErrorKind::Tls, false))),
        ("a sign-in that is refused", |script| {
            script.then(401, r#"{"code":"x"}"#).then(400, r#"{"error":"invalid_client"}"#)
        }),
        ("a sign-in that can't be read", |script| script.then(401, r#"{"code":"x"}"#).then(200, "<html>")),
        ("a sign-in that fails", |script| {
            script.then(401, r#"{"code":"x"}"#).then_fails(failure(TransportErrorKind::Tls, false))
        }),
        ("a rate limit", |script| script.then(429, "{}").then(429, "{}").then(429, "{}").then(429, "{}")),
    ];
    for (name, last) in lasts {
        let script = last(Script::signed_in().then(503, "{}"));
        let builder = Client::builder().region(Region::EuWest1).client_credentials("an-id", "s3cret");
        let client = builder.transport(script.clone()).retry(exact()).build().unwrap();
        let error = client.contacts().update("x", ExternalContact::default()).send().await.unwrap_err();
        assert!(error.may_have_been_applied(), "{name}: {error}");
        assert!(error.attempts() > 1, "{name}: {error}");
    }

    // A page of a gateway that looks like a refused token: the create may be at work behind it, so it is not sent again.
    let script = Script::signed_in().then(401, "<html>").token("another-token", 60).then(200, OK);
    let builder = Client::builder().region(Region::EuWest1).client_credentials("an-id", "s3cret");
    let client = builder.transport(script.clone()).retry(exact()).build().unwrap();
    let error = client.contacts().create(ExternalContact::default()).send().await.unwrap_err();
    assert!(error.may_have_been_applied() && !error.is_retryable(), "{error}");
    assert_eq!(script.calls().len(), 1);

    // The API's own refusal is another matter.
    let script = Script::signed_in().then(401, refused).token("another-token", 60).then(200, OK);
    let builder = Client::builder().region(Region::EuWest1).client_credentials("an-id", "s3cret");
    let client = builder.transport(script.clone()).retry(exact()).build().unwrap();
    client.contacts().create(ExternalContact::default()).send().await.unwrap();
}

/// "Not found" makes a repeated deletion a success only where the API itself says it.
#[maybe_async]
pub async fn a_gateway_does_not_say_that_something_is_deleted() {
    for (body, is_deleted) in [(r#"{"code":"not.found"}"#, true), ("{}", false), ("", false), ("<html>", false)] {
        let script = Script::new().then(503, "").then(404, body);
        let result = client(&script, exact()).contacts().delete("x").send().await;
        assert_eq!(result.is_ok(), is_deleted, "{body}");
        if let Err(error) = result {
            assert!(error.may_have_been_applied() && !error.is_not_found(), "{error}");
        }
        let script = Script::new().then(503, "").then(404, body);
        let result = client(&script, exact()).contacts().delete("x").optional().send().await;
        assert_eq!(result.ok(), is_deleted.then_some(Some(())), "{body}");
    }
}

#[maybe_async]
pub async fn tries_end_and_the_last_answer_is_what_the_caller_gets() {
    let script = (1..=9).fold(Script::new(), |script, n| script.then(503, format!(r#"{{"code":"try{n}"}}"#)));
    let error = client(&script, exact()).contacts().get("x").send().await.unwrap_err();
    assert_eq!(error.code(), Some("try5"));
    assert_eq!(seconds(&script), [0.5, 1.0, 2.0, 4.0]);

    let script = Script::new().then(503, "{}");
    let request = client(&script, exact()).contacts().get("x").retry(RetryPolicy::never());
    let error = request.send().await.unwrap_err();
    assert!(error.is_retryable(), "turned off for one request");
    assert_eq!(script.calls().len(), 1);

    let script = Script::new().then(503, "{}").then(200, OK);
    client(&script, RetryPolicy::never()).contacts().get("x").retry(exact()).optional().send().await.unwrap();
    assert_eq!(script.calls().len(), 2, "turned on for one request, whatever comes after");
}

#[maybe_async]
pub async fn waits_are_random_within_their_bounds() {
    let script = (1..=5).fold(Script::new(), |script, _| script.then(503, "{}"));
    client(&script, RetryPolicy::default()).contacts().get("x").send().await.unwrap_err();
    let waits = seconds(&script);
    assert!(waits.iter().zip([0.5, 1.0, 2.0, 4.0]).all(|(wait, most)| *wait <= most), "{waits:?}");
    assert_ne!(waits, [0.5, 1.0, 2.0, 4.0]);
}

#[maybe_async]
pub async fn what_the_service_asks_for_wins() {
    let date = ("date", "Sun, 22 Nov 2026 10:00:00 GMT");
    let cases = [
        (("retry-after", "42"), 42.0),
        (("retry-after", "Sun, 22 Nov 2026 10:00:07 GMT"), 7.0),
        (("retry-after", "Sun, 22 Nov 2026 09:00:00 GMT"), 0.0),
        (("retry-after", "soon"), 0.5),
        (("retry-after", "99999999"), 90.0),
        (("retry-after", "Sun, 22 Nov 2099 10:00:00 GMT"), 90.0),
    ];
    for (header, wait) in cases {
        for status in [429, 503] {
            let script = Script::new().then_with(status, &[date, header], "{}").then(200, OK);
            client(&script, exact()).contacts().get("x").send().await.unwrap();
            assert_eq!(seconds(&script), [wait], "{header:?}");
        }
    }
}

#[maybe_async]
pub async fn no_wait_ends_after_the_deadline() {
    let limited = |script: Script| script.then_with(429, &[("retry-after", "80")], "{}");
    let script = limited(limited(limited(Script::new()))).then(200, OK);
    let error = client(&script, exact()).contacts().get("x").send().await.unwrap_err();
    assert!(error.is_rate_limited());
    assert_eq!(error.retry_after(), Some(Duration::from_secs(80)));
    assert_eq!(seconds(&script), [80.0, 80.0], "a third wait would end after the 180 seconds");
}

#[maybe_async]
pub async fn a_repeated_deletion_that_finds_nothing_is_a_success() {
    let gone = r#"{"code":"contact.not.found"}"#;
    for first in [First::Status(503), First::Status(504), First::Fails(TransportErrorKind::Reset, true)] {
        let script = match first {
            First::Status(status) => Script::new().then(status, "{}"),
            First::Fails(kind, received) => Script::new().then_fails(failure(kind, received)),
        };
        let script = script.then(404, gone);
        client(&script, exact()).contacts().delete("x").send().await.unwrap();
        assert_eq!(script.calls().len(), 2);
    }
    let deleted = client(&Script::new().then(502, "").then(404, gone), exact()).contacts().delete("x").optional();
    let deleted = deleted.send().await.unwrap();
    assert_eq!(deleted, Some(()), "it was there");

    for script in [
        Script::new().then(404, gone),
        Script::new().then(429, "{}").then(404, gone),
        Script::new().then_fails(failure(TransportErrorKind::Connect, false)).then(404, gone),
    ] {
        let error = client(&script, exact()).contacts().delete("x").send().await.unwrap_err();
        assert!(error.is_not_found(), "no try can have deleted it");
        assert!(!error.may_have_been_applied());
    }
    let script = Script::new().then(503, "{}").then(404, gone);
    let error = client(&script, exact()).contacts().get("x").send().await.unwrap_err();
    assert!(error.is_not_found(), "a read deletes nothing");
}

#[maybe_async]
pub async fn one_try_that_may_have_been_applied_is_enough() {
    for (status, body) in [(409, "{}"), (403, "{}"), (429, "{}")] {
        let script = (0..5).fold(Script::new().then(503, "{}"), |script, _| script.then(status, body));
        let update = client(&script, exact()).contacts().update("x", ExternalContact::default());
        let error = update.send().await.unwrap_err();
        assert_eq!(error.status().unwrap().as_u16(), status);
        assert!(error.may_have_been_applied(), "{error}");
    }
    let script = Script::new().then(503, "{}").then_fails(failure(TransportErrorKind::Tls, false));
    let error = client(&script, exact()).contacts().delete("x").send().await.unwrap_err();
    assert!(error.may_have_been_applied(), "{error}");
    assert!(error.to_string().ends_with("; the change may have been applied"), "{error}");
}

#[maybe_async]
pub async fn a_sign_in_is_repeated_like_a_read() {
    let limited = r#"{"error":"invalid_request","error_description":"rate limit exceeded; try later"}"#;
    let script = Script::new()
        .then_fails(failure(TransportErrorKind::Reset, true))
        .then(400, limited)
        .then(503, "")
        .token("a-token", 3600)
        .then(200, OK);
    let builder = Client::builder().region(Region::EuWest1).client_credentials("id", "secret");
    let client = builder.transport(script.clone()).retry(exact()).build().unwrap();
    client.contacts().create(ExternalContact::default()).send().await.unwrap();
    assert_eq!((script.all().len(), script.calls().len()), (5, 1));
    assert_eq!(seconds(&script), [0.5, 1.0, 2.0]);

    let script = Script::new().then(400, r#"{"error":"invalid_client"}"#).token("a-token", 3600);
    let builder = Client::builder().region(Region::EuWest1).client_credentials("id", "wrong");
    let client = builder.transport(script.clone()).retry(exact()).build().unwrap();
    let error = client.contacts().get("x").send().await.unwrap_err();
    assert!(error.is_unauthorized());
    assert_eq!(script.all().len(), 1, "a wrong secret doesn't get right");
}

#[maybe_async]
pub async fn a_used_up_rate_limit_is_waited_out() {
    let used = |count: &'static str, reset: &'static str| {
        [("inin-ratelimit-count", count), ("inin-ratelimit-allowed", "300"), ("inin-ratelimit-reset", reset)]
    };
    let script = Script::new()
        .then_with(200, &used("299", "21"), OK)
        .then_with(200, &used("300", "20"), OK)
        .then_with(200, &used("1", "60"), OK)
        .then_with(200, &used("2", "60"), OK);
    let first = client(&script, exact());
    let second = first.clone();
    first.contacts().get("1").send().await.unwrap();
    first.contacts().get("2").send().await.unwrap();
    assert!(script.waits().is_empty());
    script.pass(Duration::from_secs(5));
    second.contacts().create(ExternalContact::default()).send().await.unwrap();
    assert_eq!(seconds(&script), [15.0], "clones share what is known");
    first.contacts().get("4").send().await.unwrap();
    assert_eq!(script.waits().len(), 1);

    let script = Script::new().then_with(200, &used("300", "999999999"), OK).then(200, OK);
    let client = client(&script, exact());
    client.contacts().get("1").send().await.unwrap();
    client.contacts().get("2").send().await.unwrap();
    assert!(script.waits().is_empty(), "an absurd window is not waited out");
}

/// The figures of a rate limit: count, allowed, reset.
fn figures(count: &'static str, allowed: &'static str, reset: &'static str) -> [(&'static str, &'static str); 3] {
    [("inin-ratelimit-count", count), ("inin-ratelimit-allowed", allowed), ("inin-ratelimit-reset", reset)]
}

#[maybe_async]
pub async fn a_reset_that_is_no_number_of_seconds_is_ignored() {
    // In milliseconds, as the seconds and as the milliseconds of an epoch, and a second more than is believed.
    for reset in ["60000", "1800000000", "1800000000000", "121", "18446744073709551615"] {
        let mut script = Script::new();
        for count in ["1", "300", "1", "2"] {
            script = script.then_with(200, &figures(count, "300", reset), OK);
        }
        let client = client(&script, exact());
        for id in ["1", "2", "3", "4"] {
            client.contacts().get(id).send().await.unwrap();
        }
        assert!(script.waits().is_empty(), "{reset}: {:?}", script.waits());
    }
}

#[maybe_async]
pub async fn limits_that_alternate_cost_a_second_at_most() {
    let mut script = Script::new();
    for _ in 0..5 {
        script = script.then_with(200, &figures("10", "300", "60"), OK).then_with(200, &figures("5", "5", "60"), OK);
    }
    let client = client(&script, exact());
    for id in 0..10 {
        client.contacts().get(id.to_string()).send().await.unwrap();
    }
    assert_eq!(seconds(&script), [1.0; 4], "once for each time that the smaller limit was said to be used up");
}

#[maybe_async]
pub async fn no_policy_is_too_large() {
    for jitter in [false, true] {
        let mut policy = RetryPolicy::default();
        policy.max_attempts = 3;
        (policy.base_delay, policy.max_wait, policy.deadline) = (Duration::MAX, Duration::MAX, Duration::MAX);
        policy.jitter = jitter;
        let mut limits = Limits::default();
        (limits.connect_timeout, limits.call_timeout) = (Duration::MAX, Duration::MAX);
        let script = Script::new().then(503, "{}").then(200, OK);
        let result = client(&script, policy.clone()).contacts().get("x").limits(limits).send().await;
        // A wait without end is not begun. A random part of it ends, on this clock.
        assert_eq!(result.is_ok(), jitter, "{result:?}");
        let asked = [("retry-after", "18446744073709551615")];
        let script =
            Script::new().then_with(429, &asked, "{}").then_with(429, &asked, "{}").then_with(429, &asked, "{}");
        let error = client(&script, policy).contacts().get("x").limits(limits).send().await.unwrap_err();
        assert!(error.is_rate_limited());
    }
}

#[maybe_async]
pub async fn a_used_up_rate_limit_can_be_an_error() {
    let used = [("inin-ratelimit-count", "300"), ("inin-ratelimit-allowed", "300"), ("inin-ratelimit-reset", "20")];
    let script = Script::new().then_with(200, &used, OK).then(200, OK);
    let builder = Client::builder().region(Region::EuWest1).access_token("t").transport(script.clone());
    // At once, although the policy would wait and try again.
    let client = builder.fail_when_rate_limited().retry(exact()).build().unwrap();
    client.contacts().get("1").send().await.unwrap();
    let error = client.contacts().create(ExternalContact::default()).send().await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::RateLimit(_)) && error.is_rate_limited() && error.is_retryable());
    assert!(!error.may_have_been_applied());
    assert_eq!(error.retry_after(), Some(Duration::from_secs(20)));
    assert_eq!(
        error.to_string(),
        "POST /api/v2/externalcontacts/contacts: not sent: the rate limit is used up for another 20 s"
    );
    assert!(script.waits().is_empty());
    script.pass(Duration::from_secs(20));
    client.contacts().get("2").send().await.unwrap();

    // One of the sign-in is one, too.
    for (status, body) in [(429, ""), (400, r#"{"error":"invalid_request","error_description":"rate limit exceeded"}"#)]
    {
        let script = Script::new().then_with(status, &[("retry-after", "42")], body).token("a-token", 60).then(200, OK);
        let builder = with(Credentials::client_credentials("id", "secret"), &script);
        let client = builder.fail_when_rate_limited().build().unwrap();
        let error = client.contacts().get("1").send().await.unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::SignIn(_)) && error.is_rate_limited() && error.is_retryable(),
            "{error}"
        );
        assert_eq!((error.retry_after(), error.attempts()), (Some(Duration::from_secs(42)), 1));
        assert!(script.waits().is_empty());
    }

    // And one that only the service knew of.
    let script = Script::new().then_with(429, &[("retry-after", "42")], "{}").then(200, OK);
    let builder = Client::builder().region(Region::EuWest1).access_token("t").transport(script.clone());
    let client = builder.fail_when_rate_limited().retry(exact()).build().unwrap();
    let error = client.contacts().get("1").send().await.unwrap_err();
    assert!(error.is_rate_limited() && error.is_retryable(), "{error}");
    assert_eq!((error.retry_after(), error.attempts()), (Some(Duration::from_secs(42)), 1));
    assert!(script.waits().is_empty());
}

fn used_up(reset: &'static str) -> [(&'static str, &'static str); 3] {
    [("inin-ratelimit-count", "300"), ("inin-ratelimit-allowed", "300"), ("inin-ratelimit-reset", reset)]
}

#[maybe_async]
pub async fn a_wait_for_the_rate_limit_that_passes_the_deadline_is_not_begun() {
    let script = Script::new().then_with(200, &used_up("60"), OK).then(200, OK);
    let mut policy = exact();
    policy.deadline = Duration::from_secs(60);
    let client = client(&script, policy);
    client.contacts().get("1").send().await.unwrap();
    let error = client.contacts().get("2").send().await.unwrap_err();
    assert!(error.is_rate_limited(), "{error}");
    assert_eq!((script.calls().len(), script.waits().len()), (1, 0));
    script.pass(Duration::from_secs(1));
    client.contacts().get("2").send().await.unwrap();
    assert_eq!(seconds(&script), [59.0]);
}

#[maybe_async]
pub async fn many_that_wait_for_the_rate_limit_are_spread() {
    let script = Script::new().then_with(200, &used_up("20"), OK).then(200, OK);
    let client = client(&script, RetryPolicy::default());
    client.contacts().get("1").send().await.unwrap();
    client.contacts().get("2").send().await.unwrap();
    let waits = seconds(&script);
    assert!(waits.len() == 1 && (20.0..21.0).contains(&waits[0]) && waits[0] != 20.0, "{waits:?}");
}

#[maybe_async]
pub async fn a_try_under_way_ends_at_the_deadline() {
    let later = [("retry-after", "80")];
    let script = Script::new().then_with(429, &later, "{}").then_with(429, &later, "{}").then(200, OK);
    client(&script, exact()).contacts().get("x").send().await.unwrap();
    let timeouts: Vec<_> = script.limits().iter().map(|limits| limits.call_timeout.as_secs()).collect();
    assert_eq!(timeouts, [30, 30, 20], "180 seconds in all, and 160 were spent waiting");

    // Signing in is part of the call, and one that is made only once has a deadline, too.
    let script = Script::signed_in().then(200, OK);
    let mut policy = RetryPolicy::never();
    policy.deadline = Duration::from_secs(3);
    with(Credentials::client_credentials("id", "secret"), &script)
        .retry(policy.clone())
        .build()
        .unwrap()
        .contacts()
        .get("x")
        .send()
        .await
        .unwrap();
    let mut expected = Limits::default();
    expected.call_timeout = policy.deadline;
    assert_eq!(script.limits(), [expected; 2]);

    // One for each call.
    let script = Script::new().then(200, OK).then(200, OK);
    let client = client(&script, policy.clone());
    client.contacts().get("x").send().await.unwrap();
    client.contacts().get("x").retry(exact()).send().await.unwrap();
    assert_eq!(script.limits(), [expected, Limits::default()]);
}

#[maybe_async]
pub async fn a_connection_is_for_the_transport_of_the_crate() {
    let script = Script::new();
    let builder = Client::builder().region(Region::EuWest1).access_token("t").transport(script.clone());
    let error = builder.connection(Connection::default().no_proxy()).build().unwrap_err().to_string();
    assert!(error.starts_with("connection: is for the transport that the crate brings"), "{error}");
}

#[maybe_async]
pub async fn limits_reach_the_transport() {
    let script = Script::new().then(200, OK).then(200, OK);
    let client = client(&script, exact());
    client.contacts().get("x").send().await.unwrap();
    let mut limits = Limits::default();
    limits.call_timeout = Duration::from_secs(2);
    client.contacts().get("x").limits(limits).send().await.unwrap();
    assert_eq!(script.limits(), [Limits::default(), limits]);
}

fn with(credentials: Credentials, script: &Script) -> ClientBuilder {
    Client::builder().region(Region::EuWest1).credentials(credentials).transport(script.clone()).retry(exact())
}

fn token(access: &str, refresh: Option<&str>) -> String {
    let refresh = refresh.map(|token| format!(r#","refresh_token":"{token}""#)).unwrap_or_default();
    format!(r#"{{"access_token":"{access}","token_type":"bearer","expires_in":3600{refresh}}}"#)
}

// base64 of id:secret
const BASIC: Option<&str> = Some("Basic aWQ6c2VjcmV0");

#[maybe_async]
pub async fn each_grant_sends_its_form() {
    let pkce = Pkce::from_verifier("v".repeat(43)).unwrap();
    let redirect = "https://app.example.com/back?a=b";
    let encoded = "https%3A%2F%2Fapp.example.com%2Fback%3Fa%3Db";
    let cases = [
        (Credentials::client_credentials("id", "secret"), "grant_type=client_credentials".to_owned(), BASIC),
        (
            Credentials::authorization_code("id", "secret", "c+de", redirect),
            format!("grant_type=authorization_code&code=c%2Bde&redirect_uri={encoded}"),
            BASIC,
        ),
        (
            Credentials::pkce("id", "code", &pkce, redirect),
            format!(
                "grant_type=authorization_code&code=code&code_verifier={}&redirect_uri={encoded}&client_id=id",
                pkce.verifier()
            ),
            None,
        ),
        (
            Credentials::refresh_token("id", "secret", "r1"),
            "grant_type=refresh_token&refresh_token=r1".to_owned(),
            BASIC,
        ),
        (
            Credentials::saml2_bearer("id", "secret", "acme", "<assertion/>"),
            "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Asaml2-bearer&orgName=acme\
                &assertion=%3Cassertion%2F%3E"
                .to_owned(),
            BASIC,
        ),
    ];
    for (credentials, form, basic) in cases {
        let name = format!("{credentials:?}");
        let script = Script::new().then(200, token("a", None)).then(200, OK);
        with(credentials, &script).build().unwrap().contacts().get("x").send().await.unwrap();
        let all = script.all();
        assert_eq!(all[0].line(), "POST https://login.mypurecloud.ie/oauth/token");
        assert_eq!(String::from_utf8_lossy(&all[0].body), form, "{name}");
        assert_eq!(all[0].header("authorization"), basic, "{name}");
        assert_eq!(all[1].header("authorization"), Some("Bearer a"), "{name}");
    }
}

#[maybe_async]
pub async fn what_a_grant_lacks_is_told_before_anything_is_sent() {
    let pkce = Pkce::generate().unwrap();
    let cases = [
        (Credentials::access_token(""), "access token: is empty"),
        (Credentials::access_token("a\nb"), "access token: has characters that can't stand in a header"),
        (Credentials::client_credentials("", "secret"), "client id: is empty"),
        (Credentials::client_credentials("id", ""), "client secret: is empty"),
        (Credentials::authorization_code("id", "secret", "", "uri"), "authorization code: is empty"),
        (Credentials::authorization_code("id", "secret", "code", ""), "redirect uri: is empty"),
        (Credentials::pkce("id", "", &pkce, "uri"), "authorization code: is empty"),
        (Credentials::refresh_token("id", "secret", ""), "refresh token: is empty"),
        (Credentials::saml2_bearer("id", "secret", "", "assertion"), "organization name: is empty"),
        (Credentials::saml2_bearer("id", "secret", "acme", ""), "assertion: is empty"),
    ];
    for (credentials, message) in cases {
        let error = with(credentials, &Script::new()).build().unwrap_err().to_string();
        assert!(error.starts_with(message), "{error}");
    }
    let missing = Client::builder().region(Region::EuWest1).transport(Script::new()).build().unwrap_err().to_string();
    assert!(missing.starts_with("credentials: are missing; call client_credentials(id, secret)"), "{missing}");
    let missing = Client::builder().access_token("t").transport(Script::new()).build().unwrap_err().to_string();
    assert_eq!(missing, "region: is missing; call region(…), or api_url(…)");
}

#[maybe_async]
pub async fn a_rotated_refresh_token_is_used_and_handed_over() {
    let stored = Arc::new(Mutex::new(Vec::new()));
    let keep = Arc::clone(&stored);
    let script = Script::new()
        .then(200, token("a", Some("r1")))
        .then(200, OK)
        .then(200, token("b", Some("r2")))
        .then(200, OK)
        .then(200, token("c", None))
        .then(200, OK)
        .then(200, token("d", Some("r3")))
        .then(200, OK);
    let credentials = Credentials::authorization_code("id", "secret", "code", "uri");
    let builder = with(credentials, &script).on_refresh_token(move |token| keep.lock().unwrap().push(token.to_owned()));
    let client = builder.build().unwrap();
    for _ in 0..4 {
        client.contacts().get("x").send().await.unwrap();
        script.pass(Duration::from_secs(3600));
    }
    let all = script.all();
    let forms: Vec<_> = all.iter().step_by(2).map(|sent| String::from_utf8_lossy(&sent.body)).collect();
    let refresh = |token: &str| format!("grant_type=refresh_token&refresh_token={token}");
    assert_eq!(forms[1..], [refresh("r1"), refresh("r2"), refresh("r2")], "none given: the old one stands");
    assert_eq!(*stored.lock().unwrap(), ["r1", "r2", "r3"]);
}

#[maybe_async]
pub async fn a_code_without_a_refresh_token_is_good_for_one_token() {
    let script = Script::new().then(200, token("a", None)).then(200, OK);
    let credentials = Credentials::authorization_code("id", "secret", "code", "uri");
    let client = with(credentials, &script).build().unwrap();
    client.contacts().get("x").send().await.unwrap();
    script.pass(Duration::from_secs(3600));
    let error = client.contacts().get("x").send().await.unwrap_err().to_string();
    assert!(error.contains("no refresh token; let the user sign in again"), "{error}");
    assert_eq!(script.all().len(), 2, "a code is not sent twice");
}

/// What is good once is sent again only where it surely did not arrive.
#[maybe_async]
pub async fn a_grant_that_is_good_once_is_not_sent_twice() {
    type First = fn(Script) -> Script;
    let firsts: [(&str, bool, First); 9] = [
        ("never sent", true, |script| script.then_fails(failure(TransportErrorKind::Timeout, false))),
        ("429", true, |script| script.then_with(429, &[("retry-after", "1")], "")),
        ("rate limit", true, |script| {
            script.then(400, r#"{"error":"invalid_request","error_description":"rate limit exceeded"}"#)
        }),
        ("timeout", false, |script| script.then_fails(failure(TransportErrorKind::Timeout, true))),
        ("reset", false, |script| script.then_fails(failure(TransportErrorKind::Reset, true))),
        ("503", false, |script| script.then(503, "")),
        ("499", false, |script| script.then(499, "")),
        ("refused", false, |script| script.then(400, r#"{"error":"invalid_grant"}"#)),
        ("no token", false, |script| script.then(200, "<html>")),
    ];
    let pkce = Pkce::generate().unwrap();
    let grants = [
        (Credentials::authorization_code("id", "secret", "code", "uri"), "the authorization code is good once"),
        (Credentials::pkce("id", "code", &pkce, "uri"), "the authorization code is good once"),
        (Credentials::refresh_token("id", "secret", "r0"), "the refresh token is good once"),
    ];
    for (credentials, advice) in grants {
        for (name, is_repeated, first) in firsts {
            let script = first(Script::new()).then(200, token("a", Some("r1"))).then(200, OK).then(200, OK);
            let client = with(credentials.clone(), &script).build().unwrap();
            let result = client.contacts().get("x").send().await;
            let sign_ins = script.all().len() - script.calls().len();
            assert_eq!((result.is_ok(), sign_ins), (is_repeated, 1 + usize::from(is_repeated)), "{advice} {name}");
            let Err(error) = result else { continue };
            assert!(error.may_have_used_grant() && !error.is_retryable(), "{error}");
            assert!(
                error.to_string().contains(advice) && error.to_string().contains("let the user sign in again"),
                "{error}"
            );
            assert_eq!(error.attempts(), 1, "{name}");
            // Nor does a later call send it.
            let error = client.contacts().get("x").send().await.unwrap_err();
            assert!(error.may_have_used_grant() && error.to_string().contains(advice), "{error}");
            assert_eq!(script.all().len(), 1, "{advice} {name}");
        }
    }
    // What is good as often as one likes is not held back.
    let script = Script::new().then(503, "").token("a", 60).then(200, OK);
    with(Credentials::saml2_bearer("id", "secret", "acme", "assertion"), &script)
        .build()
        .unwrap()
        .contacts()
        .get("x")
        .send()
        .await
        .unwrap();
    // Nor is a refresh token that was taken before and stands: it doesn't rotate.
    let script =
        Script::new().then(200, token("a", None)).then(200, OK).then(503, "").then(200, token("b", None)).then(200, OK);
    let client = with(Credentials::refresh_token("id", "secret", "r0"), &script).build().unwrap();
    client.contacts().get("x").send().await.unwrap();
    script.pass(Duration::from_secs(3600));
    client.contacts().get("x").send().await.unwrap();
}

/// A success that is odd in part: what came is used, kept and told.
#[maybe_async]
pub async fn an_odd_token_answer_loses_nothing() {
    // The lifetime as it is written, and how long the token is used.
    for (lifetime, used_for) in [
        (r#""3600""#, Some(3540)),
        ("3600.0", Some(3540)),
        ("3600.9", Some(3540)),
        ("-1", None),
        (r#""soon""#, None),
        ("null", None),
        ("{}", None),
    ] {
        let told = Arc::new(Mutex::new(Vec::new()));
        let keep = Arc::clone(&told);
        let body = format!(r#"{{"access_token":"a","expires_in":{lifetime},"refresh_token":"r1"}}"#);
        let script = Script::new().then(200, body).then(200, OK).then(200, OK);
        let client = with(Credentials::refresh_token("id", "secret", "r0"), &script)
            .on_refresh_token(move |token| keep.lock().unwrap().push(token.to_owned()))
            .build()
            .unwrap();
        client.contacts().get("x").send().await.unwrap();
        assert_eq!(*told.lock().unwrap(), ["r1"], "{lifetime}");
        script.pass(Duration::from_secs(used_for.unwrap_or(1_000_000) - 1));
        client.contacts().get("x").send().await.unwrap();
        assert_eq!((script.calls().len(), script.all().len()), (2, 3), "{lifetime}");
        script.pass(Duration::from_secs(2));
        script.clone().then(200, token("b", Some("r2"))).then(200, OK);
        client.contacts().get("x").send().await.unwrap();
        assert_eq!(script.all().len(), if used_for.is_some() { 5 } else { 4 }, "{lifetime}");
    }

    // A token that no header can hold is an error; the refresh token that came with it is the one that is good now.
    let told = Arc::new(Mutex::new(Vec::new()));
    let keep = Arc::clone(&told);
    let script = Script::new()
        .then(200, r#"{"access_token":"a\nb","expires_in":60,"refresh_token":"r1"}"#)
        .then(200, token("b", Some("r2")))
        .then(200, OK);
    let client = with(Credentials::refresh_token("id", "secret", "r0"), &script)
        .on_refresh_token(move |token| keep.lock().unwrap().push(token.to_owned()))
        .build()
        .unwrap();
    let error = client.contacts().get("x").send().await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Decode(_)) && !error.may_have_used_grant(), "{error}");
    assert_eq!(*told.lock().unwrap(), ["r1"]);
    client.contacts().get("x").send().await.unwrap();
    assert_eq!(String::from_utf8_lossy(&script.all()[1].body), "grant_type=refresh_token&refresh_token=r1");
    assert_eq!(*told.lock().unwrap(), ["r1", "r2"]);
}

/// A sign-in is for everybody: it has the limits of the client, whatever those of the call that needs it are.
#[maybe_async]
pub async fn a_sign_in_has_the_limits_of_the_client() {
    let script = Script::signed_in().then(200, OK);
    let client = with(Credentials::client_credentials("id", "secret"), &script).build().unwrap();
    let mut limits = Limits::default();
    limits.call_timeout = Duration::from_millis(200);
    client.contacts().get("x").limits(limits).send().await.unwrap();
    assert_eq!(script.limits(), [Limits::default(), limits]);
}

/// A token that came after the end of the call's time is no use to it, and is there for the next one.
#[maybe_async]
pub async fn a_wait_for_a_sign_in_ends_with_the_limits_of_the_call() {
    let mut policy = exact();
    policy.deadline = Duration::from_secs(1);
    for limited_by_deadline in [true, false] {
        let sandbox = Sandbox::new();
        sandbox.next_calls(1).matching("POST", "/oauth/token").delay(Duration::from_secs(6));
        let builder = Client::builder().region(Region::EuWest1).transport(sandbox.clone());
        let client = builder.client_credentials(Sandbox::CLIENT_ID, Sandbox::CLIENT_SECRET).build().unwrap();
        let call = client.contacts().search();
        let mut limits = Limits::default();
        limits.call_timeout = Duration::from_secs(1);
        let call = if limited_by_deadline {
            call.retry(policy.clone())
        } else {
            call.limits(limits).retry(RetryPolicy::never())
        };
        let error = call.send().await.unwrap_err();
        assert!(error.is_timeout() && error.to_string().contains("sign-in at"), "{error}");
        assert_eq!(sandbox.requests().len(), 1, "the sign-in");
        client.contacts().search().send().await.unwrap();
        assert_eq!(sandbox.requests().len(), 2, "its token is used");
    }
}

/// A token that has expired when it comes is good for the call that waited for it.
#[maybe_async]
pub async fn a_token_without_a_lifetime_is_used_once() {
    let script = (0..3).fold(Script::new(), |script, _| script.token("a", 0).then(200, OK));
    let client = with(Credentials::client_credentials("id", "secret"), &script).build().unwrap();
    for _ in 0..3 {
        client.contacts().get("x").send().await.unwrap();
    }
    assert_eq!((script.all().len(), script.calls().len()), (6, 3));
}

#[maybe_async]
pub async fn signing_out_forgets_the_token() {
    let script = Script::signed_in().then(200, "").token("b", 3600).then(200, OK);
    let client = with(Credentials::client_credentials("id", "secret"), &script).build().unwrap();
    client.sign_out().await.unwrap();
    client.contacts().get("x").send().await.unwrap();
    let lines: Vec<_> = script.all().iter().map(|sent| sent.line()).collect();
    assert_eq!(lines[1], "DELETE https://api.mypurecloud.ie/api/v2/tokens/me");
    assert_eq!(lines[2], "POST https://login.mypurecloud.ie/oauth/token");
    assert_eq!(script.all()[3].header("authorization"), Some("Bearer b"));
}

#[maybe_async]
pub async fn a_day_of_calls_with_tokens_of_half_an_hour() {
    let script = Script::new();
    let client = with(Credentials::client_credentials("id", "secret"), &script).build().unwrap();
    let mut sign_ins = 0;
    for call in 0..24 * 60 {
        // A call a minute. A token of 30 minutes is used for 29.
        if call % 29 == 0 {
            sign_ins += 1;
            script.clone().token(&format!("token{sign_ins}"), 1800);
        }
        script.clone().then(200, OK);
        client.contacts().get("x").send().await.unwrap();
        script.pass(Duration::from_secs(60));
    }
    assert_eq!((script.all().len(), script.calls().len()), (1440 + 50, 1440));
}

#[maybe_async]
pub async fn an_export_of_a_day_with_tokens_of_half_an_hour() {
    const MINUTE: Duration = Duration::from_secs(60);
    // Both end a token's life: the client counts on one, the service says so of the other.
    for (revokes, fewest, most) in [(false, 48, 50), (true, 144, 200)] {
        let sandbox = Sandbox::builder().token_lifetime(30 * MINUTE).build();
        sandbox.generate_contacts(20);
        let builder = Client::builder().region(Region::EuWest1).transport(sandbox.clone());
        let client = builder.client_credentials(Sandbox::CLIENT_ID, Sandbox::CLIENT_SECRET).build().unwrap();
        let (start, mut exported) = (sandbox.now(), 0);
        // Ten pages, a minute for each.
        while sandbox.now() - start < 24 * 60 * MINUTE {
            let mut items = client.contacts().search().page_size(2).items();
            let mut ids = HashSet::new();
            while let Some(contact) = items.next().await {
                ids.insert(contact.unwrap().id.unwrap());
                if ids.len() % 2 == 0 {
                    sandbox.advance(MINUTE);
                }
                if revokes && ids.len() == 11 {
                    sandbox.revoke_tokens();
                }
            }
            exported += ids.len();
        }
        let sign_ins = sandbox.requests().iter().filter(|request| request.path == "/oauth/token").count();
        assert_eq!(exported, 144 * 20);
        assert!((fewest..=most).contains(&sign_ins), "{sign_ins}");
    }
}

#[maybe_async]
pub async fn each_attempt_is_told() {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let keep = Arc::clone(&heard);
    let script = Script::signed_in()
        .then(503, "{}")
        .then_fails(failure(TransportErrorKind::Reset, true))
        .then(401, "{}")
        .token("b-token", 3600)
        .then(200, OK);
    let builder = with(Credentials::client_credentials("id", "secret"), &script).on_attempt(move |attempt| {
        let what = attempt.status.map(|status| status.to_string()).or(attempt.failure.map(|kind| format!("{kind:?}")));
        keep.lock().unwrap().push(format!("{} {} {}", attempt.route, attempt.number, what.unwrap()));
    });
    builder.build().unwrap().contacts().get("an-id").send().await.unwrap();
    let get = "GET /api/v2/externalcontacts/contacts/{contactId}";
    let expected = ["1 503 Service Unavailable", "2 Reset", "3 401 Unauthorized", "3 200 OK"];
    assert_eq!(*heard.lock().unwrap(), expected.map(|what| format!("{get} {what}")));
}
