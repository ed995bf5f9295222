//! From files to what cases are folded and judged by: the streams, the policy and the calendar.

use std::{path::Path, sync::Arc};

use anyhow::Context as _;
use smol_str::SmolStr;

use crate::{
    config::{ConfigError, Problem, Settings, StreamFile, calendar, policy},
    domain::{
        fact::FactKind,
        rules::Limits,
        stream::{Codes, Counting, Finish, Meaning, Producers, Results, Stream},
    },
    feed::{
        debezium::{ChangeMapping, ChangeMappings},
        import::{Mapping, RowMapping, Streams},
    },
};

/// The configured policy and calendar.
pub(super) fn limits(settings: &Settings) -> Result<Arc<Limits>, ConfigError> {
    let policy = policy::load(settings.policy.file.as_deref())?;
    let calendar = calendar::load(settings.calendar.file.as_deref())?;
    Ok(Arc::new(Limits::new(policy, calendar)))
}

pub fn stream(file: &StreamFile, topic_prefix: &str) -> anyhow::Result<Stream> {
    let kinds = |names: &[String]| -> anyhow::Result<Vec<FactKind>> {
        let kind = |name: &String| {
            FactKind::from_name(name).with_context(|| format!("stream {}: no event type `{name}`", file.name))
        };
        names.iter().map(kind).collect()
    };
    let means = &file.means;
    let mut stream = Stream::new(&file.name, &format!("{topic_prefix}{}", file.topic), file.timezone.clone());
    for (names, meaning) in [
        (&means.received, Meaning::Received),
        (&means.handled, Meaning::Handled),
        (&means.closed, Meaning::Closed),
        (&means.satisfied, Meaning::Satisfied),
        (&means.void, Meaning::Void),
        (&means.excluded, Meaning::Excluded),
    ] {
        stream = stream.means(&kinds(names)?, meaning);
    }
    stream.title_zh.clone_from(&file.title.zh);
    stream.title_en.clone_from(&file.title.en);
    stream.source_default = file.source_default.as_str().into();
    // `auto` is no event's name: the due says it.
    stream.finish = Finish::from_name(&file.counting.finish);
    stream.counting = Counting { duplicates: file.counting.duplicates, direct_answers: file.counting.direct_answers };
    let usual = Results::default();
    stream.results = Results {
        solved: or(&file.results.solved, usual.solved),
        explained: or(&file.results.explained, usual.explained),
    };
    let (usual, listed) = (Codes::default(), |name: &str| file.dimensions.get(name).map_or(&[][..], |one| &one.values));
    stream.codes = Codes {
        kinds: or(listed("kind"), usual.kinds),
        channels: or(listed("channel"), usual.channels),
        closings: or(listed("how"), usual.closings),
    };
    let sources = |(name, sources): (&String, &Vec<String>)| (name.into(), sources.iter().map(SmolStr::from).collect());
    stream.producers = file.producers.as_ref().map(|all| Producers(all.iter().map(sources).collect()));
    Ok(stream)
}

/// The mappings of streams that are fed by changes of a platform's table.
pub fn changes(files: &[StreamFile]) -> Result<ChangeMappings, ConfigError> {
    let (mut changes, mut problems) = (ChangeMappings::default(), Vec::new());
    for file in files {
        let Some(debezium) = &file.debezium else { continue };
        match change_mapping(&file.name, &debezium.mapping) {
            Ok(mapping) => changes.add(&file.name.as_str().into(), ChangeMapping::new(mapping, &debezium.columns)),
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() { Ok(changes) } else { Err(ConfigError::Invalid(problems)) }
}

fn change_mapping(stream: &str, path: &Path) -> Result<RowMapping, Vec<Problem>> {
    let key = format!("stream {stream}: debezium.mapping");
    let mapping = Mapping::load_for(path, Streams::Always(stream)).map_err(|error| {
        let of_stream = |problem: Problem| problem.within(&key);
        error.problems().into_iter().map(of_stream).collect::<Vec<_>>()
    })?;
    let place = format!("{key}: {}", path.display());
    RowMapping::new(mapping).map_err(|what| vec![Problem::new(place, what, "see docs/debezium.md")])
}

/// What the file lists, or the usual.
fn or(listed: &[String], usual: Vec<SmolStr>) -> Vec<SmolStr> {
    if listed.is_empty() { usual } else { listed.iter().map(SmolStr::from).collect() }
}
