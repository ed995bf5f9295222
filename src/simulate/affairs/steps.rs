//! The steps of one life, by its course, each at a working hour after the one before.

use smol_str::SmolStr;

use super::{
    plan::{Course, PlannedWork},
    words::{self, text},
};
use crate::{
    domain::{fact::FactKind, time::Millis},
    feed::contract::{
        Data,
        data::{Checked, Closed, Contacted, Corrected, Dispatched, Reason, Revisited, Satisfaction, Submitted},
    },
    simulate::{
        draw::Draw,
        town::TownUnit,
        working::{HOUR, SimulatedWorking},
    },
};

/// One piece of a work: its number, when it begins, and how many it counts for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub(super) number: u64,
    pub(super) start: Millis,
    pub(super) quantity: u64,
    pub(super) told: u64,
    pub(super) is_void: bool,
}

pub(super) type Step = (FactKind, Millis, Data);

/// A life under way.
struct Telling<'a> {
    working: &'a SimulatedWorking,
    draw: &'a mut Draw,
    now: Millis,
    steps: Vec<Step>,
}

impl Telling<'_> {
    /// After so many hours of work.
    fn after(&mut self, least: i64, most: i64, data: Data) -> &mut Self {
        let work = self.draw.between(least, most);
        self.now = self.working.after(self.now, work * HOUR);
        self.tell(data)
    }

    fn tell(&mut self, data: Data) -> &mut Self {
        self.steps.push((data.kind(), self.now, data));
        self
    }
}

pub(super) fn of(work: &PlannedWork, piece: &Piece, working: &SimulatedWorking, draw: &mut Draw) -> Vec<Step> {
    if let Course::Tally { .. } = work.course {
        return tally(work, piece, working, draw);
    }
    let unit = words::unit(work.stream, draw);
    let intake = words::intake(work, piece.number, draw);
    let mut telling = Telling { working, draw, now: piece.start, steps: Vec::with_capacity(8) };
    telling.tell(Data::Reported(intake));
    telling.after(1, if work.course == Course::Petition { 40 } else { 8 }, Data::Accepted(words::nothing_new()));
    telling.after(1, 8, dispatched(unit));
    let (result, how) = outcome(work, piece.number);
    match work.course {
        Course::Proposal => {
            telling.after(
                2,
                16,
                Data::Contacted(Contacted { contacted: true, unit: text(unit.code), ..Contacted::default() }),
            );
            telling.after(40, 160, submitted(unit, result));
        }
        Course::Petition => _ = telling.after(40, 200, submitted(unit, result)),
        Course::Environment => {
            telling.after(2, 40, submitted(unit, result));
            telling.after(1, 8, Data::Checked(Checked { passed: true, reason_code: None, reason: None }));
        }
        Course::Lawsuit => _ = telling.after(160, 240, submitted(unit, result)),
        _ => _ = telling.after(8, 80, submitted(unit, result)),
    }
    telling.after(1, 16, Data::Closed(Closed { how: text(how), result: text(result) }));
    if work.course == Course::Proposal {
        telling.after(8, 40, satisfied());
    }
    telling.steps
}

fn tally(work: &PlannedWork, piece: &Piece, working: &SimulatedWorking, draw: &mut Draw) -> Vec<Step> {
    let tallied = words::tallied(work, piece.told, draw);
    let mut telling = Telling { working, draw, now: piece.start, steps: Vec::new() };
    telling.tell(Data::Tallied(Box::new(tallied)));
    if piece.is_void {
        let why = Reason { reason_code: text("MISTAKEN"), reason: text("重复登记") };
        telling.after(2, 8, Data::Voided(why));
    } else if piece.told != piece.quantity {
        let number = |quantity: u64| SmolStr::from(quantity.to_string());
        telling.after(
            2,
            8,
            Data::Corrected(Corrected {
                field: SmolStr::new_static("quantity"),
                value: number(piece.quantity),
                old_value: Some(number(piece.told)),
                reason_code: text("WRONG_AT_INTAKE"),
                reason: None,
            }),
        );
    }
    telling.steps
}

/// Result and way of closing.
fn outcome(work: &PlannedWork, number: u64) -> (&'static str, &'static str) {
    let result = match work.course {
        Course::Mediation { failed } if number < failed => "调解不成",
        Course::Mediation { .. } => "调解成功",
        Course::Lawsuit if number == 0 => "驳回起诉",
        Course::Lawsuit => "原告撤诉",
        Course::Document | Course::Request => "已公开",
        _ => "实际解决",
    };
    (result, "normal")
}

fn dispatched(unit: &'static TownUnit) -> Data {
    Data::Dispatched(Dispatched {
        unit: unit.code.into(),
        unit_name: text(unit.name),
        level: Some(4),
        role: text("lead"),
        due_at: None,
    })
}

fn submitted(unit: &'static TownUnit, result: &'static str) -> Data {
    Data::Submitted(Submitted { unit: text(unit.code), result: text(result), note: None })
}

fn satisfied() -> Data {
    Data::Revisited(Revisited { reached: true, satisfaction: Some(Satisfaction::Satisfied), ..Revisited::default() })
}
