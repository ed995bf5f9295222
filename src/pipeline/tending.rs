//! Tends the partitions that are ours, on the poll thread: has each placed, tells the client which to fetch, and looks whether each
//! moves. What stands gets a name, and in the end a new consumer.

#[cfg(test)]
mod tests;

use std::{
    sync::{Arc, Mutex, PoisonError, mpsc::Receiver},
    time::Duration,
};

use tokio::{sync::mpsc::UnboundedSender, time::Instant};

use super::{
    partitions::{Partitions, names},
    placer::{PlacerAsk, PlacerTold},
    placing::Refusal,
};
use crate::{
    feed::{
        consumer::{Committer, Consumer},
        kafka_error::FeedError,
        observer::Observation,
        partition::Partition,
        probe::ProbeFound,
    },
    health::{Health, HealthCheck},
    metrics,
};

/// Why receiving cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveError {
    #[error(transparent)]
    Feed(#[from] FeedError),
    /// A person has to decide.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Whoever waits for the end of the topics waits in vain.
    #[error("{0}")]
    Unreadable(String),
}

/// What was seen of the topics last, and when; shared with the one who looks.
pub type Latest = Arc<Mutex<Option<(Instant, Observation)>>>;

#[derive(Debug)]
pub struct Tending {
    pub partitions: Partitions,
    pub asks: UnboundedSender<PlacerAsk>,
    pub told: Receiver<PlacerTold>,
    pub latest: Latest,
    pub committer: Committer,
    pub health: Health,
    pub stuck_after: Duration,
    pub is_assigned: bool,
    looked_at: Option<Instant>,
    seen_at: Option<Instant>,
    doubted_at: Option<Instant>,
    taken_then: u64,
}

const LOOK_EVERY: Duration = Duration::from_secs(1);
/// A library that cannot read says so again and again.
const DOUBT_EVERY: Duration = Duration::from_secs(5);
/// What was seen longer ago says nothing of now.
const FRESH: Duration = Duration::from_secs(15);

impl Tending {
    pub fn new(
        (asks, told): (UnboundedSender<PlacerAsk>, Receiver<PlacerTold>),
        (latest, committer): (Latest, Committer),
        health: Health,
        stuck_after: Duration,
    ) -> Self {
        Self {
            partitions: Partitions::default(),
            asks,
            told,
            latest,
            committer,
            health,
            stuck_after,
            is_assigned: false,
            looked_at: None,
            seen_at: None,
            doubted_at: None,
            taken_then: 0,
        }
    }

    pub fn assigned(&mut self, partitions: Vec<Partition>) {
        tracing::info!(partitions = %names(&partitions), "assigned");
        self.is_assigned = true;
        self.ask(partitions.iter().map(|one| (one.clone(), None)).collect());
        self.partitions.assigned(partitions);
        self.say_assignment();
    }

    pub fn revoked(&mut self, partitions: &[Partition]) {
        tracing::info!(partitions = %names(partitions), "revoked");
        self.partitions.revoked(partitions);
        let _ = self.asks.send(PlacerAsk::Forget(partitions.to_vec()));
        self.say_assignment();
    }

    /// The client is gone, with everything that it had.
    pub fn lost(&mut self) -> Vec<Partition> {
        self.is_assigned = false;
        self.partitions.lost()
    }

    fn ask(&self, open: Vec<(Partition, Option<i64>)>) {
        if !open.is_empty() {
            let _ = self.asks.send(PlacerAsk::Place(open));
        }
    }

    /// It may be somebody else's by now.
    fn waits(&self, partition: &Partition, why: &str) {
        if self.partitions.is_placing(partition) {
            self.health.set(HealthCheck::Assignment, Err(why));
        }
    }

    fn say_assignment(&self) {
        if self.partitions.all_placed() {
            self.health.set(HealthCheck::Assignment, Ok(&format!("{} partitions", self.partitions.count())));
        }
    }

    /// A position of ours is in doubt, nobody says which: all are placed anew, from where they are.
    pub fn doubt(&mut self, reason: &str, now: Instant) {
        if self.doubted_at.is_some_and(|at| now.duration_since(at) < DOUBT_EVERY) {
            return;
        }
        self.doubted_at = Some(now);
        tracing::warn!(reason, "kafka casts doubt on a position, all are asked again");
        let doubted = self.partitions.doubted();
        self.ask(doubted.into_iter().map(|(partition, next)| (partition, Some(next))).collect());
    }

    /// Somewhere lies what the client library cannot read, nobody says where, and the library itself may go on behind it. So
    /// nothing more is taken of any, until it is known of each what lies where it is.
    pub fn unreadable(&mut self) {
        for (partition, at) in self.partitions.doubted() {
            let _ = self.asks.send(PlacerAsk::Examine(partition, at));
        }
    }

    /// Everything that is due. Some: the consumer has to be made anew, because of that.
    pub fn tick(&mut self, consumer: &mut Consumer, taken: u64, now: Instant) -> Result<Option<String>, ReceiveError> {
        let mut anew = None;
        while let Ok(told) = self.told.try_recv() {
            match told {
                PlacerTold::Start(partition, at) => {
                    self.partitions.answered(&partition);
                    self.start(consumer, &partition, at);
                }
                PlacerTold::Refused(refusal) => return Err(refusal.into()),
                PlacerTold::Waits(partition, why) => self.waits(&partition, &why),
                PlacerTold::Found(partition, at, found) => {
                    self.partitions.answered(&partition);
                    anew = anew.or(self.found(consumer, &partition, at, found));
                }
            }
        }
        self.order(consumer);
        if self.looked_at.is_none_or(|at| now.duration_since(at) >= LOOK_EVERY) {
            self.looked_at = Some(now);
            self.look(taken, now);
            self.committer.again(now);
        }
        Ok(anew)
    }

