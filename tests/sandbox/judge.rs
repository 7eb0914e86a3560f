//! The sandbox before a judge that it has no part in: the vendor's own description of the API, of 2018.
//!
//! The description is not part of this project. `EXTERNAL_CONTACTS_SWAGGER` says where it is, or else it lies at
//! `../shared/spec/swagger-2018.json`, next to the project; where it is in neither place, nothing is judged, and
//! a line that begins with `SKIPPED` says so. What the API
//! has got since then is judged by `tests/facts/facts.json`. Where the two contradict each other, the newer one is right:
//! the lists below name each such point, and none that is not needed.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use genesys_external_contacts::sandbox::Sandbox;
use http::{Request, Uri};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

/// Members that were required in 2018 and are not any more.
const NOT_REQUIRED: &[(&str, &str, &str)] = &[
    ("ExternalContact", "firstName", "facts 6.2: a contact without any name was seen"),
    ("ExternalContact", "lastName", "facts 6.2: a contact without any name was seen"),
    ("ExternalOrganization", "name", "facts 6.2: a reference is an id unless it is expanded"),
    ("User", "version", "facts 6.5: of a user only the id is required"),
];

/// Answers that are of another model than in 2018.
const OTHER_ANSWERS: &[(&str, &str, &str)] = &[(
    "PUT /api/v2/externalcontacts/organizations/{externalOrganizationId}/trustor/{trustorId}",
    "ExternalOrganizationTrustorLink",
    "facts 6.1: a link, not the organization",
)];

/// Error codes, and whole statuses, that were not described in 2018.
const OTHER_CODES: &[(u16, &str, &str)] = &[
    (400, "invalid.query.param.value", "facts 1.2: exists, and where the service gives it is assumed"),
    (408, "client.timeout", "facts 1.2: since 2021"),
    (409, "conflict", "facts 1.2: on all operations since 2024; the code is assumed"),
    (413, "request.entity.too.large", "facts 1.2: newer"),
    (422, "payload.or.params.invalid", "facts 1.3: since 2019; the code is assumed"),
    (429, "too.many.requests.retry.after", "facts 2: since 2021"),
];

struct Judge {
    spec: Value,
    facts: Value,
    /// The exceptions that were made.
    made: RefCell<BTreeSet<String>>,
}

impl Judge {
    fn new(spec: Value) -> Self {
        let facts = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/facts/facts.json");
        let facts = serde_json::from_slice(&fs::read(facts).unwrap()).unwrap();
        Self { spec, facts, made: RefCell::default() }
    }

    fn problems(&self, schema: &Value, value: &Value) -> Vec<String> {
        let mut problems = Vec::new();
        self.check(schema, value, "", &mut problems);
        problems
    }

    fn check(&self, schema: &Value, value: &Value, at: &str, problems: &mut Vec<String>) {
        if let Some(name) = schema["$ref"].as_str() {
            return self.check_model(name.trim_start_matches("#/definitions/"), value, at, problems);
        }
        let is_of_type = match schema["type"].as_str() {
            None => true,
            Some("string") => value.is_string(),
            Some("boolean") => value.is_boolean(),
            Some("integer") => value.is_i64() || value.is_u64(),
            Some("number") => value.is_number(),
            Some("array") => value.is_array(),
            Some("object") => value.is_object(),
            Some(other) => panic!("a type that the checker doesn't know: {other}"),
        };
        if !is_of_type {
            return problems.push(format!("{at}: {value} is no {}", schema["type"]));
        }
        if let Some(allowed) = schema["enum"].as_array()
            && !allowed.contains(value)
        {
            problems.push(format!("{at}: {value} is none of {allowed:?}"));
        }
        let text = value.as_str().unwrap_or_default();
        let is_of_format = match schema["format"].as_str() {
            Some("date-time") => OffsetDateTime::parse(text, &Rfc3339).is_ok(),
            Some("uri") => text.parse::<Uri>().is_ok(),
            Some("int32") => value.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
            _ => true,
        };
        if !is_of_format {
            problems.push(format!("{at}: {value} is no {}", schema["format"]));
        }
        for (index, item) in value.as_array().into_iter().flatten().enumerate() {
            self.check(&schema["items"], item, &format!("{at}[{index}]"), problems);
        }
        for (name, member) in value.as_object().into_iter().flatten() {
            self.check(&schema["additionalProperties"], member, &format!("{at}.{name}"), problems);
        }
    }

