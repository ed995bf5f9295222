//! 派遣: each dispatch of the case to a unit, by the due of its own.

use super::{
    line::{By, Line},
    message::Message,
};

#[derive(Clone, Debug, Default)]
pub struct Units {
    pub parts: Vec<Assigned>,
}

#[derive(Clone, Debug)]
pub struct Assigned {
    pub unit: String,
    pub at: i64,
    level: i64,
    is_support: bool,
    pub line: Line,
    /// Re-handlings after its due had passed, each by a limit of its own.
    pub more: Vec<Line>,
    /// A due that the dispatch states is the unit's for every rework.
    is_stated: bool,
    pub outcome: &'static str,
    /// To which assignment it was passed on.
    passed_to: Option<usize>,
}

impl Assigned {
    pub fn is_given_back(&self) -> bool {
        ["returned", "withdrawn"].contains(&self.outcome)
    }

    fn is_open(&self) -> bool {
        self.outcome == "open"
    }
}

impl Units {
    pub fn dispatch(&mut self, event: &Message, due: Option<i64>, suspended_since: Option<i64>) {
        let (at, level) = (event.at, event.data["level"].as_i64().unwrap_or(0));
        let unit = event.text("unit").expect("unit");
        let (is_support, is_lead) = (event.text("role") == Some("support"), event.text("role") == Some("lead"));
        let next = self.parts.len();
        for part in self.parts.iter_mut().filter(|part| part.is_open() && !part.is_support && !is_support) {
            let is_lower = part.level > 0 && level > part.level;
            if (is_lower || is_lead) && part.unit != unit {
                part.outcome = "passed_on";
                part.passed_to = Some(next);
                for line in [&mut part.line].into_iter().chain(&mut part.more) {
                    line.is_away |= line.is_running() && !line.is_decided(at);
                }
            }
        }
        let mut line = Line::default();
        line.begin(at, due, suspended_since);
        self.parts.push(Assigned {
            unit: unit.into(),
            at,
            level,
            is_support,
            line,
            more: Vec::new(),
            is_stated: event.due().is_some(),
            outcome: "open",
            passed_to: None,
        });
    }

    /// The latest unit that leads.
    fn holder(&self) -> Option<usize> {
        let has = |part: &Assigned| !part.is_support && ["open", "done"].contains(&part.outcome);
        (0..self.parts.len()).rev().find(|number| has(&self.parts[*number]))
    }

    /// Whom an event speaks of: the named unit's latest assignment, an open one before one that is over, one in which it leads
    /// before one in which it supports. Without a name the latest unit that leads.
    fn meant(&self, event: &Message) -> Option<usize> {
        let Some(unit) = event.text("unit") else { return self.holder() };
        let numbers = (0..self.parts.len()).filter(|number| self.parts[*number].unit == unit);
        numbers.max_by_key(|number| (self.parts[*number].is_open(), !self.parts[*number].is_support, *number))
    }

    /// A unit to which the case was never sent, though it was sent to others.
    pub fn is_stranger(&self, event: &Message) -> bool {
        let named = event.text("unit");
        !self.parts.is_empty() && named.is_some_and(|named| self.parts.iter().all(|part| part.unit != named))
    }

    pub fn lines(&mut self) -> impl Iterator<Item = &mut Line> {
        self.parts.iter_mut().flat_map(|part| [&mut part.line].into_iter().chain(&mut part.more))
    }

    /// Has a unit answered that only supports? That is its part, and no answer to the citizen.
    pub fn submit(&mut self, event: &Message, by: By<'_>) -> bool {
        let Some(number) = self.meant(event) else { return false };
        let part = &mut self.parts[number];
        if part.is_given_back() {
            return part.is_support;
        }
        part.outcome = "done";
        part.passed_to = None;
        for line in [&mut part.line].into_iter().chain(&mut part.more) {
            // Who answers after he had passed it on says that he had it after all.
            line.is_away = false;
            line.meet(event.at, by);
        }
        part.is_support
    }

    /// Whoever has passed it on does not have it, and cannot give it back.
    pub fn who_has(&self, event: &Message) -> Option<usize> {
        self.meant(event).filter(|number| ["open", "done"].contains(&self.parts[*number].outcome))
    }

