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
use jiff::{Timestamp, civil::Date, tz::TimeZone};

use super::town;
use crate::{
    ask::{
        instant,
        span::{self, CalendarSpan, SpanKind},
        unclear::ensure,
        zone as named_zone,
    },
    cli::setup::Setup,
    config,
    domain::{kpi::Period, time::Millis},
    report::{
        figures::ReportScope,
        notice::{self, CONVENTIONS, Headline, NoticeNames, NoticeOrder},
        paper::{self, Language, Letterhead, Paper, Text, words},
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
    let no_text = || "a workbook is no text for a terminal: give --out report.xlsx".to_owned();
    ensure(!(format == Format::Xlsx && is_shown), no_text)?;
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

/// Which period, and how it is seen.
#[derive(Debug)]
pub struct When {
    pub span: CalendarSpan,
    pub period: Period,
    /// IANA name.
    pub zone: String,
}

fn when(kind: SpanKind, args: &PrintArgs, setup: &Setup, now: Millis) -> anyhow::Result<When> {
    let zone = args.timezone.as_deref().unwrap_or(setup.settings.zone_name());
    let zone = named_zone(zone)?;
    let span = span::named(kind, &args.period)?;
    let as_of = args.as_of.as_deref().map_or(Ok(now), |text| instant("--as-of", text, &zone))?;
    let period = span.period(&zone, as_of);
    let too_early = || format!("--as-of is before {} begins: nothing of it was known yet", args.period);
    ensure(period.from <= as_of, too_early)?;
    Ok(When { span, period, zone: zone.iana_name().unwrap_or("UTC").to_owned() })
}

fn order(when: When, args: &PrintArgs, setup: &Setup) -> anyhow::Result<NoticeOrder> {
    let When { span, period, zone } = when;
    if let Some(name) = &args.stream {
        setup.stream(name)?;
    }
    let streams = setup.streams.iter().map(|one| (one.name.to_string(), Text::new(&*one.title_zh, &*one.title_en)));
    Ok(NoticeOrder {
        letterhead: letterhead(span, period, &zone, setup),
        span,
        scope: ReportScope { period, zone, stream: args.stream.clone() },
        headline: args.convention,
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

/// As the configuration has it.
pub(super) fn letterhead(span: CalendarSpan, period: Period, zone: &str, setup: &Setup) -> Option<Letterhead> {
    let report = &setup.settings.report;
    let number = match span.kind {
        SpanKind::Month => span.first.month().to_string(),
        SpanKind::Quarter => format!("{}季度", words::chinese(((span.first.month() + 2) / 3).unsigned_abs().into())),
        SpanKind::Year => "年度".to_owned(),
    };
    let given = report.date.as_deref().and_then(|date| date.parse::<Date>().ok());
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let as_of = Timestamp::from_millisecond(period.as_of.0).unwrap_or(Timestamp::UNIX_EPOCH);
    let day = given.unwrap_or_else(|| as_of.to_zoned(zone).date());
    let date = format!("{}年{}月{}日", day.year(), day.month(), day.day());
    report.issuer.as_ref().map(|issuer| Letterhead {
        issuer: issuer.clone(),
        number: report.number.replace("{year}", &span.first.year().to_string()).replace("{n}", &number),
        date: Text::new(date, day.strftime("%-d %B %Y").to_string()),
    })
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
