//! The clocks of a case: which rule judges it, one clock for each of its stages, and one for each assignment.
//!
//! The rule is looked for until the case is dispatched, and again when what it asks for is corrected. Under another rule
//! the clocks run again over everything that happened; what they said before stays said, as spans that have ended.
//! That is not done without end: see `AGAIN_MAX`.

use jiff::tz::TimeZone;

use super::{BEYOND, clocks::Clocks, input::Input, running::Running, spans::Spans, trails::Trails};
use crate::domain::{
    assignment::Assignment,
    calendar::Working,
    case::JudgedBy,
    clock::{By, Reading, Trail},
    fact::{Correction, Fact, FactKind},
    policy::{Rule, StageName, Subject},
    rules::Limits,
    span::{OF_CASE, Span},
    stream::Meaning,
    time::{Due, Millis},
};

/// Stages that each assignment has as well.
const OF_ASSIGNMENTS: [StageName; 2] = [StageName::Sign, StageName::Dispose];

/// So many steps of clocks are run through again; a case that is corrected for ever would take for ever. Lives of a thousand facts
/// may be corrected twenty times.
const AGAIN_MAX: usize = 100_000;

#[derive(Debug)]
pub(super) struct Timing<'a> {
    limits: Option<&'a Limits>,
    /// Of the stream: where there is no rule.
    zone: &'a TimeZone,
    rule: Option<&'a Rule>,
    is_dispatched: bool,
    /// The rule is known from the start.
    is_settled: bool,
    inputs: Vec<Input<'a>>,
    clocks: Clocks<'a>,
    /// Steps run through again so far.
    again: usize,
    spans: Spans,
    /// For which due it was reckoned: that is dear, and dues seldom move.
    yellow: Option<(Due, Option<Millis>)>,
}

impl<'a> Timing<'a> {
    pub(super) fn new(limits: Option<&'a Limits>, zone: &'a TimeZone) -> Self {
        let spans = Spans::default();
        let (inputs, clocks) = (Vec::new(), Clocks::default());
        Self {
            limits,
            zone,
            rule: None,
            is_dispatched: false,
            is_settled: false,
            inputs,
            clocks,
            again: 0,
            spans,
            yellow: None,
        }
    }

