//! What both streams' lives are put together from.

use super::{draw::Draw, life::PlannedAct, town::TownUnit};

/// A stage and about how long it takes, in minutes, compared with the others.
pub type PlannedStage = (PlannedAct, u32);

/// What happens between receiving a case and closing it.
#[derive(Debug)]
pub struct Stages {
    /// Finding who deals with it.
    pub handling: Vec<PlannedStage>,
    /// Doing it, checking it, and closing.
    pub finishing: Vec<PlannedStage>,
    /// Who answers for it in the end.
    pub handler: &'static TownUnit,
}

impl Stages {
    pub fn all(self) -> impl Iterator<Item = PlannedStage> {
        self.handling.into_iter().chain(self.finishing)
    }
}

/// Sent on to a unit, which signs for it.
pub fn sent_to(unit: &'static TownUnit, level: u8, is_support: bool) -> [PlannedStage; 2] {
    [(PlannedAct::Dispatched { unit, level, is_support }, 40), (PlannedAct::Signed(unit), 40)]
}

/// Not theirs: they ask to be rid of it, and may.
pub fn sent_back(unit: &'static TownUnit) -> [PlannedStage; 2] {
    [(PlannedAct::Returned(unit), 60), (PlannedAct::ReturnAccepted(unit), 40)]
}

/// Whoever works well does little twice.
pub fn rework_percent(unit: &TownUnit) -> u64 {
    unit.weakness() / 5
}

/// Done, checked, perhaps done again, closed.
pub fn finishing(unit: &'static TownUnit, draw: &mut Draw) -> Vec<PlannedStage> {
    let mut stages = Vec::with_capacity(5);
    if draw.percent(rework_percent(unit)) {
        stages.push((PlannedAct::Submitted(unit), 300));
        stages.push((PlannedAct::Checked { passed: false }, 60));
    }
    stages.push((PlannedAct::Submitted(unit), 400));
    stages.push((PlannedAct::Checked { passed: true }, 60));
    stages.push((PlannedAct::Closed, 30));
    stages
}
