//! Senders who go away in the middle: what they held is given back.

use std::{io::Write as _, net::TcpStream};

use serde_json::{Value, json};

use crate::{
    client::{Answer, Ask, connect},
    events::{event, told},
    inlet::{Feeders, Inlet, LONG},
    keys::Keyed,
    service::wait_for,
    wrappings::NDJSON,
};

const KEY: &str = "idempotency-key";

/// The head, and so much of the body.
fn begun(inlet: &Inlet, ask: &Ask, bytes: usize) -> TcpStream {
    let mut stream = connect(&inlet.address).unwrap();
    stream.write_all(ask.head(&inlet.address, ask.body().len()).as_bytes()).unwrap();
    stream.write_all(&ask.body()[..bytes]).unwrap();
    stream
}

/// Of five megabytes.
fn large(case: &str) -> Ask {
    let long = "x".repeat(100_000);
    let all: Vec<Value> =
        (1..50).map(|number| told(&format!("{case}-{number}"), number, "urged", json!({ "reason": long }))).collect();
    Ask::lines(&all)
}

#[test]
fn a_sender_who_hangs_up_blocks_neither_his_key_nor_his_event() {
    let feeders = Feeders::new();
    let inlet = feeders.inlet(&[]);
    for number in 1..20 {
        let ask = Ask::json(&event("H", number)).header(KEY, &number.to_string());
        // After all of it, or after half.
        let bytes = if number % 2 == 0 { ask.body().len() } else { ask.body().len() / 2 };
        drop(begun(&inlet, &ask, bytes));
    }
    for number in 1..20 {
        let ask = Ask::json(&event("H", number)).header(KEY, &number.to_string());
        let mut last = 0;
        wait_for("the key to be free", LONG, || {
            last = ask.to(&inlet).status;
            last != 409
        });
        assert!([200, 202].contains(&last), "{last}");
    }
    let mut ids: Vec<String> = feeders.stood("hotline").iter().map(|one| one.id()).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 19);
}

#[test]
fn what_half_a_request_held_is_given_back() {
    let feeders = Feeders::new();
    let inlet = feeders.inlet(&[("INLET__IN_FLIGHT_MB", "20")]);
    for round in 0..5 {
        let stalled: Vec<TcpStream> = (0..4).map(|_| begun(&inlet, &large("gone"), 4_000_000)).collect();
        drop(stalled);
        let ask = large(&format!("whole-{round}"));
        wait_for("room for one", LONG, || {
            let answer = ask.to(&inlet);
            answer.status != 503 && answer.counts()[0] == 49
        });
    }
    assert!(feeders.stood("hotline").iter().all(|one| !one.key.starts_with("gone")));
}

/// Whoever has no key is nobody, however much he promises to send.
#[test]
fn those_without_a_key_take_no_room_from_those_who_have_one() {
    let keyed = Keyed::new();
    let inlet = keyed.inlet(&[("INLET__IN_FLIGHT_MB", "20")]);
    let _stalled: Vec<TcpStream> = (0..40).map(|_| begun(&inlet, &large("nobody"), 1_000)).collect();
    for number in 1..5 {
        Ask::json(&event("S", number)).key(&keyed.hotline).to(&inlet).is(202);
    }
    assert_eq!(large("somebody").key(&keyed.hotline).to(&inlet).counts(), [49, 0, 0, 0, 0]);
}

/// Here everybody is let in, and some of them never go on.
#[test]
fn those_who_promise_much_and_send_little_take_no_room_from_others() {
    let feeders = Feeders::new();
    let inlet = feeders.inlet(&[("INLET__IN_FLIGHT_MB", "20")]);
    let _stalled: Vec<TcpStream> = (0..40).map(|_| begun(&inlet, &large("slow"), 1_000)).collect();
    for number in 1..5 {
        Ask::json(&event("S", number)).to(&inlet).is(202);
    }
}

#[test]
fn open_connections_do_not_keep_it_from_stopping() {
    let feeders = Feeders::new();
    let mut inlet = feeders.inlet(&[]);
    Ask::json(&event("S", 1)).to(&inlet).is(202);
    let idle = connect(&inlet.address).unwrap();
    let mut half = begun(&inlet, &Ask::post(NDJSON, "x".repeat(5_000)), 10);
    assert_eq!(inlet.stop().code, Some(0), "{}", inlet.log());
    drop(idle);
    if let Ok(answer) = Answer::read(&mut half) {
        assert!(answer.status >= 400, "{}", answer.text());
    }
}
