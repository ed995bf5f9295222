//! The streams of cases: hotline, grid, and any other that a file declares.
//!
//! Which event types there are is not known here; the caller gives their names.

mod faults;
mod file;
mod shipped;
#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, path::Path};

pub use self::{
    file::{CountingFile, DIMENSIONS, DebeziumFile, DimensionName, Means, RateName, ResultsFile, StreamFile, Title},
    shipped::SHIPPED,
};
use super::{
    ConfigError, Problem,
    layer::{self, Known},
    problem, read, toml_files,
};

/// Complete, so it is also the list of the keys that a stream file may have besides `[dimensions]`, `[[rates]]`, `[producers]` and `[debezium]`.
const HOTLINE: &str = include_str!("../../../config/streams/hotline.toml");

/// The built-in streams that are asked for and those of `dir`, by name; `event_types` are the names that exist.
pub fn load(dir: Option<&Path>, built_in: &str, event_types: &[&str]) -> Result<Vec<StreamFile>, ConfigError> {
    let known = Known::from_toml(HOTLINE, "built-in hotline.toml")?;
    let mut problems = Vec::new();
    let mut streams: BTreeMap<String, (String, StreamFile)> = BTreeMap::new();
    for (name, text) in shipped::chosen(built_in)? {
        let place = format!("built-in {name}.toml");
        let stream = parse(&place, text, &known)?;
        streams.insert(stream.name.clone(), (place, stream));
    }
    let mut named_by: BTreeMap<String, String> = BTreeMap::new();
    for path in dir.map(toml_files).transpose()?.unwrap_or_default() {
        let (place, text) = (path.display().to_string(), read(&path)?);
        let mut stream = parse(&place, &text, &known)?;
        if let (Some(debezium), Some(folder)) = (&mut stream.debezium, path.parent()) {
            debezium.mapping = folder.join(&debezium.mapping);
        }
        if let Some(earlier) = named_by.insert(stream.name.clone(), place.clone()) {
            let what = format!("name {:?} is already taken by {earlier}", stream.name);
            problems.push(Problem::new(&place, what, "give every stream a name of its own"));
        }
        streams.insert(stream.name.clone(), (place, stream));
    }
    for (place, stream) in streams.values() {
        problems.extend(faults::of(place, stream, event_types));
    }
    problems.extend(faults::shared_topics(streams.values()));
    problem::none_of(problems)?;
    Ok(streams.into_values().map(|(_, stream)| stream).collect())
}

/// Dimensions and rates are as many as a stream has; their keys are told by their types.
fn parse(place: &str, text: &str, known: &Known) -> Result<StreamFile, ConfigError> {
    let table = layer::parse(text, place)?;
    let mut fixed = table.clone();
    fixed.retain(|key, _| !["dimensions", "rates", "producers", "debezium"].contains(&key));
    problem::none_of(layer::faults_in(&fixed, place, known))?;
    let fault = |message: &str| {
        let remedy = "see config/streams/hotline.toml for a complete file, and docs/streams.md";
        ConfigError::Invalid(vec![Problem::new(place, message.trim().replace('\n', ", "), remedy)])
    };
    table.try_into().map_err(|error: toml::de::Error| fault(&error.to_string()))
}
