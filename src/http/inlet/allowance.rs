//! How much a key may send: as many events in a minute as it is allowed, at any speed.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

const MINUTE: f64 = 60.0;

/// By the id of the key: what is left of its minute, and since when it grows again.
#[derive(Debug, Default)]
pub(super) struct Allowances(Mutex<HashMap<String, Left>>);

#[derive(Clone, Copy, Debug)]
struct Left {
    events: f64,
    at: Instant,
}

impl Allowances {
    /// Takes them, or says how long to wait. Who has anything left may send a whole batch, and waits the longer for it: else a
    /// batch that is larger than the allowance would never come through. 0: no bound.
    pub(super) fn spend(&self, key: &str, per_minute: u64, events: usize, now: Instant) -> Result<(), Duration> {
        if per_minute == 0 {
            return Ok(());
        }
        let (most, events) = (per_minute as f64, events as f64);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let left = all.entry(key.to_owned()).or_insert(Left { events: most, at: now });
        let grown = now.saturating_duration_since(left.at).as_secs_f64() * most / MINUTE;
        *left = Left { events: (left.events + grown).min(most), at: now };
        if left.events < 1.0 {
            return Err(Duration::from_secs_f64((1.0 - left.events) * MINUTE / most));
        }
        left.events -= events;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minutes_events_come_through_and_then_as_many_as_time_brings() {
        let (allowances, now) = (Allowances::default(), Instant::now());
        let after = |seconds| now + Duration::from_secs(seconds);
        assert_eq!(allowances.spend("a", 60, 60, now), Ok(()));
        assert_eq!(allowances.spend("a", 60, 1, now), Err(Duration::from_secs(1)));
        assert_eq!(allowances.spend("b", 60, 1, now), Ok(()), "another key has its own");
        assert_eq!(allowances.spend("a", 60, 1, after(1)), Ok(()));
        assert_eq!(allowances.spend("a", 60, 500, after(3)), Ok(()), "a batch comes through whole");
        assert_eq!(allowances.spend("a", 60, 1, after(4)), Err(Duration::from_secs(498)));
        assert_eq!(allowances.spend("a", 60, 60, after(10_000)), Ok(()), "no more than a minute is saved up");
        assert!(allowances.spend("a", 60, 1, after(10_000)).is_err());
        assert_eq!(allowances.spend("c", 0, 1_000_000, now), Ok(()));
    }
}
