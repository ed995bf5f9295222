//! When the cases of one work begin, and what becomes of each.

use smol_str::format_smolstr;

use super::{
    Event,
    plan::{Course, PlannedWork},
    steps::{self, Piece},
};
use crate::simulate::{
    draw::{Draw, Purpose},
    rhythm::shared_out,
    working::{HOUR, SimulatedDayKind, SimulatedWorking, midnight},
};

/// Lives take at most seven weeks of work, so that all of a year end in it.
const LAST_WEEKS: i64 = 80;
/// Every so many occasions of a tally one is told wrong, and put right.
const CORRECTED_EVERY: u64 = 97;
/// Occasions that turn out to be a mistake, on top.
const VOIDED: u64 = 1;
/// How much too high a wrong tally is.
const WRONG_BY: u64 = 10;

pub(super) fn of(work: &PlannedWork, lane: usize, working: &SimulatedWorking, seed: u64) -> Vec<Event> {
    let mut draw = Draw::new(seed, Purpose::Affairs, lane, 0);
    let pieces = pieces(work, working, &mut draw);
    let mut events = Vec::new();
    for piece in pieces {
        let mut draw = Draw::new(seed, Purpose::Affairs, lane, piece.number + 1);
        let case_id = format_smolstr!("{}{:02}{lane:02}{:05}", prefix(work.stream), work.year % 100, piece.number + 1);
        let steps = steps::of(work, &piece, working, &mut draw);
        events.extend(steps.into_iter().zip(1..).map(|((kind, at, data), number)| Event {
            stream: work.stream,
            case_id: case_id.clone(),
            at,
            number,
            kind,
            data,
        }));
    }
    events
}

fn pieces(work: &PlannedWork, working: &SimulatedWorking, draw: &mut Draw) -> Vec<Piece> {
    let days: Vec<i64> = {
        let (all, is_tally) = (work.days(), matches!(work.course, Course::Tally { .. }));
        let last = if is_tally { all.end - 5 } else { all.end - LAST_WEEKS };
        (all.start..last).filter(|day| working.kind(*day) == SimulatedDayKind::Work).collect()
    };
    let total = match work.course {
        Course::Tally { total } => total,
        _ => work.cases,
    };
    let is_tally = matches!(work.course, Course::Tally { .. });
    let quantities = quantities(total, work.cases, draw);
    let extra = if is_tally && work.cases >= CORRECTED_EVERY { VOIDED } else { 0 };
    (0..work.cases + extra)
        .map(|number| {
            let day = days[draw.below(days.len() as u64) as usize];
            let start = midnight(day).plus(9 * HOUR + draw.between(0, 2 * 3_600) * 1000);
            let is_void = number >= work.cases;
            let quantity = if is_void { WRONG_BY } else { quantities[number as usize] };
            let is_wrong = is_tally && !is_void && number % CORRECTED_EVERY == CORRECTED_EVERY - 1;
            Piece { number, start, quantity, told: quantity + if is_wrong { WRONG_BY } else { 0 }, is_void }
        })
        .collect()
}

/// One each where there are as many occasions as there are things; otherwise by chance, some of them none.
fn quantities(total: u64, occasions: u64, draw: &mut Draw) -> Vec<u64> {
    if total == occasions {
        return vec![1; occasions as usize];
    }
    let weights: Vec<u64> = (0..occasions).map(|_| draw.between(10, 100).unsigned_abs()).collect();
    shared_out(total, &weights)
}

fn prefix(stream: &str) -> &'static str {
    match stream {
        "petitions" => "XF",
        "mediation" => "TJ",
        "proposals" => "DB",
        "disclosure" => "GK",
        "lawsuits" => "SS",
        "environment" => "HB",
        "legal_services" => "FL",
        "hazards" => "AQ",
        "police_calls" => "JQ",
        _ => "XC",
    }
}
