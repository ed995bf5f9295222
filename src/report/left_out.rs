//! Why the rest of what a period holds is not in a figure, in words.

use crate::{
    domain::kpi::{
        Figure,
        catalogue::{Lacks, Text},
    },
    store::kpi::LeftOut,
};

/// Those that there are, and how many for each.
pub fn reasons(figure: &Figure, left: &LeftOut) -> Vec<(u64, Text)> {
    let is_by_due = figure.cohort.name().contains("DUE");
    let lacks = match &figure.lacks {
        Some(Lacks::Other(text)) => text.clone(),
        _ => Text::new("其他", "other"),
    };
    let all = [
        (left.no_due, Text::new("无时限", if is_by_due { "received without a due" } else { "without a due" })),
        (left.suspended, Text::new("挂账", "suspended")),
        (left.not_due, Text::new("未到期", "not yet due")),
        (left.answered, Text::new("已办待结", "answered, to be closed")),
        (left.other, lacks),
        (left.out_of_base, Text::new("不计基数", "out of the base")),
        (left.unassessed, Text::new("不考核", "not assessed")),
        (left.void, Text::new("作废", "void")),
        (left.excluded, Text::new("不予受理或立案", "rejected or not filed")),
        (left.pending, Text::new("待受理", "not received yet")),
    ];
    all.into_iter().filter(|(count, _)| *count > 0).collect()
}
