//! Remembers which events were sent by this process, 16 bytes an event, so that what is repeated is sent once.

use std::{
    collections::{HashMap, HashSet},
    hash::{BuildHasher as _, Hash, RandomState},
};

use crate::domain::event::Event;

/// What an event says; two events of one identity that differ in it contradict each other.
pub(super) fn content(event: &Event) -> String {
    let fact = serde_json::to_string(&event.fact).unwrap_or_default();
    format!("{} {} {fact}", event.case_id, event.occurred_at.0)
}

/// 4 Mi slots, seven eighths full: 71 MB. Two of them are kept.
const GENERATION: usize = 3_670_016;

/// An event as two numbers: its identity, and what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Trace {
    identity: u64,
    content: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sight {
    New,
    /// Said before, in the same words.
    Identical,
    /// Something else was said under this id.
    Conflicting,
}

/// Under one id the first content stands in a map; the rare others stand beside it.
/// What was seen longest ago is forgotten; sent once more it is a duplicate, which the ledger counts and ignores.
#[derive(Debug)]
pub(super) struct Seen {
    generation: usize,
    hasher: RandomState,
    young: HashMap<u64, u64>,
    old: HashMap<u64, u64>,
    others: HashSet<(u64, u64)>,
}

impl Default for Seen {
    fn default() -> Self {
        Self::with_generation(GENERATION)
    }
}

impl Seen {
    /// Of the last events, as many at least, and at most twice as many.
    pub(super) fn with_generation(generation: usize) -> Self {
        let (young, old, others) = (HashMap::new(), HashMap::new(), HashSet::new());
        Self { generation, hasher: RandomState::new(), young, old, others }
    }

    /// Two hashes of 64 bits: only if both collide is an event wrongly held to be a repetition.
    pub(super) fn trace(&self, identity: impl Hash, content: impl Hash) -> Trace {
        Trace { identity: self.hasher.hash_one(identity), content: self.hasher.hash_one(content) }
    }

    pub(super) fn sight(&self, Trace { identity, content }: Trace) -> Sight {
        match self.young.get(&identity).or_else(|| self.old.get(&identity)) {
            None => Sight::New,
            Some(first) if *first == content || self.others.contains(&(identity, content)) => Sight::Identical,
            Some(_) => Sight::Conflicting,
        }
    }

    pub(super) fn remember(&mut self, trace: Trace) {
        let Trace { identity, content } = trace;
        match self.sight(trace) {
            Sight::Identical => {}
            Sight::Conflicting => {
                if self.others.len() >= self.generation {
                    self.others.clear();
                }
                self.others.insert((identity, content));
            }
            Sight::New => {
                if self.young.len() >= self.generation {
                    self.old = std::mem::take(&mut self.young);
                }
                self.young.insert(identity, content);
            }
        }
    }

    /// What it is, and from now on it is remembered.
    pub(super) fn look(&mut self, id: &str, payload: &[u8]) -> Sight {
        let trace = self.trace(id, payload);
        let sight = self.sight(trace);
        self.remember(trace);
        sight
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_new_once_and_another_content_conflicts_once() {
        let mut seen = Seen::default();
        assert_eq!(seen.look("1", b"a"), Sight::New);
        assert_eq!(seen.look("1", b"a"), Sight::Identical);
        assert_eq!(seen.look("2", b"a"), Sight::New);
        assert_eq!(seen.look("1", b"b"), Sight::Conflicting);
        assert_eq!(seen.look("1", b"b"), Sight::Identical);
        assert_eq!(seen.look("1", b"a"), Sight::Identical);
    }

    #[test]
    fn memory_is_bounded_and_the_latest_are_remembered() {
        let mut seen = Seen::with_generation(100);
        for number in 0..210 {
            seen.look(&number.to_string(), b"");
        }
        assert!(seen.young.len() + seen.old.len() <= 200);
        assert_eq!(seen.look("209", b""), Sight::Identical);
        assert_eq!(seen.look("0", b""), Sight::New);
    }
}
