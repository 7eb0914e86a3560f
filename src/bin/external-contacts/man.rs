//! Prints the manual.

use std::io::{self, Write as _};
use std::process::ExitCode;

use crate::shared::{Outcome, wrong};

/// Prints the man page of the program, or of a subcommand.
#[derive(clap::Args)]
#[command(after_help = "To read it: external-contacts man import | man -l -")]
pub struct Options {
    /// The subcommand; the program itself unless given
    #[arg(value_name = "SUBCOMMAND")]
    subcommand: Option<String>,
}

pub fn run(options: &Options, mut command: clap::Command) -> Outcome {
    command.build();
    let page = match &options.subcommand {
        None => command,
        Some(name) => {
            let found = command.find_subcommand(name).cloned();
            found.ok_or_else(|| wrong(format!("{name} is no subcommand")))?
        }
    };
    let mut text = Vec::new();
    clap_mangen::Man::new(page).render(&mut text)?;
    io::stdout().write_all(&text)?;
    Ok(ExitCode::SUCCESS)
}
