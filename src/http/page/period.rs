//! The period of a question as people turn it: a day, a week, a month, a quarter or a year, the one before and the one after it.

use jiff::{Span, ToSpan as _, civil::Date, tz::TimeZone};

use super::{
    address::Address,
    frame::{Nav, Steps},
    words::Lang,
};
use crate::{
    ask::span::{CalendarSpan, SpanKind},
    domain::{
        calendar::civil::Wall,
        kpi::{Period, catalogue::Text},
        time::Millis,
    },
    report::span,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Grain {
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

impl Grain {
    const ALL: [(Self, &'static str, &'static str); 5] = [
        (Self::Day, "日", "day"),
        (Self::Week, "周", "week"),
        (Self::Month, "月", "month"),
        (Self::Quarter, "季", "quarter"),
        (Self::Year, "年", "year"),
    ];

    fn length(self) -> Span {
        match self {
            Self::Day => 1.day(),
            Self::Week => 1.week(),
            Self::Month => 1.month(),
            Self::Quarter => 3.months(),
            Self::Year => 1.year(),
        }
    }

    /// The first day of the one that the day is in.
    fn first(self, day: Date) -> Date {
        let month = |month: i8| Date::new(day.year(), month, 1).unwrap_or(day);
        match self {
            Self::Day => day,
            Self::Week => day.checked_sub(i64::from(day.weekday().to_monday_zero_offset()).days()).unwrap_or(day),
            Self::Month => month(day.month()),
            Self::Quarter => month((day.month() - 1) / 3 * 3 + 1),
            Self::Year => month(1),
        }
    }

    /// The finest that begins and ends with the days.
    fn of(first: Date, after: Date) -> Option<Self> {
        let is = |(grain, ..): &&(Self, &str, &str)| {
            grain.first(first) == first && first.checked_add(grain.length()).is_ok_and(|end| end == after)
        };
        Self::ALL.iter().find(is).map(|(grain, ..)| *grain)
    }

    fn span(self, first: Date) -> Option<CalendarSpan> {
        let kind = match self {
            Self::Day | Self::Week => return None,
            Self::Month => SpanKind::Month,
            Self::Quarter => SpanKind::Quarter,
            Self::Year => SpanKind::Year,
        };
        Some(CalendarSpan { kind, first, after: first.checked_add(self.length()).ok()? })
    }

    /// The same page about the one that the day is in.
    pub(super) fn of_day(self, here: &Address, day: Date) -> Address {
        self.at(here, self.first(day))
    }

    /// The same page about the one that begins with the day.
    fn at(self, here: &Address, first: Date) -> Address {
        let here = without(here);
        let end = first.checked_add(self.length()).unwrap_or(first);
        match self.span(first) {
            Some(span) => here.with(span.kind.word(), &span.name()),
            None => here.with("from", &first.to_string()).with("to", &end.to_string()),
        }
    }

    fn title(self, first: Date) -> Text {
        let (year, month, day) = (first.year(), first.month(), first.day());
        match (self, self.span(first)) {
            (_, Some(span)) => span::title(&span),
            (Self::Week, _) => {
                let week = first.iso_week_date();
                let (year, week) = (week.year(), week.week());
                Text::new(format!("{year}年第{week}周"), format!("Week {week}, {year}"))
            }
            _ => Text::new(format!("{year}年{month}月{day}日"), first.strftime("%-d %B %Y").to_string()),
        }
    }
}

/// About no period.
pub(super) fn without(here: &Address) -> Address {
    here.without(&["from", "to", "month", "quarter", "year", "after"])
}

/// Whether an address names one.
pub(super) fn is_named(here: &Address) -> bool {
    ["from", "to", "month", "quarter", "year"].iter().any(|name| here.get(name).is_some())
}

/// The days that a period begins with and ends before, if it does so at midnight.
pub(super) fn days(period: Period, zone: &TimeZone) -> Option<(Date, Date)> {
    let day = |at: Millis| {
        let wall = Wall::at(at, zone);
        (wall.clock == 0).then(|| wall.day.date())
    };
    Some((day(period.from)?, day(period.to)?))
}

/// What turns the period of a page; nothing for one that is none of the calendar's.
pub(super) fn steps(here: &Address, period: Period, zone: &TimeZone, now: Millis, lang: Lang) -> Option<Steps> {
    let (first, after) = days(period, zone)?;
    let today = Wall::at(now, zone).day.date();
    let last = after.yesterday().ok()?.min(today).max(first);
    let grain = Grain::of(first, after);
    let to = |(one, zh, en): &(Grain, &str, &str)| Nav {
        href: one.of_day(here, last).href(),
        text: lang.of(zh, en).to_owned(),
        is_here: Some(*one) == grain,
    };
    let grains = Grain::ALL.iter().map(to).collect();
    let Some(grain) = grain else {
        let text = format!("{first} – {}", after.yesterday().ok()?);
        return Some(Steps { text, grains, ..Steps::default() });
    };
    let turned = |by: Span| first.checked_add(by).ok().map(|first| grain.at(here, first).href());
    let title = grain.title(first);
    Some(Steps {
        text: lang.of(&title.zh, &title.en).to_owned(),
        prev: turned(-grain.length())?,
        has_next: after <= today,
        next: turned(grain.length())?,
        grains,
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_period_is_turned_as_it_is_long() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let at = |day: Date| Millis(day.to_zoned(zone.clone()).unwrap().timestamp().as_millisecond());
        let here =
            Address::new("/overview", vec![("month".to_owned(), "x".to_owned()), ("lang".to_owned(), "en".to_owned())]);
        let steps = |from, to| {
            let period = Period { from: at(from), to: at(to), as_of: Millis(0) };
            steps(&here, period, &zone, at(date(2021, 6, 20)), Lang::Zh).unwrap()
        };
        let address = |tail: &str| format!("/overview?lang=en&{tail}");
        let all = [
            (date(2021, 6, 3), date(2021, 6, 4), "2021年6月3日", "from=2021-06-02&to=2021-06-03", true),
            (date(2021, 6, 7), date(2021, 6, 14), "2021年第23周", "from=2021-05-31&to=2021-06-07", true),
            (date(2021, 6, 1), date(2021, 7, 1), "2021年6月", "month=2021-05", false),
            (date(2021, 1, 1), date(2021, 4, 1), "2021年第一季度", "quarter=2020-Q4", true),
            (date(2021, 1, 1), date(2022, 1, 1), "2021年", "year=2020", false),
        ];
        for (from, to, text, prev, has_next) in all {
            let found = steps(from, to);
            assert_eq!((found.text.as_str(), found.prev, found.has_next), (text, address(prev), has_next));
            assert_eq!(found.grains.iter().filter(|grain| grain.is_here).count(), 1, "{text}");
        }
        // To the day, week and so on of the last day of what is shown, and not later than today.
        let month = steps(date(2021, 6, 1), date(2021, 7, 1));
        assert_eq!(month.grains[0].href, address("from=2021-06-20&to=2021-06-21"));
        assert_eq!(month.grains[1].href, address("from=2021-06-14&to=2021-06-21"));
        let odd = steps(date(2021, 6, 2), date(2021, 6, 9));
        assert_eq!((odd.text.as_str(), odd.prev.as_str()), ("2021-06-02 – 2021-06-08", ""));
        assert!(odd.grains.iter().all(|grain| !grain.is_here));
    }
}
