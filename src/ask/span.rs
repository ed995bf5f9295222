//! A month, a quarter or a year of the calendar, as people write it: 2021-06, 2021-Q2, 2021.

use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};

use super::unclear::Unclear;
use crate::domain::{kpi::Period, time::Millis};

/// By whole days, in no zone yet: [`Self::period`] gives it one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CalendarSpan {
    /// How long it is, which its written form says.
    pub kind: SpanKind,
    /// The first day that is in it.
    pub first: Date,
    /// The first day that is no longer in it.
    pub after: Date,
}

/// Reports and published editions are of one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpanKind {
    /// 月报: `2021-06`.
    Month,
    /// 季报: `2021-Q2`.
    Quarter,
    /// 年报: `2021`.
    Year,
}

impl SpanKind {
    /// How one is written.
    pub fn example(self) -> &'static str {
        ["2021-06", "2021-Q2", "2021"][self as usize]
    }

    /// In messages to a person.
    pub fn word(self) -> &'static str {
        ["month", "quarter", "year"][self as usize]
    }
}

impl CalendarSpan {
    /// None if it is not written so.
    pub fn parse(kind: SpanKind, text: &str) -> Option<Self> {
        let (year, part) = text.split_once('-').map_or((text, None), |(year, part)| (year, Some(part)));
        let number = |text: &str, digits: usize| {
            let plain = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
            text.parse::<i16>().ok().filter(|_| plain)
        };
        let month = match (kind, part) {
            (SpanKind::Year, None) => 1,
            (SpanKind::Quarter, Some(part)) => number(part.strip_prefix('Q')?, 1)? * 3 - 2,
            (SpanKind::Month, Some(part)) => number(part, 2)?,
            _ => return None,
        };
        Self::of(kind, Date::new(number(year, 4)?, i8::try_from(month).ok()?, 1).ok()?)
    }

    /// The one that the day is in; none of a year that is not written with four digits, or that ends behind the last day there is.
    pub fn of(kind: SpanKind, day: Date) -> Option<Self> {
        let months = [1, 3, 12][kind as usize];
        let month = (day.month() - 1) / months * months + 1;
        let first = Date::new(day.year(), month, 1).ok().filter(|first| first.year() >= 0)?;
        Some(Self { kind, first, after: first.checked_add(i64::from(months).months()).ok()? })
    }

    /// As it is written.
    pub fn name(&self) -> String {
        let year = self.first.year();
        match self.kind {
            SpanKind::Month => format!("{year}-{:02}", self.first.month()),
            SpanKind::Quarter => format!("{year}-Q{}", self.quarter()),
            SpanKind::Year => year.to_string(),
        }
    }

    /// From midnight to midnight in the zone.
    pub fn period(&self, zone: &TimeZone, as_of: Millis) -> Period {
        let midnight = |date: Date| {
            let at = date.to_zoned(zone.clone()).map(|at| at.timestamp());
            Millis(at.unwrap_or(Timestamp::UNIX_EPOCH).as_millisecond())
        };
        Period { from: midnight(self.first), to: midnight(self.after), as_of }
    }

    /// 1 to 4; of a month, the one that it lies in.
    pub fn quarter(&self) -> i8 {
        (self.first.month() + 2) / 3
    }
}

/// The one that is stated, of the three.
pub fn stated(
    month: &Option<String>,
    quarter: &Option<String>,
    year: &Option<String>,
) -> Result<Option<CalendarSpan>, Unclear> {
    let all = [(SpanKind::Month, month), (SpanKind::Quarter, quarter), (SpanKind::Year, year)];
    let stated = all.into_iter().find_map(|(kind, text)| Some((kind, text.as_ref()?)));
    stated.map(|(kind, text)| named(kind, text)).transpose()
}

/// What is not of the form is told with an example of it.
pub fn named(kind: SpanKind, text: &str) -> Result<CalendarSpan, Unclear> {
    let zh = ["月份", "季度", "年份"][kind as usize];
    let no_span = || Unclear::NoSpan { zh, en: kind.word(), text: text.to_owned(), example: kind.example() };
    CalendarSpan::parse(kind, text).ok_or_else(no_span)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_read_as_it_is_written() {
        for (kind, name, days) in [
            (SpanKind::Month, "2021-06", "2021-06-01 2021-07-01"),
            (SpanKind::Month, "2021-12", "2021-12-01 2022-01-01"),
            (SpanKind::Quarter, "2021-Q1", "2021-01-01 2021-04-01"),
            (SpanKind::Quarter, "2021-Q4", "2021-10-01 2022-01-01"),
            (SpanKind::Year, "2021", "2021-01-01 2022-01-01"),
        ] {
            let span = CalendarSpan::parse(kind, name).unwrap();
            assert_eq!(span.name(), name);
            assert_eq!(format!("{} {}", span.first, span.after), days);
        }
    }

    #[test]
    fn every_day_is_in_the_span_that_is_written_so() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        for (date, names) in [
            ("2021-01-01", ["2021-01", "2021-Q1", "2021"]),
            ("2021-03-31", ["2021-03", "2021-Q1", "2021"]),
            ("2020-02-29", ["2020-02", "2020-Q1", "2020"]),
            ("2021-08-15", ["2021-08", "2021-Q3", "2021"]),
            ("2021-10-01", ["2021-10", "2021-Q4", "2021"]),
            ("2021-12-31", ["2021-12", "2021-Q4", "2021"]),
        ] {
            for (kind, name) in [SpanKind::Month, SpanKind::Quarter, SpanKind::Year].into_iter().zip(names) {
                let span = CalendarSpan::of(kind, day(date)).unwrap();
                assert_eq!(span.name(), name, "{date}");
                assert_eq!(Some(span), CalendarSpan::parse(kind, name));
                assert!(span.first <= day(date) && day(date) < span.after, "{date}");
            }
        }
        assert_eq!(CalendarSpan::of(SpanKind::Month, Date::MAX), None, "it has no day after it");
        assert_eq!(CalendarSpan::of(SpanKind::Year, Date::new(-1, 12, 31).unwrap()), None);
    }

    #[test]
    fn what_is_no_span_is_refused() {
        for (kind, text) in [
            (SpanKind::Month, "2021-13"),
            (SpanKind::Month, "2021-6"),
            (SpanKind::Month, "2021-Q2"),
            (SpanKind::Month, "2021"),
            (SpanKind::Month, "2021-+6"),
            (SpanKind::Quarter, "2021-Q5"),
            (SpanKind::Quarter, "2021-Q0"),
            (SpanKind::Quarter, "2021-02"),
            (SpanKind::Year, "2021-01"),
            (SpanKind::Year, "21"),
            (SpanKind::Year, ""),
        ] {
            assert_eq!(CalendarSpan::parse(kind, text), None, "{text}");
        }
    }

    #[test]
    fn days_begin_at_midnight_of_the_zone() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let period = CalendarSpan::parse(SpanKind::Month, "2021-06").unwrap().period(&zone, Millis(0));
        assert_eq!(period.from.rfc3339(&zone), "2021-06-01T00:00:00+08:00");
        assert_eq!(period.to.rfc3339(&zone), "2021-07-01T00:00:00+08:00");
    }
}
