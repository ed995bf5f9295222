//! `[producers]`: a source bound to who sends, by a header of the message.

use std::fs;

use serde_json::{Value, json};

use crate::{
    events::{SOURCE, bare, changed, event, without},
    keyed::{ALONE, checked},
    records::{Record, put},
    report::{count, counts, report},
    sample::{DEFAULT, Sample},
    service::Service,
    town::Town,
};

pub const HEADER: &str = "tongguan-feeder";
const HOTLINE: &str = include_str!("../../config/streams/hotline.toml");

/// A town whose hotline says who may speak for what.
pub struct Bound {
    pub town: Town,
    pub dir: String,
}

impl Bound {
    pub fn new(list: &[(&str, &[&str])]) -> Self {
        let town = Town::new();
        let dir = town.folder.path().join("streams");
        fs::create_dir(&dir).unwrap();
        let bound = Self { dir: dir.to_str().unwrap().to_owned(), town };
        bound.list(list);
        bound
    }

    pub fn list(&self, list: &[(&str, &[&str])]) {
        let rows: String = list.iter().map(|(who, sources)| format!("{who:?} = {sources:?}\n")).collect();
        self.write(&format!("\n[producers]\n{rows}"));
    }

    fn write(&self, section: &str) {
        fs::write(format!("{}/hotline.toml", self.dir), format!("{HOTLINE}{section}")).unwrap();
    }

    pub fn path(&self, name: &str) -> String {
        self.town.folder.path().join(name).to_str().unwrap().to_owned()
    }

    pub fn settings(&self) -> [(&str, &str); 1] {
        [("STREAMS__DIR", &self.dir)]
    }

    /// Offsets on partition 0 of what waits as `foreign_source`, once all was read.
    pub fn run(&self) -> Vec<u64> {
        self.town.run_until_caught_up_with(&self.settings());
        self.waiting("foreign_source")
    }

    pub fn waiting(&self, reason: &str) -> Vec<u64> {
        let args = ["quarantine", "list", "--json", "--limit", "1000", "--reason", reason];
        let ended = self.town.tongguan(&args, &self.settings());
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        let all: Vec<Value> = serde_json::from_str(&ended.stdout).unwrap();
        let mut offsets: Vec<u64> =
            all.iter().filter(|one| one["partition"] == 0).map(|one| one["offset"].as_u64().unwrap()).collect();
        offsets.sort_unstable();
        offsets
    }
}

const LIST: [(&str, &[&str]); 2] =
    [("hotline-2026", &[SOURCE]), ("grid-vendor", &["grid.example", "grid-app.example"])];

fn of(source: &str, event: Value) -> Value {
    changed(event, |event| event["source"] = json!(source))
}

#[test]
fn who_may_speak_for_the_source_is_taken_and_everybody_else_is_refused_in_every_envelope() {
    let bound = Bound::new(&LIST);
    let wraps: [fn(&Value) -> Record; 3] = [Record::structured, Record::binary, |event| Record::bare(&bare(event))];
    let mut records = Vec::new();
    for (turn, wrap) in wraps.into_iter().enumerate() {
        let one = |number: usize, source: &str| wrap(&of(source, event(&format!("P-{turn}"), number)));
        records.extend([
            one(1, SOURCE).header(HEADER, "hotline-2026"),
            one(2, "grid.example").header(HEADER, "grid-vendor"),
            one(3, "grid-app.example").header(HEADER, "grid-vendor"),
            // From here on refused: none, nobody, not this one's, alike, and another header.
            one(4, SOURCE),
            one(5, SOURCE).header(HEADER, "nobody"),
            one(6, SOURCE).header(HEADER, "grid-vendor"),
            one(7, "grid.example").header(HEADER, "hotline-2026"),
            one(8, SOURCE).header(HEADER, ""),
            one(9, SOURCE).header(HEADER, "hotline-202"),
            one(10, SOURCE).header(HEADER, "hotline-20266"),
            one(11, "hotline.example2").header(HEADER, "hotline-2026"),
            one(12, "hotline").header(HEADER, "hotline-2026"),
            one(13, SOURCE).header("x-feeder", "hotline-2026"),
        ]);
    }
    put(&bound.town, "hotline", &records);
    let refused: Vec<u64> = (0..39).filter(|offset| offset % 13 >= 3).collect();
    assert_eq!(bound.run(), refused);
    let taken = bound.town.query("SELECT arrayStringConcat(arraySort(groupArray(toString(offset))), ',') FROM (SELECT DISTINCT offset FROM {db}.events)");
    let mut taken: Vec<u64> = taken.split(',').map(|one| one.parse().unwrap()).collect();
    taken.sort_unstable();
    assert_eq!(taken, [0, 1, 2, 13, 14, 15, 26, 27, 28]);
}

