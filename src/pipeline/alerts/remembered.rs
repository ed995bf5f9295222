//! Alerts of which this process knows that nothing is to be done: so that what is asked again and again need not be looked up.

use std::collections::HashSet;

use smol_str::SmolStr;

/// Ids in memory at most; about 10 MB.
const IDS_MAX: usize = 100_000;

/// The newest of them, in two heaps: when one is full the older goes.
#[derive(Debug, Default)]
pub(super) struct Remembered {
    newer: HashSet<SmolStr>,
    older: HashSet<SmolStr>,
}

impl Remembered {
    pub(super) fn has(&self, id: &SmolStr) -> bool {
        self.newer.contains(id) || self.older.contains(id)
    }

    pub(super) fn add(&mut self, id: SmolStr) {
        if self.newer.len() >= IDS_MAX / 2 {
            self.older = std::mem::take(&mut self.newer);
        }
        self.newer.insert(id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_are_known_and_there_are_never_more_than_the_bound() {
        let mut remembered = Remembered::default();
        for id in 0..3 * IDS_MAX {
            remembered.add(id.to_string().into());
            assert!(remembered.newer.len() + remembered.older.len() <= IDS_MAX);
        }
        assert!(remembered.has(&(3 * IDS_MAX - 1).to_string().into()));
        assert!(!remembered.has(&"0".into()));
    }
}
