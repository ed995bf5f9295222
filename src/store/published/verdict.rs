//! The verdict of one case.

use clickhouse::Row;
use serde::Deserialize;
use smol_str::SmolStr;

/// In which figures of a period a case counts, and what that rests on; times in milliseconds.
#[derive(Row, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct PublishedVerdict {
    pub stream: SmolStr,
    pub case_id: SmolStr,
    pub version: u64,
    pub policy: SmolStr,
    pub policy_rule: SmolStr,
    pub calendar: SmolStr,
    pub standing: SmolStr,
    pub unit: SmolStr,
    pub unit_name: SmolStr,
    pub community: SmolStr,
    pub received_at: Option<i64>,
    pub due_at: Option<i64>,
    pub finished_at: Option<i64>,
    pub closed_at: Option<i64>,
    pub worked_ms: Option<i64>,
    pub numerators: u64,
    pub denominators: u64,
    #[serde(rename = "amounts.figure")]
    pub amount_figures: Vec<u8>,
    #[serde(rename = "amounts.n")]
    pub amount_n: Vec<u64>,
    #[serde(rename = "amounts.d")]
    pub amount_d: Vec<u64>,
}

/// What a case adds to a figure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amounts {
    pub n: u64,
    pub d: u64,
}

impl PublishedVerdict {
    /// What puts cases in order.
    pub fn key(&self) -> (&str, &str) {
        (&self.stream, &self.case_id)
    }

    /// Of the figure with this bit.
    pub fn amounts(&self, bit: u8) -> Amounts {
        let found = self.amount_figures.iter().position(|one| *one == bit);
        let uncommon = found.and_then(|at| self.amount_n.get(at).zip(self.amount_d.get(at)));
        let (n, d) = uncommon.map_or((1, 1), |(n, d)| (*n, *d));
        let is_set = |bits: u64| bits >> bit & 1 == 1;
        Amounts { n: if is_set(self.numerators) { n } else { 0 }, d: if is_set(self.denominators) { d } else { 0 } }
    }

    /// As the figures are grouped.
    pub fn unit_label(&self) -> &SmolStr {
        if self.unit.is_empty() { &self.unit_name } else { &self.unit }
    }

    pub fn generation(&self) -> u32 {
        (self.version >> 32) as u32
    }

    /// Messages that the case was folded from.
    pub fn rows(&self) -> u32 {
        self.version as u32
    }
}
