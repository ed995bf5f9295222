//! What each kind of event does to a case.

use super::{
    case::Judged,
    instant::read,
    judge::{Court, is_after},
    line::{By, Line},
    message::Message,
};

impl Judged {
    /// Is it a case at all?
    pub fn take_in(&mut self, event: &Message, court: &Court<'_>) {
        let at = event.at;
        match event.kind.as_str() {
            "reported" => {
                self.reported_at.get_or_insert(at);
            }
            "accepted" => {
                self.accepted_at.get_or_insert(at);
            }
            "filed" => {
                self.filed_at.get_or_insert(at);
                self.work_on();
            }
            _ => {
                self.is_excluded = true;
                self.ruled_lines().for_each(|line| line.refuse(at, court.by()));
            }
        }
        self.about(event, court);
        self.deal_on_patrol(event, court);
    }

    pub fn check(&mut self, event: &Message, court: &Court<'_>) {
        let (at, passed) = (event.at, event.says("passed"));
        self.checking.iter_mut().for_each(|line| line.meet(at, court.by()));
        self.checks.push((at, passed));
        self.is_sent_back &= !passed;
        if !passed {
            self.rework(event, court);
        }
        self.work_on();
    }

    pub fn suspend(&mut self, at: i64) {
        self.suspended_since = Some(at);
        self.counts.suspensions += 1;
        self.lines().for_each(|line| line.suspend(at));
    }

    pub fn finish(&mut self, event: &Message, by: By<'_>) {
        let has_passed = self.all_lines().any(|line| line.is_past(event.at) || line.is_past_first(event.at));
        self.is_direct = !has_passed
            && event.text("how") == Some("direct_answer")
            && !self.was_dispatched
            && self.counts.reopens == 0;
        if let Some(result) = event.text("result") {
            self.result = result.to_owned();
        }
        self.work_on();
        self.close(event, by);
    }

    pub fn about(&mut self, event: &Message, court: &Court<'_>) {
        self.state(event.at, event.due(), event, court);
        if self.is_assessed.is_none() {
            self.is_assessed = event.data["assessed"].as_bool();
        }
        if self.parent.is_none() {
            self.parent = event.text("repeat_of").map(str::to_owned);
        }
    }

    pub fn work_on(&mut self) {
        self.is_worked_on = true;
    }

    pub fn dispatch(&mut self, event: &Message, court: &Court<'_>) {
        // Of a closed case nothing is to be done by then.
        match self.closed_at {
            None => self.state(event.at, event.due(), event, court),
            Some(_) => self.told_when_closed = self.told_when_closed.or(event.due()),
        }
        self.counts.dispatches += 1;
        self.was_dispatched = true;
        self.is_sent_back = false;
        self.work_on();
        let (at, since) = (event.at, self.suspended_since);
        let ruled = court.dispose().map(|stage| court.book.calendar.due(at, stage.limit));
        self.units.dispatch(event, event.due().or(ruled), since);
        let is_support = event.text("role") == Some("support");
        self.was_sent_when_closed |= self.closed_at.is_some() && !is_support;
        if self.closed_at.is_none() && self.ruled.since.is_none() && !is_support {
            self.ruled.begin(at, ruled, since);
        }
        let contact = court.due("CONTACT", event);
        if contact.is_some() && self.contact.since.is_none() && !is_support {
            self.contact.begin(at, contact, None);
        }
    }

    pub fn give_back(&mut self, event: &Message, court: &Court<'_>, outcome: &'static str) {
        self.is_sent_back &= outcome != "returned";
        if self.units.is_stranger(event) {
            return;
        }
        let is_held = self.units.give_back(court.given_back(event), event.at, outcome);
        if outcome == "returned" {
            self.counts.returns += 1;
        }
        let stops = court.dispose().is_some_and(|stage| stage.return_stops);
        if stops && outcome == "returned" && !is_held {
            for line in [&mut self.ruled, &mut self.contact] {
                if line.is_running() && !line.is_decided(event.at) && !line.is_past_first(event.at) {
                    *line = Line::default();
                }
            }
        }
    }

