//! The sandbox's own rules, in raw HTTP values: the crate's client has no part in this.
//!
//! Each case says where its rule comes from: a section of the facts about the API ("facts 1.2"), or "assumed".

use std::time::Duration;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use genesys_external_contacts::sandbox::Sandbox;
use http::{HeaderMap, Request};
use serde_json::{Value, json};

const CONTACTS: &str = "/api/v2/externalcontacts/contacts";
const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

struct Answer {
    status: u16,
    headers: HeaderMap,
    body: Value,
}

impl Answer {
    fn of(response: http::Response<Vec<u8>>) -> Self {
        let (parts, body) = response.into_parts();
        let body = if body.is_empty() { Value::Null } else { serde_json::from_slice(&body).expect("JSON") };
        Self { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).unwrap_or_else(|| panic!("no {name}")).to_str().unwrap()
    }

    fn id(&self) -> String {
        self.body["id"].as_str().expect("an id").to_owned()
    }

    fn code(&self) -> &str {
        self.body["code"].as_str().expect("a code")
    }

    /// The values of one member of all entities.
    fn column(&self, member: &str) -> Vec<&str> {
        self.body["entities"].as_array().unwrap().iter().map(|entity| entity[member].as_str().unwrap()).collect()
    }
}

fn sign_in_with(sandbox: &Sandbox, user: &str, form: &str) -> Answer {
    let request = Request::post("https://login.sandbox.example/oauth/token")
        .header("authorization", format!("Basic {}", BASE64_STANDARD.encode(user)))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form.as_bytes().to_vec());
    Answer::of(sandbox.answer(request.unwrap()))
}

fn good_user() -> String {
    format!("{}:{}", Sandbox::CLIENT_ID, Sandbox::CLIENT_SECRET)
}

fn sign_in(sandbox: &Sandbox) -> String {
    let answer = sign_in_with(sandbox, &good_user(), "grant_type=client_credentials");
    answer.body["access_token"].as_str().unwrap().to_owned()
}

/// A sandbox and a token for it.
struct Api {
    sandbox: Sandbox,
    token: String,
}

impl Api {
    fn new() -> Self {
        Self::of(Sandbox::builder().calls_per_minute(None).build())
    }

    fn of(sandbox: Sandbox) -> Self {
        let token = sign_in(&sandbox);
        Self { sandbox, token }
    }

    fn raw(&self, method: &str, path: &str, content_type: &str, body: impl Into<Vec<u8>>) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("https://api.sandbox.example{path}"))
            .header("authorization", format!("Bearer {}", self.token));
        if !content_type.is_empty() {
            request = request.header("content-type", content_type);
        }
        Answer::of(self.sandbox.answer(request.body(body.into()).unwrap()))
    }

    fn call(&self, method: &str, path: &str, body: &Value) -> Answer {
        self.raw(method, path, "application/json", body.to_string())
    }

    fn get(&self, path: &str) -> Answer {
        self.raw("GET", path, "", "")
    }

    fn delete(&self, path: &str) -> Answer {
        self.raw("DELETE", path, "", "")
    }

    /// Creates what must be possible to create.
    fn create(&self, path: &str, body: &Value) -> Answer {
        let answer = self.call("POST", path, body);
        assert_eq!(answer.status, 200, "{body}: {}", answer.body);
        answer
    }

    fn contact(&self, body: Value) -> Answer {
        self.create(CONTACTS, &body)
    }
}

// --- signing in ---

#[test]
fn signing_in_gives_a_token() {
    let sandbox = Sandbox::new();
    let answer = sign_in_with(&sandbox, &good_user(), "grant_type=client_credentials");
    // facts 3
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body["token_type"], "bearer");
    assert_eq!(answer.body["expires_in"], 86_399);
    assert!(answer.body["access_token"].as_str().unwrap().len() >= 32);
    // facts 1.4
    assert_eq!(answer.header("inin-correlation-id").len(), 36);
    // Each is another one.
    assert_ne!(sign_in(&sandbox), sign_in(&sandbox));
}

#[test]
fn signing_in_is_refused_in_its_own_shape() {
    let good = good_user();
    let wrong_secret = format!("{}:wrong", Sandbox::CLIENT_ID);
    for (user, form, error, description) in [
        // facts 1.4
        ("nobody:secret", "grant_type=client_credentials", "invalid_client", "client not found"),
        (&wrong_secret, "grant_type=client_credentials", "invalid_client", "authentication failed"),
        // assumed
        ("no colon", "grant_type=client_credentials", "invalid_client", "client credentials are missing"),
        (&good, "", "invalid_request", "grant_type is missing"),
        (&good, "grant_type=password", "unsupported_grant_type", "the sandbox takes client_credentials only"),
    ] {
        let answer = sign_in_with(&Sandbox::new(), user, form);
        assert_eq!(answer.status, 400, "{user}");
        let expected = json!({ "error": error, "description": description, "error_description": description });
        assert_eq!(answer.body, expected, "{user}");
        assert!(answer.headers.contains_key("inin-correlation-id"));
    }
}

