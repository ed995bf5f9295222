//! A scale from 0 to a round number at or above the largest count.

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Axis {
    pub top: u64,
    step: u64,
}

impl Axis {
    /// At most six steps of 1, 2 or 5 times a power of ten.
    pub fn over(values: impl Iterator<Item = u64>) -> Self {
        let most = values.max().unwrap_or(0).max(1);
        let steps = (0..19).flat_map(|power| [1, 2, 5].map(|times| times * 10_u64.pow(power)));
        let step = steps.into_iter().find(|step| most.div_ceil(*step) <= 6).unwrap_or(most);
        Self { top: most.div_ceil(step).saturating_mul(step), step }
    }

    /// How far up a value lies, of 1.
    pub fn part(self, value: u64) -> f64 {
        value as f64 / self.top as f64
    }

    pub fn ticks(self) -> impl Iterator<Item = u64> {
        (0..=self.top / self.step).map(move |index| index * self.step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_top_is_round_and_not_below_the_largest() {
        for (most, top) in [(3, 3), (7, 8), (137, 150), (3680, 4000), (1, 1), (0, 1)] {
            let axis = Axis::over([most / 2, most].into_iter());
            assert_eq!(axis.top, top, "{most}: {axis:?}");
            assert!(axis.ticks().count() <= 7, "{most}: {axis:?}");
        }
        assert!(Axis::over([u64::MAX].into_iter()).ticks().count() <= 7);
    }
}
