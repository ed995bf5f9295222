//! The service is killed in the middle of its refusals: each is told, under the same id, twice at most.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use crate::{
    events::without_unit,
    inlet::LONG,
    records::{Record, put},
    rejected::Refusing,
    service::{pause, wait_for},
};

#[test]
fn after_a_kill_no_refusal_is_untold_and_each_is_told_twice_at_most_under_the_same_id() {
    let town = Refusing::new();
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        let (town, is_over) = (&town, &is_over);
        let sender = scope.spawn(move || {
            let mut sent = 0;
            while !is_over.load(Ordering::SeqCst) || sent < 1_000 {
                let bad = |number: usize| {
                    Record::structured(&without_unit(&format!("K-{number}"), number)).on((number % 4) as i32)
                };
                put(&town.0, "hotline", &(sent..sent + 100).map(bad).collect::<Vec<_>>());
                sent += 100;
                pause(20);
            }
        });
        let service = town.start(&[("BATCH__WAIT_MAX_MS", "20")]);
        wait_for("the first refusals", LONG, || town.0.number("SELECT count() FROM {db}.quarantine") > 0);
        pause(rand::random_range(0..1_500));
        service.signal("-KILL");
        is_over.store(true, Ordering::SeqCst);
        sender.join().unwrap();
    });
    town.run(&[]);
    let waiting = town
        .0
        .query("SELECT DISTINCT concat(topic, '/', toString(partition), '/', toString(offset)) FROM {db}.quarantine");
    let waiting: BTreeSet<&str> = waiting.lines().collect();
    let mut told: BTreeMap<String, usize> = BTreeMap::new();
    for one in town.told() {
        let id = one.json()["id"].as_str().unwrap().to_owned();
        assert_eq!(id.as_bytes(), one.key, "keyed by its place");
        *told.entry(id).or_default() += 1;
    }
    assert!(waiting.len() >= 1_000);
    let untold: Vec<&&str> = waiting.iter().filter(|id| !told.contains_key(**id)).collect();
    assert!(untold.is_empty(), "{} of {}: {untold:?}", untold.len(), waiting.len());
    let strange: Vec<(&String, &usize)> =
        told.iter().filter(|(id, n)| **n > 2 || !waiting.contains(id.as_str())).collect();
    assert!(strange.is_empty(), "{strange:?}");
}
