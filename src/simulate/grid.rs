//! The stages of a grid case: dispatched by the centre, perhaps to the wrong department first, handled, checked on site.

use super::{
    case::PlannedCase,
    categories::{self, PlannedCategory},
    draw::Draw,
    life::PlannedAct,
    stages::{Stages, finishing, sent_back, sent_to},
    town::{CENTRE, DEPARTMENTS},
};

pub fn stages(case: &PlannedCase, draw: &mut Draw) -> Stages {
    let unit = case.unit();
    let mut handling = Vec::with_capacity(12);
    handling.extend(sent_to(&CENTRE, 2, false));
    if draw.percent(18) {
        // Not theirs: the centre sends it on.
        let wrong = DEPARTMENTS[draw.below(DEPARTMENTS.len() as u64) as usize];
        handling.extend(sent_to(wrong, 3, false));
        if wrong != unit && case.words.is_multiple_of(6) {
            handling.extend(sent_back(wrong));
        }
    }
    handling.extend(sent_to(unit, 3, false));
    let mut handler = unit;
    if draw.percent(45) {
        handler = &case.community.committee;
        handling.extend(sent_to(handler, 4, false));
    }
    if draw.percent(12) {
        handling.extend(sent_to(&case.community.committee, 4, true));
    }
    if draw.percent(4) {
        let is_other = |category: &PlannedCategory| category.kind == case.kind && category != case.category;
        let other = draw.weighted(&categories::GRID, |category| if is_other(category) { category.weight } else { 0 });
        let other = other.unwrap_or(case.category);
        handling.push((PlannedAct::CategoryCodeCorrected(other), 20));
        handling.push((PlannedAct::CategoryNameCorrected(other), 1));
    }
    Stages { handling, finishing: finishing(handler, draw), handler }
}
