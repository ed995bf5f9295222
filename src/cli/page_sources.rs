//! What the page's reports and words are made of, from the configuration.

use std::{sync::Arc, time::Duration};

use tokio::sync::Semaphore;

use super::{policy::examples::known, report::basis, setup::Setup, streams::stream_told};
use crate::{
    config::policy,
    domain::{
        policy::PolicyExample,
        rules::{Limits, Rules},
    },
    http::page::PageSources,
};

/// Of the time that a request has, so much for the making of a report: the rest is for saying that it took too long.
const SHARE: f64 = 0.8;

pub fn read(setup: &Setup) -> anyhow::Result<PageSources> {
    let streams = setup.files.iter().zip(&setup.streams).map(|(file, stream)| stream_told(file, &stream.topic));
    Ok(PageSources {
        notice: basis(setup)?,
        streams: streams.collect(),
        examples: examples(setup)?,
        limits: Arc::clone(&setup.limits),
        making: Semaphore::new(1),
        patience: Duration::from_secs(setup.settings.page.request_timeout_s).mul_f64(SHARE),
    })
}

/// Each under the rules of its stream: by its own policy and the configured calendar, as `policy check` tries them.
fn examples(setup: &Setup) -> anyhow::Result<Vec<(PolicyExample, Option<Rules>)>> {
    let (policy, given) = policy::with_examples(setup.settings.policy.file.as_deref())?;
    let limits = Arc::new(Limits::new(policy, setup.limits.calendar.clone()));
    let streams = known(&setup.settings)?;
    let under = |(_, example): (String, PolicyExample)| {
        let stream = streams.iter().find(|stream| stream.name == example.stream);
        let rules = stream.map(|stream| Rules::new(Arc::clone(stream), Arc::clone(&limits)));
        (example, rules)
    };
    Ok(given.into_iter().map(under).collect())
}
