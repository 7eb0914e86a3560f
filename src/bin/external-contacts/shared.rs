//! What the subcommands share: which client they work with, and how they end.

use std::error::Error as StdError;
use std::io;
use std::process::ExitCode;

use genesys_external_contacts::sandbox::Sandbox;
use genesys_external_contacts::{Client, Error};

/// What comes of a subcommand.
pub type Outcome = Result<ExitCode, Failure>;

pub type Failure = Box<dyn StdError>;

/// Exit codes; what each means for whom is in the table of `main.rs`.
pub const NOT_ALL: u8 = 3;
pub const NOT_CLEAR: u8 = 4;

/// Where to work. Without `--server`, on the service if `GENESYSCLOUD_REGION` is set, otherwise on a sandbox in memory.
#[derive(clap::Args)]
pub struct Connection {
    /// Work on a sandbox that `external-contacts sandbox` serves there, such as http://127.0.0.1:8080
    #[arg(long, value_name = "URL", help_heading = "Where to work")]
    server: Option<String>,
    /// How many contacts the sandbox in memory starts with; it is used if there is neither --server nor
    /// GENESYSCLOUD_REGION
    #[arg(long, value_name = "NUMBER", default_value_t = 300, help_heading = "Where to work")]
    sandbox_contacts: usize,
}

impl Connection {
    /// Where that is, in words; nothing if it is a sandbox in memory, which no other process works on.
    pub fn place(&self) -> Option<String> {
        let on_service = std::env::var_os("GENESYSCLOUD_REGION").is_some();
        self.server.clone().or(on_service.then(|| "the service".to_owned()))
    }

    pub fn client(&self) -> Result<Client, Error> {
        if let Some(url) = &self.server {
            let builder = Client::builder().api_url(url).login_url(url);
            return builder.client_credentials(Sandbox::CLIENT_ID, Sandbox::CLIENT_SECRET).build();
        }
        if std::env::var_os("GENESYSCLOUD_REGION").is_some() {
            return Client::from_env();
        }
        eprintln!("GENESYSCLOUD_REGION is not set: working on a sandbox in memory, which is gone afterwards.");
        let sandbox = Sandbox::new();
        sandbox.generate_contacts(self.sandbox_contacts);
        Ok(sandbox.client())
    }
}

/// A command line that clap takes, and that is wrong all the same.
#[derive(Debug)]
struct WrongUsage(String);

impl std::fmt::Display for WrongUsage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl StdError for WrongUsage {}

/// Ends the subcommand as it ends with any other option that can't be: with exit code 2.
pub fn wrong(problem: impl Into<String>) -> Failure {
    Box::new(WrongUsage(problem.into()))
}

/// The exit code of an outcome. An error is printed with all that led to it; for a wrong command line, `usage` makes it
/// what clap would say.
pub fn end(outcome: Outcome, usage: impl FnOnce(&str) -> clap::Error) -> ExitCode {
    let is_broken_pipe = |error: &io::Error| error.kind() == io::ErrorKind::BrokenPipe;
    match outcome {
        Ok(code) => code,
        // Whoever reads the output has seen enough, such as `head`.
        Err(error) if error.downcast_ref().is_some_and(is_broken_pipe) => ExitCode::SUCCESS,
        Err(error) => {
            if let Some(WrongUsage(problem)) = error.downcast_ref() {
                usage(problem).exit();
            }
            let causes = std::iter::successors(error.source(), |&cause| cause.source());
            let causes: String = causes.map(|cause| format!(": {cause}")).collect();
            eprintln!("error: {error}{causes}");
            ExitCode::FAILURE
        }
    }
}

/// Text that can do nothing to a terminal.
pub fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
