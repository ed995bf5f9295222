//! An event is its source and id: sent again it is the same one, and another under its name is refused.

use std::thread;

use serde_json::{Value, json};

use crate::{
    client::{Answer, Ask},
    events::{bare, changed, event},
    inlet::{Feeders, Inlet},
    wrappings::{BATCH, binary},
};

fn other(event: Value) -> Value {
    changed(event, |event| event["data"]["level"] = json!("city"))
}

#[test]
fn what_was_taken_before_is_known_in_every_wrapping_and_stands_once() {
    let feeders = Feeders::new();
    let inlet = feeders.inlet(&[]);
    let one = event("K", 1);
    Ask::json(&one).to(&inlet).is(202);
    let said = Ask::json(&one).to(&inlet).is(200);
    assert_eq!((&said["status"], &said["id"]), (&json!(200), &json!("K-1")));
    let backwards: String = {
        let pairs: Vec<String> =
            one.as_object().unwrap().iter().rev().map(|(name, value)| format!(" {} : {value}", json!(name))).collect();
        format!("{{{}}}", pairs.join(","))
    };
    Ask::post("application/json", backwards).to(&inlet).is(200);
    Ask::json(&bare(&one)).to(&inlet).is(200);
    binary(&one).to(&inlet).is(200);
    assert_eq!(Ask::lines([&one, &event("K", 2), &one]).to(&inlet).counts(), [1, 2, 0, 0, 0]);
    assert_eq!(Ask::post(BATCH, json!([one]).to_string()).to(&inlet).counts(), [0, 1, 0, 0, 0]);
    assert_eq!(feeders.stood("hotline").len(), 2);
}

#[test]
fn something_else_under_a_used_id_is_a_conflict_by_itself_and_in_a_batch() {
    let feeders = Feeders::new();
    let inlet = feeders.inlet(&[]);
    let one = event("K", 1);
    Ask::json(&one).to(&inlet).is(202);
    let said = Ask::json(&other(one.clone())).to(&inlet).problem(409);
    assert_eq!(said["id"], "K-1");
    let two = event("K", 2);
    let batch = [two.clone(), one.clone(), other(two), event("K", 3), event("other", 1)];
    let answer = Ask::lines(&batch).to(&inlet);
    assert_eq!(answer.counts(), [2, 1, 1, 1, 0], "{}", answer.text());
    assert_eq!(answer.items(), [(2, 409), (3, 424)]);
    Ask::json(&one).to(&inlet).is(200);
    assert_eq!(feeders.stood("hotline").len(), 3);
}

#[test]
fn the_same_id_of_another_source_is_another_event() {
    let feeders = Feeders::new();
    let inlet = feeders.inlet(&[]);
    let one = event("K", 1);
    let foreign = changed(other(one.clone()), |event| event["source"] = json!("grid.example"));
    assert_eq!(Ask::lines([&one, &foreign]).to(&inlet).counts(), [2, 0, 0, 0, 0]);
    assert_eq!(Ask::lines([&one, &foreign]).to(&inlet).counts(), [0, 2, 0, 0, 0]);
    assert_eq!(feeders.stood("hotline").len(), 2);
}

#[test]
fn what_was_refused_is_not_known_when_it_comes_mended() {
    let feeders = Feeders::new();
    let inlet = feeders.inlet(&[]);
    for _ in 0..2 {
        Ask::json(&crate::events::without_unit("K", 1)).to(&inlet).problem(422);
    }
    Ask::json(&crate::events::dispatched("K", 1)).to(&inlet).is(202);
    assert_eq!(feeders.stood("hotline").len(), 1);
}

/// Of those that come at the same time more than one may be taken; the ledger counts it once.
#[test]
fn one_event_by_many_connections_at_once_is_never_refused_and_stands_as_often_as_it_was_taken() {
    let feeders = Feeders::new();
    let inlet = feeders.inlet(&[]);
    let mut taken = 0;
    for number in 1..11 {
        let ask = Ask::json(&event("K", number));
        for answer in at_once(&inlet, 20, |_| ask.clone()) {
            assert!([200, 202].contains(&answer.status), "{}", answer.text());
            taken += usize::from(answer.status == 202);
        }
        ask.to(&inlet).is(200);
        assert_eq!(feeders.stood("hotline").len(), taken);
    }
    assert!(taken >= 10);
}

fn at_once(inlet: &Inlet, count: usize, ask: impl Fn(usize) -> Ask + Sync) -> Vec<Answer> {
    thread::scope(|scope| {
        let begun: Vec<_> =
            (0..count).map(|at| (at, &ask)).map(|(at, ask)| scope.spawn(move || ask(at).to(inlet))).collect();
        begun.into_iter().map(|one| one.join().unwrap()).collect()
    })
}

#[test]
fn as_many_are_remembered_as_the_setting_says_at_least_and_twice_as_many_at_most() {
    const REMEMBERED: usize = 1_000;
    let feeders = Feeders::new();
    let inlet = feeders.inlet(&[("INLET__REMEMBERED", "1000")]);
    let events: Vec<Value> = (1..=REMEMBERED).map(|number| event("K", number)).collect();
    for part in events.chunks(500) {
        assert_eq!(Ask::lines(part).to(&inlet).counts(), [500, 0, 0, 0, 0]);
    }
    for part in events.chunks(500) {
        assert_eq!(Ask::lines(part).to(&inlet).counts(), [0, 500, 0, 0, 0]);
    }
    for part in (REMEMBERED + 1..=REMEMBERED * 4).map(|number| event("K", number)).collect::<Vec<_>>().chunks(500) {
        assert_eq!(Ask::lines(part).to(&inlet).counts(), [500, 0, 0, 0, 0]);
    }
    Ask::json(&events[0]).to(&inlet).is(202);
    assert_eq!(feeders.stood("hotline").len(), REMEMBERED * 4 + 1);
}

#[test]
fn an_event_that_was_sent_to_the_wrong_stream_is_taken_by_the_right_one() {
    let feeders = Feeders::new();
    let inlet = feeders.inlet(&[]);
    let one = event("K", 1);
    Ask::json(&one).to(&inlet).is(202);
    Ask::json(&one).path("/v1/events?stream=grid").to(&inlet).is(202);
    Ask::json(&one).path("/v1/events?stream=grid").to(&inlet).is(200);
    assert_eq!((feeders.stood("hotline").len(), feeders.stood("grid").len()), (1, 1));
    let twice = Ask::json(&one).path("/v1/events?stream=hotline&stream=grid").to(&inlet).problem(400);
    assert!(twice["detail"].as_str().unwrap().contains("twice"), "{twice}");
}

#[test]
fn without_keys_no_page_of_a_browser_may_send() {
    let feeders = Feeders::new();
    let inlet = feeders.inlet(&[]);
    Ask::json(&event("K", 1)).header("origin", "http://evil.example").to(&inlet).problem(403);
    assert!(feeders.stood("hotline").is_empty());
}