#[test]
fn signing_in_has_a_limit_of_its_own() {
    let sandbox = Sandbox::builder().sign_ins_per_minute(2).build();
    let sign_in = || sign_in_with(&sandbox, &good_user(), "grant_type=client_credentials");
    assert_eq!((sign_in().status, sign_in().status), (200, 200));
    // facts 1.4
    let refused = sign_in();
    assert_eq!((refused.status, &refused.body["error"]), (400, &json!("invalid_request")));
    assert!(refused.body["error_description"].as_str().unwrap().starts_with("rate limit exceeded;"));
    sandbox.advance(Duration::from_secs(60));
    assert_eq!(sign_in().status, 200);
}

#[test]
fn every_call_needs_a_good_token() {
    let sandbox = Sandbox::new();
    let token = sign_in(&sandbox);
    let call = |authorization: &str| {
        let mut request = Request::get(CONTACTS);
        if !authorization.is_empty() {
            request = request.header("authorization", authorization);
        }
        Answer::of(sandbox.answer(request.body(Vec::new()).unwrap()))
    };
    for (authorization, code) in [
        // facts 1.2
        ("", "authentication.required"),
        ("Bearer ", "authentication.required"),
        ("Basic abc", "authentication.required"),
        ("ü", "authentication.required"),
        ("Bearer wrong", "bad.credentials"),
    ] {
        let answer = call(authorization);
        assert_eq!((answer.status, answer.code()), (401, code), "{authorization}");
    }
    let good = format!("Bearer {token}");
    assert_eq!(call(&good).status, 200);
    assert_eq!(call(&good.replacen("Bearer", "bearer", 1)).status, 200);
    // Almost to the last second, and not after. facts 3
    sandbox.advance(Duration::from_secs(86_390));
    assert_eq!(call(&good).status, 200);
    sandbox.advance(Duration::from_secs(9));
    assert_eq!(call(&good).code(), "bad.credentials");

    let fresh = format!("Bearer {}", sign_in(&sandbox));
    assert_eq!(call(&fresh).status, 200);
    sandbox.revoke_tokens();
    assert_eq!(call(&fresh).code(), "bad.credentials");
}

// --- answers ---

#[test]
fn every_answer_has_the_headers_of_the_service() {
    let api = Api::of(Sandbox::new());
    let id = api.contact(json!({})).id();
    for (method, path) in [("GET", CONTACTS), ("GET", "/nowhere"), ("DELETE", &*format!("{CONTACTS}/{id}"))] {
        let answer = api.raw(method, path, "", "");
        for (name, value) in [
            // facts 2
            ("content-type", "application/json"),
            ("strict-transport-security", "max-age=600"),
            ("cache-control", "no-cache,no-store,must-revalidate"),
            ("pragma", "no-cache"),
            ("expires", "0"),
            ("inin-ratelimit-allowed", "300"),
        ] {
            assert_eq!(answer.header(name), value, "{method} {path}");
        }
        assert_eq!(answer.header("inin-correlation-id").len(), 36);
    }
    let counts: Vec<_> = (0..2).map(|_| api.get(CONTACTS).header("inin-ratelimit-count").to_owned()).collect();
    assert_eq!(counts, ["5", "6"]);
}

#[test]
fn errors_have_the_shape_of_the_service() {
    let api = Api::new();
    let answer = api.get(&format!("{CONTACTS}/{NOBODY}"));
    // facts 1.1, 1.2
    let expected = json!({
        "message": "The requested resource was not found.",
        "code": "not.found",
        "status": 404,
        "contextId": answer.header("inin-correlation-id"),
        "details": [],
        "errors": [],
    });
    assert_eq!(answer.body, expected);

    let answer = api.get(&format!("{CONTACTS}?expand=everything"));
    // facts 1.1: the template, and what stands in it
    let template = answer.body["messageWithParams"].as_str().unwrap();
    assert_eq!(template, "Value [{value}] is not valid for parameter [{parameter}]. Allowable values are: {allowed}");
    let message =
        answer.body["messageParams"].as_object().unwrap().iter().fold(template.to_owned(), |text, (name, value)| {
            text.replace(&format!("{{{name}}}"), value.as_str().unwrap())
        });
    assert_eq!(answer.body["message"], message);
    assert_eq!(answer.body["details"], json!([{ "errorCode": "invalid.query.param.value", "fieldName": "expand" }]));
}

