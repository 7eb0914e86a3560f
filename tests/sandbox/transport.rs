//! The sandbox as a transport.

use super::*;

/// No runtime: the answer is there when the future is polled for the first time. A wait lets others run once.
#[cfg(feature = "async")]
#[test]
fn it_is_an_async_transport() {
    use std::task::{Context, Poll, Waker};

    let sandbox = Sandbox::new();
    let client = sandbox.async_client();
    let mut call = Box::pin(client.contacts().search().send());
    let Poll::Ready(Ok(page)) = call.as_mut().poll(&mut Context::from_waker(Waker::noop())) else {
        panic!("no page");
    };
    assert_eq!(page.total, Some(0));
    let before = sandbox.now();
    let minute = before + Duration::from_secs(60);
    let mut sleep = genesys_external_contacts::AsyncTransport::sleep_until(&sandbox, minute);
    assert!(sleep.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    assert!(sleep.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready());
    assert!(sandbox.now() - before >= Duration::from_secs(60));
}

#[test]
fn a_transport_keeps_its_limits() {
    use genesys_external_contacts::{Limits, Transport, TransportErrorKind};

    let sandbox = Sandbox::new();
    let send = |max_body| {
        let mut limits = Limits::default();
        limits.max_body = max_body;
        Transport::send(&sandbox, Request::get(CONTACTS).body(Vec::new()).unwrap(), limits)
    };
    let length = send(u64::MAX).unwrap().body().len() as u64;
    assert!(send(length).is_ok());
    assert_eq!(send(length - 1).unwrap_err().kind(), TransportErrorKind::BodyTooLarge);
}

/// However long they are: waits take no time, and begin and end on the clock of the sandbox.
#[test]
fn waits_of_several_threads_overlap() {
    use genesys_external_contacts::Transport;

    let sandbox = Sandbox::new();
    let began = sandbox.now();
    let hour = began + Duration::from_secs(3600);
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| Transport::sleep_until(&sandbox, hour));
        }
    });
    let passed = sandbox.now() - began;
    assert!(passed >= Duration::from_secs(3600) && passed < Duration::from_secs(7200), "{passed:?}");
    // What has passed is not waited for, and the clock doesn't go back.
    Transport::sleep_until(&sandbox, began);
    assert!(sandbox.now() >= hour);
    sandbox.advance(Duration::MAX);
    assert!(sandbox.now() >= hour);
}

/// Each is told to wait for a minute, while the others are.
#[cfg(feature = "async")]
#[tokio::test]
async fn waits_of_several_tasks_overlap() {
    let sandbox = Sandbox::new();
    let client = sandbox.async_client();
    client.contacts().search().send().await.unwrap();
    let began = sandbox.now();
    sandbox.next_calls(16).rate_limit(Duration::from_secs(60));
    let tasks: Vec<_> = (0..16).map(|_| tokio::spawn(client.contacts().search().send())).collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    let passed = sandbox.now() - began;
    assert!(passed >= Duration::from_secs(60) && passed < Duration::from_secs(120), "{passed:?}");
    assert_eq!(sandbox.requests().len(), 2 + 32);
}
