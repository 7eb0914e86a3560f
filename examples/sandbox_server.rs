//! The sandbox over HTTP, so that clients in any language can use it.
//!
//! `cargo run --example sandbox_server -- --port 8080 --contacts 5000`
//!
//! It listens on loopback only, unless `--host` says otherwise: whoever reaches it can do everything. It forgets all when
//! it ends.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, ToSocketAddrs as _};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use genesys_external_contacts::sandbox::Sandbox;
use genesys_external_contacts::{Limits, Transport};
use http::header::{CONNECTION, CONTENT_LENGTH, EXPECT, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode};

const HELP: &str = "\
The Genesys Cloud External Contacts API in memory, over HTTP.

Usage: sandbox_server [options]

  --port <number>      the port; 8080 unless given, 0 for any that is free
  --host <address>     the address to listen on; 127.0.0.1 unless given.
                       Whoever reaches it can do everything: there is one client, and its secret is public
  --contacts <number>  how many contacts there are at first; 0 unless given
  --no-limit           no rate limit, instead of 300 calls a minute
  --help               this text
";

/// One byte more than a request may have: enough for the sandbox to see that it is too large.
const ENOUGH_OF_A_BODY: u64 = 512_001;
/// How much of a body that is too large is read, so that its sender gets to read the answer.
const MOST_OF_A_BODY: u64 = 16 << 20;
const MOST_OF_A_HEAD: u64 = 64 << 10;
/// How long a connection may be silent.
const PATIENCE: Duration = Duration::from_secs(60);

fn main() -> ExitCode {
    let options = match Options::parse(std::env::args().skip(1)) {
        Ok(Some(options)) => options,
        Ok(None) => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Err(problem) => {
            eprintln!("{problem}\n\n{HELP}");
            return ExitCode::from(2);
        }
    };
    let calls = if options.no_limit { None } else { Some(300) };
    let sandbox = Sandbox::builder().calls_per_minute(calls).build();
    sandbox.generate_contacts(options.contacts);
    match Server::start(sandbox, &options.host, options.port) {
        Ok(server) => {
            print!("{}", introduction(server.address(), options.contacts));
            server.wait();
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("can't listen on {}, port {}: {error}", options.host, options.port);
            ExitCode::FAILURE
        }
    }
}

pub(crate) fn introduction(address: SocketAddr, contacts: usize) -> String {
    let (id, secret) = (Sandbox::CLIENT_ID, Sandbox::CLIENT_SECRET);
    let (url, host, port) = (format!("http://{address}"), address.ip(), address.port());
    format!(
        "The sandbox listens, with {contacts} contacts. Ctrl-C ends it.

  API            {url}
  sign-in        {url}/oauth/token
  client id      {id}
  client secret  {secret}

This crate:      Client::builder().api_url(\"{url}\").login_url(\"{url}\")
                     .client_credentials(\"{id}\", \"{secret}\").build()
Python SDK:      PureCloudPlatformClientV2.configuration.host = \"{url}\"
JavaScript SDK:  client.setGateway({{ host: \"{host}\", protocol: \"http\", port: {port} }})
curl:            curl -u {id}:{secret} -d grant_type=client_credentials {url}/oauth/token
"
    )
}

pub(crate) struct Options {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) contacts: usize,
    pub(crate) no_limit: bool,
}

impl Options {
    /// Nothing where help is asked for.
    pub(crate) fn parse(mut words: impl Iterator<Item = String>) -> Result<Option<Self>, String> {
        let mut options = Self { host: "127.0.0.1".to_owned(), port: 8080, contacts: 0, no_limit: false };
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or_else(|| format!("{word} needs a value"));
            match word.as_str() {
                "--help" | "-h" => return Ok(None),
                "--no-limit" => options.no_limit = true,
                "--host" => options.host = value()?,
                "--port" => options.port = number(&word, &value()?)?,
                "--contacts" => options.contacts = number(&word, &value()?)?,
                _ => return Err(format!("{word} is no option")),
            }
        }
        Ok(Some(options))
    }
}

fn number<T: std::str::FromStr>(option: &str, text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("{option} {text}: no number, or too large"))
}

/// A server, until it is dropped.
pub(crate) struct Server {
    address: SocketAddr,
    is_over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    pub(crate) fn start(sandbox: Sandbox, host: &str, port: u16) -> io::Result<Self> {
        let addresses: Vec<_> = (host, port).to_socket_addrs()?.collect();
        let listener = TcpListener::bind(&*addresses)?;
        let address = listener.local_addr()?;
        let is_over = Arc::new(AtomicBool::new(false));
        let over = Arc::clone(&is_over);
        let thread = thread::spawn(move || {
            for stream in listener.incoming() {
                if over.load(Ordering::SeqCst) {
                    return;
                }
                let sandbox = sandbox.clone();
                // A connection that fails is the client's affair.
                thread::spawn(move || stream.and_then(|stream| serve(&sandbox, &stream)));
            }
        });
        Ok(Self { address, is_over, thread: Some(thread) })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    fn wait(mut self) {
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::SeqCst);
        // Wakes the listener.
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Serves a connection until one of both wants to end it.
fn serve(sandbox: &Sandbox, stream: &TcpStream) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream);
    loop {
        let (request, is_last) = match read_request(&mut reader, stream) {
            Ok(Some(request)) => request,
            Ok(None) => return Ok(()),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                let mut response = Response::new(error.to_string().into_bytes());
                *response.status_mut() = StatusCode::BAD_REQUEST;
                return write_response(stream, &Method::GET, &response, true);
            }
            Err(error) => return Err(error),
        };
        let method = request.method().clone();
        // An error is a connection that is to break: see `Sandbox::next_calls`.
        let Ok(response) = Transport::send(sandbox, request, Limits::default()) else {
            return Ok(());
        };
        write_response(stream, &method, &response, is_last)?;
        if is_last {
            return Ok(());
        }
    }
}

fn invalid(problem: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, problem)
}

