//! What calls, encoding, decoding and paging cost, next to the same written by hand.
//!
//! `cargo bench --bench calls --features reqwest`. CPU time of the caller; `-- --quick` is enough for a first look.
//! `--bench table` gives ratios, which a busy machine disturbs less.

#[allow(dead_code, reason = "`table.rs` uses more of it")]
mod common;

use common::cases;
use criterion::measurement::{Measurement, ValueFormatter, WallTime};
use criterion::{Criterion, Throughput};
use std::time::Duration;

/// As criterion measures time, but by the clock of the thread: the server shares the process.
struct CpuTime;

impl Measurement for CpuTime {
    type Intermediate = Duration;
    type Value = Duration;

    fn start(&self) -> Duration {
        common::cpu()
    }

    fn end(&self, start: Duration) -> Duration {
        common::cpu() - start
    }

    fn add(&self, a: &Duration, b: &Duration) -> Duration {
        *a + *b
    }

    fn zero(&self) -> Duration {
        Duration::ZERO
    }

    fn to_f64(&self, value: &Duration) -> f64 {
        WallTime.to_f64(value)
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        WallTime.formatter()
    }
}

fn main() {
    let criterion = Criterion::default().with_measurement(CpuTime).sample_size(20);
    let criterion = criterion.warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    let mut criterion = criterion.configure_from_args();
    for case in cases::all() {
        let mut group = criterion.benchmark_group(&case.name);
        group.throughput(Throughput::Elements(1));
        for mut side in case.sides {
            group.bench_function(side.name, |bencher| bencher.iter(&mut side.run));
        }
    }
    criterion.final_summary();
}
