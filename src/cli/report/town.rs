//! `tongguan report year 2021 --profile town`: the report that a file declares.

use anyhow::Context as _;

use super::{
    basis::basis,
    form::{Format, Lang, rendered},
};
use crate::{
    cli::{event_types, setup::Setup},
    config::{
        StreamFile,
        reports::{self, IndicatorFile, SectionFile, Shows},
        streams::{self, SHIPPED},
    },
    domain::kpi::Figure,
    report::{
        notice::NoticeWhen,
        paper::Text,
        town::{self, Indicator, TownOrder, TownSection, TownShows, asked::Only, paragraphs},
    },
    store::kpi::Dimension,
};

/// The report in the form asked for; `names_zone`: it says in which zone it counts.
pub async fn printed(
    profile: &str,
    when: NoticeWhen,
    names_zone: bool,
    (lang, format): (Lang, Format),
    setup: &Setup,
) -> anyhow::Result<Vec<u8>> {
    let order = order(profile, when, names_zone, setup)?;
    let told = town::told(&setup.store()?, &order).await?;
    if format != Format::Text {
        return rendered(town::paper::of(&told), lang, format);
    }
    let mut bytes = Vec::new();
    town::text::write(&told, &mut bytes)?;
    Ok(bytes)
}

fn order(profile: &str, when: NoticeWhen, names_zone: bool, setup: &Setup) -> anyhow::Result<TownOrder> {
    let own = setup.files.iter().map(|file| file.name.as_str());
    let known: Vec<&str> = own.chain(SHIPPED.map(|(name, _)| name)).collect();
    let file = reports::load(profile, &known)?;
    let declared = |part: &SectionFile| section(part, setup);
    let year =
        |text: &str| paragraphs::filled(text, |id| if id == "year" { when.span.name() } else { format!("{{{id}}}") });
    Ok(TownOrder {
        letterhead: basis(setup)?.letterhead(&when),
        title: Text::new(year(&file.title.zh), year(&file.title.en)),
        span: when.span,
        period: when.period,
        zone: when.zone,
        names_zone,
        sections: file.sections.iter().map(declared).collect::<anyhow::Result<_>>()?,
    })
}

fn section(file: &SectionFile, setup: &Setup) -> anyhow::Result<TownSection> {
    let paragraph = |one: &reports::ParagraphFile| Text::new(one.zh.get_ref().as_str(), one.en.get_ref().as_str());
    Ok(TownSection {
        title: Text::new(file.title.zh.as_str(), file.title.en.as_str()),
        indicators: file.indicators.iter().map(|one| indicator(one, setup)).collect::<anyhow::Result<_>>()?,
        paragraphs: file.paragraphs.iter().map(paragraph).collect(),
    })
}

fn indicator(file: &IndicatorFile, setup: &Setup) -> anyhow::Result<Indicator> {
    let (id, figure) = (file.id.get_ref(), file.figure.get_ref());
    let stream = stream(file.stream.get_ref(), setup)?;
    let narrowed = file.only.iter().map(|(name, value)| only(name.get_ref(), value, &stream));
    Ok(Indicator {
        id: id.clone(),
        title: Text::new(file.title.zh.as_str(), file.title.en.as_str()),
        stream: stream.name.clone(),
        stream_title: Text::new(stream.title.zh.as_str(), stream.title.en.as_str()),
        words: words(figure, &stream),
        figure: Figure::by_id(figure).with_context(|| format!("{id}: no figure {figure}"))?,
        only: narrowed.collect::<anyhow::Result<_>>()?,
        shows: match file.shows.get_ref() {
            Shows::Count => TownShows::Count,
            Shows::Rate => TownShows::Rate,
            Shows::Change => TownShows::Change,
        },
    })
}

/// A success is called something else in another stream.
pub fn words(figure: &str, stream: &StreamFile) -> Option<Text> {
    let (solved, explained) = (&stream.results.solved, &stream.results.explained);
    let is_named = figure == "K14" && !solved.is_empty() && !explained.is_empty();
    is_named.then(|| {
        let (solved, explained) = (solved.join("、"), explained.join("、"));
        Text::new(
            format!("（实际解决指{solved}，解释说明指{explained}）"),
            format!(" (solved: {solved}; explained: {explained})"),
        )
    })
}

/// `kind` as the stream calls it.
pub fn only(name: &str, value: &str, stream: &StreamFile) -> anyhow::Result<Only> {
    let dimension = Dimension::from_name(name).with_context(|| format!("there is no dimension `{name}`"))?;
    let title = match stream.dimensions.get(name) {
        Some(own) => Text::new(own.zh.as_str(), own.en.as_str()),
        None => Text::new(name, name),
    };
    Ok(Only { dimension, title, value: value.to_owned() })
}

/// As it is configured, or as it is shipped: a report can be printed by whoever does not take the stream in.
fn stream(name: &str, setup: &Setup) -> anyhow::Result<StreamFile> {
    if let Some(own) = setup.files.iter().find(|file| file.name == name) {
        return Ok(own.clone());
    }
    let shipped = streams::load(None, name, &event_types())?;
    shipped.into_iter().next().with_context(|| format!("no stream `{name}` is declared"))
}
