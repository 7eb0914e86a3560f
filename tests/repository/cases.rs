//! The arms of `tests/wire/cases/`: each operation that is done has one, and the methods it calls are what makes the request.

use syn::visit::{self, Visit};
use syn::{Arm, Expr, ExprLit, ExprMethodCall, ExprPath, File, Lit, Macro, Pat};

use crate::read;
use crate::source::arguments;

/// `"get_externalcontacts_contact" => sent(client.contacts().get(…)).await`
pub struct Case {
    pub op: String,
    /// `client.contacts()`
    pub resource: String,
    /// `get`
    pub method: String,
}

impl Case {
    /// `client.contacts().get`
    pub fn chain(&self) -> String {
        format!("{}.{}", self.resource, self.method)
    }
}

/// In the order of the families, and of the arms in each.
pub fn read_all() -> Vec<Case> {
    let parse = |path: &str| -> File { syn::parse_file(&read(path)).unwrap_or_else(|error| panic!("{path}: {error}")) };
    let mut families = Families::default();
    families.visit_file(&parse("tests/wire/cases/mod.rs"));
    let mut arms = Arms::default();
    for family in families.0 {
        arms.file = format!("tests/wire/cases/{family}.rs");
        arms.visit_file(&parse(&arms.file.clone()));
    }
    assert!(!arms.found.is_empty(), "no arms were found");
    arms.found
}

/// `contacts::call(client, op, args).await`
#[derive(Default)]
struct Families(Vec<String>);

impl<'ast> Visit<'ast> for Families {
    fn visit_expr_path(&mut self, path: &'ast ExprPath) {
        let names: Vec<_> = path.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if let [family, call] = &names[..]
            && call == "call"
        {
            self.0.push(family.clone());
        }
    }
}

#[derive(Default)]
struct Arms {
    file: String,
    found: Vec<Case>,
}

impl<'ast> Visit<'ast> for Arms {
    fn visit_arm(&mut self, arm: &'ast Arm) {
        let Pat::Lit(ExprLit { lit: Lit::Str(op), .. }) = &arm.pat else { return };
        let (op, mut chain) = (op.value(), Chain::default());
        chain.visit_expr(&arm.body);
        let mut methods = chain.0;
        let method = methods.pop().unwrap_or_else(|| panic!("{}: {op}: no method of `client` is called", self.file));
        let resource =
            methods.iter().fold("client".to_owned(), |chain, (name, argument)| format!("{chain}.{name}({argument})"));
        self.found.push(Case { op, resource, method: method.0 });
    }
}

/// The first chain of methods that begins with `client`: their names, and what they are given.
#[derive(Default)]
struct Chain(Vec<(String, &'static str)>);

impl<'ast> Visit<'ast> for Chain {
    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        if !self.0.is_empty() {
            return;
        }
        match chain(call) {
            Some(methods) => self.0 = methods,
            None => visit::visit_expr_method_call(self, call),
        }
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        for argument in arguments(call) {
            Chain::visit_expr(self, &argument);
        }
    }
}

fn chain(call: &ExprMethodCall) -> Option<Vec<(String, &'static str)>> {
    let mut methods = match &*call.receiver {
        Expr::MethodCall(before) => chain(before)?,
        Expr::Path(root) if root.path.is_ident("client") => Vec::new(),
        _ => return None,
    };
    let is_id = |argument: &Expr| matches!(argument, Expr::MethodCall(call) if call.method == "id");
    let argument = match call.args.first() {
        None => "",
        Some(argument) if is_id(argument) => "id",
        Some(_) => "…",
    };
    methods.push((call.method.to_string(), argument));
    Some(methods)
}
