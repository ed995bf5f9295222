//! Whether the worked examples of a policy hold: each under its stream, by this policy and the configured calendar.

use std::sync::Arc;

use crate::{
    cli::{declared, event_types},
    config::{Problem, Settings, calendar, streams},
    domain::{
        policy::{Policy, PolicyExample},
        rules::{Limits, Rules},
        stream::Stream,
    },
};

pub(super) fn problems(
    policy: &Policy,
    given: &[(String, PolicyExample)],
    settings: &Settings,
) -> anyhow::Result<Vec<Problem>> {
    let calendar = calendar::load(settings.calendar.file.as_deref())?;
    let limits = Arc::new(Limits::new(policy.clone(), calendar));
    let streams = known(settings)?;
    let mut problems = Vec::new();
    for (place, example) in given {
        let Some(stream) = streams.iter().find(|stream| stream.name == example.stream) else {
            let names: Vec<&str> = streams.iter().map(|stream| stream.name.as_str()).collect();
            let what = format!("there is no stream {:?}", example.stream);
            problems.push(Problem::new(place, what, format!("write one of {}", names.join(", "))));
            continue;
        };
        let rules = Rules::new(Arc::clone(stream), Arc::clone(&limits));
        let told = |what: String, remedy: &str| Problem::new(place, what, remedy);
        match example.differences(&rules) {
            Ok(differs) => {
                let remedy = "either the example is wrong, or the rule";
                problems.extend(differs.iter().map(|one| told(one.to_string(), remedy)));
            }
            Err(error) => problems.push(told(error.to_string(), "docs/figures.md says how a life is written")),
        }
    }
    Ok(problems)
}

/// The shipped ones too: a policy is for streams that this town may not take in.
pub fn known(settings: &Settings) -> anyhow::Result<Vec<Arc<Stream>>> {
    let files = streams::load(settings.streams.dir.as_deref(), "all", &event_types())?;
    files.iter().map(|file| declared::stream(file, "").map(Arc::new)).collect()
}
