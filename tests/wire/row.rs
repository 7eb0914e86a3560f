//! The rows: what the caller gives, and what must arrive.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;

use genesys_external_contacts::model::SortOrder;
use genesys_external_contacts::{TransportError, TransportErrorKind};
use percent_encoding::percent_decode_str;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::facts::{self, Operation};
use crate::sample;
use crate::support::{Script, Sent};

pub const TOKEN: &str = "a-token";
const HOST: &str = "https://api.mypurecloud.ie";

/// The operations that none of the recorded clients has. Their rows are made from the facts.
const NOT_RECORDED: [&str; 3] =
    ["delete_externalcontacts_settings", "get_externalcontacts_settings", "put_externalcontacts_settings"];

/// Members of bodies that the API needs and some rows don't have, or have with an id that can't be meant: the clients that
/// were recorded take any body. They are set in what the caller gives and in what must arrive.
const NEEDED: [(&str, &str, &str); 2] = [
    ("post_externalcontacts_import_csv_jobs", "settingsId", "44444444-4444-4444-4444-444444444444"),
    // The id that is in the path.
    ("put_externalcontacts_import_job", "jobId", "11111111-1111-1111-1111-111111111111"),
];

pub struct Row(Value);

pub fn all() -> Vec<Row> {
    let recorded = [include_str!("../facts/seed.jsonl"), include_str!("../facts/rest.jsonl")];
    let recorded = recorded.iter().flat_map(|rows| rows.lines()).map(|row| Row(serde_json::from_str(row).unwrap()));
    let not_recorded = NOT_RECORDED.iter().flat_map(|op| ["required", "full"].map(|set| Row::described(op, set)));
    let mut rows: Vec<_> = recorded.map(Row::with_what_is_needed).chain(not_recorded).collect();
    rows.iter_mut().for_each(Row::correct);
    rows
}

/// What was run is what the ledger has as done.
pub fn compare_with_the_ledger(run: &BTreeSet<String>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/facts/coverage.md");
    let ledger = std::fs::read_to_string(path).unwrap();
    let done = facts::done(&ledger);
    let (missing, too_many): (Vec<_>, Vec<_>) = (run.difference(&done).collect(), done.difference(run).collect());
    assert!(
        missing.is_empty() && too_many.is_empty(),
        "tests/facts/coverage.md is out of date: {missing:?} were run and are not done there, {too_many:?} are done there and \
         were not run. BLESS=1 cargo test --test repository"
    );
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.op(), self.set())
    }
}

impl Row {
    pub fn op(&self) -> &str {
        self.0["op"].as_str().unwrap()
    }

    pub fn set(&self) -> &str {
        self.0["set"].as_str().unwrap()
    }

    /// The recorded clients were made to ask for pages of 0 records, which the crate refuses.
    fn correct(&mut self) {
        for body in ["/args/body", "/request/body"] {
            if let Some(size) = self.0.pointer_mut(body).and_then(|body| body.get_mut("pageSize"))
                && *size == 0
            {
                *size = json!(20);
            }
        }
    }

    fn with_what_is_needed(mut self) -> Self {
        let op = self.op().to_owned();
        for (_, member, value) in NEEDED.iter().filter(|(needs, ..)| *needs == op) {
            for body in ["/args/body", "/request/body"] {
                self.0.pointer_mut(body).unwrap_or_else(|| panic!("{op}: no body"))[member] = json!(value);
            }
        }
        self
    }

    /// A row of an operation that nobody recorded.
    fn described(op: &str, set: &str) -> Self {
        let facts = facts::operation(op).unwrap_or_else(|| panic!("{op}: unknown"));
        let full = set == "full";
        let path: Map<_, _> = facts.path_params.iter().map(|name| (name.clone(), json!(sample::ID))).collect();
        let query = facts.query.iter().filter(|parameter| full || parameter.required);
        let query: Map<_, _> =
            query.map(|given| (given.name.clone(), sample::value(&given.kind, &given.name, &given.listed))).collect();
        let body = facts.body.as_ref().filter(|body| full || body.required);
        let body = body.map(|body| sample::value(&body.kind, "", &[]));
        let segments = facts.path.trim_start_matches('/').split('/');
        let segments: Vec<_> = segments.map(|part| if part.starts_with('{') { sample::ID } else { part }).collect();
        let pairs: Vec<_> = query.iter().flat_map(|(name, value)| pairs(name, value)).collect();
        let content_type = body.as_ref().map(|_| "application/json");
        let mut row = json!({
            "op": op,
            "set": set,
            "args": { "path": path, "query": query },
            "request": {
                "method": facts.method,
                "path_segments": segments,
                "query": pairs,
                "headers": { "accept": "application/json", "content-type": content_type },
                "body_present": body.is_some(),
                "body": body,
            },
        });
        if let Some(body) = body {
            row["args"]["body"] = body;
        }
        Self(row)
    }

