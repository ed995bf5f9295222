//! A real file of 121,145 cases, and the figures that are known about it.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hasher as _},
    path::PathBuf,
};

use super::*;
use crate::feed::{contract::WireTime, import::Outgoing};

/// 2016-01-12 23:59:59 in Boston.
const AS_OF: &str = "2016-01-12T23:59:59-05:00";
const SHIPPED: &str = include_str!("../../../../config/sources/boston311.toml");

/// None only where it was said that the shared folder is not there.
fn file() -> Option<Vec<u8>> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data/boston311/boston311_2015_slim.csv.gz");
    match std::fs::read(&path) {
        Ok(bytes) => Some(bytes),
        Err(_) if std::env::var("TONGGUAN_WITHOUT_SHARED").is_ok_and(|value| value == "1") => None,
        Err(error) => panic!(
            "{}: {error}. This test reads the Boston file beside the repository; where there is none, \
             set TONGGUAN_WITHOUT_SHARED=1",
            path.display()
        ),
    }
}

#[derive(Default)]
struct Case {
    opened: i64,
    opened_text: String,
    due: Option<i64>,
    closed: Option<i64>,
}

/// What is kept of the events, which would fill a gigabyte as they are.
struct Boston {
    summary: Summary,
    cases: HashMap<String, Case>,
    digest: u64,
}

fn seconds(value: &Value) -> Option<i64> {
    value.as_str().map(|text| WireTime::parse(text).unwrap().at.0 / 1000)
}

impl Boston {
    fn import(mapping_text: &str) -> Option<Self> {
        let file = file()?;
        let mapping = mapping(mapping_text);
        let (mut cases, mut digest) = (HashMap::<String, Case>::new(), DefaultHasher::new());
        let mut sink = |outgoing: Outgoing<'_>| -> Result<(), Infallible> {
            digest.write(outgoing.payload);
            let event: Value = serde_json::from_slice(outgoing.payload).unwrap();
            let case = cases.entry(outgoing.case_id.to_owned()).or_default();
            let time = seconds(&event["time"]).unwrap();
            match event["type"].as_str().unwrap() {
                "case.accepted.v1" => {
                    (case.opened, case.due) = (time, seconds(&event["data"]["due_at"]));
                    event["time"].as_str().unwrap().clone_into(&mut case.opened_text);
                }
                "case.closed.v1" => case.closed = Some(time),
                _ => {}
            }
            Ok(())
        };
        let mut rejects = Vec::new();
        let mut quiet = |_| {};
        let summary = Importer::run(Cursor::new(&file[..]), &mapping, &mut sink, &mut rejects, &mut quiet).unwrap();
        assert!(rejects.is_empty());
        Some(Self { summary, cases, digest: digest.finish() })
    }

    fn opened_at_one(&self) -> Vec<&str> {
        let texts = self.cases.values().map(|case| case.opened_text.as_str());
        texts.filter(|text| text.starts_with("2015-11-01T01:")).collect()
    }
}

#[test]
fn boston_gives_the_known_numbers_of_events() {
    let Some(boston) = Boston::import(SHIPPED) else { return };
    let summary = &boston.summary;
    let sent: Vec<u64> = summary.events.values().map(|tally| tally.sent).collect();
    assert_eq!(sent, [121_145, 121_145, 101_272]);
    assert_eq!((summary.rows, summary.rejected, summary.filtered, summary.conflicting()), (121_145, 0, 0, 0));
    assert_eq!(boston.cases.values().filter(|case| case.due.is_some()).count(), 94_154);
    assert_eq!((summary.cases, summary.without_due), (121_145, 121_145 - 94_154));
}

#[test]
fn bostons_instants_are_those_of_its_own_clocks() {
    let Some(boston) = Boston::import(SHIPPED) else { return };
    let cases = || boston.cases.values();
    // The sums were computed apart from this code, with Python's zoneinfo.
    assert_eq!(cases().map(|case| case.opened).sum::<i64>(), 173_966_678_408_367);
    assert_eq!(cases().filter_map(|case| case.closed).sum::<i64>(), 145_541_796_015_886);
    assert_eq!(cases().filter_map(|case| case.due).sum::<i64>(), 135_749_813_000_258);
    let as_of = seconds(&Value::from(AS_OF)).unwrap();
    let is_due = |case: &&Case| case.due.is_some_and(|due| due <= as_of);
    let is_met = |case: &&Case| matches!((case.due, case.closed), (Some(due), Some(closed)) if closed <= due);
    assert_eq!(cases().filter(is_due).count(), 83_181);
    assert_eq!(cases().filter(is_due).filter(is_met).count(), 52_582);
    let early: Vec<i64> =
        cases().filter_map(|case| Some(case.opened - case.closed?)).filter(|early| *early > 0).collect();
    assert_eq!((early.len(), early.iter().min(), early.iter().max()), (197, Some(&1), Some(&58)));
}

#[test]
fn the_opening_in_the_repeated_hour_is_the_earlier_or_the_later_as_told() {
    let Some(earlier) = Boston::import(SHIPPED) else { return };
    assert_eq!(earlier.opened_at_one(), ["2015-11-01T01:16:00-04:00"]);
    let later = SHIPPED.replace("ambiguous = \"earlier\"", "ambiguous = \"later\"");
    assert_eq!(Boston::import(&later).unwrap().opened_at_one(), ["2015-11-01T01:16:00-05:00"]);
}

#[test]
fn boston_twice_gives_the_same_bytes() {
    let Some(first) = Boston::import(SHIPPED) else { return };
    assert_eq!(first.digest, Boston::import(SHIPPED).unwrap().digest);
}
