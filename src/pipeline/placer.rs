//! Finds out where to go on with partitions that were given to us, and what lies where one of them stands: it asks Kafka and the
//! ledger, for as long as it takes, while the poll thread polls on.

use std::{
    collections::HashMap,
    sync::{Arc, mpsc::Sender},
};

use tokio::sync::mpsc::UnboundedReceiver;

use super::{
    clock,
    placing::{Placed, PlacingKnown, PlacingNames, Refusal, place_partition},
    retry::Retry,
};
use crate::{
    feed::{
        connection::Connection,
        kafka_error::KafkaTrouble,
        observer::{Observation, Observer},
        partition::Partition,
        probe::{self, ProbeFound},
    },
    metrics,
    store::{
        Store, StoreError,
        gaps::{self, Gap, GapReason},
        topics,
    },
};

/// What the poll thread wants to know.
#[derive(Debug)]
pub enum PlacerAsk {
    /// Where to go on with these; how far each was taken already, if it was.
    Place(Vec<(Partition, Option<i64>)>),
    /// These are not ours any more.
    Forget(Vec<Partition>),
    /// What lies there?
    Examine(Partition, i64),
}

#[derive(Debug)]
pub enum PlacerTold {
    Start(Partition, i64),
    Refused(Refusal),
    /// Where to go on cannot be said yet, and why.
    Waits(Partition, String),
    Found(Partition, i64, ProbeFound),
}

