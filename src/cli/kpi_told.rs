//! What `kpi` and `kpi explain` are answered: the conventions of a question, each beside other periods where they are asked for.

use super::{kpi::Ask, setup::Setup};
use crate::{
    domain::kpi::Figure,
    report::kpi::Told,
    store::{
        Store, StoreError,
        kpi::{self, Answer, Question},
    },
};

/// The conventions of one question, with what each leaves out where people read it.
pub(super) async fn told<'a>(
    args: &Ask,
    setup: &Setup,
    store: &Store,
    questions: &'a [Question],
) -> Result<Vec<Told<'a>>, StoreError> {
    let Some(first) = questions.first() else { return Ok(Vec::new()) };
    let figures: Vec<&'static Figure> = questions.iter().map(|question| question.figure).collect();
    let left_out = async {
        match args.is_text() {
            true => kpi::left_out_of_many(store, first, &figures).await,
            false => Ok(Vec::new()),
        }
    };
    // Both at once: ClickHouse plans each on one core, for longer than it reads.
    let (answers, left_out) = tokio::try_join!(kpi::many(store, first, &figures), left_out)?;
    let mut all = Vec::with_capacity(questions.len());
    for (place, (question, answers)) in questions.iter().zip(answers).enumerate() {
        let left_out = left_out.get(place).copied().filter(|_| question.figure.has_cases());
        all.push(Told { left_out, ..compared(args, setup, store, question, answers).await? });
    }
    Ok(all)
}

/// One question by itself.
pub(super) async fn told_of<'a>(
    args: &Ask,
    setup: &Setup,
    store: &Store,
    question: &'a Question,
) -> Result<Told<'a>, StoreError> {
    compared(args, setup, store, question, kpi::answers(store, question).await?).await
}

/// An answer beside those of other periods.
async fn compared<'a>(
    args: &Ask,
    setup: &Setup,
    store: &Store,
    question: &'a Question,
    answers: Vec<Answer>,
) -> Result<Told<'a>, StoreError> {
    let mut compared = Vec::with_capacity(args.compare.len());
    for against in &args.compare {
        compared.push(kpi::compared(store, question, &answers, *against).await?);
    }
    let workday_ms = setup.limits.calendar.working().schedule().day_length();
    Ok(Told { question, answers, compared, left_out: None, known_by: None, workday_ms })
}

/// Over all groups, where times and comparisons do not add up.
pub(super) async fn total<'a>(
    args: &Ask,
    setup: &Setup,
    store: &Store,
    told: &Told<'_>,
    whole: &'a Question,
) -> Result<Option<Told<'a>>, StoreError> {
    let is_needed = told.answers.len() > 1 && (told.question.figure.has_durations() || !args.compare.is_empty());
    if is_needed { told_of(args, setup, store, whole).await.map(Some) } else { Ok(None) }
}
