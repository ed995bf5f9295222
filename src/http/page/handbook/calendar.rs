//! The working days of a year.

use askama::Template;
use axum::response::Response;
use jiff::{
    Timestamp,
    civil::{Date, date},
};
use serde_json::Value;

use super::{Form, due, parts, shown};
use crate::{
    ask::unclear::{AskError, Unclear},
    domain::calendar::{Calendar, DayKind, Schedule, civil::Day},
    http::page::{
        account::{cell, number},
        address::Address,
        asked::lang,
        frame::{Fact, Filter, Hidden, Input, Page, Steps},
        part::{Cell, Chips, Panel, State},
        rows,
        sheet::{WebForm, only_takes, panel, row, said, state, table, twins},
        site::Site,
        words::{Lang, Words},
    },
    report::{
        calendar::{
            cover, provisional, weekday,
            year::{CalendarMonth, CalendarYear, NamedDays},
        },
        json, kpi_csv,
    },
};

#[derive(Debug, Template)]
#[template(path = "calendar.html")]
struct CalendarPage {
    page: Page,
    chips: Vec<Chips>,
    states: Vec<State>,
    keys: Vec<DayKey>,
    heads: Vec<String>,
    months: Vec<MonthShown>,
    panels: Vec<Panel>,
    last: Vec<WebForm>,
    t: &'static Words,
}

#[derive(Debug)]
struct DayKey {
    cls: &'static str,
    text: String,
}

#[derive(Debug)]
struct MonthShown {
    name: String,
    workdays: String,
    weeks: Vec<Vec<DayShown>>,
}

#[derive(Debug, Default)]
struct DayShown {
    cls: &'static str,
    number: String,
    title: String,
}

pub(super) fn answer(site: &Site, here: &Address, form: Form) -> Result<Response, AskError> {
    only_takes(here, &["lang", "year"])?;
    let lang = lang(here)?;
    let calendar = &site.sources.limits.calendar;
    let year = CalendarYear::of(calendar, year(site, here, calendar)?);
    Ok(match form {
        Form::Page => shown(&page(site, here, lang, &year)),
        Form::Json => rows(form, |out| json::write(&year.json(), out)),
        Form::Csv => rows(form, |out| {
            kpi_csv::write(
                year.listed
                    .iter()
                    .map(|(day, named)| {
                        let kind = if named.kind == DayKind::Off { "off" } else { "work" };
                        let pair = |name: &str, value: String| (name.to_owned(), Value::from(value));
                        vec![
                            pair("date", day.date().to_string()),
                            pair("day", kind.to_owned()),
                            pair("name", named.name.clone()),
                        ]
                    })
                    .collect(),
                out,
            )
        }),
    })
}

/// This year, or the last one that a notice covers. Days of a year without a notice would be guessed.
fn year(site: &Site, here: &Address, calendar: &Calendar) -> Result<i16, Unclear> {
    let (first, last) = cover(calendar);
    let now = Timestamp::from_millisecond((site.now)().0).unwrap_or(Timestamp::UNIX_EPOCH);
    let this = now.to_zoned(calendar.zone.clone()).year().clamp(first.year(), last.year());
    let Some(text) = here.get("year") else { return Ok(this) };
    let found = text.parse().ok().filter(|year| (first.year()..=last.year()).contains(year));
    found.ok_or_else(|| Unclear::NotCovered {
        year: text.to_owned(),
        calendar: calendar.version.id.to_string(),
        first: first.to_string(),
        last: last.to_string(),
    })
}

