//! `tongguan kpi`: a figure under each of its conventions, grouped as asked, or the cases behind it.

#[cfg(test)]
mod tests;

use std::io::Write;

use clap::{
    Args, Subcommand,
    builder::{PossibleValuesParser, TypedValueParser},
};
use jiff::{civil::DateTime, tz::TimeZone};

use super::{
    kpi_names::GroupNames,
    kpi_only::{check_only, only},
    kpi_told::{told, total},
    report::which::span,
    setup::Setup,
    usage::{UsageError, ensure, no_such, perhaps},
    zones,
};
use crate::{
    domain::{
        kpi::{Figure, Period, catalogue},
        time::Millis,
    },
    report::{kpi_catalogue, kpi_csv, kpi_json, kpi_text},
    store::{
        Store,
        kpi::{self, Against, DIMENSIONS_MAX, Dimension, Page, Question},
    },
};

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct KpiArgs {
    #[command(subcommand)]
    pub about: Option<About>,
    #[command(flatten)]
    pub ask: Option<Ask>,
}

#[derive(Debug, Subcommand)]
pub enum About {
    /// A figure taken apart: meaning, SQL, what it leaves out and why, and where its other conventions differ
    Explain(Box<Ask>),
    /// Every figure: id, name, convention, cohort
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// What a figure means: question, formula, what it counts and leaves out
    Show {
        /// An id such as K05a, or a name such as closure
        figure: String,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Args)]
pub struct Ask {
    /// A name such as closure or 结案率, or one figure by its id, such as K05a; `kpi list` shows all
    pub figure: String,
    /// Beginning of the period: a date (its midnight in the zone) or a time
    #[arg(long, value_name = "TIME", requires = "to", conflicts_with_all = ["month", "quarter", "year"])]
    pub from: Option<String>,
    /// End of the period, not part of it
    #[arg(long, value_name = "TIME", requires = "from")]
    pub to: Option<String>,
    /// A month instead: 2021-06
    #[arg(long, value_name = "MONTH", conflicts_with_all = ["quarter", "year"])]
    pub month: Option<String>,
    /// A quarter instead: 2021-Q2
    #[arg(long, value_name = "QUARTER", conflicts_with = "year")]
    pub quarter: Option<String>,
    /// A year instead: 2021
    #[arg(long, value_name = "YEAR")]
    pub year: Option<String>,
    /// What was known at that time counts, nothing later [default: now]
    #[arg(long, value_name = "TIME")]
    pub as_of: Option<String>,
    /// Only messages recorded by that time are known, whatever they say of earlier [default: all]
    #[arg(long, value_name = "TIME")]
    pub known_by: Option<String>,
    /// The way of counting: shanghai, need-close, due, closed … [default: every one that the figure has]
    #[arg(long, value_name = "NAME")]
    pub convention: Option<String>,
    /// Up to three dimensions, with commas between them
    #[arg(long, value_name = "DIMENSION", value_delimiter = ',', value_parser = dimension())]
    pub group_by: Vec<Dimension>,
    /// Beside each value that of a year before (yoy, 同比) or of the period before (pop, 环比), or both with a comma
    #[arg(long, value_name = "AGAINST", value_delimiter = ',', value_parser = against())]
    pub compare: Vec<Against>,
    /// Only cases of this stream
    #[arg(long, value_name = "NAME")]
    pub stream: Option<String>,
    /// Only where it stands so: kind=投诉, result=solved, category=…; repeatable, all of them must hold
    #[arg(long, value_name = "DIMENSION=VALUE", value_parser = only)]
    pub only: Vec<(Dimension, String)>,
    /// Only cases that are assessed (考核) and not exempt
    #[arg(long)]
    pub assessed: bool,
    /// Zone of dates, weeks and months [default: the configured one]
    #[arg(long, value_name = "ZONE")]
    pub timezone: Option<String>,
    /// List the cases behind the figure instead
    #[arg(long, conflicts_with_all = ["group_by", "compare"])]
    pub cases: bool,
    /// Cases on a page
    #[arg(long, value_name = "N", requires = "cases", default_value_t = 100, value_parser = clap::value_parser!(u64).range(1..))]
    pub limit: u64,
    /// Go on after this case
    #[arg(long, value_name = "CASE_ID", requires = "cases")]
    pub after: Option<String>,
    /// Of the cases only those in the denominator and not in the numerator: not closed, not on time (未达标)
    #[arg(long, requires = "cases")]
    pub not_met: bool,
    /// As JSON
    #[arg(long, conflicts_with = "csv")]
    pub json: bool,
    /// As CSV, with the names of the JSON
    #[arg(long)]
    pub csv: bool,
}

