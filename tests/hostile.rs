//! Servers that never come to an end, through the whole client: bounded memory, a bounded number of requests, and an error
//! that says what it is. `tests/adapters.rs` has many more of them, for the transports alone.

#[path = "support/mod.rs"]
mod support;

use std::io::{BufRead as _, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};
use std::thread;

use genesys_external_contacts::{Error, RetryPolicy};

type Answer = fn(page: &str, out: &mut TcpStream) -> std::io::Result<()>;

/// All records of a search at this URL: how many came, and how it ended.
type Walk = fn(url: &str) -> (usize, Result<(), Error>);

const FLAVOURS: &[(&str, Walk)] = &[
    #[cfg(feature = "ureq")]
    ("ureq", blocking::walk),
    #[cfg(feature = "reqwest")]
    ("reqwest", nonblocking::walk),
];

#[cfg(feature = "ureq")]
mod blocking {
    use genesys_external_contacts::Client;

    use super::*;

    pub(super) fn walk(url: &str) -> (usize, Result<(), Error>) {
        let client = Client::builder().api_url(url).access_token("t").retry(RetryPolicy::never()).build().unwrap();
        let (mut count, mut end) = (0, Ok(()));
        for contact in client.contacts().search().items() {
            match contact {
                Ok(_) => count += 1,
                Err(error) => end = Err(error),
            }
        }
        (count, end)
    }
}

#[cfg(feature = "reqwest")]
mod nonblocking {
    use genesys_external_contacts::AsyncClient;

    use super::*;

    pub(super) fn walk(url: &str) -> (usize, Result<(), Error>) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let builder = AsyncClient::builder().api_url(url).access_token("t").retry(RetryPolicy::never());
            let client = builder.build().unwrap();
            let (mut count, mut end) = (0, Ok(()));
            let mut items = client.contacts().search().items();
            while let Some(contact) = items.next().await {
                match contact {
                    Ok(_) => count += 1,
                    Err(error) => end = Err(error),
                }
            }
            (count, end)
        })
    }
}

/// Answers every request like this, for as long as the process lives; counts them.
fn serve(answer: Answer) -> (String, Arc<AtomicUsize>) {
    support::watch_logs();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let requests = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&requests);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut stream, counter) = (stream.unwrap(), Arc::clone(&counter));
            thread::spawn(move || {
                let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
                while let Some(Ok(first)) = lines.next() {
                    while lines.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
                    counter.fetch_add(1, Ordering::SeqCst);
                    let page = first.split("pageNumber=").nth(1).and_then(|rest| rest.split(['&', ' ']).next());
                    // The first page is asked for without its number. The client hangs up when it has had enough.
                    if answer(page.unwrap_or("1"), &mut stream).is_err() {
                        return;
                    }
                }
            });
        }
    });
    (url, requests)
}

fn json(out: &mut TcpStream, body: &str) -> std::io::Result<()> {
    write!(out, "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

fn for_ever(out: &mut TcpStream, bytes: &[u8]) -> std::io::Result<()> {
    let many = bytes.repeat(16_384 / bytes.len() + 1);
    loop {
        out.write_all(&many)?;
    }
}

fn entities(records: usize) -> String {
    let records = vec![r#"{"firstName":"x"}"#; records];
    format!(r#""entities":[{}]"#, records.join(","))
}

/// Some kilobytes that are 96 MiB: more than a client takes.
static BOMB: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let blanks = vec![b' '; 1 << 20];
    (0..96).for_each(|_| encoder.write_all(&blanks).unwrap());
    encoder.finish().unwrap()
});

struct Case {
    name: &'static str,
    answer: Answer,
    records: usize,
    requests: usize,
    error: &'static str,
}

const CASES: &[Case] = &[
    Case {
        name: "a page that links to itself",
        answer: |_, out| {
            let next = "/api/v2/externalcontacts/contacts?pageNumber=1";
            let rest = format!(r#""pageNumber":1,"total":100000,"pageCount":1000,"nextUri":"{next}""#);
            json(out, &format!("{{{},{rest}}}", entities(100)))
        },
        records: 100,
        requests: 2,
        error: "page 2 was asked for, and another one came",
    },
    Case {
        name: "pages that always link on",
        answer: |_, out| json(out, &format!(r#"{{{},"nextUri":"/next"}}"#, entities(100))),
        records: 1000,
        requests: 10,
        error: "1000",
    },
    Case {
        name: "a total that always grows",
        answer: |page, out| {
            let number: u64 = page.parse().unwrap();
            json(out, &format!(r#"{{{},"pageNumber":{number},"total":{}}}"#, entities(1), number * 100_000))
        },
        records: 10,
        requests: 10,
        error: "1000",
    },
    Case {
        name: "empty pages that promise more",
        answer: |page, out| json(out, &format!(r#"{{"entities":[],"pageNumber":{page},"total":100000}}"#)),
        records: 0,
        requests: 10,
        error: "1000",
    },
    Case {
        name: "headers without end",
        answer: |_, out| {
            out.write_all(b"HTTP/1.1 200 OK\r\n")?;
            for_ever(out, b"x-a: b\r\n")
        },
        records: 0,
        requests: 1,
        error: "the exchange failed",
    },
    Case {
        name: "a body without end",
        answer: |_, out| {
            out.write_all(b"HTTP/1.1 200 OK\r\n\r\n[")?;
            for_ever(out, b"{},")
        },
        records: 0,
        requests: 1,
        error: "larger",
    },
    Case {
        name: "ten gigabytes, announced",
        answer: |_, out| {
            out.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 10737418240\r\n\r\n")?;
            for_ever(out, b"[],")
        },
        records: 0,
        requests: 1,
        error: "larger",
    },
    Case {
        name: "a bomb",
        answer: |_, out| {
            let bomb = &*BOMB;
            write!(out, "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n", bomb.len())?;
            out.write_all(bomb)
        },
        records: 0,
        requests: 1,
        error: "larger",
    },
];

/// The most memory that this process ever had, in MiB.
#[cfg(target_os = "linux")]
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024
}

#[test]
fn a_server_without_end_is_an_error() {
    assert!(BOMB.len() < 1 << 20);
    for case in CASES {
        for (flavour, walk) in FLAVOURS {
            let (url, requests) = serve(case.answer);
            let (records, end) = walk(&url);
            let error = end.expect_err(case.name);
            let told = support::printed(&error);
            assert!(told.contains(case.error), "{flavour}, {}: {told}", case.name);
            let seen = (records, requests.load(Ordering::SeqCst));
            assert_eq!(seen, (case.records, case.requests), "{flavour}, {}: {error}", case.name);
        }
    }
    // Two times 64 MiB for a body that grew, and what the bomb itself and everything else takes.
    #[cfg(target_os = "linux")]
    assert!(peak() < 200, "{} MiB", peak());
}
