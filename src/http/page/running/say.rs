//! Numbers of the service as people read them.

use jiff::tz::TimeZone;

use super::readings::{Bound, Reading, ReadingUnit};
use crate::{
    domain::time::Millis,
    http::page::words::Lang,
    report::{count::grouped, reject_reason},
};

/// The number, and its unit.
pub(super) fn told(unit: ReadingUnit, value: f64, lang: Lang) -> (String, String) {
    let with = |text: String, zh: &str, en: &str| (text, lang.of(zh, en).to_owned());
    match unit {
        ReadingUnit::Messages => with(counted(value), "条", "messages"),
        ReadingUnit::Cases => with(counted(value), "件", "cases"),
        ReadingUnit::Times => with(counted(value), "", ""),
        ReadingUnit::PerSecond if value < 10.0 => with(format!("{value:.1}"), "条/秒", "a second"),
        ReadingUnit::PerSecond => with(counted(value), "条/秒", "a second"),
        ReadingUnit::Seconds | ReadingUnit::Ago => lasting(value, lang),
        ReadingUnit::Bytes => with(format!("{:.0}", value / 1024.0 / 1024.0), "MiB", "MiB"),
        ReadingUnit::Share => with(format!("{:.0}", value * 100.0), "%", "%"),
        ReadingUnit::YesNo => with(
            lang.of(["否", "是"][usize::from(value > 0.0)], ["no", "yes"][usize::from(value > 0.0)]).to_owned(),
            "",
            "",
        ),
    }
}

/// In one piece.
pub(super) fn in_words(unit: ReadingUnit, value: Option<f64>, lang: Lang) -> String {
    let Some(value) = value else { return "—".to_owned() };
    let (number, unit) = told(unit, value, lang);
    format!("{number} {unit}").trim_end().to_owned()
}

/// When its alert looks up.
pub(super) fn limit(reading: &Reading, lang: Lang) -> String {
    let Some(limit) = reading.limit else { return String::new() };
    let unit = reading.rule.unit;
    match (reading.rule.bound, unit) {
        (_, ReadingUnit::YesNo) if limit > 0.0 => lang.of("为否时", "when it is no").to_owned(),
        (_, ReadingUnit::YesNo) => lang.of("为是时", "when it is yes").to_owned(),
        (Bound::Below(_), _) => format!("< {}", in_words(unit, Some(limit), lang)),
        _ => format!("> {}", in_words(unit, Some(limit), lang)),
    }
}

fn counted(value: f64) -> String {
    grouped(value.max(0.0).round() as u64)
}

const MINUTE: f64 = 60.0;
const HOUR: f64 = 3_600.0;
const DAY: f64 = 86_400.0;

/// In the largest unit of which there are at least two.
fn lasting(seconds: f64, lang: Lang) -> (String, String) {
    let with = |text: String, zh: &str, en: &str| (text, lang.of(zh, en).to_owned());
    match seconds {
        s if s < 1.0 => with(format!("{:.0}", s * 1e3), "毫秒", "ms"),
        s if s < 10.0 => with(format!("{s:.1}"), "秒", "s"),
        s if s < 2.0 * MINUTE => with(format!("{s:.0}"), "秒", "s"),
        s if s < 2.0 * HOUR => with(format!("{:.0}", (s / MINUTE).floor()), "分钟", "min"),
        s if s < 2.0 * DAY => with(format!("{:.0}", (s / HOUR).floor()), "小时", "h"),
        s => with(format!("{:.0}", (s / DAY).floor()), "天", "days"),
    }
}

/// By the second; the day only where it is another one than that of `now`.
pub(in crate::http::page) fn clock(at: Millis, now: Millis, zone: &TimeZone) -> String {
    let (at, now) = (at.rfc3339(zone), now.rfc3339(zone));
    match at.split_once('T') {
        Some((day, time)) => {
            let time = time.get(..8).unwrap_or(time);
            if now.starts_with(day) { time.to_owned() } else { format!("{day} {time}") }
        }
        None => at,
    }
}

/// Why a message was set aside.
pub(super) fn reason_name(code: &str, lang: Lang) -> &str {
    reject_reason::name(code).map_or(code, |(zh, en)| lang.of(zh, en))
}

/// What helps.
pub(super) fn reason_todo(code: &str, lang: Lang) -> &'static str {
    let (zh, en) = reject_reason::todo(code);
    lang.of(zh, en)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feed::rejection::RejectReason;

    #[test]
    fn every_reason_of_the_contract_has_words() {
        for (_, code) in RejectReason::ALL {
            assert!(reject_reason::name(code).is_some(), "{code}");
        }
        assert_eq!(reason_name("whatever", Lang::Zh), "whatever");
    }

    #[test]
    fn a_number_has_its_unit() {
        for (unit, value, zh, en) in [
            (ReadingUnit::Messages, 12_345.0, "12,345 条", "12,345 messages"),
            (ReadingUnit::PerSecond, 0.25, "0.2 条/秒", "0.2 a second"),
            (ReadingUnit::PerSecond, 4_500.4, "4,500 条/秒", "4,500 a second"),
            (ReadingUnit::Seconds, 0.25, "250 毫秒", "250 ms"),
            (ReadingUnit::Ago, 7_199.0, "119 分钟", "119 min"),
            (ReadingUnit::Ago, 7_200.0, "2 小时", "2 h"),
            (ReadingUnit::Ago, 300_000.0, "3 天", "3 days"),
            (ReadingUnit::Bytes, 64.0 * 1024.0 * 1024.0, "64 MiB", "64 MiB"),
            (ReadingUnit::Share, 0.8, "80 %", "80 %"),
            (ReadingUnit::YesNo, 1.0, "是", "yes"),
        ] {
            assert_eq!(in_words(unit, Some(value), Lang::Zh), zh);
            assert_eq!(in_words(unit, Some(value), Lang::En), en);
        }
        assert_eq!(in_words(ReadingUnit::Bytes, None, Lang::Zh), "—");
    }

    #[test]
    fn a_time_of_today_has_no_day() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let at = Millis::parse("2021-06-01T14:03:21+08:00").unwrap();
        assert_eq!(clock(at, Millis(at.0 + 1_000), &zone), "14:03:21");
        assert_eq!(clock(at, Millis(at.0 + 86_400_000), &zone), "2021-06-01 14:03:21");
    }
}
