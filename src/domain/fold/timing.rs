//! The clocks of a case: which rule judges it, one clock for each of its stages, and one for each assignment.
//!
//! The rule is looked for until the case is dispatched, and again when what it asks for is corrected. Under another rule
//! the clocks run again over everything that happened; what they said before stays said, as spans that have ended.
//! That is not done without end: see `AGAIN_MAX`.

use smol_str::SmolStr;

use super::{assignments::BEYOND, clocks::Clocks, running::Running, spans::Spans, trails::Trails};
use crate::domain::{
    assignment::Assignment,
    calendar::Working,
    case::JudgedBy,
    clock::Trail,
    fact::{Correction, Fact, FactKind},
    policy::{Rule, StageName, Subject},
    rules::Limits,
    span::{OF_CASE, Span},
    stream::Meaning,
    time::{Due, Millis},
};

/// Stages that each assignment has as well.
const OF_ASSIGNMENTS: [StageName; 2] = [StageName::Sign, StageName::Dispose];

/// So many facts altogether are run through again; a case that is corrected for ever would take for ever. Lives of a thousand facts
/// may be corrected a hundred times.
const AGAIN_MAX: usize = 50_000;

/// One fact as the clocks see it.
#[derive(Clone, Debug)]
pub(super) struct Input<'a> {
    pub(super) at: Millis,
    pub(super) fact: &'a Fact,
    pub(super) meaning: Meaning,
    /// The unit that has the case: its hours count.
    pub(super) unit: SmolStr,
    pub(super) assignment: Option<u16>,
    pub(super) is_support: bool,
}

#[derive(Debug)]
pub(super) struct Timing<'a> {
    limits: Option<&'a Limits>,
    rule: Option<&'a Rule>,
    is_dispatched: bool,
    inputs: Vec<Input<'a>>,
    clocks: Clocks<'a>,
    /// Facts run through again so far.
    again: usize,
    spans: Spans,
    /// For which due it was reckoned: that is dear, and dues seldom move.
    yellow: Option<(Due, Option<Millis>)>,
}

impl<'a> Timing<'a> {
    pub(super) fn new(limits: Option<&'a Limits>) -> Self {
        let spans = Spans::default();
        let (inputs, clocks) = (Vec::new(), Clocks::default());
        Self { limits, rule: None, is_dispatched: false, inputs, clocks, again: 0, spans, yellow: None }
    }

    /// `subject` is what a rule may ask of the case after the fact, and when it was received. False: the clocks would have to run
    /// again, and have done so too often.
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
        let may_again = self.again + self.inputs.len() <= AGAIN_MAX;
        let asks_again = correction.is_some_and(corrects_clocks);
        let is_moved = may_again && correction.is_some_and(|correction| self.correct(correction));
        let is_asked = (may_tell_the_rule(kind) && !self.is_dispatched) || asks_again;
        let is_other_rule = may_again && is_asked && self.choose(subject);
        self.is_dispatched |= kind == FactKind::Dispatched || input.meaning == Meaning::Closed;
        self.clocks.at_rest();
        if is_other_rule || is_moved {
            self.inputs.push(input);
            self.run_again(at);
        } else {
            self.apply(&input);
            self.inputs.push(input);
        }
        self.spans.record(at, &self.clocks, assignments);
        (may_again || !is_asked) && !self.spans.is_full()
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

    /// Puts right when something happened. True when the clocks have to run again.
    fn correct(&mut self, correction: &Correction) -> bool {
        let (right, meaning) = match correction {
            Correction::ReceivedAt(at) => (*at, Meaning::Received),
            Correction::ClosedAt(at) => (*at, Meaning::Closed),
            _ => return false,
        };
        self.again += self.inputs.len();
        let is_it = |input: &&mut Input<'_>| input.meaning == meaning;
        let found = match meaning {
            Meaning::Received => self.inputs.iter_mut().find(is_it),
            _ => self.inputs.iter_mut().rfind(is_it),
        };
        let Some(input) = found.filter(|input| input.at != right) else { return false };
        input.at = right;
        self.inputs.sort_by_key(|input| input.at);
        true
    }

    fn run_again(&mut self, at: Millis) {
        self.again += self.inputs.len();
        self.spans.end_all(at);
        self.clocks = Clocks::default();
        self.yellow = None;
        let inputs = std::mem::take(&mut self.inputs);
        for input in &inputs {
            self.clocks.at_rest();
            self.apply(input);
        }
        self.inputs = inputs;
        self.clocks.all_moved();
    }

    fn apply(&mut self, input: &Input<'a>) {
        let working = self.limits.map(|limits| limits.calendar.working_of(&input.unit));
        self.begin(input);
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
            Some(due) => self.clocks.add(Running::of_stated_due(due, input.at, number)),
            None => {
                let of_units = stages().filter(|stage| OF_ASSIGNMENTS.contains(&stage.name));
                self.clocks.add_stages(of_units, number);
            }
        }
    }

    fn main(&self) -> Option<&Running<'a>> {
        self.clocks.main()
    }

    pub(super) fn due(&self) -> Option<Due> {
        self.main()?.reading().filter(|reading| !reading.is_returned).map(|reading| reading.due)
    }

    pub(super) fn original_due(&self) -> Option<Due> {
        self.main()?.reading().filter(|reading| !reading.is_returned).map(|reading| reading.original_due)
    }

    pub(super) fn stopped_at(&self) -> Option<Millis> {
        self.main()?.reading()?.stopped_at
    }

    pub(super) fn was_red(&self) -> bool {
        self.main().and_then(Running::reading).is_some_and(|reading| reading.ever_red)
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

    /// Those that moved the due, and those that did not.
    pub(super) fn extensions(&self) -> (u32, u32) {
        let reading = self.main().and_then(Running::reading);
        reading.map_or((0, 0), |reading| (reading.extensions, reading.idle_extensions))
    }

    /// A stated due with the extension that the rule grants; none where the rule grants none.
    pub(super) fn extended(&self, due: Due, at: Millis) -> Option<Due> {
        let working = self.limits?.calendar.working();
        Some(self.main()?.stage()?.extended(working, due, at, None)?.due)
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
        let mut again = Self { rule: self.rule, ..Self::new(self.limits) };
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
