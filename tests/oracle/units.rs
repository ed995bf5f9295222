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
    pub submitted_at: Option<i64>,
    pub outcome: &'static str,
    /// To which assignment it was passed on.
    passed_to: Option<usize>,
}

impl Assigned {
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
            if is_lower || (is_lead && part.unit != unit) {
                part.outcome = "passed_on";
                part.passed_to = Some(next);
                part.line.is_unjudged = !part.line.was_late;
            }
        }
        let mut line = Line::default();
        line.begin(at, due, is_suspended);
        let part = Assigned { unit: unit.into(), at, level, is_support, line, submitted_at: None, outcome: "open", passed_to: None };
        self.parts.push(part);
    }

    /// The unit that has the case: the last one dispatched to that has not given it back, and does not only support.
    fn holder(&self) -> Option<usize> {
        let has = |part: &Assigned| !part.is_support && ["open", "done"].contains(&part.outcome);
        (0..self.parts.len()).rev().find(|number| has(&self.parts[*number]))
    }

    /// Whom an event speaks of: the named unit's last assignment that is open, or its last; without a name the holder's.
    fn meant(&self, event: &Message) -> Option<usize> {
        let Some(unit) = event.text("unit") else { return self.holder() };
        let of_unit = |number: &usize| self.parts[*number].unit == unit;
        let numbers = || (0..self.parts.len()).rev();
        numbers().find(|number| of_unit(number) && self.parts[*number].is_open()).or_else(|| numbers().find(of_unit))
    }

    pub fn submit(&mut self, event: &Message, by: By<'_>) {
        let Some(number) = self.meant(event) else { return };
        let part = &mut self.parts[number];
        if ["returned", "withdrawn"].contains(&part.outcome) {
            return;
        }
        part.submitted_at = Some(event.at);
        part.outcome = "done";
        part.passed_to = None;
        if part.line.stopped.is_none() || part.line.is_cut || part.line.is_unjudged {
            part.line.is_unjudged = false;
            part.line.answer(event.at, by);
        }
    }

    /// Does another unit still have the case?
    pub fn give_back(&mut self, event: &Message, outcome: &'static str) -> bool {
        if let Some(number) = self.meant(event).filter(|number| self.parts[*number].is_open()) {
            let part = &mut self.parts[number];
            part.outcome = outcome;
            part.line.is_unjudged = !part.line.was_late;
            let upper = self.parts.iter_mut().rev().find(|part| part.passed_to == Some(number));
            if let Some(upper) = upper {
                upper.outcome = "open";
                upper.passed_to = None;
                upper.line.is_unjudged = false;
            }
        }
        self.parts.iter().any(|part| part.is_open() && !part.is_support)
    }

    pub fn rework(&mut self, event: &Message, due: Option<i64>, is_suspended: bool) {
        let Some(number) = self.meant(event) else { return };
        let part = &mut self.parts[number];
        if part.line.stopped.is_some() {
            part.outcome = "open";
            part.line.again(event.at, due, is_suspended);
        }
    }

    pub fn extend(&mut self, at: i64, stated: Option<i64>, by: By<'_>) {
        for part in self.parts.iter_mut().filter(|part| !["returned", "withdrawn"].contains(&part.outcome)) {
            part.line.extend(at, stated, by);
        }
    }

    pub fn close(&mut self, at: i64, by: By<'_>) {
        for part in self.parts.iter_mut().filter(|part| part.is_open()) {
            part.outcome = "done";
            if part.line.is_running() && !part.line.was_late {
                part.line.cut(at, by);
                part.line.is_unjudged = !part.line.was_late;
            }
        }
    }

    pub fn reopen(&mut self, at: i64, due: Option<i64>) {
        let Some(number) = self.holder() else { return };
        let part = &mut self.parts[number];
        part.outcome = "open";
        part.line.again(at, due, false);
    }

    /// `in_time`, `late`, `open` or `neither`.
    pub fn verdict(part: &Assigned) -> &'static str {
        let line = &part.line;
        match () {
            () if line.due.is_none() || line.is_unjudged => "neither",
            () if line.was_late => "late",
            () if line.stopped.is_some() => "in_time",
            () => "open",
        }
    }
}
