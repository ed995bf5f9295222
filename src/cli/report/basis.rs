//! What the configuration says that reports tell: who issues them, and how codes are called.

use std::collections::BTreeMap;

use crate::{
    cli::setup::Setup,
    config,
    report::{
        notice::{NoticeBasis, NoticeNames},
        paper::Text,
    },
};

/// What the configuration says.
pub fn basis(setup: &Setup) -> anyhow::Result<NoticeBasis> {
    let report = &setup.settings.report;
    let streams = setup.streams.iter().map(|one| (one.name.to_string(), Text::new(&*one.title_zh, &*one.title_en)));
    Ok(NoticeBasis {
        issuer: report.issuer.clone(),
        number: report.number.clone(),
        date: report.date.as_deref().and_then(|date| date.parse().ok()),
        streams: streams.collect(),
        names: names(setup)?,
    })
}

fn names(setup: &Setup) -> anyhow::Result<NoticeNames> {
    let file = config::names::load(setup.settings.names.file.as_deref())?;
    let texts = |names: config::names::Names| {
        let text = |(code, name): (String, config::names::Name)| {
            let (zh, en) = name.texts();
            (code, Text::new(zh, en))
        };
        names.into_iter().map(text).collect::<BTreeMap<_, _>>()
    };
    Ok(NoticeNames {
        channels: texts(file.channel),
        classes: file.class.into_iter().map(|(standard, names)| (standard, texts(names))).collect(),
        towns: texts(file.town),
        communities: texts(file.community),
        units: texts(file.unit),
        community_endings: endings(setup).map(str::to_owned).collect(),
    })
}

/// An empty one would be the end of every name.
fn endings(setup: &Setup) -> impl Iterator<Item = &str> {
    setup.settings.report.community_endings.split(',').map(str::trim).filter(|ending| !ending.is_empty())
}
