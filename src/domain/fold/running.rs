//! One clock of a case: by a stage of the rule, or by a due that the dispatch states.

use super::input::Input;
use crate::domain::{
    assignment::numbered,
    calendar::{Limit, Working},
    clock::{By, Clock, Happening, Reading, Runner},
    fact::{Fact, FactKind},
    policy::{Stage, StageName},
    span::OF_CASE,
    stream::Meaning,
    time::{Due, Millis},
};

#[derive(Debug)]
pub(super) struct Running<'a> {
    pub(super) name: StageName,
    pub(super) assignment: u16,
    runner: Runner<'a>,
    /// Another round has begun; nothing moves this one any more.
    is_over: bool,
    /// What starts it came while the case was closed: it starts when the case is opened again.
    is_to_start: bool,
    /// Dropped because the case was rejected or not filed.
    is_refused: bool,
}

impl<'a> Running<'a> {
    pub(super) fn of_stage(stage: &'a Stage, assignment: u16) -> Self {
        Self::of(stage.name, assignment, Runner::new(stage))
    }

    /// The unit's own due: it runs from the dispatch to the answer.
    pub(super) fn of_stated_due(due: Due, at: Millis, assignment: u16, by: By<'a>) -> Self {
        Self::of(StageName::Dispose, assignment, Runner::of_stated(due, at, by))
    }

    fn of(name: StageName, assignment: u16, runner: Runner<'a>) -> Self {
        Self { name, assignment, runner, is_over: false, is_to_start: false, is_refused: false }
    }

    pub(super) fn stage(&self) -> Option<&'a Stage> {
        self.runner.stage()
    }

    /// The stage, if this fact starts another round of it: a second verification, a second check.
    pub(super) fn begins_again(&mut self, input: &Input<'_>) -> Option<&'a Stage> {
        let stage = self.runner.stage()?;
        let has_rounds =
            matches!(stage.name, StageName::Verify | StageName::Check | StageName::Supervise | StageName::Revisit);
        let begins = has_rounds && !self.is_over && self.is_stopped() && input.fact.kind() == stage.start;
        self.is_over |= begins;
        begins.then_some(stage)
    }

    /// The unit's re-handling, where what was answered is sent back after its due and the rule gives a new limit.
    pub(super) fn handled_again(&mut self, working: Working<'a>, input: &Input<'_>) -> Option<Self> {
        let stage = self.runner.stage().filter(|_| !self.is_over && self.assignment != OF_CASE)?;
        let is_sent_back = happening(self, input) == Some(Happening::Rework) && self.is_stopped();
        let has_passed = self.reading().is_some_and(|reading| !reading.due.is_met_at(input.at));
        let runner = Runner::of_rework(stage, working, input.at).filter(|_| is_sent_back && has_passed)?;
        self.is_over = true;
        Some(Self::of(self.name, self.assignment, runner))
    }

    fn is_dropped(&self) -> bool {
        self.reading().is_some_and(|reading| reading.is_dropped)
    }

    fn is_stopped(&self) -> bool {
        self.reading().is_some_and(|reading| reading.stopped_at.is_some())
    }

    /// Another round of it has begun.
    pub(super) fn is_over(&self) -> bool {
        self.is_over
    }

    /// True if the fact means something for it.
    pub(super) fn take(&mut self, working: Option<Working<'a>>, input: &Input<'_>) -> bool {
        let is_idle = self.reading().is_none_or(|reading| reading.is_returned);
        self.is_to_start |= is_idle && self.is_started_when_closed(input);
        let happening = match self.hears(input) {
            Some(Happening::Reopened { .. }) if std::mem::take(&mut self.is_to_start) && is_idle => {
                Some(Happening::Start)
            }
            heard => heard,
        };
        if let Some(happening) = happening {
            let was_dropped = self.is_dropped();
            self.runner.take(working, input.at, happening);
            self.is_refused |= input.meaning == Meaning::Excluded && !was_dropped && self.is_dropped();
        }
        // Whatever runs while the case is suspended is paused, also what has just begun.
        let is_born_paused = input.is_suspended && happening.is_some();
        if is_born_paused {
            self.runner.take(working, input.at, Happening::Pause);
        }
        happening.is_some()
    }

    /// The case is at work after all: what its rejection had dropped runs on. True if this one does.
    pub(super) fn take_on(&mut self, working: Option<Working<'a>>, input: &Input<'_>) -> bool {
        let is_taken_on = std::mem::take(&mut self.is_refused);
        if is_taken_on {
            self.runner.take(working, input.at, Happening::TakenOn);
            if input.is_suspended {
                self.runner.take(working, input.at, Happening::Pause);
            }
        }
        is_taken_on
    }

    /// None: the fact means nothing for this clock. What a supporting unit is given and answers is nothing to the case's own.
    pub(super) fn hears(&self, input: &Input<'_>) -> Option<Happening> {
        let is_for_all = |happening: &Happening| {
            matches!(happening, Happening::Voided | Happening::VoidRevoked | Happening::Exempted)
        };
        let is_deaf = self.is_over || (self.assignment == OF_CASE && input.is_support);
        happening(self, input).filter(|happening| !is_deaf || is_for_all(happening))
    }

    pub(super) fn reading(&self) -> Option<Reading> {
        self.runner.reading()
    }

    /// None where the dispatch states the due, or the clock never started.
    pub(super) fn clock(&self) -> Option<Clock> {
        self.runner.clock()
    }

    /// The limit in force and since when it is counted.
    pub(super) fn round(&self) -> Option<(Limit, Millis)> {
        self.runner.round()
    }

    pub(super) fn yellow_from(&self) -> Option<Millis> {
        self.runner.yellow_from()
    }

    /// Of a closed case nothing is to be done that would give it a due.
    fn is_started_when_closed(&self, input: &Input<'_>) -> bool {
        let is_start = self.stage().is_some_and(|stage| stage.start == input.fact.kind());
        is_start && self.assignment == OF_CASE && is_work(self.name) && input.is_closed && !input.is_support
    }

    /// The unit had handed the case on before it was closed: the close is not over its head.
    fn had_passed_on(&self, input: &Input<'_>) -> bool {
        numbered(self.assignment).is_some_and(|place| input.passed_on >> place & 1 == 1)
    }
}

