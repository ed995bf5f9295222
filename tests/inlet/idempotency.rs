//! A request that bears an `idempotency-key` is answered once, and then the same again.

use serde_json::{Value, json};

use crate::{
    client::{Answer, Ask},
    events::{SOURCE, event, without_unit},
    inlet::{Feeders, Inlet},
    keys::added,
};

const KEY: &str = "idempotency-key";

fn is_replayed(answer: &Answer) -> bool {
    answer.header("idempotent-replayed").as_deref() == Some("true")
}

/// The answer of the first is that of all.
fn replayed(inlet: &Inlet, ask: &Ask) {
    let first = ask.to(inlet);
    assert!(first.header("idempotent-replayed").is_none(), "{}", first.text());
    for _ in 0..3 {
        let again = ask.to(inlet);
        assert!(is_replayed(&again), "{}", again.text());
        assert_eq!((again.status, &again.body), (first.status, &first.body));
        for header in ["content-type", "tongguan-refused"] {
            assert_eq!(again.header(header), first.header(header));
        }
    }
}

#[test]
fn the_same_request_again_is_answered_the_same_and_puts_nothing_more_on_kafka() {
    let feeders = Feeders::new();
    let inlet = feeders.inlet(&[]);
    replayed(&inlet, &Ask::json(&event("I", 1)).header(KEY, "one"));
    replayed(&inlet, &Ask::lines([&event("I", 2), &without_unit("I", 3)]).header(KEY, "two"));
    replayed(&inlet, &Ask::json(&without_unit("I", 4)).header(KEY, "three"));
    replayed(&inlet, &Ask::json(&event("I", 5)).header(KEY, &"x".repeat(128)));
    assert_eq!(feeders.stood("hotline").len(), 3);
}

#[test]
fn the_same_key_with_another_body_is_a_422_and_nothing_of_it_is_taken() {
    let feeders = Feeders::new();
    let inlet = feeders.inlet(&[]);
    let first = Ask::json(&event("I", 1)).header(KEY, "one");
    first.to(&inlet).is(202);
    let said = Ask::json(&event("I", 2)).header(KEY, "one").to(&inlet).problem(422);
    assert!(said["detail"].as_str().unwrap().contains(KEY), "{said}");
    Ask::lines([&event("I", 1), &event("I", 3)]).header(KEY, "one").to(&inlet).problem(422);
    assert!(is_replayed(&first.to(&inlet)));
    Ask::json(&event("I", 2)).header(KEY, "two").to(&inlet).is(202);
    assert_eq!(feeders.stood("hotline").len(), 2);
}

#[test]
fn a_key_that_is_too_long_is_refused() {
    let feeders = Feeders::new();
    let inlet = feeders.inlet(&[]);
    Ask::json(&event("I", 1)).header(KEY, &"x".repeat(129)).to(&inlet).problem(400);
    assert!(feeders.stood("hotline").is_empty());
}

#[test]
fn after_a_restart_identity_does_the_work() {
    let feeders = Feeders::new();
    let ask = Ask::json(&event("I", 1)).header(KEY, "one");
    ask.to(&feeders.inlet(&[])).is(202);
    let second = ask.to(&feeders.inlet(&[]));
    assert!(second.status == 202 && !is_replayed(&second), "{}", second.text());
}

#[test]
fn the_answer_is_kept_for_the_sender_that_got_it_and_no_other() {
    let feeders = Feeders::new();
    let file = feeders.path("keys.toml");
    let keys = ["one", "two"].map(|id| added(&feeders, &file, id, &["--source", SOURCE, "--stream", "hotline"]));
    let inlet = feeders.inlet(&[("INLET__KEYS_FILE", &file)]);
    let ask = |key: &str, event: &Value| Ask::json(event).header(KEY, "same").key(key).to(&inlet);
    ask(&keys[0], &event("I", 1)).is(202);
    let other = ask(&keys[1], &event("I", 2));
    assert!(other.status == 202 && !is_replayed(&other), "{}", other.text());
    assert!(is_replayed(&ask(&keys[0], &event("I", 1))) && is_replayed(&ask(&keys[1], &event("I", 2))));
    assert_eq!(feeders.stood("hotline").len(), 2);
}

#[test]
fn a_429_is_not_kept() {
    let feeders = Feeders::new();
    let file = feeders.path("keys.toml");
    let key = added(&feeders, &file, "k", &["--source", SOURCE, "--stream", "hotline"]);
    let inlet = feeders.inlet(&[("INLET__KEYS_FILE", &file), ("INLET__PER_MINUTE", "2")]);
    let ask = |number: usize| Ask::json(&event("I", number)).key(&key).header(KEY, &json!(number).to_string());
    let mut refused = (1..10).find(|number| ask(*number).to(&inlet).status == 429).expect("a 429");
    refused += 100;
    for _ in 0..2 {
        let answer = ask(refused).to(&inlet);
        assert!(answer.status == 429 && !is_replayed(&answer), "{}", answer.text());
    }
}
