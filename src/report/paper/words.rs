//! Cells as text, the same in every format that has no numbers of its own.

use jiff::{Timestamp, tz::TimeZone};

use super::Cell;
use crate::{
    domain::time::Millis,
    report::{count::grouped, rate::NO_RATE},
};

/// In Chinese, and in English where that differs.
pub fn both(cell: &Cell) -> (String, Option<String>) {
    match cell {
        Cell::Said(text) if text.zh != text.en => (text.zh.clone(), Some(text.en.clone())),
        Cell::Said(text) => (text.zh.clone(), None),
        Cell::Given(text) => (text.clone(), None),
        Cell::Nothing => (NO_RATE.to_owned(), None),
        Cell::Count(number) => (count(*number), None),
        Cell::Rate(rate) => (rate.shown(), None),
        Cell::Duration(ms) => (duration_zh(*ms), Some(duration_en(*ms))),
        Cell::Growth(growth) => (signed(*growth * 100.0, "%"), None),
        Cell::Points(points) => (signed(*points * 100.0, "pp"), None),
    }
}

pub fn count(number: i64) -> String {
    let sign = if number < 0 { "−" } else { "" };
    format!("{sign}{}", grouped(number.unsigned_abs()))
}

/// Numerator and denominator of a rate; of a weighted one, the points as they are weighed.
pub fn counts(cell: &Cell) -> Option<String> {
    let Cell::Rate(rate) = cell else { return None };
    let denominator = grouped(rate.denominator);
    if rate.scale() == 1 || rate.denominator == 0 {
        return Some(format!("{}/{denominator}", grouped(rate.numerator)));
    }
    let (whole, part) = (rate.numerator / rate.scale(), rate.numerator % rate.scale());
    Some(format!("{}.{part:02}/{denominator}", grouped(whole)))
}

/// Of a part of 1. A little is added before it is floored, because 0.2 may be a little less in floating point.
pub fn floored_percent(part: f64) -> String {
    let hundredths = (part * 10_000.0 + 1e-6).floor() as i64;
    format!("{}.{:02} %", hundredths / 100, hundredths % 100)
}

/// 一, 二, … 十一: as sections are numbered.
pub fn chinese(number: usize) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let (tens, ones) = (number / 10 % 10, DIGITS[number % 10]);
    match tens {
        0 => ones.to_owned(),
        1 => format!("十{ones}"),
        tens => format!("{}十{ones}", DIGITS[tens]),
    }
}

/// Two decimals, rounded towards zero: a change is not made larger than it is.
fn signed(value: f64, unit: &str) -> String {
    // What should be a whole hundredth may be a little less in floating point.
    let hundredths = (value * 100.0 + value.signum() * 1e-6).trunc() as i64;
    let sign = if hundredths < 0 { "−" } else { "+" };
    let hundredths = hundredths.unsigned_abs();
    format!("{sign}{}.{:02} {unit}", grouped(hundredths / 100), hundredths % 100)
}

/// The two largest units that matter, floored.
fn duration_zh(ms: i64) -> String {
    match parts(ms) {
        (0, 0, minutes) => format!("{minutes} 分钟"),
        (0, hours, minutes) => format!("{hours} 小时 {minutes} 分"),
        (days, hours, _) => format!("{days} 天 {hours} 小时"),
    }
}

fn duration_en(ms: i64) -> String {
    match parts(ms) {
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, minutes) => format!("{hours} h {minutes} min"),
        (days, hours, _) => format!("{days} d {hours} h"),
    }
}

fn parts(ms: i64) -> (i64, i64, i64) {
    let minutes = ms.max(0) / 60_000;
    (minutes / 1440, minutes / 60 % 24, minutes % 60)
}

/// 2021-07-05 00:00, by the clock of the zone.
pub fn time(at: Millis, zone: &TimeZone) -> String {
    let Ok(instant) = Timestamp::from_millisecond(at.0) else { return at.0.to_string() };
    instant.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_signed_and_never_larger_than_they_are() {
        let shown = |cell| both(&cell).0;
        assert_eq!(shown(Cell::Growth(0.125)), "+12.50 %");
        assert_eq!(shown(Cell::Growth(-0.196)), "−19.60 %");
        assert_eq!(shown(Cell::Growth(12.345_67)), "+1,234.56 %");
        assert_eq!(shown(Cell::Points(-0.000_49)), "−0.04 pp");
        assert_eq!(shown(Cell::Points(0.0)), "+0.00 pp");
        assert_eq!(shown(Cell::Count(-12_345)), "−12,345");
    }

    #[test]
    fn a_duration_is_told_in_its_two_largest_units() {
        let shown = |minutes: i64| both(&Cell::Duration(minutes * 60_000 + 59_999));
        assert_eq!(shown(7), ("7 分钟".into(), Some("7 min".into())));
        assert_eq!(shown(125), ("2 小时 5 分".into(), Some("2 h 5 min".into())));
        assert_eq!(shown(3 * 1440 + 61), ("3 天 1 小时".into(), Some("3 d 1 h".into())));
    }
}
