//! What the clocks of a case add to each figure that counts clocks. The view `kpi_clocks` is the same in SQL.

use super::{Figure, Part, Row, Seen};
use crate::domain::{
    policy::StageName,
    span::{OF_CASE, Span},
    time::Millis,
};

/// One for each clock of the figure's stage that is in force.
pub fn rows<'a>(figure: &Figure, seen: &Seen<'a>) -> Vec<Row<'a>> {
    let stage = figure.stage.as_deref().and_then(StageName::from_name);
    let is_meant = |clock: &&Span| Some(clock.stage) == stage && (clock.assignment != OF_CASE) == figure.of_unit;
    let first = seen.clocks().filter(is_meant).map(|clock| clock.started_at).min();
    seen.clocks().filter(is_meant).map(|clock| row(figure, seen, clock, first)).collect()
}

fn row<'a>(figure: &Figure, seen: &Seen<'a>, clock: &Span, first: Option<Millis>) -> Row<'a> {
    let (period, as_of) = (&seen.period, seen.period.as_of);
    let is_judged = seen.is_in_base() && !clock.is_unjudged;
    let fell_due = !clock.is_paused && period.holds(clock.due.at) && clock.due.at <= as_of;
    let (at, part) = if figure.id == "K09c" {
        // Who fails a check is sent back at that instant.
        let stopped_at = seen.happened(clock.stopped_at);
        let reworked_at = seen.happened(seen.case.milestones.reworked_at);
        let is_passed = stopped_at.is_some_and(|stopped| reworked_at.is_none_or(|at| at > stopped));
        let is_first_check = Some(clock.started_at) == first && period.holds_some(stopped_at);
        (stopped_at, Part::of_rate(is_passed, is_judged && is_first_check))
    } else {
        (Some(clock.due.at), Part::of_rate(clock.is_met(as_of), is_judged && fell_due))
    };
    Row { at: at.filter(|at| period.holds(*at)), unit: unit(seen, clock), part }
}

/// Of an assignment, the unit that had it.
fn unit<'a>(seen: &Seen<'a>, clock: &Span) -> (&'a str, &'a str) {
    let whose = usize::from(clock.assignment).checked_sub(1).and_then(|place| seen.case.assignments.get(place));
    whose.map_or(seen.place().unit, |one| (&one.unit, &one.unit_name))
}
