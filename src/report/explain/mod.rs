//! A figure explained: what it means, its SQL, what it leaves out, and how its other conventions come to other numbers.

mod json;
mod text;
pub mod words;

pub use self::{json::write_json, text::write_text};
use crate::{
    ask::Told,
    store::kpi::{Account, Beside, CaseBehind, Question},
};

#[derive(Debug)]
pub struct Explained<'a> {
    pub told: Told<'a>,
    /// To run as it stands.
    pub sql: String,
    /// None for a difference of two counts, which has no cases of its own.
    pub account: Option<Account>,
    /// Every convention of the same name but this one.
    pub others: Vec<Beside>,
    pub cases: Option<Cases>,
}

/// A page of the cases behind it.
#[derive(Debug)]
pub struct Cases {
    pub rows: Vec<CaseBehind>,
    /// How the next page is asked for; none on the last.
    pub next: Option<String>,
}

impl Explained<'_> {
    fn question(&self) -> &Question {
        self.told.question
    }
}
