//! The state between two facts, and the order in which one fact is taken.

use smol_str::SmolStr;

use super::{
    BEYOND, FACTS_MAX, codes,
    input::Input,
    timing::Timing,
    told::{Taken, Told},
};
use crate::domain::{
    assignment::{Outcome, numbered},
    case::{Case, CitizenAnswer, Earlier},
    clock::{Extensions, Runner},
    event::Event,
    fact::{Fact, FactKind},
    lifecycle::{self, Fit},
    light::Light,
    rules::Rules,
    snapshot::Snapshot,
    stream::Meaning,
    time::{Due, Millis},
};

/// What is not in `case` is needed only on the way.
#[derive(Debug)]
pub(super) struct Folding<'a> {
    pub(super) rules: &'a Rules,
    pub(super) case: Case,
    pub(super) timing: Timing<'a>,
    /// The due that an event states, as a clock.
    pub(super) stated: Option<Runner<'a>>,
    pub(super) original: Option<Original>,
    /// A due that a dispatch stated while the case was closed: it is for the case if it is opened again.
    pub(super) told_when_closed: Option<Due>,
    /// The due that the resumption being taken names.
    pub(super) resumed_with: Option<Due>,
    /// Of the clock of the policy, as far as they are counted.
    pub(super) seen_extensions: Extensions,
    /// Said in so many words, not presumed.
    pub(super) received: Option<Millis>,
    pub(super) paused_at: Option<Millis>,
    /// By the stream's declaration, what a due is compared with; the first since the case was opened.
    pub(super) answered_at: Option<Millis>,
    /// 直接答复: closed so, and not sent to a unit by then.
    pub(super) is_direct: bool,
    pub(super) is_excluded: bool,
    /// A row of the source showed red.
    pub(super) is_red_by_source: bool,
    /// By the fact being taken a unit has the case again that had passed it on.
    pub(super) fell_back: bool,
    /// What reviews said before anybody was asked.
    pub(super) unasked: CitizenAnswer,
    /// Sent back to work, and nobody has done anything since: another order is the same rework.
    pub(super) is_sent_back: bool,
    /// To which assignment each was handed on, by its place; 0: it was not.
    pub(super) passed_to: Vec<u16>,
    pub(super) told: Taken<'a>,
    /// It only reckons the dues once more.
    pub(super) is_again: bool,
    /// Facts taken so far, and rows that said something new.
    taken: usize,
    last_row: Option<&'a Snapshot>,
}

/// What had become of the original due when it passed; of another one it says nothing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Original {
    pub(super) due: Due,
    pub(super) is_kept: bool,
}

impl<'a> Folding<'a> {
    pub(super) fn new(rules: &'a Rules, case: Case) -> Self {
        let timing = Timing::new(rules.limits.as_deref(), &rules.stream.zone);
        Self {
            rules,
            case,
            timing,
            stated: None,
            original: None,
            told_when_closed: None,
            resumed_with: None,
            seen_extensions: Extensions::default(),
            received: None,
            paused_at: None,
            answered_at: None,
            is_direct: false,
            is_excluded: false,
            is_red_by_source: false,
            fell_back: false,
            unasked: CitizenAnswer::default(),
            is_sent_back: false,
            passed_to: Vec::new(),
            told: Taken::default(),
            is_again: false,
            taken: 0,
            last_row: None,
        }
    }

    pub(super) fn take(&mut self, event: &'a Event) {
        self.take_as(Told::new(event.occurred_at, event));
    }

