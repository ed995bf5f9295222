//! What the period holds and a figure does not, by the reason.

use clickhouse::Row;
use serde::Deserialize;

use super::{Question, one_reading, query};
use crate::{
    domain::kpi::Figure,
    store::{
        client::Store,
        error::StoreError,
        query::Query,
        relation::{code, reach},
    },
};

/// Together with what is in the figure, it is all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    pub(crate) void: u64,
    pub(crate) excluded: u64,
    /// Reported, and not received yet.
    pub(crate) pending: u64,
    /// Duplicates and direct answers, where the stream's declaration leaves them out.
    pub(crate) out_of_base: u64,
    /// Only where the question is about what is assessed.
    pub(crate) unassessed: u64,
    /// For a figure by dues: received in the period without one.
    pub(crate) no_due: u64,
    pub(crate) suspended: u64,
    pub(crate) not_due: u64,
    /// To be closed.
    pub(crate) answered: u64,
    /// What the figure's `lacks` says.
    pub(crate) other: u64,
}

impl LeftOut {
    /// All reasons together.
    pub fn sum(&self) -> u64 {
        let Self { void, excluded, pending, out_of_base, unassessed, no_due, suspended, not_due, answered, other } =
            self;
        void + excluded + pending + out_of_base + unassessed + no_due + suspended + not_due + answered + other
    }

    /// By the number that kpi_reason.sql gives it.
    fn of(&mut self, reason: u64) -> Option<&mut u64> {
        Some(match reason {
            1 => &mut self.void,
            2 => &mut self.excluded,
            3 => &mut self.pending,
            4 => &mut self.out_of_base,
            5 => &mut self.unassessed,
            6 => &mut self.no_due,
            7 => &mut self.suspended,
            8 => &mut self.not_due,
            9 => &mut self.other,
            10 => &mut self.answered,
            _ => return None,
        })
    }
}

const BITS: usize = 4;
/// As many as fit into a word.
const TOGETHER: usize = 64 / BITS;

#[derive(Row, Deserialize)]
struct Combination {
    reasons: u64,
    rows: u64,
}

/// Of the question's figure; each row under one reason only, the first that holds.
pub async fn left_out(store: &Store, question: &Question) -> Result<LeftOut, StoreError> {
    Ok(left_out_of_many(store, question, &[question.figure]).await?.remove(0))
}

/// Of each figure, under the same question; of a difference nothing, because it has no cases of its own.
pub(crate) async fn left_out_of_many(
    store: &Store,
    question: &Question,
    figures: &[&'static Figure],
) -> Result<Vec<LeftOut>, StoreError> {
    let mut all = vec![LeftOut::default(); figures.len()];
    for places in one_reading(figures, reach).iter().flat_map(|places| places.chunks(TOGETHER)) {
        let chosen: Vec<&'static Figure> = places.iter().map(|place| figures[*place]).collect();
        let found: Vec<Combination> = store.fetch_all(asked(store, question, &chosen).await?).await?;
        for Combination { reasons, rows } in found {
            for (index, place) in places.iter().enumerate() {
                let reason = reasons >> (BITS * index) & ((1 << BITS) - 1);
                if let Some(counted) = all[*place].of(reason) {
                    *counted += rows;
                }
            }
        }
    }
    Ok(all)
}

async fn asked(store: &Store, question: &Question, figures: &[&'static Figure]) -> Result<Query, StoreError> {
    let of = |figure: &&'static Figure| Question { figure, ..question.clone() };
    let reason = |(index, figure): (usize, &&'static Figure)| {
        let reason = query::sql(&of(figure), &code(include_str!("../queries/kpi_reason.sql")));
        format!("bitShiftLeft(toUInt64({reason}), {})", BITS * index)
    };
    let known = |figure: &&'static Figure| {
        let question = of(figure);
        format!("({} AND ({}))", query::stage(figure), query::sql(&question, "{{known}}"))
    };
    let reasons: Vec<String> = figures.iter().enumerate().map(reason).collect();
    let mut any_known: Vec<String> = figures.iter().map(known).collect();
    any_known.sort();
    any_known.dedup();
    let sql = include_str!("../queries/kpi_left_out.sql")
        .replace("{{reasons}}", &reasons.join(" + "))
        .replace("{{meant}}", &query::meant(question))
        .replace("{{any_known}}", &any_known.join(" OR "));
    query::asked(store, &of(&figures[0]), &sql, reach(figures[0])).await
}
