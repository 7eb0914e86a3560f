//! The cases; compiled once for each flavour.

// Without `.await`, the loops over pages and items look like ones that should have been a `for`.
#![allow(clippy::while_let_on_iterator)]

use std::time::Duration;

use genesys_external_contacts::operation::{After, Operation, Paged, RequestParts, Response, Route};
use genesys_external_contacts::{
    ContactExpand, ContactSort, ConversationAssociation, DataSchema, Error, ErrorKind, ExternalContact,
    ExternalOrganization, Listing, Note, Region, Relationship, RetryPolicy, TransportError, TransportErrorKind,
};
use serde_json::{Value, json};

use super::{Client, Items, Pages, maybe_async};
use crate::support::{Script, Sent};

const CONTACTS: &str = "https://api.mypurecloud.ie/api/v2/externalcontacts/contacts";

fn client(script: &Script) -> Client {
    Client::builder()
        .region(Region::EuWest1)
        .client_credentials("client-id", "client-s3cret")
        .transport(script.clone())
        // What is repeated, and when, is the subject of another test.
        .retry(RetryPolicy::never())
        .build()
        .unwrap()
}

fn ada() -> ExternalContact {
    ExternalContact::default().with_first_name("Ada").with_last_name("Lovelace")
}

fn only_call(script: &Script) -> Sent {
    let calls = script.calls();
    assert_eq!(calls.len(), 1, "{calls:?}");
    calls.into_iter().next().unwrap()
}

/// The page that the service gives of `total` contacts named by their number.
fn page(number: u64, size: u64, total: u64) -> String {
    let first = (number - 1) * size;
    let entities: Vec<_> = (first..total.min(first + size)).map(|n| json!({"id": n.to_string()})).collect();
    json!({
        "entities": entities, "pageSize": size, "pageNumber": number, "total": total,
        "pageCount": total.div_ceil(size),
    })
    .to_string()
}

/// A script of all pages that the service gives.
fn pages(size: u64, total: u64) -> Script {
    let count = total.div_ceil(size).max(1).min(1000 / size);
    (1..=count).fold(Script::signed_in(), |script, number| script.then(200, page(number, size, total)))
}

#[maybe_async]
async fn collect<O: Paged<Item = ExternalContact>>(mut items: Items<O>) -> Vec<Result<String, Error>> {
    let mut all = Vec::new();
    while let Some(item) = items.next().await {
        all.push(item.map(|contact| contact.id.unwrap()));
        assert!(all.len() < 5000, "a listing that never ends");
    }
    let after = items.next().await;
    assert!(after.is_none(), "an iterator that goes on after its end");
    all
}

#[maybe_async]
async fn collect_pages<O: Paged<Item = ExternalContact>>(mut pages: Pages<O>) -> Vec<Result<usize, Error>> {
    let mut all = Vec::new();
    while let Some(page) = pages.next().await {
        all.push(page.map(|page| page.entities.unwrap().len()));
        assert!(all.len() < 5000, "a listing that never ends");
    }
    all
}

fn numbers(range: std::ops::Range<u64>) -> Vec<String> {
    range.map(|n| n.to_string()).collect()
}

fn query_values(script: &Script, name: &str) -> Vec<String> {
    let calls = script.calls();
    let pairs = calls.iter().flat_map(|call| call.query.as_deref().unwrap_or_default().split('&'));
    pairs.filter_map(|pair| pair.strip_prefix(&format!("{name}="))).map(str::to_owned).collect()
}

#[maybe_async]
pub async fn each_operation_sends_what_it_says() {
    let script = Script::signed_in()
        .then(200, r#"{"entities":[]}"#)
        .then(200, r#"{"entities":[]}"#)
        .then(200, "{}")
        .then(200, "{}")
        .then(200, "{}")
        .then(200, "{}")
        .then(200, "{}");
    let client = client(&script);
    let contacts = client.contacts();

    contacts.search().send().await.unwrap();
    let search = contacts
        .search()
        .q("a+b c&d=é")
        .sort(ContactSort::LastName.desc())
        .expand([ContactExpand::ExternalOrganization])
        .expand([ContactExpand::Division, ContactExpand::Other("new,thing".into())])
        .division_ids(["one", "two"])
        .page_size(25)
        .page_number(2);
    search.send().await.unwrap();
    contacts.create(ada()).send().await.unwrap();
    contacts.get("an-id").send().await.unwrap();
    contacts.get("an-id").expand([ContactExpand::Identifiers, ContactExpand::ExternalSources]).send().await.unwrap();
    contacts.update("an-id", ada()).send().await.unwrap();
    contacts.delete("an-id").send().await.unwrap();

    let calls = script.calls();
    let lines: Vec<_> = calls.iter().map(Sent::line).collect();
    let search = "pageSize=25&pageNumber=2&q=a%2Bb%20c%26d%3D%C3%A9&sortOrder=lastName%3Adesc\
        &expand=externalOrganization&expand=division&expand=new%2Cthing&divisionIds=one&divisionIds=two";
    assert_eq!(
        lines,
        [
            format!("GET {CONTACTS}"),
            format!("GET {CONTACTS}?{search}"),
            format!("POST {CONTACTS}"),
            format!("GET {CONTACTS}/an-id"),
            format!("GET {CONTACTS}/an-id?expand=identifiers&expand=externalSources"),
            format!("PUT {CONTACTS}/an-id"),
            format!("DELETE {CONTACTS}/an-id"),
        ]
    );
    for index in [2, 5] {
        assert_eq!(calls[index].json(), json!({"firstName": "Ada", "lastName": "Lovelace"}));
    }
}

#[maybe_async]
pub async fn every_request_says_who_it_is_from() {
    let script = Script::signed_in().then(200, "{}");
    client(&script).contacts().get("x").send().await.unwrap();
    let call = only_call(&script);
    assert_eq!(call.header("authorization"), Some("Bearer a-token"));
    assert_eq!(call.header("accept"), Some("application/json"));
    let agent = concat!("genesys-external-contacts/", env!("CARGO_PKG_VERSION"));
    assert_eq!(call.header("user-agent"), Some(agent));
}

#[maybe_async]
pub async fn a_body_is_sent_only_where_there_is_one() {
    let script = Script::signed_in().then(200, "{}").then(200, "{}").then(204, "");
    let contacts = client(&script).contacts();
    contacts.get("x").send().await.unwrap();
    contacts.create(ExternalContact::default()).send().await.unwrap();
    contacts.delete("x").send().await.unwrap();
    let calls = script.calls();
    for (call, body, content_type) in
        [(&calls[0], "", None), (&calls[1], "{}", Some("application/json")), (&calls[2], "", None)]
    {
        assert_eq!(call.body, body.as_bytes());
        assert_eq!(call.header("content-type"), content_type);
    }
}

#[maybe_async]
pub async fn an_id_stays_one_segment_of_the_path() {
    let cases = [
        ("7c1c0d0e", "7c1c0d0e"),
        ("a/b", "a%2Fb"),
        ("../organizations/X", "..%2Forganizations%2FX"),
        ("a?b#c", "a%3Fb%23c"),
        ("100%", "100%25"),
        ("%2e%2e", "%252e%252e"),
        ("a+b c", "a%2Bb%20c"),
        ("{contactId}", "%7BcontactId%7D"),
        ("Zoë\n", "Zo%C3%AB%0A"),
        ("...", "..."),
    ];
    for (id, segment) in cases {
        let script = Script::signed_in().then(200, "{}");
        client(&script).contacts().get(id).send().await.unwrap();
        assert_eq!(only_call(&script).line(), format!("GET {CONTACTS}/{segment}"), "{id}");
    }
}

#[maybe_async]
pub async fn ids_that_name_another_path_are_refused() {
    for (id, message) in [
        ("", "contact_id: is empty"),
        (".", "contact_id: is a dot segment, which would name another path"),
        ("..", "contact_id: is a dot segment, which would name another path"),
    ] {
        let script = Script::new();
        let contacts = client(&script).contacts();
        let errors = [
            contacts.get(id).send().await.unwrap_err(),
            contacts.get(id).optional().send().await.unwrap_err(),
            contacts.update(id, ada()).send().await.unwrap_err(),
            contacts.delete(id).send().await.unwrap_err(),
        ];
        for error in errors {
            assert!(matches!(error.kind(), ErrorKind::Invalid(_)), "{error:?}");
            let route = error.route().unwrap();
            assert!(route.path().ends_with("/contacts/{contactId}"));
            assert_eq!(error.to_string(), format!("{route}: {message}"));
            assert_eq!(error.attempts(), 0);
            assert!(!error.is_retryable() && !error.may_have_been_applied());
        }
        assert!(script.all().is_empty(), "nothing is sent, not even a sign-in");
    }
}

#[maybe_async]
pub async fn what_contradicts_itself_is_refused() {
    let script = Script::new();
    let contacts = client(&script).contacts();
    let error = contacts.search().page_size(0).send().await.unwrap_err();
    assert_eq!(error.to_string(), "GET /api/v2/externalcontacts/contacts: page_size: is 0, and must be at least 1");
    let error = contacts.search().page_number(0).send().await.unwrap_err();
    assert_eq!(error.to_string(), "GET /api/v2/externalcontacts/contacts: page_number: is 0, and must be at least 1");
    for (size, number) in [(100, 11), (1001, 1), (u32::MAX, u32::MAX)] {
        let error = contacts.search().page_size(size).page_number(number).send().await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::ResultWindow(_)), "{error:?}");
    }
    let error = contacts.search().page_number(51).send().await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::ResultWindow(_)), "51 pages of the default 20: {error:?}");
    let far = contacts.search().page_number(u32::MAX);
    let all = collect(far.items()).await;
    assert!(matches!(&all[..], [Err(error)] if matches!(error.kind(), ErrorKind::ResultWindow(_))), "{all:?}");
    assert!(script.all().is_empty());
}

