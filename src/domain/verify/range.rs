//! Ranges of offsets, and sets of them: sorted, apart from each other, none empty.

/// [first, next).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Range {
    /// Included.
    pub first: i64,
    /// Not included.
    pub next: i64,
}

impl Range {
    /// Empty where `next` is not behind `first`.
    pub fn new(first: i64, next: i64) -> Self {
        Self { first, next }
    }

    pub fn one(offset: i64) -> Self {
        Self::new(offset, offset + 1)
    }

    pub fn len(self) -> u64 {
        self.next.saturating_sub(self.first).max(0) as u64
    }

    pub fn is_empty(self) -> bool {
        self.next <= self.first
    }

    /// What both have; empty where they are apart.
    pub fn meet(self, other: Self) -> Self {
        Self::new(self.first.max(other.first), self.next.min(other.next))
    }
}

/// Offsets in a set.
pub fn count(set: &[Range]) -> u64 {
    set.iter().map(|range| range.len()).sum()
}

/// Makes a set of ranges in any order, that may touch and overlap.
pub fn joined(mut ranges: Vec<Range>) -> Vec<Range> {
    ranges.retain(|range| !range.is_empty());
    ranges.sort_unstable();
    let mut set: Vec<Range> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match set.last_mut() {
            Some(last) if range.first <= last.next => last.next = last.next.max(range.next),
            _ => set.push(range),
        }
    }
    set
}

/// What of a set lies within bounds.
pub fn within(set: &[Range], bounds: Range) -> Vec<Range> {
    set.iter().map(|range| range.meet(bounds)).filter(|range| !range.is_empty()).collect()
}

/// The set without another one.
pub fn without(set: &[Range], taken: &[Range]) -> Vec<Range> {
    let (mut left, mut at) = (Vec::with_capacity(set.len()), 0);
    for range in set {
        let mut first = range.first;
        while taken.get(at).is_some_and(|taken| taken.next <= first) {
            at += 1;
        }
        for taken in taken[at..].iter().take_while(|taken| taken.first < range.next) {
            left.push(Range::new(first, taken.first));
            first = first.max(taken.next);
        }
        left.push(Range::new(first, range.next));
    }
    left.retain(|range| !range.is_empty());
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(pairs: &[(i64, i64)]) -> Vec<Range> {
        pairs.iter().map(|(first, next)| Range::new(*first, *next)).collect()
    }

    #[test]
    fn ranges_that_touch_or_overlap_are_one() {
        for (given, wanted) in [
            (&[][..], &[][..]),
            (&[(3, 3), (5, 4)], &[]),
            (&[(5, 7), (0, 2), (2, 5)], &[(0, 7)]),
            (&[(0, 9), (2, 3), (10, 11)], &[(0, 9), (10, 11)]),
        ] {
            assert_eq!(joined(set(given)), set(wanted), "{given:?}");
        }
    }

    #[test]
    fn what_is_taken_away_is_gone_and_nothing_else() {
        for (from, taken, left) in [
            (&[(0, 10)][..], &[][..], &[(0, 10)][..]),
            (&[(0, 10)], &[(0, 10)], &[]),
            (&[(0, 10)], &[(-5, 3), (4, 5), (9, 20)], &[(3, 4), (5, 9)]),
            (&[(0, 2), (4, 6), (8, 10)], &[(1, 9)], &[(0, 1), (9, 10)]),
            (&[(0, 2), (4, 6)], &[(2, 4), (6, 7)], &[(0, 2), (4, 6)]),
            (&[(0, 3), (4, 8), (9, 12)], &[(1, 2), (2, 3), (5, 10)], &[(0, 1), (4, 5), (10, 12)]),
        ] {
            assert_eq!(without(&set(from), &set(taken)), set(left), "{from:?} without {taken:?}");
            let all: i64 = (-6..25).filter(|n| holds(from, *n) && !holds(taken, *n)).count() as i64;
            assert_eq!(count(&set(left)) as i64, all);
        }
    }

    fn holds(pairs: &[(i64, i64)], n: i64) -> bool {
        pairs.iter().any(|(first, next)| (*first..*next).contains(&n))
    }

    #[test]
    fn what_lies_outside_the_bounds_is_left_out() {
        assert_eq!(within(&set(&[(0, 2), (4, 6), (8, 10)]), Range::new(1, 5)), set(&[(1, 2), (4, 5)]));
        assert!(within(&set(&[(0, 2)]), Range::new(2, 2)).is_empty());
    }
}
