//! A case as it stood at the as-of: what the facts up to then say of it, and nothing later.
//! The view `cases_at` is the same in SQL.

use smol_str::SmolStr;

use super::{Period, times::Times};
use crate::domain::{
    attributes::{Attribute, Attributes},
    case::{Case, CitizenAnswer},
    history::{Standing, Step},
    marks::Mark,
    span::Span,
    time::Millis,
};

/// What atoms are asked of. As cheap as two references: made for each case and figure.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// With everything that is known of it, so that nothing may be read of it here but by way of these methods.
    pub case: &'a Case,
    /// In force at the as-of.
    pub step: &'a Step,
    /// The question's.
    pub period: Period,
}

/// Where the case stood towards every dimension.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SeenPlace<'a> {
    attributes: &'a Attributes,
    /// Code and name.
    pub unit: (&'a str, &'a str),
    /// How it was closed and with which result; of a closed case only.
    pub outcome: (&'a str, &'a str),
}

impl<'a> SeenPlace<'a> {
    /// The value then; empty: not stated by then.
    pub fn get(&self, attribute: Attribute) -> &'a str {
        self.attributes.get(attribute)
    }
}

impl<'a> Seen<'a> {
    /// None: nothing of the case had happened.
    pub fn new(case: &'a Case, period: Period) -> Option<Self> {
        case.history.at(period.as_of).map(|step| Self { case, step, period })
    }

    /// A first time, if it had come.
    pub fn happened(&self, at: Option<Millis>) -> Option<Millis> {
        at.filter(|at| *at <= self.period.as_of)
    }

    /// A yes-or-no of the step in force.
    pub fn has(&self, mark: Mark) -> bool {
        self.step.marks.has(mark)
    }

    /// 上报或受理时间: as reported by then, else as received.
    pub fn reported_at(&self) -> Option<Millis> {
        self.happened(self.case.milestones.reported_at).or(self.step.received_at)
    }

    /// In the base set B(T): received by then, neither void nor excluded.
    pub fn is_counted(&self) -> bool {
        self.step.standing.counts() && self.happened(self.step.received_at).is_some()
    }

    /// Closure and timeliness ask for it.
    pub fn is_in_base(&self) -> bool {
        self.is_counted() && !self.has(Mark::OutOfBase)
    }

    /// 在办, neither answered nor suspended.
    pub fn is_open(&self) -> bool {
        self.step.standing == Standing::Open
    }

    /// 挂账.
    pub fn is_suspended(&self) -> bool {
        self.step.standing == Standing::Suspended
    }

    /// 待结: done, to be closed.
    pub fn is_answered(&self) -> bool {
        self.step.standing == Standing::Answered
    }

    /// 已结 and counted: what is void or excluded is not closed, whatever was done before.
    pub fn is_closed(&self) -> bool {
        self.is_counted() && self.step.standing == Standing::Closed
    }

    /// Does the close that stands lie in the period?
    pub fn is_closed_within(&self) -> bool {
        self.period.holds_some(self.step.closed_at)
    }

    /// 有时限.
    pub fn has_due(&self) -> bool {
        self.step.due.is_some()
    }

    /// What the due is about was done in time, closed or not.
    pub fn is_kept(&self) -> bool {
        let (due, finished_at) = (self.step.due, self.step.finished_at);
        self.is_counted() && due.zip(finished_at).is_some_and(|(due, at)| due.is_met_at(at))
    }

    /// The same of the original due, when it passed.
    pub fn is_original_kept(&self) -> bool {
        let (due, finished_at) = (self.step.original_due, self.step.finished_at);
        let is_met = due.zip(finished_at).is_some_and(|(due, at)| due.is_met_at(at));
        self.is_counted() && (is_met || self.has(Mark::OriginalIsKept))
    }

    /// 按时结案: closed, and what the due is about was done by then. Midnight is late (decision 0005).
    pub fn is_on_time(&self) -> bool {
        self.is_closed() && self.is_kept()
    }

    /// 超期结案: closed, with a due that was missed.
    pub fn is_late(&self) -> bool {
        self.is_closed() && self.has_due() && !self.is_on_time()
    }

