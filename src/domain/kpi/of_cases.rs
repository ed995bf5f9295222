//! What a case adds to each figure that counts cases. The view `kpi_flags` is the same in SQL.

use super::{Figure, Part, Seen};
use crate::domain::{
    history::Standing,
    marks::Mark,
    policy::StageName,
    span::{OF_CASE, Span},
    time::Millis,
};

pub fn part(figure: &Figure, seen: &Seen<'_>) -> Part {
    let id = figure.id.as_str();
    let known = intake(id, seen)
        .or_else(|| dispatch(id, seen))
        .or_else(|| closure(id, seen))
        .or_else(|| timeliness(id, seen))
        .or_else(|| shares(id, seen))
        .or_else(|| answers(id, seen))
        .or_else(|| time_and_flow(id, seen));
    known.unwrap_or_default()
}

fn intake(id: &str, seen: &Seen<'_>) -> Option<Part> {
    let case = seen.case;
    let is_within = seen.period.holds_some(seen.step.received_at);
    let is_filed = seen.happened(case.milestones.filed_at).is_some();
    let is_void = seen.step.standing == Standing::Void;
    let is_reported = seen.happened(seen.reported_at()).is_some_and(|at| seen.period.holds(at));
    // Also what was then rejected or not filed: it had been taken in.
    let is_accepted = !is_void && seen.happened(seen.step.received_at).is_some();
    Some(match id {
        "K01" | "K17a" => Part::of_count(is_created(seen)),
        "K02b" => {
            let judged = judged(seen, StageName::Accept);
            let is_met = judged.iter().any(|clock| clock.is_met(seen.period.as_of));
            Part::of_rate(is_met, is_reported && !is_void && is_judged(seen, &judged))
        }
        "K19" => Part { numerator: if is_created(seen) { seen.step.quantity } else { 0 }, ..Part::default() },
        "K02" => Part::of_rate(is_accepted, is_reported && !is_void),
        "K03" => Part::of_rate(seen.is_counted() && is_filed, is_accepted && is_within),
        _ => return None,
    })
}

/// Received in the period, and standing.
fn is_created(seen: &Seen<'_>) -> bool {
    seen.is_counted() && seen.period.holds_some(seen.step.received_at)
}

fn dispatch(id: &str, seen: &Seen<'_>) -> Option<Part> {
    let marks = &seen.case.milestones;
    let is_filed = seen.is_counted() && seen.period.holds_some(seen.happened(marks.filed_at));
    let is_dispatched = seen.happened(marks.dispatched_at).is_some();
    let is_right = seen.happened(marks.misdispatched_at).is_none();
    let judged = judged(seen, StageName::Dispatch);
    let is_met = judged.iter().any(|clock| clock.is_met(seen.period.as_of));
    let is_judged = is_judged(seen, &judged);
    Some(match id {
        "K04a" => Part::of_rate(is_dispatched, is_filed),
        "K04b" => Part::of_rate(is_met, is_filed && is_judged),
        "K04c" => Part::of_rate(is_dispatched && is_right, is_filed && (is_dispatched || is_judged)),
        _ => return None,
    })
}

/// The case's own clocks of a stage that a verdict may be given on.
fn judged<'a>(seen: &Seen<'a>, stage: StageName) -> Vec<&'a Span> {
    let clocks = seen.clocks().filter(|clock| clock.stage == stage && clock.assignment == OF_CASE);
    clocks.filter(|clock| !clock.is_unjudged && !clock.is_paused).collect()
}

/// Has one of them stopped, or its due passed?
fn is_judged(seen: &Seen<'_>, clocks: &[&Span]) -> bool {
    let as_of = seen.period.as_of;
    clocks.iter().any(|clock| clock.has_stopped(as_of) || !clock.due.is_met_at(as_of))
}

/// The denominators that closure, timeliness and what depends on them share.
#[derive(Clone, Copy)]
struct Base {
    created: bool,
    need_close: bool,
    carried: bool,
    mature: bool,
}

impl Base {
    fn of(seen: &Seen<'_>) -> Self {
        let created = seen.is_in_base() && is_created(seen);
        let is_decided = seen.is_closed() || seen.is_overdue_open();
        Self {
            created,
            need_close: created && is_decided,
            carried: seen.is_in_base() && is_decided && seen.carried_due().is_some(),
            mature: created && (seen.is_closed() || (seen.is_open() && seen.is_due())),
        }
    }
}

fn closure(id: &str, seen: &Seen<'_>) -> Option<Part> {
    let base = Base::of(seen);
    let denominator = match id {
        "K05a" => base.created,
        "K05b" => base.need_close,
        "K05c" => base.carried,
        "K05d" => base.mature,
        _ => return None,
    };
    Some(Part::of_rate(seen.is_closed(), denominator))
}

fn timeliness(id: &str, seen: &Seen<'_>) -> Option<Part> {
    let (base, period, has_due) = (Base::of(seen), &seen.period, seen.has_due());
    let was_never_red = seen.is_closed() && !seen.has(Mark::WasRed) && !seen.is_late();
    let original = seen.step.original_due;
    let fell_due = seen.step.due.is_some_and(|due| period.holds(due.at)) && seen.is_due() && !seen.has(Mark::DueIsHeld);
    let fell_due_first = original.is_some_and(|due| period.holds(due.at) && due.at <= period.as_of);
    let (numerator, denominator) = match id {
        "K06a" => (seen.is_on_time(), base.created && has_due),
        "K06b" => (seen.is_on_time(), base.need_close && has_due),
        "K06c" => (seen.is_kept(), seen.is_in_base() && fell_due),
        "K06d" => (seen.is_on_time(), has_due && is_done(seen)),
        "K06e" => (seen.is_original_kept(), seen.is_in_base() && fell_due_first),
        "K06f" => (was_never_red, base.created),
        "K06g" => (seen.is_kept(), seen.is_in_base() && seen.carried_due().is_some() && seen.is_decided()),
        "K06h" => (seen.is_on_time(), base.mature && has_due),
        "K13" => (!seen.is_late(), is_done(seen)),
        _ => return None,
    };
    Some(Part::of_rate(numerator, denominator))
}

