//! Ten kills of the service, one of ClickHouse, one of Kafka, and a zombie: the rows are those of an undisturbed run.
//! The seed is printed; `TONGGUAN_CHAOS_SEED=N` repeats it. Logs stay under `.local/chaos`.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should say where")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "how far it came, and the seed to repeat it with")]

mod instance;
mod pair;
mod stream;

use std::time::Duration;

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use tokio::{
    sync::Mutex,
    time::{Instant, sleep},
};
use tongguan::feed::{producer::Producer, topics};

use instance::{Installation, Instance, PLACES, PREFIX};
use pair::Pair;

/// Two pairs at once would only slow each other down.
static ONE_PAIR: Mutex<()> = Mutex::const_new(());

const UNDISTURBED: &[(&str, &str)] = &[("TONGGUAN__KAFKA__SESSION_TIMEOUT_MS", "6000")];
const DISTURBED: &[(&str, &str)] = &[
    ("TONGGUAN__KAFKA__SESSION_TIMEOUT_MS", "6000"),
    // Many steps to be killed in, and cases that have to be looked up.
    ("TONGGUAN__BATCH__ROWS_MAX", "1000"),
    ("TONGGUAN__MEMORY__CACHED_MAX_KB", "1000"),
    ("TONGGUAN__RETRY__BACKOFF_MAX_MS", "1000"),
];
/// A restart under a fixed name takes the place of the dead instance at once; without, the session has to run out.
const NAMED: &[(&str, &str)] = &[("TONGGUAN__KAFKA__INSTANCE_ID", "chaos")];

const KILLS: u64 = 10;
const CLICKHOUSE_DIES_IN: u64 = 2;
const KAFKA_DIES_IN: u64 = 5;
/// This one starts without a name, as is the default: it, and the one after it, has to wait until the session of the dead
/// one is over. It is the one that Kafka dies in, because librdkafka can end a named consumer for good then: a commit
/// under its old member id that comes after it has joined again counts as "fenced".
const UNNAMED: u64 = KAFKA_DIES_IN;

#[tokio::test]
async fn ten_kills_change_no_row() {
    let _alone = ONE_PAIR.lock().await;
    let seed = seed();
    let pair = Pair::start("kills");
    let messages = stream::messages(seed, 7_000);
    let total = messages.len() as u64;
    // The rest comes when Kafka was killed: a client that had fetched everything before would not need it any more.
    let (before, after) = messages.split_at(messages.len() * 3 / 5);
    produce(&pair, before).await;
    let b = Installation::new(&pair, "b", DISTURBED).await;

    let mut random = ChaCha8Rng::seed_from_u64(seed ^ 1);
    let mut reached = 0;
    for life in 0..KILLS {
        let mut running = b.run(&life.to_string(), if life == UNNAMED { &[] } else { NAMED });
        // What is there is shared by the lives to come, so that every kill falls inside the run.
        let (there, lives) =
            if life <= KAFKA_DIES_IN { (before.len() as u64, KAFKA_DIES_IN - life) } else { (total, KILLS - life) };
        let share = (there - reached) / (lives + 2);
        grown(&b, &mut running, reached + random.random_range(1..=share / 2)).await;
        if life == CLICKHOUSE_DIES_IN {
            let dead = kill_and_restart(&pair, "clickhouse", random.random_range(200..1500)).await;
            let back_at = b.written().await.expect("ClickHouse answers");
            assert!(back_at < there, "ClickHouse was killed after the end");
            grown(&b, &mut running, back_at + 1).await;
            println!("clickhouse was dead for {dead:?}");
        }
        if life == KAFKA_DIES_IN {
            let dead = kill_and_restart(&pair, "kafka", random.random_range(200..1500)).await;
            assert!(running.is_alive(), "it did not survive Kafka: {}", running.log());
            produce(&pair, after).await;
            grown(&b, &mut running, there + 1).await;
            println!("kafka was dead for {dead:?}");
        }
        sleep(Duration::from_millis(random.random_range(0..120))).await;
        assert!(running.is_alive(), "it ended before kill {life}: {}", running.log());
        running.kill().await;
        reached = b.written().await.expect("ClickHouse answers");
        eprintln!("kill {life}: {reached} of {total} messages written");
        assert!(0 < reached && reached < total, "kill {life} fell outside the run: {reached} of {total}");
    }
    finish(b.until_caught_up("last", NAMED)).await;

    let a = Installation::new(&pair, "a", UNDISTURBED).await;
    finish(a.until_caught_up("run", &[])).await;
    assert_same(&a, &b, total).await;
}

