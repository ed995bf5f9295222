//! The rules once more: the events in order, and after the last one where the case stands.

use super::{
    case::{Counts, Judged},
    history::{History, history},
    line::{By, Line},
    message::{Life, Message},
    rulebook::{Rule, Rulebook, Stage},
};

/// Where the rule of the case stands for every event: it follows what the case is about, as that is known by then.
pub struct Court<'a> {
    pub book: &'a Rulebook,
    rule: Option<&'a Rule>,
}

impl<'a> Court<'a> {
    pub fn dispose(&self) -> Option<&'a Stage> {
        self.rule.and_then(|rule| rule.stage("DISPOSE"))
    }

    /// When a stage that this event starts would be due.
    pub fn due(&self, stage: &str, event: &Message) -> Option<i64> {
        let stage = self.rule?.stage(stage).filter(|stage| stage.start == event.kind)?;
        Some(self.book.calendar.due(event.at, stage.limit))
    }

    pub fn by(&self) -> By<'a> {
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
    case.received_at =
        case.received_corrected.or(case.accepted_at).or(case.first_event_at.filter(|_| case.is_worked_on));
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
            ("corrected" | "reviewed", _) if event.text("field") == Some("kind") => {
                kind = event.text("value").expect("value").to_owned()
            }
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

    pub fn lines(&mut self) -> impl Iterator<Item = &mut Line> {
        self.stated.iter_mut().chain([&mut self.ruled]).chain(self.units.lines())
    }

    pub fn others(&mut self) -> impl Iterator<Item = &mut Line> {
        [&mut self.contact].into_iter().chain(&mut self.checking).chain(self.units.lines())
    }

    /// The due in force is what an event states, or else what the rule says.
    pub fn line(&self) -> &Line {
        self.stated.as_ref().unwrap_or(&self.ruled)
    }

    /// Only the first stated due is the case's, and none once that of the rule has passed.
    pub fn state(&mut self, event: &Message) {
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
        match event.kind.as_str() {
            "reported" | "accepted" | "filed" | "rejected" | "not_filed" => self.take_in(event, by),
            "dispatched" => self.dispatch(event, court),
            "return_decided" if event.says("accepted") => self.give_back(event, court, "returned"),
            "return_decided" => self.counts.refused_returns += 1,
            "withdrawn" => self.give_back(event, court, "withdrawn"),
            "submitted" => self.submit(event, court),
            "checked" => self.check(event, court),
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
            "suspended" if self.closed_at.is_none() && self.suspended_since.is_none() => self.suspend(at),
            "resumed" => self.resume(event, by),
            "closed" if self.closed_at.is_none() => self.finish(event, by),
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
}
