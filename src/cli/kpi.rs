//! `tongguan kpi`: a figure under each of its conventions, grouped as asked, or the cases behind it.

use std::io::Write;

use anyhow::{Context, bail, ensure};
use clap::{
    Args,
    builder::{PossibleValuesParser, TypedValueParser},
};
use jiff::{civil::Date, tz::TimeZone};

use crate::{
    domain::{
        kpi::{CATALOGUE, Figure, Period},
        time::Millis,
    },
    report::{kpi_json, kpi_text},
    store::{
        Store,
        kpi::{self, Answer, DIMENSIONS_MAX, Dimension, Question},
    },
};

#[derive(Debug, Args)]
pub struct KpiArgs {
    /// received, closure or timeliness, or one figure by its id, such as K05a
    pub figure: String,
    /// Beginning of the period: a date (its midnight in the zone) or an RFC 3339 time
    #[arg(long, value_name = "TIME")]
    pub from: String,
    /// End of the period, not part of it
    #[arg(long, value_name = "TIME")]
    pub to: String,
    /// What was known at that time counts, nothing later [default: now]
    #[arg(long, value_name = "TIME")]
    pub as_of: Option<String>,
    /// Only messages recorded by that time are known, whatever they say of earlier [default: all]
    #[arg(long, value_name = "TIME")]
    pub known_by: Option<String>,
    /// The way of counting: shanghai, need-close, due, closed [default: every one that the figure has]
    #[arg(long, value_name = "NAME")]
    pub convention: Option<String>,
    /// Up to three dimensions, with commas between them
    #[arg(long, value_name = "DIMENSION", value_delimiter = ',', value_parser = dimension())]
    pub group_by: Vec<Dimension>,
    /// Only cases of this stream
    #[arg(long, value_name = "NAME")]
    pub stream: Option<String>,
    /// Zone of dates and months [default: the configured one]
    #[arg(long, value_name = "ZONE")]
    pub timezone: Option<String>,
    /// List the cases behind the figure instead
    #[arg(long, conflicts_with = "group_by")]
    pub cases: bool,
    /// Cases on a page
    #[arg(long, value_name = "N", requires = "cases", default_value_t = 100, value_parser = clap::value_parser!(u64).range(1..))]
    pub limit: u64,
    /// Go on after this case
    #[arg(long, value_name = "CASE_ID", requires = "cases")]
    pub after: Option<String>,
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

impl KpiArgs {
    pub fn known_by(&self, default_zone: &str) -> anyhow::Result<Option<Millis>> {
        let zone = zone(self.timezone.as_deref().unwrap_or(default_zone))?;
        self.known_by.as_deref().map(|text| instant("--known-by", text, &zone)).transpose()
    }
}

/// `now` is the as-of where none is given.
pub async fn run(
    args: &KpiArgs,
    store: &Store,
    default_zone: &str,
    now: Millis,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let zone = zone(args.timezone.as_deref().unwrap_or(default_zone))?;
    let questions = questions(args, &zone, now)?;
    if args.cases {
        return list_cases(args, store, &questions, &zone, out).await;
    }
    let mut answered: Vec<(&Question, Vec<Answer>)> = Vec::with_capacity(questions.len());
    for question in &questions {
        answered.push((question, kpi::answers(store, question).await?));
    }
    if args.json {
        return kpi_json::write_answers(&answered, &zone, out);
    }
    for (index, (question, answers)) in answered.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        let left = kpi::left_out(store, question).await?;
        kpi_text::write_answers(question, answers, &left, &zone, out)?;
    }
    Ok(())
}

async fn list_cases(
    args: &KpiArgs,
    store: &Store,
    questions: &[Question],
    zone: &TimeZone,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let [question] = questions else {
        let names: Vec<&str> = questions.iter().map(|question| question.figure.convention).collect();
        bail!("--cases lists the cases of one convention; give --convention {}", names.join(" or "));
    };
    let cases = kpi::cases_behind(store, question, args.limit, args.after.as_deref().unwrap_or_default()).await?;
    if args.json {
        return kpi_json::write_cases(&cases, zone, out);
    }
    Ok(kpi_text::write_cases(question, &cases, args.limit, zone, out)?)
}

/// One question for each convention asked for.
fn questions(args: &KpiArgs, zone: &TimeZone, now: Millis) -> anyhow::Result<Vec<Question>> {
    let from = instant("--from", &args.from, zone)?;
    let to = instant("--to", &args.to, zone)?;
    ensure!(from < to, "the period is empty: --from {} is not before --to {}", args.from, args.to);
    let as_of = args.as_of.as_deref().map_or(Ok(now), |text| instant("--as-of", text, zone))?;
    check_dimensions(&args.group_by)?;
    let figures = figures(&args.figure, args.convention.as_deref())?;
    let question = |figure| Question {
        figure,
        period: Period { from, to, as_of },
        zone: zone.iana_name().unwrap_or("UTC").to_owned(),
        group_by: args.group_by.clone(),
        stream: args.stream.clone(),
    };
    Ok(figures.into_iter().map(question).collect())
}

pub(super) fn dimension() -> impl TypedValueParser<Value = Dimension> {
    let names = PossibleValuesParser::new(Dimension::names());
    names.try_map(|name| Dimension::from_name(&name).ok_or("no such dimension"))
}

