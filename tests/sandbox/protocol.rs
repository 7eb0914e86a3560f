//! What all operations have alike: headers, errors, limits, permissions.

use super::*;
use crate::facts::{self, FACTS, Needs};

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
        ("POST", &*one, json, b"{}", 405, "method.not.allowed"),
        ("DELETE", CONTACTS, "", b"", 405, "method.not.allowed"),
    ] {
        let answer = api.raw(method, path, content_type, body);
        let what = format!("{method} {path} {content_type} {:?}", body.get(..20));
        assert_eq!((answer.status, answer.code()), (status, code), "{what}");
    }
    assert_eq!(api.raw("POST", &one, "", "").header("allow"), "GET, PUT, PATCH, DELETE");
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

/// Of each operation that the crate has. facts 7: those of the API's description. 1.2: the code of a refusal
#[test]
fn every_operation_needs_its_permissions() {
    let all: HashSet<_> =
        FACTS.operations.iter().flat_map(|operation| operation.needs().1).map(String::as_str).collect();
    let done = facts::done(include_str!("../facts/coverage.md"));
    let mut looked_at = 0;
    for operation in FACTS.operations.iter().filter(|operation| done.contains(&operation.id)) {
        let api = Api::new();
        let path = operation.path.split('/').map(|part| if part.starts_with('{') { NOBODY } else { part });
        let path = path.collect::<Vec<_>>().join("/");
        let call = || api.call(&operation.method, &path, &json!({}));
        let name = operation.route();
        looked_at += 1;
        assert_ne!(call().status, 403, "{name}");
        let (needs, needed) = operation.needs();
        let needed: HashSet<_> = needed.iter().map(String::as_str).collect();
        let refused = |given: &HashSet<&str>, told: &HashSet<&str>, code: &str| {
            api.sandbox.set_permissions(given.iter().copied());
            let refused = call();
            assert_eq!((refused.status, refused.code()), (403, code), "{name}");
            let named = refused.body["messageParams"]["permissions"].as_str().unwrap();
            assert_eq!(named.trim_matches(['[', ']']).split(", ").collect::<HashSet<_>>(), *told, "{name}");
        };
        match needs {
            Needs::Any => {
                refused(&all.difference(&needed).copied().collect(), &needed, "missing.any.permissions");
                for permission in needed {
                    api.sandbox.set_permissions([permission]);
                    assert_ne!(call().status, 403, "{name} {permission}");
                }
            }
            Needs::All => {
                for permission in &needed {
                    let missing = HashSet::from([*permission]);
                    refused(&all.difference(&missing).copied().collect(), &missing, "missing.permissions");
                }
                api.sandbox.set_permissions(needed);
                assert_ne!(call().status, 403, "{name}");
            }
        }
    }
    assert_eq!(looked_at, done.len());
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
