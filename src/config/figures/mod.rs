//! A town's own figures: the files of `figures.dir`, in the language of the built-in catalogue. Everything that is wrong with any of
//! them is found at once, and each fault names file, line and field.

mod faults;
mod score;
#[cfg(test)]
mod tests;

use std::path::Path;

use serde::Deserialize;

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

/// As it stands in a file, so that a fault is told with its line.
#[derive(Debug)]
struct Declared {
    place: String,
    text: String,
    /// Which of the file's.
    number: usize,
    figure: Figure,
}

#[derive(Debug)]
struct DeclaredScore {
    place: String,
    text: String,
    number: usize,
    score: Score,
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

fn figures(all: Vec<Declared>) -> Vec<Figure> {
    all.into_iter().map(|one| one.figure).collect()
}

/// The scores of a folder.
pub fn scores(dir: Option<&Path>) -> Result<Vec<Score>, ConfigError> {
    Ok(read_all(dir)?.1)
}

fn read_all(dir: Option<&Path>) -> Result<(Vec<Declared>, Vec<Score>), ConfigError> {
    let paths = dir.map(toml_files).transpose()?.unwrap_or_default();
    let texts = paths.iter().map(|path| Ok((path.display().to_string(), read(path)?)));
    of_texts(texts.collect::<Result<_, ConfigError>>()?)
}

fn of_texts(texts: Vec<(String, String)>) -> Result<(Vec<Declared>, Vec<Score>), ConfigError> {
    let (mut problems, mut declared, mut scores) = (Vec::new(), Vec::new(), Vec::new());
    for (place, text) in texts {
        match parsed(&place, &text) {
            Ok(FiguresFile { version, figure, score }) => {
                scores.extend(score.into_iter().enumerate().map(|(number, score)| DeclaredScore {
                    place: place.clone(),
                    text: text.clone(),
                    number,
                    score,
                }));
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
    let figures: Vec<&Figure> = CATALOGUE.iter().chain(declared.iter().map(|one| &one.figure)).collect();
    problems.extend(score::faults(&scores, &figures));
    problem::none_of(problems)?;
    Ok((declared, scores.into_iter().map(|one| one.score).collect()))
}

fn parsed(place: &str, text: &str) -> Result<FiguresFile, Problem> {
    toml::from_str(text).map_err(|error| problem::of_toml(place, text, &error, "docs/figures.md has a complete file"))
}

/// The lines of the entry of that number under a head such as `[[figure]]`, numbered as the file is.
fn lines_of<'a>(text: &'a str, head: &'static str, number: usize) -> impl Iterator<Item = (usize, &'a str)> {
    let mut heads = 0;
    let numbered = text.lines().enumerate().map(|(n, line)| (n + 1, line.trim()));
    numbered.filter(move |(_, line)| {
        // Another kind of entry ends it; what belongs to this one begins with its name.
        let is_other = line.starts_with("[[") && !line.starts_with(head.trim_end_matches(']'));
        match *line == head {
            true => heads += 1,
            false if is_other && heads == number + 1 => heads = usize::MAX / 2,
            false => (),
        }
        heads == number + 1
    })
}