    /// By a time that may have been put right, and as it was decided when it came.
    pub(super) fn take_as(&mut self, told: Told<'a>) {
        let Told { at, event, is_receipt, is_mere_work, .. } = told;
        let fact = &event.fact;
        if self.is_limited(at) {
            self.case.counts.irregular += 1;
            return;
        }
        if let Fact::Snapshot(row) = fact {
            self.taken += usize::from(self.last_row.replace(row) != Some(row));
            return self.see_light(at, row.light); // its facts stand beside it
        }
        self.taken += 1;
        let meaning = if is_mere_work { Meaning::Progress } else { self.rules.stream.meaning(fact.kind()) };
        let (was_closed, was_received) = (self.case.milestones.closed_at.is_some(), self.case.milestones.received_at);
        let is_dealt_with = fact.is_patrol_dealt() && !is_receipt && !is_mere_work && !was_closed;
        self.told.add(told, was_closed, meaning == Meaning::Closed);
        self.case.milestones.first_event_at.get_or_insert(at);
        self.case.milestones.last_event_at = Some(at);
        self.look(at);
        self.advance(fact);
        self.case.counts.unknown_codes += codes::unknown(fact, &self.rules.stream.codes);
        let before = self.dimensions(at, fact);
        let is_told = self.tells_the_rule(fact);
        self.fell_back = false;
        let is_same_rework = self.is_sent_back && fact.kind() == FactKind::ReworkOrdered;
        let assignment = if is_mere_work { None } else { self.effect(at, fact) };
        if is_dealt_with {
            self.put_right(at);
        }
        self.mean(at, fact, meaning);
        self.is_sent_back &= is_mere_work || !is_progress(fact);
        let is_at_work = is_work(fact.kind()) || is_dealt_with || is_mere_work;
        let is_taken_on = self.is_excluded && (meaning == Meaning::Received || is_at_work);
        self.is_excluded &= !is_taken_on;
        self.presume_received(fact.kind());
        self.remember(at, before);
        let is_told = is_told || was_received != self.case.milestones.received_at;
        let moves_close = !self.is_again && self.sets_close_right(fact, was_closed);
        let is_other = self.time(Input {
            at,
            fact,
            meaning,
            unit: self.case.unit.clone(),
            assignment,
            is_support: self.is_support(assignment),
            is_suspended: self.paused_at.is_some(),
            is_dealt_with,
            is_closed: was_closed,
            is_reopened: was_closed && self.case.milestones.closed_at.is_none(),
            is_taken_on,
            is_mere_work,
            is_left: !self.is_led() && !self.fell_back && assignment != Some(BEYOND),
            is_same_rework,
            is_told,
            moves_close,
            passed_on: self.passed_on(),
        });
        if is_other {
            self.reckon_again(at);
        }
        self.name_resumed(at);
        self.note(at);
    }

    pub(super) fn finish(mut self) -> Case {
        self.case.clocks = self.timing.into_spans();
        self.case
    }

    /// Is more known of the case than is followed? From the first fact that is not taken on, it is marked.
    fn is_limited(&mut self, at: Millis) -> bool {
        if !self.case.is_history_limited && (self.taken >= FACTS_MAX || self.timing.is_spent()) {
            self.case.is_history_limited = true;
            self.note(at);
        }
        self.case.is_history_limited
    }

    /// The light that a row shows. It counts from the row's own time; red, it has been red.
    fn see_light(&mut self, at: Millis, light: Option<Light>) {
        let Some(light) = light else { return };
        self.is_red_by_source |= light == Light::Red;
        self.case.stated_light = Some(light);
        if self.case.milestones.first_event_at.is_some() {
            self.case.milestones.last_event_at = self.case.milestones.last_event_at.max(Some(at));
            self.note(at);
        }
    }

    /// What the fact means for the clocks. True where all has to be reckoned once more.
    fn time(&mut self, input: Input<'a>) -> bool {
        let case = &self.case;
        let received_at = case.milestones.received_at.or(case.milestones.first_event_at).unwrap_or(input.at);
        self.timing.take(input, (&case.subject(), received_at), &case.assignments)
    }

    /// Does the fact say something that a rule asks for, and nobody had said before?
    fn tells_the_rule(&self, fact: &Fact) -> bool {
        let case = &self.case;
        let is_new = |old: &SmolStr, new: &SmolStr| old.is_empty() && !new.is_empty();
        match fact {
            Fact::Reported(intake) | Fact::Accepted(intake) => case.attributes.lacks(&intake.attributes),
            Fact::Filed { condition, urgency, .. } => {
                is_new(&case.filing_condition, condition) || is_new(&case.attributes.urgency, urgency)
            }
            _ => false,
        }
    }

    fn is_support(&self, assignment: Option<u16>) -> bool {
        let place = assignment.and_then(numbered);
        place.and_then(|place| self.case.assignments.get(place)).is_some_and(|one| one.is_support)
    }

    /// Does a unit lead the case that has not answered?
    fn is_led(&self) -> bool {
        self.case.assignments.iter().any(|one| one.outcome == Outcome::Open && !one.is_support)
    }

