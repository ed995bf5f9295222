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
