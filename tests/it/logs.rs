//! What a service writes: one JSON object a line, each key once, its first and its last words too.

use std::{collections::BTreeSet, fmt};

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use crate::{messages::lives, service::Service, town::Town};

/// An object that refuses a key that stands twice.
struct Line(serde_json::Map<String, Value>);

impl<'de> Deserialize<'de> for Line {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Once;
        impl<'de> Visitor<'de> for Once {
            type Value = Line;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Line, A::Error> {
                let (mut seen, mut line) = (BTreeSet::new(), serde_json::Map::new());
                while let Some((key, value)) = map.next_entry::<String, Value>()? {
                    if !seen.insert(key.clone()) {
                        return Err(serde::de::Error::custom(format!("{key} stands twice")));
                    }
                    line.insert(key, value);
                }
                Ok(Line(line))
            }
        }
        from.deserialize_map(Once)
    }
}

fn lines(text: &str) -> Vec<serde_json::Map<String, Value>> {
    let line = |text| serde_json::from_str::<Line>(text).unwrap_or_else(|error| panic!("{error}: {text}")).0;
    text.lines().map(line).collect()
}

#[test]
fn every_line_is_an_object_and_the_first_says_what_runs_where() {
    let town = Town::new();
    town.send("grid", &lives("l", 10));
    let ended = town.run_until_caught_up_with(&[("LOG__LEVEL", "debug"), ("HTTP__LISTEN", "127.0.0.1:0")]);
    assert!(!ended.stderr.contains('\u{1b}'));
    let lines = lines(&ended.stderr);
    for line in &lines {
        for key in ["timestamp", "level", "target"] {
            assert!(line[key].is_string(), "{line:?}");
        }
    }
    let first = &lines[0];
    assert_eq!(first["message"], "starting");
    assert_eq!(first["brokers"], town.brokers);
    assert_eq!(first["database"], town.database);
    assert_eq!(first["streams"], "grid, hotline");
    for key in ["version", "commit", "group", "clickhouse", "policy", "calendar", "open_files_soft"] {
        assert!(first[key].as_str().is_some_and(|text| !text.is_empty()), "{key} in {first:?}");
    }
}

#[test]
fn the_last_words_are_an_object_too_before_and_after_the_logs_are_started() {
    let town = Town::without_schema();
    let ended = town.tongguan(&["run"], &[]);
    let last = lines(&ended.stderr).pop().unwrap();
    assert_eq!((&last["level"], &last["exit_code"]), (&"ERROR".into(), &1.into()));
    assert!(last["error"].as_str().unwrap().contains("tongguan migrate"), "{last:?}");

    let ended = town.tongguan(&["run"], &[("KAFKA__BROKRES", "x:1")]);
    let last = lines(&ended.stderr).pop().unwrap();
    assert_eq!((ended.code, &last["exit_code"]), (Some(3), &3.into()));

    let ended = town.tongguan(&["run"], &[("KAFKA__BROKRES", "x:1"), ("LOG__FORMAT", "pretty")]);
    assert!(ended.stderr.starts_with("tongguan: the configuration cannot be used"), "{}", ended.stderr);
}

#[test]
fn a_command_that_does_not_log_speaks_to_a_person() {
    let ended = Town::without_schema().tongguan(&["migrate"], &[("CLICKHOUSE__URL", "http://127.0.0.1:1")]);
    assert!(ended.stderr.starts_with("tongguan: cannot reach ClickHouse"), "{}", ended.stderr);
}

#[test]
fn the_version_says_the_commit_and_the_metrics_say_it_too() {
    let town = Town::new();
    let ended = town.tongguan(&["--version"], &[]);
    let commit = env!("TONGGUAN_COMMIT");
    assert_eq!(ended.stdout.trim_end(), format!("tongguan {} ({commit})", env!("CARGO_PKG_VERSION")));
    let service = Service::start(&town, &[]);
    let info = format!(r#"commit="{commit}"}} 1"#);
    assert!(
        service.get("/metrics").1.lines().any(|line| line.starts_with("tongguan_build_info{") && line.ends_with(&info))
    );
}

#[test]
fn a_disk_that_takes_no_more_lines_stops_nobody() {
    let town = Town::new();
    let sent = town.send("grid", &lives("full", 5));
    let mut command = town.command(&["run", "--until-caught-up"]);
    let full = || std::fs::File::options().write(true).open("/dev/full").unwrap();
    let status = command.stdout(full()).stderr(full()).status().unwrap();
    assert_eq!(status.code(), Some(0));
    assert_eq!(town.ledger_places(), sent);
}
