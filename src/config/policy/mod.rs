//! A policy file: the rules of the time limits.
//!
//! Every fault of the file is found at once, and each names file, line and key.

mod example;
mod limit;
mod rule;
mod stage;
#[cfg(test)]
mod tests;

use std::path::Path;

use jiff::tz::TimeZone;

use super::{ConfigError, Problem, problem, read, rules};
use crate::{
    document::{Document, TomlEntry, in_quotes},
    domain::policy::{Contradiction, Policy, PolicyExample, Rule},
};
use rule::RuleIds;

const BUILT_IN: &str = include_str!("../../../config/policy/shanghai-town.toml");

/// The policy of a file, or the built-in one.
pub fn load(path: Option<&Path>) -> Result<Policy, ConfigError> {
    Ok(with_examples(path)?.0)
}

/// With its worked examples and where each of them stands.
pub fn with_examples(path: Option<&Path>) -> Result<(Policy, Vec<(String, PolicyExample)>), ConfigError> {
    match path {
        Some(path) => from_text(&path.display().to_string(), &read(path)?),
        None => from_text("built-in shanghai-town.toml", BUILT_IN),
    }
}

/// A policy that stands in no file, for whoever tries one.
pub fn of_text(place: &str, text: &str) -> Result<Policy, ConfigError> {
    Ok(from_text(place, text)?.0)
}

fn from_text(place: &str, text: &str) -> Result<(Policy, Vec<(String, PolicyExample)>), ConfigError> {
    let doc = Document::new(place, text);
    let table = doc.parse().map_err(ConfigError::NotToml)?;
    let root = doc.top(&table);
    let id = root.require("id", "a name for the policy").and_then(|entry| name(&entry));
    let version = root.require("version", "a version, another one for every change").and_then(|entry| name(&entry));
    let zone = root.require("timezone", "an IANA name such as Asia/Shanghai").and_then(|entry| zone(&entry));
    let in_zone = zone.clone().unwrap_or(TimeZone::UTC);
    let found = root.require("rules", "at least one rule, in a section [[rules]]");
    let entries = found.map(|entry| entry.sections()).unwrap_or_default();
    let mut ids = RuleIds::default();
    let rules: Vec<Rule> = entries.iter().filter_map(|entry| rule::read(entry, &in_zone, &mut ids)).collect();
    let given = root.get("examples").map(|entry| entry.sections()).unwrap_or_default();
    let examples = given.iter().filter_map(|entry| Some((entry.place(), example::read(entry)?))).collect();
    root.finish();
    problem::none_of(doc.take_problems())?;

    // Without a problem each of them is there.
    let (Some(id), Some(version), Some(zone)) = (id, version, zone) else {
        return Err(ConfigError::Invalid(vec![Problem::new(place, "is not complete", "see config/policy")]));
    };
    Policy::new(id, version, zone, rules).map(|policy| (policy, examples)).map_err(|found| {
        found.iter().for_each(|one| tell(one, &entries));
        ConfigError::Invalid(doc.take_problems())
    })
}

/// Both stand beside every case, so they are short and without blanks.
fn name<'a>(entry: &TomlEntry<'a>) -> Option<&'a str> {
    let text = entry.text()?;
    let is_right = text.len() <= 64 && !text.contains(|c: char| c.is_control() || c.is_whitespace());
    if !is_right {
        entry.wrong(format!("{} cannot be used", in_quotes(text)), "write up to 64 characters without blanks");
    }
    is_right.then_some(text)
}

fn zone(entry: &TomlEntry<'_>) -> Option<TimeZone> {
    let name = entry.text()?;
    let found = TimeZone::get(name).ok().filter(|_| rules::is_zone(name));
    if found.is_none() {
        entry.wrong(format!("there is no time zone {}", in_quotes(name)), "write an IANA name such as Asia/Shanghai");
    }
    found
}

/// The rules are as many as the entries: none of them was refused before.
fn tell(found: &Contradiction, entries: &[TomlEntry<'_>]) {
    match found {
        Contradiction::SameId { one, other, id } => {
            let (what, remedy) = rule::same_id(id, &entries[*one].place());
            entries[*other].wrong(what, remedy);
        }
        Contradiction::Tie { one, other } => {
            let what = format!("asks for as much as the rule at {}, and one case can meet both", entries[*one].place());
            let remedy = "let one of them ask for more under `match`, or end the one before the other begins";
            entries[*other].wrong(what, remedy);
        }
    }
}
