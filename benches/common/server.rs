//! A server on loopback whose answers were made before.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

pub const PAGES: usize = 10;

/// How a server answers.
#[derive(Clone, Copy, Default)]
pub struct Manner {
    /// Compressed, and in one chunk, as the service does it: nobody knows beforehand how long the text is.
    pub gzip: bool,
    /// With two members that no model knows in each contact.
    pub unknown: bool,
    pub latency: Duration,
}

pub fn contact(n: usize, unknown: bool) -> Value {
    let id = format!("7c1c0d0e-0000-4000-8000-{n:012}");
    let phone = |digits: usize| {
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

/// A page of 100 contacts of a listing of 1,000, which is all that a search gives out.
pub fn page(number: usize, unknown: bool) -> String {
    let entities: Vec<_> = (0..100).map(|n| contact(number * 100 + n, unknown)).collect();
    let uri = "/api/v2/externalcontacts/contacts?pageSize=100&pageNumber=1";
    let mut page = json!({
        "entities": entities, "pageSize": 100, "pageNumber": number, "total": 1000, "pageCount": PAGES,
        "firstUri": uri, "selfUri": uri, "lastUri": uri,
    });
    if number < PAGES {
        page["nextUri"] = json!(uri);
    }
    page.to_string()
}

/// Answers on loopback until the process ends: a page to a search, one contact to anything else.
pub fn start(manner: Manner) -> SocketAddr {
    let contact = answer(&contact(1, manner.unknown).to_string(), manner.gzip);
    let pages: Vec<_> = (1..=PAGES).map(|number| answer(&page(number, manner.unknown), manner.gzip)).collect();
    let answers = Arc::new((contact, pages));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let answers = Arc::clone(&answers);
            thread::spawn(move || respond(stream.unwrap(), &answers, manner.latency));
        }
    });
    address
}

fn answer(body: &str, gzip: bool) -> Vec<u8> {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ninin-correlation-id: c\r\n\
        inin-ratelimit-count: 1\r\ninin-ratelimit-allowed: 300\r\ninin-ratelimit-reset: 60\r\n";
    if !gzip {
        return format!("{head}content-length: {}\r\n\r\n{body}", body.len()).into_bytes();
    }
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(body.as_bytes()).unwrap();
    let body = encoder.finish().unwrap();
    let mut answer =
        format!("{head}content-encoding: gzip\r\ntransfer-encoding: chunked\r\n\r\n{:x}\r\n", body.len()).into_bytes();
    answer.extend(body);
    answer.extend(b"\r\n0\r\n\r\n");
    answer
}

fn respond(mut stream: TcpStream, (contact, pages): &(Vec<u8>, Vec<Vec<u8>>), latency: Duration) {
    stream.set_nodelay(true).unwrap();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let (mut line, mut body) = (String::new(), Vec::new());
    let (mut answer, mut length) = (None, 0);
    while reader.read_line(&mut line).is_ok_and(|read| read > 0) {
        let text = line.trim_end();
        if let Some((_, rest)) = text.split_once("pageNumber=") {
            let number: usize = rest.split(['&', ' ']).next().unwrap().parse().unwrap();
            answer = Some(&pages[number - 1]);
        } else if let Some((name, value)) = text.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().unwrap();
        } else if text.is_empty() {
            body.resize(length, 0);
            reader.read_exact(&mut body).unwrap();
            thread::sleep(latency);
            if stream.write_all(answer.unwrap_or(contact)).is_err() {
                return;
            }
            (answer, length) = (None, 0);
        }
        line.clear();
    }
}
