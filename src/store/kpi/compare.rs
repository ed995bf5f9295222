//! 同比、环比: the same question about a year before, or about the period before.
//!
//! The as-of moves with the period, because two periods can be compared only when both are seen from the same distance.
//! Grouped by time, a bucket stands beside the bucket before it, or beside the one of a year before.

use std::collections::HashMap;

use jiff::{
    Span, Timestamp, ToSpan,
    civil::{Date, ISOWeekDate, Weekday, date},
    tz::TimeZone,
};

use super::{Answer, Dimension, Question, answers};
use crate::{
    domain::{kpi::Period, time::Millis},
    store::{client::Store, error::StoreError},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Against {
    /// 同比.
    YearBefore,
    /// 环比.
    PeriodBefore,
}

impl Against {
    pub(crate) const ALL: [(Self, &'static str); 2] = [(Self::YearBefore, "yoy"), (Self::PeriodBefore, "pop")];

    pub(crate) fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(against, _)| *against)
    }

    pub(crate) fn title_zh(self) -> &'static str {
        ["同比", "环比"][self as usize]
    }
}

/// For each answer the one of the earlier period, if that has the group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    pub(crate) against: Against,
    pub(crate) period: Period,
    pub(crate) before: Vec<Option<Answer>>,
}

/// `of` are the answers to the question.
pub(crate) async fn compared(
    store: &Store,
    question: &Question,
    of: &[Answer],
    against: Against,
) -> Result<Compared, StoreError> {
    let shift = shift(question, against);
    let period = period_before(question, against);
    let mut before: HashMap<Vec<String>, Answer> = HashMap::new();
    let zone = TimeZone::get(&question.zone).unwrap_or(TimeZone::UTC);
    let due_by = question.due_by.map(|at| earlier(at, shift, &zone));
    for answer in answers(store, &Question { period, due_by, ..question.clone() }).await? {
        let group = later(&answer.group, &question.group_by, shift);
        // 29 February falls on the 28th of the next year, which has its own.
        before.entry(group).or_insert(answer);
    }
    let before = of.iter().map(|answer| before.get(&answer.group).cloned()).collect();
    Ok(Compared { against, period, before })
}

/// What the period of a question is compared with: seen from the same distance.
pub(crate) fn period_before(question: &Question, against: Against) -> Period {
    let shift = shift(question, against);
    let zone = TimeZone::get(&question.zone).unwrap_or(TimeZone::UTC);
    let Period { from, to, as_of } = question.period;
    let back = |at| earlier(at, shift, &zone);
    Period { from: back(from), to: back(to), as_of: back(as_of) }
}

fn shift(question: &Question, against: Against) -> Span {
    let finest = question.group_by.iter().filter(|dimension| dimension.is_time()).min_by_key(|one| **one as usize);
    match (against, finest) {
        // The same week of the year before begins on a Monday as well.
        (Against::YearBefore, Some(Dimension::Week)) => 52.weeks(),
        (Against::YearBefore, _) | (Against::PeriodBefore, Some(Dimension::Year)) => 1.year(),
        (Against::PeriodBefore, Some(Dimension::Day)) => 1.day(),
        (Against::PeriodBefore, Some(Dimension::Week)) => 1.week(),
        (Against::PeriodBefore, Some(Dimension::Month)) => 1.month(),
        (Against::PeriodBefore, Some(Dimension::Quarter)) => 3.months(),
        (Against::PeriodBefore, _) => length(question),
    }
}

/// Whole months and whole days are counted as such: before March comes February, not 31 days.
fn length(question: &Question) -> Span {
    let zone = TimeZone::get(&question.zone).unwrap_or(TimeZone::UTC);
    let Period { from, to, .. } = question.period;
    let civil = |at: Millis| {
        let at = Timestamp::from_millisecond(at.0).ok()?.to_zoned(zone.clone()).datetime();
        (at.time() == jiff::civil::Time::midnight()).then(|| at.date())
    };
    let Some((from_date, to_date)) = civil(from).zip(civil(to)) else { return to.since(from).milliseconds() };
    if from_date.day() == 1 && to_date.day() == 1 {
        let months = |date: Date| i32::from(date.year()) * 12 + i32::from(date.month());
        return (months(to_date) - months(from_date)).months();
    }
    from_date.until(to_date).unwrap_or_else(|_| to.since(from).milliseconds())
}

/// Where nothing can come earlier, the instant itself: such a period is beyond what can be asked.
fn earlier(at: Millis, shift: Span, zone: &TimeZone) -> Millis {
    let moved = Timestamp::from_millisecond(at.0).and_then(|at| at.to_zoned(zone.clone()).checked_sub(shift));
    moved.map_or(at, |at| Millis(at.timestamp().as_millisecond()))
}

