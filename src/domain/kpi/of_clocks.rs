//! What the clocks of a case add to each figure that counts clocks. The view `kpi_clocks` is the same in SQL.

use super::{Figure, Part, Row, Seen};
use crate::domain::{
    policy::StageName,
    span::{OF_CASE, Span},
};

/// One for each clock of the figure's stage that is in force.
pub fn rows<'a>(figure: &Figure, seen: &Seen<'a>) -> Vec<Row<'a>> {
    let stage = figure.stage.as_deref().and_then(StageName::from_name);
    let is_meant = |clock: &&Span| Some(clock.stage) == stage && (clock.assignment != OF_CASE) == figure.of_unit;
    seen.clocks().filter(is_meant).map(|clock| row(seen, clock)).collect()
}

fn row<'a>(seen: &Seen<'a>, clock: &Span) -> Row<'a> {
    let (period, as_of) = (&seen.period, seen.period.as_of);
    let is_judged = seen.is_in_base() && !clock.is_unjudged;
    let fell_due = !clock.is_paused && period.holds(clock.due.at) && clock.due.at <= as_of;
    Row {
        at: Some(clock.due.at).filter(|at| period.holds(*at)),
        unit: unit(seen, clock),
        part: Part::of_rate(clock.is_met(as_of), is_judged && fell_due),
    }
}

/// Of an assignment, the unit that had it.
fn unit<'a>(seen: &Seen<'a>, clock: &Span) -> (&'a str, &'a str) {
    let whose = usize::from(clock.assignment).checked_sub(1).and_then(|place| seen.case.assignments.get(place));
    whose.map_or(seen.place().unit, |one| (&one.unit, &one.unit_name))
}