fn page(site: &Site, here: &Address, lang: Lang, year: &CalendarYear<'_>) -> CalendarPage {
    let calendar = year.calendar;
    let number = year.year;
    let title = match lang {
        Lang::Zh => format!("{number} 年工作日历"),
        Lang::En => format!("Working days of {number}"),
    };
    let mut page = Page::of(site, lang, here, ("words", title));
    page.twins = twins(here, &["json", "csv"]);
    page.filters = vec![steps(here, lang, year)];
    let (first, last) = cover(calendar);
    let fact = |k: &str, v: String| Fact { k: k.to_owned(), v, cls: String::new() };
    page.facts = vec![
        fact(lang.of("全年工作日", "working days"), year.workdays().to_string()),
        fact(lang.of("日历", "calendar"), calendar.version.id.to_string()),
        fact(lang.of("通知覆盖", "covered"), format!("{first} – {last}")),
        fact(lang.of("通知发布", "published"), calendar.version.published.to_string()),
    ];
    let states = match year.is_provisional {
        true => vec![state("stale", lang.of("暂定", "Provisional"), said(lang, &provisional()).to_owned())],
        false => Vec::new(),
    };
    let monday = date(2024, 1, 1);
    let heads = (0..7).map(|days| {
        let day = Day::of(monday).plus(days).date();
        let name = weekday(day);
        lang.of(name.zh.trim_start_matches('周'), &name.en).to_owned()
    });
    CalendarPage {
        page,
        chips: vec![parts(lang, here)],
        states,
        keys: keys(lang),
        heads: heads.collect(),
        months: year.months.iter().map(|month| month_shown(lang, calendar, number, month)).collect(),
        panels: vec![
            named(lang, "holidays", ("放假", "Holidays"), &year.named(DayKind::Off)),
            named(lang, "makeup", ("调休上班", "Make-up working days"), &year.named(DayKind::Work)),
            by_month(lang, year),
            hours(lang, year),
        ],
        last: vec![due::form(here, lang)],
        t: lang.words(),
    }
}

/// To the year before and the year after, as far as notices cover them.
fn steps(here: &Address, lang: Lang, year: &CalendarYear<'_>) -> Filter {
    let (first, last) = cover(year.calendar);
    let at = |number: i16| here.with("year", &number.to_string()).href();
    let text = match lang {
        Lang::Zh => format!("{} 年", year.year),
        Lang::En => year.year.to_string(),
    };
    Filter {
        action: here.path.clone(),
        steps: vec![Steps {
            text,
            prev: at((year.year - 1).max(first.year())),
            has_next: year.year < last.year(),
            next: at((year.year + 1).min(last.year())),
            grains: Vec::new(),
        }],
        inputs: vec![Input {
            kind: "number".to_owned(),
            name: "year".to_owned(),
            label: lang.of("年", "year").to_owned(),
            value: year.year.to_string(),
            ..Input::default()
        }],
        hidden: here
            .get("lang")
            .map(|lang| Hidden { name: "lang".to_owned(), value: lang.to_owned() })
            .into_iter()
            .collect(),
        ..Filter::default()
    }
}

