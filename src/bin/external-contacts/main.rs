//! The program `external-contacts`: scripts for people who have no Rust project.
//!
//! A new subcommand is a file beside this one with `Options` and `run`, and a line in each of the three lists below.

mod api;
mod audit;
mod completions;
mod export;
mod import;
mod lookup;
mod man;
mod sandbox;
mod shared;
mod sync_note;

use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

/// Works with the external contacts of a Genesys Cloud organization.
#[derive(Parser)]
#[command(name = "external-contacts", version, arg_required_else_help = true, after_help = ENVIRONMENT)]
struct Program {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    Export(export::Options),
    Import(import::Options),
    Lookup(lookup::Options),
    SyncNote(sync_note::Options),
    Audit(audit::Options),
    Api(api::Options),
    Sandbox(sandbox::Options),
    Completions(completions::Options),
    Man(man::Options),
}

impl Task {
    fn run(&self) -> shared::Outcome {
        match self {
            Self::Export(options) => export::run(options),
            Self::Import(options) => import::run(options),
            Self::Lookup(options) => lookup::run(options),
            Self::SyncNote(options) => sync_note::run(options),
            Self::Audit(options) => audit::run(options),
            Self::Api(options) => api::run(options),
            Self::Sandbox(options) => sandbox::run(options),
            Self::Completions(options) => completions::run(options, command()),
            Self::Man(options) => man::run(options, command()),
        }
    }
}

const ENVIRONMENT: &str = "\
Environment:
  GENESYSCLOUD_REGION              the region, such as eu-west-1 or
                                   mypurecloud.ie; without it, every subcommand
                                   works on a sandbox in memory: try it out
  GENESYSCLOUD_OAUTHCLIENT_ID      the id of an OAuth client with the grant
                                   \"client credentials\"
  GENESYSCLOUD_OAUTHCLIENT_SECRET  its secret
  GENESYSCLOUD_ACCESS_TOKEN        a token to use instead of id and secret
  GENESYSCLOUD_USER_ID             the author of notes, for sync-note";

/// One table for all, at the end of each `--help`.
const EXIT_CODES: &str = "\
Exit codes:
  0  done; lookup: exactly one contact has the value
  1  failed, or stopped early; the message says what to do
  2  the command line is wrong; nothing was written
  3  not everything: export, audit: only a part of the contacts;
     import: some rows are invalid or were refused;
     lookup, sync-note: nobody has the value; api: there is no such thing (404)
  4  not clear: lookup, sync-note: several contacts have the value;
     import, api: it is not known whether a change was made";

/// The command line, with what all subcommands have in common.
fn command() -> clap::Command {
    fn common(command: clap::Command) -> clap::Command {
        let text = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        let gap = if text.is_empty() { "" } else { "\n\n" };
        command.max_term_width(100).next_line_help(true).after_help(format!("{text}{gap}{EXIT_CODES}"))
    }
    common(Program::command()).mut_subcommands(common).next_line_help(false)
}

fn main() -> ExitCode {
    let matches = command().get_matches();
    // The same command line as that of the derived type: only its help was added to.
    let program = Program::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    shared::end(program.task.run(), |usage| {
        let mut command = command();
        command.build();
        let name = matches.subcommand_name().unwrap_or_default();
        match command.find_subcommand_mut(name) {
            Some(subcommand) => subcommand.error(clap::error::ErrorKind::ValueValidation, usage),
            None => command.error(clap::error::ErrorKind::ValueValidation, usage),
        }
    })
}
