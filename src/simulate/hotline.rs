//! The stages of a hotline ticket: from the district to the town, from the town to a department, a call, an answer.

use super::{
    case::PlannedCase,
    draw::Draw,
    life::PlannedAct,
    stages::{Stages, finishing, sent_back, sent_to},
    town::{CENTRE, SERVICES},
};

pub fn stages(case: &PlannedCase, draw: &mut Draw) -> Stages {
    let unit = case.unit();
    let mut handling = vec![
        (PlannedAct::Dispatched { unit: &CENTRE, level: 2, is_support: false }, 30),
        (PlannedAct::Signed(&CENTRE), 20),
    ];
    if case.words % 40 == 7 && unit != &SERVICES {
        handling.extend(sent_to(&SERVICES, 3, false));
        handling.extend(sent_back(&SERVICES));
    }
    handling
        .extend([(PlannedAct::Dispatched { unit, level: 3, is_support: false }, 40), (PlannedAct::Signed(unit), 60)]);
    let mut handler = unit;
    if draw.percent(40) {
        handler = &case.community.committee;
        handling.extend(sent_to(handler, 4, false));
    }
    if draw.percent(15) && unit != &SERVICES {
        handling.extend(sent_to(&SERVICES, 3, true));
    }
    if draw.percent(18) {
        handling.push((PlannedAct::Contacted { reached: false }, 60));
    }
    handling.push((PlannedAct::Contacted { reached: true }, 120));
    if draw.percent(5) {
        handling.push((PlannedAct::UrgencyCorrected, 30));
    }
    Stages { handling, finishing: finishing(handler, draw), handler }
}
