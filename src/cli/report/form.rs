//! In which form and language a report is wanted.

use std::path::Path;

use anyhow::bail;
use clap::ValueEnum;

use crate::report::paper::{self, Language, Paper};

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// An Excel workbook
    Xlsx,
    /// A page in one file, without scripts
    Html,
    /// Markdown
    Md,
    /// For programs
    Json,
    /// For a terminal; of a profile only
    Text,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Lang {
    /// Chinese
    Zh,
    /// English
    En,
    /// Chinese, with the English in small
    Both,
}

impl Lang {
    fn language(self) -> Language {
        match self {
            Self::Zh => Language::Zh,
            Self::En => Language::En,
            Self::Both => Language::Both,
        }
    }
}

impl Format {
    pub fn by_ending(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?;
        Self::from_str(ending, true).ok()
    }
}

pub fn rendered(paper: Paper, lang: Lang, format: Format) -> anyhow::Result<Vec<u8>> {
    let paper = if format == Format::Json { &paper } else { &paper.in_language(lang.language()) };
    let mut bytes = Vec::new();
    match format {
        Format::Xlsx => bytes = paper::xlsx::workbook(paper)?,
        Format::Html => bytes = paper::html::page(paper).into_bytes(),
        Format::Md => paper::md::write(paper, &mut bytes)?,
        Format::Json => paper::json::write(paper, &mut bytes)?,
        Format::Text => bail!("--format text is for a report by --profile; the others are printed as md"),
    }
    Ok(bytes)
}
