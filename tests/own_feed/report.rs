//! A report, read by what docs/own-feed.md names. It names the parts; how a part says how many, and which it shows, it leaves open.

use serde_json::Value;

/// Every report within an answer: what has `messages`, `taken` and `refused`.
pub fn reports(answer: &Value) -> Vec<&Value> {
    let is_one = ["messages", "taken", "refused"].iter().all(|name| answer[*name].is_u64());
    let own = is_one.then_some(answer);
    let below: Vec<&Value> = match answer {
        _ if is_one => Vec::new(),
        Value::Array(all) => all.iter().flat_map(reports).collect(),
        Value::Object(all) => all.values().flat_map(reports).collect(),
        _ => Vec::new(),
    };
    own.into_iter().chain(below).collect()
}

/// The only one.
pub fn report(answer: &Value) -> &Value {
    let all = reports(answer);
    assert_eq!(all.len(), 1, "one report: {answer:#}");
    all[0]
}

/// messages, taken, known, conflicting, refused
pub fn counts(report: &Value) -> [u64; 5] {
    ["messages", "taken", "known", "conflicting", "refused"].map(|name| how_many(&report[name]))
}

/// ahead, late, gaps, split
pub fn oddities(report: &Value) -> [u64; 4] {
    ["ahead", "late", "gaps", "split"].map(|name| how_many(&report[name]))
}

/// The number itself, the only number that a part has, or how many it lists.
pub fn how_many(part: &Value) -> u64 {
    match part {
        Value::Number(number) => number.as_u64().unwrap(),
        Value::Array(all) => all.len() as u64,
        Value::Object(all) => {
            let numbers: Vec<u64> = all.values().filter_map(Value::as_u64).collect();
            assert_eq!(numbers.len(), 1, "how many is said once: {part:#}");
            numbers[0]
        }
        _ => panic!("it does not say how many: {part}"),
    }
}

/// The first ones that a part shows.
pub fn shown(part: &Value) -> &[Value] {
    let lists: Vec<&Vec<Value>> = match part {
        Value::Array(all) => vec![all],
        Value::Object(all) => all.values().filter_map(Value::as_array).collect(),
        _ => Vec::new(),
    };
    assert_eq!(lists.len(), 1, "a list of examples: {part:#}");
    lists[0]
}

/// Whether this text or number stands somewhere within.
pub fn has(part: &Value, wanted: impl Into<Value>) -> bool {
    let wanted = wanted.into();
    fn within(part: &Value, wanted: &Value) -> bool {
        match part {
            Value::Array(all) => all.iter().any(|one| within(one, wanted)),
            Value::Object(all) => all.values().any(|one| within(one, wanted)),
            _ => part == wanted,
        }
    }
    within(part, &wanted)
}

/// That of the list which has all of these texts.
pub fn one_with<'a>(list: &'a Value, texts: &[&str]) -> &'a Value {
    let all = list.as_array().unwrap_or_else(|| panic!("no list: {list}"));
    let found: Vec<&Value> = all.iter().filter(|one| texts.iter().all(|text| has(one, *text))).collect();
    assert_eq!(found.len(), 1, "{texts:?} in {list:#}");
    found[0]
}
