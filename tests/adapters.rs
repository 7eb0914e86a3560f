//! What every transport promises, asked of both: one table of cases, and what doesn't fit into a table.
//!
//! Well-behaved servers are mocks, all others are sockets on loopback. Nothing here sleeps: a server that never answers
//! waits for the client to hang up, and a case that hangs fails.
#![cfg(any(feature = "ureq", feature = "reqwest"))]

#[path = "support/mod.rs"]
mod support;

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier, Mutex, mpsc};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use genesys_external_contacts::{Connection as Connecting, Limits, TransportError, TransportErrorKind};
use http::{Method, Request, Response};
use httpmock::{MockServer, Then};
use support::printed;

use TransportErrorKind::{BodyTooLarge, Connect, Dns, Other, Reset, Timeout, Tls};

// ---------------------------------------------------------------------------------------------------- the adapters

type Outcome = Result<Response<Vec<u8>>, TransportError>;

/// Both flavours in one shape.
trait Adapter: Send + Sync {
    fn send(&self, request: Request<Vec<u8>>, limits: Limits) -> Outcome;
    fn debug(&self) -> String;
}

#[cfg(feature = "ureq")]
mod blocking {
    use genesys_external_contacts::{Transport as _, transport::ureq::Ureq};

    use super::*;

    impl Adapter for Ureq {
        fn send(&self, request: Request<Vec<u8>>, limits: Limits) -> Outcome {
            genesys_external_contacts::Transport::send(self, request, limits)
        }

        fn debug(&self) -> String {
            format!("{self:?}")
        }
    }

    pub(super) fn adapter(limits: Limits) -> Box<dyn Adapter> {
        let transport = Ureq::new(&limits, &Connecting::default()).unwrap();
        transport.sleep_until(Instant::now());
        Box::new(transport)
    }
}

#[cfg(feature = "reqwest")]
mod nonblocking {
    use genesys_external_contacts::{AsyncTransport as _, transport::reqwest::Reqwest};
    use tokio::runtime::{Builder, Runtime};

    use super::*;

    struct Async {
        transport: Reqwest,
        runtime: Runtime,
    }

    impl Adapter for Async {
        fn send(&self, request: Request<Vec<u8>>, limits: Limits) -> Outcome {
            self.runtime.block_on(async {
                let outcome = self.transport.send(request, limits).await;
                // A connection goes back to its pool in a task of its own: here, everything that is ready runs first.
                for _ in 0..32 {
                    tokio::task::yield_now().await;
                }
                outcome
            })
        }

        fn debug(&self) -> String {
            format!("{:?}", self.transport)
        }
    }

    pub(super) fn adapter(limits: Limits) -> Box<dyn Adapter> {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let transport = Reqwest::new(&limits, &Connecting::default()).unwrap();
        runtime.block_on(transport.sleep_until(Instant::now()));
        Box::new(Async { transport, runtime })
    }

    #[test]
    fn serves_many_tasks_at_once() {
        let barrier = Arc::new(tokio::sync::Barrier::new(8));
        let server = Server::start(answers(ok("{}")));
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let transport = Reqwest::new(&Limits::default(), &Connecting::default()).unwrap();
        runtime.block_on(async {
            let tasks: Vec<_> = (0..8)
                .map(|n| {
                    let (transport, barrier) = (transport.clone(), Arc::clone(&barrier));
                    let request = ask(Method::POST, &server.url(&format!("/{n}")), n.to_string().as_bytes());
                    tokio::spawn(async move {
                        barrier.wait().await;
                        transport.send(request, Limits::default()).await.unwrap().status()
                    })
                })
                .collect();
            for task in tasks {
                assert_eq!(task.await.unwrap(), 200);
            }
        });
        drop((transport, runtime));
        let paths: std::collections::BTreeSet<_> = server.finish().into_iter().map(|seen| seen.line).collect();
        assert_eq!(paths.len(), 8);
    }
}

type Make = fn(Limits) -> Box<dyn Adapter>;

const ADAPTERS: &[(&str, Make)] = &[
    #[cfg(feature = "ureq")]
    ("ureq", blocking::adapter),
    #[cfg(feature = "reqwest")]
    ("reqwest", nonblocking::adapter),
];

fn for_each_adapter(test: impl Fn(&str, Make)) {
    for (name, make) in ADAPTERS {
        test(name, *make);
    }
}

/// What `work` gives, or a failure instead of a hang.
fn bounded<T: Send + 'static>(what: &str, work: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, receiver) = mpsc::channel();
    let worker = thread::spawn(move || {
        let _ = sender.send(work());
    });
    match receiver.recv_timeout(Duration::from_secs(60)) {
        Ok(result) => result,
        Err(mpsc::RecvTimeoutError::Timeout) => panic!("{what}: hangs"),
        Err(mpsc::RecvTimeoutError::Disconnected) => {
            std::panic::resume_unwind(worker.join().expect_err("it sent nothing"))
        }
    }
}

// ------------------------------------------------------------------------------------------- requests and secrets

const QUERY_SECRET: &str = "QUERY-SECRET";
const TOKEN_SECRET: &str = "TOKEN-SECRET";
const BODY_SECRET: &str = "BODY-SECRET";
const ANSWER_SECRET: &str = "ANSWER-SECRET";

/// A request with a secret wherever one can be.
fn ask(method: Method, url: &str, body: &[u8]) -> Request<Vec<u8>> {
    let mut request = Request::new(body.to_vec());
    *request.method_mut() = method;
    *request.uri_mut() = format!("{url}?q={QUERY_SECRET}").parse().unwrap();
    request.headers_mut().insert("authorization", format!("Bearer {TOKEN_SECRET}").parse().unwrap());
    if !body.is_empty() {
        request.headers_mut().insert("content-type", "application/json".parse().unwrap());
    }
    request
}

