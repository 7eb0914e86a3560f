//! Which operations of the API the crate has: `tests/facts/coverage.md` says so, and all else agrees with it.
//!
//! The sources are read as text. A chain such as `client.contacts().notes(id).get` is followed through the types that its
//! methods return to the `impl Operation` at its end, with the route that stands there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

const TO_DO: &str = "to do";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

// ---- The ledger and the facts -----------------------------------------------------------------------------------

/// An operation as the ledger has it.
#[derive(Debug, PartialEq, Eq)]
struct Entry {
    id: String,
    method: String,
    path: String,
    /// The chain of methods that does it.
    rust: Option<String>,
}

impl Entry {
    fn route(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

fn ledger() -> Vec<Entry> {
    let text = read("tests/facts/coverage.md");
    let rows = text.lines().filter(|line| line.starts_with("| `"));
    rows.map(|row| {
        let cells: Vec<_> = row.trim_matches('|').split('|').map(|cell| cell.trim().trim_matches('`')).collect();
        let [id, method, path, rust] = cells[..] else { panic!("not four cells: {row}") };
        let rust = (rust != TO_DO).then(|| rust.to_owned());
        Entry { id: id.to_owned(), method: method.to_owned(), path: path.to_owned(), rust }
    })
    .collect()
}

fn done() -> Vec<(Entry, String)> {
    let entries = ledger().into_iter();
    entries.filter_map(|entry| entry.rust.clone().map(|rust| (entry, rust))).collect()
}

/// What the API's description says about each operation, by its id.
fn facts() -> BTreeMap<String, Value> {
    let facts: Value = serde_json::from_str(&read("tests/facts/facts.json")).unwrap();
    let operations = facts["operations"].as_array().unwrap();
    operations.iter().map(|operation| (operation["id"].as_str().unwrap().to_owned(), operation.clone())).collect()
}

fn permissions(operation: &Value) -> BTreeSet<String> {
    let lists = operation["permissions"].as_object().unwrap().values();
    lists.flat_map(|list| list.as_array().unwrap()).map(|name| name.as_str().unwrap().to_owned()).collect()
}

fn none<T>(problems: Vec<String>, of: impl IntoIterator<Item = T>) {
    assert!(of.into_iter().next().is_some(), "nothing was looked at");
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[test]
fn the_ledger_has_every_operation_once() {
    let facts = facts();
    let ledger = ledger();
    let mut problems = Vec::new();
    let mut seen = BTreeSet::new();
    for entry in &ledger {
        if !seen.insert(&entry.id) {
            problems.push(format!("{}: is there twice", entry.id));
        }
        match facts.get(&entry.id) {
            None => problems.push(format!("{}: is no operation", entry.id)),
            Some(fact) if fact["method"] != entry.method || fact["path"] != entry.path => {
                problems.push(format!("{}: is {} {}, not {}", entry.id, fact["method"], fact["path"], entry.route()));
            }
            Some(_) => (),
        }
    }
    problems.extend(facts.keys().filter(|id| !seen.contains(id)).map(|id| format!("{id}: is missing")));
    none(problems, &ledger);
}

#[test]
fn the_ledger_counts_right() {
    let (done, all) = (done().len(), ledger().len());
    let line = format!("\n{done} of {all} operations are done, {} are to do.\n", all - done);
    assert!(read("tests/facts/coverage.md").contains(&line), "should say: {line}");
}

// ---- The tests of the wire --------------------------------------------------------------------------------------

/// `tests/wire/` fails for a row that is not sent, so what has a row is tested. The calls that it knows are compared, too,
/// because one without a row would be tested by nothing.
#[test]
fn what_is_done_is_tested_on_the_wire() {
    let done: BTreeSet<_> = done().into_iter().map(|(entry, _)| entry.id).collect();
    let rows: BTreeSet<_> = read("tests/facts/seed.jsonl")
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["op"].as_str().unwrap().to_owned())
        .collect();
    let calls: Vec<_> = read("tests/wire/cases.rs")
        .lines()
        .filter_map(|line| Some(line.trim_start().strip_prefix('"')?.split_once("\" =>")?.0.to_owned()))
        .collect();
    assert_eq!(done, rows);
    assert_eq!(done, calls.iter().cloned().collect());
    assert_eq!(done.len(), calls.len(), "a call is there twice");
}

// ---- The sources ------------------------------------------------------------------------------------------------

/// A method that stands in an `impl` of a type.
#[derive(Debug)]
struct Method {
    /// `Notes<C, W>`
    owner: String,
    name: String,
    /// `Request<C, GetNote<W>>`
    returns: String,
    docs: Vec<String>,
}

/// A trait that a type implements.
#[derive(Debug)]
struct Impl {
    /// `<W: NoteOwner>`, or nothing
    params: String,
    name: String,
    owner: String,
    /// Name and value.
    consts: Vec<(String, String)>,
}

#[derive(Default)]
struct Sources {
    methods: Vec<Method>,
    impls: Vec<Impl>,
}

/// `Notes<C, W>` is `Notes` and `W`. The first argument, the client, doesn't matter.
fn split(owner: &str) -> (&str, Option<&str>) {
    match owner.strip_suffix('>').and_then(|owner| owner.split_once('<')) {
        Some((name, arguments)) => (name, arguments.split_once(", ").map(|(_, argument)| argument)),
        None => (owner, None),
    }
}

impl Sources {
    /// The resources and the client. They are formatted, which the gate checks: an `impl` starts and ends in the first
    /// column, its items in the fifth.
    fn read() -> Self {
        let mut files: Vec<PathBuf> = fs::read_dir(root().join("src")).unwrap().map(|e| e.unwrap().path()).collect();
        files.retain(|file| file.extension().is_some_and(|extension| extension == "rs"));
        files.push(root().join("src/dual/client.rs"));
        let mut sources = Self::default();
        for file in files {
            sources.read_file(&read(file));
        }
        sources
    }

    fn read_file(&mut self, text: &str) {
        let (mut inside, mut docs) = (None::<Impl>, Vec::new());
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            let whole = |line: &str, lines: &mut std::str::Lines<'_>, end: &str| {
                let mut whole = line.trim().to_owned();
                while !whole.ends_with(end) {
                    whole = format!("{whole} {}", lines.next().expect("no end").trim());
                }
                whole.strip_suffix(end).unwrap().trim().to_owned()
            };
            if line.starts_with("impl") && !line.ends_with("{}") {
                inside = Some(header(&whole(line, &mut lines, "{")));
            } else if line == "}" {
                self.impls.extend(inside.take().filter(|found| !found.name.is_empty()));
            } else if let Some(doc) = line.trim_start().strip_prefix("///") {
                docs.push(doc.trim().to_owned());
                continue;
            } else if let Some(found) = &mut inside {
                if line.starts_with("    const ") {
                    let (left, value) = split_const(&whole(line, &mut lines, ";"));
                    found.consts.push((left, value));
                } else if line.starts_with("    pub fn ") {
                    let signature = whole(line, &mut lines, "{");
                    let name = signature.strip_prefix("pub fn ").unwrap().split(['(', '<']).next().unwrap().to_owned();
                    let returns = signature.rsplit_once(") -> ").map(|(_, returns)| returns).unwrap_or_default();
                    let docs = std::mem::take(&mut docs);
                    self.methods.push(Method { owner: found.owner.clone(), name, returns: returns.to_owned(), docs });
                }
            }
            docs.clear();
        }
    }

