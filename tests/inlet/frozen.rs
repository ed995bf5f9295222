//! A Kafka of the test's own, which comes late and stands still: what is sent again is not doubled.

use std::thread;

use serde_json::Value;

use crate::{
    client::Ask,
    events::event,
    inlet::{Inlet, LONG},
    local::{self, Ports, Server},
    service::{pause, wait_for},
    town::Town,
};

struct Own {
    brokers: Vec<Server>,
    town: Town,
}

impl Own {
    /// Its broker is not there yet.
    fn new(name: &str) -> Self {
        let folder = local::folder("inlet").join(name);
        let (brokers, _) = local::brokers(&folder, 1, 0, &mut Ports::default());
        let small = |broker: Server| broker.with("TONGGUAN_LOCAL_KAFKA_HEAP", "256m");
        let brokers: Vec<Server> = brokers.into_iter().map(small).collect();
        let town = Town::on(format!("127.0.0.1:{}", brokers[0].port), None);
        Self { brokers, town }
    }

    fn up(&self) {
        self.brokers[0].up();
        ["hotline", "grid"].iter().for_each(|stream| self.town.make_topic(stream, 4, -1));
    }

    /// How often each event stands in the ledger, if it is counted once.
    fn counted_once(&self, events: u64) {
        self.town.run_until_caught_up();
        let sums = self.town.rows("SELECT sum(events) AS events, sum(conflicts) AS other FROM {db}.cases FINAL");
        assert_eq!((&sums[0]["events"], &sums[0]["other"]), (&events.into(), &0.into()));
    }
}

fn batch() -> Vec<Value> {
    (1..=60).map(|number| event(&format!("F-{}", number % 5), number)).collect()
}

/// Sent again as long as something of it failed; what became of it in the end.
fn until_taken(inlet: &Inlet, ask: &Ask, count: u64) {
    wait_for("all to be taken", LONG, || {
        let answer = ask.to(inlet);
        answer.status == 207 && answer.counts()[0] + answer.counts()[1] == count
    });
}

#[test]
fn kafka_may_come_later_than_the_inlet_and_stand_still_and_nothing_is_doubled() {
    let own = Own::new("frozen");
    let inlet = Inlet::start(&own.town, &[("INLET__ACK_TIMEOUT_S", "2")]);
    Ask::json(&event("A", 1)).to(&inlet).problem(503);
    assert_eq!(inlet.get("/readyz").status, 503);
    own.up();
    inlet.wait_until_ready();
    let again = Ask::json(&event("A", 1)).to(&inlet);
    assert!([200, 202].contains(&again.status), "{}", again.text());
    Ask::json(&event("A", 1)).to(&inlet).is(200);

    own.brokers[0].signal("STOP");
    let ask = Ask::lines(&batch());
    for _ in 0..2 {
        let answer = ask.to(&inlet);
        assert!(answer.status == 503 || answer.counts() == [0, 0, 0, 0, 60], "{}", answer.text());
    }
    Ask::json(&event("A", 2)).to(&inlet).problem(503);
    wait_for("its silence to be seen", LONG, || inlet.get("/readyz").status == 503);
    assert_eq!(inlet.get("/livez").status, 200);
    own.brokers[0].signal("CONT");
    until_taken(&inlet, &ask, 60);
    inlet.wait_until_ready();
    let last = Ask::json(&event("A", 2)).to(&inlet);
    assert!([200, 202].contains(&last.status), "{}", last.text());
    own.counted_once(62);
}

#[test]
fn a_request_that_is_under_way_is_a_409_to_its_double_and_what_failed_is_not_kept() {
    const KEY: &str = "idempotency-key";
    let own = Own::new("under-way");
    own.up();
    let inlet = Inlet::start(&own.town, &[("INLET__ACK_TIMEOUT_S", "8")]);
    inlet.wait_until_ready();
    Ask::json(&event("A", 1)).to(&inlet).is(202);
    own.brokers[0].signal("STOP");
    let ask = Ask::json(&event("A", 2)).header(KEY, "one");
    thread::scope(|scope| {
        let first = scope.spawn(|| ask.to(&inlet));
        pause(2_000);
        ask.to(&inlet).problem(409);
        first.join().unwrap().problem(503);
    });
    own.brokers[0].signal("CONT");
    wait_for("it to be taken", LONG, || {
        let answer = ask.to(&inlet);
        assert!(answer.header("idempotent-replayed").is_none(), "a 503 is not kept: {}", answer.text());
        [200, 202].contains(&answer.status)
    });
    assert_eq!(ask.to(&inlet).header("idempotent-replayed").as_deref(), Some("true"));
    own.counted_once(2);
}
