//! `external-contacts api`.

use std::io::Write as _;
use std::process::Stdio;

use genesys_external_contacts::ExternalContact;
use serde_json::{Value, json};

use super::{Place, Run, text};

const CONTACTS: &str = "/api/v2/externalcontacts/contacts";

#[test]
fn every_method_reaches_the_api_and_prints_what_comes_back() {
    let place = Place::new(0);
    // What has no place in an f64 keeps its digits, in both directions.
    let body = r#"{ "lastName": "Lovelace", "unknown": 12345678901234567890.10 }"#;
    place.sandbox.next_calls(1).matching("POST", "/contacts").answer(200, "application/json", body);
    place.write("body.json", body);
    let echoed = place.run("api", &["POST", CONTACTS, "--body", "body.json"]);
    assert_eq!((echoed.code, &*echoed.out, &*echoed.err), (Some(0), &*format!("{body}\n"), "200 OK\n"));
    assert_eq!(place.sandbox.requests().last().unwrap().body, body.as_bytes());

    let mut create = place.command("api", &["post", CONTACTS, "--body", "-"]).stdin(Stdio::piped()).spawn().unwrap();
    create.stdin.take().unwrap().write_all(br#"{"lastName": "L\u00f6velace", "title": "a+b & c"}"#).unwrap();
    let created: Run = create.wait_with_output().unwrap().into();
    assert_eq!(created.code, Some(0), "{}", created.err);
    let mut contact: Value = serde_json::from_str(&created.out).unwrap();
    assert_eq!(contact["lastName"], "Lövelace");
    let path = format!("{CONTACTS}/{}", contact["id"].as_str().unwrap());

    contact["title"] = json!("Countess");
    place.write("body.json", &contact.to_string());
    let changed = place.run("api", &["PUT", &path, "--body", "body.json"]);
    assert_eq!(serde_json::from_str::<Value>(&changed.out).unwrap()["title"], "Countess", "{}", changed.err);
    let query = ["--query", "q=lövelace", "--query", "pageSize=5", "--query", "expand=externalOrganization"];
    let found = place.run("api", &[&["GET", CONTACTS], &query[..]].concat());
    assert_eq!(serde_json::from_str::<Value>(&found.out).unwrap()["total"], 1, "{}", found.err);
    assert_eq!(place.run("api", &["GET", &path]).code, Some(0));
    assert_eq!(place.run("api", &["DELETE", &path]).code, Some(0));
    assert_eq!(place.contacts().len(), 0);
    // The sandbox has no such operation: what is sent is what counts.
    place.sandbox.next_calls(1).answer(204, "application/json", "");
    let patched = place.run("api", &["PATCH", "/api/v2/a%20b/%C3%BC/c:d", "--body", "body.json"]);
    assert_eq!((patched.code, &*patched.out, &*patched.err), (Some(0), "", "204 No Content\n"));
    let last = place.sandbox.requests().pop().unwrap();
    assert_eq!((last.method.as_str(), &*last.path), ("PATCH", "/api/v2/a%20b/%C3%BC/c%3Ad"));
}

#[test]
fn a_path_that_would_name_something_else_is_refused() {
    let place = Place::new(0);
    for (path, problem) in [
        ("https://evil.example/api/v2/x", "without a host"),
        ("//evil.example/api/v2/x", "without a host"),
        ("@evil.example/api/v2/x", "without a host"),
        ("/oauth/token", "must begin with /api/v2/"),
        ("/api/v2", "must begin with /api/v2/"),
        ("/api/v2/", "an empty segment"),
        ("/api/v2/x/", "an empty segment"),
        ("/api/v2//evil.example", "an empty segment"),
        ("/api/v2/../oauth/token", "a dot segment"),
        ("/api/v2/x/.", "a dot segment"),
        ("/api/v2/%2e%2E/x", "a dot segment"),
        ("/api/v2/.%2e", "a dot segment"),
        ("/api/v2/x/..%2f..%2Foauth", "a slash, a backslash"),
        ("/api/v2/..\\x", "a slash, a backslash"),
        ("/api/v2/x%0d%0aHost:y", "a control character"),
        ("/api/v2/%ff", "is not UTF-8"),
        ("/api/v2/x?y=z", "--query"),
        ("/api/v2/x#y", "--query"),
        ("/api/v2/1/2/3/4/5/6/7/8/9", "more segments"),
    ] {
        let ran = place.run("api", &["GET", path]);
        assert!(ran.code == Some(2) && ran.err.contains(problem) && ran.out.is_empty(), "{path}: {}", ran.err);
    }
    place.write("body.json", "{}");
    for (arguments, code, problem) in [
        (&["TRACE", CONTACTS][..], 2, "GET, POST, PUT, PATCH, DELETE"),
        (&["GET", CONTACTS, "--query", "q"], 2, "NAME=VALUE"),
        (&["GET", CONTACTS, "--body", "body.json"], 2, "a GET has no body"),
        (&["POST", CONTACTS, "--body", "none.json"], 1, "none.json: "),
        (&["POST", CONTACTS, "--body", text(&place.folder)], 1, "--body "),
    ] {
        let ran = place.run("api", arguments);
        assert!(ran.code == Some(code) && ran.err.contains(problem), "{arguments:?}: {}", ran.err);
    }
    place.write("body.json", "{\"lastName\": Lovelace}");
    let ran = place.run("api", &["POST", CONTACTS, "--body", "body.json"]);
    assert!(ran.code == Some(1) && ran.err.contains("is not JSON") && !ran.err.contains("Lovelace"), "{}", ran.err);
    assert_eq!(place.sandbox.requests().len(), 0);
}

#[test]
fn a_call_is_sent_again_only_where_that_changes_nothing() {
    let place = Place::new(0);
    let id = place.add(ExternalContact::default().with_last_name("Lovelace"));
    let one = format!("{CONTACTS}/{id}");
    place.write("body.json", r#"{"lastName": "Byron"}"#);
    let body = ["--body", "body.json"];
    let again = [&body[..], &["--idempotent"]].concat();
    for (method, path, arguments, tries, code) in [
        ("GET", &*one, &[][..], 2, 0),
        ("PUT", &one, &body, 1, 4),
        ("PUT", &one, &again, 2, 0),
        ("POST", CONTACTS, &body, 1, 4),
        ("POST", CONTACTS, &again, 2, 0),
        ("PATCH", &one, &body, 1, 4),
        ("PATCH", &one, &again, 2, 1),
        ("DELETE", &one, &[], 1, 4),
        ("DELETE", &one, &["--idempotent"], 2, 0),
    ] {
        place.sandbox.next_calls(1).matching(method, path).fail(503);
        let before = place.sandbox.requests().len();
        let ran = place.run("api", &[&[method, path], arguments].concat());
        let sent = place.sandbox.requests().split_off(before);
        let sent = sent.into_iter().filter(|request| request.method == method && request.path == path).count();
        assert_eq!((sent, ran.code), (tries, Some(code)), "{method} {arguments:?}: {}", ran.err);
        let advice = "Look whether the change was made before you send it again";
        assert_eq!(ran.err.contains(advice), code == 4, "{}", ran.err);
    }
}

#[test]
fn a_refusal_is_told_with_the_path_and_printed_as_json() {
    let place = Place::new(0);
    let path = format!("{CONTACTS}/3d5f2c1e-0000-4000-8000-000000000001");
    let ran = place.run("api", &["GET", &path]);
    assert_eq!(ran.code, Some(3), "{}", ran.err);
    assert!(ran.err.starts_with(&format!("error: GET {path}: 404 not.found: ")), "{}", ran.err);
    let body: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((&body["status"], &body["code"]), (&json!(404), &json!("not.found")));

    place.write("body.json", r#"{"lastName": "Lovelace", "workEmail": "no address"}"#);
    let ran = place.run("api", &["POST", CONTACTS, "--body", "body.json"]);
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert!(ran.out.contains("workEmail") && ran.err.starts_with("error: POST "), "{} {}", ran.out, ran.err);

    // A page of a proxy is not the API's answer.
    place.sandbox.next_calls(1).answer(200, "text/html", "<html>");
    let ran = place.run("api", &["GET", CONTACTS]);
    assert!(ran.code == Some(1) && ran.out.is_empty() && ran.err.contains("not what was promised"), "{}", ran.err);
    place.sandbox.next_calls(1).answer(404, "text/html", "<html>");
    let ran = place.run("api", &["GET", CONTACTS]);
    assert!(ran.code == Some(1) && ran.out.is_empty() && ran.err.contains("check the host"), "{}", ran.err);
}
