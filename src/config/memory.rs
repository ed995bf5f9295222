//! The one budget of memory, and who has which share of it. Nothing else says how much may be held.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Memory {
    pub max_mb: u64,
}

/// In bytes. What they leave is for bodies of inserts (the ledger's as large as a batch, those of two batches' cases) and for the
/// program itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shares {
    /// Fetched by the Kafka client and not taken yet; as much again may be on its way.
    pub fetched: usize,
    /// Of one batch. There are four at most: collected, waiting, on its way into the ledger, being folded.
    pub batch: usize,
    /// Events of recent cases.
    pub cached: usize,
}

impl Memory {
    pub fn shares(self) -> Shares {
        let all = self.max_mb as usize * 1024 * 1024;
        Shares { fetched: all / 32, batch: all / 10, cached: all / 5 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shared_out_leaves_room_for_bodies_and_the_program() {
        for max_mb in [128, 256, 512, 4096] {
            let Shares { fetched, batch, cached } = Memory { max_mb }.shares();
            let all = max_mb as usize * 1024 * 1024;
            assert!(2 * fetched + 4 * batch + cached + 3 * batch <= all, "{max_mb}");
        }
    }
}
