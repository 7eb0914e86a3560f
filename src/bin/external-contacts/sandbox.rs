//! Serves the sandbox over HTTP, so that clients in any language can use it.

mod serving;

use std::io::{self, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::process::ExitCode;
use std::time::Duration;

use genesys_external_contacts::sandbox::Sandbox;
use hyper_util::server::graceful::GracefulShutdown;

use crate::shared::Outcome;
use serving::{Bounds, runtime, serve};

const AFTER_HELP: &str = "\
It listens on loopback only, unless --host says otherwise: whoever reaches it
can do everything. It forgets all when it ends. Ctrl-C lets requests that have
begun end; a second one ends these, too.";

/// Serves the API in memory over HTTP, for clients in any language, until Ctrl-C.
#[derive(clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Options {
    /// The port; 0 for any that is free
    #[arg(long, value_name = "NUMBER", default_value_t = 8080)]
    port: u16,
    /// The address to listen on. There is one client, and its secret is public
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    host: String,
    /// How many contacts there are at first
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    contacts: usize,
    /// No rate limit, instead of 300 calls a minute
    #[arg(long)]
    no_limit: bool,
    /// How many connections are served at a time; others wait until one of these ends
    #[arg(long, value_name = "NUMBER", default_value_t = 128, value_parser = clap::value_parser!(u16).range(1..))]
    connections: u16,
    /// When a connection is closed that doesn't get on: how long the head of a request may take, how long its body, and how
    /// long its answer and the silence after it together
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..))]
    timeout: u64,
}

/// Serves until Ctrl-C or, on Unix, SIGTERM.
pub fn run(options: &Options) -> Outcome {
    let calls = if options.no_limit { None } else { Some(300) };
    let listener = TcpListener::bind((&*options.host, options.port))
        .map_err(|error| format!("can't listen on {}, port {}: {error}", options.host, options.port))?;
    let address = listener.local_addr()?;
    let sandbox = Sandbox::builder().calls_per_minute(calls).files_url(format!("http://{address}")).build();
    sandbox.generate_contacts(options.contacts);
    let bounds = Bounds { connections: options.connections.into(), timeout: Duration::from_secs(options.timeout) };
    runtime()?.block_on(async {
        let connections = GracefulShutdown::new();
        // Whoever started this may not want to read it.
        let _ = io::stdout().write_all(introduction(address, options.contacts).as_bytes());
        tokio::select! {
            outcome = serve(listener, sandbox, bounds, &connections) => outcome?,
            outcome = asked_to_end() => outcome?,
        }
        tokio::select! {
            () = connections.shutdown() => {}
            outcome = asked_to_end() => outcome?,
        }
        Ok(ExitCode::SUCCESS)
    })
}

async fn asked_to_end() -> io::Result<()> {
    #[cfg(unix)]
    {
        let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        tokio::select! {
            outcome = tokio::signal::ctrl_c() => outcome,
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}

fn introduction(address: SocketAddr, contacts: usize) -> String {
    let (id, secret) = (Sandbox::CLIENT_ID, Sandbox::CLIENT_SECRET);
    let (url, host, port) = (format!("http://{address}"), address.ip(), address.port());
    format!(
        "The sandbox listens, with {contacts} contacts. Ctrl-C ends it.

  API            {url}
  sign-in        {url}/oauth/token
  client id      {id}
  client secret  {secret}

This crate:      Client::builder().api_url(\"{url}\").login_url(\"{url}\")
                     .client_credentials(\"{id}\", \"{secret}\").build()
Python SDK:      PureCloudPlatformClientV2.configuration.host = \"{url}\"
JavaScript SDK:  client.setGateway({{ host: \"{host}\", protocol: \"http\", port: {port} }})
curl:            curl -u {id}:{secret} -d grant_type=client_credentials {url}/oauth/token
"
    )
}
