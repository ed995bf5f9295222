//! The rules of working time against known answers, and against a slow second way of counting.

mod examples;
mod properties;
mod reference;
mod refusals;

use std::collections::BTreeMap;

use jiff::{
    civil::{Date, DateTime},
    tz::TimeZone,
};

use super::*;
use crate::domain::time::Millis;

const NOTICES: &str = include_str!("../../../../config/calendar/state-council.csv");

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn listed(line: &str) -> (Day, ListedDay) {
    let [day, kind, name] = line.split(',').collect::<Vec<_>>()[..] else { panic!("{line}") };
    let kind = if kind == "work" { DayKind::Work } else { DayKind::Off };
    (Day::of(date(day)), ListedDay { kind, name: name.to_owned() })
}

fn version() -> Version {
    Version { id: "test".into(), published: date("2025-11-04"), source: "a test".to_owned() }
}

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap()
}

/// The State Council's days of 2018 to 2026 with these hours, in this zone.
fn notices(zone_name: &str, schedules: impl Fn(&Days) -> Vec<Schedule>) -> Calendar {
    let listed = NOTICES.lines().skip(1).map(listed).collect();
    let days = Days::new(Day::of(date("2018-01-01")), Day::of(date("2026-12-31")), listed).unwrap();
    let schedules = schedules(&days);
    Calendar::new(version(), zone(zone_name), days, schedules).unwrap()
}

fn usual(days: &Days) -> Schedule {
    let hours = Hours::parse(["08:00-12:00", "14:00-18:00"]).unwrap();
    Schedule::new("default", Vec::new(), hours, BTreeMap::new(), days)
}

fn shanghai() -> Calendar {
    notices("Asia/Shanghai", |days| vec![usual(days)])
}

/// `2021-03-01 10:00`, on the clocks of the calendar's zone.
fn at(calendar: &Calendar, text: &str) -> Millis {
    let wall: DateTime = text.parse().unwrap();
    Millis(wall.to_zoned(calendar.zone.clone()).unwrap().timestamp().as_millisecond())
}
