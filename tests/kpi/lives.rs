//! Cases in one line: `accepted 03-03 09:00 (due 03-09 18:00), closed 03-08 10:00`, in 2021 by the clock of Shanghai.
//! docs/kpi.md writes its examples so, and the tests of the command their cases.

use jiff::tz::TimeZone;
use tongguan::domain::{
    attributes::Attributes,
    case::Case,
    event::{Envelope, Event, Place},
    fact::{Dispatch, Fact, Intake, OfUnit, Reason, Revisit, Satisfaction},
    fold::fold,
    rules::Rules,
    stream::Stream,
    time::{Due, Millis},
};

use crate::histories::limits;

pub fn shanghai() -> TimeZone {
    TimeZone::get("Asia/Shanghai").unwrap()
}

/// The case that the fold makes of a life, where only events state dues.
pub fn case(stream: &str, case_id: &str, life: &str) -> Case {
    folded(&Rules::of_stream(Stream::usual(stream, shanghai())), case_id, life)
}

/// By the limits of `policy.toml`, where no event states a due.
pub fn judged(stream: &str, case_id: &str, life: &str) -> Case {
    folded(&Rules::new(Stream::usual(stream, shanghai()).into(), limits()), case_id, life)
}

pub fn folded(rules: &Rules, case_id: &str, life: &str) -> Case {
    let stream = &rules.stream.name;
    let events: Vec<Event> = life.split(", ").enumerate().map(|(n, words)| event(stream, case_id, n, words)).collect();
    fold(rules, &events.iter().collect::<Vec<_>>())
}

fn event(stream: &str, case_id: &str, number: usize, words: &str) -> Event {
    let (words, said) = match words.strip_suffix(')').and_then(|words| words.split_once(" (")) {
        Some((words, said)) => (words, said.split("; ").collect()),
        None => (words, Vec::new()),
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
        fact: fact(what, &Said(said)),
    }
}

fn instant(text: &str) -> Millis {
    let (day, time) = text.split_once(' ').unwrap_or_else(|| panic!("`{text}` is no time"));
    Millis::parse(&format!("2021-{day}T{time}:00+08:00")).unwrap_or_else(|| panic!("`{text}` is no time"))
}

/// What stands in brackets.
struct Said<'a>(Vec<&'a str>);

impl Said<'_> {
    fn has(&self, word: &str) -> bool {
        self.0.contains(&word)
    }

    /// `to u1` for `to`.
    fn value(&self, word: &str) -> String {
        let found = self.0.iter().find_map(|said| said.strip_prefix(word)?.strip_prefix(' '));
        found.unwrap_or_default().to_owned()
    }

    fn due(&self) -> Option<Due> {
        let at = Some(self.value("due")).filter(|text| !text.is_empty()).map(|text| instant(&text))?;
        Some(Due { at, is_exclusive: at.is_midnight(&shanghai()) })
    }

    /// `solved` is yes, `not solved` is no.
    fn answer(&self, word: &str) -> Option<bool> {
        if self.has(word) { Some(true) } else { self.has(&format!("not {word}")).then_some(false) }
    }

    fn of(&self) -> OfUnit {
        OfUnit { unit: self.value("by").into(), reason: Reason::default() }
    }
}

fn fact(what: &str, said: &Said<'_>) -> Fact {
    let reason = Reason::default();
    let due = said.due();
    let attributes = || Attributes { kind: said.value("kind").into(), ..Attributes::default() };
    let is_patrol_dealt = said.has("on the spot");
    let intake = || Box::new(Intake { due, is_patrol_dealt, attributes: attributes(), ..Intake::default() });
    let (unit, result) = (said.value("by").into(), said.value("result").into());
    match what {
        "reported" => Fact::Reported(intake()),
        "accepted" => Fact::Accepted(intake()),
        "rejected" => Fact::Rejected(reason),
        "verification_requested" => Fact::VerificationRequested(said.of()),
        "verified" => Fact::Verified { confirmed: true, reason },
        "filed" => Fact::Filed { condition: "".into(), urgency: "".into(), due },
        "not_filed" => Fact::NotFiled(reason),
        "dispatched" => {
            let (unit, level) = (said.value("to").into(), said.value("level").parse().unwrap_or(0));
            let role = said.value("role").into();
            Fact::Dispatched(Box::new(Dispatch { unit, level, role, due, ..Dispatch::default() }))
        }
        "contacted" => Fact::Contacted { contacted: true, unit: "".into(), reason },
        "withdrawn" => Fact::Withdrawn(said.of()),
        "returned" => Fact::ReturnDecided { accepted: true, of: said.of() },
        "extended" => Fact::ExtensionDecided { approved: true, due, reason },
        "suspended" => Fact::Suspended { reason },
        "resumed" => Fact::Resumed { due },
        "submitted" => Fact::Submitted { unit, result, note: "".into() },
        "check_requested" => Fact::CheckRequested(said.of()),
        "checked" => Fact::Checked { passed: said.has("passed"), reason },
        "closed" => Fact::Closed { how: said.value("how").into(), result },
        "reopened" => Fact::Reopened { due, reason },
        "revisited" => Fact::Revisited(Box::new(revisit(said))),
        "duplicate_linked" => Fact::DuplicateLinked { parent: said.value("of").into() },
        "upheld" => Fact::AppealDecided { upheld: true, reason },
        "voided" => Fact::Voided(reason),
        _ => panic!("`{what}` is no event of these tests"),
    }
}

fn revisit(said: &Said<'_>) -> Revisit {
    let rated = Satisfaction::ALL.iter().find(|(_, name, ..)| said.has(&name.replace('_', " ")));
    Revisit {
        reached: !said.has("nobody"),
        first_contact: said.answer("contacted"),
        solved: said.answer("solved"),
        satisfaction: rated.map(|(rating, ..)| *rating),
        ..Revisit::default()
    }
}
