//! One stage of a rule.

use super::limit;
use crate::{
    document::{Section, TomlEntry},
    domain::{
        calendar::Limit,
        fact::FactKind,
        policy::{Extension, ExtensionMode, Rework, Stage, StageName},
    },
};

/// Percent of a limit used from which the light is yellow, where no rule says it.
const YELLOW_AT: u8 = 80;

pub(super) fn read(entry: &TomlEntry<'_>) -> Option<Stage> {
    let section = entry.section()?;
    let name = section
        .require("name", "the name of the stage, such as DISPOSE")
        .and_then(|entry| entry.choice(&StageName::ALL.map(|name| (name.name(), name))));
    let (start, stop) = (event(&section, "start"), event(&section, "stop"));
    let limit = section.require("limit", "the limit, such as { n = 5, unit = \"WORK_DAY\" }");
    let limit = limit.and_then(|entry| limit::read(&entry));
    let is_pausable = flag(&section, "pausable", true);
    let extension = section.get("extension").and_then(|entry| extension(&entry));
    let rework = section.get("rework").and_then(|entry| rework(&entry)).unwrap_or(Rework::Continue);
    let return_stops_clock = section.get("return").and_then(|entry| stops_clock(&entry)).unwrap_or(false);
    let yellow_at = section.get("lights").and_then(|entry| yellow_at(&entry)).unwrap_or(YELLOW_AT);
    section.finish();
    if start.is_some() && start == stop {
        section.wrong("starts and stops with the same event", "let another event stop it");
    }
    Some(Stage {
        name: name?,
        start: start?,
        stop: stop?,
        limit: limit?,
        is_pausable,
        extension,
        rework,
        return_stops_clock,
        yellow_at,
    })
}

fn event(section: &Section<'_>, key: &'static str) -> Option<FactKind> {
    let entry = section.require(key, "an event type without `case.` and version, such as dispatched")?;
    entry.choice(&FactKind::ALL.map(|(kind, name)| (name, kind)))
}

fn flag(section: &Section<'_>, key: &'static str, usual: bool) -> bool {
    section.get(key).and_then(|entry| entry.flag()).unwrap_or(usual)
}

fn extension(entry: &TomlEntry<'_>) -> Option<Extension> {
    let section = entry.section_like("{ mode = \"ADD_ORIGINAL\" } or the like")?;
    let max_times = match section.get("max_times") {
        None => Some(1),
        Some(entry) => entry.count().filter(|times| {
            if *times == 0 {
                entry.wrong("is 0", "write at least 1, or leave `extension` out");
            }
            *times > 0
        }),
    };
    let limit = own_limit(&section);
    let must_request_before_due = flag(&section, "must_request_before_due", true);
    let cures_lateness = flag(&section, "cures_lateness", false);
    let mode = section.require("mode", "ADD_ORIGINAL, ADD_N or SET_DUE").and_then(|mode| {
        let named = mode.choice(&ExtensionMode::NAMES.map(|name| (name, name)))?;
        match (named, limit) {
            ("ADD_N", Some(limit)) => Some(ExtensionMode::AddN(limit?)),
            ("SET_DUE", limit) => Some(ExtensionMode::SetDue(limit.flatten())),
            ("ADD_ORIGINAL", None) => Some(ExtensionMode::AddOriginal),
            ("ADD_N", None) => no_limit(&section, "ADD_N has no limit", "write the limit to add as `limit`"),
            _ => {
                section.wrong("ADD_ORIGINAL adds the limit of the stage", "leave `limit` out, or write ADD_N");
                None
            }
        }
    });
    section.finish();
    Some(Extension { max_times: max_times?, mode: mode?, must_request_before_due, cures_lateness })
}

fn rework(entry: &TomlEntry<'_>) -> Option<Rework> {
    let section = entry.section_like("{ mode = \"RESTART\" } or the like")?;
    let limit = own_limit(&section);
    let mode = section.require("mode", "CONTINUE, RESTART or FIXED").and_then(|mode| {
        let named = mode.choice(&Rework::NAMES.map(|name| (name, name)))?;
        match (named, limit) {
            ("CONTINUE", None) => Some(Rework::Continue),
            ("RESTART", None) => Some(Rework::Restart),
            ("FIXED", Some(limit)) => Some(Rework::Fixed(limit?)),
            ("FIXED", None) => no_limit(&section, "FIXED has no limit", "write the limit of the rework as `limit`"),
            _ => {
                section.wrong(format!("{named} has no limit of its own"), "leave `limit` out, or write FIXED");
                None
            }
        }
    });
    section.finish();
    mode
}

/// To be asked for when all the others are: it may be only misspelt.
fn no_limit<T>(section: &Section<'_>, what: &str, remedy: &str) -> Option<T> {
    if !section.is_misspelt("limit") {
        section.wrong(what, remedy);
    }
    None
}

/// None: there is none; Some(None): there is one that cannot be used, which is told already.
fn own_limit(section: &Section<'_>) -> Option<Option<Limit>> {
    section.get("limit").map(|entry| limit::read(&entry))
}

fn stops_clock(entry: &TomlEntry<'_>) -> Option<bool> {
    let section = entry.section_like("{ stops_clock = true }")?;
    let stops = section.require("stops_clock", "true or false").and_then(|entry| entry.flag());
    section.finish();
    stops
}

fn yellow_at(entry: &TomlEntry<'_>) -> Option<u8> {
    let section = entry.section_like("{ yellow_at = 80 }")?;
    let at = section.require("yellow_at", "the percent of the limit from which the light is yellow");
    section.finish();
    let at = at?;
    let percent = at.count()?;
    let is_right = (1..=100).contains(&percent);
    if !is_right {
        at.wrong(format!("{percent} percent"), "write a number from 1 to 100");
    }
    is_right.then_some(percent as u8)
}
