//! One number of the report. A rate is floored to two decimals, so that 100.00 % means that nothing is missing; a change on the
//! year before is rounded to one decimal, halves away from zero. Both in whole numbers.

use crate::{
    domain::kpi::Figure,
    report::{
        count::grouped,
        paper::{PaperCell, Rate, Text},
        rate::{self, NO_RATE},
    },
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    Count(i64),
    Rate { numerator: u64, denominator: u64, figure: &'static Figure },
    Change { now: i64, before: i64 },
}

impl Value {
    /// As a table shows it.
    pub fn shown(&self) -> String {
        match self {
            Self::Count(count) => counted(*count),
            Self::Rate { numerator, denominator, figure } => {
                rate::of_figure(Some(figure), *numerator, Some(*denominator))
            }
            Self::Change { .. } => self.tenths().map_or(NO_RATE.to_owned(), |tenths| {
                let sign = if tenths < 0 { "−" } else { "+" };
                format!("{sign}{} %", decimal(tenths))
            }),
        }
    }

    /// What it is made of: the numerator, or the count of this year; and the denominator, or the count of the year before.
    pub fn parts(&self) -> (i64, Option<i64>) {
        match self {
            Self::Count(count) => (*count, None),
            Self::Rate { numerator, denominator, .. } => (*numerator as i64, Some(*denominator as i64)),
            Self::Change { now, before } => (*now, Some(*before)),
        }
    }

    pub fn cell(&self) -> PaperCell {
        match self {
            Self::Count(count) => PaperCell::Count(*count),
            Self::Rate { numerator, denominator, figure } => {
                PaperCell::Rate(Rate { numerator: *numerator, denominator: *denominator, figure: Some(figure) })
            }
            Self::Change { .. } => self.tenths().map_or(PaperCell::Nothing, |tenths| PaperCell::Growth(tenths * 10)),
        }
    }

    /// As a sentence says it: a change by its direction.
    pub fn said(&self) -> Text {
        match self {
            Self::Count(count) => Text::new(counted(*count), counted(*count)),
            Self::Rate { .. } => {
                let shown = self.shown();
                match shown.strip_suffix(" %") {
                    Some(number) => {
                        let short = number.trim_end_matches('0').trim_end_matches('.');
                        Text::new(format!("{short}%"), format!("{short} %"))
                    }
                    // So many a case, or no rate at all.
                    None => Text::new(shown.clone(), shown),
                }
            }
            Self::Change { .. } => match self.tenths() {
                None => Text::new("无可比数", "cannot be compared"),
                Some(0) => Text::new("持平", "did not change"),
                Some(tenths) => {
                    let (zh, en) = if tenths < 0 { ("下降", "fell") } else { ("上升", "rose") };
                    let by = decimal(tenths);
                    Text::new(format!("{zh} {by}%"), format!("{en} by {by} %"))
                }
            },
        }
    }

    /// Tenths of a percent; none where nothing was counted in the year before.
    fn tenths(&self) -> Option<i64> {
        let Self::Change { now, before } = self else { return None };
        rate::growth(*now, *before, 1000)
    }
}

fn counted(count: i64) -> String {
    let sign = if count < 0 { "−" } else { "" };
    format!("{sign}{}", grouped(count.unsigned_abs()))
}

/// Without its sign.
fn decimal(tenths: i64) -> String {
    format!("{}.{}", tenths.abs() / 10, tenths.abs() % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(now: i64, before: i64) -> Value {
        Value::Change { now, before }
    }

    fn rate(numerator: u64, denominator: u64) -> Value {
        Value::Rate { numerator, denominator, figure: Figure::by_id("K13").unwrap() }
    }

    #[test]
    fn a_change_is_rounded_to_one_decimal_and_halves_go_away_from_zero() {
        for (now, before, shown) in [
            (204, 218, "−6.4 %"),
            (180, 224, "−19.6 %"),
            (56, 69, "−18.8 %"),
            (26, 32, "−18.8 %"),    // exactly −18.75
            (2001, 2000, "+0.1 %"), // exactly 0.05
            (10, 10, "+0.0 %"),
            (0, 7, "−100.0 %"),
            (3, 0, "—"),
        ] {
            assert_eq!(change(now, before).shown(), shown, "{now} {before}");
        }
    }

    #[test]
    fn a_rate_is_floored_and_its_sentence_has_no_idle_zeros() {
        assert_eq!((rate(166, 168).shown(), rate(166, 168).said().zh), ("98.80 %".into(), "98.8%".into()));
        assert_eq!((rate(9_999, 10_000).said().en, rate(4, 4).said().en), ("99.99 %".into(), "100 %".into()));
        assert_eq!((rate(0, 0).shown(), rate(0, 0).said().zh), ("—".into(), "—".into()));
        assert_eq!(rate(0, 9).said().zh, "0%");
        let a_case = Value::Rate { numerator: 3, denominator: 2, figure: Figure::by_id("K10c").unwrap() };
        assert_eq!((a_case.shown(), a_case.said().zh), ("1.50".into(), "1.50".into()));
    }

    #[test]
    fn a_sentence_says_the_direction() {
        let said = |now, before| (change(now, before).said().zh, change(now, before).said().en);
        assert_eq!(said(204, 218), ("下降 6.4%".into(), "fell by 6.4 %".into()));
        assert_eq!(said(12, 10), ("上升 20.0%".into(), "rose by 20.0 %".into()));
        assert_eq!(said(10, 10), ("持平".into(), "did not change".into()));
        assert_eq!(said(10, 0), ("无可比数".into(), "cannot be compared".into()));
        assert_eq!(Value::Count(37_792).said().zh, "37,792");
    }
}