/// Why nothing can be said of the partitions now.
#[derive(Debug, thiserror::Error)]
pub enum JudgeError {
    #[error(transparent)]
    Kafka(#[from] KafkaTrouble),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the question broke off: {0}")]
    Broken(#[from] tokio::task::JoinError),
}

#[derive(Debug)]
pub struct Placer {
    pub connection: Connection,
    pub observer: Arc<Observer>,
    pub store: Store,
    pub retry: Retry,
    /// See `PlacingKnown::in_flight`.
    pub in_flight: i64,
    /// Was the ledger compared with the group's commits? Later it cannot fall behind them.
    pub ends: Option<HashMap<Partition, i64>>,
}

/// What the ledger knows.
struct Book {
    topics: Vec<topics::KnownTopic>,
    gaps: Vec<Gap>,
    ends: HashMap<Partition, i64>,
}

impl Placer {
    /// Answers until nobody asks any more. What cannot be placed yet keeps nobody else waiting.
    pub async fn run(mut self, mut asks: UnboundedReceiver<PlacerAsk>, tell: Sender<PlacerTold>) {
        let (mut open, mut attempt) = (Vec::new(), 0);
        loop {
            let again = if open.is_empty() { None } else { Some(self.retry.backoff(attempt)) };
            let ask = tokio::select! {
                ask = asks.recv() => match ask {
                    Some(ask) => Some(ask),
                    None => return,
                },
                () = tokio::time::sleep(again.unwrap_or_default()), if again.is_some() => None,
            };
            match ask {
                Some(PlacerAsk::Place(more)) => {
                    open.retain(|(one, _)| !more.iter().any(|(other, _)| other == one));
                    open.extend(more);
                    attempt = 0;
                }
                Some(PlacerAsk::Forget(gone)) => {
                    open.retain(|(one, _)| !gone.contains(one));
                    continue;
                }
                Some(PlacerAsk::Examine(partition, at)) => {
                    self.examine(partition, at, &tell).await;
                    continue;
                }
                None => attempt += 1,
            }
            open = self.place(open, &tell).await;
        }
    }

    /// An answer comes in any case: whoever asks does not ask again before.
    async fn examine(&self, partition: Partition, at: i64, tell: &Sender<PlacerTold>) {
        let (connection, asked) = (self.connection.clone(), partition.clone());
        let looked = tokio::task::spawn_blocking(move || probe::look(&connection, &asked, at)).await;
        let found = match looked {
            Ok(Ok(found)) => found,
            Ok(Err(trouble)) => {
                tracing::debug!(%trouble, topic = %partition.topic, partition = partition.partition, at, "cannot be looked at");
                ProbeFound::Silence
            }
            Err(_) => ProbeFound::Silence,
        };
        let _ = tell.send(PlacerTold::Found(partition, at, found));
    }

    /// Where every partition of the topics would go on, were it given to us now.
    pub async fn judge(&self) -> Result<Vec<(Partition, Placed)>, JudgeError> {
        let observer = Arc::clone(&self.observer);
        let seen = tokio::task::spawn_blocking(move || observer.look()).await??;
        let book = self.retry.a_while(|| read(&self.store, &seen, None)).await?;
        let placed = |partition: &Partition| Some((partition.clone(), self.decide(partition, None, &seen, &book)?));
        Ok(seen.extents.keys().filter_map(placed).collect())
    }

    /// Those that could not be placed yet.
    async fn place(
        &mut self,
        open: Vec<(Partition, Option<i64>)>,
        tell: &Sender<PlacerTold>,
    ) -> Vec<(Partition, Option<i64>)> {
        let observer = Arc::clone(&self.observer);
        let seen = match tokio::task::spawn_blocking(move || observer.look()).await {
            Ok(Ok(seen)) => seen,
            Ok(Err(trouble)) => {
                let why = format!("where to go on cannot be asked: {trouble}");
                if let Some((partition, _)) = open.first() {
                    let _ = tell.send(PlacerTold::Waits(partition.clone(), why));
                }
                return open;
            }
            Err(_) => return open,
        };
        let book = self.retry.until_done("positions", || read(&self.store, &seen, self.ends.as_ref())).await;
        let mut left = Vec::new();
        for (partition, reached) in open {
            match self.decide(&partition, reached, &seen, &book) {
                Some(Placed::Start { at, before, is_behind }) => {
                    if is_behind {
                        tracing::warn!(topic = %partition.topic, partition = partition.partition, at, "the ledger ends before what the group has committed; it is read again from there");
                    }
                    self.note(&partition, before, &seen, &book).await;
                    let _ = tell.send(PlacerTold::Start(partition, at));
                }
                Some(Placed::Refused(refusal)) => drop(tell.send(PlacerTold::Refused(refusal))),
                None => left.push((partition, reached)),
            }
        }
        for (partition, _) in &left {
            let why = seen.unanswered.get(partition).map_or("it is not there", String::as_str);
            let why = format!("{}[{}] cannot be taken up: {why}", partition.topic, partition.partition);
            let _ = tell.send(PlacerTold::Waits(partition.clone(), why));
        }
        self.ends = Some(book.ends);
        left
    }

    /// None where Kafka says nothing of the partition.
    fn decide(&self, partition: &Partition, reached: Option<i64>, seen: &Observation, book: &Book) -> Option<Placed> {
        let mut extent = *seen.extents.get(partition)?;
        let id = seen.ids.get(&partition.topic)?;
        let of_topic = |known: &&topics::KnownTopic| known.topic == partition.topic;
        if let Some(known) = book
            .topics
            .iter()
            .filter(of_topic)
            .find(|known| !known.topic_id.is_empty() && !id.is_empty() && known.topic_id != id.as_str())
        {
            let (topic, id, known) = (partition.topic.to_string(), id.to_string(), known.topic_id.clone());
            return Some(Placed::Refused(Refusal::MadeAnew { topic, id, known }));
        }
        let mut ledger = book.ends.get(partition).copied();
        if self.ends.is_some() {
            ledger = ledger.max(extent.committed);
        }
        if reached.is_some() {
            (ledger, extent.committed) = (ledger.max(reached), extent.committed.max(reached));
        }
        let is_of = |gap: &&Gap| gap.topic == partition.topic && gap.partition == partition.partition;
        let gaps: Vec<&Gap> = book.gaps.iter().filter(is_of).collect();
        let known = PlacingKnown {
            extent,
            ledger,
            ledger_has_topic: book.ends.keys().any(|one| one.topic == partition.topic),
            is_new: book.is_new(partition),
            gaps: &gaps,
            in_flight: self.in_flight,
        };
        let names = PlacingNames { group: &self.connection.group, database: self.store.database() };
        Some(place_partition(partition, &known, names))
    }

    /// Writes down what is seen for the first time, before anything is read.
    async fn note(&self, partition: &Partition, before: Option<(i64, i64)>, seen: &Observation, book: &Book) {
        let now = clock::now();
        if let Some((first, next)) = before {
            tracing::warn!(topic = %partition.topic, partition = partition.partition, first, next, "the topic had lost these offsets before it was taken up for the first time");
            metrics::gap_messages(&partition.topic, partition.partition, (next - first).max(0) as u64);
            let place = (partition.topic.as_str(), partition.partition);
            let gap = Gap::new(place, (first, next), GapReason::Retention, "before the first start", now);
            self.retry.until_done("gap", || gaps::note(&self.store, &gap)).await;
        }
        if book.is_new(partition) {
            let id = seen.ids.get(&partition.topic).map_or("", |id| id.as_str());
            let place = (partition.topic.as_str(), partition.partition);
            self.retry.until_done("topic", || topics::note(&self.store, place, id, now)).await;
        }
    }
}

impl Book {
    /// Was it never taken up into this ledger before?
    fn is_new(&self, partition: &Partition) -> bool {
        !self.topics.iter().any(|known| known.topic == partition.topic && known.partition == partition.partition)
    }
}

/// How far the ledger goes is asked once, and then only for what Kafka has forgotten.
async fn read(store: &Store, seen: &Observation, ends: Option<&HashMap<Partition, i64>>) -> Result<Book, StoreError> {
    let is_remembered = seen.extents.values().all(|extent| extent.committed.is_some_and(|next| next >= extent.low));
    let ends = match ends {
        Some(ends) if is_remembered => ends.clone(),
        _ => {
            let names: Vec<String> = seen.ids.keys().map(ToString::to_string).collect();
            let ends = topics::ends(store, &names).await?;
            let of =
                |end: topics::PartitionEnd| (Partition { topic: end.topic.into(), partition: end.partition }, end.next);
            ends.into_iter().map(of).collect()
        }
    };
    Ok(Book { topics: topics::known(store).await?, gaps: gaps::all(store).await?, ends })
}
