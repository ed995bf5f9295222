//! The rules once more: the events in order, and after the last one where the case stands.

use super::{
    history::{History, history},
    line::{By, Line},
    message::{Life, Message},
    rulebook::{Rule, Rulebook, Stage},
    units::Units,
};

/// Everything that is said of a case at an instant.
#[derive(Clone, Debug, Default)]
pub struct Judged {
    pub as_of: i64,
    pub is_grid: bool,
    pub first_event_at: Option<i64>,
    pub reported_at: Option<i64>,
    pub accepted_at: Option<i64>,
    pub received_at: Option<i64>,
    pub filed_at: Option<i64>,
    pub is_void: bool,
    pub is_excluded: bool,
    pub is_rejected: bool,
    pub suspended_since: Option<i64>,
    pub closed_at: Option<i64>,
    pub first_closed_at: Option<i64>,
    /// A due that an event states, met by the close.
    pub stated: Option<Line>,
    /// The due of the rule, met by the answer.
    pub ruled: Line,
    /// 先行联系, and each round of 核查: clocks that the close does not answer.
    pub contact: Line,
    pub checking: Vec<Line>,
    pub worked_ms: i64,
    pub units: Units,
    pub counts: Counts,
    pub is_assessed: Option<bool>,
    pub is_exempt: bool,
    pub parent: Option<String>,
    how: String,
    pub is_direct: bool,
    pub was_dispatched: bool,
    pub is_patrol_dealt: bool,
    pub result: String,
    pub quantity: i64,
    pub reworks: Vec<i64>,
    pub checks: Vec<(i64, bool)>,
    pub revisits: Revisits,
    pub first_returned_at: Option<i64>,
    received_corrected: Option<i64>,
    is_worked_on: bool,
    /// Sent back to work, and nothing was answered since.
    is_sent_back: bool,
}

#[derive(Clone, Debug, Default)]
pub struct Counts {
    pub events: i64,
    pub duplicates: i64,
    pub conflicts: i64,
    pub extensions: i64,
    pub late_extensions: i64,
    pub suspensions: i64,
    pub paused_ms: i64,
    pub longest_pause_ms: i64,
    pub reopens: i64,
    pub dispatches: i64,
    pub returns: i64,
    pub refused_returns: i64,
    pub supervisions: i64,
    pub urges: i64,
    pub corrections: i64,
}

#[derive(Clone, Debug, Default)]
pub struct Revisits {
    pub first_at: Option<i64>,
    pub attempts: i64,
    pub first_contact: Option<bool>,
    pub solved: Option<bool>,
    pub satisfaction: Option<&'static str>,
}

/// Where the rule of the case stands for every event: it follows what the case is about, as that is known by then.
struct Court<'a> {
    book: &'a Rulebook,
    rule: Option<&'a Rule>,
}

impl<'a> Court<'a> {
    fn dispose(&self) -> Option<&'a Stage> {
        self.rule.and_then(|rule| rule.stage("DISPOSE"))
    }

    /// When a stage that this event starts would be due.
    fn due(&self, stage: &str, event: &Message) -> Option<i64> {
        let stage = self.rule?.stage(stage).filter(|stage| stage.start == event.kind)?;
        Some(self.book.calendar.due(event.at, stage.limit))
    }

    fn by(&self) -> By<'a> {
        By { calendar: &self.book.calendar, stage: self.dispose() }
    }
}

pub fn judge(book: &Rulebook, life: &Life, as_of: i64) -> Option<Judged> {
    let History { events, duplicates, conflicts } = history(life, as_of);
    let first = events.first()?;
    let blank = || Judged {
        as_of,
        is_grid: life.stream == "grid",
        first_event_at: Some(first.at),
        quantity: 1,
        counts: Counts { events: events.len() as i64, duplicates, conflicts, ..Counts::default() },
        ..Judged::default()
    };
    let case = walk(blank(), &events, &Court { book, rule: book.rule(&life.stream, &kind(&events)) });
    // A case that was not received is judged by no rule.
    Some(if case.received_at.is_some() { case } else { walk(blank(), &events, &Court { book, rule: None }) })
}

