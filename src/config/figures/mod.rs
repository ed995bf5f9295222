//! A town's own figures: the files of `figures.dir`, in the language of the built-in catalogue. Everything that is wrong with any of
//! them is found at once, and each fault names file, line and field.

mod entry;
mod faults;
mod score;
#[cfg(test)]
mod tests;

use std::{path::Path, rc::Rc};

use serde::Deserialize;

use self::entry::{Entry, File};
use super::{ConfigError, Problem, problem, read, toml_files};
use crate::domain::{
    kpi::{CATALOGUE, Figure, score::Score},
    rules::Rules,
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FiguresFile {
    /// Another one for every change: an edition remembers it.
    version: String,
    #[serde(default)]
    figure: Vec<Figure>,
    #[serde(default)]
    score: Vec<Score>,
}

/// With where it stands in a file, so that a fault is told with its line.
#[derive(Debug)]
struct Declared<T> {
    entry: Entry,
    value: T,
}

/// Of a folder; without one there are none.
pub fn load(dir: Option<&Path>) -> Result<Vec<Figure>, ConfigError> {
    Ok(figures(read_all(dir)?.0))
}

/// The same, once every worked example holds. `rules` judges those that ask for the policy.
pub fn check(dir: Option<&Path>, rules: &Rules) -> Result<Vec<Figure>, ConfigError> {
    let (all, _) = read_all(dir)?;
    problem::none_of(all.iter().flat_map(|one| faults::examples(one, rules)).collect())?;
    Ok(figures(all))
}

fn figures(all: Vec<Declared<Figure>>) -> Vec<Figure> {
    all.into_iter().map(|one| one.value).collect()
}

/// The scores of a folder.
pub fn scores(dir: Option<&Path>) -> Result<Vec<Score>, ConfigError> {
    Ok(read_all(dir)?.1)
}

fn read_all(dir: Option<&Path>) -> Result<(Vec<Declared<Figure>>, Vec<Score>), ConfigError> {
    let paths = dir.map(toml_files).transpose()?.unwrap_or_default();
    let texts = paths.iter().map(|path| Ok((path.display().to_string(), read(path)?)));
    of_texts(texts.collect::<Result<_, ConfigError>>()?)
}

fn of_texts(texts: Vec<(String, String)>) -> Result<(Vec<Declared<Figure>>, Vec<Score>), ConfigError> {
    let (mut problems, mut declared, mut scores) = (Vec::new(), Vec::new(), Vec::new());
    for (place, text) in texts {
        match parsed(&place, &text) {
            Ok(FiguresFile { version, figure, score }) => {
                let file = Rc::new(File { place, text });
                let of_version = |figure| Figure { version: Some(version.clone()), ..figure };
                declared.extend(numbered(&file, "[[figure]]", figure.into_iter().map(of_version)));
                scores.extend(numbered(&file, "[[score]]", score.into_iter()));
            }
            Err(problem) => problems.push(problem),
        }
    }
    problems.extend(faults::shared(&declared));
    for one in &mut declared {
        problems.extend(faults::of(one));
        match one.value.clone().resolved() {
            Ok(figure) => one.value = figure,
            Err(errors) => problems.extend(errors.iter().map(|error| faults::counting(one, error))),
        }
    }
    let figures: Vec<&Figure> = CATALOGUE.iter().chain(declared.iter().map(|one| &one.value)).collect();
    problems.extend(score::faults(&scores, &figures));
    problem::none_of(problems)?;
    Ok((declared, scores.into_iter().map(|one| one.value).collect()))
}

fn numbered<T>(
    file: &Rc<File>,
    head: &'static str,
    values: impl Iterator<Item = T>,
) -> impl Iterator<Item = Declared<T>> {
    values
        .enumerate()
        .map(move |(number, value)| Declared { entry: Entry { file: Rc::clone(file), head, number }, value })
}

fn parsed(place: &str, text: &str) -> Result<FiguresFile, Problem> {
    toml::from_str(text).map_err(|error| Problem::of_toml(place, text, &error, "docs/figures.md has a complete file"))
}
