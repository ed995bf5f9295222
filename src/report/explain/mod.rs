//! A figure explained: what it means, its SQL, what it leaves out, and how its other conventions come to other numbers.

mod json;
mod text;
pub mod words;

pub use self::{
    json::{object, write_json},
    text::write_text,
};
use crate::{
    ask::{Told, told_of},
    store::{
        Store, StoreError,
        kpi::{Account, Against, Beside, CaseBehind, Question, account, beside, pasted},
    },
};

/// One figure, opened as far as it goes.
#[derive(Debug)]
pub struct Explained<'a> {
    pub told: Told<'a>,
    /// To run as it stands.
    pub sql: String,
    /// None for a difference of two counts, which has no cases of its own.
    pub account: Option<Account>,
    /// Every convention of the same name but this one.
    pub others: Vec<Beside>,
    /// None: not asked for.
    pub cases: Option<Cases>,
}

/// A page of the cases behind it.
#[derive(Debug)]
pub struct Cases {
    /// In the order of their numbers.
    pub rows: Vec<CaseBehind>,
    /// How the next page is asked for; none on the last.
    pub next: Option<String>,
}

impl<'a> Explained<'a> {
    /// Without cases.
    pub async fn of(
        store: &Store,
        compare: &[Against],
        question: &'a Question,
        workday_ms: i64,
    ) -> Result<Self, StoreError> {
        let account = async {
            match question.figure.has_cases() {
                true => account(store, question).await.map(Some),
                false => Ok(None),
            }
        };
        let told = told_of(store, compare, question, workday_ms);
        let (mut told, account, others) = tokio::try_join!(told, account, beside(store, question))?;
        told.left_out = account.map(|account| account.left_out);
        Ok(Self { told, sql: pasted(store, question), account, others, cases: None })
    }
}

impl Explained<'_> {
    fn question(&self) -> &Question {
        self.told.question
    }
}
