//! One source of settings, checked key by key against the known ones before it is merged.
//!
//! The defaults are the schema: a key that is not there is refused with the nearest one that is,
//! and a value must have the type of the default.

use std::{collections::BTreeMap, path::Path};

use toml::{Table, Value};

use super::{ConfigError, Problem, extra, is_secret};

const ENV_PREFIX: &str = "TONGGUAN__";

/// Every key there is, dotted, with a value of the right type.
#[derive(Debug)]
pub(super) struct Known(BTreeMap<String, Value>);

/// The values one source gives, by dotted key, each with its origin.
#[derive(Debug, Clone)]
pub(super) struct Layer(BTreeMap<String, (Value, String)>);

impl Known {
    pub(super) fn from_toml(text: &str, place: &str) -> Result<Self, ConfigError> {
        Ok(Self(flatten(&parse(text, place)?)))
    }

    pub(super) fn as_layer(&self, origin: &str) -> Layer {
        let with_origin = |(key, value): (&String, &Value)| (key.clone(), (value.clone(), origin.to_owned()));
        Layer(self.0.iter().map(with_origin).collect())
    }

    fn is_section(&self, key: &str) -> bool {
        self.0.keys().any(|known| known.strip_prefix(key).is_some_and(|rest| rest.starts_with('.')))
    }

    /// A key written in the wrong section is as near as its name alone, and one step.
    fn nearest(&self, key: &str) -> &str {
        let name = |key: &str| key.rsplit('.').next().unwrap_or_default().to_owned();
        let distance = |known: &str| {
            let whole = strsim::damerau_levenshtein(key, known);
            whole.min(strsim::damerau_levenshtein(&name(key), &name(known)) + 1)
        };
        self.0.keys().map(String::as_str).min_by_key(|known| distance(known)).unwrap_or_default()
    }

    fn nearest_section(&self, key: &str) -> &str {
        let sections = self.0.keys().filter_map(|known| known.rsplit_once('.'));
        let distance = |section: &&str| strsim::damerau_levenshtein(key, section);
        sections.map(|(section, _)| section).min_by_key(distance).unwrap_or_default()
    }
}

impl Layer {
    pub(super) fn of_file(
        path: &Path,
        text: &str,
        known: &Known,
        problems: &mut Vec<Problem>,
    ) -> Result<Self, ConfigError> {
        let place = path.display().to_string();
        let table = parse(text, &place)?;
        problems.extend(faults_in(&table, &place, known));
        let origin = format!("file:{place}");
        let leaves = flatten(&table).into_iter();
        Ok(Self(leaves.map(|(key, value)| (key, (value, origin.clone()))).collect()))
    }

    pub(super) fn of_env(env: &BTreeMap<String, String>, known: &Known, problems: &mut Vec<Problem>) -> Self {
        let mut leaves = BTreeMap::new();
        for (name, text) in env.iter().filter(|(name, _)| is_ours(name)) {
            if let Some(key) = extra::key_of(name) {
                let origin = format!("env:{name}");
                problems.extend(extra::fault(&key, &origin));
                leaves.insert(key, (Value::String(text.clone()), origin));
                continue;
            }
            let key = key_of(name);
            let Some(default) = known.0.get(&key).filter(|_| *name == variable_of(&key)) else {
                let nearest = variable_of(known.nearest(&key));
                let what = format!("unknown variable {name}");
                let remedy = format!("the nearest right one is {nearest}");
                problems.push(Problem::new("environment", what, remedy));
                continue;
            };
            let origin = format!("env:{name}");
            match read_as(default, text) {
                Some(value) => _ = leaves.insert(key, (value, origin)),
                None => {
                    let given = Value::String(text.clone());
                    problems.push(wrong_type(&key, &origin, default, &given));
                }
            }
        }
        Self(leaves)
    }

    /// The keys of the client library, as the text that it takes, with where each comes from.
    pub(super) fn extra(&self) -> impl Iterator<Item = (&str, String, &str)> {
        self.0
            .iter()
            .filter_map(|(key, (value, origin))| Some((extra::name(key)?, extra::text(value)?, origin.as_str())))
    }
}

