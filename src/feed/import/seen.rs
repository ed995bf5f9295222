//! Remembers what was sent in this run, 16 bytes an event, so that rows that repeat each other send an event once.

use std::{
    collections::{HashMap, HashSet},
    hash::{BuildHasher, RandomState},
};

/// 4 Mi slots, seven eighths full: 71 MB. Two of them are kept.
const GENERATION: usize = 3_670_016;

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
    fn with_generation(generation: usize) -> Self {
        let (young, old, others) = (HashMap::new(), HashMap::new(), HashSet::new());
        Self { generation, hasher: RandomState::new(), young, old, others }
    }

    /// Two hashes of 64 bits: only if both collide is an event wrongly held to be a repetition.
    pub(super) fn look(&mut self, id: &str, payload: &[u8]) -> Sight {
        let (id, content) = (self.hasher.hash_one(id), self.hasher.hash_one(payload));
        match self.young.get(&id).or_else(|| self.old.get(&id)) {
            Some(first) if *first == content => Sight::Identical,
            Some(_) if self.others.contains(&(id, content)) => Sight::Identical,
            Some(_) => {
                if self.others.len() >= self.generation {
                    self.others.clear();
                }
                self.others.insert((id, content));
                Sight::Conflicting
            }
            None => {
                if self.young.len() >= self.generation {
                    self.old = std::mem::take(&mut self.young);
                }
                self.young.insert(id, content);
                Sight::New
            }
        }
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
