//! What the service would make of messages: each refusal, what is worth a word though it is taken, and what shows only when they are
//! seen together.

use std::{
    collections::BTreeMap,
    io::{self, Write},
    path::PathBuf,
};

use jiff::tz::TimeZone;
use serde::Serialize;

use super::together::Together;
use crate::{
    cli::{Exit, event_files::each},
    domain::{stream::Stream, time::Millis},
    feed::{
        decode::{Decoded, Message, TimeLimits, UnknownFields, decode},
        door::Door,
        privacy::Key,
        rejection::Rejection,
    },
    pipeline::clock,
};

/// Everything that is said of one message.
#[derive(Debug, Serialize)]
struct Said {
    at: String,
    accepted: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    #[serde(skip_serializing_if = "String::is_empty")]
    field: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    says: Vec<String>,
}

#[derive(Debug, Default, Serialize)]
struct Summary {
    accepted: u64,
    rejected: u64,
    /// How many by each reason.
    reasons: BTreeMap<&'static str, u64>,
    remarks: Vec<String>,
}

pub fn run(files: &[PathBuf], json: bool, out: &mut impl Write) -> anyhow::Result<Exit> {
    let zone = TimeZone::get("Asia/Shanghai")?;
    let mut checker = Checker {
        // Nothing is kept, so any key will do.
        door: Door::new(Key::from_bytes(None, b"nothing is kept under this key 1")?),
        stream: Stream::usual("check", zone.clone()),
        together: Together::new(zone),
        summary: Summary::default(),
    };
    let mut told = Vec::new();
    let input = [PathBuf::from("-")];
    for file in if files.is_empty() { &input[..] } else { files } {
        each(file, |at, bytes| {
            let said = checker.one(at, bytes);
            if json {
                told.push(said);
            } else if !said.accepted || !said.says.is_empty() {
                writeln!(out, "{}", line(&said))?;
            }
            Ok(())
        })?;
    }
    let mut summary = checker.summary;
    summary.remarks = checker.together.remarks();
    if json {
        let whole = serde_json::json!({ "summary": summary, "messages": told });
        writeln!(out, "{}", serde_json::to_string_pretty(&whole)?)?;
    } else {
        tell(&summary, out)?;
    }
    Ok(if summary.rejected == 0 { Exit::Ok } else { Exit::Rejected })
}

fn line(said: &Said) -> String {
    let Said { at, reason, field, says, .. } = said;
    let says = says.join("; ");
    match reason {
        Some(reason) if field.is_empty() => format!("{at}: {reason}: {says}"),
        Some(reason) => format!("{at}: {reason} at {field}: {says}"),
        None => format!("{at}: accepted, {says}"),
    }
}

fn tell(summary: &Summary, out: &mut impl Write) -> io::Result<()> {
    for remark in &summary.remarks {
        writeln!(out, "{remark}")?;
    }
    let reasons: Vec<String> = summary.reasons.iter().map(|(reason, count)| format!("{reason} {count}")).collect();
    let reasons = if reasons.is_empty() { String::new() } else { format!(" ({})", reasons.join(", ")) };
    writeln!(out, "{} accepted, {} rejected{reasons}", summary.accepted, summary.rejected)
}

struct Checker {
    door: Door,
    stream: Stream,
    together: Together,
    summary: Summary,
}

impl Checker {
    fn one(&mut self, at: String, bytes: &[u8]) -> Said {
        let limits = TimeLimits { earliest: Millis(0), future_max_ms: 86_400_000 };
        let arrived_at = clock::now();
        let message = Message { partition: 0, offset: 0, payload: Some(bytes), headers: Some(&[]), arrived_at };
        match decode(&message, &self.stream, &mut self.door, &limits) {
            Ok(decoded) => {
                self.summary.accepted += 1;
                let says = self.remarks(&at, &message, decoded);
                Said { at, accepted: true, reason: None, field: String::new(), says }
            }
            Err(Rejection { reason, field, detail }) => {
                self.summary.rejected += 1;
                *self.summary.reasons.entry(reason.name()).or_default() += 1;
                Said { at, accepted: false, reason: Some(reason.name()), field, says: vec![detail] }
            }
        }
    }

    /// What is taken, and still worth a word.
    fn remarks(&mut self, at: &str, message: &Message<'_>, decoded: Decoded) -> Vec<String> {
        let Decoded { event, unknown_fields } = decoded;
        let mut remarks = Vec::new();
        if unknown_fields > 0 {
            let names = UnknownFields::told(message);
            remarks.push(format!("not named by the contract, and left out: {}", names.join(", ")));
        }
        if event.is_ahead() {
            let minutes = event.occurred_at.since(event.ingested_at) / 60_000;
            remarks.push(format!(
                "but its time is {} h {} min from now; local time written as Z?",
                minutes / 60,
                minutes % 60
            ));
        }
        remarks.extend(self.together.add(at, message.payload.unwrap_or_default(), event));
        remarks
    }
}