    /// 超期未结: open and its due has passed; never while suspended or answered.
    pub fn is_overdue_open(&self) -> bool {
        let is_past = self.step.due.is_some_and(|due| !due.is_met_at(self.period.as_of));
        self.is_counted() && self.is_open() && is_past
    }

    /// The due has come, to the instant.
    pub fn is_due(&self) -> bool {
        self.step.due.is_some_and(|due| due.at <= self.period.as_of)
    }

    /// Figures by due can say of it what it will always be: what was to be done is done, or its due has passed.
    pub fn is_decided(&self) -> bool {
        let is_past = self.step.due.is_some_and(|due| !due.is_met_at(self.period.as_of));
        self.is_counted() && (self.step.finished_at.is_some() || (is_past && !self.has(Mark::DueIsHeld)))
    }

    /// The due, if it lies in the period; the beginning of the period, if it lies before and was not done then.
    pub fn carried_due(&self) -> Option<Millis> {
        let due = self.step.due?.at;
        let was_open = self.step.finished_at.is_none_or(|at| at >= self.period.from);
        let is_carried = due < self.period.from && was_open;
        if is_carried { Some(self.period.from) } else { Some(due).filter(|due| self.period.holds(*due)) }
    }

    /// What durations are reckoned from.
    pub fn times(&self) -> Times {
        let Step { received_at, closed_at, due, worked_ms, .. } = *self.step;
        Times { received_at, closed_at, due_at: due.map(|due| due.at), worked_ms }
    }

    /// How often it had been sent back to work.
    pub fn reworks(&self) -> u32 {
        self.case.reworks.iter().filter(|at| **at <= self.period.as_of).count() as u32
    }

    /// The answer that stands.
    pub fn answer(&self) -> CitizenAnswer {
        let last = self.case.answers.iter().rev().find(|answer| answer.since <= self.period.as_of);
        last.copied().unwrap_or_default()
    }

    /// 首次回访, if it had come.
    pub fn revisited_at(&self) -> Option<Millis> {
        self.happened(self.case.answers.first().map(|answer| answer.since))
    }

    /// 计时 in force at the as-of, of the case and of its assignments.
    pub fn clocks(&self) -> impl Iterator<Item = &'a Span> {
        let as_of = self.period.as_of;
        self.case.clocks.iter().filter(move |span| span.is_in_force(as_of))
    }

    /// A unit that had not been named yet is none.
    pub fn place(&self) -> SeenPlace<'a> {
        let case = self.case;
        let then = case.earlier.iter().find(|earlier| earlier.until > self.period.as_of);
        let (attributes, unit, outcome) = match then {
            Some(earlier) => {
                (&earlier.attributes, (&earlier.unit, &earlier.unit_name), (&earlier.how, &earlier.result))
            }
            None => (&case.attributes, (&case.unit, &case.unit_name), (&case.how, &case.result)),
        };
        let is_named = self.happened(case.milestones.unit_since).is_some();
        let stated = |is_stated: bool, (one, other): (&'a SmolStr, &'a SmolStr)| {
            if is_stated { (one.as_str(), other.as_str()) } else { ("", "") }
        };
        SeenPlace { attributes, unit: stated(is_named, unit), outcome: stated(self.is_closed(), outcome) }
    }

    /// What became of the case, in one word; everything received is in one of them. As [`Self::bucket`], with what is closed
    /// apart by how, and with what is out of the base apart from the rest.
    pub fn fate(&self) -> &'static str {
        if self.is_counted() && !self.is_in_base() { "out_of_base" } else { self.end() }
    }

    /// As [`Self::bucket`], with what is closed apart by how.
    pub fn end(&self) -> &'static str {
        match self.bucket() {
            "closed" if self.is_on_time() => "closed_in_time",
            "closed" if self.is_late() => "closed_late",
            "closed" => "closed_without_due",
            other => other,
        }
    }

    /// What becomes of the case, in one word; everything received is in one of them.
    pub fn bucket(&self) -> &'static str {
        let as_of = self.period.as_of;
        match (self.step.standing, self.step.due) {
            (Standing::Open, None) => "no_limit",
            (Standing::Open, Some(due)) if !due.is_met_at(as_of) => "overdue",
            (Standing::Open, _) if self.happened(self.step.yellow_from).is_some() => "due_soon",
            (Standing::Open, _) => "not_due",
            (standing, _) => standing.name(),
        }
    }
}
