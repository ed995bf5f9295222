//! The names of codes, for reports.

use std::{collections::BTreeMap, path::Path};

use serde::Deserialize;

use super::{ConfigError, Problem, read, streams::Title};

const BUILT_IN: &str = include_str!("../../config/names/names.toml");

/// By code.
pub type Names = BTreeMap<String, Name>;

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NamesFile {
    pub channel: Names,
    /// 大类, by standard and code.
    pub class: BTreeMap<String, Names>,
    pub town: Names,
    pub community: Names,
    pub unit: Names,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Name {
    Both(Title),
    /// In whatever language it is.
    One(String),
}

impl NamesFile {
    /// Of a dimension of a grouping; empty where it has none.
    fn of(&self, dimension: &str) -> Option<&Names> {
        match dimension {
            "channel" => Some(&self.channel),
            "town" => Some(&self.town),
            "community" => Some(&self.community),
            "unit" => Some(&self.unit),
            _ => None,
        }
    }

    /// By code.
    pub fn in_chinese(&self, dimension: &str) -> BTreeMap<String, String> {
        let in_chinese = |(code, name): (&String, &Name)| (code.clone(), name.texts().0.to_owned());
        self.of(dimension).into_iter().flatten().map(in_chinese).collect()
    }
}

impl Name {
    /// In Chinese and in English.
    pub fn texts(&self) -> (&str, &str) {
        match self {
            Self::Both(title) => (&title.zh, &title.en),
            Self::One(text) => (text, text),
        }
    }
}

/// The names of a file, or the built-in ones.
pub fn load(path: Option<&Path>) -> Result<NamesFile, ConfigError> {
    match path {
        Some(path) => from_text(&path.display().to_string(), &read(path)?),
        None => from_text("built-in names.toml", BUILT_IN),
    }
}

fn from_text(place: &str, text: &str) -> Result<NamesFile, ConfigError> {
    toml::from_str(text).map_err(|error| ConfigError::NotToml(Problem::not_toml(place, text, &error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_text_or_a_pair() {
        let names = load(None).unwrap();
        assert_eq!(names.town["310113112"].texts(), ("庙行镇", "Miaohang town"));
        assert_eq!(names.community["310113112901"].texts(), ("晨光居委会", "晨光居委会"));
        assert_eq!(names.class["GB/T 30428.2-2013"]["事件/01"].texts().0, "市容环境");
    }

    #[test]
    fn a_fault_is_told_with_its_line() {
        let told = |text| from_text("my.toml", text).unwrap_err().to_string();
        let wrong_list = told("[channel]\nX = \"x\"\n[village]\n1 = \"a\"\n");
        assert!(wrong_list.contains("my.toml") && wrong_list.contains('3'), "{wrong_list}");
        let wrong_name = told("[channel]\nX = 5\n");
        assert!(wrong_name.contains('2'), "{wrong_name}");
    }
}
