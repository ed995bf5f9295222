//! Feeders with keys of their own, and how they ask.

use std::process::Command;

use serde_json::Value;

use crate::{
    client::{Answer, Ask},
    inlet::{Feeders, Inlet},
    town::Town,
};

pub const FEED: &str = "/v1/feed?stream=hotline";
pub const TAIL: &str = "/v1/feed/tail?stream=hotline";

/// The key that was shown.
pub fn added(town: &Town, file: &str, id: &str, sources: &[&str], streams: &[&str]) -> String {
    let mut args = vec!["inlet", "key", "add", "--id", id];
    sources.iter().for_each(|source| args.extend(["--source", source]));
    streams.iter().for_each(|stream| args.extend(["--stream", stream]));
    let ended = town.tongguan(&args, &[("INLET__KEYS_FILE", file)]);
    assert_eq!(ended.code, Some(0), "{args:?}: {}", ended.stderr);
    let mut words = ended.stdout.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words.find(|word| word.starts_with("tgf_")).expect("a key").to_owned()
}

pub struct Keyed {
    pub feeders: Feeders,
    pub file: String,
}

impl Keyed {
    pub fn new() -> Self {
        let feeders = Feeders::new();
        let file = feeders.path("keys.toml");
        Self { feeders, file }
    }

    pub fn town(&self) -> &Town {
        &self.feeders.0
    }

    /// For the hotline.
    pub fn key(&self, id: &str, sources: &[&str]) -> String {
        added(self.town(), &self.file, id, sources, &["hotline"])
    }

    pub fn revoke(&self, id: &str) {
        let args = ["inlet", "key", "revoke", id];
        assert_eq!(self.town().tongguan(&args, &[("INLET__KEYS_FILE", &self.file)]).code, Some(0));
    }

    pub fn inlet(&self, more: &[(&str, &str)]) -> Inlet {
        let inlet = self.feeders.inlet(&[&[("INLET__KEYS_FILE", self.file.as_str())], more].concat());
        if more.iter().all(|(name, _)| *name != "KAFKA__BROKERS") {
            inlet.wait_until_ready();
        }
        inlet
    }
}

pub fn look(inlet: &Inlet, path: &str, key: &str) -> Answer {
    Ask::new("GET", path).key(key).to(inlet)
}

pub fn is_not_kept(answer: &Answer) {
    let kept = answer.header("cache-control").unwrap_or_else(|| panic!("no cache-control: {}", answer.text()));
    assert!(kept.split(',').any(|one| one.trim() == "no-store"), "{}", answer.text());
}

pub fn come_again(answer: &Answer) {
    let after = answer.header("retry-after").unwrap_or_else(|| panic!("when to come again: {}", answer.text()));
    assert!(after.parse::<u64>().is_ok(), "{after}");
}

/// What 200 answers, which nobody keeps.
pub fn seen(inlet: &Inlet, path: &str, key: &str) -> Value {
    let answer = look(inlet, path, key);
    let said = answer.is(200);
    is_not_kept(&answer);
    said
}

/// Without ClickHouse, which this has no need of.
pub const ALONE: (&str, &str) = ("CLICKHOUSE__URL", "http://127.0.0.1:1");

/// A command of the town that is not ended by an exit code alone.
pub fn output(town: &Town, args: &[&str]) -> (Option<i32>, String, String) {
    let mut command: Command = town.command(args);
    let output = command.env("TONGGUAN__CLICKHOUSE__URL", ALONE.1).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

/// `feed check` of the hotline, as one object.
pub fn checked(town: &Town, more: &[&str]) -> (Option<i32>, Value) {
    let (code, stdout, stderr) = output(town, &[&["feed", "check", "--stream", "hotline", "--json"], more].concat());
    let said = serde_json::from_str(&stdout).unwrap_or_else(|error| panic!("{error}: {code:?} {stdout}{stderr}"));
    (code, said)
}