#[test]
fn a_token_has_300_calls_a_minute() {
    let api = Api::of(Sandbox::new());
    let get = || api.get(&format!("{CONTACTS}/{NOBODY}"));
    for _ in 0..300 {
        assert_eq!(get().status, 404);
    }
    // facts 2
    let refused = get();
    assert_eq!(refused.status, 429);
    let seconds: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&seconds));
    let expected = json!({
        "message": format!("Rate limit exceeded the maximum. Retry the request in [{seconds}] seconds"),
        "code": "too.many.requests.retry.after",
        "status": 429,
        "contextId": refused.header("inin-correlation-id"),
        "details": [],
        "errors": [],
    });
    assert_eq!(refused.body, expected);
    assert_eq!(refused.header("inin-ratelimit-count"), "300");
    assert_eq!(refused.header("inin-ratelimit-reset"), seconds.to_string());
    // Another token has a window of its own. facts 2, 8.10
    let other = Api { sandbox: api.sandbox.clone(), token: sign_in(&api.sandbox) };
    assert_eq!(other.get(CONTACTS).status, 200);
    // Who waits as long as asked is let in.
    api.sandbox.advance(Duration::from_secs(seconds));
    assert_eq!(get().header("inin-ratelimit-count"), "1");

    let few = Api::of(Sandbox::builder().calls_per_minute(1).build());
    assert_eq!((few.get(CONTACTS).status, few.get(CONTACTS).status), (200, 429));
}

#[test]
fn requests_are_checked_before_they_are_read() {
    let api = Api::new();
    let large = format!("{{\"x\":\"{}\"}}", "x".repeat(512_000 - 7));
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(5_000), "]".repeat(5_000));
    let id = api.contact(json!({})).id();
    let one = format!("{CONTACTS}/{id}");
    let empty_id = format!("{CONTACTS}/");
    let longer = format!("{one}/x/y");
    let garbage = format!("{CONTACTS}/%ff");
    let slash = format!("{CONTACTS}/a%2Fb");
    let json = "application/json";
    for (method, path, content_type, body, status, code) in [
        // facts 1.2
        ("POST", CONTACTS, "", "{}".as_bytes(), 415, "unsupported.media.type"),
        ("POST", CONTACTS, "text/plain", b"{}", 415, "unsupported.media.type"),
        ("PUT", &*one, "application/x-www-form-urlencoded", b"{}", 415, "unsupported.media.type"),
        ("POST", CONTACTS, json, large.as_bytes(), 413, "request.entity.too.large"),
        ("POST", CONTACTS, json, b"", 400, "bad.request"),
        ("POST", CONTACTS, json, b"{", 400, "bad.request"),
        ("POST", CONTACTS, json, b"[]", 400, "bad.request"),
        ("POST", CONTACTS, json, b"null", 400, "bad.request"),
        ("POST", CONTACTS, json, b"{\"title\":\"\xff\"}", 400, "bad.request"),
        ("POST", CONTACTS, json, deep.as_bytes(), 400, "bad.request"),
        ("POST", CONTACTS, json, b"{} {}", 400, "bad.request"),
        ("GET", "/api/v2/externalcontacts/nothing", "", b"", 404, "not.found"),
        ("GET", "/", "", b"", 404, "not.found"),
        ("GET", &*empty_id, "", b"", 404, "not.found"),
        ("GET", &*longer, "", b"", 404, "not.found"),
        ("GET", &*slash, "", b"", 404, "not.found"),
        // assumed
        ("GET", &*garbage, "", b"", 400, "bad.request"),
        ("PATCH", &*one, json, b"{}", 405, "method.not.allowed"),
        ("DELETE", CONTACTS, "", b"", 405, "method.not.allowed"),
    ] {
        let answer = api.raw(method, path, content_type, body);
        let what = format!("{method} {path} {content_type} {:?}", body.get(..20));
        assert_eq!((answer.status, answer.code()), (status, code), "{what}");
    }
    assert_eq!(api.raw("PATCH", &one, "", "").header("allow"), "GET, PUT, DELETE");
    // facts 1.2: the limit itself is allowed, and the content type may say more.
    let largest = format!("{{\"x\":\"{}\"}}", "x".repeat(512_000 - 8));
    assert_eq!(api.raw("POST", CONTACTS, "Application/JSON; charset=utf-8", largest).status, 200);
    // A path in odd spelling is that path.
    assert_eq!(api.get(&format!("{CONTACTS}/{}", id.replace('-', "%2D"))).status, 200);
    assert_eq!(api.get(&format!("{CONTACTS}/{}", id.to_uppercase())).status, 200);
}

#[test]
fn any_of_the_permissions_is_enough() {
    let api = Api::new();
    let path = format!("{CONTACTS}/{NOBODY}");
    for (given, method, status) in [
        // facts 1.2, and the permissions of each operation
        ("externalContacts:contact:view", "GET", 404),
        ("relate:contact:view", "GET", 404),
        ("externalContacts:contact:edit", "GET", 403),
        ("externalContacts:contact:delete", "DELETE", 404),
        ("externalContacts:contact:edit", "PUT", 404),
        // assumed: as in roles
        ("externalContacts:*:*", "GET", 404),
        ("*", "GET", 403),
    ] {
        api.sandbox.set_permissions([given]);
        assert_eq!(api.call(method, &path, &json!({})).status, status, "{given} {method}");
    }
    api.sandbox.set_permissions(Vec::<String>::new());
    let answer = api.get(&path);
    assert_eq!(answer.code(), "missing.any.permissions");
    assert_eq!(
        answer.body["message"],
        "Unable to perform the requested action. You must have at least one of the following permissions assigned: \
         [relate:contact:view, externalContacts:contact:view]"
    );
}

