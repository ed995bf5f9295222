//! What is shown of cells: nothing of columns that hold people, and of the others what scrubbing leaves.

use crate::feed::{
    import::{ProposeKind, propose_meaning},
    privacy::scrub,
};

pub(super) const HIDDEN: &str = "＊＊＊";
/// Parts of names of columns that hold somebody or what somebody wrote, whatever else they are called.
const PERSONAL: [&str; 15] = [
    "姓名",
    "电话",
    "手机",
    "号码",
    "身份证",
    "证件",
    "地址",
    "住址",
    "联系",
    "内容",
    "描述",
    "标题",
    "备注",
    "phone",
    "reporter",
];
/// 诉求人, 经办人.
const PERSON: char = '人';

/// Whether cells of a column may be shown.
pub(super) fn is_hidden(column: &str, meaning: &str) -> bool {
    let is_personal = propose_meaning(meaning).is_some_and(|meaning| meaning.kind == ProposeKind::Personal);
    let column = column.to_lowercase();
    // 承办单位名称 is no person's.
    let is_unit = ["单位", "部门", "街", "类", "村", "居委", "社区"].iter().any(|part| column.contains(part));
    is_personal || column.contains(PERSON) || (!is_unit && PERSONAL.iter().any(|part| column.contains(part)))
}

pub(super) fn shown(cell: &str, column: &str, meaning: &str) -> String {
    match cell {
        "" => String::new(),
        _ if is_hidden(column, meaning) => HIDDEN.to_owned(),
        // A date of a workbook.
        cell => scrub(&cell.replacen('T', " ", usize::from(is_date(cell)))).text.into_owned(),
    }
}

fn is_date(cell: &str) -> bool {
    cell.as_bytes().first().is_some_and(u8::is_ascii_digit) && cell.parse::<jiff::civil::DateTime>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_not_shown_whatever_their_column_is_called() {
        for column in ["诉求人", "来电号码", "经办人姓名", "详细地址", "诉求内容", "REPORTER_NAME", "备注"]
        {
            assert_eq!(shown("张三", column, ""), HIDDEN, "{column}");
        }
        assert_eq!(shown("张三", "甲", "reporter.name"), HIDDEN);
        assert!(!shown("回电 13812345678", "状态", "status").contains("138"));
        assert_eq!(shown("市容所", "承办单位名称", "unit"), "市容所");
        assert_eq!(shown("2021-03-01T08:30:00", "受理时间", "accepted"), "2021-03-01 08:30:00");
        assert_eq!(shown("", "诉求人", "reporter.name"), "");
    }
}
