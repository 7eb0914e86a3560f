//! Requests of every form, and clients of every kind.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use genesys_external_contacts::sandbox::Sandbox;

use super::{Connection, FORM, REQUEST, create_head, over_http, raw, sign_in_head};
use crate::server::Server;
use crate::server::program::Bounds;

#[test]
fn requests_are_read_however_they_are_written() {
    let (_client, server) = over_http(&Sandbox::new());
    let sign_in =
        |head: &str, body: &str| raw(&server, &format!("{}Connection: close\r\n{head}\r\n{body}", sign_in_head()));
    let chunked = "5;x=y\r\ngrant\r\n18\r\n_type=client_credentials\r\n0\r\nTrailer: x\r\n\r\n";
    for (head, body) in [
        ("Content-Length: 29\r\n", FORM),
        ("Transfer-Encoding: chunked\r\n", chunked),
        ("Expect: 100-continue\r\nContent-Length: 29\r\n", FORM),
    ] {
        let answer = sign_in(head, body);
        assert!(answer.contains("HTTP/1.1 200 OK\r\n") && answer.contains("access_token"), "{head}: {answer}");
    }
    for (head, body, status) in [
        ("Content-Length: 29\r\nContent-Length: 30\r\n", FORM, "400"),
        ("Transfer-Encoding: gzip\r\n", FORM, "400"),
        ("Transfer-Encoding: chunked\r\n", "zz\r\n", "400"),
        ("Transfer-Encoding: chunked\r\n", "1\r\nabc\r\n", "400"),
        ("Content-Length: -1\r\n", FORM, "400"),
        ("no colon\r\n", "", "400"),
        (&*format!("X: {}\r\n", "x".repeat(70_000)), "", "431"),
    ] {
        let answer = sign_in(head, body);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{head}: {answer}");
    }
    // Some clients end their side when they have sent all.
    let mut connection = Connection::to(server.address());
    connection.send(format!("{}Content-Length: 29\r\n\r\n{FORM}", sign_in_head()));
    connection.0.get_mut().shutdown(Shutdown::Write).unwrap();
    assert!(connection.receive().1.contains("access_token"));
    let head = raw(&server, "HEAD /api/v2/tokens/me HTTP/1.0\r\n\r\n");
    assert!(head.starts_with("HTTP/1.0 401 ") && head.ends_with("\r\n\r\n"), "{head}");
    for nonsense in ["GET\r\n\r\n", "GET / HTTP/2.0\r\n\r\n", "GET http:// HTTP/1.1\r\n\r\n", "\0\0\0"] {
        let answer = raw(&server, nonsense);
        assert!(answer.starts_with("HTTP/1.1 400 "), "{nonsense}: {answer}");
    }
}

/// Who expects to be told to go on sends no body before that.
#[test]
fn a_client_is_told_to_send_the_body() {
    let (_client, server) = over_http(&Sandbox::new());
    let mut connection = Connection::to(server.address());
    connection.send(format!("{}Expect: 100-continue\r\nContent-Length: 29\r\n\r\n", sign_in_head()));
    assert_eq!(connection.receive().0, "HTTP/1.1 100 Continue\r\n\r\n");
    let (head, body) = connection.exchange(FORM);
    assert!(head.starts_with("HTTP/1.1 200 ") && body.contains("access_token"), "{head}{body}");

    // Who would send too much is told so instead.
    let head = create_head(&mut connection);
    connection.send(format!("{head}Expect: 100-continue\r\nContent-Length: 99999999999\r\n\r\n"));
    let (head, body) = connection.receive();
    assert!(head.starts_with("HTTP/1.1 413 ") && body.contains("request.entity.too.large"), "{head}{body}");
    assert!(connection.is_closed());
}

#[test]
fn requests_that_come_at_once_are_answered_in_their_order() {
    let sandbox = Sandbox::new();
    let (_client, server) = over_http(&sandbox);
    let requests: Vec<_> = (0..200).map(|number| format!("GET /{number} HTTP/1.1\r\nHost: x\r\n\r\n")).collect();
    for number in 0..200 {
        sandbox.next_calls(1).matching("GET", &format!("/{number}")).answer(200, "text/plain", format!("no. {number}"));
    }
    let mut connection = Connection::to(server.address());
    connection.send(requests.concat());
    for number in 0..200 {
        let (head, body) = connection.receive();
        assert!(head.starts_with("HTTP/1.1 200 ") && body == format!("no. {number}"), "{number}: {head}{body}");
    }
}

