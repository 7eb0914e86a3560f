//! The program `external-contacts`, run as people run it, against the sandbox over HTTP.
//!
//! `IMPORT_KILLS=20 cargo test --features scripts --test scripts killed` kills the import 20 times instead of 3; 85 is the
//! most. `EXPORT_CONTACTS=1000000 EXPORT_KILLS=10 cargo test --release --features scripts --test scripts export:: -- --nocapture`
//! exports a million contacts instead of 10,000, and prints requests, memory and CPU time.

mod api;
mod audit;
mod export;
mod help;
mod import;
mod lookup;
mod sandbox;
#[path = "../support/server.rs"]
mod server;
mod sync_note;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

use genesys_external_contacts::sandbox::Sandbox;
use genesys_external_contacts::{Client, ExternalContact};
use server::Server;

/// What came of a run.
struct Run {
    code: Option<i32>,
    out: String,
    err: String,
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }
}

fn command(subcommand: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_external-contacts"));
    for name in ["REGION", "ACCESS_TOKEN", "OAUTHCLIENT_ID", "OAUTHCLIENT_SECRET", "USER_ID"] {
        command.env_remove(format!("GENESYSCLOUD_{name}"));
    }
    command
        .args(Some(subcommand).filter(|name| !name.is_empty()))
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn run(subcommand: &str, arguments: &[&str]) -> Run {
    command(subcommand, arguments).output().unwrap().into()
}

/// A folder of its own for each test, empty.
fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("scripts").join(name);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A sandbox without a rate limit, a client of it, it over HTTP, and a folder for files, until this is dropped.
struct Place {
    sandbox: Sandbox,
    client: Client,
    server: Server,
    url: String,
    folder: PathBuf,
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Place {
    fn new(contacts: usize) -> Self {
        static PLACES: AtomicUsize = AtomicUsize::new(0);
        let sandbox = Sandbox::builder().calls_per_minute(None).build();
        sandbox.generate_contacts(contacts);
        let server = Server::start(sandbox.clone());
        let url = format!("http://{}", server.address());
        let folder = folder(&format!("place_{}_{}", std::process::id(), PLACES.fetch_add(1, Ordering::Relaxed)));
        Self { client: sandbox.client(), sandbox, server, url, folder }
    }

    /// The program, in the folder of this place.
    fn command(&self, subcommand: &str, arguments: &[&str]) -> Command {
        let mut command = command(subcommand, arguments);
        command.args(["--server", &self.url]).current_dir(&self.folder);
        command
    }

    fn run(&self, subcommand: &str, arguments: &[&str]) -> Run {
        self.command(subcommand, arguments).output().unwrap().into()
    }

    fn add(&self, contact: ExternalContact) -> String {
        self.client.contacts().create(contact).send().unwrap().id.unwrap()
    }

    fn contacts(&self) -> Vec<ExternalContact> {
        self.client.contacts().search().page_size(100).items().map(Result::unwrap).collect()
    }

    fn last_names(&self) -> Vec<String> {
        let mut names: Vec<_> = self.contacts().into_iter().filter_map(|contact| contact.last_name).collect();
        names.sort();
        names
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.folder.join(name), text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.folder.join(name)).unwrap_or_default()
    }

    /// How many calls changed something, or tried to.
    fn writes(&self) -> usize {
        let requests = self.sandbox.requests().into_iter();
        requests.filter(|request| request.method != "GET" && !request.path.ends_with("/token")).count()
    }
}
