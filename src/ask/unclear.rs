//! What cannot be understood of what is asked, with the nearest that could be.

mod kinds;

use std::fmt;

use thiserror::Error;

pub use self::kinds::Unclear;
use crate::store::StoreError;

/// To whom it is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wording {
    /// As the page says it.
    Chinese,
    /// As the interface for programs says it.
    English,
    /// English, where a parameter has its dashes.
    CommandLine,
}

impl Wording {
    fn dash(self) -> &'static str {
        if self == Self::CommandLine { "--" } else { "" }
    }

    /// `; hotline?`, or a full stop where none is near.
    fn maybe(self, nearest: Option<&str>) -> String {
        match (self, nearest) {
            (Self::Chinese, Some(nearest)) => format!("；是 {nearest} 吗？"),
            (Self::Chinese, None) => "。".to_owned(),
            (_, Some(nearest)) => format!("; {nearest}?"),
            (_, None) => ".".to_owned(),
        }
    }
}

impl Unclear {
    /// The word that was perhaps meant.
    pub fn nearest(&self) -> Option<&str> {
        match self {
            Self::NoSuch { nearest, .. }
            | Self::NoFigure { nearest, .. }
            | Self::NoConvention { nearest, .. }
            | Self::InNoCase { nearest, .. }
            | Self::NoZone { nearest, .. } => nearest.as_deref(),
            _ => None,
        }
    }
}

impl fmt::Display for Unclear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.told(Wording::CommandLine))
    }
}

impl std::error::Error for Unclear {}

/// Why a question has no answer.
#[derive(Debug, Error)]
pub enum AskError {
    /// Whoever asks has to ask otherwise.
    #[error(transparent)]
    Unclear(#[from] Unclear),
    /// What ClickHouse says.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a word should have named, in Chinese and in English.
pub type Thing = (&'static str, &'static str);

/// 业务流, where a name of one was meant.
pub const STREAM: Thing = ("业务流", "stream");
/// 参数: a part of an address or a flag.
pub const PARAMETER: Thing = ("参数", "parameter");
/// Of a limit, and how its days end.
pub const UNIT: Thing = ("时限单位", "unit");
/// How the days of a limit end: [`Convention`](crate::domain::calendar::Convention).
pub const DAYS_END: Thing = ("日的算法", "convention of days");

/// A name that there is not, with the nearest that there is.
pub fn no_such((zh, en): Thing, name: &str, known: &[&str]) -> Unclear {
    let (name, nearest, known) = slip(name, known);
    Unclear::NoSuch { zh, en, name, nearest, known }
}

/// Nothing, or one of these.
pub(super) fn check_named(what: Thing, name: Option<&str>, known: &[&str]) -> Result<(), Unclear> {
    name.filter(|name| !known.contains(name)).map_or(Ok(()), |name| Err(no_such(what, name, known)))
}

/// So many names are listed.
const LISTED: usize = 40;

/// The name, the nearest to it, and those that there are.
pub(super) fn slip(name: &str, known: &[&str]) -> (String, Option<String>, String) {
    let more = if known.len() > LISTED { ", …" } else { "" };
    let listed = format!("{}{more}", known[..known.len().min(LISTED)].join(", "));
    (name.to_owned(), nearest(name, known.iter().copied()), listed)
}

/// Ends a function with a usage error unless the condition holds.
pub fn ensure(holds: bool, otherwise: impl FnOnce() -> Unclear) -> Result<(), Unclear> {
    if holds { Ok(()) } else { Err(otherwise()) }
}

pub(super) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    let distance = |one: &str| strsim::damerau_levenshtein(&one.to_lowercase(), &name.to_lowercase());
    let found = known.min_by_key(|one| distance(one)).filter(|one| distance(one) <= one.chars().count() / 2);
    found.map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_chinese(text: &str) -> bool {
        text.chars().any(|char| ('一'..='龥').contains(&char))
    }

    /// Three words of English in a row are a sentence; names of parameters stand between Chinese.
    fn is_english(text: &str) -> bool {
        let words: Vec<&str> = text.split_whitespace().collect();
        let is_word = |word: &&str| word.bytes().all(|byte| byte.is_ascii_lowercase());
        words.windows(3).any(|three| three.iter().all(is_word))
    }

    #[test]
    fn every_kind_is_said_in_both_languages_and_has_dashes_on_the_command_line_only() {
        let all = Unclear::one_of_each();
        assert!(all.len() > 50, "{}", all.len());
        for one in all {
            let [zh, en, command] = [Wording::Chinese, Wording::English, Wording::CommandLine].map(|to| one.told(to));
            assert!(is_chinese(&zh) && !is_english(&zh), "{one:?}: {zh}");
            // An example of a value may be in Chinese.
            assert!(!is_chinese(&en.replace("kind=投诉", "")), "{one:?}: {en}");
            let is_example = matches!(one, Unclear::OnlyByCommand);
            assert!(is_example || (!zh.contains("--") && !en.contains("--")), "{one:?}: {zh} {en}");
            assert_eq!(command.replace("--", ""), en.replace("--", ""), "{one:?}");
        }
    }

    #[test]
    fn the_nearest_name_is_told_where_one_is_near() {
        let no = |name| no_such(STREAM, name, &["grid", "hotline"]);
        assert_eq!(no("hotlin").to_string(), "there is no stream `hotlin`; hotline? There are: grid, hotline");
        assert_eq!(no("GIRD").to_string(), "there is no stream `GIRD`; grid? There are: grid, hotline");
        assert_eq!(no("boston").to_string(), "there is no stream `boston`. There are: grid, hotline");
        let told = |name| no(name).told(Wording::Chinese);
        assert_eq!(told("hotlin"), "没有名为“hotlin”的业务流；是 hotline 吗？现有：grid, hotline");
        assert_eq!(told("boston"), "没有名为“boston”的业务流。现有：grid, hotline");
    }

    #[test]
    fn the_nearest_is_a_fact_and_no_value_can_pass_for_it() {
        let nearest = |name: &str| no_such(STREAM, name, &["grid", "hotline"]).nearest().map(str::to_owned);
        assert_eq!(nearest("hotlin").as_deref(), Some("hotline"));
        assert_eq!(nearest("boston"), None);
        assert_eq!(nearest("x`; grid? There are: grid"), None);
        assert_eq!(crate::ask::zone("Asia/Shangai").unwrap_err().nearest(), Some("Asia/Shanghai"));
        assert_eq!(Unclear::NoPeriod.nearest(), None);
    }

    #[test]
    fn what_was_asked_stays_as_it_was_written() {
        let unclear = Unclear::NotTime { parameter: "as-of".to_owned(), text: "--{dash}--".to_owned() };
        let told = unclear.told(Wording::English);
        assert!(told.starts_with("as-of `--{dash}--` is neither"), "{told}");
    }
}
