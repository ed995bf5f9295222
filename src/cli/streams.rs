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
        unclear::{ensure, no_such},
    },
    config::{StreamFile, streams::RateName},
    domain::{
        kpi::{Figure, Period},
        time::Millis,
    },
    report::{
        kpi_text::period_text,
        paper::Text,
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
        no_such("stream", name, &names)
    })?;
    show(file, out)?;
    let Some((from, to)) = from.zip(*to) else { return Ok(()) };
    ensure(from < to, || format!("the period is empty: --from {from} is not before --to {to}"))?;
    let zone = &setup.settings.timezone;
    let as_of = as_of.as_deref().map_or(Ok(now), |text| instant("--as-of", text, zone))?;
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

fn show(file: &StreamFile, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{}: {} {}", file.name, file.title.zh, file.title.en)?;
    if file.tally {
        writeln!(out, "计数 counts: case.tallied.v1")?;
    }
    let means = &file.means;
    for (name, types) in [
        ("受理 received", &means.received),
        ("办理 handled", &means.handled),
        ("结案 closed", &means.closed),
        ("满意 satisfied", &means.satisfied),
        ("作废 void", &means.void),
        ("不予受理 excluded", &means.excluded),
        ("办成的结果 results of success", &file.results.solved),
        ("未办成的结果 results of failure", &file.results.explained),
    ] {
        if !types.is_empty() {
            writeln!(out, "{name}: {}", types.join(", "))?;
        }
    }
    for (name, dimension) in &file.dimensions {
        let values =
            if dimension.values.is_empty() { String::new() } else { format!(": {}", dimension.values.join(", ")) };
        writeln!(out, "维度 dimension {name}: {} {}{values}", dimension.zh, dimension.en)?;
    }
    Ok(())
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
