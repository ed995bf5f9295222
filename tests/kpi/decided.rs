//! Lives in which a due vanished, a late answer was cured, or a figure of a past month still moved; each with what it must say.
//! The same lives as events stand in `../shared/cases/lives.jsonl`, where that is there: they must say the same.

use std::{collections::BTreeMap, fs, path::Path, sync::Arc};

use serde_json::Value;
use tongguan::{
    config::{calendar, policy},
    domain::{
        case::Case,
        event::Event,
        fold::fold,
        history::Standing,
        kpi::{Figure, Grain, Period, Seen, rows},
        marks::Mark,
        rules::{Limits, Rules},
        stream::Stream,
        time::Millis,
    },
    feed::{
        decode::{self, Message, decode},
        door::Door,
        privacy::Key,
    },
};

use crate::{
    lives::{folded, shanghai},
    scratch::Scratch,
};

/// A life in the project's own words, and figures of it: id, period, as-of, what was said once, what is right.
struct Life {
    name: &'static str,
    stream: &'static str,
    told: &'static str,
    figures: &'static [(&'static str, &'static str, &'static str, &'static str, &'static str)],
}

const MARCH: &str = "03-01 04-01";
const LATER: &str = "04-10 00:00";

#[rustfmt::skip]
const LIVES: &[Life] = &[
    Life { name: "L06", stream: "hotline",
        told: "accepted 03-03 09:00 (kind 投诉), dispatched 03-03 10:00 (to u1; level 3), dispatched 03-03 10:30 (to u2; level 4), \
            returned 03-04 12:00 (by u2), submitted 03-22 10:00 (by u1), closed 03-22 11:00",
        figures: &[("K06c", MARCH, LATER, "–", "0/1"), ("K06d", MARCH, LATER, "–", "0/1"), ("K08", MARCH, LATER, "0/1", "0/1")] },
    Life { name: "F01", stream: "hotline",
        told: "accepted 03-03 09:00 (kind 投诉), dispatched 03-03 10:00 (to u1), submitted 03-08 10:00 (by u1), closed 03-15 11:00",
        figures: &[("K06c", "03-01 03-12", "03-12 00:00", "0/1", "1/1"), ("K06c", "03-01 03-12", "03-16 00:00", "1/1", "1/1"),
            ("K07", MARCH, "03-12 00:00", "1/1", "–"), ("K05a", MARCH, "03-12 00:00", "0/1", "0/1")] },
    Life { name: "F02", stream: "hotline",
        told: "accepted 03-03 09:00 (kind 投诉), dispatched 03-03 10:00 (to u1), submitted 03-08 10:00 (by u1)",
        figures: &[("K06c", MARCH, "03-12 00:00", "0/1", "1/1"), ("K06c", MARCH, LATER, "0/1", "1/1"), ("K07", MARCH, LATER, "1/1", "–"),
            ("K05a", MARCH, LATER, "0/1", "0/1"), ("K05b", MARCH, LATER, "0/1", "–"), ("K06g", MARCH, LATER, "0/1", "1/1")] },
    Life { name: "F07", stream: "hotline",
        told: "accepted 03-03 09:00 (kind 投诉), dispatched 03-03 10:00 (to u1), submitted 03-11 10:00 (by u1), checked 03-11 11:00 (failed), \
            submitted 03-12 10:00 (by u1), closed 03-12 11:00",
        figures: &[("K06c", MARCH, LATER, "1/1", "0/1"), ("K06d", MARCH, LATER, "1/1", "0/1"), ("K08", "03-01 03-12", LATER, "–", "0/1"),
            ("K08", "03-12 04-01", LATER, "0/1", "1/1")] },
    Life { name: "B04", stream: "hotline",
        told: "accepted 03-03 09:00 (due 03-10 18:00), suspended 03-11 09:00, resumed 03-15 09:00 (due 03-20 18:00), closed 03-16 10:00",
        figures: &[("K06c", "03-01 03-11", LATER, "–", "0/1"), ("K06c", "03-01 03-11", "03-12 00:00", "–", "0/1"), ("K06d", MARCH, LATER, "1/1", "0/1")] },
    Life { name: "C05", stream: "hotline",
        told: "accepted 03-03 09:00 (due 03-10 18:00), extended 03-04 09:00 (due 03-05 18:00), closed 03-08 10:00",
        figures: &[("K06c", MARCH, LATER, "0/1", "1/1"), ("K11a", MARCH, LATER, "1/1", "0/1")] },
    Life { name: "M04", stream: "hotline",
        told: "accepted 03-03 09:00 (due 03-10 18:00), extended 03-04 11:00 (due 03-10 18:00), closed 03-08 11:00",
        figures: &[("K06c", MARCH, LATER, "1/1", "1/1"), ("K11a", MARCH, LATER, "1/1", "0/1")] },
    Life { name: "C07", stream: "hotline",
        told: "accepted 03-03 09:00 (due 03-10 18:00; kind 投诉), extended 03-09 09:00 (due 03-20 18:00), extended 03-19 09:00 (due 03-30 18:00), closed 03-25 10:00",
        figures: &[("K06c", "03-20 03-21", LATER, "–", "0/1"), ("K06d", MARCH, LATER, "1/1", "0/1"), ("K11a", MARCH, LATER, "1/1", "1/1")] },
    Life { name: "M01", stream: "grid",
        told: "accepted 03-03 09:00 (kind 事件), dispatched 03-03 10:00 (to u1), extended 03-03 11:00 (due 03-10 18:00), submitted 03-08 10:00 (by u1), closed 03-08 11:00",
        figures: &[("K06c", MARCH, LATER, "0/1", "1/1"), ("K08", MARCH, LATER, "0/1", "1/1")] },
    Life { name: "N01", stream: "hotline",
        told: "accepted 03-03 09:00 (kind 投诉), suspended 03-03 10:00, dispatched 03-03 11:00 (to u1)",
        figures: &[("K06c", MARCH, LATER, "–", "–"), ("K08", MARCH, LATER, "0/1", "–"), ("K11b", MARCH, LATER, "1/1", "1/1")] },
    Life { name: "N02", stream: "hotline",
        told: "accepted 03-03 09:00 (kind 投诉), suspended 03-03 10:00, dispatched 03-03 11:00 (to u1), resumed 03-15 09:00, submitted 03-16 10:00 (by u1), closed 03-16 11:00",
        figures: &[("K06c", MARCH, LATER, "0/1", "1/1"), ("K08", MARCH, LATER, "0/1", "1/1")] },
    Life { name: "K01", stream: "hotline",
        told: "accepted 03-03 09:00 (due 03-10 18:00), dispatched 03-03 10:00 (to u1; due 03-08 18:00), closed 03-05 10:00",
        figures: &[("K08", MARCH, LATER, "1/1", "–"), ("K06c", MARCH, LATER, "1/1", "1/1")] },
    Life { name: "K03", stream: "hotline",
        told: "accepted 03-03 09:00 (due 03-10 18:00), dispatched 03-03 10:00 (to u1; level 3; role lead; due 03-08 18:00), \
            dispatched 03-03 11:00 (to u2; level 4; role lead; due 03-08 12:00), submitted 03-04 10:00 (by u2), closed 03-04 11:00, reopened 03-05 10:00, \
            submitted 03-15 10:00 (by u1), closed 03-15 11:00",
        // The reopening gave the case to u2 again, which never answered it.
        figures: &[("K08", MARCH, LATER, "1/2", "0/2"), ("K06c", MARCH, LATER, "0/1", "0/1")] },
    Life { name: "P02", stream: "hotline",
        told: "accepted 03-03 09:00 (due 03-20 18:00), dispatched 03-03 10:00 (to u1; due 03-08 18:00), submitted 03-05 10:00 (by uX), closed 03-12 10:00",
        figures: &[("K08", MARCH, LATER, "1/1", "0/1"), ("K06c", MARCH, LATER, "1/1", "1/1")] },
    Life { name: "S01", stream: "hotline",
        told: "accepted 03-03 09:00 (due 03-11 00:00; kind 投诉), suspended 03-05 17:00, resumed 03-08 09:00, closed 03-13 15:00",
        figures: &[("K06c", MARCH, LATER, "1/1", "0/1"), ("K06d", MARCH, LATER, "1/1", "0/1")] },
    Life { name: "H12", stream: "hotline",
        told: "accepted 03-03 09:00 (due 03-10 18:00), closed 03-03 09:05 (how direct_answer), reopened 03-04 09:00",
        figures: &[("K05a", MARCH, LATER, "–", "0/1"), ("K07", MARCH, LATER, "–", "1/1"), ("K11g", MARCH, LATER, "1/1", "0/1")] },
    Life { name: "P01", stream: "hotline",
        told: "accepted 03-03 09:00 (due 03-10 18:00), closed 03-05 10:00 (how normal), closed 03-06 10:00 (how direct_answer)",
        figures: &[("K05a", MARCH, LATER, "–", "1/1"), ("K06d", MARCH, LATER, "–", "1/1"), ("K11g", MARCH, LATER, "1/1", "0/1")] },
    Life { name: "O01", stream: "hotline",
        told: "accepted 03-03 09:00 (due 03-10 18:00), dispatched 03-03 10:00 (to u1; due 03-08 18:00), submitted 03-09 10:00 (by u1), closed 03-09 11:00, upheld 03-12 10:00",
        figures: &[("K08", MARCH, LATER, "–", "0/1"), ("K06c", MARCH, LATER, "1/1", "1/1")] },
    Life { name: "B06", stream: "hotline",
        told: "accepted 03-03 09:00 (due 03-10 18:00), suspended 03-05 09:00",
        figures: &[("K06c", MARCH, LATER, "–", "–"), ("K07", MARCH, LATER, "–", "–"), ("K06e", MARCH, LATER, "–", "0/1")] },
    // The same kinds with other words: levels, roles, both sorts of dues, and the sides on which the fault lay.
    Life { name: "late return", stream: "hotline",
        told: "accepted 03-03 09:00 (due 03-20 18:00), dispatched 03-03 10:00 (to u1; due 03-08 18:00), returned 03-09 10:00 (by u1), dispatched 03-09 11:00 (to u2; due 03-15 18:00), \
            submitted 03-12 10:00 (by u2), closed 03-12 11:00",
        figures: &[("K08", "03-01 03-09", "03-09 00:00", "0/1", "0/1"), ("K08", "03-01 03-09", LATER, "–", "0/1"), ("K08", MARCH, LATER, "1/1", "1/2")] },
    Life { name: "nobody has it", stream: "hotline",
        told: "accepted 03-03 09:00 (kind 投诉), dispatched 03-03 10:00 (to u1), returned 03-04 12:00 (by u1), dispatched 03-04 14:00 (to u2), submitted 03-11 10:00 (by u2), closed 03-11 11:00",
        figures: &[("K06c", MARCH, LATER, "1/1", "1/1"), ("K08", MARCH, LATER, "1/1", "1/1")] },
    Life { name: "withdrawn", stream: "hotline",
        told: "accepted 03-03 09:00 (kind 投诉), dispatched 03-03 10:00 (to u1), withdrawn 03-04 12:00 (by u1), dispatched 03-09 14:00 (to u2), submitted 03-12 10:00 (by u2), closed 03-12 11:00",
        figures: &[("K06c", MARCH, LATER, "1/1", "0/1"), ("K08", MARCH, LATER, "1/1", "1/1")] },
    Life { name: "never contacted", stream: "hotline",
        told: "accepted 03-03 09:00 (kind 投诉), dispatched 03-03 10:00 (to u1), submitted 03-03 15:00 (by u1), closed 03-03 16:00",
        figures: &[("K12b", MARCH, LATER, "1/1", "–"), ("K08", MARCH, LATER, "1/1", "1/1")] },
    Life { name: "stated after the miss", stream: "hotline",
        told: "accepted 03-03 09:00 (kind 投诉), dispatched 03-03 10:00 (to u1), filed 03-12 10:00 (due 03-20 18:00), submitted 03-15 10:00 (by u1), closed 03-15 11:00",
        figures: &[("K06c", MARCH, LATER, "1/1", "0/1"), ("K06c", "03-11 03-12", LATER, "–", "0/1")] },
    Life { name: "reopened after the miss", stream: "hotline",
        told: "accepted 03-03 09:00 (due 03-10 18:00), closed 03-11 10:00, reopened 03-12 10:00 (due 03-20 18:00), closed 03-15 10:00",
        figures: &[("K06d", MARCH, LATER, "1/1", "0/1"), ("K06c", "03-01 03-11", LATER, "–", "0/1")] },
    Life { name: "sent back after the due", stream: "hotline",
        told: "accepted 03-03 09:00 (kind 投诉), dispatched 03-03 10:00 (to u1), submitted 03-08 10:00 (by u1), checked 03-12 09:00 (failed)",
        figures: &[("K06c", MARCH, "03-12 00:00", "0/1", "1/1"), ("K06c", MARCH, LATER, "0/1", "1/1"), ("K08", "03-01 03-12", LATER, "–", "1/1"), ("K08", "03-12 04-01", LATER, "0/1", "0/1")] },
    Life { name: "suspended after the miss", stream: "hotline",
        told: "accepted 03-03 09:00 (due 03-10 18:00), suspended 03-12 09:00",
        figures: &[("K06c", MARCH, "03-11 00:00", "0/1", "0/1"), ("K06c", MARCH, LATER, "–", "0/1"), ("K07", MARCH, LATER, "–", "–")] },
    Life { name: "moved to five", stream: "hotline",
        told: "accepted 03-03 09:00 (due 03-11 00:00), suspended 03-08 09:00, resumed 03-08 14:00, closed 03-11 05:00",
        figures: &[("K06c", MARCH, LATER, "0/1", "1/1")] },
    Life { name: "moved while it is closed", stream: "hotline",
        told: "accepted 03-03 09:00 (due 03-11 00:00), suspended 03-10 09:00, closed 03-11 05:00",
        figures: &[("K06c", MARCH, LATER, "1/1", "1/1")] },
    Life { name: "moved to midnight", stream: "hotline",
        told: "accepted 03-03 09:00 (due 03-10 17:00), suspended 03-08 09:00, resumed 03-08 16:00, closed 03-11 00:00",
        figures: &[("K06c", MARCH, LATER, "1/1", "0/1")] },
    Life { name: "closed before it was received", stream: "hotline",
        told: "closed 03-03 09:00, accepted 03-04 09:00",
        figures: &[("K16a", MARCH, LATER, "1", "–"), ("K16b", MARCH, LATER, "1", "–"), ("K17b", MARCH, LATER, "1", "1")] },
    Life { name: "filed and rejected", stream: "hotline",
        told: "accepted 03-03 09:00 (due 03-10 18:00), filed 03-03 10:00, rejected 03-04 09:00",
        figures: &[("K05a", MARCH, LATER, "–", "–"), ("K03", MARCH, LATER, "0/1", "0/1")] },
    Life { name: "the end of a month", stream: "hotline",
        told: "accepted 06-20 09:00 (due 07-01 00:00), closed 06-30 23:00",
        figures: &[("K06c", "06-01 07-01", "08-01 00:00", "–", "–"), ("K06c", "07-01 08-01", "08-01 00:00", "1/1", "1/1")] },
    Life { name: "dealt with on patrol after the miss", stream: "grid",
        told: "reported 03-03 09:00 (due 03-05 18:00), accepted 03-08 09:00 (on the spot)",
        figures: &[("K06c", MARCH, LATER, "0/1", "0/1"), ("K11f", MARCH, LATER, "1/1", "1/1")] },
];

