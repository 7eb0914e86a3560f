//! Whatever is sent to the sandbox, it answers: in the service's shape, and never with a panic. A test that sends
//! nonsense by mistake should see what the service would say.

use genesys_external_contacts::sandbox::Sandbox;
use http::{HeaderName, HeaderValue, Method, Request, Uri};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::Config;
use serde_json::{Value, json};

const ID: &str = "3d5f2c1e-0000-4000-8000-000000000001";

/// A sandbox with one of everything, whose ids are known, and a token for it.
fn prepared() -> (Sandbox, String) {
    let sandbox = Sandbox::builder().calls_per_minute(None).build();
    sandbox.load_organizations(&json!([{ "id": ID, "name": "Acme" }]).to_string()).unwrap();
    sandbox.load_contacts(&json!([{ "id": ID, "lastName": "Lovelace", "title": "\u{1}" }]).to_string()).unwrap();
    sandbox.generate_contacts(3);
    sandbox.client().contacts().search().send().unwrap();
    let token = sandbox.requests()[1].headers["authorization"].to_str().unwrap().to_owned();
    (sandbox, token)
}

fn send(sandbox: &Sandbox, request: Request<Vec<u8>>) -> u16 {
    let what = format!("{} {}", request.method(), request.uri());
    let is_sign_in = request.uri().path().starts_with("/oauth/");
    let response = sandbox.answer(request);
    let status = response.status().as_u16();
    assert!((200..500).contains(&status), "{what}: {status}");
    assert!(response.headers().contains_key("inin-correlation-id"), "{what}");
    let body: Option<Value> = (!response.body().is_empty())
        .then(|| serde_json::from_slice(response.body()).unwrap_or_else(|_| panic!("{what}")));
    if status >= 400 && !is_sign_in {
        let body = body.unwrap_or_else(|| panic!("{what}: {status} without a body"));
        assert_eq!(
            (&body["status"], &body["contextId"]),
            (&json!(status), &json!(response.headers()["inin-correlation-id"].to_str().unwrap()))
        );
        assert!(body["code"].is_string() && body["message"].is_string(), "{what}");
    }
    status
}

fn method() -> impl Strategy<Value = Method> {
    let known = select(vec![Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::HEAD, Method::PATCH]);
    prop_oneof![8 => known, 1 => "[A-Za-z!]{1,12}".prop_map(|name| Method::from_bytes(name.as_bytes()).unwrap())]
}

const WORDS: &[&str] = &[
    "api",
    "v2",
    "externalcontacts",
    "contacts",
    "organizations",
    "relationships",
    "notes",
    "schemas",
    "versions",
    "conversations",
    "scan",
    "divisionviews",
    "all",
    "externalsources",
    "reversewhitepageslookup",
    "trustor",
    "tokens",
    "me",
    "oauth",
    "token",
    "authorize",
    ID,
    "",
    ".",
    "..",
    "%2e%2e",
    "%",
    "%ff",
    "%00",
    "a%2Fb",
    "1",
    "-1",
    "99999999999999999999",
    "%F0%9F%98%80",
    ";x=1",
    "contacts%20",
];

