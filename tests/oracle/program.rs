//! The program's opinion: the messages go through its door, its fold and its figures, as they do in the service.

use std::sync::Arc;

use tongguan::{
    cli::setup::Setup,
    domain::{
        assignment::Outcome,
        case::Case,
        event::Event,
        fold::fold,
        history::Standing,
        kpi::{CATALOGUE, Period, Seen, rows},
        marks::Mark,
        policy::StageName,
        rules::Rules,
        stream::Stream,
        time::Millis,
    },
    feed::{
        decode::{Message as Wire, TimeLimits, decode},
        door::Door,
        privacy::Key,
    },
};

use super::{
    message::Life,
    opinion::{Opinion, Part},
};

pub struct Program {
    setup: Setup,
    door: Door,
}

/// A life as the program has read it.
pub struct Read {
    rules: Rules,
    events: Vec<Event>,
    whole: Case,
}

impl Program {
    pub fn new() -> Self {
        let setup = Setup::load(None).expect("the built-in configuration");
        let key = Key::from_bytes(Some("oracle"), b"0123456789abcdef0123456789abcdef").expect("a key");
        Self { setup, door: Door::new(key) }
    }

    pub fn read(&mut self, life: &Life) -> Read {
        let stream: &Arc<Stream> = self.setup.stream(&life.stream).expect("a built-in stream");
        let rules = Rules::new(Arc::clone(stream), Arc::clone(&self.setup.limits));
        let limits = TimeLimits { earliest: Millis(0), future_max_ms: i64::MAX / 4 };
        let mut events = Vec::new();
        for (offset, message) in life.messages.iter().enumerate() {
            let payload = message.wire(&life.name).to_string();
            let arrived_at = Millis::parse("2026-01-01T00:00:00Z").expect("a time");
            let wire = Wire {
                partition: 0,
                offset: offset as i64,
                payload: Some(payload.as_bytes()),
                headers: Some(&[]),
                arrived_at,
            };
            let decoded = decode(&wire, stream, &mut self.door, &limits);
            events.push(decoded.unwrap_or_else(|refused| panic!("{payload} was refused: {refused:?}")).event);
        }
        let whole = fold(&rules, &events.iter().collect::<Vec<_>>());
        Read { rules, events, whole }
    }
}

impl Read {
    /// Asked at an instant, about a month: what counts is read from the fold of everything, as of the instant; what the case row
    /// says is that of a fold of what had happened by then.
    pub fn opinion(&self, as_of: i64, (from, to): (i64, i64), figures: &[&'static str]) -> Opinion {
        let period = Period { from: Millis(from), to: Millis(to), as_of: Millis(as_of) };
        let Some(seen) = Seen::new(&self.whole, period) else { return Opinion::default() };
        let first =
            |event: &Event| self.events.iter().find(|first| first.source == event.source && first.id == event.id);
        let is_known = |event: &Event| first(event).is_some_and(|first| first.occurred_at.0 <= as_of);
        let known: Vec<&Event> = self.events.iter().filter(|event| is_known(event)).collect();
        let then = fold(&self.rules, &known);
        let step = seen.step;
        Opinion {
            bucket: bucket(&seen),
            received_at: step.received_at.map(|at| at.0),
            closed_at: step.closed_at.map(|at| at.0),
            first_closed_at: then.milestones.first_closed_at.map(|at| at.0),
            suspended_since: then.suspended_since.map(|at| at.0),
            due: step.due.map(|due| due.at.0),
            original_due: step.original_due.map(|due| due.at.0),
            is_on_time: seen.is_on_time(),
            is_in_base: seen.is_in_base(),
            marks: marks(&seen),
            counts: counts(&then),
            assignments: parts(&seen, &then),
            figures: figures.iter().map(|id| figure(id, &self.whole, &period)).collect(),
        }
    }
}

fn bucket(seen: &Seen<'_>) -> &'static str {
    match seen.step.standing {
        Standing::Closed if !seen.has_due() => "closed_without_due",
        Standing::Closed if seen.is_on_time() => "closed_in_time",
        Standing::Closed => "closed_late",
        // The yellow light is not asked for.
        _ => Some(seen.bucket()).filter(|bucket| *bucket != "due_soon").unwrap_or("not_due"),
    }
}

fn marks(seen: &Seen<'_>) -> Vec<&'static str> {
    let asked =
        [Mark::Unassessed, Mark::Exempt, Mark::Duplicate, Mark::DirectAnswer, Mark::PatrolDealt, Mark::OutOfBase];
    Mark::ALL.iter().filter(|(mark, _)| asked.contains(mark) && seen.has(*mark)).map(|(_, name)| *name).collect()
}

fn counts(case: &Case) -> Vec<(&'static str, i64)> {
    let counts = &case.counts;
    vec![
        ("events", counts.events.into()),
        ("duplicates", counts.duplicates.into()),
        ("conflicts", counts.conflicts.into()),
        ("extensions", counts.extensions.into()),
        ("late_extensions", counts.late_extensions.into()),
        ("suspensions", counts.suspensions.into()),
        ("paused_ms", counts.paused_ms),
        ("longest_pause_ms", counts.longest_pause_ms),
        ("reopens", counts.reopens.into()),
        ("dispatches", counts.dispatches.into()),
        ("returns", counts.returns.into()),
        ("refused_returns", counts.refused_returns.into()),
        ("supervisions", counts.supervisions.into()),
        ("urges", counts.urges.into()),
        ("corrections", counts.corrections.into()),
        ("reworks", case.reworks.len() as i64),
    ]
}

fn parts(seen: &Seen<'_>, then: &Case) -> Vec<Part> {
    let as_of = seen.period.as_of;
    let judge = |number: usize| {
        if matches!(seen.step.standing, Standing::Void | Standing::Excluded) {
            return Vec::new();
        }
        let of_unit =
            seen.clocks().filter(|clock| clock.stage == StageName::Dispose && usize::from(clock.assignment) == number);
        let judged = of_unit.filter(|clock| !clock.is_unjudged).map(|clock| {
            let is_past = !clock.due.is_met_at(as_of);
            let verdict = match () {
                () if clock.is_met(as_of) => "in_time",
                () if clock.has_stopped(as_of) || clock.was_red => "late",
                () if is_past && !clock.is_paused => "late",
                () if clock.is_paused => "paused",
                () => "open",
            };
            (clock.due.at.0, verdict)
        });
        let mut judged: Vec<(i64, &'static str)> = judged.collect();
        judged.sort_unstable();
        judged
    };
    let part = |(number, assignment): (usize, &tongguan::domain::assignment::Assignment)| Part {
        unit: assignment.unit.to_string(),
        at: assignment.at.0,
        clocks: judge(number + 1),
        outcome: match assignment.outcome {
            Outcome::Open | Outcome::Done | Outcome::PassedOn => "kept",
            Outcome::Returned | Outcome::Withdrawn => assignment.outcome.name(),
        },
    };
    then.assignments.iter().enumerate().map(part).collect()
}

fn figure(id: &'static str, case: &Case, period: &Period) -> (&'static str, i64, i64) {
    let figure = CATALOGUE.iter().find(|figure| figure.id == id).expect("a figure of the catalogue");
    let parts = rows(figure, case, period).into_iter().map(|row| row.part);
    let (mut n, mut d) = (0, 0);
    for part in parts {
        n += i64::from(part.numerator);
        d += if ["K16a", "K16b"].contains(&id) { part.duration.unwrap_or(0) } else { i64::from(part.denominator) };
    }
    (figure.id.as_str(), n, d)
}