#[test]
fn what_was_received_can_be_looked_at() {
    let api = Api::new();
    api.raw("POST", &format!("{CONTACTS}?q=a%2Bb+c&expand=x&expand=y"), "application/json", "{}");
    let requests = api.sandbox.requests();
    let request = requests.last().unwrap();
    assert_eq!(requests.len(), 2, "the sign-in is one");
    assert_eq!((request.method.as_str(), &*request.path, &*request.body), ("POST", CONTACTS, &b"{}"[..]));
    let query: Vec<_> = request.query.iter().map(|(name, value)| (&**name, &**value)).collect();
    assert_eq!(query, [("q", "a+b c"), ("expand", "x"), ("expand", "y")]);
    assert_eq!(request.headers["authorization"], format!("Bearer {}", api.token));
    assert!(!format!("{requests:?}").contains(&api.token));
    assert!(!format!("{request:?}").contains("a+b"));
}

// --- contacts ---

#[test]
fn a_contact_is_kept_as_the_service_keeps_it() {
    let api = Api::new();
    let answer = api.contact(json!({
        // Read-only: what is sent doesn't count. facts 6.2
        "id": NOBODY, "selfUri": "/elsewhere", "type": "Ephemeral",
        "createDate": "2001-01-01T00:00:00Z", "modifyDate": "2001-01-01T00:00:00Z",
        "mergeSet": [{ "id": NOBODY }], "canonicalContact": { "id": NOBODY }, "identifiers": [],
        // Trimmed. facts 6.2
        "firstName": "  Ada ", "workEmail": " ada@example.com ", "address": { "city": " London ", "planet": 3 },
        "surveyOptOut": false,
        // Unknown members are kept. assumed
        "futureText": "x", "futureList": [1, null, { "a": 9_007_199_254_740_993_i64 }], "futureNull": null,
        // Null and empty are absent. assumed
        "title": null, "lastName": "", "middleName": "  ",
    }));
    let contact = answer.body;
    let id = contact["id"].as_str().unwrap();
    assert_ne!(id, NOBODY);
    let date = contact["createDate"].as_str().unwrap();
    // facts 6.2
    assert_eq!((date.len(), &date[23..], &date[19..20]), (24, "Z", "."));
    assert!(!date.starts_with("2001"));
    assert_eq!(
        contact,
        json!({
            "id": id, "selfUri": format!("{CONTACTS}/{id}"), "type": "Curated", "createDate": date, "modifyDate": date,
            "firstName": "Ada", "workEmail": "ada@example.com", "address": { "city": "London", "planet": 3 },
            "surveyOptOut": false,
            "futureText": "x", "futureList": [1, null, { "a": 9_007_199_254_740_993_i64 }], "futureNull": null,
            "division": { "id": "*", "selfUri": "/api/v2/authorization/divisions/*" },
        })
    );
    assert_eq!(api.get(&format!("{CONTACTS}/{id}")).body, contact);
    // No member is required. facts 6.2
    api.contact(json!({}));
    // What was read can be written as another contact. facts 0 (RESET)
    let copy = api.contact(contact.clone());
    assert_eq!(copy.body["firstName"], contact["firstName"]);
    assert_ne!(copy.id(), id);
}

#[test]
fn phone_numbers_are_completed() {
    let api = Api::new();
    for (written, kept) in [
        // facts 6.2
        (
            json!({ "display": "+33100000001" }),
            json!({ "display": "+33 1 00 00 00 01", "userInput": "+33100000001", "e164": "+33100000001",
                "countryCode": "FR" }),
        ),
        (
            json!({ "display": "(317) 222-2222", "extension": 77, "acceptsSMS": true }),
            json!({ "display": "+1 317-222-2222", "userInput": "(317) 222-2222", "e164": "+13172222222",
                "countryCode": "US", "extension": 77, "acceptsSMS": true }),
        ),
        (
            json!({ "display": "020 7946 0018", "normalizationCountryCode": "GB" }),
            json!({ "display": "+44 20 7946 0018", "userInput": "020 7946 0018", "e164": "+442079460018",
                "countryCode": "GB", "normalizationCountryCode": "GB" }),
        ),
        (json!({ "display": "ask Ada" }), json!({ "display": "ask Ada", "userInput": "ask Ada" })),
        // What only the service writes is ignored, and never outlives what it was made of.
        (
            json!({ "display": "none", "e164": "+33100000001", "countryCode": "FR", "userInput": "x" }),
            json!({ "display": "none", "userInput": "none" }),
        ),
        (json!({ "e164": "+33100000001" }), json!({})),
    ] {
        assert_eq!(api.contact(json!({ "workPhone": written })).body["workPhone"], kept);
    }
    // facts 6.2: E.164 without a plus; with one: assumed
    for display in ["442079460018", "+442079460018"] {
        let contact = api.contact(json!({ "whatsAppId": { "phoneNumber": { "display": display } } })).body;
        assert_eq!(contact["whatsAppId"]["phoneNumber"]["e164"], "+442079460018");
    }
}

