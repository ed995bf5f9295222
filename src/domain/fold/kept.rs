//! The events kept so far, found by their identity.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use smol_str::SmolStr;

use crate::domain::event::Event;

/// A usual life is found faster by looking through it than by hashing it.
const LOOK_THROUGH_MAX: usize = 32;

#[derive(Debug)]
pub(super) struct Kept<'a> {
    pub(super) events: Vec<&'a Event>,
    /// Only for long lives.
    places: Option<HashMap<(&'a SmolStr, &'a SmolStr), usize, RandomState>>,
}

impl<'a> Kept<'a> {
    pub(super) fn of(most: usize) -> Self {
        let places = (most > LOOK_THROUGH_MAX).then(HashMap::default);
        Self { events: Vec::with_capacity(most), places }
    }

    pub(super) fn find(&self, row: &Event) -> Option<&'a Event> {
        match &self.places {
            Some(places) => places.get(&(&row.source, &row.id)).map(|place| self.events[*place]),
            None => self.events.iter().copied().find(|event| event.id == row.id && event.source == row.source),
        }
    }

    pub(super) fn add(&mut self, row: &'a Event) {
        if let Some(places) = &mut self.places {
            places.insert((&row.source, &row.id), self.events.len());
        }
        self.events.push(row);
    }
}
