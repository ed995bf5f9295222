//! Times in milliseconds, and what the clocks of Shanghai show then: eight hours on, all the year round since 1992.

pub const SECOND: i64 = 1_000;
pub const MINUTE: i64 = 60 * SECOND;
pub const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;
const SHANGHAI: i64 = 8 * HOUR;

/// The day on the clocks of Shanghai, counted from 1970-01-01.
pub fn day(instant: i64) -> i64 {
    (instant + SHANGHAI).div_euclid(DAY)
}

/// So long after midnight.
pub fn clock(instant: i64) -> i64 {
    (instant + SHANGHAI).rem_euclid(DAY)
}

/// When the day begins.
pub fn midnight(day: i64) -> i64 {
    day * DAY - SHANGHAI
}

/// Days since 1970-01-01, counted year by year and month by month.
pub fn number(year: i64, month: i64, date: i64) -> i64 {
    let mut days = 0;
    for past in 1970..year {
        days += if is_leap(past) { 366 } else { 365 };
    }
    for past in 1..month {
        days += length(year, past);
    }
    days + date - 1
}

pub fn date(day: i64) -> (i64, i64, i64) {
    let (mut year, mut month, mut left) = (1970, 1, day);
    while left >= if is_leap(year) { 366 } else { 365 } {
        left -= if is_leap(year) { 366 } else { 365 };
        year += 1;
    }
    while left >= length(year, month) {
        left -= length(year, month);
        month += 1;
    }
    (year, month, left + 1)
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn length(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The month in which an instant lies, without its end.
pub fn month_of(instant: i64) -> (i64, i64) {
    let (year, month, _) = date(day(instant));
    let next = if month == 12 { number(year + 1, 1, 1) } else { number(year, month + 1, 1) };
    (midnight(number(year, month, 1)), midnight(next))
}

/// As it is written on the wire.
pub fn written(instant: i64) -> String {
    let ((year, month, date), clock) = (date(day(instant)), clock(instant));
    let text = format!(
        "{year:04}-{month:02}-{date:02}T{:02}:{:02}:{:02}",
        clock / HOUR,
        clock / MINUTE % 60,
        clock / SECOND % 60
    );
    match clock % SECOND {
        0 => format!("{text}+08:00"),
        ms => format!("{text}.{ms:03}+08:00"),
    }
}

/// The other way round, for times with the offset of Shanghai.
pub fn read(text: &str) -> i64 {
    let part = |from: usize, to: usize| text[from..to].parse::<i64>().expect("digits");
    let (time, ms) = match text[19..].strip_prefix('.') {
        Some(rest) => (rest.strip_suffix("+08:00"), part(20, 23)),
        None => (text[19..].strip_suffix("+08:00"), 0),
    };
    assert!(time.is_some(), "the oracle reads times of Shanghai, not {text}");
    let clock = part(11, 13) * HOUR + part(14, 16) * MINUTE + part(17, 19) * SECOND + ms;
    midnight(number(part(0, 4), part(5, 7), part(8, 10))) + clock
}
