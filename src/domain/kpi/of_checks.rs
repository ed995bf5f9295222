//! What the checks of a case add to each figure that counts them. The view `kpi_checks` is the same in SQL.

use super::{Figure, Part, Row, Seen};
use crate::domain::case::Check;

/// One for each check done by the as-of.
pub fn rows<'a>(figure: &Figure, seen: &Seen<'a>) -> Vec<Row<'a>> {
    let done = seen.case.checks.iter().filter(|check| check.at <= seen.period.as_of);
    done.enumerate().map(|(place, check)| row(figure, seen, check, place == 0)).collect()
}

fn row<'a>(figure: &Figure, seen: &Seen<'a>, check: &Check, is_first: bool) -> Row<'a> {
    let is_within = seen.period.holds(check.at);
    let is_asked = is_first || figure.id != "K09c";
    Row {
        at: Some(check.at).filter(|_| is_within),
        unit: seen.place().unit,
        part: Part::of_rate(check.passed, seen.is_in_base() && is_within && is_asked),
    }
}
