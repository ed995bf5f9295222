//! Does a partition move? One that has messages and gives none for too long stands, and whoever looks has to be told. Pure.

use crate::domain::time::Millis;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It moves, has nothing, or waits for something that has a name of its own.
    Fine,
    /// It has messages, could give them, and has not for too long.
    Stuck,
}

/// What was seen of one partition.
#[derive(Clone, Copy, Debug, Default)]
pub struct Standing {
    next: Option<i64>,
    since: Option<Millis>,
    /// Known to hold no message from here on up to there.
    empty: Option<(i64, i64)>,
}

impl Standing {
    /// `next` is where it goes on, `end` where its log ends as far as is known; `may_move` says that nothing else keeps it.
    pub fn look(&mut self, next: i64, end: Option<i64>, may_move: bool, now: Millis, stuck_after_ms: i64) -> Verdict {
        let waits = may_move && end.is_some_and(|end| next < end) && self.empty.is_none_or(|(from, to)| from != next || Some(to) < end);
        if !waits || self.next != Some(next) {
            self.next = Some(next);
            self.since = None;
        }
        if !waits {
            return Verdict::Fine;
        }
        let since = *self.since.get_or_insert(now);
        if now.since(since) >= stuck_after_ms { Verdict::Stuck } else { Verdict::Fine }
    }

    /// A fetch has shown that there is no message between: marks of transactions hold an offset as well.
    pub fn nothing_between(&mut self, next: i64, end: i64) {
        self.empty = Some((next, end));
        self.since = None;
    }

    /// Something was done about it: it gets its time once more.
    pub fn anew(&mut self) {
        self.since = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AFTER: i64 = 1000;

    fn look(standing: &mut Standing, next: i64, end: i64, at: i64) -> Verdict {
        standing.look(next, Some(end), true, Millis(at), AFTER)
    }

    #[test]
    fn a_partition_that_has_messages_and_gives_none_is_stuck_in_the_end() {
        let mut one = Standing::default();
        assert_eq!(look(&mut one, 5, 9, 0), Verdict::Fine);
        assert_eq!(look(&mut one, 5, 9, 999), Verdict::Fine);
        assert_eq!(look(&mut one, 5, 12, 1000), Verdict::Stuck, "that more comes is no movement");
        assert_eq!(look(&mut one, 6, 12, 1001), Verdict::Fine);
        assert_eq!(look(&mut one, 6, 12, 2001), Verdict::Stuck);
        one.anew();
        assert_eq!(look(&mut one, 6, 12, 2002), Verdict::Fine);
    }

    #[test]
    fn what_has_nothing_or_is_kept_by_something_else_is_not_stuck_and_its_time_does_not_count() {
        let mut one = Standing::default();
        for at in [0, 5000, 10_000] {
            assert_eq!(look(&mut one, 9, 9, at), Verdict::Fine);
            assert_eq!(one.look(5, Some(9), false, Millis(at), AFTER), Verdict::Fine);
            assert_eq!(one.look(5, None, true, Millis(at), AFTER), Verdict::Fine);
        }
        assert_eq!(look(&mut one, 5, 9, 10_001), Verdict::Fine);
        assert_eq!(look(&mut one, 5, 9, 11_001), Verdict::Stuck);
    }

    #[test]
    fn marks_at_the_end_are_not_messages_until_more_comes() {
        let mut one = Standing::default();
        one.nothing_between(8, 9);
        assert_eq!(look(&mut one, 8, 9, 0), Verdict::Fine);
        assert_eq!(look(&mut one, 8, 9, 5000), Verdict::Fine);
        assert_eq!(look(&mut one, 8, 10, 6000), Verdict::Fine);
        assert_eq!(look(&mut one, 8, 10, 7000), Verdict::Stuck);
    }
}
