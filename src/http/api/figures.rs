//! Figures: what there is, what each comes to, and why.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::Response,
};
use serde_json::{Value, json};

use super::{
    Api, Said,
    answer::{Answer, Row},
    asked::{ApiQuestion, FORMAT, only_known, question, understood},
    etag,
    form::{ApiForm, OBJECT, TABLE},
    problem::Refusal,
};
use crate::{
    ask,
    domain::kpi::{Figure, catalogue},
    report::{explain, explain::Explained, kpi::fields, kpi_catalogue},
};

/// Of an answer without rows, such as of groups where there are no cases.
pub(super) const NAMES: [&str; 9] =
    ["kpi", "convention", "cohort", "from", "to", "as_of", "numerator", "denominator", "rate"];

/// Of one answer: a table that somebody reads has fewer.
const ROWS_MAX: usize = 20_000;

pub(super) async fn catalogue(State(api): State<Arc<Api>>, said: Said) -> Result<Response, Refusal> {
    only_known(&said, &[FORMAT])?;
    let form = ApiForm::of(&said, TABLE)?;
    let all: Vec<&'static Figure> = catalogue::figures().collect();
    let answer = Answer {
        values: Some(all.iter().map(|figure| kpi_catalogue::definition(figure)).collect()),
        ..Answer::of(json!({}), all.iter().map(|figure| defined(figure)).collect())
    };
    answer.response(&api, form).await
}

fn defined(figure: &Figure) -> Row {
    let fields: [(&str, Value); 10] = [
        ("kpi", figure.id.as_str().into()),
        ("name", figure.name.as_str().into()),
        ("convention", figure.convention.as_str().into()),
        ("cohort", figure.cohort.name().into()),
        ("counted", kpi_catalogue::grain(figure.grain).1.into()),
        ("is_rate", figure.is_rate().into()),
        ("title_zh", figure.title.zh.as_str().into()),
        ("title_en", figure.title.en.as_str().into()),
        ("question_zh", figure.question.zh.as_str().into()),
        ("question_en", figure.question.en.as_str().into()),
    ];
    fields.map(|(name, value)| (name.to_owned(), value)).into()
}

pub(super) async fn answers(
    State(api): State<Arc<Api>>,
    Path(figure): Path<String>,
    said: Said,
) -> Result<Response, Refusal> {
    let form = ApiForm::of(&said, TABLE)?;
    cached(&api, &said, (&figure, form), async |asked: &ApiQuestion| {
        let told = ask::told(&api.site.store, &asked.asked, api.site.workday_ms(), false).await?;
        if told.iter().map(|told| told.answers.len()).sum::<usize>() > ROWS_MAX {
            return Err(Refusal::TooLong);
        }
        let zone = &asked.asked.zone;
        let rows =
            told.iter().flat_map(|told| (0..told.answers.len()).map(|index| fields(told, index, zone))).collect();
        let names = NAMES.map(str::to_owned).into();
        let answer = Answer { names, ..Answer::of(understood(&asked.asked), rows) };
        answer.response(&api, form).await
    })
    .await
}

pub(super) async fn explain(
    State(api): State<Arc<Api>>,
    Path(figure): Path<String>,
    said: Said,
) -> Result<Response, Refusal> {
    let form = ApiForm::of(&said, OBJECT)?;
    cached(&api, &said, (&figure, form), async |asked: &ApiQuestion| {
        let mut all = Vec::with_capacity(asked.asked.questions.len());
        for question in &asked.asked.questions {
            let explained =
                Explained::of(&api.site.store, &asked.asked.compare, question, api.site.workday_ms()).await?;
            all.push(explain::object(&explained, &asked.asked.zone));
        }
        let answer = Answer { values: Some(all), ..Answer::of(understood(&asked.asked), Vec::new()) };
        answer.response(&api, form).await
    })
    .await
}

/// Answers only what whoever asks has not already.
async fn cached(
    api: &Api,
    said: &Said,
    (figure, form): (&str, ApiForm),
    answer: impl AsyncFnOnce(&ApiQuestion) -> Result<Response, Refusal>,
) -> Result<Response, Refusal> {
    api.in_turn(async {
        let asked = question(api, figure, said, false).await?;
        let figures = asked.asked.questions.iter().map(|question| question.figure);
        let tag = if asked.is_fixed { etag::of(api, said, form, figures).await? } else { None };
        if let Some(same) = tag.as_ref().and_then(|tag| tag.not_modified(said)) {
            return Ok(same);
        }
        let response = answer(&asked).await?;
        Ok(match tag {
            Some(tag) => tag.on(response),
            None => response,
        })
    })
    .await
}
