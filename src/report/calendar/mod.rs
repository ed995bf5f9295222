//! Working days for people and programs: a year of them, and when a limit is due.
//!
//! - [`year`]: working days, holidays and make-up working days
//! - [`due`]: when a limit that begins at a time is due

pub mod due;
pub mod year;

use std::io::{self, Write};

use jiff::civil::{Date, Weekday};

use crate::{
    domain::{
        calendar::{Calendar, civil::Wall},
        time::Millis,
    },
    report::{paper::Text, table::write_line},
};

/// Which calendar, and which days it covers: over every answer.
pub fn write_calendar(calendar: &Calendar, out: &mut impl Write) -> io::Result<()> {
    let (first, last) = cover(calendar);
    write_line("日历 calendar", &format!("{}, {first} – {last}", calendar.version.id), out)
}

/// First and last day that its notices cover.
pub fn cover(calendar: &Calendar) -> (Date, Date) {
    (calendar.days.first().date(), calendar.days.last().date())
}

pub fn write_provisional(out: &mut impl Write) -> io::Result<()> {
    write_line("暂定 provisional", &provisional().both(" "), out)
}

/// 暂定, as it is said everywhere.
pub fn provisional() -> Text {
    Text::new("通知尚未覆盖，按周一至周五推算", "no notice covers these days yet: Monday to Friday assumed")
}

/// An instant in RFC 3339 and its day of the week.
pub fn shown(calendar: &Calendar, at: Millis) -> String {
    let day = Wall::at(at, &calendar.zone).day;
    format!("{} {}", at.rfc3339(&calendar.zone), weekday(day.date()).both(" "))
}

/// 周一.
pub fn weekday(date: Date) -> Text {
    let (zh, en) = match date.weekday() {
        Weekday::Monday => ("周一", "Mon"),
        Weekday::Tuesday => ("周二", "Tue"),
        Weekday::Wednesday => ("周三", "Wed"),
        Weekday::Thursday => ("周四", "Thu"),
        Weekday::Friday => ("周五", "Fri"),
        Weekday::Saturday => ("周六", "Sat"),
        Weekday::Sunday => ("周日", "Sun"),
    };
    Text::new(zh, en)
}
