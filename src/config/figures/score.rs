//! What is wrong with a score that can be read.

use super::{
    super::{Problem, problem::nearest},
    DeclaredScore, lines_of,
};
use crate::domain::kpi::{
    Figure,
    score::{IfNone, Points, ScorePart},
};

pub(super) fn faults(all: &[DeclaredScore], figures: &[&Figure]) -> Vec<Problem> {
    let mut problems: Vec<Problem> = all.iter().flat_map(|one| of(one, figures)).collect();
    for (index, one) in all.iter().enumerate() {
        if all[..index].iter().any(|other| other.score.id == one.score.id) {
            problems.push(one.problem(
                "id",
                format!("{:?} is the id of another score", one.score.id),
                "give each its own",
            ));
        }
    }
    problems
}

impl DeclaredScore {
    fn problem(&self, field: &str, what: impl Into<String>, remedy: impl Into<String>) -> Problem {
        let mut lines = lines_of(&self.text, "[[score]]", self.number);
        let first = lines.next().map_or(1, |(number, _)| number);
        let line = lines.find(|(_, line)| line.contains(field)).map_or(first, |(number, _)| number);
        Problem::new(format!("{}, line {line}", self.place), what, remedy)
    }
}

fn of(one: &DeclaredScore, figures: &[&Figure]) -> Vec<Problem> {
    let score = &one.score;
    let mut problems: Vec<Problem> = score.parts.iter().filter_map(|part| of_part(one, part, figures)).collect();
    if score.parts.is_empty() {
        problems.push(one.problem("parts", "a score has at least one part", "write parts = [{ figure = \"K14\", … }]"));
    }
    if score.grades.windows(2).any(|two| two[0].from <= two[1].from) {
        problems.push(one.problem(
            "grades",
            "the grades do not descend",
            "write the best first, each with fewer points",
        ));
    }
    problems
}

fn of_part(one: &DeclaredScore, part: &ScorePart, figures: &[&Figure]) -> Option<Problem> {
    let id = part.figure.as_str();
    let Some(figure) = figures.iter().find(|figure| figure.id == id) else {
        let remedy = nearest(id, figures.iter().map(|figure| figure.id.as_str()));
        return Some(one.problem(id, format!("there is no figure {id:?}"), remedy));
    };
    let is_rate = figure.is_rate();
    match part.points {
        Points::Rate if !is_rate => {
            Some(one.problem(id, format!("{id} is no rate"), "write points = \"share\" or \"minus\""))
        }
        Points::Share | Points::Minus if part.if_none == IfNone::Full => {
            Some(one.problem(id, format!("{id}: if_none is of rates"), "leave it out"))
        }
        _ => None,
    }
}
