//! What is worth a second look at a case.

use crate::domain::{case::Case, marks::Mark};

/// Something odd of the case, which is counted and never dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flag {
    /// The column that says so.
    pub name: &'static str,
    /// How often; 1 for what is or is not.
    pub count: u32,
    pub zh: &'static str,
    pub en: &'static str,
}

pub(super) fn of(case: &Case) -> Vec<Flag> {
    let counts = &case.counts;
    let marks = case.history.0.last().map(|step| step.marks).unwrap_or_default();
    let has = |mark| u32::from(marks.has(mark));
    let all = [
        ("conflicts", counts.conflicts, "冲突消息", "messages that say something else under a used id"),
        ("duplicates", counts.duplicates, "重复消息", "messages sent again"),
        ("out_of_order", counts.out_of_order, "乱序消息", "messages that came after a later one"),
        ("clock_skew", counts.clock_skew, "时钟偏差", "recorded before it happened"),
        ("gaps", counts.gaps, "缺失环节", "facts before which something is missing"),
        ("irregular", counts.irregular, "异常环节", "facts in an unexpected phase"),
        ("unknown_codes", counts.unknown_codes, "未知代码", "values in no list of codes"),
        ("is_incomplete", case.is_incomplete().into(), "不完整", "neither reported nor accepted in so many words"),
        ("late_extensions", counts.late_extensions, "无效延期", "extensions that moved nothing"),
        ("corrections", counts.corrections, "更正", "corrections"),
        ("is_provisional", has(Mark::Provisional), "时限暂定", "provisional due"),
        ("is_out_of_base", has(Mark::OutOfBase), "不计入基数", "out of the base"),
        ("is_duplicate", has(Mark::Duplicate), "重复工单", "repeats another case"),
        ("is_direct_answer", has(Mark::DirectAnswer), "直接答复", "answered at once"),
        ("is_patrol_dealt", has(Mark::PatrolDealt), "自行处置", "put right on the spot"),
        ("is_unassessed", has(Mark::Unassessed), "不考核", "not assessed"),
        ("is_exempt", has(Mark::Exempt), "申诉通过", "exempt after an appeal"),
        ("is_closed_before_receipt", has(Mark::ClosedBeforeReceipt), "结案早于受理", "closed before it was received"),
        (
            "is_history_limited",
            has(Mark::HistoryLimited),
            "消息过多，仅折叠一部分",
            "more was said of it than is followed",
        ),
        ("was_red", has(Mark::WasRed), "亮过红灯", "has been red"),
    ];
    let flag = |(name, count, zh, en)| Flag { name, count, zh, en };
    all.into_iter().map(flag).filter(|flag| flag.count > 0).collect()
}
