//! Published editions as they lie in the tables: heads, figures, verdicts, seals. What a table holds and what is asked of it;
//! how an edition is made, hashed and verified is in `report::publish`.

pub(crate) mod attempts;
pub(crate) mod editions;
pub(crate) mod figures;
pub(crate) mod positions;
pub(crate) mod seals;
pub(crate) mod verdict;
pub(crate) mod verdicts;
pub(crate) mod versions;

pub use self::editions::Edition;
pub(crate) use self::{
    figures::Frozen,
    positions::PublishedPosition,
    verdict::{Amounts, PublishedVerdict},
};
