//! Where the axis is marked: at minutes, hours, days, weeks, months or years, by how much room they have.

use jiff::{Span, Timestamp, ToSpan as _, Zoned, civil::Date, tz::TimeZone};

use super::scale::Piece;
use crate::{
    domain::time::Millis,
    http::page::{sheet::said, words::Lang},
    report::calendar::weekday,
};

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tick {
    pub(super) at: Millis,
    pub(super) text: String,
    /// The day or the year that begins here, for the line above.
    pub(super) above: Option<String>,
}

/// From one mark to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Minutes(i64),
    Hours(i64),
    Days(i64),
    Months(i64),
    Years(i64),
}

use Step::{Days, Hours, Minutes, Months, Years};

const STEPS: [Step; 17] = [
    Minutes(1),
    Minutes(5),
    Minutes(15),
    Minutes(30),
    Hours(1),
    Hours(2),
    Hours(4),
    Hours(12),
    Days(1),
    Days(2),
    Days(7),
    Days(14),
    Months(1),
    Months(3),
    Years(1),
    Years(5),
    Years(25),
];

const MINUTE: f64 = 60_000.0;

impl Step {
    fn ms(self) -> f64 {
        match self {
            Minutes(n) => n as f64 * MINUTE,
            Hours(n) => n as f64 * 60.0 * MINUTE,
            Days(n) => n as f64 * 1440.0 * MINUTE,
            Months(n) => n as f64 * 43_200.0 * MINUTE,
            Years(n) => n as f64 * 525_600.0 * MINUTE,
        }
    }

    /// The room that its text needs.
    fn room(self) -> f64 {
        match self {
            Minutes(_) | Hours(_) => 46.0,
            Days(_) => 72.0,
            Months(_) => 58.0,
            Years(_) => 44.0,
        }
    }

    fn span(self) -> Span {
        match self {
            Minutes(n) => n.minutes(),
            Hours(n) => n.hours(),
            Days(n) => n.days(),
            Months(n) => n.months(),
            Years(n) => n.years(),
        }
    }

    fn is_within_a_day(self) -> bool {
        matches!(self, Minutes(_) | Hours(_))
    }

    /// The last mark that is not after it: weeks begin on Monday.
    fn begin(self, at: &Zoned) -> Option<Zoned> {
        let date = match self {
            Days(n) if n % 7 == 0 => {
                at.date().checked_sub(i64::from(at.weekday().to_monday_zero_offset()).days()).ok()?
            }
            Minutes(_) | Hours(_) | Days(_) => at.date(),
            Months(1) => at.date().first_of_month(),
            Months(_) => Date::new(at.year(), (at.month() - 1) / 3 * 3 + 1, 1).ok()?,
            Years(n) => Date::new(at.year() - at.year().rem_euclid(i16::try_from(n).ok()?), 1, 1).ok()?,
        };
        date.to_zoned(at.time_zone().clone()).ok()
    }
}

/// The marks of a piece of the axis; of a shortened one none.
pub(super) fn ticks(piece: &Piece, zone: &TimeZone, lang: Lang) -> Vec<Tick> {
    /// More do not fit on any axis.
    const TICKS_MAX: usize = 200;
    let (Some(step), false) = (step(piece), piece.is_broken) else { return Vec::new() };
    let Some(first) = zoned(piece.from, zone).and_then(|at| step.begin(&at)) else { return Vec::new() };
    let mut ticks = Vec::new();
    let mut number = 0;
    while ticks.len() < TICKS_MAX && number < 100_000 {
        let Ok(at) = step.span().checked_mul(number).and_then(|span| first.checked_add(span)) else { break };
        number += 1;
        let instant = Millis(at.timestamp().as_millisecond());
        if instant > piece.until {
            break;
        }
        if instant >= piece.from {
            ticks.push(tick(&at, step, lang));
        }
    }
    ticks
}

