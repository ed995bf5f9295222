//! Why a case is not in a figure, or short of its numerator, in one word. `kpi_why_not.sql` and `kpi_short_of.sql` say the same, and
//! `report::explain::words` has the words.

use super::{Cohort, Figure, Period, Seen};
use crate::domain::{
    history::Standing,
    marks::Mark,
    time::{Due, Millis},
};

/// The first thing that keeps it out.
pub(super) fn why_not(figure: &Figure, seen: &Seen<'_>) -> &'static str {
    by_standing(figure, seen)
        .or_else(|| by_cohort(figure.cohort, seen))
        .or_else(|| figure.is_by_due().then(|| by_due(figure.cohort, seen)).flatten())
        .unwrap_or_else(|| asks_for_more(figure, seen))
}

fn by_standing(figure: &Figure, seen: &Seen<'_>) -> Option<&'static str> {
    match seen.step.standing {
        Standing::Void => Some("void"),
        Standing::Excluded => Some("excluded"),
        Standing::Pending => Some("pending"),
        _ if !seen.is_counted() => Some("not_counted"),
        _ if figure.in_base && seen.has(Mark::OutOfBase) => Some("out_of_base"),
        _ => None,
    }
}

/// What puts a case into the period.
fn by_cohort(cohort: Cohort, seen: &Seen<'_>) -> Option<&'static str> {
    let (period, standing) = (&seen.period, seen.step.standing);
    match cohort {
        Cohort::Created | Cohort::CreatedMature => {
            outside(period, seen.step.received_at, ["received_before", "received_after"])
        }
        Cohort::PeriodEnd => {
            let is_after = seen.step.received_at.is_some_and(|at| at >= period.to);
            Some(if is_after { "received_after" } else { "closed_before_end" })
        }
        Cohort::Revisited => match seen.revisited_at() {
            None => Some("not_revisited"),
            Some(at) if !period.holds(at) => Some("revisited_elsewhere"),
            Some(_) => None,
        },
        Cohort::Assigned => Some("not_assigned"),
        Cohort::Closed => match standing {
            Standing::Suspended => Some("suspended"),
            Standing::Open | Standing::Answered => Some("not_closed"),
            _ => outside(period, seen.step.closed_at, ["closed_before", "closed_after"]),
        },
        _ => None,
    }
}

fn by_due(cohort: Cohort, seen: &Seen<'_>) -> Option<&'static str> {
    let (period, standing) = (&seen.period, seen.step.standing);
    let at = |due: Option<Due>| due.map(|due| due.at);
    let (due, original) = (at(seen.step.due), at(seen.step.original_due));
    if due.is_none() {
        return Some("no_due");
    }
    let (due, other) = if cohort == Cohort::OriginalDue { (original, due) } else { (due, original) };
    if cohort != Cohort::OriginalDue && seen.has(Mark::DueIsHeld) {
        return Some("suspended");
    }
    match due? {
        due if due == period.as_of && standing == Standing::Open => Some("due_now"),
        due if due > period.as_of && standing == Standing::Closed => Some("closed_early"),
        due if due > period.as_of => Some("not_due"),
        due if !period.holds(due) && period.holds_some(other) => Some("due_moved"),
        due => outside(period, Some(due), ["due_before", "due_after"]),
    }
}

fn outside(period: &Period, at: Option<Millis>, [before, after]: [&'static str; 2]) -> Option<&'static str> {
    match at? {
        at if at < period.from => Some(before),
        at if at >= period.to => Some(after),
        _ => None,
    }
}

/// The period holds it, and the figure asks for more.
fn asks_for_more(figure: &Figure, seen: &Seen<'_>) -> &'static str {
    match (figure.lacks_due(), seen.step.due, seen.step.standing) {
        (false, ..) => "lacks",
        (_, None, _) => "no_due",
        (_, _, Standing::Suspended) => "suspended",
        (_, _, Standing::Answered) => "answered",
        (_, _, Standing::Closed) => "lacks",
        (_, Some(due), _) if due.at == seen.period.as_of => "due_now",
        _ => "not_due",
    }
}

/// Why a case of the denominator does not do what the numerator asks for.
pub(super) fn short_of(figure: &Figure, seen: &Seen<'_>) -> &'static str {
    if !figure.lacks_due() {
        return "otherwise";
    }
    match seen.step.standing {
        standing if standing != Standing::Closed => "not_closed",
        _ if seen.is_late() => "late",
        _ if figure.cohort == Cohort::OriginalDue => "late_by_original_due",
        _ if figure.is_by_light() => "was_red",
        _ => "otherwise",
    }
}
