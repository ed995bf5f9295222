//! The one budget of memory, and who has which share of it. Nothing else says how much may be held.

use std::fmt;

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Memory {
    pub max_mb: u64,
    /// 0: its share.
    pub cached_max_kb: u64,
}

/// In bytes. What they leave is for bodies of inserts (the ledger's as large as a batch, those of two batches' cases).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shares {
    /// Fetched by the Kafka client and not taken yet; as much again may be on its way.
    pub fetched: usize,
    /// Of one batch. There are four at most: collected, waiting, on its way into the ledger, being folded.
    pub batch: usize,
    /// Events of recent cases.
    pub cached: usize,
}

impl fmt::Display for Shares {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mib = |bytes: usize| bytes / 1024 / 1024;
        let (fetched, batch, cached) = (mib(self.fetched), mib(self.batch), mib(self.cached));
        write!(
            f,
            "{fetched} MiB fetched and as much on its way, four batches of {batch} MiB, {cached} MiB of recent cases, the rest for bodies"
        )
    }
}

/// Of the program itself, whatever it holds: its code, threads and tables.
const PROGRAM: usize = 32 * 1024 * 1024;

impl Memory {
    pub fn shares(self) -> Shares {
        let all = self.max_mb as usize * 1024 * 1024;
        let left = all - PROGRAM;
        let cached = match self.cached_max_kb as usize * 1024 {
            0 => left / 6,
            less => less.min(left / 6),
        };
        Shares { fetched: all / 32, batch: left / 12, cached }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shared_out_leaves_room_for_bodies_and_the_program() {
        for max_mb in [128, 256, 512, 4096] {
            let Shares { fetched, batch, cached } = Memory { max_mb, cached_max_kb: 0 }.shares();
            let all = max_mb as usize * 1024 * 1024;
            assert!(2 * fetched + 4 * batch + cached + 3 * batch + PROGRAM <= all, "{max_mb}");
        }
    }
}
