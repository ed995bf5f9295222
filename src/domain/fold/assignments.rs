//! Dispatches and what becomes of each: which one a unit's word is about, and how it ends.

use super::{BEYOND, folding::Folding};
use crate::domain::{
    assignment::{Assignment, Outcome},
    fact::{Dispatch, Reason},
    stream::Finish,
    time::Millis,
};

/// Reasons of a rework that say the case was with the wrong unit.
const WRONG_UNIT: [&str; 2] = ["wrong_unit", "派遣错误"];

/// So many dispatches of a case are followed each; the rest are counted, and counted as irregular. No case goes through so many
/// hands, and every fact has to find the one that it is about.
const FOLLOWED: usize = 64;

const LEAD: &str = "lead";
const SUPPORT: &str = "support";

impl Folding<'_> {
    pub(super) fn assign(&mut self, at: Millis, dispatch: &Dispatch) -> u16 {
        if self.case.assignments.len() == FOLLOWED {
            self.case.counts.irregular += 1;
            return BEYOND;
        }
        self.case.assignments.push(Assignment {
            unit: dispatch.unit.clone(),
            unit_name: dispatch.unit_name.clone(),
            level: dispatch.level,
            is_support: dispatch.role == SUPPORT,
            at,
            ..Assignment::default()
        });
        self.case.assignments.len() as u16
    }

    /// 转派: who leads and has not answered has the case no more, if the dispatch goes to a lower level or says in so many words
    /// that another unit leads. Where it says neither, several units may have the case side by side.
    pub(super) fn pass_on(&mut self, at: Millis, dispatch: &Dispatch) {
        if dispatch.role == SUPPORT {
            return;
        }
        let next = self.case.assignments.len() as u16 + 1;
        self.passed_to.resize(self.case.assignments.len() + 1, 0);
        for (one, passed_to) in self.case.assignments.iter_mut().zip(&mut self.passed_to) {
            let is_leading = one.outcome == Outcome::Open && !one.is_support && one.unit != dispatch.unit;
            if is_leading && (dispatch.role == LEAD || one.is_above(dispatch.level)) {
                (one.outcome, one.ended_at) = (Outcome::PassedOn, Some(at));
                *passed_to = next;
            }
        }
    }

    /// The latest assignment of the unit: one that is open before one that is over, and of those the one in which it leads.
    /// Without a unit the latest that leads, working or done; where none does, or the unit never had the case, none that is followed.
    pub(super) fn assignment_of(&self, unit: &str) -> Option<u16> {
        let all = &self.case.assignments;
        let latest = |fits: &dyn Fn(&Assignment) -> bool| all.iter().rposition(fits);
        let of_unit = |one: &Assignment| !unit.is_empty() && one.unit == unit;
        let is_open = |one: &Assignment| of_unit(one) && one.outcome == Outcome::Open;
        if all.is_empty() {
            return None;
        }
        let has = |one: &Assignment| !one.is_support && matches!(one.outcome, Outcome::Open | Outcome::Done);
        let found = match unit.is_empty() {
            true => latest(&has),
            false => latest(&|one| is_open(one) && !one.is_support)
                .or_else(|| latest(&is_open))
                .or_else(|| latest(&|one| of_unit(one) && !one.is_support))
                .or_else(|| latest(&of_unit)),
        };
        found.map_or(Some(BEYOND), |found| u16::try_from(found + 1).ok())
    }

    /// The same, and a stranger is counted.
    pub(super) fn whose(&mut self, unit: &str) -> Option<u16> {
        let number = self.assignment_of(unit);
        self.case.counts.irregular += u32::from(number == Some(BEYOND) && !unit.is_empty());
        number
    }

    fn assignment(&mut self, number: u16) -> Option<&mut Assignment> {
        self.case.assignments.get_mut(usize::from(number).checked_sub(1)?)
    }

    pub(super) fn sign(&mut self, at: Millis, unit: &str) -> Option<u16> {
        let number = self.whose(unit)?;
        if let Some(one) = self.assignment(number) {
            one.signed_at.get_or_insert(at);
        }
        Some(number)
    }

    pub(super) fn submit(&mut self, at: Millis, unit: &str) -> Option<u16> {
        let number = self.whose(unit);
        let is_support = number.and_then(|number| self.assignment(number)).is_some_and(|one| one.is_support);
        if !is_support {
            self.case.milestones.last_submitted_at = Some(at);
            if self.is_finish(Finish::Submitted) {
                self.be_done(at);
            }
        }
        if let Some(one) = self.assignment(number?) {
            one.submitted_at = Some(at);
            if matches!(one.outcome, Outcome::Open | Outcome::PassedOn) {
                (one.outcome, one.ended_at) = (Outcome::Done, None);
            }
        }
        number
    }

    pub(super) fn decide_return(&mut self, at: Millis, accepted: bool, unit: &str) -> Option<u16> {
        let number = self.whose(unit);
        if !accepted {
            self.case.counts.refused_returns += 1;
            return number;
        }
        if number == Some(BEYOND) && !unit.is_empty() {
            return number;
        }
        self.case.counts.returns += 1;
        let marks = &mut self.case.milestones;
        marks.returned_at.get_or_insert(at);
        marks.misdispatched_at.get_or_insert(at);
        self.give_back(number, at, Outcome::Returned)
    }

    pub(super) fn withdraw(&mut self, at: Millis, unit: &str) -> Option<u16> {
        let number = self.whose(unit);
        self.give_back(number, at, Outcome::Withdrawn)
    }

    /// Whom it is about is decided when it comes, and stays so wherever the dues are reckoned once more.
    fn give_back(&mut self, number: Option<u16>, at: Millis, outcome: Outcome) -> Option<u16> {
        if let Some(decided) = self.told.gave_back() {
            return decided.map(|number| self.end_as_decided(number, at, outcome));
        }
        let ended = number.map(|number| self.end(number, at, outcome));
        self.told.give_back(ended);
        ended
    }

    /// By what is known now it had handed the case on before: it gave nothing back then, and is judged by the handing on.
    fn end_as_decided(&mut self, number: u16, at: Millis, outcome: Outcome) -> u16 {
        match self.assignment(number).filter(|one| one.outcome == Outcome::PassedOn) {
            Some(one) => {
                (one.outcome, one.ended_at) = (outcome, Some(at));
                BEYOND
            }
            None => self.end(number, at, outcome),
        }
    }

    /// Gives the number, if anything ended: what was given back or handed on once stays so, and nobody has it to give it back.
    fn end(&mut self, number: u16, at: Millis, outcome: Outcome) -> u16 {
        let Some(one) = self.assignment(number) else { return BEYOND };
        if !matches!(one.outcome, Outcome::Open | Outcome::Done) {
            return BEYOND;
        }
        (one.outcome, one.ended_at) = (outcome, Some(at));
        self.fall_back(at, number);
        number
    }

    /// What one is rid of, those that had handed it on to him have again. By a due that has passed meanwhile they are not judged.
    fn fall_back(&mut self, at: Millis, number: u16) {
        self.passed_to.resize(self.case.assignments.len(), 0);
        for (place, one) in self.case.assignments.iter_mut().enumerate() {
            if one.outcome != Outcome::PassedOn || self.passed_to[place] != number {
                continue;
            }
            self.fell_back = true;
            if self.timing.may_still_be_met(place as u16 + 1, at) {
                (one.outcome, one.ended_at) = (Outcome::Open, None);
            }
        }
    }

    /// 返工: the unit has the case again.
    pub(super) fn rework(&mut self, at: Millis, unit: &str, reason: &Reason) -> Option<u16> {
        self.case.reworks.push(at);
        let marks = &mut self.case.milestones;
        marks.reworked_at.get_or_insert(at);
        if WRONG_UNIT.contains(&reason.code.as_str()) {
            marks.misdispatched_at.get_or_insert(at);
        }
        self.is_sent_back = self.case.milestones.closed_at.is_none();
        self.send_back(at);
        let number = self.whose(unit)?;
        if self.case.milestones.closed_at.is_none() {
            self.take_up_again(number);
        }
        Some(number)
    }

    pub(super) fn take_up_again(&mut self, number: u16) {
        if let Some(one) = self.assignment(number).filter(|one| one.outcome == Outcome::Done) {
            (one.outcome, one.ended_at) = (Outcome::Open, None);
        }
    }

    /// Who had the case when it was closed has done what there was to do.
    pub(super) fn end_assignments(&mut self, at: Millis) {
        for one in &mut self.case.assignments {
            if matches!(one.outcome, Outcome::Open | Outcome::Done) {
                (one.outcome, one.ended_at) = (Outcome::Done, one.ended_at.or(Some(at)));
            }
        }
    }
}
