//! `tongguan send`: the same from files.

use std::{fs, process::Stdio};

use serde_json::Value;

use crate::{
    events::{event, without_unit},
    inlet::Feeders,
    service::Ended,
    stood::of_case,
};

fn lines<'a>(events: impl IntoIterator<Item = &'a Value>) -> String {
    events.into_iter().map(|event| format!("{event}\n")).collect()
}

fn send(feeders: &Feeders, file: &str, settings: &[(&str, &str)]) -> Ended {
    feeders.0.tongguan(&["send", file, "--stream", "hotline"], settings)
}

#[test]
fn a_file_is_checked_and_stands_on_kafka_and_what_was_not_taken_is_told_with_its_line() {
    let feeders = Feeders::new();
    let file = feeders.path("march.jsonl");
    let events = [event("A", 1), without_unit("A", 2), event("A", 3), event("B", 1), event("B", 1)];
    fs::write(&file, lines(&events)).unwrap();
    let ended = send(&feeders, &file, &[]);
    let said = ended.stdout.clone() + &ended.stderr;
    assert_eq!(ended.code, Some(5), "{said}");
    assert!(!said.contains("not in the contract"), "{said}");
    for part in [
        "march.jsonl:2: missing_field at /data/unit",
        "march.jsonl:3: an earlier event of this case was not taken",
        "2 taken, 1 known already, 2 refused, 0 not acknowledged",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let all = feeders.stood("hotline");
    assert_eq!((of_case(&all, "A"), of_case(&all, "B")), (vec!["A-1".to_owned()], vec!["B-1".to_owned()]));
}

#[test]
fn the_exit_code_says_whether_all_of_it_is_on_kafka() {
    let feeders = Feeders::new();
    let (file, one) = (feeders.path("many.ndjson"), feeders.path("one.json"));
    let many: Vec<Value> = (0..1_200).map(|n| event(&format!("S-{}", n % 7), n + 1)).collect();
    fs::write(&file, lines(&many)).unwrap();
    fs::write(&one, serde_json::to_string_pretty(&event("one", 1)).unwrap()).unwrap();
    assert_eq!(send(&feeders, &file, &[]).code, Some(0));
    assert_eq!(send(&feeders, &one, &[]).code, Some(0));
    let all = feeders.stood("hotline");
    assert_eq!(all.len(), 1_201);
    let wanted: Vec<String> = many
        .iter()
        .filter(|event| event["subject"] == "S-3")
        .map(|event| event["id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(of_case(&all, "S-3"), wanted);
    let away = send(&feeders, &one, &[("KAFKA__BROKERS", "127.0.0.1:1"), ("INLET__ACK_TIMEOUT_S", "1")]);
    assert_eq!(away.code, Some(4), "{}{}", away.stdout, away.stderr);
}

#[test]
fn the_standard_input_is_lines() {
    let feeders = Feeders::new();
    let mut command = feeders.0.command(&["send", "--stream", "hotline"]);
    let input = fs::File::open({
        let path = feeders.path("input");
        fs::write(&path, lines(&[event("I", 1), event("I", 2)])).unwrap();
        path
    });
    let output = command.stdin(Stdio::from(input.unwrap())).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(of_case(&feeders.stood("hotline"), "I"), ["I-1", "I-2"]);
}
