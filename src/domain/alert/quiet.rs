//! 安静时段: when nothing is sent. By the clock of the town.

use jiff::{Timestamp, civil::Time, civil::Weekday, tz::TimeZone};

use crate::domain::{calendar::Calendar, time::Millis};

/// Which hours and days are quiet; what arises in them waits.
#[derive(Clone, Debug)]
pub struct QuietHours {
    /// From the first until the second; over midnight where that is the earlier one.
    window: Option<(Time, Time)>,
    /// Monday first.
    days: [bool; 7],
    /// 休息日: days off by the calendar.
    on_rest_days: bool,
    zone: TimeZone,
}

/// What of the configuration cannot be: mend it as the text says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuietHoursError {
    /// Not a time of day.
    #[error("`{0}` is no time of day: write it as 22:00")]
    NoTime(String),
    /// An empty window.
    #[error("from and to are one time: leave both empty for no quiet hours")]
    NoWindow,
    /// One end is missing.
    #[error("there is only one of from and to")]
    HalfAWindow,
    /// No day of the week.
    #[error("`{0}` is no day: write mon, tue, wed, thu, fri, sat, sun or rest, with commas between them")]
    NoDay(String),
    /// Nothing would ever be sent.
    #[error("every day is quiet, so that nothing would ever be sent")]
    Always,
}

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const REST: &str = "rest";
/// Longer than any row of days off.
const DAYS_MAX: usize = 400;

impl QuietHours {
    /// Empty texts: never.
    pub fn parse(from: &str, to: &str, days: &str, zone: TimeZone) -> Result<Self, QuietHoursError> {
        let time = |text: &str| Time::strptime("%H:%M", text).map_err(|_| QuietHoursError::NoTime(text.to_owned()));
        let window = match (from.trim(), to.trim()) {
            ("", "") => None,
            ("", _) | (_, "") => return Err(QuietHoursError::HalfAWindow),
            (from, to) => Some((time(from)?, time(to)?)),
        };
        if window.is_some_and(|(from, to)| from == to) {
            return Err(QuietHoursError::NoWindow);
        }
        let mut quiet = Self { window, days: [false; 7], on_rest_days: false, zone };
        for name in days.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            match DAYS.iter().position(|day| *day == name) {
                Some(day) => quiet.days[day] = true,
                None if name == REST => quiet.on_rest_days = true,
                None => return Err(QuietHoursError::NoDay(name.to_owned())),
            }
        }
        if quiet.days == [true; 7] { Err(QuietHoursError::Always) } else { Ok(quiet) }
    }

    /// At that instant, by the calendar's days off.
    pub fn is_quiet(&self, at: Millis, calendar: &Calendar) -> bool {
        self.quiet_until(at, calendar).is_some()
    }

    /// This instant, or the first after it that is not quiet.
    pub fn end(&self, at: Millis, calendar: &Calendar) -> Millis {
        let mut at = at;
        for _ in 0..DAYS_MAX {
            match self.quiet_until(at, calendar) {
                Some(until) => at = until,
                None => break,
            }
        }
        at
    }

    /// None: it is not quiet. Where one quiet stretch ends another may begin.
    fn quiet_until(&self, at: Millis, calendar: &Calendar) -> Option<Millis> {
        let local = Timestamp::from_millisecond(at.0).ok()?.to_zoned(self.zone.clone());
        let (date, time) = (local.date(), local.time());
        let is_day_off = self.on_rest_days && !calendar.is_workday(date);
        let weekday: Weekday = date.weekday();
        if is_day_off || self.days[weekday.to_monday_zero_offset() as usize] {
            return self.on(date.tomorrow().ok()?, Time::midnight());
        }
        let (from, to) = self.window?;
        let is_over_midnight = from > to;
        match (is_over_midnight, time >= from, time < to) {
            (false, true, true) | (true, false, true) => self.on(date, to),
            (true, true, _) => self.on(date.tomorrow().ok()?, to),
            _ => None,
        }
    }

    fn on(&self, date: jiff::civil::Date, time: Time) -> Option<Millis> {
        let at = date.to_datetime(time).to_zoned(self.zone.clone()).ok()?;
        Some(Millis(at.timestamp().as_millisecond()))
    }
}
