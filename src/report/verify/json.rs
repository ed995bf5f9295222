//! The verdict for programs.

use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::{advice, text::told};
use crate::domain::verify::{Finding, Kind, Looked, Verdict};

/// What `verify --json` answers.
pub fn verdict(of: &Verdict, zone: &TimeZone) -> Value {
    let counts: serde_json::Map<String, Value> =
        of.tally.summed().into_iter().map(|(word, count)| (word.to_owned(), json!(count))).collect();
    let kinds: Vec<Value> = Kind::ALL
        .iter()
        .filter(|(kind, _)| of.tally.of(*kind) > 0)
        .map(|(kind, name)| {
            let advice = advice::of(*kind);
            json!({ "kind": name, "count": of.tally.of(*kind), "meaning": advice.meaning, "what_to_do": advice.what_to_do })
        })
        .collect();
    json!({
        "is_clean": of.tally.is_clean(),
        "started_at": of.started_at.rfc3339(zone),
        "finished_at": of.finished_at.rfc3339(zone),
        "since": of.since.map(|since| since.rfc3339(zone)),
        "messages": of.messages,
        "cases": of.cases,
        "counts": counts,
        "kinds": kinds,
        "findings": of.findings.iter().map(finding).collect::<Vec<Value>>(),
        "is_list_cut": of.is_cut(),
        "partitions": of.partitions.iter().map(partition).collect::<Vec<Value>>(),
        "notes": of.notes.iter().map(told).collect::<Vec<String>>(),
    })
}

fn finding(of: &Finding) -> Value {
    let kind = of.kind().name();
    match of {
        Finding::Offsets { topic, partition, range, detail, .. } => json!({
            "kind": kind, "topic": topic, "partition": partition, "first": range.first, "last": range.next - 1, "detail": detail,
        }),
        Finding::Topic { topic, detail } => json!({ "kind": kind, "topic": topic, "detail": detail }),
        Finding::Case { stream, case_id, detail, .. } => {
            json!({ "kind": kind, "stream": stream, "case_id": case_id, "detail": detail })
        }
        Finding::Identity { source, event_id, cases, .. } => {
            let case = |(stream, case_id): &(String, String)| json!({ "stream": stream, "case_id": case_id });
            let cases: Vec<Value> = cases.iter().map(case).collect();
            json!({ "kind": kind, "source": source, "event_id": event_id, "cases": cases })
        }
    }
}

fn partition(of: &Looked) -> Value {
    json!({
        "topic": of.topic,
        "partition": of.partition,
        "log": of.log.map(|log| json!({ "first": log.low, "stable": log.stable, "end": log.high })),
        "committed": of.committed,
        "from": of.duty.first,
        "up_to": of.duty.next,
        "held": of.held,
        "empty": of.empty,
        "accepted": of.accepted,
        "not_yet_taken": of.not_yet_taken,
    })
}
