//! Where a case stands towards a dimension: what an expression may compare with a text.

use super::Seen;
use crate::domain::attributes::Attribute;

/// Named as the columns are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseDimension {
    /// What the case is about, but for the numbers of other cases.
    Attribute(Attribute),
    /// 结案方式、办理结果, of a closed case.
    How,
    /// 办理结果, of a closed case.
    Result,
}

const HOW: &str = "how";
const RESULT: &str = "result";

impl CaseDimension {
    /// By the name of its column. None: an expression cannot ask for it.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            HOW => Some(Self::How),
            RESULT => Some(Self::Result),
            _ => Attribute::from_name(name).filter(is_dimension).map(Self::Attribute),
        }
    }

    /// As expressions write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Attribute(attribute) => attribute.name(),
            Self::How => HOW,
            Self::Result => RESULT,
        }
    }

    /// All of them, for messages.
    pub fn names() -> impl Iterator<Item = &'static str> {
        Attribute::ALL.iter().filter(|(one, _)| is_dimension(one)).map(|(_, name)| *name).chain([HOW, RESULT])
    }

    /// Empty where the case does not state it.
    pub(super) fn of<'a>(self, seen: &Seen<'a>) -> &'a str {
        let place = seen.place();
        match self {
            Self::Attribute(attribute) => place.get(attribute),
            Self::How => place.outcome.0,
            Self::Result => place.outcome.1,
        }
    }
}

/// The numbers of other cases are none.
fn is_dimension(attribute: &Attribute) -> bool {
    !matches!(attribute, Attribute::ExternalNo | Attribute::RepeatOf)
}
