//! `tongguan kpi` as a user starts it, against a scratch database.

use std::process::Command;

use serde_json::Value;

use crate::{scratch::Scratch, tested::tested};

#[derive(Debug)]
pub struct Ended {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

/// The words of the command line after `kpi`, with blanks between them.
pub fn kpi(scratch: &Scratch, words: &str) -> Ended {
    kpi_with(scratch, words, &[])
}

/// `settings` as `("TIMEZONE", "UTC")`.
pub fn kpi_with(scratch: &Scratch, words: &str, settings: &[(&str, &str)]) -> Ended {
    tongguan(scratch, &format!("kpi {words}"), settings)
}

/// Any command, with blanks between its words.
pub fn tongguan(scratch: &Scratch, words: &str, settings: &[(&str, &str)]) -> Ended {
    let mut command = Command::new(tested());
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("TONGGUAN__") || name == "RUST_LOG") {
        command.env_remove(name);
    }
    command.env("TONGGUAN__CLICKHOUSE__URL", scratch.url()).env("TONGGUAN__CLICKHOUSE__DATABASE", scratch.database());
    for (key, value) in settings {
        command.env(format!("TONGGUAN__{key}"), value);
    }
    let output = command.args(words.split_whitespace()).output().expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Ended { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

/// What it prints when all is well.
pub fn printed(scratch: &Scratch, words: &str) -> String {
    let ended = kpi(scratch, words);
    assert_eq!(ended.code, Some(0), "{words}: {}", ended.stderr);
    assert_eq!(ended.stderr, "", "{words}");
    ended.stdout
}

/// The array that it prints with `--json`.
pub fn json(scratch: &Scratch, words: &str) -> Vec<Value> {
    serde_json::from_str(&printed(scratch, &format!("{words} --json"))).unwrap()
}
