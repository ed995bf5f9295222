//! One clock of a case: by a stage of the rule, or by a due that the dispatch states.

use super::{dues::StatedDue, timing::Input};
use crate::domain::{
    calendar::{Limit, Working},
    clock::{Clock, Happening, Reading, Runner},
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
    hands: Hands<'a>,
    /// Another round has begun; nothing moves this one any more.
    is_over: bool,
}

#[derive(Debug)]
enum Hands<'a> {
    Stage(Runner<'a>),
    Stated {
        due: StatedDue,
        started_at: Millis,
        stopped_at: Option<Millis>,
        paused_at: Option<Millis>,
        is_unjudged: bool,
    },
}

impl<'a> Running<'a> {
    pub(super) fn of_stage(stage: &'a Stage, assignment: u16) -> Self {
        Self { name: stage.name, assignment, hands: Hands::Stage(Runner::new(stage)), is_over: false }
    }

    /// The unit's own due: it runs from the dispatch to the answer.
    pub(super) fn of_stated_due(due: Due, at: Millis, assignment: u16) -> Self {
        let due = StatedDue::of(due);
        let hands = Hands::Stated { due, started_at: at, stopped_at: None, paused_at: None, is_unjudged: false };
        Self { name: StageName::Dispose, assignment, hands, is_over: false }
    }

    pub(super) fn stage(&self) -> Option<&'a Stage> {
        match &self.hands {
            Hands::Stage(runner) => Some(runner.stage()),
            Hands::Stated { .. } => None,
        }
    }

    /// The stage, if this fact starts another round of it: a second verification, a second check.
    pub(super) fn begins_again(&mut self, input: &Input<'_>) -> Option<&'a Stage> {
        let Hands::Stage(runner) = &self.hands else { return None };
        let stage = runner.stage();
        let has_rounds =
            matches!(stage.name, StageName::Verify | StageName::Check | StageName::Supervise | StageName::Revisit);
        let is_stopped = runner.reading().is_some_and(|reading| reading.stopped_at.is_some());
        let begins = has_rounds && !self.is_over && is_stopped && input.fact.kind() == stage.start;
        self.is_over |= begins;
        begins.then_some(stage)
    }

    /// Another round of it has begun.
    pub(super) fn is_over(&self) -> bool {
        self.is_over
    }

    /// True if the fact means something for it.
    pub(super) fn take(&mut self, working: Option<Working<'a>>, input: &Input<'_>) -> bool {
        let Some(happening) = self.hears(input) else { return false };
        match (&mut self.hands, working) {
            (Hands::Stage(runner), Some(working)) => runner.take(working, input.at, happening),
            (Hands::Stage(_), None) => {}
            (Hands::Stated { .. }, _) => self.take_stated(input.at, happening, named(input.fact)),
        }
        true
    }

    /// What the fact means for this clock, if anything.
    pub(super) fn hears(&self, input: &Input<'_>) -> Option<Happening> {
        if self.is_over || !self.is_meant(input) {
            return None;
        }
        happening(self.name, self.stage(), input)
    }

    /// What is about one assignment moves only its own clocks, and the case's own unless a supporting unit speaks.
    fn is_meant(&self, input: &Input<'_>) -> bool {
        match input.assignment {
            Some(_) if self.assignment == OF_CASE => !input.is_support,
            Some(number) => self.assignment == number,
            None => true,
        }
    }

    fn take_stated(&mut self, at: Millis, happening: Happening, named: Option<Due>) {
        let Hands::Stated { due, stopped_at, paused_at, is_unjudged, .. } = &mut self.hands else { return };
        if stopped_at.is_none() && paused_at.is_none() {
            due.look(at);
        }
        match happening {
            Happening::Stop => {
                if let Some(since) = paused_at.take() {
                    due.go_on(since, at, None);
                }
                stopped_at.get_or_insert(at);
            }
            Happening::Pause if stopped_at.is_none() => *paused_at = Some(paused_at.unwrap_or(at)),
            Happening::Resume => {
                if let Some(since) = paused_at.take() {
                    due.go_on(since, at, named);
                }
            }
            Happening::ExtensionApproved { due: Some(new) } if !due.is_past(at) || paused_at.is_some() => {
                due.due = Some(new);
            }
            Happening::Rework | Happening::Reopened => {
                *stopped_at = None;
                due.replace(named);
            }
            Happening::Returned | Happening::Voided | Happening::Exempted => *is_unjudged = true,
            Happening::VoidRevoked => *is_unjudged = false,
            _ => {}
        }
    }

    pub(super) fn reading(&self) -> Option<Reading> {
        match &self.hands {
            Hands::Stage(runner) => runner.reading(),
            Hands::Stated { due, started_at, stopped_at, paused_at, is_unjudged } => {
                let (now, original_due) = (due.due?, due.original?);
                Some(Reading {
                    started_at: *started_at,
                    original_due,
                    due: now,
                    is_provisional: false,
                    stopped_at: *stopped_at,
                    is_paused: paused_at.is_some(),
                    is_unjudged: *is_unjudged,
                    is_returned: false,
                    ever_red: due.was_red,
                    extensions: 0,
                    idle_extensions: 0,
                })
            }
        }
    }

    /// None where the dispatch states the due, or the clock never started.
    pub(super) fn clock(&self) -> Option<Clock> {
        match &self.hands {
            Hands::Stage(runner) => runner.clock(),
            Hands::Stated { .. } => None,
        }
    }

    /// The limit in force and since when it is counted.
    pub(super) fn round(&self) -> Option<(Limit, Millis)> {
        match &self.hands {
            Hands::Stage(runner) => runner.round(),
            Hands::Stated { .. } => None,
        }
    }

    pub(super) fn yellow_from(&self) -> Option<Millis> {
        match &self.hands {
            Hands::Stage(runner) => runner.yellow_from(),
            Hands::Stated { due, started_at, .. } => due.yellow_from(*started_at),
        }
    }
}

