//! The rules once more: the events in order, and after the last one where the case stands.

use super::{
    case::{Counts, Judged},
    history::{History, history, in_order},
    instant::read,
    line::{By, Line},
    message::{Life, Message},
    rulebook::{Rule, Rulebook, Stage},
};

/// What an event is judged by: the rule of the case, and what came before it.
pub struct Court<'a> {
    pub book: &'a Rulebook,
    stream: &'a str,
    rule: Option<&'a Rule>,
    before: &'a [&'a Message],
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

    /// How the case stood before the event, by what was known then.
    pub fn earlier(&self, at: i64) -> Judged {
        judge_events(self.book, self.stream, self.before, at)
    }
}

pub fn judge(book: &Rulebook, life: &Life, as_of: i64) -> Option<Judged> {
    let History { events, duplicates, conflicts } = history(life, as_of);
    events.first()?;
    let mut case = judge_events(book, &life.stream, &events, as_of);
    if let Some(right) = right_closes(&events) {
        let right = judge_events(book, &life.stream, &in_order(right.iter().collect()), as_of);
        (case.stated, case.ruled, case.units) = (right.stated, right.ruled, right.units);
        (case.contact, case.checking) = (right.contact, right.checking);
    }
    (case.counts.duplicates, case.counts.conflicts) = (duplicates, conflicts);
    Some(case)
}

fn judge_events(book: &Rulebook, stream: &str, events: &[&Message], as_of: i64) -> Judged {
    let case = walk(book, stream, events, as_of, book.rule(stream, &kind(events)));
    // A case that was not received is judged by no rule.
    if case.received_at.is_some() { case } else { walk(book, stream, events, as_of, None) }
}

fn walk(book: &Rulebook, stream: &str, events: &[&Message], as_of: i64, rule: Option<&Rule>) -> Judged {
    let mut case = Judged {
        as_of,
        is_grid: stream == "grid",
        first_event_at: events.first().map(|first| first.at),
        quantity: 1,
        counts: Counts { events: events.len() as i64, ..Counts::default() },
        ..Judged::default()
    };
    for (place, event) in events.iter().enumerate() {
        case.look(event.at);
        case.take(event, &Court { book, stream, rule, before: &events[..place] });
    }
    case.look(as_of);
    case.received_at =
        case.received_corrected.or(case.accepted_at).or(case.first_event_at.filter(|_| case.is_worked_on));
    if let (Some(from), Some(to)) = (case.received_at, case.closed_at) {
        case.worked_ms = book.calendar.work_between(from, to);
    }
    case
}

/// A corrected close was at its right time from the start: for the dues, the events as they ought to have been told.
fn right_closes(events: &[&Message]) -> Option<Vec<Message>> {
    let (mut standing, mut is_right) = (None, true);
    let mut told: Vec<Message> = Vec::new();
    for event in events {
        match event.kind.as_str() {
            // A second close moves nothing, wherever the first is moved to.
            "closed" if standing.is_some() => continue,
            "closed" => standing = Some(told.len()),
            "reopened" => standing = None,
            "corrected" if event.text("field") == Some("closed_at") => {
                if let Some(place) = standing {
                    told[place].at = read(event.text("value").expect("value"));
                    is_right = false;
                }
            }
            _ => {}
        }
        told.push((*event).clone());
    }
    (!is_right).then_some(told)
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

    /// Only the first stated due is the case's, and none once that of the rule had passed, by what was known then and by what is
    /// known now.
    pub fn state(&mut self, event: &Message, court: &Court<'_>) {
        let (None, Some(due)) = (&self.stated, event.due()) else { return };
        if self.ruled.is_decided(event.at) && court.earlier(event.at).ruled.is_decided(event.at) {
            return;
        }
        let mut line = Line::default();
        line.begin(event.at, Some(due), self.suspended_since);
        line.stopped = self.closed_at;
        line.was_late = self.closed_at.is_some_and(|at| line.is_past(at));
        // What moves the due of the rule leaves it its original.
        if ["resumed", "reopened"].contains(&event.kind.as_str()) {
            line.original = self.ruled.original.or(line.original);
        }
        self.stated = Some(line);
    }

    fn take(&mut self, event: &Message, court: &Court<'_>) {
        let (at, by) = (event.at, court.by());
        match event.kind.as_str() {
            "reported" | "accepted" | "filed" | "rejected" | "not_filed" => self.take_in(event, court),
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
            "check_requested" => self.is_sent_back = false,
            "supervised" => self.counts.supervisions += 1,
            "urged" => self.counts.urges += 1,
            "extension_decided" if event.says("approved") => self.extend(event, court),
            "suspended" if self.closed_at.is_none() && self.suspended_since.is_none() => self.suspend(at),
            "resumed" => self.resume(event, court),
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
