//! Counts the figures from the messages alone, knowing nothing of the plan: a small walk over each case's events.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::Value;

use super::super::{
    SimulatedMessage, Track,
    working::{SimulatedDayKind, SimulatedWorking, local_day, midnight},
};
use crate::{domain::time::Millis, feed::producer::Wrapping};

/// Hotline or grid.
pub fn track(message: &SimulatedMessage<'_>) -> Track {
    Track::ALL.into_iter().find(|track| track.stream() == message.stream).unwrap()
}

#[derive(Debug, Default)]
pub struct RecountedStream {
    pub messages: u64,
    pub events: u64,
    pub duplicates: u64,
    pub out_of_order: u64,
    pub received: u64,
    pub voided: u64,
    /// In the order of the catalogue.
    pub figures: [(u64, u64); 7],
    pub months: Vec<(String, u64, u64)>,
}

struct Told {
    at: i64,
    seq: u64,
    kind: String,
    data: Value,
}

#[derive(Default)]
struct Cases {
    messages: u64,
    duplicates: u64,
    out_of_order: u64,
    seen: HashMap<String, Vec<u8>>,
    told: HashMap<String, Vec<Told>>,
}

#[derive(Default)]
pub struct MessageRecount([Cases; 2]);

/// The whole message as one object, however it was wrapped.
pub fn json(message: &SimulatedMessage<'_>) -> Value {
    let mut object: Value = serde_json::from_slice(message.payload).unwrap();
    match message.wrapping {
        Wrapping::Structured => object,
        Wrapping::Binary(headers) => {
            let mut event = serde_json::json!({ "data": object });
            for (name, value) in headers {
                event[*name] = (*value).into();
            }
            event
        }
        Wrapping::Bare => {
            for (own, common) in [("case_id", "subject"), ("occurred_at", "time"), ("recorded_at", "recordedtime")] {
                object[common] = object[own].take();
            }
            object["sequence"] = object["seq"].to_string().into();
            object
        }
    }
}

fn ms(value: &Value) -> Option<i64> {
    value.as_str().map(|text| Millis::parse(text).unwrap().0)
}

fn instant(text: &str) -> i64 {
    Millis::parse(text).unwrap().0
}

impl MessageRecount {
    pub fn take(&mut self, message: &SimulatedMessage<'_>) {
        let cases = &mut self.0[track(message) as usize];
        cases.messages += 1;
        // What is malformed has a key that no case has.
        if message.key.starts_with('X') {
            return;
        }
        let event = json(message);
        let text = |name: &str| event[name].as_str().unwrap().to_owned();
        assert_eq!(text("subject"), message.key);
        assert_eq!(text("source"), track(message).source());
        if let Some(first) = cases.seen.get(&text("id")) {
            assert_eq!(first, message.payload, "a repeat is the same to the byte");
            cases.duplicates += 1;
            return;
        }
        cases.seen.insert(text("id"), message.payload.to_vec());
        let told = Told {
            at: ms(&event["time"]).unwrap(),
            seq: text("sequence").parse().unwrap(),
            kind: text("type"),
            data: event["data"].clone(),
        };
        assert!(ms(&event["recordedtime"]).unwrap() >= told.at);
        let life = cases.told.entry(message.key.to_owned()).or_default();
        cases.out_of_order += u64::from(life.iter().any(|earlier| earlier.at > told.at));
        life.push(told);
    }

    pub fn stream(&mut self, track: Track) -> RecountedStream {
        let cases = std::mem::take(&mut self.0[track as usize]);
        let mut counted = RecountedStream {
            messages: cases.messages,
            events: cases.seen.len() as u64,
            duplicates: cases.duplicates,
            out_of_order: cases.out_of_order,
            ..RecountedStream::default()
        };
        let mut months: BTreeMap<String, (u64, u64)> = BTreeMap::new();
        let working = SimulatedWorking::new();
        for (id, mut life) in cases.told {
            life.sort_by_key(|told| (told.at, told.seq));
            let numbers: HashSet<u64> = life.iter().map(|told| told.seq).collect();
            assert_eq!(numbers, (1..=life.len() as u64).collect(), "{id}");
            count(&walk(track, &working, &life), &mut counted, &mut months);
        }
        counted.months = months.into_iter().map(|(month, (closed, all))| (month, closed, all)).collect();
        counted
    }
}

