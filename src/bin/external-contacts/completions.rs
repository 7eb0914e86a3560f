//! Prints what a shell needs to complete the command line.

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap_complete::Shell;

use crate::shared::Outcome;

const AFTER_HELP: &str = "\
Where it goes depends on the shell, for example:
  external-contacts completions bash > ~/.local/share/bash-completion/completions/external-contacts
  external-contacts completions fish > ~/.config/fish/completions/external-contacts.fish";

/// Prints completions for a shell.
#[derive(clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Options {
    /// The shell
    shell: Shell,
}

pub fn run(options: &Options, mut command: clap::Command) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut command, "external-contacts", &mut script);
    io::stdout().write_all(&script)?;
    Ok(ExitCode::SUCCESS)
}
