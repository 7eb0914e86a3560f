//! The sandbox as a transport.

use super::*;

/// No runtime: the answer is there when the future is polled for the first time.
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
    let sleep = genesys_external_contacts::AsyncTransport::sleep(&sandbox, Duration::from_secs(60));
    assert!(Box::pin(sleep).as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready());
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
    // Waiting takes no time, however long.
    Transport::sleep(&sandbox, Duration::MAX);
    Transport::sleep(&sandbox, Duration::from_secs(3600));
    assert!(Transport::now(&sandbox) > std::time::Instant::now() + Duration::from_secs(3599));
}
