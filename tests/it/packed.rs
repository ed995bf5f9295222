//! Batches of every codec: nothing of them is lost, and what unpacks to a thousand times its size stays within the memory that is allowed.

use std::time::Duration;

use rdkafka::{
    ClientConfig, Offset, TopicPartitionList,
    admin::{AdminClient, AdminOptions},
    client::DefaultClientContext,
};
use serde_json::json;

use crate::{
    messages::{at, event},
    produce::{Broker, Codec, Record, batch},
    service::{Service, wait_for},
    town::Town,
};

const CODECS: [Codec; 5] = [Codec::None, Codec::Gzip, Codec::Snappy, Codec::Lz4, Codec::Zstd];
const MAX_MB: u64 = 256;

fn record(payload: Vec<u8>) -> Record {
    Record { key: Some(b"k".to_vec()), headers: vec![(b"trace".to_vec(), Some(vec![0xFF]))], payload: Some(payload) }
}

fn accepted(number: usize) -> Record {
    record(
        event(&format!("p-{number}"), "accepted", &at(number), json!({ "description": format!("路灯 {number}") }))
            .payload,
    )
}

#[test]
fn every_codec_is_read_record_by_record() {
    let town = Town::new();
    let (topic, mut broker) = (town.topic("hotline"), Broker::at(&town.brokers));
    for (round, codec) in CODECS.into_iter().enumerate() {
        let mut records: Vec<Record> = (0..200).map(|number| accepted(round * 200 + number)).collect();
        records[100].payload = Some(b"no json".to_vec());
        records[101].payload = None;
        broker.produce(&topic, 0, &batch(&records, codec));
    }
    town.run_until_caught_up();
    let all = CODECS.len() as u64;
    assert_eq!(town.ledger_places(), 198 * all);
    assert_eq!(
        town.query("SELECT countIf(reason = 'not_json'), countIf(reason = 'empty') FROM {db}.quarantine FINAL"),
        format!("{all}\t{all}")
    );
    assert_eq!(town.number("SELECT uniqExact(case_id) FROM {db}.cases FINAL"), 198 * all);
    let places = "SELECT count() FROM (SELECT offset FROM {db}.events UNION DISTINCT SELECT offset FROM {db}.quarantine) WHERE offset < 1000";
    assert_eq!(town.number(places), 200 * all, "every offset once");
    let verified = town.tongguan(&["verify"], &[]);
    assert_eq!(verified.code, Some(0), "{}", verified.stdout);
}

#[test]
fn reading_begins_within_a_batch() {
    let town = Town::new();
    let topic = town.topic("hotline");
    let records: Vec<Record> = (0..100).map(accepted).collect();
    Broker::at(&town.brokers).produce(&topic, 0, &batch(&records, Codec::Zstd));
    let admin: AdminClient<DefaultClientContext> =
        ClientConfig::new().set("bootstrap.servers", &town.brokers).create().unwrap();
    let mut before = TopicPartitionList::new();
    before.add_partition_offset(&topic, 0, Offset::Offset(60)).unwrap();
    town.wait(admin.delete_records(&before, &AdminOptions::new())).unwrap();
    town.run_until_caught_up();
    assert_eq!(town.query("SELECT min(offset), max(offset), count() FROM {db}.events"), "60\t99\t40");
}

/// A batch between two ordinary messages, while the service runs: its peak in MB.
fn peak_of(town: &Town, bomb: &[u8], refused: u64) -> u64 {
    let max = MAX_MB.to_string();
    let mut service = Service::start(town, &[("MEMORY__MAX_MB", &max)]);
    service.wait_until_ready();
    let (topic, mut broker) = (town.topic("hotline"), Broker::at(&town.brokers));
    let next = |broker: &mut Broker, number| broker.produce(&topic, 0, &batch(&[accepted(number)], Codec::None));
    next(&mut broker, 0);
    broker.produce(&topic, 0, bomb);
    next(&mut broker, 1);
    let places = "SELECT uniqExact(offset) FROM {db}.events WHERE case_id IN ('p-0', 'p-1')";
    wait_for("what is behind it", Duration::from_secs(240), || town.number(places) == 2);
    wait_for("what it held", Duration::from_secs(240), || {
        town.number("SELECT uniqExact(offset) FROM {db}.quarantine") == refused
    });
    let peak = service.peak_mb();
    assert_eq!(service.stop().code, Some(0));
    peak
}

#[test]
fn a_gigabyte_in_one_message_is_refused_with_its_size_and_never_held() {
    let gigabyte = record(vec![b' '; 1_000_000_000]);
    for codec in [Codec::Gzip, Codec::Lz4, Codec::Zstd] {
        let town = Town::new();
        let mut bomb = batch([&gigabyte], codec);
        // The broker's own limit is a megabyte; lz4 packs no better than 255 times.
        if bomb.len() > 1_000_000 {
            assert_eq!(codec, Codec::Lz4);
            bomb = batch([&record(vec![b' '; 200_000_000])], codec);
        }
        let peak = peak_of(&town, &bomb, 1);
        assert!(peak <= MAX_MB + 64, "{codec:?}: {peak} MB resident");
        let rows = town.rows("SELECT reason, size, detail FROM {db}.quarantine FINAL");
        assert_eq!(
            (rows[0]["reason"].as_str(), rows[0]["size"].as_u64() >= Some(200_000_000)),
            (Some("too_large"), true),
            "{rows:?}"
        );
    }
}

#[test]
fn hundreds_of_megabytes_in_one_batch_are_all_kept_and_never_held_at_once() {
    const MESSAGES: usize = 300;
    let megabyte = record(vec![b' '; 1_000_000]);
    let town = Town::new();
    let peak = peak_of(&town, &batch(std::iter::repeat_n(&megabyte, MESSAGES), Codec::Gzip), MESSAGES as u64);
    assert!(peak <= MAX_MB + 64, "{peak} MB resident");
}

#[test]
fn what_snappy_packs_twenty_times_is_within_the_budget() {
    let town = Town::new();
    let spaces = record(vec![b' '; 900_000]);
    let peak = peak_of(&town, &batch(std::iter::repeat_n(&spaces, 20), Codec::Snappy), 20);
    assert!(peak <= MAX_MB + 64, "{peak} MB resident");
}
