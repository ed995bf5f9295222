//! What is wrong with a figure that can be read.

use super::{
    super::{Problem, problem::nearest},
    Declared,
};
use crate::domain::{
    kpi::{
        CATALOGUE, FIGURES_MAX, Figure, Grain, Shape,
        atoms::{ATOMS, DURATIONS, QUANTITIES},
        catalogue::Text,
        counting::CountingError,
        dimension::CaseDimension,
        expression::ExpressionError,
        proof::ExampleError,
    },
    life::{self, LifeError},
    policy::StageName,
    rules::Rules,
};

/// What does not hold of its examples.
pub(super) fn examples<'a>(
    Declared { entry, value: figure }: &'a Declared<Figure>,
    rules: &'a Rules,
) -> impl Iterator<Item = Problem> + 'a {
    figure.example.iter().enumerate().flat_map(move |(number, example)| {
        let line = entry.part_line("[[figure.example]]", "example", number);
        let told = move |error: ExampleError| {
            let remedy = match &error {
                ExampleError::Time(..) => "write from, to and as_of as 2021-03-01, or with a time behind it".to_owned(),
                ExampleError::Life(_, LifeError::NoWord(word)) => nearest(word, life::words()),
                ExampleError::Life(..) => "docs/figures.md says how a life is written".to_owned(),
                ExampleError::Differs(..) => "either the example is wrong, or what the figure asks for".to_owned(),
            };
            entry.at(line, format!("{}: {error}", figure.id), remedy)
        };
        example.errors(figure, rules).into_iter().map(told)
    })
}

/// Of one figure by itself.
pub(super) fn of(one: &Declared<Figure>) -> Vec<Problem> {
    let Declared { entry, value: figure } = one;
    let mut problems = Vec::new();
    let mut add = |field, what: String, remedy: &str| problems.push(entry.of_field(field, what, remedy));
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
fn of_shape(Declared { entry, value: figure }: &Declared<Figure>, problems: &mut Vec<Problem>) {
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
        problems.push(entry.of_field("shape", "the shape is another one than the fields make", remedy));
    }
}

fn of_grain(Declared { entry, value: figure }: &Declared<Figure>, problems: &mut Vec<Problem>) {
    let is_stage = figure.stage.as_deref().map(|stage| StageName::from_name(stage).is_some());
    if is_stage != (figure.grain == Grain::Clock).then_some(true) {
        let remedy = "write stage = \"CLOSE\", or another one of docs/policy.md, exactly where grain = \"clock\"";
        problems.push(entry.of_field("stage", "a figure of clocks is of one stage, and no other figure is", remedy));
    }
    if !figure.cohort.is_of(figure.grain) {
        let what = format!("the cohort {} puts no {} in a period", figure.cohort.name(), figure.grain.name());
        let remedy = "clocks have DUE, assignments ASSIGNED, checks CHECKED, and cases every other one";
        problems.push(entry.of_field("cohort", what, remedy));
    }
}

/// What two figures, of the town or of the program, must not share. Names that differ by case are the same.
pub(super) fn shared(all: &[Declared<Figure>]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (index, Declared { entry, value: figure }) in all.iter().enumerate() {
        let before = all[..index].iter().map(|other| (&other.value, other.entry.file.place.as_str()));
        for (other, place) in CATALOGUE.iter().map(|figure| (figure, "the built-in catalogue")).chain(before) {
            if same(&figure.id, &other.id) {
                let what = format!("{:?} is the id of a figure of {place}", figure.id);
                problems.push(entry.of_field("id", what, "give every figure an id of its own"));
            }
            if same(&figure.name, &other.name) && same(&figure.convention, &other.convention) {
                let what = format!("{} has the convention {:?} already, in {place}", other.name, other.convention);
                problems.push(entry.of_field("convention", what, "give every convention of a name a word of its own"));
            }
            if figure.title.zh == other.title.zh {
                let what = format!("{:?} is the title of {}, in {place}", other.title.zh, other.id);
                problems.push(entry.of_field("title", what, "give every figure a title of its own"));
            }
        }
    }
    let own_max = FIGURES_MAX - CATALOGUE.iter().filter(|figure| figure.has_cases()).count();
    if let Some(Declared { entry, .. }) = all.get(own_max) {
        let what = format!("there are {} figures of the town's own", all.len());
        problems.push(entry.of_field("id", what, format!("an edition keeps {own_max} besides the built-in ones")));
    }
    problems
}

fn same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

/// A name that is not known, with the nearest that is.
pub(super) fn counting(Declared { entry, value: figure }: &Declared<Figure>, error: &CountingError) -> Problem {
    let atoms = || ATOMS.iter().filter(|atom| atom.grain() == figure.grain).map(|atom| atom.name);
    let remedy = match error {
        CountingError::Expression(_, ExpressionError::NoAtom(name)) => match elsewhere(name, figure) {
            Some(remedy) => remedy,
            None => nearest(name, atoms()),
        },
        CountingError::Expression(_, ExpressionError::NoDimension(name)) => nearest(name, CaseDimension::names()),
        CountingError::Expression(..) => "see the expressions of docs/figures.md".to_owned(),
        CountingError::NoQuantity(_, name) => nearest(name, QUANTITIES.iter().map(|one| one.name)),
        CountingError::NoDuration(_, name) => nearest(name, DURATIONS.iter().map(|one| one.name)),
    };
    entry.of_field(error.field(), error.to_string(), remedy)
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
