//! Files through the transports of the crate: on loopback, with servers that break off. The blocking transport and the async one
//! get the same.
//!
//! `FILE_BYTES=5368709120 cargo test --release --all-features --test files -- --nocapture` downloads 5 GiB instead of 8 MiB, and
//! prints how much memory that took.
#![cfg(all(feature = "ureq", feature = "reqwest", feature = "sandbox"))]

use std::collections::HashMap;
use std::future::Future;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use genesys_external_contacts::imports::{CsvUpload, UploadHeader};
use genesys_external_contacts::transport::{reqwest::Reqwest, ureq::Ureq};
use genesys_external_contacts::{
    AsyncBody, AsyncClient, AsyncTransport, Body, Client, Connection, Error, ErrorKind, FileProblem, Limits, Source,
    Transport, TransportError, UploadFile,
};
use hmac_sha256::Hash;

/// What a server received: the head, in lower case, and the digest and the length of the body.
#[derive(Clone, Debug)]
struct Received {
    head: String,
    headers: HashMap<String, String>,
    digest: [u8; 32],
    length: u64,
}

/// The byte at a place of the file that is served.
fn byte(at: u64) -> u8 {
    let mixed = at.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> 56) as u8 ^ at as u8
}

/// Parts of the file, one after the other, without having it in memory.
fn parts(from: u64, to: u64) -> impl Iterator<Item = Vec<u8>> {
    const PART: u64 = 64 << 10;
    (from..to).step_by(PART as usize).map(move |at| (at..to.min(at + PART)).map(byte).collect())
}

#[derive(Clone)]
struct Server {
    url: String,
    received: Arc<Mutex<Vec<Received>>>,
}

/// What the server does with its nth request for the file.
type Behave = Arc<dyn Fn(usize, &Received, &mut TcpStream) + Send + Sync>;

impl Server {
    fn start(behave: impl Fn(usize, &Received, &mut TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let received: Arc<Mutex<Vec<Received>>> = Arc::default();
        let (behave, log): (Behave, _) = (Arc::new(behave), Arc::clone(&received));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (behave, log) = (Arc::clone(&behave), Arc::clone(&log));
                thread::spawn(move || serve(stream, &behave, &log));
            }
        });
        Self { url, received }
    }

    fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }
}

fn serve(stream: TcpStream, behave: &Behave, log: &Mutex<Vec<Received>>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut stream = stream;
    let mut head = String::new();
    while reader.read_line(&mut head).is_ok_and(|count| count > 2) {}
    if head.is_empty() {
        return;
    }
    let headers = head.lines().skip(1).filter_map(|line| line.split_once(':'));
    let headers: HashMap<_, _> = headers.map(|(name, value)| (name.to_lowercase(), value.trim().to_owned())).collect();
    let announced: u64 = headers.get("content-length").map_or(0, |length| length.parse().unwrap());
    let (mut digest, mut length, mut part) = (Hash::new(), 0, vec![0; 64 << 10]);
    // A server may break off in the middle of a body: the path says after how many bytes.
    let nth = log.lock().unwrap().len();
    let break_after = head.split("/break/").nth(1).filter(|_| nth == 0);
    let break_after = break_after.and_then(|rest| rest.split(['/', ' ']).next()?.parse::<u64>().ok());
    while length < announced {
        let Ok(count @ 1..) = reader.read(&mut part) else { break };
        digest.update(&part[..count]);
        length += count as u64;
        if break_after.is_some_and(|after| length > after) {
            break;
        }
    }
    let received = Received { head, headers, digest: digest.finalize(), length };
    log.lock().unwrap().push(received.clone());
    if break_after.is_some() {
        return drop(stream.shutdown(Shutdown::Both));
    }
    behave(nth, &received, &mut stream);
    let _ = stream.shutdown(Shutdown::Both);
}

fn json(stream: &mut TcpStream, body: &str) {
    let head = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}", body.len());
    let _ = write!(stream, "{head}\r\nconnection: close\r\n\r\n{body}");
}

