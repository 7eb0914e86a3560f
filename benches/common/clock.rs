//! The clock that counts CPU time.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

pub fn of_this_thread() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap(), time.tv_nsec.try_into().unwrap())
}
