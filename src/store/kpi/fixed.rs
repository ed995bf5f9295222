//! The values of the dimensions that have the same ones everywhere, as people call them.

/// A value of a dimension, in the order in which it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FixedValue {
    /// As answers, `only` and the columns of the views have it.
    pub name: &'static str,
    pub(crate) zh: &'static str,
    pub(crate) en: &'static str,
}

const fn value(name: &'static str, zh: &'static str, en: &'static str) -> FixedValue {
    FixedValue { name, zh, en }
}

/// 办理情况: everything received is in one of the first ten; the others were never taken in, or are void.
pub(super) const FATES: &[FixedValue] = &[
    value("closed_in_time", "按时办结", "closed in time"),
    value("closed_late", "超时办结", "closed late"),
    value("closed_without_due", "无时限办结", "closed without a due"),
    value("answered", "待结", "done, to be closed"),
    value("not_due", "未到期", "not due"),
    value("due_soon", "临期", "due soon"),
    value("overdue", "超期未结", "overdue"),
    value("suspended", "挂账", "suspended"),
    value("no_limit", "无时限在办", "open without a due"),
    value("out_of_base", "不计入基数", "out of the base"),
    value("void", "作废", "void"),
    value("excluded", "不予受理或立案", "rejected or not filed"),
    value("pending", "待受理", "pending"),
];

pub(super) const SATISFACTIONS: &[FixedValue] = &[
    value("satisfied", "满意", "satisfied"),
    value("basically", "基本满意", "basically satisfied"),
    value("neutral", "一般", "neutral"),
    value("dissatisfied", "不满意", "dissatisfied"),
];

/// By ISO 8601: Monday is the first.
pub(super) const WEEKDAYS: &[FixedValue] = &[
    value("1", "周一", "Mon"),
    value("2", "周二", "Tue"),
    value("3", "周三", "Wed"),
    value("4", "周四", "Thu"),
    value("5", "周五", "Fri"),
    value("6", "周六", "Sat"),
    value("7", "周日", "Sun"),
];

#[rustfmt::skip]
pub(crate) const HOURS: &[FixedValue] = &[
    value("00", "0时", "00:00"),
    value("01", "1时", "01:00"),
    value("02", "2时", "02:00"),
    value("03", "3时", "03:00"),
    value("04", "4时", "04:00"),
    value("05", "5时", "05:00"),
    value("06", "6时", "06:00"),
    value("07", "7时", "07:00"),
    value("08", "8时", "08:00"),
    value("09", "9时", "09:00"),
    value("10", "10时", "10:00"),
    value("11", "11时", "11:00"),
    value("12", "12时", "12:00"),
    value("13", "13时", "13:00"),
    value("14", "14时", "14:00"),
    value("15", "15时", "15:00"),
    value("16", "16时", "16:00"),
    value("17", "17时", "17:00"),
    value("18", "18时", "18:00"),
    value("19", "19时", "19:00"),
    value("20", "20时", "20:00"),
    value("21", "21时", "21:00"),
    value("22", "22时", "22:00"),
    value("23", "23时", "23:00"),
];
