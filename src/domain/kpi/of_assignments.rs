//! What the assignments of a case add to the figure that counts them. The view `kpi_assignments` is the same in SQL.

use super::{Part, Row, Seen};
use crate::domain::assignment::{Assignment, Outcome};

/// One for each assignment made by the as-of.
pub fn rows<'a>(seen: &Seen<'a>) -> Vec<Row<'a>> {
    seen.case.assignments.iter().filter(|one| one.at <= seen.period.as_of).map(|one| row(seen, one)).collect()
}

fn row<'a>(seen: &Seen<'a>, one: &'a Assignment) -> Row<'a> {
    let is_within = seen.period.holds(one.at);
    let is_returned = one.outcome == Outcome::Returned && seen.happened(one.ended_at).is_some();
    Row {
        at: Some(one.at).filter(|_| is_within),
        unit: (&one.unit, &one.unit_name),
        part: Part::of_rate(is_returned, seen.is_counted() && is_within),
    }
}
