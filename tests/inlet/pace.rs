//! How much a key may send in a minute.

use serde_json::Value;

use crate::{
    client::Ask,
    events::{SOURCE, event},
    inlet::Inlet,
    keys::{Keyed, added},
};

fn batch(case: &str, size: usize) -> Vec<Value> {
    (1..=size).map(|number| event(case, number)).collect()
}

fn is_too_much(ask: &Ask, inlet: &Inlet) {
    let answer = ask.to(inlet);
    answer.problem(429);
    let after: u64 = answer.header("retry-after").expect("when to come again").parse().unwrap();
    assert!((1..=60).contains(&after), "{after}");
}

#[test]
fn more_events_than_a_key_may_send_in_a_minute_are_a_429_and_none_of_them_is_taken() {
    let keyed = Keyed::new();
    let other = added(&keyed.feeders, &keyed.file, "other", &["--source", SOURCE, "--stream", "hotline"]);
    let inlet = keyed.inlet(&[("INLET__PER_MINUTE", "10")]);
    assert_eq!(Ask::lines(&batch("A", 10)).key(&keyed.hotline).to(&inlet).counts(), [10, 0, 0, 0, 0]);
    // Whether the bound is a minute's or flows, half of it again is too much at once.
    is_too_much(&Ask::lines(&batch("B", 10)).key(&keyed.hotline), &inlet);
    assert_eq!(keyed.feeders.stood("hotline").len(), 10);
    assert_eq!(Ask::lines(&batch("C", 5)).key(&other).to(&inlet).counts(), [5, 0, 0, 0, 0], "each has its own");
}

#[test]
fn without_a_bound_a_key_may_send_what_it_likes() {
    let keyed = Keyed::new();
    let inlet = keyed.inlet(&[("INLET__PER_MINUTE", "0")]);
    for case in ["A", "B", "C", "D"] {
        assert_eq!(Ask::lines(&batch(case, 500)).key(&keyed.hotline).to(&inlet).counts()[0], 500);
    }
}

#[test]
fn what_an_entry_says_of_itself_goes_before_the_setting() {
    let keyed = Keyed::new();
    let more = ["--source", SOURCE, "--stream", "hotline", "--per-minute", "40"];
    let wide = added(&keyed.feeders, &keyed.file, "wide", &more);
    let inlet = keyed.inlet(&[("INLET__PER_MINUTE", "5")]);
    assert_eq!(Ask::lines(&batch("A", 40)).key(&wide).to(&inlet).counts()[0], 40);
    is_too_much(&Ask::lines(&batch("B", 40)).key(&wide), &inlet);
    assert_eq!(Ask::lines(&batch("C", 5)).key(&keyed.hotline).to(&inlet).counts()[0], 5);
    is_too_much(&Ask::lines(&batch("D", 5)).key(&keyed.hotline), &inlet);
}