#[test]
fn what_can_not_be_read_is_a_400() {
    let api = Api::new();
    for (body, code, field) in [
        // facts 1.2
        (json!({ "firstName": 5 }), "invalid.value", "firstName"),
        (json!({ "surveyOptOut": "yes" }), "invalid.value", "surveyOptOut"),
        (json!({ "workPhone": "+33100000001" }), "invalid.value", "workPhone"),
        (json!({ "workPhone": { "extension": "7" } }), "invalid.value", "workPhone.extension"),
        (json!({ "workPhone": { "extension": 7.5 } }), "invalid.value", "workPhone.extension"),
        (json!({ "address": { "city": [] } }), "invalid.value", "address.city"),
        (json!({ "externalIds": {} }), "invalid.value", "externalIds"),
        (json!({ "lineId": { "ids": [{ "userId": 1 }] } }), "invalid.value", "lineId.ids[0].userId"),
        (json!({ "type": "Robot" }), "invalid.value", "type"),
        (json!({ "customFields": [] }), "invalid.value", "customFields"),
        (json!({ "externalOrganization": {} }), "invalid.value", "externalOrganization.id"),
        (json!({ "schema": { "id": NOBODY, "version": "1" } }), "invalid.value", "schema.version"),
        (json!({ "createDate": "yesterday" }), "invalid.date", "createDate"),
        (json!({ "createDate": 1 }), "invalid.date", "createDate"),
        // facts 1.3: seen with external sources
        (
            json!({ "externalIds": [{ "externalSource": { "id": NOBODY }, "value": "7" }] }),
            "bad.request",
            "externalIds[0].externalSource.id",
        ),
    ] {
        let answer = api.call("POST", CONTACTS, &body);
        assert_eq!((answer.status, answer.code()), (400, code), "{body}");
        assert_eq!(answer.body["details"], json!([{ "errorCode": code, "fieldName": field }]), "{body}");
    }
}

#[test]
fn what_breaks_a_rule_is_a_422() {
    let api = Api::new();
    let long = |length: usize| "ü".repeat(length);
    let cases = [
        // facts 1.3, 6.2
        (json!({ "firstName": long(1000) }), json!({ "firstName": long(1001) }), "firstName"),
        (json!({ "salutation": long(1000) }), json!({ "salutation": long(1001) }), "salutation"),
        (json!({ "externalSystemUrl": long(1000) }), json!({ "externalSystemUrl": long(1001) }), "externalSystemUrl"),
        (json!({ "address": { "city": long(100) } }), json!({ "address": { "city": long(101) } }), "address.city"),
        (json!({ "address": { "state": long(50) } }), json!({ "address": { "state": long(51) } }), "address.state"),
        (
            json!({ "workPhone": { "display": long(512) } }),
            json!({ "workPhone": { "display": long(513) } }),
            "workPhone.display",
        ),
        (json!({ "workEmail": "a@b.c" }), json!({ "workEmail": "a@b" }), "workEmail"),
        (json!({ "otherEmail": "ada+x@example.co.uk" }), json!({ "otherEmail": "ada at example.com" }), "otherEmail"),
        (json!({ "personalEmail": "" }), json!({ "personalEmail": "a@b@c.d" }), "personalEmail"),
        (
            json!({ "workEmail": format!("{}@b.c", long(252)) }),
            json!({ "workEmail": format!("{}@b.c", long(253)) }),
            "workEmail",
        ),
        (
            json!({ "twitterId": { "screenName": "@Ada_1" } }),
            json!({ "twitterId": { "screenName": "Ada 1" } }),
            "twitterId.screenName",
        ),
        (json!({ "lineId": { "displayName": "A" } }), json!({ "lineId": { "displayName": "" } }), "lineId.displayName"),
        (
            json!({ "facebookId": { "displayName": long(100) } }),
            json!({ "facebookId": { "displayName": long(101) } }),
            "facebookId.displayName",
        ),
        (
            json!({ "lineId": { "ids": [{ "userId": "1" }] } }),
            json!({ "lineId": { "ids": [{ "userId": "1" }, { "userId": "2" }] } }),
            "lineId.ids",
        ),
        (
            json!({ "appleOpaqueIds": vec![json!({ "value": "x" }); 10] }),
            json!({ "appleOpaqueIds": vec![json!({ "value": "x" }); 11] }),
            "appleOpaqueIds",
        ),
        (
            json!({ "appleOpaqueIds": [{ "value": long(255) }] }),
            json!({ "appleOpaqueIds": [{ "value": long(256) }] }),
            "appleOpaqueIds[0].value",
        ),
        (
            json!({ "whatsAppId": { "phoneNumber": { "display": "13172222222" } } }),
            json!({ "whatsAppId": { "phoneNumber": { "display": "Ada" } } }),
            "whatsAppId.phoneNumber.display",
        ),
    ];
    let code = "payload.or.params.invalid";
    for (good, bad, field) in &cases {
        api.contact(good.clone());
        let answer = api.call("POST", CONTACTS, bad);
        assert_eq!((answer.status, answer.code()), (422, code), "{field}: {}", answer.body);
        assert_eq!(answer.body["details"], json!([{ "errorCode": code, "fieldName": field }]), "{field}");
    }
    // All of them are named, and none of the values.
    let bad = json!({ "workEmail": "secret", "title": long(1001), "otherEmail": "private" });
    let answer = api.call("POST", CONTACTS, &bad);
    let text = answer.body.to_string();
    assert_eq!(answer.body["details"].as_array().unwrap().len(), 3);
    assert!(!text.contains("secret") && !text.contains("private") && !text.contains("üü"), "{text}");
    // Nothing was created by what was refused.
    assert_eq!(api.get(CONTACTS).body["total"], cases.len());
}

