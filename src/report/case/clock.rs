//! One clock of a case, taken apart.

use super::{Shown, verdict};
use crate::domain::{
    assignment::{Assignment, Outcome},
    calendar::{Measure, Working},
    case::Case,
    clock::{Segment, SegmentKind, Trail, segments},
    fold::watch::Watched,
    history::Standing,
    light::Light,
    rules::Rules,
    span::Span,
    time::Millis,
};

/// 计时 with its time taken apart, from its start to its end without gap or overlap.
#[derive(Clone, Debug)]
pub struct ClockTold {
    pub trail: Trail,
    /// The unit of the assignment, where it is one's.
    pub whose: Option<(String, String)>,
    /// The hours that count, and how they are on the day of the start.
    pub hours: String,
    /// In what the limit counts, and so the sums of the last round.
    pub measure: Measure,
    pub segments: Vec<Segment>,
    pub sums: Sums,
    /// As the page and JSON name it; not only whether it runs, but whether it has a verdict.
    pub state: &'static str,
    /// None where the dispatch states the due: only rules give a light.
    pub light: Option<Light>,
}

/// What the segments add up to: of the last round in the limit's measure, of all in working time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    pub counted: i64,
    pub paused: i64,
    pub worked_ms: i64,
    /// Of it, what counted.
    pub counted_work_ms: i64,
}

impl Sums {
    fn of(segments: &[Segment]) -> Self {
        let round = segments.last().map_or(0, |last| last.round);
        let mut sums = Self::default();
        for segment in segments {
            let is_last = segment.round == round;
            sums.worked_ms += segment.worked;
            match segment.kind {
                SegmentKind::Counted => {
                    sums.counted += if is_last { segment.amount } else { 0 };
                    sums.counted_work_ms += segment.worked;
                }
                SegmentKind::Paused if is_last => sums.paused += segment.amount,
                _ => {}
            }
        }
        sums
    }
}

/// None without a calendar: then only events state dues, and no limit is counted.
pub(super) fn told(watched: &Watched, rules: &Rules, as_of: Millis) -> Vec<ClockTold> {
    let Some(limits) = &rules.limits else { return Vec::new() };
    let told = |trail: &Trail| {
        let working = limits.calendar.working_of(&trail.unit);
        let trail = &handed_on(&watched.case, trail, as_of);
        let segments = segments::segments(trail, working, as_of);
        let (state, light) = state(trail, as_of);
        ClockTold {
            whose: whose(&watched.case, trail.assignment),
            hours: hours(working, trail),
            measure: trail.last().and_then(|last| last.limit).map_or(Measure::Clock, |limit| limit.measure()),
            sums: Sums::of(&segments),
            segments,
            state,
            light,
            trail: trail.clone(),
        }
    };
    watched.trails.iter().map(told).collect()
}

/// The clock of a unit that passed the case on in time ends there: what moves it afterwards it does in silence, for the case that it
/// gets the case back.
fn handed_on(case: &Case, trail: &Trail, as_of: Millis) -> Trail {
    let is_its = |span: &&Span| span.stage == trail.name && span.assignment == trail.assignment;
    let holds = |span: &&Span| span.since <= as_of && span.until.is_none_or(|until| until > as_of);
    let is_judged = trail.last().is_none_or(|last| !last.reading.is_unjudged);
    let passed_on = assignment(case, trail.assignment).filter(|one| one.outcome == Outcome::PassedOn);
    let span = case.clocks.iter().filter(is_its).rfind(holds);
    match (passed_on.and_then(|one| one.ended_at), span) {
        (Some(at), Some(span)) if span.is_unjudged && is_judged && trail.dropped_at.is_none() => Trail {
            moves: trail.moves.iter().filter(|one| one.at <= at).copied().collect(),
            clock: None,
            dropped_at: Some(at),
            ..trail.clone()
        },
        _ => trail.clone(),
    }
}

impl ClockTold {
    /// Chinese and English; none where there is no verdict.
    pub fn sentence(&self, as_of: Millis, shown: &Shown<'_>) -> Option<(String, String)> {
        let reading = self.trail.last()?.reading;
        let is_judged = !reading.is_unjudged && self.trail.dropped_at.is_none() && !reading.is_paused;
        let was_red = reading.ever_red;
        is_judged.then(|| verdict::of_clock(reading.due, reading.stopped_at, was_red, as_of, shown))
    }
}

fn whose(case: &Case, number: u16) -> Option<(String, String)> {
    let one = assignment(case, number)?;
    Some((one.unit.to_string(), one.unit_name.to_string()))
}

fn assignment(case: &Case, number: u16) -> Option<&Assignment> {
    usize::from(number).checked_sub(1).and_then(|place| case.assignments.get(place))
}

fn hours(working: Working<'_>, trail: &Trail) -> String {
    let schedule = working.schedule();
    let from = trail.moves.first().map_or(Millis(0), |first| first.at);
    format!("{} {}", schedule.name, working.hours_on(from))
}

fn state(trail: &Trail, as_of: Millis) -> (&'static str, Option<Light>) {
    let Some(reading) = trail.last().map(|last| last.reading) else { return ("cancelled", None) };
    if trail.dropped_at.is_some() {
        return ("cancelled", Some(Light::Grey));
    }
    if let Some(clock) = &trail.clock {
        return (clock.state.name(), Some(clock.light(as_of)));
    }
    let state = match (reading.is_unjudged, reading.stopped_at) {
        (true, _) => "cancelled",
        (_, Some(at)) if reading.ever_red || !reading.due.is_met_at(at) => "breached",
        (_, Some(_)) => "met",
        _ if reading.is_paused => "paused",
        _ => "running",
    };
    (state, None)
}

/// The case's own time, from its receipt to its close or to the as-of, in the usual hours: what 办结工作时长 counts.
#[derive(Clone, Debug)]
pub struct LifeTold {
    /// The receipt.
    pub from: Millis,
    /// The close that stands, or the as-of.
    pub until: Millis,
    /// Whether `until` is a close.
    pub is_closed: bool,
    /// How long the usual working day is.
    pub workday_ms: i64,
    /// Each in turn, suspensions and times between close and reopening among them.
    pub segments: Vec<Segment>,
    /// What they come to: the counted working time is 办结工作时长 (K16b).
    pub sums: Sums,
}

impl LifeTold {
    pub(super) fn of(case: &Case, rules: &Rules, as_of: Millis) -> Option<Self> {
        let working = rules.limits.as_ref()?.calendar.working();
        let from = case.milestones.received_at?;
        let until = case.milestones.closed_at.unwrap_or(as_of);
        let spans = |standing: Standing| -> Vec<(Millis, Millis)> {
            let steps = &case.history.0;
            let end = |index: usize| steps.get(index + 1).map_or(until, |next| next.at);
            let is_so = steps.iter().enumerate().filter(|(_, step)| step.standing == standing);
            is_so.map(|(index, step)| (step.at, end(index))).collect()
        };
        let segments = segments::of_life((from, until), &spans(Standing::Suspended), &spans(Standing::Closed), working);
        let sums = Sums::of(&segments);
        let (is_closed, workday_ms) = (case.milestones.closed_at.is_some(), working.schedule().day_length());
        Some(Self { from, until, is_closed, workday_ms, segments, sums })
    }
}