    /// A bit for each assignment that has handed the case on.
    fn passed_on(&self) -> u64 {
        let bits = self.case.assignments.iter().enumerate();
        bits.filter(|(_, one)| one.outcome == Outcome::PassedOn).fold(0, |bits, (place, _)| bits | 1 << place)
    }

    fn advance(&mut self, fact: &Fact) {
        let (phase, fit) = lifecycle::advance(self.case.phase, fact);
        self.case.counts.irregular += u32::from(fit != Fit::Expected);
        self.case.counts.gaps += u32::from(fit == Fit::Gap);
        self.case.phase = phase;
    }

    fn mean(&mut self, at: Millis, fact: &Fact, meaning: Meaning) {
        match meaning {
            Meaning::Received => self.receive(at),
            Meaning::Closed => self.close(at),
            Meaning::Void => self.void(at),
            Meaning::Excluded => self.is_excluded = true,
            Meaning::Handled => self.be_done(at),
            Meaning::Satisfied => self.be_satisfied(at, fact),
            Meaning::Progress => {}
        }
    }

    /// A case that is worked on was received, even if nobody said so: it counts from its first event,
    /// and from its received event as soon as that comes.
    fn presume_received(&mut self, kind: FactKind) {
        let marks = &mut self.case.milestones;
        if self.received.is_none() && is_work(kind) {
            marks.received_at = marks.received_at.or(marks.first_event_at);
        }
    }

    /// Where the case stands now, if the fact may change it; copying that for every fact would cost more than the rest.
    fn dimensions(&self, at: Millis, fact: &Fact) -> Option<Earlier> {
        use FactKind as K;
        let may_change = matches!(
            fact.kind(),
            K::Reported
                | K::Accepted
                | K::Tallied
                | K::Filed
                | K::Dispatched
                | K::Corrected
                | K::Reviewed
                | K::DuplicateLinked
                | K::DuplicateUnlinked
                | K::Reopened
        ) || self.changes_outcome(fact);
        let is_seen = self.case.milestones.first_event_at.is_some_and(|first| first < at)
            && self.case.earlier.last().is_none_or(|earlier| earlier.until < at);
        (may_change && is_seen).then(|| Earlier {
            until: at,
            attributes: self.case.attributes.clone(),
            unit: self.case.unit.clone(),
            unit_name: self.case.unit_name.clone(),
            how: self.case.how.clone(),
            result: self.case.result.clone(),
        })
    }

    /// The outcome is asked for only of closed cases, so that until the first close it may be named without a trace.
    fn changes_outcome(&self, fact: &Fact) -> bool {
        let case = &self.case;
        let is_other = |old: &SmolStr, new: &SmolStr| {
            !new.is_empty() && old != new && (!old.is_empty() || case.milestones.first_closed_at.is_some())
        };
        match fact {
            Fact::Submitted { result, .. } => is_other(&case.result, result),
            Fact::Closed { how, result } => is_other(&case.how, how) || is_other(&case.result, result),
            _ => false,
        }
    }

    fn remember(&mut self, at: Millis, before: Option<Earlier>) {
        let case = &mut self.case;
        let is_named = !case.unit.is_empty() || !case.unit_name.is_empty();
        let is_first_unit = is_named && case.milestones.unit_since.is_none();
        if is_first_unit {
            case.milestones.unit_since = Some(at);
        }
        let Some(before) = before else { return };
        let is_other_unit = (&before.unit, &before.unit_name) != (&case.unit, &case.unit_name);
        let is_other_outcome = (&before.how, &before.result) != (&case.how, &case.result);
        if before.attributes != case.attributes || (is_other_unit && !is_first_unit) || is_other_outcome {
            case.earlier.push(before);
        }
    }
}

/// Something was done, so that another order is another rework.
fn is_progress(fact: &Fact) -> bool {
    use FactKind::{CheckRequested, Closed, Contacted, Dispatched, Signed, Submitted};
    let is_done = matches!(fact.kind(), CheckRequested | Closed | Contacted | Dispatched | Signed | Submitted);
    is_done || matches!(fact, Fact::Checked { passed: true, .. } | Fact::ReturnDecided { accepted: true, .. })
}

/// Facts that only a received case can have.
fn is_work(kind: FactKind) -> bool {
    use FactKind::{Checked, Closed, Contacted, Dispatched, Filed, Signed, Submitted};
    matches!(kind, Filed | Dispatched | Signed | Contacted | Submitted | Checked | Closed)
}
