//! Messages with any bytes in any number: each ends in ledger or quarantine, once, and its neighbours pass.

use serde_json::json;

use crate::{
    memory,
    messages::{at, bare, event},
    produce::{Broker, Codec, Record, batch},
    town::Town,
};

/// 来源 in GBK.
const GBK: &[u8] = &[0xC0, 0xB4, 0xD4, 0xB4];

fn record(payload: &[u8], headers: &[(&[u8], &[u8])]) -> Record {
    Record {
        key: Some(vec![0xFF, 0, 1]),
        headers: headers.iter().map(|(name, value)| (name.to_vec(), Some(value.to_vec()))).collect(),
        payload: Some(payload.to_vec()),
    }
}

fn binary(more: usize) -> Vec<(Vec<u8>, Option<Vec<u8>>)> {
    let own = [
        ("ce_specversion", "1.0"),
        ("ce_id", "many"),
        ("ce_source", "urn:it"),
        ("ce_type", "case.signed.v1"),
        ("ce_subject", "h-3"),
        ("ce_time", "2021-03-05T09:00:00+08:00"),
        ("ce_sequence", "7"),
        ("ce_recordedtime", "2021-03-05T09:01:00+08:00"),
    ];
    let others = (0..more).map(|number| (format!("x-{number}").into_bytes(), None));
    others.chain(own.map(|(name, value)| (name.into(), Some(value.into())))).collect()
}

#[test]
fn header_names_that_are_no_text_stop_nobody() {
    let town = Town::new();
    let topic = town.topic("hotline");
    let good = |case: &str| bare(case, "accepted", &at(1), &json!({})).payload;
    // What begins with its version is a CloudEvent, whatever its headers are.
    let structured = format!(
        r#"{{"specversion":"1.0","id":"h-2","source":"urn:it","type":"case.accepted.v1","subject":"h-2","time":"{}","data":{{}}}}"#,
        at(1)
    );
    let records = [
        record(&good("h-0"), &[]),
        record(&good("h-1"), &[(GBK, GBK), (b"x", b"")]),
        record(structured.as_bytes(), &[(GBK, b"x")]),
        record(b"no json", &[(GBK, b"x")]),
        record(b"", &[(GBK, b"x")]),
        Record { payload: None, ..record(b"", &[(b"", b"x")]) },
        Record { headers: binary(2_000), ..record(b"{}", &[]) },
        Record { headers: vec![(b"x".to_vec(), None); 100_001], ..record(&good("h-4"), &[]) },
        record(&good("h-5"), &[]),
    ];
    Broker::at(&town.brokers).produce(&topic, 0, &batch(&records, Codec::None));
    town.run_until_caught_up();
    let rows = town.rows("SELECT offset, reason, field FROM {db}.quarantine FINAL ORDER BY offset");
    let found: Vec<String> =
        rows.iter().map(|row| format!("{} {} {}", row["offset"], row["reason"], row["field"])).collect();
    let expected = [
        r#"1 "not_utf8" "headers""#,
        r#"3 "not_utf8" "headers""#,
        r#"4 "empty" """#,
        r#"5 "empty" """#,
        r#"7 "invalid_field" "headers""#,
    ];
    assert_eq!(found, expected);
    assert_eq!(
        town.query("SELECT groupArray(offset) FROM (SELECT offset FROM {db}.events ORDER BY offset)"),
        "[0,2,6,8]"
    );
    let many = town.rows("SELECT seq, toString(recorded_at) AS recorded FROM {db}.events WHERE case_id = 'h-3'");
    assert_eq!((many[0]["seq"].as_u64(), many[0]["recorded"].as_str()), (Some(7), Some("2021-03-05 09:01:00.000")));
    let shown = town.tongguan(&["quarantine", "replay"], &[]);
    assert!(shown.stdout.contains("still in quarantine") || shown.code != Some(0), "{}", shown.stdout);
    assert_eq!(town.ledger_places(), 4, "what was refused for its headers is refused again");
}

const MESSAGES: u64 = 500;

/// Messages of 900 KB of one kind, while ClickHouse is away: the process keeps to its budget, and then everything is written.
fn stays_within_its_budget(record: &Record) {
    memory::stays_within_its_budget(|town| {
        let (mut broker, batch) = (Broker::at(&town.brokers), batch(std::slice::from_ref(record), Codec::None));
        for _ in 0..MESSAGES {
            broker.produce(&town.topic("hotline"), 0, &batch);
        }
        MESSAGES
    });
}

const LARGE: usize = 900_000;

fn good(data: serde_json::Value) -> Vec<u8> {
    event("m-1", "accepted", &at(1), data).payload
}

#[test]
fn large_keys_stay_within_the_budget() {
    stays_within_its_budget(&Record { key: Some(vec![b'k'; LARGE]), ..record(&good(json!({})), &[]) });
}

#[test]
fn large_keys_of_what_is_refused_stay_within_the_budget() {
    stays_within_its_budget(&Record { key: Some(vec![b'k'; LARGE]), ..record(b"no json", &[]) });
}

#[test]
fn large_headers_stay_within_the_budget() {
    stays_within_its_budget(&record(&good(json!({})), &[(b"x", &vec![0xFF; LARGE])]));
}

#[test]
fn large_headers_of_what_is_refused_stay_within_the_budget() {
    stays_within_its_budget(&record(b"no json", &[(b"x", &vec![0xFF; LARGE])]));
}

#[test]
fn large_texts_stay_within_the_budget() {
    stays_within_its_budget(&record(&good(json!({ "description": "字".repeat(LARGE / 3) })), &[]));
}

#[test]
fn texts_that_take_six_bytes_for_one_stay_within_the_budget() {
    stays_within_its_budget(&record(&good(json!({ "description": "\u{1}".repeat(LARGE / 6) })), &[]));
}

#[test]
fn texts_full_of_labels_stay_within_the_budget_and_take_no_time() {
    stays_within_its_budget(&record(&good(json!({ "description": "vx_".repeat(LARGE / 3) })), &[]));
}
