//! What the scripts share: which client they work with, and how they end.

use std::error::Error as StdError;
use std::io;
use std::process::ExitCode;

use genesys_external_contacts::sandbox::Sandbox;
use genesys_external_contacts::{Client, Error};

/// Where to work. Without `--server`, on the service if `GENESYSCLOUD_REGION` is set, otherwise on a sandbox in memory.
#[derive(clap::Args)]
pub struct Connection {
    /// Work on a sandbox that `examples/sandbox_server.rs` serves there, such as http://127.0.0.1:8080
    #[arg(long, value_name = "URL")]
    server: Option<String>,
    /// How many contacts the sandbox in memory starts with; it is used if there is neither --server nor GENESYSCLOUD_REGION
    #[arg(long, value_name = "NUMBER", default_value_t = 300)]
    sandbox_contacts: usize,
}

impl Connection {
    /// Where that is, in words; nothing if it is a sandbox in memory, which no other process works on.
    #[allow(dead_code)] // Not every script has to know.
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

/// The exit code of a script that comes to this; an error is told with all that led to it.
pub fn end(outcome: Result<ExitCode, Box<dyn StdError>>) -> ExitCode {
    let is_broken_pipe = |error: &io::Error| error.kind() == io::ErrorKind::BrokenPipe;
    match outcome {
        Ok(code) => code,
        // Whoever reads the output has seen enough, such as `head`.
        Err(error) if error.downcast_ref().is_some_and(is_broken_pipe) => ExitCode::SUCCESS,
        Err(error) => {
            let causes = std::iter::successors(error.source(), |&cause| cause.source());
            let causes: String = causes.map(|cause| format!(": {cause}")).collect();
            eprintln!("error: {error}{causes}");
            ExitCode::FAILURE
        }
    }
}
