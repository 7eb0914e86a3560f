//! What reaches a logger that takes everything, at every level, in a real exchange: nothing secret or personal but from ureq at
//! `trace`, and nothing at all with the line that the documentation has for it.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use genesys_external_contacts::{Error, ExternalContact};
use log::{LevelFilter, Log, Metadata, Record};

const ID: &str = "an-id-0815";
/// The Basic credentials of the id and its secret.
const BASIC: &str = "YW4taWQtMDgxNTpzM2NyZXQtMDgxNQ==";
const SECRET: &str = "s3cret-0815";
const TOKEN: &str = "t0ken-0815";
const PERSON: &str = "Lovelace-0815";
const CONTACT: &str = "c0ntact-0815";

/// A target and what was logged for it.
type Line = (String, String);

struct Collector {
    line_of_the_documentation: env_logger::Logger,
    is_line_used: AtomicBool,
    lines: Mutex<Vec<Line>>,
}

impl Log for Collector {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        !self.is_line_used.load(Ordering::SeqCst) || self.line_of_the_documentation.enabled(metadata)
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            let line = (record.target().to_owned(), format!("{} {}", record.level(), record.args()));
            self.lines.lock().unwrap().push(line);
        }
    }

    fn flush(&self) {}
}

impl Collector {
    fn install() -> &'static Self {
        let mut builder = env_logger::Builder::new();
        builder.filter_level(LevelFilter::Trace);
        // The line of the quick start.
        builder.filter_module("ureq", LevelFilter::Debug);
        let collector = Self {
            line_of_the_documentation: builder.build(),
            is_line_used: AtomicBool::new(false),
            lines: Mutex::default(),
        };
        let collector: &'static Self = Box::leak(Box::new(collector));
        log::set_logger(collector).unwrap();
        log::set_max_level(LevelFilter::Trace);
        collector
    }

    fn of(&self, is_line_used: bool, work: impl FnOnce()) -> Vec<Line> {
        self.is_line_used.store(is_line_used, Ordering::SeqCst);
        work();
        std::mem::take(&mut self.lines.lock().unwrap())
    }
}

/// What of the secrets stands in these lines. ureq_proto writes rows of bytes, the characters at their end: a secret may begin in
/// one and end in the next.
fn found_in<'a>(lines: impl Iterator<Item = &'a Line> + Clone) -> Vec<&'static str> {
    let text: String = lines.clone().map(|(_, text)| format!("{text}\n")).collect();
    let rows: String = lines.filter_map(|(_, text)| text.rsplit(' ').next()).collect();
    let secrets = [BASIC, SECRET, TOKEN, PERSON, CONTACT];
    secrets.into_iter().filter(|secret| text.contains(secret) || rows.contains(secret)).collect()
}

/// Signs in, creates and reads; each answer ends its connection.
fn serve(listener: &TcpListener) {
    for _ in 0..3 {
        let (mut stream, _) = listener.accept().unwrap();
        let (mut seen, mut buffer) = (Vec::new(), [0; 4096]);
        let body = loop {
            let read = stream.read(&mut buffer).unwrap();
            seen.extend_from_slice(&buffer[..read]);
            let text = String::from_utf8_lossy(&seen).into_owned();
            let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
            let length = head
                .to_lowercase()
                .split("content-length: ")
                .nth(1)
                .map_or(0, |rest| rest.lines().next().unwrap_or_default().trim().parse::<usize>().unwrap());
            if body.len() >= length {
                break if head.starts_with("POST /oauth/token") {
                    format!(r#"{{"access_token":"{TOKEN}","expires_in":3600}}"#)
                } else {
                    format!(r#"{{"id":"{CONTACT}","lastName":"{PERSON}"}}"#)
                };
            }
        };
        let length = body.len();
        write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}").unwrap();
    }
}

fn with_server(work: impl FnOnce(&str) -> Result<(), Error>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = thread::spawn(move || serve(&listener));
    work(&url).unwrap();
    server.join().unwrap();
}

fn person() -> ExternalContact {
    ExternalContact::default().with_last_name(PERSON)
}

#[cfg(feature = "ureq")]
fn blocking() {
    use genesys_external_contacts::{Client, Connection};

    with_server(|url| {
        let builder = Client::builder().api_url(url).login_url(url).client_credentials(ID, SECRET);
        let client = builder.connection(Connection::default().no_proxy()).build()?;
        client.contacts().create(person()).send()?;
        client.contacts().get(CONTACT).send().map(drop)
    });
}

#[cfg(feature = "reqwest")]
fn nonblocking() {
    use genesys_external_contacts::{AsyncClient, Connection};

    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    with_server(|url| {
        let builder = AsyncClient::builder().api_url(url).login_url(url).client_credentials(ID, SECRET);
        let client = builder.connection(Connection::default().no_proxy()).build()?;
        runtime.block_on(async {
            client.contacts().create(person()).send().await?;
            client.contacts().get(CONTACT).send().await.map(drop)
        })
    });
}

/// One test: there is one logger in a process.
#[test]
fn nothing_secret_is_logged_but_by_ureq_at_trace() {
    let collector = Collector::install();
    #[cfg(feature = "reqwest")]
    for is_line_used in [false, true] {
        let lines = collector.of(is_line_used, nonblocking);
        assert!(lines.iter().any(|(target, _)| target.starts_with("genesys_external_contacts")));
        assert_eq!(found_in(lines.iter()), [""; 0], "{lines:#?}");
    }
    #[cfg(feature = "ureq")]
    {
        let lines = collector.of(false, blocking);
        let (of_ureq, others): (Vec<_>, Vec<_>) = lines.into_iter().partition(|(target, _)| target.starts_with("ureq"));
        assert!(others.iter().any(|(target, _)| target.starts_with("genesys_external_contacts")));
        assert_eq!(found_in(others.iter()), [""; 0], "{others:#?}");
        // The exception is as the documentation has it: if this fails, there is less to warn of.
        assert_eq!(found_in(of_ureq.iter()), [BASIC, TOKEN, PERSON, CONTACT]);

        let lines = collector.of(true, blocking);
        assert!(lines.iter().any(|(target, _)| target.starts_with("ureq")), "it still says something");
        assert_eq!(found_in(lines.iter()), [""; 0], "{lines:#?}");
    }
}
