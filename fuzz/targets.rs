//! What is fuzzed: each function takes any bytes, and must neither panic nor break the promise that it names.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use genesys_external_contacts::sandbox::Sandbox;
use genesys_external_contacts::{
    Client, Connection, ErrorKind, ExternalContact, Limits, Region, RetryPolicy, Transport, TransportError,
    TransportErrorKind,
};

/// What takes the bytes.
pub type Target = fn(&[u8]);

/// All targets by their names, which are those of the folders in `corpus/`.
pub const ALL: &[(&str, Target)] =
    &[("decode", decode), ("headers", headers), ("urls", urls), ("sandbox", sandbox), ("cursors", cursors)];

type Answer = Box<dyn FnMut(http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, TransportError> + Send>;

/// A transport that gives any answers, and whose clock only moves when somebody waits.
struct Played {
    answer: Mutex<Answer>,
    now: Mutex<Instant>,
}

impl Transport for Played {
    fn send(&self, request: http::Request<Vec<u8>>, _: Limits) -> Result<http::Response<Vec<u8>>, TransportError> {
        (self.answer.lock().unwrap())(request)
    }

    fn sleep_until(&self, instant: Instant) {
        let mut now = self.now.lock().unwrap();
        *now = instant.max(*now);
    }

    fn now(&self) -> Instant {
        *self.now.lock().unwrap()
    }
}

/// A client whose answers these are, and how much time has passed for it.
fn client(
    policy: RetryPolicy,
    answer: impl FnMut(http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, TransportError> + Send + 'static,
) -> (Client, impl Fn() -> Duration) {
    let start = Instant::now();
    let played = Arc::new(Played { answer: Mutex::new(Box::new(answer)), now: Mutex::new(start) });
    let client = Client::builder().region(Region::EuWest1).access_token("a-token").retry(policy);
    let client = client.transport(Shared(Arc::clone(&played))).build().unwrap();
    (client, move || played.now() - start)
}

struct Shared(Arc<Played>);

impl Transport for Shared {
    fn send(&self, request: http::Request<Vec<u8>>, limits: Limits) -> Result<http::Response<Vec<u8>>, TransportError> {
        self.0.send(request, limits)
    }

    fn sleep_until(&self, instant: Instant) {
        self.0.sleep_until(instant);
    }

    fn now(&self) -> Instant {
        self.0.now()
    }
}

fn answer(status: u16, body: &[u8]) -> http::Response<Vec<u8>> {
    let mut response = http::Response::new(body.to_vec());
    *response.status_mut() = http::StatusCode::from_u16(status.clamp(100, 999)).unwrap();
    response
}

/// A body that can be read can be written, and reads as the same again. An error prints on one line of bounded length.
pub fn decode(input: &[u8]) {
    let (status, body) = match input.split_first() {
        Some((b'?', [a, b, body @ ..])) => (u16::from_be_bytes([*a, *b]) % 900 + 100, body),
        _ => (200, input),
    };
    let body = body.to_vec();
    let played = body.clone();
    let (client, _) = client(RetryPolicy::never(), move |_| Ok(answer(status, &played)));
    match client.contacts().get("x").send() {
        Ok(contact) => {
            let text = serde_json::to_vec(&contact).expect("what was read can be written");
            let again: ExternalContact = serde_json::from_slice(&text).expect("what was written can be read");
            assert!(again == contact, "{}", String::from_utf8_lossy(&body));
            let _ = (contact.display_name(), format!("{contact:?}"));
        }
        Err(error) => {
            let text = format!("{error}");
            assert!(text.chars().count() < 5000 && !text.contains('\n'), "{text}");
            let _ = (format!("{error:?}"), error.is_retryable(), error.retry_after(), error.code().map(str::len));
        }
    }
    let _ = client.contacts().search().send().map(|page| page.entities.map(|all| all.len()));
    let _ = client.organizations().get("x").send().map(|organization| serde_json::to_vec(&organization).unwrap());
    let _ = client.contacts().notes("x").list().send().map(|notes| serde_json::to_vec(&notes).unwrap());
    let _ = client.contacts().schemas().versions("x").send().map(|schemas| serde_json::to_vec(&schemas).unwrap());
    let _ = client.organizations().link_trustor("x", "y").send();
    let _ = client.contacts().delete("x").send();
}

/// Whatever the headers say, a call ends by its deadline.
pub fn headers(input: &[u8]) {
    let lines: Vec<_> = input.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    let mut calls = 0_usize;
    let (client, elapsed) = client(RetryPolicy::default(), move |_| {
        calls += 1;
        let status = [200, 429, 503, 401, 404][(calls + lines.len()) % 5];
        let mut response = answer(status, if status == 200 { b"{}" } else { b"" });
        for line in &lines {
            let mut parts = line.splitn(2, |byte| *byte == b':');
            let name = parts.next().and_then(|name| http::HeaderName::from_bytes(name).ok());
            let value = parts.next().and_then(|value| http::HeaderValue::from_bytes(value).ok());
            if let (Some(name), Some(value)) = (name, value) {
                response.headers_mut().append(name, value);
            }
        }
        Ok(response)
    });
    for n in 1..=5 {
        let _ = client.contacts().get("x").send_with_meta().map(|answer| format!("{:?}", answer.meta));
        assert!(elapsed() <= n * RetryPolicy::default().deadline, "{:?}", elapsed());
    }
}

/// A URL is refused when the client is built, or what is sent goes to its host and nowhere else.
pub fn urls(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let sent = Arc::new(Mutex::new(Vec::new()));
    let see = Arc::clone(&sent);
    let played = Arc::new(Played {
        answer: Mutex::new(Box::new(move |request: http::Request<Vec<u8>>| {
            see.lock().unwrap().push(request.uri().clone());
            Err(TransportError::new(TransportErrorKind::Other, "nowhere"))
        })),
        now: Mutex::new(Instant::now()),
    });
    let build =
        |text: &str| Client::builder().api_url(text).access_token("t").transport(Shared(Arc::clone(&played))).build();
    if let Ok(client) = build(text) {
        let _ = client.contacts().get("x").retry(RetryPolicy::never()).send();
        let uri = sent.lock().unwrap().pop().expect("nothing else was refused");
        let authority = uri.authority().expect("an absolute URI");
        // An IPv6 address is sent in its usual form, and a port without zeros in front.
        let is_v6 = authority.host().starts_with('[');
        assert!(is_v6 || text.to_ascii_lowercase().contains(authority.host()), "{text:?}: {uri}");
        assert!(matches!(uri.scheme_str(), Some("http" | "https")), "{text:?}: {uri}");
        assert!(!authority.as_str().contains('@'), "{text:?}: {uri}");
        // A port that is none, and the client would send to the default one.
        let port = &authority.as_str()[authority.host().len()..];
        assert!(port.is_empty() || authority.port_u16().is_some_and(|port| port > 0), "{text:?}: {uri}");
    }
    let _ = text.parse::<Region>();
    let _ =
        Client::builder().region(Region::Custom(text.to_owned())).access_token("t").transport(Shared(played)).build();
    let _ = format!("{:?}", Connection::default().proxy(text.to_owned()));
    // Ids and words stay inside of the path and the query.
    let watched = Arc::new(Mutex::new(None));
    let watch = Arc::clone(&watched);
    let (client, _) = client(RetryPolicy::never(), move |request| {
        *watch.lock().unwrap() = Some(request.uri().clone());
        Ok(answer(200, b"{}"))
    });
    if client.contacts().get(text).send().is_ok() {
        let uri = watched.lock().unwrap().take().unwrap();
        assert_eq!(uri.path().split('/').count(), 6, "{uri}");
        assert_eq!((uri.host(), uri.query()), (Some("api.mypurecloud.ie"), None), "{uri}");
    }
    let _ = client.contacts().search().q(text).send();
    if let Some(uri) = watched.lock().unwrap().take() {
        assert_eq!(uri.path(), "/api/v2/externalcontacts/contacts", "{uri}");
    }
}

/// Whatever is sent to it, the sandbox answers, and an error is one of the API.
pub fn sandbox(input: &[u8]) {
    let mut parts = input.splitn(3, |byte| *byte == b'\n');
    let method = parts.next().and_then(|text| http::Method::from_bytes(text).ok()).unwrap_or_default();
    let target = parts.next().and_then(|text| http::Uri::try_from(text).ok()).unwrap_or_default();
    let body = parts.next().unwrap_or_default().to_vec();
    let sandbox = Sandbox::new();
    sandbox.generate_contacts(3);
    let token = {
        let form = format!(
            "grant_type=client_credentials&client_id={}&client_secret={}",
            Sandbox::CLIENT_ID,
            Sandbox::CLIENT_SECRET
        );
        let _ = sandbox.answer(http::Request::post("/oauth/token").body(form.into_bytes()).unwrap());
        // A client signs in, and its token is what the request is sent with.
        let client = sandbox.client();
        client.contacts().search().send().unwrap();
        let requests = sandbox.requests();
        requests.last().unwrap().headers[http::header::AUTHORIZATION].clone()
    };
    let mut request = http::Request::new(body);
    *request.method_mut() = method;
    *request.uri_mut() = target;
    request.headers_mut().insert(http::header::AUTHORIZATION, token);
    request.headers_mut().insert(http::header::CONTENT_TYPE, http::HeaderValue::from_static("application/json"));
    let is_api = request.uri().path().starts_with("/api/");
    let response = sandbox.answer(request);
    if is_api && response.status().is_client_error() && !response.body().is_empty() {
        let body: serde_json::Value = serde_json::from_slice(response.body()).expect("an error is JSON");
        assert!(body["code"].is_string(), "{body}");
    }
    assert!(!response.status().is_server_error(), "{}", response.status());
}

/// Whatever the pages say, a walk by cursor ends, or goes on only as long as it gets somewhere.
pub fn cursors(input: &[u8]) {
    const PAGES: usize = 4000;
    if input.is_empty() {
        return;
    }
    let input = input.to_vec();
    let mut page = 0_usize;
    let (client, _) = client(RetryPolicy::never(), move |_| {
        // Two bytes a page: how many records, and which cursor comes next.
        let records = input[page % input.len()] % 3;
        let cursor = input[(page + 1) % input.len()];
        page += 2;
        let entities = vec!["{}"; usize::from(records)].join(",");
        let after = if cursor == 0 { "null".to_owned() } else { format!("\"{cursor}\"") };
        Ok(answer(200, format!(r#"{{"entities":[{entities}],"cursors":{{"after":{after}}}}}"#).as_bytes()))
    });
    let mut pages = client.contacts().scan().pages();
    let mut seen = 0;
    for page in pages.by_ref() {
        seen += 1;
        // Cursors are one byte: there are no more than 256, so that a walk must see one again.
        assert!(seen < PAGES, "a walk without end");
        if let Err(error) = page {
            assert!(matches!(error.kind(), ErrorKind::Cursor(_)), "{error}");
        }
    }
    assert!(pages.next().is_none());
}
