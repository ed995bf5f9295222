//! `tongguan kpi`: a figure under each of its conventions, grouped as asked, or the cases behind it.

#[cfg(test)]
mod tests;

use std::io::Write;

use clap::{
    Args, Subcommand,
    builder::{PossibleValuesParser, TypedValueParser},
};

use super::{setup::Setup, zones};
use crate::{
    ask::{Asked, ListTerms, NextPage, Terms, can_list, check_only, figures, only, told, total, unclear::Unclear},
    domain::{kpi::catalogue, time::Millis},
    report::{kpi_catalogue, kpi_csv, kpi_json, kpi_text},
    store::{
        Store,
        kpi::{self, Against, CaseBehind, CaseOrder, CaseSort, Dimension, Page, Question, Side},
    },
};

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct KpiArgs {
    #[command(subcommand)]
    pub about: Option<KpiCommand>,
    #[command(flatten)]
    pub ask: Option<Ask>,
}

#[derive(Debug, Subcommand)]
pub enum KpiCommand {
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

#[derive(Clone, Debug, Args)]
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
    /// Only what is due by that time: of cases their due, of clocks the clock's
    #[arg(long, value_name = "TIME")]
    pub due_by: Option<String>,
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
    /// Go on after this case, or where the page before says
    #[arg(long, value_name = "CASE_ID", requires = "cases")]
    pub after: Option<String>,
    /// Sort the cases by this: case (its number), received, due, closed, duration or unit; what is missing comes last
    #[arg(long, value_name = "KEY", requires = "cases", default_value = CaseSort::default().name(), value_parser = case_sort())]
    pub sort: CaseSort,
    /// The greatest first
    #[arg(long, requires = "cases")]
    pub desc: bool,
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

impl KpiArgs {
    /// It needs no database.
    pub fn is_about_the_catalogue(&self) -> bool {
        self.about.as_ref().is_some_and(|about| !matches!(about, KpiCommand::Explain(_)))
    }
}

/// What the catalogue says; an explanation needs the database and is made elsewhere.
pub fn about(about: &KpiCommand, out: &mut impl Write) -> anyhow::Result<()> {
    match about {
        KpiCommand::Explain(_) => Ok(()),
        KpiCommand::List { json: true } => Ok(kpi_catalogue::write_json(catalogue::figures(), out)?),
        KpiCommand::List { json: false } => Ok(kpi_catalogue::write_list(out)?),
        KpiCommand::Show { figure, json } => {
            let figures = figures(figure, None)?;
            if *json {
                return Ok(kpi_catalogue::write_json(figures.into_iter(), out)?);
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

    fn list_terms(&self) -> ListTerms {
        ListTerms {
            side: if self.not_met { Side::NotMet } else { Side::All },
            order: CaseOrder { sort: self.sort, is_descending: self.desc },
            limit: Some(self.limit),
            after: self.after.clone(),
        }
    }

    /// A page of cases, and how the next one is asked for.
    pub(super) async fn listed(
        &self,
        store: &Store,
        question: &Question,
    ) -> anyhow::Result<(Vec<CaseBehind>, Option<String>)> {
        can_list(question, self.not_met)?;
        let terms = self.list_terms();
        let (after, (side, order)) = (terms.last(question)?, (terms.side, terms.order));
        let page = Page { limit: self.limit, side, order, after: after.as_ref() };
        let cases = kpi::cases_behind(store, question, page).await?;
        let next = NextPage::after(question, side, order, self.limit, &cases);
        let next = next.map(|next| if order.sort == CaseSort::Case { next.last.case_id } else { next.text() });
        Ok((cases, next))
    }

    pub(super) fn terms(&self) -> Terms {
        let Self { from, to, month, quarter, year, as_of, known_by, convention, .. } = self.clone();
        let Self { group_by, compare, stream, only, due_by, assessed: is_assessed, timezone, .. } = self.clone();
        Terms {
            from,
            to,
            month,
            quarter,
            year,
            as_of,
            known_by,
            convention,
            group_by,
            compare,
            stream,
            only,
            is_assessed,
            timezone,
            due_by,
        }
    }

    pub(super) fn asked(&self, setup: &Setup, now: Millis) -> Result<Asked, Unclear> {
        let now = self.list_terms().next_page()?.map_or(now, |next| next.as_of);
        Asked::read(&self.figure, &self.terms(), setup.settings.zone_name(), now)
    }
}

/// `now` is the as-of where none is given.
pub async fn run(args: &Ask, setup: &Setup, store: &Store, now: Millis, out: &mut impl Write) -> anyhow::Result<()> {
    let asked = args.asked(setup, now)?;
    check_only(&args.only, &setup.streams, store).await?;
    if args.cases {
        return list_cases(args, store, &asked, out).await;
    }
    let zone = &asked.zone;
    let mut all = told(store, &asked, setup.limits.workday_ms(), args.is_text()).await?;
    if args.json {
        return Ok(kpi_json::write_answers(&all, zone, out)?);
    }
    if args.csv {
        return Ok(kpi_csv::write_answers(&all, zone, out)?);
    }
    let names = setup.group_names(&args.group_by, store).await?;
    for (index, told) in all.iter_mut().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        told.answers.iter_mut().for_each(|answer| names.name(&mut answer.group));
        let whole = Question { group_by: Vec::new(), ..told.question.clone() };
        let total = total(store, &asked.compare, told, &whole).await?;
        kpi_text::write_answers(told, total.as_ref(), zone, out)?;
    }
    write_note(setup, &asked, out)
}

/// Where days are counted in another zone than the stream's.
pub(super) fn write_note(setup: &Setup, asked: &Asked, out: &mut impl Write) -> anyhow::Result<()> {
    let first = asked.questions.first();
    let note = first.and_then(|first| zones::note(setup, first.stream.as_deref(), &asked.zone, first.period));
    match note {
        Some(note) => Ok(writeln!(out, "{note}")?),
        None => Ok(()),
    }
}

async fn list_cases(args: &Ask, store: &Store, asked: &Asked, out: &mut impl Write) -> anyhow::Result<()> {
    let (question, zone) = (asked.only_question()?, &asked.zone);
    let (cases, next) = args.listed(store, question).await?;
    if args.json {
        return Ok(kpi_json::write_cases(&cases, zone, out)?);
    }
    if args.csv {
        return Ok(kpi_csv::write_cases(&cases, zone, out)?);
    }
    Ok(kpi_text::write_cases(question, &cases, next.as_deref(), zone, out)?)
}

fn case_sort() -> impl TypedValueParser<Value = CaseSort> {
    let names = PossibleValuesParser::new(CaseSort::names());
    names.try_map(|name| CaseSort::from_name(&name).ok_or("no such order"))
}

fn against() -> impl TypedValueParser<Value = Against> {
    let names = PossibleValuesParser::new(Against::ALL.map(|(_, name)| name));
    names.try_map(|name| Against::from_name(&name).ok_or("no such comparison"))
}

pub(super) fn dimension() -> impl TypedValueParser<Value = Dimension> {
    let names = PossibleValuesParser::new(Dimension::names());
    names.try_map(|name| Dimension::from_name(&name).ok_or("no such dimension"))
}