#[tokio::test]
async fn a_zombie_changes_no_row() {
    let _alone = ONE_PAIR.lock().await;
    let seed = seed();
    let pair = Pair::start("zombie");
    let messages = stream::messages(seed, 3_000);
    let total = messages.len() as u64;
    produce(&pair, &messages).await;
    let a = Installation::new(&pair, "a", UNDISTURBED).await;
    let b = Installation::new(&pair, "b", DISTURBED).await;
    finish(a.until_caught_up("run", &[])).await;

    let mut random = ChaCha8Rng::seed_from_u64(seed ^ 2);
    let mut zombie = b.until_caught_up("zombie", &[]);
    grown(&b, &mut zombie, random.random_range(total / 20..total / 4)).await;
    zombie.signal("STOP").await;
    let stopped_at = b.written().await.unwrap();
    assert!(stopped_at < total, "stopped after the end");
    finish(b.until_caught_up("heir", &[])).await;
    assert_eq!(b.written().await, Some(total), "the heir said that it had caught up");
    zombie.signal("CONT").await;
    let ended = zombie.ended(60).await;
    eprintln!("zombie: stopped at {stopped_at} of {total}, {ended}");
    assert!(ended.success() || zombie.log().contains("tongguan: "), "{ended} without a word: {}", zombie.log());
    assert_same(&a, &b, total).await;
}

fn seed() -> u64 {
    let seed = std::env::var("TONGGUAN_CHAOS_SEED").ok().map(|text| text.parse().expect("a number"));
    let seed = seed.unwrap_or_else(|| rand::rng().random_range(0..1_000_000));
    eprintln!("TONGGUAN_CHAOS_SEED={seed}");
    seed
}

async fn produce(pair: &Pair, messages: &[stream::Message]) {
    let names = ["hotline", "grid"].map(|stream| format!("{PREFIX}case-events.{stream}"));
    topics::ensure(&pair.brokers, &[&names[0], &names[1]], 4, -1).await.unwrap();
    let producer = Producer::new(&pair.brokers).unwrap();
    for message in messages {
        producer.send(&names[message.stream], &message.case_id, &message.payload, message.wrapping()).unwrap();
    }
    assert_eq!(producer.finish(Duration::from_secs(30)).unwrap(), messages.len() as u64);
}

async fn kill_and_restart(pair: &Pair, server: &str, dead_ms: u64) -> Duration {
    let since = Instant::now();
    pair.script("kill", &[server]);
    sleep(Duration::from_millis(dead_ms)).await;
    pair.script("up", &[server]);
    since.elapsed()
}

async fn finish(mut running: Instance) {
    let ended = running.ended(120).await;
    assert!(ended.success(), "{ended}: {}", running.log());
}

/// Waits until so many messages are written.
async fn grown(at: &Installation<'_>, running: &mut Instance, target: u64) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while at.written().await.is_none_or(|written| written < target) {
        assert!(running.is_alive(), "it ended by itself before {target} messages: {}", running.log());
        assert!(Instant::now() < deadline, "{target} messages are not reached: {}", running.log());
        sleep(Duration::from_millis(10)).await;
    }
}

async fn assert_same(a: &Installation<'_>, b: &Installation<'_>, total: u64) {
    for one in [a, b] {
        let places = one.lines(&format!("SELECT count(), uniqExact(topic, partition, offset) FROM ({PLACES})")).await;
        let wanted = format!("{total}\t{total}");
        assert_eq!(String::from_utf8_lossy(&places[0]), wanted, "{}: messages kept, places among them", one.name);
    }
    let tables = [
        ("events", "ingested_at", "topic, partition, offset"),
        ("quarantine", "ingested_at, changed_at", "topic, partition, offset"),
        ("cases", "last_ingested_at, last_recorded_at", "stream, case_id"),
    ];
    for (table, without, order) in tables {
        let sql = format!("SELECT * EXCEPT ({without}) FROM {{db}}.{table} FINAL ORDER BY {order}");
        let (left, right) = (a.lines(&sql).await, b.lines(&sql).await);
        eprintln!("{table}: {} and {} rows", left.len(), right.len());
        assert!(!left.is_empty(), "{table} is empty: nothing was compared");
        let show = |line: Option<&Vec<u8>>| line.map_or("-".into(), |line| String::from_utf8_lossy(line).into_owned());
        let differing: Vec<String> = (0..left.len().max(right.len()))
            .filter(|row| left.get(*row) != right.get(*row))
            .map(|row| format!("row {row}\n  a {}\n  b {}", show(left.get(row)), show(right.get(row))))
            .collect();
        let first = differing[..differing.len().min(3)].join("\n");
        assert!(differing.is_empty(), "{table}: {} rows differ; the first:\n{first}", differing.len());
    }
}
