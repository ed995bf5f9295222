//! The fence by itself: a writer that a rebuild overtakes folds under the new generation before it commits, or stops.

use std::{collections::HashMap, sync::Arc, time::Duration};

use tokio::time::Instant;
use tongguan::{
    domain::{
        event::{Envelope, Event, Place},
        fact::Fact,
        rules::{Limits, Rules},
        stream::Stream,
    },
    feed::partition::Partition,
    health::Health,
    pipeline::{
        batch::Batch,
        checks::Checks,
        generation::{Current, Judges, Outdated},
        retry::Retry,
        writer::{Room, Writer},
    },
    store::rebuilds::{self, Generation, Scope},
};

use crate::town::Town;

const MINUTE: Duration = Duration::from_secs(60);

fn limits() -> Arc<Limits> {
    let policy = tongguan::config::policy::load(None).unwrap();
    let calendar = tongguan::config::calendar::load(None).unwrap();
    Arc::new(Limits::new(policy, calendar))
}

fn writer(town: &Town, limits: &Arc<Limits>) -> Writer {
    let stream = Arc::new(Stream::usual("grid", jiff::tz::TimeZone::UTC));
    let pause = Duration::from_millis(5);
    let checks = Checks::new(town.store(), vec!["grid".to_owned()], MINUTE, MINUTE);
    let rules = HashMap::from([("grid".into(), Rules::new(stream, Arc::clone(limits)))]);
    let retry = Retry::new(pause, pause, Health::default());
    let room = Room { cached: 1_000_000, folded: 1_000_000 };
    Writer::new((town.store(), retry), rules, Current::new(Judges::of(limits)), checks, room)
}

fn partition() -> Partition {
    Partition { topic: "grid".into(), partition: 0 }
}

/// One message of case C at this offset.
fn batch(offset: i64) -> Batch {
    let now = tongguan::pipeline::clock::now();
    let mut batch = Batch::default();
    batch.took(&partition(), offset, 1, None, Instant::now());
    batch.events.push(Event {
        place: Place { topic: "grid".into(), partition: 0, offset },
        envelope: Envelope::Bare,
        ingested_at: now,
        stream: "grid".into(),
        case_id: "C".into(),
        source: "s".into(),
        id: format!("{offset}").into(),
        occurred_at: now,
        recorded_at: None,
        seq: 0,
        fact: Fact::Accepted(Box::default()),
    });
    batch
}

fn begun(number: u32, judges: &Judges) -> Generation {
    Generation {
        generation: number,
        scope: Scope::All,
        stream: "".into(),
        policy: judges.policy.clone(),
        calendar: judges.calendar.clone(),
        started_at: tongguan::pipeline::clock::now(),
        finished_at: None,
        cases: 0,
        events: 0,
    }
}

/// The version of C's row: generation and rows folded.
fn version(town: &Town) -> (u64, u64) {
    let row = &town.rows(
        "SELECT bitShiftRight(version, 32) AS generation, bitAnd(version, 0xFFFFFFFF) AS folded FROM {db}.cases FINAL",
    )[0];
    (row["generation"].as_u64().unwrap(), row["folded"].as_u64().unwrap())
}

#[test]
fn a_batch_that_a_rebuild_of_the_same_rules_overtakes_is_committed_under_its_generation() {
    let (town, limits) = (Town::new(), limits());
    let mut writer = writer(&town, &limits);
    town.wait(async {
        writer.begin().await.unwrap();
        writer.write(batch(0)).await.unwrap();
        writer.closed().await.unwrap();
    });
    assert_eq!(version(&town), (1, 1));
    // The rebuild begins, and has read the ledger already, when the next message comes.
    town.wait(async {
        rebuilds::note(&town.store(), &begun(2, &writer.current.judges)).await.unwrap();
        writer.write(batch(1)).await.unwrap();
        writer.closed().await.unwrap();
    });
    assert_eq!(version(&town), (2, 2));
    assert_eq!(writer.progress.counts().written, 2);
}

#[test]
fn a_batch_that_a_rebuild_of_other_rules_overtakes_is_never_committed() {
    let (town, limits) = (Town::new(), limits());
    let mut writer = writer(&town, &limits);
    let others = Judges { policy: "other@1".into(), calendar: writer.current.judges.calendar.clone() };
    let refused: Outdated = town.wait(async {
        writer.begin().await.unwrap();
        writer.write(batch(0)).await.unwrap();
        writer.closed().await.unwrap();
        rebuilds::note(&town.store(), &begun(2, &others)).await.unwrap();
        writer.write(batch(1)).await.unwrap();
        writer.closed().await.unwrap_err()
    });
    assert_eq!((refused.generation, refused.policy.as_str()), (2, "other@1"));
    assert_eq!(writer.progress.counts().written, 1);
    assert_eq!(town.number("SELECT count() FROM {db}.events"), 2, "the message is kept, and will come again");
}

#[test]
fn what_one_writer_founded_another_of_other_rules_does_not_touch() {
    let (town, limits) = (Town::new(), limits());
    let mut first = writer(&town, &limits);
    town.wait(first.begin()).unwrap();
    let mut second = writer(&town, &limits);
    second.current = Current::new(Judges { calendar: "other".into(), ..first.current.judges.clone() });
    let refused = town.wait(second.begin()).unwrap_err();
    assert_eq!((refused.generation, refused.mine.calendar.as_str()), (1, "other"));
    assert_eq!(town.number("SELECT count() FROM {db}.rebuilds"), 1);
}