#[derive(Default)]
struct Standing {
    received: Option<i64>,
    closed: Option<i64>,
    due: Option<i64>,
    paused: Option<i64>,
    is_void: bool,
}

/// Midnight in China is the end of the day before.
fn is_met(due: i64, done: i64) -> bool {
    if (due + 8 * 3_600_000) % 86_400_000 == 0 { done < due } else { done <= due }
}

fn walk(track: Track, working: &SimulatedWorking, life: &[Told]) -> Standing {
    let mut now = Standing::default();
    for told in life {
        assert!(told.at < instant("2022-01-05T00:00:00+08:00"));
        let stated = ms(&told.data["due_at"]);
        match told.kind.as_str() {
            "case.reported.v1" if told.data["patrol_dealt"] == true => {
                (now.received, now.closed, now.due) = (Some(told.at), Some(told.at), stated);
            }
            "case.accepted.v1" => now.received = now.received.or(Some(told.at)),
            "case.closed.v1" => now.closed = now.closed.or(Some(told.at)),
            "case.voided.v1" => now.is_void = true,
            "case.suspended.v1" => now.paused = Some(told.at),
            "case.resumed.v1" => {
                let pause = (now.paused.take().unwrap(), told.at);
                let has_rule = track == Track::Grid || life.iter().all(|told| told.data["kind"] != "表扬");
                now.due = stated.or(now.due.map(|due| after_pause(track, has_rule, working, due, pause)));
            }
            "case.reopened.v1" => {
                assert!(now.closed.is_some());
                (now.closed, now.due) = (None, stated.or(now.due));
            }
            "case.extension_decided.v1" if told.data["approved"] == true && is_met(now.due.unwrap(), told.at) => {
                now.due = stated;
            }
            _ => {}
        }
        now.due = now.due.or(stated);
    }
    now
}

/// Where the policy has a limit for the case, a stated due moves in its unit: a ticket's by the working days of which the midnight
/// passed, a grid case's by the work that was missed; else by the clock.
fn after_pause(
    track: Track,
    has_rule: bool,
    working: &SimulatedWorking,
    due: i64,
    (paused, resumed): (i64, i64),
) -> i64 {
    if !has_rule {
        return due + resumed - paused;
    }
    if track == Track::Grid {
        return working.after(Millis(due), working.between(Millis(paused), Millis(resumed))).0;
    }
    let is_work = |day: &i64| working.kind(*day) == SimulatedDayKind::Work;
    let days = (local_day(Millis(paused))..local_day(Millis(resumed))).filter(is_work).count();
    // The due is the midnight that ends the day before.
    let from = local_day(Millis(due));
    let day = (from..).filter(is_work).take(days).last();
    day.map_or(due, |day| midnight(day + 1).0)
}

fn count(case: &Standing, counted: &mut RecountedStream, months: &mut BTreeMap<String, (u64, u64)>) {
    let (from, to) = (instant("2021-01-01T00:00:00+08:00"), instant("2022-01-01T00:00:00+08:00"));
    let is_of_year = (from..to).contains(&case.received.unwrap());
    if case.is_void {
        counted.voided += u64::from(is_of_year);
        return;
    }
    counted.received += u64::from(is_of_year);
    let (received, due) = (case.received.unwrap(), case.due.unwrap());
    assert!(case.paused.is_none());
    let closed = case.closed.is_some();
    let in_time = case.closed.is_some_and(|at| is_met(due, at));
    let overdue = !closed && !is_met(due, instant("2022-01-05T00:00:00+08:00"));
    let mut add = |figure: usize, n: bool, d: bool| {
        counted.figures[figure].0 += u64::from(n);
        counted.figures[figure].1 += u64::from(d);
    };
    if (from..to).contains(&due) {
        add(5, in_time, true);
    }
    if case.closed.is_some_and(|at| (from..to).contains(&at)) {
        add(6, in_time, true);
    }
    if !is_of_year {
        return;
    }
    add(0, true, false);
    add(1, closed, true);
    add(2, closed, closed || overdue);
    add(3, in_time, true);
    add(4, in_time, closed || overdue);
    let month = (1..=12)
        .rev()
        .map(|month| format!("2021-{month:02}"))
        .find(|month| instant(&format!("{month}-01T00:00:00+08:00")) <= received)
        .unwrap();
    let month = months.entry(month).or_default();
    month.0 += u64::from(closed);
    month.1 += 1;
}
