//! Published editions as they lie in the tables: heads, figures, verdicts, seals. What a table holds and what is asked of it;
//! how an edition is made, hashed and verified is in `report::publish`.

pub mod attempts;
pub mod editions;
pub mod figures;
pub mod positions;
pub mod seals;
pub mod verdict;
pub mod verdicts;
pub mod versions;

pub use self::{
    editions::Edition,
    figures::Frozen,
    positions::PublishedPosition,
    verdict::{Amounts, PublishedVerdict},
};
