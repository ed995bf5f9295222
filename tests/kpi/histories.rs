//! Random cases whose times fall on a coarse grid, so that they often meet the borders of a period, an as-of or a due.

use std::ops::Range;

use proptest::{
    collection::vec,
    prelude::*,
    sample::select,
    strategy::ValueTree,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use tongguan::domain::{
    attributes::Attributes,
    case::Case,
    event::{Envelope, Event, Place},
    fact::{Correction, Dispatch, Fact, Intake, Reason},
    fold::fold,
    history::{History, Standing, Step},
    kpi::Period,
    marks::{Mark, Marks},
    rules::Rules,
    stream::Stream,
    time::{Due, Millis},
};

/// 2021-01-30T00:00:00+08:00: the grid runs over three ends of months.
const BEGIN: i64 = 1_611_936_000_000;
const SLOT_MS: i64 = 12 * 3_600_000;
const SLOTS: Range<i64> = 0..140;
pub const TOWNS: [&str; 4] = ["310113112", "310113111", "310113101", ""];
/// Code and name: some feeders give only one of them, some neither.
const CATEGORIES: [(&str, &str); 4] = [("01-10", "暴露垃圾"), ("", "噪声扰民"), ("02-01", ""), ("", "")];
const UNITS: [(&str, &str); 4] = [("u1", "城管中队"), ("", "市容所"), ("u2", ""), ("", "")];

/// The same cases for the same seed; PARITY_SEED tries others.
pub fn runner() -> TestRunner {
    let seed: u64 = std::env::var("PARITY_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(0);
    let mut bytes = [7; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
}

pub fn sample<S: Strategy>(runner: &mut TestRunner, strategy: &S) -> S::Value {
    strategy.new_tree(runner).unwrap().current()
}

pub fn instants() -> impl Strategy<Value = Millis> {
    (SLOTS, select(vec![-1_i64, 0, 0, 0, 1])).prop_map(|(slot, jitter)| Millis(BEGIN + slot * SLOT_MS + jitter))
}

pub fn periods() -> impl Strategy<Value = Period> {
    let ends = (instants(), instants(), instants());
    let spans = ends.prop_map(|(a, b, as_of)| Period { from: a.min(b), to: a.max(b), as_of });
    let months = select(vec![("2021-02-01", "2021-03-01"), ("2021-03-01", "2021-04-01"), ("2021-01-01", "2022-01-01")]);
    let months = (months, instants()).prop_map(|((from, to), as_of)| Period {
        from: midnight(from),
        to: midnight(to),
        as_of: if as_of.0 % 3 == 0 { midnight("2022-01-05") } else { as_of },
    });
    prop_oneof![spans, months]
}

fn midnight(date: &str) -> Millis {
    Millis::parse(&format!("{date}T00:00:00+08:00")).unwrap()
}

fn dues() -> impl Strategy<Value = Option<Due>> {
    let due = (instants(), any::<bool>()).prop_map(|(at, is_exclusive)| Due { at, is_exclusive });
    proptest::option::weighted(0.8, due)
}

/// A case by the fold of random events, or by random steps that no fold would make.
pub fn cases() -> impl Strategy<Value = Case> {
    let places =
        (select(vec!["hotline", "grid"]), select(TOWNS.to_vec()), select(CATEGORIES.to_vec()), select(UNITS.to_vec()));
    (places, prop_oneof![3 => folded(), 1 => stepped()]).prop_map(|((stream, town, category, unit), case)| Case {
        stream: stream.into(),
        attributes: Attributes {
            town: town.into(),
            category_code: category.0.into(),
            category_name: category.1.into(),
            ..Attributes::default()
        },
        unit: unit.0.into(),
        unit_name: unit.1.into(),
        ..case
    })
}

fn folded() -> impl Strategy<Value = Case> {
    let first = (SLOTS, any::<bool>(), dues());
    let later = vec((0_i64..12, -1_i64..2, facts()), 0..9);
    (first, later).prop_map(|((mut slot, is_accepted, due), later)| {
        let intake = Box::new(Intake { due, ..Intake::default() });
        let fact = if is_accepted { Fact::Accepted(intake) } else { Fact::Reported(intake) };
        let mut events = vec![event(0, Millis(BEGIN + slot * SLOT_MS), fact)];
        for (index, (slots, jitter, fact)) in later.into_iter().enumerate() {
            slot += slots;
            events.push(event(index as i64 + 1, Millis(BEGIN + slot * SLOT_MS + jitter), fact));
        }
        let rows: Vec<&Event> = events.iter().collect();
        fold(&Rules::of_stream(Stream::usual("hotline", jiff::tz::TimeZone::UTC)), &rows)
    })
}

fn event(offset: i64, occurred_at: Millis, fact: Fact) -> Event {
    Event {
        place: Place { topic: "t".into(), partition: 0, offset },
        envelope: Envelope::Bare,
        ingested_at: occurred_at,
        stream: "hotline".into(),
        case_id: "drawn later".into(),
        source: "s".into(),
        id: offset.to_string().into(),
        occurred_at,
        recorded_at: None,
        seq: offset as u64,
        fact,
    }
}

fn facts() -> impl Strategy<Value = Fact> {
    let nothing = Reason::default;
    let corrections = prop_oneof![
        instants().prop_map(Correction::ReceivedAt),
        instants().prop_map(Correction::ClosedAt),
        dues().prop_filter_map("a due", |due| due.map(Correction::DueAt)),
    ];
    let fixed = vec![
        Fact::Accepted(Box::default()),
        Fact::Rejected(nothing()),
        Fact::NotFiled(nothing()),
        Fact::Signed { unit: "u".into() },
        Fact::Suspended { reason: nothing() },
        Fact::Suspended { reason: nothing() },
        Fact::Resumed { due: None },
        Fact::Checked { passed: false, reason: nothing() },
        Fact::Closed { how: "".into(), result: "".into() },
        Fact::Closed { how: "".into(), result: "".into() },
        Fact::Closed { how: "".into(), result: "".into() },
        Fact::Closed { how: "".into(), result: "".into() },
        Fact::Voided(nothing()),
        Fact::VoidRevoked(nothing()),
    ];
    prop_oneof![
        5 => select(fixed),
        1 => dues().prop_map(|due| Fact::Dispatched(Box::new(Dispatch { due, ..Dispatch::default() }))),
        1 => dues().prop_map(move |due| Fact::ExtensionDecided { approved: true, due, reason: nothing() }),
        1 => dues().prop_map(move |due| Fact::Reopened { due, reason: nothing() }),
        1 => corrections.prop_map(move |correction| Fact::Corrected { correction, old: "".into(), reason: nothing() }),
    ]
}

fn stepped() -> impl Strategy<Value = Case> {
    let standings = select(Standing::ALL.map(|(standing, _)| standing).to_vec());
    let closes = proptest::option::of(instants());
    let steps = vec((instants(), standings, instants(), closes, dues()), 0..5);
    steps.prop_map(|mut steps| {
        steps.sort_by_key(|step| step.0);
        let mut case = Case::default();
        for (at, standing, received_at, closed_at, due) in steps {
            let marks = Marks::default().with(Mark::DueIsExclusive, due.is_some_and(|due: Due| due.is_exclusive));
            let received_at = Some(received_at);
            let step = Step { received_at, closed_at, finished_at: closed_at, due, marks, ..Step::new(at, standing) };
            case.history.note(step);
            case.milestones.last_event_at = Some(at);
        }
        as_the_last_step_says(&mut case);
        case
    })
}

/// The plain columns of a case are those of its last step; the view rests on it.
fn as_the_last_step_says(case: &mut Case) {
    let History(steps) = &case.history;
    let Some(last) = steps.last() else { return };
    case.milestones.received_at = last.received_at;
    case.milestones.closed_at = last.closed_at;
    case.due = last.due;
}
