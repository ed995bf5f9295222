//! The rules once more: the events in order, and after the last one where the case stands.

use std::collections::HashMap;

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
    ground: Ground<'a>,
    rule: Option<&'a Rule>,
    /// As they were told, in order.
    told: &'a [&'a Message],
}

/// Which assignment each return and withdrawal was about when it came; none where nobody had the case to give it back.
type GivenBack<'a> = HashMap<(&'a str, &'a str), Option<usize>>;

/// The same for all that is judged of a life.
#[derive(Clone, Copy)]
struct Ground<'a> {
    book: &'a Rulebook,
    stream: &'a str,
    given_back: &'a GivenBack<'a>,
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
        [&before, &with_it].map(|known| judge_by(self.ground, self.ground.rule(known), &before, event.at))
    }

    /// Is it at another time than it was told?
    pub fn is_moved(&self, event: &Message) -> bool {
        !self.told.iter().any(|told| identity(told) == identity(event) && told.at == event.at)
    }

    /// Whom it is about is decided when it comes, and stays so.
    pub fn given_back(&self, event: &Message) -> Option<usize> {
        self.ground.given_back[&identity(event)]
    }
}

impl<'a> Ground<'a> {
    fn rule(self, events: &[&Message]) -> Option<&'a Rule> {
        self.book.rule(self.stream, &kind(events))
    }
}

fn identity(event: &Message) -> (&str, &str) {
    (&event.source, &event.id)
}

pub fn judge(book: &Rulebook, life: &Life, as_of: i64) -> Option<Judged> {
    let History { events, duplicates, conflicts } = history(life, as_of);
    events.first()?;
    let given_back = given_back(book, &life.stream, &events);
    let ground = Ground { book, stream: &life.stream, given_back: &given_back };
    let mut case = judge_events(ground, &events, as_of);
    (case.counts.duplicates, case.counts.conflicts) = (duplicates, conflicts);
    // Whether an approval moved the due is said by what was known when it was given.
    (case.counts.extensions, case.counts.late_extensions) = (0, 0);
    for (place, event) in events.iter().enumerate() {
        if event.kind != "extension_decided" || !event.says("approved") {
            continue;
        }
        let then = judge_events(ground, &events[..=place], event.at);
        match then.last_extension {
            Some(true) => case.counts.extensions += 1,
            Some(false) => case.counts.late_extensions += 1,
            None => {}
        }
    }
    Some(case)
}

/// Each is judged by what was known before it, the earlier ones among that.
fn given_back<'a>(book: &'a Rulebook, stream: &'a str, events: &[&'a Message]) -> GivenBack<'a> {
    let mut given_back = GivenBack::new();
    for (place, event) in events.iter().enumerate() {
        if event.kind == "withdrawn" || (event.kind == "return_decided" && event.says("accepted")) {
            let ground = Ground { book, stream, given_back: &given_back };
            let who = judge_events(ground, &events[..place], event.at).units.who_has(event);
            given_back.insert(identity(event), who);
        }
    }
    given_back
}

fn judge_events(ground: Ground<'_>, events: &[&Message], as_of: i64) -> Judged {
    judge_by(ground, ground.rule(events), events, as_of)
}

fn judge_by(ground: Ground<'_>, rule: Option<&Rule>, events: &[&Message], as_of: i64) -> Judged {
    let mut case = walk(ground, rule, events, events, as_of);
    if let Some(right) = right_closes(events) {
        let right = walk(ground, rule, &in_order(right.iter().collect()), events, as_of);
        (case.stated, case.ruled, case.units) = (right.stated, right.ruled, right.units);
        (case.contact, case.checking, case.is_direct) = (right.contact, right.checking, right.is_direct);
        case.last_extension = right.last_extension;
    }
    case
}

fn walk(ground: Ground<'_>, rule: Option<&Rule>, events: &[&Message], told: &[&Message], as_of: i64) -> Judged {
    let Ground { book, stream, .. } = ground;
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
        case.take(event, &Court { book, ground, rule, told });
    }
    case.look(as_of);
    case.received_at =
        case.received_corrected.or(case.accepted_at).or(case.first_event_at.filter(|_| case.is_worked_on));
    if let (Some(from), Some(to)) = (case.received_at, case.closed_at) {
        case.worked_ms = book.calendar.work_between(from, to);
    }
    case
}

