//! What the figures are about: the streams, and how far the data go.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use serde_json::{Value, json};

use super::{
    Api, Said,
    answer::Answer,
    asked::{FORMAT, only_known},
    etag::versions,
    form::{ApiForm, OBJECT, TABLE},
    problem::Refusal,
};
use crate::{ask::zone, domain::time::Millis, store::mark::heard_of};

pub(super) async fn streams(State(api): State<Arc<Api>>, said: Said) -> Result<Response, Refusal> {
    let form = ApiForm::of(&said, TABLE)?;
    only_known(&said, &[FORMAT])?;
    let names = ["name", "topic", "title_zh", "title_en", "timezone"];
    let row = |stream: &Arc<crate::domain::stream::Stream>| {
        let values: [Value; 5] = [
            stream.name.as_str().into(),
            stream.topic.as_str().into(),
            stream.title_zh.as_str().into(),
            stream.title_en.as_str().into(),
            stream.zone.iana_name().into(),
        ];
        names.into_iter().map(str::to_owned).zip(values).collect()
    };
    let rows = api.site.streams.iter().map(row).collect();
    let answer = Answer { names: names.map(str::to_owned).into(), ..Answer::of(json!({}), rows) };
    answer.response(&api, form).await
}

/// One object: data up to when, by which program and which rules.
pub(super) async fn status(State(api): State<Arc<Api>>, said: Said) -> Result<Response, Refusal> {
    let form = ApiForm::of(&said, OBJECT)?;
    only_known(&said, &[FORMAT])?;
    api.in_turn(async {
        let zone = zone(&api.site.zone)?;
        let heard = heard_of(&api.site.store).await?;
        let time = |at: i64| Millis(at).rfc3339(&zone);
        let value = json!({
            "program": env!("CARGO_PKG_VERSION"),
            "town": api.site.town,
            "timezone": api.site.zone,
            "now": time((api.site.now)().0),
            "data_up_to": heard.iter().map(|one| one.last_at).max().map(time),
            "streams": heard.iter().map(|one| json!({
                "stream": one.stream, "data_up_to": time(one.last_at),
            })).collect::<Vec<_>>(),
            "rules": versions(&api),
        });
        let answer = Answer { values: Some(vec![value]), ..Answer::of(json!({}), Vec::new()) };
        answer.response(&api, form).await
    })
    .await
}
