//! A platform in small: it acts, says so as an event, and keeps a task row with child rows.
//! What it does is drawn; what cannot be done in its state is left out.

use smol_str::{SmolStr, format_smolstr};

use super::super::{
    AssignmentStatus, Snapshot, SnapshotAssignment, Status,
    tests::{at, due, event},
};
use crate::domain::{
    attributes::{Attribute, Attributes},
    event::Event,
    fact::{Correction, Dispatch, Fact, Intake, OfUnit, Reason, Revisit, Satisfaction},
    time::Millis,
};

/// Which tables the platform has, and how they are polled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Table {
    /// A task table only.
    Task,
    /// Task and child rows in one message.
    Joined,
    /// Child rows in messages of their own.
    Apart,
}

#[derive(Clone, Debug)]
pub(super) struct Life {
    pub(super) table: Table,
    pub(super) events: Vec<Event>,
    /// When, the row, and whether later rows still carry what changed here.
    seen: Vec<(i64, Snapshot, bool)>,
    row: Snapshot,
    hour: i64,
    paused_at: Option<Millis>,
    /// What the row says again when a void is revoked.
    before_void: Option<Status>,
    reopened_at: i64,
    /// An extension that came too late: the row has another due than the case from here on.
    has_idle_extension: bool,
}

impl Life {
    pub(super) fn of(table: Table, acts: &[(u8, u8)]) -> Self {
        let mut life = Self {
            table,
            events: Vec::new(),
            seen: Vec::new(),
            row: Snapshot { status: Some(Status::Open), ..Snapshot::default() },
            hour: 1,
            paused_at: None,
            before_void: None,
            reopened_at: 0,
            has_idle_extension: false,
        };
        life.begin(acts[0].1);
        for (act, how) in acts {
            life.hour += 1 + i64::from(how % 2);
            life.act(*act, *how);
        }
        life
    }

    /// The rows that the poller saw: the last one, those that nothing later makes good, and of the others those kept.
    pub(super) fn rows(&self, is_kept: impl Fn(usize) -> bool) -> Vec<(i64, Snapshot)> {
        let last = self.seen.len() - 1;
        let seen = self.seen.iter().enumerate();
        seen.filter(|(n, (_, _, is_carried))| *n == last || !is_carried || is_kept(*n))
            .map(|(_, (at, row, _))| (*at, row.clone()))
            .collect()
    }

    fn say(&mut self, fact: Fact) {
        let id = format!("e{}", self.events.len());
        self.events.push(event(&id, self.hour, fact));
    }

    /// Said, and seen in the row; `is_carried`: later rows still have it, with its time.
    fn done(&mut self, fact: Fact, is_carried: bool) {
        self.say(fact);
        self.seen.push((self.hour, self.row.clone(), is_carried));
    }

    fn keep_what_was_seen(&mut self) {
        self.seen.iter_mut().for_each(|(_, _, is_carried)| *is_carried = false);
    }

    fn begin(&mut self, how: u8) {
        self.row.intake = Intake {
            attributes: Attributes { town: "T".into(), ..Attributes::default() },
            due: (how & 1 == 1).then(|| due(8 + i64::from(how) * 3).unwrap()),
            ..Intake::default()
        };
        let intake = Box::new(self.row.intake.clone());
        if how & 2 == 2 {
            self.row.accepted_at = at(self.hour);
            self.done(Fact::Accepted(intake), true);
        } else {
            self.row.reported_at = at(self.hour);
            self.done(Fact::Reported(intake), true);
        }
    }