/// What a fact means for a clock.
fn happening(clock: &Running<'_>, input: &Input<'_>) -> Option<Happening> {
    let (kind, name) = (input.fact.kind(), clock.name);
    let (start, stop) =
        clock.stage().map_or((FactKind::Dispatched, FactKind::Submitted), |stage| (stage.start, stage.stop));
    let is_own = clock.assignment == OF_CASE;
    let is_work = is_work(name);
    if kind == stop && stops(input.fact) {
        return Some(Happening::Stop);
    }
    // Found and done in one: a close, which answers for nobody but the case, and the decision to take it in.
    if input.is_dealt_with && is_own {
        return if name == StageName::Accept { Some(Happening::Stop) } else { closed(clock, input) };
    }
    if kind == start {
        // Of a closed case nothing is verified or checked any more.
        let is_too_late = input.is_closed && matches!(name, StageName::Verify | StageName::Check);
        return (!is_too_late && !clock.is_started_when_closed(input)).then_some(Happening::Start);
    }
    match input.fact {
        Fact::Suspended { .. } => input.is_suspended.then_some(Happening::Pause),
        Fact::Resumed { due } => Some(Happening::Resume { due: due.filter(|_| !is_own) }),
        Fact::ExtensionRequested { .. } => Some(Happening::ExtensionRequested),
        Fact::ExtensionDecided { approved: true, due, .. } => Some(Happening::ExtensionApproved { due: *due }),
        Fact::Checked { passed: false, .. } | Fact::ReworkOrdered(_)
            if is_work && !input.is_closed && !input.is_same_rework =>
        {
            Some(Happening::Rework)
        }
        Fact::Reopened { due, .. } if input.is_reopened && is_work => {
            Some(Happening::Reopened { due: due.filter(|_| !is_own) })
        }
        Fact::Reopened { .. } if input.is_reopened => Some(Happening::TakenOn),
        Fact::ReturnDecided { accepted: true, .. } if !is_own || input.is_left => Some(Happening::Returned),
        Fact::Withdrawn(_) if !is_own => Some(Happening::Returned),
        Fact::VoidRevoked(_) => Some(Happening::VoidRevoked),
        Fact::AppealDecided { upheld: true, .. } => Some(Happening::Exempted),
        _ if input.meaning == Meaning::Void => Some(Happening::Voided),
        _ if input.meaning == Meaning::Closed || input.is_dealt_with => closed(clock, input),
        // Whoever refuses has decided.
        _ if input.meaning == Meaning::Excluded && is_own && name == StageName::Accept => Some(Happening::Stop),
        _ if input.meaning == Meaning::Excluded => closed_over(clock, input),
        _ => None,
    }
}

fn closed(clock: &Running<'_>, input: &Input<'_>) -> Option<Happening> {
    // A second close changes nothing.
    if input.is_closed {
        return None;
    }
    // The close ends a pause, also of whoever has handed the case on.
    if clock.had_passed_on(input) {
        return Some(Happening::Resume { due: None });
    }
    if clock.assignment == OF_CASE && is_work(clock.name) {
        return Some(Happening::Stop);
    }
    closed_over(clock, input)
}

/// Whatever was still to be done need not be done any more. Revisits come after the close.
fn closed_over(clock: &Running<'_>, input: &Input<'_>) -> Option<Happening> {
    (clock.name != StageName::Revisit && !clock.had_passed_on(input)).then_some(Happening::ClosedOver)
}

fn is_work(name: StageName) -> bool {
    matches!(name, StageName::Dispose | StageName::WholeCase | StageName::Close)
}

/// Nobody has been contacted who was not reached.
fn stops(fact: &Fact) -> bool {
    !matches!(fact, Fact::Contacted { contacted: false, .. })
}