fn walk(mut case: Judged, events: &[&Message], court: &Court<'_>) -> Judged {
    for event in events {
        case.look(event.at);
        case.take(event, court);
    }
    case.look(case.as_of);
    case.received_at = case.received_corrected.or(case.accepted_at).or(case.first_event_at.filter(|_| case.is_worked_on));
    if let (Some(from), Some(to)) = (case.received_at, case.closed_at) {
        case.worked_ms = court.book.calendar.work_between(from, to);
    }
    case
}

/// What the case is about: the first that is stated, unless it is corrected.
fn kind(events: &[&Message]) -> String {
    let mut kind = String::new();
    for event in events {
        match (event.kind.as_str(), event.text("kind")) {
            ("reported" | "accepted", Some(stated)) if kind.is_empty() => kind = stated.to_owned(),
            ("corrected" | "reviewed", _) if event.text("field") == Some("kind") => kind = event.text("value").expect("value").to_owned(),
            _ => {}
        }
    }
    kind
}

impl Judged {
    fn look(&mut self, at: i64) {
        self.stated.iter_mut().for_each(|line| line.look(at));
        self.ruled.look(at);
        self.others().for_each(|line| line.look(at));
    }

    fn lines(&mut self) -> impl Iterator<Item = &mut Line> {
        self.stated.iter_mut().chain([&mut self.ruled]).chain(self.units.lines())
    }

    fn others(&mut self) -> impl Iterator<Item = &mut Line> {
        [&mut self.contact].into_iter().chain(&mut self.checking).chain(self.units.lines())
    }

    /// The due in force is what an event states, or else what the rule says.
    pub fn line(&self) -> &Line {
        self.stated.as_ref().unwrap_or(&self.ruled)
    }

    /// Only the first stated due is the case's, and none once that of the rule has passed.
    fn state(&mut self, event: &Message) {
        let is_decided = self.ruled.due.is_some() && (self.ruled.was_late || self.ruled.has_passed(event.at));
        if let (None, Some(due), false) = (&self.stated, event.due(), is_decided) {
            let mut line = Line::default();
            line.begin(event.at, Some(due), self.suspended_since.is_some());
            line.stopped = self.closed_at;
            line.was_late = self.closed_at.is_some_and(|at| line.is_past(at));
            self.stated = Some(line);
        }
    }

    fn take(&mut self, event: &Message, court: &Court<'_>) {
        let (at, by) = (event.at, court.by());
        let is_closed = self.closed_at.is_some();
        match event.kind.as_str() {
            "reported" => {
                self.reported_at.get_or_insert(at);
                self.about(event);
                self.deal_on_patrol(event, by);
            }
            "accepted" => {
                self.accepted_at.get_or_insert(at);
                self.is_excluded = false;
                self.about(event);
                self.deal_on_patrol(event, by);
            }
            "filed" => {
                self.work_on();
                self.filed_at.get_or_insert(at);
                self.state(event);
            }
            "rejected" | "not_filed" => {
                (self.is_excluded, self.is_rejected) = (true, event.kind == "rejected");
                self.ruled.cut_running(at, by);
                self.units.close(at, by);
            }
            "dispatched" => self.dispatch(event, court),
            "return_decided" if event.says("accepted") => self.give_back(event, court, "returned"),
            "return_decided" => self.counts.refused_returns += 1,
            "withdrawn" => self.give_back(event, court, "withdrawn"),
            "submitted" => self.submit(event, court),
            "checked" => {
                self.checking.iter_mut().for_each(|line| line.meet(at, by));
                self.checks.push((at, event.says("passed")));
                if !event.says("passed") {
                    self.rework(event, court);
                }
                self.work_on();
            }
            "rework_ordered" if !self.is_sent_back => self.rework(event, court),
            "signed" | "contacted" => {
                if event.says("contacted") {
                    self.contact.meet(at, by);
                }
                self.is_sent_back = false;
                self.work_on();
            }
            "supervised" => self.counts.supervisions += 1,
            "urged" => self.counts.urges += 1,
            "extension_decided" if event.says("approved") => self.extend(event, by),
            "suspended" if !is_closed && self.suspended_since.is_none() => {
                self.suspended_since = Some(at);
                self.counts.suspensions += 1;
                self.lines().for_each(|line| line.suspend(at));
            }
            "resumed" => self.resume(event, by),
            "closed" if !is_closed => {
                self.how = event.text("how").unwrap_or_default().to_owned();
                self.is_direct = self.how == "direct_answer" && !self.was_dispatched;
                if let Some(result) = event.text("result") {
                    self.result = result.to_owned();
                }
                self.work_on();
                self.close(at, by);
            }
            // A second close moves nothing; but it is work.
            "closed" => self.work_on(),
            "reopened" => self.reopen(event, court),
            "revisited" => self.revisit(event),
            "appeal_decided" if event.says("upheld") => self.is_exempt = true,
            "duplicate_linked" => self.parent = event.text("parent").map(str::to_owned),
            "duplicate_unlinked" => self.parent = None,
            "voided" => self.is_void = true,
            "void_revoked" => self.is_void = false,
            "corrected" | "reviewed" => self.correct(event),
            _ => {}
        }
    }