#[maybe_async]
pub async fn a_url_that_is_too_long_is_refused() {
    let script = Script::new();
    let error = client(&script).contacts().search().q("x".repeat(70_000)).send().await.unwrap_err();
    let message =
        "GET /api/v2/externalcontacts/contacts: url: is longer than a request can be; pass fewer or shorter values";
    assert_eq!(error.to_string(), message);
    assert!(script.all().is_empty());
}

#[maybe_async]
pub async fn a_success_that_is_not_what_was_promised_is_an_error() {
    let cases: [(&[u8], &str); 10] = [
        (b"", "not what was promised: it is empty (reading Listing<ExternalContact>)"),
        (b" \n", "not what was promised: it is empty"),
        (b"<html>Ada</html>", "not what was promised: it is not JSON, line 1 column 1"),
        (br#"{"entities":[{"id":"Ada"#, "at entities[0].id: it ends too early"),
        (b"null", "not what was promised: found null, expected an object (Listing)"),
        (b"[]", "not what was promised: found sequence, expected an object (Listing)"),
        (b"{} {}", "it is not JSON, line 1 column 4"),
        (br#"{"entities":[{"id":"1"},{"id":12}]}"#, "at entities[1].id: found integer, expected a string, line 1"),
        (br#"{"total":"Ada, expected \"x\""}"#, "at total: found string, expected i64, line 1"),
        (b"{\"entities\":[{\"id\":\"\xff\"}]}", "at entities[0].id: "),
    ];
    for (body, message) in cases {
        let script = Script::signed_in().then_with(200, &[("inin-correlation-id", "c-1")], body);
        let error = client(&script).contacts().search().send().await.unwrap_err();
        let text = error.to_string();
        assert!(text.starts_with("GET /api/v2/externalcontacts/contacts: 200, but the body is not what"), "{text}");
        assert!(text.contains(message), "{text}");
        assert!(text.ends_with("(correlation id c-1)"), "{text}");
        assert!(!format!("{error:?}{text}").contains("Ada"), "{text}");
        let ErrorKind::Decode(error) = error.kind() else { panic!("{error:?}") };
        assert_eq!(error.body_start.as_bytes(), body);
    }

    for (date, message) in [
        ("0000-01-01T00:00:00.000Z", "at createDate: expected a date-time of the years 1900 to 9999, in UTC"),
        ("0001-01-01T00:00:00Z", "at createDate: expected a date-time of the years 1900 to 9999, in UTC"),
        ("yesterday", "at createDate: expected a date-time such as 2026-01-02T03:04:05.678Z"),
        ("", "at createDate: expected a date-time such as"),
    ] {
        let script = Script::signed_in().then(200, format!(r#"{{"createDate":"{date}"}}"#));
        let error = client(&script).contacts().get("x").send().await.unwrap_err();
        assert!(error.to_string().contains(message), "{error}");
        assert!(!error.may_have_been_applied());
    }

    let script = Script::signed_in().then(200, "");
    let error = client(&script).contacts().create(ada()).send().await.unwrap_err();
    assert!(error.may_have_been_applied() && !error.is_retryable(), "the service said 200");
}

#[maybe_async]
pub async fn deletions_answer_in_three_ways() {
    for (status, body) in [(200, "{}"), (200, ""), (204, ""), (202, " "), (200, r#"{"what":"ever"}"#)] {
        let script = Script::signed_in().then(status, body);
        client(&script).contacts().delete("x").send().await.unwrap();
    }
    let script = Script::signed_in().then(200, "<html>signed out</html>");
    let error = client(&script).contacts().delete("x").send().await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Decode(_)), "{error:?}");
}

#[maybe_async]
pub async fn an_error_answer_of_any_form_is_told() {
    let full = json!({
        "message": "Contact not found\nby contact id", "code": "contact.not.found", "status": 404,
        "messageWithParams": "{a} not found", "messageParams": {"a": "Contact", "n": 1}, "contextId": "c-2",
        "details": [{"errorCode": "e", "fieldName": "f", "entityId": "i", "entityName": "n"}],
        "errors": [{"message": "inner", "errors": [{"code": "deep"}]}],
        "limit": {"key": "k", "namespace": "a.new.one", "value": 300}, "new": [1],
    });
    let route = "DELETE /api/v2/externalcontacts/contacts/{contactId}";
    let cases = [
        (404, full.to_string(), "404 contact.not.found: Contact not found by contact id (correlation id c-2)"),
        (409, r#"{"code":"RULE_PERSISTENCE_CONFLICT"}"#.to_owned(), "409 RULE_PERSISTENCE_CONFLICT"),
        (400, "{}".to_owned(), "400 Bad Request"),
        (500, String::new(), "500 Internal Server Error"),
        (
            502,
            "<html>Bad gateway</html>".to_owned(),
            "502 Bad Gateway: the answer is not from the API itself (its body is not JSON); check the host, or a proxy",
        ),
        (503, "[]".to_owned(), "503 Service Unavailable: the answer is not from the API itself"),
        (599, "null".to_owned(), "599: the answer is not from the API itself"),
    ];
    for (status, body, message) in cases {
        let script = Script::signed_in().then(status, body.clone());
        let error = client(&script).contacts().delete("x").send().await.unwrap_err();
        let text = error.to_string();
        assert!(text.starts_with(&format!("{route}: {message}")), "{text}");
        assert!(!text.contains('\n'));
        assert_eq!(error.status().unwrap().as_u16(), status);
        assert!(std::error::Error::source(&error).is_none(), "the message says it all");
        let ErrorKind::Api(error) = error.kind() else { panic!("{error:?}") };
        if status == 404 {
            assert_eq!(serde_json::to_value(&error.body).unwrap(), full);
            assert_eq!(
                error.body.errors.as_ref().unwrap()[0].errors.as_ref().unwrap()[0].code.as_deref(),
                Some("deep")
            );
        }
        if body.starts_with(['<', '[']) {
            assert_eq!(error.raw_body.to_text(), body);
        }
    }

    let script = Script::signed_in().then(500, "x".repeat(1 << 20));
    let error = client(&script).contacts().delete("x").send().await.unwrap_err();
    let ErrorKind::Api(error) = error.kind() else { panic!("{error:?}") };
    assert_eq!(error.raw_body.as_bytes().len(), 4096, "a large page is not kept whole");
}

#[maybe_async]
pub async fn predicates_say_what_to_do() {
    #[derive(Debug, PartialEq)]
    struct Says {
        is: Option<&'static str>,
        read_retryable: bool,
        create_retryable: bool,
        create_may_be_applied: bool,
    }
    let says = |is, read_retryable, create_retryable, create_may_be_applied| Says {
        is,
        read_retryable,
        create_retryable,
        create_may_be_applied,
    };
    let kind = |error: &Error| {
        let all = [
            ("not found", error.is_not_found()),
            ("conflict", error.is_conflict()),
            ("rate limited", error.is_rate_limited()),
            ("unauthorized", error.is_unauthorized()),
            ("forbidden", error.is_forbidden()),
            ("timeout", error.is_timeout()),
        ];
        let mut names = all.into_iter().filter(|(_, is)| *is).map(|(name, _)| name);
        let name = names.next();
        assert!(names.next().is_none(), "at most one is true: {error:?}");
        name
    };
    let statuses = [
        (302, says(None, false, false, true)),
        (400, says(None, false, false, false)),
        (401, says(Some("unauthorized"), false, false, false)),
        (403, says(Some("forbidden"), false, false, false)),
        (404, says(Some("not found"), false, false, false)),
        (408, says(Some("timeout"), true, false, true)),
        (409, says(Some("conflict"), false, false, false)),
        (422, says(None, false, false, false)),
        (429, says(Some("rate limited"), true, true, false)),
        (500, says(None, false, false, true)),
        (502, says(None, true, false, true)),
        (503, says(None, true, false, true)),
        (504, says(Some("timeout"), true, false, true)),
    ];
    for (status, expected) in statuses {
        let body = r#"{"code":"no"}"#;
        let script = Script::new().then(status, body).then(status, body);
        let client = Client::builder().region(Region::EuWest1).access_token("t").transport(script);
        let client = client.retry(RetryPolicy::never()).build().unwrap();
        let read = client.contacts().get("x").send().await.unwrap_err();
        let create = client.contacts().create(ada()).send().await.unwrap_err();
        assert!(!read.may_have_been_applied(), "{status}");
        assert_eq!(kind(&read), kind(&create));
        let found = says(kind(&create), read.is_retryable(), create.is_retryable(), create.may_have_been_applied());
        assert_eq!(found, expected, "{status}");
    }

    use TransportErrorKind::{BodyTooLarge, Connect, Dns, Other, Reset, Timeout, Tls};
    let failures = [
        (Dns, false, says(None, true, true, false)),
        (Connect, false, says(None, true, true, false)),
        (Tls, false, says(None, false, false, false)),
        (Timeout, false, says(Some("timeout"), true, true, false)),
        (Timeout, true, says(Some("timeout"), true, false, true)),
        (Reset, true, says(None, true, false, true)),
        (BodyTooLarge, true, says(None, false, false, true)),
        (Other, true, says(None, false, false, true)),
    ];
    for (failure, received, expected) in failures {
        let error = || {
            let error = TransportError::new(failure, "underneath");
            if received { error } else { error.never_sent() }
        };
        let script = Script::new().then_fails(error()).then_fails(error()).then_fails(error());
        let client = Client::builder().region(Region::EuWest1).access_token("t").transport(script);
        let client = client.retry(RetryPolicy::never()).build().unwrap();
        let read = client.contacts().get("x").send().await.unwrap_err();
        let create = client.contacts().create(ada()).send().await.unwrap_err();
        let delete = client.contacts().delete("x").send().await.unwrap_err();
        assert!(!read.may_have_been_applied(), "{failure:?}");
        let found = says(kind(&create), read.is_retryable(), create.is_retryable(), create.may_have_been_applied());
        assert_eq!(found, expected, "{failure:?}");
        assert_eq!(delete.may_have_been_applied(), received, "{failure:?}");
        assert_eq!(delete.is_retryable(), read.is_retryable(), "deleting twice is deleting once");
        assert_eq!(create.to_string().ends_with("; the change may have been applied"), received);
        assert!(!create.to_string().contains("underneath"), "the cause is not printed twice");
        assert_eq!(std::error::Error::source(&create).unwrap().to_string(), "underneath");
        assert_eq!(format!("{create:?}"), format!("{create}: underneath"), "what a `main` that fails prints");
    }
}

#[maybe_async]
pub async fn not_found_can_be_none() {
    let not_found = r#"{"code":"not.found","status":404}"#;
    let script = Script::signed_in()
        .then(404, not_found)
        .then(200, r#"{"id":"x"}"#)
        .then(404, "")
        .then(404, "{}")
        .then(404, r#"{"message":"no such route","code":null}"#)
        .then(404, "<html>no such page</html>")
        .then(403, "{}")
        .then(404, r#"{"code":"contact.not.found"}"#);
    let contacts = client(&script).contacts();
    let found = contacts.get("x").optional().send().await.unwrap();
    assert!(found.is_none());
    let found = contacts.get("x").expand([ContactExpand::Division]).optional().send().await.unwrap();
    assert_eq!(found.unwrap().id.as_deref(), Some("x"));
    for answer in
        ["nothing", "an object without a code", "one without a code, but with a message", "the page of a gateway"]
    {
        let error = contacts.get("x").optional().send().await.unwrap_err();
        assert!(!error.is_not_found(), "{answer} is not from the API, and says nothing about the contact: {error}");
        assert_eq!(error.status().unwrap(), 404);
    }
    let error = contacts.get("x").optional().send().await.unwrap_err();
    assert!(error.is_forbidden(), "{error}");
    let deleted = contacts.delete("x").optional().send().await.unwrap();
    assert!(deleted.is_none());
}

#[maybe_async]
pub async fn an_answer_comes_with_its_meta() {
    let headers = [
        ("ININ-Correlation-Id", "c-3"),
        ("inin-ratelimit-count", "7"),
        ("inin-ratelimit-allowed", "300"),
        ("inin-ratelimit-reset", "61"),
        ("set-cookie", "a"),
        ("set-cookie", "b"),
    ];
    let script = Script::signed_in().then_with(201, &headers, r#"{"id":"x"}"#);
    let answer = client(&script).contacts().create(ada()).send_with_meta().await.unwrap();
    assert_eq!(answer.output.id.as_deref(), Some("x"));
    assert_eq!(answer.meta.status().as_u16(), 201);
    assert_eq!(answer.meta.correlation_id(), Some("c-3"));
    let limit = answer.meta.rate_limit();
    assert_eq!((limit.count, limit.allowed, limit.reset), (Some(7), Some(300), Some(Duration::from_secs(61))));
    assert_eq!(answer.meta.headers().get_all("set-cookie").iter().count(), 2);

    let script = Script::signed_in().then_with(429, &[("retry-after", "42"), ("inin-correlation-id", "c-4")], "{}");
    let error = client(&script).contacts().get("x").send().await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(42)));
    assert_eq!(error.correlation_id(), Some("c-4"));
}

#[maybe_async]
pub async fn a_redirect_is_an_error() {
    let script = Script::signed_in().then_with(301, &[("location", "https://elsewhere.example/secret")], "");
    let error = client(&script).contacts().get("x").send().await.unwrap_err();
    let text = error.to_string();
    assert!(text.contains("301 Moved Permanently: the answer is a redirect, which is not followed"), "{text}");
    assert!(!text.contains("elsewhere"));
    assert_eq!(script.calls().len(), 1);
}

#[maybe_async]
pub async fn nothing_is_lost_between_reading_and_writing() {
    let mut contact = json!({
        "id": "x", "firstName": "Ada", "middleName": null, "title": "Countess", "new": {"deep": [null, 1.5]},
        "big": 9_007_199_254_740_993_u64, "bigger": u64::MAX, "smallest": i64::MIN, "tiny": 1e-300,
        "type": "Imaginary", "createDate": "2026-01-02T03:04:05.678Z",
        "workPhone": {"display": "+1 317 222 2222", "carrier": "new"},
        "customFields": {"n_integer": 9_007_199_254_740_993_i64},
        "externalOrganization": {"id": "o", "trustor": {"organization": {"features": {"a": true}, "new": 1}}},
    });
    for n in 0..50 {
        contact[format!("unknown{n}")] = json!({"n": n, "list": [n, {"n": null}]});
    }
    let script = Script::signed_in().then(200, contact.to_string()).then(200, "{}");
    let contacts = client(&script).contacts();
    let mut read = contacts.get("x").send().await.unwrap();
    read.title = Some("Countess of Lovelace".to_owned());
    contacts.update("x", read.without_first_name()).send().await.unwrap();
    contact["title"] = json!("Countess of Lovelace");
    contact["firstName"] = Value::Null;
    assert_eq!(script.calls()[1].json(), contact);
}

#[maybe_async]
pub async fn signs_in_once_and_only_at_the_login_host() {
    let script = Script::signed_in().then(200, "{}").then(200, "{}").then(200, "{}");
    let first = client(&script);
    assert!(script.all().is_empty(), "nothing is sent before the first call");
    let second = first.clone();
    first.contacts().get("1").send().await.unwrap();
    second.contacts().get("2").send().await.unwrap();
    first.contacts().get("3").send().await.unwrap();

    let all = script.all();
    let lines: Vec<_> = all.iter().map(Sent::line).collect();
    assert_eq!(
        lines,
        [
            "POST https://login.mypurecloud.ie/oauth/token".to_owned(),
            format!("GET {CONTACTS}/1"),
            format!("GET {CONTACTS}/2"),
            format!("GET {CONTACTS}/3"),
        ]
    );
    // base64 of client-id:client-s3cret
    assert_eq!(all[0].header("authorization"), Some("Basic Y2xpZW50LWlkOmNsaWVudC1zM2NyZXQ="));
    assert_eq!(all[0].header("content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(all[0].body, b"grant_type=client_credentials");
    for call in &all[1..] {
        assert_eq!(call.header("authorization"), Some("Bearer a-token"));
    }
}

#[maybe_async]
pub async fn a_token_is_renewed_before_it_expires() {
    let script =
        Script::new().token("first", 3600).then(200, "{}").then(200, "{}").token("second", 3600).then(200, "{}");
    let contacts = client(&script).contacts();
    contacts.get("1").send().await.unwrap();
    script.pass(Duration::from_secs(3539));
    contacts.get("2").send().await.unwrap();
    script.pass(Duration::from_secs(1));
    contacts.get("3").send().await.unwrap();
    let sent: Vec<_> = script.calls().iter().map(|call| call.header("authorization").unwrap().to_owned()).collect();
    assert_eq!(sent, ["Bearer first", "Bearer first", "Bearer second"]);
}

#[maybe_async]
pub async fn a_refused_token_is_renewed_once() {
    let expired = r#"{"code":"bad.credentials","status":401}"#;
    let script = Script::signed_in()
        .then(200, "{}")
        .then(401, expired)
        .token("b-token", 86_400)
        .then(200, r#"{"id":"new"}"#)
        .then(401, expired)
        .token("c-token", 86_400)
        .then(401, expired);
    let contacts = client(&script).contacts();
    contacts.get("x").send().await.unwrap();
    let created = contacts.create(ada()).send().await.unwrap();
    assert_eq!(created.id.as_deref(), Some("new"), "a create that was refused with 401 was surely not applied");
    let error = contacts.get("x").send().await.unwrap_err();
    assert!(error.is_unauthorized() && !error.is_retryable(), "the second refusal is the caller's: {error}");
    let calls = script.calls();
    let sent: Vec<_> = calls.iter().map(|call| call.header("authorization").unwrap()).collect();
    let [a, b, c] = ["Bearer a-token", "Bearer b-token", "Bearer c-token"];
    assert_eq!(sent, [a, a, b, b, c]);
    assert_eq!(calls[1].body, calls[2].body);
}

#[maybe_async]
pub async fn a_given_token_is_never_renewed() {
    let script = Script::new().then(401, "{}");
    let builder = Client::builder().region(Region::UsEast1).access_token("given");
    let client = builder.transport(script.clone()).build().unwrap();
    let error = client.contacts().get("x").send().await.unwrap_err();
    assert!(error.is_unauthorized());
    let all = script.all();
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].scheme_and_host, "https://api.mypurecloud.com");
    assert_eq!(all[0].header("authorization"), Some("Bearer given"));
}

#[maybe_async]
pub async fn a_refused_sign_in_says_what_to_check() {
    let refused =
        |text: &str| json!({"error": "invalid_client", "description": text, "error_description": text}).to_string();
    let limited = r#"{"error":"invalid_request","error_description":"rate limit exceeded; try later"}"#.to_owned();
    let check = "; check the client id, the secret and the region: each region knows only its own clients";
    let cases = [
        (400, refused("client not found"), format!("400 invalid_client client not found{check}"), Some(true)),
        (400, refused("authentication failed"), format!("400 invalid_client authentication failed{check}"), Some(true)),
        (401, String::new(), format!("401{check}"), Some(true)),
        (400, limited, "400 invalid_request rate limit exceeded; try later; wait a minute".to_owned(), Some(false)),
        (429, String::new(), "429; wait a minute".to_owned(), Some(false)),
        (503, "<html>".to_owned(), "503 (correlation id c-5)".to_owned(), None),
    ];
    for (status, body, message, refused) in cases {
        let script = Script::new().then_with(status, &[("inin-correlation-id", "c-5")], body);
        let error = client(&script).contacts().create(ada()).send().await.unwrap_err();
        let text = error.to_string();
        assert!(
            text.starts_with(&format!(
                "POST /api/v2/externalcontacts/contacts: sign-in at login.mypurecloud.ie: {message}"
            )),
            "{text}"
        );
        assert!(text.ends_with(" (correlation id c-5)"), "{text}");
        assert!(matches!(error.kind(), ErrorKind::SignIn(_)));
        assert_eq!(error.is_unauthorized(), refused == Some(true), "{text}");
        assert_eq!(error.is_rate_limited(), refused == Some(false), "{text}");
        assert_eq!(error.is_retryable(), refused != Some(true), "{text}");
        assert!(!error.may_have_been_applied());
        assert_eq!(script.all().len(), 1, "the contact was not sent");
    }

    let script = Script::new().then_fails(TransportError::new(TransportErrorKind::Reset, "gone")).token("t", 60);
    let client = client(&script.then(200, "{}"));
    let error = client.contacts().create(ada()).send().await.unwrap_err();
    let message = "POST /api/v2/externalcontacts/contacts: sign-in at login.mypurecloud.ie: \
        the connection ended before the answer was complete";
    assert_eq!(error.to_string(), message);
    assert!(error.is_retryable() && !error.may_have_been_applied(), "only the sign-in may have arrived");
    client.contacts().create(ada()).send().await.unwrap();
}

#[maybe_async]
pub async fn a_sign_in_without_a_token_is_an_error() {
    for body in ["", "<html>", "{}", r#"{"access_token":"","expires_in":5}"#, r#"{"access_token":"a\nb"}"#, "[]"] {
        let script = Script::new().then(200, body);
        let error = client(&script).contacts().get("x").send().await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Decode(_) | ErrorKind::Invalid(_)), "{error:?}");
        assert!(
            error.to_string().contains(": sign-in at login.mypurecloud.ie: 200, but the body is not what was promised"),
            "{error}"
        );
    }
    let script = Script::new().then(200, r#"{"access_token":"t"}"#).then(200, "{}").then(200, "{}");
    let contacts = client(&script).contacts();
    contacts.get("x").send().await.unwrap();
    script.pass(Duration::from_secs(1_000_000));
    contacts.get("x").send().await.unwrap();
}

#[maybe_async]
pub async fn items_come_from_all_pages() {
    for total in [0, 1, 99, 100, 101, 250, 1000] {
        let script = pages(100, total);
        let mut items = client(&script).contacts().search().q("x").items();
        assert_eq!(items.total(), None);
        let mut ids = Vec::new();
        while let Some(item) = items.next().await {
            ids.push(item.unwrap().id.unwrap());
            assert_eq!(items.total(), Some(total));
        }
        assert_eq!(ids, numbers(0..total));
        let count = total.div_ceil(100).max(1);
        assert_eq!(query_values(&script, "pageNumber"), numbers(2..count + 1));
        assert_eq!(query_values(&script, "pageSize"), vec!["100"; count as usize]);
        assert_eq!(query_values(&script, "q"), vec!["x"; count as usize]);
    }
    let script = pages(100, 250);
    let sizes: Vec<_> = collect_pages(client(&script).contacts().search().pages()).await;
    assert_eq!(sizes.into_iter().map(Result::unwrap).collect::<Vec<_>>(), [100, 100, 50]);
}

#[maybe_async]
pub async fn a_limit_is_exact() {
    for (limit, size, fetched) in [(0, 100, 0), (5, 5, 1), (100, 100, 1), (101, 100, 2), (250, 100, 3), (5000, 100, 3)]
    {
        let script = pages(size, 250);
        let all = collect(client(&script).contacts().search().items().limit(limit)).await;
        assert_eq!(all.into_iter().map(Result::unwrap).collect::<Vec<_>>(), numbers(0..limit.min(250)), "{limit}");
        assert_eq!(script.calls().len(), fetched, "{limit}");
    }
    let script = pages(100, 2000);
    let all = collect(client(&script).contacts().search().items().limit(1000)).await;
    assert!(all.len() == 1000 && all.iter().all(Result::is_ok), "the limit was reached before the window's end");
}

#[maybe_async]
pub async fn the_first_record_is_asked_for_alone() {
    // More than the service gives out: the first one is within reach.
    let script = Script::signed_in().then(200, page(1, 1, 2000));
    let first = client(&script).contacts().search().items().first().await.unwrap();
    assert_eq!(first.and_then(|contact| contact.id).as_deref(), Some("0"));
    assert_eq!(query_values(&script, "pageSize"), ["1"]);

    let nobody = Script::signed_in().then(200, page(1, 1, 0));
    let first = client(&nobody).contacts().search().items().first().await.unwrap();
    assert!(first.is_none());

    let refused = Script::signed_in().then(403, "{}");
    let error = client(&refused).contacts().search().items().first().await.unwrap_err();
    assert!(error.is_forbidden());
}

#[maybe_async]
pub async fn a_record_is_found_and_an_error_is_not_a_miss() {
    let is_even_above = |limit: u64| {
        move |contact: &ExternalContact| {
            let number: u64 = contact.id.as_deref().unwrap().parse().unwrap();
            number > limit && number.is_multiple_of(2)
        }
    };

    let script = pages(100, 250);
    let mut items = client(&script).contacts().search().items();
    let found = items.find(is_even_above(149)).await.unwrap().unwrap();
    assert_eq!(found.id.as_deref(), Some("150"));
    assert_eq!(script.calls().len(), 2, "no page is fetched beyond the one with the record");
    let next = items.find(is_even_above(0)).await.unwrap().unwrap();
    assert_eq!(next.id.as_deref(), Some("152"), "it goes on after the last one");
    let missing = items.find(|_| false).await.unwrap();
    assert!(missing.is_none());
    assert_eq!(script.calls().len(), 3);

    let fails = Script::signed_in().then(200, page(1, 100, 250)).then(401, r#"{"code":"bad.credentials"}"#);
    let fails = fails.token("another", 86_400).then(401, r#"{"code":"bad.credentials"}"#);
    let error = client(&fails).contacts().search().items().find(is_even_above(149)).await.unwrap_err();
    assert!(error.is_unauthorized(), "{error}");

    let error = client(&pages(100, 1001)).contacts().search().items().find(|_| false).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::ResultWindow(_)), "{error}");
}

#[maybe_async]
pub async fn a_page_can_be_walked_through() {
    let script = Script::signed_in().then(200, page(1, 3, 3)).then(200, "{}");
    let contacts = client(&script).contacts();
    let page = contacts.search().send().await.unwrap();
    let mut ids = Vec::new();
    for contact in &page {
        ids.push(contact.id.clone().unwrap());
    }
    assert_eq!(ids, ["0", "1", "2"]);
    for (contact, id) in page.into_iter().zip(ids) {
        assert_eq!(contact.id, Some(id));
    }
    let without = contacts.search().send().await.unwrap();
    assert_eq!((&without).into_iter().count(), 0);
    assert_eq!(without.into_iter().count(), 0);
}

#[maybe_async]
pub async fn a_listing_never_ends_as_if_it_were_complete() {
    for (size, reached) in [(100, 1000), (30, 990)] {
        let script = pages(size, 1500);
        let mut all = collect(client(&script).contacts().search().page_size(size as u32).items()).await;
        let last = all.pop().unwrap().unwrap_err();
        assert_eq!(all.len(), reached);
        assert!(all.iter().all(Result::is_ok));
        let text = "GET /api/v2/externalcontacts/contacts: the service gives out only the first 1000 records of a listing, and this one has 1500; \
            narrow it: a longer q, one division or one organization at a time; or scan, which gives out everything";
        assert_eq!(last.to_string(), text);
        assert!(!last.is_retryable());
        assert_eq!(script.calls().len(), reached / size as usize, "the window's end is known without asking");
    }
}

#[maybe_async]
pub async fn a_listing_ends_after_an_error() {
    let script = Script::signed_in().then(200, page(1, 100, 300)).then(500, "{}").then(200, page(2, 100, 300));
    let all = collect(client(&script).contacts().search().items()).await;
    assert_eq!(all.len(), 101);
    assert!(matches!(&all[100], Err(error) if matches!(error.kind(), ErrorKind::Api(_))));
    assert_eq!(script.calls().len(), 2);
}

#[maybe_async]
pub async fn a_page_that_repeats_ends_the_listing() {
    let first = page(1, 100, 300);
    let script = Script::signed_in().then(200, first.clone()).then(200, first.clone()).then(200, first);
    let mut all = collect(client(&script).contacts().search().items()).await;
    let error = all.pop().unwrap().unwrap_err();
    assert!(error.to_string().contains("at pageNumber: page 2 was asked for, and another one came"), "{error}");
    assert_eq!(all.len(), 100, "no record comes twice");
}

#[maybe_async]
pub async fn a_page_may_be_empty() {
    let empty = json!({"pageNumber": 2, "pageSize": 100, "total": 250, "entities": []}).to_string();
    let without = json!({"pageNumber": 4, "total": 150}).to_string();
    let script = Script::signed_in()
        .then(200, page(1, 100, 250))
        .then(200, empty)
        .then(200, page(3, 100, 350))
        .then(200, without);
    let all = collect(client(&script).contacts().search().items()).await;
    assert_eq!(all.into_iter().map(Result::unwrap).collect::<Vec<_>>(), [numbers(0..100), numbers(200..300)].concat());
    assert_eq!(script.calls().len(), 4, "the total grew and then shrank");
}

#[maybe_async]
pub async fn pages_start_where_they_are_told() {
    let script = Script::signed_in().then(200, page(3, 10, 35)).then(200, page(4, 10, 35));
    let items = client(&script).contacts().search().page_size(10).page_number(3).items();
    let all = collect(items).await;
    assert_eq!(all.into_iter().map(Result::unwrap).collect::<Vec<_>>(), numbers(20..35));
}

#[maybe_async]
pub async fn prefetch_gives_the_same() {
    for total in [0, 1, 100, 250, 1500] {
        let plain = collect(client(&pages(100, total)).contacts().search().items()).await;
        let script = pages(100, total);
        let ahead = collect(client(&script).contacts().search().items().prefetch()).await;
        let text = |all: Vec<Result<String, Error>>| all.into_iter().map(|r| r.unwrap_or_else(|e| e.to_string()));
        assert_eq!(text(plain).collect::<Vec<_>>(), text(ahead).collect::<Vec<_>>());
    }
    let script = pages(100, 250);
    let all = collect(client(&script).contacts().search().items().limit(150).prefetch()).await;
    assert_eq!((all.len(), script.calls().len()), (150, 2), "no page is fetched that isn't needed");
    let mut dropped = client(&pages(100, 250)).contacts().search().items().prefetch();
    dropped.next().await.unwrap().unwrap();
    drop(dropped);
}

/// A page of a listing by cursor: so many records, and the cursor of the next page.
fn by_cursor(records: u64, after: Option<&str>) -> String {
    let entities: Vec<_> = (0..records).map(|n| json!({"id": n.to_string()})).collect();
    let cursors = after.map_or(json!({}), |after| json!({"before": "b", "after": after}));
    json!({"entities": entities, "selfUri": "/x", "cursors": cursors}).to_string()
}

#[maybe_async]
pub async fn a_scan_goes_from_cursor_to_cursor() {
    let script = Script::signed_in()
        .then(200, by_cursor(200, Some("c/1")))
        // Pages may be smaller than asked for, and empty, and the scan goes on.
        .then(200, by_cursor(3, Some("c/2")))
        .then(200, by_cursor(0, Some("c/3")))
        .then(200, r#"{"cursors":{"after":"c/4"}}"#)
        .then(200, by_cursor(1, None));
    let all = collect(client(&script).contacts().scan().division_id("d").items()).await;
    assert!(all.iter().all(Result::is_ok));
    assert_eq!(all.len(), 204);
    let lines: Vec<_> = script.calls().iter().map(|sent| sent.query.clone().unwrap()).collect();
    assert_eq!(lines[0], "limit=200&divisionId=d");
    assert_eq!(lines[1], "limit=200&cursor=c%2F1&divisionId=d");
    assert_eq!(query_values(&script, "cursor"), ["c%2F1", "c%2F2", "c%2F3", "c%2F4"]);

    // No more than is wanted, but no less than the service gives.
    for (limit, asked) in [(5, "10"), (50, "50"), (500, "200")] {
        let script = Script::signed_in().then(200, by_cursor(limit, Some("c")));
        let all = collect(client(&script).contacts().scan().items().limit(limit)).await;
        assert_eq!((all.len() as u64, query_values(&script, "limit")), (limit, vec![asked.to_owned()]));
    }
}

#[maybe_async]
pub async fn a_scan_that_does_not_end_is_an_error() {
    let script = (1..=250).fold(Script::signed_in(), |script, n| script.then(200, by_cursor(0, Some(&n.to_string()))));
    let contacts = client(&script).contacts();
    let mut pages = contacts.scan().pages();
    let mut last = None;
    while let Some(page) = pages.next().await {
        last = Some(page);
    }
    let error = last.unwrap().unwrap_err();
    let ErrorKind::Cursor(cursor) = error.kind() else { panic!("{error}") };
    assert_eq!((cursor.empty_pages, cursor.cursor.as_str()), (Some(100), "100"));
    assert_eq!(script.calls().len(), 100);
    assert!(!error.is_retryable());
    assert_eq!(pages.cursor(), Some("100"));
    let message = "GET /api/v2/externalcontacts/scan/contacts: 100 pages in a row were empty and the listing goes on; \
        to go on, pass the cursor";
    assert_eq!(error.to_string(), message);

    // Who passes the cursor gets another hundred.
    let all = collect(contacts.scan().cursor("100").items()).await;
    assert_eq!((all.len(), script.calls().len()), (1, 200));

    // A cycle of three, which begins after two pages.
    let cursors = ["1", "2", "3", "4", "5", "3", "4", "5", "3", "4", "5", "3", "4", "5", "3", "4", "5"];
    let script = cursors.iter().fold(Script::signed_in(), |script, n| script.then(200, by_cursor(1, Some(n))));
    let mut all = collect(client(&script).contacts().scan().items().prefetch()).await;
    let error = all.pop().unwrap().unwrap_err();
    let ErrorKind::Cursor(cursor) = error.kind() else { panic!("{error}") };
    assert_eq!(cursor.empty_pages, None);
    assert!(all.len() <= 12, "{}", all.len());
}

#[maybe_async]
pub async fn a_scan_is_taken_up_where_it_stopped() {
    let answers = || {
        let script = Script::signed_in().then(200, by_cursor(3, Some("1"))).then(200, by_cursor(2, Some("2")));
        script.then(200, by_cursor(1, None))
    };
    for prefetch in [false, true] {
        let script = answers();
        let mut pages = client(&script).contacts().scan().pages();
        if prefetch {
            pages = pages.prefetch();
        }
        let mut cursors = vec![pages.cursor().map(str::to_owned)];
        while let Some(page) = pages.next().await {
            page.unwrap();
            cursors.push(pages.cursor().map(str::to_owned));
        }
        let told = |cursor: &str| Some(cursor.to_owned());
        assert_eq!(cursors, [None, told("1"), told("2"), None], "what follows the last page handed out");
    }
    let script = Script::signed_in().then(200, by_cursor(2, Some("2"))).then(500, "{}");
    let mut pages = client(&script).contacts().scan().cursor("1").page_size(20).pages();
    assert_eq!(pages.cursor(), Some("1"));
    pages.next().await.unwrap().unwrap();
    pages.next().await.unwrap().unwrap_err();
    assert_eq!(pages.cursor(), Some("2"), "the page that could not be fetched");
    let after = pages.next().await;
    assert!(after.is_none());
    let lines: Vec<_> = script.calls().iter().map(|sent| sent.query.clone().unwrap()).collect();
    assert_eq!(lines, ["limit=20&cursor=1", "limit=20&cursor=2"]);
}

#[maybe_async]
pub async fn a_cursor_that_is_refused_may_have_expired() {
    let advice = "; a cursor is good for 24 hours, so start again without it if it is older";
    for (status, cursor, told) in [(400, true, true), (422, true, true), (404, true, false), (422, false, false)] {
        let script = Script::signed_in().then(status, r#"{"code":"no"}"#);
        let scan = client(&script).relationships().scan();
        let scan = if cursor { scan.cursor("old") } else { scan };
        let error = scan.send().await.unwrap_err().to_string();
        assert_eq!(error.ends_with(advice), told, "{status}: {error}");
    }
}

#[maybe_async]
pub async fn a_limit_can_come_late() {
    let script = pages(100, 1000);
    let mut items = client(&script).contacts().search().items();
    for _ in 0..10 {
        items.next().await.unwrap().unwrap();
    }
    let rest = collect(items.limit(100)).await;
    assert_eq!(rest.into_iter().map(Result::unwrap).collect::<Vec<_>>(), numbers(10..110), "counted from there");
    assert_eq!(script.calls().len(), 2);
    let mut items = client(&pages(100, 1000)).contacts().search().items();
    items.next().await.unwrap().unwrap();
    let rest = collect(items.limit(0)).await;
    assert!(rest.is_empty());
}

/// The other kind of cursor, which some listings only give as part of a link.
#[maybe_async]
pub async fn a_listing_by_after_reads_its_links() {
    #[derive(Clone, Default)]
    struct ListExports(After);
    impl Operation for ListExports {
        type Output = Listing<ExternalContact>;
        const ROUTE: Route = Route::get("/api/v2/externalcontacts/contacts/exports");
        fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
            self.0.write(request)
        }
    }
    impl Paged for ListExports {
        type Item = ExternalContact;
        type Paging = After;
        fn paging(&mut self) -> &mut After {
            &mut self.0
        }
    }
    let script = Script::signed_in()
        .then(200, r#"{"entities":[{"id":"1"}],"nextUri":"/api/v2/x?pageSize=100&after=a%2B1"}"#)
        .then(200, r#"{"entities":[{"id":"2"}],"cursors":{"after":"a 2"},"nextUri":"/api/v2/x?after=ignored"}"#)
        .then(200, r#"{"entities":[{"id":"3"}]}"#);
    let all = collect(client(&script).request(ListExports::default()).items()).await;
    assert_eq!(all.into_iter().map(Result::unwrap).collect::<Vec<_>>(), ["1", "2", "3"]);
    assert_eq!(query_values(&script, "after"), ["a%2B1", "a%202"]);
    assert_eq!(query_values(&script, "pageSize"), ["100", "100", "100"]);
}

#[maybe_async]
pub async fn secrets_and_personal_data_are_not_printed() {
    let script = Script::signed_in()
        .then(200, r#"{"firstName":"Augusta","workEmail":"ada@example.com","new":"Byron"}"#)
        .then(400, "<p>Augusta ada@example.com</p>")
        .then(200, r#"{"createDate":"Augusta"}"#)
        .then(200, r#"{"firstName":["Augusta"]}"#);
    let client = client(&script);
    let contacts = client.contacts();
    let mut printed = format!("{client:?} {contacts:?} {:?}", Client::builder().access_token("a-token"));
    let search = contacts.search().q("Augusta");
    printed += &format!("{search:?} {:?}", contacts.get("Augusta"));
    let contact = contacts.get("x").send_with_meta().await.unwrap();
    printed += &format!("{contact:?}");
    for _ in 0..3 {
        let error = contacts.update("Augusta", contact.output.clone()).send().await.unwrap_err();
        printed += &format!("{error:?} {error} {error:#?}");
    }
    for secret in ["Augusta", "ada@example.com", "Byron", "client-s3cret", "a-token", "Y2xpZW50"] {
        assert!(!printed.contains(secret), "{secret} in {printed}");
    }
    assert!(printed.contains("ExternalContact {firstName, workEmail, and 1 in extra}"), "{printed}");
}

#[maybe_async]
pub async fn an_operation_of_your_own_can_be_sent() {
    struct Unfinished;
    impl Operation for Unfinished {
        type Output = ();
        const ROUTE: Route = Route::post("/api/v2/externalcontacts/{a}/{b}");
        fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
            request.path_param("b", "x/y")
        }
        fn read(&self, response: &Response) -> Result<(), Error> {
            response.nothing()
        }
    }
    struct Wrong;
    impl Operation for Wrong {
        type Output = Listing<Value>;
        const ROUTE: Route = Route::post("/api/v2/a");
        fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
            request.path_param("a", "x")
        }
        fn read(&self, response: &Response) -> Result<Self::Output, Error> {
            response.json()
        }
    }
    struct Right;
    impl Operation for Right {
        type Output = Value;
        const ROUTE: Route = Route::post("/api/v2/{a}/b/{c}").that_reads();
        fn write(&self, request: &mut RequestParts) -> Result<(), Error> {
            request.path_param("c", "{a}")?;
            request.path_param("a", "1")?;
            request.query("zero", 0);
            request.query("empty", "");
            request.query_opt("absent", None::<&str>);
            request.query_list("none", [""; 0]);
            request.query("no", false);
            request.json(&json!({"x": 1}))
        }
        fn read(&self, response: &Response) -> Result<Self::Output, Error> {
            response.json()
        }
    }
    let script = Script::signed_in().then(200, "[1]").then(503, "");
    let client = client(&script);
    let error = client.execute(&Unfinished).await.unwrap_err().to_string();
    assert_eq!(error, "POST /api/v2/externalcontacts/{a}/{b}: path: has a parameter that was not filled in");
    let error = client.execute(&Wrong).await.unwrap_err().to_string();
    assert!(error.ends_with(": a: is not a parameter of the route"), "{error}");
    let output = client.execute(&Right).await.unwrap();
    assert_eq!(output, json!([1]));
    let error = client.request(Right).send().await.unwrap_err();
    assert!(error.is_retryable() && !error.may_have_been_applied(), "it only reads");
    let line = "POST https://api.mypurecloud.ie/api/v2/1/b/%7Ba%7D?zero=0&empty=&no=false";
    assert_eq!(script.calls()[0].line(), line);
}

#[maybe_async]
pub async fn a_base_path_is_kept() {
    let script = Script::signed_in().then(200, "{}");
    let builder = Client::builder().client_credentials("i", "s").transport(script.clone());
    let client = builder.api_url("http://127.0.0.1:8080/genesys/").login_url("http://127.0.0.1:8081/l").build();
    client.unwrap().contacts().get("x").send().await.unwrap();
    let lines: Vec<_> = script.all().iter().map(Sent::line).collect();
    assert_eq!(
        lines,
        [
            "POST http://127.0.0.1:8081/l/oauth/token",
            "GET http://127.0.0.1:8080/genesys/api/v2/externalcontacts/contacts/x"
        ]
    );
}

#[maybe_async]
pub async fn every_id_of_every_operation_is_checked() {
    let script = Script::new();
    let client = client(&script);
    let (contacts, organizations) = (client.contacts(), client.organizations());
    let schema = DataSchema::default;
    for bad in ["", ".", ".."] {
        let on_contact = contacts.notes(bad);
        let on_organization = organizations.notes(bad);
        let note = contacts.notes("x");
        let org_note = organizations.notes("x");
        let errors = [
            organizations.get(bad).send().await.err(),
            organizations.update(bad, ExternalOrganization::default()).send().await.err(),
            organizations.delete(bad).send().await.err(),
            organizations.link_trustor(bad, "x").send().await.err(),
            organizations.link_trustor("x", bad).send().await.err(),
            organizations.unlink_trustor(bad).send().await.err(),
            organizations.contacts(bad).search().send().await.err(),
            organizations.relationships(bad).list().send().await.err(),
            on_contact.list().send().await.err(),
            on_contact.create(Note::new("n")).send().await.err(),
            on_organization.list().send().await.err(),
            on_organization.create(Note::new("n")).send().await.err(),
            note.get(bad).send().await.err(),
            note.update(bad, Note::new("n")).send().await.err(),
            note.delete(bad).send().await.err(),
            org_note.get(bad).send().await.err(),
            org_note.update(bad, Note::new("n")).send().await.err(),
            org_note.delete(bad).send().await.err(),
            contacts.schemas().get(bad).send().await.err(),
            contacts.schemas().update(bad, schema()).send().await.err(),
            contacts.schemas().delete(bad).send().await.err(),
            contacts.schemas().versions(bad).send().await.err(),
            contacts.schemas().version("x", bad).send().await.err(),
            contacts.schemas().version(bad, "1").send().await.err(),
            organizations.schemas().get(bad).send().await.err(),
            organizations.schemas().update(bad, schema()).send().await.err(),
            organizations.schemas().versions(bad).send().await.err(),
            organizations.schemas().version("x", bad).send().await.err(),
            client.relationships().get(bad).send().await.err(),
            client.relationships().update(bad, Relationship::default()).send().await.err(),
            client.relationships().delete(bad).send().await.err(),
            client.conversations().associate(bad, ConversationAssociation::default()).send().await.err(),
        ];
        for (index, error) in errors.into_iter().enumerate() {
            assert!(matches!(error.as_ref().map(Error::kind), Some(ErrorKind::Invalid(_))), "{index}: {error:?}");
        }
    }
    assert!(script.all().is_empty());
}

#[maybe_async]
pub async fn what_contradicts_itself_is_refused_everywhere() {
    let script = Script::signed_in().then(202, "").then(202, "").then(200, "{}");
    let client = client(&script);
    let error = client.reverse_white_pages_lookup("").send().await.unwrap_err();
    assert_eq!(error.to_string(), "GET /api/v2/externalcontacts/reversewhitepageslookup: value: is empty");
    let many = (0..26).map(|n| n.to_string());
    let error = client.organizations().search().trustor_ids(many).send().await.unwrap_err();
    assert_eq!(error.to_string(), "GET /api/v2/externalcontacts/organizations: trustor_ids: are more than 25");
    assert!(script.all().is_empty());

    client.conversations().associate("one", ConversationAssociation::default()).send().await.unwrap();
    assert_eq!(script.calls()[0].json(), json!({"conversationId": "one"}), "the id is filled in");
    let other = ConversationAssociation::default().with_conversation_id("another");
    client.conversations().associate("one", other).send().await.unwrap();
    assert_eq!(script.calls()[1].json(), json!({"conversationId": "another"}), "and one that is there stays");
    client.organizations().search().trustor_ids((0..25).map(|n| n.to_string())).send().await.unwrap();
}

#[maybe_async]
pub async fn answers_of_older_descriptions_are_understood() {
    let schema = r#"{"id":"s","name":"Customers","version":3,"jsonSchema":{"title":"t"},"new":1}"#;
    let organization = r#"{"id":"o","name":"Engines","trustor":{"id":"t","enabled":true}}"#;
    let link = r#"{"externalOrganizationId":"o","trustorOrgId":"t","dateCreated":"2026-01-02T03:04:05.678Z"}"#;
    let script = Script::signed_in()
        .then(200, schema)
        .then(200, format!(r#"{{"total":2,"entities":[{schema},{schema}]}}"#))
        .then(200, r#"{"total":0}"#)
        .then(200, organization)
        .then(200, link)
        .then(200, r#"{"contacts":[{"id":"c"}],"externalOrganizations":[{"id":"o","primaryContactId":"c"}]}"#);
    let client = client(&script);
    let schemas = client.contacts().schemas();

    let one = schemas.versions("s").send().await.unwrap();
    let entities = one.entities.unwrap();
    assert_eq!((one.total, entities.len(), entities[0].version), (Some(1), 1, Some(3)));
    assert_eq!(entities[0].extra["new"], json!(1));
    let two = schemas.versions("s").send().await.unwrap();
    assert_eq!(two.entities.unwrap().len(), 2);
    let none = schemas.versions("s").send().await.unwrap();
    assert_eq!((none.total, none.entities), (Some(0), None));

    for extra in [2, 0] {
        let link = client.organizations().link_trustor("o", "t").send().await.unwrap();
        assert_eq!(link.external_organization_id.as_deref(), Some("o"));
        assert_eq!(link.trustor_org_id.as_deref(), Some("t"));
        assert_eq!(link.extra.contains_key("name"), extra > 0);
    }

    let found = client.reverse_white_pages_lookup("+15550100").send().await.unwrap();
    assert_eq!(found.contacts.unwrap().len(), 1);
    assert_eq!(found.external_organizations.unwrap()[0].primary_contact_id.as_deref(), Some("c"));
}