    fn act(&mut self, act: u8, how: u8) {
        if self.before_void.is_some() {
            return if act > 18 { self.revoke_void() } else { self.other(act, how) };
        }
        match (self.row.status.unwrap_or_default(), act) {
            (_, 0) => self.void(),
            (Status::Open, 1) if self.row.accepted_at.is_none() => self.exclude(Status::Rejected),
            (Status::Open | Status::Rejected, 2 | 3) if self.row.accepted_at.is_none() => self.accept(),
            (Status::Open, 4) if self.row.filed_at.is_none() => self.exclude(Status::NotFiled),
            (Status::Open | Status::NotFiled, 5 | 6) if self.row.filed_at.is_none() => self.file(how),
            (Status::Open, 7 | 8) => self.dispatch(how),
            (Status::Open, 9) => self.sign(how),
            (Status::Open, 10) => self.contact(how),
            (Status::Open, 11 | 12) => self.submit(how),
            (Status::Open, 13) => self.end_assignment(how),
            (Status::Open | Status::Suspended, 14) => self.extend(how),
            (Status::Open, 15) if !self.has_idle_extension => self.suspend(),
            (Status::Suspended, 15..=17) => self.resume(how),
            (Status::Open | Status::Suspended, 18..=20) => self.close(how),
            (Status::Closed, 1..=3) => self.reopen(how),
            (Status::Closed, 4..=8) => self.revisit(how),
            (Status::Closed, 9 | 10) => self.correct_close(),
            _ => self.other(act, how),
        }
    }

    fn accept(&mut self) {
        self.row.status = Some(Status::Open);
        self.row.accepted_at = at(self.hour);
        // A rejection is only in the rows of its own time.
        self.done(Fact::Accepted(Box::default()), true);
    }

    fn exclude(&mut self, status: Status) {
        self.row.status = Some(status);
        let fact = if status == Status::Rejected { Fact::Rejected } else { Fact::NotFiled };
        self.done(fact(Reason::default()), false);
    }

    /// The first due that is stated is the case's.
    fn first_due(&mut self, how: u8) -> Option<crate::domain::time::Due> {
        let stated = (how & 1 == 1 && self.row.intake.due.is_none()).then(|| due(self.hour + 4 + i64::from(how)));
        self.row.intake.due = self.row.intake.due.or(stated.flatten());
        stated.flatten()
    }

    fn file(&mut self, how: u8) {
        self.row.status = Some(Status::Open);
        self.row.filed_at = at(self.hour);
        self.row.filing_condition = format_smolstr!("{how}");
        let (condition, due) = (self.row.filing_condition.clone(), self.first_due(how));
        self.done(Fact::Filed { condition, urgency: SmolStr::default(), due }, true);
    }

    fn dispatch(&mut self, how: u8) {
        let due = self.first_due(how);
        let role = if how % 4 == 2 { "support" } else { "lead" };
        // Of a unit that leads and supports at once, nobody could say which of the two its answer is.
        let unit = format_smolstr!("{}{}", if role == "lead" { "U" } else { "S" }, how / 2);
        let dispatch = Dispatch { unit: unit.clone(), role: role.into(), due, ..Dispatch::default() };
        if self.table == Table::Task {
            self.row.dispatched_at = self.row.dispatched_at.or(at(self.hour));
            if role == "lead" {
                self.row.unit = unit;
            }
        } else {
            self.row.assignments.push(SnapshotAssignment {
                id: format_smolstr!("{}", self.row.assignments.len()),
                unit,
                role: role.into(),
                status: Some(AssignmentStatus::Open),
                dispatched_at: at(self.hour),
                due,
                ..SnapshotAssignment::default()
            });
        }
        self.done(Fact::Dispatched(Box::new(dispatch)), true);
    }

    /// A live child row; none in a platform without.
    fn child(&mut self, how: u8) -> Option<&mut SnapshotAssignment> {
        let live: Vec<_> = self.row.assignments.iter_mut().filter(|child| !child.is_over()).collect();
        let n = usize::from(how) % live.len().max(1);
        live.into_iter().nth(n)
    }

    fn sign(&mut self, how: u8) {
        let now = at(self.hour);
        let unit = if let Some(child) = self.child(how) {
            child.signed_at = child.signed_at.or(now);
            child.unit.clone()
        } else if self.table == Table::Task && self.row.dispatched_at.is_some() {
            self.row.signed_at = self.row.signed_at.or(now);
            self.row.unit.clone()
        } else {
            return;
        };
        self.done(Fact::Signed { unit }, true);
    }

