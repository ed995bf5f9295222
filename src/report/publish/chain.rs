//! Which heads are editions, and which comes after which.

use crate::store::{
    Store, StoreError,
    published::{
        Edition, editions,
        seals::{self, Seal},
    },
};

/// What was published, by serial.
#[derive(Clone, Debug, Default)]
pub struct Chain {
    /// 版次: the first head of each serial.
    pub editions: Vec<Edition>,
    /// Heads whose serial was taken: their publishers went on with the next.
    pub others: Vec<Edition>,
    /// The second notes.
    pub seals: Vec<Seal>,
}

impl Chain {
    /// Everything that was ever published; there is little of it.
    pub async fn read(store: &Store) -> Result<Self, StoreError> {
        let heads = editions::all(store).await?;
        Ok(Self { seals: seals::all(store).await?, ..Self::of(heads) })
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

    /// 版次 of one report (`month 2021-06`), oldest first.
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

    /// The next link, not yet hashed. The numbers of an edition that is gone are not given again.
    pub fn link(&self, head: Edition) -> Edition {
        let last = self.editions.last();
        let heads = self.editions.iter().map(|one| (&one.report, one.serial, one.edition));
        let sealed = self.seals.iter().map(|one| (&one.report, one.serial, one.edition));
        let (mut serial, mut edition) = (0, 0);
        for (report, taken, number) in heads.chain(sealed) {
            serial = serial.max(taken);
            edition = if *report == head.report { edition.max(number) } else { edition };
        }
        let previous = last.map(|last| last.sha256.clone()).unwrap_or_default();
        Edition { serial: serial + 1, edition: edition + 1, previous, ..head }
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
        let gone = Seal { serial: 7, report: june.to_owned(), edition: 4, sha256: String::new() };
        let next = Chain { seals: vec![gone], ..chain }.link(head(0, june, 0, "c"));
        assert_eq!((next.serial, next.edition, next.previous.as_str()), (8, 5, "hash of b"));
        let first = Chain::default().link(head(0, june, 0, "a"));
        assert_eq!((first.serial, first.edition, first.previous.as_str()), (1, 1, ""));
    }
}