/// What the catalogue says; an explanation needs the database and is made elsewhere.
pub fn about(about: &About, out: &mut impl Write) -> anyhow::Result<()> {
    match about {
        About::Explain(_) => Ok(()),
        About::List { json: true } => kpi_catalogue::write_json(catalogue::figures(), out),
        About::List { json: false } => Ok(kpi_catalogue::write_list(out)?),
        About::Show { figure, json } => {
            let figures = figures(figure, None)?;
            if *json {
                return kpi_catalogue::write_json(figures.into_iter(), out);
            }
            for (index, figure) in figures.into_iter().enumerate() {
                if index > 0 {
                    writeln!(out)?;
                }
                kpi_catalogue::write_figure(figure, out)?;
            }
            Ok(())
        }
    }
}

impl Ask {
    /// For people, not for programs.
    pub fn is_text(&self) -> bool {
        !self.json && !self.csv
    }

    pub(super) fn page(&self) -> Page<'_> {
        Page { limit: self.limit, after: self.after.as_deref().unwrap_or_default(), is_not_met: self.not_met }
    }

    pub fn known_by(&self, default_zone: &str) -> anyhow::Result<Option<Millis>> {
        let zone = zone(self.timezone.as_deref().unwrap_or(default_zone))?;
        self.known_by.as_deref().map(|text| instant("--known-by", text, &zone)).transpose()
    }
}

/// `now` is the as-of where none is given.
pub async fn run(args: &Ask, setup: &Setup, store: &Store, now: Millis, out: &mut impl Write) -> anyhow::Result<()> {
    let default_zone = setup.settings.zone_name();
    let zone = zone(args.timezone.as_deref().unwrap_or(default_zone))?;
    let questions = questions(args, &zone, now)?;
    check_only(args, setup, store).await?;
    if args.cases {
        return list_cases(args, store, &questions, &zone, out).await;
    }
    let known_by = args.known_by(default_zone)?;
    let mut all = told(args, setup, store, &questions).await?;
    all.iter_mut().for_each(|told| told.known_by = known_by);
    if args.json {
        return kpi_json::write_answers(&all, &zone, out);
    }
    if args.csv {
        return kpi_csv::write_answers(&all, &zone, out);
    }
    let names = GroupNames::read(&args.group_by, setup, store).await?;
    for (index, told) in all.iter_mut().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        told.answers.iter_mut().for_each(|answer| names.name(&mut answer.group));
        let whole = Question { group_by: Vec::new(), ..told.question.clone() };
        let total = total(args, setup, store, told, &whole).await?;
        kpi_text::write_answers(told, total.as_ref(), &zone, out)?;
    }
    write_note(args, setup, &questions, &zone, out)
}

/// Where days are counted in another zone than the stream's.
pub(super) fn write_note(
    args: &Ask,
    setup: &Setup,
    questions: &[Question],
    zone: &TimeZone,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let period = questions.first().map(|question| question.period);
    match period.and_then(|period| zones::note(setup, args.stream.as_deref(), zone, period)) {
        Some(note) => Ok(writeln!(out, "{note}")?),
        None => Ok(()),
    }
}

async fn list_cases(
    args: &Ask,
    store: &Store,
    questions: &[Question],
    zone: &TimeZone,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let [question] = questions else {
        let names: Vec<&str> = questions.iter().map(|question| question.figure.convention.as_str()).collect();
        let what = format!("--cases lists the cases of one convention; give --convention {}", names.join(" or "));
        return Err(UsageError(what).into());
    };
    can_list(args, question)?;
    let cases = kpi::cases_behind(store, question, args.page()).await?;
    if args.json {
        return kpi_json::write_cases(&cases, zone, out);
    }
    if args.csv {
        return kpi_csv::write_cases(&cases, zone, out);
    }
    Ok(kpi_text::write_cases(question, &cases, args.limit, zone, out)?)
}

pub(super) fn can_list(args: &Ask, Question { figure, .. }: &Question) -> Result<(), UsageError> {
    let id = &figure.id;
    ensure(figure.has_cases(), || format!("{id} is a difference of two counts; ask for K17a and K17b"))?;
    ensure(!args.not_met || figure.is_rate(), || format!("{id} is a count: nothing of it is not met"))
}

/// One question for each convention asked for.
pub(super) fn questions(args: &Ask, zone: &TimeZone, now: Millis) -> anyhow::Result<Vec<Question>> {
    let figures = figures(&args.figure, args.convention.as_deref())?;
    let first = question(args, figures[0], zone, now)?;
    Ok(figures.into_iter().map(|figure| Question { figure, ..first.clone() }).collect())
}

