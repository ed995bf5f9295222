//! A log line as one JSON object in which every key stands once, whatever the fields are called: a collector that meets a key
//! twice drops the line or one of the values.

use std::{borrow::Cow, fmt};

use serde::ser::{Serialize, SerializeMap as _, Serializer};
use serde_json::Value;
use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{
    fmt::{
        FmtContext, FormatEvent, FormatFields,
        format::Writer,
        time::{FormatTime as _, SystemTime},
    },
    registry::LookupSpan,
};

/// Time, level and target first, then the fields as they were written.
#[derive(Debug)]
pub(super) struct Line(Vec<(Cow<'static, str>, Value)>);

impl Line {
    pub(super) fn new(level: &'static str, target: &str) -> Self {
        let mut time = String::new();
        // Writing to a String cannot fail.
        let _ = SystemTime.format_time(&mut Writer::new(&mut time));
        Self(vec![("timestamp".into(), time.into()), ("level".into(), level.into()), ("target".into(), target.into())])
    }

    /// A name that is taken gets a number: both values stay.
    pub(super) fn put(&mut self, name: &'static str, value: impl Into<Value>) {
        let mut free = Cow::Borrowed(name);
        let mut number = 1;
        while self.0.iter().any(|(taken, _)| *taken == free) {
            number += 1;
            free = format!("{name}_{number}").into();
        }
        self.0.push((free, value.into()));
    }

    /// Without the line break. A value holds none, because JSON escapes it.
    pub(super) fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl Serialize for Line {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.put(field.name(), format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field.name(), value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field.name(), value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field.name(), value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field.name(), value);
    }

    /// JSON knows no infinity: that is null.
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field.name(), value);
    }
}

/// Spans are not written: none of ours has a field.
#[derive(Debug)]
pub(super) struct JsonLines;

impl<S, N> FormatEvent<S, N> for JsonLines
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(&self, _: &FmtContext<'_, S, N>, mut writer: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let mut line = Line::new(event.metadata().level().as_str(), event.metadata().target());
        event.record(&mut line);
        writeln!(writer, "{}", line.text())
    }
}
