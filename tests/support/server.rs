//! A sandbox behind HTTP, in the process of the test.

// Each test uses what it needs of it.
#![allow(dead_code)]

#[path = "../../src/bin/external-contacts/sandbox/serving.rs"]
pub mod program;

use std::net::{SocketAddr, TcpListener};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use genesys_external_contacts::sandbox::Sandbox;
use hyper_util::server::graceful::GracefulShutdown;
use program::Bounds;
use tokio::sync::oneshot;

/// A server, until it is dropped. Its connections end with it.
pub struct Server {
    address: SocketAddr,
    end: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
}

impl Server {
    pub fn start(sandbox: Sandbox) -> Self {
        Self::bounded(sandbox, Bounds { connections: 128, timeout: Duration::from_secs(60) })
    }

    pub fn bounded(sandbox: Sandbox, bounds: Bounds) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let runtime = program::runtime().unwrap();
        let (end, ended) = oneshot::channel();
        let thread = thread::spawn(move || {
            runtime.block_on(async {
                let connections = GracefulShutdown::new();
                tokio::select! {
                    outcome = program::serve(listener, sandbox, bounds, &connections) => outcome.unwrap(),
                    _ = ended => {}
                }
            });
        });
        Self { address, end: Some((end, thread)) }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some((end, thread)) = self.end.take() {
            let _ = end.send(());
            let _ = thread.join();
        }
    }
}