    /// What the API's description says about the operation.
    pub fn facts(&self) -> &'static Operation {
        facts::operation(self.op()).unwrap_or_else(|| panic!("{self}: unknown"))
    }

    /// The names of the parameters that the row gives in `path` or `query`.
    pub fn given(&self, list: &str) -> Vec<String> {
        self.0["args"][list].as_object().unwrap().keys().cloned().collect()
    }

    pub fn has_body(&self) -> bool {
        self.0["request"]["body_present"].as_bool().unwrap()
    }

    pub fn args(&self) -> Args {
        let Value::Object(mut args) = self.0["args"].clone() else { panic!("{self}: no args") };
        let mut map = |name| match args.remove(name) {
            Some(Value::Object(map)) => map,
            other => panic!("{self}: {name} is {other:?}"),
        };
        let (path, query) = (map("path"), map("query"));
        let body = args.remove("body");
        assert!(args.is_empty(), "{self}: gives more: {args:?}");
        Args { path, query, body }
    }

    /// A success, as the service would give it.
    pub fn script(&self) -> Script {
        let facts = self.facts();
        let Some(kind) = &facts.returns else {
            return Script::new().then(self.status(), "");
        };
        let mut answer = sample::value(kind, "", &[]);
        let body = &self.0["args"]["body"];
        // What was sent is what is kept.
        if facts.body.as_ref().is_some_and(|body| body.kind == *kind) {
            for (name, value) in body.as_object().into_iter().flatten() {
                answer[name] = value.clone();
            }
        }
        // One result for each record that was sent, with its id.
        if let (Some([result]), Some(entities)) =
            (answer["results"].as_array().map(Vec::as_slice), body["entities"].as_array())
        {
            let mut success = result.clone();
            success.as_object_mut().unwrap().remove("error");
            let results = entities.iter().map(|entity| {
                let mut success = success.clone();
                success["id"] = entity.get("id").cloned().unwrap_or_else(|| json!(sample::ID));
                success
            });
            let results: Vec<_> = results.collect();
            answer["results"] = json!(results);
            answer["errorCount"] = json!(0);
            answer["errorIndexes"] = json!([]);
        }
        Script::new().then(self.status(), answer.to_string())
    }

    /// The status of a success: the facts don't have it, the vendor's later descriptions do.
    fn status(&self) -> u16 {
        let facts = self.facts();
        match (facts.method.as_str(), facts.path.trim_start_matches("/api/v2/externalcontacts/")) {
            ("PUT", "conversations/{conversationId}" | "import/jobs/{jobId}") | ("POST", "import/csv/jobs") => 202,
            ("POST", "import/csv/settings" | "import/csv/uploads" | "contacts/enrich" | "organizations/enrich") => 201,
            ("POST", path) if path.ends_with("/exports") => 201,
            _ if facts.returns.is_none() => 204,
            _ => 200,
        }
    }

    /// What the caller gives that is nobody else's business: ids, values to search for, and all texts of the body. Names
    /// of members and listed values are none of it.
    pub fn personal(&self) -> Vec<String> {
        let args = &self.0["args"];
        let mut found = Vec::new();
        texts(&args["path"], &mut found);
        texts(&args["query"], &mut found);
        texts(&args["body"], &mut found);
        found.retain(|text| text.len() > 3 && !facts::TEXT.contains(&format!("\"{text}\"")));
        found
    }

    /// Answers that hold all of these texts, one for each way in which an answer is read.
    pub fn scripts_that_say_it_back(&self, personal: &[String]) -> Vec<Script> {
        let html = format!("<p>{}</p>", personal.join("</p><p>"));
        let members =
            self.facts().returns.as_ref().and_then(|kind| facts::FACTS.models.get(kind)).into_iter().flatten();
        let wrong: Map<_, _> = members.map(|(name, _)| (name.clone(), json!(personal))).collect();
        let unknown: Map<_, _> = personal.iter().map(|text| (text.clone(), json!(text))).collect();
        vec![
            self.script(),
            Script::new().then(200, html.clone()),
            Script::new().then(200, json!(wrong).to_string()),
            Script::new().then(200, json!(personal).to_string()),
            Script::new().then(200, json!({"entities": [unknown], "results": [unknown]}).to_string()),
            Script::new().then(200, "{}"),
            Script::new().then(400, html.clone()),
            Script::new().then(502, html),
            Script::new().then(401, json!({"code": "no", "extra": personal}).to_string()),
            Script::new().then_with(429, &[("retry-after", &personal.join(" "))], "{}"),
            Script::new().then_fails(TransportError::new(TransportErrorKind::Reset, "underneath")),
        ]
    }

    /// Compares what arrived with what should have, once the call has been made with all of `args`.
    pub fn check(&self, args: &Args, script: &Script) {
        args.check_used(self);
        let sent = script.all();
        assert_eq!(sent.len(), 1, "{self}: {sent:?}");
        let (sent, request) = (&sent[0], &self.0["request"]);
        assert_eq!(json!(sent.method), request["method"], "{self}");
        assert_eq!(sent.scheme_and_host, HOST, "{self}");
        assert_eq!(json!(segments(sent)), request["path_segments"], "{self}");
        assert_eq!(query(sent), self.query(), "{self}");

        assert_eq!(sent.header("accept"), Some("application/json"), "{self}");
        assert_eq!(request["headers"]["accept"], "application/json", "{self}");
        assert_eq!(sent.header("authorization"), Some(format!("Bearer {TOKEN}").as_str()), "{self}");
        if self.has_body() {
            assert_eq!(sent.header("content-type"), Some("application/json"), "{self}");
            assert_eq!(request["headers"]["content-type"], "application/json", "{self}");
            assert_eq!(self.with_instants(sent.json()), self.body(), "{self}");
        } else {
            // The recorded clients send a content type all the same, which says nothing.
            assert_eq!(sent.header("content-type"), None, "{self}");
            assert!(sent.body.is_empty(), "{self}: {:?}", String::from_utf8_lossy(&sent.body));
        }
    }

    /// The query that must arrive: lists as repeated keys, which is what the API's description says. The recorded clients
    /// send them as one value with commas.
    fn query(&self) -> Query {
        let pairs = match self.0["alternatives"]["query"].as_array() {
            Some(forms) => {
                let described = forms.iter().find(|form| form["matches_description"] == true);
                &described.unwrap_or_else(|| panic!("{self}: no described form"))["value"]
            }
            None => &self.0["request"]["query"],
        };
        let mut query = Query::new();
        for pair in pairs.as_array().unwrap() {
            let [name, value] = [0, 1].map(|index| pair[index].as_str().unwrap().to_owned());
            query.entry(name).or_default().push(value);
        }
        query
    }

    /// The body that must arrive. The crate leaves nothing out of it, not even what only the service can change.
    fn body(&self) -> Value {
        let body = self.0["request"]["body"].clone();
        self.with_instants(body)
    }

    /// The body with instants instead of texts where it has date-times.
    fn with_instants(&self, mut body: Value) -> Value {
        for pointer in self.0["datetimes"].as_array().into_iter().flatten() {
            let text = body.pointer_mut(pointer.as_str().unwrap()).unwrap_or_else(|| panic!("{self}: no {pointer}"));
            let instant = OffsetDateTime::parse(text.as_str().unwrap(), &Rfc3339).unwrap();
            *text = json!({"nanoseconds since 1970": instant.unix_timestamp_nanos().to_string()});
        }
        body
    }
}

