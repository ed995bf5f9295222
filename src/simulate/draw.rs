//! Seeded chance. Each purpose and each case has its own ChaCha stream, so that asking for duplicates or disorder leaves
//! every life as it was, and a case that fails changes no other.

use rand::Rng;
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};

/// What chance is needed for; a purpose never sees the numbers of another.
#[derive(Clone, Copy, Debug)]
pub enum Purpose {
    Rhythm = 1,
    Fates,
    Lives,
    Deliveries,
    Malformed,
    Affairs,
    /// What units make of a case, and what people say of it.
    Turns,
}

#[derive(Clone, Debug)]
pub struct Draw(ChaCha8Rng);

impl Draw {
    /// `lane` keeps the streams, and their years, apart, `index` the cases of one stream.
    pub fn new(seed: u64, purpose: Purpose, lane: usize, index: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(((purpose as u64) << 56) | ((lane as u64) << 48) | index);
        Self(rng)
    }

    /// From 0 up to, and without, `n`.
    pub fn below(&mut self, n: u64) -> u64 {
        if n == 0 { 0 } else { self.0.random_range(0..n) }
    }

    /// From `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        if high <= low { low } else { self.0.random_range(low..=high) }
    }

    pub fn percent(&mut self, share: u64) -> bool {
        self.below(100) < share
    }

    pub fn chance(&mut self, share: f64) -> bool {
        // No number is drawn for a share of nothing, which is the usual case.
        share > 0.0 && self.0.random::<f64>() < share
    }

    /// One of the items, by weight. `None` when there are none.
    pub fn weighted<'a, T>(&mut self, items: &'a [T], weight: impl Fn(&T) -> u32) -> Option<&'a T> {
        let total: u64 = items.iter().map(|item| u64::from(weight(item))).sum();
        let mut left = self.below(total);
        items.iter().find(|item| {
            let weight = u64::from(weight(item));
            let found = left < weight;
            left = left.saturating_sub(weight);
            found
        })
    }

    /// `amount` different numbers below `n`, in no order.
    pub fn sample(&mut self, n: usize, amount: usize) -> Vec<usize> {
        rand::seq::index::sample(&mut self.0, n, amount.min(n)).into_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_draws_the_same_and_another_lane_something_else() {
        let drawn = |seed, lane, index| Draw::new(seed, Purpose::Lives, lane, index).below(u64::MAX);
        assert_eq!(drawn(1, 0, 7), drawn(1, 0, 7));
        assert_ne!(drawn(1, 0, 7), drawn(1, 1, 7));
        assert_ne!(drawn(1, 0, 7), drawn(1, 0, 8));
        assert_ne!(drawn(1, 0, 7), drawn(2, 0, 7));
    }

    #[test]
    fn weights_are_kept_about() {
        let mut draw = Draw::new(1, Purpose::Lives, 0, 0);
        let heavy = (0..1000).filter(|_| draw.weighted(&[1_u32, 9], |weight| *weight) == Some(&9)).count();
        assert!((850..950).contains(&heavy), "{heavy}");
        assert_eq!(draw.weighted(&[] as &[u32], |weight| *weight), None);
    }
}