/// Facts that say more than a line can: a kind that comes half a second after the dispatch.
const MILLISECONDS: &str = r#"
{"specversion":"1.0","id":"1","source":"urn:t","type":"case.accepted.v1","subject":"ms","time":"2021-03-03T09:00:00.417+08:00","data":{"kind":"投诉"}}
{"specversion":"1.0","id":"2","source":"urn:t","type":"case.dispatched.v1","subject":"ms","time":"2021-03-03T09:00:00+08:00","data":{"unit":"u1"}}
"#;

fn rules(stream: &str) -> Rules {
    let limits = Limits::new(policy::load(None).unwrap(), calendar::load(None).unwrap());
    Rules::new(Arc::new(Stream::usual(stream, shanghai())), Arc::new(limits))
}

fn instant(text: &str) -> Millis {
    let (day, time) = text.split_once(' ').unwrap_or((text, "00:00"));
    Millis::parse(&format!("2021-{day}T{time}:00+08:00")).unwrap()
}

fn period(days: &str, as_of: &str) -> Period {
    let (from, to) = days.split_once(' ').unwrap();
    Period { from: instant(from), to: instant(to), as_of: instant(as_of) }
}

fn shown(figure: &Figure, numerator: i64, denominator: u64) -> String {
    match (numerator, denominator) {
        (0, 0) => "–".to_owned(),
        _ if figure.is_rate() => format!("{numerator}/{denominator}"),
        _ => numerator.to_string(),
    }
}