fn tick(at: &Zoned, step: Step, lang: Lang) -> Tick {
    let (text, above) = match step {
        _ if step.is_within_a_day() => {
            let is_midnight = at.hour() == 0 && at.minute() == 0;
            (at.strftime("%H:%M").to_string(), is_midnight.then(|| day(at, lang)))
        }
        Days(_) => (short_day(at, lang), (at.day_of_year() == 1).then(|| at.strftime("%Y").to_string())),
        Months(_) => (at.strftime("%Y-%m").to_string(), None),
        _ => (at.strftime("%Y").to_string(), None),
    };
    Tick { at: Millis(at.timestamp().as_millisecond()), text, above }
}

/// What stands above the beginning of a piece: its day where the marks are hours, else its year.
pub(super) fn heading(piece: &Piece, zone: &TimeZone, lang: Lang) -> Option<String> {
    let at = zoned(piece.from, zone)?;
    let is_of_days = step(piece).is_none_or(Step::is_within_a_day);
    Some(if is_of_days { day(&at, lang) } else { at.strftime("%Y").to_string() })
}

/// The first that has room. None: the piece is shorter than any.
fn step(piece: &Piece) -> Option<Step> {
    let per_ms = (piece.right - piece.left) / piece.until.since(piece.from).max(1) as f64;
    STEPS.into_iter().find(|step| step.ms() * per_ms >= step.room())
}

fn zoned(at: Millis, zone: &TimeZone) -> Option<Zoned> {
    Some(Timestamp::from_millisecond(at.0).ok()?.to_zoned(zone.clone()))
}

fn day(at: &Zoned, lang: Lang) -> String {
    format!("{} {}", at.strftime("%Y-%m-%d"), said(lang, &weekday(at.date())))
}

fn short_day(at: &Zoned, lang: Lang) -> String {
    format!("{} {}", at.strftime("%m-%d"), said(lang, &weekday(at.date())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(from: &str, until: &str) -> Vec<String> {
        let at = |text: &str| Millis::parse(text).unwrap();
        let piece = Piece { from: at(from), until: at(until), left: 0.0, right: 1000.0, is_broken: false };
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        ticks(&piece, &zone, Lang::Zh).into_iter().map(|tick| tick.text).collect()
    }

    #[test]
    fn the_marks_go_with_the_length_of_the_life() {
        for (from, until, first, count) in [
            ("2021-03-01T09:00:30+08:00", "2021-03-01T09:05:30+08:00", "09:01", 5),
            ("2021-03-01T09:00:00+08:00", "2021-03-01T18:00:00+08:00", "09:00", 19),
            ("2021-03-01T09:00:00+08:00", "2021-03-03T18:00:00+08:00", "12:00", 14),
            ("2021-03-01T09:00:00+08:00", "2021-03-10T18:00:00+08:00", "12:00", 19),
            ("2021-03-01T09:00:00+08:00", "2021-03-13T18:00:00+08:00", "03-02 周二", 12),
            ("2021-03-01T09:00:00+08:00", "2021-05-10T18:00:00+08:00", "03-08 周一", 10),
            ("2021-03-01T09:00:00+08:00", "2022-03-10T18:00:00+08:00", "2021-04", 12),
            ("2021-03-01T09:00:00+08:00", "2024-03-10T18:00:00+08:00", "2021-04", 12),
            ("2001-03-01T09:00:00+08:00", "2021-03-10T18:00:00+08:00", "2002", 20),
        ] {
            let found = marks(from, until);
            assert_eq!((found.first().map(String::as_str), found.len()), (Some(first), count), "{until}: {found:?}");
        }
    }

    #[test]
    fn a_day_stands_above_its_midnight_and_a_shortened_piece_has_no_marks() {
        let at = |text: &str| Millis::parse(text).unwrap();
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let (from, until) = (at("2021-03-01T22:00:00+08:00"), at("2021-03-02T02:00:00+08:00"));
        let piece = Piece { from, until, left: 0.0, right: 200.0, is_broken: false };
        let above: Vec<_> = ticks(&piece, &zone, Lang::En).into_iter().filter_map(|tick| tick.above).collect();
        assert_eq!(above, ["2021-03-02 Tue"]);
        assert_eq!(heading(&piece, &zone, Lang::Zh).as_deref(), Some("2021-03-01 周一"));
        assert_eq!(ticks(&Piece { is_broken: true, ..piece }, &zone, Lang::En), []);
    }
}
