//! The reasons for which a convention leaves out what another counts, in Chinese and in English.

use crate::domain::kpi::{Figure, catalogue::Lacks};

const REASONS: [(&str, &str, &str); 29] = [
    ("void", "作废", "void"),
    ("excluded", "不予受理或立案", "rejected or not filed"),
    ("pending", "待受理", "not received yet"),
    ("not_counted", "截至时刻尚未受理", "received later than the as-of"),
    ("out_of_base", "不计入基数（重复件、直接答复件）", "out of the base (duplicates, direct answers)"),
    ("received_before", "时段前受理", "received before the period"),
    ("received_after", "时段后受理", "received after the period"),
    ("closed_before_end", "时段结束前已结", "closed before the end of the period"),
    ("not_revisited", "未回访", "not revisited"),
    ("revisited_elsewhere", "首次回访在别的时段", "first revisited in another period"),
    ("not_assigned", "时段内没有派遣", "not assigned in the period"),
    ("suspended", "挂账", "suspended"),
    ("answered", "已办待结", "answered, to be closed"),
    ("not_closed", "未结", "not closed"),
    ("closed_before", "时段前结案", "closed before the period"),
    ("closed_after", "时段后结案", "closed after the period"),
    ("no_due", "无时限", "without a due"),
    ("due_now", "时限恰为截至时刻", "due at the very instant as-of"),
    ("closed_early", "提前办结，时限未到", "closed early, its due still ahead"),
    ("not_due", "未到期", "not yet due"),
    ("due_moved", "时限移出时段（延期、挂账、返工）", "its due was moved across the border of the period"),
    ("due_before", "时限在时段前", "due before the period"),
    ("due_after", "时限在时段后", "due after the period"),
    ("late", "超期", "late"),
    (
        "late_by_original_due",
        "按原时限超期，因延期或顺延才按时",
        "late by the original due, on time by an extension or a pause",
    ),
    ("was_red", "亮过红灯", "has been red"),
    ("several", "一案多计", "one case counts several times"),
    ("otherwise", "不合分子条件", "not what the numerator asks for"),
    ("lacks", "其他", "other"),
];

/// `of` is the figure that leaves it out.
pub fn reason(code: &str, of: &Figure) -> (String, String) {
    if let ("lacks", Some(Lacks::Other(text))) = (code, &of.lacks) {
        return (text.zh.clone(), text.en.clone());
    }
    let known = REASONS.iter().find(|(known, ..)| *known == code);
    known.map_or_else(|| (code.to_owned(), code.to_owned()), |(_, zh, en)| ((*zh).to_owned(), (*en).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::kpi::CATALOGUE;

    #[test]
    fn every_reason_of_the_queries_has_its_words_and_no_other_is_here() {
        let queries = [
            include_str!("../../store/queries/kpi_why_not.sql"),
            include_str!("../../store/queries/kpi_short_of.sql"),
            include_str!("../../store/queries/kpi_gaps.sql"),
        ]
        .concat();
        let is_used = |code: &str| queries.contains(&format!("'{code}'"));
        for (code, zh, en) in REASONS {
            assert!(is_used(code), "{code}");
            assert_eq!(reason(code, &CATALOGUE[0]), (zh.to_owned(), en.to_owned()));
        }
        let by_fold = include_str!("../../domain/kpi/why_not.rs");
        for code in by_fold.split('"').skip(1).step_by(2) {
            assert!(REASONS.iter().any(|(known, ..)| *known == code), "{code} of the fold");
        }
        // What stands last in a branch is a reason, too.
        for line in queries.lines().filter(|line| !line.trim_start().starts_with("--")) {
            let last = line.trim().trim_end_matches([',', ')']).rsplit(", ").next().unwrap_or_default();
            let code = last.strip_prefix('\'').and_then(|code| code.strip_suffix('\''));
            if let Some(code) = code.filter(|code| !code.contains(['{', ' ']) && code.len() > 1) {
                assert!(REASONS.iter().any(|(known, ..)| *known == code) || code == "closed", "{code} in {line}");
            }
        }
    }
}
