//! What the benches share: the server that they talk to, the client written by hand that they compare with, and the
//! cases that are measured.

pub mod by_hand;
pub mod cases;
mod clock;
pub mod server;

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use clock::of_this_thread;

/// CPU time of threads that worked for a side of a case and have ended.
static OF_HELPERS: AtomicU64 = AtomicU64::new(0);

/// CPU time that calls cost their caller: of this thread, and of its [`helper`]s. The server's threads don't count.
pub fn cpu() -> Duration {
    of_this_thread() + Duration::from_nanos(OF_HELPERS.load(Ordering::Relaxed))
}

/// Runs work on a thread that is part of what is measured.
pub fn helper(work: impl FnOnce()) {
    work();
    OF_HELPERS.fetch_add(of_this_thread().as_nanos().try_into().unwrap(), Ordering::Relaxed);
}
