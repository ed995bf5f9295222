//! What is wrong with a figure that can be read.

use super::{
    super::{Problem, problem::nearest},
    Declared, lines_of,
};
use crate::domain::{
    kpi::{
        CATALOGUE, FIGURES_MAX, Figure, Grain, Shape,
        atoms::{ATOMS, DURATIONS, QUANTITIES},
        catalogue::Text,
        counting::CountingError,
        dimension::CaseDimension,
        example::ExampleError,
        expression::ExpressionError,
    },
    life::{self, LifeError},
    policy::StageName,
    rules::Rules,
};

impl Declared {
    /// With the line of the field; where it is not written, of the figure.
    fn problem(&self, field: &str, what: impl Into<String>, remedy: impl Into<String>) -> Problem {
        Problem::new(format!("{}, line {}", self.place, self.line(field)), what, remedy)
    }

    fn line(&self, field: &str) -> usize {
        let says = |line: &str| line.strip_prefix(field).is_some_and(|rest| rest.trim_start().starts_with('='));
        let found = self.lines().find(|(_, line)| says(line)).or_else(|| self.lines().next());
        found.map_or(1, |(number, _)| number)
    }

    /// Of the example of that number, counted from 0.
    fn example_line(&self, number: usize) -> usize {
        let heads = self.lines().filter(|(_, line)| *line == "[[figure.example]]");
        heads.map(|(line, _)| line).nth(number).unwrap_or_else(|| self.line("example"))
    }

    fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        lines_of(&self.text, "[[figure]]", self.number)
    }
}

/// What does not hold of its examples.
pub(super) fn examples<'a>(one: &'a Declared, rules: &'a Rules) -> impl Iterator<Item = Problem> + 'a {
    one.figure.example.iter().enumerate().flat_map(move |(number, example)| {
        let place = format!("{}, line {}", one.place, one.example_line(number));
        let told = move |error: ExampleError| {
            let remedy = match &error {
                ExampleError::Time(..) => "write from, to and as_of as 2021-03-01, or with a time behind it".to_owned(),
                ExampleError::Life(_, LifeError::NoWord(word)) => nearest(word, life::words()),
                ExampleError::Life(..) => "docs/figures.md says how a life is written".to_owned(),
                ExampleError::Differs(..) => "either the example is wrong, or what the figure asks for".to_owned(),
            };
            Problem::new(place.clone(), format!("{}: {error}", one.figure.id), remedy)
        };
        example.errors(&one.figure, rules).into_iter().map(told)
    })
}

/// Of one figure by itself.
pub(super) fn of(one: &Declared) -> Vec<Problem> {
    let Declared { figure, .. } = one;
    let mut problems = Vec::new();
    let mut add = |field, what: String, remedy: &str| problems.push(one.problem(field, what, remedy));
    if !is_id(&figure.id) {
        let remedy = "write two or more lower-case letters, digits and single `_`, beginning with a letter";
        add("id", format!("{:?} is no name for a figure", figure.id), remedy);
    }
    for (field, text) in [("name", &figure.name), ("convention", &figure.convention)] {
        if !is_word(text) {
            add(field, format!("{text:?} is no word of a command line"), "write lower-case letters, digits and `-`");
        }
    }
    if is_missing(&figure.title) {
        add(
            "title",
            "a figure has a title in Chinese and in English".to_owned(),
            "write title = { zh = \"…\", en = \"…\" }",
        );
    }
    if figure.example.iter().all(|example| example.cases.is_empty()) {
        let remedy = "write one under [[figure.example]], with the case that is counted and the case that is not";
        add("example", "a figure has at least one worked example".to_owned(), remedy);
    }
    if figure.numerator.is_none() && figure.denominator.is_none() {
        add("numerator", "it counts nothing".to_owned(), "write a numerator, and for a rate a denominator");
    }
    of_shape(one, &mut problems);
    of_grain(one, &mut problems);
    problems
}

/// What the shape says, the fields must say too.
fn of_shape(one: &Declared, problems: &mut Vec<Problem>) {
    let Declared { figure, .. } = one;
    let (is_rate, lasts) = (figure.denominator.is_some(), figure.lasts.is_some());
    let is_right = match figure.shape {
        Shape::Count => !is_rate && !lasts && figure.numerator_sums.is_none(),
        Shape::Sum => !is_rate && figure.numerator_sums.is_some(),
        Shape::Rate => is_rate && figure.numerator_sums.is_none() && figure.denominator_sums.is_none(),
        Shape::PerCase | Shape::Points => is_rate && figure.numerator_sums.is_some(),
        Shape::Ages => is_rate && lasts,
        Shape::Durations => !is_rate && lasts,
        Shape::Net => false,
    };
    if !is_right {
        let remedy = "count: numerator only; sum: with numerator_sums; rate: both; per_case and points: both, with numerator_sums; \
                      durations: numerator and lasts; ages: both and lasts";
        problems.push(one.problem("shape", "the shape is another one than the fields make", remedy));
    }
}