/// The group under which an earlier bucket is looked for.
fn later(group: &[String], dimensions: &[Dimension], shift: Span) -> Vec<String> {
    let times = || dimensions.iter().zip(group).filter(|(dimension, _)| dimension.is_time());
    let Some((finest, label)) = times().min_by_key(|(dimension, _)| **dimension as usize) else {
        return group.to_vec();
    };
    let Some(moved) = begin(*finest, label).and_then(|date| date.checked_add(shift).ok()) else {
        return group.to_vec();
    };
    let label = |(dimension, text): (&Dimension, &String)| {
        if dimension.is_time() { named(*dimension, moved) } else { text.clone() }
    };
    dimensions.iter().zip(group).map(label).collect()
}

/// The first day of a bucket.
fn begin(dimension: Dimension, label: &str) -> Option<Date> {
    let mut parts = label.split(['-', 'W', 'Q']).filter(|part| !part.is_empty()).map(|part| part.parse::<i16>().ok());
    let (year, second, third) = (parts.next()??, parts.next().flatten(), parts.next().flatten());
    let small = |number: Option<i16>| number.and_then(|number| i8::try_from(number).ok());
    match dimension {
        Dimension::Day => Date::new(year, small(second)?, small(third)?).ok(),
        Dimension::Week => ISOWeekDate::new(year, small(second)?, Weekday::Monday).ok().map(ISOWeekDate::date),
        Dimension::Month => Date::new(year, small(second)?, 1).ok(),
        Dimension::Quarter => Date::new(year, small(second)? * 3 - 2, 1).ok(),
        Dimension::Year => Some(date(year, 1, 1)),
        _ => None,
    }
}

/// The bucket of a day, as the answers name it.
pub(super) fn named(dimension: Dimension, day: Date) -> String {
    match dimension {
        Dimension::Day => day.to_string(),
        Dimension::Week => {
            let week = day.iso_week_date();
            format!("{}-W{:02}", week.year(), week.week())
        }
        Dimension::Month => format!("{}-{:02}", day.year(), day.month()),
        Dimension::Quarter => format!("{}-Q{}", day.year(), (day.month() + 2) / 3),
        _ => day.year().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::kpi::CATALOGUE;

    fn question(from: &str, to: &str, group_by: &[Dimension]) -> Question {
        let at = |text: &str| Millis::parse(&format!("{text}+08:00")).unwrap();
        let period = Period { from: at(from), to: at(to), as_of: at(to) };
        Question { group_by: group_by.to_vec(), ..Question::new(&CATALOGUE[0], period, "Asia/Shanghai") }
    }

    fn before(from: &str, to: &str, against: Against, group_by: &[Dimension]) -> String {
        let question = question(from, to, group_by);
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let moved = [question.period.from, question.period.to].map(|at| {
            let at = earlier(at, shift(&question, against), &zone);
            at.rfc3339(&zone)[..16].to_owned()
        });
        moved.join(" ")
    }

    #[test]
    fn before_march_comes_february_and_before_ten_days_ten_days() {
        let pop = Against::PeriodBefore;
        let march = ("2021-03-01T00:00:00", "2021-04-01T00:00:00");
        assert_eq!(before(march.0, march.1, pop, &[]), "2021-02-01T00:00 2021-03-01T00:00");
        assert_eq!(before(march.0, march.1, Against::YearBefore, &[]), "2020-03-01T00:00 2020-04-01T00:00");
        assert_eq!(before("2021-03-11T00:00:00", "2021-03-21T00:00:00", pop, &[]), "2021-03-01T00:00 2021-03-11T00:00");
        assert_eq!(before("2021-03-11T06:00:00", "2021-03-11T18:00:00", pop, &[]), "2021-03-10T18:00 2021-03-11T06:00");
        // Grouped by month, each month of the year is compared with the one before it.
        let year = ("2021-01-01T00:00:00", "2022-01-01T00:00:00");
        assert_eq!(before(year.0, year.1, pop, &[Dimension::Month]), "2020-12-01T00:00 2021-12-01T00:00");
        assert_eq!(before(year.0, year.1, pop, &[]), "2020-01-01T00:00 2021-01-01T00:00");
    }

    #[test]
    fn a_bucket_finds_the_one_that_it_is_compared_with() {
        let moved = |dimension, label: &str, shift| later(&[label.to_owned()], &[dimension], shift).remove(0);
        assert_eq!(moved(Dimension::Month, "2020-12", 1.month()), "2021-01");
        assert_eq!(moved(Dimension::Day, "2021-02-28", 1.day()), "2021-03-01");
        assert_eq!(moved(Dimension::Quarter, "2020-Q4", 3.months()), "2021-Q1");
        assert_eq!(moved(Dimension::Week, "2020-W53", 1.week()), "2021-W01");
        assert_eq!(moved(Dimension::Week, "2020-W10", 52.weeks()), "2021-W09");
        assert_eq!(moved(Dimension::Year, "2020", 1.year()), "2021");
        let pair = ["310113112".to_owned(), "2020-03".to_owned()];
        assert_eq!(later(&pair, &[Dimension::Town, Dimension::Month], 1.year()), ["310113112", "2021-03"]);
    }
}