    /// The method at the end of a chain, the operation that it makes, and what that is of (`OfContact`), if it matters.
    fn follow(&self, chain: &str) -> Result<(&Method, String, Option<String>), String> {
        let mut steps = chain.split('.');
        if steps.next() != Some("client") {
            return Err("does not start with `client`".to_owned());
        }
        let (mut on, mut of) = ("Client".to_owned(), None::<String>);
        let mut method = None;
        for step in steps {
            let name = step.split('(').next().unwrap();
            let candidates: Vec<_> = self
                .methods
                .iter()
                .filter(|method| {
                    let (owner, owner_of) = split(&method.owner);
                    let is_of_all = matches!(owner_of, None | Some("W"));
                    method.name == name && owner == on && (is_of_all || owner_of == of.as_deref())
                })
                .collect();
            let [found] = candidates[..] else { return Err(format!("{} methods {on}::{name}", candidates.len())) };
            let returns = match &of {
                Some(of) => found.returns.replace("<W>", &format!("<{of}>")).replace(", W>", &format!(", {of}>")),
                None => found.returns.clone(),
            };
            let (next, argument) = split(&returns);
            (on, of) = (next.to_owned(), argument.map(str::to_owned));
            method = Some(found);
        }
        match (method, on.as_str(), of) {
            (Some(method), "Request", Some(operation)) => match operation.strip_suffix('>') {
                Some(operation) => {
                    let (operation, of) = operation.split_once('<').unwrap();
                    Ok((method, operation.to_owned(), Some(of.to_owned())))
                }
                None => Ok((method, operation, None)),
            },
            _ => Err(format!("ends with {on}, not with a request")),
        }
    }

    /// The operations: their names, and what their types are of.
    fn operations(&self) -> impl Iterator<Item = (&Impl, &str)> {
        // `Optional` has the route of the operation that it wraps.
        let operations = self.impls.iter().filter(|found| found.name == "Operation" && found.owner != "Optional<O>");
        operations.map(|found| (found, found.owner.split('<').next().unwrap()))
    }

