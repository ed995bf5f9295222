//! A scale from 0 to a round number at or above the largest value.

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Axis {
    pub top: f64,
    pub step: f64,
}

impl Axis {
    /// Four to ten steps of 1, 2 or 5 times a power of ten; whole numbers where the values are counts.
    pub fn over(values: impl Iterator<Item = f64>, is_count: bool) -> Self {
        let most = values.fold(0.0, f64::max);
        if most <= 0.0 {
            return Self { top: 1.0, step: 1.0 };
        }
        let power = 10_f64.powf((most / 5.0).log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|times| times * power).find(|step| most / step <= 6.0);
        let step = step.unwrap_or(power * 10.0);
        let step = if is_count { step.max(1.0) } else { step };
        Self { top: (most / step).ceil() * step, step }
    }

    pub fn ticks(self) -> impl Iterator<Item = f64> {
        let count = (self.top / self.step).round() as usize;
        (0..=count).map(move |index| index as f64 * self.step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_top_is_round_and_not_below_the_largest() {
        for (most, top) in [(3.0, 3.0), (137.0, 140.0), (3680.0, 4000.0), (0.93, 1.0), (1.0, 1.0), (0.0, 1.0)] {
            let axis = Axis::over([most / 2.0, most].into_iter(), most >= 1.0);
            assert!((axis.top - top).abs() < 1e-9, "{most}: {axis:?}");
            assert!(axis.ticks().count() <= 11, "{most}: {axis:?}");
        }
    }
}