fn of_grain(one: &Declared, problems: &mut Vec<Problem>) {
    let Declared { figure, .. } = one;
    let is_stage = figure.stage.as_deref().map(|stage| StageName::from_name(stage).is_some());
    if is_stage != (figure.grain == Grain::Clock).then_some(true) {
        let remedy = "write stage = \"CLOSE\", or another one of docs/policy.md, exactly where grain = \"clock\"";
        problems.push(one.problem("stage", "a figure of clocks is of one stage, and no other figure is", remedy));
    }
    if !figure.cohort.is_of(figure.grain) {
        let what = format!("the cohort {} puts no {} in a period", figure.cohort.name(), figure.grain.name());
        let remedy = "clocks have DUE, assignments ASSIGNED, checks CHECKED, and cases every other one";
        problems.push(one.problem("cohort", what, remedy));
    }
}

/// What two figures, of the town or of the program, must not share. Names that differ by case are the same.
pub(super) fn shared(all: &[Declared]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (index, one) in all.iter().enumerate() {
        let before = all[..index].iter().map(|other| (&other.figure, other.place.as_str()));
        for (other, place) in CATALOGUE.iter().map(|figure| (figure, "the built-in catalogue")).chain(before) {
            if same(&one.figure.id, &other.id) {
                let what = format!("{:?} is the id of a figure of {place}", one.figure.id);
                problems.push(one.problem("id", what, "give every figure an id of its own"));
            }
            if same(&one.figure.name, &other.name) && same(&one.figure.convention, &other.convention) {
                let what = format!("{} has the convention {:?} already, in {place}", other.name, other.convention);
                problems.push(one.problem("convention", what, "give every convention of a name a word of its own"));
            }
            if one.figure.title.zh == other.title.zh {
                let what = format!("{:?} is the title of {}, in {place}", other.title.zh, other.id);
                problems.push(one.problem("title", what, "give every figure a title of its own"));
            }
        }
    }
    let own_max = FIGURES_MAX - CATALOGUE.iter().filter(|figure| figure.has_cases()).count();
    if let Some(one) = all.get(own_max) {
        let what = format!("there are {} figures of the town's own", all.len());
        problems.push(one.problem("id", what, format!("an edition keeps {own_max} besides the built-in ones")));
    }
    problems
}

fn same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

/// A name that is not known, with the nearest that is.
pub(super) fn counting(one: &Declared, error: &CountingError) -> Problem {
    let atoms = || ATOMS.iter().filter(|atom| atom.grain() == one.figure.grain).map(|atom| atom.name);
    let remedy = match error {
        CountingError::Expression(_, ExpressionError::NoAtom(name)) => match elsewhere(name, &one.figure) {
            Some(remedy) => remedy,
            None => nearest(name, atoms()),
        },
        CountingError::Expression(_, ExpressionError::NoDimension(name)) => nearest(name, CaseDimension::names()),
        CountingError::Expression(..) => "see the expressions of docs/figures.md".to_owned(),
        CountingError::NoQuantity(_, name) => nearest(name, QUANTITIES.iter().map(|one| one.name)),
        CountingError::NoDuration(_, name) => nearest(name, DURATIONS.iter().map(|one| one.name)),
    };
    one.problem(error.field(), error.to_string(), remedy)
}

/// The atom is one of another grain, or it is a dimension.
fn elsewhere(name: &str, figure: &Figure) -> Option<String> {
    if CaseDimension::from_name(name).is_some() {
        return Some(format!("{name} is a dimension: write {name} = \"…\""));
    }
    let atom = ATOMS.iter().find(|atom| atom.name == name)?;
    Some(format!("it is asked of a {}, and this is a figure of a {}", atom.grain().name(), figure.grain.name()))
}

fn is_missing(text: &Text) -> bool {
    text.zh.trim().is_empty() || text.en.trim().is_empty()
}

fn is_id(text: &str) -> bool {
    let is_inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let is_long_enough = (2..=40).contains(&text.len());
    is_long_enough
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(is_inner)
        && !text.contains("__")
        && !text.ends_with('_')
}

fn is_word(text: &str) -> bool {
    let is_inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !text.is_empty() && text.chars().all(is_inner)
}
