//! The atoms: what the expressions of the catalogue are made of. Each stands twice, side by side, as a function of a case as it stood and
//! as SQL over the columns of `cases_at`; a test compares the two. Where the SQL is empty the column of that name says it already.
//! An atom is never unknown: what NULL means is said in it.

use super::{Grain, Seen, Times};
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
    /// As expressions write it; what is asked of clocks may have the name of what is asked of cases.
    pub name: &'static str,
    /// What it says, in Chinese and English.
    pub zh: &'static str,
    /// Its English twin.
    pub en: &'static str,
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

const fn case(name: &'static str, (zh, en): Words, is: fn(&Seen<'_>) -> bool, sql: &'static str) -> Atom {
    Atom { name, zh, en, of: Of::Case(is), sql }
}

const fn clock(name: &'static str, (zh, en): Words, is: fn(&Seen<'_>, &Span) -> bool) -> Atom {
    Atom { name, zh, en, of: Of::Clock(is), sql: "" }
}

type OfAssignment = fn(&Seen<'_>, &Assignment) -> bool;

const fn assignment(name: &'static str, (zh, en): Words, is: OfAssignment, sql: &'static str) -> Atom {
    Atom { name, zh, en, of: Of::Assignment(is), sql }
}

type OfCheck = fn(&Seen<'_>, &Check, bool) -> bool;

const fn check(name: &'static str, (zh, en): Words, is: OfCheck, sql: &'static str) -> Atom {
    Atom { name, zh, en, of: Of::Check(is), sql }
}

/// In Chinese and English.
type Words = (&'static str, &'static str);

/// In the order of their numbers, by which resolved expressions know them.
#[rustfmt::skip]
pub const ATOMS: &[Atom] = &[
    // Where the case lies towards the period.
    case("is_received_within", ("受理于时段内", "received in the period"), |seen| seen.period.holds_some(seen.step.received_at), "ifNull(received_at >= period_from AND received_at < period_to, false)"),
    case("is_known_within", ("截至时刻已受理，且受理于时段内", "received in the period, and by the as-of"), |seen| is_accepted_by_now(seen) && seen.period.holds_some(seen.step.received_at), "is_received_within AND ifNull(received_at <= instant, false)"),
    case("is_reported", ("时段内上报且未作废", "reported in the period and not void"), |seen| !is_void(seen) && seen.period.holds_some(seen.happened(seen.reported_at())), "standing != 'void' AND ifNull(reported_or_received_at >= period_from AND reported_or_received_at < period_to AND reported_or_received_at <= instant, false)"),
    case("is_filed_within", ("有效且立案于时段内", "counted, and filed in the period"), |seen| seen.is_counted() && seen.period.holds_some(filed_at(seen)), "is_counted AND ifNull(filed_at >= period_from AND filed_at < period_to, false)"),
    case("is_due_within", ("时限在时段内", "due in the period"), |seen| seen.step.due.is_some_and(|due| seen.period.holds(due.at)), "ifNull(due_at >= period_from AND due_at < period_to, false)"),
    case("is_original_due_within", ("原时限在时段内且已到", "original due in the period, and passed or come by the as-of"), |seen| seen.step.original_due.is_some_and(|due| seen.period.holds(due.at) && due.at <= seen.period.as_of), "ifNull(original_due_at >= period_from AND original_due_at < period_to AND original_due_at <= instant, false)"),
    // Due in the period, or before it and not done when it began.
    case("is_carried_within", ("时限在时段内，或结转进入时段", "due in the period, or carried into it"), |seen| seen.carried_due().is_some(), "is_due_within OR ifNull(due_at < period_from AND (finished_at IS NULL OR finished_at >= period_from), false)"),
    case("is_closed_within", ("结案于时段内", "closed in the period"), |seen| seen.is_closed_within(), "ifNull(closed_at >= period_from AND closed_at < period_to, false)"),
    case("is_revisited_within", ("有效且首次回访于时段内", "counted, and first revisited in the period"), |seen| seen.is_counted() && seen.period.holds_some(seen.revisited_at()), "is_counted AND ifNull(revisited_at >= period_from AND revisited_at < period_to, false)"),
    case("is_received_before_end", ("时段结束前受理", "received before the end of the period"), |seen| seen.step.received_at.is_some_and(|at| at < seen.period.to), "ifNull(received_at < period_to, false)"),
    case("is_closed_before_end", ("时段结束前结案", "closed before the end of the period"), |seen| seen.is_closed() && seen.step.closed_at.is_some_and(|at| at < seen.period.to), "is_closed AND ifNull(closed_at < period_to, false)"),
    case("is_due", ("时限已到", "the due has come"), |seen| seen.is_due(), "ifNull(due_at <= instant, false)"),

    // Where it stands.
    case("is_counted", ("有效：已受理，未作废、未不予受理、未不予立案", "counted: received by then, neither void nor excluded"), |seen| seen.is_counted(), ""),
    case("is_in_base", ("有效且计入结案率、及时率基数", "counted, and in the base of closure and timeliness"), |seen| seen.is_in_base(), ""),
    case("is_open", ("在办", "open"), |seen| seen.is_open(), "standing = 'open'"),
    case("is_suspended", ("挂账中", "suspended"), |seen| seen.is_suspended(), "standing = 'suspended'"),
    case("is_closed", ("已结", "closed"), |seen| seen.is_closed(), ""),
    case("is_void", ("已作废", "void"), is_void, "standing = 'void'"),
    case("has_due", ("有时限", "has a due"), |seen| seen.has_due(), ""),
    case("is_on_time", ("按时结案", "closed on time"), |seen| seen.is_on_time(), ""),
    case("is_late", ("逾期结案", "closed late"), |seen| seen.is_late(), ""),
    case("is_kept", ("按时办理，不论是否已结案", "done on time, closed or not"), |seen| seen.is_kept(), ""),
    case("is_original_kept", ("按原时限办理", "done by the original due"), |seen| seen.is_original_kept(), ""),
    case("is_overdue_open", ("超期未结", "open and overdue"), |seen| seen.is_overdue_open(), ""),
    case("is_decided", ("已有定论：已办理，或时限已过", "decided: done, or past its due"), |seen| seen.is_decided(), ""),

    // The sets that figures share.
    case("is_received", ("有效且受理于时段内", "counted, and received in the period"), is_received, "is_counted AND is_received_within"),
    case("is_created", ("计入基数且受理于时段内", "in the base, and received in the period"), is_created, "is_in_base AND is_received_within"),
    case("is_to_close", ("应结：计入基数，已结或超期未结", "should be closed: in the base, and closed or overdue"), is_to_close, "is_in_base AND (is_closed OR is_overdue_open)"),
    case("is_done", ("计入基数且结案于时段内", "in the base, and closed in the period"), |seen| seen.is_in_base() && is_counted_done(seen), "is_in_base AND is_closed AND is_closed_within"),
    case("is_counted_done", ("有效且结案于时段内", "counted, and closed in the period"), is_counted_done, "is_closed AND is_closed_within"),

    // What was done with it.
    // Also what was then rejected or not filed: it had been taken in.
    case("is_accepted", ("已受理且未作废，包括后来不予受理、不予立案的", "taken in and not void, also what was then rejected or not filed"), |seen| !is_void(seen) && is_accepted_by_now(seen), "standing != 'void' AND ifNull(received_at <= instant, false)"),
    case("is_filed", ("已立案", "filed"), |seen| filed_at(seen).is_some(), "filed_at IS NOT NULL"),
    case("is_dispatched", ("已派遣", "dispatched"), |seen| seen.happened(seen.case.milestones.dispatched_at).is_some(), "dispatched_at IS NOT NULL"),
    case("is_misdispatched", ("派错过单位", "was dispatched to the wrong unit"), |seen| seen.happened(seen.case.milestones.misdispatched_at).is_some(), "misdispatched_at IS NOT NULL"),
    case("is_reworked", ("返工过", "was sent back to work"), |seen| seen.happened(seen.case.milestones.reworked_at).is_some(), "reworked_at IS NOT NULL"),
    case("is_extended", ("延期过", "was extended"), |seen| seen.happened(seen.case.milestones.extended_at).is_some(), "extended_at IS NOT NULL"),
    case("was_suspended", ("挂账过", "was suspended at some time"), |seen| seen.happened(seen.case.milestones.suspended_at).is_some(), "suspended_at IS NOT NULL"),
    case("was_returned", ("退单过", "was returned by a unit"), |seen| seen.happened(seen.case.milestones.returned_at).is_some(), "returned_at IS NOT NULL"),
    case("was_red", ("亮过红灯", "was red at some time"), |seen| seen.has(Mark::WasRed), ""),
    case("is_due_held", ("到期前已挂账，时限停走", "the due stands still in a pause that began before it"), |seen| seen.has(Mark::DueIsHeld), ""),
    case("is_duplicate", ("重复件", "repeats another case"), |seen| seen.has(Mark::Duplicate), ""),
    case("is_direct_answer", ("直接答复", "answered at once"), |seen| seen.has(Mark::DirectAnswer), ""),
    case("is_patrol_dealt", ("自行处置", "put right on the spot"), |seen| seen.has(Mark::PatrolDealt), ""),
    case("is_solved", ("办理结果为实际解决", "the result is: solved"), |seen| seen.has(Mark::ResultSolved), ""),
    case("is_explained", ("办理结果为解释说明", "the result is: explained"), |seen| seen.has(Mark::ResultExplained), ""),
    case("is_closed_before_receipt", ("结案早于受理", "closed before it was received"), |seen| seen.has(Mark::ClosedBeforeReceipt), ""),
    case("is_worked_known", ("工作时长已知", "its working time is known"), |seen| seen.step.worked_ms.is_some(), "worked_ms IS NOT NULL"),

    // The case's own clocks of two stages: has one of them stopped, or its due passed; and was one met?
    case("is_dispatch_judged", ("派遣计时已停或已超期", "the clock of the dispatch has stopped or run out"), |seen| is_judged(seen, StageName::Dispatch), "arrayExists(clock -> clock.stopped_at IS NOT NULL OR clock.on_time_until < instant, dispatches)"),
    case("is_dispatch_met", ("按时派遣", "dispatched in time"), |seen| judged(seen, StageName::Dispatch).any(|clock| clock.is_met(seen.period.as_of)), "arrayExists(clock -> NOT clock.was_red AND ifNull(clock.stopped_at <= clock.on_time_until, false), dispatches)"),
    case("is_acceptance_judged", ("受理计时已停或已超期", "the clock of the acceptance has stopped or run out"), |seen| is_judged(seen, StageName::Accept), "arrayExists(clock -> clock.stopped_at IS NOT NULL OR clock.on_time_until < instant, acceptances)"),
    case("is_acceptance_met", ("按时受理", "taken in or refused in time"), |seen| judged(seen, StageName::Accept).any(|clock| clock.is_met(seen.period.as_of)), "arrayExists(clock -> NOT clock.was_red AND ifNull(clock.stopped_at <= clock.on_time_until, false), acceptances)"),

    // What the citizen said.
    case("said_contact", ("市民评价了先行联系", "the citizen said whether he was contacted"), |seen| seen.answer().first_contact.is_some(), "first_contact >= 0"),
    case("said_contacted", ("市民称已先行联系", "the citizen says that he was contacted"), |seen| seen.answer().first_contact == Some(true), "first_contact = 1"),
    case("said_solution", ("市民评价了是否解决", "the citizen said whether it is solved"), |seen| seen.answer().solved.is_some(), "solved >= 0"),
    case("said_solved", ("市民称已解决", "the citizen says that it is solved"), |seen| seen.answer().solved == Some(true), "solved = 1"),
    case("is_rated", ("市民评了满意度", "the citizen rated it"), |seen| seen.answer().satisfaction.is_some(), "satisfaction > 0"),
    case("is_satisfied", ("市民评为满意或基本满意", "the citizen is satisfied, or basically so"), |seen| seen.answer().satisfaction.is_some_and(|said| said as u8 <= 2), "satisfaction IN (1, 2)"),
    case("was_called", ("回访过", "was called"), |seen| seen.answer().attempts > 0, "attempts > 0"),

    // Of one clock, one assignment, one check.
    clock("is_judged", ("应评判：时限在时段内且已到", "to be judged: due in the period, by the as-of"), is_clock_judged),
    clock("is_met", ("按时停止", "stopped in time"), |seen, clock| clock.is_met(seen.period.as_of)),
    assignment("is_assigned_within", ("有效且派遣于时段内", "counted, and assigned in the period"), |seen, one| seen.is_counted() && seen.period.holds(one.at), "is_counted AND assigned_at >= period_from AND assigned_at < period_to"),
    assignment("is_returned", ("已退单", "given back"), |seen, one| one.outcome == Outcome::Returned && seen.happened(one.ended_at).is_some(), "outcome = 'returned'"),
    check("is_checked_within", ("计入基数且核查于时段内", "in the base, and checked in the period"), |seen, check, _| seen.is_in_base() && seen.period.holds(check.at), "is_in_base AND checked_at >= period_from AND checked_at < period_to"),
    check("is_passed", ("核查通过", "passed the check"), |_, check, _| check.passed, ""),
    check("is_first", ("首次核查", "the first check of the case"), |_, _, is_first| is_first, ""),
];

/// What a row may count for besides one.
#[derive(Debug)]
pub struct Quantity {
    /// As `numerator_sums` of a figure names it.
    pub name: &'static str,
    pub(super) of: fn(&Seen<'_>) -> u32,
    /// Empty: the column of its name.
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

/// In milliseconds.
#[derive(Debug)]
pub struct Duration {
    /// As `lasts` of a figure names it.
    pub name: &'static str,
    pub(super) of: fn(&Times, Millis) -> Option<i64>,
    /// Empty: the column of its name. In milliseconds as well.
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
