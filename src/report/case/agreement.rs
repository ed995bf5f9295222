//! Does the stored row of a case say the same as its fold?

use jiff::tz::TimeZone;

use crate::{
    domain::{case::Case, rules::Rules, time::Millis},
    store::case_row::CaseRow,
};

/// Whether the stored row says what its messages say; where it does not, [`Self::words`] say why.
#[derive(Clone, Debug)]
pub struct Agreement {
    /// None: the messages are in the ledger, and no case was written of them yet.
    pub stored: Option<CaseRow>,
    /// The row was judged by other rules than the configured ones.
    pub has_other_rules: bool,
    /// The row knows fewer messages than the ledger has by now.
    pub knows_less: bool,
    /// Empty: both say the same.
    pub differences: Vec<ColumnDifference>,
}

/// A column that is another in the row than in the fold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnDifference {
    /// The column.
    pub name: &'static str,
    /// As the row has it; times in the zone of the answer.
    pub stored: String,
    pub folded: String,
}

impl Agreement {
    pub(super) fn of(case: &Case, rules: &Rules, stored: Option<CaseRow>, zone: &TimeZone) -> Self {
        let Some(row) = &stored else {
            return Self { stored: None, has_other_rules: false, knows_less: true, differences: Vec::new() };
        };
        let other = |stored: &str, now: Option<&str>| !stored.is_empty() && now.is_some_and(|now| now != stored);
        let limits = rules.limits.as_deref();
        let has_other_rules = other(&row.policy, limits.map(|limits| limits.policy_version.as_str()))
            || other(&row.calendar, limits.map(|limits| limits.calendar_version.as_str()));
        let (knows_less, differences) = (row.rows < case.counts.rows, differences(case, row, zone));
        Self { has_other_rules, knows_less, differences, stored }
    }

    /// There is a row, and it says the same.
    pub fn agrees(&self) -> bool {
        self.stored.is_some() && self.differences.is_empty()
    }

    /// Chinese and English.
    pub fn words(&self) -> (&'static str, &'static str) {
        match self {
            Self { stored: None, .. } => ("尚未写入案件表", "the service has not written the case yet"),
            Self { differences, .. } if differences.is_empty() => ("与已存行一致", "the stored row says the same"),
            Self { has_other_rules: true, .. } => (
                "已存行由其他版本判定，需要 rebuild",
                "the stored row was judged by another policy or calendar than the configured one: a rebuild is due",
            ),
            Self { knows_less: true, .. } => {
                ("已存行尚缺较新的消息", "the stored row does not know the latest messages yet")
            }
            _ => (
                "与已存行不同，需要 rebuild",
                "the stored row differs: the policy or the stream has changed, or another version wrote it; a rebuild is due",
            ),
        }
    }
}

fn differences(case: &Case, row: &CaseRow, zone: &TimeZone) -> Vec<ColumnDifference> {
    let step = case.history.0.last();
    let time = |at: Option<Millis>| at.map_or("—".to_owned(), |at| at.rfc3339(zone));
    let times = [
        ("received_at", row.received_at, case.milestones.received_at),
        ("closed_at", row.closed_at, case.milestones.closed_at),
        ("finished_at", row.finished_at, step.and_then(|step| step.finished_at)),
        ("due_at", row.due_at, case.due.map(|due| due.at)),
        ("original_due_at", row.original_due_at, case.original_due.map(|due| due.at)),
        ("policy_due_at", row.policy_due_at, case.policy_due.map(|due| due.at)),
    ];
    let times = times.map(|(name, stored, folded)| (name, time(stored.map(Millis)), time(folded)));
    let number = |value: Option<i64>| value.map_or("—".to_owned(), |value| value.to_string());
    let judged = &case.judged_by;
    let others = [
        ("policy", row.policy.clone(), judged.policy.to_string()),
        ("policy_rule", row.policy_rule.clone(), judged.rule.to_string()),
        ("calendar", row.calendar.clone(), judged.calendar.to_string()),
        ("standing", row.standing.clone(), case.standing().map_or("", |standing| standing.name()).to_owned()),
        ("rows", row.rows.to_string(), case.counts.rows.to_string()),
        ("worked_ms", number(row.worked_ms), number(step.and_then(|step| step.worked_ms))),
        ("marks", row.marks().0.to_string(), step.map_or(0, |step| step.marks.0).to_string()),
    ];
    let mut found: Vec<ColumnDifference> = others
        .into_iter()
        .chain(times)
        .map(|(name, stored, folded)| ColumnDifference { name, stored, folded })
        .filter(|one| one.stored != one.folded)
        .collect();
    if row.clocks().as_ref() != Some(&case.clocks) {
        let count = |n: Option<usize>| n.map_or("?".to_owned(), |n| format!("{n} spans"));
        let stored = count(row.clocks().map(|clocks| clocks.len()));
        found.push(ColumnDifference { name: "clocks", stored, folded: count(Some(case.clocks.len())) });
    }
    found
}
