//! When cases come in: how many on which day of the year, and at which hours of the day.

use std::ops::Range;

use super::{
    draw::{Draw, Purpose},
    profile::Track,
    working::{HOUR, SimulatedDayKind, SimulatedWorking, midnight},
};
use crate::domain::time::Millis;

/// The hotline answers day and night; patrols walk by day.
const HOTLINE_HOURS: [u32; 24] =
    [2, 1, 1, 1, 1, 2, 8, 25, 70, 95, 95, 75, 50, 60, 80, 80, 70, 55, 45, 42, 36, 25, 14, 6];
const GRID_HOURS: [u32; 24] =
    [0, 0, 0, 0, 0, 0, 10, 60, 120, 130, 125, 80, 30, 80, 120, 120, 100, 55, 25, 15, 8, 3, 0, 0];

/// January to December; the Spring Festival empties the streets.
const SEASON: [u64; 12] = [92, 75, 98, 100, 104, 108, 110, 110, 104, 100, 98, 95];

/// How many cases come in on each day of the year; they add up to `total`.
pub fn by_day(
    days: Range<i64>,
    working: &SimulatedWorking,
    track: Track,
    lane: usize,
    seed: u64,
    total: u64,
) -> Vec<u64> {
    let mut draw = Draw::new(seed, Purpose::Rhythm, lane, 0);
    let weights: Vec<u64> = days
        .clone()
        .enumerate()
        .map(|(nth, day)| {
            let month = (nth * 12 / days.clone().count()).min(11);
            day_weight(track, working.kind(day)) * SEASON[month] * draw.between(85, 115).unsigned_abs()
        })
        .collect();
    shared_out(total, &weights)
}

fn day_weight(track: Track, kind: SimulatedDayKind) -> u64 {
    match (track, kind) {
        (_, SimulatedDayKind::Work) => 100,
        (Track::Hotline, SimulatedDayKind::Weekend) => 52,
        (Track::Hotline, SimulatedDayKind::Holiday) => 33,
        (Track::Grid, SimulatedDayKind::Weekend) => 60,
        (Track::Grid, SimulatedDayKind::Holiday) => 38,
    }
}

/// Shares out a total by weight, without a remainder: the largest fractions get one more.
pub fn shared_out(total: u64, weights: &[u64]) -> Vec<u64> {
    let sum = weights.iter().map(|weight| u128::from(*weight)).sum::<u128>().max(1);
    let exact = |weight: u64| u128::from(total) * u128::from(weight);
    let mut shares: Vec<u64> = weights.iter().map(|weight| (exact(*weight) / sum) as u64).collect();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|index| (std::cmp::Reverse(exact(weights[*index]) % sum), *index));
    let left = total - shares.iter().sum::<u64>();
    for index in order.into_iter().take(left as usize) {
        shares[index] += 1;
    }
    shares
}

/// The instants of one day at which its cases come in, in order.
pub fn times_of_day(track: Track, day: i64, seed: u64, amount: u64) -> Vec<Millis> {
    let mut draw = Draw::new(seed, Purpose::Rhythm, track as usize, day.unsigned_abs());
    let hours = match track {
        Track::Hotline => &HOTLINE_HOURS,
        Track::Grid => &GRID_HOURS,
    };
    let numbered: Vec<(i64, u32)> = (0..).zip(*hours).collect();
    let mut times: Vec<Millis> = (0..amount)
        .map(|_| {
            let hour = draw.weighted(&numbered, |(_, weight)| *weight).map_or(0, |(hour, _)| *hour);
            // A ticket of the last hour is accepted before midnight, or the year would lose it.
            let seconds = draw.between(0, if hour == 23 { 2_400 } else { 3_599 });
            midnight(day).plus(hour * HOUR + seconds * 1000)
        })
        .collect();
    times.sort_unstable();
    times
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulate::profile::Profile;

    #[test]
    fn the_days_add_up_and_holidays_are_quiet() {
        let (working, profile) = (SimulatedWorking::new(), Profile::named("miaohang-2021").unwrap());
        let days = by_day(profile.days.clone(), &working, Track::Grid, 1, 1, 37_792);
        assert_eq!((days.len(), days.iter().sum::<u64>()), (365, 37_792));
        let of = |kind| {
            let chosen: Vec<u64> = profile
                .days
                .clone()
                .zip(&days)
                .filter(|(day, _)| working.kind(*day) == kind)
                .map(|(_, n)| *n)
                .collect();
            chosen.iter().sum::<u64>() / chosen.len() as u64
        };
        assert!(
            of(SimulatedDayKind::Holiday) * 2 < of(SimulatedDayKind::Work),
            "{} {}",
            of(SimulatedDayKind::Holiday),
            of(SimulatedDayKind::Work)
        );
        assert!(of(SimulatedDayKind::Holiday) < of(SimulatedDayKind::Weekend));
    }

    #[test]
    fn nothing_is_lost_in_sharing_out() {
        assert_eq!(shared_out(10, &[1, 1, 1]), [4, 3, 3]);
        assert_eq!(shared_out(13, &[2_827, 37_792]), [1, 12]);
        assert_eq!(shared_out(0, &[1, 2]), [0, 0]);
    }

    #[test]
    fn patrols_sleep_at_night() {
        let times = times_of_day(Track::Grid, 18_700, 1, 500);
        assert!(times.is_sorted());
        assert!(times.iter().all(|at| at.since(midnight(18_700)) >= 6 * HOUR));
    }
}
