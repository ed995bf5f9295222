//! What no message shows by itself: one id on every event, other content under an id, local time written as Z.

use std::collections::{HashMap, hash_map::Entry};

use jiff::tz::TimeZone;
use serde_json::Value;
use smol_str::SmolStr;

use crate::domain::{event::Event, time::Millis};

/// The first message of an identity.
#[derive(Debug)]
struct First {
    at: String,
    event: Event,
}

#[derive(Debug)]
pub struct Together {
    firsts: HashMap<(SmolStr, SmolStr), First>,
    zone: TimeZone,
    messages: u64,
    duplicates: u64,
    conflicts: u64,
    in_other_cases: u64,
    /// Times that are written as Z, and those of them that lie at night.
    in_utc: u64,
    at_night: u64,
}

/// Fewer say nothing.
const ENOUGH: u64 = 10;

impl Together {
    pub fn new(zone: TimeZone) -> Self {
        let (firsts, messages, duplicates, conflicts) = (HashMap::new(), 0, 0, 0);
        Self { firsts, zone, messages, duplicates, conflicts, in_other_cases: 0, in_utc: 0, at_night: 0 }
    }

    /// What is to be said of this one.
    pub fn add(&mut self, at: &str, payload: &[u8], event: Event) -> Option<String> {
        self.messages += 1;
        if is_utc(payload) {
            self.in_utc += 1;
            self.at_night += u64::from(self.is_night(event.occurred_at));
        }
        let first = match self.firsts.entry((event.source.clone(), event.id.clone())) {
            Entry::Vacant(free) => {
                free.insert(First { at: at.to_owned(), event });
                return None;
            }
            Entry::Occupied(taken) => taken.into_mut(),
        };
        if first.event.case_id != event.case_id {
            self.in_other_cases += 1;
            return Some(format!("but its id is that of {} of another case: an id is one event's", first.at));
        }
        if first.event.says_the_same(&event) {
            self.duplicates += 1;
            return Some(format!("the same as {}: counted once", first.at));
        }
        self.conflicts += 1;
        Some(format!(
            "but {} has the same id and says something else: the first stands, a conflict is counted",
            first.at
        ))
    }

    fn is_night(&self, at: Millis) -> bool {
        let hour = jiff::Timestamp::from_millisecond(at.0).map(|at| at.to_zoned(self.zone.clone()).hour());
        hour.is_ok_and(|hour| !(7..20).contains(&hour))
    }

    pub fn remarks(&self) -> Vec<String> {
        let mut all = Vec::new();
        if self.messages >= ENOUGH && self.firsts.len() == 1 {
            all.push("every event has the same source and id: each event needs an id of its own".to_owned());
        }
        for (count, what) in [
            (self.duplicates, "say what another has said under its id"),
            (self.conflicts, "say something else under the id of another"),
            (self.in_other_cases, "have the id of an event of another case"),
        ] {
            if count > 0 {
                all.push(format!("{count} of {} {what}", self.messages));
            }
        }
        if self.in_utc >= ENOUGH && self.at_night * 2 > self.in_utc {
            all.push(format!(
                "{} of {} times that are written as Z lie between 20:00 and 7:00 in {}: local time written as Z?",
                self.at_night,
                self.in_utc,
                self.zone.iana_name().unwrap_or("local time")
            ));
        }
        all
    }
}

fn is_utc(payload: &[u8]) -> bool {
    let Ok(Value::Object(fields)) = serde_json::from_slice(payload) else { return false };
    let time = fields.get("time").or_else(|| fields.get("occurred_at")).and_then(Value::as_str);
    time.is_some_and(|time| time.ends_with(['Z', 'z']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        event::{Envelope, Place},
        fact::{Fact, Intake},
    };

    fn event(id: &str, case: &str, time: &str, title: &str) -> Event {
        Event {
            place: Place { topic: "t".into(), partition: 0, offset: 0 },
            envelope: Envelope::Structured,
            ingested_at: Millis(0),
            stream: "check".into(),
            case_id: case.into(),
            source: "s".into(),
            id: id.into(),
            occurred_at: Millis::parse(time).unwrap(),
            recorded_at: None,
            seq: 0,
            fact: Fact::Accepted(Box::new(Intake { title: title.into(), ..Intake::default() })),
        }
    }

    const NINE: &str = "2021-03-05T09:00:00Z";

    fn together() -> Together {
        Together::new(TimeZone::get("Asia/Shanghai").unwrap())
    }

    #[test]
    fn an_identity_is_one_events_and_says_one_thing() {
        let mut all = together();
        assert_eq!(all.add("1", b"{}", event("a", "c", NINE, "x")), None);
        let said = |all: &mut Together, at: &str, event| all.add(at, b"{}", event).unwrap();
        assert!(said(&mut all, "2", event("a", "c", NINE, "x")).contains("the same as 1"));
        assert!(said(&mut all, "3", event("a", "c", NINE, "y")).contains("something else"));
        assert!(said(&mut all, "4", event("a", "d", NINE, "x")).contains("of 1 of another case"));
        let remarks = all.remarks();
        assert_eq!(remarks.len(), 3, "{remarks:?}");
        assert!(remarks.iter().all(|remark| remark.starts_with("1 of 4 ")));
    }

    #[test]
    fn one_id_on_every_event_is_said_once() {
        let mut all = together();
        for number in 0..20 {
            all.add("x", b"{}", event("same", &format!("c-{number}"), NINE, "x"));
        }
        assert!(all.remarks()[0].contains("an id of its own"));
    }

    #[test]
    fn office_hours_that_lie_at_night_are_local_time() {
        let (mut local, mut right) = (together(), together());
        for number in 0..20 {
            // 14:00 written as Z is 22:00 in Shanghai; 02:00Z is 10:00 there.
            for (all, time) in [(&mut local, "2021-03-05T14:00:00Z"), (&mut right, "2021-03-05T02:00:00Z")] {
                let payload = format!(r#"{{"time":"{time}"}}"#);
                all.add("x", payload.as_bytes(), event(&number.to_string(), "c", time, "x"));
            }
        }
        assert!(local.remarks()[0].contains("local time written as Z"), "{:?}", local.remarks());
        assert_eq!(right.remarks(), Vec::<String>::new());
    }
}