#[test]
fn connections_break_where_the_sandbox_says_so() {
    let sandbox = Sandbox::new();
    let (_client, server) = over_http(&sandbox);
    for misbehave in [
        (|sandbox| sandbox.next_calls(1).reset()) as fn(&Sandbox),
        |sandbox| sandbox.next_calls(1).time_out(),
        |sandbox| sandbox.next_calls(1).refuse_connection(),
    ] {
        misbehave(&sandbox);
        // What was answered before that arrives.
        let ok = REQUEST.replace("GET / ", "POST /oauth/token ");
        let answer = raw(&server, &[&ok, REQUEST].concat());
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{answer}");
    }
}

#[test]
fn bodies_that_are_too_large_are_refused_as_by_the_service() {
    let (_client, server) = over_http(&Sandbox::new());
    let mut connection = Connection::to(server.address());
    let head = create_head(&mut connection);
    let body = |length: usize| {
        let title = "x".repeat(length - r#"{"title":""}"#.len());
        format!(r#"{{"title":"{title}"}}"#)
    };
    let whole = |body: &str| format!("{head}Content-Length: {}\r\n\r\n{body}", body.len());
    let in_chunks = |body: &str| {
        let chunks = body.as_bytes().chunks(100_000).map(|chunk| std::str::from_utf8(chunk).unwrap());
        let chunks: String = chunks.map(|chunk| format!("{:x}\r\n{chunk}\r\n", chunk.len())).collect();
        format!("{head}Transfer-Encoding: chunked\r\n\r\n{chunks}0\r\n\r\n")
    };
    // Titles have at most 1,000 characters: 422.
    for (length, status) in [(512_000, "422"), (512_001, "413"), (2_000_000, "413"), (16 << 20, "413")] {
        for request in [whole(&body(length)), in_chunks(&body(length))] {
            // The connection goes on all the same.
            let (head, answer) = connection.exchange(&request);
            assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{length}: {head}");
            let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
            assert_eq!(answer["code"] == "request.entity.too.large", status == "413", "{length}: {answer}");
        }
    }
}

/// Without the limit it would be read for ever.
#[test]
fn a_body_without_an_end_is_not_read_on() {
    const FAR_TOO_MUCH: usize = 128 << 20;
    let (_client, server) = over_http(&Sandbox::new());
    let mut connection = Connection::to(server.address());
    let head = create_head(&mut connection);
    connection.send(format!("{head}Transfer-Encoding: chunked\r\n\r\n"));
    let chunk = format!("10000\r\n{}\r\n", "x".repeat(1 << 16));
    let mut sent = 0;
    while sent < FAR_TOO_MUCH && connection.0.get_mut().write_all(chunk.as_bytes()).is_ok() {
        sent += chunk.len();
    }
    assert!((16 << 20..FAR_TOO_MUCH).contains(&sent), "{sent}");
    assert!(connection.is_closed());
}

/// Each of these does something less than the timeout apart, and would hold its connection for ever.
#[test]
fn slow_clients_lose_their_connection() {
    let sandbox = Sandbox::builder().calls_per_minute(None).build();
    let server = Server::bounded(sandbox.clone(), Bounds { connections: 8, timeout: Duration::from_millis(200) });
    let body = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n";
    let chunk = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n186a0\r\n";
    let head_after_another = [REQUEST, "GET / HTTP/1.1\r\nX: "].concat();
    for start in ["GET /", "GET / HTTP/1.1\r\nX: ", "\r\n", &head_after_another, body, chunk] {
        let mut connection = Connection::to(server.address());
        connection.0.get_mut().set_read_timeout(Some(Duration::from_millis(10))).unwrap();
        connection.send(start);
        // So many bytes take 20 s at least, and are not enough for the server to have had enough of the head.
        let is_closed = (0..2000).any(|_| {
            let mut answer = [0; 4096];
            // A write to what is closed may succeed once.
            let is_sent = connection.0.get_mut().write_all(b"x").is_ok();
            let read = connection.0.get_mut().read(&mut answer);
            !is_sent || read.is_ok_and(|count| count == 0)
        });
        assert!(is_closed, "{start:?}");
    }
    for start in ["", REQUEST] {
        let mut connection = Connection::to(server.address());
        connection.send(start);
        assert!(connection.is_closed(), "silent after {start:?}");
    }
    // Somebody who asks and asks, and takes no answer.
    let mut connection = Connection::to(server.address());
    let many = REQUEST.repeat(1000);
    let error = std::iter::from_fn(|| Some(connection.0.get_mut().write_all(many.as_bytes()))).find_map(Result::err);
    let kind = error.unwrap().kind();
    assert!(matches!(kind, ErrorKind::ConnectionReset | ErrorKind::BrokenPipe), "{kind}");
    // A request that is not slow is answered.
    assert!(Connection::to(server.address()).exchange(REQUEST).0.starts_with("HTTP/1.1 401 "));
}

#[test]
fn connections_past_the_limit_wait_for_one_to_end() {
    let (sandbox, connections) = (Sandbox::builder().calls_per_minute(None).build(), 4);
    let server = Server::bounded(sandbox.clone(), Bounds { connections, timeout: Duration::from_secs(600) });
    let mut served: Vec<_> = (0..connections).map(|_| Connection::to(server.address())).collect();
    for connection in &mut served {
        assert!(!connection.exchange(REQUEST).0.contains("connection: close"));
    }
    let mut kept = Vec::new();
    for path in ["/first", "/second"] {
        let mut waiting = Connection::to(server.address());
        waiting.send(REQUEST.replace("GET / ", &format!("GET {path} ")));
        let mut served = served.pop().unwrap();
        // The server may not have seen yet that somebody waits. When it has, it keeps no place for the next request.
        let mut answers = (0..1000).map(|_| served.exchange(REQUEST).0);
        assert!(answers.any(|answer| {
            let is_last = answer.contains("connection: close");
            assert!(is_last || sandbox.requests().iter().all(|request| request.path != path));
            is_last
        }));
        assert!(waiting.receive().0.starts_with("HTTP/1.1 401 "));
        kept.push(waiting);
    }
}

/// Many more connections than are served, none of which sends anything.
#[test]
fn idle_connections_make_room() {
    let bounds = Bounds { connections: 10, timeout: Duration::from_millis(100) };
    let server = Server::bounded(Sandbox::new(), bounds);
    let mut idle: Vec<_> = (0..50).map(|_| Connection::to(server.address())).collect();
    assert!(Connection::to(server.address()).exchange(REQUEST).0.starts_with("HTTP/1.1 401 "));
    assert!(idle.iter_mut().all(Connection::is_closed));
}

/// Whatever arrives at the port, the server goes on. A panic in one of its threads would fail nothing by itself, so they
/// are counted.
#[test]
fn the_server_survives_what_it_is_sent() {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use proptest::prelude::*;
    use proptest::test_runner::{Config, TestRunner};

    static PANICS: AtomicUsize = AtomicUsize::new(0);
    let told = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        PANICS.fetch_add(1, Ordering::SeqCst);
        told(info);
    }));
    let (client, server) = over_http(&Sandbox::new());
    let parts = vec![
        "GET ",
        "POST ",
        "/oauth/token",
        "/api/v2/externalcontacts/contacts",
        "/",
        " ",
        " HTTP/1.1",
        " HTTP/1.0",
        "\r\n",
        "\n",
        "\r",
        "\r\n\r\n",
        ":",
        "Content-Length: ",
        "0",
        "5",
        "-1",
        "18446744073709551616",
        "Transfer-Encoding: chunked",
        "ffffffffffffffff",
        "0\r\n\r\n",
        "Expect: 100-continue",
        "Connection: close",
        "Authorization: Basic ",
        "Content-Type: application/json",
        "{}",
        "?",
        "%",
        "#",
        "\0",
        "http://x/",
        "*",
        "é",
    ];
    let part = prop_oneof![
        8 => proptest::sample::select(parts).prop_map(|text| text.as_bytes().to_vec()),
        1 => proptest::collection::vec(any::<u8>(), 0..20),
    ];
    let bytes = proptest::collection::vec(part, 0..20).prop_map(|parts| parts.concat());
    let config = Config { cases: 200, failure_persistence: None, ..Config::default() };
    let outcome = TestRunner::new(config).run(&bytes, |bytes| {
        let mut stream = TcpStream::connect(server.address()).unwrap();
        // The server may have had enough before all was sent.
        let _ = stream.write_all(&bytes);
        let _ = stream.shutdown(Shutdown::Write);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        prop_assert!(answer.is_empty() || answer.starts_with(b"HTTP/1."));
        prop_assert_eq!(PANICS.load(Ordering::SeqCst), 0);
        Ok(())
    });
    outcome.unwrap();
    assert_eq!(client.contacts().search().send().unwrap().total, Some(0));
}
