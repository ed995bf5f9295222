//! What is wrong with a score that can be read.

use super::{
    super::{Problem, problem::nearest},
    Declared,
    entry::Entry,
};
use crate::domain::kpi::{
    Figure,
    score::{IfNone, Points, Score, ScorePart},
};

pub(super) fn faults(all: &[Declared<Score>], figures: &[&Figure]) -> Vec<Problem> {
    let mut problems: Vec<Problem> = all.iter().flat_map(|one| of(one, figures)).collect();
    for (index, Declared { entry, value: score }) in all.iter().enumerate() {
        if all[..index].iter().any(|other| other.value.id == score.id) {
            let what = format!("{:?} is the id of another score", score.id);
            problems.push(naming(entry, "id", what, "give each its own"));
        }
    }
    problems
}

/// With the line that has the word.
fn naming(entry: &Entry, word: &str, what: impl Into<String>, remedy: impl Into<String>) -> Problem {
    entry.problem(|line| line != entry.head && line.contains(word), what, remedy)
}

fn of(Declared { entry, value: score }: &Declared<Score>, figures: &[&Figure]) -> Vec<Problem> {
    let mut problems: Vec<Problem> = score.parts.iter().filter_map(|part| of_part(entry, part, figures)).collect();
    let mut add = |field, what, remedy| problems.push(naming(entry, field, what, remedy));
    if score.parts.is_empty() {
        add("parts", "a score has at least one part", "write parts = [{ figure = \"K14\", … }]");
    }
    if score.grades.windows(2).any(|two| two[0].from <= two[1].from) {
        add("grades", "the grades do not descend", "write the best first, each with fewer points");
    }
    problems
}

fn of_part(entry: &Entry, part: &ScorePart, figures: &[&Figure]) -> Option<Problem> {
    let id = part.figure.as_str();
    let Some(figure) = figures.iter().find(|figure| figure.id == id) else {
        let remedy = nearest(id, figures.iter().map(|figure| figure.id.as_str()));
        return Some(naming(entry, id, format!("there is no figure {id:?}"), remedy));
    };
    match part.points {
        Points::Rate if !figure.is_rate() => {
            Some(naming(entry, id, format!("{id} is no rate"), "write points = \"share\" or \"minus\""))
        }
        Points::Share | Points::Minus if part.if_none == IfNone::Full => {
            Some(naming(entry, id, format!("{id}: if_none is of rates"), "leave it out"))
        }
        _ => None,
    }
}
