//! 统计范围: what the words of a report count. Each stands for one population, everywhere.

use crate::{domain::kpi::Cohort, report::paper::Text};

/// Of the cards, the overview, the rankings, the categories and the sources.
pub fn received() -> Text {
    of(Cohort::Created)
}

/// Of the data-quality section, which looks at everything that came.
pub fn with_void() -> Text {
    Text::new("受理时间在本期，含作废", "with a receipt in the period, void ones too")
}

/// A cohort as reports speak of it.
pub fn of(cohort: Cohort) -> Text {
    let (zh, en) = match cohort {
        Cohort::Created => ("本期受理", "received in the period"),
        Cohort::CreatedMature => ("本期受理且已结或到期", "received in the period, and closed or due"),
        Cohort::Reported => ("本期上报", "reported in the period"),
        Cohort::Filed => ("本期立案", "filed in the period"),
        Cohort::Assigned => ("本期派遣", "assigned in the period"),
        Cohort::Due => ("本期到期", "due in the period"),
        Cohort::DueCarry => ("本期到期及往期结转", "due in the period, or carried over"),
        Cohort::OriginalDue => ("原时限在本期", "originally due in the period"),
        Cohort::Closed => ("本期结案", "closed in the period"),
        Cohort::Checked => ("本期核查", "checked in the period"),
        Cohort::Revisited => ("本期回访", "first revisited in the period"),
        Cohort::Stock => ("截至时刻在办", "open at the as-of"),
        Cohort::PeriodEnd => ("期末在办", "open at the end of the period"),
    };
    Text::new(zh, en)
}
