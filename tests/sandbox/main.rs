//! The sandbox's own rules, in raw HTTP values: the crate's client has a part in this only where it is named.
//!
//! One file a resource, and besides: what all operations have alike (`protocol`, `listings`, `switches`), the judge of 2018
//! (`judge`), whatever else may be sent (`hostile`), and random work next to a plain model (`model`).
//!
//! Each case says where its rule comes from: a section of the facts about the API ("facts 1.2"), or "assumed".

mod bulk;
mod contacts;
mod conversations;
mod enrich;
mod external_sources;
#[path = "../support/facts.rs"]
mod facts;
mod filling;
mod hostile;
mod identifiers;
mod judge;
mod listings;
mod lookup;
mod merges;
mod misbehavior;
mod model;
mod notes;
mod organizations;
mod patch;
mod protocol;
mod relationships;
mod scans;
mod schemas;
mod settings;
mod sign_in;
mod switches;
mod transport;
mod work;

use std::collections::HashSet;
use std::time::Duration;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use genesys_external_contacts::ExternalContact;
use genesys_external_contacts::sandbox::Sandbox;
use http::{HeaderMap, Request};
use serde_json::{Value, json};

const CONTACTS: &str = "/api/v2/externalcontacts/contacts";
const ORGANIZATIONS: &str = "/api/v2/externalcontacts/organizations";
const RELATIONSHIPS: &str = "/api/v2/externalcontacts/relationships";
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