fn path() -> impl Strategy<Value = String> {
    let real = || {
        select(vec![
            "/api/v2/externalcontacts/contacts",
            "/api/v2/externalcontacts/organizations",
            "/api/v2/externalcontacts/relationships",
            "/api/v2/externalcontacts/contacts/3d5f2c1e-0000-4000-8000-000000000001",
            "/api/v2/externalcontacts/organizations/3d5f2c1e-0000-4000-8000-000000000001",
            "/api/v2/externalcontacts/contacts/3d5f2c1e-0000-4000-8000-000000000001/notes",
            "/api/v2/externalcontacts/organizations/3d5f2c1e-0000-4000-8000-000000000001/notes",
            "/api/v2/externalcontacts/organizations/3d5f2c1e-0000-4000-8000-000000000001/contacts",
            "/api/v2/externalcontacts/organizations/3d5f2c1e-0000-4000-8000-000000000001/relationships",
            "/api/v2/externalcontacts/organizations/3d5f2c1e-0000-4000-8000-000000000001/trustor",
            "/api/v2/externalcontacts/contacts/schemas",
            "/api/v2/externalcontacts/organizations/schemas",
            "/api/v2/externalcontacts/conversations/c1",
            "/api/v2/externalcontacts/scan/contacts",
            "/api/v2/externalcontacts/scan/organizations",
            "/api/v2/externalcontacts/scan/notes/divisionviews/all",
            "/api/v2/externalcontacts/scan/relationships",
            "/api/v2/externalcontacts/externalsources",
            "/api/v2/externalcontacts/externalsources/3d5f2c1e-0000-4000-8000-000000000001",
            "/api/v2/externalcontacts/reversewhitepageslookup",
            "/api/v2/tokens/me",
            "/oauth/token",
            "/oauth/authorize",
        ])
    };
    let segments =
        || vec(select(WORDS), 0..4).prop_map(|words| words.iter().map(|word| format!("/{word}")).collect::<String>());
    prop_oneof![
        6 => real().prop_map(str::to_owned),
        2 => (real(), segments()).prop_map(|(path, rest)| format!("{path}{rest}")),
        1 => segments().prop_map(|path| format!("/{}", path.trim_start_matches('/'))),
        1 => "/[!-\"$->@-~]{0,30}",
    ]
}

const NAMES: &[&str] = &[
    "q",
    "pageSize",
    "pageNumber",
    "sortOrder",
    "expand",
    "divisionIds",
    "divisionId",
    "limit",
    "cursor",
    "name",
    "active",
    "trustorId",
    "includeTrustors",
    "lookupVal",
    "client_id",
    "redirect_uri",
    "response_type",
    "code_challenge",
    "",
    "%71",
];

const VALUES: &[&str] = &[
    "",
    "1",
    "0",
    "-1",
    "10",
    "1000",
    "MC4wLjAuMC4w",
    "18446744073709551615",
    "lastName:asc",
    "createDate:desc",
    ":",
    "identifiers",
    ",,",
    "%",
    "%ff",
    "%22",
    "%22%22",
    "%2B44%2020",
    "%2B1317",
    "+",
    "*",
    "true",
    "%00",
    "%C3%9F",
    "%C4%B0",
    "%EF%AC%81",
    "@",
    "@ada",
    "ada%40example.com",
    "Ǆ",
    "\u{130}",
];

fn query() -> impl Strategy<Value = String> {
    let value = prop_oneof![6 => select(VALUES).prop_map(str::to_owned), 1 => "[!-\"$-~]{0,20}"];
    vec((select(NAMES), value), 0..4)
        .prop_map(|pairs| pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&"))
}

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        select(vec![
            "",
            " ",
            ID,
            "*",
            "+",
            "+33100000001",
            "020 7946 0018",
            "ext. 7",
            "ada@example.com",
            "@",
            "\u{0}",
            "\u{130}ß",
            "9999-12-31T23:59:59Z",
            "{value}",
            "\"",
            "\n"
        ])
        .prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        (1_usize..1_100).prop_map(|length| Value::from("ü".repeat(length))),
    ]
}

