//! Tends the partitions that are ours, on the poll thread: has each placed, tells the client which to fetch, and looks whether each
//! moves. What stands gets a name, and in the end a new consumer.

use std::sync::{Arc, Mutex, PoisonError, mpsc::Receiver};

use tokio::sync::mpsc::UnboundedSender;

use super::{
    partitions::{Partitions, names},
    placer::{Ask, Told},
    placing::Refusal,
};
use crate::{
    domain::time::Millis,
    feed::{
        consumer::{Committer, Consumer, FeedError, Partition},
        observer::Observation,
        probe::Found,
    },
    health::{Check, Health},
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
pub type Latest = Arc<Mutex<Option<(Millis, Observation)>>>;

#[derive(Debug)]
pub struct Tending {
    pub partitions: Partitions,
    pub asks: UnboundedSender<Ask>,
    pub told: Receiver<Told>,
    pub latest: Latest,
    pub committer: Committer,
    pub health: Health,
    pub stuck_after_ms: i64,
    pub is_assigned: bool,
    looked_at: Option<Millis>,
    seen_at: Option<Millis>,
    doubted_at: Option<Millis>,
    taken_then: u64,
}

const LOOK_EVERY_MS: i64 = 1_000;
/// A library that cannot read says so again and again.
const DOUBT_EVERY_MS: i64 = 5_000;
/// What was seen longer ago says nothing of now.
const FRESH_MS: i64 = 15_000;

impl Tending {
    pub fn new(
        (asks, told): (UnboundedSender<Ask>, Receiver<Told>),
        (latest, committer): (Latest, Committer),
        health: Health,
        stuck_after_ms: i64,
    ) -> Self {
        Self {
            partitions: Partitions::default(),
            asks,
            told,
            latest,
            committer,
            health,
            stuck_after_ms,
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
        let _ = self.asks.send(Ask::Forget(partitions.to_vec()));
        self.say_assignment();
    }

    /// The client is gone, with everything that it had.
    pub fn lost(&mut self) -> Vec<Partition> {
        self.is_assigned = false;
        self.partitions.lost()
    }

    fn ask(&self, open: Vec<(Partition, Option<i64>)>) {
        if !open.is_empty() {
            let _ = self.asks.send(Ask::Place(open));
        }
    }

    /// It may be somebody else's by now.
    fn waits(&self, partition: &Partition, why: &str) {
        if self.partitions.is_placing(partition) {
            self.health.set(Check::Assignment, Err(why));
        }
    }

    fn say_assignment(&self) {
        if self.partitions.all_placed() {
            self.health.set(Check::Assignment, Ok(&format!("{} partitions", self.partitions.count())));
        }
    }

    /// A position of ours is in doubt, nobody says which: all are placed anew, from where they are.
    pub fn doubt(&mut self, reason: &str, now: Millis) {
        if self.doubted_at.is_some_and(|at| now.since(at) < DOUBT_EVERY_MS) {
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
            let _ = self.asks.send(Ask::Examine(partition, at));
        }
    }

    /// Everything that is due. Some: the consumer has to be made anew, because of that.
    pub fn tick(&mut self, consumer: &mut Consumer, taken: u64, now: Millis) -> Result<Option<String>, ReceiveError> {
        let mut anew = None;
        while let Ok(told) = self.told.try_recv() {
            match told {
                Told::Start(partition, at) => {
                    self.partitions.answered(&partition);
                    self.start(consumer, &partition, at);
                }
                Told::Refused(refusal) => return Err(refusal.into()),
                Told::Waits(partition, why) => self.waits(&partition, &why),
                Told::Found(partition, at, found) => {
                    self.partitions.answered(&partition);
                    anew = anew.or(self.found(consumer, &partition, at, found));
                }
            }
        }
        self.order(consumer);
        if self.looked_at.is_none_or(|at| now.since(at) >= LOOK_EVERY_MS) {
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
        let _ = self.asks.send(Ask::Examine(partition.clone(), at));
    }

    fn found(&mut self, consumer: &mut Consumer, partition: &Partition, at: i64, found: Found) -> Option<String> {
        if self.partitions.next_of(partition) != Some(at) {
            return None; // it has moved
        }
        if let Found::Unreadable(cause) = found {
            self.cannot_be_read(partition, at, &cause);
            return None;
        }
        if self.partitions.is_placing(partition) {
            let still_unknown = found == Found::Silence && self.partitions.is_unreadable(partition);
            if !still_unknown {
                self.partitions.readable(partition);
                self.start(consumer, partition, at);
            }
            return None;
        }
        match found {
            Found::Nothing => self.with_seen(|partitions, seen| partitions.nothing_between(partition, at, seen)),
            Found::Message(_) => {
                let Partition { topic, partition } = partition;
                return Some(format!("{topic}[{partition}] has a message at offset {at} and does not give it"));
            }
            Found::Unreadable(_) | Found::Silence => {}
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

    fn look(&mut self, taken: u64, now: Millis) {
        let is_busy = std::mem::replace(&mut self.taken_then, taken) != taken;
        let after = self.stuck_after_ms;
        let latest = Arc::clone(&self.latest);
        let latest = latest.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = latest.as_ref().filter(|(at, _)| now.since(*at) < FRESH_MS);
        // While the brokers do not answer that is what is wrong, and no partition.
        let seen = fresh.map(|(_, seen)| seen).filter(|_| self.health.trouble(Check::Kafka).is_none());
        if let Some((at, seen)) = fresh.filter(|(at, _)| self.seen_at != Some(*at)) {
            self.seen_at = Some(*at);
            self.committer.observed(seen.extents.iter().map(|(partition, extent)| (partition, extent.committed)));
        }
        for (partition, at) in self.partitions.look(seen, is_busy, now, after) {
            if self.partitions.is_unreadable(&partition) {
                // Has somebody accepted that it is stepped over?
                self.ask(vec![(partition, Some(at))]);
            } else {
                let _ = self.asks.send(Ask::Examine(partition, at));
            }
        }
        drop(latest);
        match self.partitions.trouble() {
            Some(trouble) => self.health.set(Check::Partitions, Err(&trouble)),
            None => self.health.set(Check::Partitions, Ok("all move")),
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

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc::UnboundedReceiver;

    use super::*;
    use crate::feed::{cluster::Cluster, consumer::Connection, observer::Extent};

    /// With a client that reaches nobody, so that no partition is ever assigned to it.
    struct Alone {
        tending: Tending,
        asked: UnboundedReceiver<Ask>,
        tell: std::sync::mpsc::Sender<Told>,
        consumer: Consumer,
    }

    fn partition() -> Partition {
        Partition { topic: "t".into(), partition: 0 }
    }

    impl Alone {
        fn new() -> Self {
            let connection = Connection {
                cluster: Cluster::plain("127.0.0.1:1"),
                group: "g".to_owned(),
                instance_id: None,
                session_timeout_ms: 6_000,
                fetch_queue_backoff_ms: 20,
                messages_ahead: 1_000,
                fetched_bytes: 1 << 20,
            };
            let consumer = Consumer::new(&connection, &["t"]).unwrap();
            let (asks, asked) = tokio::sync::mpsc::unbounded_channel();
            let (tell, told) = std::sync::mpsc::channel();
            let extents = [(partition(), Extent { low: 0, end: 9, committed: None })].into();
            let seen = Observation { extents, ..Observation::default() };
            let latest = Arc::new(Mutex::new(Some((Millis(0), seen))));
            let tending = Tending::new((asks, told), (latest, consumer.committer()), Health::default(), 1_000);
            Self { tending, asked, tell, consumer }
        }

        /// Flowing from there on.
        fn from(next: i64) -> Self {
            let mut alone = Self::new();
            alone.tending.assigned(vec![partition()]);
            alone.tending.partitions.answered(&partition());
            alone.tending.partitions.placed(&partition(), next);
            alone.asks();
            alone
        }

        fn tick(&mut self, at: i64) {
            assert_eq!(self.tending.tick(&mut self.consumer, 0, Millis(at)).unwrap(), None);
        }

        fn asks(&mut self) -> Vec<String> {
            std::iter::from_fn(|| self.asked.try_recv().ok()).map(|ask| format!("{ask:?}")).collect()
        }

        fn told(&mut self, told: Told, at: i64) -> Vec<String> {
            self.tell.send(told).unwrap();
            self.tick(at);
            self.asks()
        }
    }

    fn place(reached: Option<i64>) -> String {
        format!("{:?}", Ask::Place(vec![(partition(), reached)]))
    }

    fn examine(at: i64) -> String {
        format!("{:?}", Ask::Examine(partition(), at))
    }

    #[test]
    fn what_stands_is_examined_once_until_the_answer_is_there() {
        let mut alone = Alone::from(5);
        for at in [0, 1_000, 2_000, 3_000, 4_000] {
            alone.tick(at);
        }
        assert_eq!(alone.asks(), [examine(5)]);
        assert_eq!(alone.told(Told::Found(partition(), 5, Found::Silence), 5_000), [examine(5)]);
    }

    #[test]
    fn a_client_that_is_not_there_yet_is_asked_again_from_how_far_it_was_taken() {
        let mut alone = Alone::new();
        alone.tending.assigned(vec![partition()]);
        assert_eq!(alone.asks(), [place(None)]);
        assert_eq!(alone.told(Told::Start(partition(), 5), 0), [place(None)]);
        let mut alone = Alone::from(5);
        assert!(alone.tending.partitions.takes("t", 0, 5));
        alone.tending.doubt("out of range", Millis(0));
        assert_eq!(alone.asks(), [place(Some(6))]);
        assert_eq!(alone.told(Told::Start(partition(), 6), 1), [place(Some(6))]);
    }

    #[test]
    fn a_partition_that_cannot_be_placed_is_trouble_for_as_long_as_it_is_ours() {
        let mut alone = Alone::new();
        let waits = || Told::Waits(partition(), "no broker leads it".to_owned());
        alone.tending.assigned(vec![partition()]);
        alone.told(waits(), 0);
        assert_eq!(alone.tending.health.trouble(Check::Assignment).unwrap(), "no broker leads it");
        alone.tending.revoked(&[partition()]);
        assert_eq!(alone.tending.health.trouble(Check::Assignment), None);
        assert_eq!(alone.told(waits(), 1), [format!("{:?}", Ask::Forget(vec![partition()]))]);
        assert_eq!(alone.tending.health.trouble(Check::Assignment), None, "that was of before");
    }

    #[test]
    fn bytes_that_cannot_be_read_stop_everything_until_it_is_known_where_they_are() {
        let mut alone = Alone::from(5);
        alone.tending.unreadable();
        assert!(!alone.tending.partitions.takes("t", 0, 7), "what lies behind them may come first");
        alone.tending.unreadable();
        assert_eq!(alone.asks(), [examine(5)]);
        let bad = Told::Found(partition(), 5, Found::Unreadable("bad".to_owned()));
        assert!(alone.told(bad, 0).is_empty());
        assert!(alone.tending.in_vain().is_some());
        // Now and then: has somebody stepped over it, or can it be read by now?
        alone.tick(1_000);
        assert_eq!(alone.asks(), [place(Some(5))]);
        assert_eq!(alone.told(Told::Start(partition(), 5), 2_001), [examine(5)]);
        assert!(alone.tending.health.trouble(Check::Partitions).unwrap().contains("gaps skip t/0/5"));
        // The client has nothing to be moved, so all that can be seen is that it is to go on there.
        assert_eq!(alone.told(Told::Found(partition(), 5, Found::Message(5)), 2_002), [place(Some(5))]);
        assert!(alone.tending.in_vain().is_none());
    }
}
