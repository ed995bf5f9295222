//! The cases that a batch touches, with what is held of each.

use std::collections::{HashMap, hash_map::Entry};

use foldhash::fast::RandomState;

use super::cache::{Cache, CaseKey, Held};
use crate::domain::event::Event;

#[derive(Debug)]
pub struct Touch {
    pub key: CaseKey,
    pub held: Held,
    /// Was nothing held of it in memory? Then the ledger has to be asked.
    pub is_unknown: bool,
    /// Events of the batch.
    awaited: usize,
}

#[derive(Debug, Default)]
pub struct Touched {
    cases: Vec<Touch>,
    places: HashMap<CaseKey, usize, RandomState>,
}

impl Touched {
    /// The cases of these events, what is held of them taken out of the cache; and for each event the place of its case.
    pub fn by(events: &[Event], cache: &mut Cache) -> (Self, Vec<usize>) {
        let mut touched = Self::default();
        let mut places = Vec::with_capacity(events.len());
        for event in events {
            let place = touched.place((event.stream.clone(), event.case_id.clone()), |key| cache.take(key));
            touched.cases[place].awaited += 1;
            places.push(place);
        }
        (touched, places)
    }

    /// These cases, with nothing held of them.
    pub fn afresh(keys: &[CaseKey]) -> Self {
        let mut touched = Self::default();
        for key in keys {
            touched.place(key.clone(), |_| None);
        }
        touched
    }

    fn place(&mut self, key: CaseKey, held: impl FnOnce(&CaseKey) -> Option<Held>) -> usize {
        match self.places.entry(key) {
            Entry::Occupied(place) => *place.get(),
            Entry::Vacant(place) => {
                let held = held(place.key());
                let (key, is_unknown) = (place.key().clone(), held.is_none());
                self.cases.push(Touch { key, held: held.unwrap_or_default(), is_unknown, awaited: 0 });
                *place.insert(self.cases.len() - 1)
            }
        }
    }

    pub fn unknown(&self) -> impl Iterator<Item = &CaseKey> {
        self.cases.iter().filter(|case| case.is_unknown).map(|case| &case.key)
    }

    pub fn unknown_mut(&mut self) -> impl Iterator<Item = &mut Touch> {
        self.cases.iter_mut().filter(|case| case.is_unknown)
    }

    /// Adds an event that the ledger holds; of a case that was not asked for there is none.
    pub fn add(&mut self, event: Event) {
        let key = (event.stream.clone(), event.case_id.clone());
        if let Some(place) = self.places.get(&key) {
            self.cases[*place].held.add(event);
        }
    }

    /// Adds the events of the batch, each at the place of its case. Room for all of a case's events is made at once: an event
    /// is three hundred bytes, and to move it along as a list grows is a twentieth of the service.
    pub fn add_all(&mut self, events: impl Iterator<Item = Event>, places: &[usize]) {
        for case in &mut self.cases {
            case.held.events.reserve_exact(case.awaited);
        }
        for (event, place) in events.zip(places) {
            self.cases[*place].held.add(event);
        }
    }

    /// In the order of the table's key: ClickHouse would have to bring every column into it. Without those of which the
    /// ledger holds nothing.
    pub fn in_order(self) -> Vec<Touch> {
        let mut cases = self.cases;
        cases.retain(|case| !case.held.events.is_empty());
        cases.sort_unstable_by(|one, other| one.key.cmp(&other.key));
        cases
    }
}