fn secrets_in(text: &str) -> Vec<&'static str> {
    [QUERY_SECRET, TOKEN_SECRET, BODY_SECRET, ANSWER_SECRET].into_iter().filter(|s| text.contains(s)).collect()
}

fn limits(change: impl FnOnce(&mut Limits)) -> Limits {
    let mut limits = Limits::default();
    change(&mut limits);
    limits
}

// ------------------------------------------------------------------------------------------ servers that misbehave

/// A request, as it arrived.
#[derive(Clone, Debug)]
struct Seen {
    connection: usize,
    line: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Seen {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// The server's end of a connection.
struct Connection {
    stream: TcpStream,
    number: usize,
    unread: Vec<u8>,
    log: Arc<Mutex<Vec<Seen>>>,
}

impl Connection {
    /// Reads a request and writes it down; an error when the client has hung up.
    fn request(&mut self) -> io::Result<Seen> {
        let head_end = loop {
            if let Some(end) = self.unread.windows(4).position(|window| window == b"\r\n\r\n") {
                break end + 4;
            }
            self.read_more()?;
        };
        let head = String::from_utf8(self.unread.drain(..head_end).collect()).unwrap();
        let (line, headers) = head.trim_end().split_once("\r\n").unwrap();
        let headers = headers.split("\r\n").map(|line| line.split_once(": ").unwrap());
        let mut seen = Seen {
            connection: self.number,
            line: line.to_owned(),
            headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            body: Vec::new(),
        };
        let length = seen.header("content-length").map_or(0, |length| length.parse().unwrap());
        while self.unread.len() < length {
            self.read_more()?;
        }
        seen.body = self.unread.drain(..length).collect();
        self.log.lock().unwrap().push(seen.clone());
        Ok(seen)
    }

    fn read_more(&mut self) -> io::Result<()> {
        let mut buffer = [0; 4096];
        match self.stream.read(&mut buffer)? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            n => {
                self.unread.extend_from_slice(&buffer[..n]);
                Ok(())
            }
        }
    }

    fn write(&mut self, bytes: impl AsRef<[u8]>) -> io::Result<()> {
        self.stream.write_all(bytes.as_ref())
    }

    fn write_for_ever(&mut self, bytes: impl AsRef<[u8]>) -> io::Result<()> {
        loop {
            self.write(&bytes)?;
        }
    }

    /// Says nothing more; comes back when the client hangs up.
    fn fall_silent(&mut self) -> io::Result<()> {
        io::copy(&mut self.stream, &mut io::sink()).map(drop)
    }

    /// Ends the connection as a crash would, not as a server that is done.
    fn reset(&mut self) -> io::Result<()> {
        socket2::SockRef::from(&self.stream).set_linger(Some(Duration::ZERO))
    }
}

type Handler = Arc<dyn Fn(&mut Connection) -> io::Result<()> + Send + Sync>;

/// A server that serves each connection on a thread of its own, and closes it when the handler is done with it.
struct Server {
    address: SocketAddr,
    log: Arc<Mutex<Vec<Seen>>>,
    is_ending: Arc<AtomicBool>,
    acceptor: JoinHandle<Vec<JoinHandle<()>>>,
}

impl Server {
    fn start(handler: Handler) -> Self {
        support::watch_logs();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let log = Arc::<Mutex<Vec<Seen>>>::default();
        let is_ending = Arc::<AtomicBool>::default();
        let acceptor = thread::spawn({
            let (log, is_ending) = (Arc::clone(&log), Arc::clone(&is_ending));
            move || {
                let mut threads = Vec::new();
                // Once it ends, whoever still waits in the queue is served, but nobody is waited for.
                while let Ok((stream, _)) = listener.accept() {
                    listener.set_nonblocking(is_ending.load(Ordering::SeqCst)).unwrap();
                    stream.set_nonblocking(false).unwrap();
                    let (handler, log, number) = (Arc::clone(&handler), Arc::clone(&log), threads.len());
                    threads.push(thread::spawn(move || {
                        // An error is a client that hung up.
                        let _ = handler(&mut Connection { stream, number, unread: Vec::new(), log });
                    }));
                }
                threads
            }
        });
        Self { address, log, is_ending, acceptor }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Every request that arrived. Waits for the clients to hang up: drop them first.
    fn finish(self) -> Vec<Seen> {
        self.is_ending.store(true, Ordering::SeqCst);
        // Wakes the acceptor. It comes after every connection that was made before.
        drop(TcpStream::connect(self.address).unwrap());
        for thread in self.acceptor.join().unwrap() {
            thread.join().unwrap();
        }
        std::mem::take(&mut self.log.lock().unwrap())
    }
}

/// Serves one request on each connection.
fn once(behave: impl Fn(&mut Connection) -> io::Result<()> + Send + Sync + 'static) -> Handler {
    Arc::new(move |connection| {
        connection.request()?;
        behave(connection)
    })
}

/// Gives the same answer to every request, and keeps the connection.
fn answers(answer: impl Into<Vec<u8>>) -> Handler {
    let answer = answer.into();
    Arc::new(move |connection| {
        loop {
            connection.request()?;
            connection.write(&answer)?;
        }
    })
}

fn ok(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

/// How a gzip stream begins that holds a mebibyte of zeros and goes on, and how it goes on with as many, for ever.
fn gzip_without_end() -> (Vec<u8>, Vec<u8>) {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let mut part = || {
        encoder.write_all(&[0; 1 << 20]).unwrap();
        encoder.flush().unwrap();
        std::mem::take(encoder.get_mut())
    };
    (part(), part())
}

fn gzip_answer(body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

/// An answer in chunks, without its end.
fn chunked(extra_headers: &str, chunks: &[&[u8]]) -> Vec<u8> {
    let mut answer = format!("HTTP/1.1 200 OK\r\n{extra_headers}Transfer-Encoding: chunked\r\n\r\n").into_bytes();
    for chunk in chunks {
        answer.extend(format!("{:x}\r\n", chunk.len()).bytes());
        answer.extend_from_slice(chunk);
        answer.extend(b"\r\n");
    }
    answer
}

// ------------------------------------------------------------------------------------------------------- the table

struct Case {
    name: &'static str,
    method: Method,
    body: &'static str,
    limits: Limits,
    service: Service,
    expected: Expected,
}

enum Service {
    /// A server with manners.
    Mock(fn(Then)),
    /// A server of any kind.
    Raw(Handler),
    /// The same, spoken to as if it knew TLS.
    RawOverTls(Handler),
    /// A port that nobody listens on.
    Nobody,
    /// A host that doesn't exist.
    Nowhere,
}

enum Expected {
    Answer { status: u16, headers: Vec<(&'static str, Vec<&'static str>)>, body: Vec<u8> },
    Failure { kinds: &'static [TransportErrorKind], may_have_been_received: bool },
}

fn case(name: &'static str, service: Service, expected: Expected) -> Case {
    Case { name, method: Method::GET, body: "", limits: Limits::default(), service, expected }
}

impl Case {
    fn post(self) -> Self {
        Self { method: Method::POST, body: BODY_SECRET, ..self }
    }

    fn put(self) -> Self {
        Self { method: Method::PUT, body: BODY_SECRET, ..self }
    }

    fn within_ms(mut self, ms: u64) -> Self {
        self.limits.call_timeout = Duration::from_millis(ms);
        self
    }

    fn max_body(mut self, bytes: u64) -> Self {
        self.limits.max_body = bytes;
        self
    }
}

fn raw(answer: impl Into<Vec<u8>>) -> Service {
    Service::Raw(answers(answer))
}

fn closing(answer: impl Into<Vec<u8>>) -> Service {
    let answer = answer.into();
    Service::Raw(once(move |connection| connection.write(&answer)))
}

fn misbehaving(behave: impl Fn(&mut Connection) -> io::Result<()> + Send + Sync + 'static) -> Service {
    Service::Raw(once(behave))
}

fn answer(status: u16, body: impl Into<Vec<u8>>) -> Expected {
    Expected::Answer { status, headers: Vec::new(), body: body.into() }
}

fn with_headers(expected: Expected, wanted: &[(&'static str, &[&'static str])]) -> Expected {
    match expected {
        Expected::Answer { status, body, .. } => {
            let headers = wanted.iter().map(|(name, values)| (*name, values.to_vec())).collect();
            Expected::Answer { status, headers, body }
        }
        failure => failure,
    }
}

/// The service may have received the request.
fn fails(kinds: &'static [TransportErrorKind]) -> Expected {
    Expected::Failure { kinds, may_have_been_received: true }
}

/// The service surely did not receive the request.
fn never_arrives(kinds: &'static [TransportErrorKind]) -> Expected {
    Expected::Failure { kinds, may_have_been_received: false }
}

#[rustfmt::skip::macros(vec)]
fn cases() -> Vec<Case> {
    const JSON: &str = r#"{"id":"ANSWER-SECRET"}"#;
    const HTML: &str = "<html>ANSWER-SECRET</html>";
    let zeros = vec![0; 1 << 20];
    vec![
        // Statuses are never errors.
        case("200 with JSON",
            Service::Mock(|then| drop(then.status(200).header("content-type", "application/json").body(JSON))),
            with_headers(answer(200, JSON), &[("content-type", &["application/json"])])),
        case("201", Service::Mock(|then| drop(then.status(201).body(JSON))), answer(201, JSON)).post(),
        case("202 without a body", Service::Mock(|then| drop(then.status(202))), answer(202, "")).put(),
        case("204", Service::Mock(|then| drop(then.status(204))), answer(204, "")),
        case("400 with JSON", Service::Mock(|then| drop(then.status(400).body(JSON))), answer(400, JSON)).post(),
        case("401", Service::Mock(|then| drop(then.status(401).header("www-authenticate", "Bearer").body(JSON))),
            answer(401, JSON)),
        case("404 with JSON", Service::Mock(|then| drop(then.status(404).body(JSON))), answer(404, JSON)),
        case("429",
            Service::Mock(|then| drop(then.status(429).header("retry-after", "7").body(JSON))),
            with_headers(answer(429, JSON), &[("retry-after", &["7"])])),
        case("503 with HTML",
            Service::Mock(|then| drop(then.status(503).header("content-type", "text/html").body(HTML))),
            with_headers(answer(503, HTML), &[("content-type", &["text/html"])])).post(),
        case("a status that nobody knows", raw("HTTP/1.1 599 \r\nContent-Length: 0\r\n\r\n"), answer(599, "")),

        // Headers.
        case("repeated headers are all kept",
            raw("HTTP/1.1 200 OK\r\nLink: a\r\nX-Other: 1\r\nLink: b\r\nContent-Length: 0\r\nLink: a\r\n\r\n"),
            with_headers(answer(200, ""), &[("link", &["a", "b", "a"]), ("x-other", &["1"])])),
        case("header names in any case",
            raw("HTTP/1.1 200 OK\r\ncONTENT-lENGTH: 2\r\nININ-correlation-ID: 1-2\r\nretry-after: 3\r\n\r\nok"),
            with_headers(answer(200, "ok"), &[("inin-correlation-id", &["1-2"]), ("retry-after", &["3"])])),
        case("interim answers are not the answer",
            raw(format!("HTTP/1.1 100 Continue\r\n\r\n{}", ok(JSON))), answer(200, JSON)).post(),

        // Bodies.
        case("a body in chunks",
            raw([chunked("", &[b"a", b"bc"]), b"0\r\n\r\n".to_vec()].concat()), answer(200, "abc")),
        case("a body that ends with the connection",
            closing("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nabc"), answer(200, "abc")),
        case("HTTP/1.0", closing("HTTP/1.0 200 OK\r\n\r\nabc"), answer(200, "abc")),
        case("gzip by its length",
            raw(gzip_answer(&gzip(JSON.as_bytes()))),
            with_headers(answer(200, JSON), &[("content-encoding", &[]), ("content-length", &[])])),
        case("gzip in chunks",
            raw([chunked("Content-Encoding: gzip\r\n", &[&gzip(JSON.as_bytes())]), b"0\r\n\r\n".to_vec()].concat()),
            answer(200, JSON)),
        case("gzip of nothing", raw(gzip_answer(&gzip(b""))), answer(200, "")),
        case("gzip on a mock",
            Service::Mock(|then| drop(then.status(409).header("content-encoding", "gzip").body(gzip(JSON.as_bytes())))),
            answer(409, JSON)).post(),
        case("204 that speaks of gzip",
            raw("HTTP/1.1 204 No Content\r\nContent-Encoding: gzip\r\n\r\n"), answer(204, "")),
        case("202 without a body that speaks of gzip",
            raw("HTTP/1.1 202 Accepted\r\nContent-Encoding: gzip\r\nContent-Length: 0\r\n\r\n"), answer(202, "")),
        case("not gzip though it says so", raw(gzip_answer(ANSWER_SECRET.as_bytes())), fails(&[Other])),
        case("gzip that is broken in the middle",
            raw({ let mut bytes = gzip(JSON.as_bytes()); bytes[12] ^= 0xff; gzip_answer(&bytes) }), fails(&[Other])),

        // The largest body.
        case("exactly as large as allowed", raw(ok("12345678")), answer(200, "12345678")).max_body(8),
        case("exactly as large as allowed, in chunks",
            raw([chunked("", &[b"1234", b"5678"]), b"0\r\n\r\n".to_vec()].concat()),
            answer(200, "12345678")).max_body(8),
        case("exactly as large as allowed, after decompression",
            raw(gzip_answer(&gzip(b"12345678"))), answer(200, "12345678")).max_body(8),
        case("nothing, when nothing is allowed",
            raw("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"), answer(202, "")).max_body(0),
        case("too large, as announced", raw(ok("123456789")), fails(&[BodyTooLarge])).max_body(8),
        case("too large, as announced with an error",
            raw("HTTP/1.1 500 No\r\nContent-Length: 9\r\n\r\n123456789"), fails(&[BodyTooLarge])).max_body(8),
        case("announced and never sent: nothing is read",
            misbehaving(|peer| {
                peer.write("HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n")?;
                peer.fall_silent()
            }),
            fails(&[BodyTooLarge])),
        case("chunks without end",
            misbehaving(|peer| { peer.write(chunked("", &[]))?; peer.write_for_ever("4\r\nabcd\r\n") }),
            fails(&[BodyTooLarge])).max_body(10_000),
        case("a body without end",
            misbehaving(|peer| { peer.write("HTTP/1.1 200 OK\r\n\r\n")?; peer.write_for_ever("abcd") }),
            fails(&[BodyTooLarge])).max_body(10_000),
        case("a bomb", raw(gzip_answer(&gzip(&zeros))), fails(&[BodyTooLarge])).max_body((1 << 20) - 1),
        case("a bomb without end",
            misbehaving({
                let (start, more) = gzip_without_end();
                move |peer| {
                    peer.write("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n")?;
                    peer.write(&start)?;
                    peer.write_for_ever(&more)
                }
            }),
            fails(&[BodyTooLarge])).max_body(3 << 20),
        // Whoever reserves what is announced fails here: so much memory is nowhere.
        case("announced beyond all measure, and allowed",
            closing(format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\nANSWER-SECRET", u64::MAX / 2)),
            fails(&[Reset])).max_body(u64::MAX),

        // Time.
        case("never an answer", misbehaving(Connection::fall_silent), fails(&[Timeout])).within_ms(300),
        case("never an answer to a POST",
            misbehaving(Connection::fall_silent), fails(&[Timeout])).post().within_ms(300),
        case("silence in the middle of the headers",
            misbehaving(|peer| { peer.write("HTTP/1.1 200 OK\r\nX-A: ANS")?; peer.fall_silent() }),
            fails(&[Timeout])).within_ms(300),
        case("silence in the middle of the body",
            misbehaving(|peer| { peer.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nANSW")?; peer.fall_silent() }),
            fails(&[Timeout])).post().within_ms(300),
        case("silence in the middle of gzip",
            misbehaving(|peer| { peer.write(&gzip_answer(&gzip(JSON.as_bytes()))[..90])?; peer.fall_silent() }),
            fails(&[Timeout])).within_ms(300),

        // Connections that can't be made.
        case("nobody listens", Service::Nobody, never_arrives(&[Connect])),
        case("nobody listens to a POST", Service::Nobody, never_arrives(&[Connect])).post(),
        case("no such host", Service::Nowhere, never_arrives(&[Dns])),
        case("no such host for a POST", Service::Nowhere, never_arrives(&[Dns])).post(),
        case("TLS with a server that speaks HTTP",
            Service::RawOverTls(Arc::new(|peer| {
                peer.read_more()?;
                peer.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")?;
                peer.fall_silent()
            })),
            never_arrives(&[Tls])).post(),
        case("TLS with a server that hangs up",
            Service::RawOverTls(Arc::new(Connection::read_more)), never_arrives(&[Connect])).post(),

        // Connections that end too early.
        case("reset instead of an answer", misbehaving(Connection::reset), fails(&[Reset])),
        case("reset instead of an answer to a POST", misbehaving(Connection::reset), fails(&[Reset])).post(),
        case("closed instead of an answer", misbehaving(|_| Ok(())), fails(&[Reset])),
        case("closed instead of an answer to a POST", misbehaving(|_| Ok(())), fails(&[Reset])).post(),
        case("closed in the status", closing("HTTP/1."), fails(&[Reset])),
        case("closed in the headers",
            closing("HTTP/1.1 200 OK\r\nContent-Length: 9\r\nX-A: ANS"), fails(&[Reset])).post(),
        case("closed in the body",
            closing("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789"), fails(&[Reset])),
        case("reset in the body",
            misbehaving(|peer| {
                peer.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789")?;
                peer.reset()
            }),
            fails(&[Reset])).put(),
        case("closed between chunks", closing(chunked("", &[b"abc"])), fails(&[Reset])),
        case("closed in a chunk",
            closing([chunked("", &[b"abc"]), b"a\r\nabc".to_vec()].concat()), fails(&[Reset])).post(),
        case("closed in gzip",
            closing({ let mut bytes = gzip_answer(&gzip(JSON.as_bytes())); bytes.truncate(90); bytes }),
            fails(&[Reset])),

        case("closed before gzip",
            closing("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 90\r\n\r\n"), fails(&[Reset])),

        // What is not HTTP.
        case("not HTTP", closing("ANSWER-SECRET: this is not HTTP\r\n\r\n"), fails(&[Other])).post(),
        case("binary", closing([0x16, 3, 1, 0, 5, 1, 2, 3, 4, 5]), fails(&[Other])),
        case("a header that is none", closing("HTTP/1.1 200 OK\r\nANSWER-SECRET\r\n\r\n"), fails(&[Other])),
        case("a length that is none",
            closing("HTTP/1.1 200 OK\r\nContent-Length: ANSWER-SECRET\r\n\r\n"), fails(&[Other])),
        case("a chunk size that is none",
            closing("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nANSWER-SECRET"), fails(&[Other])),
        case("headers without end",
            misbehaving(|peer| { peer.write("HTTP/1.1 200 OK\r\n")?; peer.write_for_ever("X-A: ANSWER-SECRET\r\n") }),
            fails(&[Other])),
        case("a header without end",
            misbehaving(|peer| { peer.write("HTTP/1.1 200 OK\r\nX-A: ")?; peer.write_for_ever("ANSWER-SECRET") }),
            fails(&[Other])),
        // Only time ends these in one library, a limit in the other: both will do.
        case("a chunk size without end",
            misbehaving(|peer| { peer.write(chunked("", &[b"abc"]))?; peer.write_for_ever("0") }),
            fails(&[Timeout, Other])).within_ms(300),
        case("trailers without end",
            misbehaving(|peer| {
                peer.write(chunked("", &[b"abc"]))?;
                peer.write("0\r\n")?;
                peer.write_for_ever("X-A: a\r\n")
            }),
            fails(&[Timeout, Other])).within_ms(300),
    ]
}

/// Runs a case; what is wrong with what came out.
fn run(case: Case, make: Make) -> Result<(), String> {
    let Case { method, body, limits, service, expected, .. } = case;
    let adapter = make(Limits::default());
    let send = |base: &str| adapter.send(ask(method.clone(), &format!("{base}/api/v2/x"), body.as_bytes()), limits);
    let (outcome, server) = match service {
        Service::Mock(then) => {
            let server = MockServer::start();
            let mock = server.mock(|_, it| then(it));
            let outcome = send(&server.base_url());
            mock.assert_calls(1);
            (outcome, None)
        }
        Service::Raw(handler) => {
            let server = Server::start(handler);
            (send(&server.url("")), Some(server))
        }
        Service::RawOverTls(handler) => {
            let server = Server::start(handler);
            (send(&format!("https://{}", server.address)), Some(server))
        }
        Service::Nobody => {
            let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
            (send(&format!("http://{address}")), None)
        }
        Service::Nowhere => (send("http://nobody.invalid"), None),
    };

    let secrets = secrets_in(&adapter.debug());
    if !secrets.is_empty() {
        return Err(format!("the transport prints {secrets:?}"));
    }
    drop(adapter);
    if let Some(server) = server {
        let arrived = server.finish();
        let wanted = usize::from(!matches!(expected, Expected::Failure { may_have_been_received: false, .. }));
        if arrived.len() != wanted {
            return Err(format!("{} requests arrived, not {wanted}", arrived.len()));
        }
    }

    match (outcome, expected) {
        (Ok(got), Expected::Answer { status, headers, body }) => {
            if (got.status().as_u16(), got.body()) != (status, &body) {
                return Err(format!("{} {:?}", got.status(), String::from_utf8_lossy(got.body())));
            }
            for (name, values) in headers {
                let got: Vec<_> = got.headers().get_all(name).iter().collect();
                if got != values {
                    return Err(format!("{name}: {got:?}"));
                }
            }
            Ok(())
        }
        (Err(error), Expected::Failure { kinds, may_have_been_received }) => {
            if !kinds.contains(&error.kind()) || error.may_have_been_received() != may_have_been_received {
                return Err(format!("may have been received: {}; {}", error.may_have_been_received(), printed(&error)));
            }
            let secrets = secrets_in(&printed(&error));
            if secrets.is_empty() { Ok(()) } else { Err(format!("{secrets:?} in {}", printed(&error))) }
        }
        (Ok(got), _) => Err(format!("an answer: {}, {} bytes", got.status(), got.body().len())),
        (Err(error), _) => Err(printed(&error)),
    }
}

/// Everything that is wrong, not just the first.
fn holds_for(adapter: &str) {
    let (_, make) = ADAPTERS.iter().find(|(name, _)| *name == adapter).unwrap();
    let mut wrong = Vec::new();
    for case in cases() {
        let name = case.name;
        if let Err(problem) = bounded(name, move || run(case, *make)) {
            wrong.push(format!("{name}: {problem}"));
        }
    }
    assert!(wrong.is_empty(), "{adapter}:\n{}", wrong.join("\n"));
}

#[cfg(feature = "ureq")]
#[test]
fn the_table_holds_for_ureq() {
    holds_for("ureq");
}

#[cfg(feature = "reqwest")]
#[test]
fn the_table_holds_for_reqwest() {
    holds_for("reqwest");
}

// -------------------------------------------------------------------------------------------- what goes on the wire

#[test]
fn a_request_arrives_as_it_is() {
    let target = "/a%2Fb%20c/%C3%A9%25/~-._/%27%22%7B%7D%7C?q=%2B%26%3D&q=2&expand=a&expand=b&empty=&s=%27%20%23%3F";
    let body: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    for_each_adapter(|name, make| {
        let server = Server::start(answers(ok("{}")));
        let adapter = make(Limits::default());
        let request = Request::builder()
            .method("POST")
            .uri(server.url(target))
            .header("accept", "application/json")
            .header("authorization", "Bearer abc")
            .header("content-type", "application/json")
            .header("user-agent", "genesys/1")
            .header("x-many", "1")
            .header("x-many", "2")
            .body(body.clone())
            .unwrap();
        adapter.send(request, Limits::default()).unwrap();
        drop(adapter);

        let address = server.address;
        let [seen] = server.finish().try_into().unwrap();
        assert_eq!(seen.line, format!("POST {target} HTTP/1.1"), "{name}");
        assert_eq!(seen.body, body, "{name}");
        let mut headers: Vec<_> = seen.headers.iter().map(|(n, value)| (n.to_lowercase(), value.clone())).collect();
        headers.sort();
        let host = address.to_string();
        let wanted = [
            ("accept", "application/json"),
            ("accept-encoding", "gzip"),
            ("authorization", "Bearer abc"),
            ("content-length", "100000"),
            ("content-type", "application/json"),
            ("host", &host),
            ("user-agent", "genesys/1"),
            ("x-many", "1"),
            ("x-many", "2"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(headers, wanted, "{name}");
    });
}

#[test]
fn no_body_is_no_body() {
    for_each_adapter(|name, make| {
        let server = Server::start(answers(ok("{}")));
        let adapter = make(Limits::default());
        // A method that could have a body says that it has none: some gateways insist on it.
        let wanted = [("GET", None), ("DELETE", None), ("POST", Some("0")), ("PUT", Some("0")), ("PATCH", Some("0"))];
        for (method, _) in wanted {
            adapter.send(ask(method.parse().unwrap(), &server.url("/"), b""), Limits::default()).unwrap();
        }
        drop(adapter);
        let arrived = server.finish();
        assert_eq!(arrived.len(), wanted.len(), "{name}");
        for (seen, (method, length)) in arrived.iter().zip(wanted) {
            assert!(seen.line.starts_with(method), "{name}: {}", seen.line);
            assert_eq!(seen.header("content-length"), length, "{name} {method}");
            assert_eq!(seen.header("transfer-encoding"), None, "{name} {method}");
            assert_eq!(seen.header("content-type"), None, "{name} {method}");
        }
    });
}

#[test]
fn redirects_are_answers() {
    for_each_adapter(|name, make| {
        let elsewhere = Server::start(answers(ok("elsewhere")));
        let other = elsewhere.url("/target");
        let server = Server::start(Arc::new(|connection| {
            loop {
                // The request says what the answer is to be.
                let seen = connection.request()?;
                let status = seen.header("x-status").unwrap();
                let location = seen.header("x-location").map_or(String::new(), |to| format!("Location: {to}\r\n"));
                let content = seen.header("x-content").unwrap_or_default();
                let length = content.len();
                connection
                    .write(format!("HTTP/1.1 {status} Moved\r\n{location}Content-Length: {length}\r\n\r\n{content}"))?;
            }
        }));
        let adapter = make(Limits::default());
        let mut sent = 0;
        for status in ["301", "302", "303", "307", "308"] {
            for target in [Some("/target"), Some(other.as_str()), None] {
                for (method, body) in [(Method::GET, ""), (Method::POST, BODY_SECRET)] {
                    for content in ["", "moved"] {
                        let mut request = ask(method.clone(), &server.url("/from"), body.as_bytes());
                        let headers = request.headers_mut();
                        headers.insert("x-status", status.parse().unwrap());
                        if !content.is_empty() {
                            headers.insert("x-content", content.parse().unwrap());
                        }
                        if let Some(target) = target {
                            headers.insert("x-location", target.parse().unwrap());
                        }
                        let answer = adapter.send(request, Limits::default()).unwrap();
                        sent += 1;
                        assert_eq!(answer.status().as_str(), status, "{name}: to {target:?}");
                        assert_eq!(answer.body(), content.as_bytes(), "{name}: {status} to {target:?}");
                        let location = answer.headers().get("location").map(|value| value.to_str().unwrap());
                        assert_eq!(location, target, "{name}: {status}");
                    }
                }
            }
        }
        drop(adapter);
        let arrived = server.finish();
        assert_eq!(arrived.len(), sent, "{name}");
        assert!(arrived.iter().all(|seen| seen.line.contains("/from?")), "{name}: {arrived:#?}");
        assert_eq!(elsewhere.finish().len(), 0, "{name}");
    });
}

// ------------------------------------------------------------------------------------------------------ connections

#[test]
fn one_connection_serves_many_requests() {
    for_each_adapter(|name, make| {
        let server = Server::start(Arc::new(|connection| {
            loop {
                let seen = connection.request()?;
                let answer = match seen.line.as_str() {
                    line if line.contains("/204") => b"HTTP/1.1 204 No Content\r\n\r\n".to_vec(),
                    line if line.contains("/302") => b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n".to_vec(),
                    line if line.contains("/404") => b"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}".to_vec(),
                    line if line.contains("/503") => b"HTTP/1.1 503 No\r\nContent-Length: 2\r\n\r\n{}".to_vec(),
                    line if line.contains("/gzip") => gzip_answer(&gzip(b"{}")),
                    line if line.contains("/chunks") => [chunked("", &[b"{}"]), b"0\r\n\r\n".to_vec()].concat(),
                    _ => ok("{}").into_bytes(),
                };
                connection.write(answer)?;
            }
        }));
        let adapter = make(Limits::default());
        let paths = ["/200", "/404", "/204", "/503", "/302", "/gzip", "/chunks", "/200", "/204", "/200"];
        for (n, path) in paths.into_iter().enumerate() {
            let (method, body) = if n % 2 == 0 { (Method::GET, "") } else { (Method::POST, "{}") };
            // The settings of one call don't cost a connection either.
            let limits = limits(|limits| limits.call_timeout += Duration::from_secs(n as u64 / 5));
            adapter.send(ask(method, &server.url(path), body.as_bytes()), limits).unwrap();
        }
        drop(adapter);
        let arrived = server.finish();
        assert_eq!(arrived.len(), paths.len(), "{name}");
        assert!(arrived.iter().all(|seen| seen.connection == arrived[0].connection), "{name}: {arrived:#?}");
    });
}

#[test]
fn a_connection_whose_answer_was_not_read_is_not_used_again() {
    for_each_adapter(|name, make| {
        let server = Server::start(answers(ok("123456789")));
        let adapter = make(Limits::default());
        let small = limits(|limits| limits.max_body = 8);
        let error = adapter.send(ask(Method::GET, &server.url("/1"), b""), small).unwrap_err();
        assert_eq!(error.kind(), BodyTooLarge, "{name}");
        let answer = adapter.send(ask(Method::GET, &server.url("/2"), b""), Limits::default()).unwrap();
        assert_eq!(answer.body(), b"123456789", "{name}");
        drop(adapter);
        assert_eq!(server.finish().len(), 2, "{name}");
    });
}

/// The server closes a kept connection. What the client does with the next request must not make it arrive twice.
#[test]
fn a_kept_connection_that_ended_costs_no_second_request() {
    for method in [Method::GET, Method::POST, Method::PUT] {
        for_each_adapter(|name, make| {
            let (closed, is_closed) = mpsc::channel();
            let server = Server::start(Arc::new(move |connection| {
                let seen = connection.request()?;
                connection.write(ok("{}"))?;
                if seen.line.contains("/first") {
                    connection.stream.shutdown(std::net::Shutdown::Both)?;
                    let _ = closed.send(());
                }
                Ok(())
            }));
            let adapter = make(Limits::default());
            adapter.send(ask(Method::GET, &server.url("/first"), b""), Limits::default()).unwrap();
            is_closed.recv().unwrap();
            let body = if method == Method::GET { "" } else { BODY_SECRET };
            let request = ask(method.clone(), &server.url("/second"), body.as_bytes());
            let outcome = adapter.send(request, Limits::default());
            drop(adapter);
            let arrived = server.finish().iter().filter(|seen| seen.line.contains("/second")).count();
            match outcome {
                Ok(answer) => assert_eq!((answer.status().as_u16(), arrived), (200, 1), "{name} {method}"),
                Err(error) => {
                    assert_eq!((error.kind(), error.may_have_been_received(), arrived), (Reset, true, 0), "{name}")
                }
            }
        });
    }
}

/// The connection is kept, takes the request and ends. The client can't know what became of it, and doesn't try again.
#[test]
fn a_kept_connection_that_ends_after_the_request_is_an_error() {
    for method in [Method::GET, Method::POST, Method::PUT] {
        for end in [|_: &mut Connection| Ok(()), Connection::reset] {
            for_each_adapter(|name, make| {
                let server = Server::start(Arc::new(move |connection| {
                    connection.request()?;
                    connection.write(ok("{}"))?;
                    connection.request()?;
                    end(connection)
                }));
                let adapter = make(Limits::default());
                adapter.send(ask(Method::GET, &server.url("/first"), b""), Limits::default()).unwrap();
                let body = if method == Method::GET { "" } else { BODY_SECRET };
                let request = ask(method.clone(), &server.url("/second"), body.as_bytes());
                let error = adapter.send(request, Limits::default()).unwrap_err();
                drop(adapter);
                assert_eq!((error.kind(), error.may_have_been_received()), (Reset, true), "{name} {method}");
                assert_eq!(secrets_in(&printed(&error)), [""; 0], "{name}");
                assert_eq!(server.finish().len(), 2, "{name} {method}");
            });
        }
    }
}

#[test]
fn threads_share_a_transport() {
    for_each_adapter(|name, make| {
        let server = Server::start(Arc::new(|connection| {
            loop {
                // Each gets its own body back.
                let seen = connection.request()?;
                connection.write(ok(std::str::from_utf8(&seen.body).unwrap()))?;
            }
        }));
        let adapter = make(Limits::default());
        let barrier = Barrier::new(6);
        thread::scope(|scope| {
            for thread in 0..6 {
                let (adapter, barrier, server) = (&adapter, &barrier, &server);
                scope.spawn(move || {
                    barrier.wait();
                    for n in 0..5 {
                        let body = format!("{thread}-{n}");
                        let request = ask(Method::POST, &server.url("/"), body.as_bytes());
                        let answer = adapter.send(request, Limits::default()).unwrap();
                        assert_eq!(answer.body(), body.as_bytes(), "{name}");
                    }
                });
            }
        });
        drop(adapter);
        assert_eq!(server.finish().len(), 30, "{name}");
    });
}

/// ureq by itself keeps three connections to a host.
#[cfg(feature = "ureq")]
#[test]
fn as_many_threads_as_work_at_once_find_their_connections_again() {
    const THREADS: usize = 16;
    // No answer leaves before all requests have come.
    let all_are_here = std::sync::Barrier::new(THREADS);
    let server = Server::start(Arc::new(move |connection| {
        loop {
            connection.request()?;
            all_are_here.wait();
            connection.write(ok("{}"))?;
        }
    }));
    let adapter = blocking::adapter(Limits::default());
    for round in 0..3 {
        std::thread::scope(|scope| {
            for _ in 0..THREADS {
                let request = ask(Method::GET, &server.url(&format!("/{round}")), b"");
                scope.spawn(|| adapter.send(request, Limits::default()).unwrap());
            }
        });
    }
    drop(adapter);
    let arrived = server.finish();
    let connections: std::collections::BTreeSet<_> = arrived.iter().map(|seen| seen.connection).collect();
    assert_eq!((arrived.len(), connections.len()), (3 * THREADS, THREADS));
}

// ----------------------------------------------------------------------------------------------------------- limits

/// A transport whose own limits are `own`, asked with others.
#[test]
fn a_call_has_its_own_limits() {
    const AGES: Duration = Duration::from_secs(3600);
    const NO_TIME: Duration = Duration::from_nanos(1);

    for_each_adapter(|name, make| {
        // Shorter than the transport's own.
        let server = Server::start(once(Connection::fall_silent));
        let url = server.url("/");
        let error = bounded(name, move || {
            let adapter = make(limits(|own| own.call_timeout = AGES));
            let call = limits(|call| call.call_timeout = Duration::from_millis(200));
            adapter.send(ask(Method::GET, &url, b""), call).unwrap_err()
        });
        assert_eq!(error.kind(), Timeout, "{name}");
        server.finish();

        // Longer than the transport's own, which are so short that nothing succeeds with them.
        let server = Server::start(answers(ok("12345678")));
        let adapter = make(limits(|own| (own.connect_timeout, own.call_timeout, own.max_body) = (NO_TIME, NO_TIME, 0)));
        let answer = adapter.send(ask(Method::GET, &server.url("/"), b""), Limits::default()).unwrap();
        assert_eq!(answer.body(), b"12345678", "{name}");

        // And what one call was given stays with it.
        let small = limits(|call| call.max_body = 7);
        let error = adapter.send(ask(Method::GET, &server.url("/"), b""), small).unwrap_err();
        assert_eq!(error.kind(), BodyTooLarge, "{name}");
        adapter.send(ask(Method::GET, &server.url("/"), b""), Limits::default()).unwrap();
        drop(adapter);
        server.finish();
    });
}

/// A listener whose queue is full: no connection to it is ever made, and none is refused. Other systems refuse.
#[cfg(target_os = "linux")]
/// As the limits of the transport, and as those of one request.
#[test]
fn no_timeout_is_too_long() {
    let longest = limits(|limits| (limits.connect_timeout, limits.call_timeout) = (Duration::MAX, Duration::MAX));
    for_each_adapter(|name, make| {
        for (own, of_request) in [(longest, longest), (Limits::default(), longest), (longest, Limits::default())] {
            let server = Server::start(answers(ok("{}")));
            let url = server.url("/");
            let outcome = bounded(name, move || make(own).send(ask(Method::GET, &url, b""), of_request));
            assert_eq!(outcome.unwrap().status(), 200, "{name}");
            server.finish();
        }
    });
}

#[test]
fn a_connection_that_is_not_made_in_time_never_got_the_request() {
    let listener = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
    listener.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into()).unwrap();
    listener.listen(0).unwrap();
    let address = listener.local_addr().unwrap().as_socket().unwrap();
    let mut queue = Vec::new();
    while let Ok(stream) = TcpStream::connect_timeout(&address, Duration::from_millis(100)) {
        queue.push(stream);
    }

    for_each_adapter(|name, make| {
        for (method, body) in [(Method::GET, ""), (Method::POST, BODY_SECRET)] {
            for own in [Duration::from_millis(200), Duration::from_secs(3600)] {
                let request = ask(method.clone(), &format!("http://{address}/"), body.as_bytes());
                let error = bounded(name, move || {
                    let adapter = make(limits(|limits| limits.connect_timeout = own));
                    let call = limits(|call| {
                        call.connect_timeout = Duration::from_millis(200);
                        call.call_timeout = Duration::from_secs(3600);
                    });
                    adapter.send(request, call).unwrap_err()
                });
                assert_eq!((error.kind(), error.may_have_been_received()), (Timeout, false), "{name} {method}");
                // The system gives up as well, much later, and says so in its own words.
                assert!(!printed(&error).contains("os error"), "{name}: {}", printed(&error));
                assert_eq!(secrets_in(&printed(&error)), [""; 0], "{name}");
            }
        }
    });
}

/// What a transport prints holds no password of a proxy either. The environment is the process's: a child has its own.
#[test]
fn no_transport_prints_the_password_of_a_proxy() {
    const MARK: &str = "PRINT_TRANSPORTS";
    if std::env::var_os(MARK).is_some() {
        for_each_adapter(|_, make| println!("{}", make(Limits::default()).debug()));
        return;
    }
    let mut child = std::process::Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "no_transport_prints_the_password_of_a_proxy", "--nocapture"]).env(MARK, "1");
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"] {
        child.env(name, format!("http://user:{TOKEN_SECRET}@127.0.0.1:1"));
    }
    let output = child.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(secrets_in(&String::from_utf8(output.stdout).unwrap()), [""; 0]);
}