#[test]
fn a_bare_message_without_a_source_speaks_for_that_of_the_stream() {
    let bound = Bound::new(&[("hotline-2026", &[SOURCE]), ("centre", &[DEFAULT])]);
    let one = |number| Record::bare(&without(&bare(&event("B", number)), "source"));
    put(&bound.town, "hotline", &[one(1).header(HEADER, "centre"), one(2).header(HEADER, "hotline-2026"), one(3)]);
    assert_eq!(bound.run(), [1, 2]);
}

#[test]
fn a_header_that_stands_there_twice_or_is_no_text_is_refused_and_stops_nothing() {
    let bound = Bound::new(&LIST);
    let one = |number| Record::structured(&event("T", number));
    let mut strange = one(4);
    strange.headers.push((HEADER.to_owned(), vec![0xff, 0xfe, 0]));
    let long = "hotline-2026".repeat(5_000);
    let records = [
        one(1).header(HEADER, "hotline-2026").header(HEADER, "grid-vendor"),
        one(2).header(HEADER, "grid-vendor").header(HEADER, "hotline-2026"),
        one(3).header(HEADER, "hotline-2026").header(HEADER, "hotline-2026"),
        strange,
        one(5).header(HEADER, &long),
        Record::raw("k", b"<xml>"),
        one(6).header(HEADER, "hotline-2026"),
    ];
    put(&bound.town, "hotline", &records);
    // The one that is no JSON is refused whoever put it there.
    let refused: Vec<u64> = bound.run().into_iter().filter(|offset| *offset != 5).collect();
    assert_eq!(refused, [0, 1, 2, 3, 4]);
    let places =
        "SELECT uniqExact(offset) FROM (SELECT offset FROM {db}.events UNION ALL SELECT offset FROM {db}.quarantine)";
    assert_eq!(bound.town.number(places), 7, "each is in one of them");
    assert_eq!(
        bound.town.number(
            &places
                .replace("uniqExact", "count")
                .replace("events", "events FINAL")
                .replace("quarantine)", "quarantine FINAL)")
        ),
        7
    );
}

#[test]
fn mend_the_list_and_replay_it() {
    let bound = Bound::new(&[("grid-vendor", &["grid.example"])]);
    let records: Vec<Record> =
        (1..=3).map(|number| Record::structured(&event("R", number)).header(HEADER, "hotline-2026")).collect();
    put(&bound.town, "hotline", &records);
    assert_eq!(bound.run(), [0, 1, 2]);
    let replay = ["quarantine", "replay", "--reason", "foreign_source"];
    let still = bound.town.tongguan(&replay, &bound.settings());
    assert_eq!(still.code, Some(5), "not mended yet: {}{}", still.stdout, still.stderr);
    assert_eq!(bound.town.ledger_places(), 0);
    bound.list(&LIST);
    for wanted in ["3 replayed", "0 replayed"] {
        let ended = bound.town.tongguan(&replay, &bound.settings());
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        assert!(ended.stdout.contains(wanted), "{}", ended.stdout);
        assert_eq!(bound.town.number("SELECT count() FROM {db}.events FINAL WHERE case_id = 'R'"), 3);
    }
    assert_eq!(bound.waiting("foreign_source"), [0u64; 0]);
}