fn says(case: &Case, id: &str, period: &Period) -> String {
    let figure = Figure::by_id(id).unwrap();
    let parts: Vec<_> = rows(figure, case, period).into_iter().map(|row| row.part).collect();
    let sum =
        |of: &dyn Fn(&tongguan::domain::kpi::Part) -> u32| parts.iter().map(|part| u64::from(of(part))).sum::<u64>();
    shown(figure, sum(&|part| part.numerator) as i64, sum(&|part| part.denominator))
}

fn case(life: &Life) -> Case {
    folded(&rules(life.stream), life.name, life.told)
}

fn of_events(stream: &str, lines: impl Iterator<Item = String>) -> Case {
    let rules = rules(stream);
    let mut door = Door::new(Key::from_bytes(None, b"a key for tests, 32 bytes long ok").unwrap());
    let limits = decode::TimeLimits { earliest: Millis(0), future_max_ms: i64::MAX };
    let events: Vec<Event> = lines
        .enumerate()
        .map(|(offset, line)| {
            let (payload, arrived_at) = (Some(line.as_bytes()), instant("04-01 00:00"));
            let message = Message { partition: 0, offset: offset as i64, payload, headers: Some(&[]), arrived_at };
            decode(&message, &rules.stream, &mut door, &limits).unwrap().event
        })
        .collect();
    fold(&rules, &events.iter().collect::<Vec<_>>())
}