/// An API with one export, whose file is on the other server.
fn api_of(files: &Server) -> Server {
    let url = format!("{}/file?signature=secret", files.url);
    Server::start(move |_, _, stream| {
        json(stream, &format!(r#"{{"id":"x","status":"SUCCEEDED","downloadUrl":"{url}"}}"#));
    })
}

/// Gives the file, and breaks off the first ten times.
fn breaking(total: u64, gives_parts: bool) -> Server {
    Server::start(move |nth, received, stream| {
        let range = received.headers.get("range").filter(|_| gives_parts);
        let from: u64 =
            range.map_or(0, |range| range.trim_start_matches("bytes=").trim_end_matches('-').parse().unwrap());
        let head = match range {
            Some(_) => format!("HTTP/1.1 206 Partial Content\r\ncontent-range: bytes {from}-{}/{total}", total - 1),
            None => "HTTP/1.1 200 OK".to_owned(),
        };
        let tag = if gives_parts { "etag: \"a\"\r\n" } else { "" };
        let _ = write!(stream, "{head}\r\n{tag}content-length: {}\r\nconnection: close\r\n\r\n", total - from);
        // Each time a bit further, at places that fit nowhere.
        let end = if nth < 10 { (total * (nth as u64 + 1) / 11 + 13 * nth as u64).min(total) } else { total };
        for part in parts(from, end.max(from)) {
            if stream.write_all(&part).is_err() {
                return;
            }
        }
    })
}

/// Takes what is downloaded and keeps nothing of it.
#[derive(Default)]
struct Digest {
    hash: Option<Hash>,
    length: u64,
}

impl Write for Digest {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.hash.get_or_insert_with(Hash::new).update(bytes);
        self.length += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A transport of the crate whose waits are over at once.
struct Hasty<T> {
    inner: T,
    ahead: Mutex<Duration>,
}

impl<T> Hasty<T> {
    fn new(inner: T) -> Self {
        Self { inner, ahead: Mutex::default() }
    }

    fn time(&self) -> Instant {
        Instant::now() + *self.ahead.lock().unwrap()
    }

    fn skip_to(&self, deadline: Instant) {
        let left = deadline.saturating_duration_since(self.time());
        *self.ahead.lock().unwrap() += left;
    }
}

impl<T: Transport> Transport for Hasty<T> {
    fn send(&self, request: http::Request<Vec<u8>>, limits: Limits) -> Result<http::Response<Vec<u8>>, TransportError> {
        self.inner.send(request, limits)
    }

    fn stream(
        &self,
        request: http::Request<Source>,
        limits: Limits,
    ) -> Result<http::Response<Box<dyn Body>>, TransportError> {
        self.inner.stream(request, limits)
    }

    fn sleep_until(&self, deadline: Instant) {
        self.skip_to(deadline);
    }

    fn now(&self) -> Instant {
        self.time()
    }
}

/// Something that is there later.
type Later<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

impl<T: AsyncTransport> AsyncTransport for Hasty<T> {
    fn send(
        &self,
        request: http::Request<Vec<u8>>,
        limits: Limits,
    ) -> Later<'_, Result<http::Response<Vec<u8>>, TransportError>> {
        self.inner.send(request, limits)
    }

    fn stream(
        &self,
        request: http::Request<Source>,
        limits: Limits,
    ) -> Later<'_, Result<http::Response<Box<dyn AsyncBody>>, TransportError>> {
        self.inner.stream(request, limits)
    }

    fn sleep_until(&self, deadline: Instant) -> Later<'_, ()> {
        self.skip_to(deadline);
        Box::pin(std::future::ready(()))
    }

    fn now(&self) -> Instant {
        self.time()
    }
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    // Less than the file: that limit is not for files.
    limits.max_body = 1 << 20;
    limits.call_timeout = Duration::from_secs(60);
    limits
}

fn blocking(api: &Server, limits: Limits) -> Client {
    let transport = Hasty::new(Ureq::new(&limits, &Connection::default().no_proxy()).unwrap());
    let builder = Client::builder().api_url(&api.url).access_token("t0ken").limits(limits);
    builder.transport(transport).build().unwrap()
}

fn nonblocking(api: &Server, limits: Limits) -> AsyncClient {
    let transport = Hasty::new(Reqwest::new(&limits, &Connection::default().no_proxy()).unwrap());
    let builder = AsyncClient::builder().api_url(&api.url).access_token("t0ken").limits(limits);
    builder.transport(transport).build().unwrap()
}

/// Runs the same in both flavours, each with a file server and an API of its own.
fn in_both(
    files: impl Fn() -> Server,
    run: impl Fn(&Client) -> Result<(u64, [u8; 32]), Error>,
    check: impl Fn(Result<(u64, [u8; 32]), Error>, &Server, &Server),
) {
    for is_async in [false, true] {
        let files = files();
        let api = api_of(&files);
        let result = if is_async {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let client = nonblocking(&api, limits());
                let mut out = Digest::default();
                let result = client.contacts().exports().get("x").download().write_to(&mut out).await;
                result.map(|length| (length, out.hash.unwrap_or_default().finalize()))
            })
        } else {
            run(&blocking(&api, limits()))
        };
        check(result, &files, &api);
    }
}

fn download(client: &Client) -> Result<(u64, [u8; 32]), Error> {
    let mut out = Digest::default();
    let length = client.contacts().exports().get("x").download().write_to(&mut out)?;
    assert_eq!(length, out.length);
    Ok((length, out.hash.unwrap_or_default().finalize()))
}

fn file_bytes() -> u64 {
    std::env::var("FILE_BYTES").ok().map_or(8 << 20, |bytes| bytes.parse().unwrap())
}

/// The most memory that this process has had, in KiB.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.trim().parse().ok())
}