#[test]
fn without_the_list_any_source_is_taken_and_another_stream_has_no_list() {
    let bound = Bound::new(&LIST);
    put(
        &bound.town,
        "grid",
        &[Record::structured(&event("N", 1)), Record::structured(&event("N", 2)).header(HEADER, "nobody")],
    );
    assert_eq!(bound.run(), [0u64; 0]);
    assert_eq!(bound.town.ledger_places(), 2);
    bound.write("");
    put(
        &bound.town,
        "hotline",
        &[Record::structured(&event("N", 3)), Record::structured(&event("N", 4)).header(HEADER, "nobody")],
    );
    assert_eq!(bound.run(), [0u64; 0]);
    assert_eq!(bound.town.ledger_places(), 4);
}

/// However it is told where the fault is: the document does not say.
fn foreign(report: &Value) -> u64 {
    let all = report["reasons"].as_array().unwrap().iter().filter(|one| one["reason"] == "foreign_source");
    all.map(count).sum()
}

#[test]
fn feeders_see_what_was_put_there_in_their_name_and_what_was_wrong_with_it() {
    let bound = Bound::new(&LIST);
    put(&bound.town, "hotline", &Sample::new().records);
    let args = ["feed", "check", "--stream", "hotline", "--json", "--source", SOURCE];
    let ended = bound.town.tongguan(&args, &[ALONE, ("STREAMS__DIR", &bound.dir)]);
    assert_eq!(ended.code, Some(5), "{}", ended.stderr);
    let said: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(counts(report(&said))[0], 16, "{said:#}");
    assert!(foreign(report(&said)) >= 13, "{said:#}");
    // The list is that of the file: without it the same messages are good.
    assert_eq!(counts(report(&checked(&bound.town, &["--source", SOURCE]).1))[4], 3);
}

#[test]
fn what_the_header_says_is_repeated_nowhere() {
    let bound = Bound::new(&LIST);
    put(&bound.town, "hotline", &[Record::structured(&event("S", 1)).header(HEADER, "张三丰 13812345678")]);
    let ran = bound.town.tongguan(&["run", "--until-caught-up"], &[bound.settings()[0], ("LOG__LEVEL", "debug")]);
    let args = ["feed", "check", "--stream", "hotline", "--source", SOURCE];
    let seen = bound.town.tongguan(&args, &[ALONE, ("STREAMS__DIR", &bound.dir)]);
    let listed = bound.town.tongguan(&["quarantine", "list"], &bound.settings());
    for text in [ran.stderr, seen.stdout, seen.stderr, listed.stdout] {
        assert!(!text.contains("张三丰") && !text.contains("13812345678"), "{text}");
    }
    assert_eq!(bound.waiting("foreign_source"), [0]);
}

#[test]
fn a_section_that_cannot_be_is_told_with_the_file_and_the_place() {
    let bound = Bound::new(&LIST);
    let wrong = ["\"a\" = \"b\"", "\"a\" = 7", "\"a\" = [7]", "\"a\" = { b = true }", "\"\" = [\"b\"]"];
    for row in wrong {
        bound.write(&format!("\n[producers]\n{row}\n"));
        let ended = bound.town.tongguan(&["config", "check"], &bound.settings());
        let said = ended.stdout + &ended.stderr;
        assert!(![Some(0), Some(101), None].contains(&ended.code), "{row}: {said}");
        assert!(said.contains("hotline.toml") && said.contains("producers"), "{row}: {said}");
    }
}

#[test]
fn a_service_that_runs_refuses_one_and_goes_on_with_the_next() {
    let bound = Bound::new(&LIST);
    let mut service = Service::start(&bound.town, &bound.settings());
    put(
        &bound.town,
        "hotline",
        &[Record::structured(&event("S", 1)), Record::structured(&event("S", 2)).header(HEADER, "hotline-2026")],
    );
    bound.town.until("SELECT count() FROM {db}.quarantine", 1);
    bound.town.until("SELECT count() FROM {db}.events", 1);
    let counted = "tongguan_quarantined_total{stream=\"hotline\",reason=\"foreign_source\"}";
    assert_eq!(service.metric(counted) as u64, 1);
    assert_eq!(service.stop().code, Some(0));
}
