//! The working hours of one day: windows that do not overlap, lunch being what lies between them.

use std::{fmt, str::FromStr};

use thiserror::Error;

use super::civil::{DAY, HOUR, MINUTE};

/// From one clock time until another, in milliseconds since 00:00; the end is no longer in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    from: i64,
    until: i64,
}

/// For whoever writes working hours, in the calendar's file or as `--windows`; with the text as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum HoursError {
    /// Not of the form `08:00-12:00`.
    #[error("`{0}` is no working window")]
    NotHours(String),
    /// A window over midnight is two windows: `22:00-24:00` and `00:00-06:00`.
    #[error("the working window {0} does not end after it begins")]
    Reversed(String),
    /// Time in both would count twice.
    #[error("the working windows {0} and {1} overlap")]
    Overlap(Window, Window),
    /// Without working time nothing in it would ever be due.
    #[error("there is no working window")]
    None,
}

impl FromStr for Window {
    type Err = HoursError;

    /// `08:00-12:00`; the end may be `24:00`.
    fn from_str(text: &str) -> Result<Self, HoursError> {
        let clocks = text.split_once('-').and_then(|(from, until)| Some((clock(from)?, clock(until)?)));
        let (from, until) = clocks.ok_or_else(|| HoursError::NotHours(text.to_owned()))?;
        if from >= until {
            return Err(HoursError::Reversed(text.to_owned()));
        }
        Ok(Self { from, until })
    }
}

/// `hh:mm`, up to 24:00.
fn clock(text: &str) -> Option<i64> {
    let (hours, minutes) = text.trim().split_once(':')?;
    let number = |digits: &str| {
        let is_number = digits.len() == 2 && digits.bytes().all(|digit| digit.is_ascii_digit());
        is_number.then(|| digits.parse::<i64>().ok()).flatten()
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    let clock = hours * HOUR + minutes * MINUTE;
    (minutes < 60 && clock <= DAY).then_some(clock)
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |clock: i64| format!("{:02}:{:02}", clock / HOUR, clock % HOUR / MINUTE);
        write!(f, "{}-{}", shown(self.from), shown(self.until))
    }
}

/// 作息: the windows of one day, lunch and all. Clock times are milliseconds since 00:00.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hours {
    /// At least one, ascending.
    windows: Vec<Window>,
    length: i64,
    close: i64,
}

impl Hours {
    /// In any order; refused if two overlap, or if there is none.
    pub fn new(mut windows: Vec<Window>) -> Result<Self, HoursError> {
        windows.sort_by_key(|window| window.from);
        let overlap = windows.windows(2).find(|pair| pair[1].from < pair[0].until);
        if let Some([one, other]) = overlap {
            return Err(HoursError::Overlap(*one, *other));
        }
        let close = windows.last().ok_or(HoursError::None)?.until;
        let length = windows.iter().map(|window| window.until - window.from).sum();
        Ok(Self { windows, length, close })
    }

    /// Reads `08:00-12:00` and so on, one text a window.
    pub fn parse<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Self, HoursError> {
        Self::new(texts.into_iter().map(|text| text.trim().parse()).collect::<Result<_, _>>()?)
    }

    /// Milliseconds worked in a day.
    pub fn length(&self) -> i64 {
        self.length
    }

    /// When the last window ends.
    pub fn close(&self) -> i64 {
        self.close
    }

    /// Milliseconds worked by this clock time.
    pub(super) fn worked_by(&self, clock: i64) -> i64 {
        self.windows.iter().map(|window| clock.clamp(window.from, window.until) - window.from).sum()
    }

    /// The first clock time by which so much has been worked; more than a day's work is the close.
    pub fn reached(&self, work: i64) -> i64 {
        let mut left = work;
        for window in &self.windows {
            let length = window.until - window.from;
            if left <= length {
                return window.from + left;
            }
            left -= length;
        }
        self.close
    }

    /// The first clock time, from this one on, at which work is done; none after the close.
    pub fn next(&self, clock: i64) -> Option<i64> {
        self.windows.iter().find(|window| clock < window.until).map(|window| clock.max(window.from))
    }

    /// When the window that this clock time is in, or comes before, ends.
    pub(super) fn window_end(&self, clock: i64) -> i64 {
        self.windows.iter().find(|window| clock < window.until).map_or(self.close, |window| window.until)
    }

    /// The first clock time at which work is done.
    pub fn open(&self) -> i64 {
        self.next(0).unwrap_or(self.close)
    }
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, window) in self.windows.iter().enumerate() {
            let blank = if index == 0 { "" } else { " " };
            write!(f, "{blank}{window}")?;
        }
        Ok(())
    }
}
