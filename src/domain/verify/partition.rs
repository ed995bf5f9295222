//! One partition: which of its offsets must be in the ledger or the quarantine, and what is to be thought of those that are not.

use super::range::{self, Range};

/// Where a log stands on Kafka.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Log {
    /// The first offset that is still there.
    pub low: i64,
    /// From here on a transaction is open, and nothing can be read yet.
    pub stable: i64,
    /// The offset that the next message gets.
    pub high: i64,
}

/// What is known of a partition before anything is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// None: Kafka has it no more, or has another topic under its name.
    pub log: Option<Log>,
    /// The group's position.
    pub committed: Option<i64>,
    /// One behind the last offset that the ledger or the quarantine holds.
    pub held_next: Option<i64>,
    /// Where to begin, when only what came lately is asked for.
    pub from: i64,
}

impl Known {
    /// Offsets that must be held, or hold no message. Below the group's position: what lies behind it may just be on its way
    /// into the ledger. Without a position, up to the last that is held; if nothing is, what retention took was never read.
    pub fn duty(&self) -> Range {
        let next = self.committed.or(self.held_next).or(self.log.map(|log| log.low)).unwrap_or(0);
        Range::new(self.from.clamp(0, next.max(0)), next.max(0))
    }

    /// Offsets that nobody has taken yet; marks of transactions among them.
    pub fn not_yet_taken(&self) -> u64 {
        let Some(log) = self.log else { return 0 };
        let taken = self.committed.max(self.held_next).unwrap_or(log.low).max(log.low);
        Range::new(taken, log.high).len()
    }

    /// The ledger or the group knows of offsets that the log does not have yet: it is not the log that was read.
    pub fn is_ahead_of_log(&self) -> bool {
        self.log.is_some_and(|log| self.committed.max(self.held_next).is_some_and(|next| next > log.high))
    }
}

/// Holes, by what can be known of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sorted {
    /// Kafka may still have messages there: only reading tells.
    pub to_read: Vec<Range>,
    /// Gone from Kafka, and nobody said that this is all right.
    pub gone: Vec<Range>,
    /// Offsets that a person has accepted as missing.
    pub accepted: u64,
}

/// `holes` and `accepted` are sets.
pub fn sort(holes: &[Range], log: Option<Log>, accepted: &[Range]) -> Sorted {
    let open = range::without(holes, accepted);
    let there = log.map_or(Range::new(0, 0), |log| Range::new(log.low, log.high));
    Sorted {
        to_read: range::within(&open, there),
        gone: range::without(&open, &[there]),
        accepted: range::count(holes) - range::count(&open),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(low: i64, high: i64) -> Option<Log> {
        Some(Log { low, stable: high, high })
    }

    fn known(log: Option<Log>, committed: Option<i64>, held_next: Option<i64>, from: i64) -> Known {
        Known { log, committed, held_next, from }
    }

    #[test]
    fn the_group_says_how_far_the_ledger_must_go_and_without_it_the_ledger_does() {
        for (name, of, duty, pending, is_ahead) in [
            ("nothing anywhere", known(log(0, 0), None, None, 0), (0, 0), 0, false),
            ("never read", known(log(0, 9), None, None, 0), (0, 0), 9, false),
            ("never read, and retention took some", known(log(4, 9), None, None, 0), (0, 4), 5, false),
            ("caught up", known(log(0, 9), Some(9), Some(9), 0), (0, 9), 0, false),
            ("a batch on its way", known(log(0, 9), Some(5), Some(7), 0), (0, 5), 2, false),
            ("marks at the end, committed", known(log(0, 9), Some(9), Some(7), 0), (0, 9), 0, false),
            ("the group is forgotten", known(log(0, 9), None, Some(7), 0), (0, 7), 2, false),
            ("a group whose ledger is elsewhere", known(log(2, 9), Some(9), None, 0), (0, 9), 0, false),
            ("retention overtook", known(log(8, 9), Some(5), Some(5), 0), (0, 5), 1, false),
            ("lately", known(log(0, 9), Some(9), Some(9), 6), (6, 9), 0, false),
            ("lately, and the group was set back", known(log(0, 9), Some(4), Some(9), 6), (4, 4), 0, false),
            ("made anew and shorter", known(log(0, 3), Some(9), Some(9), 0), (0, 9), 0, true),
            ("gone", known(None, Some(9), Some(9), 0), (0, 9), 0, false),
            ("gone before anything was read", known(None, None, None, 0), (0, 0), 0, false),
        ] {
            let (first, next) = duty;
            assert_eq!(of.duty(), Range::new(first, next), "{name}");
            assert_eq!((of.not_yet_taken(), of.is_ahead_of_log()), (pending, is_ahead), "{name}");
        }
    }

    #[test]
    fn a_hole_is_read_where_kafka_still_has_it_and_a_gap_where_nobody_accepted_it() {
        let holes = [Range::new(0, 4), Range::new(6, 8), Range::new(12, 20)];
        let ranges = |pairs: &[(i64, i64)]| pairs.iter().map(|(a, b)| Range::new(*a, *b)).collect::<Vec<_>>();
        for (log, accepted, to_read, gone, counted) in [
            (log(0, 20), &[][..], &[(0, 4), (6, 8), (12, 20)][..], &[][..], 0),
            (log(7, 15), &[], &[(7, 8), (12, 15)], &[(0, 4), (6, 7), (15, 20)], 0),
            (log(7, 20), &[(0, 5), (13, 14)], &[(7, 8), (12, 13), (14, 20)], &[(6, 7)], 5),
            (None, &[(0, 100)], &[], &[], 14),
            (None, &[], &[], &[(0, 4), (6, 8), (12, 20)], 0),
        ] {
            let sorted = sort(&holes, log, &ranges(accepted));
            let wanted = Sorted { to_read: ranges(to_read), gone: ranges(gone), accepted: counted };
            assert_eq!(sorted, wanted, "{log:?} {accepted:?}");
        }
    }
}
