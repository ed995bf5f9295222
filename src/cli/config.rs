//! `tongguan config`: what is in force, where each value comes from, and whether it can be used.

use std::{
    collections::BTreeMap,
    io::{self, Write},
    path::Path,
};

use clap::Subcommand;

use super::{certificates, connections, figures};
use crate::{
    config::{
        ConfigError, Loaded, SettingEntry, Settings, calendar, page_files_fit, policy, secret_files, streams, town_map,
    },
    domain::kpi::catalogue,
    http::{KeptFileError, auth::AuthError},
    pipeline::clock,
    report::json,
    report::table::width,
};

#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// List every setting with its value and its origin; secrets are shown as ***
    Show {
        /// As a list of JSON objects
        #[arg(long)]
        json: bool,
    },
    /// Say whether the configuration and the streams can be used, and if not, why
    Check,
}

/// `event_types` are the names that a stream file may use.
pub fn run(
    command: &ConfigCommand,
    config_file: Option<&Path>,
    env: impl Iterator<Item = (String, String)>,
    event_types: &[&str],
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let loaded = Settings::load(config_file, env)?;
    match command {
        ConfigCommand::Show { json: true } => {
            json::write(&loaded.entries()?, out)?;
        }
        ConfigCommand::Show { json: false } => write_table(&loaded.entries()?, out)?,
        ConfigCommand::Check => write_verdict(&loaded, event_types, out)?,
    }
    Ok(())
}

/// A text is shown in quotes, as it would stand in a file: `0012` and `"0012"` differ.
fn write_table(entries: &[SettingEntry], out: &mut impl Write) -> io::Result<()> {
    let keys = entries.iter().map(|entry| entry.key.chars().count()).max().unwrap_or(0);
    let texts: Vec<String> = entries.iter().map(|entry| entry.value.to_string()).collect();
    let values = texts.iter().map(|text| width(text)).max().unwrap_or(0);
    for (entry, text) in entries.iter().zip(&texts) {
        let blanks = " ".repeat(values - width(text));
        writeln!(out, "{:keys$}  {text}{blanks}  {}", entry.key, entry.origin)?;
    }
    Ok(())
}

fn write_verdict(loaded: &Loaded, event_types: &[&str], out: &mut impl Write) -> Result<(), anyhow::Error> {
    figures::adopt(&loaded.settings)?;
    let streams =
        streams::load(loaded.settings.streams.dir.as_deref(), &loaded.settings.streams.built_in, event_types)?;
    let calendar = calendar::load(loaded.settings.calendar.file.as_deref())?;
    let policy = policy::load(loaded.settings.policy.file.as_deref())?;
    let page = &loaded.settings.page;
    let map = page.map_file.as_deref().map(|file| town_map::load(file, &page.map_key)).transpose()?;
    connections::check(&loaded.settings, &loaded.origins)?;
    page_files_fit(&loaded.settings, &loaded.origins, clock::now())?;
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for origin in loaded.origins.values() {
        let kind = if origin.starts_with("env:") { "the environment" } else { origin };
        *counts.entry(kind).or_default() += 1;
    }
    writeln!(out, "The configuration can be used.")?;
    for (origin, count) in counts {
        writeln!(out, "  {count:3} from {origin}")?;
    }
    for stream in streams {
        writeln!(out, "  stream {}: topic {}", stream.name, stream.topic)?;
    }
    let (first, last) = (calendar.days.first().date(), calendar.days.last().date());
    writeln!(out, "  calendar {}: {first} to {last}", calendar.version.id)?;
    let memory = loaded.settings.memory;
    writeln!(out, "  memory {} MiB: {}", memory.max_mb, memory.shares())?;
    for figure in catalogue::own() {
        writeln!(out, "  figure {}: {}", figure.id, figure.title.both(" "))?;
    }
    writeln!(out, "  policy {} {}: {} rules", policy.id, policy.version, policy.rules().len())?;
    if let Some(map) = map {
        writeln!(out, "  map of the wall: {} areas", map.areas.len())?;
    }
    for one in certificates::of(&loaded.settings) {
        writeln!(out, "  certificate {} ({}): {} until {}", one.path.display(), one.key, one.subject, one.ends)?;
    }
    for warning in secret_files::exposed(&loaded.settings, &loaded.origins) {
        writeln!(out, "  warning: {warning}")?;
    }
    Ok(())
}

/// Whether a command failed over its configuration, which has an exit code of its own.
pub fn is_config_error(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| cause.is::<ConfigError>() || cause.is::<KeptFileError>() || cause.is::<AuthError>())
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENT_TYPES: &[&str] = &["accepted", "closed", "voided", "rejected", "not_filed"];

    fn printed(command: &ConfigCommand, env: &[(&str, &str)]) -> anyhow::Result<String> {
        let env = env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let mut out = Vec::new();
        run(command, None, env, EVENT_TYPES, &mut out)?;
        Ok(String::from_utf8(out)?)
    }

    #[test]
    fn show_lines_up_keys_values_and_origins_and_hides_secrets() {
        let env = [("TONGGUAN__CLICKHOUSE__PASSWORD", "hunter2")];
        let text = printed(&ConfigCommand::Show { json: false }, &env).unwrap();
        let line = |key: &str| text.lines().find(|line| line.starts_with(key)).unwrap().to_owned();
        assert!(line("kafka.group ").contains("\"tongguan\"") && line("kafka.group ").ends_with("default"));
        let password = line("clickhouse.password ");
        assert!(password.contains("\"***\"") && password.ends_with("env:TONGGUAN__CLICKHOUSE__PASSWORD"));
        let columns: Vec<_> =
            text.lines().filter_map(|line| line.rfind("  default").map(|at| width(&line[..at]))).collect();
        assert!(columns.windows(2).all(|pair| pair[0] == pair[1]), "{text}");
        assert!(!text.contains("hunter2"));
    }

    #[test]
    fn show_as_json_keeps_the_types() {
        let text = printed(&ConfigCommand::Show { json: true }, &[]).unwrap();
        let entries: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
        let find = |key: &str| entries.iter().find(|entry| entry["key"] == key).unwrap();
        assert_eq!(find("kafka.partitions")["value"], 4);
        assert_eq!(find("kafka.create_topics")["value"], true);
        assert_eq!(find("ingest.earliest")["origin"], "default");
    }

    #[test]
    fn check_names_the_streams_and_where_values_come_from() {
        let text = printed(&ConfigCommand::Check, &[("TONGGUAN__LOG__LEVEL", "debug")]).unwrap();
        assert!(text.contains("1 from the environment"), "{text}");
        assert!(text.contains("stream hotline: topic case-events.hotline"), "{text}");
        assert!(text.contains("calendar cn-2026.1: 2018-01-01 to 2026-12-31"), "{text}");
        assert!(text.contains("policy shanghai-town 2026.1: 4 rules"), "{text}");
        assert!(text.contains("memory 512 MiB: 16 MiB fetched"), "{text}");
    }

    #[test]
    fn a_wrong_configuration_is_told_apart_from_other_failures() {
        let error = printed(&ConfigCommand::Check, &[("TONGGUAN__LOG__LEVEL", "loud")]).unwrap_err();
        assert!(is_config_error(&error));
        assert!(!is_config_error(&anyhow::anyhow!("the disk is full")));
    }
}