    pub fn submit(&mut self, event: &Message, court: &Court<'_>) {
        let by = court.by();
        if let Some(result) = event.text("result").filter(|_| self.closed_at.is_none()) {
            self.result = result.to_owned();
        }
        self.work_on();
        self.is_sent_back = false;
        let is_support = self.units.submit(event, by);
        let check = court.due("CHECK", event);
        if check.is_some()
            && !is_support
            && self.closed_at.is_none()
            && self.checking.last().is_none_or(|line| line.stopped.is_some())
        {
            let mut line = Line::default();
            line.begin(event.at, check, None);
            self.checking.push(line);
        }
        if self.ruled.is_running() && !is_support {
            self.ruled.answer(event.at, by);
        }
    }

    pub fn rework(&mut self, event: &Message, court: &Court<'_>) {
        self.reworks.push(event.at);
        if self.closed_at.is_some() {
            return;
        }
        self.is_sent_back = true;
        let (at, since) = (event.at, self.suspended_since);
        let due = court.dispose().and_then(|stage| stage.rework).map(|limit| court.book.calendar.due(at, limit));
        if !self.units.is_of_support(event) {
            self.ruled.rework(at, due, since);
        }
        self.units.rework(event, due, since);
    }

    pub fn extend(&mut self, event: &Message, court: &Court<'_>) {
        let (at, stated, by) = (event.at, event.due(), court.by());
        let had_due = self.line().due.is_some() && !self.line().is_unjudged;
        // On a case that has no due, what an approval names is the first due stated, and extends nothing.
        if self.stated.is_none() && stated.is_some() && self.line().due.is_none() {
            if self.closed_at.is_none() {
                self.state(at, stated, event, court);
            }
            self.units.extend(at, stated, by);
            self.last_extension = None;
            return;
        }
        let ruled = self.ruled.extend(at, stated, by);
        let moved = self.stated.as_mut().map_or(ruled, |line| line.extend(at, stated, by));
        self.units.extend(at, stated, by);
        self.last_extension = (moved || had_due).then_some(moved);
    }

    pub fn resume(&mut self, event: &Message, court: &Court<'_>) {
        let (at, stated, by) = (event.at, event.due(), court.by());
        if let Some(since) = self.suspended_since.take() {
            self.counts.paused_ms += at - since;
            self.counts.longest_pause_ms = self.counts.longest_pause_ms.max(at - since);
            self.lines().for_each(|line| line.resume(at, stated, by));
            if self.stated.is_none() {
                self.state(at, stated, event, court);
            }
        }
    }

    pub fn close(&mut self, event: &Message, by: By<'_>) {
        let at = event.at;
        self.closed_at = Some(at);
        self.closer = Some(event.clone());
        self.is_sent_back = false;
        self.first_closed_at.get_or_insert(at);
        if let Some(since) = self.suspended_since.take() {
            self.counts.paused_ms += at - since;
            self.counts.longest_pause_ms = self.counts.longest_pause_ms.max(at - since);
        }
        self.stated.iter_mut().chain([&mut self.ruled]).for_each(|line| line.cut_running(at, by));
        [&mut self.contact].into_iter().chain(&mut self.checking).for_each(|line| line.drop(at, by));
        self.units.close(at, by);
    }

    /// Put right on the spot; where no due is known by then, that instant is the due.
    pub fn deal_on_patrol(&mut self, event: &Message, court: &Court<'_>) {
        if !event.says("patrol_dealt") || self.closed_at.is_some() {
            return;
        }
        // Closed at another time than it said, it is judged by any due that the case had by then.
        let was_known = || court.is_moved(event) || court.earlier(event)[0].line().due.is_some();
        let is_known = self.line().due.is_some() && was_known();
        if !(is_known || self.stated.is_some()) {
            let mut line = Line::default();
            line.begin(event.at, Some(event.at), None);
            (line.is_at_once, line.is_first_at_once) = (true, true);
            self.judged_by_first(event.at, &mut line);
            self.stated = Some(line);
        }
        self.is_patrol_dealt = true;
        self.accepted_at.get_or_insert(event.at);
        self.work_on();
        self.close(event, court.by());
    }

