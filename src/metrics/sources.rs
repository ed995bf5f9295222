//! When each source was last heard, of a bounded number of sources.
//!
//! A source's name is what a message says of itself: without a bound, a feeder that makes names up would fill the memory of
//! this process and of Prometheus.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

/// What is shown by name in each stream; a town has a handful. The first ones keep their names.
const MOST: usize = 32;
/// Longer names, and those that would break a line, are not shown either.
const LONGEST: usize = 64;
pub(super) const OTHER: &str = "other";

type BySource = BTreeMap<String, i64>;

#[derive(Debug)]
pub(super) struct Sources(Mutex<BTreeMap<String, BySource>>);

impl Sources {
    pub(super) const fn new() -> Self {
        Self(Mutex::new(BTreeMap::new()))
    }

    /// Shows the name under which the source goes, and when it was last heard: what comes late does not turn the clock back.
    pub(super) fn heard(&self, stream: &str, source: &str, at_ms: i64, show: impl FnOnce(&str, i64)) {
        let mut streams = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let sources = streams.entry(stream.to_owned()).or_default();
        let named = sources.len() - usize::from(sources.contains_key(OTHER));
        let label = if sources.contains_key(source) || (is_fit(source) && named < MOST) { source } else { OTHER };
        let latest = sources.entry(label.to_owned()).or_insert(at_ms);
        *latest = at_ms.max(*latest);
        show(label, *latest);
    }
}

fn is_fit(source: &str) -> bool {
    source.chars().count() <= LONGEST && !source.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(sources: &Sources, source: &str, at_ms: i64) -> (String, i64) {
        let mut shown = None;
        sources.heard("hotline", source, at_ms, |label, latest| shown = Some((label.to_owned(), latest)));
        shown.unwrap()
    }

    #[test]
    fn names_that_are_made_up_without_end_go_under_one() {
        let sources = Sources::new();
        assert_eq!(heard(&sources, OTHER, 0), (OTHER.into(), 0));
        for n in 0..MOST as i64 {
            let name = format!("feeder-{n}");
            assert_eq!(heard(&sources, &name, n), (name, n));
        }
        for n in 0..100_000 {
            assert_eq!(heard(&sources, &format!("made-up-{n}"), n), (OTHER.into(), n));
        }
        assert_eq!(heard(&sources, "feeder-7", 9), ("feeder-7".into(), 9), "who has a name keeps it");
        assert_eq!(sources.0.lock().unwrap()["hotline"].len(), MOST + 1);
    }

    #[test]
    fn a_name_that_is_no_name_is_not_shown() {
        let sources = Sources::new();
        for name in ["a\nb", "a\0", &"长".repeat(LONGEST + 1)] {
            assert_eq!(heard(&sources, name, 1).0, OTHER, "{name:?}");
        }
        assert_eq!(heard(&sources, &"长".repeat(LONGEST), 1).0.chars().count(), LONGEST);
    }

    #[test]
    fn an_older_arrival_does_not_turn_the_clock_back() {
        let sources = Sources::new();
        assert_eq!(heard(&sources, "a", 9), ("a".into(), 9));
        assert_eq!(heard(&sources, "a", 5), ("a".into(), 9));
    }
}
