//! `tongguan report month|quarter|year`: prints a report, as a workbook, a page, Markdown or JSON.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, ensure};
use clap::{
    Args, ValueEnum,
    builder::{PossibleValuesParser, TypedValueParser},
};

use crate::{
    cli::{kpi, setup::Setup},
    domain::time::Millis,
    report::{
        figures::Scope,
        notice::{self, CONVENTIONS, Headline, Order},
        paper::{self, Paper, Text},
        span::{Span, SpanKind},
    },
};

#[derive(Debug, Args)]
pub struct PrintArgs {
    /// Which: 2021-06, 2021-Q2 or 2021
    pub period: String,
    /// What was known at that time counts, nothing later [default: now]
    #[arg(long, value_name = "TIME")]
    pub as_of: Option<String>,
    /// The form [default: by the ending of --out; without --out, md]
    #[arg(long, value_enum)]
    pub format: Option<Format>,
    /// Where to write it [default: the standard output]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Only cases of this stream
    #[arg(long, value_name = "NAME")]
    pub stream: Option<String>,
    /// Zone in which the period begins and times are shown [default: the configured one]
    #[arg(long, value_name = "ZONE")]
    pub timezone: Option<String>,
    /// What closure and timeliness, where the report leads with them, are divided by; all others stand at its end
    #[arg(long, value_name = "NAME", default_value = CONVENTIONS[0], value_parser = headline())]
    pub convention: Headline,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Markdown
    Md,
    /// For programs
    Json,
}

impl Format {
    fn by_ending(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?;
        Self::from_str(ending, true).ok()
    }
}

fn headline() -> impl TypedValueParser<Value = Headline> {
    PossibleValuesParser::new(CONVENTIONS).try_map(|name| Headline::of(&name).ok_or("no such convention"))
}

pub async fn run(
    kind: SpanKind,
    args: &PrintArgs,
    setup: &Setup,
    now: Millis,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let format = format(args)?;
    let order = order(kind, args, setup, now)?;
    let paper = notice::written(&setup.store()?, &order).await?;
    let bytes = rendered(&paper, format)?;
    match &args.out {
        Some(path) => fs::write(path, bytes).with_context(|| format!("--out {}", path.display())),
        None => Ok(out.write_all(&bytes)?),
    }
}

fn order(kind: SpanKind, args: &PrintArgs, setup: &Setup, now: Millis) -> anyhow::Result<Order> {
    let zone = args.timezone.as_deref().or(setup.settings.timezone.iana_name()).unwrap_or("Asia/Shanghai");
    let zone = kpi::zone(zone)?;
    let span = Span::parse(kind, &args.period)
        .with_context(|| format!("`{}` is no {}; write it as {}", args.period, kind.word(), kind.example()))?;
    let as_of = args.as_of.as_deref().map_or(Ok(now), |text| kpi::instant("--as-of", text, &zone))?;
    let period = span.period(&zone, as_of);
    ensure!(period.from <= as_of, "--as-of is before {} begins: nothing of it was known yet", args.period);
    if let Some(name) = &args.stream {
        setup.stream(name)?;
    }
    let streams = setup.streams.iter().map(|one| (one.name.to_string(), Text::new(&*one.title_zh, &*one.title_en)));
    Ok(Order {
        span,
        scope: Scope { period, zone: zone.iana_name().unwrap_or("UTC").to_owned(), stream: args.stream.clone() },
        headline: args.convention,
        streams: streams.collect(),
    })
}

fn format(args: &PrintArgs) -> anyhow::Result<Format> {
    let by_ending = args.out.as_deref().map(|path| {
        Format::by_ending(path).with_context(|| format!("--out {}: which --format is that?", path.display()))
    });
    args.format.map_or_else(|| by_ending.unwrap_or(Ok(Format::Md)), Ok)
}

fn rendered(paper: &Paper, format: Format) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    match format {
        Format::Md => paper::md::write(paper, &mut bytes)?,
        Format::Json => paper::json::write(paper, &mut bytes)?,
    }
    Ok(bytes)
}
