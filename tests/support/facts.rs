//! `tests/facts/facts.json`: what the API's own description says about each operation and each model.

// Each test uses what it needs of it.
#![allow(dead_code)]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;

pub const TEXT: &str = include_str!("../facts/facts.json");

pub static FACTS: LazyLock<Facts> = LazyLock::new(|| serde_json::from_str(TEXT).expect("the facts are JSON"));

#[derive(Deserialize)]
pub struct Facts {
    pub operations: Vec<Operation>,
    /// The members of each model.
    pub models: BTreeMap<String, BTreeMap<String, Member>>,
}

#[derive(Deserialize)]
pub struct Operation {
    pub id: String,
    pub method: String,
    pub path: String,
    pub path_params: Vec<String>,
    pub query: Vec<Parameter>,
    pub body: Option<Body>,
    /// The type of the answer. Some deletions answer with nothing, others with an `object` that has no members.
    pub returns: Option<String>,
    pub permissions: BTreeMap<Needs, Vec<String>>,
}

#[derive(Deserialize)]
pub struct Parameter {
    pub name: String,
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(default)]
    pub required: bool,
    #[serde(default, rename = "enum")]
    pub listed: Vec<String>,
}

#[derive(Deserialize)]
pub struct Body {
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(default)]
    pub required: bool,
}

#[derive(Deserialize)]
pub struct Member {
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(default, rename = "enum")]
    pub listed: Vec<String>,
}

/// How many of the permissions a call needs.
#[derive(Clone, Copy, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "UPPERCASE")]
pub enum Needs {
    Any,
    All,
}

impl Operation {
    /// `GET /api/v2/externalcontacts/contacts/{contactId}`
    pub fn route(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// How many of which permissions.
    pub fn needs(&self) -> (Needs, &[String]) {
        let mut lists = self.permissions.iter();
        let (Some((needs, names)), None) = (lists.next(), lists.next()) else {
            panic!("{}: one list of permissions was expected", self.id)
        };
        (*needs, names)
    }
}

pub fn operation(id: &str) -> Option<&'static Operation> {
    FACTS.operations.iter().find(|operation| operation.id == id)
}

/// What `tests/facts/coverage.md` says is done.
pub fn done(ledger: &str) -> BTreeSet<String> {
    let rows = ledger.lines().filter(|line| line.starts_with("| `") && !line.ends_with("| to do |"));
    rows.map(|row| row.split('`').nth(1).expect("a name between backticks").to_owned()).collect()
}
