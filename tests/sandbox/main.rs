//! The sandbox's own rules, in raw HTTP values: the crate's client has a part in this only where it is named.
//!
//! Each case says where its rule comes from: a section of the facts about the API ("facts 1.2"), or "assumed".

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use genesys_external_contacts::sandbox::{NextCalls, Sandbox, UnknownMembers};
use genesys_external_contacts::{Credentials, ExternalContact, Pkce, Region};
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
        (&good, "grant_type=password", "unsupported_grant_type", "the grant type is not one that the service has"),
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

const BACK: &str = "https://app.example.com/back?from=login";

fn code(sandbox: &Sandbox) -> String {
    let back = BACK.replace('?', "%3F").replace('=', "%3D");
    let url = format!("/oauth/authorize?client_id={}&response_type=code&redirect_uri={back}", Sandbox::CLIENT_ID);
    sandbox.authorize(&url).unwrap()
}

#[test]
fn a_code_is_good_once() {
    let sandbox = Sandbox::new();
    let with_code = |code: &str, back: &str| {
        let back = back.replace('?', "%3F").replace('=', "%3D");
        let form = format!("grant_type=authorization_code&code={code}&redirect_uri={back}");
        sign_in_with(&sandbox, &good_user(), &form)
    };
    // facts 3
    let first = code(&sandbox);
    let answer = with_code(&first, BACK);
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(answer.body["refresh_token"].is_string());
    // assumed, after the OAuth standard
    for (code, back) in [(&*first, BACK), ("wrong", BACK), (&code(&sandbox), "https://elsewhere.example.com")] {
        let answer = with_code(code, back);
        assert_eq!((answer.status, &answer.body["error"]), (400, &json!("invalid_grant")));
    }
    let late = code(&sandbox);
    sandbox.advance(Duration::from_secs(300));
    assert_eq!(with_code(&late, BACK).body["error"], "invalid_grant");
    assert_eq!(sign_in_with(&sandbox, &good_user(), "grant_type=authorization_code").body["error"], "invalid_request");
}

#[test]
fn the_sign_in_page_sends_back_with_a_code() {
    let sandbox = Sandbox::new();
    let open = |query: &str| {
        Answer::of(sandbox.answer(Request::get(format!("/oauth/authorize?{query}")).body(Vec::new()).unwrap()))
    };
    let id = Sandbox::CLIENT_ID;
    // facts 3
    let answer = open(&format!("client_id={id}&response_type=code&redirect_uri=https://a.example/b&state=x%26y"));
    assert_eq!(answer.status, 302);
    let back = answer.header("location");
    assert!(back.starts_with("https://a.example/b?code=") && back.ends_with("&state=x%26y"), "{back}");
    for query in [
        "",
        "client_id=nobody&response_type=code&redirect_uri=https://a.example/b",
        &format!("client_id={id}&response_type=code"),
        &format!("client_id={id}&response_type=token&redirect_uri=https://a.example/b"),
        &format!("client_id={id}&response_type=code&redirect_uri=https://a.example/b&code_challenge=x"),
    ] {
        assert_eq!(open(query).status, 400, "{query}");
        assert!(sandbox.authorize(query).is_err());
    }
}

#[test]
fn our_client_signs_in_in_every_way() {
    let sandbox = Sandbox::new();
    let (id, secret) = (Sandbox::CLIENT_ID, Sandbox::CLIENT_SECRET);
    let pkce = Pkce::generate().unwrap();
    let url = pkce.authorize_url(&Region::EuWest1, id, BACK, Some("state"));
    let pkce_code = sandbox.authorize(&url).unwrap();
    let stolen_code = sandbox.authorize(&url).unwrap();
    let unproven_code = sandbox.authorize(&url).unwrap();
    for (credentials, refusal) in [
        (Credentials::client_credentials(id, secret), None),
        (Credentials::authorization_code(id, secret, code(&sandbox), BACK), None),
        (Credentials::authorization_code(id, "wrong", code(&sandbox), BACK), Some("invalid_client")),
        (Credentials::pkce(id, pkce_code, &pkce, BACK), None),
        (Credentials::pkce(id, stolen_code, &Pkce::generate().unwrap(), BACK), Some("invalid_grant")),
        (Credentials::pkce("nobody", code(&sandbox), &pkce, BACK), Some("invalid_client")),
        (Credentials::authorization_code(id, secret, unproven_code, BACK), Some("invalid_grant")),
        (Credentials::refresh_token(id, secret, "wrong"), Some("invalid_grant")),
        (Credentials::saml2_bearer(id, secret, Sandbox::ORG_NAME, "assertion"), None),
        (Credentials::saml2_bearer(id, secret, "another", "assertion"), Some("invalid_grant")),
        (Credentials::saml2_bearer(id, "wrong", Sandbox::ORG_NAME, "assertion"), Some("invalid_client")),
    ] {
        let what = format!("{credentials:?} {refusal:?}");
        let client = sandbox.client_with(credentials).unwrap();
        let error = client.contacts().search().send().err();
        assert_eq!(error.as_ref().and_then(|error| error.code()), refusal, "{what}: {error:?}");
        if refusal.is_none() {
            // What can be renewed is renewed. A code is not what it is renewed with.
            sandbox.revoke_tokens();
            client.contacts().search().send().unwrap_or_else(|error| panic!("{what}: {error}"));
        }
    }
}

#[test]
fn refresh_tokens_rotate() {
    let sandbox = Sandbox::new();
    let told = Arc::new(Mutex::new(Vec::new()));
    let tell = Arc::clone(&told);
    let credentials = Credentials::authorization_code(Sandbox::CLIENT_ID, Sandbox::CLIENT_SECRET, code(&sandbox), BACK);
    let client = sandbox
        .client_builder()
        .credentials(credentials)
        .on_refresh_token(move |token| tell.lock().unwrap().push(token.to_owned()))
        .build()
        .unwrap();
    for _ in 0..3 {
        client.contacts().search().send().unwrap();
        sandbox.advance(Duration::from_secs(86_399));
    }
    // facts 3: each is another one
    let told = told.lock().unwrap().clone();
    assert_eq!(told.len(), 3);
    assert!(told[0] != told[1] && told[1] != told[2]);
    // assumed: those before are worthless, and a program that stores the last one goes on with it.
    let resume = |token: &str| {
        let credentials = Credentials::refresh_token(Sandbox::CLIENT_ID, Sandbox::CLIENT_SECRET, token);
        sandbox.client_with(credentials).unwrap().contacts().search().send()
    };
    assert_eq!(resume(&told[1]).unwrap_err().code(), Some("invalid_grant"));
    assert!(resume(&told[2]).is_ok());
    assert_eq!(resume(&told[2]).unwrap_err().code(), Some("invalid_grant"));
    // A secret can't be left out later.
    let form = "grant_type=authorization_code";
    let renewable = sign_in_with(
        &sandbox,
        &good_user(),
        &format!("{form}&code={}&redirect_uri={}", code(&sandbox), BACK.replace('?', "%3F")),
    );
    let form = format!(
        "grant_type=refresh_token&client_id={}&refresh_token={}",
        Sandbox::CLIENT_ID,
        renewable.body["refresh_token"].as_str().unwrap()
    );
    let request = Request::post("/oauth/token")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form.into_bytes())
        .unwrap();
    assert_eq!(Answer::of(sandbox.answer(request)).body["error"], "invalid_grant");
}

#[test]
fn a_token_can_be_looked_at_and_deleted() {
    let me = "/api/v2/tokens/me";
    let api = Api::new();
    // Whatever the client may do.
    api.sandbox.set_permissions(["nothing"]);
    // facts 3
    let info = api.get(me);
    assert_eq!(info.status, 200);
    assert_eq!(info.body["OAuthClient"]["id"], Sandbox::CLIENT_ID);
    assert_eq!(info.body["organization"], info.body["homeOrganization"]);
    assert_eq!(info.body["authorizedScope"], json!([]));
    let head = api.raw("HEAD", me, "", "");
    assert_eq!((head.status, head.body), (200, Value::Null));
    let other = Api { sandbox: api.sandbox.clone(), token: sign_in(&api.sandbox) };
    let deleted = api.delete(me);
    assert_eq!((deleted.status, deleted.body), (200, Value::Null));
    for method in ["GET", "DELETE"] {
        let again = api.raw(method, me, "", "");
        assert_eq!((again.status, again.code()), (401, "bad.credentials"));
    }
    assert_eq!(api.raw("HEAD", me, "", "").status, 401);
    assert_eq!(other.get(me).status, 200);
    assert_eq!(other.raw("POST", me, "", "").header("allow"), "GET, HEAD, DELETE");
}