#[test]
fn a_put_replaces_the_whole_contact() {
    let api = Api::new();
    let created = api.contact(json!({
        "firstName": "Ada", "title": "Countess", "futureText": "x", "workPhone": { "display": "+33100000001" },
        "division": { "id": "D1" },
    }));
    let path = format!("{CONTACTS}/{}", created.id());
    api.sandbox.advance(Duration::from_secs(3600));
    let updated = api.call("PUT", &path, &json!({ "lastName": "Lovelace", "id": NOBODY, "division": { "id": "d2" } }));
    // Left out is cleared: assumed. The division stays: facts 6.8
    assert_eq!(updated.status, 200);
    let mut expected = created.body.clone();
    for gone in ["firstName", "title", "futureText", "workPhone"] {
        expected.as_object_mut().unwrap().remove(gone);
    }
    expected["lastName"] = json!("Lovelace");
    expected["modifyDate"] = updated.body["modifyDate"].clone();
    assert_eq!(updated.body, expected);
    assert_eq!(updated.body["division"]["id"], "d1");
    assert!(updated.body["modifyDate"].as_str() > created.body["modifyDate"].as_str(), "time has passed");
    assert_eq!(api.get(&path).body, expected);
    // What was fetched can be written back as it came.
    let again = api.call("PUT", &path, &expected).body;
    expected["modifyDate"] = again["modifyDate"].clone();
    assert_eq!(again, expected);
    // It is checked like a new one, and nothing changes when it is refused.
    assert_eq!(api.call("PUT", &path, &json!({ "workEmail": "x" })).status, 422);
    assert_eq!(api.get(&path).body, expected);
    assert_eq!(api.call("PUT", &format!("{CONTACTS}/{NOBODY}"), &json!({})).code(), "not.found");
}

#[test]
fn a_deleted_contact_is_gone() {
    let api = Api::new();
    let path = format!("{CONTACTS}/{}", api.contact(json!({})).id());
    let answer = api.delete(&path);
    // facts 6.1; the body: assumed
    assert_eq!((answer.status, answer.body), (200, json!({})));
    // facts 1.2
    let again = api.delete(&path);
    assert_eq!((again.status, again.code()), (404, "contact.not.found"));
    assert_eq!(again.body["message"], "Contact not found by contact id");
    assert_eq!(api.get(&path).code(), "not.found");
    assert_eq!(api.get(CONTACTS).body["total"], 0);
}

#[test]
fn related_data_comes_when_it_is_asked_for() {
    let api = Api::new();
    let source = api.sandbox.add_external_source("CRM");
    let created = api.contact(json!({
        "workPhone": { "display": "+33100000001" }, "cellPhone": { "display": "nothing" },
        "workEmail": "Ada@Example.com", "otherEmail": "ada@example.com",
        "twitterId": { "screenName": "@ada" },
        "externalIds": [{ "externalSource": { "id": source, "name": "ignored" }, "value": "7" }],
        "division": { "id": "d1", "name": "ignored" },
    }));
    let path = format!("{CONTACTS}/{}", created.id());
    let source_uri = format!("/api/v2/externalcontacts/externalsources/{source}");
    // Only ids without `expand`: assumed
    assert_eq!(created.body["division"], json!({ "id": "d1", "selfUri": "/api/v2/authorization/divisions/d1" }));
    assert_eq!(
        created.body["externalIds"],
        json!([{ "externalSource": { "id": source, "selfUri": source_uri }, "value": "7" }])
    );
    assert_eq!(created.body["twitterId"]["profileUrl"], "https://www.twitter.com/ada"); // facts 6.2
    for absent in ["identifiers", "externalDataSources", "externalOrganization"] {
        assert!(created.body.get(absent).is_none(), "{absent}");
    }
    // facts 5: repeated; joined, as the official SDKs do
    for query in [
        "expand=identifiers&expand=externalSources&expand=division&expand=externalDataSources",
        "expand=identifiers,externalSources&expand=division%2CexternalDataSources",
    ] {
        let contact = api.get(&format!("{path}?{query}")).body;
        assert_eq!(contact["division"]["name"], "Division d1");
        assert_eq!(contact["externalDataSources"], json!([]));
        assert_eq!(contact["externalIds"][0]["externalSource"]["name"], "CRM");
        let claimed: Vec<_> = contact["identifiers"]
            .as_array()
            .unwrap()
            .iter()
            .map(|identifier| (identifier["type"].as_str().unwrap(), identifier["value"].as_str().unwrap()))
            .collect();
        // facts 6.3
        let expected =
            [("Phone", "+33100000001"), ("Email", "ada@example.com"), ("SocialTwitter", "ada"), ("ExternalId", "7")];
        assert_eq!(claimed, expected);
        assert_eq!(contact["identifiers"][0]["dateCreated"], created.body["createDate"]);
        assert_eq!(contact["identifiers"][3]["externalSource"]["name"], "CRM");
    }
    // assumed
    let answer = api.get(&format!("{path}?expand=author"));
    assert_eq!((answer.status, answer.code()), (400, "invalid.query.param.value"));
}

