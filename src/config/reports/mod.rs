//! The reports that a file declares: which figures they print, under which names, and the paragraphs around them.

mod faults;
mod file;
#[cfg(test)]
mod tests;

use std::path::Path;

pub use self::file::{IndicatorFile, ParagraphFile, ReportFile, SectionFile, Shows};
use super::{ConfigError, Problem, problem, read, streams::Title};

/// Reports that come with the program, by name.
pub const SHIPPED: [(&str, &str); 1] = [("town", include_str!("../../../config/reports/town.toml"))];

/// A shipped report by its name, or a file by its path; `streams` are the names that an indicator may ask.
pub fn load(profile: &str, streams: &[&str]) -> Result<ReportFile, ConfigError> {
    let shipped = SHIPPED.iter().find(|(name, _)| *name == profile);
    match shipped {
        Some((name, text)) => parse(&format!("built-in {name}.toml"), text, streams),
        None if Path::new(profile).extension().is_some_and(|ending| ending == "toml") => {
            parse(profile, &read(Path::new(profile))?, streams)
        }
        None => {
            let known = SHIPPED.map(|(name, _)| name).join(", ");
            let remedy = format!("write {known}, or the path of a .toml file");
            Err(ConfigError::Invalid(vec![Problem::new(
                "--profile",
                format!("there is no report `{profile}`"),
                remedy,
            )]))
        }
    }
}

fn parse(place: &str, text: &str, streams: &[&str]) -> Result<ReportFile, ConfigError> {
    let file: ReportFile = toml::from_str(text).map_err(|error| {
        let remedy = "see config/reports/town.toml for a complete file";
        ConfigError::Invalid(vec![Problem::of_toml(place, text, &error, remedy)])
    })?;
    problem::none_of(faults::of(place, text, &file, streams))?;
    Ok(file)
}