    pub fn reopen(&mut self, event: &Message, court: &Court<'_>) {
        if self.closed_at.take().is_none() {
            return;
        }
        self.counts.reopens += 1;
        self.reopener = Some(event.clone());
        self.is_direct = false;
        let (at, due) = (event.at, event.due());
        let limit = court.dispose().and_then(|stage| stage.rework).map(|limit| court.book.calendar.due(at, limit));
        let had_due = self.line().due.is_some();
        self.stated.iter_mut().for_each(|line| line.again(at, due, None));
        self.stated.iter_mut().chain([&mut self.ruled]).for_each(|line| line.was_met_by_original = false);
        // Another due is named: what had been met is no reason against it.
        let is_named = self.stated.is_none() && due.is_some() && !self.ruled.was_late;
        let first = self.ruled.original;
        if self.ruled.since.is_some() {
            self.ruled.again(at, due.or(limit), None);
        }
        for line in [&mut self.contact].into_iter().chain(&mut self.checking).filter(|line| line.is_cut) {
            line.again(at, None, None);
        }
        self.units.reopen(at, due, limit);
        if is_named {
            self.stated = due.map(|due| Line::stated(at, due, first));
        }
        if !had_due {
            let told = self.told_when_closed.take();
            self.state(at, told, event, court);
        }
        if std::mem::take(&mut self.was_sent_when_closed) && self.ruled.since.is_none() {
            let due = court.dispose().map(|stage| court.book.calendar.due(at, stage.limit));
            self.ruled.begin(at, due, None);
        }
    }

    pub fn revisit(&mut self, event: &Message) {
        let answers = &mut self.revisits;
        answers.first_at.get_or_insert(event.at);
        answers.attempts += 1;
        for (field, answer) in [("first_contact", &mut answers.first_contact), ("solved", &mut answers.solved)] {
            *answer = event.data[field].as_bool().or(*answer);
        }
        answers.satisfaction = event.text("satisfaction").map(word).or(answers.satisfaction);
    }

    /// A close cannot have been before the reopening that it follows.
    fn may_have_closed(&self, right: i64) -> bool {
        let close = self.closer.as_ref().filter(|_| self.closed_at.is_some());
        close.is_some_and(|close| is_after(self.reopener.as_ref(), close, right))
    }

    pub fn correct(&mut self, event: &Message) {
        self.counts.corrections += 1;
        let value = event.text("value").expect("value");
        let instant = || read(value);
        let truth = value == "true";
        match event.text("field").expect("field") {
            "due_at" => {
                let before = self.line().clone();
                let mut line = Line::default();
                line.begin(event.at, Some(instant()), self.suspended_since);
                line.keeps_pause_and_times_of(&before, self.suspended_since);
                // Once something has moved the due, its original stays.
                let is_moved = before.due != before.original || before.is_at_once != before.is_first_at_once;
                line.original = before.original.filter(|_| is_moved).or(line.original);
                line.is_first_at_once = is_moved && before.is_first_at_once;
                line.stopped = self.closed_at;
                line.was_late = self.closed_at.is_some_and(|at| line.is_past(at));
                self.stated = Some(line);
            }
            "received_at" => self.received_corrected = Some(instant()),
            "closed_at" if self.may_have_closed(instant()) => {
                if self.first_closed_at == self.closed_at {
                    self.first_closed_at = Some(instant());
                }
                self.closed_at = Some(instant());
            }
            "result" => self.result = value.to_owned(),
            "assessed" => self.is_assessed = Some(truth),
            "quantity" => self.quantity = value.parse().expect("a number"),
            "first_contact" => self.revisits.first_contact = Some(truth),
            "solved" => self.revisits.solved = Some(truth),
            "satisfaction" => self.revisits.satisfaction = Some(word(value)),
            _ => {}
        }
    }
}

fn word(text: &str) -> &'static str {
    ["满意", "基本满意", "一般", "不满意"].into_iter().find(|word| *word == text).expect("one of four words")
}
