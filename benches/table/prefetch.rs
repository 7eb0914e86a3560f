//! Whether fetching ahead hides the work on a page behind the waiting for the next one.

use std::time::{Duration, Instant};

use super::super::common::cases::client;
use super::super::common::server::{self, Manner};
use super::super::{Aim, Row, Spread};

const LATENCY: Duration = Duration::from_millis(20);
const TURNS: usize = 9;

/// Keeps the processor busy, as work on a page does.
fn work() {
    let start = Instant::now();
    while start.elapsed() < LATENCY {
        std::hint::spin_loop();
    }
}

fn timed(run: impl FnOnce()) -> f64 {
    let start = Instant::now();
    run();
    start.elapsed().as_secs_f64() * 1e3
}

pub fn run() {
    let api = format!("http://{}", server::start(Manner { latency: LATENCY, ..Manner::default() }));
    let client = client(&api);
    let walk = |ahead: bool, work: fn()| {
        let pages = client.contacts().search().pages();
        let pages = if ahead { pages.prefetch() } else { pages };
        assert_eq!(pages.inspect(|page| assert!(page.is_ok())).map(|_| work()).count(), server::PAGES);
    };
    report("blocking", |ahead, work| timed(|| walk(ahead, work)));

    #[cfg(feature = "reqwest")]
    {
        use genesys_external_contacts::AsyncClient;

        // What is fetched ahead needs a thread that isn't busy with the work.
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let client = AsyncClient::builder().api_url(api).access_token("token").build().unwrap();
        let walk = async |ahead: bool, work: fn()| {
            let pages = client.contacts().search().pages();
            let mut pages = if ahead { pages.prefetch() } else { pages };
            while let Some(page) = pages.next().await {
                page.unwrap();
                work();
            }
        };
        report("async", |ahead, work| timed(|| runtime.block_on(walk(ahead, work))));
    }
}

fn report(flavour: &str, walk: impl Fn(bool, fn()) -> f64) {
    walk(false, || {});
    let turns: Vec<_> = (0..TURNS).map(|_| [walk(false, || {}), walk(false, work), walk(true, work)]).collect();
    let median = |of: usize| Spread::of(turns.iter().map(|turn| turn[of])).median;
    for (index, how) in [(1, "without prefetch"), (2, "prefetch")] {
        Row {
            what: &format!("10 pages, 20 ms each, {how}"),
            against: &format!("the fetches alone, {flavour}"),
            unit: "ms",
            ours: median(index),
            theirs: median(0),
            ratio: Spread::of(turns.iter().map(|turn| turn[index] / turn[0])),
            wall: None,
            // The work on the last page has nothing to hide behind: 11 times 20 ms against 10.
            aim: (index == 2).then_some(Aim::AtMost(1.15)),
        }
        .print();
    }
}
