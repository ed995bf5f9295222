//! Settings: the built-in defaults, then a file, then the environment, read into one checked value; and the files they name.
//!
//! Every fault is found at once and says what is wrong, where, and what to do. Where each value
//! came from is kept, so that `tongguan config show` can answer "why is it 4?".
//! It knows nothing of what the settings are used for.

pub mod alerts;
mod blank;
pub mod calendar;
mod extra;
pub mod figures;
mod inlet;
mod layer;
mod memory;
pub mod names;
pub mod policy;
mod problem;
pub mod reports;
mod rule;
mod rules;
mod secret;
pub mod secret_files;
mod security;
mod settings;
pub mod streams;
#[cfg(test)]
mod tests;
pub mod town_map;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use config::{Config, ValueKind};

use self::layer::{Known, Layer};
pub use self::{
    alerts::AlertSettings,
    inlet::InletSettings,
    memory::{Memory, Shares},
    problem::{ConfigError, Problem},
    secret::Secret,
    security::{page_files_fit, page_unfit},
    settings::*,
    streams::StreamFile,
};

/// The defaults, which are also the list of every key and of its type.
pub const DEFAULT: &str = include_str!("../../config/default.toml");

/// Keys whose values never appear in a message.
fn is_secret(key: &str) -> bool {
    key == "clickhouse.password" || extra::name(key).is_some_and(extra::is_secret)
}

/// Settings that passed every check, and where each of them came from.
#[derive(Debug, Clone)]
pub struct Loaded {
    pub settings: Settings,
    /// By key: `default`, `file:PATH` or `env:NAME`.
    pub origins: BTreeMap<String, String>,
}

/// One setting as a person may see it.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct SettingEntry {
    pub key: String,
    pub value: serde_json::Value,
    pub origin: String,
}

impl Settings {
    /// Reads all layers; `env` is the environment, of which only `TONGGUAN__…` is looked at and,
    /// for the state folder, `XDG_STATE_HOME` and `HOME`.
    pub fn load(
        config_file: Option<&Path>,
        env: impl Iterator<Item = (String, String)>,
    ) -> Result<Loaded, ConfigError> {
        let env: BTreeMap<String, String> = env.collect();
        let known = Known::from_toml(DEFAULT, "default.toml")?;
        let mut problems = Vec::new();
        let mut layers = vec![known.as_layer("default")];
        if let Some(path) = config_file {
            layers.push(Layer::of_file(path, &read(path)?, &known, &mut problems)?);
        }
        layers.push(Layer::of_env(&env, &known, &mut problems));
        problem::none_of(problems)?;

        let extra = extras(&layers);
        let merged = merge(layers)?;
        let mut origins = BTreeMap::new();
        let mut problems = Vec::new();
        walk("", &merged.cache, &mut |key, value| {
            let origin = value.origin().unwrap_or("default");
            origins.insert(key.to_owned(), origin.to_owned());
            problems.extend(rules::fault(key, &value.kind, origin));
        });
        problem::none_of(problems)?;

        let mut settings: Settings = merged.try_deserialize().map_err(ConfigError::internal)?;
        for (name, (text, origin)) in extra {
            origins.insert(format!("kafka.extra.{name}"), origin);
            settings.kafka.extra.0.insert(name, text);
        }
        read_kafka_passwords(&mut settings)?;
        problem::none_of(rules::faults_between(&settings, &origins))?;
        problem::none_of(security::faults_in_files(&settings, &origins))?;
        settings.privacy.default_key_file = state_dir(&env).map(|dir| dir.join("privacy.key"));
        settings.http.auth.state_dir = state_dir(&env);
        read_password_file(&mut settings, &mut origins)?;
        Ok(Loaded { settings, origins })
    }
}

