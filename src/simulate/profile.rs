//! What is made up: the place, the year, and how many cases of each stream count.

use std::ops::Range;

use super::working::{self, HOUR};
use crate::domain::time::Millis;

/// 12345 hotline tickets or city-grid cases; the number is the stream's place in every pair of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Track {
    Hotline,
    Grid,
}

impl Track {
    pub const ALL: [Self; 2] = [Self::Hotline, Self::Grid];

    /// The stream's name, as in `config/streams`.
    pub fn stream(self) -> &'static str {
        match self {
            Self::Hotline => "hotline",
            Self::Grid => "grid",
        }
    }

    /// The source system's name in every event.
    pub fn source(self) -> &'static str {
        match self {
            Self::Hotline => "/shanghai/12345",
            Self::Grid => "/shanghai/baoshan/grid",
        }
    }
}

#[derive(Debug)]
pub struct Profile {
    pub name: &'static str,
    /// Cases that count, hotline and grid.
    pub cases: [u64; 2],
    /// The first day and the day after the last, as days since 1970-01-01.
    pub days: Range<i64>,
    /// What there is to compare with.
    pub before: Option<Before>,
    /// The figures are taken at the beginning of this day.
    pub as_of_day: i64,
    /// Everything is closed, and in time, but for what is asked for; otherwise weak units miss dues.
    pub is_flawless: bool,
    /// The other streams too.
    pub has_affairs: bool,
}

/// The year before, which ends where the year begins.
#[derive(Debug)]
pub struct Before {
    pub cases: [u64; 2],
    pub first_day: i64,
}

/// The year of which Miaohang town reported 2,827 tickets and 37,792 grid cases, all closed, all in time.
const MIAOHANG_2021: Profile = Profile {
    name: "miaohang-2021",
    cases: [2_827, 37_792],
    days: 18_628..18_993,
    before: None,
    as_of_day: 18_997,
    is_flawless: true,
    has_affairs: false,
};

/// The same, with everything else that the town's report counts.
const MIAOHANG_2021_ALL: Profile = Profile { name: "miaohang-2021-all", has_affairs: true, ..MIAOHANG_2021 };

/// The same streets as they might be: a year before to compare with, and units that miss dues.
const TOWN_2021: Profile = Profile {
    name: "town-2021",
    before: Some(Before { cases: [2_588, 35_610], first_day: 18_262 }),
    is_flawless: false,
    ..MIAOHANG_2021
};

pub const PROFILES: [&Profile; 3] = [&MIAOHANG_2021, &MIAOHANG_2021_ALL, &TOWN_2021];

impl Profile {
    pub fn named(name: &str) -> Option<&'static Self> {
        PROFILES.into_iter().find(|profile| profile.name == name)
    }

    /// Those of the year before, too.
    pub fn all_days(&self) -> Range<i64> {
        self.before.as_ref().map_or(self.days.start, |before| before.first_day)..self.days.end
    }

    pub fn from(&self) -> Millis {
        working::midnight(self.days.start)
    }

    pub fn to(&self) -> Millis {
        working::midnight(self.days.end)
    }

    /// Is this in the period?
    pub fn holds(&self, at: Millis) -> bool {
        self.from() <= at && at < self.to()
    }

    pub fn as_of(&self) -> Millis {
        working::midnight(self.as_of_day)
    }

    /// By then every life has ended: the close of business before the figures are taken.
    pub fn last_event(&self) -> Millis {
        self.as_of().plus(-6 * HOUR)
    }

    /// Lives with delays (extension, pause, reopening) are due before this day, so that they end before `last_event`.
    pub fn calm_until(&self) -> Millis {
        working::midnight(self.days.end - 12)
    }

    /// Cases that come in before this day fall due, and can end late, before `last_event`.
    pub fn last_day_to_fail(&self) -> i64 {
        self.days.end - 31
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_year_begins_and_ends_at_midnight_in_china() {
        let profile = Profile::named("miaohang-2021").unwrap();
        for (at, text) in [
            (profile.from(), "2021-01-01T00:00:00+08:00"),
            (profile.to(), "2022-01-01T00:00:00+08:00"),
            (profile.as_of(), "2022-01-05T00:00:00+08:00"),
            (profile.last_event(), "2022-01-04T18:00:00+08:00"),
            (profile.calm_until(), "2021-12-20T00:00:00+08:00"),
        ] {
            assert_eq!(Some(at), Millis::parse(text), "{text}");
        }
        let town = Profile::named("town-2021").unwrap();
        assert_eq!(
            (working::date(town.all_days().start), town.days.start),
            (jiff::civil::date(2020, 1, 1), profile.days.start)
        );
        assert_eq!(Profile::named("nowhere-1999").map(|profile| profile.name), None);
    }
}
