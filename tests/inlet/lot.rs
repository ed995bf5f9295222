//! Batches by lot, judged by the rules of the document told once more in a few lines.

use std::collections::{HashMap, HashSet};

use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use serde_json::{Value, json};

use crate::{
    client::Ask,
    events::{changed, event, without, without_unit},
    inlet::Feeders,
    stood::of_case,
};

const BATCHES: usize = 60;
const CASES: usize = 5;

/// What the rules make of each event, batch after batch.
#[derive(Default)]
struct Rules {
    taken: HashMap<String, Value>,
    order: HashMap<String, Vec<String>>,
    held: HashSet<String>,
}

impl Rules {
    fn judge(&mut self, event: &Value, is_right: bool) -> u64 {
        let case = event["subject"].as_str().unwrap_or_default().to_owned();
        if self.held.contains(&case) {
            return 424;
        }
        let id = event["id"].as_str().unwrap_or_default().to_owned();
        let status = match self.taken.get(&id) {
            _ if !is_right => 422,
            Some(before) if before == event => 200,
            Some(_) => 409,
            None => 202,
        };
        if status == 202 {
            self.taken.insert(id.clone(), event.clone());
            self.order.entry(case).or_default().push(id);
        } else if status != 200 && !case.is_empty() {
            self.held.insert(case);
        }
        status
    }
}

/// An event, and whether it is right by itself.
fn by_lot(random: &mut StdRng, next: &mut usize) -> (Value, bool) {
    let case = format!("L-{}", random.random_range(0..CASES));
    *next += 1;
    let number = match random.random_range(0..100) {
        0..70 => *next,
        _ => random.random_range(1..=*next),
    };
    let plain = event(&case, number);
    match random.random_range(0..100) {
        0..6 => (changed(plain, |event| event["data"]["level"] = json!("city")), true),
        6..10 => (without_unit(&case, number), false),
        10..13 => (changed(plain, |event| event["type"] = json!("case.urgd.v1")), false),
        13..16 => (without(&plain, "subject"), false),
        16..18 => (json!({}), false),
        _ => (plain, true),
    }
}

#[test]
fn batches_by_lot_are_answered_as_the_rules_say_and_kafka_has_what_was_taken() {
    let seed = rand::random();
    let mut random = StdRng::seed_from_u64(seed);
    let feeders = Feeders::new();
    let inlet = feeders.inlet(&[]);
    let (mut rules, mut next) = (Rules::default(), 0);
    for batch in 0..BATCHES {
        let size = random.random_range(1..60);
        let events: Vec<_> = (0..size).map(|_| by_lot(&mut random, &mut next)).collect();
        rules.held.clear();
        let wanted: Vec<u64> = events.iter().map(|(event, is_right)| rules.judge(event, *is_right)).collect();
        let list: Vec<&Value> = events.iter().map(|(event, _)| event).collect();
        let ask = if random.random_bool(0.5) { Ask::lines(list.clone()) } else { Ask::json(&json!(list)) };
        let answer = ask.path("/v1/events?stream=hotline&report=all").to(&inlet);
        let said: Vec<u64> = answer.items().iter().map(|(_, status)| *status).collect();
        assert_eq!(said, wanted, "seed {seed}, batch {batch}: {}\n{}", json!(list), answer.text());
        let count = |any: &[u64]| wanted.iter().filter(|status| any.contains(status)).count() as u64;
        let counts = [count(&[202]), count(&[200]), count(&[409, 422]), count(&[424]), 0];
        assert_eq!(answer.counts(), counts, "seed {seed}, batch {batch}");
        assert_eq!(counts.iter().sum::<u64>(), size, "seed {seed}, batch {batch}");
    }
    let all = feeders.stood("hotline");
    assert_eq!(all.len(), rules.taken.len(), "seed {seed}");
    for (case, wanted) in &rules.order {
        assert_eq!(of_case(&all, case), *wanted, "seed {seed}");
    }
}