fn check(name: &str, case: &Case, life: &Life) {
    for (id, days, as_of, was, is) in life.figures {
        let said = says(case, id, &period(days, as_of));
        assert_eq!(said, *is, "{name}: {id} of {days} as of {as_of}, once {was}");
    }
}

#[test]
fn every_life_says_what_is_right() {
    LIVES.iter().for_each(|life| check(life.name, &case(life), life));
}

#[test]
#[allow(clippy::print_stdout, reason = "that something was not looked at has to be seen")]
fn the_shared_lives_say_the_same() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/cases/lives.jsonl");
    let Ok(text) = fs::read_to_string(&path) else {
        println!(
            "absent: ../shared/cases/lives.jsonl; the lives in the project's own words were checked, the shared ones were not"
        );
        return;
    };
    let known: BTreeMap<&str, &Life> = LIVES.iter().map(|life| (life.name, life)).collect();
    for line in text.lines() {
        let life: Value = serde_json::from_str(line).unwrap();
        let name = life["life"].as_str().unwrap();
        let events = life["events"].as_array().unwrap().iter().map(Value::to_string);
        check(name, &of_events(life["stream"].as_str().unwrap(), events), known[name]);
    }
}

#[test]
fn what_no_figure_shows() {
    let of = |name: &str| case(LIVES.iter().find(|life| life.name == name).unwrap());
    let has = |case: &Case, mark| case.history.0.last().unwrap().marks.has(mark);
    let march = |as_of: &str| period(MARCH, as_of);
    assert_eq!(Seen::new(&of("F02"), march(LATER)).unwrap().bucket(), "answered");
    assert_eq!(of("C05").counts.late_extensions + of("M04").counts.late_extensions, 2);
    assert!(of("C07").counts.irregular > of("C05").counts.irregular, "beyond what the rule allows");
    assert_eq!(of("P02").counts.irregular, 1, "a stranger is flagged");
    assert_eq!(of("P01").how, "normal");
    assert_eq!(of("B06").suspended_since, Some(instant("03-05 09:00")));
    assert!(has(&of("O01"), Mark::Exempt) && has(&of("closed before it was received"), Mark::ClosedBeforeReceipt));
    assert_eq!(of("N01").standing(), Some(Standing::Suspended));
    let moved = of("moved to five").due.unwrap();
    assert_eq!((moved.at, moved.is_exclusive), (instant("03-11 05:00"), false));
    let in_time = of_events("hotline", MILLISECONDS.trim().lines().map(str::to_owned));
    assert_eq!((in_time.due.map(|due| due.at), &*in_time.judged_by.rule), (Some(instant("03-11 00:00")), "hotline"));
}

