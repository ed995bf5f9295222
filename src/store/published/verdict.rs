//! The verdict of one case.

use clickhouse::Row;
use serde::Deserialize;
use smol_str::SmolStr;

/// In which figures of a period a case counts, and what that rests on; times in milliseconds.
#[derive(Row, Deserialize, Clone, Debug, PartialEq, Eq)]
pub(crate) struct PublishedVerdict {
    pub(crate) stream: SmolStr,
    pub(crate) case_id: SmolStr,
    pub(crate) version: u64,
    pub(crate) policy: SmolStr,
    pub(crate) policy_rule: SmolStr,
    pub(crate) calendar: SmolStr,
    pub(crate) standing: SmolStr,
    pub(crate) unit: SmolStr,
    pub(crate) unit_name: SmolStr,
    pub(crate) community: SmolStr,
    pub(crate) received_at: Option<i64>,
    pub(crate) due_at: Option<i64>,
    pub(crate) finished_at: Option<i64>,
    pub(crate) closed_at: Option<i64>,
    pub(crate) worked_ms: Option<i64>,
    pub(crate) numerators: u64,
    pub(crate) denominators: u64,
    #[serde(rename = "amounts.figure")]
    pub(crate) amount_figures: Vec<u8>,
    #[serde(rename = "amounts.n")]
    pub(crate) amount_n: Vec<u64>,
    #[serde(rename = "amounts.d")]
    pub(crate) amount_d: Vec<u64>,
}

/// What a case adds to a figure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Amounts {
    pub(crate) n: u64,
    pub(crate) d: u64,
}

impl PublishedVerdict {
    /// What puts cases in order.
    pub(crate) fn key(&self) -> (&str, &str) {
        (&self.stream, &self.case_id)
    }

    /// Of the figure with this bit.
    pub(crate) fn amounts(&self, bit: u8) -> Amounts {
        let found = self.amount_figures.iter().position(|one| *one == bit);
        let uncommon = found.and_then(|at| self.amount_n.get(at).zip(self.amount_d.get(at)));
        let (n, d) = uncommon.map_or((1, 1), |(n, d)| (*n, *d));
        let is_set = |bits: u64| bits >> bit & 1 == 1;
        Amounts { n: if is_set(self.numerators) { n } else { 0 }, d: if is_set(self.denominators) { d } else { 0 } }
    }

    /// As the figures are grouped.
    pub(crate) fn unit_label(&self) -> &SmolStr {
        if self.unit.is_empty() { &self.unit_name } else { &self.unit }
    }

    pub(crate) fn generation(&self) -> u32 {
        (self.version >> 32) as u32
    }

    /// Messages that the case was folded from.
    pub(crate) fn rows(&self) -> u32 {
        self.version as u32
    }
}