    fn check_model(&self, model: &str, value: &Value, at: &str, problems: &mut Vec<String>) {
        let Some(object) = value.as_object() else {
            return problems.push(format!("{at}: {value} is no {model}"));
        };
        let old = &self.spec["definitions"][model];
        let new = &self.facts["models"][model];
        for name in old["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            let is_excepted = NOT_REQUIRED.iter().any(|(of, member, _)| (*of, *member) == (model, name));
            match object.contains_key(name) {
                true => {}
                false if is_excepted => self.except(&format!("{model}.{name}")),
                false => problems.push(format!("{at}: {model}.{name} is missing")),
            }
        }
        for (name, member) in object {
            let at = format!("{at}.{name}");
            match (&old["properties"][name], &new[name]) {
                (Value::Null, Value::Null) => problems.push(format!("{at}: no member of {model}")),
                (Value::Null, new) => self.check(&schema_of(new), member, &at, problems),
                (old, _) => self.check(old, member, &at, problems),
            }
        }
    }

    fn except(&self, what: &str) {
        self.made.borrow_mut().insert(what.to_owned());
    }

    /// What is wrong with an answer to the operation `GET /path/{with}/{parameters}`.
    fn judge(&self, operation: &str, status: u16, body: Option<&Value>) -> Vec<String> {
        let (method, path) = operation.split_once(' ').unwrap();
        let responses = &self.spec["paths"][path][method.to_lowercase()]["responses"];
        let response = &responses[status.to_string()];
        if status >= 400 {
            let error_body = json!({ "$ref": "#/definitions/ErrorBody" });
            let body = body.unwrap_or(&Value::Null);
            let mut problems = self.problems(&error_body, body);
            let code = body["code"].as_str().unwrap_or_default();
            if response["x-inin-error-codes"].get(code).is_none() {
                match OTHER_CODES.iter().any(|(of, other, _)| (*of, *other) == (status, code)) {
                    true => self.except(&format!("{status} {code}")),
                    false => problems.push(format!("{status} with the code {code:?}")),
                }
            }
            return problems;
        }
        if let Some((_, model, _)) = OTHER_ANSWERS.iter().find(|(of, _, _)| *of == operation) {
            self.except(operation);
            return self.problems(&json!({ "$ref": format!("#/definitions/{model}") }), body.unwrap_or(&Value::Null));
        }
        match (response, &responses["default"], body) {
            (Value::Null, Value::Null, _) => vec![format!("{status} is not described")],
            // facts 6.1: these say nothing, in the shape of an object.
            (Value::Null, _, body) if body == Some(&json!({})) => Vec::new(),
            (Value::Null, _, body) => vec![format!("{body:?}")],
            (response, _, Some(body)) if !response["schema"].is_null() => self.problems(&response["schema"], body),
            (response, _, None) if response["schema"].is_null() => Vec::new(),
            (_, _, body) => vec![format!("{status} with {body:?}")],
        }
    }

    fn operations(&self) -> BTreeSet<String> {
        let paths = self.spec["paths"].as_object().unwrap();
        let of_path = |(path, methods): (&String, &Value)| {
            let methods: Vec<_> = methods.as_object().unwrap().keys().map(|method| method.to_uppercase()).collect();
            methods.into_iter().map(|method| format!("{method} {path}")).collect::<Vec<_>>()
        };
        paths.iter().flat_map(of_path).collect()
    }
}

/// A member as `tests/facts/facts.json` has it, in the words of the description.
fn schema_of(member: &Value) -> Value {
    let of_type = |name: &str| schema_of(&json!({ "type": name }));
    let name = member["type"].as_str().unwrap();
    let mut schema = match name {
        "str" => json!({ "type": "string" }),
        "int" => json!({ "type": "integer" }),
        "float" => json!({ "type": "number" }),
        "bool" => json!({ "type": "boolean" }),
        "datetime" => json!({ "type": "string", "format": "date-time" }),
        "date" => json!({ "type": "string" }),
        "object" => json!({}),
        _ => match (name.strip_prefix("list["), name.strip_prefix("dict(str, ")) {
            (Some(item), _) => json!({ "type": "array", "items": of_type(item.strip_suffix(']').unwrap()) }),
            (_, Some(value)) => {
                json!({ "type": "object", "additionalProperties": of_type(value.strip_suffix(')').unwrap()) })
            }
            _ => json!({ "$ref": format!("#/definitions/{name}") }),
        },
    };
    if let Some(allowed) = member.get("enum") {
        schema["enum"] = allowed.clone();
    }
    schema
}