/// A corrected close was at its right time from the start: for the dues, the events as they ought to have been told. A reopening of an
/// open case moved nothing, wherever the close is moved to; of a second close only that it is work stays.
fn right_closes(events: &[&Message]) -> Option<Vec<Message>> {
    let (mut standing, mut reopened, mut is_right) = (None, None, true);
    let (mut told, mut idle): (Vec<Message>, Vec<usize>) = (Vec::new(), Vec::new());
    for event in events {
        let closes = event.kind == "closed" || event.says("patrol_dealt");
        let place = told.len();
        told.push((*event).clone());
        match (event.kind.as_str(), standing) {
            (_, None) if closes => standing = Some(place),
            (_, Some(_)) if closes => idle.push(place),
            ("reopened", None) => idle.push(place),
            ("reopened", Some(_)) => (standing, reopened) = (None, Some(*event)),
            ("corrected", Some(close)) if event.text("field") == Some("closed_at") => {
                let right = read(event.text("value").expect("value"));
                if is_after(reopened, &told[close], right) {
                    standing = Some(close_at(&mut told, close, right));
                    is_right = false;
                }
            }
            _ => {}
        }
    }
    for place in idle.iter().rev() {
        let event = &mut told[*place];
        match event.kind.as_str() {
            "reopened" => drop(told.remove(*place)),
            "closed" => event.data["mere_work"] = true.into(),
            _ => close_nothing(event),
        }
    }
    told.retain(|event| event.text("field") != Some("closed_at"));
    (!is_right).then_some(told)
}

/// Had it been closed then, would that have been after the case was opened again?
pub fn is_after(reopened: Option<&Message>, close: &Message, right: i64) -> bool {
    let close = Message { at: right, ..close.clone() };
    reopened.is_none_or(|reopened| std::ptr::eq(in_order(vec![reopened, &close])[0], reopened))
}

/// When it was told somebody was at work, and of what was put right on the spot there was the receipt. Gives the place of the close.
fn close_at(told: &mut Vec<Message>, close: usize, right: i64) -> usize {
    let before = told[close].clone();
    told[close].at = right;
    if told.iter().filter(|known| identity(known) == identity(&before)).count() == 1 {
        let (mut work, mut receipt) = (before.clone(), before);
        work.data["mere_work"] = true.into();
        told.push(work);
        if receipt.says("patrol_dealt") {
            close_nothing(&mut receipt);
            told.push(receipt);
        }
    }
    close
}

fn close_nothing(report: &mut Message) {
    report.data.as_object_mut().expect("an object").remove("patrol_dealt");
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
        // To a case that seemed closed, or not suspended, nothing was stated then.
        let was_heard = |then: &Judged| match event.kind.as_str() {
            "dispatched" | "extension_decided" => then.closed_at.is_none(),
            "resumed" => then.suspended_since.is_some(),
            _ => true,
        };
        let was_accepted = court
            .earlier(event)
            .iter()
            .any(|then| then.stated.is_none() && !then.ruled.is_decided(at) && was_heard(then));
        if self.ruled.is_decided(at) && !was_accepted {
            return;
        }
        let mut line = Line::default();
        line.begin(at, Some(due), self.suspended_since);
        line.stopped = self.closed_at;
        line.was_late = self.closed_at.is_some_and(|at| line.is_past(at));
        self.judged_by_first(at, &mut line);
        // What moves the due of the rule leaves it its original.
        if ["resumed", "reopened"].contains(&event.kind.as_str()) {
            line.original = self.ruled.original.or(line.original);
        }
        self.stated = Some(line);
    }

    /// By the original due of the rule it has been judged, if that has passed, be it in a pause.
    pub fn judged_by_first(&self, at: i64, line: &mut Line) {
        if self.ruled.is_past_first(at) {
            let answered = self.ruled.stopped.filter(|_| !self.ruled.is_unjudged);
            let is_met = answered.is_some_and(|answered| !self.ruled.is_past_first(answered));
            line.original = self.ruled.original;
            line.is_first_at_once = false;
            line.was_met_by_original = is_met || self.ruled.was_met_by_original;
        }
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
        if RECEIVED_OR_WORK.contains(&event.kind.as_str())
            || event.says("mere_work")
            || (event.says("patrol_dealt") && self.closed_at.is_none())
        {
            self.take_on(at);
        }
        if event.says("mere_work") {
            return;
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