/// All texts in a value.
fn texts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(values) => values.iter().for_each(|value| texts(value, found)),
        Value::Object(members) => members.values().for_each(|value| texts(value, found)),
        _ => {}
    }
}

/// A list is sent as repeated keys.
fn pairs(name: &str, value: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match value {
        Value::Array(values) => values.iter().map(|value| (name.to_owned(), text(value))).collect(),
        value => vec![(name.to_owned(), text(value))],
    }
}

type Query = BTreeMap<String, Vec<String>>;

fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8().unwrap().into_owned()
}

fn segments(sent: &Sent) -> Vec<String> {
    sent.path.strip_prefix('/').unwrap().split('/').map(decode).collect()
}

/// The values of each key, in their order.
fn query(sent: &Sent) -> Query {
    let mut query = Query::new();
    for pair in sent.query.iter().flat_map(|text| text.split('&')) {
        let (name, value) = pair.split_once('=').unwrap_or_else(|| panic!("{}", sent.line()));
        query.entry(decode(name)).or_default().push(decode(value));
    }
    query
}

/// What the caller gives. Whoever makes the call takes it out of here; what is left was not used.
pub struct Args {
    path: Map<String, Value>,
    query: Map<String, Value>,
    body: Option<Value>,
}

impl Args {
    /// A parameter of the path.
    pub fn id(&mut self, name: &str) -> String {
        let id = self.path.remove(name).unwrap_or_else(|| panic!("no {name} in the path"));
        id.as_str().unwrap().to_owned()
    }