/// What a fact means for a clock. `stage` is none for a due that the dispatch states.
fn happening(name: StageName, stage: Option<&Stage>, input: &Input<'_>) -> Option<Happening> {
    let kind = input.fact.kind();
    let (start, stop) = stage.map_or((FactKind::Dispatched, FactKind::Submitted), |stage| (stage.start, stage.stop));
    let is_done_already =
        matches!(input.fact, Fact::Reported(intake) | Fact::Accepted(intake) if intake.is_patrol_dealt);
    if is_done_already || (kind == stop && stops(input.fact)) {
        return Some(Happening::Stop);
    }
    if kind == start {
        return Some(Happening::Start);
    }
    let is_work = matches!(name, StageName::Dispose | StageName::WholeCase | StageName::Close);
    match input.fact {
        Fact::Suspended { .. } => Some(Happening::Pause),
        Fact::Resumed { .. } => Some(Happening::Resume),
        Fact::ExtensionRequested { .. } => Some(Happening::ExtensionRequested),
        Fact::ExtensionDecided { approved: true, due, .. } => Some(Happening::ExtensionApproved { due: *due }),
        Fact::Checked { passed: false, .. } | Fact::ReworkOrdered(_) if is_work => Some(Happening::Rework),
        Fact::Reopened { .. } if is_work => Some(Happening::Reopened),
        Fact::ReturnDecided { accepted: true, .. } | Fact::Withdrawn(_) => Some(Happening::Returned),
        Fact::VoidRevoked(_) => Some(Happening::VoidRevoked),
        Fact::AppealDecided { upheld: true, .. } => Some(Happening::Exempted),
        _ => match input.meaning {
            Meaning::Void => Some(Happening::Voided),
            // Whatever was still to be done need not be done any more. Revisits come after the close.
            Meaning::Closed | Meaning::Excluded if name != StageName::Revisit => Some(Happening::Stop),
            _ => None,
        },
    }
}

/// The due that the fact names for the case holds for the units that have it as well.
fn named(fact: &Fact) -> Option<Due> {
    match fact {
        Fact::Resumed { due } | Fact::Reopened { due, .. } => *due,
        _ => None,
    }
}

/// Nobody has been contacted who was not reached.
fn stops(fact: &Fact) -> bool {
    !matches!(fact, Fact::Contacted { contacted: false, .. })
}
