//! Misbehavior on demand.

use genesys_external_contacts::sandbox::NextCalls;

use super::*;

//
// Here the crate's own client takes part: it is what misbehavior is there to test.

type Misbehave = fn(NextCalls<'_>);

fn contact(name: &str) -> ExternalContact {
    ExternalContact::default().with_last_name(name)
}

#[test]
fn retries_get_through_misbehavior() {
    let misbehave: [(&str, Misbehave); 9] = [
        ("503", |calls| calls.fail(503)),
        ("504 after applying", |calls| calls.after_applying().fail(504)),
        ("HTML", |calls| calls.answer(502, "text/html", "<h1>Bad Gateway</h1>")),
        ("429", |calls| calls.rate_limit(Duration::from_secs(7))),
        ("reset", |calls| calls.reset()),
        ("reset after applying", |calls| calls.after_applying().reset()),
        ("timeout", |calls| calls.time_out()),
        ("timeout after applying", |calls| calls.after_applying().time_out()),
        ("too slow", |calls| calls.delay(Duration::from_secs(31))),
    ];
    for (what, misbehave) in misbehave {
        let sandbox = Sandbox::new();
        let client = sandbox.client();
        let created = client.contacts().create(contact("Lovelace")).send().unwrap();
        let id = created.id.clone().unwrap();
        let sent = sandbox.requests().len();
        misbehave(sandbox.next_calls(3).matching("PUT", "/contacts/*"));
        client.contacts().update(&id, created).send().unwrap_or_else(|error| panic!("{what}: {error}"));
        misbehave(sandbox.next_calls(3).matching("DELETE", "/contacts/*"));
        client.contacts().delete(&id).send().unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(sandbox.requests().len(), sent + 8, "{what}");
        assert_eq!(client.contacts().search().send().unwrap().total, Some(0));
    }
}

#[test]
fn a_create_is_applied_once_or_reported() {
    // Whether it is there, whether the client says that it may be, and how often it was received.
    let cases: [(Misbehave, u32, Option<bool>, usize); 10] = [
        (|calls| calls.refuse_connection(), 1, None, 1),
        (|calls| calls.rate_limit(Duration::from_secs(1)), 1, None, 2),
        (|calls| calls.delay(Duration::from_secs(29)), 1, None, 1),
        (|calls| calls.delay(Duration::from_secs(31)), 1, Some(true), 1),
        (|calls| calls.reset(), 0, Some(true), 1),
        (|calls| calls.after_applying().reset(), 1, Some(true), 1),
        (|calls| calls.after_applying().time_out(), 1, Some(true), 1),
        (|calls| calls.after_applying().fail(504), 1, Some(true), 1),
        (|calls| calls.fail(503), 0, Some(true), 1),
        (|calls| calls.fail(409), 0, Some(false), 1),
    ];
    for (misbehave, exists, is_reported, received) in cases {
        let sandbox = Sandbox::new();
        misbehave(sandbox.next_calls(1).matching("POST", "/contacts"));
        let client = sandbox.client();
        let result = client.contacts().create(contact("Lovelace")).send();
        assert_eq!(result.as_ref().err().map(|error| error.may_have_been_applied()), is_reported, "{result:?}");
        let posts = sandbox.requests().iter().filter(|request| request.path == CONTACTS).count();
        assert_eq!(posts, received, "{result:?}");
        assert_eq!(client.contacts().search().send().unwrap().total, Some(i64::from(exists)), "{result:?}");
    }
}

#[test]
fn sign_ins_misbehave_where_they_are_named() {
    let sandbox = Sandbox::new();
    sandbox.next_calls(2).matching("POST", "/oauth/token").rate_limit(Duration::from_secs(30));
    sandbox.next_calls(1).matching("POST", "/oauth/token").reset();
    sandbox.next_calls(1).fail(503);
    let client = sandbox.client();
    client.contacts().search().send().unwrap();
    let paths: Vec<_> = sandbox.requests().into_iter().map(|request| request.path).collect();
    assert_eq!(paths.iter().filter(|path| *path == "/oauth/token").count(), 4);
    assert_eq!(paths.iter().filter(|path| *path == CONTACTS).count(), 2);
    // Nothing is left over.
    client.contacts().search().send().unwrap();
    assert_eq!(sandbox.requests().len(), 7);
}

#[test]
fn every_status_has_a_body_of_the_service() {
    let api = Api::new();
    for status in [400, 401, 403, 404, 405, 408, 409, 413, 415, 418, 422, 429, 500, 501, 502, 503, 504, 599] {
        api.sandbox.next_calls(1).fail(status);
        let answer = api.get(CONTACTS);
        assert_eq!((answer.status, &answer.body["status"]), (status, &json!(status)));
        assert!(!answer.code().is_empty() && !answer.body["message"].as_str().unwrap().is_empty(), "{status}");
        assert_eq!(answer.body["contextId"], answer.header("inin-correlation-id"));
    }
    // A connection that breaks is what a gateway makes of it.
    api.sandbox.next_calls(1).reset();
    assert_eq!(api.get(CONTACTS).status, 504);
    // No status at all.
    api.sandbox.next_calls(1).fail(7);
    assert_eq!(api.get(CONTACTS).status, 500);
    api.sandbox.next_calls(0).fail(503);
    assert_eq!(api.get(CONTACTS).status, 200);
}

#[test]
fn the_async_transport_misbehaves_alike() {
    #[cfg(feature = "async")]
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
        let sandbox = Sandbox::new();
        sandbox.next_calls(2).matching("GET", "/contacts").reset();
        sandbox.next_calls(1).matching("POST", "/contacts").after_applying().reset();
        let client = sandbox.async_client();
        let error = client.contacts().create(contact("Lovelace")).send().await.unwrap_err();
        assert!(error.may_have_been_applied());
        assert_eq!(client.contacts().search().send().await.unwrap().total, Some(1));
    });
}

