//! (e) Readers while the service takes events in, and what it keeps of its rate.

use std::{
    collections::BTreeMap,
    process::{Child, Command},
    time::{Duration, Instant},
};

use tokio::time::sleep;
use tongguan::feed::{cluster::Cluster, topics};

use super::{bench::Bench, cases, feeder::Feeder, readers::Readers, rounds::Times};

const PER_SECOND: u64 = 5_000;
const READERS: usize = 16;

pub async fn measure(bench: &Bench) {
    let topics = ["hotline", "grid"].map(|stream| format!("{}.case-events.{stream}", bench.prefix));
    let names: Vec<&str> = topics.iter().map(String::as_str).collect();
    let cluster = Cluster::plain(&bench.brokers);
    topics::ensure(&cluster, &names, 4, -1).await.unwrap();
    let case_id = cases::a_case(bench).await;
    println!("\n{READERS} readers while the service takes in {PER_SECOND} events/s");
    println!("{:<44} {:>8} {:>8} {:>8} {:>8}", "milliseconds", "p50", "p99", "max", "asked");
    let at_rest = Readers { count: READERS, pause: Duration::ZERO }.read(bench, &case_id).await;
    show("no events, asking again at once", &at_rest);

    let mut service = bench.command(&["run"]).spawn().unwrap();
    let feeder = Feeder::start(&bench.brokers, topics.clone(), PER_SECOND);
    sleep(Duration::from_secs(10)).await;
    kept(bench, &feeder, "nobody reads", async || sleep(bench.load).await).await;
    for (name, pause) in [("asking again after a second", 1000), ("asking again at once", 0)] {
        let readers = Readers { count: READERS, pause: Duration::from_millis(pause) };
        let mut found = BTreeMap::new();
        kept(bench, &feeder, name, async || found = readers.read(bench, &case_id).await).await;
        show(name, &found);
    }
    feeder.stop();
    stop(&mut service);
    topics::delete(&cluster, &names).await.unwrap();
    bench.execute("DROP DATABASE {{database}}_mart").await;
    bench.execute("DROP DATABASE {{database}} SYNC").await;
}

/// The rate at which events reached the ledger meanwhile, and how many had been sent and were not there at the end.
async fn kept(bench: &Bench, feeder: &Feeder, name: &str, mut meanwhile: impl AsyncFnMut()) {
    let count = "SELECT count() AS number FROM {{database}}.events";
    let (before, sent, began) = (bench.number(count).await, feeder.sent(), Instant::now());
    meanwhile().await;
    let (after, seconds) = (bench.number(count).await, began.elapsed().as_secs_f64());
    let (came, was_sent) = (after - before, feeder.sent() - sent);
    assert!(came > 0, "the service takes nothing in");
    println!(
        "{name}: sent {:.0} events/s, in the ledger {:.0} events/s",
        was_sent as f64 / seconds,
        came as f64 / seconds
    );
}

fn show(name: &str, found: &BTreeMap<&'static str, Times>) {
    println!("{name}");
    for (question, times) in found {
        let (p50, p99, max) = (times.median(), times.quantile(0.99), times.quantile(1.0));
        println!("    {question:<40} {p50:>8.0} {p99:>8.0} {max:>8.0} {:>8}", times.len());
    }
}

/// As a person stops it.
fn stop(service: &mut Child) {
    assert!(Command::new("kill").arg(service.id().to_string()).status().unwrap().success());
    assert!(service.wait().unwrap().success(), "the service did not end well");
}
