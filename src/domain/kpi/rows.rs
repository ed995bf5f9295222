//! The rows of a figure's grain: a case, or each of its clocks, assignments or checks, and what each adds. The relations of
//! `store::relation` are the same in SQL.

use super::{Figure, Grain, Part, Period, Seen, counting::One};
use crate::domain::{
    case::Case,
    policy::StageName,
    span::{OF_CASE, Span},
    time::Millis,
};

/// One row of a figure's grain, of a case known at the as-of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row<'a> {
    /// What puts it in a period, and in a month of it.
    pub at: Option<Millis>,
    /// The unit that it counts for: the case's, or that of the assignment. Code and name.
    pub unit: (&'a str, &'a str),
    /// What it adds.
    pub part: Part,
}

/// Every row of a case for a figure; none while the case is not known.
pub fn rows<'a>(figure: &Figure, case: &'a Case, period: &Period) -> Vec<Row<'a>> {
    let Some(seen) = Seen::new(case, *period) else { return Vec::new() };
    let as_of = period.as_of;
    let row = |at: Option<Millis>, unit, one: One<'_>| Row {
        at,
        unit,
        // What the period does not hold adds nothing.
        part: if at.is_some() { figure.counting.part(&seen, one) } else { Part::default() },
    };
    let within = |at| Some(at).filter(|at| period.holds(*at));
    match figure.grain {
        Grain::Case => vec![row(figure.cohort.instant(&seen), seen.place().unit, One::Case)],
        Grain::Clock => {
            let clocks = seen.clocks().filter(|clock| is_meant(figure, clock));
            clocks.map(|clock| row(within(clock.due.at), unit(&seen, clock), One::Clock(clock))).collect()
        }
        Grain::Assignment => {
            let made = case.assignments.iter().filter(|one| one.at <= as_of);
            made.map(|one| row(within(one.at), (&one.unit, &one.unit_name), One::Assignment(one))).collect()
        }
        Grain::Check => {
            let done = case.checks.iter().filter(|check| check.at <= as_of).enumerate();
            done.map(|(n, check)| row(within(check.at), seen.place().unit, One::Check(check, n == 0))).collect()
        }
    }
}

/// A clock of the figure's stage, of units or of the case itself.
fn is_meant(figure: &Figure, clock: &Span) -> bool {
    let stage = figure.stage.as_deref().and_then(StageName::from_name);
    Some(clock.stage) == stage && (clock.assignment != OF_CASE) == figure.of_unit
}

/// Of an assignment, the unit that had it.
fn unit<'a>(seen: &Seen<'a>, clock: &Span) -> (&'a str, &'a str) {
    let whose = usize::from(clock.assignment).checked_sub(1).and_then(|place| seen.case.assignments.get(place));
    whose.map_or(seen.place().unit, |one| (&one.unit, &one.unit_name))
}
