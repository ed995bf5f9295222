//! What is told for a question: its conventions, each beside other periods where they are asked for.

use super::Asked;
use crate::{
    domain::{kpi::Figure, time::Millis},
    store::{
        Store, StoreError,
        kpi::{self, Against, Answer, Compared, LeftOut, Question},
    },
};

/// One figure's answers.
#[derive(Debug)]
pub struct Told<'a> {
    /// What the answers are to.
    pub question: &'a Question,
    /// One for each group that has a case, in the order of the groups; without a grouping, one.
    pub answers: Vec<Answer>,
    /// For each comparison that was asked for, the answers of the other period.
    pub compared: Vec<Compared>,
    /// 未计入: why cases of the period are not in the figure, counted. None: not asked for, or the figure counts no cases.
    pub left_out: Option<LeftOut>,
    /// Only messages recorded by then were known; none: all.
    pub known_by: Option<Millis>,
    /// How long a working day is: what working time is told in. 0: it is told in hours.
    pub workday_ms: i64,
}

/// Every convention, with what each leaves out where that is wanted.
pub async fn told<'a>(
    store: &Store,
    asked: &'a Asked,
    workday_ms: i64,
    with_left_out: bool,
) -> Result<Vec<Told<'a>>, StoreError> {
    let Some(first) = asked.questions.first() else { return Ok(Vec::new()) };
    let figures: Vec<&'static Figure> = asked.questions.iter().map(|question| question.figure).collect();
    let left_out = async {
        match with_left_out {
            true => kpi::left_out_of_many(store, first, &figures).await,
            false => Ok(Vec::new()),
        }
    };
    // Both at once: ClickHouse plans each on one core, for longer than it reads.
    let (answers, left_out) = tokio::try_join!(kpi::many(store, first, &figures), left_out)?;
    let mut all = Vec::with_capacity(asked.questions.len());
    for (place, (question, answers)) in asked.questions.iter().zip(answers).enumerate() {
        let left_out = left_out.get(place).copied().filter(|_| question.figure.has_cases());
        let told = beside_others(store, &asked.compare, question, answers, workday_ms).await?;
        all.push(Told { left_out, known_by: asked.known_by, ..told });
    }
    Ok(all)
}

/// One question by itself.
pub async fn told_of<'a>(
    store: &Store,
    compare: &[Against],
    question: &'a Question,
    workday_ms: i64,
) -> Result<Told<'a>, StoreError> {
    beside_others(store, compare, question, kpi::answers(store, question).await?, workday_ms).await
}

/// An answer beside those of other periods.
async fn beside_others<'a>(
    store: &Store,
    compare: &[Against],
    question: &'a Question,
    answers: Vec<Answer>,
    workday_ms: i64,
) -> Result<Told<'a>, StoreError> {
    let mut compared = Vec::with_capacity(compare.len());
    for against in compare {
        compared.push(kpi::compared(store, question, &answers, *against).await?);
    }
    Ok(Told { question, answers, compared, left_out: None, known_by: None, workday_ms })
}

/// Over all groups, where times and comparisons do not add up. `whole` is the question without its groups.
pub async fn total<'a>(
    store: &Store,
    compare: &[Against],
    told: &Told<'_>,
    whole: &'a Question,
) -> Result<Option<Told<'a>>, StoreError> {
    let is_needed = told.answers.len() > 1 && (told.question.figure.has_durations() || !compare.is_empty());
    if is_needed { told_of(store, compare, whole, told.workday_ms).await.map(Some) } else { Ok(None) }
}
