//! Counts what goes by, report by report, in bounded memory.

use std::{
    collections::{BTreeMap, HashMap},
    hash::Hash,
    num::NonZeroUsize,
};

use lru::LruCache;
use smol_str::SmolStr;

use super::{
    case_course::CaseCourse,
    judged::{FeedPlace, FeedVerdict, JudgedMessage, TakenEvent},
};
use crate::{
    domain::time::Millis,
    feed::{
        rejection::Rejection,
        seen::{Seen, Sight},
    },
};

/// Of cases and identities, the last so many are remembered.
const REMEMBERED: NonZeroUsize = NonZeroUsize::new(200_000).unwrap();
const EXAMPLES: usize = 3;
/// Reports; what is beyond is added up under a name of its own.
const REPORTS_MAX: usize = 100;
const OTHERS: &str = "…";
/// Different things to be said of one report, before the rarer half of them is put together.
const KINDS_MAX: usize = 1000;

/// A message that something is said of.
#[derive(Clone, Debug)]
pub(super) struct FoundAt {
    pub(super) place: FeedPlace,
    pub(super) at: Millis,
    pub(super) id: Option<SmolStr>,
    pub(super) case_id: Option<SmolStr>,
    pub(super) occurred_at: Option<Millis>,
}

#[derive(Debug, Default)]
pub(super) struct Finding {
    pub(super) count: u64,
    /// The first.
    pub(super) examples: Vec<FoundAt>,
}

impl Finding {
    fn add(&mut self, found: &FoundAt) {
        self.count += 1;
        if self.examples.len() < EXAMPLES {
            self.examples.push(found.clone());
        }
    }
}

#[derive(Debug, Default)]
pub(super) struct FoundCases<T> {
    pub(super) count: u64,
    pub(super) examples: Vec<(SmolStr, T)>,
}

impl<T> FoundCases<T> {
    fn add(&mut self, case_id: &SmolStr, what: T) {
        self.count += 1;
        if self.examples.len() < EXAMPLES {
            self.examples.push((case_id.clone(), what));
        }
    }
}

/// Everything that a report says.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) taken: u64,
    pub(super) known: u64,
    pub(super) conflicting: u64,
    pub(super) refused: u64,
    /// By reason and field, with the detail of the first.
    pub(super) reasons: HashMap<(&'static str, String), (String, Finding)>,
    pub(super) other_reasons: u64,
    pub(super) unknown_fields: HashMap<String, u64>,
    pub(super) other_fields: u64,
    pub(super) ahead: Finding,
    pub(super) late: Finding,
    pub(super) gaps: FoundCases<Vec<String>>,
    pub(super) split: FoundCases<Vec<i32>>,
    pub(super) last: Option<FoundAt>,
    pub(super) forgotten: bool,
}

#[derive(Debug)]
pub(super) struct FeedTally {
    reports: BTreeMap<SmolStr, Found>,
    seen: Seen,
    /// Identities that are remembered or were.
    identities: usize,
    cases: LruCache<(SmolStr, SmolStr), CaseCourse>,
}

impl Default for FeedTally {
    fn default() -> Self {
        let seen = Seen::with_generation(REMEMBERED.get());
        Self { reports: BTreeMap::new(), seen, identities: 0, cases: LruCache::new(REMEMBERED) }
    }
}

impl FeedTally {
    pub(super) fn add(&mut self, report: SmolStr, message: JudgedMessage) {
        let is_beyond = self.reports.len() >= REPORTS_MAX && !self.reports.contains_key(&report);
        let report = if is_beyond { SmolStr::from(OTHERS) } else { report };
        let JudgedMessage { place, at, source, id, case_id, verdict } = message;
        let mut found = FoundAt { place, at, id, case_id, occurred_at: None };
        if let FeedVerdict::Taken(event) = &verdict {
            found.occurred_at = Some(event.occurred_at);
        }
        let into = self.reports.entry(report.clone()).or_default();
        if into.last.as_ref().is_none_or(|last| last.at <= found.at) {
            into.last = Some(found.clone());
        }
        match verdict {
            FeedVerdict::Refused(rejection) => into.refuse(rejection, &found),
            FeedVerdict::Taken(event) => self.take(report, &source, event, &found),
        }
    }

