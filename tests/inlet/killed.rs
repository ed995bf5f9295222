//! The process is killed in the middle of its work: whatever it said it had taken stands on Kafka.

use std::{
    collections::HashSet,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use serde_json::Value;

use crate::{
    client::{Answer, Ask},
    events::{event, id, without_unit},
    inlet::{Feeders, Inlet},
    service::pause,
};

const ROUNDS: usize = 6;
const SENDERS: usize = 3;

/// Ids of what the answer says was taken.
fn taken(answer: &Answer, sent: &[Value]) -> Vec<String> {
    let text = |event: &Value| event["id"].as_str().unwrap().to_owned();
    if answer.status == 202 {
        return vec![text(&sent[0])];
    }
    let not: HashSet<u64> = answer.items().iter().map(|(index, _)| *index).collect();
    let taken: Vec<String> =
        (0u64..).zip(sent).filter(|(index, _)| !not.contains(index)).map(|(_, event)| text(event)).collect();
    assert_eq!(answer.counts()[0], taken.len() as u64, "{}", answer.text());
    taken
}

/// Batches, and single events between them, until nobody answers any more.
fn send(inlet: &Inlet, sender: &str, is_over: &AtomicBool, said: &Mutex<Vec<String>>) {
    for turn in 0.. {
        let size = if turn % 3 == 0 { 1 } else { 40 };
        let mut batch: Vec<Value> =
            (0..size).map(|n| event(&format!("{sender}-{}", n % 4), turn * 100 + n + 1)).collect();
        if turn % 3 == 2 {
            batch[17] = without_unit(&format!("{sender}-1"), turn * 100 + 18);
        }
        let ask = if size == 1 { Ask::json(&batch[0]) } else { Ask::lines(&batch) };
        match ask.at(&inlet.address) {
            Ok(answer) => said.lock().unwrap().extend(taken(&answer, &batch)),
            Err(error) => {
                assert!(is_over.load(Ordering::SeqCst), "it was not killed yet: {error}");
                return;
            }
        }
    }
}

#[test]
fn what_a_killed_inlet_said_it_had_taken_stands_on_kafka() {
    let feeders = Feeders::new();
    let said = Mutex::new(Vec::new());
    for round in 0..ROUNDS {
        let (inlet, is_over) = (feeders.inlet(&[("LOG__LEVEL", "info")]), AtomicBool::new(false));
        thread::scope(|scope| {
            for sender in 0..SENDERS {
                let (inlet, said, is_over) = (&inlet, &said, &is_over);
                scope.spawn(move || send(inlet, &format!("k{round}-{sender}"), is_over, said));
            }
            pause(rand::random_range(300..2_500));
            is_over.store(true, Ordering::SeqCst);
            inlet.service.signal("-KILL");
        });
    }
    let said = said.into_inner().unwrap();
    let stood: HashSet<String> = feeders.stood("hotline").iter().map(|one| one.id()).collect();
    let lost: Vec<&String> = said.iter().filter(|id| !stood.contains(*id)).collect();
    assert!(lost.is_empty(), "{} of {} are not there: {lost:?}", lost.len(), said.len());
    assert!(said.len() > ROUNDS * 40, "{} only", said.len());
    assert!(!stood.contains(&id("k0-0-1", 218)), "what was refused is not there");
}

#[test]
fn what_is_under_way_when_it_is_told_to_stop_is_answered() {
    let feeders = Feeders::new();
    let mut inlet = feeders.inlet(&[]);
    let (said, is_over) = (Mutex::new(Vec::new()), AtomicBool::new(false));
    thread::scope(|scope| {
        let (inlet, said, is_over) = (&inlet, &said, &is_over);
        scope.spawn(move || send(inlet, "stop", is_over, said));
        pause(1_000);
        is_over.store(true, Ordering::SeqCst);
        inlet.service.signal("-TERM");
    });
    assert_eq!(inlet.service.ended(crate::inlet::LONG).code, Some(0), "{}", inlet.log());
    let stood: HashSet<String> = feeders.stood("hotline").iter().map(|one| one.id()).collect();
    let said: HashSet<String> = said.into_inner().unwrap().into_iter().collect();
    let unsaid = stood.difference(&said).count();
    assert!(said.is_subset(&stood) && unsaid == 0, "{unsaid} of {} were taken and not answered", stood.len());
}
