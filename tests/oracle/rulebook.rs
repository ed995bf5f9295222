//! What the shipped policy says of a stream and a kind: read from the file, only as far as the file goes.

use toml::Value;

use super::calendar::{Calendar, Limit, Unit};

pub struct Rulebook {
    pub calendar: Calendar,
    rules: Vec<Rule>,
}

pub struct Rule {
    stream: String,
    kinds: Vec<String>,
    pub stages: Vec<Stage>,
}

pub struct Stage {
    pub name: String,
    pub start: String,
    pub limit: Limit,
    pub extension: Option<Extension>,
    /// FIXED: so much from the rework. None: CONTINUE.
    pub rework: Option<Limit>,
    pub return_stops: bool,
}

pub struct Extension {
    pub max_times: i64,
    /// ADD_ORIGINAL: the limit once more on top of the due. Otherwise SET_DUE: `limit` from the approval.
    pub adds_original: bool,
    pub limit: Option<Limit>,
}

impl Rulebook {
    pub fn shipped() -> Self {
        let file: toml::Table = include_str!("../../config/policy/shanghai-town.toml").parse().expect("toml");
        let rules = file["rules"].as_array().expect("rules").iter().map(rule).collect();
        Self { calendar: Calendar::shipped(), rules }
    }

    /// Who names the kind is more specific than who does not.
    pub fn rule(&self, stream: &str, kind: &str) -> Option<&Rule> {
        let of_stream = || self.rules.iter().filter(|rule| rule.stream == stream);
        let named = of_stream().find(|rule| rule.kinds.iter().any(|known| known == kind));
        named.or_else(|| of_stream().find(|rule| rule.kinds.is_empty()))
    }
}

impl Rule {
    pub fn stage(&self, name: &str) -> Option<&Stage> {
        self.stages.iter().find(|stage| stage.name == name)
    }
}

fn rule(rule: &Value) -> Rule {
    let asked = rule["match"].as_table().expect("match");
    assert!(
        asked.keys().all(|key| ["stream", "kind"].contains(&key.as_str())),
        "the oracle reads no other criterion: {asked}"
    );
    assert!(rule.get("valid_from").is_none() && rule.get("valid_to").is_none(), "the oracle reads no validity");
    let kinds =
        asked.get("kind").map_or(Vec::new(), |kinds| kinds.as_array().expect("a list").iter().map(text).collect());
    Rule {
        stream: text(&asked["stream"]),
        kinds,
        stages: rule["stages"].as_array().expect("stages").iter().map(stage).collect(),
    }
}

fn stage(stage: &Value) -> Stage {
    let is = |keys: &[&str]| keys.iter().try_fold(stage, |value, key| value.get(key)).and_then(Value::as_bool);
    let rework = stage.get("rework").filter(|rework| text(&rework["mode"]) != "CONTINUE").map(|rework| {
        assert_eq!(text(&rework["mode"]), "FIXED", "the oracle reads no other mode");
        limit(&rework["limit"])
    });
    assert!(is(&["pausable"]) != Some(false) || text(&stage["name"]) != "DISPOSE", "the oracle pauses this one");
    assert_ne!(is(&["extension", "cures_lateness"]), Some(true), "the oracle knows no extension that cures");
    Stage {
        name: text(&stage["name"]),
        start: text(&stage["start"]),
        limit: limit(&stage["limit"]),
        extension: stage.get("extension").map(extension),
        rework,
        return_stops: is(&["return", "stops_clock"]).unwrap_or(false),
    }
}

fn extension(extension: &Value) -> Extension {
    let adds_original = match text(&extension["mode"]).as_str() {
        "ADD_ORIGINAL" => true,
        "SET_DUE" => false,
        // The one rule that has it is of a stream that the oracle does not judge.
        "ADD_N" => false,
        other => panic!("the oracle does not read {other}"),
    };
    let max_times = extension["max_times"].as_integer().expect("a number");
    Extension { max_times, adds_original, limit: extension.get("limit").map(limit) }
}

fn limit(limit: &Value) -> Limit {
    let convention = limit.get("convention").map_or("END_OF_DAY".into(), text);
    assert_eq!(convention, "END_OF_DAY", "the oracle counts days no other way");
    let unit = match text(&limit["unit"]).as_str() {
        "MINUTE" => Unit::Minute,
        "WORK_HOUR" => Unit::WorkHour,
        "WORK_DAY" => Unit::WorkDay,
        "NATURAL_DAY" => Unit::NaturalDay,
        other => panic!("the oracle does not count in {other}"),
    };
    Limit { n: limit["n"].as_integer().expect("a number"), unit }
}

fn text(value: &Value) -> String {
    value.as_str().expect("text").to_owned()
}