    fn about(&mut self, event: &Message) {
        self.state(event);
        if self.is_assessed.is_none() {
            self.is_assessed = event.data["assessed"].as_bool();
        }
        if self.parent.is_none() {
            self.parent = event.text("repeat_of").map(str::to_owned);
        }
    }

    fn work_on(&mut self) {
        self.is_worked_on = true;
        self.is_excluded = false;
    }

    fn dispatch(&mut self, event: &Message, court: &Court<'_>) {
        self.state(event);
        self.counts.dispatches += 1;
        self.was_dispatched = true;
        self.is_sent_back = false;
        self.work_on();
        let (at, is_suspended) = (event.at, self.suspended_since.is_some());
        let ruled = court.dispose().map(|stage| court.book.calendar.due(at, stage.limit));
        self.units.dispatch(event, event.due().or(ruled), is_suspended);
        let is_support = event.text("role") == Some("support");
        if self.closed_at.is_none() && self.ruled.since.is_none() && !is_support {
            self.ruled.begin(at, ruled, is_suspended);
        }
        let contact = court.due("CONTACT", event);
        if let (Some(_), None, None, false) = (contact, self.closed_at, self.contact.since, is_support) {
            self.contact.begin(at, contact, false);
        }
    }

    fn give_back(&mut self, event: &Message, court: &Court<'_>, outcome: &'static str) {
        if outcome == "returned" {
            self.counts.returns += 1;
            self.first_returned_at.get_or_insert(event.at);
        }
        let stops = court.dispose().is_some_and(|stage| stage.return_stops);
        let is_held = self.units.give_back(event, outcome);
        if stops && outcome == "returned" && !is_held && self.ruled.is_running() && !self.ruled.was_late {
            self.ruled = Line::default();
        }
        if stops && outcome == "returned" && !is_held && self.contact.is_running() && !self.contact.was_late {
            self.contact = Line::default();
        }
    }

    fn submit(&mut self, event: &Message, court: &Court<'_>) {
        let by = court.by();
        let check = court.due("CHECK", event);
        if check.is_some() && self.closed_at.is_none() && self.checking.last().is_none_or(|line| line.stopped.is_some()) {
            let mut line = Line::default();
            line.begin(event.at, check, false);
            self.checking.push(line);
        }
        if let Some(result) = event.text("result").filter(|_| self.closed_at.is_none()) {
            self.result = result.to_owned();
        }
        self.work_on();
        self.is_sent_back = false;
        self.units.submit(event, by);
        if self.ruled.is_running() {
            self.ruled.answer(event.at, by);
        }
    }

    fn rework(&mut self, event: &Message, court: &Court<'_>) {
        if self.closed_at.is_some() {
            return;
        }
        self.reworks.push(event.at);
        self.is_sent_back = true;
        let (at, is_suspended) = (event.at, self.suspended_since.is_some());
        let due = court.dispose().and_then(|stage| stage.rework).map(|limit| court.book.calendar.due(at, limit));
        self.ruled.rework(at, due, is_suspended);
        self.units.rework(event, due, is_suspended);
    }

