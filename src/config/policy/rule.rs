//! One rule of a policy file.

use std::collections::HashMap;

use jiff::{civil::Date, tz::TimeZone};

use super::{super::calendar, name, stage};
use crate::{
    document::{Section, TomlEntry, in_quotes},
    domain::{
        policy::{CategoryPrefix, Criteria, Criterion, Rule, Stage, Validity},
        time::Millis,
    },
};

/// The ids so far and where each stands.
pub(super) type RuleIds = HashMap<String, String>;

pub(super) fn same_id(id: &str, place: &str) -> (String, &'static str) {
    (format!("id {} is already that of the rule at {place}", in_quotes(id)), "give every rule an id of its own")
}

pub(super) fn read(entry: &TomlEntry<'_>, zone: &TimeZone, ids: &mut RuleIds) -> Option<Rule> {
    let section = entry.section_like("[[rules]] with id and stages")?;
    let id = section.require("id", "a name for the rule").and_then(|entry| name(&entry));
    if let Some(id) = id {
        match ids.get(id) {
            Some(place) => {
                let (what, remedy) = same_id(id, place);
                entry.wrong(what, remedy);
            }
            None => _ = ids.insert(id.to_owned(), entry.place()),
        }
    }
    let text = |key| section.get(key).and_then(|entry| entry.text()).unwrap_or_default().to_owned();
    let (title, source) = (text("title"), text("source"));
    let criteria = section.get("match").and_then(|entry| criteria(&entry)).unwrap_or_default();
    let validity = validity(&section, zone);
    let stages = stages(&section);
    section.finish();
    Some(Rule { id: id?.into(), title, source, criteria, validity, stages })
}

fn criteria(entry: &TomlEntry<'_>) -> Option<Criteria> {
    let section = entry.section_like("{ stream = \"hotline\" } or the like")?;
    let mut criteria = Criteria::default();
    for criterion in Criterion::ALL {
        let Some(entry) = section.get(criterion.name()) else { continue };
        if criterion == Criterion::Category {
            criteria.category = category(&entry);
        } else if let Some(values) = entry.texts() {
            criteria.any_of.insert(criterion, values.into_iter().map(Into::into).collect());
        }
    }
    section.finish();
    Some(criteria)
}

/// The beginning of a code, or with its standard: `{ standard = "GB/T 47678.5-2026", code = "06" }`.
fn category(entry: &TomlEntry<'_>) -> Option<CategoryPrefix> {
    if !entry.is_table() {
        return Some(CategoryPrefix { standard: None, prefix: entry.text()?.into() });
    }
    let section = entry.section_like("a code in quotes, or { standard = \"…\", code = \"06\" }")?;
    let standard = section.get("standard").and_then(|entry| entry.text()).map(Into::into);
    let code = section.require("code", "a category code or its beginning").and_then(|entry| entry.text());
    section.finish();
    Some(CategoryPrefix { standard, prefix: code?.into() })
}

/// `valid_to` is the last day on which the rule is in force.
fn validity(section: &Section<'_>, zone: &TimeZone) -> Validity {
    let day = |key| section.get(key).and_then(|entry| date(&entry).map(|date| (entry, date)));
    let (from, to) = (day("valid_from"), day("valid_to"));
    if let (Some((_, from)), Some((entry, to))) = (&from, &to)
        && to < from
    {
        entry.wrong(format!("{to} is before valid_from, {from}"), "exchange the two");
    }
    Validity {
        from: from.and_then(|(_, date)| start_of(date, zone)),
        until: to.and_then(|(_, date)| start_of(date.tomorrow().ok()?, zone)),
    }
}

/// Where the clocks are put forward over midnight, the day begins later.
fn start_of(date: Date, zone: &TimeZone) -> Option<Millis> {
    date.to_zoned(zone.clone()).ok().map(|start| Millis(start.timestamp().as_millisecond()))
}

fn date(entry: &TomlEntry<'_>) -> Option<Date> {
    let text = entry.text()?;
    let found = calendar::date_of(text);
    if found.is_none() {
        entry.wrong(format!("{} is no date", in_quotes(text)), calendar::DATE_REMEDY);
    }
    found
}

fn stages(section: &Section<'_>) -> Vec<Stage> {
    let found = section.require("stages", "at least one stage, in a section [[rules.stages]]");
    let entries = found.map(|entry| entry.sections()).unwrap_or_default();
    let mut stages: Vec<Stage> = Vec::new();
    for entry in entries {
        let Some(stage) = stage::read(&entry) else { continue };
        if stages.iter().any(|earlier| earlier.name == stage.name) {
            entry.wrong(format!("{} stands twice in this rule", stage.name.name()), "leave one of the two");
        }
        stages.push(stage);
    }
    stages
}