    /// The body as a model, which must have a field for each of its members.
    pub fn body<T: DeserializeOwned + fmt::Debug>(&mut self) -> T {
        model(self.body.take().expect("no body"))
    }

    /// A member of the body, for calls that take the members one by one. What is not taken was not used.
    pub fn member<T: DeserializeOwned + fmt::Debug>(&mut self, name: &str) -> Option<T> {
        let body = self.body.as_mut()?.as_object_mut()?;
        let value = body.remove(name)?;
        if body.is_empty() {
            self.body = None;
        }
        Some(model(value))
    }

    /// The ids of the records of a bulk body, which has nothing else.
    pub fn entity_ids(&mut self) -> Vec<String> {
        let entities: Vec<BTreeMap<String, String>> = self.member("entities").expect("no entities");
        entities
            .into_iter()
            .map(|mut entity| {
                let id = entity.remove("id").expect("no id");
                assert!(entity.is_empty(), "more than an id: {entity:?}");
                id
            })
            .collect()
    }

    /// That all of it was used.
    pub fn check_used(&self, row: &Row) {
        let left: Vec<_> = self.path.keys().chain(self.query.keys()).collect();
        assert!(left.is_empty() && self.body.is_none(), "{row}: not used: {left:?}, body: {:?}", self.body);
    }

    pub fn text(&mut self, name: &str) -> Option<String> {
        self.query.remove(name).map(|value| value.as_str().unwrap().to_owned())
    }

    pub fn number(&mut self, name: &str) -> Option<u32> {
        // Some descriptions have a number as a text.
        let number = |value: &Value| value.as_u64().or_else(|| value.as_str()?.parse().ok());
        self.query.remove(name).map(|value| number(&value).expect("a number").try_into().unwrap())
    }

    pub fn flag(&mut self, name: &str) -> Option<bool> {
        self.query.remove(name).map(|value| value.as_bool().unwrap())
    }

    pub fn texts(&mut self, name: &str) -> Option<Vec<String>> {
        let values = self.query.remove(name)?;
        Some(values.as_array().unwrap().iter().map(|value| value.as_str().unwrap().to_owned()).collect())
    }

    /// Values that the API lists, none of which may be news to the crate.
    pub fn listed<T: for<'a> From<&'a str> + fmt::Debug>(&mut self, name: &str) -> Option<Vec<T>> {
        let values: Vec<T> = self.texts(name)?.iter().map(|text| T::from(text)).collect();
        assert!(values.iter().all(|value| !format!("{value:?}").starts_with("Other(")), "{values:?}");
        Some(values)
    }

    /// An order that the crate has no words for: the rows sort by `sortOrder-value`.
    pub fn order<F>(&mut self) -> Option<SortOrder<F>> {
        self.text("sortOrder").map(|order| order.as_str().into())
    }
}

fn model<T: DeserializeOwned + fmt::Debug>(value: Value) -> T {
    let model = serde_json::from_value(value).unwrap();
    assert!(!format!("{model:?}").contains("in extra"), "{model:?}");
    model
}