/// What is asked, of a figure.
pub(super) fn question(args: &Ask, figure: &'static Figure, zone: &TimeZone, now: Millis) -> anyhow::Result<Question> {
    let (from, to) = period(args, zone)?;
    let as_of = args.as_of.as_deref().map_or(Ok(now), |text| instant("--as-of", text, zone))?;
    check_dimensions(&args.group_by)?;
    Ok(Question {
        group_by: args.group_by.clone(),
        stream: args.stream.clone(),
        is_assessed: args.assessed,
        only: args.only.clone(),
        ..Question::new(figure, Period { from, to, as_of }, zone.iana_name().unwrap_or("UTC"))
    })
}

/// From one instant to before the other, or a month, a quarter or a year.
fn period(args: &Ask, zone: &TimeZone) -> anyhow::Result<(Millis, Millis)> {
    if let Some(span) = span(&args.month, &args.quarter, &args.year)? {
        let Period { from, to, .. } = span.period(zone, Millis(0));
        return Ok((from, to));
    }
    let (Some(first), Some(end)) = (&args.from, &args.to) else {
        return Err(UsageError("which period? give --from and --to, or --month, --quarter or --year".to_owned()).into());
    };
    let (from, to) = (instant("--from", first, zone)?, instant("--to", end, zone)?);
    if from >= to {
        return Err(UsageError(format!("the period is empty: --from {first} is not before --to {end}")).into());
    }
    Ok((from, to))
}

fn against() -> impl TypedValueParser<Value = Against> {
    let names = PossibleValuesParser::new(Against::ALL.map(|(_, name)| name));
    names.try_map(|name| Against::from_name(&name).ok_or("no such comparison"))
}

pub(super) fn dimension() -> impl TypedValueParser<Value = Dimension> {
    let names = PossibleValuesParser::new(Dimension::names());
    names.try_map(|name| Dimension::from_name(&name).ok_or("no such dimension"))
}

pub(super) fn check_dimensions(group_by: &[Dimension]) -> Result<(), UsageError> {
    let too_many = || format!("--group-by takes at most {DIMENSIONS_MAX} dimensions");
    ensure(group_by.len() <= DIMENSIONS_MAX, too_many)?;
    for (index, dimension) in group_by.iter().enumerate() {
        let is_new = !group_by[..index].contains(dimension);
        ensure(is_new, || format!("--group-by names {} twice", dimension.name()))?;
    }
    Ok(())
}

fn figures(word: &str, convention: Option<&str>) -> anyhow::Result<Vec<&'static Figure>> {
    let named = Figure::named(word);
    if named.is_empty() {
        let mut names: Vec<&str> = Vec::new();
        for figure in catalogue::figures() {
            if !names.contains(&figure.name.as_str()) {
                names.push(&figure.name);
            }
        }
        names.push("ids as `tongguan kpi list` shows them");
        return Err(no_such("figure", word, &names).into());
    }
    let Some(convention) = convention else { return Ok(named) };
    let conventions: Vec<&str> = named.iter().map(|figure| figure.convention.as_str()).collect();
    let chosen: Vec<_> = named.into_iter().filter(|figure| figure.convention == convention).collect();
    if chosen.is_empty() {
        return Err(no_such(&format!("convention of {word}"), convention, &conventions).into());
    }
    Ok(chosen)
}

/// The zone must have a name, because ClickHouse is told it.
pub(super) fn zone(name: &str) -> Result<TimeZone, UsageError> {
    let found = TimeZone::get(name).ok().filter(|zone| zone.iana_name().is_some());
    found.ok_or_else(|| {
        let known: Vec<String> = jiff::tz::db().available().map(|zone| zone.to_string()).collect();
        let maybe = perhaps(name, known.iter().map(String::as_str));
        UsageError(format!("there is no time zone `{name}`{maybe} Give an IANA name such as Asia/Shanghai"))
    })
}

/// A date is its beginning, and a time without an offset is the zone's.
pub(super) fn instant(option: &str, text: &str, zone: &TimeZone) -> anyhow::Result<Millis> {
    if let Some(at) = Millis::parse(text) {
        return Ok(at);
    }
    let local = text.parse::<DateTime>().ok().filter(|_| !text.contains(['[', 'Z', 'z']));
    let at = local.and_then(|local| local.to_zoned(zone.clone()).ok());
    at.map(|at| Millis(at.timestamp().as_millisecond())).ok_or_else(|| {
        let what =
            "is neither a date (2021-01-01) nor a time (2021-01-01T08:00, or with an offset 2021-01-01T08:00:00+08:00)";
        UsageError(format!("{option} `{text}` {what}")).into()
    })
}