#[test]
fn the_checker_finds_what_is_wrong() {
    let judge = Judge::new(json!({
        "paths": {
            "/things/{id}": {
                "get": { "responses": {
                    "200": { "schema": { "$ref": "#/definitions/Thing" } },
                    "404": { "x-inin-error-codes": { "not.found": "" } },
                } },
                "delete": { "responses": { "default": {} } },
                "put": { "responses": { "204": {} } },
            },
        },
        "definitions": {
            "Thing": {
                "required": ["id"],
                "properties": {
                    "id": { "type": "string" },
                    "count": { "type": "integer", "format": "int32" },
                    "weight": { "type": "number" },
                    "good": { "type": "boolean" },
                    "color": { "type": "string", "enum": ["red", "blue"] },
                    "date": { "type": "string", "format": "date-time" },
                    "uri": { "type": "string", "format": "uri" },
                    "parts": { "type": "array", "items": { "$ref": "#/definitions/Thing" } },
                    "names": { "type": "object", "additionalProperties": { "type": "string" } },
                },
            },
            // With the members that facts.json knows besides.
            "PhoneNumber": { "properties": { "display": { "type": "string" } } },
            "ErrorBody": { "properties": { "code": { "type": "string" } } },
        },
    }));
    let good = json!({
        "id": "1", "count": 3, "weight": 1.5, "good": true, "color": "red", "date": "2026-01-02T03:04:05.678Z",
        "uri": "/api/v2/things/1", "parts": [{ "id": "2", "count": -1 }], "names": { "de": "Ding" },
    });
    let thing = json!({ "$ref": "#/definitions/Thing" });
    assert_eq!(judge.problems(&thing, &good), Vec::<String>::new());
    for (pointer, wrong) in [
        ("/id", json!(1)),
        ("/id", Value::Null),
        ("/count", json!("3")),
        ("/count", json!(1.5)),
        ("/count", json!(3_000_000_000_u32)),
        ("/weight", json!("1.5")),
        ("/good", json!("true")),
        ("/color", json!("green")),
        ("/date", json!("2026-01-02")),
        ("/date", json!("2026-01-02 03:04:05")),
        ("/uri", json!("no uri")),
        ("/parts", json!({})),
        ("/parts/0", json!("2")),
        ("/parts/0", json!({})),
        ("/parts/0/count", json!(true)),
        ("/names", json!([])),
        ("/names/de", json!(1)),
    ] {
        let mut bad = good.clone();
        *bad.pointer_mut(pointer).unwrap() = wrong.clone();
        assert_eq!(judge.problems(&thing, &bad).len(), 1, "{pointer} {wrong}");
    }
    let mut more = good.clone();
    more["unheard"] = json!(1);
    assert_eq!(judge.problems(&thing, &more), [".unheard: no member of Thing"]);
    let number = json!({ "$ref": "#/definitions/PhoneNumber" });
    assert!(judge.problems(&number, &json!({ "normalizationCountryCode": "GB" })).is_empty());
    assert_eq!(judge.problems(&number, &json!({ "normalizationCountryCode": 44, "color": "red" })).len(), 2);

    let not_found = json!({ "code": "not.found" });
    for (operation, status, body, is_right) in [
        ("GET /things/{id}", 200, Some(&good), true),
        ("GET /things/{id}", 200, Some(&more), false),
        ("GET /things/{id}", 200, None, false),
        ("GET /things/{id}", 201, Some(&good), false),
        ("GET /things/{id}", 404, Some(&not_found), true),
        ("GET /things/{id}", 404, Some(&json!({ "code": "lost" })), false),
        ("GET /things/{id}", 404, Some(&json!({ "code": "not.found", "uri": "/" })), false),
        ("GET /things/{id}", 404, None, false),
        ("GET /things/{id}", 503, Some(&not_found), false),
        ("DELETE /things/{id}", 200, Some(&json!({})), true),
        ("DELETE /things/{id}", 200, None, false),
        ("PUT /things/{id}", 204, None, true),
        ("PUT /things/{id}", 204, Some(&json!({})), false),
    ] {
        let problems = judge.judge(operation, status, body);
        assert_eq!(problems.is_empty(), is_right, "{operation} {status} {body:?}: {problems:?}");
    }
    assert_eq!(judge.operations().len(), 3);
}

