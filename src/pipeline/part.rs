//! How many cases are folded at once. A batch is bounded in bytes, but what the ledger holds of its cases is not, nor are their rows: a
//! batch of twenty thousand messages may touch twenty thousand cases of sixty messages each. So it is folded part by part, and how
//! large a part may be is learnt from the last. Pure.

use super::{cache::CaseKey, touched::Touched};

#[derive(Clone, Copy, Debug)]
pub struct BatchPart {
    /// What a part may take: what is looked up of its cases, and their rows.
    bytes_max: usize,
    /// What a case took, and what one is expected to take.
    of_case: usize,
}

/// Before anything is known. A usual case takes 2 to 6 KB.
const FIRST: usize = 8 * 1024;
const LEAST: usize = 1024;
/// Fewer would be slower than they are small.
const CASES_MIN: usize = 128;

impl BatchPart {
    pub fn new(bytes_max: usize) -> Self {
        Self { bytes_max, of_case: FIRST }
    }

    /// So many cases at most.
    pub fn cases(&self) -> usize {
        (self.bytes_max / self.of_case).max(CASES_MIN)
    }

    /// A part took so much. Larger cases are heeded at once, smaller ones by and by.
    pub fn took(&mut self, cases: usize, bytes: usize) {
        if let Some(of_case) = bytes.checked_div(cases) {
            self.of_case = of_case.max(self.of_case * 3 / 4).max(LEAST);
        }
    }

    /// The first part of what is left.
    pub fn of(&self, touched: &mut Touched) -> Option<Touched> {
        touched.first(self.cases())
    }

    pub fn of_keys<'k>(&self, keys: &'k [CaseKey]) -> impl Iterator<Item = &'k [CaseKey]> {
        keys.chunks(self.cases())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_as_large_as_the_cases_before_allow() {
        let mut part = BatchPart::new(25 << 20);
        assert_eq!(part.cases(), 3_200);
        part.took(1_000, 40_000_000);
        assert_eq!(part.cases(), (25 << 20) / 40_000);
        (0..20).for_each(|_| part.took(1_000, 2_000_000));
        assert_eq!(part.cases(), (25 << 20) / 2_000, "small again, by and by");
        part.took(1, 1 << 30);
        assert_eq!(part.cases(), CASES_MIN);
        part.took(0, 0);
    }
}