#[test]
fn our_client_signs_out() {
    let sandbox = Sandbox::new();
    let client = sandbox.client();
    client.contacts().search().send().unwrap();
    let token = sandbox.requests().last().unwrap().headers["authorization"].clone();
    client.sign_out().unwrap();
    let request = Request::get(CONTACTS).header("authorization", token).body(Vec::new()).unwrap();
    assert_eq!(sandbox.answer(request).status(), 401);
    // It signs in again when it is needed again.
    client.contacts().search().send().unwrap();
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

/// Of each operation that the crate has. facts 7: those of the API's description
#[test]
fn every_operation_needs_its_permissions() {
    let facts: Value = serde_json::from_str(include_str!("facts/facts.json")).unwrap();
    let done: HashSet<_> = include_str!("facts/coverage.md")
        .lines()
        .filter(|line| line.starts_with("| `") && !line.contains("to do"))
        .map(|line| line.split('`').nth(1).unwrap())
        .collect();
    let all: HashSet<_> = facts["operations"].as_array().unwrap().iter().flat_map(permissions).collect();
    let mut count = 0;
    for operation in facts["operations"].as_array().unwrap() {
        if !done.contains(operation["id"].as_str().unwrap()) {
            continue;
        }
        let api = Api::new();
        let method = operation["method"].as_str().unwrap();
        let path: Vec<_> = operation["path"].as_str().unwrap().split('/').collect();
        let path: Vec<_> = path.into_iter().map(|part| if part.starts_with('{') { NOBODY } else { part }).collect();
        let path = path.join("/");
        let call = || api.call(method, &path, &json!({}));
        assert_ne!(call().status, 403, "{method} {path}");
        // All operations that there are yet need any of several; the code of others would be another one. facts 1.2
        let needed: HashSet<_> = permissions(operation).collect();
        assert!(!needed.is_empty() && operation["permissions"].get("ANY").is_some(), "{method} {path}");
        api.sandbox.set_permissions(all.iter().filter(|permission| !needed.contains(*permission)).copied());
        let refused = call();
        assert_eq!((refused.status, refused.code()), (403, "missing.any.permissions"), "{method} {path}");
        let told = refused.body["messageParams"]["permissions"].as_str().unwrap();
        assert_eq!(told.trim_matches(['[', ']']).split(", ").collect::<HashSet<_>>(), needed, "{method} {path}");
        for permission in needed {
            api.sandbox.set_permissions([permission]);
            assert_ne!(call().status, 403, "{method} {path} {permission}");
        }
        count += 1;
    }
    assert_eq!(count, done.len());
    assert!(count >= 43);
}

fn permissions(operation: &Value) -> impl Iterator<Item = &str> {
    // A few operations need none.
    let lists = operation["permissions"].as_object().into_iter().flatten();
    lists.flat_map(|(_, list)| list.as_array().unwrap()).map(|permission| permission.as_str().unwrap())
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

/// facts 9: nobody knows, and so it can be chosen
#[test]
fn what_is_assumed_can_be_switched() {
    let builder = Sandbox::builder().calls_per_minute(None);
    let api = Api::of(builder.updates_keep_members(true).deletions_spread(false).notes_need_author(false).build());
    let phone = json!({ "display": "(317) 222-2222" });
    let organization = api.create(ORGANIZATIONS, &json!({ "name": "Acme", "industry": "Anvils" })).id();
    let organization_path = format!("{ORGANIZATIONS}/{organization}");
    let reference = json!({ "id": organization });
    let created = api.contact(json!({ "firstName": "Ada", "workPhone": phone, "externalOrganization": reference }));
    let contact = format!("{CONTACTS}/{}", created.id());
    let relationship =
        json!({ "user": { "id": NOBODY }, "externalOrganization": reference, "relationship": "Manager" });
    let relationship = format!("{RELATIONSHIPS}/{}", api.create(RELATIONSHIPS, &relationship).id());
    let notes = format!("{contact}/notes");
    let note = api.create(&notes, &json!({ "noteText": "x", "name": "kept" }));
    assert!(note.body.get("createdBy").is_none());

    let updated = api.call("PUT", &contact, &json!({ "lastName": "Lovelace" })).body;
    let mut expected = created.body.clone();
    expected["lastName"] = json!("Lovelace");
    expected["modifyDate"] = updated["modifyDate"].clone();
    assert_eq!(updated, expected);
    assert_eq!(api.get(&format!("{CONTACTS}?q=ada")).body["total"], 1);
    // A null clears it, and what is kept is checked with the rest.
    assert!(api.call("PUT", &contact, &json!({ "lastName": null })).body.get("lastName").is_none());
    assert_eq!(api.call("PUT", &contact, &json!({ "workEmail": "x" })).status, 422);
    for (path, change, member, kept) in [
        (&*organization_path, json!({ "industry": null }), "name", "Acme"),
        (&format!("{notes}/{}", note.id()), json!({ "noteText": "y" }), "name", "kept"),
        (&*relationship, json!({ "name": "x" }), "relationship", "Manager"),
    ] {
        let updated = api.call("PUT", path, &change);
        assert_eq!((updated.status, &updated.body[member]), (200, &json!(kept)), "{path}: {}", updated.body);
    }

    api.delete(&organization_path);
    assert_eq!(api.get(&contact).body["externalOrganization"]["id"], organization);
    assert_eq!(api.get(&relationship).body["externalOrganization"]["id"], organization);
}

/// facts 9: nobody knows
#[test]
fn codes_that_are_assumed_can_be_chosen() {
    let builder = Sandbox::builder().error_code(400, "a").error_code(409, "b").error_code(422, "c");
    let api = Api::of(builder.error_code(404, "never").build());
    for query in ["pageSize=100&pageNumber=11", "sortOrder=x", "expand=x"] {
        let refused = api.get(&format!("{CONTACTS}?{query}"));
        assert_eq!((refused.status, refused.code()), (400, "a"), "{query}");
        assert_eq!(refused.body["details"][0]["errorCode"], "a");
    }
    let refused = api.call("POST", CONTACTS, &json!({ "workEmail": "x" }));
    assert_eq!((refused.status, refused.code()), (422, "c"));
    let schema = json!({ "name": "x", "jsonSchema": {} });
    let schemas = format!("{CONTACTS}/schemas");
    api.create(&schemas, &schema);
    let refused = api.call("POST", &schemas, &schema);
    assert_eq!((refused.status, refused.code()), (409, "b"));
    api.sandbox.next_calls(1).fail(409);
    assert_eq!(api.get(CONTACTS).code(), "b");
    // Those that are documented stay.
    assert_eq!(api.raw("POST", CONTACTS, "application/json", "{").code(), "bad.request");
    assert_eq!(api.call("POST", CONTACTS, &json!({ "firstName": 1 })).code(), "invalid.value");
    assert_eq!(api.get(&format!("{CONTACTS}/{NOBODY}")).code(), "not.found");
}

/// facts 9: nobody knows
#[test]
fn the_order_without_sort_order_can_be_chosen() {
    let builder = Sandbox::builder().default_sort("lastName:asc").default_sort("name:desc");
    let api = Api::of(builder.default_sort("nobody knows this").build());
    for name in ["B", "C", "A"] {
        api.contact(json!({ "firstName": name, "lastName": name }));
        api.create(ORGANIZATIONS, &json!({ "name": name }));
    }
    assert_eq!(api.get(CONTACTS).column("lastName"), ["A", "B", "C"]);
    assert_eq!(api.get(&format!("{CONTACTS}?sortOrder=firstName:desc")).column("lastName"), ["C", "B", "A"]);
    assert_eq!(api.get(ORGANIZATIONS).column("name"), ["C", "B", "A"]);
}

/// facts 9: nobody knows
#[test]
fn refresh_tokens_can_expire() {
    let lifetime = Duration::from_secs(3600);
    let sandbox = Sandbox::builder().refresh_token_lifetime(lifetime).build();
    let back = BACK.replace('?', "%3F").replace('=', "%3D");
    let form = format!("grant_type=authorization_code&code={}&redirect_uri={back}", code(&sandbox));
    let first = sign_in_with(&sandbox, &good_user(), &form);
    let renew = |before: &Answer| {
        let token = before.body["refresh_token"].as_str().unwrap();
        sign_in_with(&sandbox, &good_user(), &format!("grant_type=refresh_token&refresh_token={token}"))
    };
    sandbox.advance(Duration::from_secs(3500));
    let second = renew(&first);
    assert_eq!(second.status, 200);
    // Each has its own time.
    sandbox.advance(Duration::from_secs(3500));
    let third = renew(&second);
    assert_eq!(third.status, 200);
    sandbox.advance(lifetime);
    let refused = renew(&third);
    assert_eq!((refused.status, &refused.body["error"]), (400, &json!("invalid_grant")));
}

/// facts 9: nobody knows
#[test]
fn a_look_up_can_mind_case() {
    let api = Api::of(Sandbox::builder().lookups_ignore_case(false).build());
    api.contact(json!({ "workEmail": "Ada@example.com", "twitterId": { "screenName": "@AdaL" } }));
    for (value, found) in [("Ada@example.com", 1), ("ada@example.com", 0), ("AdaL", 1), ("@AdaL", 1), ("adal", 0)] {
        let answer = api.get(&format!("/api/v2/externalcontacts/reversewhitepageslookup?lookupVal={value}"));
        assert_eq!(answer.body["contacts"].as_array().unwrap().len(), found, "{value}");
    }
}

/// facts 9: nobody knows
#[test]
fn deletions_can_answer_nothing() {
    let api = Api::of(Sandbox::builder().deletions_answer_nothing(true).build());
    let contact = format!("{CONTACTS}/{}", api.contact(json!({})).id());
    let note = json!({ "noteText": "x", "createdBy": { "id": NOBODY } });
    let note = api.create(&format!("{contact}/notes"), &note).id();
    let organization = api.create(ORGANIZATIONS, &json!({ "name": "Acme" })).id();
    let relationship = json!({
        "user": { "id": NOBODY }, "externalOrganization": { "id": organization }, "relationship": "Manager",
    });
    let relationship = api.create(RELATIONSHIPS, &relationship).id();
    for path in [
        format!("{contact}/notes/{note}"),
        contact.clone(),
        format!("{RELATIONSHIPS}/{relationship}"),
        format!("{ORGANIZATIONS}/{organization}"),
    ] {
        let deleted = api.delete(&path);
        assert_eq!((deleted.status, deleted.body), (204, Value::Null), "{path}");
    }
    let client = api.sandbox.client();
    let ada = client.contacts().create(ExternalContact::default()).send().unwrap();
    client.contacts().delete(ada.id.unwrap()).send().unwrap();
}

/// facts 9: nobody knows
#[test]
fn null_clears_what_an_update_would_keep() {
    let api = Api::of(Sandbox::builder().updates_keep_members(true).build());
    let organization = api.create(ORGANIZATIONS, &json!({ "name": "Acme" })).id();
    let cleared = [
        ("firstName", json!("Ada")),
        ("workPhone", json!({ "display": "+33100000001" })),
        ("address", json!({ "city": "London" })),
        ("externalOrganization", json!({ "id": organization })),
        ("surveyOptOut", json!(true)),
        ("appleOpaqueIds", json!([{ "value": "1" }])),
        ("nickname", json!("a member that nobody knows")),
    ];
    let mut body: serde_json::Map<_, _> =
        cleared.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    body.insert("lastName".to_owned(), json!("Lovelace"));
    let path = format!("{CONTACTS}/{}", api.contact(body.into()).id());
    for (name, _) in cleared {
        assert!(api.get(&path).body.get(name).is_some(), "{name}");
        let answer = api.call("PUT", &path, &json!({ name: null }));
        assert_eq!(answer.status, 200, "{name}: {}", answer.body);
        assert_eq!(answer.body.get(name), None);
        assert_eq!(api.get(&path).body, answer.body);
    }
    assert_eq!(api.get(&path).body["lastName"], "Lovelace");
    assert_eq!(api.get(&format!("{ORGANIZATIONS}/{organization}/contacts")).body["total"], 0);
}

/// facts 9: nobody knows
#[test]
fn unknown_members_can_be_dropped_or_refused() {
    let body = json!({
        "lastName": "Lovelace", "nickname": "Ada", "none": null,
        "address": { "city": "London", "planet": "Earth" },
        "workPhone": { "display": "+33100000001", "color": "red" },
        "appleOpaqueIds": [{ "value": "1", "size": 7 }],
        "division": { "id": "d1", "color": "red" },
    });
    for unknown in [UnknownMembers::Keep, UnknownMembers::Drop] {
        let api = Api::of(Sandbox::builder().unknown_members(unknown).build());
        let contact = api.contact(body.clone()).body;
        let is_kept = unknown == UnknownMembers::Keep;
        for (object, member) in [
            (&contact, "nickname"),
            (&contact, "none"),
            (&contact["address"], "planet"),
            (&contact["workPhone"], "color"),
            (&contact["appleOpaqueIds"][0], "size"),
        ] {
            assert_eq!(object.get(member).is_some(), is_kept, "{unknown:?}: {member}");
        }
        assert_eq!((&contact["lastName"], &contact["address"]["city"]), (&json!("Lovelace"), &json!("London")));
    }

    let builder = Sandbox::builder().updates_keep_members(true);
    let api = Api::of(builder.unknown_members(UnknownMembers::Refuse).build());
    for (path, body, field) in [
        (CONTACTS, json!({ "nickname": "Ada" }), "nickname"),
        (CONTACTS, json!({ "address": { "planet": "Earth" } }), "address.planet"),
        (CONTACTS, json!({ "whatsAppId": { "phoneNumber": { "color": "red" } } }), "whatsAppId.phoneNumber.color"),
        (CONTACTS, json!({ "appleOpaqueIds": [{ "value": "1", "size": 7 }] }), "appleOpaqueIds[0].size"),
        (ORGANIZATIONS, json!({ "name": "Acme", "nickname": "A" }), "nickname"),
    ] {
        let refused = api.call("POST", path, &body);
        // facts 1.2; that it is this one: assumed
        assert_eq!((refused.status, refused.code()), (400, "invalid.property"), "{field}");
        assert_eq!(refused.body["details"][0]["fieldName"], field);
    }
    // Another entity is its own affair, null is nothing, and what was fetched can be written back as it came.
    let organization = api.create(ORGANIZATIONS, &json!({ "name": "Acme", "nickname": null })).body;
    let contact = api.contact(json!({
        "lastName": "Lovelace", "externalOrganization": { "id": organization["id"], "nickname": "A" },
        "workPhone": { "display": "+33100000001" }, "twitterId": { "screenName": "ada" },
    }));
    let path = format!("{CONTACTS}/{}", contact.id());
    let fetched = api.get(&format!("{path}?expand=externalOrganization,identifiers,division,externalDataSources")).body;
    for body in [fetched, json!({})] {
        assert_eq!(api.call("PUT", &path, &body).status, 200, "{body}");
    }
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

/// facts 5: each of its own, and nothing else besides
#[test]
fn each_expansion_shows_what_it_says() {
    let api = Api::new();
    let source = json!([{ "externalSource": { "id": api.sandbox.add_external_source("CRM") }, "value": "7" }]);
    let organization = api.create(ORGANIZATIONS, &json!({ "name": "Acme", "externalIds": source })).id();
    let reference = json!({ "id": organization });
    api.raw("PUT", &format!("{ORGANIZATIONS}/{organization}/trustor/{NOBODY}"), "", "");
    let contact = api.contact(json!({ "externalOrganization": reference, "externalIds": source })).id();
    let notes = format!("{CONTACTS}/{contact}/notes");
    let note = api.create(&notes, &json!({ "noteText": "x", "createdBy": { "id": NOBODY } })).id();
    let relationship =
        json!({ "user": { "id": NOBODY }, "externalOrganization": reference, "relationship": "Manager" });
    let relationship = api.create(RELATIONSHIPS, &relationship).id();
    let of_contact = [
        ("expand=externalOrganization", "externalOrganization"),
        ("expand=externalDataSources", "externalDataSources"),
        ("expand=identifiers", "identifiers"),
        ("expand=externalSources", "externalIds"),
        ("expand=division", "division"),
    ];
    let of_organization = [
        ("expand=externalDataSources", "externalDataSources"),
        ("expand=identifiers", "identifiers"),
        ("expand=externalSources", "externalIds"),
        ("expand=division", "division"),
        ("includeTrustors=true", "trustor"),
    ];
    let of_note = [
        ("expand=author", "createdBy"),
        ("expand=externalDataSources", "externalDataSources"),
        ("expand=division", "division"),
    ];
    let of_relationship = [("expand=externalDataSources", "externalDataSources"), ("expand=division", "division")];
    for (one, listing, expansions) in [
        (format!("{CONTACTS}/{contact}"), CONTACTS, &of_contact[..]),
        (format!("{CONTACTS}/{contact}"), &format!("{ORGANIZATIONS}/{organization}/contacts"), &of_contact),
        (format!("{ORGANIZATIONS}/{organization}"), ORGANIZATIONS, &of_organization),
        (format!("{notes}/{note}"), &notes, &of_note),
        (
            format!("{RELATIONSHIPS}/{relationship}"),
            &format!("{ORGANIZATIONS}/{organization}/relationships"),
            &of_relationship,
        ),
    ] {
        let plain = api.get(&one).body;
        for (query, member) in expansions {
            let expanded = api.get(&format!("{one}?{query}")).body;
            let members: HashSet<_> =
                plain.as_object().unwrap().keys().chain(expanded.as_object().unwrap().keys()).collect();
            let changed: Vec<_> =
                members.into_iter().filter(|member| plain.get(*member) != expanded.get(*member)).collect();
            assert_eq!(changed, [*member], "{one}?{query}");
            assert_eq!(api.get(&format!("{listing}?{query}")).body["entities"], json!([expanded]), "{listing}?{query}");
        }
    }
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
    // What stays claimed keeps its date.
    let identifiers = || api.get(&format!("{CONTACTS}/{first}?expand=identifiers")).body["identifiers"].clone();
    let before = identifiers();
    api.sandbox.advance(Duration::from_secs(60));
    api.call("PUT", &format!("{CONTACTS}/{first}"), &email);
    assert_eq!(identifiers(), before);
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
        ("pageSize=77&pageNumber=13", 400),
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

// --- organizations ---

const ORGANIZATIONS: &str = "/api/v2/externalcontacts/organizations";
const RELATIONSHIPS: &str = "/api/v2/externalcontacts/relationships";

#[test]
fn an_organization_is_kept_as_the_service_keeps_it() {
    let api = Api::new();
    let created = api.create(
        ORGANIZATIONS,
        &json!({
            "name": " Acme ", "employeeCount": 5, "revenue": 9_007_199_254_740_993_i64, "tags": ["a", "b"],
            "phoneNumber": { "display": "+33100000001" }, "tickers": [{ "symbol": "ACM", "exchange": "NYSE" }],
            "trustor": { "id": NOBODY, "enabled": true }, "future": { "x": 1 }, "industry": null,
        }),
    );
    let (id, date) = (created.id(), created.body["createDate"].clone());
    let path = format!("{ORGANIZATIONS}/{id}");
    assert_eq!(
        created.body,
        json!({
            "id": id, "selfUri": path, "createDate": date, "modifyDate": date, "name": "Acme", "employeeCount": 5,
            "revenue": 9_007_199_254_740_993_i64, "tags": ["a", "b"], "future": { "x": 1 },
            "phoneNumber": { "display": "+33 1 00 00 00 01", "userInput": "+33100000001", "e164": "+33100000001",
                "countryCode": "FR" },
            "tickers": [{ "symbol": "ACM", "exchange": "NYSE" }],
            "division": { "id": "*", "selfUri": "/api/v2/authorization/divisions/*" },
        })
    );
    assert_eq!(api.get(&path).body, created.body);
    let updated = api.call("PUT", &path, &json!({ "name": "Acme", "industry": "Anvils" })).body;
    assert_eq!((&updated["industry"], updated.get("tags"), &updated["createDate"]), (&json!("Anvils"), None, &date));
    for (body, status, field) in [
        // facts 1.3
        (json!({ "name": "x".repeat(1001) }), 422, "name"),
        // facts 6.5
        (json!({ "name": "x", "tickers": [{ "symbol": "ACM" }] }), 422, "tickers[0].exchange"),
        // assumed
        (json!({}), 422, "name"),
        (json!({ "name": " " }), 422, "name"),
        // facts 1.2
        (json!({ "name": "x", "employeeCount": "5" }), 400, "employeeCount"),
        (json!({ "name": "x", "tags": "a" }), 400, "tags"),
    ] {
        for (method, path) in [("POST", ORGANIZATIONS), ("PUT", &path)] {
            let answer = api.call(method, path, &body);
            assert_eq!((answer.status, &answer.body["details"][0]["fieldName"]), (status, &json!(field)), "{body}");
        }
    }
    assert_eq!(api.delete(&path).status, 200);
    assert_eq!((api.get(&path).code(), api.delete(&path).code()), ("not.found", "not.found"));
}

#[test]
fn a_contact_can_be_of_an_organization() {
    let api = Api::new();
    let organization = api.create(ORGANIZATIONS, &json!({ "name": "Acme" })).id();
    let organization_path = format!("{ORGANIZATIONS}/{organization}");
    let contact =
        api.contact(json!({ "lastName": "Young", "externalOrganization": { "id": organization, "name": "ignored" } }));
    api.contact(json!({ "lastName": "Adams" }));
    let path = format!("{CONTACTS}/{}", contact.id());
    // facts 6.2
    let stub = json!({ "id": organization, "selfUri": organization_path });
    assert_eq!(contact.body["externalOrganization"], stub);
    assert_eq!(api.get(&path).body["externalOrganization"], stub);
    let expanded = api.get(&format!("{path}?expand=externalOrganization")).body;
    assert_eq!(expanded["externalOrganization"], api.get(&organization_path).body);
    // assumed, as seen with external sources (facts 1.3)
    for (method, path) in [("POST", CONTACTS), ("PUT", &*path)] {
        let unknown = api.call(method, path, &json!({ "externalOrganization": { "id": NOBODY } }));
        assert_eq!((unknown.status, unknown.code()), (400, "bad.request"));
        assert_eq!(unknown.body["details"][0]["fieldName"], "externalOrganization.id");
    }
    let contacts = format!("{organization_path}/contacts");
    for (query, names) in [
        // facts 5
        ("", &["Young"][..]),
        ("q=young&sortOrder=lastName:asc&expand=division", &["Young"]),
        ("q=adams", &[]),
    ] {
        assert_eq!(api.get(&format!("{contacts}?{query}")).column("lastName"), names, "{query}");
    }
    assert_eq!(api.get(&contacts).body["selfUri"], format!("{contacts}?pageSize=20&pageNumber=1"));
    assert_eq!(api.get(&format!("{ORGANIZATIONS}/{NOBODY}/contacts")).code(), "not.found");
    // A deleted organization leaves no trace: assumed
    api.delete(&organization_path);
    assert!(api.get(&path).body.get("externalOrganization").is_none());
}

#[test]
fn organizations_are_listed_like_contacts() {
    let api = Api::new();
    let source = api.sandbox.add_external_source("ERP");
    for body in [
        json!({ "name": "Beta", "industry": "a", "division": { "id": "d1" }, "phoneNumber": { "display": "+33100000001" } }),
        json!({ "name": "alpha Corp", "industry": "b" }),
        json!({ "name": "Gamma", "externalIds": [{ "externalSource": { "id": source }, "value": "X-7" }] }),
    ] {
        api.create(ORGANIZATIONS, &body);
    }
    for (query, names) in [
        // facts 5
        ("", &["Beta", "alpha Corp", "Gamma"][..]),
        ("sortOrder=name:asc", &["alpha Corp", "Beta", "Gamma"]),
        ("sortOrder=industry:desc", &["alpha Corp", "Beta", "Gamma"]),
        ("q=corp", &["alpha Corp"]),
        ("q=x-7", &["Gamma"]),
        ("q=%2B33100000001", &["Beta"]),
        ("divisionIds=d1", &["Beta"]),
        ("pageSize=1&pageNumber=2", &["alpha Corp"]),
    ] {
        assert_eq!(api.get(&format!("{ORGANIZATIONS}?{query}")).column("name"), names, "{query}");
    }
    for query in ["sortOrder=lastName:asc", "expand=externalOrganization", "includeTrustors=maybe", "pageSize=101"] {
        assert_eq!(api.get(&format!("{ORGANIZATIONS}?{query}")).status, 400, "{query}");
    }
    let gamma = api.get(&format!("{ORGANIZATIONS}?q=gamma&expand=identifiers,externalSources"));
    let identifiers = &gamma.body["entities"][0]["identifiers"];
    assert_eq!(
        (&identifiers[0]["type"], &identifiers[0]["externalSource"]["name"]),
        (&json!("ExternalId"), &json!("ERP"))
    );
}

#[test]
fn a_trustor_can_be_linked_to_an_organization() {
    let api = Api::new();
    let ids: Vec<_> =
        ["A", "B", "C"].iter().map(|name| api.create(ORGANIZATIONS, &json!({ "name": name })).id()).collect();
    let [first, second] = ["11111111-0000-4000-8000-000000000000", "22222222-0000-4000-8000-000000000000"];
    // No body, and so no content type.
    let link = api.raw("PUT", &format!("{ORGANIZATIONS}/{}/trustor/{first}", ids[0]), "", "");
    // facts 6.1
    assert_eq!(
        (link.status, &link.body),
        (
            200,
            &json!({
                "externalOrganizationId": ids[0], "trustorOrgId": first, "dateCreated": link.body["dateCreated"],
                "externalOrganizationUri": format!("{ORGANIZATIONS}/{}", ids[0]),
                "division": { "id": "*", "selfUri": "/api/v2/authorization/divisions/*" },
            })
        )
    );
    api.raw("PUT", &format!("{ORGANIZATIONS}/{}/trustor/{second}", ids[1]), "", "");
    // facts 5: in the order asked for, and `q` is ignored
    let of = |query: &str| api.get(&format!("{ORGANIZATIONS}?{query}"));
    assert_eq!(of(&format!("trustorId={second}&trustorId={first}&q=nobody")).column("name"), ["B", "A"]);
    assert_eq!(of(&format!("trustorId={second},{NOBODY}")).column("name"), ["B"]);
    assert_eq!(of(&vec![format!("trustorId={first}"); 26].join("&")).status, 400);
    // facts 5: embedded when asked for
    let path = format!("{ORGANIZATIONS}/{}", ids[0]);
    assert!(api.get(&path).body.get("trustor").is_none());
    assert_eq!(api.get(&format!("{path}?includeTrustors=true")).body["trustor"]["id"], first);
    assert_eq!(of("includeTrustors=true").body["entities"][1]["trustor"]["enabled"], true);
    // facts 6.1
    let unlinked = api.delete(&format!("{path}/trustor"));
    assert_eq!((unlinked.status, &unlinked.body, unlinked.headers.get("content-type")), (204, &Value::Null, None));
    // assumed
    assert_eq!(api.delete(&format!("{path}/trustor")).code(), "not.found");
    assert_eq!(api.raw("PUT", &format!("{ORGANIZATIONS}/{NOBODY}/trustor/{first}"), "", "").code(), "not.found");
}

// --- notes and relationships ---

#[test]
fn contacts_and_organizations_have_notes() {
    let api = Api::new();
    let contact = format!("{CONTACTS}/{}", api.contact(json!({ "division": { "id": "d1" } })).id());
    let organization = format!("{ORGANIZATIONS}/{}", api.create(ORGANIZATIONS, &json!({ "name": "Acme" })).id());
    for (owner, kind, division) in [(&contact, "contact", "d1"), (&organization, "organization", "*")] {
        let notes = format!("{owner}/notes");
        let note = json!({ "noteText": "called", "createdBy": { "id": NOBODY, "name": "ignored" }, "future": 1 });
        let created = api.create(&notes, &note);
        let date = created.body["createDate"].clone();
        let path = format!("{notes}/{}", created.id());
        assert_eq!(
            created.body,
            json!({
                "id": created.id(), "noteText": "called", "future": 1, "createDate": date, "modifyDate": date,
                "createdBy": { "id": NOBODY, "selfUri": format!("/api/v2/users/{NOBODY}") }, "selfUri": path,
                "entityId": owner.rsplit('/').next(), "entityType": kind,
                "division": { "id": division, "selfUri": format!("/api/v2/authorization/divisions/{division}") },
            })
        );
        assert_eq!(api.get(&path).body, created.body);
        // facts 6.5
        assert_eq!(api.get(&format!("{path}?expand=author")).body["createdBy"]["name"], format!("User {NOBODY}"));
        let updated = api.call("PUT", &path, &json!({ "noteText": "wrote", "createdBy": { "id": NOBODY } })).body;
        assert_eq!(
            (&updated["noteText"], &updated["createDate"], updated.get("future")),
            (&json!("wrote"), &date, None)
        );
        for (body, status, field) in [
            // facts 6.5
            (json!({ "noteText": "", "createdBy": { "id": NOBODY } }), 422, "noteText"),
            (json!({ "noteText": "x".repeat(32_001), "createdBy": { "id": NOBODY } }), 422, "noteText"),
            (json!({ "createdBy": { "id": NOBODY } }), 422, "noteText"),
            // assumed
            (json!({ "noteText": "x" }), 422, "createdBy"),
            (json!({ "noteText": "x", "createdBy": NOBODY }), 400, "createdBy"),
        ] {
            for (method, path) in [("POST", &notes), ("PUT", &path)] {
                let answer = api.call(method, path, &body);
                assert_eq!(
                    (answer.status, &answer.body["details"][0]["fieldName"]),
                    (status, &json!(field)),
                    "{method}"
                );
            }
        }
        api.create(&notes, &json!({ "noteText": "second", "createdBy": { "id": NOBODY } }));
        // facts 5
        assert_eq!(api.get(&notes).column("noteText"), ["wrote", "second"]);
        assert_eq!(api.get(&format!("{notes}?sortOrder=createDate:desc")).column("noteText"), ["second", "wrote"]);
        assert_eq!(api.get(&format!("{notes}?sortOrder=noteText:asc")).status, 400);
        assert_eq!(api.get(&format!("{notes}?expand=mergeset")).status, if kind == "contact" { 200 } else { 400 });
        assert_eq!(api.delete(&path).body, json!({}));
        assert_eq!((api.get(&path).code(), api.delete(&path).code()), ("not.found", "not.found"));
        assert_eq!(api.get(&notes).body["total"], 1);
    }
    // A note is found where it belongs, and goes with that. The latter: assumed
    let note = api.create(&format!("{contact}/notes"), &json!({ "noteText": "x", "createdBy": { "id": NOBODY } })).id();
    assert_eq!(api.get(&format!("{organization}/notes/{note}")).code(), "not.found");
    api.delete(&contact);
    assert_eq!(api.get(&format!("{contact}/notes/{note}")).code(), "not.found");
    assert_eq!(api.get(&format!("{contact}/notes")).code(), "not.found");
}

#[test]
fn a_relationship_joins_a_user_and_an_organization() {
    let api = Api::new();
    let organization = api.create(ORGANIZATIONS, &json!({ "name": "Acme" })).id();
    let body = |role: &str| json!({ "user": { "id": NOBODY }, "externalOrganization": { "id": organization }, "relationship": role });
    let created = api.create(RELATIONSHIPS, &body("Manager"));
    let path = format!("{RELATIONSHIPS}/{}", created.id());
    assert_eq!(
        created.body,
        json!({
            "id": created.id(), "selfUri": path, "relationship": "Manager",
            "user": { "id": NOBODY, "selfUri": format!("/api/v2/users/{NOBODY}") },
            "externalOrganization": { "id": organization, "selfUri": format!("{ORGANIZATIONS}/{organization}") },
            "division": { "id": "*", "selfUri": "/api/v2/authorization/divisions/*" },
        })
    );
    assert_eq!(api.get(&path).body, created.body);
    assert_eq!(api.call("PUT", &path, &body("Engineer")).body["relationship"], "Engineer");
    let with = |name: &str, value: Value| {
        let mut body = body("x");
        body[name] = value;
        body
    };
    for (body, status, field) in [
        // facts 6.5
        (json!({ "user": { "id": NOBODY }, "relationship": "x" }), 422, "externalOrganization"),
        (with("user", Value::Null), 422, "user"),
        (with("relationship", "".into()), 422, "relationship"),
        (with("relationship", "x".repeat(101).into()), 422, "relationship"),
        // assumed
        (with("externalOrganization", json!({ "id": NOBODY })), 400, "externalOrganization.id"),
    ] {
        for (method, path) in [("POST", RELATIONSHIPS), ("PUT", &path)] {
            let answer = api.call(method, path, &body);
            assert_eq!((answer.status, &answer.body["details"][0]["fieldName"]), (status, &json!(field)), "{body}");
        }
    }
    api.create(RELATIONSHIPS, &body("Assistant"));
    let other = api.create(ORGANIZATIONS, &json!({ "name": "Other" })).id();
    api.create(RELATIONSHIPS, &with("externalOrganization", json!({ "id": other })));
    let list = format!("{ORGANIZATIONS}/{organization}/relationships");
    // facts 5
    assert_eq!(api.get(&list).column("relationship"), ["Engineer", "Assistant"]);
    assert_eq!(
        api.get(&format!("{list}?sortOrder=relationship:asc")).column("relationship"),
        ["Assistant", "Engineer"]
    );
    assert_eq!(api.get(&format!("{list}?sortOrder=createDate:desc")).column("relationship"), ["Assistant", "Engineer"]);
    assert_eq!(api.get(&format!("{list}?expand=author")).status, 400);
    assert_eq!(api.get(&format!("{ORGANIZATIONS}/{NOBODY}/relationships")).code(), "not.found");
    assert_eq!((api.delete(&path).body, api.delete(&path).code()), (json!({}), "not.found"));
    // The rest go with the organization: assumed
    let other = format!("{RELATIONSHIPS}/{}", api.get(&list).body["entities"][0]["id"].as_str().unwrap());
    api.delete(&format!("{ORGANIZATIONS}/{organization}"));
    assert_eq!(api.get(&other).code(), "not.found");
}

// --- schemas ---

/// A field as the official tutorial writes it.
fn schema(name: &str, fields: Value) -> Value {
    json!({
        "name": name, "version": 0, "enabled": true,
        "jsonSchema": { "$schema": "http://json-schema.org/draft-04/schema#", "title": name, "properties": fields },
    })
}

#[test]
fn schemas_have_versions() {
    let api = Api::new();
    for (owner, applies_to) in [(CONTACTS, "CONTACT"), (ORGANIZATIONS, "EXTERNAL_ORGANIZATION")] {
        let path = format!("{owner}/schemas");
        let created = api.create(&path, &schema("One", json!({ "a_text": { "title": "A" } })));
        let one = format!("{path}/{}", created.id());
        assert_eq!(created.body["version"], 1); // assumed
        assert_eq!((&created.body["appliesTo"], &created.body["selfUri"]), (&json!([applies_to]), &json!(one)));
        assert_eq!(api.get(&one).body, created.body);
        // facts 6.4: the current version must be sent
        let mut next = created.body.clone();
        next["enabled"] = json!(false);
        let updated = api.call("PUT", &one, &next);
        assert_eq!(
            (updated.status, &updated.body["version"], &updated.body["enabled"]),
            (200, &json!(2), &json!(false))
        );
        let conflict = api.call("PUT", &one, &next);
        assert_eq!((conflict.status, conflict.code()), (409, "conflict"));
        next.as_object_mut().unwrap().remove("version");
        assert_eq!(api.call("PUT", &one, &next).status, 422);
        // facts 6.4
        let versions = api.get(&format!("{one}/versions")).body;
        assert_eq!((&versions["total"], &versions["entities"][0]), (&json!(2), &created.body));
        assert_eq!(api.get(&format!("{one}/versions/1")).body, created.body);
        assert_eq!(api.get(&format!("{one}/versions/2")).body, updated.body);
        for (version, status) in [("3", 404), ("0", 404), ("one", 400)] {
            assert_eq!(api.get(&format!("{one}/versions/{version}")).status, status, "{version}");
        }
        let list = api.get(&path).body;
        assert_eq!(list, json!({ "total": 1, "entities": [updated.body], "selfUri": path }));
        for (body, status) in [
            // assumed
            (schema("One", json!({})), 409),
            // facts 6.4
            (schema("Two", json!({ "a": {} })), 422),
            (schema("Two", (0..26).map(|n| (format!("f{n}_text"), json!({}))).collect()), 422),
            (schema("Two", (0..25).map(|n| (format!("f{n}_text"), json!({}))).collect()), 200),
            (json!({ "name": "Three" }), 422),
        ] {
            assert_eq!(api.call("POST", &path, &body).status, status, "{body}");
        }
        for number in 3..=20 {
            api.create(&path, &schema(&format!("Nr{number}"), json!({})));
        }
        assert_eq!(api.call("POST", &path, &schema("one too many", json!({}))).status, 422);
        assert_eq!(api.get(&format!("{path}/{NOBODY}")).code(), "not.found");
        // facts 6.1, 6.4: only those of contacts can be deleted
        let deleted = api.delete(&one);
        assert_eq!(deleted.status, if owner == CONTACTS { 204 } else { 405 });
    }
}

#[test]
fn custom_fields_follow_their_schema() {
    let api = Api::new();
    let path = format!("{CONTACTS}/schemas");
    let fields = json!({
        "a_text": {}, "b_longtext": { "minLength": 2 }, "c_number": { "minimum": 1, "maximum": 5.5 }, "d_integer": {},
        "e_date": {}, "f_datetime": {}, "g_checkbox": {}, "h_enum": { "enum": ["_1", "_2"] }, "i_tag": {},
        "j_identifier": {},
    });
    let id = api.create(&path, &schema("One", fields)).id();
    let contact = |fields: Value| json!({ "schema": { "id": id, "version": 1 }, "customFields": fields });
    for (good, bad) in [
        // facts 6.4
        (json!({ "a_text": "x".repeat(100) }), json!({ "a_text": "x".repeat(101) })),
        (json!({ "b_longtext": "x".repeat(1000) }), json!({ "b_longtext": "x" })),
        (json!({ "c_number": 5.5 }), json!({ "c_number": 5.6 })),
        (json!({ "c_number": 1 }), json!({ "c_number": "1" })),
        (json!({ "d_integer": 9_007_199_254_740_993_i64 }), json!({ "d_integer": 1.5 })),
        (json!({ "e_date": "2026-01-02" }), json!({ "e_date": "2026-02-30" })),
        (json!({ "f_datetime": "2026-01-02T03:04:05.678Z" }), json!({ "f_datetime": "2026-01-02" })),
        (json!({ "g_checkbox": false }), json!({ "g_checkbox": "false" })),
        (json!({ "h_enum": "_2" }), json!({ "h_enum": "_3" })),
        (json!({ "i_tag": ["a", "b"] }), json!({ "i_tag": ["a", "a"] })),
        (json!({ "i_tag": [] }), json!({ "i_tag": ["", "b"] })),
        (json!({}), json!({ "i_tag": (0..11).map(|n| n.to_string()).collect::<Vec<_>>() })),
        // assumed
        (json!({}), json!({ "z_text": "x" })),
    ] {
        assert_eq!(api.contact(contact(good.clone())).body["customFields"], good);
        let answer = api.call("POST", CONTACTS, &contact(bad.clone()));
        let field = format!("customFields.{}", bad.as_object().unwrap().keys().next().unwrap());
        assert_eq!((answer.status, &answer.body["details"][0]["fieldName"]), (422, &json!(field)), "{bad}");
    }
    // assumed
    for (body, status) in [
        (json!({ "customFields": { "a_text": "x" } }), 422),
        (json!({ "customFields": {} }), 200),
        (json!({ "customFields": { "a_text": null } }), 200),
        (json!({ "schema": { "id": NOBODY, "version": 1 } }), 400),
        (json!({ "schema": { "id": id, "version": 2 } }), 400),
    ] {
        assert_eq!(api.call("POST", CONTACTS, &body).status, status, "{body}");
    }
    let kept =
        api.contact(json!({ "schema": { "id": id, "name": "ignored" }, "customFields": { "a_text": null } })).body;
    assert_eq!(kept["schema"], json!({ "id": id, "version": 1, "selfUri": format!("{path}/{id}") }));
    // facts 5, 6.4: texts are searched by word, identifiers and tags as a whole
    let all = json!({ "a_text": "big shoes", "b_longtext": "none", "i_tag": ["Gold Member"], "j_identifier": "AB-12" });
    let mut found = contact(all);
    found["title"] = json!("found");
    let found = api.contact(found).body;
    for (q, count) in [("shoes", 1), ("ab-12", 1), ("ab", 0), ("%22gold%20member%22", 1), ("gold", 0), ("none", 0)] {
        assert_eq!(api.get(&format!("{CONTACTS}?q={q}")).body["total"], count, "{q}");
    }
    // facts 6.4: a disabled schema can't be assigned, and what has it keeps it. When it is deleted: assumed
    let mut disabled = api.get(&format!("{path}/{id}")).body;
    disabled["enabled"] = json!(false);
    assert_eq!(api.call("PUT", &format!("{path}/{id}"), &disabled).status, 200);
    assert_eq!(api.call("POST", CONTACTS, &contact(json!({}))).status, 422);
    let one = format!("{CONTACTS}/{}", found["id"].as_str().unwrap());
    assert_eq!(api.call("PUT", &one, &found).body["customFields"], found["customFields"]);
    api.delete(&format!("{path}/{id}"));
    assert_eq!(api.call("PUT", &one, &found).body["customFields"], found["customFields"]);
}

// --- conversations and look-up ---

#[test]
fn a_conversation_can_be_associated() {
    let api = Api::new();
    let contact = api.contact(json!({})).id();
    let path = "/api/v2/externalcontacts/conversations/c1";
    let body = |contact: Value| json!({ "externalContactId": contact, "conversationId": "c1", "communicationId": "k1", "mediaType": "CALL" });
    // facts 6.1
    let answer = api.call("PUT", path, &body(json!(contact)));
    assert_eq!((answer.status, &answer.body, answer.headers.get("content-type")), (202, &Value::Null, None));
    assert_eq!(api.sandbox.contact_of_conversation("c1"), Some(contact));
    // facts 6.5
    assert_eq!(api.call("PUT", path, &body(Value::Null)).status, 202);
    assert_eq!(api.sandbox.contact_of_conversation("c1"), None);
    let with = |name: &str, value: Value| {
        let mut body = body(Value::Null);
        body[name] = value;
        body
    };
    for (body, code, field) in [
        // facts 6.5
        (with("mediaType", "PIGEON".into()), "invalid.value", "mediaType"),
        // assumed
        (with("mediaType", Value::Null), "bad.request", "mediaType"),
        (with("communicationId", Value::Null), "bad.request", "communicationId"),
        (with("conversationId", "c2".into()), "bad.request", "conversationId"),
        (with("externalContactId", NOBODY.into()), "bad.request", "externalContactId"),
    ] {
        let answer = api.call("PUT", path, &body);
        assert_eq!((answer.status, answer.code()), (400, code), "{body}");
        assert_eq!(answer.body["details"][0]["fieldName"], field);
    }
}

#[test]
fn a_look_up_finds_who_has_a_value() {
    let api = Api::new();
    let organization = api.create(ORGANIZATIONS, &json!({ "name": "Acme" })).id();
    api.contact(json!({
        "title": "one", "cellPhone": { "display": "+44 20 7946 0018" }, "otherEmail": "Ada@example.com",
        "twitterId": { "screenName": "@lovelace" }, "externalOrganization": { "id": organization },
    }));
    api.contact(json!({ "title": "two", "workEmail": "ada@example.com", "division": { "id": "d1" } }));
    api.sandbox.add_contact_of_type("Identified", &json!({ "title": "x", "workEmail": "ada@example.com" })).unwrap();
    let look_up = |query: &str| api.get(&format!("/api/v2/externalcontacts/reversewhitepageslookup?{query}"));
    for (query, titles) in [
        // facts 5
        ("lookupVal=ada@example.com", &["one", "two"][..]),
        ("lookupVal=%2B442079460018", &["one"]),
        ("lookupVal=lovelace", &["one"]),
        ("lookupVal=ada@example.com&divisionId=d1", &["two"]),
        ("lookupVal=ada@example.com&divisionId=*", &["one", "two"]),
        ("lookupVal=ada", &[]),
        // An unencoded plus is a space. facts 8.15; without one it is no number: assumed
        ("lookupVal=+442079460018", &[]),
        ("lookupVal=@Lovelace", &["one"]),
    ] {
        let found = look_up(query);
        let found: Vec<_> = found.body["contacts"]
            .as_array()
            .unwrap()
            .iter()
            .map(|contact| contact["title"].as_str().unwrap())
            .collect();
        assert_eq!(found, titles, "{query}");
    }
    // facts 5
    let expanded = look_up("lookupVal=lovelace&expand=contacts.externalOrganization,division").body;
    assert_eq!(expanded["contacts"][0]["externalOrganization"]["name"], "Acme");
    assert_eq!(expanded["contacts"][0]["division"]["name"], "Unassigned");
    assert_eq!(expanded.as_object().unwrap().len(), 1);
    for query in ["", "lookupVal=", "lookupVal=x&expand=externalOrganization"] {
        assert_eq!(look_up(query).status, 400, "{query}");
    }
    for _ in 0..30 {
        api.contact(json!({ "workEmail": "many@example.com" }));
    }
    assert_eq!(look_up("lookupVal=many@example.com").body["contacts"].as_array().unwrap().len(), 25);
}

// --- as a transport ---

/// No runtime: the answer is there when the future is polled for the first time.
#[cfg(feature = "async")]
#[test]
fn it_is_an_async_transport() {
    use std::task::{Context, Poll, Waker};

    let sandbox = Sandbox::new();
    let client = sandbox.async_client();
    let mut call = Box::pin(client.contacts().search().send());
    let Poll::Ready(Ok(page)) = call.as_mut().poll(&mut Context::from_waker(Waker::noop())) else {
        panic!("no page");
    };
    assert_eq!(page.total, Some(0));
    let before = sandbox.now();
    let sleep = genesys_external_contacts::AsyncTransport::sleep(&sandbox, Duration::from_secs(60));
    assert!(Box::pin(sleep).as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready());
    assert!(sandbox.now() - before >= Duration::from_secs(60));
}

#[test]
fn a_transport_keeps_its_limits() {
    use genesys_external_contacts::{Limits, Transport, TransportErrorKind};

    let sandbox = Sandbox::new();
    let send = |max_body| {
        let mut limits = Limits::default();
        limits.max_body = max_body;
        Transport::send(&sandbox, Request::get(CONTACTS).body(Vec::new()).unwrap(), limits)
    };
    let length = send(u64::MAX).unwrap().body().len() as u64;
    assert!(send(length).is_ok());
    assert_eq!(send(length - 1).unwrap_err().kind(), TransportErrorKind::BodyTooLarge);
    // Waiting takes no time, however long.
    Transport::sleep(&sandbox, Duration::MAX);
    Transport::sleep(&sandbox, Duration::from_secs(3600));
    assert!(Transport::now(&sandbox) > std::time::Instant::now() + Duration::from_secs(3599));
}

// --- misbehavior ---
//
// Here the crate's own client takes part: it is what misbehavior is there to test.

type Misbehave = fn(NextCalls<'_>);

fn contact(name: &str) -> ExternalContact {
    ExternalContact::default().with_last_name(name)
}

#[test]
fn retries_get_through_misbehavior() {
    let misbehave: [(&str, Misbehave); 9] = [
        ("503", |calls| calls.fail(503)),
        ("504 after applying", |calls| calls.after_applying().fail(504)),
        ("HTML", |calls| calls.answer(502, "text/html", "<h1>Bad Gateway</h1>")),
        ("429", |calls| calls.rate_limit(Duration::from_secs(7))),
        ("reset", |calls| calls.reset()),
        ("reset after applying", |calls| calls.after_applying().reset()),
        ("timeout", |calls| calls.time_out()),
        ("timeout after applying", |calls| calls.after_applying().time_out()),
        ("too slow", |calls| calls.delay(Duration::from_secs(31))),
    ];
    for (what, misbehave) in misbehave {
        let sandbox = Sandbox::new();
        let client = sandbox.client();
        let created = client.contacts().create(contact("Lovelace")).send().unwrap();
        let id = created.id.clone().unwrap();
        let sent = sandbox.requests().len();
        misbehave(sandbox.next_calls(3).matching("PUT", "/contacts/*"));
        client.contacts().update(&id, created).send().unwrap_or_else(|error| panic!("{what}: {error}"));
        misbehave(sandbox.next_calls(3).matching("DELETE", "/contacts/*"));
        client.contacts().delete(&id).send().unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(sandbox.requests().len(), sent + 8, "{what}");
        assert_eq!(client.contacts().search().send().unwrap().total, Some(0));
    }
}

#[test]
fn a_create_is_applied_once_or_reported() {
    // Whether it is there, whether the client says that it may be, and how often it was received.
    let cases: [(Misbehave, u32, Option<bool>, usize); 10] = [
        (|calls| calls.refuse_connection(), 1, None, 1),
        (|calls| calls.rate_limit(Duration::from_secs(1)), 1, None, 2),
        (|calls| calls.delay(Duration::from_secs(29)), 1, None, 1),
        (|calls| calls.delay(Duration::from_secs(31)), 1, Some(true), 1),
        (|calls| calls.reset(), 0, Some(true), 1),
        (|calls| calls.after_applying().reset(), 1, Some(true), 1),
        (|calls| calls.after_applying().time_out(), 1, Some(true), 1),
        (|calls| calls.after_applying().fail(504), 1, Some(true), 1),
        (|calls| calls.fail(503), 0, Some(true), 1),
        (|calls| calls.fail(409), 0, Some(false), 1),
    ];
    for (misbehave, exists, is_reported, received) in cases {
        let sandbox = Sandbox::new();
        misbehave(sandbox.next_calls(1).matching("POST", "/contacts"));
        let client = sandbox.client();
        let result = client.contacts().create(contact("Lovelace")).send();
        assert_eq!(result.as_ref().err().map(|error| error.may_have_been_applied()), is_reported, "{result:?}");
        let posts = sandbox.requests().iter().filter(|request| request.path == CONTACTS).count();
        assert_eq!(posts, received, "{result:?}");
        assert_eq!(client.contacts().search().send().unwrap().total, Some(i64::from(exists)), "{result:?}");
    }
}

#[test]
fn sign_ins_misbehave_where_they_are_named() {
    let sandbox = Sandbox::new();
    sandbox.next_calls(2).matching("POST", "/oauth/token").rate_limit(Duration::from_secs(30));
    sandbox.next_calls(1).matching("POST", "/oauth/token").reset();
    sandbox.next_calls(1).fail(503);
    let client = sandbox.client();
    client.contacts().search().send().unwrap();
    let paths: Vec<_> = sandbox.requests().into_iter().map(|request| request.path).collect();
    assert_eq!(paths.iter().filter(|path| *path == "/oauth/token").count(), 4);
    assert_eq!(paths.iter().filter(|path| *path == CONTACTS).count(), 2);
    // Nothing is left over.
    client.contacts().search().send().unwrap();
    assert_eq!(sandbox.requests().len(), 7);
}

#[test]
fn every_status_has_a_body_of_the_service() {
    let api = Api::new();
    for status in [400, 401, 403, 404, 405, 408, 409, 413, 415, 418, 422, 429, 500, 501, 502, 503, 504, 599] {
        api.sandbox.next_calls(1).fail(status);
        let answer = api.get(CONTACTS);
        assert_eq!((answer.status, &answer.body["status"]), (status, &json!(status)));
        assert!(!answer.code().is_empty() && !answer.body["message"].as_str().unwrap().is_empty(), "{status}");
        assert_eq!(answer.body["contextId"], answer.header("inin-correlation-id"));
    }
    // A connection that breaks is what a gateway makes of it.
    api.sandbox.next_calls(1).reset();
    assert_eq!(api.get(CONTACTS).status, 504);
    // No status at all.
    api.sandbox.next_calls(1).fail(7);
    assert_eq!(api.get(CONTACTS).status, 500);
    api.sandbox.next_calls(0).fail(503);
    assert_eq!(api.get(CONTACTS).status, 200);
}

#[test]
fn the_async_transport_misbehaves_alike() {
    #[cfg(feature = "async")]
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
        let sandbox = Sandbox::new();
        sandbox.next_calls(2).matching("GET", "/contacts").reset();
        sandbox.next_calls(1).matching("POST", "/contacts").after_applying().reset();
        let client = sandbox.async_client();
        let error = client.contacts().create(contact("Lovelace")).send().await.unwrap_err();
        assert!(error.may_have_been_applied());
        assert_eq!(client.contacts().search().send().await.unwrap().total, Some(1));
    });
}

#[test]
fn searches_lag_behind() {
    let api = Api::new();
    let lag = Duration::from_secs(10);
    api.sandbox.search_lag(lag);
    let names = || {
        let answer = api.get(CONTACTS);
        answer.column("lastName").into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let id = api.contact(json!({ "lastName": "One" })).id();
    let one = format!("{CONTACTS}/{id}");
    assert!(names().is_empty());
    api.sandbox.advance(lag / 2);
    api.call("PUT", &one, &json!({ "lastName": "Two" }));
    assert!(names().is_empty());
    assert_eq!(api.get(&one).body["lastName"], "Two");
    api.sandbox.advance(lag / 2);
    assert_eq!(names(), ["One"]);
    api.delete(&one);
    assert_eq!(api.get(&one).status, 404);
    api.sandbox.advance(lag / 2);
    assert_eq!(names(), ["Two"]);
    api.contact(json!({ "lastName": "Three" }));
    api.sandbox.advance(lag / 2);
    assert!(names().is_empty());
    api.sandbox.search_lag(Duration::ZERO);
    api.contact(json!({ "lastName": "Four" }));
    assert_eq!(names(), ["Four"]);
    api.sandbox.advance(lag);
    assert_eq!(names(), ["Three", "Four"]);
    // Organizations alike.
    let organizations = "/api/v2/externalcontacts/organizations";
    api.sandbox.search_lag(Duration::MAX);
    api.create(organizations, &json!({ "name": "Acme" }));
    assert_eq!(api.get(organizations).body["total"], 0);
}

// --- seeding and looking inside ---

#[test]
fn contacts_are_loaded_or_none_is() {
    let api = Api::new();
    let id = "3D5F2C1E-0000-4000-8000-000000000001";
    let listing = json!({ "entities": [
        { "id": id, "lastName": "One", "type": "Identified", "workPhone": { "display": "+13175550100" } },
        { "lastName": "Two", "createDate": "2020-01-01T00:00:00.000Z" },
    ] });
    let ids = api.sandbox.load_contacts(&listing.to_string()).unwrap();
    let first = api.get(&format!("{CONTACTS}/{id}"));
    assert_eq!((first.id(), &first.body["type"]), (id.to_lowercase(), &json!("Identified")));
    assert_eq!(first.body["workPhone"]["e164"], "+13175550100");
    assert_eq!(api.get(&format!("{CONTACTS}/{}", ids[1])).body["lastName"], "Two");
    // What comes out goes in again.
    let listing = api.get(CONTACTS).body;
    assert_eq!(listing["total"], 1);
    assert_eq!(api.sandbox.load_contacts(&listing.to_string()).unwrap(), [ids[1].clone()]);
    assert_eq!(api.get(CONTACTS).body["total"], 1);
    for (json, problem) in [
        ("{", "EOF"),
        ("{}", "neither"),
        ("7", "neither"),
        ("[{}, 7]", "contact 2: is no object"),
        ("[{}, {\"type\": \"Curious\"}]", "contact 2: "),
        ("[{}, {\"externalOrganization\": {\"id\": \"none\"}}]", "contact 2: "),
    ] {
        let error = api.sandbox.load_contacts(json).unwrap_err();
        assert!(error.starts_with(problem), "{error}");
    }
    assert_eq!(api.get(CONTACTS).body["total"], 1);
}

#[test]
fn organizations_are_loaded_or_none_is() {
    let api = Api::new();
    let id = "8F0A3A5E-0000-4000-8000-000000000001";
    let ids = api.sandbox.load_organizations(&json!([{ "id": id, "name": "Acme" }, { "name": "Beta" }]).to_string());
    let ids = ids.unwrap();
    assert_eq!(ids[0], id.to_lowercase());
    // They can be referred to, in any spelling.
    let contact = api.contact(json!({ "externalOrganization": { "id": id } })).id();
    assert_eq!(api.get(&format!("{ORGANIZATIONS}/{id}/contacts")).body["entities"][0]["id"], contact);
    // What comes out goes in again, and takes the place of what was there.
    let mut listing = api.get(ORGANIZATIONS).body;
    listing["entities"][0]["name"] = json!("Acme Corp");
    assert_eq!(api.sandbox.load_organizations(&listing.to_string()).unwrap(), ids);
    assert_eq!(api.get(ORGANIZATIONS).column("name"), ["Acme Corp", "Beta"]);
    assert_eq!(api.get(&format!("{ORGANIZATIONS}?q=corp")).body["total"], 1);
    for (json, problem) in [
        ("{", "EOF"),
        ("{}", "neither"),
        ("[{\"name\": \"Gamma\"}, []]", "organization 2: is no object"),
        ("[{\"name\": \"Gamma\"}, {}]", "organization 2: "),
        ("[{\"name\": \"Gamma\"}, {\"name\": \"Delta\", \"employeeCount\": \"5\"}]", "organization 2: "),
    ] {
        let error = api.sandbox.load_organizations(json).unwrap_err();
        assert!(error.starts_with(problem), "{error}");
    }
    assert_eq!(api.get(ORGANIZATIONS).body["total"], 2);
}

#[test]
fn generated_contacts_could_be_real() {
    let api = Api::new();
    let ids: HashSet<_> =
        api.sandbox.generate_contacts(150).into_iter().chain(api.sandbox.generate_contacts(150)).collect();
    assert_eq!(ids.len(), 300);
    let mut addresses = HashSet::new();
    let mut numbers = HashSet::new();
    let mut with_organization = 0;
    for page in 1..=3 {
        let answer = api.get(&format!("{CONTACTS}?pageSize=100&pageNumber={page}&expand=externalOrganization"));
        assert_eq!(answer.body["total"], 300);
        for contact in answer.body["entities"].as_array().unwrap() {
            addresses.insert(contact["workEmail"].as_str().unwrap().to_owned());
            numbers.insert(contact["workPhone"]["e164"].as_str().expect("a valid number").to_owned());
            if contact["cellPhone"].is_object() {
                assert_eq!(contact["cellPhone"]["countryCode"], "GB");
            }
            if contact["externalOrganization"].is_object() {
                with_organization += 1;
                assert!(contact["externalOrganization"]["name"].is_string());
            }
        }
    }
    assert_eq!((addresses.len(), numbers.len()), (300, 300));
    assert!((100..200).contains(&with_organization), "{with_organization}");
    assert_eq!(api.get("/api/v2/externalcontacts/organizations").body["total"], 15);
    // Twice 150 are the same as 300.
    assert!(Sandbox::new().generate_contacts(300).iter().all(|id| ids.contains(id)));
}

#[test]
fn snapshots_bring_back_everything_but_the_session() {
    let api = Api::new();
    let organization = api.create("/api/v2/externalcontacts/organizations", &json!({ "name": "Acme" })).id();
    let of_it = json!({ "lastName": "One", "externalOrganization": { "id": organization } });
    let one = format!("{CONTACTS}/{}", api.contact(of_it).id());
    let notes = format!("{one}/notes");
    api.create(&notes, &json!({ "noteText": "Kept.", "createdBy": { "id": NOBODY } }));
    let snapshot = api.sandbox.snapshot();
    let look = |api: &Api| (api.get(&one).body, api.get(&notes).body, api.get(CONTACTS).body);
    let before = look(&api);

    api.delete(&format!("/api/v2/externalcontacts/organizations/{organization}"));
    api.call("PUT", &one, &json!({ "lastName": "Two" }));
    api.contact(json!({}));
    api.delete(&one);
    api.sandbox.next_calls(1).matching("GET", "/nowhere").fail(500);
    api.sandbox.restore(&snapshot);
    assert_eq!(look(&api), before);
    assert_eq!(api.get("/nowhere").status, 500);

    let other = Api::new();
    other.sandbox.restore(&snapshot);
    assert_eq!(look(&other), before);
    // Both go their own ways.
    other.delete(&one);
    assert_eq!(look(&api), before);
}