    fn contact(&mut self, how: u8) {
        if self.row.contacted_at.is_some() || (how & 1 == 0 && self.row.contacted.is_some()) {
            return;
        }
        let contacted = how & 1 == 1;
        self.row.contacted = Some(contacted);
        self.row.contacted_at = contacted.then_some(()).and(at(self.hour));
        let fact = Fact::Contacted { contacted, unit: SmolStr::default(), reason: Reason::default() };
        // That nobody was reached has no time in the row, and makes the case a received one.
        self.done(fact, contacted);
    }

    fn submit(&mut self, how: u8) {
        let (now, result) = (at(self.hour), format_smolstr!("R{how}"));
        let unit = if let Some(child) = self.child(how) {
            child.submitted_at = now;
            child.status = Some(AssignmentStatus::Done);
            child.unit.clone()
        } else if self.table == Table::Task && self.row.dispatched_at.is_some() {
            self.row.submitted_at = now;
            self.row.unit.clone()
        } else {
            return;
        };
        self.row.result = result.clone();
        self.done(Fact::Submitted { unit, result, note: SmolStr::default() }, true);
        if how & 1 == 1 {
            self.hour += 1;
            self.say(Fact::Checked { passed: false, reason: Reason::default() });
        }
    }

    fn end_assignment(&mut self, how: u8) {
        let now = at(self.hour);
        let is_return = how & 1 == 1;
        let Some(child) = self.child(how) else { return };
        child.ended_at = now;
        child.status = Some(if is_return { AssignmentStatus::Returned } else { AssignmentStatus::Withdrawn });
        let of = OfUnit { unit: child.unit.clone(), reason: Reason::default() };
        if is_return {
            self.say(Fact::Returned(of.clone()));
            self.done(Fact::ReturnDecided { accepted: true, of }, true);
        } else {
            self.done(Fact::Withdrawn(of), true);
        }
    }

    fn extend(&mut self, how: u8) {
        let Some(old) = self.row.intake.due else { return };
        self.has_idle_extension |= !old.is_met_at(at(self.hour).unwrap());
        if self.has_idle_extension && self.paused_at.is_some() {
            return;
        }
        let new = due((old.at.0 / 3_600_000).max(self.hour) + 5 + i64::from(how));
        self.keep_what_was_seen(); // the due before it is in no later row
        self.row.intake.due = new;
        self.done(Fact::ExtensionDecided { approved: true, due: new, reason: Reason::default() }, false);
    }

    fn suspend(&mut self) {
        self.row.status = Some(Status::Suspended);
        self.paused_at = at(self.hour);
        self.done(Fact::Suspended { reason: Reason::default() }, false);
    }

    /// The platform moves its due as the contract says.
    fn end_pause(&mut self) {
        let (Some(paused), Some(now)) = (self.paused_at.take(), at(self.hour)) else { return };
        self.row.intake.due = self.row.intake.due.map(|due| due.after_pause(paused, now, &jiff::tz::TimeZone::UTC));
    }

    fn resume(&mut self, how: u8) {
        self.end_pause();
        self.row.status = Some(Status::Open);
        let own = if how & 4 == 4 { due(self.hour + 7) } else { None };
        self.row.intake.due = own.or(self.row.intake.due);
        self.done(Fact::Resumed { due: own }, false);
    }

    fn close(&mut self, how: u8) {
        self.end_pause();
        self.row.status = Some(Status::Closed);
        self.row.closed_at = at(self.hour);
        self.row.how = "normal".into();
        self.row.result = format_smolstr!("R{how}");
        let (how, result) = (self.row.how.clone(), self.row.result.clone());
        self.done(Fact::Closed { how, result }, true);
    }

    fn reopen(&mut self, how: u8) {
        self.keep_what_was_seen(); // the close before it is in no later row
        self.row.status = Some(Status::Open);
        if how & 2 == 2 {
            self.row.closed_at = None; // some platforms empty the column, some leave it
        }
        self.reopened_at = self.hour;
        let new = if how & 1 == 1 { due(self.hour + 90) } else { None };
        self.row.intake.due = new.or(self.row.intake.due);
        self.done(Fact::Reopened { due: new, reason: Reason::default() }, false);
    }

