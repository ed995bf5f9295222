//! `tongguan figures check`: can these figures be used, and do their examples hold?

use std::{io::Write, path::Path, sync::Arc};

use anyhow::Context as _;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use crate::{
    cli::{
        Exit, declared,
        lines::{self, write_json},
    },
    config::{ConfigError, Settings, figures},
    domain::{kpi::Figure, rules::Rules, stream::Stream},
    report::table::{Align, TextTable},
};

pub(super) fn run(dir: Option<&Path>, settings: &Settings, json: bool, out: &mut impl Write) -> anyhow::Result<Exit> {
    let found = figures::check(dir, &rules(settings)?);
    if json {
        return as_json(found, out);
    }
    let found = found?;
    if found.is_empty() {
        let zh = "没有自定指标：figures.dir 未设置，或其中没有 .toml 文件";
        writeln!(out, "{zh}\nno figures of the town's own: figures.dir is not set, or has no .toml file")?;
        return Ok(Exit::Ok);
    }
    table(&found).write(out)?;
    Ok(Exit::Ok)
}

/// Examples live in a stream as most are, and are judged by the configured policy where they ask for it.
fn rules(settings: &Settings) -> anyhow::Result<Rules> {
    let zone = TimeZone::get(settings.zone_name()).context("timezone")?;
    Ok(Rules::new(Arc::new(Stream::usual("example", zone)), declared::limits(settings)?))
}

fn table(all: &[Figure]) -> TextTable {
    let heads = [
        ("编号 id", Align::Left),
        ("版本 version", Align::Left),
        ("名称 name", Align::Left),
        ("口径 convention", Align::Left),
        ("指标 figure", Align::Left),
        ("算例 examples", Align::Right),
    ];
    let mut table = TextTable::new(heads);
    for figure in all {
        table.push(vec![
            figure.id.clone(),
            figure.version.clone().unwrap_or_default(),
            figure.name.clone(),
            figure.convention.clone(),
            figure.title.both(" | "),
            figure.example.len().to_string(),
        ]);
    }
    table
}

fn as_json(found: Result<Vec<Figure>, ConfigError>, out: &mut impl Write) -> anyhow::Result<Exit> {
    let (figures, problems): (Vec<Value>, Vec<Value>) = match found {
        Ok(all) => (all.iter().map(told).collect(), Vec::new()),
        Err(ConfigError::Invalid(problems)) => (Vec::new(), lines::problems(&problems)),
        Err(error) => return Err(error.into()),
    };
    let is_usable = problems.is_empty();
    write_json(&json!({"usable": is_usable, "figures": figures, "problems": problems}), out)?;
    Ok(if is_usable { Exit::Ok } else { Exit::Config })
}

fn told(figure: &Figure) -> Value {
    json!({
        "kpi": figure.id,
        "version": figure.version,
        "name": figure.name,
        "convention": figure.convention,
        "examples": figure.example.len(),
    })
}
