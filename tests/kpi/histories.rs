//! Random cases whose times fall on a coarse grid, so that they often meet the borders of a period, an as-of or a due.

use std::{
    ops::Range,
    path::Path,
    sync::{Arc, LazyLock},
};

use proptest::{
    collection::vec,
    prelude::*,
    sample::select,
    strategy::ValueTree,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use tongguan::{
    config::{calendar, policy},
    domain::{
        attributes::{Attribute, Attributes},
        case::Case,
        event::{Envelope, Event, Place},
        fact::{Correction, Dispatch, Fact, FactKind, Intake, OfUnit, Pressure, Reason, Revisit, Satisfaction, Tally},
        fold::fold,
        history::{History, Standing, Step},
        kpi::Period,
        marks::{Mark, Marks},
        rules::{Limits, Rules},
        stream::{Counting, Meaning, Stream},
        time::{Due, Millis},
    },
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

/// What happened to a case, and what the fold makes of it.
#[derive(Clone, Debug)]
pub struct Life {
    pub case: Case,
    events: Vec<Event>,
    has_limits: bool,
}

/// By `policy.toml`, which has every stage that a figure asks for.
pub fn limits() -> Arc<Limits> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kpi/policy.toml");
    Arc::new(Limits::new(policy::load(Some(&file)).unwrap(), calendar::load(None).unwrap()))
}

/// Streams that count differently, each with limits and without.
static RULES: LazyLock<[Rules; 4]> = LazyLock::new(|| {
    let limits = limits();
    let zone = || jiff::tz::TimeZone::get("Asia/Shanghai").unwrap();
    let hotline = Stream::usual("hotline", zone());
    let mut grid = Stream::usual("grid", zone()).means(&[FactKind::Verified], Meaning::Progress);
    grid.counting = Counting { duplicates: false, direct_answers: true };
    let (hotline, grid) = (Arc::new(hotline), Arc::new(grid));
    let bare = |stream: &Arc<Stream>| Rules { stream: Arc::clone(stream), limits: None };
    let full = |stream: &Arc<Stream>| Rules::new(Arc::clone(stream), Arc::clone(&limits));
    [bare(&hotline), full(&hotline), bare(&grid), full(&grid)]
});

impl Life {
    fn new(events: Vec<Event>, has_limits: bool) -> Self {
        let mut life = Self { case: Case::default(), events, has_limits };
        life.case = life.known_by(Millis(i64::MAX));
        life
    }

    /// The same under another number and in another stream.
    #[must_use]
    pub fn numbered(mut self, stream: &str, case_id: &str) -> Self {
        for event in &mut self.events {
            event.stream = stream.into();
            event.case_id = case_id.into();
        }
        Self::new(self.events, self.has_limits)
    }

    /// Returns and withdrawals. Of an assignment that ends twice the fold keeps only the later end.
    pub fn ends(&self) -> usize {
        let ends = |fact: &Fact| matches!(fact, Fact::ReturnDecided { accepted: true, .. } | Fact::Withdrawn(_));
        self.events.iter().filter(|event| ends(&event.fact)).count()
    }

    /// A fold of only what had happened by then.
    pub fn known_by(&self, as_of: Millis) -> Case {
        let rows: Vec<&Event> = self.events.iter().filter(|event| event.occurred_at <= as_of).collect();
        let is_grid = self.events[0].stream == "grid";
        fold(&RULES[usize::from(is_grid) * 2 + usize::from(self.has_limits)], &rows)
    }
}

/// A case by the fold of random events, or by random steps that no fold would make.
pub fn cases() -> impl Strategy<Value = Case> {
    prop_oneof![3 => (lives(), select(vec!["hotline", "grid"])).prop_map(|(life, stream)| life.numbered(stream, "").case), 1 => stepped()]
}

fn attributes() -> impl Strategy<Value = Attributes> {
    (select(TOWNS.to_vec()), select(CATEGORIES.to_vec()), select(vec!["投诉", "求助", ""])).prop_map(
        |(town, category, kind)| Attributes {
            town: town.into(),
            category_code: category.0.into(),
            category_name: category.1.into(),
            kind: kind.into(),
            ..Attributes::default()
        },
    )
}

pub fn lives() -> impl Strategy<Value = Life> {
    let first = (SLOTS, 0..3, dues(), attributes(), any::<bool>());
    let later = vec((0_i64..12, -1_i64..2, facts()), 0..10);
    (first, later).prop_map(|((mut slot, how, due, attributes, has_limits), later)| {
        let is_patrol_dealt = how == 0 && slot % 4 == 0;
        let intake = Box::new(Intake { due, attributes, is_patrol_dealt, ..Intake::default() });
        let fact = if how == 1 { Fact::Accepted(intake) } else { Fact::Reported(intake) };
        let mut events = vec![event(0, Millis(BEGIN + slot * SLOT_MS), fact)];
        if how == 0 {
            events.push(event(99, Millis(BEGIN + (slot + 1) * SLOT_MS), Fact::Accepted(Box::default())));
        }
        for (index, (slots, jitter, fact)) in later.into_iter().enumerate() {
            slot += slots;
            events.push(event(index as i64 + 1, Millis(BEGIN + slot * SLOT_MS + jitter), fact));
        }
        Life::new(events, has_limits)
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
    prop_oneof![
        4 => standing_facts(),
        3 => work_facts(),
        3 => tasks(),
        2 => dispatches(),
        2 => answers(),
        1 => (0_u32..9, attributes()).prop_map(|(quantity, attributes)| {
            Fact::Tallied(Box::new(Tally { quantity, attributes, ..Tally::default() }))
        }),
        1 => dues().prop_map(|due| Fact::ExtensionDecided { approved: true, due, reason: Reason::default() }),
        1 => dues().prop_map(|due| Fact::Reopened { due, reason: Reason::default() }),
        2 => (corrections(), any::<bool>()).prop_map(|(correction, is_review)| {
            let (old, reason) = ("".into(), Reason::default());
            // What a case is about and who has it is corrected, not reviewed.
            let is_review = is_review && !matches!(correction, Correction::Attribute(..) | Correction::Unit(_));
            if is_review { Fact::Reviewed { correction, old, reason } } else { Fact::Corrected { correction, old, reason } }
        }),
    ]
}

/// What moves the standing.
fn standing_facts() -> impl Strategy<Value = Fact> {
    let nothing = Reason::default;
    let closed = |how: &str, result: &str| Fact::Closed { how: how.into(), result: result.into() };
    select(vec![
        Fact::Accepted(Box::default()),
        Fact::Rejected(nothing()),
        Fact::NotFiled(nothing()),
        Fact::Suspended { reason: nothing() },
        Fact::Suspended { reason: nothing() },
        Fact::Resumed { due: None },
        Fact::Resumed { due: None },
        closed("", "实际解决"),
        closed("", "解释说明"),
        closed("normal", "其他"),
        closed("", ""),
        closed("direct_answer", ""),
        Fact::Voided(nothing()),
        Fact::VoidRevoked(nothing()),
    ])
}

fn work_facts() -> impl Strategy<Value = Fact> {
    let nothing = Reason::default;
    let of = |unit: &str| OfUnit { unit: unit.into(), reason: Reason::default() };
    let wrong = OfUnit { unit: "".into(), reason: Reason { code: "wrong_unit".into(), text: "".into() } };
    select(vec![
        Fact::Filed { condition: "".into(), urgency: "急".into(), due: None },
        Fact::Filed { condition: "".into(), urgency: "".into(), due: None },
        Fact::Filed { condition: "".into(), urgency: "".into(), due: None },
        Fact::Signed { unit: "u1".into() },
        Fact::Contacted { contacted: true, unit: "".into(), reason: nothing() },
        Fact::Contacted { contacted: false, unit: "".into(), reason: nothing() },
        Fact::ReturnDecided { accepted: true, of: of("u1") },
        Fact::ReturnDecided { accepted: true, of: of("") },
        Fact::ReturnDecided { accepted: false, of: of("") },
        Fact::Withdrawn(of("u2")),
        Fact::Supervised(Box::<Pressure>::default()),
        Fact::ExtensionRequested { due: None, reason: nothing() },
        Fact::Submitted { unit: "u1".into(), result: "实际解决".into(), note: "".into() },
        Fact::Submitted { unit: "".into(), result: "".into(), note: "".into() },
        Fact::ReworkOrdered(wrong),
        Fact::AppealDecided { upheld: true, reason: nothing() },
        Fact::DuplicateLinked { parent: "P".into() },
        Fact::DuplicateUnlinked(nothing()),
    ])
}

/// Verifications and checks, asked for and done, often enough that some are in time.
fn tasks() -> impl Strategy<Value = Fact> {
    let of_nobody = || OfUnit { unit: "".into(), reason: Reason::default() };
    let verified = |confirmed| Fact::Verified { confirmed, reason: Reason::default() };
    let checked = |passed| Fact::Checked { passed, reason: Reason::default() };
    select(vec![
        Fact::VerificationRequested(of_nobody()),
        verified(true),
        verified(true),
        verified(false),
        Fact::CheckRequested(of_nobody()),
        checked(true),
        checked(true),
        checked(false),
    ])
}

fn dispatches() -> impl Strategy<Value = Fact> {
    // A case that has a unit never loses it again: a dispatch names one.
    (dues(), select(UNITS[..3].to_vec()), select(vec!["", "", "lead", "support"]), 2u8..5).prop_map(
        |(due, unit, role, level)| {
            let due = due.filter(|due| due.at.0 % 3 == 0);
            let (unit, unit_name) = (unit.0.into(), unit.1.into());
            Fact::Dispatched(Box::new(Dispatch { unit, unit_name, level, role: role.into(), due }))
        },
    )
}

fn answers() -> impl Strategy<Value = Fact> {
    let said = || select(vec![None, Some(true), Some(false), Some(true)]);
    let ratings: Vec<_> = Satisfaction::ALL.iter().map(|(one, ..)| Some(*one)).chain([None]).collect();
    (any::<bool>(), said(), said(), select(ratings)).prop_map(|(reached, first_contact, solved, satisfaction)| {
        Fact::Revisited(Box::new(Revisit { reached, first_contact, solved, satisfaction, ..Revisit::default() }))
    })
}

fn corrections() -> impl Strategy<Value = Correction> {
    prop_oneof![
        instants().prop_map(Correction::ReceivedAt),
        instants().prop_map(Correction::ClosedAt),
        dues().prop_filter_map("a due", |due| due.map(Correction::DueAt)),
        select(TOWNS.to_vec()).prop_map(|town| Correction::Attribute(Attribute::Town, town.into())),
        select(vec!["u1", "u2"]).prop_map(|unit| Correction::Unit(unit.into())),
        select(vec!["实际解决", "解释说明", "其他"]).prop_map(|result| Correction::Result(result.into())),
        any::<bool>().prop_map(Correction::FirstContact),
        any::<bool>().prop_map(Correction::Solved),
        Just(Correction::Satisfaction(Satisfaction::Neutral)),
        (0_u32..5).prop_map(Correction::Quantity),
        any::<bool>().prop_map(Correction::Assessed),
    ]
}

/// Steps that follow from nothing, under plain columns that say what the last of them does.
fn stepped() -> impl Strategy<Value = Case> {
    let standings = select(Standing::ALL.map(|(standing, _)| standing).to_vec());
    let closes = || proptest::option::of(instants());
    let step = (instants(), standings, instants(), (closes(), closes()), (dues(), dues()), (any::<u16>(), 0_u32..4));
    let steps = vec(step, 0..5);
    let places = (select(vec!["hotline", "grid"]), attributes(), select(UNITS.to_vec()));
    (steps, places).prop_map(|(mut steps, (stream, attributes, unit))| {
        steps.sort_by_key(|step| step.0);
        let (unit, unit_name) = (unit.0.into(), unit.1.into());
        let mut case = Case { stream: stream.into(), attributes, unit, unit_name, ..Case::default() };
        for (at, standing, received_at, (closed_at, finished_at), (due, original_due), (bits, quantity)) in steps {
            let exclusive = |due: Option<Due>| due.is_some_and(|due| due.is_exclusive);
            let marks = Marks(bits & !(Mark::DueIsExclusive as u16 | Mark::OriginalDueIsExclusive as u16))
                .with(Mark::DueIsExclusive, exclusive(due))
                .with(Mark::OriginalDueIsExclusive, exclusive(original_due));
            let received_at = Some(received_at);
            let step = Step {
                received_at,
                closed_at,
                finished_at,
                due,
                original_due,
                yellow_from: finished_at,
                quantity,
                worked_ms: closed_at.map(|at| at.0 % 1_000_000),
                marks,
                ..Step::new(at, standing)
            };
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
    let (Some(first), Some(last)) = (steps.first(), steps.last()) else { return };
    case.milestones.unit_since = Some(first.at);
    case.milestones.received_at = last.received_at;
    case.milestones.closed_at = last.closed_at;
    case.due = last.due;
    case.quantity = last.quantity;
    case.original_due = last.original_due;
}
