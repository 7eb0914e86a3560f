//! Creates and deletions through a service that misbehaves in every way a network can, by callers that give up, in runtimes
//! that end: whatever is reported as done was applied once, whatever was applied is reported as done or as "may have been
//! applied", and nothing is applied twice. A refresh token that the service gave out is never lost, and none is sent twice.
//!
//! A short form runs with the other tests. The long one, which prints its figures:
//! `CHAOS_CREATES=20000 cargo test --release --features reqwest --test chaos -- --nocapture`

#[path = "support/mod.rs"]
mod support;

use std::collections::{HashMap, HashSet};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use genesys_external_contacts::{Credentials, Error, ExternalContact, Limits, RetryPolicy};
use serde_json::Value;

/// What can happen to a request. Those that apply it are marked.
const BEHAVIORS: [(Behavior, u64); 17] = [
    (Behavior::Answer, 55),
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
    (Behavior::Unavailable, 2),
    (Behavior::NotHttp, 1),
    (Behavior::ApplyAndSwitchProtocols, 1),
    (Behavior::ApplyAndGiveUp, 1),
    (Behavior::GatewayNotFound, 2),
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
    /// 101
    ApplyAndSwitchProtocols,
    /// 499, as a proxy says whose client has gone.
    ApplyAndGiveUp,
    /// 404 as a page. For a deletion that is repeated it does not mean that it is done.
    GatewayNotFound,
}

struct Service {
    address: SocketAddr,
    random: AtomicU64,
    tokens: AtomicU64,
    applied: Mutex<HashMap<u64, u32>>,
    deleted: Mutex<HashSet<u64>>,
    grants: Mutex<Grants>,
    over: AtomicBool,
}

/// Refresh tokens, each good once.
#[derive(Default)]
struct Grants {
    given: u64,
    good: HashSet<String>,
    /// By which client each was used.
    used: HashMap<String, String>,
    /// Those whose answer was written to its end.
    answered: HashSet<String>,
    sent_twice: u32,
}

impl Grants {
    fn give(&mut self) -> String {
        self.given += 1;
        let token = format!("r{}", self.given);
        self.good.insert(token.clone());
        token
    }

    fn is_good(&mut self, token: &str, client: &str) -> bool {
        self.sent_twice += u32::from(self.used.get(token).is_some_and(|by| by == client));
        self.good.contains(token)
    }

    fn rotate(&mut self, token: &str, client: &str) -> String {
        self.good.remove(token);
        self.used.insert(token.to_owned(), client.to_owned());
        self.give()
    }
}

/// What came.
struct Received {
    method: String,
    path: String,
    authorization: String,
    body: Vec<u8>,
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
            deleted: Mutex::default(),
            grants: Mutex::default(),
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

