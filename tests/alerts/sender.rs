//! A town whose alerts are sent.

use std::cell::{Cell, RefCell};

use serde_json::{Value, json};

use crate::{
    messages::{Message, event},
    service::{Ended, Service},
    stood::{Stood, stood},
    town::Town,
};

/// The topic goes with it. The service goes first: one that is left would make its topics again.
pub struct Alerted {
    service: RefCell<Option<Service>>,
    sent: Cell<u64>,
    pub town: Town,
}

/// What `Town::topic` calls it.
const STREAM: &str = "alerts";

impl Alerted {
    pub fn new() -> Self {
        Self { service: RefCell::default(), sent: Cell::default(), town: Town::new() }
    }

    fn settings<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
        let mut all =
            vec![("ALERTS__TOPIC", "case-events.alerts"), ("ALERTS__LISTEN", ""), ("ALERTS__INTERVAL_S", "1")];
        all.extend(more);
        all
    }

    /// `tongguan alerts …` to its end.
    pub fn command(&self, args: &[&str], settings: &[(&str, &str)]) -> Ended {
        let args: Vec<&str> = ["alerts"].iter().chain(args).copied().collect();
        self.town.tongguan(&args, &Self::settings(settings))
    }

    pub fn start(&self, args: &[&str], settings: &[(&str, &str)]) -> Service {
        let args: Vec<&str> = ["alerts"].iter().chain(args).copied().collect();
        Service::spawn(&self.town, &args, &Self::settings(settings))
    }

    /// On a machine that trusts whom this file names, and nobody else.
    pub fn start_trusting(&self, file: &str, args: &[&str], settings: &[(&str, &str)]) -> Service {
        let mut command = self.town.command(&[&["alerts"], args].concat());
        command.env("SSL_CERT_FILE", file).env_remove("SSL_CERT_DIR");
        Service::begin(&self.town, command, &Self::settings(settings))
    }

    /// One pass, as if it were then.
    pub fn at(&self, time: &str, settings: &[(&str, &str)]) {
        let ended = self.command(&["run", "--once", "--begin", &long(time)], settings);
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    }

    /// Put on Kafka, and folded or quarantined.
    pub fn tell(&self, messages: &[Message]) {
        self.service.borrow_mut().get_or_insert_with(|| Service::spawn(&self.town, &["run"], &[]));
        self.sent.set(self.sent.get() + self.town.send("hotline", messages));
        let done =
            "SELECT toUInt64((SELECT sum(rows) FROM {db}.cases FINAL) + (SELECT count() FROM {db}.quarantine FINAL))";
        self.town.until(done, self.sent.get());
    }

    pub fn stood(&self) -> Vec<Stood> {
        stood(&self.town, STREAM)
    }

    /// Kind and case of all that was sent, in its order.
    pub fn told(&self) -> Vec<String> {
        self.events().iter().map(short).collect()
    }

    pub fn events(&self) -> Vec<Value> {
        self.stood().iter().map(Stood::json).collect()
    }
}

impl Drop for Alerted {
    fn drop(&mut self) {
        drop(self.service.borrow_mut().take());
        self.town.delete_topics(&[STREAM]);
    }
}

/// `due_soon C1`
pub fn short(event: &Value) -> String {
    let kind = event["type"].as_str().unwrap().trim_start_matches("alert.").trim_end_matches(".v1");
    format!("{kind} {}", event["subject"].as_str().unwrap())
}

/// `05 17:30` is a time of March 2021, whose fifth is a Friday.
pub fn long(time: &str) -> String {
    let seconds = if time.len() == 8 { ":00" } else { "" };
    format!("2021-03-{}{seconds}+08:00", time.replace(' ', "T"))
}

/// A ticket with a stated due, of a kind for which the policy has no rule.
pub fn accepted(case: &str, time: &str, due: &str) -> Message {
    event(case, "accepted", &long(time), json!({"kind": "表扬", "due_at": long(due)}))
}

pub fn said(case: &str, kind: &str, time: &str, data: Value) -> Message {
    event(case, kind, &long(time), data)
}

pub fn to(case: &str, time: &str, unit: &str) -> Message {
    said(case, "dispatched", time, json!({"unit": unit, "unit_name": "某街道"}))
}
