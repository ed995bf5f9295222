//! What a report file says. What a fault is told of keeps its place in the text.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::Title;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportFile {
    pub id: String,
    pub title: Title,
    pub sections: Vec<SectionFile>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SectionFile {
    pub id: Spanned<String>,
    pub title: Title,
    #[serde(default)]
    pub indicators: Vec<IndicatorFile>,
    #[serde(default)]
    pub paragraphs: Vec<ParagraphFile>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndicatorFile {
    pub id: Spanned<String>,
    pub title: Title,
    pub stream: Spanned<String>,
    pub figure: Spanned<String>,
    pub shows: Spanned<Shows>,
    /// Dimension and value: of these cases only.
    #[serde(default)]
    pub only: BTreeMap<Spanned<String>, String>,
}

/// What is printed of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Shows {
    /// The numerator.
    Count,
    Rate,
    /// Of a count, against the year before.
    Change,
}

/// With `{id}` for what an indicator shows.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ParagraphFile {
    pub zh: Spanned<String>,
    pub en: Spanned<String>,
}

impl ReportFile {
    pub fn indicators(&self) -> impl Iterator<Item = &IndicatorFile> {
        self.sections.iter().flat_map(|section| &section.indicators)
    }
}

/// The ids between braces.
pub fn placeholders(template: &str) -> impl Iterator<Item = &str> {
    template.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(id, _)| id))
}
