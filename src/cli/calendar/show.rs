//! `tongguan calendar show`: what a year looks like.

use std::io::{self, Write};

use jiff::civil::{Date, date};
use serde_json::json;

use super::{weekday, write_calendar, write_json, write_provisional};
use crate::{
    domain::calendar::{Calendar, DayKind, ListedDay, civil::Day},
    report::table::{Align, TextTable},
};

/// Days in a row that one notice names alike.
struct Stretch<'a> {
    from: Day,
    until: Day,
    name: &'a str,
}

struct Month {
    number: i8,
    workdays: i64,
    days: i64,
}

pub(super) fn run(calendar: &Calendar, year: i16, json: bool, out: &mut impl Write) -> anyhow::Result<()> {
    let (first, last) = (Day::of(date(year, 1, 1)), Day::of(date(year, 12, 31)));
    let is_provisional = !calendar.days.covers(first) || !calendar.days.covers(last);
    let months = months(calendar, year);
    let listed: Vec<(Day, &ListedDay)> = calendar.days.listed(first, last).collect();
    if json {
        let of_kind = |kind: DayKind| {
            let days = listed.iter().filter(|(_, stated)| stated.kind == kind);
            days.map(|(day, stated)| json!({"date": day.date(), "name": stated.name})).collect::<Vec<_>>()
        };
        let months_json: Vec<_> =
            months.iter().map(|month| json!({"month": month.number, "workdays": month.workdays})).collect();
        return write_json(
            &json!({
                "year": year,
                "workdays": months.iter().map(|month| month.workdays).sum::<i64>(),
                "months": months_json,
                "holidays": of_kind(DayKind::Off),
                "makeup_workdays": of_kind(DayKind::Work),
                "provisional": is_provisional,
                "calendar": calendar.version.id,
            }),
            out,
        );
    }
    writeln!(out, "{year} 年工作日 Workdays of {year}\n")?;
    write_months(&months, out)?;
    write_stretches("放假 holidays", &stretches(&listed, DayKind::Off), out)?;
    write_stretches("调休上班 make-up workdays", &stretches(&listed, DayKind::Work), out)?;
    writeln!(out)?;
    write_calendar(calendar, out)?;
    if is_provisional {
        write_provisional(out)?;
    }
    Ok(())
}

fn months(calendar: &Calendar, year: i16) -> Vec<Month> {
    let month = |number: i8| {
        let first = date(year, number, 1);
        let days = i64::from(first.days_in_month());
        let from = Day::of(first);
        let workdays = calendar.days.number(from.plus(days)) - calendar.days.number(from);
        Month { number, workdays, days }
    };
    (1..=12).map(month).collect()
}

fn write_months(months: &[Month], out: &mut impl Write) -> io::Result<()> {
    let heads = ["月份 month", "工作日 workdays", "休息日 days off"].map(|head| (head.to_owned(), Align::Right));
    let mut table = TextTable::new(heads);
    for month in months {
        let off = month.days - month.workdays;
        table.push(vec![month.number.to_string(), month.workdays.to_string(), off.to_string()]);
    }
    let workdays: i64 = months.iter().map(|month| month.workdays).sum();
    let days: i64 = months.iter().map(|month| month.days).sum();
    table.push(vec!["合计 total".to_owned(), workdays.to_string(), (days - workdays).to_string()]);
    table.write(out)
}

fn stretches<'a>(listed: &[(Day, &'a ListedDay)], kind: DayKind) -> Vec<Stretch<'a>> {
    let mut found: Vec<Stretch<'a>> = Vec::new();
    for (day, stated) in listed.iter().filter(|(_, stated)| stated.kind == kind) {
        match found.last_mut() {
            Some(last) if last.name == stated.name && last.until.plus(1) == *day => last.until = *day,
            _ => found.push(Stretch { from: *day, until: *day, name: &stated.name }),
        }
    }
    found
}

fn write_stretches(title: &str, stretches: &[Stretch<'_>], out: &mut impl Write) -> io::Result<()> {
    let heads = [title, "从 from", "到 until", "天数 days"];
    let align = |index| if index == 3 { Align::Right } else { Align::Left };
    let heads = heads.into_iter().enumerate().map(|(index, head)| (head.to_owned(), align(index)));
    let mut table = TextTable::new(heads);
    for stretch in stretches {
        let days = stretch.until.0 - stretch.from.0 + 1;
        let shown = |date: Date| format!("{date} {}", weekday(date));
        let until = shown(stretch.until.date());
        table.push(vec![stretch.name.to_owned(), shown(stretch.from.date()), until, days.to_string()]);
    }
    writeln!(out)?;
    table.write(out)
}