    fn url(&self) -> String {
        format!("http://{}", self.address)
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
            let request = read_request(&mut reader)?;
            if request.path == "/oauth/token" {
                self.sign_in(behavior, &request, &mut reader, &mut writer)?;
                continue;
            }
            // Only the last token is good, and not for ever.
            let is_good = request.authorization == format!("Bearer {}", self.tokens.load(Ordering::SeqCst));
            if !is_good || behavior == Behavior::Unauthorized {
                answer(&mut writer, "401 Unauthorized", "", r#"{"code":"bad.credentials"}"#)?;
                continue;
            }
            let (status, done) = self.read(&request);
            let apply = || self.apply(&request);
            match behavior {
                Behavior::Answer => {
                    apply();
                    answer(&mut writer, status, "", &done)?;
                }
                Behavior::AnswerAndClose => {
                    // As a service does that restarts: the client may still think that the connection is good.
                    apply();
                    return answer(&mut writer, status, "", &done);
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
                Behavior::Unavailable => {
                    answer(&mut writer, "503 Service Unavailable", "", "{}")?;
                    // The gateway that says so may know no such page the next time.
                    let again = read_request(&mut reader)?;
                    if again.path == "/oauth/token" {
                        self.sign_in(Behavior::Answer, &again, &mut reader, &mut writer)?;
                    } else {
                        answer(&mut writer, "404 Not Found", "", "<html>")?;
                    }
                }
                Behavior::NotHttp => return writer.write_all(b"SSH-2.0-OpenSSH_9.2\r\n").ok(),
                Behavior::ApplyAndSwitchProtocols => {
                    apply();
                    return writer.write_all(b"HTTP/1.1 101 Switching Protocols\r\n\r\n").ok();
                }
                Behavior::ApplyAndGiveUp => {
                    apply();
                    answer(&mut writer, "499 Client Closed Request", "", "")?;
                }
                Behavior::GatewayNotFound => answer(&mut writer, "404 Not Found", "", "<html>")?,
                Behavior::Unauthorized => {}
            }
        }
    }

    fn number(request: &Received) -> u64 {
        if request.method == "DELETE" {
            return request.path.rsplit('/').next().unwrap().parse().unwrap();
        }
        let contact: Value = serde_json::from_slice(&request.body).unwrap();
        contact["title"].as_str().unwrap().parse().unwrap()
    }

    /// What is answered to a request that is applied.
    fn read(&self, request: &Received) -> (&'static str, String) {
        let number = Self::number(request);
        if request.method == "DELETE" && self.deleted.lock().unwrap().contains(&number) {
            return ("404 Not Found", r#"{"code":"not.found"}"#.to_owned());
        }
        ("200 OK", format!(r#"{{"id":"{number}"}}"#))
    }

    fn apply(&self, request: &Received) {
        let number = Self::number(request);
        if request.method == "DELETE" {
            self.deleted.lock().unwrap().insert(number);
        } else {
            *self.applied.lock().unwrap().entry(number).or_default() += 1;
        }
    }

    fn sign_in(
        &self,
        behavior: Behavior,
        request: &Received,
        reader: &mut BufReader<TcpStream>,
        writer: &mut TcpStream,
    ) -> Option<()> {
        let form = String::from_utf8_lossy(&request.body).into_owned();
        let (client, refresh) = (&request.authorization, form.split("refresh_token=").nth(1));
        if refresh.is_some_and(|token| !self.grants.lock().unwrap().is_good(token, client)) {
            return answer(writer, "400 Bad Request", "", r#"{"error":"invalid_grant"}"#);
        }
        // What happens to a sign-in happens less often: there is one for many calls.
        match behavior {
            Behavior::RateLimited | Behavior::RateLimitedAfter => {
                return answer(writer, "429 Too Many Requests", "", "");
            }
            Behavior::BadGateway => return answer(writer, "502 Bad Gateway", "", "<html>"),
            Behavior::NotHttp => {
                writer.write_all(b"SSH-2.0-OpenSSH_9.2\r\n").ok();
                return None;
            }
            _ => {}
        }
        let next = refresh.map(|token| self.grants.lock().unwrap().rotate(token, client));
        match behavior {
            Behavior::CloseRead | Behavior::ApplyAndClose => return None,
            Behavior::ApplyAndStall => {
                reader.read_to_end(&mut Vec::new()).ok();
                return None;
            }
            Behavior::ApplyAndBadGateway => return answer(writer, "502 Bad Gateway", "", "<html>"),
            Behavior::ApplyAndGiveUp => return answer(writer, "499 Client Closed Request", "", ""),
            _ => {}
        }
        let token = self.tokens.fetch_add(1, Ordering::SeqCst) + 1;
        let member = next.as_ref().map(|next| format!(r#","refresh_token":"{next}""#)).unwrap_or_default();
        let body = format!(r#"{{"access_token":"{token}","token_type":"bearer","expires_in":3600{member}}}"#);
        answer(writer, "200 OK", "", &body)?;
        self.grants.lock().unwrap().answered.extend(next);
        Some(())
    }
}

fn read_request(reader: &mut BufReader<TcpStream>) -> Option<Received> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
    let mut words = line.split(' ').map(str::to_owned);
    let (method, path) = (words.next()?, words.next()?);
    let (mut authorization, mut length) = (String::new(), 0);
    loop {
        line.clear();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        match name.to_ascii_lowercase().as_str() {
            "authorization" => authorization = value.to_owned(),
            "content-length" => length = value.parse().unwrap(),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Received { method, path, authorization, body })
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

const DEADLINE: Duration = Duration::from_secs(1);

fn policy() -> RetryPolicy {
    let mut policy = RetryPolicy::default();
    policy.base_delay = Duration::from_millis(1);
    policy.max_wait = Duration::from_millis(5);
    policy.deadline = DEADLINE;
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

/// Every fifth caller has little time.
const HASTE: Duration = Duration::from_millis(2);

fn is_hasty(number: u64) -> bool {
    number.is_multiple_of(5)
}

/// The numbers of the contacts: the first half is created with the token of a program, the rest with that of a user.
#[derive(Default)]
struct Numbers {
    next: Mutex<u64>,
    taken: Condvar,
}

impl Numbers {
    fn next(&self) -> Option<u64> {
        let mut next = self.next.lock().unwrap();
        let number = Some(*next).filter(|number| *number < creates())?;
        *next += 1;
        self.taken.notify_all();
        Some(number)
    }

    /// Waits until so many more are taken. `false` when there are no more.
    #[cfg(feature = "reqwest")]
    fn wait_for(&self, more: u64) -> bool {
        let next = self.next.lock().unwrap();
        let until = (*next + more).min(creates());
        *self.taken.wait_while(next, |next| *next < until).unwrap() < creates()
    }

    fn is_of_a_user(number: u64) -> bool {
        number >= creates() / 2
    }
}

/// What the caller knows in the end. A call that was given up is reported as nothing.
enum Report {
    /// With the id.
    Created(Result<Option<String>, Error>),
    Deleted(Result<(), Error>),
}

struct Reports {
    all: Mutex<Vec<(u64, Report)>>,
    longest: Mutex<Duration>,
    past_deadline: AtomicU64,
}

impl Reports {
    fn new() -> Arc<Self> {
        let (all, longest, past_deadline) = Default::default();
        Arc::new(Self { all, longest, past_deadline })
    }

    fn note(&self, number: u64, began: Instant, report: Report) {
        let took = began.elapsed();
        let mut longest = self.longest.lock().unwrap();
        *longest = took.max(*longest);
        // The machine may be busy.
        self.past_deadline.fetch_add(u64::from(took > DEADLINE + Duration::from_millis(100)), Ordering::SeqCst);
        self.all.lock().unwrap().push((number, report));
    }
}

/// Makes a client for a URL, of these credentials, which tells its refresh tokens.
type Make<C> = fn(&str, Credentials, Box<dyn Fn(&str) + Send + Sync>) -> C;

/// Makes the clients of a program and of a user, who stores what is told, and signs in again when that is no longer good.
struct Account<C> {
    service: Arc<Service>,
    make: Make<C>,
    program: C,
    user: Mutex<(u64, C)>,
    stored: Arc<Mutex<String>>,
    told: Arc<Mutex<HashSet<String>>>,
    timed_out: AtomicU64,
}

impl<C: Clone> Account<C> {
    fn new(service: &Arc<Service>, make: Make<C>) -> Arc<Self> {
        let program = make(&service.url(), Credentials::client_credentials("id", "secret"), Box::new(|_| {}));
        let (stored, told) = (Arc::<Mutex<String>>::default(), Arc::default());
        *stored.lock().unwrap() = service.grants.lock().unwrap().give();
        let user = Self::user(service, make, 0, &stored, &told);
        Arc::new(Self {
            service: Arc::clone(service),
            make,
            program,
            user: Mutex::new((0, user)),
            stored,
            told,
            timed_out: AtomicU64::new(0),
        })
    }

    fn user(
        service: &Service,
        make: Make<C>,
        generation: u64,
        stored: &Arc<Mutex<String>>,
        told: &Arc<Mutex<HashSet<String>>>,
    ) -> C {
        let last = stored.lock().unwrap().clone();
        let (store, keep) = (Arc::clone(stored), Arc::clone(told));
        let credentials = Credentials::refresh_token(format!("id{generation}"), "secret", last);
        make(
            &service.url(),
            credentials,
            Box::new(move |token| {
                keep.lock().unwrap().insert(token.to_owned());
                *store.lock().unwrap() = token.to_owned();
            }),
        )
    }

    fn client(&self, number: u64) -> (u64, C) {
        if Numbers::is_of_a_user(number) { self.user.lock().unwrap().clone() } else { (0, self.program.clone()) }
    }

    /// Does what the error says.
    fn heed(&self, number: u64, generation: u64, error: Option<&Error>) {
        let Some(error) = error.filter(|error| error.may_have_used_grant()) else { return };
        assert!(Numbers::is_of_a_user(number) && !error.is_retryable(), "{error}");
        let mut user = self.user.lock().unwrap();
        if user.0 != generation {
            return;
        }
        self.timed_out.fetch_add(u64::from(error.is_timeout()), Ordering::SeqCst);
        if error.is_unauthorized() {
            *self.stored.lock().unwrap() = self.service.grants.lock().unwrap().give();
        }
        *user = (generation + 1, Self::user(&self.service, self.make, generation + 1, &self.stored, &self.told));
    }

    /// Refresh tokens that were answered and not told. Those under way are waited for.
    fn untold(&self) -> u64 {
        let began = Instant::now();
        loop {
            let answered = self.service.grants.lock().unwrap().answered.clone();
            let untold = answered.difference(&self.told.lock().unwrap()).count() as u64;
            if untold <= self.timed_out.load(Ordering::SeqCst) || began.elapsed() > Duration::from_secs(10) {
                return untold;
            }
            thread::yield_now();
        }
    }
}

/// Holds what the client reported of each call against what the service did.
fn judge<C: Clone>(name: &str, service: &Service, account: &Account<C>, reports: &Reports) {
    let untold = account.untold();
    let (applied, deleted) = (service.applied.lock().unwrap(), service.deleted.lock().unwrap());
    let (mut done, mut unclear, mut unclear_applied, mut failed) = (0, 0, 0, 0);
    let (mut gone, mut maybe_gone, mut not_gone) = (0, 0, 0);
    let all = reports.all.lock().unwrap();
    for (number, report) in &*all {
        let times = applied.get(number).copied().unwrap_or(0);
        let is_deleted = deleted.contains(number);
        match report {
            Report::Created(Ok(id)) => {
                assert_eq!(times, 1, "{number} was reported as done");
                assert_eq!(id.as_deref(), Some(number.to_string().as_str()));
                done += 1;
            }
            Report::Created(Err(error)) if error.may_have_been_applied() => {
                unclear += 1;
                unclear_applied += times;
            }
            Report::Created(Err(error)) => {
                assert_eq!(times, 0, "{number} was reported as not applied: {error:?}");
                failed += 1;
            }
            Report::Deleted(Ok(())) => {
                assert!(is_deleted, "{number} was reported as deleted");
                gone += 1;
            }
            Report::Deleted(Err(error)) if error.may_have_been_applied() => maybe_gone += 1,
            Report::Deleted(Err(error)) => {
                assert!(!is_deleted, "{number} was reported as not deleted: {error:?}");
                not_gone += 1;
            }
        }
    }
    let twice = applied.values().filter(|times| **times > 1).count();
    assert_eq!(twice, 0, "creates that were applied twice");
    let reported = done + unclear + failed;
    let given_up = creates() - reported;
    assert!(done > 0 && unclear > 0, "the service was too kind, or too unkind");
    // A call that hangs, and not a machine that is busy.
    let longest = *reports.longest.lock().unwrap();
    assert!(longest < DEADLINE + Duration::from_secs(20), "{longest:?}");
    let grants = service.grants.lock().unwrap();
    assert_eq!(grants.sent_twice, 0, "refresh tokens that one client sent twice");
    let timed_out = account.timed_out.load(Ordering::SeqCst);
    assert!(untold <= timed_out, "{untold} refresh tokens are lost");
    println!(
        "{name}: {} creates, {done} done, {unclear} may have been applied ({unclear_applied} were), {failed} not applied, \
         {given_up} given up; {gone} deletions done, {maybe_gone} maybe, {not_gone} not; {} sign-ins, {} refresh tokens \
         answered, {untold} not told, {} sent twice, {} clients after a sign-in in doubt; longest call {} ms, {} past the \
         deadline",
        creates(),
        service.tokens.load(Ordering::SeqCst),
        grants.answered.len(),
        grants.sent_twice,
        account.user.lock().unwrap().0,
        longest.as_millis(),
        reports.past_deadline.load(Ordering::SeqCst),
    );
}

#[cfg(feature = "ureq")]
#[test]
fn blocking_calls_are_applied_once() {
    let service = Service::start();
    let account = Account::new(&service, |url, credentials, store| {
        let builder = genesys_external_contacts::Client::builder().credentials(credentials).on_refresh_token(store);
        builder.api_url(url).login_url(url).limits(limits()).retry(policy()).build().unwrap()
    });
    let (reports, numbers) = (Reports::new(), Numbers::default());
    let work = || {
        while let Some(number) = numbers.next() {
            let (generation, client) = account.client(number);
            let began = Instant::now();
            let mut create = client.contacts().create(contact(number));
            if is_hasty(number) {
                let mut limits = limits();
                limits.call_timeout = HASTE;
                create = create.limits(limits);
            }
            let created = create.send();
            account.heed(number, generation, created.as_ref().err());
            let is_there = created.is_ok();
            reports.note(number, began, Report::Created(created.map(|contact| contact.id)));
            if is_there && number.is_multiple_of(4) {
                let began = Instant::now();
                let deleted = client.contacts().delete(number.to_string()).send();
                account.heed(number, generation, deleted.as_ref().err());
                reports.note(number, began, Report::Deleted(deleted));
            }
        }
    };
    thread::scope(|scope| (0..8).for_each(|_| drop(scope.spawn(work))));
    service.stop();
    judge("ureq", &service, &account, &reports);
}

#[cfg(feature = "reqwest")]
#[test]
fn async_calls_are_applied_once() {
    use genesys_external_contacts::AsyncClient;

    async fn work(account: Arc<Account<AsyncClient>>, reports: Arc<Reports>, numbers: Arc<Numbers>) {
        while let Some(number) = numbers.next() {
            let (generation, client) = account.client(number);
            let began = Instant::now();
            let create = client.contacts().create(contact(number)).send();
            let created = if is_hasty(number) {
                let Ok(created) = tokio::time::timeout(HASTE, create).await else { continue };
                created
            } else {
                create.await
            };
            account.heed(number, generation, created.as_ref().err());
            let is_there = created.is_ok();
            reports.note(number, began, Report::Created(created.map(|contact| contact.id)));
            if is_there && number.is_multiple_of(4) {
                let began = Instant::now();
                let deleted = client.contacts().delete(number.to_string()).send().await;
                account.heed(number, generation, deleted.as_ref().err());
                reports.note(number, began, Report::Deleted(deleted));
            }
        }
    }

    let service = Service::start();
    let account = Account::new(&service, |url, credentials, store| {
        let builder = AsyncClient::builder().credentials(credentials).on_refresh_token(store);
        builder.api_url(url).login_url(url).limits(limits()).retry(policy()).build().unwrap()
    });
    let (reports, numbers) = (Reports::new(), Arc::new(Numbers::default()));
    let runtime = || tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let begin = |runtime: &tokio::runtime::Runtime| {
        let tasks =
            (0..4).map(|_| runtime.spawn(work(Arc::clone(&account), Arc::clone(&reports), Arc::clone(&numbers))));
        tasks.collect::<Vec<_>>()
    };
    // Two share a client, and the first ends in the middle of its calls, again and again.
    let lasting = runtime();
    let tasks = begin(&lasting);
    let mut goes_on = true;
    while goes_on {
        let passing = runtime();
        drop(begin(&passing));
        goes_on = numbers.wait_for(creates() / 8);
        passing.shutdown_background();
    }
    lasting.block_on(async {
        for task in tasks {
            task.await.unwrap();
        }
    });
    service.stop();
    judge("reqwest", &service, &account, &reports);
}
