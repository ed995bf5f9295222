//! What cannot be understood of what is asked, with the nearest that could be. A parameter is named as on the command line.

use thiserror::Error;

use crate::store::StoreError;

#[derive(Debug, Error)]
#[error("{0}")]
pub struct Unclear(pub String);

impl Unclear {
    /// The word that [`perhaps`] found nearest.
    pub fn nearest(&self) -> Option<&str> {
        let (before, _) = [LIST_BEGINS, ZONES_BEGIN].iter().find_map(|begins| self.0.rsplit_once(begins))?;
        Some(before.strip_suffix('?')?.rsplit_once("`; ")?.1)
    }
}

/// What stands behind the nearest.
const LIST_BEGINS: &str = " There are: ";
/// There are too many zones to list.
pub(super) const ZONES_BEGIN: &str = " Give an IANA name such as Asia/Shanghai";

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

/// So many names are listed.
const LISTED: usize = 40;

/// A name that there is not, with the nearest that there is.
pub fn no_such(what: &str, name: &str, known: &[&str]) -> Unclear {
    let maybe = perhaps(name, known.iter().copied());
    let more = if known.len() > LISTED { ", …" } else { "" };
    Unclear(format!(
        "there is no {what} `{name}`{maybe}{LIST_BEGINS}{}{more}",
        known[..known.len().min(LISTED)].join(", ")
    ))
}

/// Ends a function with a usage error unless the condition holds.
pub fn ensure(holds: bool, otherwise: impl FnOnce() -> String) -> Result<(), Unclear> {
    if holds { Ok(()) } else { Err(Unclear(otherwise())) }
}

/// `; hotline?`, or a full stop where none is near.
pub fn perhaps<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    nearest(name, known).map_or_else(|| ".".to_owned(), |nearest| format!("; {nearest}?"))
}

fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let distance = |one: &str| strsim::damerau_levenshtein(&one.to_lowercase(), &name.to_lowercase());
    known.min_by_key(|one| distance(one)).filter(|one| distance(one) <= one.chars().count() / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_told_where_one_is_near() {
        let said = |name| no_such("stream", name, &["grid", "hotline"]).to_string();
        assert_eq!(said("hotlin"), "there is no stream `hotlin`; hotline? There are: grid, hotline");
        assert_eq!(said("GIRD"), "there is no stream `GIRD`; grid? There are: grid, hotline");
        assert_eq!(said("boston"), "there is no stream `boston`. There are: grid, hotline");
    }

    #[test]
    fn the_nearest_name_can_be_taken_from_what_is_told() {
        let nearest = |name: &str| no_such("stream", name, &["grid", "hotline"]).nearest().map(str::to_owned);
        assert_eq!(nearest("hotlin").as_deref(), Some("hotline"));
        assert_eq!(nearest("boston"), None);
        let zone = crate::ask::zone("Asia/Shangai").unwrap_err();
        assert_eq!(zone.nearest(), Some("Asia/Shanghai"));
        assert_eq!(Unclear("--from `x` is neither".to_owned()).nearest(), None);
    }
}
