//! 净增量: what came in minus what was closed, each grouped by its own time.

use std::collections::BTreeMap;

use super::{Answer, Question};
use crate::{
    domain::kpi::Figure,
    store::{client::Store, error::StoreError},
};

pub(super) async fn answers(store: &Store, question: &Question) -> Result<Vec<Answer>, StoreError> {
    let mut nets: BTreeMap<Vec<String>, i64> = BTreeMap::new();
    for (id, sign) in [("K17a", 1), ("K17b", -1)] {
        let Some(figure) = Figure::by_id(id) else { continue };
        let part = Question { figure, ..question.clone() };
        for answer in Box::pin(super::answers(store, &part)).await? {
            *nets.entry(answer.group).or_default() += sign * answer.numerator;
        }
    }
    let answer = |(group, numerator)| Answer { group, numerator, denominator: None, spread: None };
    Ok(nets.into_iter().map(answer).collect())
}