/// Closed in the period, and asked for.
fn is_done(seen: &Seen<'_>) -> bool {
    seen.is_in_base() && seen.is_closed() && seen.is_closed_within()
}

fn shares(id: &str, seen: &Seen<'_>) -> Option<Part> {
    let (marks, base) = (&seen.case.milestones, Base::of(seen));
    let happened = |at| seen.happened(at).is_some();
    let is_void = seen.step.standing == Standing::Void;
    let is_received = happened(seen.step.received_at) && seen.period.holds_some(seen.step.received_at);
    let (numerator, denominator) = match id {
        "K10a" => (happened(marks.reworked_at), base.need_close),
        "K10b" => (happened(marks.reworked_at), base.carried),
        "K10c" => {
            let reworks = if base.need_close { seen.reworks() } else { 0 };
            return Some(Part { numerator: reworks, denominator: base.need_close.into(), duration: None });
        }
        "K11a" => (happened(marks.extended_at), is_created(seen)),
        "K11b" => (happened(marks.suspended_at), is_created(seen)),
        "K11c" => (happened(marks.returned_at), is_created(seen)),
        "K11d" => (is_void, is_received && (seen.is_counted() || is_void)),
        "K11e" => (seen.has(Mark::Duplicate), is_created(seen)),
        "K11f" => (seen.has(Mark::PatrolDealt), is_created(seen)),
        "K11g" => (seen.has(Mark::DirectAnswer), is_created(seen)),
        "K11h" => (happened(marks.extended_at), base.carried),
        _ => return None,
    };
    Some(Part::of_rate(numerator, denominator))
}

fn answers(id: &str, seen: &Seen<'_>) -> Option<Part> {
    let answer = seen.answer();
    let is_closed = seen.is_closed() && seen.is_closed_within();
    let is_revisited = seen.is_counted() && seen.period.holds_some(seen.revisited_at());
    let is_satisfied = answer.satisfaction.is_some_and(|said| said as u8 <= 2);
    let is_solved = seen.has(Mark::ResultSolved);
    let yes = |said: Option<bool>, is_asked: bool| Part::of_rate(said == Some(true), is_asked && said.is_some());
    let rated = u32::from(answer.satisfaction.is_some() && is_revisited);
    Some(match id {
        "K12" => yes(answer.first_contact, is_closed),
        "K14" => Part::of_rate(is_solved, is_closed && (is_solved || seen.has(Mark::ResultExplained))),
        "K15" => Part {
            numerator: answer.satisfaction.map_or(0, |said| said.weight()) * rated,
            denominator: rated,
            duration: None,
        },
        "K15b" => {
            let attempts = if is_revisited { answer.attempts } else { 0 };
            Part { numerator: rated.min(attempts), denominator: attempts, duration: None }
        }
        "K18a" => yes(answer.first_contact, is_revisited),
        "K18b" => yes(answer.solved, is_revisited),
        "K18c" => Part::of_rate(is_satisfied, rated > 0),
        _ => return None,
    })
}

/// What a duration is reckoned from, as it stood at the as-of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Times {
    pub received_at: Option<Millis>,
    pub closed_at: Option<Millis>,
    pub due_at: Option<Millis>,
    pub worked_ms: Option<i64>,
}

/// How long it took or has lasted, for a case in the numerator of the figure; none where the figure is not about time.
pub fn duration(id: &str, times: &Times, as_of: Millis) -> Option<i64> {
    match id {
        "K07" => times.due_at.map(|due| as_of.since(due)),
        "K16a" => times.received_at.zip(times.closed_at).map(|(from, to)| to.since(from).max(0)),
        "K16b" => times.worked_ms,
        _ => None,
    }
}

fn time_and_flow(id: &str, seen: &Seen<'_>) -> Option<Part> {
    let step = seen.step;
    let times = Times {
        received_at: step.received_at,
        closed_at: step.closed_at,
        due_at: step.due.map(|due| due.at),
        worked_ms: step.worked_ms,
    };
    let duration = |is_in: bool| duration(id, &times, seen.period.as_of).filter(|_| is_in);
    let timed = |duration: Option<i64>| Part { numerator: duration.is_some().into(), denominator: 0, duration };
    Some(match id {
        "K07" => {
            let part = Part::of_rate(seen.is_overdue_open(), seen.is_in_base() && seen.is_open());
            Part { duration: duration(part.numerator > 0), ..part }
        }
        "K16a" | "K16b" => timed(duration(is_done(seen) && !seen.has(Mark::ClosedBeforeReceipt))),
        "K17b" => Part::of_count(seen.is_closed() && seen.is_closed_within()),
        "K17d" => {
            let was_there = step.received_at.is_some_and(|at| at < seen.period.to);
            let is_over = seen.is_closed() && step.closed_at.is_some_and(|at| at < seen.period.to);
            Part::of_count(seen.is_counted() && was_there && !is_over)
        }
        _ => return None,
    })
}
