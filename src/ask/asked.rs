//! What is asked, understood.

use jiff::tz::TimeZone;

use super::{
    Terms,
    instant::{instant, zone},
    span,
    unclear::{Unclear, ensure, slip},
};
use crate::{
    domain::{
        kpi::{Figure, Period, catalogue},
        time::Millis,
    },
    store::kpi::{Against, DIMENSIONS_MAX, Dimension, Question},
};

/// A question as it was understood: every word checked, every time an instant. What is to be asked of the store.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Of dates, weeks and months.
    pub zone: TimeZone,
    /// The same for each convention that is asked for; never none.
    pub questions: Vec<Question>,
    /// 同比、环比: the periods that each answer stands beside; empty: none.
    pub compare: Vec<Against>,
    /// 所知截至: only messages recorded by then count, so that the cases are folded again in a scratch database. None: all that is known now
    /// (docs/kpi.md, "as-of and known-by").
    pub known_by: Option<Millis>,
}

impl Asked {
    /// `figure` is an id or a name; `now` is the as-of where none is given.
    pub fn read(figure: &str, terms: &Terms, default_zone: &str, now: Millis) -> Result<Self, Unclear> {
        let figures = figures(figure, terms.convention.as_deref())?;
        Self::of(&figures, terms, default_zone, now)
    }

    /// The same for figures that are chosen already. `default_zone` is the IANA name for terms that name no zone; an error is for whoever
    /// asked, who has to ask otherwise.
    pub fn of(figures: &[&'static Figure], terms: &Terms, default_zone: &str, now: Millis) -> Result<Self, Unclear> {
        let zone = zone(terms.timezone.as_deref().unwrap_or(default_zone))?;
        let time = |name, text: &Option<String>| text.as_deref().map(|text| instant(name, text, &zone)).transpose();
        let (from, to) = period(terms, &zone)?;
        let as_of = time("as-of", &terms.as_of)?.unwrap_or(now);
        let known_by = time("known-by", &terms.known_by)?;
        let due_by = time("due-by", &terms.due_by)?;
        check_dimensions(&terms.group_by)?;
        let question = |figure: &&'static Figure| Question {
            group_by: terms.group_by.clone(),
            stream: terms.stream.clone(),
            is_assessed: terms.is_assessed,
            only: terms.only.clone(),
            due_by,
            ..Question::new(figure, Period { from, to, as_of }, zone.iana_name().unwrap_or("UTC"))
        };
        let questions = figures.iter().map(question).collect();
        Ok(Self { questions, compare: terms.compare.clone(), known_by, zone })
    }

    /// The one convention of a list of cases.
    pub fn only_question(&self) -> Result<&Question, Unclear> {
        match &self.questions[..] {
            [question] => Ok(question),
            questions => {
                let names: Vec<&str> = questions.iter().map(|question| question.figure.convention.as_str()).collect();
                Err(Unclear::OneConvention { zh: names.join(" 或 "), en: names.join(" or ") })
            }
        }
    }
}

/// Whether the question has cases to list, and such as do not meet it where only these are wanted.
pub fn can_list(Question { figure, .. }: &Question, is_not_met: bool) -> Result<(), Unclear> {
    let id = || figure.id.clone();
    ensure(figure.has_cases(), || Unclear::IsDifference { figure: id() })?;
    ensure(!is_not_met || figure.is_rate(), || Unclear::IsCount { figure: id() })
}

/// From one instant to before the other, or a month, a quarter or a year.
fn period(terms: &Terms, zone: &TimeZone) -> Result<(Millis, Millis), Unclear> {
    let Terms { from, to, month, quarter, year, .. } = terms;
    let ways = [from.is_some() || to.is_some(), month.is_some(), quarter.is_some(), year.is_some()];
    ensure(ways.into_iter().filter(|is| *is).count() <= 1, || Unclear::PeriodTwice)?;
    if let Some(span) = span::stated(month, quarter, year)? {
        let Period { from, to, .. } = span.period(zone, Millis(0));
        return Ok((from, to));
    }
    let (Some(first), Some(end)) = (from, to) else {
        return Err(Unclear::NoPeriod);
    };
    let (from, to) = (instant("from", first, zone)?, instant("to", end, zone)?);
    ensure(from < to, || Unclear::EmptyPeriod { from: first.clone(), to: end.clone() })?;
    Ok((from, to))
}

/// At most [`DIMENSIONS_MAX`] dimensions, each once: more groups than that nobody reads, and the store would have to hold them.
pub fn check_dimensions(group_by: &[Dimension]) -> Result<(), Unclear> {
    ensure(group_by.len() <= DIMENSIONS_MAX, || Unclear::TooManyDimensions { most: DIMENSIONS_MAX as u64 })?;
    for (index, dimension) in group_by.iter().enumerate() {
        let is_new = !group_by[..index].contains(dimension);
        ensure(is_new, || Unclear::NamedTwice { parameter: "group-by", name: dimension.name().to_owned() })?;
    }
    Ok(())
}

/// Those of a name, or the one of an id, under the conventions asked for.
pub fn figures(word: &str, convention: Option<&str>) -> Result<Vec<&'static Figure>, Unclear> {
    let named = Figure::named(word);
    if named.is_empty() {
        let mut names: Vec<&str> = Vec::new();
        for figure in catalogue::figures() {
            if !names.contains(&figure.name.as_str()) {
                names.push(&figure.name);
            }
        }
        let (name, nearest, known) = slip(word, &names);
        return Err(Unclear::NoFigure { name, nearest, known });
    }
    let Some(convention) = convention else { return Ok(named) };
    let conventions: Vec<&str> = named.iter().map(|figure| figure.convention.as_str()).collect();
    let chosen: Vec<_> = named.into_iter().filter(|figure| figure.convention == convention).collect();
    if chosen.is_empty() {
        let (name, nearest, known) = slip(convention, &conventions);
        return Err(Unclear::NoConvention { figure: word.to_owned(), name, nearest, known });
    }
    Ok(chosen)
}
