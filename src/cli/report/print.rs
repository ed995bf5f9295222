//! `tongguan report month|quarter|year`: prints a report, as a workbook, a page, Markdown or JSON.

use std::{
    fs,
    io::{IsTerminal as _, Write},
    path::PathBuf,
};

use anyhow::Context as _;
use clap::{
    Args,
    builder::{PossibleValuesParser, TypedValueParser},
};

use super::{
    basis::basis,
    form::{Format, Lang, rendered},
    town,
};
use crate::{
    ask::span::{self, SpanKind},
    cli::{setup::Setup, usage::usage},
    domain::time::Millis,
    report::notice::{self, CONVENTIONS, Headline, NoticeOrder, NoticeWhen},
};

#[derive(Debug, Args)]
pub struct PrintArgs {
    /// Which: 2021-06, 2021-Q2 or 2021
    pub period: String,
    /// What was known at that time counts, nothing later [default: now]
    #[arg(long, value_name = "TIME")]
    pub as_of: Option<String>,
    /// The form [default: by the ending of --out; without --out, md, and of a profile text]
    #[arg(long, value_enum)]
    pub format: Option<Format>,
    /// In which language; JSON and text have both
    #[arg(long, value_enum, default_value_t = Lang::Zh)]
    pub lang: Lang,
    /// Where to write it [default: the standard output]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Only cases of this stream
    #[arg(long, value_name = "NAME")]
    pub stream: Option<String>,
    /// A report by a file instead: town, the annual report of a town, or the path of a .toml file
    #[arg(long, value_name = "NAME", conflicts_with_all = ["stream", "convention"])]
    pub profile: Option<String>,
    /// Zone in which the period begins and times are shown [default: the configured one]
    #[arg(long, value_name = "ZONE")]
    pub timezone: Option<String>,
    /// What closure and timeliness, where the report leads with them, are divided by; all others stand at its end
    #[arg(long, value_name = "NAME", default_value = CONVENTIONS[0], value_parser = headline())]
    pub convention: Headline,
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
    let is_shown = args.out.is_none() && std::io::stdout().is_terminal();
    if format == Format::Xlsx && is_shown {
        return Err(usage("a workbook is no text for a terminal: give --out report.xlsx").into());
    }
    let when = when(kind, args, setup, now)?;
    let bytes = match &args.profile {
        Some(profile) => town::printed(profile, when, args.timezone.is_some(), (args.lang, format), setup).await?,
        None => rendered(notice::written(&setup.store()?, &order(when, args, setup)?).await?, args.lang, format)?,
    };
    match &args.out {
        Some(path) => fs::write(path, bytes).with_context(|| format!("--out {}", path.display())),
        None => Ok(out.write_all(&bytes)?),
    }
}

fn when(kind: SpanKind, args: &PrintArgs, setup: &Setup, now: Millis) -> anyhow::Result<NoticeWhen> {
    let zone = args.timezone.as_deref().unwrap_or(setup.settings.zone_name());
    Ok(NoticeWhen::read(span::named(kind, &args.period)?, args.as_of.as_deref(), zone, now)?)
}

fn order(when: NoticeWhen, args: &PrintArgs, setup: &Setup) -> anyhow::Result<NoticeOrder> {
    if let Some(name) = &args.stream {
        setup.stream(name)?;
    }
    Ok(basis(setup)?.order(when, args.stream.clone(), args.convention))
}

fn format(args: &PrintArgs) -> anyhow::Result<Format> {
    let by_ending = args.out.as_deref().map(|path| {
        Format::by_ending(path).with_context(|| format!("--out {}: which --format is that?", path.display()))
    });
    let usual = if args.profile.is_some() { Format::Text } else { Format::Md };
    args.format.map_or_else(|| by_ending.unwrap_or(Ok(usual)), Ok)
}
