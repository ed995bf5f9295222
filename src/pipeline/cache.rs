//! Cases in memory: their ledger rows, so that the next event of a case needs no reading. Bounded in bytes; what was not
//! touched for longest goes first. A partition that is revoked takes its cases along.

use lru::LruCache;
use smol_str::SmolStr;

use crate::{domain::event::Event, feed::ours::PartitionAssignment};

/// A case id is unique within its stream.
pub type CaseKey = (SmolStr, SmolStr);

/// What the ledger holds of one case.
#[derive(Debug, Default)]
pub struct HeldCase {
    pub events: Vec<Event>,
    /// Duplicates, conflicts and messages out of order as of the last fold, so that only what is new is counted.
    pub counted: [u32; 3],
    /// What the events weigh.
    bytes: usize,
}

/// Above this, a redelivered message is kept twice rather than searched for; the fold takes it once.
const SEARCH_MAX: usize = 64;

/// Up to here a case's list is as long as its events are many.
const SHORT: usize = 8;

/// What a case takes beside its events: its key twice, and its place in the order of use.
const BESIDE: usize = 256;

impl HeldCase {
    pub fn of(events: Vec<Event>) -> Self {
        let bytes = events.iter().map(Event::weight).sum();
        Self { events, bytes, ..Self::default() }
    }

    pub fn add(&mut self, event: Event) {
        let known = self.events.len() <= SEARCH_MAX && self.events.iter().any(|held| held.place == event.place);
        if !known {
            self.bytes += event.weight();
            // A list that grows by itself begins with room for four; most cases have fewer.
            if self.events.len() < SHORT {
                self.events.reserve_exact(1);
            }
            self.events.push(event);
        }
    }

    /// Lets go of some.
    pub fn without(&mut self, is_one: impl Fn(&Event) -> bool) {
        self.events.retain(|event| !is_one(event));
        self.bytes = self.events.iter().map(Event::weight).sum();
    }

    /// With the room that no event has taken yet.
    pub fn weight(&self) -> usize {
        BESIDE + self.bytes + (self.events.capacity() - self.events.len()) * size_of::<Event>()
    }
}

#[derive(Debug)]
pub struct Cache {
    cases: LruCache<CaseKey, HeldCase>,
    bytes: usize,
    bytes_max: usize,
}

impl Cache {
    pub fn new(bytes_max: usize) -> Self {
        Self { cases: LruCache::unbounded(), bytes: 0, bytes_max }
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Takes the case out; the caller folds it and puts it back.
    pub fn take(&mut self, key: &CaseKey) -> Option<HeldCase> {
        let held = self.cases.pop(key)?;
        self.bytes -= held.weight();
        Some(held)
    }

    pub fn put(&mut self, key: CaseKey, held: HeldCase) {
        self.bytes += held.weight();
        if let Some(old) = self.cases.put(key, held) {
            self.bytes -= old.weight();
        }
        while self.bytes > self.bytes_max {
            let Some((_, gone)) = self.cases.pop_lru() else { break };
            self.bytes -= gone.weight();
        }
    }

    /// Forgets every case that has a message on a partition that is not ours: somebody else writes them as well.
    pub fn keep(&mut self, ours: &PartitionAssignment) {
        let foreign = |event: &Event| !ours.has(&event.place.topic, event.place.partition);
        let keys: Vec<CaseKey> =
            self.cases.iter().filter(|(_, held)| held.events.iter().any(foreign)).map(|(key, _)| key.clone()).collect();
        for key in keys {
            self.take(&key);
        }
    }

    pub fn clear(&mut self) {
        self.cases.clear();
        self.bytes = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feed::{ours::Ours, partition::Partition};

    fn key(name: &str) -> CaseKey {
        ("hotline".into(), name.into())
    }

    fn held(partition: i32, count: i64) -> HeldCase {
        HeldCase::of((0..count).map(|offset| Event::any(partition, offset)).collect())
    }

    #[test]
    fn the_case_untouched_for_longest_goes_first() {
        let mut cache = Cache::new(2 * held(0, 2).weight() + 1);
        cache.put(key("a"), held(0, 2));
        cache.put(key("b"), held(0, 2));
        let a = cache.take(&key("a")).unwrap();
        cache.put(key("a"), a);
        cache.put(key("c"), held(0, 2));
        assert!(cache.take(&key("b")).is_none());
        assert_eq!(cache.bytes(), 2 * held(0, 2).weight());
    }

    #[test]
    fn a_revoked_partition_takes_its_cases_along() {
        let mut cache = Cache::new(1_000_000);
        cache.put(key("a"), held(0, 2));
        cache.put(key("b"), held(1, 3));
        let ours = Ours::default();
        ours.gained(&[Partition { topic: "t".into(), partition: 1 }]);
        cache.keep(&ours.now());
        assert!(cache.take(&key("a")).is_none());
        assert_eq!(cache.bytes(), held(1, 3).weight());
        cache.clear();
        assert!(cache.take(&key("b")).is_none() && cache.bytes() == 0);
    }

    #[test]
    fn a_long_text_weighs_what_it_is() {
        let mut long = Event::any(0, 0);
        long.id = "x".repeat(100_000).into();
        let mut cache = Cache::new(50_000);
        cache.put(key("a"), held(0, 2));
        cache.put(key("b"), HeldCase::of(vec![long]));
        assert_eq!(cache.bytes(), 0, "nothing else fits beside it, and it does not fit itself");
    }

    #[test]
    fn a_short_list_has_room_for_what_it_holds_and_the_room_of_a_long_one_is_weighed() {
        let mut held = HeldCase::default();
        (0..3).for_each(|offset| held.add(Event::any(0, offset)));
        assert_eq!(held.events.capacity(), 3);
        let before = held.weight();
        held.events.reserve_exact(7);
        assert_eq!(held.weight() - before, 7 * size_of::<Event>());
    }

    #[test]
    fn a_redelivered_message_is_held_once() {
        let mut held = held(0, 2);
        held.add(Event::any(0, 1));
        held.add(Event::any(0, 2));
        assert_eq!(held.events.len(), 3);
    }
}
