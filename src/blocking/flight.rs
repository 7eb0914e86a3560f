//! A sign-in under way: it runs in a thread, and calls wait for a condition.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::Transport;
use super::session::{Outcome, SignIn, Waited};

/// What calls wait for.
#[derive(Clone)]
pub(crate) struct Flight(Arc<Shared>);

/// What the sign-in ends it with. If that is dropped before, the sign-in is lost.
pub(crate) struct Landing(Arc<Shared>);

#[derive(Default)]
struct Shared {
    slot: Mutex<Slot>,
    landed: Condvar,
}

#[derive(Default)]
struct Slot {
    outcome: Option<Outcome>,
    is_over: bool,
}

impl Shared {
    fn slot(&self) -> MutexGuard<'_, Slot> {
        // Its parts are replaced as a whole: a panic elsewhere can't have left half of one.
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Landing {
    pub(crate) fn land(self, outcome: Outcome) {
        self.0.slot().outcome = Some(outcome);
    }
}

impl Drop for Landing {
    fn drop(&mut self) {
        self.0.slot().is_over = true;
        self.0.landed.notify_all();
    }
}

impl Flight {
    pub(crate) fn new() -> (Self, Landing) {
        let shared = Arc::<Shared>::default();
        (Self(Arc::clone(&shared)), Landing(shared))
    }

    /// Runs the sign-in: in a thread of its own, or here where there can be none.
    pub(crate) fn begin(&self, sign_in: SignIn, transport: &dyn Transport) {
        if let Err(work) = transport.spawn_detached(Box::new(move || sign_in.run())) {
            work();
        }
    }

    pub(crate) fn is_over(&self) -> bool {
        self.0.slot().is_over
    }

    pub(crate) fn wait(&self, transport: &dyn Transport, until: Option<Instant>) -> Waited {
        // Real time only says when to look at the transport's clock again, which may be a virtual one that stands still.
        const NEXT_LOOK: Duration = Duration::from_millis(1);
        const LONGEST: Duration = Duration::from_secs(3600);
        let mut slot = self.0.slot();
        while !slot.is_over {
            let left = until.map_or(LONGEST, |until| until.saturating_duration_since(transport.now()));
            if left.is_zero() {
                return Waited::TimeUp;
            }
            let waited = self.0.landed.wait_timeout(slot, left.clamp(NEXT_LOOK, LONGEST));
            slot = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        slot.outcome.clone().map_or(Waited::Lost, Waited::Landed)
    }
}
