//! The sources of the crate: its routes, its public methods and what their documentation says.

use std::collections::BTreeSet;

use syn::parse::{ParseStream, Parser};
use syn::visit::{self, Visit};
use syn::{
    Attribute, Expr, ExprCall, ExprLit, ImplItemFn, Item, ItemImpl, ItemMod, ItemStruct, ItemUse, Lit, Macro, Meta,
    Token, Type, UseTree, Visibility,
};

use crate::documents::prose;
use crate::{files, read, root};

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/// A `pub fn` of a type.
pub struct Method {
    /// `Contacts`
    pub owner: String,
    /// Where the type can be reached: `crate::contacts::Contacts`. Nothing if it can't.
    pub path: Option<String>,
    pub name: String,
    pub docs: String,
}

impl Method {
    /// The lines that are a route and nothing else.
    pub fn routes(&self) -> BTreeSet<&str> {
        let lines = self.docs.lines().map(|line| line.trim().trim_end_matches('\\'));
        let code = lines.filter_map(|line| line.strip_prefix('`')?.strip_suffix('`'));
        code.filter(|code| is_route(code)).collect()
    }

    /// The section `# Permissions`.
    pub fn permissions(&self) -> String {
        let lines = self.docs.lines().map(str::trim).skip_while(|line| *line != "# Permissions").skip(1);
        lines.take_while(|line| !line.starts_with("# ")).collect::<Vec<_>>().join(" ")
    }
}

/// `Route::post("/api/v2/…")`, wherever it stands.
pub struct RouteLiteral {
    /// `POST /api/v2/…`
    pub route: String,
    pub file: String,
}

#[derive(Default)]
pub struct Sources {
    pub methods: Vec<Method>,
    pub routes: Vec<RouteLiteral>,
    /// Routes that the documentation names, wherever it does, with the file.
    pub named: Vec<(String, String)>,
}

/// `GET /api/v2/externalcontacts/contacts`, and not an example of a call with its values.
pub fn is_route(code: &str) -> bool {
    let Some((method, path)) = code.split_once(' ') else { return false };
    METHODS.contains(&method)
        && path.starts_with('/')
        && path.chars().all(|c| c.is_ascii_alphanumeric() || ['/', '{', '}', '_', '-'].contains(&c))
}

/// What stands between backticks in the prose of a document.
pub fn code_spans(markdown: &str) -> Vec<String> {
    prose(markdown).split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

impl Sources {
    /// All files but those of the sandbox, which shares no code with the client, and of programs, which use it.
    pub fn read() -> Self {
        let mut all = Vec::new();
        files("src", &["rs"], &mut all);
        let mut parsed = Vec::new();
        for path in all {
            let name = path.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/");
            if ["src/sandbox", "src/bin/"].iter().any(|start| name.starts_with(start)) {
                continue;
            }
            let file = syn::parse_file(&read(&path)).unwrap_or_else(|error| panic!("{name}: {error}"));
            parsed.push((name, file));
        }
        let modules: Vec<_> = parsed.iter().map(|(name, file)| Module::of(name, &file.items)).collect();
        let mut sources = Self::default();
        for (name, file) in &parsed {
            let mut reader = Reader { file: name, path: module_path(name), modules: &modules, found: &mut sources };
            reader.visit_file(file);
        }
        assert!(!sources.methods.is_empty() && !sources.routes.is_empty(), "nothing was read");
        sources
    }
}

/// `src/schemas/field.rs` is `schemas::field`.
fn module_path(file: &str) -> Vec<String> {
    let path = file.trim_start_matches("src/").trim_end_matches(".rs").trim_end_matches("/mod");
    path.split('/').filter(|part| *part != "lib").map(str::to_owned).collect()
}

/// A module that is a file, and what can be seen of it from outside.
struct Module {
    path: Vec<String>,
    public_modules: BTreeSet<String>,
    /// The types that it defines, and names that it re-exports as they are.
    exports: BTreeSet<String>,
}

impl Module {
    fn of(file: &str, items: &[Item]) -> Self {
        let mut module = Self { path: module_path(file), public_modules: BTreeSet::new(), exports: BTreeSet::new() };
        for item in items {
            match item {
                Item::Mod(ItemMod { vis: Visibility::Public(_), ident, .. }) => {
                    module.public_modules.insert(ident.to_string());
                }
                Item::Struct(ItemStruct { vis: Visibility::Public(_), ident, .. }) => {
                    module.exports.insert(ident.to_string());
                }
                Item::Use(ItemUse { vis: Visibility::Public(_), tree, .. }) => module.add(tree),
                _ => {}
            }
        }
        module
    }

    fn add(&mut self, tree: &UseTree) {
        match tree {
            UseTree::Path(path) => self.add(&path.tree),
            UseTree::Name(name) => {
                self.exports.insert(name.ident.to_string());
            }
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.add(tree)),
            _ => {}
        }
    }
}