/// Where the description is, if it is anywhere.
fn description() -> Option<Value> {
    let said = env::var_os("EXTERNAL_CONTACTS_SWAGGER").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/spec/swagger-2018.json");
    // Who says where it is wants it to be read.
    let text = match said {
        Some(path) => fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())),
        None => fs::read(beside).ok()?,
    };
    Some(serde_json::from_slice(&text).unwrap())
}

/// Calls the sandbox, and brings each answer before the judge.
struct Court<'a> {
    judge: &'a Judge,
    sandbox: Sandbox,
    token: String,
    /// The statuses that each operation was seen to give.
    seen: RefCell<BTreeMap<String, BTreeSet<u16>>>,
    problems: RefCell<Vec<String>>,
}

impl<'a> Court<'a> {
    fn new(judge: &'a Judge) -> Self {
        let sandbox = Sandbox::builder().calls_per_minute(None).build();
        let user = BASE64_STANDARD.encode(format!("{}:{}", Sandbox::CLIENT_ID, Sandbox::CLIENT_SECRET));
        let request = Request::post("/oauth/token")
            .header("authorization", format!("Basic {user}"))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(b"grant_type=client_credentials".to_vec());
        let answer: Value = serde_json::from_slice(sandbox.answer(request.unwrap()).body()).unwrap();
        let token = answer["access_token"].as_str().unwrap().to_owned();
        Self { judge, sandbox, token, seen: RefCell::default(), problems: RefCell::default() }
    }

    /// The operation that a path is of: that with the fewest parameters.
    fn operation(&self, method: &str, path: &str) -> String {
        let fits = |operation: &String| {
            let (of, pattern) = operation.split_once(' ').unwrap();
            let same = |(a, b): (&str, &str)| a == b || a.starts_with('{');
            of == method
                && pattern.split('/').count() == path.split('/').count()
                && pattern.split('/').zip(path.split('/')).all(same)
        };
        let fitting = self.judge.operations().into_iter().filter(fits);
        fitting.min_by_key(|operation| operation.matches('{').count()).unwrap_or_else(|| panic!("{method} {path}"))
    }

    fn send(&self, method: &str, path: &str, token: &str, content_type: &str, body: &str) -> (u16, Value) {
        let mut request =
            Request::builder().method(method).uri(path).header("authorization", format!("Bearer {token}"));
        if !content_type.is_empty() {
            request = request.header("content-type", content_type);
        }
        let response = self.sandbox.answer(request.body(body.as_bytes().to_vec()).unwrap());
        let status = response.status().as_u16();
        let body = response.body();
        let body: Option<Value> = (!body.is_empty()).then(|| serde_json::from_slice(body).unwrap());
        let operation = self.operation(method, path.split('?').next().unwrap());
        for problem in self.judge.judge(&operation, status, body.as_ref()) {
            self.problems.borrow_mut().push(format!("{operation} {status} {problem}"));
        }
        self.seen.borrow_mut().entry(operation).or_default().insert(status);
        (status, body.unwrap_or_default())
    }

    fn call(&self, method: &str, path: &str, body: &Value) -> Value {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let content_type = if body.is_empty() { "" } else { "application/json" };
        let (status, answer) = self.send(method, path, &self.token, content_type, &body);
        assert!(status < 300, "{method} {path}: {status} {answer}");
        answer
    }

    fn get(&self, path: &str) -> Value {
        self.call("GET", path, &Value::Null)
    }
}

fn id(answer: &Value) -> &str {
    answer["id"].as_str().unwrap()
}

