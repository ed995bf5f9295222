//! A topic of refusals that takes nothing: the quarantine is the truth, and the service does not stand still for a notice.

use crate::{
    events::{event, without_unit},
    inlet::LONG,
    records::{Record, make_narrow, put},
    rejected::{Refusing, STREAM},
    service::wait_for,
};

const UNTOLD: &str = "tongguan_rejections_untold_total";

/// The sum over its labels, where it has any.
fn untold(metrics: &str) -> f64 {
    let own = metrics.lines().filter(|line| line.starts_with(UNTOLD));
    own.map(|line| line.rsplit(' ').next().unwrap().parse::<f64>().unwrap()).sum()
}

#[test]
fn what_kafka_does_not_take_is_given_up_counted_and_said_once_while_the_service_goes_on() {
    let town = Refusing::new();
    make_narrow(&town.0, STREAM, "100");
    let mut service = town.start(&[]);
    for round in 0..5 {
        let numbers = round * 10 + 1..=round * 10 + 10;
        let both = |number| {
            [Record::structured(&without_unit("B", number)), Record::structured(&event(&format!("G-{number}"), number))]
        };
        put(&town.0, "hotline", &numbers.flat_map(both).collect::<Vec<_>>());
        town.0.until("SELECT uniqExact(partition, offset) FROM {db}.quarantine", (round as u64 + 1) * 10);
        town.0.until("SELECT uniqExact(partition, offset) FROM {db}.events", (round as u64 + 1) * 10);
    }
    wait_for("all to be counted", LONG, || untold(&service.get("/metrics").1) == 50.0);
    assert_eq!((service.get("/livez").0, service.get("/readyz").0), (200, 200));
    let log = service.stderr();
    let is_said = |line: &&str| ["WARN", "ERROR"].iter().any(|level| line.contains(level)) && line.contains("reject");
    let lines: Vec<&str> = log.lines().filter(is_said).collect();
    assert!([1, 2].contains(&lines.len()), "once a minute: {lines:#?}");
    assert_eq!(service.stop().code, Some(0), "{log}");
    // Its positions were committed.
    let again = town.run(&[]);
    assert!(again.stderr.contains(r#""messages":0"#), "{}", again.stderr);
    assert!(town.told().is_empty());
}

#[test]
fn catching_up_ends_though_nothing_can_be_told() {
    let town = Refusing::new();
    make_narrow(&town.0, STREAM, "100");
    let bad: Vec<Record> = (1..=200).map(|number| Record::structured(&without_unit("B", number))).collect();
    put(&town.0, "hotline", &bad);
    town.run(&[]);
    assert_eq!(town.0.number("SELECT count() FROM {db}.quarantine FINAL"), 200);
}
