//! What both streams' lives are put together from.

use super::{draw::Draw, life::Act, town::Unit};

/// A stage and about how long it takes, in minutes, compared with the others.
pub type Stage = (Act, u32);

/// What happens between receiving a case and closing it.
#[derive(Debug)]
pub struct Stages {
    /// Finding who deals with it.
    pub handling: Vec<Stage>,
    /// Doing it, checking it, and closing.
    pub finishing: Vec<Stage>,
    /// Who answers for it in the end.
    pub handler: &'static Unit,
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

/// Not theirs: they ask to be rid of it, and may.
pub fn sent_back(unit: &'static Unit) -> [Stage; 2] {
    [(Act::Returned(unit), 60), (Act::ReturnAccepted(unit), 40)]
}

/// Whoever works well does little twice.
pub fn rework_percent(unit: &Unit) -> u64 {
    unit.weakness() / 5
}

/// Done, checked, perhaps done again, closed.
pub fn finishing(unit: &'static Unit, draw: &mut Draw) -> Vec<Stage> {
    let mut stages = Vec::with_capacity(5);
    if draw.percent(rework_percent(unit)) {
        stages.push((Act::Submitted(unit), 300));
        stages.push((Act::Checked { passed: false }, 60));
    }
    stages.push((Act::Submitted(unit), 400));
    stages.push((Act::Checked { passed: true }, 60));
    stages.push((Act::Closed, 30));
    stages
}
