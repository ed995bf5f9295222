//! The figures, from messages to `tongguan kpi`: against the plan of a synthetic year, and against Boston's own record.

use std::{fs, path::PathBuf};

use serde_json::Value;

use crate::{cookbook::blocks, service::post_body, town::Town};

fn kpi(town: &Town, words: &str) -> Vec<Value> {
    let mut args = vec!["kpi"];
    args.extend(words.split(' '));
    args.push("--json");
    let ended = town.tongguan(&args, &[]);
    assert_eq!(ended.code, Some(0), "{words}: {}", ended.stderr);
    serde_json::from_str(&ended.stdout).unwrap()
}

/// Numerator and denominator of the only answer.
pub fn counts(town: &Town, words: &str) -> (u64, u64) {
    let answers = kpi(town, words);
    assert_eq!(answers.len(), 1, "{words}: {answers:?}");
    (answers[0]["numerator"].as_u64().unwrap(), answers[0]["denominator"].as_u64().unwrap())
}

#[test]
fn open_late_and_void_cases_move_every_convention_exactly_so() {
    let town = Town::new();
    let file = town.folder.path().join("expected.json");
    let words =
        "generate --cases 0.1 --open 13 --late 29 --void 5 --duplicates 0.02 --disorder 0.02 --malformed 20 --expected";
    let mut args: Vec<&str> = words.split(' ').collect();
    args.push(file.to_str().unwrap());
    assert_eq!(town.tongguan(&args, &[]).code, Some(0));
    town.run_until_caught_up();
    let expected: Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
    let year = "--from 2021-01-01 --to 2022-01-01 --as-of 2022-01-05T00:00:00+08:00";
    for stream in expected["streams"].as_array().unwrap() {
        let name = stream["stream"].as_str().unwrap();
        for figure in stream["figures"].as_array().unwrap().iter().skip(1) {
            let found = counts(&town, &format!("{} {year} --stream {name}", figure["kpi"].as_str().unwrap()));
            let wanted = (figure["numerator"].as_u64().unwrap(), figure["denominator"].as_u64().unwrap());
            assert_eq!(found, wanted, "{name} {figure}");
        }
    }
    let received = 283 + 3_779;
    for convention in ["shanghai", "need-close"] {
        let found = counts(&town, &format!("closure {year} --convention {convention}"));
        assert_eq!(found, (received - 13, received), "{convention}");
        let found = counts(&town, &format!("timeliness {year} --convention {convention}"));
        assert_eq!(found, (received - 13 - 29, received), "{convention}");
    }
    let (on_time, due) = counts(&town, &format!("timeliness {year} --convention due"));
    assert_eq!(due - on_time, 13 + 29);
    let (on_time, closed) = counts(&town, &format!("timeliness {year} --convention closed"));
    assert!(closed - on_time <= 29 && closed - on_time > 0, "{on_time}/{closed}");
    let months = kpi(&town, &format!("closure {year} --convention shanghai --group-by stream,month"));
    let sum: u64 = months.iter().map(|month| month["denominator"].as_u64().unwrap()).sum();
    assert_eq!((months.len(), sum), (24, received));
}

/// The file lies beside the project; where it is missing on purpose, `TONGGUAN_WITHOUT_SHARED=1` says so.
fn boston() -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data/boston311/boston311_2015_slim.csv.gz");
    if path.exists() {
        return Some(path);
    }
    let excused = std::env::var("TONGGUAN_WITHOUT_SHARED").is_ok_and(|value| value == "1");
    assert!(excused, "{} is not there; set TONGGUAN_WITHOUT_SHARED=1 to do without it", path.display());
    None
}

#[test]
fn boston_gives_the_citys_own_figures_and_agrees_with_every_verdict() {
    let Some(file) = boston() else { return };
    let town = Town::new();
    let mapping = concat!(env!("CARGO_MANIFEST_DIR"), "/config/sources/boston311.toml");
    let rejects = town.folder.path().join("rejects.csv");
    let args = ["import", file.to_str().unwrap(), "--mapping", mapping, "--rejects", rejects.to_str().unwrap()];
    // Twice: the second time doubles nothing.
    for _ in 0..2 {
        let ended = town.tongguan(&args, &[]);
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    }
    town.run_until_caught_up();
    let place = "--as-of 2016-01-12T23:59:59-05:00 --timezone America/New_York";
    let year = format!("--from 2015-01-01 --to 2016-01-01 {place}");
    assert_eq!(counts(&town, &format!("closure {year} --convention shanghai")), (101_272, 121_145));
    let until_then = format!("--from 2015-01-01 --to 2016-01-13 {place}");
    assert_eq!(counts(&town, &format!("timeliness {until_then} --convention due")), (52_582, 83_181));
    let months = kpi(&town, &format!("received {year} --group-by month"));
    assert_eq!(months.len(), 12, "{months:?}");

    let steps = blocks(&town, "Boston");
    town.query(&steps[0]);
    let csv = std::process::Command::new("gzip").arg("-dc").arg(&file).output().unwrap().stdout;
    let insert = format!(
        "/?input_format_skip_unknown_fields=1&query=INSERT+INTO+{}.boston_verdict+FORMAT+CSVWithNames",
        town.database
    );
    let (status, answer) = post_body(&town.url, &insert, &csv);
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&answer));
    assert_eq!(town.query(&format!("{} FORMAT TSV", steps[1])), "0\t120992");
}
