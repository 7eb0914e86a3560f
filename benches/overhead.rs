//! What this crate costs: CPU time of one call and of decoding one page, next to the same written by hand with `ureq`
//! and plain derived structs. Both sides take turns in one run; what counts is the median of the ratios.
//!
//! `cargo bench --bench overhead`

use std::hint::black_box;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use genesys_external_contacts::operation::{Operation, RequestParts, Response, Route};
use genesys_external_contacts::{Client, Error, ExternalContact, Limits, Listing, Transport, TransportError};
use rustix::time::{ClockId, clock_gettime};
use serde::Deserialize;
use serde_json::{Value, json};

/// The contact as somebody would write it down who needs all of it and keeps nothing that is not in it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "decoded to be measured, not to be read")]
struct PlainContact {
    id: Option<String>,
    division: Option<PlainNamed>,
    first_name: Option<String>,
    middle_name: Option<String>,
    last_name: Option<String>,
    salutation: Option<String>,
    title: Option<String>,
    work_phone: Option<PlainPhone>,
    cell_phone: Option<PlainPhone>,
    home_phone: Option<PlainPhone>,
    other_phone: Option<PlainPhone>,
    work_email: Option<String>,
    personal_email: Option<String>,
    other_email: Option<String>,
    address: Option<PlainAddress>,
    twitter_id: Option<PlainTwitter>,
    #[serde(with = "time::serde::rfc3339::option", default)]
    modify_date: Option<time::OffsetDateTime>,
    #[serde(with = "time::serde::rfc3339::option", default)]
    create_date: Option<time::OffsetDateTime>,
    external_organization: Option<PlainNamed>,
    survey_opt_out: Option<bool>,
    external_system_url: Option<String>,
    schema: Option<PlainSchema>,
    custom_fields: Option<serde_json::Map<String, Value>>,
    external_ids: Option<Vec<PlainExternalId>>,
    #[serde(rename = "type")]
    kind: Option<String>,
    merge_set: Option<Vec<PlainNamed>>,
    canonical_contact: Option<PlainNamed>,
    self_uri: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "decoded to be measured, not to be read")]
struct PlainNamed {
    id: Option<String>,
    name: Option<String>,
    self_uri: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "decoded to be measured, not to be read")]
struct PlainPhone {
    display: Option<String>,
    extension: Option<i64>,
    #[serde(rename = "acceptsSMS")]
    accepts_sms: Option<bool>,
    normalization_country_code: Option<String>,
    user_input: Option<String>,
    e164: Option<String>,
    country_code: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "decoded to be measured, not to be read")]
struct PlainAddress {
    address1: Option<String>,
    address2: Option<String>,
    city: Option<String>,
    state: Option<String>,
    postal_code: Option<String>,
    country_code: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "decoded to be measured, not to be read")]
struct PlainTwitter {
    id: Option<String>,
    name: Option<String>,
    screen_name: Option<String>,
    verified: Option<bool>,
    profile_url: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "decoded to be measured, not to be read")]
struct PlainSchema {
    id: Option<String>,
    version: Option<i64>,
    enabled: Option<bool>,
    self_uri: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "decoded to be measured, not to be read")]
struct PlainExternalId {
    external_source: Option<PlainNamed>,
    value: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "decoded to be measured, not to be read")]
struct PlainListing {
    entities: Vec<PlainContact>,
    page_size: Option<i64>,
    page_number: Option<i64>,
    total: Option<i64>,
    page_count: Option<i64>,
    first_uri: Option<String>,
    self_uri: Option<String>,
    next_uri: Option<String>,
    last_uri: Option<String>,
}

fn contact(n: u32, unknown: bool) -> Value {
    let id = format!("7c1c0d0e-0000-4000-8000-{n:012}");
    let phone = |digits: u32| {
        json!({
            "display": format!("+1 317-555-{digits:04}"), "userInput": format!("317 555 {digits:04}"),
            "e164": format!("+1317555{digits:04}"), "countryCode": "US", "acceptsSMS": true,
        })
    };
    let uri = |kind: &str, id: &str| format!("/api/v2/externalcontacts/{kind}/{id}");
    let mut contact = json!({
        "id": id, "division": {"id": "b9ab1d0e-1111-4000-8000-000000000001", "name": "Home", "selfUri": "/api/v2/x"},
        "firstName": "Ada", "middleName": "King", "lastName": format!("Lovelace-{n}"), "salutation": "Lady",
        "title": "Countess", "workPhone": phone(n), "cellPhone": phone(n + 1),
        "workEmail": format!("ada.{n}@example.com"), "personalEmail": format!("ada{n}@example.org"),
        "address": {"address1": "12 St James's Square", "city": "London", "postalCode": "SW1Y 4LB", "countryCode": "GB"},
        "modifyDate": "2026-01-02T03:04:05.678Z", "createDate": "2025-01-02T03:04:05.678Z",
        "externalOrganization": {"id": id, "selfUri": uri("organizations", &id)},
        "surveyOptOut": false, "externalSystemUrl": format!("https://crm.example.com/people/{n}"),
        "schema": {"id": id, "version": 3, "enabled": true, "selfUri": uri("contacts/schemas", &id)},
        "customFields": {"segment_text": "Retail", "visits_integer": n, "since_date": "2020-05-06"},
        "externalIds": [{"externalSource": {"id": id, "selfUri": uri("externalsources", &id)}, "value": format!("C-{n}")}],
        "type": "Curated", "mergeSet": [{"id": id, "selfUri": uri("contacts", &id)}],
        "canonicalContact": {"id": id, "selfUri": uri("contacts", &id)}, "selfUri": uri("contacts", &id),
    });
    if unknown {
        contact["preferredLanguage"] = json!("en-GB");
        contact["consent"] = json!({"marketing": false, "changedAt": "2026-01-02T03:04:05.678Z"});
    }
    contact
}

