//! What a fact does besides its meaning for the stream.

use smol_str::SmolStr;

use super::{codes, folding::Folding};
use crate::domain::{
    case::Check,
    clock::Happening,
    fact::{Dispatch, Fact, FactKind, Intake, Reason, Tally},
    lifecycle::Phase,
    stream::{Finish, Meaning},
    time::{Due, Millis},
};

impl Folding<'_> {
    /// Gives the number of the assignment that the fact is about, where it is about one.
    pub(super) fn effect(&mut self, at: Millis, fact: &Fact) -> Option<u16> {
        match fact {
            Fact::Dispatched(dispatch) => Some(self.dispatch(at, dispatch)),
            Fact::Signed { unit } => {
                self.case.milestones.signed_at.get_or_insert(at);
                self.sign(at, unit)
            }
            Fact::Contacted { contacted, unit, .. } => {
                self.contact(at, *contacted);
                self.whose(unit)
            }
            Fact::Returned(of) => self.whose(&of.unit),
            Fact::CheckRequested(of) => self.assignment_of(&of.unit), // perhaps of somebody who never had the case
            Fact::ReturnDecided { accepted, of } => self.decide_return(at, *accepted, &of.unit),
            Fact::Withdrawn(of) => self.withdraw(at, &of.unit),
            Fact::Submitted { unit, result, .. } => {
                if self.case.milestones.closed_at.is_none() {
                    set_if_stated(&mut self.case.result, result);
                }
                self.submit(at, unit)
            }
            Fact::Checked { passed, reason } => self.check(at, *passed, reason),
            Fact::ReworkOrdered(of) => self.order_rework(at, &of.unit, &of.reason),
            Fact::Reopened { due, .. } => self.reopen(at, *due),
            _ => {
                self.effect_on_case(at, fact);
                None
            }
        }
    }

    /// What is about no unit. What is only asked for, or decided against, changes nothing; what else a fact means is the
    /// stream's to say.
    fn effect_on_case(&mut self, at: Millis, fact: &Fact) {
        let case = &mut self.case;
        let marks = &mut case.milestones;
        match fact {
            Fact::Reported(intake) => {
                marks.reported_at.get_or_insert(at);
                self.intake(at, intake);
            }
            Fact::Accepted(intake) => {
                marks.accepted_at.get_or_insert(at);
                self.intake(at, intake);
            }
            Fact::Tallied(tally) => self.tally(at, tally),
            Fact::Verified { .. } => {
                marks.verified_at.get_or_insert(at);
            }
            Fact::Filed { condition, urgency, due } => {
                marks.filed_at.get_or_insert(at);
                if case.attributes.urgency.is_empty() {
                    case.attributes.urgency = urgency.clone();
                }
                set_if_stated(&mut case.filing_condition, condition);
                self.state(at, *due);
            }
            Fact::Supervised(_) => {
                case.counts.supervisions += 1;
                marks.supervised_at.get_or_insert(at);
            }
            Fact::Urged(_) => case.counts.urges += 1,
            Fact::ExtensionRequested { .. } => self.stated_hears(at, Happening::ExtensionRequested),
            Fact::ExtensionDecided { approved: true, due, .. } => self.extend(at, *due),
            Fact::Suspended { .. } => self.suspend(at),
            Fact::Resumed { due } => self.resume(at, *due),
            Fact::Closed { how, result } => self.tell_close(how, result),
            Fact::Revisited(revisit) => self.revisit(at, revisit),
            Fact::AppealDecided { upheld, .. } => case.is_exempt |= upheld,
            Fact::DuplicateLinked { parent } => case.attributes.repeat_of = parent.clone(),
            Fact::DuplicateUnlinked(_) => case.attributes.repeat_of = SmolStr::default(),
            Fact::VoidRevoked(_) => (case.is_void, marks.voided_at) = (false, None),
            Fact::Corrected { correction, .. } | Fact::Reviewed { correction, .. } => self.correct(at, correction),
            _ => {}
        }
    }

    fn contact(&mut self, at: Millis, is_reached: bool) {
        if is_reached {
            self.case.milestones.contacted_at.get_or_insert(at);
        }
        self.case.contacted = Some(self.case.contacted.unwrap_or(false) || is_reached);
    }

    fn intake(&mut self, at: Millis, intake: &Intake) {
        let case = &mut self.case;
        case.attributes.fill_from(&intake.attributes);
        if case.title.is_empty() {
            case.title = intake.title.clone();
        }
        if case.reporter.key_id.is_empty() {
            case.reporter = intake.reporter.clone();
        }
        case.is_assessed = case.is_assessed.or(intake.is_assessed);
        self.state(at, intake.due);
    }

    /// 自行处置: found and done in one. Where no due was known, whatever the limit, it was kept.
    /// Closed at another time than it said, it was not: then any due counts that the case had by then.
    pub(super) fn put_right(&mut self, at: Millis) {
        self.case.is_patrol_dealt = true;
        self.case.phase = Phase::Closed;
        self.receive(at);
        self.close(at);
        if self.due().is_none() || (self.told.is_accepted() && self.told.is_as_told()) {
            self.state(at, Some(Due { at, is_exclusive: false }));
        }
    }

    /// 计数: taken in and done in one. It has no due, because nobody had to do it by then.
    fn tally(&mut self, at: Millis, tally: &Tally) {
        let case = &mut self.case;
        case.milestones.accepted_at.get_or_insert(at);
        case.attributes.fill_from(&tally.attributes);
        case.quantity = tally.quantity;
        set_if_stated(&mut case.title, &tally.title);
        set_if_stated(&mut case.unit, &tally.unit);
        set_if_stated(&mut case.unit_name, &tally.unit_name);
        self.receive(at);
        self.close(at);
    }

    fn dispatch(&mut self, at: Millis, dispatch: &Dispatch) -> u16 {
        let case = &mut self.case;
        case.milestones.dispatched_at.get_or_insert(at);
        case.counts.dispatches += 1;
        if dispatch.role != "support" {
            case.unit = dispatch.unit.clone();
            case.unit_name = dispatch.unit_name.clone();
        }
        if self.case.milestones.closed_at.is_none() {
            self.state(at, dispatch.due);
        } else {
            self.told_when_closed = self.told_when_closed.or(dispatch.due);
        }
        self.pass_on(at, dispatch);
        self.assign(at, dispatch)
    }

    fn check(&mut self, at: Millis, passed: bool, reason: &Reason) -> Option<u16> {
        self.case.checks.push(Check { at, passed });
        if !passed {
            return self.rework(at, "", reason);
        }
        self.case.milestones.last_passed_at = Some(at);
        if self.is_finish(Finish::CheckPassed) {
            self.be_done(at);
        }
        self.assignment_of("")
    }

    /// An order that follows a failed check is the same rework.
    fn order_rework(&mut self, at: Millis, unit: &str, reason: &Reason) -> Option<u16> {
        if self.is_sent_back {
            return self.whose(unit);
        }
        self.rework(at, unit, reason)
    }

    fn suspend(&mut self, at: Millis) {
        if self.paused_at.is_none() && self.case.milestones.closed_at.is_none() {
            self.case.counts.suspensions += 1;
            self.case.milestones.suspended_at.get_or_insert(at);
            self.case.is_suspended = true;
            self.paused_at = Some(at);
            self.stated_hears(at, Happening::Pause);
        }
    }

    pub(super) fn resume(&mut self, at: Millis, due: Option<Due>) {
        let Some(paused_at) = self.paused_at else { return };
        self.go_on(at, due);
        self.paused_at = None;
        let counts = &mut self.case.counts;
        let paused = at.since(paused_at);
        counts.paused_ms += paused;
        counts.longest_pause_ms = counts.longest_pause_ms.max(paused);
        self.case.is_suspended = false;
    }

    pub(super) fn receive(&mut self, at: Millis) {
        self.received.get_or_insert(at);
        self.case.milestones.received_at = self.received;
    }

    pub(super) fn close(&mut self, at: Millis) {
        if self.case.milestones.closed_at.is_some() {
            return; // closed already; the first close stands until the case is reopened
        }
        self.resume(at, None);
        self.stated_hears(at, Happening::Stop);
        self.is_direct = codes::DIRECT_ANSWER.contains(&self.case.how.as_str())
            && self.case.counts.dispatches == 0
            && self.case.counts.reopens == 0
            && self.reading().is_none_or(|reading| reading.due.is_met_at(at) && reading.original_due.is_met_at(at))
            && !self.timing.has_passed(at);
        self.told.closer = self.told.current();
        self.is_sent_back = false;
        self.case.milestones.closed_at = Some(at);
        self.case.milestones.first_closed_at.get_or_insert(at);
        self.end_assignments(at);
    }

    /// The unit that had the case last has it again; what others did stays done.
    fn reopen(&mut self, at: Millis, due: Option<Due>) -> Option<u16> {
        let number = self.assignment_of("");
        if self.case.milestones.closed_at.is_some() {
            let was_missed = self.was_met(at) == Some(false);
            self.case.milestones.closed_at = None;
            self.case.counts.reopens += 1;
            self.case.how = SmolStr::default();
            self.is_direct = false;
            self.told.reopen();
            self.case.milestones.reopened_at.get_or_insert(at);
            self.reopen_due(at, due, was_missed);
            self.take_up_again(number?);
        }
        number
    }

    /// A second close changes nothing. Where another type closes the case, this one may still say how.
    fn tell_close(&mut self, how: &SmolStr, result: &SmolStr) {
        let is_second = self.case.milestones.closed_at.is_some();
        let may_add = self.rules.stream.meaning(FactKind::Closed) != Meaning::Closed;
        for (slot, value) in [(&mut self.case.how, how), (&mut self.case.result, result)] {
            if !is_second || (may_add && slot.is_empty()) {
                set_if_stated(slot, value);
            }
        }
    }

    pub(super) fn void(&mut self, at: Millis) {
        self.case.is_void = true;
        self.case.milestones.voided_at.get_or_insert(at);
    }
}

fn set_if_stated(slot: &mut SmolStr, value: &SmolStr) {
    if !value.is_empty() {
        *slot = value.clone();
    }
}
