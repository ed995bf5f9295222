//! Does a partition move? One that has messages and gives none for too long stands, and whoever looks has to be told. Pure.

use std::time::Duration;

use tokio::time::Instant;

/// What was seen of one partition.
#[derive(Clone, Copy, Debug, Default)]
pub struct Movement {
    next: Option<i64>,
    since: Option<Instant>,
    /// Known to hold no message from here on up to there.
    empty: Option<(i64, i64)>,
}

impl Movement {
    /// Has it messages, could give them, and has not for too long? `next` is where it goes on, `end` where its log ends as far as is known; `may_move` says that nothing else keeps it.
    pub fn look(&mut self, next: i64, end: Option<i64>, may_move: bool, now: Instant, stuck_after: Duration) -> bool {
        let waits = may_move
            && end.is_some_and(|end| next < end)
            && self.empty.is_none_or(|(from, to)| from != next || Some(to) < end);
        if !waits || self.next != Some(next) {
            self.next = Some(next);
            self.since = None;
        }
        waits && now.duration_since(*self.since.get_or_insert(now)) >= stuck_after
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
    use crate::pipeline::clock::after;

    const AFTER: Duration = Duration::from_secs(1);

    fn look(movement: &mut Movement, next: i64, end: i64, at: u64) -> bool {
        movement.look(next, Some(end), true, after(at), AFTER)
    }

    #[test]
    fn a_partition_that_has_messages_and_gives_none_is_stuck_in_the_end() {
        let mut one = Movement::default();
        assert!(!look(&mut one, 5, 9, 0));
        assert!(!look(&mut one, 5, 9, 999));
        assert!(look(&mut one, 5, 12, 1000), "that more comes is no movement");
        assert!(!look(&mut one, 6, 12, 1001));
        assert!(look(&mut one, 6, 12, 2001));
        one.anew();
        assert!(!look(&mut one, 6, 12, 2002));
    }

    #[test]
    fn what_has_nothing_or_is_kept_by_something_else_is_not_stuck_and_its_time_does_not_count() {
        let mut one = Movement::default();
        for at in [0, 5000, 10_000] {
            assert!(!look(&mut one, 9, 9, at));
            assert!(!one.look(5, Some(9), false, after(at), AFTER));
            assert!(!one.look(5, None, true, after(at), AFTER));
        }
        assert!(!look(&mut one, 5, 9, 10_001));
        assert!(look(&mut one, 5, 9, 11_001));
    }

    #[test]
    fn marks_at_the_end_are_not_messages_until_more_comes() {
        let mut one = Movement::default();
        one.nothing_between(8, 9);
        assert!(!look(&mut one, 8, 9, 0));
        assert!(!look(&mut one, 8, 9, 5000));
        assert!(!look(&mut one, 8, 10, 6000));
        assert!(look(&mut one, 8, 10, 7000));
    }
}