/// Faults of a parsed file: keys that nobody reads and values of the wrong type.
pub(super) fn faults_in(table: &Table, place: &str, known: &Known) -> Vec<Problem> {
    let check = |(key, value): (String, Value)| match known.0.get(&key) {
        None if extra::is_one(&key) => {
            let origin = format!("file:{place}");
            extra::fault(&key, &origin)
                .or_else(|| extra::text(&value).is_none().then(|| extra::wrong_type(&key, &origin)))
        }
        Some(default) if same_type(default, &value) => None,
        Some(default) => Some(wrong_type(&key, &format!("file:{place}"), default, &value)),
        None if known.is_section(&key) => (!value.is_table()).then(|| {
            let remedy = format!("write [{key}] and its keys below");
            Problem::new(place, format!("`{key}` is a section, not a value"), remedy)
        }),
        None => {
            let is_section = value.is_table();
            let nearest = if is_section { known.nearest_section(&key) } else { known.nearest(&key) };
            let remedy = format!("the nearest right one is `{nearest}`");
            Some(Problem::new(place, format!("unknown key `{key}`"), remedy))
        }
    };
    flatten(table).into_iter().filter_map(check).collect()
}

pub(super) fn parse(text: &str, place: &str) -> Result<Table, ConfigError> {
    text.parse::<Table>().map_err(|error| ConfigError::NotToml(Problem::not_toml(place, text, &error)))
}

impl config::Source for Layer {
    fn clone_into_box(&self) -> Box<dyn config::Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<config::Map<String, config::Value>, config::ConfigError> {
        let with_origin = |(key, (value, origin)): (&String, &(Value, String))| {
            (key.clone(), config::Value::new(Some(origin), kind(value)))
        };
        Ok(self.0.iter().filter(|(key, _)| !extra::is_part(key)).map(with_origin).collect())
    }
}

/// Empty tables stay, so that a misspelt section without keys is still seen.
fn flatten(table: &Table) -> BTreeMap<String, Value> {
    let mut leaves = BTreeMap::new();
    for (name, value) in table {
        match value {
            Value::Table(inner) if !inner.is_empty() => {
                leaves.extend(flatten(inner).into_iter().map(|(key, value)| (format!("{name}.{key}"), value)))
            }
            _ => _ = leaves.insert(name.clone(), value.clone()),
        }
    }
    leaves
}

/// Also `TONGGUAN_KAFKA__GROUP`, a slip that would otherwise be ignored in silence; but not
/// `TONGGUAN_PORT` and its like, which Kubernetes sets for a service of our name.
fn is_ours(name: &str) -> bool {
    name.strip_prefix("TONGGUAN_").is_some_and(|rest| rest.contains("__") || rest.starts_with('_'))
}

fn key_of(name: &str) -> String {
    let rest = name.trim_start_matches("TONGGUAN").trim_start_matches('_');
    rest.to_lowercase().replace("__", ".")
}

fn variable_of(key: &str) -> String {
    format!("{ENV_PREFIX}{}", key.to_uppercase().replace('.', "__"))
}

/// A variable is text; only the default tells what it stands for, so "0012" stays a text where one
/// is wanted.
fn read_as(default: &Value, text: &str) -> Option<Value> {
    match default {
        Value::String(_) => Some(Value::String(text.to_owned())),
        Value::Integer(_) => text.parse().ok().map(Value::Integer),
        Value::Boolean(_) => text.parse().ok().map(Value::Boolean),
        Value::Array(_) => {
            let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
            Some(items.map(Value::from).collect::<Vec<_>>().into())
        }
        _ => None,
    }
}

/// A date without quotes is taken where a text is wanted: TOML has dates of its own.
fn same_type(default: &Value, given: &Value) -> bool {
    match (default, given) {
        (Value::String(_), Value::Datetime(_)) => true,
        (Value::Array(_), Value::Array(items)) => items.iter().all(Value::is_str),
        _ => default.same_type(given),
    }
}

fn wrong_type(key: &str, origin: &str, default: &Value, given: &Value) -> Problem {
    let wanted = match default {
        Value::Integer(_) => "a whole number",
        Value::Boolean(_) => "true or false",
        Value::Array(_) => "a list of texts",
        Value::Table(_) => "a section",
        _ => "a text in quotes",
    };
    let given = match given {
        _ if is_secret(key) => "something else".to_owned(),
        // Nobody looks into it for what is secret, such as a URL with a password.
        Value::Array(_) => "a list".to_owned(),
        Value::Table(_) => "a section".to_owned(),
        one => one.to_string(),
    };
    let remedy = format!("the default is {default}");
    Problem::new(format!("{key} ({origin})"), format!("expected {wanted}, got {given}"), remedy)
}

fn kind(value: &Value) -> config::ValueKind {
    match value {
        Value::Integer(number) => (*number).into(),
        Value::Boolean(on) => (*on).into(),
        Value::Array(items) => {
            let items = items.iter().map(|item| config::Value::new(None, kind(item)));
            config::ValueKind::Array(items.collect())
        }
        Value::String(text) => text.clone().into(),
        other => other.to_string().into(),
    }
}
