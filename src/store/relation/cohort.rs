//! What puts a row in a period, as columns. `domain::kpi::Cohort` is the same in Rust.

use crate::domain::kpi::{Cohort, Figure};

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
