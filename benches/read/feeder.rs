//! Another synthetic year, sent at an even pace until it is told to stop.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread::{JoinHandle, sleep, spawn},
    time::{Duration, Instant},
};

use tongguan::{
    feed::{
        cluster::Cluster,
        producer::{Producer, Wrapping},
    },
    simulate::{Options, Plan, SimulatedMessage},
};

pub struct Feeder {
    stop: Arc<AtomicBool>,
    sent: Arc<AtomicU64>,
    thread: JoinHandle<()>,
}

impl Feeder {
    /// `topics` are those of hotline and grid.
    pub fn start(brokers: &str, topics: [String; 2], per_second: u64) -> Self {
        let (stop, sent) = (Arc::<AtomicBool>::default(), Arc::<AtomicU64>::default());
        let producer = Producer::new(&Cluster::plain(brokers)).unwrap();
        let plan = Plan::new("town-2021", Options { seed: 2, cases: 20.0, ..Options::default() }).unwrap();
        let (stopped, counted) = (Arc::clone(&stop), Arc::clone(&sent));
        let thread = spawn(move || {
            let began = Instant::now();
            let ended: anyhow::Result<_> = plan.run(|message| {
                let number = counted.fetch_add(1, Ordering::Relaxed);
                pace(began, number, per_second);
                anyhow::ensure!(!stopped.load(Ordering::Relaxed), "told to stop");
                let topic = &topics[usize::from(message.stream == "grid")];
                send(&producer, topic, message)
            });
            assert!(ended.is_err(), "the year was too short");
            producer.finish(Duration::from_secs(60)).unwrap();
        });
        Self { stop, sent, thread }
    }

    pub fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    pub fn stop(self) {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.join().unwrap();
    }
}

/// Twenty times a second, what is due by then.
fn pace(began: Instant, number: u64, per_second: u64) {
    if number.is_multiple_of((per_second / 20).max(1)) {
        let due = Duration::from_secs_f64(number as f64 / per_second as f64);
        sleep(due.saturating_sub(began.elapsed()));
    }
}

/// Under a number of its own, because another year's cases bear the same numbers as those that are there.
fn send(producer: &Producer, topic: &str, message: &SimulatedMessage<'_>) -> anyhow::Result<()> {
    let key = format!("N{}", message.key);
    let renamed = |text: &str| text.replace(message.key, &key);
    let payload = renamed(std::str::from_utf8(message.payload)?);
    match message.wrapping {
        Wrapping::Binary(attributes) => {
            let values: Vec<(&str, String)> = attributes.iter().map(|(name, value)| (*name, renamed(value))).collect();
            let attributes: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
            producer.send(topic, &key, payload.as_bytes(), Wrapping::Binary(&attributes))?;
        }
        Wrapping::Structured => producer.send(topic, &key, payload.as_bytes(), Wrapping::Structured)?,
        Wrapping::Bare => producer.send(topic, &key, payload.as_bytes(), Wrapping::Bare)?,
    }
    Ok(())
}
