//! A policy and its rules as text and as JSON.

use std::io::{self, Write};

use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use super::{
    rule_miss::wanted,
    table::{TextTable, write_line},
};
use crate::domain::{
    calendar::{Convention, Limit},
    policy::{CategoryPrefix, Criterion, Extension, Policy, Rule, Stage},
};

/// The rules, in the order in which they are asked.
pub fn policy_json(policy: &Policy) -> Value {
    json!({
        "policy": policy.id,
        "version": policy.version,
        "timezone": policy.zone.iana_name(),
        "rules": policy.rules().iter().map(|rule| rule_json(rule, &policy.zone)).collect::<Vec<_>>(),
    })
}

/// 时限 on one line.
pub fn limit_text(limit: Limit) -> String {
    let convention = limit.convention().map(|how| format!(" {}", how.name())).unwrap_or_default();
    format!("{} {} {}{convention}", limit.count(), limit.unit().title_zh(), limit.unit().name())
}

/// 时限 as policy files write it.
pub fn limit_json(limit: Limit) -> Value {
    json!({
        "n": limit.count(),
        "unit": limit.unit().name(),
        "convention": limit.convention().map(Convention::name),
    })
}

/// 规则: criteria, validity, and a line for each stage.
pub fn write_rule(rule: &Rule, zone: &TimeZone, out: &mut impl Write) -> io::Result<()> {
    write_line(&rule.id, &rule.title, out)?;
    let asked: Vec<String> = Criterion::ALL
        .into_iter()
        .filter_map(|criterion| {
            let wanted = wanted(&rule.criteria, criterion)?;
            Some(format!("{} {} = {wanted}", criterion.title_zh(), criterion.name()))
        })
        .collect();
    let asked = if asked.is_empty() { "所有案件 every case".to_owned() } else { asked.join(", ") };
    write_line("  条件 match", &asked, out)?;
    if let Some(from) = rule.validity.from {
        write_line("  起 valid from", &from.rfc3339(zone), out)?;
    }
    if let Some(until) = rule.validity.until {
        write_line("  止 valid before", &until.rfc3339(zone), out)?;
    }
    if !rule.source.is_empty() {
        write_line("  出处 source", &rule.source, out)?;
    }
    write_stages(&rule.stages, out)
}

fn write_stages(stages: &[Stage], out: &mut impl Write) -> io::Result<()> {
    let heads = [
        "  环节 stage",
        "时限 limit",
        "起止 from – to",
        "挂账 pause",
        "延期 extension",
        "返工 rework",
        "退单 return",
        "黄灯 yellow",
    ];
    let mut table = TextTable::of_texts(heads);
    for stage in stages {
        let rework = stage.rework.limit().map(|limit| format!(" {}", limit_text(limit))).unwrap_or_default();
        table.push(vec![
            format!("  {} {}", stage.name.title_zh(), stage.name.name()),
            limit_text(stage.limit),
            format!("{} – {}", stage.start.name(), stage.stop.name()),
            if stage.is_pausable { "停 stops" } else { "不停 runs" }.to_owned(),
            stage.extension.map_or("–".to_owned(), extension_text),
            format!("{}{rework}", stage.rework.name()),
            if stage.return_stops_clock { "停 stops" } else { "不停 runs" }.to_owned(),
            format!("{} %", stage.yellow_at),
        ]);
    }
    table.write(out)
}

fn extension_text(extension: Extension) -> String {
    let limit = extension.mode.limit().map(|limit| format!(" {}", limit_text(limit))).unwrap_or_default();
    let cures = if extension.cures_lateness { ", 可补救 cures lateness" } else { "" };
    format!("{}{limit} ×{}{cures}", extension.mode.name(), extension.max_times)
}

/// 规则 for programs.
pub fn rule_json(rule: &Rule, zone: &TimeZone) -> Value {
    let mut asked = Map::new();
    for (criterion, values) in &rule.criteria.any_of {
        asked.insert(criterion.name().to_owned(), json!(values));
    }
    if let Some(CategoryPrefix { standard, prefix }) = &rule.criteria.category {
        asked.insert(Criterion::Category.name().to_owned(), json!({"standard": standard, "code": prefix}));
    }
    json!({
        "id": rule.id,
        "title": rule.title,
        "source": rule.source,
        "match": asked,
        "valid_from": rule.validity.from.map(|at| at.rfc3339(zone)),
        "valid_before": rule.validity.until.map(|at| at.rfc3339(zone)),
        "stages": rule.stages.iter().map(stage_json).collect::<Vec<_>>(),
    })
}

fn stage_json(stage: &Stage) -> Value {
    let extension = stage.extension.map(|extension| {
        json!({
            "max_times": extension.max_times,
            "mode": extension.mode.name(),
            "limit": extension.mode.limit().map(limit_json),
            "must_request_before_due": extension.must_request_before_due,
            "cures_lateness": extension.cures_lateness,
        })
    });
    json!({
        "name": stage.name.name(),
        "start": stage.start.name(),
        "stop": stage.stop.name(),
        "limit": limit_json(stage.limit),
        "pausable": stage.is_pausable,
        "extension": extension,
        "rework": {"mode": stage.rework.name(), "limit": stage.rework.limit().map(limit_json)},
        "return": {"stops_clock": stage.return_stops_clock},
        "lights": {"yellow_at": stage.yellow_at},
    })
}
