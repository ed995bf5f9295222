//! A broker's disk is damaged: what the client library cannot read is named, nothing passes it in silence, its neighbours pass, and
//! a person may step over exactly that.

use std::{fs, path::PathBuf, time::Duration};

use serde_json::json;

use crate::{
    messages::{at, event},
    own::Own,
    produce::{Broker, Codec, Record, batch, seal},
    service::{Service, pause, wait_for},
};

const DECISION: Option<i32> = Some(7);
/// The first offset of the batch that is damaged, and of the next.
const BAD: i64 = 3;
const GOOD: i64 = 5;
const LONG: Duration = Duration::from_secs(60);

/// What happens to a batch on the disk.
type Damage = fn(&mut [u8]);

/// Which, by partition. The last is left alone.
const DAMAGE: [(&str, Codec, Damage); 5] = [
    ("a record longer than its batch", Codec::None, |batch| batch[61..64].fill(0xff)),
    ("a letter that is another one", Codec::None, |batch| batch[120] ^= 1),
    // Also where the checksum is right: no disk has done it then.
    ("a codec that there is not", Codec::None, |batch| {
        batch[22] = 6;
        seal(batch);
    }),
    ("a body that cannot be unpacked", Codec::Gzip, |batch| {
        batch[75..90].fill(0xff);
        seal(batch);
    }),
    ("nothing", Codec::None, |_| ()),
];
const NEIGHBOUR: usize = DAMAGE.len() - 1;

fn records(partition: usize, offsets: std::ops::Range<i64>) -> Vec<Record> {
    let one = |offset: i64| {
        let payload = event(&format!("u-{partition}-{offset}"), "accepted", &at(1), json!({})).payload;
        Record { key: Some(b"u".to_vec()), headers: Vec::new(), payload: Some(payload) }
    };
    offsets.map(one).collect()
}

/// Three batches on each partition, of which the second goes bad.
fn damaged(own: &Own) {
    let topic = own.town.topic("hotline");
    let broker = &own.brokers[0];
    for (partition, (_, codec, _)) in DAMAGE.iter().enumerate() {
        let mut line = Broker::at(&own.town.brokers);
        for offsets in [0..BAD, BAD..GOOD, GOOD..GOOD + 2] {
            let first = offsets.start;
            let batch = batch(&records(partition, offsets), *codec);
            assert_eq!(line.produce(&topic, partition as i32, &batch), first);
        }
    }
    broker.script("down");
    for (partition, (_, _, damage)) in DAMAGE.iter().enumerate() {
        let file = segment(own, &topic, partition);
        let mut bytes = fs::read(&file).unwrap();
        let second = length(&bytes);
        let third = second + length(&bytes[second..]);
        damage(&mut bytes[second..third]);
        fs::write(&file, bytes).unwrap();
    }
    broker.up();
}

fn segment(own: &Own, topic: &str, partition: usize) -> PathBuf {
    let data = own.brokers[0].folder.join("kafka/data");
    data.join(format!("{topic}-{partition}")).join("00000000000000000000.log")
}

/// Of the batch that begins there, behind its first offset.
fn length(batch: &[u8]) -> usize {
    12 + u32::from_be_bytes(batch[8..12].try_into().unwrap()) as usize
}

#[test]
fn what_cannot_be_read_is_named_and_stands_until_somebody_steps_over_exactly_that() {
    let own = Own::kafka("unreadable", 1);
    let town = &own.town;
    town.make_topic("hotline", DAMAGE.len() as i32, 1);
    town.make_topic("grid", 1, 1);
    damaged(&own);
    let topic = town.topic("hotline");
    let soon = [("KAFKA__STUCK_AFTER_S", "3")];
    let bad: Vec<String> = (0..NEIGHBOUR).map(|partition| format!("{topic}/{partition}/{BAD}")).collect();

    let in_vain = town.tongguan(&["run", "--until-caught-up"], &soon);
    assert_eq!(in_vain.code, DECISION, "{}", in_vain.stderr);
    assert!(in_vain.stderr.contains("gaps skip"), "{}", in_vain.stderr);

    let service = Service::start(town, &soon);
    for (place, (what, ..)) in bad.iter().zip(DAMAGE) {
        wait_for(&format!("{what} to be named"), LONG, || {
            let (status, body) = service.get("/readyz");
            status == 503 && body.contains(&format!("tongguan gaps skip {place} --yes"))
        });
    }
    let whole = || town.number("SELECT uniqExact(offset) FROM {db}.events WHERE partition = 4");
    wait_for("the neighbour to pass", LONG, || whole() == 7);
    let name = |metric: &str, partition: usize| format!("{metric}{{topic=\"{topic}\",partition=\"{partition}\"}}");
    // It stands, and is said to: not now and then, and not again and again.
    for _ in 0..50 {
        let (status, body) = service.get("/readyz");
        assert!(status == 503 && bad.iter().all(|place| body.contains(place)), "{body}");
        pause(200);
    }
    for partition in 0..bad.len() {
        assert_eq!(service.metric(&name("tongguan_unreadable_total", partition)), 1.0);
        assert_eq!(service.metric(&name("tongguan_partition_stuck", partition)), 1.0);
    }
    assert_eq!(service.metric(&name("tongguan_partition_stuck", NEIGHBOUR)), 0.0);
    assert_eq!(service.stderr().matches("the client library cannot read what lies there").count(), bad.len());
    let asked = town.tongguan(&["healthcheck", "--url", &format!("http://{}/readyz", service.address())], &[]);
    assert_eq!(asked.code, Some(1));
    assert!(asked.stdout.contains("FAIL partitions") && asked.stdout.contains("gaps skip"), "{}", asked.stdout);

    for place in &bad {
        let unsure = town.tongguan(&["gaps", "skip", place], &[]);
        assert_eq!(unsure.code, Some(1), "{unsure:?}");
        let ended = town.tongguan(&["gaps", "skip", place, "--yes", "--note", "a bad disk"], &[]);
        assert_eq!(ended.code, Some(0), "{ended:?}");
    }
    wait_for("readiness by itself", LONG, || service.get("/readyz").0 == 200);
    let passed = 7 * DAMAGE.len() as u64 - (GOOD - BAD) as u64 * bad.len() as u64;
    wait_for("what lies behind", LONG, || town.ledger_places() == passed);
    let gaps = town.rows("SELECT partition, first, next, reason FROM {db}.gaps FINAL ORDER BY partition");
    let expected: Vec<_> = (0..bad.len())
        .map(|partition| json!({"partition": partition, "first": BAD, "next": GOOD, "reason": "unreadable"}))
        .collect();
    assert_eq!(gaps, expected);
    let listed = town.tongguan(&["gaps", "list"], &[]);
    assert_eq!(listed.code, Some(0), "{listed:?}");
    assert_eq!(listed.stdout.matches("a bad disk").count(), bad.len(), "{}", listed.stdout);
}