/// Everything that can be filled in.
fn full_contact(organization: &str, source: &str, schema: &str) -> Value {
    let phone = |display: &str| json!({ "display": display, "extension": 7, "acceptsSMS": true, "normalizationCountryCode": "GB" });
    json!({
        "firstName": "Ada", "middleName": "King", "lastName": "Lovelace", "salutation": "Lady", "title": "Countess",
        "workPhone": phone("020 7946 0018"), "cellPhone": phone("+1 317 222 2222"), "homePhone": phone("ask"),
        "otherPhone": phone("+33100000001"),
        "workEmail": "ada@example.com", "personalEmail": "ada@example.org", "otherEmail": "ada@example.net",
        "address": { "address1": "12 St James's Square", "address2": "2nd floor", "city": "London", "state": "London",
            "postalCode": "SW1Y 4LB", "countryCode": "GB" },
        "twitterId": { "id": "1", "name": "Ada", "screenName": "@ada" },
        "lineId": { "ids": [{ "userId": "1" }], "displayName": "Ada" },
        "whatsAppId": { "phoneNumber": { "display": "13172222222" }, "displayName": "Ada" },
        "facebookId": { "ids": [{ "scopedId": "1" }], "displayName": "Ada" },
        "instagramId": { "ids": [{ "scopedId": "1" }], "displayName": "Ada", "handle": "ada" },
        "appleOpaqueIds": [{ "value": "1" }],
        "externalIds": [{ "externalSource": { "id": source }, "value": "7" }],
        "externalOrganization": { "id": organization }, "surveyOptOut": true,
        "externalSystemUrl": "https://crm.example.com/7", "division": { "id": NOBODY },
        "schema": { "id": schema, "version": 1 }, "customFields": { "rank_text": "high" },
    })
}

fn full_organization(source: &str) -> Value {
    json!({
        "name": "Analytical Engines", "companyType": "Ltd", "industry": "Machines", "primaryContactId": NOBODY,
        "address": { "address1": "1 Dorset Street", "city": "London" },
        "phoneNumber": { "display": "+44 20 7946 0018" }, "faxNumber": { "display": "+44 20 7946 0019" },
        "employeeCount": 3, "revenue": 9_000_000_000_i64, "tags": ["old"], "websites": ["https://example.com"],
        "tickers": [{ "symbol": "ENG", "exchange": "LSE" }], "twitterId": { "screenName": "engines" },
        "externalSystemUrl": "https://crm.example.com/8", "division": { "id": NOBODY },
        "externalIds": [{ "externalSource": { "id": source }, "value": "8" }],
    })
}

const CONTACTS: &str = "/api/v2/externalcontacts/contacts";
const ORGANIZATIONS: &str = "/api/v2/externalcontacts/organizations";
const RELATIONSHIPS: &str = "/api/v2/externalcontacts/relationships";

