//! What units make of a case, and what people say of it: by the skill of who answers for it, and from a draw of its own.

use super::{
    case::PlannedCase,
    draw::{Draw, Purpose},
    fate::Fate,
    life::{PlannedStep, Voice},
    profile::{Profile, Track},
    town::TownUnit,
    wording::is_solved,
    working::{HOUR, local_day},
};
use crate::domain::time::Millis;

/// Of late cases, so many of a hundred are forgotten for weeks.
const FORGOTTEN: u64 = 15;
/// How long before the end of the year a forgotten case is still open when the figures are taken.
const STILL_OPEN_DAYS: i64 = 75;

/// Lane of the year before, apart from those of the year.
pub fn lane(track: Track, is_before: bool) -> usize {
    track as usize + if is_before { 2 } else { 0 }
}

pub fn draw(seed: u64, lane: usize, index: u64) -> Draw {
    Draw::new(seed, Purpose::Turns, lane, index)
}

/// A case that nobody asked to fail may fail all the same, the more easily the weaker its unit.
pub fn fate(profile: &Profile, unit: &TownUnit, track: Track, start: Millis, draw: &mut Draw) -> Fate {
    let (chance, day) = (draw.below(1000), local_day(start));
    let is_forgotten = draw.percent(FORGOTTEN);
    let times = if track == Track::Hotline { 2 } else { 1 };
    if profile.is_flawless || day >= profile.last_day_to_fail() || chance >= unit.weakness() * times {
        return Fate::InTime;
    }
    if !is_forgotten {
        return Fate::Late;
    }
    // Nobody will have come back to it by the time that the figures are taken.
    if day >= profile.last_day_to_fail() - STILL_OPEN_DAYS { Fate::Open } else { Fate::Forgotten }
}

/// Between which thousandths of the time there is the work is done.
pub fn haste(unit: &TownUnit) -> (i64, i64) {
    let weakness = unit.weakness() as i64;
    (60 + weakness * 7, (500 + weakness * 10).min(950))
}

/// The call after a ticket was closed, if there is one, and how many milliseconds of work later.
pub fn revisit(case: &PlannedCase, unit: &TownUnit, is_late: bool, draw: &mut Draw) -> Option<(Voice, i64)> {
    if case.track != Track::Hotline || !draw.percent(64) {
        return None;
    }
    let after = draw.between(2 * HOUR, 24 * HOUR);
    if draw.percent(11) {
        return Some((Voice::default(), after));
    }
    let solved = is_solved(case);
    let glad = if solved { 92 } else { 58 }.min(102 - unit.weakness()) - if is_late { 25 } else { 0 };
    let satisfaction = match draw.below(100) {
        number if number < glad => 1,
        number if number < glad + (100 - glad) * 2 / 5 => 2,
        number if number < glad + (100 - glad) * 3 / 5 => 3,
        _ => 4,
    };
    let voice = Voice {
        reached: true,
        first_contact: draw.percent(91).then(|| draw.percent(99 - unit.weakness() / 3)),
        solved: draw.percent(93).then(|| draw.percent(if solved { 91 } else { 24 })),
        satisfaction: draw.percent(84).then_some(satisfaction),
    };
    Some((voice, after))
}

/// Whoever has a case opened again was not content.
pub fn dissatisfied() -> Voice {
    Voice { reached: true, first_contact: Some(true), solved: Some(false), satisfaction: Some(4) }
}

/// Now and then a source is cut off, and writes down days later what happened from some step on.
pub fn delay(steps: &mut [PlannedStep], draw: &mut Draw) {
    if steps.is_empty() || draw.below(400) > 0 {
        return;
    }
    let from = draw.below(steps.len() as u64) as usize;
    let late = draw.between(26 * HOUR, 90 * HOUR) / 1000 * 1000;
    for step in &mut steps[from..] {
        step.recorded_at = step.recorded_at.plus(late);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulate::town::{HOUSING, SERVICES};

    #[test]
    fn weak_units_fail_more_often_and_nobody_where_all_is_flawless() {
        let start = Millis::parse("2021-03-01T10:00:00+08:00").unwrap();
        let count = |profile: &str, unit| {
            let profile = Profile::named(profile).unwrap();
            let fates = (0..2_000).map(|n| fate(profile, unit, Track::Hotline, start, &mut draw(1, 0, n)));
            fates.filter(|fate| *fate != Fate::InTime).count()
        };
        assert_eq!(count("miaohang-2021", &HOUSING), 0);
        let (weak, strong) = (count("town-2021", &HOUSING), count("town-2021", &SERVICES));
        assert!(weak > 5 * strong.max(1) && weak < 400, "{weak} {strong}");
        assert!(haste(&HOUSING).1 > haste(&SERVICES).1);
    }

    #[test]
    fn a_message_that_is_late_is_days_late_and_the_order_stays() {
        let at = |hour: i64| Millis(hour * HOUR);
        let step =
            |hour| PlannedStep { act: crate::simulate::life::PlannedAct::Closed, at: at(hour), recorded_at: at(hour) };
        let mut delayed = 0;
        for n in 0..4_000 {
            let mut steps: Vec<PlannedStep> = (0..6).map(step).collect();
            delay(&mut steps, &mut draw(1, 0, n));
            assert!(steps.is_sorted_by_key(|step| step.recorded_at));
            delayed += u32::from(steps[5].recorded_at > at(5 + 25));
        }
        assert!((3..30).contains(&delayed), "{delayed}");
    }
}