    fn extend(&mut self, event: &Message, by: By<'_>) {
        let (at, stated) = (event.at, event.due());
        let had_due = self.line().due.is_some();
        if !had_due && stated.is_some() && by.stage.is_none_or(|stage| stage.extension.is_some()) {
            self.state(event);
            self.stated.iter_mut().for_each(|line| line.original = None);
            self.counts.extensions += 1;
            return;
        }
        let ruled = self.ruled.extend(at, stated, by);
        let moved = self.stated.as_mut().map_or(ruled, |line| line.extend(at, stated, by));
        self.units.extend(at, stated, by);
        if moved {
            self.counts.extensions += 1;
        } else if had_due {
            self.counts.late_extensions += 1;
        }
    }

    fn resume(&mut self, event: &Message, by: By<'_>) {
        let (at, stated) = (event.at, event.due());
        if let Some(since) = self.suspended_since.take() {
            self.counts.paused_ms += at - since;
            self.counts.longest_pause_ms = self.counts.longest_pause_ms.max(at - since);
            self.lines().for_each(|line| line.resume(at, stated, by));
            if self.stated.is_none() {
                self.state(event);
                self.stated.iter_mut().for_each(|line| line.original = None);
            }
        }
    }

    fn close(&mut self, at: i64, by: By<'_>) {
        self.closed_at = Some(at);
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
    fn deal_on_patrol(&mut self, event: &Message, by: By<'_>) {
        if !event.says("patrol_dealt") || self.closed_at.is_some() {
            return;
        }
        if self.line().due.is_none() {
            let mut line = Line::default();
            line.begin(event.at, Some(event.at), false);
            line.is_at_once = true;
            self.stated = Some(line);
        }
        self.is_patrol_dealt = true;
        self.accepted_at.get_or_insert(event.at);
        self.work_on();
        self.close(event.at, by);
    }

    fn reopen(&mut self, event: &Message, court: &Court<'_>) {
        if self.closed_at.take().is_none() {
            return;
        }
        self.counts.reopens += 1;
        self.is_direct = false;
        let (at, due) = (event.at, event.due());
        let limit = court.dispose().and_then(|stage| stage.rework).map(|limit| court.book.calendar.due(at, limit));
        self.stated.iter_mut().for_each(|line| line.again(at, due, false));
        if self.ruled.since.is_some() {
            self.ruled.again(at, due.or(limit), false);
        }
        for line in [&mut self.contact].into_iter().chain(&mut self.checking).filter(|line| line.is_cut) {
            line.again(at, None, false);
        }
        self.units.reopen(at, due, limit);
        self.state(event);
    }

    fn revisit(&mut self, event: &Message) {
        let answers = &mut self.revisits;
        answers.first_at.get_or_insert(event.at);
        answers.attempts += 1;
        for (field, answer) in [("first_contact", &mut answers.first_contact), ("solved", &mut answers.solved)] {
            *answer = event.data[field].as_bool().or(*answer);
        }
        answers.satisfaction = event.text("satisfaction").map(word).or(answers.satisfaction);
    }

    fn correct(&mut self, event: &Message) {
        self.counts.corrections += 1;
        let value = event.text("value").expect("value");
        let instant = || super::instant::read(value);
        let truth = value == "true";
        match event.text("field").expect("field") {
            "due_at" => {
                let mut line = Line::default();
                line.begin(event.at, Some(instant()), self.suspended_since.is_some());
                line.stopped = self.closed_at;
                line.was_late = self.closed_at.is_some_and(|at| line.is_past(at));
                self.stated = Some(line);
            }
            "received_at" => self.received_corrected = Some(instant()),
            "closed_at" if self.closed_at.is_some() => {
                if self.first_closed_at == self.closed_at {
                    self.first_closed_at = Some(instant());
                }
                self.closed_at = Some(instant());
                if let Some(line) = &mut self.stated {
                    line.stopped = Some(instant());
                    line.was_late = line.is_past(instant());
                }
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
