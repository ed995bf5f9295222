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
    /// As they were told, in order.
    told: &'a [&'a Message],
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

    /// How the case stood before the event: by what was known then, and by what the event itself says of the case, which may
    /// decide the rule.
    pub fn earlier(&self, event: &Message) -> [Judged; 2] {
        let before = self.told.iter().take_while(|told| (&told.source, &told.id) != (&event.source, &event.id));
        let before: Vec<&Message> = before.copied().collect();
        let with_it: Vec<&Message> = before.iter().copied().chain([event]).collect();
        [&before, &with_it]
            .map(|known| judge_by(self.book, self.stream, self.book.rule(self.stream, &kind(known)), &before, event.at))
    }
}

pub fn judge(book: &Rulebook, life: &Life, as_of: i64) -> Option<Judged> {
    let History { events, duplicates, conflicts } = history(life, as_of);
    events.first()?;
    let mut case = judge_events(book, &life.stream, &events, as_of);
    (case.counts.duplicates, case.counts.conflicts) = (duplicates, conflicts);
    // Whether an approval moved the due is said by what was known when it was given.
    (case.counts.extensions, case.counts.late_extensions) = (0, 0);
    for (place, event) in events.iter().enumerate() {
        if event.kind != "extension_decided" || !event.says("approved") {
            continue;
        }
        let then = judge_events(book, &life.stream, &events[..=place], event.at);
        match then.last_extension {
            Some(true) => case.counts.extensions += 1,
            Some(false) => case.counts.late_extensions += 1,
            None => {}
        }
    }
    Some(case)
}

fn judge_events(book: &Rulebook, stream: &str, events: &[&Message], as_of: i64) -> Judged {
    judge_by(book, stream, book.rule(stream, &kind(events)), events, as_of)
}

fn judge_by(book: &Rulebook, stream: &str, rule: Option<&Rule>, events: &[&Message], as_of: i64) -> Judged {
    let mut case = walk(book, stream, rule, events, events, as_of);
    if let Some(right) = right_closes(events) {
        let mut right = walk(book, stream, rule, &in_order(right.iter().collect()), events, as_of);
        // What was given back then is counted, and stays so.
        for (right, told) in right.units.parts.iter_mut().zip(&case.units.parts) {
            if right.is_given_back() || told.is_given_back() {
                right.outcome = told.outcome;
            }
        }
        (case.stated, case.ruled, case.units) = (right.stated, right.ruled, right.units);
        (case.contact, case.checking, case.is_direct) = (right.contact, right.checking, right.is_direct);
        case.last_extension = right.last_extension;
    }
    case
}

fn walk(
    book: &Rulebook,
    stream: &str,
    rule: Option<&Rule>,
    events: &[&Message],
    told: &[&Message],
    as_of: i64,
) -> Judged {
    let mut case = Judged {
        as_of,
        is_grid: stream == "grid",
        first_event_at: events.first().map(|first| first.at),
        quantity: 1,
        counts: Counts { events: events.len() as i64, ..Counts::default() },
        ..Judged::default()
    };
    for event in events {
        case.look(event.at);
        case.take(event, &Court { book, stream, rule, told });
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
    let (mut told, mut second): (Vec<Message>, Vec<Message>) = (Vec::new(), Vec::new());
    for event in events {
        match event.kind.as_str() {
            "closed" if standing.is_some() => second.push((*event).clone()),
            "closed" => standing = Some(told.len()),
            "reopened" => {
                standing = None;
                second.clear();
            }
            "corrected" if event.text("field") == Some("closed_at") => {
                if let Some(place) = standing {
                    // A second close moves nothing, wherever the first is moved to.
                    told.retain(|known: &Message| !second.contains(known));
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

/// What brings back a case that was rejected or not filed.
const RECEIVED_OR_WORK: [&str; 8] =
    ["accepted", "filed", "dispatched", "signed", "contacted", "submitted", "checked", "closed"];

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

    /// All but a stated due: those of the case's rule, and of its units.
    pub fn ruled_lines(&mut self) -> impl Iterator<Item = &mut Line> {
        [&mut self.ruled, &mut self.contact].into_iter().chain(&mut self.checking).chain(self.units.lines())
    }

    pub fn all_lines(&mut self) -> impl Iterator<Item = &mut Line> {
        self.stated
            .iter_mut()
            .chain([&mut self.ruled, &mut self.contact])
            .chain(&mut self.checking)
            .chain(self.units.lines())
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
    pub fn state(&mut self, at: i64, due: Option<i64>, event: &Message, court: &Court<'_>) {
        let (None, Some(due)) = (&self.stated, due) else { return };
        let was_accepted = court.earlier(event).iter().any(|then| {
            then.stated.is_none()
                && !then.ruled.is_decided(at)
                && (event.kind != "dispatched" || then.closed_at.is_none())
        });
        if self.ruled.is_decided(at) && !was_accepted {
            return;
        }
        let mut line = Line::default();
        line.begin(at, Some(due), self.suspended_since);
        line.stopped = self.closed_at;
        line.was_late = self.closed_at.is_some_and(|at| line.is_past(at));
        // By the original due of the rule it has been judged, if that has passed, be it in a pause.
        if self.ruled.is_past_first(at) {
            let is_met = self.ruled.stopped.is_some_and(|answered| !self.ruled.is_past_first(answered));
            line.original = self.ruled.original;
            line.was_met_by_original = is_met || self.ruled.was_met_by_original;
        }
        // What moves the due of the rule leaves it its original.
        if ["resumed", "reopened"].contains(&event.kind.as_str()) {
            line.original = self.ruled.original.or(line.original);
        }
        self.stated = Some(line);
    }

    /// At work after it had been rejected or not filed: what was dropped then runs on to the due that it had.
    fn take_on(&mut self, at: i64) {
        if self.is_excluded {
            let since = self.suspended_since;
            [&mut self.ruled].into_iter().chain(self.units.lines()).for_each(|line| line.take_on(at, since));
            // These are not paused by a suspension.
            [&mut self.contact].into_iter().chain(&mut self.checking).for_each(|line| line.take_on(at, None));
        }
        self.is_excluded = false;
    }

    fn take(&mut self, event: &Message, court: &Court<'_>) {
        let (at, by) = (event.at, court.by());
        if RECEIVED_OR_WORK.contains(&event.kind.as_str()) || (event.says("patrol_dealt") && self.closed_at.is_none()) {
            self.take_on(at);
        }
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
