//! What a verification came to: counts that are complete, and a list that may be cut.

use super::{
    finding::{Finding, Kind},
    partition::Log,
    range::Range,
};
use crate::domain::time::Millis;

/// How much of each kind there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FindingTally([u64; Kind::ALL.len()]);

impl FindingTally {
    pub fn add(&mut self, kind: Kind, more: u64) {
        self.0[kind as usize] += more;
    }

    /// Of this kind: offsets, cases or identities.
    pub fn of(&self, kind: Kind) -> u64 {
        self.0[kind as usize]
    }

    /// Nothing was found.
    pub fn is_clean(&self) -> bool {
        self.0.iter().all(|count| *count == 0)
    }

    /// The words of the last line, each with the kinds that it sums up.
    pub fn summed(&self) -> [(&'static str, u64); 7] {
        let sum = |kinds: &[Kind]| kinds.iter().map(|kind| self.of(*kind)).sum();
        [
            ("holes", sum(&[Kind::Hole, Kind::Unreadable])),
            ("doubles", sum(&[Kind::Double, Kind::InBoth])),
            ("stale", sum(&[Kind::Stale, Kind::Surplus, Kind::Generation, Kind::Differs])),
            ("missing", sum(&[Kind::Missing])),
            ("conflicts", sum(&[Kind::AcrossCases, Kind::WithinCase])),
            ("gaps", sum(&[Kind::Gap])),
            ("topics", sum(&[Kind::MadeAnew])),
        ]
    }
}

/// One partition, and what became of its offsets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Looked {
    pub topic: String,
    pub partition: i32,
    /// None: Kafka does not have it.
    pub log: Option<Log>,
    /// The group's position; none: it never committed one, or it has expired.
    pub committed: Option<i64>,
    /// What had to be there.
    pub duty: Range,
    /// Of the duty, in the ledger or the quarantine.
    pub held: u64,
    /// Of the duty, without a message: marks, aborted, compacted away.
    pub empty: u64,
    /// Of the duty, accepted by a person as missing.
    pub accepted: u64,
    /// On Kafka, behind the group's position: nobody's fault yet.
    pub not_yet_taken: u64,
    /// Held below a whole number of blocks, all of which is accounted for: what the next verification need not read again.
    pub proven: Option<(i64, u64)>,
}

/// What somebody should know, and what is no finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// Messages of a stream that is not declared: nobody folds its cases.
    Undeclared { stream: String, messages: u64 },
    /// In the ledger, not on Kafka, and no stream's: retired, or never from Kafka.
    NotOnKafka { topic: String, messages: u64 },
    /// A stream's topic that does not exist, and of which nothing was taken.
    NoTopic { topic: String },
    /// A rebuild that was cut off.
    Unfinished { generation: u32 },
    /// Not compared with a fresh fold: judged by another policy or calendar than is configured.
    JudgedByOthers { cases: u64 },
}

/// The answer of `tongguan verify` (docs/operations.md).
#[derive(Clone, Debug)]
pub struct Verdict {
    /// When it began.
    pub started_at: Millis,
    /// When everything had been looked at.
    pub finished_at: Millis,
    /// Only what was taken in since then. None: everything.
    pub since: Option<Millis>,
    /// In the ledger or the quarantine, each place once, as far as was looked.
    pub messages: u64,
    /// Cases compared with the ledger.
    pub cases: u64,
    /// How much was found, listed or not.
    pub tally: FindingTally,
    /// At most so many of each kind as were asked for.
    pub findings: Vec<Finding>,
    /// In the order of topics and numbers.
    pub partitions: Vec<Looked>,
    /// What to know besides; nothing of it makes it unclean.
    pub notes: Vec<Note>,
    listed: FindingTally,
    most: u64,
}

impl Verdict {
    /// At most `most` of each kind are listed.
    pub fn new(started_at: Millis, since: Option<Millis>, most: u64) -> Self {
        Self {
            started_at,
            finished_at: started_at,
            since,
            messages: 0,
            cases: 0,
            tally: FindingTally::default(),
            findings: Vec::new(),
            partitions: Vec::new(),
            notes: Vec::new(),
            listed: FindingTally::default(),
            most,
        }
    }

    /// Counts it, and lists it while there is room.
    pub fn add(&mut self, finding: Finding) {
        self.tally.add(finding.kind(), finding.weight());
        self.list(finding);
    }

    /// One that is counted already.
    pub fn list(&mut self, finding: Finding) {
        if self.listed.of(finding.kind()) < self.most {
            self.listed.add(finding.kind(), 1);
            self.findings.push(finding);
        }
    }

    /// May one more of this kind be listed?
    pub fn room(&self, kind: Kind) -> u64 {
        self.most.saturating_sub(self.listed.of(kind))
    }

    /// Was something counted that is not listed?
    pub fn is_cut(&self) -> bool {
        let weight = |kind| self.findings.iter().filter(|one| one.kind() == kind).map(Finding::weight).sum::<u64>();
        Kind::ALL.iter().any(|(kind, _)| weight(*kind) < self.tally.of(*kind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stale(case_id: &str) -> Finding {
        Finding::Case { kind: Kind::Stale, stream: "s".into(), case_id: case_id.into(), detail: String::new() }
    }

    fn hole(first: i64, next: i64) -> Finding {
        let (topic, detail) = ("t".into(), String::new());
        Finding::Offsets { kind: Kind::Hole, topic, partition: 0, range: Range::new(first, next), detail }
    }

    #[test]
    fn the_list_is_cut_kind_by_kind_and_the_counts_are_not() {
        let mut verdict = Verdict::new(Millis(0), None, 2);
        assert!(verdict.tally.is_clean() && !verdict.is_cut());
        for case in ["a", "b", "c"] {
            verdict.add(stale(case));
        }
        verdict.add(hole(3, 10));
        assert_eq!(verdict.findings, [stale("a"), stale("b"), hole(3, 10)]);
        assert_eq!((verdict.tally.of(Kind::Stale), verdict.tally.of(Kind::Hole)), (3, 7));
        assert!(verdict.is_cut() && verdict.room(Kind::Stale) == 0 && verdict.room(Kind::Hole) == 1);
        let summed: Vec<_> = verdict.tally.summed().into_iter().filter(|(_, count)| *count > 0).collect();
        assert_eq!(summed, [("holes", 7), ("stale", 3)]);
    }

    #[test]
    fn every_kind_is_in_the_last_line_once() {
        for (kind, _) in Kind::ALL {
            let mut tally = FindingTally::default();
            tally.add(kind, 5);
            assert_eq!(tally.summed().iter().map(|(_, count)| count).sum::<u64>(), 5, "{kind:?}");
            assert!(!tally.is_clean());
        }
    }
}
