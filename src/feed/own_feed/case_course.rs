//! What is remembered of a case while its events go by: which came out of order, which numbers are missing, on which partitions
//! it lies.

use std::collections::BTreeMap;

use crate::domain::time::Millis;

/// Numbers that came, as ranges: more of them than this say that nobody counts within a case.
const RANGES_MAX: usize = 32;
/// Of the missing, as many are named.
const NAMED: usize = 10;

#[derive(Debug, Default)]
pub(super) struct CaseCourse {
    /// By partition, what happened last of all that lies there: only on one partition is the order of reading that of arrival.
    latest: BTreeMap<i32, Millis>,
    /// First and last of each, in order.
    seen: Vec<(u64, u64)>,
}

impl CaseCourse {
    /// Whether an event of the case that happened later came before it onto its partition.
    pub(super) fn is_late(&mut self, partition: i32, occurred_at: Millis) -> bool {
        let latest = self.latest.entry(partition).or_insert(occurred_at);
        let is_late = occurred_at < *latest;
        *latest = occurred_at.max(*latest);
        is_late
    }

    /// On how many partitions the case lies.
    pub(super) fn spread(&self) -> usize {
        self.latest.len()
    }

    pub(super) fn partitions(&self) -> Vec<i32> {
        self.latest.keys().copied().collect()
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
        let late: Vec<bool> = [5, 5, 3, 4, 9].iter().map(|at| course.is_late(0, Millis(*at))).collect();
        assert_eq!(late, [false, false, true, true, false]);
        let other: Vec<bool> = [1, 2, 1].iter().map(|at| course.is_late(1, Millis(*at))).collect();
        assert_eq!(other, [false, false, true], "another partition is read as it comes");
    }

    #[test]
    fn a_case_lies_on_each_partition_on_which_an_event_of_it_came() {
        let mut course = CaseCourse::default();
        let spread = [2, 2, 0, 1, 0].map(|one| {
            course.is_late(one, Millis(0));
            course.spread()
        });
        assert_eq!(spread, [1, 1, 2, 3, 3]);
        assert_eq!(course.partitions(), [0, 1, 2]);
    }
}
