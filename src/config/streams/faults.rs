//! What is wrong with a stream file that can be read.

use std::collections::BTreeMap;

use super::{
    super::{Problem, problem::nearest, rule},
    file::{CountingFile, DIMENSIONS, Means, StreamFile},
};
use crate::domain::kpi::{Figure, catalogue};

/// Dimensions whose values are codes, of which a list says which there are.
const CODES: [&str; 3] = ["kind", "channel", "how"];

pub(super) fn of(place: &str, stream: &StreamFile, event_types: &[&str]) -> Vec<Problem> {
    let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let Means { received, handled, closed, .. } = &stream.means;
    let rules = [
        (
            !stream.name.is_empty() && stream.name.len() <= 64 && stream.name.chars().all(is_name),
            "name must be lower-case letters, digits and `_`",
            "it becomes a column value and a metric label",
        ),
        (rule::is_topic(&stream.topic), "topic must be letters, digits, `.`, `_` and `-`", "Kafka allows no others"),
        (stream.timezone.iana_name().is_some(), "timezone must be an IANA name", "write one such as Asia/Shanghai"),
        (
            !stream.source_default.is_empty(),
            "source_default is empty",
            "write where these messages come from, such as urn:tongguan:hotline",
        ),
        (
            stream.tally || (!received.is_empty() && !closed.is_empty()),
            "means.received and means.closed need an event type each",
            "without them there is no rate to compute; a stream that only counts says `tally = true`",
        ),
        (
            CountingFile::FINISHES.contains(&stream.counting.finish.as_str()),
            "counting.finish is none of auto, submitted, check_passed and closed",
            "write \"auto\" if no rule says otherwise",
        ),
        (
            handled.is_empty() || stream.counting.finish == CountingFile::AUTO,
            "counting.finish and means.handled both say what a due is compared with",
            "leave counting.finish \"auto\" where means.handled names an event",
        ),
    ];
    let broken = rules.into_iter().filter(|(is_right, ..)| !is_right);
    let mut problems: Vec<_> = broken.map(|(_, what, remedy)| Problem::new(place, what, remedy)).collect();
    problems.extend(of_means(place, &stream.means, event_types));
    problems.extend(of_dimensions(place, stream));
    problems.extend(of_rates(place, stream));
    problems.extend(of_producers(place, stream));
    problems
}

/// An empty list is somebody who may say nothing; most likely it is unfinished.
fn of_producers(place: &str, stream: &StreamFile) -> Vec<Problem> {
    let Some(producers) = &stream.producers else { return Vec::new() };
    let place = format!("{place}, producers");
    let is_blank = |text: &String| text.trim().is_empty();
    let speechless =
        producers.iter().filter(|(name, sources)| is_blank(name) || sources.is_empty() || sources.iter().any(is_blank));
    let mut problems: Vec<Problem> = speechless
        .map(|(name, _)| Problem::new(&place, format!("{name:?} speaks for no source"), "write name = [\"source\", …]"))
        .collect();
    if producers.is_empty() {
        problems.push(Problem::new(
            &place,
            "is empty, so that every message would be refused",
            "name who may speak for what, or leave it out",
        ));
    }
    problems
}

/// An event type means one thing: a case both received and void by one event would be in no figure.
fn of_means(place: &str, means: &Means, event_types: &[&str]) -> Vec<Problem> {
    let Means { received, handled, closed, satisfied, void, excluded } = means;
    let lists = [
        ("received", received),
        ("handled", handled),
        ("closed", closed),
        ("satisfied", satisfied),
        ("void", void),
        ("excluded", excluded),
    ];
    let mut problems = Vec::new();
    let mut used: BTreeMap<&str, &str> = BTreeMap::new();
    for (list, names) in lists {
        let place = format!("{place}, means.{list}");
        for name in names {
            if !event_types.contains(&name.as_str()) {
                let remedy = nearest(name, event_types.iter().copied());
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

fn of_dimensions(place: &str, stream: &StreamFile) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (name, dimension) in &stream.dimensions {
        let place = format!("{place}, dimensions.{name}");
        if !DIMENSIONS.contains(&name.as_str()) {
            let remedy = nearest(name, DIMENSIONS.into_iter());
            problems.push(Problem::new(&place, format!("unknown dimension {name:?}"), remedy));
        } else if !dimension.values.is_empty() && !CODES.contains(&name.as_str()) {
            let remedy = format!("only {} have them", CODES.join(", "));
            problems.push(Problem::new(&place, "values: this dimension has no list of values", remedy));
        }
    }
    problems
}

fn of_rates(place: &str, stream: &StreamFile) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (index, rate) in stream.rates.iter().enumerate() {
        let place = format!("{place}, rates[{index}]");
        if Figure::by_id(&rate.figure).is_none() {
            let remedy = nearest(&rate.figure, catalogue::figures().map(|figure| figure.id.as_str()));
            problems.push(Problem::new(&place, format!("figure: there is no figure {:?}", rate.figure), remedy));
        }
        for name in rate.only.keys().filter(|name| !DIMENSIONS.contains(&name.as_str())) {
            let remedy = nearest(name, DIMENSIONS.into_iter());
            problems.push(Problem::new(&place, format!("only: unknown dimension {name:?}"), remedy));
        }
    }
    problems
}

pub(super) fn shared_topics<'a>(streams: impl Iterator<Item = &'a (String, StreamFile)>) -> Vec<Problem> {
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