#[test]
fn a_download_with_ten_interruptions_is_whole() {
    let total = file_bytes();
    let mut expected = Hash::new();
    parts(0, total).for_each(|part| expected.update(&part));
    let expected = expected.finalize();
    in_both(
        || breaking(total, true),
        download,
        |result, files, api| {
            assert_eq!(result.unwrap(), (total, expected));
            let requests = files.received();
            assert_eq!(requests.len(), 11);
            for (nth, request) in requests.iter().enumerate() {
                assert!(
                    !request.head.contains("t0ken") && !request.headers.contains_key("authorization"),
                    "{request:?}"
                );
                assert_eq!(request.headers["accept-encoding"], "identity");
                assert_eq!(request.headers.contains_key("range"), nth > 0);
                assert_eq!(request.headers.get("if-range").map(String::as_str), (nth > 0).then_some("\"a\""));
            }
            assert!(api.received().iter().all(|request| request.headers["authorization"] == "Bearer t0ken"));
        },
    );
    println!("{total} bytes, at most {:?} KiB of memory", peak());
}

/// Nothing tells the file from others: it is fetched again and compared.
#[test]
fn a_download_from_a_host_without_parts_is_whole() {
    let total = 1 << 20;
    let mut expected = Hash::new();
    parts(0, total).for_each(|part| expected.update(&part));
    let expected = expected.finalize();
    in_both(
        || breaking(total, false),
        download,
        |result, files, _| {
            assert_eq!(result.unwrap(), (total, expected));
            assert!(files.received().iter().all(|request| !request.headers.contains_key("range")));
        },
    );
}

#[test]
fn an_upload_that_is_broken_off_is_sent_anew_as_a_whole() {
    let length: u64 = 50_000_000;
    let path = std::env::temp_dir().join(format!("upload-{}", std::process::id()));
    let mut expected = Hash::new();
    let mut file = std::fs::File::create(&path).unwrap();
    for part in parts(0, length) {
        expected.update(&part);
        file.write_all(&part).unwrap();
    }
    let expected = expected.finalize();
    let upload = |server: &Server| {
        let header = UploadHeader::default().with_name("Content-Type").with_value("text/csv");
        CsvUpload::default()
            .with_upload_url(format!("{}/break/20000000/key", server.url))
            .with_upload_headers(vec![header, UploadHeader::default().with_name("x-amz-tagging").with_value("a=b")])
    };
    for is_async in [false, true] {
        let server = Server::start(|_, _, stream| json(stream, ""));
        let file = UploadFile::path(&path).unwrap();
        let result = if is_async {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let client = nonblocking(&server, limits());
                client.imports().uploads().put(upload(&server), file).send().await
            })
        } else {
            blocking(&server, limits()).imports().uploads().put(upload(&server), file).send()
        };
        result.unwrap();
        let requests = server.received();
        assert_eq!(requests.len(), 2, "is_async: {is_async}");
        let whole = &requests[1];
        assert_eq!((whole.length, whole.digest), (length, expected), "is_async: {is_async}");
        for request in &requests {
            assert!(request.head.starts_with("PUT /break/"), "{}", request.head);
            assert_eq!(request.headers["content-length"], length.to_string());
            assert_eq!(request.headers["content-type"], "text/csv");
            assert_eq!(request.headers["x-amz-tagging"], "a=b");
            // The API's own host, and no token all the same.
            assert!(
                !request.headers.contains_key("transfer-encoding") && !request.headers.contains_key("authorization")
            );
            assert!(!request.head.contains("t0ken"));
        }
    }
    std::fs::remove_file(path).unwrap();
}

/// A host that stops in the middle is left after the time that is set.
#[test]
fn a_host_that_stalls_is_left() {
    let (keep, kept) = std::sync::mpsc::channel::<TcpStream>();
    let keep = Mutex::new(keep);
    let files = Server::start(move |_, _, stream| {
        let _ = write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n12345");
        let _ = keep.lock().unwrap().send(stream.try_clone().unwrap());
        // The other end closes it.
        let _ = stream.read(&mut [0]);
    });
    let api = api_of(&files);
    let mut limits = limits();
    limits.stall_timeout = Duration::from_millis(50);
    let mut download = blocking(&api, limits).contacts().exports().get("x").download();
    assert_eq!(download.next().unwrap().unwrap(), b"12345");
    let error = download.next().unwrap().unwrap_err();
    assert!(error.is_timeout() && error.is_retryable(), "{error:?}");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut download = nonblocking(&api, limits).contacts().exports().get("x").download();
        assert_eq!(download.next().await.unwrap().unwrap(), b"12345");
        let error = download.next().await.unwrap().unwrap_err();
        assert!(error.is_timeout() && error.is_retryable(), "{error:?}");
    });
    assert_eq!(files.received().len(), 12, "the first, and five more, in each flavour");
    drop(kept);
}

/// A file that changes while it is sent is no success.
#[test]
fn a_file_that_shrinks_is_an_error() {
    let path = std::env::temp_dir().join(format!("shrinks-{}", std::process::id()));
    std::fs::write(&path, vec![b'x'; 1000]).unwrap();
    let server = Server::start(|_, _, stream| json(stream, ""));
    let file = UploadFile::path(&path).unwrap();
    std::fs::write(&path, "x").unwrap();
    let upload = CsvUpload::default().with_upload_url(format!("{}/key", server.url));
    let error = blocking(&server, limits()).imports().uploads().put(upload, file).send().unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::File(error) if matches!(error.problem, FileProblem::Broken(_))),
        "{error}"
    );
    std::fs::remove_file(path).unwrap();
}