    /// `subject` is what a rule may ask of the case after the fact, and when it was received. True where all has to be reckoned once
    /// more: it is not taken then.
    pub(super) fn take(
        &mut self,
        input: Input<'a>,
        subject: (&Subject<'_>, Millis),
        assignments: &[Assignment],
    ) -> bool {
        let (at, kind) = (input.at, input.fact.kind());
        let correction = match input.fact {
            Fact::Corrected { correction, .. } | Fact::Reviewed { correction, .. } => Some(correction),
            _ => None,
        };
        let asks_again = correction.is_some_and(corrects_clocks);
        let is_first = self.inputs.is_empty();
        let is_asked = (may_tell_the_rule(kind) && !self.is_dispatched) || asks_again || input.is_told || is_first;
        let is_other_rule = !self.is_settled && is_asked && self.choose(subject);
        self.is_dispatched |= kind == FactKind::Dispatched || input.meaning == Meaning::Closed;
        if input.moves_close || (is_other_rule && !is_first) {
            return true;
        }
        self.clocks.at_rest();
        if let Some(Correction::ReceivedAt(right)) = correction
            && self.set_receipt_right(*right)
        {
            self.inputs.push(input);
            self.run_again(at);
        } else {
            self.apply(&input);
            self.inputs.push(input);
        }
        if self.is_settled {
            self.again += 1 + self.clocks.moved().len();
        }
        self.spans.record(at, &self.clocks, assignments);
        false
    }

    /// Reckons once more, under the rule that the other has now.
    pub(super) fn settle(&mut self, other: &Self) {
        (self.is_settled, self.rule) = (true, other.rule);
    }

    /// The clocks as they would be, had it always been so. What they said until now stays said.
    pub(super) fn take_over(&mut self, again: Self, at: Millis, assignments: &[Assignment]) {
        self.spans.end_all(at);
        self.spans.given_away = again.spans.given_away;
        self.again += again.again;
        (self.inputs, self.clocks, self.yellow) = (again.inputs, again.clocks, None);
        self.clocks.all_moved();
        self.spans.record(at, &self.clocks, assignments);
    }

    /// Has the unit's due not passed yet?
    pub(super) fn may_still_be_met(&self, assignment: u16, at: Millis) -> bool {
        let readings = self.clocks.of_unit(assignment).iter().map(|place| &self.clocks.all()[*place]);
        let mut dues = readings.filter(|clock| clock.name == StageName::Dispose).filter_map(Running::reading);
        dues.all(|reading| reading.is_paused || reading.due.is_met_at(at))
    }

    /// Has any due passed by which figures of the base judge the case?
    pub(super) fn has_passed(&self, at: Millis) -> bool {
        use StageName::{Accept, Revisit, Supervise};
        let judged = self.clocks.all().iter().filter(|clock| !matches!(clock.name, Accept | Revisit | Supervise));
        judged.filter_map(Running::reading).any(|reading| !reading.due.is_met_at(at))
    }

    /// No more facts can be followed.
    pub(super) fn is_spent(&self) -> bool {
        self.again > AGAIN_MAX || self.spans.is_full()
    }

    /// True when another rule judges from now on.
    fn choose(&mut self, (subject, received_at): (&Subject<'_>, Millis)) -> bool {
        let Some(limits) = self.limits else { return false };
        let found = limits.policy.rule_for(subject, received_at);
        let is_same = match (self.rule, found) {
            (Some(one), Some(other)) => std::ptr::eq(one, other),
            (one, other) => one.is_none() && other.is_none(),
        };
        self.rule = found;
        !is_same
    }

    /// The clocks are told that it was at another time. What it stated besides, a due above all, was stated when it was.
    fn set_receipt_right(&mut self, right: Millis) -> bool {
        self.again += self.inputs.len();
        let is_receipt = |input: &Input<'_>| input.meaning == Meaning::Received;
        let Some(input) = self.inputs.iter_mut().find(|input| is_receipt(input)).filter(|input| input.at != right)
        else {
            return false;
        };
        let told = input.clone();
        if !told.is_dealt_with && !told.is_taken_on {
            input.at = right;
        } else {
            // It was put right on the spot, or brought back what was rejected, when it was.
            let is_closed = told.is_closed || (told.is_dealt_with && right > told.at);
            let receipt = Input { at: right, is_dealt_with: false, is_taken_on: false, is_closed, ..told.clone() };
            let meaning = if told.is_dealt_with { Meaning::Closed } else { Meaning::Progress };
            *input = Input { meaning, is_mere_work: !told.is_dealt_with, ..told };
            self.inputs.push(receipt);
        }
        self.inputs.sort_by_key(|input| input.at);
        true
    }

    fn run_again(&mut self, at: Millis) {
        self.spans.end_all(at);
        (self.clocks, self.yellow) = (Clocks::default(), None);
        let inputs = std::mem::take(&mut self.inputs);
        for input in &inputs {
            self.clocks.at_rest();
            self.apply(input);
            self.again += 1 + self.clocks.moved().len();
        }
        self.inputs = inputs;
        self.clocks.all_moved();
    }

    fn apply(&mut self, input: &Input<'a>) {
        let working = self.limits.map(|limits| limits.calendar.working_of(&input.unit));
        if input.is_mere_work {
            return self.clocks.take_on(working, input);
        }
        self.begin(input);
        self.clocks.handle_again(working, input);
        self.clocks.take(working, input);
    }

    /// Clocks that this fact may start: those of the rule with the first fact, another round of one that is over, and
    /// those of an assignment with its dispatch.
    fn begin(&mut self, input: &Input<'a>) {
        let rule = self.rule;
        let stages = || rule.iter().flat_map(|rule| &rule.stages);
        if !self.clocks.has_own() {
            self.clocks.add_stages(stages(), OF_CASE);
        }
        let again = self.clocks.begin_again(input);
        self.clocks.add_stages(again.into_iter(), OF_CASE);
        let (Fact::Dispatched(dispatch), Some(number)) = (input.fact, input.assignment) else { return };
        match dispatch.due {
            _ if number == BEYOND => {}
            Some(due) => self.clocks.add(Running::of_stated_due(due, input.at, number, self.by(&input.unit))),
            None => {
                let of_units = stages().filter(|stage| OF_ASSIGNMENTS.contains(&stage.name));
                self.clocks.add_stages(of_units, number);
            }
        }
    }

    /// What moves a stated due: the stage of the rule that would give one, by the hours of the unit.
    pub(super) fn by(&self, unit: &str) -> By<'a> {
        let stages = || self.rule.iter().flat_map(|rule| &rule.stages);
        let stage = [StageName::WholeCase, StageName::Dispose].map(|name| stages().find(|stage| stage.name == name));
        match (stage.into_iter().flatten().next(), self.limits) {
            (Some(stage), Some(limits)) => By::Rule(stage, limits.calendar.working_of(unit)),
            _ => By::Wall(self.zone),
        }
    }

    fn main(&self) -> Option<&Running<'a>> {
        self.clocks.main()
    }

