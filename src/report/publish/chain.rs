//! Which heads are editions, and which comes after which.

use crate::store::{
    Store, StoreError,
    published::{Edition, editions},
};

/// What was published, by serial.
#[derive(Clone, Debug, Default)]
pub struct Chain {
    pub editions: Vec<Edition>,
    /// Heads whose serial was taken: their publishers went on with the next.
    pub others: Vec<Edition>,
}

impl Chain {
    pub async fn read(store: &Store) -> Result<Self, StoreError> {
        Ok(Self::of(editions::all(store).await?))
    }

    /// `heads` in the order of serial and arrival.
    fn of(heads: Vec<Edition>) -> Self {
        let mut chain = Self::default();
        for head in heads {
            if chain.editions.last().is_some_and(|last| last.serial == head.serial) {
                chain.others.push(head);
            } else {
                chain.editions.push(head);
            }
        }
        chain
    }

    pub fn of_report(&self, report: &str) -> impl DoubleEndedIterator<Item = &Edition> {
        self.editions.iter().filter(move |one| one.report == report)
    }

    /// The edition asked for, or the newest.
    pub fn find(&self, report: &str, edition: Option<u32>) -> Option<&Edition> {
        self.of_report(report).rfind(|one| edition.is_none_or(|edition| one.edition == edition))
    }

    /// Does the serial belong to this attempt?
    pub fn is_won_by(&self, head: &Edition) -> bool {
        self.editions.iter().any(|one| one.serial == head.serial && one.attempt == head.attempt)
    }

    /// The next link, not yet hashed.
    pub fn link(&self, head: Edition) -> Edition {
        let last = self.editions.last();
        let edition = self.of_report(&head.report).map(|one| one.edition).max().unwrap_or(0) + 1;
        Edition {
            serial: last.map_or(0, |last| last.serial) + 1,
            edition,
            previous: last.map(|last| last.sha256.clone()).unwrap_or_default(),
            ..head
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(serial: u64, report: &str, edition: u32, attempt: &str) -> Edition {
        let (report, attempt, sha256) = (report.to_owned(), attempt.to_owned(), format!("hash of {attempt}"));
        Edition { serial, report, edition, attempt, sha256, ..Edition::default() }
    }

    #[test]
    fn who_came_first_has_the_serial_and_the_other_comes_after() {
        let (june, july) = ("month 2021-06", "month 2021-07");
        let chain = Chain::of(vec![head(1, june, 1, "a"), head(2, july, 1, "b"), head(2, june, 2, "c")]);
        assert!(chain.is_won_by(&head(2, july, 1, "b")) && !chain.is_won_by(&head(2, june, 2, "c")));
        let next = chain.link(head(0, june, 0, "c"));
        assert_eq!((next.serial, next.edition, next.previous.as_str()), (3, 2, "hash of b"));
        assert_eq!(chain.find(june, None).map(|one| one.attempt.as_str()), Some("a"));
        assert_eq!((chain.find(june, Some(2)), chain.others.len()), (None, 1));
        let first = Chain::default().link(head(0, june, 0, "a"));
        assert_eq!((first.serial, first.edition, first.previous.as_str()), (1, 1, ""));
    }
}
