//! What is remembered of a case while its events go by: which came out of order, which numbers are missing, on which partitions
//! it lies.

use std::collections::BTreeSet;

use crate::domain::time::Millis;

/// Numbers that came, as ranges: more of them than this say that nobody counts within a case.
const RANGES_MAX: usize = 32;
/// Of the missing, as many are named.
const NAMED: usize = 10;

#[derive(Debug, Default)]
pub(super) struct CaseCourse {
    latest: Option<Millis>,
    /// First and last of each, in order.
    seen: Vec<(u64, u64)>,
    partitions: BTreeSet<i32>,
}

impl CaseCourse {
    /// Whether an event of the case that happened later came before it.
    pub(super) fn is_late(&mut self, occurred_at: Millis) -> bool {
        let is_late = self.latest.is_some_and(|latest| occurred_at < latest);
        self.latest = self.latest.max(Some(occurred_at));
        is_late
    }

    /// Whether the case lies on more than one partition, and this is the first that shows it.
    pub(super) fn lies_on(&mut self, partition: i32) -> bool {
        self.partitions.insert(partition) && self.partitions.len() == 2
    }

    pub(super) fn partitions(&self) -> Vec<i32> {
        self.partitions.iter().copied().collect()
    }

    /// 0 is no number: the sender does not count.
    pub(super) fn number(&mut self, seq: u64) {
        if seq == 0 || self.seen.len() > RANGES_MAX {
            return;
        }
        let at = self.seen.partition_point(|(_, last)| last.saturating_add(1) < seq);
        match self.seen.get_mut(at) {
            Some((first, last)) if first.saturating_sub(1) <= seq => {
                (*first, *last) = ((*first).min(seq), (*last).max(seq));
                if let Some((next_first, next_last)) = self.seen.get(at + 1).copied()
                    && next_first == self.seen[at].1.saturating_add(1)
                {
                    self.seen[at].1 = next_last;
                    self.seen.remove(at + 1);
                }
            }
            _ => self.seen.insert(at, (seq, seq)),
        }
    }

    /// Between the lowest and the highest that came: `3`, `5-7`.
    pub(super) fn missing(&self) -> Vec<String> {
        let between = self.seen.windows(2).map(|pair| (pair[0].1 + 1, pair[1].0 - 1));
        let text =
            |(first, last): (u64, u64)| if first == last { first.to_string() } else { format!("{first}-{last}") };
        between.map(text).take(NAMED).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_are_missing_lie_between_those_that_came_in_whatever_order() {
        for (came, missing) in [
            (&[1, 2, 3][..], &[][..]),
            (&[3, 1], &["2"]),
            (&[9, 2, 1, 4, 3, 8], &["5-7"]),
            (&[5, 5, 7, 6, 5], &[]),
            (&[0, 0, 4], &[]),
            (&[1, 5, 3], &["2", "4"]),
            (&[u64::MAX, 1, u64::MAX - 1], &["2-18446744073709551613"]),
        ] {
            let mut course = CaseCourse::default();
            came.iter().for_each(|seq| course.number(*seq));
            assert_eq!(course.missing(), missing, "{came:?}");
        }
    }

    #[test]
    fn late_is_what_happened_before_something_that_came_before_it() {
        let mut course = CaseCourse::default();
        let late: Vec<bool> = [5, 5, 3, 4, 9].iter().map(|at| course.is_late(Millis(*at))).collect();
        assert_eq!(late, [false, false, true, true, false]);
    }

    #[test]
    fn a_case_on_several_partitions_is_said_once() {
        let mut course = CaseCourse::default();
        let said: Vec<bool> = [2, 2, 0, 1, 0].iter().map(|one| course.lies_on(*one)).collect();
        assert_eq!(said, [false, false, true, false, false]);
        assert_eq!(course.partitions(), [0, 1, 2]);
    }
}
