//! The streams of cases: hotline, grid, and any other that a file declares.
//!
//! Which event types there are is not known here; the caller gives their names.

use std::{collections::BTreeMap, fs, path::Path};

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::{
    ConfigError, Problem,
    layer::{self, Known},
    problem, read, rules,
};

const BUILT_IN: &[(&str, &str)] =
    &[("built-in hotline.toml", HOTLINE), ("built-in grid.toml", include_str!("../../config/streams/grid.toml"))];

/// Complete, so it is also the list of the keys a stream file may have.
const HOTLINE: &str = include_str!("../../config/streams/hotline.toml");

#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct StreamFile {
    pub name: String,
    /// Without `kafka.topic_prefix`.
    pub topic: String,
    pub title: Title,
    pub source_default: String,
    #[serde(with = "jiff::fmt::serde::tz::required")]
    pub timezone: TimeZone,
    pub means: Means,
    #[serde(default)]
    pub counting: Counting,
}

#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Title {
    pub zh: String,
    pub en: String,
}

/// Event types, without `case.` and version, by what they mean for the rates.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Means {
    pub received: Vec<String>,
    pub closed: Vec<String>,
    #[serde(default)]
    pub void: Vec<String>,
    #[serde(default)]
    pub excluded: Vec<String>,
}

/// What the rates ask of a case.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Counting {
    /// What a due is compared with; `auto`: whatever the due is about.
    pub finish: String,
    pub duplicates: bool,
    pub direct_answers: bool,
}

impl Counting {
    pub const AUTO: &str = "auto";
    pub const FINISHES: [&str; 4] = [Self::AUTO, "submitted", "check_passed", "closed"];
}

impl Default for Counting {
    fn default() -> Self {
        Self { finish: Self::AUTO.to_owned(), duplicates: true, direct_answers: false }
    }
}

/// The built-in streams and those of `dir`, by name; `event_types` are the names that exist.
pub fn load(dir: Option<&Path>, event_types: &[&str]) -> Result<Vec<StreamFile>, ConfigError> {
    let known = Known::from_toml(HOTLINE, "built-in hotline.toml")?;
    let mut problems = Vec::new();
    let mut streams: BTreeMap<String, (String, StreamFile)> = BTreeMap::new();
    for (place, text) in BUILT_IN {
        let stream = parse(place, text, &known)?;
        streams.insert(stream.name.clone(), ((*place).to_owned(), stream));
    }
    let mut named_by: BTreeMap<String, String> = BTreeMap::new();
    for (place, text) in dir.map(files).transpose()?.unwrap_or_default() {
        let stream = parse(&place, &text, &known)?;
        if let Some(earlier) = named_by.insert(stream.name.clone(), place.clone()) {
            let what = format!("name {:?} is already taken by {earlier}", stream.name);
            problems.push(Problem::new(&place, what, "give every stream a name of its own"));
        }
        streams.insert(stream.name.clone(), (place, stream));
    }
    for (place, stream) in streams.values() {
        problems.extend(faults(place, stream, event_types));
    }
    problems.extend(shared_topics(streams.values()));
    problem::none_of(problems)?;
    Ok(streams.into_values().map(|(_, stream)| stream).collect())
}

/// In the order of their names, so that every start reads them alike.
fn files(dir: &Path) -> Result<Vec<(String, String)>, ConfigError> {
    let unreadable = |source| ConfigError::Unreadable { path: dir.to_owned(), source };
    let mut paths = Vec::new();
    for entry in fs::read_dir(dir).map_err(unreadable)? {
        paths.push(entry.map_err(unreadable)?.path());
    }
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.sort();
    paths.iter().map(|path| Ok((path.display().to_string(), read(path)?))).collect()
}

fn parse(place: &str, text: &str, known: &Known) -> Result<StreamFile, ConfigError> {
    let table = layer::parse(text, place)?;
    let problems = layer::faults_in(&table, place, known);
    problem::none_of(problems)?;
    let fault = |message: &str| {
        let remedy = "see config/streams/hotline.toml for a complete file";
        ConfigError::Invalid(vec![Problem::new(place, message.trim(), remedy)])
    };
    table.try_into().map_err(|error: toml::de::Error| fault(error.message()))
}

fn faults(place: &str, stream: &StreamFile, event_types: &[&str]) -> Vec<Problem> {
    let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let Means { received, closed, .. } = &stream.means;
    let rules = [
        (
            !stream.name.is_empty() && stream.name.len() <= 64 && stream.name.chars().all(is_name),
            "name must be lower-case letters, digits and `_`",
            "it becomes a column value and a metric label",
        ),
        (rules::is_topic(&stream.topic), "topic must be letters, digits, `.`, `_` and `-`", "Kafka allows no others"),
        (stream.timezone.iana_name().is_some(), "timezone must be an IANA name", "write one such as Asia/Shanghai"),
        (
            !stream.source_default.is_empty(),
            "source_default is empty",
            "write where these messages come from, such as urn:tongguan:hotline",
        ),
        (
            !received.is_empty() && !closed.is_empty(),
            "means.received and means.closed need an event type each",
            "without them there is no rate to compute",
        ),
        (
            Counting::FINISHES.contains(&stream.counting.finish.as_str()),
            "counting.finish is none of auto, submitted, check_passed and closed",
            "write \"auto\" if no rule says otherwise",
        ),
    ];
    let broken = rules.into_iter().filter(|(is_right, ..)| !is_right);
    let mut problems: Vec<_> = broken.map(|(_, what, remedy)| Problem::new(place, what, remedy)).collect();
    problems.extend(faults_of_means(place, &stream.means, event_types));
    problems
}

