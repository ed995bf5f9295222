//! docs/streams.md is true: its streams, which the program does not have, are declared, fed and asked as the page says.
//! `STREAMS_PAGE=write cargo test --test it streams` writes the answers that it shows.

use std::fs;

use crate::{
    messages::{Message, line},
    service::Ended,
    town::Town,
};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/streams.md");

/// The fenced blocks of a kind, each with what stands behind the kind.
fn blocks(page: &str, kind: &str) -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    for part in page.split(&format!("\n```{kind} ")).skip(1) {
        let (name, rest) = part.split_once('\n').unwrap();
        blocks.push((name.to_owned(), rest.split_once("\n```").unwrap().0.to_owned()));
    }
    blocks
}

/// A folder with the page's two streams.
fn declared(town: &Town, page: &str) -> String {
    let folder = town.folder.path().join("streams");
    fs::create_dir(&folder).unwrap();
    let files = blocks(page, "toml");
    assert_eq!(files.len(), 2);
    for (name, text) in files {
        fs::write(folder.join(name), text).unwrap();
    }
    folder.to_str().unwrap().to_owned()
}

fn told(town: &Town, words: &str, dir: &str) -> Ended {
    let words: Vec<&str> = words.split_whitespace().collect();
    town.tongguan(&words, &[("STREAMS__DIR", dir)])
}

#[test]
fn the_streams_of_the_page_are_declared_fed_and_asked_as_it_says() {
    let page = fs::read_to_string(PAGE).unwrap();
    let town = Town::new();
    let dir = declared(&town, &page);
    let checked = told(&town, "config check", &dir);
    assert!(checked.stdout.contains("stream lost_property: topic case-events.lost_property"), "{}", checked.stdout);
    let created = town.tongguan(&["run", "--until-caught-up"], &[("STREAMS__DIR", &dir)]);
    assert_eq!(created.code, Some(0), "the topics are made: {}", created.stderr);
    for (stream, lines) in blocks(&page, "json") {
        let messages: Vec<Message> = lines.lines().map(line).collect();
        assert_eq!(town.send(&stream, &messages), messages.len() as u64);
    }
    let ran = town.tongguan(&["run", "--until-caught-up"], &[("STREAMS__DIR", &dir)]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert_eq!(town.number("SELECT sum(unknown_codes) FROM {db}.cases FINAL"), 0);
    let mut written = page.clone();
    for session in page.split("```text\n$ tongguan ").skip(1) {
        let session = session.split_once("\n```").unwrap().0;
        let (words, shown) = session.split_once('\n').unwrap_or((session, ""));
        let answer = told(&town, words, &dir);
        assert_eq!(answer.code, Some(0), "{words}: {}", answer.stderr);
        if std::env::var("STREAMS_PAGE").is_ok_and(|value| value == "write") {
            written = written.replace(session, &format!("{words}\n{}", answer.stdout.trim_end()));
        } else {
            assert_eq!(answer.stdout.trim_end(), shown, "{words}");
        }
    }
    if written != page {
        fs::write(PAGE, written).unwrap();
    }
    // As of an instant before the correction.
    let lunches = "kpi K19 --from 2021-03-01 --to 2021-04-01 --stream canteen --only kind=午餐 --json --as-of";
    assert!(page.contains("the lunches were 994"));
    for (as_of, quantity) in [("2021-03-02T14:00:00+08:00", 994), ("2021-03-02T16:00:00+08:00", 175)] {
        let answer = told(&town, &format!("{lunches} {as_of}"), &dir);
        let found: serde_json::Value = serde_json::from_str(&answer.stdout).unwrap();
        assert_eq!(found[0]["numerator"], quantity, "{as_of}: {}", answer.stdout);
    }
    town.delete_topics(&["lost_property", "canteen"]);
}

#[test]
fn a_fault_is_told_as_the_page_shows_it() {
    let page = fs::read_to_string(PAGE).unwrap();
    let town = Town::without_schema();
    let dir = declared(&town, &page);
    let file = format!("{dir}/lost_property.toml");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace("[dimensions.kind]", "[dimensions.kinds]")).unwrap();
    let refused = told(&town, "config check", &dir);
    assert_eq!(refused.code, Some(3), "{}", refused.stdout);
    let shown = page.split("```text\n").nth(1).unwrap().split_once("\n```").unwrap().0;
    assert!(refused.stderr.contains(shown), "{}", refused.stderr);
}

#[test]
fn a_built_in_stream_that_does_not_exist_is_answered_with_those_that_do() {
    let town = Town::without_schema();
    let refused = town.tongguan(&["streams", "list"], &[("STREAMS__BUILT_IN", "hotline, petition")]);
    assert_eq!(refused.code, Some(3), "{}", refused.stdout);
    assert!(refused.stderr.contains("no built-in stream `petition`") && refused.stderr.contains("petitions"));
    let listed = town.tongguan(&["streams", "list"], &[("STREAMS__BUILT_IN", "all")]);
    assert_eq!(listed.stdout.lines().count(), 13, "{}", listed.stdout);
}