#[test]
fn an_identifier_belongs_to_one_contact() {
    let api = Api::new();
    let email = json!({ "workEmail": "ada@example.com" });
    let owner = |id: &str| {
        let contact = api.get(&format!("{CONTACTS}/{id}?expand=identifiers")).body;
        !contact["identifiers"].as_array().unwrap().is_empty()
    };
    let first = api.contact(email.clone()).id();
    let second = api.contact(email.clone()).id();
    // facts 6.3: who is later goes without
    assert_eq!((owner(&first), owner(&second)), (true, false));
    // facts 6.2: a PUT releases and claims
    api.call("PUT", &format!("{CONTACTS}/{first}"), &json!({}));
    assert_eq!((owner(&first), owner(&second)), (false, false));
    api.call("PUT", &format!("{CONTACTS}/{second}"), &email);
    assert_eq!((owner(&first), owner(&second)), (false, true));
    // Deleting releases, too: assumed
    api.delete(&format!("{CONTACTS}/{second}"));
    api.call("PUT", &format!("{CONTACTS}/{first}"), &email);
    assert!(owner(&first));
    // Another division has identifiers of its own. facts 6.3, 6.8
    let elsewhere = api.contact(json!({ "workEmail": "ada@example.com", "division": { "id": "d1" } })).id();
    assert!(owner(&elsewhere));
}

// --- listings ---

#[test]
fn a_listing_comes_in_pages() {
    let api = Api::new();
    for number in 0..45 {
        api.contact(json!({ "lastName": format!("Nr{number:02}") }));
    }
    let uri = |size: u32, number: u32| format!("{CONTACTS}?pageSize={size}&pageNumber={number}");
    // facts 5: 20 and 1 unless asked otherwise, and all members
    let first = api.get(CONTACTS).body;
    let page = json!({
        "pageSize": 20, "pageNumber": 1, "total": 45, "pageCount": 3,
        "firstUri": uri(20, 1), "selfUri": uri(20, 1), "nextUri": uri(20, 2), "lastUri": uri(20, 3),
    });
    let mut rest = first.clone();
    assert_eq!(rest["entities"].as_array().unwrap().len(), 20);
    rest.as_object_mut().unwrap().remove("entities");
    assert_eq!(rest, page);
    // In the order in which they were created: assumed
    let last = api.get(&uri(20, 3));
    assert_eq!(last.column("lastName"), ["Nr40", "Nr41", "Nr42", "Nr43", "Nr44"]);
    assert_eq!(last.body["previousUri"], uri(20, 2));
    assert!(last.body.get("nextUri").is_none());
    // Each link leads where it says.
    assert_eq!(api.get(first["nextUri"].as_str().unwrap()).body["pageNumber"], 2);
    // Beyond the end is empty, and not an error: assumed
    let beyond = api.get(&uri(20, 9)).body;
    assert_eq!((&beyond["entities"], &beyond["total"]), (&json!([]), &json!(45)));
    assert_eq!(beyond["previousUri"], uri(20, 3));
    // The other parameters stay in the links.
    let answer = api.get(&format!("{CONTACTS}?q=%22nr0%22+nr&pageSize=2&future=a%26b")).body;
    assert_eq!(answer["nextUri"], format!("{CONTACTS}?pageSize=2&pageNumber=2&q=%22nr0%22%20nr&future=a%26b"));
    assert_eq!(api.get(answer["nextUri"].as_str().unwrap()).column("lastName"), ["Nr02", "Nr03"]);
    // An empty listing.
    let empty = api.get(&format!("{CONTACTS}?q=nobody")).body;
    assert_eq!((&empty["entities"], &empty["total"], &empty["pageCount"]), (&json!([]), &json!(0), &json!(0)));
}

#[test]
fn only_the_first_1000_can_be_reached() {
    let api = Api::new();
    for _ in 0..1001 {
        api.contact(json!({}));
    }
    // facts 5
    let last = api.get(&format!("{CONTACTS}?pageSize=100&pageNumber=10")).body;
    assert_eq!((&last["total"], &last["pageCount"]), (&json!(1001), &json!(11)));
    // No link out of the window: assumed
    assert!(last.get("nextUri").is_none());
    assert_eq!(last["lastUri"], last["selfUri"]);
    assert_eq!(api.get(&format!("{CONTACTS}?pageSize=100&pageNumber=11")).status, 400);
}

