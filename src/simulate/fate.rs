//! Which cases end otherwise than in time: left open, closed late, voided. Shared out over the streams by their size,
//! so that the numbers are exact and only the choice of the cases is the seed's.

use std::collections::HashMap;

use super::{
    draw::{Draw, Purpose},
    options::PlanError,
    profile::Track,
};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fate {
    #[default]
    InTime,
    Late,
    /// Late by weeks.
    Forgotten,
    Open,
    Void,
}

/// The fates of one stream's cases, by their number in time; those not named end in time.
#[derive(Debug, Default)]
pub struct PlannedFates(HashMap<u64, Fate>);

/// How many cases of one stream have which fate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quota {
    pub open: u64,
    pub late: u64,
    pub void: u64,
}

impl PlannedFates {
    /// `total` cases of which the first `early` come in soon enough to fall due before the figures are taken.
    pub fn choose(track: Track, seed: u64, quota: Quota, early: u64, total: u64) -> Result<Self, PlanError> {
        let mut draw = Draw::new(seed, Purpose::Fates, track as usize, 0);
        let failing = quota.open + quota.late;
        if failing > early {
            return Err(PlanError::TooManyFail { stream: track.stream(), asked: failing, possible: early });
        }
        let mut fates = HashMap::new();
        for (nth, index) in draw.sample(early as usize, failing as usize).into_iter().enumerate() {
            fates.insert(index as u64, if (nth as u64) < quota.open { Fate::Open } else { Fate::Late });
        }
        let mut left = quota.void;
        while left > 0 && (fates.len() as u64) < total {
            let index = draw.below(total);
            if let std::collections::hash_map::Entry::Vacant(slot) = fates.entry(index) {
                slot.insert(Fate::Void);
                left -= 1;
            }
        }
        Ok(Self(fates))
    }

    pub fn of(&self, index: u64) -> Fate {
        self.0.get(&index).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fate_is_given_as_often_as_asked() {
        let quota = Quota { open: 3, late: 5, void: 7 };
        let fates = PlannedFates::choose(Track::Grid, 9, quota, 40, 50).unwrap();
        let count = |fate| (0..50).filter(|index| fates.of(*index) == fate).count();
        assert_eq!([Fate::Open, Fate::Late, Fate::Void, Fate::InTime].map(count), [3, 5, 7, 35]);
        assert!((40..50).all(|index| matches!(fates.of(index), Fate::InTime | Fate::Void)));
    }

    #[test]
    fn more_failures_than_cases_that_can_fail_are_refused() {
        let quota = Quota { open: 30, late: 11, void: 0 };
        let error = PlannedFates::choose(Track::Hotline, 9, quota, 40, 50).unwrap_err();
        assert!(error.to_string().contains("41"), "{error}");
    }
}
