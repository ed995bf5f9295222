//! Which partitions there are, on Kafka and in the ledger, and what is known of each.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Verify, VerifyError};
use crate::{
    domain::verify::{Finding, Known, Log, Note, Verdict},
    feed::{connection::Connection, partition::Partition, ranges::Ranges, topics::TopicError},
    store::verify::{accepted, places},
};

/// A partition and what is known of it.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub topic: String,
    pub partition: i32,
    pub known: Known,
}

/// What Kafka says of one topic; None: it has none of that name.
type OnKafka = Option<BTreeMap<i32, (Log, Option<i64>)>>;

pub(super) async fn find(of: &Verify, verdict: &mut Verdict) -> Result<Vec<Place>, VerifyError> {
    // Kafka first: what is committed by now is in the ledger when that is counted.
    let held_topics = places::topics(&of.store).await?;
    let topics = wanted(of, &held_topics);
    let connection = of.connection.clone();
    let asked = topics.clone();
    let (on_kafka, ids) = tokio::task::spawn_blocking(move || ask(&connection, &asked)).await??;
    let held = places::held(&of.store, of.since).await?;
    let before = match of.since {
        Some(since) => places::before(&of.store, since).await?,
        None => HashMap::new(),
    };
    let recorded = accepted::topic_ids(&of.store).await?;
    let mut found = Vec::new();
    for (topic, kafka) in topics.into_iter().zip(on_kafka) {
        let of_topic: BTreeMap<i32, &places::HeldPartition> =
            held.iter().filter(|one| one.topic == topic).map(|one| (one.partition, one)).collect();
        let (recorded, now) =
            (recorded.get(&topic).map_or(&[][..], Vec::as_slice), ids.get(&topic).map_or("", String::as_str));
        let another = another(recorded, now);
        if !is_worth_looking(of, &topic, kafka.is_some(), &of_topic, verdict) {
            continue;
        }
        if let Some(read) = another {
            verdict
                .add(Finding::Topic { topic: topic.clone(), detail: format!("id {read} was read, Kafka has {now}") });
        }
        let kafka = kafka.unwrap_or_default();
        let numbers: BTreeSet<i32> =
            kafka.keys().chain(of_topic.keys()).copied().filter(|number| *number >= 0).collect();
        for partition in numbers {
            let (log, committed) = kafka.get(&partition).map_or((None, None), |(log, next)| (Some(*log), *next));
            let held = of_topic.get(&partition);
            let from = match (of.since, held) {
                (Some(_), Some(held)) if held.is_recent => {
                    before.get(&(topic.clone(), partition)).copied().unwrap_or(0)
                }
                (Some(_), Some(held)) => held.next,
                _ => 0,
            };
            let log = log.filter(|_| another.is_none());
            let known = Known { log, committed, held_next: held.map(|held| held.next), from };
            found.push(Place { topic: topic.clone(), partition, known });
        }
    }
    Ok(found)
}

fn wanted(of: &Verify, held: &BTreeSet<String>) -> Vec<String> {
    if !of.topics.is_empty() {
        return of.topics.clone();
    }
    let mut topics: BTreeSet<String> = of.streams.iter().map(|stream| stream.topic.to_string()).collect();
    if of.is_every_stream {
        topics.extend(held.iter().cloned());
    }
    topics.into_iter().collect()
}

/// Says why not, where there is nothing to compare with.
fn is_worth_looking(
    of: &Verify,
    topic: &str,
    is_on_kafka: bool,
    held: &BTreeMap<i32, &places::HeldPartition>,
    verdict: &mut Verdict,
) -> bool {
    let topic = topic.to_owned();
    match (is_on_kafka, held.is_empty(), of.stream_of(&topic)) {
        (true, ..) => return true,
        (false, true, _) => verdict.notes.push(Note::NoTopic { topic }),
        (false, false, None) => {
            let messages = held.values().map(|one| one.messages).sum();
            verdict.notes.push(Note::NotOnKafka { topic, messages });
        }
        (false, false, Some(_)) => {
            verdict.add(Finding::Topic { topic, detail: "Kafka has no topic of this name any more".to_owned() });
            return true;
        }
    }
    false
}

/// An id that was read and one that Kafka has now, where they differ.
fn another<'a>(recorded: &'a [String], now: &'a str) -> Option<&'a String> {
    recorded.iter().find(|recorded| !recorded.is_empty() && !now.is_empty() && recorded.as_str() != now)
}

fn ask(connection: &Connection, topics: &[String]) -> Result<(Vec<OnKafka>, HashMap<String, String>), TopicError> {
    let ranges = Ranges::new(connection)?;
    let mut answers = Vec::with_capacity(topics.len());
    for topic in topics {
        let Some(numbers) = ranges.partitions(topic)? else {
            answers.push(None);
            continue;
        };
        let partition = |number: &i32| Partition { topic: topic.as_str().into(), partition: *number };
        let partitions: Vec<Partition> = numbers.iter().map(partition).collect();
        let positions = ranges.positions(&partitions)?;
        let mut of_topic = BTreeMap::new();
        for one in &partitions {
            of_topic.insert(one.partition, (ranges.log(topic, one.partition)?, positions.get(one).copied()));
        }
        answers.push(Some(of_topic));
    }
    Ok((answers, ranges.ids(topics)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_is_another_only_when_both_ids_are_known() {
        let ids = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<String>>();
        for (recorded, now, found) in [
            (&["a"][..], "b", Some("a")),
            (&["b", "b", "a"], "b", Some("a")),
            (&["a"], "a", None),
            (&[], "b", None),
            (&["a"], "", None),
            (&[""], "b", None),
        ] {
            assert_eq!(another(&ids(recorded), now).map(String::as_str), found, "{recorded:?} {now:?}");
        }
    }
}