/// The views count what the reference counts, and tell a pause up to the as-of.
#[tokio::test]
async fn the_views_say_the_same() {
    let scratch = Scratch::new("decided").await;
    let cases: Vec<Case> = LIVES.iter().map(case).collect();
    scratch.insert(cases.iter(), 0).await;
    let at = |at: Millis| format!("fromUnixTimestamp64Milli({}, 'Asia/Shanghai')", at.0);
    for (life, (id, days, as_of, was, is)) in
        LIVES.iter().flat_map(|life| life.figures.iter().map(move |one| (life, one)))
    {
        let (figure, period) = (Figure::by_id(id).unwrap(), period(days, as_of));
        let view = if figure.grain == Grain::Clock { "kpi_clocks" } else { "kpi_flags" };
        let column = id.to_lowercase();
        let d = if figure.is_rate() { format!("sum({column}_d)") } else { "0".to_owned() };
        let sql = format!(
            "SELECT toInt64(sum({column}_n)), toUInt64({d}) FROM {{{{database}}}}_mart.{view}(from = {}, to = {}, as_of = {})
            WHERE case_id = '{}'",
            at(period.from), at(period.to), at(period.as_of), life.name,
        );
        let (numerator, denominator) = scratch.rows::<(i64, u64)>(&sql).await[0];
        let said = shown(figure, numerator, denominator);
        assert_eq!(said, *is, "{}: {id} of {days} as of {as_of}, once {was}", life.name);
    }
    let sql = "SELECT toString(assumeNotNull(suspended_since)), paused_s, longest_pause_s
        FROM {{database}}_mart.cases_at(as_of = '2021-03-06 09:00:00') WHERE case_id = 'B06'";
    let found: Vec<(String, i64, i64)> = scratch.rows(sql).await;
    assert_eq!(found, [("2021-03-05 09:00:00.000".to_owned(), 86_400, 86_400)]);
    let sql = "SELECT toString(assumeNotNull(suspended_since)), paused_s > 86400, longest_pause_s = paused_s
        FROM {{database}}_mart.cases WHERE case_id = 'B06'";
    let found: Vec<(String, bool, bool)> = scratch.rows(sql).await;
    assert_eq!(found, [("2021-03-05 09:00:00.000".to_owned(), true, true)]);
}
