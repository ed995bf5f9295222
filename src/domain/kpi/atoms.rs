//! The atoms: what the expressions of the catalogue are made of. Each stands twice, side by side, as a function of a case as it stood and
//! as SQL over the columns of `cases_at`; a test compares the two. Where the SQL is empty the column of that name says it already.
//! An atom is never unknown: what NULL means is said in it.

use super::{Grain, Seen};
use crate::domain::{
    assignment::{Assignment, Outcome},
    case::Check,
    history::Standing,
    marks::Mark,
    policy::StageName,
    span::{OF_CASE, Span},
    time::Millis,
};

/// True or false of a row.
#[derive(Debug)]
pub struct Atom {
    pub name: &'static str,
    pub(super) of: Of,
    /// `instant`, `period_from` and `period_to` are the question's.
    pub sql: &'static str,
}

/// Of what it speaks: of the case, or of the one row of a figure's grain.
#[derive(Clone, Copy, Debug)]
pub(super) enum Of {
    Case(fn(&Seen<'_>) -> bool),
    Clock(fn(&Seen<'_>, &Span) -> bool),
    Assignment(fn(&Seen<'_>, &Assignment) -> bool),
    /// Whether it is the first of the case.
    Check(fn(&Seen<'_>, &Check, bool) -> bool),
}

impl Atom {
    /// Of whose figures it may be asked: a due, for one, is another of a case than of a clock.
    pub fn grain(&self) -> Grain {
        match self.of {
            Of::Case(_) => Grain::Case,
            Of::Clock(_) => Grain::Clock,
            Of::Assignment(_) => Grain::Assignment,
            Of::Check(_) => Grain::Check,
        }
    }
}

const fn case(name: &'static str, is: fn(&Seen<'_>) -> bool, sql: &'static str) -> Atom {
    Atom { name, of: Of::Case(is), sql }
}

const fn clock(name: &'static str, is: fn(&Seen<'_>, &Span) -> bool) -> Atom {
    Atom { name, of: Of::Clock(is), sql: "" }
}

const fn check(name: &'static str, is: fn(&Seen<'_>, &Check, bool) -> bool, sql: &'static str) -> Atom {
    Atom { name, of: Of::Check(is), sql }
}

#[rustfmt::skip]
pub const ATOMS: &[Atom] = &[
    // Where the case lies towards the period.
    case("is_received_within", |seen| seen.period.holds_some(seen.step.received_at), "ifNull(received_at >= period_from AND received_at < period_to, false)"),
    case("is_known_within", |seen| is_accepted_by_now(seen) && seen.period.holds_some(seen.step.received_at), "is_received_within AND ifNull(received_at <= instant, false)"),
    case("is_reported", |seen| !is_void(seen) && seen.period.holds_some(seen.happened(seen.reported_at())), "standing != 'void' AND ifNull(reported_or_received_at >= period_from AND reported_or_received_at < period_to AND reported_or_received_at <= instant, false)"),
    case("is_filed_within", |seen| seen.is_counted() && seen.period.holds_some(filed_at(seen)), "is_counted AND ifNull(filed_at >= period_from AND filed_at < period_to, false)"),
    case("is_due_within", |seen| seen.step.due.is_some_and(|due| seen.period.holds(due.at)), "ifNull(due_at >= period_from AND due_at < period_to, false)"),
    case("is_original_due_within", |seen| seen.step.original_due.is_some_and(|due| seen.period.holds(due.at) && due.at <= seen.period.as_of), "ifNull(original_due_at >= period_from AND original_due_at < period_to AND original_due_at <= instant, false)"),
    // Due in the period, or before it and not done when it began.
    case("is_carried_within", |seen| seen.carried_due().is_some(), "is_due_within OR ifNull(due_at < period_from AND (finished_at IS NULL OR finished_at >= period_from), false)"),
    case("is_closed_within", |seen| seen.is_closed_within(), "ifNull(closed_at >= period_from AND closed_at < period_to, false)"),
    case("is_revisited_within", |seen| seen.is_counted() && seen.period.holds_some(seen.revisited_at()), "is_counted AND ifNull(revisited_at >= period_from AND revisited_at < period_to, false)"),
    case("is_received_before_end", |seen| seen.step.received_at.is_some_and(|at| at < seen.period.to), "ifNull(received_at < period_to, false)"),
    case("is_closed_before_end", |seen| seen.is_closed() && seen.step.closed_at.is_some_and(|at| at < seen.period.to), "is_closed AND ifNull(closed_at < period_to, false)"),
    case("is_due", |seen| seen.is_due(), "ifNull(due_at <= instant, false)"),

    // Where it stands.
    case("is_counted", |seen| seen.is_counted(), ""),
    case("is_in_base", |seen| seen.is_in_base(), ""),
    case("is_open", |seen| seen.is_open(), "standing = 'open'"),
    case("is_closed", |seen| seen.is_closed(), ""),
    case("is_void", is_void, "standing = 'void'"),
    case("has_due", |seen| seen.has_due(), ""),
    case("is_on_time", |seen| seen.is_on_time(), ""),
    case("is_late", |seen| seen.is_late(), ""),
    case("is_kept", |seen| seen.is_kept(), ""),
    case("is_original_kept", |seen| seen.is_original_kept(), ""),
    case("is_overdue_open", |seen| seen.is_overdue_open(), ""),
    case("is_decided", |seen| seen.is_decided(), ""),

    // The sets that figures share.
    case("is_received", is_received, "is_counted AND is_received_within"),
    case("is_created", is_created, "is_in_base AND is_received_within"),
    case("is_to_close", is_to_close, "is_in_base AND (is_closed OR is_overdue_open)"),
    case("is_done", |seen| seen.is_in_base() && is_counted_done(seen), "is_in_base AND is_closed AND is_closed_within"),
    case("is_counted_done", is_counted_done, "is_closed AND is_closed_within"),

    // What was done with it.
    // Also what was then rejected or not filed: it had been taken in.
    case("is_accepted", |seen| !is_void(seen) && is_accepted_by_now(seen), "standing != 'void' AND ifNull(received_at <= instant, false)"),
    case("is_filed", |seen| filed_at(seen).is_some(), "filed_at IS NOT NULL"),
    case("is_dispatched", |seen| seen.happened(seen.case.milestones.dispatched_at).is_some(), "dispatched_at IS NOT NULL"),
    case("is_misdispatched", |seen| seen.happened(seen.case.milestones.misdispatched_at).is_some(), "misdispatched_at IS NOT NULL"),
    case("is_reworked", |seen| seen.happened(seen.case.milestones.reworked_at).is_some(), "reworked_at IS NOT NULL"),
    case("is_extended", |seen| seen.happened(seen.case.milestones.extended_at).is_some(), "extended_at IS NOT NULL"),
    case("was_suspended", |seen| seen.happened(seen.case.milestones.suspended_at).is_some(), "suspended_at IS NOT NULL"),
    case("was_returned", |seen| seen.happened(seen.case.milestones.returned_at).is_some(), "returned_at IS NOT NULL"),
    case("was_red", |seen| seen.has(Mark::WasRed), ""),
    case("is_due_held", |seen| seen.has(Mark::DueIsHeld), ""),
    case("is_duplicate", |seen| seen.has(Mark::Duplicate), ""),
    case("is_direct_answer", |seen| seen.has(Mark::DirectAnswer), ""),
    case("is_patrol_dealt", |seen| seen.has(Mark::PatrolDealt), ""),
    case("is_solved", |seen| seen.has(Mark::ResultSolved), ""),
    case("is_explained", |seen| seen.has(Mark::ResultExplained), ""),
    case("is_closed_before_receipt", |seen| seen.has(Mark::ClosedBeforeReceipt), ""),
    case("is_worked_known", |seen| seen.step.worked_ms.is_some(), "worked_ms IS NOT NULL"),

    // The case's own clocks of two stages: has one of them stopped, or its due passed; and was one met?
    case("is_dispatch_judged", |seen| is_judged(seen, StageName::Dispatch), "arrayExists(clock -> clock.stopped_at IS NOT NULL OR clock.on_time_until < instant, dispatches)"),
    case("is_dispatch_met", |seen| judged(seen, StageName::Dispatch).any(|clock| clock.is_met(seen.period.as_of)), "arrayExists(clock -> NOT clock.was_red AND ifNull(clock.stopped_at <= clock.on_time_until, false), dispatches)"),
    case("is_acceptance_judged", |seen| is_judged(seen, StageName::Accept), "arrayExists(clock -> clock.stopped_at IS NOT NULL OR clock.on_time_until < instant, acceptances)"),
    case("is_acceptance_met", |seen| judged(seen, StageName::Accept).any(|clock| clock.is_met(seen.period.as_of)), "arrayExists(clock -> NOT clock.was_red AND ifNull(clock.stopped_at <= clock.on_time_until, false), acceptances)"),

    // What the citizen said.
    case("said_contact", |seen| seen.answer().first_contact.is_some(), "first_contact >= 0"),
    case("said_contacted", |seen| seen.answer().first_contact == Some(true), "first_contact = 1"),
    case("said_solution", |seen| seen.answer().solved.is_some(), "solved >= 0"),
    case("said_solved", |seen| seen.answer().solved == Some(true), "solved = 1"),
    case("is_rated", |seen| seen.answer().satisfaction.is_some(), "satisfaction > 0"),
    case("is_satisfied", |seen| seen.answer().satisfaction.is_some_and(|said| said as u8 <= 2), "satisfaction IN (1, 2)"),
    case("was_called", |seen| seen.answer().attempts > 0, "attempts > 0"),

    // Of one clock, one assignment, one check.
    clock("is_judged", is_clock_judged),
    clock("is_met", |seen, clock| clock.is_met(seen.period.as_of)),
    Atom { name: "is_assigned_within", of: Of::Assignment(|seen, one| seen.is_counted() && seen.period.holds(one.at)), sql: "is_counted AND assigned_at >= period_from AND assigned_at < period_to" },
    Atom { name: "is_returned", of: Of::Assignment(|seen, one| one.outcome == Outcome::Returned && seen.happened(one.ended_at).is_some()), sql: "outcome = 'returned'" },
    check("is_checked_within", |seen, check, _| seen.is_in_base() && seen.period.holds(check.at), "is_in_base AND checked_at >= period_from AND checked_at < period_to"),
    check("is_passed", |_, check, _| check.passed, ""),
    check("is_first", |_, _, is_first| is_first, ""),
];

/// What a row may count for besides one.
#[derive(Debug)]
pub struct Quantity {
    pub name: &'static str,
    pub(super) of: fn(&Seen<'_>) -> u32,
    pub sql: &'static str,
}

const fn quantity(name: &'static str, of: fn(&Seen<'_>) -> u32, sql: &'static str) -> Quantity {
    Quantity { name, of, sql }
}

/// What a figure may sum up.
#[rustfmt::skip]
pub const QUANTITIES: &[Quantity] = &[
    quantity("quantity", |seen| seen.step.quantity, ""),
    quantity("reworks", |seen| seen.reworks(), ""),
    quantity("attempts", |seen| seen.answer().attempts, ""),
    quantity("satisfaction_points", |seen| seen.answer().satisfaction.map_or(0, |said| said.weight()), "[0, 100, 80, 60, 0][satisfaction + 1]"),
];

/// What a duration is reckoned from, as it stood at the as-of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Times {
    pub received_at: Option<Millis>,
    pub closed_at: Option<Millis>,
    pub due_at: Option<Millis>,
    pub worked_ms: Option<i64>,
}

/// In milliseconds.
#[derive(Debug)]
pub struct Duration {
    pub name: &'static str,
    pub(super) of: fn(&Times, Millis) -> Option<i64>,
    pub sql: &'static str,
}

/// How long a case took or has lasted.
#[rustfmt::skip]
pub const DURATIONS: &[Duration] = &[
    Duration { name: "worked_ms", of: |times, _| times.worked_ms, sql: "" },
    Duration { name: "wall_ms", of: |times, _| times.received_at.zip(times.closed_at).map(|(from, to)| to.since(from).max(0)), sql: "greatest(dateDiff('millisecond', received_at, closed_at), 0)" },
    Duration { name: "overdue_ms", of: |times, as_of| times.due_at.map(|due| as_of.since(due)), sql: "dateDiff('millisecond', due_at, instant)" },
];

fn is_void(seen: &Seen<'_>) -> bool {
    seen.step.standing == Standing::Void
}

fn is_accepted_by_now(seen: &Seen<'_>) -> bool {
    seen.happened(seen.step.received_at).is_some()
}

fn filed_at(seen: &Seen<'_>) -> Option<Millis> {
    seen.happened(seen.case.milestones.filed_at)
}

fn is_received(seen: &Seen<'_>) -> bool {
    seen.is_counted() && seen.period.holds_some(seen.step.received_at)
}

fn is_created(seen: &Seen<'_>) -> bool {
    seen.is_in_base() && is_received(seen)
}

fn is_to_close(seen: &Seen<'_>) -> bool {
    seen.is_in_base() && (seen.is_closed() || seen.is_overdue_open())
}

fn is_counted_done(seen: &Seen<'_>) -> bool {
    seen.is_closed() && seen.is_closed_within()
}

/// The case's own clocks of a stage that a verdict may be given on.
fn judged<'a>(seen: &Seen<'a>, stage: StageName) -> impl Iterator<Item = &'a Span> {
    let clocks = seen.clocks().filter(move |clock| clock.stage == stage && clock.assignment == OF_CASE);
    clocks.filter(|clock| !clock.is_unjudged && !clock.is_paused)
}

fn is_judged(seen: &Seen<'_>, stage: StageName) -> bool {
    let as_of = seen.period.as_of;
    judged(seen, stage).any(|clock| clock.has_stopped(as_of) || !clock.due.is_met_at(as_of))
}

fn is_clock_judged(seen: &Seen<'_>, clock: &Span) -> bool {
    let (period, due) = (&seen.period, clock.due.at);
    seen.is_in_base() && !clock.is_unjudged && !clock.is_paused && period.holds(due) && due <= period.as_of
}
