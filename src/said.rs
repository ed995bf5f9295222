//! What goes on for hours is said once, and then once a minute with how often it was seen since. It decides only; whoever
//! asks writes the line, and counts each time in the metrics.

use std::time::Duration;

use tokio::time::Instant;

/// Between two lines about one thing.
pub const SELDOM: Duration = Duration::from_secs(60);

/// More different things at once are not told apart from new ones.
const THINGS: usize = 32;

#[derive(Debug)]
pub struct Said {
    every: Duration,
    things: Vec<Thing>,
}

#[derive(Debug)]
struct Thing {
    name: String,
    at: Instant,
    unsaid: u64,
}

impl Default for Said {
    fn default() -> Self {
        Self::every(SELDOM)
    }
}

impl Said {
    pub fn every(every: Duration) -> Self {
        Self { every, things: Vec::new() }
    }

    /// Is it to be said now? With how often it was seen since it was last said.
    pub fn seen(&mut self, name: &str, now: Instant) -> Option<u64> {
        if let Some(thing) = self.things.iter_mut().find(|thing| thing.name == name) {
            if now.saturating_duration_since(thing.at) < self.every {
                thing.unsaid += 1;
                return None;
            }
            thing.at = now;
            return Some(std::mem::take(&mut thing.unsaid));
        }
        if self.things.len() == THINGS {
            self.things.retain(|thing| now.saturating_duration_since(thing.at) < self.every);
        }
        if self.things.len() < THINGS {
            self.things.push(Thing { name: name.to_owned(), at: now, unsaid: 0 });
        }
        Some(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_thing_is_said_at_once_and_then_once_a_minute_with_how_often() {
        let start = Instant::now();
        let mut said = Said::default();
        let mut at = |second: u64, name: &str| said.seen(name, start + Duration::from_secs(second));
        for (second, name, expected) in [
            (0, "252", Some(0)),
            (1, "252", None),
            (2, "gone", Some(0)),
            (30, "252", None),
            (59, "252", None),
            (60, "252", Some(3)),
            (61, "gone", None),
            (62, "gone", Some(1)),
            (119, "252", None),
            (500, "252", Some(1)),
            (700, "252", Some(0)),
        ] {
            assert_eq!(at(second, name), expected, "{name} at {second} s");
        }
    }

    #[test]
    fn what_is_remembered_does_not_grow() {
        let mut said = Said::default();
        let now = Instant::now();
        for n in 0..1_000 {
            said.seen(&n.to_string(), now);
        }
        assert_eq!(said.things.len(), THINGS);
        said.seen("later", now + SELDOM);
        assert_eq!(said.things.len(), 1);
    }
}
