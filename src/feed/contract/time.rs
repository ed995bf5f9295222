//! A time on the wire: RFC 3339 with an offset, kept together with the offset that the sender wrote.

use std::borrow::Cow;

use jiff::{Timestamp, tz};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::domain::{
    stream::Stream,
    time::{Due, Millis},
};

/// An instant, and how the sender wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WireTime {
    pub(crate) at: Millis,
    /// Seconds east of UTC; none where the sender wrote `Z`, which does not say where the sender is.
    offset_s: Option<i32>,
}

impl WireTime {
    /// As one written with an offset of so many seconds east of UTC.
    pub fn new(at: Millis, offset_s: i32) -> Self {
        Self { at, offset_s: Some(offset_s) }
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        let at = Millis::parse(text)?;
        if text.ends_with(['Z', 'z']) {
            return Some(Self { at, offset_s: None });
        }
        let tail = text.as_bytes().get(text.len() - 6..)?;
        let digits = |a: usize| {
            Some(i32::from(tail.get(a)?.checked_sub(b'0')?) * 10 + i32::from(tail.get(a + 1)?.checked_sub(b'0')?))
        };
        let seconds = digits(1)? * 3600 + digits(4)? * 60;
        Some(Self { at, offset_s: Some(if tail[0] == b'-' { -seconds } else { seconds }) })
    }

    /// As a due: midnight where the sender is (or, after `Z`, where the stream is) means "through the day before".
    pub(crate) fn due(self, stream: &Stream) -> Due {
        let is_exclusive = match self.offset_s {
            Some(offset_s) => (self.at.0 + i64::from(offset_s) * 1000).rem_euclid(86_400_000) == 0,
            None => self.at.is_midnight(&stream.zone),
        };
        Due { at: self.at, is_exclusive }
    }

    fn text(self) -> String {
        let zone = self.offset_s.and_then(|s| tz::Offset::from_seconds(s).ok()).unwrap_or(tz::Offset::UTC);
        match Timestamp::from_millisecond(self.at.0) {
            Ok(instant) if self.at.0 % 1000 == 0 => {
                zone.to_datetime(instant).strftime("%Y-%m-%dT%H:%M:%S").to_string() + &suffix(self.offset_s)
            }
            Ok(instant) => {
                zone.to_datetime(instant).strftime("%Y-%m-%dT%H:%M:%S%.3f").to_string() + &suffix(self.offset_s)
            }
            Err(_) => String::new(),
        }
    }
}

fn suffix(offset_s: Option<i32>) -> String {
    offset_s.map_or_else(
        || "Z".to_owned(),
        |s| format!("{}{:02}:{:02}", if s < 0 { '-' } else { '+' }, s.abs() / 3600, s.abs() / 60 % 60),
    )
}

impl Serialize for WireTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text())
    }
}

impl<'de> Deserialize<'de> for WireTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl de::Visitor<'_> for Text {
            type Value = WireTime;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an RFC 3339 time with an offset, like 2021-03-06T10:00:00+08:00")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<WireTime, E> {
                WireTime::parse(text).ok_or_else(|| E::custom("not an RFC 3339 time with an offset"))
            }
        }
        deserializer.deserialize_str(Text)
    }
}

impl JsonSchema for WireTime {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Time".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date-time" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_written_again() {
        for text in [
            "2021-03-06T10:00:00+08:00",
            "2015-01-16T08:30:00-05:00",
            "2021-03-06T02:00:00.250Z",
            "2021-03-06T10:00:00+05:30",
        ] {
            assert_eq!(WireTime::parse(text).unwrap().text(), text);
        }
    }

    #[test]
    fn midnight_is_judged_where_it_was_written() {
        let stream = Stream::usual("hotline", tz::TimeZone::get("Asia/Shanghai").unwrap());
        let exclusive = |text| WireTime::parse(text).unwrap().due(&stream).is_exclusive;
        assert!(exclusive("2021-03-03T00:00:00+08:00"));
        assert!(exclusive("2021-03-02T16:00:00Z"));
        assert!(exclusive("2015-01-16T00:00:00-05:00"));
        assert!(!exclusive("2015-01-15T11:00:00-05:00"));
        assert!(!exclusive("2021-03-03T18:00:00+08:00"));
    }
}
