//! A day of one feeder with one of everything that a report tells of, and two others on the same topic.

use serde_json::{Value, json};

use crate::{
    events::{SOURCE, changed, event, told as event_of, without_unit},
    records::{Record, now, told},
};

/// Whose names begin alike.
pub const LONGER: &str = "hotline.example2";
pub const SHORTER: &str = "hotline";
/// Of the built-in stream.
pub const DEFAULT: &str = "urn:tongguan:hotline";

pub struct Sample {
    pub records: Vec<Record>,
    /// Stamp of the first; each later one came a second after.
    pub base: i64,
}

impl Sample {
    pub fn new() -> Self {
        let base = (now() / 1000 - 600) * 1000;
        let at = |seconds: i64| json!(told(base + seconds * 1000));
        let timed = |event: Value, seconds: i64| changed(event, |event| event["time"] = at(seconds));
        let numbered = |number: usize| {
            changed(timed(event("A", number), number as i64 - 1000), |event| {
                event["sequence"] = json!(number.to_string())
            })
        };
        let of = |source: &str, event: Value| changed(event, |event| event["source"] = json!(source));
        let other = |event: Value| changed(event, |event| event["data"]["level"] = json!("city"));
        let events = [
            numbered(1),
            numbered(2),
            numbered(4),
            timed(event("K", 1), -900),
            timed(event("K", 1), -900),
            timed(event("X", 1), -900),
            timed(other(event("X", 1)), -900),
            timed(without_unit("B", 1), -900),
            timed(without_unit("B", 2), -899),
            timed(event_of("B", 3, "praised", json!({})), -898),
            timed(event("C", 1), 3_600),
            timed(event("D", 2), -800),
            timed(event("D", 1), -801),
            timed(event("E", 1), -700),
            timed(event("E", 2), -699),
            of(LONGER, timed(event("G", 1), -600)),
            of(SHORTER, timed(without_unit("G", 2), -599)),
            timed(event_of("F", 1, "urged", json!({ "levl": "district" })), -500),
        ];
        let mut records: Vec<Record> = events.iter().map(Record::structured).collect();
        records[14].partition = 1;
        records.push(Record::raw("k", b"<xml>"));
        for (record, seconds) in records.iter_mut().zip(0..) {
            record.stamp = Some(base + seconds * 1000);
        }
        Self { records, base }
    }

    /// Where the event stands once it was put on an empty topic, and when it came.
    pub fn place(&self, id: &str) -> (i32, i64, i64) {
        let is_it = |record: &&Record| id_of(record).as_deref() == Some(id);
        let record = self.records.iter().find(is_it).unwrap();
        let before = self.records.iter().take_while(|one| id_of(one).as_deref() != Some(id));
        let offset = before.filter(|one| one.partition == record.partition).count();
        (record.partition, offset as i64, record.stamp.unwrap())
    }
}

fn id_of(record: &Record) -> Option<String> {
    let event: Value = serde_json::from_slice(&record.payload).ok()?;
    Some(event["id"].as_str()?.to_owned())
}

/// messages, taken, known, conflicting, refused of `SOURCE`.
pub const COUNTS: [u64; 5] = [16, 13, 1, 1, 3];

/// So many of one source, good ones, one after the other.
pub fn good(source: &str, case: &str, numbers: std::ops::RangeInclusive<usize>) -> Vec<Record> {
    let of = |number| changed(event(case, number), |event| event["source"] = json!(source));
    numbers.map(|number| Record::structured(&of(number))).collect()
}

pub fn own(case: &str, numbers: std::ops::RangeInclusive<usize>) -> Vec<Record> {
    good(SOURCE, case, numbers)
}
