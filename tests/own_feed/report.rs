//! A report, by the names that docs/own-feed.md gives to its parts.

use serde_json::Value;

/// Of a list the only one, or the answer itself.
pub fn report(answer: &Value) -> &Value {
    let Some(all) = answer.as_array() else { return answer };
    assert_eq!(all.len(), 1, "one report: {answer:#}");
    &all[0]
}

/// That of exactly these sources.
pub fn of<'a>(answer: &'a Value, sources: &[&str]) -> &'a Value {
    let own = |one: &&Value| one["sources"] == serde_json::json!(sources);
    let found: Vec<&Value> = answer.as_array().expect("a list of reports").iter().filter(own).collect();
    assert_eq!(found.len(), 1, "{sources:?}: {answer:#}");
    found[0]
}

/// messages, taken, known, conflicting, refused
pub fn counts(report: &Value) -> [u64; 5] {
    ["messages", "taken", "known", "conflicting", "refused"].map(|name| number(&report[name]))
}

/// ahead, late, gaps, split
pub fn oddities(report: &Value) -> [u64; 4] {
    ["ahead", "late", "gaps", "split"].map(|name| count(&report[name]))
}

pub fn number(part: &Value) -> u64 {
    part.as_u64().unwrap_or_else(|| panic!("no number: {part}"))
}

/// How many a part, a reason or a field stands for.
pub fn count(part: &Value) -> u64 {
    number(&part["count"])
}

pub fn examples(part: &Value) -> &[Value] {
    part["examples"].as_array().unwrap_or_else(|| panic!("no examples: {part:#}"))
}

/// The reason at this place.
pub fn reason<'a>(report: &'a Value, reason: &str, pointer: &str) -> &'a Value {
    let all = report["reasons"].as_array().unwrap_or_else(|| panic!("no reasons: {report:#}"));
    let is_it = |one: &&Value| one["reason"] == reason && one["pointer"].as_str().unwrap_or_default() == pointer;
    let found: Vec<&Value> = all.iter().filter(is_it).collect();
    assert_eq!(found.len(), 1, "{reason} at {pointer}: {all:#?}");
    found[0]
}