/// Documents with the right members and all kinds of values in them.
fn document() -> impl Strategy<Value = Value> {
    let name = select(vec![
        "id",
        "name",
        "lastName",
        "title",
        "workPhone",
        "cellPhone",
        "display",
        "e164",
        "extension",
        "workEmail",
        "address",
        "city",
        "twitterId",
        "screenName",
        "lineId",
        "ids",
        "userId",
        "whatsAppId",
        "phoneNumber",
        "externalIds",
        "externalSource",
        "value",
        "externalOrganization",
        "schema",
        "version",
        "customFields",
        "a_text",
        "a_tag",
        "jsonSchema",
        "properties",
        "enabled",
        "division",
        "noteText",
        "createdBy",
        "user",
        "relationship",
        "tickers",
        "symbol",
        "createDate",
        "type",
        "externalContactId",
        "conversationId",
        "communicationId",
        "mediaType",
        "minLength",
        "maximum",
        "enum",
        "normalizationCountryCode",
        "anything",
    ]);
    leaf().prop_recursive(5, 40, 6, move |inner| {
        prop_oneof![
            1 => vec(inner.clone(), 0..4).prop_map(Value::from),
            3 => proptest::collection::btree_map(name.clone(), inner, 0..6)
                .prop_map(|members| members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()),
        ]
    })
}

/// What would be taken, as whatever it is sent, but for some values that are others. So the later checks get something
/// to do as well.
fn plausible() -> impl Strategy<Value = Value> {
    let phone =
        json!({ "display": "020 7946 0018", "extension": 7, "normalizationCountryCode": "GB", "acceptsSMS": true });
    let whole = json!({
        "firstName": "Ada", "lastName": "Lovelace", "title": "Countess", "workPhone": phone, "cellPhone": phone,
        "workEmail": "ada@example.com", "otherEmail": "ada@example.net", "address": { "city": "London" },
        "twitterId": { "id": "1", "name": "Ada", "screenName": "@ada" },
        "lineId": { "ids": [{ "userId": "1" }], "displayName": "Ada" },
        "whatsAppId": { "phoneNumber": { "display": "13172222222" } }, "facebookId": { "ids": [{ "scopedId": "1" }] },
        "instagramId": { "ids": [{ "scopedId": "1" }], "handle": "ada" }, "appleOpaqueIds": [{ "value": "1" }],
        "externalIds": [{ "value": "7" }], "externalOrganization": { "id": ID }, "surveyOptOut": true,
        "division": { "id": "d1" }, "name": "x", "phoneNumber": phone, "employeeCount": 3, "tags": ["x"],
        "tickers": [{ "symbol": "x", "exchange": "y" }], "noteText": "x", "createdBy": { "id": ID },
        "user": { "id": ID }, "relationship": "x", "conversationId": "c1", "communicationId": "x", "mediaType": "CALL",
        "jsonSchema": { "properties": { "a_text": { "minLength": 0, "maxLength": 5 }, "b_enum": { "enum": ["_1"] },
            "c_number": { "minimum": 1, "maximum": 5 }, "d_tag": { "items": { "maxLength": 5 } } } },
    });
    let mut pointers = Vec::new();
    places("", &whole, &mut pointers);
    vec((select(pointers), prop_oneof![3 => leaf().boxed(), 1 => document().boxed()]), 0..4).prop_map(move |changes| {
        let mut document = whole.clone();
        for (pointer, value) in changes {
            if let Some(place) = document.pointer_mut(&pointer) {
                *place = value;
            }
        }
        document
    })
}

/// The JSON pointers of all values in this one.
fn places(at: &str, value: &Value, found: &mut Vec<String>) {
    let members = value.as_object().into_iter().flatten().map(|(name, member)| (name.clone(), member));
    let items = value.as_array().into_iter().flatten().enumerate().map(|(index, item)| (index.to_string(), item));
    for (name, inner) in members.chain(items) {
        let at = format!("{at}/{name}");
        places(&at, inner, found);
        found.push(at);
    }
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        1 => Just(Vec::new()),
        1 => vec(any::<u8>(), 0..200),
        3 => document().prop_map(|document| document.to_string().into_bytes()),
        6 => plausible().prop_map(|document| document.to_string().into_bytes()),
        // Cut off somewhere.
        1 => (document(), any::<proptest::sample::Index>()).prop_map(|(document, at)| {
            let mut text = document.to_string().into_bytes();
            text.truncate(at.index(text.len()));
            text
        }),
        1 => (1_usize..2_000, select(vec!["[", "{\"a\":", "[{\"externalIds\":"])).prop_map(|(depth, part)| part.repeat(depth).into_bytes()),
        1 => select(vec!["grant_type=client_credentials", "grant_type=%ff&code=%00", "grant_type=refresh_token&refresh_token="])
            .prop_map(|form| form.as_bytes().to_vec()),
    ]
}