/// An event type means one thing: a case both received and void by one event would be in no figure.
fn faults_of_means(place: &str, means: &Means, event_types: &[&str]) -> Vec<Problem> {
    let Means { received, closed, void, excluded } = means;
    let lists = [("received", received), ("closed", closed), ("void", void), ("excluded", excluded)];
    let mut problems = Vec::new();
    let mut used: BTreeMap<&str, &str> = BTreeMap::new();
    for (list, names) in lists {
        let place = format!("{place}, means.{list}");
        for name in names {
            if !event_types.contains(&name.as_str()) {
                let near = |known: &&&str| strsim::damerau_levenshtein(known, name);
                let nearest = event_types.iter().min_by_key(near).copied().unwrap_or("none");
                let remedy = format!("the nearest right one is {nearest:?}");
                problems.push(Problem::new(&place, format!("unknown event type {name:?}"), remedy));
            }
            if let Some(earlier) = used.insert(name, list) {
                let what = format!("{name:?} is already in means.{earlier}");
                problems.push(Problem::new(&place, what, "leave it in one of them"));
            }
        }
    }
    problems
}

fn shared_topics<'a>(streams: impl Iterator<Item = &'a (String, StreamFile)>) -> Vec<Problem> {
    let mut owners: BTreeMap<&str, &str> = BTreeMap::new();
    let mut problems = Vec::new();
    for (place, stream) in streams {
        if let Some(other) = owners.insert(&stream.topic, &stream.name) {
            let what = format!("topic {:?} already belongs to stream {other:?}", stream.topic);
            problems.push(Problem::new(place, what, "give every stream a topic of its own"));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    const EVENT_TYPES: &[&str] = &["reported", "accepted", "closed", "voided", "rejected", "not_filed"];

    fn load_with(files: &[(&str, &str)]) -> Result<Vec<StreamFile>, String> {
        let dir = TempDir::new().unwrap();
        for (name, text) in files {
            fs::write(dir.path().join(name), text).unwrap();
        }
        load(Some(dir.path()), EVENT_TYPES).map_err(|error| error.to_string())
    }

    fn changed(from: &str, to: &str) -> String {
        assert!(HOTLINE.contains(from), "{from}");
        HOTLINE.replace(from, to)
    }

    #[test]
    fn hotline_and_grid_are_built_in() {
        let streams = load(None, EVENT_TYPES).unwrap();
        let names: Vec<_> = streams.iter().map(|stream| stream.name.as_str()).collect();
        assert_eq!(names, ["grid", "hotline"]);
        assert_eq!(streams[1].means.received, ["accepted"]);
        assert_eq!(streams[1].title.zh, "12345 热线工单");
    }

    #[test]
    fn a_folder_replaces_a_stream_by_name_and_adds_others() {
        let own = changed(r#"received = ["accepted"]"#, r#"received = ["reported"]"#);
        let added = changed("hotline\"", "river\"").replace("void = [\"voided\"]\n", "");
        let streams = load_with(&[("a.toml", &own), ("b.toml", &added), ("notes.txt", "x")]).unwrap();
        let names: Vec<_> = streams.iter().map(|stream| stream.name.as_str()).collect();
        assert_eq!(names, ["grid", "hotline", "river"]);
        assert_eq!(streams[1].means.received, ["reported"]);
        assert!(streams[2].means.void.is_empty());
    }

    #[test]
    fn an_unknown_event_type_or_key_is_refused_with_the_nearest_right_one() {
        let message = load_with(&[("a.toml", &changed("[\"closed\"]", "[\"closd\"]"))]).unwrap_err();
        assert!(message.contains("a.toml, means.closed: unknown event type \"closd\""), "{message}");
        assert!(message.contains("the nearest right one is \"closed\""), "{message}");
        let message = load_with(&[("a.toml", &changed("\ntopic =", "\ntopik ="))]).unwrap_err();
        assert!(message.contains("unknown key `topik`; the nearest right one is `topic`"), "{message}");
    }

    #[test]
    fn names_topics_and_meanings_are_not_shared() {
        let other_topic = changed("case-events.hotline", "other");
        let message = load_with(&[("a.toml", HOTLINE), ("b.toml", &other_topic)]).unwrap_err();
        assert!(message.contains("name \"hotline\" is already taken by"), "{message}");
        let message = load_with(&[("a.toml", &changed("name = \"hotline", "name = \"river"))]);
        assert!(message.unwrap_err().contains("already belongs to stream \"hotline\""));
        let message = load_with(&[("a.toml", &changed("[\"voided\"]", "[\"closed\"]"))]).unwrap_err();
        assert!(message.contains("\"closed\" is already in means.closed"), "{message}");
    }

    #[test]
    fn what_is_missing_or_cannot_be_is_named() {
        for (from, to, wanted) in [
            ("source_default = \"urn:tongguan:hotline\"\n", "", "missing field `source_default`"),
            ("received = [\"accepted\"]", "received = []", "need an event type each"),
            ("name = \"hotline\"", "name = \"Hot line\"", "name must be lower-case"),
            ("case-events.hotline", "case events", "Kafka allows no others"),
            ("\"Asia/Shanghai\"", "\"Asia/Miaohang\"", "Asia/Miaohang"),
            ("\"Asia/Shanghai\"", "8", "expected a text in quotes, got 8"),
            ("finish = \"auto\"", "finish = \"done\"", "counting.finish is none of auto"),
            ("[\"closed\"]", "\"closed\"", "expected a list of texts, got \"closed\""),
        ] {
            let message = load_with(&[("a.toml", &changed(from, to))]).unwrap_err();
            assert!(message.contains(wanted) && message.contains("a.toml"), "{message}");
        }
        let missing = load(Some(Path::new("/nowhere/streams")), EVENT_TYPES).unwrap_err();
        assert!(missing.to_string().contains("cannot read /nowhere/streams"));
    }
}
