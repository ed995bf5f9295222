//! A town's own figures: the files of `figures.dir`, in the language of the built-in catalogue. Everything that is wrong with any of
//! them is found at once, and each fault names file, line and field.

mod faults;
#[cfg(test)]
mod tests;

use std::path::Path;

use serde::Deserialize;

use super::{ConfigError, Problem, problem, read, toml_files};
use crate::domain::{kpi::Figure, rules::Rules};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FiguresFile {
    /// Another one for every change: an edition remembers it.
    version: String,
    #[serde(default)]
    figure: Vec<Figure>,
}

/// As it stands in a file, so that a fault is told with its line.
#[derive(Debug)]
struct Declared {
    place: String,
    text: String,
    /// Which of the file's.
    number: usize,
    figure: Figure,
}

/// Of a folder; without one there are none.
pub fn load(dir: Option<&Path>) -> Result<Vec<Figure>, ConfigError> {
    Ok(figures(read_all(dir)?))
}

/// The same, once every worked example holds. `rules` judges those that ask for the policy.
pub fn check(dir: Option<&Path>, rules: &Rules) -> Result<Vec<Figure>, ConfigError> {
    let all = read_all(dir)?;
    problem::none_of(all.iter().flat_map(|one| faults::examples(one, rules)).collect())?;
    Ok(figures(all))
}

fn figures(all: Vec<Declared>) -> Vec<Figure> {
    all.into_iter().map(|one| one.figure).collect()
}

fn read_all(dir: Option<&Path>) -> Result<Vec<Declared>, ConfigError> {
    let paths = dir.map(toml_files).transpose()?.unwrap_or_default();
    let texts = paths.iter().map(|path| Ok((path.display().to_string(), read(path)?)));
    of_texts(texts.collect::<Result<_, ConfigError>>()?)
}

fn of_texts(texts: Vec<(String, String)>) -> Result<Vec<Declared>, ConfigError> {
    let (mut problems, mut declared) = (Vec::new(), Vec::new());
    for (place, text) in texts {
        match parsed(&place, &text) {
            Ok(FiguresFile { version, figure }) => {
                declared.extend(figure.into_iter().enumerate().map(|(number, figure)| {
                    let figure = Figure { version: Some(version.clone()), ..figure };
                    Declared { place: place.clone(), text: text.clone(), number, figure }
                }));
            }
            Err(problem) => problems.push(problem),
        }
    }
    problems.extend(faults::shared(&declared));
    for one in &mut declared {
        problems.extend(faults::of(one));
        match one.figure.clone().resolved() {
            Ok(figure) => one.figure = figure,
            Err(errors) => problems.extend(errors.iter().map(|error| faults::counting(one, error))),
        }
    }
    problem::none_of(problems)?;
    Ok(declared)
}

fn parsed(place: &str, text: &str) -> Result<FiguresFile, Problem> {
    toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(String::new(), |span| format!(", line {}", line(text, span.start)));
        let what = error.message().trim().replace('\n', ", ");
        Problem::new(format!("{place}{at}"), what, "docs/figures.md has a complete file")
    })
}

/// Counted from 1.
fn line(text: &str, offset: usize) -> usize {
    text.get(..offset).unwrap_or(text).matches('\n').count() + 1
}
