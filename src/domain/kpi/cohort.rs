//! Which cases a period holds: the instant that puts a case in it.

use serde::Deserialize;

use super::{Grain, Seen};
use crate::domain::time::Millis;

/// 人群: one instant of a row decides whether the period [from, to) holds it. docs/kpi.md names it for each figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Cohort {
    /// Received in the period.
    Created,
    /// Received in the period, and closed or due by the as-of.
    CreatedMature,
    /// Reported in the period; where nobody said so, received.
    Reported,
    /// Filed in the period.
    Filed,
    /// Assigned to a unit in the period.
    Assigned,
    /// Due in the period, as far as it has passed.
    Due,
    /// Due in the period, or before it and open when it began.
    DueCarry,
    /// By the first due.
    OriginalDue,
    /// Closed in the period.
    Closed,
    /// Checked in the period.
    Checked,
    /// First revisited in the period.
    Revisited,
    /// There at the as-of, whatever the period.
    Stock,
    /// There at the end of the period.
    PeriodEnd,
}

impl Cohort {
    /// As the catalogue writes it: `DUE_CARRY`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Created => "CREATED",
            Self::CreatedMature => "CREATED_MATURE",
            Self::Reported => "REPORTED",
            Self::Filed => "FILED",
            Self::Assigned => "ASSIGNED",
            Self::Due => "DUE",
            Self::DueCarry => "DUE_CARRY",
            Self::OriginalDue => "ORIGINAL_DUE",
            Self::Closed => "CLOSED",
            Self::Checked => "CHECKED",
            Self::Revisited => "REVISITED",
            Self::Stock => "STOCK",
            Self::PeriodEnd => "PERIOD_END",
        }
    }

    /// Has a row of this grain the instant?
    pub fn is_of(self, grain: Grain) -> bool {
        match grain {
            Grain::Case => !matches!(self, Self::Assigned | Self::Checked),
            Grain::Clock => self == Self::Due,
            Grain::Assignment => self == Self::Assigned,
            Grain::Check => self == Self::Checked,
        }
    }

    /// Do the counts of two periods that follow each other add up to that of both? Not where a case may be in both.
    pub fn adds_up_over_time(self) -> bool {
        !matches!(self, Self::DueCarry | Self::Stock | Self::PeriodEnd)
    }

    /// What puts a case in the period, and in a month of it; none if the period does not hold the case.
    /// Clocks and assignments have instants of their own.
    pub fn instant(self, seen: &Seen<'_>) -> Option<Millis> {
        let (step, period) = (seen.step, &seen.period);
        let within = |at: Option<Millis>| at.filter(|at| period.holds(*at));
        match self {
            Self::Created | Self::CreatedMature => within(step.received_at),
            Self::Reported => within(seen.reported_at()),
            Self::Filed => within(seen.happened(seen.case.milestones.filed_at)),
            Self::Due => within(step.due.map(|due| due.at)),
            Self::DueCarry => seen.carried_due(),
            Self::OriginalDue => within(step.original_due.map(|due| due.at)),
            Self::Closed => within(step.closed_at),
            Self::Revisited => within(seen.revisited_at()),
            Self::Stock => step.received_at.filter(|at| *at <= period.as_of),
            Self::PeriodEnd => step.received_at.filter(|at| *at < period.to),
            Self::Assigned | Self::Checked => None,
        }
    }
}
