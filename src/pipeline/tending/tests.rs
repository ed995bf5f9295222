use tokio::sync::mpsc::UnboundedReceiver;

use super::*;
use crate::{
    feed::{cluster::Cluster, connection::Connection, observer::Extent},
    pipeline::clock::after,
};

/// With a client that reaches nobody, so that no partition is ever assigned to it.
struct Alone {
    tending: Tending,
    asked: UnboundedReceiver<PlacerAsk>,
    tell: std::sync::mpsc::Sender<PlacerTold>,
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
        let latest = Arc::new(Mutex::new(Some((after(0), seen))));
        let tending =
            Tending::new((asks, told), (latest, consumer.committer()), Health::default(), Duration::from_secs(1));
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

    fn tick(&mut self, at: u64) {
        assert_eq!(self.tending.tick(&mut self.consumer, 0, after(at)).unwrap(), None);
    }

    fn asks(&mut self) -> Vec<String> {
        std::iter::from_fn(|| self.asked.try_recv().ok()).map(|ask| format!("{ask:?}")).collect()
    }

    fn told(&mut self, told: PlacerTold, at: u64) -> Vec<String> {
        self.tell.send(told).unwrap();
        self.tick(at);
        self.asks()
    }
}

fn place(reached: Option<i64>) -> String {
    format!("{:?}", PlacerAsk::Place(vec![(partition(), reached)]))
}

fn examine(at: i64) -> String {
    format!("{:?}", PlacerAsk::Examine(partition(), at))
}

#[test]
fn what_stands_is_examined_once_until_the_answer_is_there() {
    let mut alone = Alone::from(5);
    for at in [0, 1_000, 2_000, 3_000, 4_000] {
        alone.tick(at);
    }
    assert_eq!(alone.asks(), [examine(5)]);
    assert_eq!(alone.told(PlacerTold::Found(partition(), 5, ProbeFound::Silence), 5_000), [examine(5)]);
}

#[test]
fn a_client_that_is_not_there_yet_is_asked_again_from_how_far_it_was_taken() {
    let mut alone = Alone::new();
    alone.tending.assigned(vec![partition()]);
    assert_eq!(alone.asks(), [place(None)]);
    assert_eq!(alone.told(PlacerTold::Start(partition(), 5), 0), [place(None)]);
    let mut alone = Alone::from(5);
    assert!(alone.tending.partitions.takes("t", 0, 5));
    alone.tending.doubt("out of range", after(0));
    assert_eq!(alone.asks(), [place(Some(6))]);
    assert_eq!(alone.told(PlacerTold::Start(partition(), 6), 1), [place(Some(6))]);
}

#[test]
fn a_partition_that_cannot_be_placed_is_trouble_for_as_long_as_it_is_ours() {
    let mut alone = Alone::new();
    let waits = || PlacerTold::Waits(partition(), "no broker leads it".to_owned());
    alone.tending.assigned(vec![partition()]);
    alone.told(waits(), 0);
    assert_eq!(alone.tending.health.trouble(HealthCheck::Assignment).unwrap(), "no broker leads it");
    alone.tending.revoked(&[partition()]);
    assert_eq!(alone.tending.health.trouble(HealthCheck::Assignment), None);
    assert_eq!(alone.told(waits(), 1), [format!("{:?}", PlacerAsk::Forget(vec![partition()]))]);
    assert_eq!(alone.tending.health.trouble(HealthCheck::Assignment), None, "that was of before");
}

#[test]
fn bytes_that_cannot_be_read_stop_everything_until_it_is_known_where_they_are() {
    let mut alone = Alone::from(5);
    alone.tending.unreadable();
    assert!(!alone.tending.partitions.takes("t", 0, 7), "what lies behind them may come first");
    alone.tending.unreadable();
    assert_eq!(alone.asks(), [examine(5)]);
    let bad = PlacerTold::Found(partition(), 5, ProbeFound::Unreadable("bad".to_owned()));
    assert!(alone.told(bad, 0).is_empty());
    assert!(alone.tending.in_vain().is_some());
    // Now and then: has somebody stepped over it, or can it be read by now?
    alone.tick(1_000);
    assert_eq!(alone.asks(), [place(Some(5))]);
    assert_eq!(alone.told(PlacerTold::Start(partition(), 5), 2_001), [examine(5)]);
    assert!(alone.tending.health.trouble(HealthCheck::Partitions).unwrap().contains("gaps skip t/0/5"));
    // The client has nothing to be moved, so all that can be seen is that it is to go on there.
    assert_eq!(alone.told(PlacerTold::Found(partition(), 5, ProbeFound::Message(5)), 2_002), [place(Some(5))]);
    assert!(alone.tending.in_vain().is_none());
}
