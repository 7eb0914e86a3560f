//! The rows: what the caller gives, and what must arrive.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

use genesys_external_contacts::model::SortOrder;
use genesys_external_contacts::{TransportError, TransportErrorKind};
use percent_encoding::percent_decode_str;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::support::{Script, Sent};

pub const TOKEN: &str = "a-token";
const HOST: &str = "https://api.mypurecloud.ie";

const FACTS_TEXT: &str = include_str!("../facts/facts.json");
static FACTS: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(FACTS_TEXT).unwrap());

pub struct Row(Value);

pub fn all() -> Vec<Row> {
    include_str!("../facts/seed.jsonl").lines().map(|line| Row(serde_json::from_str(line).unwrap())).collect()
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

    /// What the API's description says about the operation.
    pub fn facts(&self) -> &'static Value {
        let operations = FACTS["operations"].as_array().unwrap();
        operations.iter().find(|operation| operation["id"] == self.op()).unwrap_or_else(|| panic!("{self}: unknown"))
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
        let id = "55555555-5555-5555-5555-555555555555";
        let script = Script::new();
        match self.facts()["returns"].as_str() {
            None if self.facts()["method"] == "PUT" => script.then(202, ""),
            None => script.then(204, ""),
            Some("object") => script.then(200, "{}"),
            Some("ReverseWhitepagesLookupResult") => script.then(200, json!({"contacts": [{"id": id}]}).to_string()),
            Some("ExternalOrganizationTrustorLink") => {
                script.then(200, json!({"externalOrganizationId": id, "trustorOrgId": id}).to_string())
            }
            Some(listing) if listing.ends_with("Listing") => {
                let page =
                    json!({"entities": [{"id": id}], "pageSize": 25, "pageNumber": 1, "total": 1, "pageCount": 1});
                script.then(200, page.to_string())
            }
            Some(_) => {
                let mut body = self.0["args"].get("body").cloned().unwrap_or_else(|| json!({}));
                body["id"] = json!(id);
                script.then(200, body.to_string())
            }
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
        found.retain(|text| text.len() > 3 && !FACTS_TEXT.contains(&format!("\"{text}\"")));
        found
    }

    /// Answers that hold all of these texts, one for each way in which an answer is read.
    pub fn scripts_that_say_it_back(&self, personal: &[String]) -> Vec<Script> {
        let html = format!("<p>{}</p>", personal.join("</p><p>"));
        let wrong =
            json!({"id": personal, "entities": personal, "contacts": personal, "externalOrganizationId": personal});
        let unknown: Map<_, _> = personal.iter().map(|text| (text.clone(), json!(text))).collect();
        vec![
            self.script(),
            Script::new().then(200, html.clone()),
            Script::new().then(200, wrong.to_string()),
            Script::new().then(200, json!(personal).to_string()),
            Script::new().then(200, json!({"entities": [unknown]}).to_string()),
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
        let left: Vec<_> = args.path.keys().chain(args.query.keys()).collect();
        assert!(left.is_empty() && args.body.is_none(), "{self}: not used: {left:?}, body: {:?}", args.body);

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
        let body = serde_json::from_value(self.body.take().expect("no body")).unwrap();
        assert!(!format!("{body:?}").contains("in extra"), "{body:?}");
        body
    }

    pub fn text(&mut self, name: &str) -> Option<String> {
        self.query.remove(name).map(|value| value.as_str().unwrap().to_owned())
    }

    pub fn number(&mut self, name: &str) -> Option<u32> {
        self.query.remove(name).map(|value| value.as_u64().unwrap().try_into().unwrap())
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
