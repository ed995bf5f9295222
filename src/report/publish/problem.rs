//! What is wrong with what was published, in words.

use crate::store::published::Edition;

/// A change of something that was published, or a note that nothing follows from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishProblem {
    /// For programs.
    pub kind: &'static str,
    /// Of which edition.
    pub report: String,
    /// Its number, from 1 on.
    pub edition: u32,
    pub zh: String,
    pub en: String,
}

impl PublishProblem {
    /// Of an edition that is there.
    pub fn of(edition: &Edition, kind: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::at(&edition.report, edition.edition, kind, zh, en)
    }

    /// Of one that is not, or not any more.
    pub fn at(report: &str, edition: u32, kind: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { kind, report: report.to_owned(), edition, zh: zh.into(), en: en.into() }
    }

    pub fn is_of(&self, edition: &Edition) -> bool {
        self.report == edition.report && self.edition == edition.edition
    }
}