    fn void(&mut self) {
        self.before_void = self.row.status.replace(Status::Void);
        self.done(Fact::Voided(Reason::default()), false);
    }

    fn revoke_void(&mut self) {
        self.row.status = self.before_void.take();
        self.done(Fact::VoidRevoked(Reason::default()), false);
    }

    fn revisit(&mut self, how: u8) {
        let satisfaction = Satisfaction::ALL[usize::from(how) % 4].0;
        if self.row.revisited_at.is_some() {
            if self.row.satisfaction == Some(satisfaction) {
                return;
            }
            self.row.satisfaction = Some(satisfaction);
            let (correction, old) = (Correction::Satisfaction(satisfaction), SmolStr::default());
            return self.done(Fact::Reviewed { correction, old, reason: Reason::default() }, true);
        }
        self.row.revisited_at = at(self.hour);
        (self.row.first_contact, self.row.solved) = (Some(how & 1 == 1), Some(how & 2 == 2));
        self.row.satisfaction = Some(satisfaction);
        let revisit = Revisit {
            reached: true,
            first_contact: self.row.first_contact,
            solved: self.row.solved,
            satisfaction: self.row.satisfaction,
            ..Revisit::default()
        };
        self.done(Fact::Revisited(Box::new(revisit)), true);
    }

    fn correct(&mut self, correction: Correction, is_carried: bool) {
        let fact = Fact::Corrected { correction, old: SmolStr::default(), reason: Reason::default() };
        self.done(fact, is_carried);
    }

    fn correct_close(&mut self) {
        let hour = (self.hour + self.reopened_at) / 2 + 1;
        // A pause, or what came between, is another matter then, and the platform does not reckon its due once more.
        let is_after = |one: &Event| Some(one.occurred_at) >= at(hour) && !matches!(one.fact, Fact::Closed { .. });
        let is_other = |one: &Event| is_after(one) || matches!(one.fact, Fact::Suspended { .. });
        if hour >= self.hour || self.row.closed_at == at(hour) || self.events.iter().any(is_other) {
            return;
        }
        self.keep_what_was_seen(); // the time first stated is in no later row
        self.row.closed_at = at(hour);
        self.correct(Correction::ClosedAt(Millis(hour * 3_600_000)), true);
    }

    /// What can happen at any time.
    fn other(&mut self, act: u8, how: u8) {
        match act % 6 {
            0 => {
                let town = format_smolstr!("T{how}");
                if self.row.intake.attributes.town == town {
                    return;
                }
                self.row.intake.attributes.town = town.clone();
                self.correct(Correction::Attribute(Attribute::Town, town), true);
            }
            1 => {
                let parent = format_smolstr!("P{how}");
                if self.row.duplicate_of.as_ref() == Some(&parent) {
                    return;
                }
                self.row.duplicate_of = Some(parent.clone());
                self.done(Fact::DuplicateLinked { parent }, true);
            }
            2 if self.row.duplicate_of.as_ref().is_some_and(|parent| !parent.is_empty()) => {
                self.row.duplicate_of = Some(SmolStr::default());
                self.done(Fact::DuplicateUnlinked(Reason::default()), true);
            }
            3 if self.row.intake.is_assessed.is_none() => {
                self.row.intake.is_assessed = Some(false);
                self.correct(Correction::Assessed(false), true);
            }
            4 if self.row.accepted_at.is_some_and(|accepted| accepted > Millis(3_600_000)) => {
                self.keep_what_was_seen(); // the time first stated is in no later row
                self.row.accepted_at = self.row.accepted_at.map(|accepted| accepted.plus(-3_600_000));
                let received = self.row.accepted_at.unwrap();
                self.correct(Correction::ReceivedAt(received), true);
            }
            5 if self.paused_at.is_none() && self.row.intake.due.is_some_and(|due| due.at > Millis(7_200_000)) => {
                self.keep_what_was_seen();
                let earlier =
                    self.row.intake.due.map(|due| crate::domain::time::Due { at: due.at.plus(-3_600_000), ..due });
                self.row.intake.due = earlier;
                self.correct(Correction::DueAt(earlier.unwrap()), false);
            }
            _ => {}
        }
    }
}