impl Loaded {
    /// Every key with its value and origin, in the order of the alphabet; secrets as `***`.
    pub fn entries(&self) -> Result<Vec<SettingEntry>, ConfigError> {
        let tree = Config::try_from(&self.settings).map_err(ConfigError::internal)?;
        let mut entries = Vec::new();
        walk("", &tree.cache, &mut |key, value| {
            let origin = self.origins.get(key).cloned().unwrap_or_default();
            let value = match &value.kind {
                ValueKind::Boolean(on) => (*on).into(),
                ValueKind::I64(number) => (*number).into(),
                ValueKind::U64(number) => (*number).into(),
                _ => value.to_string().into(),
            };
            entries.push(SettingEntry { key: key.to_owned(), value, origin });
        });
        for (name, text) in &self.settings.kafka.extra.0 {
            let key = format!("kafka.extra.{name}");
            let value = if extra::is_secret(name) { "***".into() } else { text.as_str().into() };
            let origin = self.origins.get(&key).cloned().unwrap_or_default();
            entries.push(SettingEntry { key, value, origin });
        }
        entries.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(entries)
    }
}

/// The environment of this process. Values that are not UTF-8 are kept with replacement characters:
/// `std::env::vars` would panic over a variable that has nothing to do with us.
pub fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os().map(|(name, value)| (name.to_string_lossy().into(), value.to_string_lossy().into()))
}

fn merge(layers: Vec<Layer>) -> Result<Config, ConfigError> {
    let builder = layers.into_iter().fold(Config::builder(), |all, layer| all.add_source(layer));
    builder.build().map_err(ConfigError::internal)
}

/// By name: the text of the last layer that has it, and its origin.
fn extras(layers: &[Layer]) -> BTreeMap<String, (String, String)> {
    let all = layers.iter().flat_map(Layer::extra);
    all.map(|(name, text, origin)| (name.to_owned(), (text, origin.to_owned()))).collect()
}

/// Calls `visit` with the dotted key of every value that is not a table.
fn walk(prefix: &str, value: &config::Value, visit: &mut impl FnMut(&str, &config::Value)) {
    let ValueKind::Table(table) = &value.kind else {
        return visit(prefix, value);
    };
    for (name, child) in table {
        let key = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
        walk(&key, child, visit);
    }
}

/// A relative `XDG_STATE_HOME` is ignored, as the XDG specification asks.
fn state_dir(env: &BTreeMap<String, String>) -> Option<PathBuf> {
    let stated = env.get("XDG_STATE_HOME").map(PathBuf::from).filter(|dir| dir.is_absolute());
    let home = || env.get("HOME").filter(|home| !home.is_empty());
    let base = stated.or_else(|| home().map(|home| Path::new(home).join(".local/state")))?;
    Some(base.join("tongguan"))
}

fn read_password_file(settings: &mut Settings, origins: &mut BTreeMap<String, String>) -> Result<(), ConfigError> {
    let Some(path) = &settings.clickhouse.password_file else {
        return Ok(());
    };
    settings.clickhouse.password = secret_in(path)?;
    origins.insert("clickhouse.password".to_owned(), format!("file:{}", path.display()));
    Ok(())
}

fn read_kafka_passwords(settings: &mut Settings) -> Result<(), ConfigError> {
    let kafka = &mut settings.kafka;
    if let Some(path) = &kafka.password_file {
        kafka.password = secret_in(path)?;
    }
    if let Some(path) = &kafka.certificate_key_password_file {
        kafka.certificate_key_password = secret_in(path)?;
    }
    Ok(())
}

fn secret_in(path: &Path) -> Result<Secret, ConfigError> {
    Ok(Secret::new(read(path)?.trim_end_matches(['\r', '\n'])))
}

/// Those of a folder, in the order of their names, so that every start reads them alike.
fn toml_files(dir: &Path) -> Result<Vec<PathBuf>, ConfigError> {
    let unreadable = |source| ConfigError::Unreadable { path: dir.to_owned(), source };
    let mut paths = Vec::new();
    for entry in fs::read_dir(dir).map_err(unreadable)? {
        paths.push(entry.map_err(unreadable)?.path());
    }
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.sort();
    Ok(paths)
}

fn read(path: &Path) -> Result<String, ConfigError> {
    fs::read_to_string(path).map_err(|source| ConfigError::Unreadable { path: path.to_owned(), source })
}
