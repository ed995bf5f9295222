//! Messages that are no events, each wrong in one way, with the reason for which it must be refused.

use serde_json::{Value, json};

use super::{
    draw::{Draw, Purpose},
    profile::{Profile, Track},
    wording::wire,
    wrap::SimulatedMessage,
};
use crate::{domain::time::Millis, feed::producer::Wrapping};

#[derive(Clone, Copy, Debug)]
pub struct Malformed {
    pub at: Millis,
    pub track: Track,
    number: u64,
}

/// A message that would be fine, if it were left as it is.
type Spoil = fn(&mut Value);

enum Flaw {
    /// One thing wrong in a message that is readable.
    Spoilt(Spoil),
    Bytes(fn(String) -> Vec<u8>),
}

/// Every way in turn, so that a few messages show them all.
const FLAWS: [(&str, Flaw); 16] = [
    ("not_json", Flaw::Bytes(|text| text.into_bytes().split_at(60).0.to_vec())),
    ("missing_field", Flaw::Spoilt(|event| remove(event, "subject"))),
    ("unknown_type", Flaw::Spoilt(|event| event["type"] = json!("case.praised.v1"))),
    ("not_utf8", Flaw::Bytes(|text| [text.as_bytes(), &[0xC3, 0xED, 0xD0, 0xD0]].concat())),
    ("invalid_field", Flaw::Spoilt(|event| event["time"] = json!("2021/03/06 10:00"))),
    ("impossible_time", Flaw::Spoilt(|event| event["time"] = json!("2099-03-06T10:00:00+08:00"))),
    ("empty", Flaw::Bytes(|_| Vec::new())),
    ("not_an_object", Flaw::Bytes(|text| format!("[{text}]").into_bytes())),
    ("missing_field", Flaw::Spoilt(|event| remove(&mut event["data"], "unit"))),
    ("invalid_field", Flaw::Spoilt(|event| event["data"]["unit"] = json!(17))),
    ("not_json", Flaw::Bytes(|_| b"<html><body>502 Bad Gateway</body></html>".to_vec())),
    ("unknown_type", Flaw::Spoilt(|event| event["type"] = json!("case.dispatched.v9"))),
    ("missing_field", Flaw::Spoilt(|event| remove(event, "time"))),
    ("invalid_field", Flaw::Spoilt(|event| event["data"]["level"] = json!("three"))),
    ("not_an_object", Flaw::Bytes(|_| b"\"case.closed.v1\"".to_vec())),
    ("invalid_field", Flaw::Spoilt(|event| event["time"] = json!("2021-02-30T10:00:00+08:00"))),
];

fn remove(object: &mut Value, field: &str) {
    if let Some(fields) = object.as_object_mut() {
        fields.remove(field);
    }
}

/// Spread over the year and both streams, in the order of time.
pub fn schedule(profile: &Profile, seed: u64, amount: u64) -> Vec<Malformed> {
    let mut draw = Draw::new(seed, Purpose::Malformed, 0, 0);
    let seconds = profile.to().since(profile.from()) / 1000;
    let mut all: Vec<Malformed> = (0..amount)
        .map(|number| Malformed {
            at: profile.from().plus(draw.between(0, seconds - 1) * 1000),
            track: Track::ALL[draw.below(2) as usize],
            number,
        })
        .collect();
    all.sort_by_key(|malformed| (malformed.at, malformed.number));
    all
}

impl Malformed {
    fn flaw(&self) -> &'static (&'static str, Flaw) {
        &FLAWS[(self.number % FLAWS.len() as u64) as usize]
    }

    /// The reason for which it must be refused.
    pub fn reason(&self) -> &'static str {
        self.flaw().0
    }

    pub fn send<E>(&self, send: &mut impl FnMut(&SimulatedMessage<'_>) -> Result<(), E>) -> Result<(), E> {
        // No life has such an id: if the message were taken, an extra case would show it.
        let key = format!("X{:07}", self.number);
        let mut event = json!({
            "specversion": "1.0",
            "id": format!("{key}-01"),
            "source": self.track.source(),
            "type": "case.dispatched.v1",
            "subject": key,
            "time": wire(self.at),
            "data": { "unit": "MH-01", "level": 3 },
        });
        let payload = match &self.flaw().1 {
            Flaw::Spoilt(spoil) => {
                spoil(&mut event);
                event.to_string().into_bytes()
            }
            Flaw::Bytes(bytes) => bytes(event.to_string()),
        };
        let (stream, wrapping) = (self.track.stream(), Wrapping::Structured);
        send(&SimulatedMessage { stream, at: self.at, key: &key, wrapping, payload: &payload })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feed::contract::{Data, envelope::Top};

    fn payloads() -> Vec<(&'static str, Vec<u8>)> {
        let mut payloads = Vec::new();
        for malformed in schedule(Profile::named("miaohang-2021").unwrap(), 1, FLAWS.len() as u64) {
            let take = &mut |message: &SimulatedMessage<'_>| {
                payloads.push((malformed.reason(), message.payload.to_vec()));
                Ok::<(), ()>(())
            };
            malformed.send(take).unwrap();
        }
        payloads
    }

    #[test]
    fn each_message_has_the_flaw_it_is_said_to_have() {
        for (reason, payload) in payloads() {
            let text = std::str::from_utf8(&payload);
            let json: Option<Value> = text.ok().and_then(|text| serde_json::from_str(text).ok());
            let top: Option<Top<'_>> = text.ok().and_then(|text| serde_json::from_str(text).ok());
            let kind = top.as_ref().and_then(|top| crate::domain::fact::FactKind::from_type(&top.kind));
            let readable = || {
                let top = top.as_ref()?;
                let data = Data::parse(kind?, top.data?.get(), |_| ()).ok()?;
                (!top.subject.is_empty() && top.time.is_some()).then_some(data)
            };
            let found = match reason {
                "empty" => payload.is_empty(),
                "not_utf8" => text.is_err(),
                "not_json" => text.is_ok() && json.is_none() && !payload.is_empty(),
                "not_an_object" => json.is_some_and(|json| !json.is_object()),
                "unknown_type" => top.is_some() && kind.is_none(),
                "impossible_time" => readable().is_some(),
                _ => json.is_some() && (kind.is_some() || top.is_none()) && readable().is_none(),
            };
            assert!(found, "{reason}: {}", String::from_utf8_lossy(&payload));
        }
    }

    #[test]
    fn a_round_of_flaws_shows_every_reason() {
        let mut reasons: Vec<&str> = payloads().iter().map(|(reason, _)| *reason).collect();
        reasons.sort_unstable();
        reasons.dedup();
        assert_eq!(
            reasons,
            [
                "empty",
                "impossible_time",
                "invalid_field",
                "missing_field",
                "not_an_object",
                "not_json",
                "not_utf8",
                "unknown_type"
            ]
        );
    }
}
