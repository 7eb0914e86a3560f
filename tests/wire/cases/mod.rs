//! The call that each row stands for; compiled once for each flavour. There is one file for each family of operations.
//!
//! `tests/repository/` reads these files: an operation is done when it has an arm here. The chain of methods in the arm, from
//! `client` on, is what the tables of the documentation name, in the order of the families and of their arms.

use std::collections::BTreeSet;
use std::fmt::Debug;

use genesys_external_contacts::{Error, Operation, Region, Request, RetryPolicy};

use super::{Client, maybe_async};
use crate::row::{self, Args};
use crate::support::{self, Script};

/// The value that a row has for an option. What an option is called on the wire stands here, unless it differs from one
/// operation to the next; an arm can give the value itself: `sort = args.text("order")`.
macro_rules! option {
    ($args:ident, $option:ident = $value:expr) => {
        $value
    };
    ($args:ident, active) => {
        $args.flag("active")
    };
    ($args:ident, changes) => {
        $args.member::<Vec<genesys_external_contacts::patch::PatchChange>>("changes")
    };
    ($args:ident, cursor) => {
        $args.text("cursor")
    };
    ($args:ident, division_id) => {
        $args.text("divisionId")
    };
    ($args:ident, division_ids) => {
        $args.texts("divisionIds")
    };
    ($args:ident, dry_run) => {
        $args.flag("dryRun")
    };
    ($args:ident, expand) => {
        $args.listed("expand")
    };
    ($args:ident, include_merged) => {
        $args.flag("includeMerged")
    };
    ($args:ident, include_trustors) => {
        $args.flag("includeTrustors")
    };
    ($args:ident, name) => {
        $args.text("name")
    };
    ($args:ident, page_number) => {
        $args.number("pageNumber")
    };
    ($args:ident, page_size) => {
        $args.number("pageSize").or_else(|| $args.number("limit"))
    };
    ($args:ident, q) => {
        $args.text("q")
    };
    ($args:ident, sort) => {
        $args.order()
    };
    ($args:ident, trustor_ids) => {
        $args.texts("trustorId")
    };
}

/// The request, with those of the options that the row has: `with!(args, client.contacts().get(args.id("contactId")); expand)`.
macro_rules! with {
    ($args:ident, $request:expr; $( $option:ident $( = $value:expr )? ),+ $(,)?) => {{
        let mut request = $request;
        $( if let Some(value) = option!($args, $option $( = $value )?) { request = request.$option(value); } )+
        request
    }};
}

mod bulk;
mod contacts;
mod conversations;
mod exports;
mod external_sources;
mod graphs;
mod identity;
mod imports;
mod journeys;
mod lookup;
mod notes;
mod organizations;
mod relationships;
mod scans;
mod schemas;

/// Makes the call, unless the crate has no such operation yet.
#[maybe_async]
async fn call(client: &Client, op: &str, args: &mut Args) -> Option<Outcome> {
    // In the order of the tables in the documentation.
    let families = [
        contacts::call(client, op, args).await,
        organizations::call(client, op, args).await,
        relationships::call(client, op, args).await,
        notes::call(client, op, args).await,
        scans::call(client, op, args).await,
        bulk::call(client, op, args).await,
        external_sources::call(client, op, args).await,
        exports::call(client, op, args).await,
        imports::call(client, op, args).await,
        graphs::call(client, op, args).await,
        journeys::call(client, op, args).await,
        schemas::call(client, op, args).await,
        conversations::call(client, op, args).await,
        identity::call(client, op, args).await,
        lookup::call(client, op, args).await,
    ];
    let mut outcomes = families.into_iter().flatten();
    let outcome = outcomes.next();
    assert!(outcomes.next().is_none(), "{op} is in two families");
    outcome
}

/// What became of a call.
struct Outcome {
    /// The route of the operation that was sent.
    route: String,
    /// All that request and answer print.
    printed: Result<String, Error>,
}

#[maybe_async]
async fn sent<O: Operation<Output: Debug>>(request: Request<Client, O>) -> Outcome {
    let before = format!("{request:?}");
    let answer = request.send_with_meta().await;
    let printed = answer.map(|answer| format!("{before} {answer:?} {answer:#?}"));
    Outcome { route: O::ROUTE.to_string(), printed }
}

fn client(script: Script, retry: RetryPolicy) -> Client {
    let builder = Client::builder().region(Region::EuWest1).access_token(row::TOKEN).retry(retry);
    builder.transport(script).build().unwrap()
}

#[maybe_async]
pub async fn each_row_is_sent_as_recorded() {
    let mut run = BTreeSet::new();
    for row in row::all() {
        let script = row.script();
        let client = client(script.clone(), RetryPolicy::default());
        let mut args = row.args();
        let Some(outcome) = call(&client, row.op(), &mut args).await else { continue };
        assert_eq!(outcome.route, row.facts().route(), "{row}: the route of the operation");
        let printed = outcome.printed.unwrap_or_else(|error| panic!("{row}: {error}"));
        assert!(!printed.contains("in extra"), "{row}: a model has no field for a member of its answer: {printed}");
        row.check(&args, &script);
        run.insert(row.op().to_owned());
    }
    row::compare_with_the_ledger(&run);
}

/// The service says back all that it was told, in answers and failures of every kind.
#[maybe_async]
pub async fn nothing_personal_is_printed() {
    for row in row::all() {
        let personal = row.personal();
        for script in row.scripts_that_say_it_back(&personal) {
            let client = client(script, RetryPolicy::never());
            let Some(outcome) = call(&client, row.op(), &mut row.args()).await else { break };
            let printed = outcome.printed.unwrap_or_else(|error| support::printed(&error));
            for text in personal.iter().map(String::as_str).chain([row::TOKEN]) {
                assert!(!printed.contains(text), "{row}: {text:?} in {printed}");
            }
        }
    }
}
