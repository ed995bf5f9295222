//! What both streams' lives are put together from.

use super::{draw::Draw, life::Act, town::Unit};

/// A stage and about how long it takes, in minutes, compared with the others.
pub type Stage = (Act, u32);

/// What happens between receiving a case and closing it.
#[derive(Debug, Default)]
pub struct Stages {
    /// Finding who deals with it.
    pub handling: Vec<Stage>,
    /// Doing it, checking it, and closing.
    pub finishing: Vec<Stage>,
}

impl Stages {
    pub fn all(self) -> impl Iterator<Item = Stage> {
        self.handling.into_iter().chain(self.finishing)
    }
}

/// Sent on to a unit, which signs for it.
pub fn sent_to(unit: &'static Unit, level: u8, is_support: bool) -> [Stage; 2] {
    [(Act::Dispatched { unit, level, is_support }, 40), (Act::Signed(unit), 40)]
}

/// Done, checked, perhaps done again, closed.
pub fn finishing(unit: &'static Unit, draw: &mut Draw, rework_percent: u64) -> Vec<Stage> {
    let mut stages = Vec::with_capacity(5);
    if draw.percent(rework_percent) {
        stages.push((Act::Submitted(unit), 300));
        stages.push((Act::Checked { passed: false }, 60));
    }
    stages.push((Act::Submitted(unit), 400));
    stages.push((Act::Checked { passed: true }, 60));
    stages.push((Act::Closed, 30));
    stages
}