    fn route(&self, operation: &str, of: Option<&str>) -> Result<String, String> {
        let found: Vec<_> = self.operations().filter(|(_, name)| *name == operation).collect();
        let [(found, _)] = found[..] else { return Err(format!("{} impls of Operation", found.len())) };
        let route = value(found, "ROUTE")?;
        let parts = route.strip_prefix("Route::").and_then(|route| route.strip_suffix(')')?.split_once('('));
        let (method, path) = parts.ok_or_else(|| format!("the route is {route}"))?;
        let method = method.strip_suffix("_that_reads").unwrap_or(method).to_uppercase();
        let path = match path.split_once("::") {
            Some((owner, name)) => {
                let owner = if owner == "W" { of.ok_or("is of nothing")? } else { owner };
                let with = |found: &&Impl| found.owner == owner && value(found, name).is_ok();
                let found = self.impls.iter().find(with).ok_or_else(|| format!("no {owner}::{name}"))?;
                value(found, name)?
            }
            None => path,
        };
        let path = path.strip_prefix('"').and_then(|path| path.strip_suffix('"'));
        Ok(format!("{method} {}", path.ok_or_else(|| format!("the path is {path:?}"))?))
    }
}

/// `impl<W: NoteOwner> Operation for GetNote<W>`
fn header(text: &str) -> Impl {
    let text = text.strip_prefix("impl").unwrap();
    let (params, rest) = match text.strip_prefix('<') {
        // No parameter has parameters of its own that matter here.
        Some(text) => text.split_once("> ").unwrap_or((text, "")),
        None => ("", text.trim()),
    };
    let (name, owner) = rest.split_once(" for ").unwrap_or(("", rest));
    Impl { params: params.to_owned(), name: name.to_owned(), owner: owner.to_owned(), consts: Vec::new() }
}

/// `const ROUTE: Route = …`
fn split_const(text: &str) -> (String, String) {
    let (left, value) = text.split_once(" = ").unwrap();
    (left.strip_prefix("const ").unwrap().split(':').next().unwrap().to_owned(), value.to_owned())
}

fn value<'a>(found: &'a Impl, name: &str) -> Result<&'a str, String> {
    let value = found.consts.iter().find(|(other, _)| other == name);
    value.map(|(_, value)| value.as_str()).ok_or_else(|| format!("no {name}"))
}

#[test]
fn what_is_done_has_its_route_in_the_sources() {
    let sources = Sources::read();
    let mut problems = Vec::new();
    let mut seen = BTreeSet::new();
    for (entry, rust) in done() {
        let route = sources.follow(&rust).and_then(|(_, operation, of)| {
            let route = sources.route(&operation, of.as_deref());
            seen.insert((operation, of));
            route
        });
        if route != Ok(entry.route()) {
            problems.push(format!("{rust}: {route:?}, not {}", entry.route()));
        }
    }
    // The other way round: the sources have nothing that the ledger doesn't know.
    for (operation, name) in sources.operations() {
        // Signing out belongs to another API of the platform, which the facts don't describe.
        if name == "SignOut" {
            continue;
        }
        let owners: Vec<_> = match operation.params.strip_prefix("W: ") {
            Some(owned) => {
                let owners = sources.impls.iter().filter(|found| found.name == owned);
                owners.map(|found| Some(found.owner.clone())).collect()
            }
            None => vec![None],
        };
        assert!(!owners.is_empty(), "{operation:?}");
        for of in owners {
            if !seen.contains(&(name.to_owned(), of.clone())) {
                problems.push(format!("{name} {}: is not in the ledger", of.unwrap_or_default()));
            }
        }
    }
    none(problems, sources.operations());
}

#[test]
fn what_is_done_documents_its_route_and_permissions() {
    /// What the documentation of one method must name. Notes and schemas have one method for two operations.
    #[derive(Default)]
    struct Wanted {
        routes: BTreeSet<String>,
        permissions: BTreeSet<String>,
        docs: Vec<String>,
    }
    let (facts, sources) = (facts(), Sources::read());
    let mut wanted: BTreeMap<String, Wanted> = BTreeMap::new();
    for (entry, rust) in done() {
        let (method, ..) = sources.follow(&rust).unwrap_or_else(|problem| panic!("{rust}: {problem}"));
        let wanted = wanted.entry(format!("{}::{}", method.owner, method.name)).or_default();
        wanted.routes.insert(entry.route());
        wanted.permissions.append(&mut permissions(&facts[&entry.id]));
        wanted.docs.clone_from(&method.docs);
    }
    let mut problems = Vec::new();
    for (name, Wanted { routes, permissions, docs }) in &wanted {
        let methods = ["GET ", "POST ", "PUT ", "PATCH ", "DELETE "];
        let lines = docs.iter().filter_map(|line| line.trim_end_matches('\\').strip_prefix('`')?.strip_suffix('`'));
        let lines = lines.filter(|line| methods.iter().any(|method| line.starts_with(method)));
        let documented: BTreeSet<_> = lines.map(str::to_owned).collect();
        if documented != *routes {
            problems.push(format!("{name}: documents {documented:?}, not {routes:?}"));
        }
        let text = docs.join(" ");
        let code = text.split('`').skip(1).step_by(2);
        let documented: BTreeSet<_> = code.filter(|code| is_permission(code)).map(str::to_owned).collect();
        if documented != *permissions {
            problems.push(format!("{name}: documents {documented:?}, not {permissions:?}"));
        }
    }
    none(problems, &wanted);
}