    fn start(&mut self, consumer: &mut Consumer, partition: &Partition, at: i64) {
        if !self.partitions.is_placing(partition) {
            return; // taken away meanwhile
        }
        let reached = self.partitions.next_of(partition);
        if self.partitions.is_unreadable(partition) && reached == Some(at) {
            // Nobody has stepped over it. Can it be read by now?
            return self.examine(partition, at);
        }
        let placed = match reached {
            Some(_) => consumer.take_up(partition, at).or_else(|_| consumer.take_up_anew(partition, at)),
            None => consumer.take_up(partition, at),
        };
        match placed {
            Ok(()) => {
                tracing::info!(topic = %partition.topic, partition = partition.partition, offset = at, "goes on");
                metrics::start_partition_at_zero(&partition.topic, partition.partition);
                self.partitions.placed(partition, at);
                self.say_assignment();
            }
            Err(error) => {
                tracing::debug!(%error, topic = %partition.topic, partition = partition.partition, "not there yet, asked again");
                self.partitions.asked_again(partition);
                self.ask(vec![(partition.clone(), reached)]);
            }
        }
    }

    fn examine(&mut self, partition: &Partition, at: i64) {
        self.partitions.asked_again(partition);
        let _ = self.asks.send(PlacerAsk::Examine(partition.clone(), at));
    }

    fn found(&mut self, consumer: &mut Consumer, partition: &Partition, at: i64, found: ProbeFound) -> Option<String> {
        if self.partitions.next_of(partition) != Some(at) {
            return None; // it has moved
        }
        if let ProbeFound::Unreadable(cause) = found {
            self.cannot_be_read(partition, at, &cause);
            return None;
        }
        if self.partitions.is_placing(partition) {
            let still_unknown = found == ProbeFound::Silence && self.partitions.is_unreadable(partition);
            if !still_unknown {
                self.partitions.readable(partition);
                self.start(consumer, partition, at);
            }
            return None;
        }
        match found {
            ProbeFound::Nothing => self.with_seen(|partitions, seen| partitions.nothing_between(partition, at, seen)),
            ProbeFound::Message(_) => {
                let Partition { topic, partition } = partition;
                return Some(format!("{topic}[{partition}] has a message at offset {at} and does not give it"));
            }
            ProbeFound::Unreadable(_) | ProbeFound::Silence => {}
        }
        None
    }

    fn cannot_be_read(&mut self, partition: &Partition, at: i64, cause: &str) {
        if self.partitions.unreadable(partition, at, cause) {
            metrics::unreadable(&partition.topic, partition.partition, 1);
            tracing::error!(
                topic = %partition.topic, partition = partition.partition, offset = at, cause,
                "the client library cannot read what lies there; everything behind it waits"
            );
        }
        self.say_assignment();
    }

    /// Tells the client what to fetch; what it does not take is told again.
    fn order(&mut self, consumer: &mut Consumer) {
        let (stop, go) = self.partitions.orders();
        if !stop.is_empty() && consumer.pause(&stop).is_ok() {
            self.partitions.told(&stop, false);
        }
        if !go.is_empty() && consumer.resume(&go).is_ok() {
            self.partitions.told(&go, true);
        }
    }

    fn look(&mut self, taken: u64, now: Instant) {
        let is_busy = std::mem::replace(&mut self.taken_then, taken) != taken;
        let after = self.stuck_after;
        let latest = Arc::clone(&self.latest);
        let latest = latest.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = latest.as_ref().filter(|(at, _)| now.duration_since(*at) < FRESH);
        // While the brokers do not answer that is what is wrong, and no partition.
        let seen = fresh.map(|(_, seen)| seen).filter(|_| self.health.trouble(HealthCheck::Kafka).is_none());
        if let Some((at, seen)) = fresh.filter(|(at, _)| self.seen_at != Some(*at)) {
            self.seen_at = Some(*at);
            self.committer.observed(seen.extents.iter().map(|(partition, extent)| (partition, extent.committed)));
        }
        for (partition, at) in self.partitions.look(seen, is_busy, now, after) {
            if self.partitions.is_unreadable(&partition) {
                // Has somebody accepted that it is stepped over?
                self.ask(vec![(partition, Some(at))]);
            } else {
                let _ = self.asks.send(PlacerAsk::Examine(partition, at));
            }
        }
        drop(latest);
        match self.partitions.trouble() {
            Some(trouble) => self.health.set(HealthCheck::Partitions, Err(&trouble)),
            None => self.health.set(HealthCheck::Partitions, Ok("all move")),
        }
    }

    fn with_seen<T>(&mut self, act: impl FnOnce(&mut Partitions, Option<&Observation>) -> T) -> T {
        let latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        act(&mut self.partitions, latest.as_ref().map(|(_, seen)| seen))
    }

    /// Somebody waits for the end, and it cannot be reached.
    pub fn in_vain(&self) -> Option<ReceiveError> {
        self.partitions
            .has_unreadable()
            .then(|| ReceiveError::Unreadable(self.partitions.trouble().unwrap_or_default()))
    }
}