/// A line without its end; nothing at the end of the connection.
fn read_line(reader: &mut impl BufRead, left: &mut u64) -> io::Result<Option<String>> {
    let mut line = Vec::new();
    let count = reader.by_ref().take(*left).read_until(b'\n', &mut line)?;
    if count == 0 && *left > 0 {
        return Ok(None);
    }
    *left -= count as u64;
    if line.pop() != Some(b'\n') {
        return Err(invalid("the head is too long, or ends too early"));
    }
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    String::from_utf8(line).map(Some).map_err(|_| invalid("the head is not text"))
}

/// A request, and whether it is the last one on its connection; nothing where no other one comes.
fn read_request(reader: &mut impl BufRead, mut writer: impl Write) -> io::Result<Option<(Request<Vec<u8>>, bool)>> {
    let mut left = MOST_OF_A_HEAD;
    let Some(line) = read_line(reader, &mut left)? else {
        return Ok(None);
    };
    let mut words = line.split(' ');
    let (Some(method), Some(target), Some(version), None) = (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(invalid("no request line"));
    };
    if !matches!(version, "HTTP/1.1" | "HTTP/1.0") {
        return Err(invalid("the version must be HTTP/1.1 or HTTP/1.0"));
    }
    let mut request = Request::builder().method(method).uri(target);
    loop {
        let line = read_line(reader, &mut left)?.ok_or_else(|| invalid("the head ends too early"))?;
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':').ok_or_else(|| invalid("a header without a colon"))?;
        request = request.header(name, value.trim());
    }
    let request = request.body(()).map_err(|_| invalid("the request line or a header is malformed"))?;
    let headers = request.headers();
    let says = |name: HeaderName, word: &str| {
        let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
        values.flat_map(|value| value.split(',')).any(|value| value.trim().eq_ignore_ascii_case(word))
    };
    if says(EXPECT, "100-continue") {
        writer.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
    }
    let is_old = version == "HTTP/1.0" && !says(CONNECTION, "keep-alive");
    let body = read_body(reader, headers, says(TRANSFER_ENCODING, "chunked"))?;
    let is_last = is_old || says(CONNECTION, "close") || body.len() as u64 >= ENOUGH_OF_A_BODY;
    Ok(Some((request.map(|()| body), is_last)))
}

fn read_body(reader: &mut impl BufRead, headers: &HeaderMap, is_chunked: bool) -> io::Result<Vec<u8>> {
    let mut lengths = headers.get_all(CONTENT_LENGTH).into_iter();
    let mut body = Vec::new();
    match (lengths.next(), lengths.next(), headers.contains_key(TRANSFER_ENCODING)) {
        (None, None, false) => {}
        (None, None, true) if is_chunked => loop {
            let mut left = MOST_OF_A_HEAD;
            let line = read_line(reader, &mut left)?.ok_or_else(|| invalid("the body ends too early"))?;
            let size = line.split(';').next().unwrap_or_default().trim();
            let size = u64::from_str_radix(size, 16).map_err(|_| invalid("a chunk has no size"))?;
            if size == 0 {
                // What comes after the last chunk says nothing.
                while !read_line(reader, &mut left)?.is_none_or(|line| line.is_empty()) {}
                break;
            }
            read_part(reader, size, &mut body)?;
            let end = read_line(reader, &mut left)?;
            if end.as_deref() != Some("") {
                return Err(invalid("a chunk is longer than it says"));
            }
        },
        (Some(length), None, false) => {
            let length = length.to_str().ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
            let length = length.and_then(|text| text.parse().ok()).ok_or_else(|| invalid("no length"))?;
            read_part(reader, length, &mut body)?;
        }
        _ => return Err(invalid("it is not clear how long the body is")),
    }
    Ok(body)
}

/// Reads so many bytes, and keeps what is needed to see that they are too many.
fn read_part(reader: &mut impl BufRead, length: u64, body: &mut Vec<u8>) -> io::Result<()> {
    if length > MOST_OF_A_BODY {
        return Err(invalid("the body is much too large"));
    }
    let room = ENOUGH_OF_A_BODY.saturating_sub(body.len() as u64);
    let kept = reader.by_ref().take(length.min(room)).read_to_end(body)? as u64;
    let dropped = io::copy(&mut reader.by_ref().take(length - length.min(room)), &mut io::sink())?;
    if kept + dropped == length { Ok(()) } else { Err(invalid("the body ends too early")) }
}

fn write_response(
    mut writer: impl Write,
    method: &Method,
    response: &Response<Vec<u8>>,
    is_last: bool,
) -> io::Result<()> {
    let status = response.status();
    let mut bytes =
        format!("HTTP/1.1 {} {}\r\n", status.as_str(), status.canonical_reason().unwrap_or_default()).into_bytes();
    let mut put = |name: &HeaderName, value: &HeaderValue| {
        bytes.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    };
    for (name, value) in response.headers() {
        put(name, value);
    }
    if status != StatusCode::NO_CONTENT {
        put(&CONTENT_LENGTH, &HeaderValue::from(response.body().len()));
    }
    if is_last {
        put(&CONNECTION, &HeaderValue::from_static("close"));
    }
    bytes.extend(b"\r\n");
    if method != Method::HEAD {
        bytes.extend(response.body());
    }
    writer.write_all(&bytes)
}
