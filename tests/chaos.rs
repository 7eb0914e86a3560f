//! Creates through a service that misbehaves in every way a network can: whatever is reported as done was applied once,
//! whatever was applied is reported as done or as "may have been applied", and nothing is applied twice.
//!
//! A short form runs with the other tests. The long one, which prints its figures:
//! `CHAOS_CREATES=20000 cargo test --release --features reqwest --test chaos -- --nocapture`

#[path = "support/mod.rs"]
mod support;

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use genesys_external_contacts::{Error, ExternalContact, Limits, RetryPolicy};
use serde_json::Value;

/// What can happen to a request. Those that apply it are marked.
const BEHAVIORS: [(Behavior, u64); 14] = [
    (Behavior::Answer, 60),
    (Behavior::CloseUnread, 4),
    (Behavior::CloseRead, 4),
    (Behavior::ApplyAndClose, 4),
    (Behavior::ApplyAndAnswerHalf, 4),
    (Behavior::ApplyAndStall, 1),
    (Behavior::AnswerAndClose, 4),
    (Behavior::Unauthorized, 4),
    (Behavior::RateLimited, 4),
    (Behavior::RateLimitedAfter, 3),
    (Behavior::BadGateway, 3),
    (Behavior::ApplyAndBadGateway, 3),
    (Behavior::Unavailable, 1),
    (Behavior::NotHttp, 1),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Behavior {
    Answer,
    CloseUnread,
    CloseRead,
    ApplyAndClose,
    ApplyAndAnswerHalf,
    ApplyAndStall,
    AnswerAndClose,
    Unauthorized,
    RateLimited,
    RateLimitedAfter,
    BadGateway,
    ApplyAndBadGateway,
    Unavailable,
    NotHttp,
}

struct Service {
    address: SocketAddr,
    random: AtomicU64,
    tokens: AtomicU64,
    applied: Mutex<HashMap<u64, u32>>,
    over: AtomicBool,
}

impl Service {
    fn start() -> Arc<Self> {
        support::watch_logs();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let service = Arc::new(Self {
            address: listener.local_addr().unwrap(),
            random: AtomicU64::new(0x9E37_79B9_7F4A_7C15),
            tokens: AtomicU64::new(0),
            applied: Mutex::default(),
            over: AtomicBool::new(false),
        });
        let shared = Arc::clone(&service);
        thread::spawn(move || {
            for stream in listener.incoming() {
                if shared.over.load(Ordering::SeqCst) {
                    return;
                }
                let (service, stream) = (Arc::clone(&shared), stream.unwrap());
                thread::spawn(move || service.serve(stream));
            }
        });
        service
    }

    fn stop(&self) {
        self.over.store(true, Ordering::SeqCst);
        // Wakes the listener.
        drop(TcpStream::connect(self.address));
    }

    fn behave(&self) -> Behavior {
        // A splitmix step: the same behaviors in every run, whoever meets them.
        let mut number = self.random.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::SeqCst);
        number = (number ^ (number >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        number = (number ^ (number >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let mut place = (number ^ (number >> 31)) % 100;
        for (behavior, weight) in BEHAVIORS {
            if place < weight {
                return behavior;
            }
            place -= weight;
        }
        panic!("the weights are not 100 in all");
    }

    /// Serves one connection. A client that hangs up ends it.
    fn serve(&self, stream: TcpStream) -> Option<()> {
        let mut reader = BufReader::new(stream.try_clone().ok()?);
        let mut writer = stream;
        loop {
            let behavior = self.behave();
            if behavior == Behavior::CloseUnread {
                return writer.shutdown(Shutdown::Both).ok();
            }
            let (path, token, body) = read_request(&mut reader)?;
            if path == "/oauth/token" {
                let token = match behavior {
                    Behavior::CloseRead => return None,
                    Behavior::BadGateway => {
                        answer(&mut writer, "502 Bad Gateway", "", "<html>")?;
                        continue;
                    }
                    _ => self.tokens.fetch_add(1, Ordering::SeqCst) + 1,
                };
                let body = format!(r#"{{"access_token":"{token}","token_type":"bearer","expires_in":3600}}"#);
                answer(&mut writer, "200 OK", "", &body)?;
                continue;
            }
            // Only the last token is good, and not for ever.
            let is_good = token == self.tokens.load(Ordering::SeqCst).to_string();
            if !is_good || behavior == Behavior::Unauthorized {
                answer(&mut writer, "401 Unauthorized", "", r#"{"code":"bad.credentials"}"#)?;
                continue;
            }
            let contact: Value = serde_json::from_slice(&body).unwrap();
            let number: u64 = contact["title"].as_str().unwrap().parse().unwrap();
            let apply = || *self.applied.lock().unwrap().entry(number).or_default() += 1;
            let done = format!(r#"{{"id":"{number}"}}"#);
            match behavior {
                Behavior::Answer => {
                    apply();
                    answer(&mut writer, "200 OK", "", &done)?;
                }
                Behavior::AnswerAndClose => {
                    // As a service does that restarts: the client may still think that the connection is good.
                    apply();
                    return answer(&mut writer, "200 OK", "", &done);
                }
                Behavior::CloseRead | Behavior::CloseUnread => return None,
                Behavior::ApplyAndClose => {
                    apply();
                    return None;
                }
                Behavior::ApplyAndAnswerHalf => {
                    apply();
                    return writer.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"id\":").ok();
                }
                Behavior::ApplyAndStall => {
                    apply();
                    // Until the client's patience ends.
                    reader.read_to_end(&mut Vec::new()).ok();
                    return None;
                }
                Behavior::RateLimited => answer(&mut writer, "429 Too Many Requests", "", "{}")?,
                Behavior::RateLimitedAfter => {
                    answer(&mut writer, "429 Too Many Requests", "retry-after: 0\r\n", "{}")?;
                }
                Behavior::BadGateway => answer(&mut writer, "502 Bad Gateway", "", "<html>")?,
                Behavior::ApplyAndBadGateway => {
                    apply();
                    answer(&mut writer, "502 Bad Gateway", "", "<html>")?;
                }
                Behavior::Unavailable => answer(&mut writer, "503 Service Unavailable", "", "{}")?,
                Behavior::NotHttp => return writer.write_all(b"SSH-2.0-OpenSSH_9.2\r\n").ok(),
                Behavior::Unauthorized => {}
            }
        }
    }
}

fn read_request(reader: &mut BufReader<TcpStream>) -> Option<(String, String, Vec<u8>)> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
    let path = line.split(' ').nth(1)?.to_owned();
    let (mut token, mut length) = (String::new(), 0);
    loop {
        line.clear();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        match name.to_ascii_lowercase().as_str() {
            "authorization" => token = value.trim_start_matches("Bearer ").to_owned(),
            "content-length" => length = value.parse().unwrap(),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((path, token, body))
}

fn answer(writer: &mut TcpStream, status: &str, headers: &str, body: &str) -> Option<()> {
    let length = body.len();
    let text = format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\n{headers}content-length: {length}\r\n\r\n{body}"
    );
    writer.write_all(text.as_bytes()).ok()
}

fn creates() -> u64 {
    std::env::var("CHAOS_CREATES").map_or(1000, |number| number.parse().unwrap())
}

fn policy() -> RetryPolicy {
    let mut policy = RetryPolicy::default();
    policy.base_delay = Duration::from_millis(1);
    policy.max_wait = Duration::from_millis(5);
    policy
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.call_timeout = Duration::from_millis(250);
    limits
}

fn contact(number: u64) -> ExternalContact {
    ExternalContact::default().with_title(number.to_string())
}

/// Holds what the client reported of each create against what the service did.
fn judge(name: &str, service: &Service, reports: &[(u64, Result<ExternalContact, Error>)]) {
    let applied = service.applied.lock().unwrap();
    let (mut done, mut unclear, mut unclear_applied, mut failed) = (0, 0, 0, 0);
    for (number, report) in reports {
        let times = applied.get(number).copied().unwrap_or(0);
        match report {
            Ok(contact) => {
                assert_eq!(times, 1, "{number} was reported as done");
                assert_eq!(contact.id.as_deref(), Some(number.to_string().as_str()));
                done += 1;
            }
            Err(error) if error.may_have_been_applied() => {
                assert!(times <= 1, "{number} was applied {times} times: {error:?}");
                unclear += 1;
                unclear_applied += times;
            }
            Err(error) => {
                assert_eq!(times, 0, "{number} was reported as not applied: {error:?}");
                failed += 1;
            }
        }
    }
    assert_eq!(reports.len() as u64, creates());
    assert!(done > 0 && unclear > 0, "the service was too kind, or too unkind");
    println!(
        "{name}: {} creates, {done} done, {unclear} may have been applied ({unclear_applied} were), {failed} not applied, \
         {} sign-ins",
        reports.len(),
        service.tokens.load(Ordering::SeqCst)
    );
}

#[cfg(feature = "ureq")]
#[test]
fn blocking_creates_are_applied_once() {
    const THREADS: u64 = 8;
    let service = Service::start();
    let url = format!("http://{}", service.address);
    let builder = genesys_external_contacts::Client::builder().client_credentials("id", "secret");
    let client = builder.api_url(&url).login_url(&url).limits(limits()).retry(policy()).build().unwrap();
    let reports: Vec<_> = thread::scope(|scope| {
        let workers: Vec<_> = (0..THREADS)
            .map(|worker| {
                let numbers = (0..creates()).filter(move |number| number % THREADS == worker);
                let client = &client;
                scope.spawn(move || {
                    numbers.map(|n| (n, client.contacts().create(contact(n)).send())).collect::<Vec<_>>()
                })
            })
            .collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    service.stop();
    judge("ureq", &service, &reports);
}

#[cfg(feature = "reqwest")]
#[test]
fn async_creates_are_applied_once() {
    const TASKS: u64 = 8;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let service = Service::start();
    let url = format!("http://{}", service.address);
    let builder = genesys_external_contacts::AsyncClient::builder().client_credentials("id", "secret");
    let client = builder.api_url(&url).login_url(&url).limits(limits()).retry(policy()).build().unwrap();
    let reports: Vec<_> = runtime.block_on(async {
        let tasks: Vec<_> = (0..TASKS)
            .map(|task| {
                let client = client.clone();
                tokio::spawn(async move {
                    let mut reports = Vec::new();
                    for n in (0..creates()).filter(|number| number % TASKS == task) {
                        reports.push((n, client.contacts().create(contact(n)).send().await));
                    }
                    reports
                })
            })
            .collect();
        let mut reports = Vec::new();
        for task in tasks {
            reports.extend(task.await.unwrap());
        }
        reports
    });
    service.stop();
    judge("reqwest", &service, &reports);
}
