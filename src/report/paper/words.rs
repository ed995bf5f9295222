//! Cells as text, the same in every format that has no numbers of its own.

use jiff::{Timestamp, tz::TimeZone};

use super::{Language, PaperCell, PaperPart, PaperSection, Text};
use crate::{
    domain::time::Millis,
    report::{
        count::grouped,
        rate::{self, NO_RATE},
    },
};

/// As the language has it; of both, Chinese, and the English where that differs.
pub fn both(cell: &PaperCell, language: Language) -> (String, Option<String>) {
    let twins = |text: Text| {
        let Text { zh, en } = language.of(&text);
        let twin = (zh != en).then_some(en);
        (zh, twin)
    };
    match cell {
        PaperCell::Said(text) => twins(text.clone()),
        PaperCell::Given(text) => (text.clone(), None),
        PaperCell::Nothing => (NO_RATE.to_owned(), None),
        PaperCell::Count(number) => (count(*number), None),
        PaperCell::Rate(rate) => (rate.shown(), None),
        PaperCell::Duration(ms) => twins(duration(*ms)),
        PaperCell::Growth(hundredths) => (rate::signed(*hundredths, "%"), None),
        PaperCell::Points(hundredths) => (rate::signed(*hundredths, "pp"), None),
    }
}

/// With commas, and with a minus that is one.
pub fn count(number: i64) -> String {
    let sign = if number < 0 { "−" } else { "" };
    format!("{sign}{}", grouped(number.unsigned_abs()))
}

/// Numerator and denominator of a rate; of a weighted one, the points as they are weighed.
pub fn counts(cell: &PaperCell) -> Option<String> {
    let PaperCell::Rate(rate) = cell else { return None };
    let denominator = grouped(rate.denominator);
    if rate.scale() == 1 || rate.denominator == 0 {
        return Some(format!("{}/{denominator}", grouped(rate.numerator)));
    }
    let (whole, part) = (rate.numerator / rate.scale(), rate.numerator % rate.scale());
    Some(format!("{}.{part:02}/{denominator}", grouped(whole)))
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

/// The two largest units that matter, floored.
pub fn duration(ms: i64) -> Text {
    Text::new(duration_zh(ms), duration_en(ms))
}

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

/// 一、总体情况 of the notice, 附件 1  案件去向 of the annex.
pub fn heading(part: PaperPart, index: usize, section: &PaperSection, language: Language) -> Text {
    let number = index + 1;
    let (zh, en) = match part {
        PaperPart::Notice => (format!("{}、", chinese(number)), format!("{number}. ")),
        PaperPart::Annex => (format!("附件 {number}　"), format!("Annex {number}. ")),
    };
    let title = &section.title;
    match language {
        Language::Zh => language.said(&format!("{zh}{}", title.zh), ""),
        Language::En => language.said("", &format!("{en}{}", title.en)),
        Language::Both => Text::new(format!("{zh}{}", title.zh), title.en.clone()),
    }
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
    fn changes_are_signed_and_counts_grouped() {
        let shown = |cell| both(&cell, Language::Zh).0;
        assert_eq!(shown(PaperCell::Growth(1250)), "+12.50 %");
        assert_eq!(shown(PaperCell::Growth(-1960)), "−19.60 %");
        assert_eq!(shown(PaperCell::Points(-4)), "−0.04 pp");
        assert_eq!(shown(PaperCell::Points(0)), "+0.00 pp");
        assert_eq!(shown(PaperCell::Count(-12_345)), "−12,345");
    }

    #[test]
    fn a_duration_is_told_in_its_two_largest_units() {
        let shown = |minutes: i64| both(&PaperCell::Duration(minutes * 60_000 + 59_999), Language::Both);
        assert_eq!(shown(7), ("7 分钟".into(), Some("7 min".into())));
        assert_eq!(shown(125), ("2 小时 5 分".into(), Some("2 h 5 min".into())));
        assert_eq!(shown(3 * 1440 + 61), ("3 天 1 小时".into(), Some("3 d 1 h".into())));
        assert_eq!(both(&PaperCell::Duration(60_000), Language::En), ("1 min".into(), None));
    }
}