fn headers() -> impl Strategy<Value = Vec<(HeaderName, HeaderValue)>> {
    let name = prop_oneof![
        select(vec!["authorization", "content-type", "content-length", "accept", "expect", "host"])
            .prop_map(str::to_owned),
        "[a-z!#$%&'*+.^_`|~-]{1,20}",
    ];
    let value = prop_oneof![
        select(vec![
            "",
            "Bearer",
            "Bearer  ",
            "bearer x y",
            "Basic",
            "Basic !",
            "Basic Og==",
            "Basic /w==",
            "application/json;",
            "application/JSON; charset=\"",
            "application/x-www-form-urlencoded",
            ";"
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
        vec(any::<u8>(), 0..40),
    ];
    vec((name, value), 0..3).prop_map(|pairs| {
        let header =
            |(name, value): (String, Vec<u8>)| Some((name.parse().ok()?, HeaderValue::from_bytes(&value).ok()?));
        pairs.into_iter().filter_map(header).collect()
    })
}

proptest! {
    #![proptest_config(Config { cases: 256, failure_persistence: None, ..Config::default() })]
    #[test]
    fn every_request_gets_an_answer(
        requests in vec((method(), path(), query(), headers(), body(), any::<bool>()), 1..8)
    ) {
        let (sandbox, token) = prepared();
        for (method, path, query, headers, body, is_odd) in requests {
            // What is no URI can't be asked for.
            let Ok(uri) = format!("{path}?{query}").parse::<Uri>() else { continue };
            let mut request = Request::builder().method(method).uri(uri);
            if !is_odd {
                request = request.header("authorization", &token).header("content-type", "application/json");
            }
            for (name, value) in headers {
                request = request.header(name, value);
            }
            send(&sandbox, request.body(body).unwrap());
        }
        // It still works, whatever was done to it.
        let client = sandbox.client();
        for contact in client.contacts().search().items() {
            contact.unwrap();
        }
        for organization in client.organizations().search().items() {
            organization.unwrap();
        }
    }
}

#[test]
fn large_and_deep_bodies_are_refused() {
    let (sandbox, token) = prepared();
    let post = |content_type: &str, body: Vec<u8>| {
        let request = Request::post("/api/v2/externalcontacts/contacts").header("authorization", &token);
        send(&sandbox, request.header("content-type", content_type).body(body).unwrap())
    };
    assert_eq!(post("application/json", vec![b' '; 64 << 20]), 413);
    assert_eq!(post("application/json", vec![0xff; 512_000]), 400);
    for part in ["[", "{\"a\":", "{\"address\":", "{\"customFields\":[", "\"", "\\"] {
        assert_eq!(post("application/json", part.repeat(512_000 / part.len()).into_bytes()), 400, "{part}");
    }
    // As deep as it may be, and as many members.
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(120), "]".repeat(120));
    assert_eq!(post("application/json", deep.into_bytes()), 200);
    let many: serde_json::Map<_, _> = (0..20_000).map(|n| (format!("m{n}"), json!(n))).collect();
    assert_eq!(post("application/json", json!(many).to_string().into_bytes()), 200);
    let phones = format!("{{\"workPhone\":{{\"display\":\"{}\"}}}}", "+1".repeat(200_000));
    assert_eq!(post("application/json", phones.into_bytes()), 422);
    let client = sandbox.client();
    assert_eq!(client.contacts().search().send().unwrap().total, Some(6));
}
