//! What a figure can be grouped by: where and what a case was at the as-of, and when.

use super::fixed::{FATES, FixedValue, HOURS, SATISFACTIONS, WEEKDAYS};

/// More would make a table that nobody reads.
pub(crate) const DIMENSIONS_MAX: usize = 3;

/// What can stand behind `--by`; the unit of a time is its own, the rest is text as the feeder sends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dimension {
    /// 业务流, by its name in the stream files.
    Stream,
    /// Of the instant that puts the case in the period, in the zone asked for; so are the next four.
    Day,
    /// By ISO 8601: from Monday, numbered within the year that has its Thursday.
    Week,
    /// `2021-03`
    Month,
    /// `2021-Q1`
    Quarter,
    /// `2021`
    Year,
    /// 区, its code.
    Area,
    /// 街镇, its code.
    Town,
    /// 居村, its code.
    Community,
    /// 单元网格
    Cell,
    /// 责任网格
    DutyGrid,
    /// 承办单位: its code, or its name where no code is sent.
    Unit,
    /// 来源: by which way it came in.
    Channel,
    /// 类型: part, event, complaint, …
    Kind,
    /// 分类: its code, or its name where no code is sent.
    Category,
    /// 紧急程度
    Urgency,
    /// 结案方式、办理结果, of closed cases.
    How,
    /// 办理结果
    Result,
    /// 受理时点、受理星期: of the receipt, whatever puts the case in the period; from Monday, which is 1.
    Hour,
    /// 1 to 7.
    Weekday,
    /// 办理情况: what became of it, in one word.
    Fate,
    /// 满意度, of the revisit in force.
    Satisfaction,
}

impl Dimension {
    /// The one list: name, key to group by. A feeder that gives no codes is grouped by its names; a time is a number, which
    /// groups faster than a date.
    #[rustfmt::skip]
    pub const ALL: [(Self, &'static str, &'static str); 22] = [
        (Self::Stream, "stream", "stream"),
        (Self::Day, "day", "toYYYYMMDD(assumeNotNull({{at}}), {zone:String})"),
        (Self::Week, "week", "toYearWeek(assumeNotNull({{at}}), 3, {zone:String})"),
        (Self::Month, "month", "toRelativeMonthNum(assumeNotNull({{at}}), {zone:String})"),
        (Self::Quarter, "quarter", "toRelativeQuarterNum(assumeNotNull({{at}}), {zone:String})"),
        (Self::Year, "year", "toYear(assumeNotNull({{at}}), {zone:String})"),
        (Self::Area, "area", "area"),
        (Self::Town, "town", "town"),
        (Self::Community, "community", "community"),
        (Self::Cell, "cell", "cell"),
        (Self::DutyGrid, "duty_grid", "duty_grid"),
        (Self::Unit, "unit", "if(unit = '', unit_name, unit)"),
        (Self::Channel, "channel", "channel"),
        (Self::Kind, "kind", "kind"),
        (Self::Category, "category", "if(category_code = '', category_name, category_code)"),
        (Self::Urgency, "urgency", "urgency"),
        (Self::How, "how", "how"),
        (Self::Result, "result", "result"),
        (Self::Hour, "hour", "if(received_at IS NULL, '', leftPad(toString(toHour(assumeNotNull(received_at), {zone:String})), 2, '0'))"),
        (Self::Weekday, "weekday", "if(received_at IS NULL, '', toString(toDayOfWeek(assumeNotNull(received_at), 0, {zone:String})))"),
        (Self::Fate, "fate", "fate"),
        (Self::Satisfaction, "satisfaction", "['', 'satisfied', 'basically', 'neutral', 'dissatisfied'][satisfaction + 1]"),
    ];

    /// Another word for the channel (来源).
    const SOURCE: &'static str = "source";

    pub(crate) fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// None: there is no such dimension.
    pub fn from_name(name: &str) -> Option<Self> {
        let name = if name == Self::SOURCE { "channel" } else { name };
        Self::ALL.iter().find(|(_, known, _)| *known == name).map(|(dimension, ..)| *dimension)
    }

    pub(crate) fn names() -> impl Iterator<Item = &'static str> {
        Self::ALL.iter().map(|(_, name, _)| *name).chain([Self::SOURCE])
    }

    pub(crate) fn is_time(self) -> bool {
        matches!(self, Self::Day | Self::Week | Self::Month | Self::Quarter | Self::Year)
    }

    /// Every value that it can have, in order, where that does not depend on what feeders send; else none.
    pub fn fixed(self) -> &'static [FixedValue] {
        match self {
            Self::Hour => HOURS,
            Self::Weekday => WEEKDAYS,
            Self::Fate => FATES,
            Self::Satisfaction => SATISFACTIONS,
            _ => &[],
        }
    }

    pub(super) fn key(self) -> &'static str {
        Self::ALL[self as usize].2
    }

    /// The key as a number that is another for every value; by `position`, so that equal texts of two dimensions differ.
    pub(super) fn number(self, position: usize) -> String {
        format!("cityHash64({}, {position})", self.key())
    }

    /// The text of an answer, from the column that holds the key: `2021-03`.
    pub(super) fn label(self, column: &str) -> String {
        let two = |number: &str| format!("leftPad(toString({number}), 2, '0')");
        let joined = |parts: &[String]| format!("concat({})", parts.join(", "));
        let text = |number: String| format!("toString({number})");
        match self {
            Self::Day => joined(&[
                text(format!("intDiv({column}, 10000)")),
                "'-'".to_owned(),
                two(&format!("intDiv({column}, 100) % 100")),
                "'-'".to_owned(),
                two(&format!("{column} % 100")),
            ]),
            Self::Week => {
                joined(&[text(format!("intDiv({column}, 100)")), "'-W'".to_owned(), two(&format!("{column} % 100"))])
            }
            // Months are counted from the year 0, where January is 1; quarters so, where the first is 0.
            Self::Month => joined(&[
                text(format!("intDiv({column} - 1, 12)")),
                "'-'".to_owned(),
                two(&format!("({column} - 1) % 12 + 1")),
            ]),
            Self::Quarter => {
                joined(&[text(format!("intDiv({column}, 4)")), "'-Q'".to_owned(), text(format!("{column} % 4 + 1"))])
            }
            Self::Year => text(column.to_owned()),
            _ => column.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dimension_is_found_by_its_name() {
        for (dimension, name, _) in Dimension::ALL {
            assert_eq!(Dimension::from_name(name), Some(dimension));
            assert_eq!(dimension.name(), name);
        }
        assert_eq!(Dimension::from_name("source"), Some(Dimension::Channel));
    }
}
