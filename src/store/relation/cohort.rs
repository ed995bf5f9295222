//! What puts a row in a period, as columns. `domain::kpi::Cohort` is the same in Rust.

use crate::domain::kpi::{Cohort, Figure, Grain};

/// The column of the instant that puts a row in a period.
pub fn at(figure: &Figure) -> &'static str {
    match figure.cohort {
        Cohort::Created | Cohort::CreatedMature | Cohort::Stock | Cohort::PeriodEnd => "received_at",
        Cohort::Reported => "reported_or_received_at",
        Cohort::Filed => "filed_at",
        Cohort::Assigned => "assigned_at",
        Cohort::Due => "due_at",
        Cohort::DueCarry => "carried_due_at",
        Cohort::OriginalDue => "original_due_at",
        Cohort::Closed => "closed_at",
        Cohort::Checked => "checked_at",
        Cohort::Revisited => "revisited_at",
    }
}

/// What the period holds. `instant`, `period_from` and `period_to` are the question's.
pub fn within(figure: &Figure) -> String {
    let at = at(figure);
    match figure.cohort {
        Cohort::Stock => "received_at <= instant".to_owned(),
        Cohort::PeriodEnd => "received_at < period_to".to_owned(),
        Cohort::DueCarry => {
            "due_at < period_to AND (due_at >= period_from OR finished_at IS NULL OR finished_at >= period_from)"
                .to_owned()
        }
        _ => format!("{at} >= period_from AND {at} < period_to"),
    }
}

/// What an index knows of the row of a case that has anything within the period: the lists that it is to be looked for in. Empty:
/// no list.
pub fn reach(figure: &Figure) -> &'static str {
    match (figure.grain, figure.cohort) {
        (Grain::Case, Cohort::Revisited) => "c.answers.since[1] >= period_from AND c.answers.since[1] < period_to",
        (Grain::Clock, Cohort::Due) => {
            "arrayMax(c.clocks.due_at) >= period_from AND arrayMin(c.clocks.due_at) < period_to"
        }
        (Grain::Assignment, Cohort::Assigned) => {
            "arrayMax(c.assignments.at) >= period_from AND arrayMin(c.assignments.at) < period_to"
        }
        (Grain::Check, Cohort::Checked) => "arrayMax(c.checks.at) >= period_from AND arrayMin(c.checks.at) < period_to",
        _ => "",
    }
}

/// The columns whose indexes tell which cases a period leaves out; empty: every case is read. Figures that have them in common are
/// read together.
pub fn bound(figure: &Figure) -> &'static str {
    match (figure.cohort, reach(figure)) {
        (Cohort::Created | Cohort::CreatedMature, "") => "received_at",
        (Cohort::Due | Cohort::DueCarry, "") => "due_at",
        (Cohort::Closed, "") => "closed_at",
        // Few figures, which are not worth a reading each.
        (Cohort::Filed | Cohort::Reported | Cohort::OriginalDue, "") => "filed_at, reported_at, original_due_at",
        (_, reach) => reach,
    }
}
