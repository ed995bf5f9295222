//! How a list of cases is asked for: which part, in which order, how many, and from where on.

use super::{
    next::NextPage,
    terms::flag,
    unclear::{Unclear, ensure, no_such},
};
use crate::store::kpi::{CaseOrder, CaseSort, LastCase, Question, Side};

/// What is said of a list besides the question itself; as left out, the first cases of all, in the usual order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListTerms {
    /// Which of the question's cases: all, or those of the denominator, of the numerator, or of the denominator alone (未达标).
    pub side: Side,
    /// By which column, and in which direction.
    pub order: CaseOrder,
    /// None: as many as is usual.
    pub limit: Option<u64>,
    /// What the page before said, or the number of a case.
    pub after: Option<String>,
}

type Set = fn(&mut ListTerms, &str) -> Result<(), Unclear>;

/// By the names that an address has for them.
#[rustfmt::skip]
pub const LIST_PARAMETERS: &[(&str, Set)] = &[
    ("part", |terms, text| side(text).map(|side| terms.side = side)),
    ("sort", |terms, text| sort(text).map(|sort| terms.order.sort = sort)),
    ("desc", |terms, text| flag("desc", text).map(|is| terms.order.is_descending = is)),
    ("limit", |terms, text| limit(text).map(|limit| terms.limit = Some(limit))),
    ("after", |terms, text| { terms.after = Some(text.to_owned()); Ok(()) }),
];

impl ListTerms {
    /// Takes one, if it is one of [`LIST_PARAMETERS`].
    pub fn take(&mut self, name: &str, text: &str) -> Option<Result<(), Unclear>> {
        let (_, set) = LIST_PARAMETERS.iter().find(|(known, _)| *known == name)?;
        Some(set(self, text))
    }

    /// Of the page before, where it said so.
    pub fn next_page(&self) -> Result<Option<NextPage>, Unclear> {
        self.after.as_deref().map_or(Ok(None), NextPage::parse)
    }

    /// Only what the page before said: an address does not take the number of a case for it.
    pub fn last_said(&self, question: &Question) -> Result<Option<LastCase>, Unclear> {
        ensure(self.after.is_none() || self.next_page()?.is_some(), || Unclear::AfterDamaged)?;
        self.last(question)
    }

    /// After which case the page begins, if that belongs to this list.
    pub fn last(&self, question: &Question) -> Result<Option<LastCase>, Unclear> {
        match (self.next_page()?, &self.after) {
            (Some(next), _) => {
                next.check(question, self.side, self.order)?;
                Ok(Some(next.last))
            }
            (None, Some(case_id)) => {
                ensure(self.order.sort == CaseSort::Case, || Unclear::AfterUnsorted)?;
                Ok(Some(LastCase::numbered(case_id)))
            }
            (None, None) => Ok(None),
        }
    }

    /// At most so many; none: `usual`.
    pub fn limit(&self, usual: u64, most: u64) -> Result<u64, Unclear> {
        let limit = self.limit.unwrap_or(usual);
        ensure(limit <= most, || Unclear::OutOfRange { parameter: "limit", most, text: limit.to_string() })?;
        Ok(limit)
    }
}

/// So many rows of what is no list of cases.
pub fn row_limit(text: Option<&str>, usual: u64, most: u64) -> Result<u64, Unclear> {
    let Some(text) = text else { return Ok(usual) };
    let limit = text.parse().ok().filter(|limit| (1..=most).contains(limit));
    limit.ok_or_else(|| Unclear::OutOfRange { parameter: "limit", most, text: text.to_owned() })
}

fn side(name: &str) -> Result<Side, Unclear> {
    Side::from_name(name).ok_or_else(|| no_such(("部分", "part"), name, &Side::ALL.map(|(_, name)| name)))
}

fn sort(name: &str) -> Result<CaseSort, Unclear> {
    CaseSort::from_name(name).ok_or_else(|| no_such(("排序", "order"), name, &CaseSort::names()))
}

fn limit(text: &str) -> Result<u64, Unclear> {
    let limit = text.parse().ok().filter(|limit| *limit > 0);
    limit.ok_or_else(|| Unclear::NotPositive { parameter: "limit", text: text.to_owned() })
}
