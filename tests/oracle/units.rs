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
    pub submitted_at: Option<i64>,
    pub outcome: &'static str,
    /// To which assignment it was passed on.
    passed_to: Option<usize>,
}

impl Assigned {
    fn is_given_back(&self) -> bool {
        ["returned", "withdrawn"].contains(&self.outcome)
    }

    fn is_open(&self) -> bool {
        self.outcome == "open"
    }
}

impl Units {
    pub fn dispatch(&mut self, event: &Message, due: Option<i64>, is_suspended: bool) {
        let (at, level) = (event.at, event.data["level"].as_i64().unwrap_or(0));
        let unit = event.text("unit").expect("unit");
        let (is_support, is_lead) = (event.text("role") == Some("support"), event.text("role") == Some("lead"));
        let next = self.parts.len();
        for part in self.parts.iter_mut().filter(|part| part.is_open() && !part.is_support && !is_support) {
            let is_lower = part.level > 0 && level > part.level;
            if (is_lower || is_lead) && part.unit != unit {
                part.outcome = "passed_on";
                part.passed_to = Some(next);
                part.line.is_unjudged = !part.line.is_decided(at);
            }
        }
        let mut line = Line::default();
        line.begin(at, due, is_suspended);
        self.parts.push(Assigned {
            unit: unit.into(),
            at,
            level,
            is_support,
            line,
            more: Vec::new(),
            is_stated: event.due().is_some(),
            submitted_at: None,
            outcome: "open",
            passed_to: None,
        });
    }

    /// The latest unit that leads, or if none does that supports.
    fn holder(&self) -> Option<usize> {
        let holders = (0..self.parts.len()).filter(|number| ["open", "done"].contains(&self.parts[*number].outcome));
        holders.max_by_key(|number| (!self.parts[*number].is_support, *number))
    }

    /// Whom an event speaks of: the named unit's latest assignment, an open one before one that is over, one in which it leads
    /// before one in which it supports. Without a name the latest unit that leads.
    fn meant(&self, event: &Message) -> Option<usize> {
        let Some(unit) = event.text("unit") else { return self.holder() };
        let numbers = (0..self.parts.len()).filter(|number| self.parts[*number].unit == unit);
        numbers.max_by_key(|number| (self.parts[*number].is_open(), !self.parts[*number].is_support, *number))
    }

    pub fn lines(&mut self) -> impl Iterator<Item = &mut Line> {
        self.parts.iter_mut().flat_map(|part| [&mut part.line].into_iter().chain(&mut part.more))
    }

    pub fn submit(&mut self, event: &Message, by: By<'_>) {
        let Some(number) = self.meant(event) else { return };
        let part = &mut self.parts[number];
        if part.is_given_back() {
            return;
        }
        part.submitted_at = Some(event.at);
        part.outcome = "done";
        part.passed_to = None;
        for line in [&mut part.line].into_iter().chain(&mut part.more) {
            // Who answers after he had passed it on says that he had it after all.
            if !line.is_cut {
                line.is_unjudged = false;
            }
            line.meet(event.at, by);
        }
    }

    /// None: it is about no assignment. Else, does a unit lead the case still?
    pub fn give_back(&mut self, event: &Message, outcome: &'static str) -> Option<bool> {
        let number = self.meant(event).filter(|number| !self.parts[*number].is_given_back())?;
        let part = &mut self.parts[number];
        part.outcome = outcome;
        for line in [&mut part.line].into_iter().chain(&mut part.more) {
            line.is_unjudged |= !line.is_decided(event.at);
        }
        let upper = self.parts.iter_mut().rev().find(|part| part.passed_to == Some(number));
        if let Some(upper) = upper {
            upper.outcome = "open";
            upper.passed_to = None;
            upper.line.is_unjudged = false;
        }
        Some(self.parts.iter().any(|part| part.is_open() && !part.is_support))
    }

    pub fn rework(&mut self, event: &Message, due: Option<i64>, is_suspended: bool) {
        let Some(number) = self.meant(event) else { return };
        let part = &mut self.parts[number];
        let due = due.filter(|_| !part.is_stated);
        let last = part.more.last_mut().unwrap_or(&mut part.line);
        if part.outcome == "done" {
            part.outcome = "open";
        }
        let was_answered = last.stopped.is_some();
        let is_another = last.rework(event.at, due, is_suspended);
        if let (true, true, Some(due)) = (is_another, was_answered, due) {
            let mut line = Line::default();
            line.begin(event.at, Some(due), is_suspended);
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
        for part in self.parts.iter_mut().filter(|part| part.is_open()) {
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
            for line in [&mut part.line].into_iter().chain(&mut part.more) {
                if ["returned", "withdrawn", "passed_on"].contains(&part.outcome) {
                    continue;
                }
                if line.is_cut || line.is_running() {
                    part.outcome = "open";
                    if line.is_cut || !(line.was_late || line.has_passed(at)) {
                        line.again(at, stated, false);
                    }
                } else if is_last && line.stopped.is_some() {
                    part.outcome = "open";
                    line.again(at, due, false);
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
            () if line.due.is_none() || line.is_unjudged => "neither",
            () if line.was_late => "late",
            () if line.stopped.is_some() => "in_time",
            () if line.is_paused() => "paused",
            () => "open",
        }
    }
}