    pub(super) fn due(&self) -> Option<Due> {
        self.main()?.reading().filter(|reading| !reading.is_returned).map(|reading| reading.due)
    }

    pub(super) fn yellow_from(&mut self) -> Option<Millis> {
        let due = self.due()?;
        if let Some((_, yellow)) = self.yellow.filter(|(known, _)| *known == due) {
            return yellow;
        }
        let yellow = self.main()?.yellow_from();
        self.yellow = Some((due, yellow));
        yellow
    }

    /// The clock that gives the case its due.
    pub(super) fn reading(&self) -> Option<Reading> {
        self.main().and_then(Running::reading)
    }

    /// The same, unless the case was given back: then the next start gives it another.
    pub(super) fn in_force(&self) -> Option<Reading> {
        self.reading().filter(|reading| !reading.is_returned)
    }

    pub(super) fn judged_by(&self) -> JudgedBy {
        let (Some(limits), Some(rule)) = (self.limits, self.rule) else { return JudgedBy::default() };
        JudgedBy {
            policy: limits.policy_version.clone(),
            rule: rule.id.clone(),
            calendar: limits.calendar_version.clone(),
            is_provisional: self.main().and_then(Running::reading).is_some_and(|reading| reading.is_provisional),
        }
    }

    pub(super) fn worked(&self, from: Millis, until: Millis) -> Option<i64> {
        let working: Working<'_> = self.limits?.calendar.working();
        Some(working.work_between(from, until).max(0))
    }

    /// What moved each clock: they run once more over everything that happened, and are watched.
    pub(super) fn trails(&self) -> Vec<Trail> {
        let mut again = Self { rule: self.rule, ..Self::new(self.limits, self.zone) };
        let mut trails = Trails::default();
        for input in &self.inputs {
            again.clocks.at_rest();
            again.apply(input);
            trails.watch(input, &again.clocks);
        }
        let main = again.main().map(std::ptr::from_ref);
        trails.into_vec(again.clocks.all(), |clock| Some(std::ptr::from_ref(clock)) == main)
    }

    pub(super) fn into_spans(self) -> Vec<Span> {
        self.spans.into_vec()
    }
}

/// Corrections after which another rule may fit better, or another time counts.
fn corrects_clocks(correction: &Correction) -> bool {
    use Correction::{Attribute, ClosedAt, FilingCondition, ReceivedAt, Unit};
    matches!(correction, Attribute(..) | Unit(_) | FilingCondition(_) | ReceivedAt(_) | ClosedAt(_))
}

/// Facts after which another rule may fit better.
fn may_tell_the_rule(kind: FactKind) -> bool {
    use FactKind::{Accepted, Closed, Dispatched, Filed, Reported};
    matches!(kind, Reported | Accepted | Filed | Dispatched | Closed)
}
