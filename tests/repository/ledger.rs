//! Which operations of the API the crate has. One is done when it has an arm in `tests/wire/cases/`, which runs its rows.
//! The sources and their documentation are held against the facts here; `tables.rs` makes the tables.

use std::collections::{BTreeMap, BTreeSet};

use crate::cases::{self, Case};
use crate::facts::{self, FACTS, Needs, Operation};
use crate::source::{Method, Sources, code_spans, is_route};
use crate::{files, none, read, root};

/// Other APIs of the platform, which the facts don't describe.
fn is_elsewhere(route: &str) -> bool {
    [" /oauth/token", " /api/v2/tokens/me"].iter().any(|path| route.ends_with(path))
}

/// An operation that is done.
pub struct Done {
    pub facts: &'static Operation,
    pub case: Case,
    /// What the documentation links to: `crate::contacts::Contacts`.
    pub owner: String,
}

/// In the order in which the documentation lists them.
pub fn done() -> Vec<Done> {
    let sources = Sources::read();
    let mut problems = Vec::new();
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for case in cases::read_all() {
        let Some(facts) = facts::operation(&case.op) else {
            problems.push(format!("tests/wire/cases: {} is no operation", case.op));
            continue;
        };
        if !seen.insert(case.op.clone()) {
            problems.push(format!("tests/wire/cases: {} is there twice", case.op));
        }
        match documented(&sources, facts, &case) {
            Ok(owner) => found.push(Done { facts, case, owner }),
            Err(problem) => problems.push(format!("{}: {problem}", case.chain())),
        }
    }
    none(problems);
    found
}

/// The type whose method makes the request, as the route in its documentation tells.
fn documented(sources: &Sources, facts: &Operation, case: &Case) -> Result<String, String> {
    let route = facts.route();
    let named = sources.methods.iter().filter(|method| method.name == case.method);
    let owners: Vec<_> = named.filter(|method| method.routes().contains(route.as_str())).collect();
    match owners[..] {
        [Method { path: Some(path), .. }] => Ok(path.clone()),
        [Method { owner, .. }] => Err(format!("nobody can name {owner}: it is in no public module")),
        [] => Err(format!("no `pub fn {}` has the line `{route}` in its documentation", case.method)),
        _ => Err(format!("{} methods have the line `{route}` in their documentation", owners.len())),
    }
}

fn by_route() -> BTreeMap<String, &'static Operation> {
    FACTS.operations.iter().map(|operation| (operation.route(), operation)).collect()
}

#[test]
fn the_routes_of_the_crate_are_those_of_the_operations_that_are_done() {
    let (all, sources) = (by_route(), Sources::read());
    let done: BTreeSet<_> = cases::read_all().into_iter().map(|case| case.op).collect();
    let mut problems = Vec::new();
    let mut times: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for literal in &sources.routes {
        let (route, file) = (literal.route.as_str(), literal.file.as_str());
        match all.get(route) {
            Some(operation) => times.entry(&operation.id).or_default().push(file),
            None if is_elsewhere(route) => {}
            None => problems.push(format!("{file}: {route} is no route of the API")),
        }
    }
    for (op, files) in &times {
        if files.len() > 1 {
            problems.push(format!("{op}: its route is written {} times, in {}", files.len(), files.join(", ")));
        }
        if !done.contains(*op) {
            problems.push(format!("{op}: the crate has its route ({}), tests/wire/cases has no arm for it", files[0]));
        }
    }
    let missing = done.iter().filter(|op| !times.contains_key(op.as_str()));
    problems.extend(missing.map(|op| format!("{op}: its route is nowhere in src: Route::…(\"…\") was expected")));
    none(problems);
}

/// Notes, schemas and other shapes have one method for several operations, which documents all of them.
#[test]
fn methods_document_their_routes_and_permissions() {
    done();
    let (all, sources) = (by_route(), Sources::read());
    let known: BTreeSet<&str> =
        FACTS.operations.iter().flat_map(|operation| operation.needs().1).map(String::as_str).collect();
    let mut problems = Vec::new();
    for method in &sources.methods {
        let name = format!("{}::{}", method.owner, method.name);
        let operations: Vec<_> = method.routes().into_iter().filter_map(|route| all.get(route)).collect();
        let section = method.permissions();
        let named: BTreeSet<&str> =
            section.split('`').skip(1).step_by(2).filter(|code| code.split(':').count() == 3).collect();
        problems.extend(named.difference(&known).map(|other| format!("{name}: {other} is no permission")));
        if operations.is_empty() {
            continue;
        }
        let wanted: BTreeSet<&str> =
            operations.iter().flat_map(|operation| operation.needs().1).map(String::as_str).collect();
        if named != wanted {
            problems.push(format!("{name}: # Permissions names {named:?}, not {wanted:?}"));
        }
        let words = section.to_lowercase();
        for operation in operations {
            let (needs, names) = operation.needs();
            let said = match needs {
                Needs::Any => "any of",
                Needs::All => "all of",
            };
            if names.len() > 1 && !words.contains(said) {
                problems.push(format!("{name}: # Permissions doesn't say \"{said}\", as {} needs", operation.id));
            }
        }
    }
    none(problems);
}

/// In the comments of the sources and in the documents.
#[test]
fn routes_that_are_named_exist() {
    let (all, mut named) = (by_route(), Sources::read().named);
    let mut documents = vec![root().join("README.md")];
    files("docs", &["md"], &mut documents);
    for path in documents {
        let routes = code_spans(&read(&path)).into_iter().filter(|code| is_route(code));
        let name = path.strip_prefix(root()).unwrap().display().to_string();
        named.extend(routes.map(|route| (name.clone(), route)));
    }
    assert!(!named.is_empty(), "nothing was looked at");
    let unknown = named.iter().filter(|(_, route)| !all.contains_key(route) && !is_elsewhere(route));
    none(unknown.map(|(file, route)| format!("{file}: {route} is no route of the API")).collect());
}

/// In snake case they are the ids of the operations, in camel case the same words.
pub fn camel(id: &str) -> String {
    let (first, rest) = id.split_once('_').unwrap();
    let rest = rest.split('_').map(|word| format!("{}{}", word[..1].to_uppercase(), &word[1..]));
    format!("{first}{}", rest.collect::<String>())
}

#[test]
fn the_names_of_the_official_sdks_are_names_of_operations() {
    let done: BTreeSet<_> = cases::read_all().into_iter().map(|case| case.op).collect();
    let all: BTreeSet<_> = done.iter().cloned().chain(done.iter().map(|id| camel(id))).collect();
    let text = read("docs/from_the_official_sdks.md");
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|word| {
        let starts = ["get", "post", "put", "patch", "delete"].iter().any(|method| word.starts_with(method));
        starts && word.to_lowercase().contains("externalcontacts")
    });
    let named: BTreeSet<_> = words.map(str::to_owned).collect();
    assert!(!named.is_empty());
    none(named.difference(&all).map(|name| format!("{name}: is no operation that is done")).collect());
}