/// A row of the table of operations: the chain of methods, what it links to, the route, the permissions as they are written.
fn listed() -> Vec<[String; 4]> {
    let text = read("docs/operations.md");
    let rows = text.lines().filter(|line| line.starts_with("| [`"));
    rows.map(|row| {
        let cells: Vec<_> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [method, route, permissions] = cells[..] else { panic!("not three cells: {row}") };
        let method = method.strip_prefix("[`").and_then(|method| method.strip_suffix(')'));
        let (chain, link) =
            method.and_then(|method| method.split_once("`](")).unwrap_or_else(|| panic!("no link: {row}"));
        [chain, link, route.trim_matches('`'), permissions].map(str::to_owned)
    })
    .collect()
}

#[test]
fn the_table_of_operations_is_complete_and_true() {
    let (facts, sources, listed) = (facts(), Sources::read(), listed());
    let mut problems = Vec::new();
    let mut left: BTreeMap<_, _> = done().into_iter().map(|(entry, rust)| (rust, entry)).collect();
    for [chain, link, route, permissions] in &listed {
        let Some(entry) = left.remove(chain) else {
            problems.push(format!("{chain}: is there twice, or is not done"));
            continue;
        };
        let (method, ..) = sources.follow(chain).unwrap_or_else(|problem| panic!("{chain}: {problem}"));
        if !link.ends_with(&format!("::{}::{}", split(&method.owner).0, method.name)) {
            problems.push(format!("{chain}: links to {link}"));
        }
        if *route != entry.route() {
            problems.push(format!("{chain}: {route}, not {}", entry.route()));
        }
        let lists = facts[&entry.id]["permissions"].as_object().unwrap();
        assert_eq!(lists.len(), 1, "{chain}: a table can't say that");
        let (kind, names) = lists.iter().next().unwrap();
        let names: Vec<_> =
            names.as_array().unwrap().iter().map(|name| format!("`{}`", name.as_str().unwrap())).collect();
        let wanted = match (kind.as_str(), names.len()) {
            (_, 1) => names.join(", "),
            ("ANY", _) => format!("any of {}", names.join(", ")),
            ("ALL", _) => format!("all of {}", names.join(", ")),
            _ => panic!("{chain}: {kind}?"),
        };
        if *permissions != wanted {
            problems.push(format!("{chain}: {permissions}, not {wanted}"));
        }
    }
    problems.extend(left.keys().map(|chain| format!("{chain}: is missing")));
    none(problems, &listed);
}

/// In snake case they are the ids of the operations, in camel case the same words.
#[test]
fn the_names_of_the_official_sdks_are_names_of_operations() {
    let camel = |id: &str| {
        let (first, rest) = id.split_once('_').unwrap();
        let rest = rest.split('_').map(|word| format!("{}{}", word[..1].to_uppercase(), &word[1..]));
        format!("{first}{}", rest.collect::<String>())
    };
    let done: BTreeSet<_> = done().into_iter().map(|(entry, _)| entry.id).collect();
    let all: BTreeSet<_> = done.iter().cloned().chain(done.iter().map(|id| camel(id))).collect();
    let text = read("docs/from_the_official_sdks.md");
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|word| {
        let starts = ["get", "post", "put", "delete"].iter().any(|method| word.starts_with(method));
        starts && word.to_lowercase().contains("externalcontacts")
    });
    let named: BTreeSet<_> = words.map(str::to_owned).collect();
    let mut problems: Vec<_> = named.difference(&all).map(|name| format!("{name}: is no operation")).collect();
    let here: Vec<_> = done.iter().filter(|id| !named.contains(*id)).collect();
    problems.extend(here.iter().map(|id| format!("{id}: is not on the page")));
    none(problems, &named);
}

/// `externalContacts:contact:view`
fn is_permission(code: &str) -> bool {
    let parts: Vec<_> = code.split(':').collect();
    parts.len() == 3 && parts.iter().all(|part| !part.is_empty() && part.chars().all(char::is_alphanumeric))
}