fn keys(lang: Lang) -> Vec<DayKey> {
    let key = |(cls, (zh, en)): (&'static str, (&str, &str))| DayKey { cls, text: lang.of(zh, en).to_owned() };
    [
        ("free", ("休息", "day off")),
        ("holiday", ("放假（通知）", "holiday, by the notice")),
        ("makeup", ("调休上班", "make-up working day")),
    ]
    .into_iter()
    .map(key)
    .collect()
}

fn month_shown(lang: Lang, calendar: &Calendar, year: i16, month: &CalendarMonth) -> MonthShown {
    let first = date(year, month.number, 1);
    let before = i64::from(first.weekday().to_monday_zero_offset());
    let mut days: Vec<DayShown> = (0..before).map(|_| DayShown::default()).collect();
    days.extend((0..month.days).map(|nth| day_shown(calendar, Day::of(first).plus(nth))));
    days.resize_with(days.len().next_multiple_of(7), DayShown::default);
    let mut weeks: Vec<Vec<DayShown>> = Vec::new();
    for day in days {
        match weeks.last_mut() {
            Some(week) if week.len() < 7 => week.push(day),
            _ => weeks.push(vec![day]),
        }
    }
    MonthShown {
        name: match lang {
            Lang::Zh => format!("{} 月", month.number),
            Lang::En => first.strftime("%B").to_string(),
        },
        workdays: match lang {
            Lang::Zh => format!("{} 个工作日", month.workdays),
            Lang::En => format!("{} working days", month.workdays),
        },
        weeks,
    }
}

fn day_shown(calendar: &Calendar, day: Day) -> DayShown {
    let named = calendar.days.listed(day, day).next().map(|(_, named)| named);
    let cls = match named.map(|named| named.kind) {
        Some(DayKind::Off) => "holiday",
        Some(DayKind::Work) => "makeup",
        None if !calendar.days.is_workday(day) => "free",
        None => "",
    };
    let title = named.map(|named| named.name.clone()).unwrap_or_default();
    DayShown { cls, number: day.date().day().to_string(), title }
}

fn named(lang: Lang, id: &str, (zh, en): (&str, &str), all: &[NamedDays<'_>]) -> Panel {
    let title = lang.of(zh, en);
    let heads = [
        (lang.of("名称", "name"), ""),
        (lang.of("从", "from"), ""),
        (lang.of("到", "until"), ""),
        (lang.of("天", "days"), "n"),
    ];
    let shown = |date: Date| cell(&format!("{date} {}", said(lang, &weekday(date))));
    let line = |one: &NamedDays<'_>| {
        row(vec![
            Cell { is_head: true, ..cell(one.name) },
            shown(one.from),
            shown(one.until),
            number(&one.days.to_string()),
        ])
    };
    panel(id, title, vec![table(title, &heads, all.iter().map(line).collect())])
}

fn by_month(lang: Lang, year: &CalendarYear<'_>) -> Panel {
    let title = lang.of("各月工作日", "Working days by month");
    let heads =
        [(lang.of("月", "month"), ""), (lang.of("工作日", "working days"), "n"), (lang.of("休息日", "days off"), "n")];
    let line = |name: String, workdays: i64, days: i64| {
        row(vec![
            Cell { is_head: true, ..cell(&name) },
            number(&workdays.to_string()),
            number(&(days - workdays).to_string()),
        ])
    };
    let mut rows: Vec<_> =
        year.months.iter().map(|month| line(month.number.to_string(), month.workdays, month.days)).collect();
    let days = year.months.iter().map(|month| month.days).sum();
    let mut sum = line(lang.of("合计", "total").to_owned(), year.workdays(), days);
    sum.cls = "sum".to_owned();
    rows.push(sum);
    panel("by-month", title, vec![table(title, &heads, rows)])
}

/// The working hours of each set, and from which day of the year on.
fn hours(lang: Lang, year: &CalendarYear<'_>) -> Panel {
    let title = lang.of("作息", "Working hours");
    let heads = [
        (lang.of("名称", "name"), ""),
        (lang.of("单位", "units"), ""),
        (lang.of("自", "from"), ""),
        (lang.of("工作时段", "hours"), ""),
    ];
    let mut rows = Vec::new();
    for schedule in year.calendar.schedules() {
        let units = match schedule.units.is_empty() {
            true if schedule.name == Schedule::DEFAULT => lang.of("其余各单位", "every other unit").to_owned(),
            _ => schedule.units.join(", "),
        };
        for (from, hours) in seasons(year, schedule) {
            rows.push(row(vec![
                Cell { is_head: true, ..cell(&schedule.name) },
                cell(&units),
                cell(&from.to_string()),
                cell(&hours),
            ]));
        }
    }
    panel("hours", title, vec![table(title, &heads, rows)])
}

fn seasons(year: &CalendarYear<'_>, schedule: &Schedule) -> Vec<(Date, String)> {
    let days = &year.calendar.days;
    let mut found: Vec<(Date, String)> = Vec::new();
    let mut day = Day::of(date(year.year, 1, 1));
    while day.date().year() == year.year {
        let hours = schedule.hours(days.number(day)).to_string();
        if found.last().is_none_or(|(_, last)| *last != hours) {
            found.push((day.date(), hours));
        }
        day = day.plus(1);
    }
    found
}