pub(super) fn check_dimensions(group_by: &[Dimension]) -> anyhow::Result<()> {
    ensure!(group_by.len() <= DIMENSIONS_MAX, "--group-by takes at most {DIMENSIONS_MAX} dimensions");
    for (index, dimension) in group_by.iter().enumerate() {
        ensure!(!group_by[..index].contains(dimension), "--group-by names {} twice", dimension.name());
    }
    Ok(())
}

fn figures(word: &str, convention: Option<&str>) -> anyhow::Result<Vec<&'static Figure>> {
    let named = Figure::named(word);
    if named.is_empty() {
        let ids: Vec<&str> = CATALOGUE.iter().map(|figure| figure.id).collect();
        let mut names: Vec<&str> = CATALOGUE.iter().map(|figure| figure.name).collect();
        names.dedup();
        bail!("there is no figure `{word}`; there are {} ({})", names.join(", "), ids.join(", "));
    }
    let Some(convention) = convention else { return Ok(named) };
    let conventions: Vec<&str> = named.iter().map(|figure| figure.convention).collect();
    let chosen: Vec<_> = named.into_iter().filter(|figure| figure.convention == convention).collect();
    ensure!(!chosen.is_empty(), "{word} has no convention `{convention}`; it has {}", conventions.join(", "));
    Ok(chosen)
}

/// The zone must have a name, because ClickHouse is told it.
pub(super) fn zone(name: &str) -> anyhow::Result<TimeZone> {
    let found = TimeZone::get(name).ok().filter(|zone| zone.iana_name().is_some());
    found.with_context(|| format!("there is no time zone `{name}`; give an IANA name such as Asia/Shanghai"))
}

pub(super) fn instant(option: &str, text: &str, zone: &TimeZone) -> anyhow::Result<Millis> {
    if let Some(at) = Millis::parse(text) {
        return Ok(at);
    }
    let midnight = text.parse::<Date>().and_then(|date| date.to_zoned(zone.clone()));
    // Jiff would read a time without offset as a date and drop the rest.
    let date_only = text.len() == "2021-01-01".len();
    midnight.ok().filter(|_| date_only).map(|at| Millis(at.timestamp().as_millisecond())).with_context(|| {
        format!("{option} `{text}` is neither a date (2021-01-01) nor an RFC 3339 time (2021-01-01T08:00:00+08:00)")
    })
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        args: KpiArgs,
    }

    fn asked(line: &str) -> anyhow::Result<Vec<Question>> {
        let args = Line::try_parse_from(std::iter::once("kpi").chain(line.split_whitespace()))?.args;
        let zone = zone(args.timezone.as_deref().unwrap_or("Asia/Shanghai"))?;
        questions(&args, &zone, Millis(0))
    }

    fn refusal(line: &str) -> String {
        asked(line).unwrap_err().to_string()
    }

    const YEAR: &str = "--from 2021-01-01 --to 2022-01-01";

    #[test]
    fn a_name_asks_every_convention_and_a_convention_one() {
        let ids = |line: &str| {
            let questions = asked(&format!("{line} {YEAR}")).unwrap();
            questions.iter().map(|question| question.figure.id).collect::<Vec<_>>()
        };
        assert_eq!(ids("timeliness"), ["K06a", "K06b", "K06c", "K06d"]);
        assert_eq!(ids("timeliness --convention due"), ["K06c"]);
        assert_eq!(ids("k05B"), ["K05b"]);
    }

    #[test]
    fn a_date_is_midnight_in_the_zone_and_a_time_is_itself() {
        let period = |line: &str| asked(line).unwrap()[0].period;
        let shown = |at: Millis| at.rfc3339(&TimeZone::UTC);
        let shanghai = period(&format!("received {YEAR}"));
        assert_eq!(shown(shanghai.from), "2020-12-31T16:00:00+00:00");
        assert_eq!(shanghai.as_of, Millis(0));
        let boston = period(&format!("received {YEAR} --timezone america/new_york --as-of 2016-01-12T23:59:59-05:00"));
        assert_eq!(shown(boston.from), "2021-01-01T05:00:00+00:00");
        assert_eq!(shown(boston.as_of), "2016-01-13T04:59:59+00:00");
    }

    #[test]
    fn what_is_unknown_is_answered_with_what_there_is() {
        let told = |line: &str, words: &[&str]| {
            let text = refusal(line);
            assert!(words.iter().all(|word| text.contains(word)), "{line}: {text}");
        };
        told(&format!("satisfaction {YEAR}"), &["`satisfaction`", "received, closure, timeliness", "K06d"]);
        told(&format!("closure {YEAR} --convention closed"), &["`closed`", "shanghai, need-close"]);
        told(&format!("closure {YEAR} --timezone Mars/Base"), &["`Mars/Base`", "Asia/Shanghai"]);
        told(&format!("closure {YEAR} --group-by village"), &["'village'", "stream, month, town"]);
        told(&format!("closure {YEAR} --group-by stream,month,town,unit"), &["at most 3"]);
        told(&format!("closure {YEAR} --group-by town,town"), &["town twice"]);
        told("closure --from 2022-01-01 --to 2022-01-01", &["empty", "--from 2022-01-01", "--to 2022-01-01"]);
        told("closure --from 2021-01-01T08:00:00 --to 2022-01-01", &["--from", "2021-01-01T08:00:00+08:00"]);
        told("closure --from yesterday --to 2022-01-01", &["--from `yesterday`"]);
        told(&format!("closure {YEAR} --cases --group-by town"), &["cannot be used with"]);
        told(&format!("closure {YEAR} --cases --limit 0"), &["--limit"]);
    }
}