    /// Does a unit lead the case still?
    pub fn give_back(&mut self, who: Option<usize>, at: i64, outcome: &'static str) -> bool {
        let is_held = match who {
            // By what is known now he had passed it on before, and is judged by that.
            Some(number) if self.parts[number].outcome == "passed_on" => {
                (self.parts[number].outcome, self.parts[number].passed_to) = (outcome, None);
                true
            }
            Some(number) => self.parts[number].is_support | self.end(number, at, outcome),
            // About nobody who has it: nothing ends by it.
            None => true,
        };
        is_held || self.parts.iter().any(|part| part.is_open() && !part.is_support)
    }

    /// Does somebody have it again who had passed it on?
    fn end(&mut self, number: usize, at: i64, outcome: &'static str) -> bool {
        let falls_back = self.parts.iter().any(|part| part.passed_to == Some(number) && part.outcome == "passed_on");
        let part = &mut self.parts[number];
        part.outcome = outcome;
        for line in [&mut part.line].into_iter().chain(&mut part.more) {
            line.is_unjudged |= !line.is_decided(at);
            line.is_refused = false;
        }
        for upper in self.parts.iter_mut().filter(|part| part.passed_to == Some(number)) {
            // By a due that has passed meanwhile he is not judged; of re-handlings the last counts.
            if !upper.more.last().unwrap_or(&upper.line).is_decided(at) {
                (upper.outcome, upper.passed_to) = ("open", None);
                [&mut upper.line].into_iter().chain(&mut upper.more).for_each(|line| line.is_away = false);
            }
        }
        falls_back
    }

    /// A supporting unit does its part once more: that is nothing to the case's own clock.
    pub fn is_of_support(&self, event: &Message) -> bool {
        self.meant(event).is_some_and(|number| self.parts[number].is_support)
    }

    pub fn rework(&mut self, event: &Message, due: Option<i64>, suspended_since: Option<i64>) {
        let Some(number) = self.meant(event) else { return };
        let part = &mut self.parts[number];
        if part.is_given_back() {
            return;
        }
        let due = due.filter(|_| !part.is_stated);
        let last = part.more.last_mut().unwrap_or(&mut part.line);
        if part.outcome == "done" {
            part.outcome = "open";
        }
        let was_answered = last.stopped.is_some();
        let is_another = last.rework(event.at, due, suspended_since);
        if let (true, true, Some(due)) = (is_another, was_answered, due) {
            let mut line = Line::default();
            line.begin(event.at, Some(due), suspended_since);
            part.more.push(line);
        }
    }

    pub fn extend(&mut self, at: i64, stated: Option<i64>, by: By<'_>) {
        for part in self.parts.iter_mut().filter(|part| !part.is_given_back()) {
            for line in [&mut part.line].into_iter().chain(&mut part.more) {
                line.extend(at, stated, by);
            }
        }
    }

    pub fn close(&mut self, at: i64, by: By<'_>) {
        for part in &mut self.parts {
            if !part.is_open() {
                [&mut part.line].into_iter().chain(&mut part.more).for_each(|line| line.resume(at, None, by));
                continue;
            }
            part.outcome = "done";
            for line in [&mut part.line].into_iter().chain(&mut part.more) {
                line.drop(at, by);
            }
        }
    }

    /// The unit that had the case last works on; whoever was only cut off by the close runs on to the due that he had.
    pub fn reopen(&mut self, at: i64, stated: Option<i64>, limit: Option<i64>) {
        let last = self.holder();
        for (number, part) in self.parts.iter_mut().enumerate() {
            let due = stated.or(limit.filter(|_| !part.is_stated));
            let is_last = last == Some(number);
            // Of a re-handling only the last.
            let last_line = part.more.last_mut().unwrap_or(&mut part.line);
            for line in [last_line] {
                if ["returned", "withdrawn", "passed_on"].contains(&part.outcome) {
                    continue;
                }
                let has_passed = line.is_past(at);
                if line.is_cut && is_last {
                    part.outcome = "open";
                    line.again(at, stated.filter(|_| !has_passed), None);
                } else if is_last && line.is_running() {
                    part.outcome = "open";
                } else if is_last && line.stopped.is_some() {
                    part.outcome = "open";
                    line.again(at, due, None);
                }
            }
        }
    }
}

impl Line {
    /// `in_time`, `late`, `paused`, `open` or `neither`.
    pub fn verdict(&self) -> &'static str {
        let line = self;
        match () {
            () if line.due.is_none() || line.is_unjudged || line.is_away => "neither",
            () if line.was_late => "late",
            () if line.stopped.is_some() => "in_time",
            () if line.is_paused() => "paused",
            () => "open",
        }
    }
}
