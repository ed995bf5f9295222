//! `tongguan report month|quarter|year`: prints a report, as a workbook, a page, Markdown or JSON.

use std::{
    collections::BTreeMap,
    fs,
    io::{IsTerminal as _, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use clap::{
    Args, ValueEnum,
    builder::{PossibleValuesParser, TypedValueParser},
};

use super::town;
use crate::{
    ask::span::{self, SpanKind},
    cli::{setup::Setup, usage::usage},
    config,
    domain::time::Millis,
    report::{
        notice::{self, CONVENTIONS, Headline, NoticeBasis, NoticeNames, NoticeOrder, NoticeWhen},
        paper::{self, Language, Paper, Text},
    },
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// An Excel workbook
    Xlsx,
    /// A page in one file, without scripts
    Html,
    /// Markdown
    Md,
    /// For programs
    Json,
    /// For a terminal; of a profile only
    Text,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Lang {
    /// Chinese
    Zh,
    /// English
    En,
    /// Chinese, with the English in small
    Both,
}

impl Lang {
    fn language(self) -> Language {
        match self {
            Self::Zh => Language::Zh,
            Self::En => Language::En,
            Self::Both => Language::Both,
        }
    }
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
    let is_shown = args.out.is_none() && std::io::stdout().is_terminal();
    if format == Format::Xlsx && is_shown {
        return Err(usage("a workbook is no text for a terminal: give --out report.xlsx").into());
    }
    let when = when(kind, args, setup, now)?;
    let bytes = match &args.profile {
        Some(profile) => town::printed(profile, when, args, format, setup).await?,
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

fn format(args: &PrintArgs) -> anyhow::Result<Format> {
    let by_ending = args.out.as_deref().map(|path| {
        Format::by_ending(path).with_context(|| format!("--out {}: which --format is that?", path.display()))
    });
    let usual = if args.profile.is_some() { Format::Text } else { Format::Md };
    args.format.map_or_else(|| by_ending.unwrap_or(Ok(usual)), Ok)
}

pub(super) fn rendered(paper: Paper, lang: Lang, format: Format) -> anyhow::Result<Vec<u8>> {
    let paper = if format == Format::Json { &paper } else { &paper.in_language(lang.language()) };
    let mut bytes = Vec::new();
    match format {
        Format::Xlsx => bytes = paper::xlsx::workbook(paper)?,
        Format::Html => bytes = paper::html::page(paper).into_bytes(),
        Format::Md => paper::md::write(paper, &mut bytes)?,
        Format::Json => paper::json::write(paper, &mut bytes)?,
        Format::Text => bail!("--format text is for a report by --profile; the others are printed as md"),
    }
    Ok(bytes)
}