#[test]
fn queries_are_checked() {
    let api = Api::new();
    let divisions = |count: usize| vec!["divisionIds=d"; count].join("&");
    let at_256 = format!("q={}", "%C3%BC".repeat(256));
    let at_257 = format!("q={}", "%C3%BC".repeat(257));
    for (query, status) in [
        ("", 200),
        // facts 5
        ("pageSize=100&pageNumber=10", 200),
        ("pageSize=100&pageNumber=11", 400),
        ("pageNumber=50", 200),
        ("pageNumber=51", 400),
        // facts 1.3
        (&at_256, 200),
        (&at_257, 400),
        // facts 5
        (&divisions(50), 200),
        (&divisions(51), 400),
        // assumed
        ("pageSize=101", 400),
        ("pageSize=0", 400),
        ("pageNumber=0", 400),
        ("pageSize=-1", 400),
        ("pageSize=ten", 400),
        ("pageNumber=99999999999999999999", 400),
        ("pageNumber=18446744073709551615&pageSize=100", 400),
        ("sortOrder=lastName:asc", 200),
        ("sortOrder=lastName%3Adesc", 200),
        ("sortOrder=lastName", 400),
        ("sortOrder=lastName:down", 400),
        ("sortOrder=workEmail:asc", 400),
        ("expand=identifiers", 200),
        ("expand=Identifiers", 400),
        ("expand=identifiers,everything", 400),
        ("future=1&&=&x", 200),
        ("q=%ff%zz%", 200),
    ] {
        let answer = api.get(&format!("{CONTACTS}?{query}"));
        assert_eq!(answer.status, status, "{query}: {}", answer.body);
        if status == 400 {
            assert_eq!(answer.code(), "invalid.query.param.value", "{query}");
        }
    }
}

#[test]
fn listings_are_sorted() {
    let api = Api::new();
    for (first, last) in [("b", "Young"), ("a", "young"), ("c", "Adams"), ("d", "")] {
        api.contact(json!({ "firstName": first, "lastName": last }));
    }
    for (order, expected) in [
        // facts 5
        ("firstName:asc", ["a", "b", "c", "d"]),
        ("firstName:desc", ["d", "c", "b", "a"]),
        // Case doesn't count, equals stay in their order, and who has none comes last: assumed
        ("lastName:asc", ["c", "b", "a", "d"]),
        ("lastName:desc", ["a", "b", "c", "d"]),
        ("", ["b", "a", "c", "d"]),
    ] {
        assert_eq!(api.get(&format!("{CONTACTS}?sortOrder={order}")).column("firstName"), expected, "{order}");
    }
}

#[test]
fn a_search_finds_what_the_service_finds() {
    let api = Api::new();
    let source = api.sandbox.add_external_source("CRM");
    for contact in [
        json!({ "title": "phone", "workPhone": { "display": "020 7946 0018", "normalizationCountryCode": "GB" } }),
        json!({ "title": "name", "firstName": "Anne-Marie", "lastName": "O'Hara" }),
        json!({ "title": "email", "personalEmail": "Ada@example.com" }),
        json!({ "title": "id", "externalIds": [{ "externalSource": { "id": source }, "value": "3172222222" }] }),
        json!({ "title": "twitter", "twitterId": { "screenName": "@lovelace" }, "division": { "id": "d1" } }),
        json!({ "title": "unreadable", "workPhone": { "display": "555 ask" } }),
    ] {
        api.contact(contact);
    }
    api.sandbox.add_contact_of_type("Identified", &json!({ "title": "x", "workEmail": "ada@example.com" })).unwrap();
    for (query, titles) in [
        // facts 5: every word starts one, whatever its case
        ("q=marie%20o", &["name"][..]),
        ("q=MARIE", &["name"]),
        ("q=arie", &[]),
        ("q=ada@example.com", &["email"]),
        ("q=ADA", &["email"]),
        ("q=lovelace", &["twitter"]),
        ("q=anne%20lovelace", &[]),
        // facts 5: numbers are compared in international form, and only in that
        ("q=%2B442079460018", &["phone"]),
        ("q=%2B44%20%2820%29%207946%200018", &["phone"]),
        ("q=3172222222", &[]),
        ("q=%223172222222%22", &["id"]),
        ("q=02079460018", &[]),
        // facts 5: a number that has no such form is not found
        ("q=555", &[]),
        // What is not searched: assumed from the list in facts 5
        ("q=phone", &[]),
        ("q=&divisionIds=d1", &["twitter"]),
        ("q=lovelace&divisionIds=d2&divisionIds=D1", &["twitter"]),
        ("divisionIds=d2,d1", &["twitter"]),
        ("divisionIds=d2", &[]),
        // facts 5: only curated contacts
        ("", &["phone", "name", "email", "id", "twitter", "unreadable"]),
        ("divisionIds=*", &["phone", "name", "email", "id", "twitter", "unreadable"]),
    ] {
        assert_eq!(api.get(&format!("{CONTACTS}?{query}")).column("title"), titles, "{query}");
    }
}