/// Each operation with all that it can show, and with as little as possible.
fn successes(court: &Court) {
    let source = court.sandbox.add_external_source("CRM");
    let client = court.sandbox.client();
    let schema = json!({ "name": "Rank", "version": 0, "jsonSchema": { "properties": { "rank_text": {} } } });
    let schema =
        client.contacts().schemas().create(serde_json::from_value(schema).unwrap()).send().unwrap().id.unwrap();
    let organization = court.call("POST", ORGANIZATIONS, &full_organization(&source));
    let organization_path = format!("{ORGANIZATIONS}/{}", id(&organization));
    court.call("PUT", &organization_path, &full_organization(&source));
    court.call("PUT", &format!("{organization_path}/trustor/{NOBODY}"), &Value::Null);
    let least = court.call("POST", ORGANIZATIONS, &json!({ "name": "Least" }));

    let all = full_contact(id(&organization), &source, &schema);
    let contact = court.call("POST", CONTACTS, &all);
    for member in all.as_object().unwrap().keys() {
        assert!(!contact[member].is_null(), "{member} was lost");
    }
    let contact_path = format!("{CONTACTS}/{}", id(&contact));
    court.call("PUT", &contact_path, &all);
    court.call("POST", CONTACTS, &json!({}));
    for _ in 0..5 {
        court.call(
            "POST",
            CONTACTS,
            &json!({ "lastName": "Many", "externalOrganization": { "id": id(&organization) } }),
        );
    }

    let of_contact = "externalOrganization,externalDataSources,identifiers,externalSources,division";
    let of_organization = "externalDataSources,identifiers,externalSources,division";
    for query in ["", &format!("?expand={of_contact}"), "?expand=externalOrganization&expand=externalDataSources"] {
        court.get(&format!("{contact_path}{query}"));
        for listing in [CONTACTS, &format!("{organization_path}/contacts")] {
            let listed = court.get(&format!("{listing}{query}"));
            assert!(listed["entities"].as_array().unwrap().len() > 5, "{listing}");
        }
    }
    // A page in the middle has all the links; a search may find nothing.
    let page = court.get(&format!("{CONTACTS}?pageSize=2&pageNumber=2&q=%22many%22&sortOrder=lastName:desc"));
    for link in ["firstUri", "selfUri", "previousUri", "nextUri", "lastUri"] {
        court.get(page[link].as_str().unwrap());
    }
    court.get(&format!("{CONTACTS}?q=nobody"));
    for query in ["", "?includeTrustors=true", &format!("?includeTrustors=true&expand={of_organization}")] {
        court.get(&format!("{organization_path}{query}"));
        court.get(&format!("{ORGANIZATIONS}{query}"));
    }
    court.get(&format!("{ORGANIZATIONS}?trustorId={NOBODY}&sortOrder=name:asc&q=analytical"));

    for owner in [&contact_path, &organization_path] {
        let notes = format!("{owner}/notes");
        let note = json!({ "noteText": "called", "createdBy": { "id": NOBODY }, "name": "a note" });
        let created = court.call("POST", &notes, &note);
        court.call("POST", &notes, &note);
        let path = format!("{notes}/{}", id(&created));
        court.call("PUT", &path, &note);
        for query in ["", "?expand=author,externalDataSources,division"] {
            court.get(&format!("{path}{query}"));
            court.get(&format!("{notes}{query}"));
        }
        court.get(&format!("{notes}?pageSize=1&pageNumber=2&sortOrder=createDate:desc"));
        court.call("DELETE", &path, &Value::Null);
    }

    let relationship = json!({
        "user": { "id": NOBODY }, "externalOrganization": { "id": id(&organization) }, "relationship": "Manager",
        "name": "a relationship",
    });
    let created = court.call("POST", RELATIONSHIPS, &relationship);
    let path = format!("{RELATIONSHIPS}/{}", id(&created));
    court.call("PUT", &path, &relationship);
    for query in ["", "?expand=externalDataSources,division"] {
        court.get(&format!("{path}{query}"));
        court.get(&format!("{organization_path}/relationships{query}"));
    }
    court.call("DELETE", &path, &Value::Null);

    let association = json!({
        "externalContactId": id(&contact), "conversationId": "c1", "communicationId": "k1", "mediaType": "CALL",
    });
    court.call("PUT", "/api/v2/externalcontacts/conversations/c1", &association);
    for query in ["", "&expand=contacts.externalOrganization,externalDataSources,division"] {
        let found =
            court.get(&format!("/api/v2/externalcontacts/reversewhitepageslookup?lookupVal=ada@example.com{query}"));
        assert_eq!(found["contacts"].as_array().unwrap().len(), 1);
    }
    court.call("DELETE", &format!("{organization_path}/trustor"), &Value::Null);
    court.call("DELETE", &contact_path, &Value::Null);
    court.call("DELETE", &format!("{ORGANIZATIONS}/{}", id(&least)), &Value::Null);
}