fn page(unknown: bool) -> String {
    let entities: Vec<_> = (0..100).map(|n| contact(n, unknown)).collect();
    let uri = "/api/v2/externalcontacts/contacts?pageSize=100&pageNumber=1";
    json!({
        "entities": entities, "pageSize": 100, "pageNumber": 1, "total": 250, "pageCount": 3,
        "firstUri": uri, "selfUri": uri, "nextUri": uri, "lastUri": uri,
    })
    .to_string()
}

/// Answers every request on every connection with the same body, on loopback, until the process ends.
fn serve(body: String) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let answer = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ninin-correlation-id: c\r\n\
         inin-ratelimit-count: 1\r\ninin-ratelimit-allowed: 300\r\ninin-ratelimit-reset: 60\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    );
    thread::spawn(move || {
        for stream in listener.incoming() {
            let answer = answer.clone();
            thread::spawn(move || respond(stream.unwrap(), answer.as_bytes()));
        }
    });
    address
}

fn respond(mut stream: TcpStream, answer: &[u8]) {
    stream.set_nodelay(true).unwrap();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut line = String::new();
    while reader.read_line(&mut line).is_ok_and(|read| read > 0) {
        if line == "\r\n" && stream.write_all(answer).is_err() {
            return;
        }
        line.clear();
    }
}

/// CPU time of this thread. `ureq` works on the caller's thread, so it is all that a call costs the caller.
fn cpu() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap(), time.tv_nsec.try_into().unwrap())
}

fn measure(times: u32, mut run: impl FnMut()) -> f64 {
    let start = cpu();
    (0..times).for_each(|_| run());
    (cpu() - start).as_secs_f64() * 1e6 / f64::from(times)
}

fn compare(name: &str, aim: f64, times: u32, mut ours: impl FnMut(), mut by_hand: impl FnMut()) {
    // Warms up connections, caches and the allocator.
    measure(times / 4, &mut ours);
    measure(times / 4, &mut by_hand);
    let mut rounds: Vec<_> = (0..41)
        .map(|round| {
            // Whoever comes second may find warmer caches, so they take turns in that, too.
            let (a, b);
            if round % 2 == 0 {
                a = measure(times, &mut ours);
                b = measure(times, &mut by_hand);
            } else {
                b = measure(times, &mut by_hand);
                a = measure(times, &mut ours);
            }
            (a / b, a, b)
        })
        .collect();
    rounds.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (low, high) = (rounds[10].0, rounds[30].0);
    let (ratio, a, b) = rounds[20];
    println!("{name:<44} {a:>9.2} {b:>9.2} {ratio:>7.3} {low:>6.3} to {high:.3} {aim:>6.2}");
}

/// Hands out a body that is there already: what is left is reading it.
struct Ready(String);

impl Transport for Ready {
    fn send(&self, _: http::Request<Vec<u8>>, _: Limits) -> Result<http::Response<Vec<u8>>, TransportError> {
        Ok(http::Response::new(self.0.clone().into_bytes()))
    }

    fn sleep(&self, _: Duration) {}
}

struct Page;

impl Operation for Page {
    type Output = Listing<ExternalContact>;
    const ROUTE: Route = Route::get("/api/v2/externalcontacts/contacts");

    fn write(&self, _: &mut RequestParts) -> Result<(), Error> {
        Ok(())
    }

    fn read(&self, response: &Response) -> Result<Self::Output, Error> {
        response.json()
    }
}

fn main() {
    println!(
        "{:<44} {:>9} {:>9} {:>7} {:>15} {:>6}",
        "CPU time in µs", "crate", "by hand", "ratio", "quartiles", "aim"
    );

    let address = serve(contact(1, false).to_string());
    let id = "7c1c0d0e-0000-4000-8000-000000000001";
    let client = Client::builder().api_url(format!("http://{address}")).access_token("token").build().unwrap();
    let agent: ureq::Agent = ureq::Agent::config_builder().timeout_global(Some(Duration::from_secs(30))).build().into();
    let url = format!("http://{address}/api/v2/externalcontacts/contacts");
    compare(
        "one get on loopback",
        1.05,
        500,
        || {
            black_box(client.contacts().get(id).send().unwrap());
        },
        || {
            let url = format!("{url}/{id}");
            let request = agent.get(url).header("authorization", "Bearer token").header("accept", "application/json");
            black_box(request.call().unwrap().body_mut().read_json::<PlainContact>().unwrap());
        },
    );

    for (name, unknown) in
        [("decode 100 contacts, all members known", false), ("decode 100 contacts, 2 unknown members each", true)]
    {
        let body = page(unknown);
        let client = Client::builder().api_url("http://localhost").access_token("t").transport(Ready(body.clone()));
        let client = client.build().unwrap();
        compare(
            name,
            1.15,
            20,
            || {
                black_box(client.execute(&Page).unwrap());
            },
            || {
                let response = http::Response::new(body.clone().into_bytes());
                black_box(serde_json::from_slice::<PlainListing>(response.body()).unwrap());
            },
        );
    }
}
