//! Cases in one line: `accepted 03-03 09:00 (due 03-09 18:00), closed 03-08 10:00`, in 2021 by the clock of Shanghai.
//! docs/kpi.md writes its example so, and the tests of the command their cases.

use jiff::tz::TimeZone;
use tongguan::domain::{
    case::Case,
    event::{Envelope, Event, Place},
    fact::{Fact, Intake, Reason},
    fold::fold,
    rules::Rules,
    stream::Stream,
    time::{Due, Millis},
};

pub fn shanghai() -> TimeZone {
    TimeZone::get("Asia/Shanghai").unwrap()
}

/// The case that the fold makes of a life.
pub fn case(stream: &str, case_id: &str, life: &str) -> Case {
    let events: Vec<Event> = life.split(", ").enumerate().map(|(n, words)| event(stream, case_id, n, words)).collect();
    let rows: Vec<&Event> = events.iter().collect();
    fold(&Rules::of_stream(Stream::usual(stream, shanghai())), &rows)
}

fn event(stream: &str, case_id: &str, number: usize, words: &str) -> Event {
    let (words, due) = match words.strip_suffix(')').and_then(|words| words.split_once(" (due ")) {
        Some((words, due)) => (words, Some(instant(due))),
        None => (words, None),
    };
    let (what, at) = words.split_once(' ').unwrap_or_else(|| panic!("`{words}` is no event"));
    let at = instant(at);
    Event {
        place: Place { topic: stream.into(), partition: 0, offset: number as i64 },
        envelope: Envelope::Bare,
        ingested_at: at,
        stream: stream.into(),
        case_id: case_id.into(),
        source: "urn:test".into(),
        id: number.to_string().into(),
        occurred_at: at,
        recorded_at: None,
        seq: number as u64,
        fact: fact(what, due.map(|at| Due { at, is_exclusive: at.is_midnight(&shanghai()) })),
    }
}

fn instant(text: &str) -> Millis {
    let (day, time) = text.split_once(' ').unwrap_or_else(|| panic!("`{text}` is no time"));
    Millis::parse(&format!("2021-{day}T{time}:00+08:00")).unwrap_or_else(|| panic!("`{text}` is no time"))
}

fn fact(what: &str, due: Option<Due>) -> Fact {
    let reason = Reason::default();
    match what {
        "accepted" => Fact::Accepted(Box::new(Intake { due, ..Intake::default() })),
        "extended" => Fact::ExtensionDecided { approved: true, due, reason },
        "suspended" => Fact::Suspended { reason },
        "resumed" => Fact::Resumed { due },
        "closed" => Fact::Closed { how: "".into(), result: "".into() },
        "reopened" => Fact::Reopened { due, reason },
        "voided" => Fact::Voided(reason),
        "not_filed" => Fact::NotFiled(reason),
        _ => panic!("`{what}` is no event of these tests"),
    }
}