/// Each error that is described, of each operation that can have it.
fn errors(court: &Court) {
    let organization = court.call("POST", ORGANIZATIONS, &json!({ "name": "Acme" }));
    let contact = court.call("POST", CONTACTS, &json!({}));
    let author = json!({ "noteText": "x", "createdBy": { "id": NOBODY } });
    let of_contact = court.call("POST", &format!("{CONTACTS}/{}/notes", id(&contact)), &author);
    let of_organization = court.call("POST", &format!("{ORGANIZATIONS}/{}/notes", id(&organization)), &author);
    let relationship = court.call(
        "POST",
        RELATIONSHIPS,
        &json!({ "user": { "id": NOBODY }, "externalOrganization": { "id": id(&organization) }, "relationship": "x" }),
    );
    for operation in court.judge.operations() {
        let (method, pattern) = operation.split_once(' ').unwrap();
        let note = if pattern.starts_with(CONTACTS) { id(&of_contact) } else { id(&of_organization) };
        let path = pattern
            .replace("{contactId}", id(&contact))
            .replace("{externalOrganizationId}", id(&organization))
            .replace("{relationshipId}", id(&relationship))
            .replace("{noteId}", note);
        let json = "application/json";
        let parameters = &court.judge.spec["paths"][pattern][method.to_lowercase()]["parameters"];
        let takes = |place: &str| parameters.as_array().unwrap().iter().any(|parameter| parameter["in"] == place);
        let expect = |status: u16, answer: (u16, Value)| {
            assert_eq!(answer.0, status, "{operation}: {}", answer.1);
        };

        expect(401, court.send(method, &path, "", json, "{}"));
        expect(401, court.send(method, &path, "wrong", json, "{}"));
        court.sandbox.set_permissions(["nothing"]);
        expect(403, court.send(method, &path, &court.token, json, "{}"));
        court.sandbox.set_permissions(["*:*:*"]);
        for status in [403, 408, 409, 429, 500, 503, 504] {
            court.sandbox.next_calls(1).fail(status);
            expect(status, court.send(method, &path, &court.token, json, "{}"));
        }
        if takes("query") {
            expect(400, court.send(method, &format!("{path}?expand=nothing"), &court.token, "", ""));
        }
        if takes("body") {
            expect(415, court.send(method, &path, &court.token, "text/plain", "{}"));
            expect(400, court.send(method, &path, &court.token, json, "{"));
            expect(413, court.send(method, &path, &court.token, json, &" ".repeat(512_001)));
            // In many words of the service: a wrong type, a date that is none, a value that breaks a rule, a reference.
            for (status, body) in [
                (400, json!({ "externalOrganization": 7, "name": 7, "mediaType": 7 })),
                (
                    400,
                    json!({ "createDate": "yesterday", "externalOrganization": { "id": NOBODY }, "user": { "id": "x" },
                    "relationship": "x" }),
                ),
                (422, json!({ "externalSystemUrl": "x".repeat(1001) })),
            ] {
                if status == 400 || !pattern.contains("/conversations/") {
                    expect(status, court.send(method, &path, &court.token, json, &body.to_string()));
                }
            }
        }
        // Conversations are not known here, and every id is taken.
        if takes("path") && !pattern.contains("/conversations/") {
            let first = path.replace(id(&contact), NOBODY).replace(id(&organization), NOBODY);
            let path = if first == path { path.replace(id(&relationship), NOBODY) } else { first };
            let body = r#"{ "name": "x", "noteText": "x", "createdBy": { "id": "x" } }"#;
            expect(404, court.send(method, &path, &court.token, json, body));
        }
    }
}

#[test]
fn every_answer_is_as_the_vendor_described_it() {
    let Some(spec) = description() else {
        // Not with `println!`, which nobody sees of a test that passes.
        writeln!(
            io::stderr(),
            "SKIPPED tests/sandbox judge: the vendor's description of 2018 is not here, so no answer was compared with it; \
             set EXTERNAL_CONTACTS_SWAGGER to its path"
        )
        .unwrap();
        return;
    };
    let judge = Judge::new(spec);
    assert_eq!(judge.operations().len(), 30);
    let court = Court::new(&judge);
    successes(&court);
    errors(&court);
    let problems: BTreeSet<_> = court.problems.take().into_iter().collect();
    assert!(problems.is_empty(), "{}", problems.into_iter().collect::<Vec<_>>().join("\n"));

    let seen = court.seen.take();
    for operation in judge.operations() {
        let statuses = seen.get(&operation).cloned().unwrap_or_default();
        assert!(statuses.iter().any(|status| *status < 300), "{operation} never succeeded: {statuses:?}");
        for status in [401, 403, 429, 500, 503, 504] {
            assert!(statuses.contains(&status), "{operation}: no {status} was judged");
        }
    }
    let made = judge.made.take();
    let listed = NOT_REQUIRED.iter().map(|(model, member, _)| format!("{model}.{member}"));
    let listed = listed.chain(OTHER_ANSWERS.iter().map(|(operation, _, _)| (*operation).to_owned()));
    let listed = listed.chain(OTHER_CODES.iter().map(|(status, code, _)| format!("{status} {code}")));
    assert_eq!(made, listed.collect(), "exceptions that were made, and those that are listed");
}
