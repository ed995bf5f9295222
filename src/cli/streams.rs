//! `tongguan streams`: which there are, what each takes, and its figures under its own names.

use std::io::{self, Write};

use anyhow::Context as _;
use clap::Subcommand;
use jiff::civil::Date;

use super::{
    report::town::{only, words},
    setup::Setup,
};
use crate::{
    ask::{
        instant,
        span::{CalendarSpan, SpanKind},
        unclear::{STREAM, Unclear, ensure, no_such},
    },
    config::{
        StreamFile,
        streams::{DimensionName, RateName},
    },
    domain::{
        kpi::{Figure, Period},
        time::Millis,
    },
    report::{
        kpi_text::period_text,
        paper::Text,
        streams::{StreamBase, StreamDimension, StreamMeaning, StreamRate, StreamTold},
        table::{Align, TextTable},
        town::{self, Indicator, TownOrder, TownSection, TownShows},
    },
};

#[derive(Debug, Subcommand)]
pub enum StreamsCommand {
    /// Every stream that is used: name, topic, title
    List,
    /// What a stream takes and means; with a period, its figures
    Show {
        /// A name such as hotline
        name: String,
        /// First day of the period
        #[arg(long, value_name = "DATE", requires = "to")]
        from: Option<Date>,
        /// First day that is no longer in it
        #[arg(long, value_name = "DATE", requires = "from")]
        to: Option<Date>,
        /// What was known at that time counts, nothing later [default: now]
        #[arg(long, value_name = "TIME", requires = "from")]
        as_of: Option<String>,
    },
}

/// `now` is the as-of where none is given.
pub async fn run(command: &StreamsCommand, setup: &Setup, now: Millis, out: &mut impl Write) -> anyhow::Result<()> {
    let StreamsCommand::Show { name, from, to, as_of } = command else { return Ok(list(setup, out)?) };
    setup.stream(name)?;
    let file = setup.files.iter().find(|file| file.name == *name).ok_or_else(|| {
        let names: Vec<&str> = setup.files.iter().map(|file| file.name.as_str()).collect();
        no_such(STREAM, name, &names)
    })?;
    stream_told(file, &file.topic).write(out)?;
    let Some((from, to)) = from.zip(*to) else { return Ok(()) };
    ensure(from < to, || Unclear::EmptyPeriod { from: from.to_string(), to: to.to_string() })?;
    let zone = &setup.settings.timezone;
    let as_of = as_of.as_deref().map_or(Ok(now), |text| instant("as-of", text, zone))?;
    let span = CalendarSpan { kind: SpanKind::Year, first: from, after: to };
    let title = Text::new(file.title.zh.as_str(), file.title.en.as_str());
    let indicators = file.rates.iter().enumerate().map(|(index, rate)| indicator(index, rate, file));
    let section = TownSection {
        title: title.clone(),
        indicators: indicators.collect::<anyhow::Result<_>>()?,
        paragraphs: Vec::new(),
    };
    let period: Period = span.period(zone, as_of);
    let zone = setup.settings.zone_name().to_owned();
    let order = TownOrder { title, span, period, zone, names_zone: false, sections: vec![section], letterhead: None };
    let told = town::told(&setup.store()?, &order).await?;
    writeln!(out, "\n时段 period {}", period_text(told.order.period, &setup.settings.timezone, &told.order.zone))?;
    Ok(town::text::table(&told).write(out)?)
}

fn list(setup: &Setup, out: &mut impl Write) -> io::Result<()> {
    let heads = ["name", "topic", "takes", "标题 title"].map(|head| (head.to_owned(), Align::Left));
    let mut table = TextTable::new(heads.to_vec());
    for (stream, file) in setup.streams.iter().zip(&setup.files) {
        let takes = if file.tally { "计数 tallies" } else { "案件 cases" };
        let title = format!("{} {}", file.title.zh, file.title.en);
        table.push(vec![file.name.clone(), stream.topic.to_string(), takes.to_owned(), title]);
    }
    table.write(out)
}

/// What the file of a stream says; `topic` with the prefix.
pub(super) fn stream_told(file: &StreamFile, topic: &str) -> StreamTold {
    let text = |zh: &str, en: &str| Text::new(zh, en);
    let (means, results) = (&file.means, &file.results);
    let means = [
        ("received", ("受理", "received"), &means.received),
        ("handled", ("办理", "handled"), &means.handled),
        ("closed", ("结案", "closed"), &means.closed),
        ("satisfied", ("满意", "satisfied"), &means.satisfied),
        ("void", ("作废", "void"), &means.void),
        ("excluded", ("不予受理", "excluded"), &means.excluded),
        ("solved", ("办成的结果", "results of success"), &results.solved),
        ("explained", ("未办成的结果", "results of failure"), &results.explained),
    ];
    let meaning = |(key, (zh, en), words): (&'static str, (&str, &str), &Vec<String>)| StreamMeaning {
        key,
        title: text(zh, en),
        words: words.clone(),
    };
    let dimension = |(name, one): (&String, &DimensionName)| StreamDimension {
        name: name.clone(),
        title: text(&one.zh, &one.en),
        values: one.values.clone(),
    };
    let rate = |one: &RateName| StreamRate {
        figure: one.figure.clone(),
        title: text(&one.zh, &one.en),
        only: one.only.clone(),
    };
    StreamTold {
        name: file.name.clone(),
        topic: topic.to_owned(),
        title: text(&file.title.zh, &file.title.en),
        is_tally: file.tally,
        means: means.into_iter().map(meaning).collect(),
        dimensions: file.dimensions.iter().map(dimension).collect(),
        base: StreamBase {
            duplicates: file.counting.duplicates,
            direct_answers: file.counting.direct_answers,
            finish: file.counting.finish.clone(),
        },
        rates: file.rates.iter().map(rate).collect(),
    }
}

fn indicator(index: usize, rate: &RateName, file: &StreamFile) -> anyhow::Result<Indicator> {
    let figure = Figure::by_id(&rate.figure).with_context(|| format!("no figure {}", rate.figure))?;
    let narrowed = rate.only.iter().map(|(name, value)| only(name, value, file));
    Ok(Indicator {
        id: format!("{index}"),
        title: Text::new(rate.zh.as_str(), rate.en.as_str()),
        stream: file.name.clone(),
        stream_title: Text::new(file.title.zh.as_str(), file.title.en.as_str()),
        words: words(&rate.figure, file),
        figure,
        only: narrowed.collect::<anyhow::Result<_>>()?,
        shows: if figure.is_rate() { TownShows::Rate } else { TownShows::Count },
    })
}
