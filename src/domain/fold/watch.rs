//! The fold, watched: the same case, and how every fact and every clock came to it. For explaining, where the fold is for speed.

use super::{FACTS_MAX, begin, folding::Folding, is_skewed, kept::Kept, order};
use crate::domain::{
    assignment::numbered,
    case::Case,
    clock::{Happening, Runner, Trail},
    event::Event,
    lifecycle::Phase,
    rules::Rules,
    snapshot,
    span::OF_CASE,
    time::{Due, Millis},
};

/// The same [`Case`] as [`fold`](super::fold) gives, with how it came about.
#[derive(Clone, Debug)]
pub struct Watched {
    /// As `fold` gives it; up to the as-of.
    pub case: Case,
    /// In the order in which they were taken; those that a row snapshot tells stand behind it under its place.
    pub facts: Vec<TakenFact>,
    /// 计时经过 of each clock that started, in their order.
    pub trails: Vec<Trail>,
}

/// A fact, and what the case was after it.
#[derive(Clone, Debug)]
pub struct TakenFact {
    /// With its place: those that a row tells bear the row's.
    pub event: Event,
    /// After it.
    pub phase: Phase,
    /// In force after it; an event's or the policy's.
    pub due: Option<Due>,
    /// What events state, which beats the policy.
    pub stated_due: Option<Due>,
    /// It came in a phase that does not expect it; or something must be missing before it.
    pub is_irregular: bool,
    /// 缺失环节: something must be missing before it.
    pub is_gap: bool,
    /// Values of it that are in no list of codes.
    pub unknown_codes: u32,
}

/// Folds every ledger row of one case, up to what had happened by `as_of` where one is given. None: nothing had.
pub fn watch(rules: &Rules, rows: &[&Event], as_of: Option<Millis>) -> Option<Watched> {
    let (case, mut events) = begin(rows)?;
    let derived = snapshot::expand(&rules.stream, &events, FACTS_MAX);
    events.extend(&derived);
    events.retain(|event| as_of.is_none_or(|as_of| event.occurred_at <= as_of));
    events.sort_by(|a, b| order(a).cmp(&order(b)));
    if events.is_empty() {
        return None;
    }
    let mut folding = Folding::new(rules, case);
    let mut facts = Vec::with_capacity(events.len());
    for event in events {
        let before = folding.case.counts.clone();
        folding.take(event);
        let (case, counts) = (&folding.case, &folding.case.counts);
        facts.push(TakenFact {
            event: event.clone(),
            phase: case.phase,
            due: case.due,
            stated_due: folding.stated.as_ref().and_then(Runner::reading).map(|reading| reading.due),
            is_irregular: counts.irregular > before.irregular,
            is_gap: counts.gaps > before.gaps,
            unknown_codes: counts.unknown_codes - before.unknown_codes,
        });
    }
    let mut trails = folding.timing.trails();
    let case = folding.finish();
    for trail in &mut trails {
        trail.dropped_at = dropped_at(&case, trail);
    }
    Some(Watched { case, facts, trails })
}

/// When it lost its verdict: given back in time, closed over its head, or void.
fn dropped_at(case: &Case, trail: &Trail) -> Option<Millis> {
    let last = trail.last()?;
    if trail.assignment != OF_CASE {
        let one = numbered(trail.assignment).and_then(|place| case.assignments.get(place))?;
        if one.is_given_back() {
            return one.ended_at.filter(|at| last.reading.is_paused || last.reading.due.is_met_at(*at));
        }
    }
    let closed_over = trail.moves.iter().rev().find(|one| one.happening == Happening::ClosedOver);
    if let Some(closed_over) = closed_over.filter(|_| last.reading.is_unjudged && last.reading.stopped_at.is_none()) {
        return Some(closed_over.at);
    }
    case.milestones.voided_at.filter(|_| case.is_void)
}

/// What a message is among those of its case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The one that counts: at the first place.
    First,
    /// The same event again.
    Duplicate,
    /// Something else under an identity already used.
    Conflict,
}

/// A message of the case, and whether it said anything new.
#[derive(Clone, Copy, Debug)]
pub struct WatchedMessage<'a> {
    /// As the ledger has it.
    pub event: &'a Event,
    /// Whether it counts.
    pub role: Role,
    /// Recorded before it happened.
    pub is_skewed: bool,
}

/// Every message once, in the order of their places.
pub fn messages<'a>(rows: &[&'a Event]) -> Vec<WatchedMessage<'a>> {
    let mut rows = rows.to_vec();
    rows.sort_by(|a, b| a.place.cmp(&b.place));
    rows.dedup_by(|a, b| a.place == b.place);
    let mut kept = Kept::of(rows.len());
    let mut role = |event: &'a Event| match kept.find(event) {
        Some(first) if first.says_the_same(event) => Role::Duplicate,
        Some(_) => Role::Conflict,
        None => {
            kept.add(event);
            Role::First
        }
    };
    rows.into_iter().map(|event| WatchedMessage { event, role: role(event), is_skewed: is_skewed(event) }).collect()
}