    fn take(&mut self, report: SmolStr, source: &str, event: TakenEvent, found: &FoundAt) {
        let Some(into) = self.reports.get_mut(&report) else { return };
        into.taken += 1;
        for field in event.unknown {
            *into.unknown_fields.entry(field).or_default() += 1;
            into.other_fields += without_rare(&mut into.unknown_fields, |count| *count);
        }
        if event.is_ahead {
            into.ahead.add(found);
        }
        let trace = self.seen.trace((source, found.id.as_deref()), &event.content);
        let sight = self.seen.sight(trace);
        self.seen.remember(trace);
        match sight {
            Sight::Identical => {
                into.known += 1;
                return;
            }
            Sight::Conflicting => into.conflicting += 1,
            Sight::New => {
                self.identities += 1;
                into.forgotten |= self.identities > REMEMBERED.get();
            }
        }
        let Some(case_id) = &found.case_id else { return };
        let key = (report, case_id.clone());
        if !self.cases.contains(&key)
            && self.cases.len() == REMEMBERED.get()
            && let Some((of, course)) = self.cases.pop_lru()
        {
            self.end(of, &course, true);
        }
        let course = self.cases.get_or_insert_mut(key.clone(), CaseCourse::default);
        let Some(into) = self.reports.get_mut(&key.0) else { return };
        course.number(event.seq);
        let spread = course.spread();
        if course.is_late(found.place.partition, event.occurred_at) {
            into.late.add(found);
        }
        // Said once, by the second.
        if (spread, course.spread()) == (1, 2) {
            into.split.add(&key.1, course.partitions());
        }
    }

    /// A case of which nothing more is known.
    fn end(&mut self, (report, case_id): (SmolStr, SmolStr), course: &CaseCourse, forgotten: bool) {
        let Some(into) = self.reports.get_mut(&report) else { return };
        into.forgotten |= forgotten;
        let missing = course.missing();
        if !missing.is_empty() {
            into.gaps.add(&case_id, missing);
        }
    }

    pub(super) fn ended(mut self) -> BTreeMap<SmolStr, Found> {
        while let Some((of, course)) = self.cases.pop_lru() {
            self.end(of, &course, false);
        }
        self.reports
    }
}

impl Found {
    fn refuse(&mut self, rejection: Rejection, found: &FoundAt) {
        self.refused += 1;
        let Rejection { reason, field, detail } = rejection;
        let reason = self.reasons.entry((reason.name(), field)).or_insert_with(|| (detail, Finding::default()));
        reason.1.add(found);
        self.other_reasons += without_rare(&mut self.reasons, |(_, finding)| finding.count);
    }
}

/// Where there are too many kinds, takes out the rarer half, so that one that becomes frequent late finds room; how often they came.
fn without_rare<K: Eq + Hash, V>(kinds: &mut HashMap<K, V>, count: impl Fn(&V) -> u64) -> u64 {
    if kinds.len() <= KINDS_MAX {
        return 0;
    }
    let mut counts: Vec<u64> = kinds.values().map(&count).collect();
    let middle = *counts.select_nth_unstable(KINDS_MAX / 2).1;
    let rare = counts.into_iter().filter(|one| *one <= middle).sum();
    kinds.retain(|_, kind| count(kind) > middle);
    rare
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_becomes_frequent_after_a_thousand_rare_ones_is_found_and_none_is_lost() {
        let (mut kinds, mut rare) = (HashMap::from([("often".to_owned(), 5)]), 0);
        let names = (0..3000).map(|n| format!("rare {n}")).chain(vec!["late".to_owned(); 40]);
        for name in names {
            *kinds.entry(name).or_default() += 1;
            rare += without_rare(&mut kinds, |count: &u64| *count);
            assert!(kinds.len() <= KINDS_MAX);
        }
        assert_eq!((kinds["often"], kinds["late"]), (5, 40));
        assert_eq!(kinds.values().sum::<u64>() + rare, 3045);
    }
}
