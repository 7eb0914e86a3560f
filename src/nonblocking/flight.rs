//! A sign-in under way: it runs in a task of its own, or else the calls that wait for it help it on.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Instant;

use futures_util::FutureExt as _;
use futures_util::future::Shared;

use super::session::{Outcome, SignIn, Waited};
use super::{Later, Transport, Work};

/// What calls wait for.
#[derive(Clone)]
pub(crate) struct Flight {
    slot: Arc<Mutex<Slot>>,
    /// The sign-in, where the transport has no place to run it. A lock that is held while signing in won't do: the call that
    /// holds it may not be polled for a long time, and everybody else would wait for it.
    work: Arc<Mutex<Option<Work>>>,
    outcome: Shared<Later<'static, Option<Outcome>>>,
}

/// What the sign-in ends it with. If that is dropped before, the sign-in is lost.
pub(crate) struct Landing(Arc<Mutex<Slot>>);

#[derive(Default)]
struct Slot {
    outcome: Option<Outcome>,
    is_over: bool,
    is_detached: bool,
    /// Wakes all calls that wait.
    waker: Option<Waker>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What they guard is replaced as a whole: a panic elsewhere can't have left half of it.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Changes the slot and wakes everybody who has seen it as it was.
fn change(slot: &Mutex<Slot>, change: impl FnOnce(&mut Slot)) {
    let waker = {
        let mut slot = lock(slot);
        change(&mut slot);
        slot.waker.take()
    };
    waker.into_iter().for_each(Waker::wake);
}

impl Landing {
    pub(crate) fn land(self, outcome: Outcome) {
        lock(&self.0).outcome = Some(outcome);
    }
}

impl Drop for Landing {
    fn drop(&mut self) {
        change(&self.0, |slot| slot.is_over = true);
    }
}

impl Flight {
    pub(crate) fn new() -> (Self, Landing) {
        let slot = Arc::<Mutex<Slot>>::default();
        let work = Arc::<Mutex<Option<Work>>>::default();
        let parts = (Arc::clone(&slot), Arc::clone(&work));
        let outcome: Later<'static, _> = Box::pin(poll_fn(move |context| poll(&parts.0, &parts.1, context)));
        (Self { slot: Arc::clone(&slot), work, outcome: outcome.shared() }, Landing(slot))
    }

    /// Runs the sign-in in a task of its own, where the transport has one.
    pub(crate) fn begin(&self, sign_in: SignIn, transport: &dyn Transport) {
        match transport.spawn_detached(Box::pin(sign_in.run())) {
            // Who waits already learns that there is a clock to wait by.
            Ok(()) => change(&self.slot, |slot| slot.is_detached = true),
            Err(work) => *lock(&self.work) = Some(work),
        }
    }

    pub(crate) fn is_over(&self) -> bool {
        lock(&self.slot).is_over
    }

    pub(crate) async fn wait(&self, transport: &dyn Transport, until: Option<Instant>) -> Waited {
        let mut outcome = self.outcome.clone();
        let mut limit = Limit::Unset;
        poll_fn(|context| {
            if let Poll::Ready(outcome) = outcome.poll_unpin(context) {
                return Poll::Ready(outcome.map_or(Waited::Lost, Waited::Landed));
            }
            let Some(until) = until else { return Poll::Pending };
            // A transport that runs tasks lives in real time. On a virtual clock `sleep_until` would return at once.
            if matches!(limit, Limit::Unset) && lock(&self.slot).is_detached {
                limit = Limit::Set(transport.sleep_until(until));
            }
            if let Limit::Set(sleep) = &mut limit
                && sleep.as_mut().poll(context).is_ready()
            {
                limit = Limit::Passed;
            }
            // Only the clock says whether time is up.
            if until <= transport.now() { Poll::Ready(Waited::TimeUp) } else { Poll::Pending }
        })
        .await
    }
}

/// What wakes a call when its time is up.
enum Limit<'a> {
    Unset,
    Set(Later<'a, ()>),
    Passed,
}

/// Helps the sign-in on, and takes its outcome. `Shared` sees to it that only one call does at a time.
fn poll(slot: &Mutex<Slot>, work: &Mutex<Option<Work>>, context: &mut Context<'_>) -> Poll<Option<Outcome>> {
    // Not locked while it runs: it may be long, and it may end everything that holds it.
    let running = lock(work).take();
    if let Some(mut running) = running
        // Where it panics, it is dropped, and so lost: whoever helped it on is not to blame.
        && let Ok(Poll::Pending) = catch_unwind(AssertUnwindSafe(|| Pin::new(&mut running).poll(context)))
    {
        *lock(work) = Some(running);
    }
    let mut slot = lock(slot);
    if slot.is_over {
        return Poll::Ready(slot.outcome.take());
    }
    slot.waker = Some(context.waker().clone());
    Poll::Pending
}