#[test]
fn a_call_that_hangs_takes_its_limits() {
    let sandbox = Sandbox::new();
    let contacts = sandbox.client();
    let contacts = contacts.contacts();
    contacts.search().send().unwrap();
    for (delay, applied) in [(0, false), (10, true)] {
        let before = sandbox.now();
        sandbox.next_calls(1).delay(Duration::from_secs(delay));
        let hanging = sandbox.next_calls(1).matching("POST", "/contacts");
        if applied {
            hanging.after_applying().hang()
        } else {
            hanging.hang()
        }
        let error = contacts.create(contact("Lovelace")).send().unwrap_err();
        assert!(error.is_timeout() && error.may_have_been_applied(), "{error}");
        let passed = sandbox.now() - before;
        assert!(passed >= Duration::from_secs(30) && passed < Duration::from_secs(40), "{passed:?}");
        assert_eq!(contacts.search().send().unwrap().total, Some(i64::from(applied)));
    }
    // Over HTTP, the gateway gives up.
    sandbox.next_calls(1).hang();
    assert_eq!(Api::of(sandbox).get(CONTACTS).status, 504);
}

#[cfg(feature = "async")]
mod nonblocking {
    use std::future::Future;
    use std::pin::pin;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::task::{Context, Poll, Wake, Waker};

    use genesys_external_contacts::RetryPolicy;

    use super::*;

    /// Counts how often a task is woken.
    #[derive(Default)]
    struct Count(AtomicU32);

    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    #[tokio::test]
    async fn a_call_that_hangs_can_be_given_up() {
        let sandbox = Sandbox::new();
        let client = sandbox.async_client();
        client.contacts().search().send().await.unwrap();
        sandbox.next_calls(2).matching("POST", "/contacts").after_applying().hang();
        for created in 1..=2 {
            // The call is polled once, and nothing is left of the time.
            let create = client.contacts().create(contact("Lovelace")).send();
            assert!(tokio::time::timeout(Duration::ZERO, create).await.is_err());
            assert_eq!(client.contacts().search().send().await.unwrap().total, Some(created));
        }
        assert!(client.contacts().create(contact("Hopper")).send().await.is_ok());
    }

    #[test]
    fn a_call_that_hangs_ends_when_its_limits_have_passed() {
        let sandbox = Sandbox::new();
        let client = sandbox.async_client();
        let count = Arc::new(Count::default());
        let waker = Waker::from(Arc::clone(&count));
        let mut context = Context::from_waker(&waker);
        let request = || client.contacts().search().retry(RetryPolicy::never()).send();
        assert!(pin!(request()).poll(&mut context).is_ready());

        sandbox.next_calls(2).hang();
        let (mut first, mut dropped) = (Box::pin(request()), Box::pin(request()));
        assert!(first.as_mut().poll(&mut context).is_pending());
        assert!(dropped.as_mut().poll(&mut context).is_pending());
        assert!(first.as_mut().poll(&mut context).is_pending());
        drop(dropped);
        count.0.store(0, Ordering::SeqCst);

        sandbox.advance(Duration::from_secs(10));
        assert_eq!(count.0.swap(0, Ordering::SeqCst), 1, "the one that is left is woken");
        assert!(first.as_mut().poll(&mut context).is_pending());

        // Somebody else's wait is time that passes, too.
        let later = sandbox.now() + Duration::from_secs(20);
        genesys_external_contacts::Transport::sleep_until(&sandbox, later);
        assert_eq!(count.0.swap(0, Ordering::SeqCst), 1);
        let Poll::Ready(Err(error)) = first.as_mut().poll(&mut context) else { panic!("still hanging") };
        assert!(error.is_timeout());
        assert!(pin!(request()).poll(&mut context).is_ready());
    }
}
