//! By what a case moved: messages that came after it was published, rules that it was folded by anew, or only a later as-of.
//!
//! A verdict remembers from how many messages its case was folded. Ordered by whether they lie behind the edition's place in the
//! ledger, and then by arrival, the messages after that number are those that came since.

use std::collections::HashMap;

use super::comparing::Moved;
use crate::{
    domain::{
        event::{Event, Place},
        fact::FactKind,
        time::Millis,
    },
    store::{
        Store, StoreError, ledger_read,
        published::{
            Edition, PublishedPosition,
            versions::{self, CaseVersion},
        },
    },
};

/// By what one case moved; several at once may be true.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cause {
    /// What was said of the case and was not known to the edition.
    pub messages: Vec<DriftMessage>,
    /// It was folded anew since, by the same rules or by others.
    pub refolded: Option<Refolded>,
    /// What had happened between the two as-ofs, and was known before.
    pub later: Vec<DriftMessage>,
    /// The as-of is another than the edition's.
    pub is_of_another_as_of: bool,
}

/// A message, as far as it is told here: of what kind, when, and where it lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DriftMessage {
    /// Event type, without `case.` and version.
    pub kind: &'static str,
    /// 发生时间.
    pub occurred_at: Millis,
    /// 记录时间. None: the source does not say.
    pub recorded_at: Option<Millis>,
    /// 接收时间: behind the publication, it was not known to the edition.
    pub ingested_at: Millis,
    pub place: Place,
}

/// The row of the case is of a later generation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refolded {
    /// 代次, before and after.
    pub generations: [u32; 2],
    /// Policy, rule and calendar, before and after.
    pub policies: [String; 2],
    pub rules: [String; 2],
    pub calendars: [String; 2],
}

impl Refolded {
    /// Other rules, or the same once more?
    pub fn is_by_other_rules(&self) -> bool {
        [&self.policies, &self.rules, &self.calendars].iter().any(|[before, after]| before != after)
    }
}

/// `copy` is what the verdicts of now were made from.
pub async fn explained(
    live: &Store,
    copy: &Store,
    edition: &Edition,
    as_of: Millis,
    moved: Vec<Moved>,
) -> Result<Vec<(Moved, Cause)>, StoreError> {
    let keys: Vec<(&str, &str)> = moved.iter().map(Moved::key).collect();
    let versions = versions::of(copy, &keys).await?;
    let versions: HashMap<(&str, &str), &CaseVersion> =
        versions.iter().map(|one| ((one.stream.as_str(), one.case_id.as_str()), one)).collect();
    let ids: Vec<&str> = keys.iter().map(|(_, id)| *id).collect();
    let mut events: HashMap<(String, String), Vec<Event>> = HashMap::new();
    for event in ledger_read::of_cases(live, &ids, &[]).await? {
        events.entry((event.stream.to_string(), event.case_id.to_string())).or_default().push(event);
    }
    let causes: Vec<Cause> = moved
        .iter()
        .zip(&keys)
        .map(|(moved, key)| {
            let events = events.remove(&(key.0.to_owned(), key.1.to_owned())).unwrap_or_default();
            cause(edition, as_of, moved, versions.get(key).copied(), events)
        })
        .collect();
    Ok(moved.into_iter().zip(causes).collect())
}

fn cause(edition: &Edition, as_of: Millis, moved: &Moved, now: Option<&CaseVersion>, events: Vec<Event>) -> Cause {
    let is_behind = |event: &Event| is_behind(&edition.positions, &event.place);
    let mut events = events;
    events.sort_by_cached_key(|event| (is_behind(event), event.ingested_at, event.place.clone()));
    events.dedup_by(|a, b| a.place == b.place);
    let known = match &moved.before {
        Some(verdict) => verdict.rows() as usize,
        None => events.iter().filter(|event| !is_behind(event)).count(),
    };
    let folded = now.map_or(events.len(), |now| now.version as u32 as usize).min(events.len());
    let known = known.min(folded);
    Cause {
        messages: with_effect(&events[known..folded], as_of),
        refolded: now.and_then(|now| refolded(edition, moved, now)),
        later: between(&events[..known], edition.as_of, as_of),
        is_of_another_as_of: edition.as_of != as_of,
    }
}

/// Was it not there yet?
fn is_behind(positions: &[PublishedPosition], place: &Place) -> bool {
    let position = positions.iter().find(|one| one.partition == place.partition && one.topic == place.topic.as_str());
    position.is_none_or(|one| place.offset >= one.next)
}

/// What happened after the as-of says nothing about it, except for a snapshot, which tells of what was before. If there is
/// nothing else, it is better shown than not.
fn with_effect(events: &[Event], as_of: Millis) -> Vec<DriftMessage> {
    let counts = |event: &&Event| event.occurred_at <= as_of || event.fact.kind() == FactKind::Snapshot;
    let some: Vec<DriftMessage> = events.iter().filter(counts).map(message).collect();
    if some.is_empty() { events.iter().map(message).collect() } else { some }
}

fn between(events: &[Event], first: Millis, second: Millis) -> Vec<DriftMessage> {
    let (from, to) = (first.min(second), first.max(second));
    events.iter().filter(|event| from < event.occurred_at && event.occurred_at <= to).map(message).collect()
}

fn message(event: &Event) -> DriftMessage {
    DriftMessage {
        kind: event.fact.kind().name(),
        occurred_at: event.occurred_at,
        recorded_at: event.recorded_at,
        ingested_at: event.ingested_at,
        place: event.place.clone(),
    }
}

fn refolded(edition: &Edition, moved: &Moved, now: &CaseVersion) -> Option<Refolded> {
    let (generation, policy, rule, calendar) = match &moved.before {
        Some(one) => (one.generation(), one.policy.as_str(), one.policy_rule.as_str(), one.calendar.as_str()),
        // It was in no figure: what the edition knew of the rules is those in force.
        None => (edition.generation, edition.policy.as_str(), now.policy_rule.as_str(), edition.calendar.as_str()),
    };
    let generations = [generation, (now.version >> 32) as u32];
    (generations[0] < generations[1]).then(|| Refolded {
        generations,
        policies: [policy.to_owned(), now.policy.clone()],
        rules: [rule.to_owned(), now.policy_rule.clone()],
        calendars: [calendar.to_owned(), now.calendar.clone()],
    })
}
