//! What a year looks like.

use std::io::{self, Write};

use jiff::civil::{Date, date};
use serde_json::{Value, json};

use super::{weekday, write_calendar, write_provisional};
use crate::{
    domain::calendar::{Calendar, DayKind, ListedDay, civil::Day},
    report::table::{Align, TextTable},
};

/// The working days of a year, by the calendar.
#[derive(Clone, Debug)]
pub struct CalendarYear<'a> {
    pub calendar: &'a Calendar,
    pub year: i16,
    /// All twelve.
    pub months: Vec<CalendarMonth>,
    /// The days that a notice names.
    pub listed: Vec<(Day, &'a ListedDay)>,
    /// No notice covers all of it.
    pub is_provisional: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CalendarMonth {
    pub number: i8,
    /// 工作日.
    pub workdays: i64,
    /// Of them, worked or not.
    pub days: i64,
}

/// Days in a row that one notice names alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NamedDays<'a> {
    pub from: Date,
    /// The last of them, included.
    pub until: Date,
    /// How many: 1 where `from` is `until`.
    pub days: i64,
    /// As the notice calls them: 春节.
    pub name: &'a str,
}

impl<'a> CalendarYear<'a> {
    pub fn of(calendar: &'a Calendar, year: i16) -> Self {
        let (first, last) = (Day::of(date(year, 1, 1)), Day::of(date(year, 12, 31)));
        Self {
            calendar,
            year,
            months: (1..=12).map(|number| month(calendar, year, number)).collect(),
            listed: calendar.days.listed(first, last).collect(),
            is_provisional: !calendar.days.covers(first) || !calendar.days.covers(last),
        }
    }

    /// 工作日 of the whole year.
    pub fn workdays(&self) -> i64 {
        self.months.iter().map(|month| month.workdays).sum()
    }

    /// 放假 or 调休上班, in stretches; what a notice does not name, such as a plain weekend, is not here.
    pub fn named(&self, kind: DayKind) -> Vec<NamedDays<'a>> {
        let mut found: Vec<NamedDays<'a>> = Vec::new();
        for (day, stated) in self.listed.iter().filter(|(_, stated)| stated.kind == kind) {
            match found.last_mut() {
                Some(last) if last.name == stated.name && Day::of(last.until).plus(1) == *day => {
                    last.until = day.date();
                    last.days += 1;
                }
                _ => found.push(NamedDays { from: day.date(), until: day.date(), days: 1, name: &stated.name }),
            }
        }
        found
    }

    pub fn json(&self) -> Value {
        let of_kind = |kind: DayKind| {
            let days = self.listed.iter().filter(|(_, stated)| stated.kind == kind);
            days.map(|(day, stated)| json!({"date": day.date(), "name": stated.name})).collect::<Vec<_>>()
        };
        let month = |month: &CalendarMonth| json!({"month": month.number, "workdays": month.workdays});
        json!({
            "year": self.year,
            "workdays": self.workdays(),
            "months": self.months.iter().map(month).collect::<Vec<_>>(),
            "holidays": of_kind(DayKind::Off),
            "makeup_workdays": of_kind(DayKind::Work),
            "provisional": self.is_provisional,
            "calendar": self.calendar.version.id,
        })
    }

    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "{0} 年工作日 Workdays of {0}\n", self.year)?;
        self.write_months(out)?;
        write_named("放假 holidays", &self.named(DayKind::Off), out)?;
        write_named("调休上班 make-up workdays", &self.named(DayKind::Work), out)?;
        writeln!(out)?;
        write_calendar(self.calendar, out)?;
        if self.is_provisional {
            write_provisional(out)?;
        }
        Ok(())
    }

    fn write_months(&self, out: &mut impl Write) -> io::Result<()> {
        let heads = ["月份 month", "工作日 workdays", "休息日 days off"].map(|head| (head.to_owned(), Align::Right));
        let mut table = TextTable::new(heads);
        for month in &self.months {
            let off = month.days - month.workdays;
            table.push(vec![month.number.to_string(), month.workdays.to_string(), off.to_string()]);
        }
        let workdays = self.workdays();
        let days: i64 = self.months.iter().map(|month| month.days).sum();
        table.push(vec!["合计 total".to_owned(), workdays.to_string(), (days - workdays).to_string()]);
        table.write(out)
    }
}

fn month(calendar: &Calendar, year: i16, number: i8) -> CalendarMonth {
    let first = date(year, number, 1);
    let days = i64::from(first.days_in_month());
    let from = Day::of(first);
    let workdays = calendar.days.number(from.plus(days)) - calendar.days.number(from);
    CalendarMonth { number, workdays, days }
}

fn write_named(title: &str, all: &[NamedDays<'_>], out: &mut impl Write) -> io::Result<()> {
    let heads = [title, "从 from", "到 until", "天数 days"];
    let align = |index| if index == 3 { Align::Right } else { Align::Left };
    let heads = heads.into_iter().enumerate().map(|(index, head)| (head.to_owned(), align(index)));
    let mut table = TextTable::new(heads);
    for one in all {
        let shown = |date: Date| format!("{date} {}", weekday(date).both(" "));
        table.push(vec![one.name.to_owned(), shown(one.from), shown(one.until), one.days.to_string()]);
    }
    writeln!(out)?;
    table.write(out)
}
