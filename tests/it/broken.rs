//! The pipeline breaks off in the middle, by a fault of the program: it begins anew by itself, and nothing is lost or doubled.
//!
//! No input is known that does it, and the program has no switch for it. So the pipeline runs within the test, and what it counts
//! with panics: on the poll thread, in the writer with a batch in its hands, and between a batch's rows and its commit.

use std::{
    fs,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use metrics::{Counter, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit};
use tongguan::{
    cli::{
        Exit,
        run::{RunArgs, keeping},
        setup::Setup,
    },
    feed::observer::Observer,
    health::{Health, HealthCheck},
    pipeline::Latest,
    shutdown::Shutdown,
};

use crate::{messages::lives, quarantine::every_offset_once, town::Town};

/// Panics once where each of these is counted. Other tests count nothing in this process.
struct Breaking {
    at: Mutex<Vec<(&'static str, &'static str)>>,
    restarts: Arc<AtomicU64>,
    /// Restarts before which it was said that it is not ready.
    red: Arc<AtomicU64>,
    health: Health,
}

impl Breaking {
    fn pass(&self, key: &Key) {
        let label = key.labels().next().map_or("", |label| label.value());
        let mut at = self.at.lock().unwrap();
        if at.first().is_some_and(|(name, value)| *name == key.name() && (value.is_empty() || *value == label)) {
            let (name, value) = at.remove(0);
            drop(at);
            panic!("the test breaks it off at {name} {value}");
        }
    }
}

impl Recorder for Breaking {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        if key.name() != "tongguan_restarts_total" {
            return Counter::noop();
        }
        if self.health.trouble(HealthCheck::Assignment).is_some_and(|why| why.contains("broke off")) {
            self.red.fetch_add(1, Ordering::SeqCst);
        }
        Counter::from_arc(Arc::clone(&self.restarts))
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        self.pass(key);
        Gauge::noop()
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        self.pass(key);
        Histogram::noop()
    }
}

#[test]
fn a_pipeline_that_breaks_off_begins_anew_and_loses_nothing() {
    let town = Town::new();
    let sent = town.send("grid", &lives("broken", 50));
    let file = town.folder.path().join("town.toml");
    fs::write(&file, town.configuration()).unwrap();
    let setup = Setup::load(Some(&file)).unwrap();
    let (restarts, red, health) = (Arc::<AtomicU64>::default(), Arc::<AtomicU64>::default(), Health::default());
    let stage = "tongguan_stage_seconds";
    let at = vec![("tongguan_partition_stuck", ""), (stage, "fold"), (stage, "cases")];
    let breaking =
        Breaking { at: Mutex::new(at), restarts: Arc::clone(&restarts), red: Arc::clone(&red), health: health.clone() };
    metrics::set_global_recorder(breaking).unwrap_or_else(|_| panic!("nobody else counts here"));

    let topics = ["hotline", "grid"].map(|stream| town.topic(stream));
    let observer = Arc::new(Observer::new(&setup.connection(), &topics.each_ref().map(String::as_str)).unwrap());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (args, shutdown) = (RunArgs { until_caught_up: true }, Shutdown::default());
    let kept = keeping::keep(&args, &setup, (observer, Latest::default()), &health, &shutdown);
    assert_eq!(runtime.block_on(kept).unwrap(), Exit::Ok);
    assert_eq!((restarts.load(Ordering::SeqCst), red.load(Ordering::SeqCst)), (3, 3));
    assert_eq!(health.trouble(HealthCheck::Assignment), None);
    every_offset_once(&town, sent);
    assert_eq!(town.number("SELECT countIf(rows = 4) FROM {db}.cases FINAL"), 50);
}
