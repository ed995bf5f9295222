//! What is wrong with a report file that can be read: each fault with its line.

use std::collections::BTreeMap;

use toml::Spanned;

use super::{
    super::{Problem, problem::nearest, streams::DIMENSIONS},
    file::{IndicatorFile, ReportFile, Shows, placeholders},
};
use crate::{
    document::line,
    domain::kpi::{Figure, catalogue},
};

/// Stands in a paragraph for the year of the report.
const YEAR: &str = "year";

pub(super) fn of(place: &str, text: &str, file: &ReportFile, streams: &[&str]) -> Vec<Problem> {
    let mut faults = Faults { place, text, streams, problems: Vec::new() };
    faults.of_ids(file);
    file.indicators().for_each(|indicator| faults.of_indicator(indicator));
    faults.of_paragraphs(file);
    if file.indicators().next().is_none() {
        faults.problems.push(Problem::new(place, "no indicator", "a report prints at least one figure"));
    }
    faults.problems
}

struct Faults<'a> {
    place: &'a str,
    text: &'a str,
    streams: &'a [&'a str],
    problems: Vec<Problem>,
}

impl Faults<'_> {
    fn add<T>(&mut self, at: &Spanned<T>, what: String, remedy: String) {
        let place = format!("{}, line {}", self.place, line(self.text, at.span().start));
        self.problems.push(Problem::new(place, what, remedy));
    }

    fn of_ids(&mut self, file: &ReportFile) {
        let sections = file.sections.iter().map(|section| &section.id);
        let indicators = file.indicators().map(|indicator| &indicator.id);
        for (what, ids) in [("section", sections.collect::<Vec<_>>()), ("indicator", indicators.collect())] {
            let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
            for id in ids {
                let is_id = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
                if id.get_ref().is_empty() || !id.get_ref().chars().all(is_id) || id.get_ref() == YEAR {
                    let remedy = format!("write lower-case letters, digits and `-`, and not `{YEAR}`");
                    self.add(id, format!("id {:?} cannot stand in a paragraph", id.get_ref()), remedy);
                }
                if let Some(earlier) = seen.insert(id.get_ref(), line(self.text, id.span().start)) {
                    let what = format!("{what} {:?} is already declared in line {earlier}", id.get_ref());
                    self.add(id, what, "give each an id of its own".to_owned());
                }
            }
        }
    }

    fn of_indicator(&mut self, indicator: &IndicatorFile) {
        let stream = indicator.stream.get_ref().as_str();
        if !self.streams.contains(&stream) {
            let remedy = nearest(stream, self.streams.iter().copied());
            self.add(&indicator.stream, format!("stream: there is no stream {stream:?}"), remedy);
        }
        for name in indicator.only.keys().filter(|name| !DIMENSIONS.contains(&name.get_ref().as_str())) {
            let remedy = nearest(name.get_ref(), DIMENSIONS.into_iter());
            self.add(name, format!("only: unknown dimension {:?}", name.get_ref()), remedy);
        }
        let id = indicator.figure.get_ref().as_str();
        let Some(figure) = Figure::by_id(id) else {
            let remedy = nearest(id, catalogue::figures().map(|figure| figure.id.as_str()));
            return self.add(&indicator.figure, format!("figure: there is no figure {id:?}"), remedy);
        };
        let (is_rate, shows) = (figure.is_rate(), *indicator.shows.get_ref());
        if shows == Shows::Rate && !is_rate {
            let what = format!("shows: {id} is a count and has no rate");
            self.add(&indicator.shows, what, "write \"count\", or \"change\"".to_owned());
        }
        if shows == Shows::Change && is_rate {
            let what = format!("shows: {id} is a rate; a change is printed of counts only");
            self.add(&indicator.shows, what, "write \"rate\" or \"count\"".to_owned());
        }
    }

    fn of_paragraphs(&mut self, file: &ReportFile) {
        let known: Vec<&str> =
            file.indicators().map(|indicator| indicator.id.get_ref().as_str()).chain([YEAR]).collect();
        for paragraph in file.sections.iter().flat_map(|section| &section.paragraphs) {
            for template in [&paragraph.zh, &paragraph.en] {
                for id in placeholders(template.get_ref()).filter(|id| !known.contains(id)) {
                    let remedy = nearest(id, known.iter().copied());
                    self.add(template, format!("{{{id}}} stands for no indicator"), remedy);
                }
            }
        }
    }
}