struct Reader<'a> {
    file: &'a str,
    path: Vec<String>,
    modules: &'a [Module],
    found: &'a mut Sources,
}

impl Reader<'_> {
    fn is_public(&self, path: &[String]) -> bool {
        (0..path.len()).all(|depth| {
            let parent = self.modules.iter().find(|module| module.path == path[..depth]);
            parent.is_some_and(|parent| parent.public_modules.contains(&path[depth]))
        })
    }

    /// Where users reach a type of this file: in its module, or else in the module that re-exports it.
    fn public_path(&self, name: &str) -> Option<String> {
        let module = if self.is_public(&self.path) {
            self.path.as_slice()
        } else {
            let exports = self.modules.iter().filter(|module| module.exports.contains(name));
            let reachable = exports.map(|module| module.path.as_slice()).filter(|path| self.is_public(path));
            // The nearest one, for a name that there is twice.
            let near = |path: &[String]| path.iter().zip(&self.path).take_while(|(a, b)| a == b).count();
            reachable.max_by_key(|path| near(path))?
        };
        let parts = ["crate"].into_iter().chain(module.iter().map(String::as_str)).chain([name]);
        Some(parts.collect::<Vec<_>>().join("::"))
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        let of_tests = |attribute: &Attribute| matches!(&attribute.meta, Meta::List(list) if list.path.is_ident("cfg") && list.tokens.to_string() == "test");
        if !module.attrs.iter().any(of_tests) {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_impl(&mut self, item: &'ast ItemImpl) {
        if let (None, Type::Path(owner)) = (&item.trait_, &*item.self_ty) {
            let owner = owner.path.segments.last().expect("a name").ident.to_string();
            let path = self.public_path(&owner);
            for item in &item.items {
                if let syn::ImplItem::Fn(ImplItemFn { vis: Visibility::Public(_), sig, attrs, .. }) = item {
                    let (owner, path, name) = (owner.clone(), path.clone(), sig.ident.to_string());
                    self.found.methods.push(Method { owner, path, name, docs: docs(attrs) });
                }
            }
        }
        visit::visit_item_impl(self, item);
    }

    /// Each line of a documentation is an attribute of its own, and a route stands in one line.
    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        if let Some(line) = doc(attribute) {
            let spans = line.split('`').skip(1).step_by(2).filter(|code| is_route(code)).map(str::to_owned);
            self.found.named.extend(spans.map(|route| (self.file.to_owned(), route)));
        }
    }

    fn visit_expr_call(&mut self, call: &'ast ExprCall) {
        if let Some(route) = route(call) {
            self.found.routes.push(RouteLiteral { route, file: self.file.to_owned() });
        }
        visit::visit_expr_call(self, call);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        for argument in arguments(call) {
            // The arguments live no longer than this call; what is found in them is owned.
            Reader { file: self.file, path: self.path.clone(), modules: self.modules, found: self.found }
                .visit_expr(&argument);
        }
    }
}

/// `Route::post_that_reads("/…")` is a `POST`.
fn route(call: &ExprCall) -> Option<String> {
    let Expr::Path(function) = &*call.func else { return None };
    let mut names = function.path.segments.iter().rev().map(|segment| segment.ident.to_string());
    let (constructor, owner) = (names.next()?, names.next()?);
    if owner != "Route" {
        return None;
    }
    let path = call.args.iter().find_map(|argument| match argument {
        Expr::Lit(ExprLit { lit: Lit::Str(path), .. }) => Some(path.value()),
        _ => None,
    })?;
    let method = constructor.split('_').next().unwrap_or_default().to_uppercase();
    assert!(METHODS.contains(&method.as_str()), "Route::{constructor}: its name begins with no method of HTTP");
    Some(format!("{method} {path}"))
}

/// The arguments of a macro that looks like a function, and nothing for others.
pub fn arguments(call: &Macro) -> Vec<Expr> {
    let parser = |input: ParseStream<'_>| {
        let mut found = Vec::new();
        while !input.is_empty() {
            found.push(input.parse::<Expr>()?);
            if input.peek(Token![;]) {
                input.parse::<Token![;]>()?;
            } else if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(found)
    };
    parser.parse2(call.tokens.clone()).unwrap_or_default()
}

fn doc(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(pair) = &attribute.meta else { return None };
    match &pair.value {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) if pair.path.is_ident("doc") => Some(text.value()),
        _ => None,
    }
}

fn docs(attributes: &[Attribute]) -> String {
    attributes.iter().filter_map(doc).collect::<Vec<_>>().join("\n")
}
