//! What could not be understood, to be read only: reasons and previews, which hold no personal data.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::{
    Api, Said,
    answer::{Answer, Row, failed},
    asked::{FORMAT, only_known},
    form::{ApiForm, TABLE},
    problem::Refusal,
};
use crate::{
    ask::{check_stream, flag, instant, quarantine::check_reason, row_limit, unclear::Unclear, zone},
    store::quarantine::{self, EntryPlace, ListedEntry, QuarantineSelection},
};

pub(super) const PARAMETERS: [&str; 8] = ["stream", "reason", "from", "to", "all", "limit", "after", FORMAT];
pub(super) const NAMES: [&str; 12] = [
    "topic",
    "partition",
    "offset",
    "stream",
    "reason",
    "field",
    "detail",
    "preview",
    "size",
    "ingested_at",
    "state",
    "note",
];

const LIMIT: u64 = 100;
const LIMIT_MAX: u64 = 10_000;

pub(super) async fn list(State(api): State<Arc<Api>>, said: Said) -> Result<Response, Refusal> {
    let form = ApiForm::of(&said, TABLE)?;
    only_known(&said, &PARAMETERS)?;
    let selection = selection(&api, &said)?;
    let limit = row_limit(said.get("limit"), LIMIT, LIMIT_MAX).map_err(|unclear| Refusal::of("limit", unclear))?;
    let after = said.get("after").map(|text| read(text).ok_or_else(|| Refusal::of("after", Unclear::AfterDamaged)));
    let after = after.transpose()?;
    api.in_turn(async {
        let found = quarantine::list(&api.site.store, &selection, after.as_ref(), limit).await?;
        let last = found.last().filter(|_| found.len() as u64 >= limit);
        let next = last.map(|last| said.with("after", &written(&(last.topic.clone(), last.partition, last.offset))));
        let rows: Result<Vec<Row>, Refusal> = found.iter().map(row).collect();
        let question = json!({
            "stream": selection.stream, "reason": selection.reason, "all": selection.state.is_none(), "limit": limit,
        });
        let answer = Answer { names: NAMES.map(str::to_owned).into(), next, ..Answer::of(question, rows?) };
        answer.response(&api, form).await
    })
    .await
}

fn selection(api: &Api, said: &Said) -> Result<QuarantineSelection, Refusal> {
    let zone = zone(&api.site.zone)?;
    let time = |name: &str| {
        let at = said.get(name).map(|text| instant(name, text, &zone));
        at.transpose().map_err(|unclear| Refusal::of(name, unclear))
    };
    check_stream(said.get("stream"), &api.site.streams).map_err(|unclear| Refusal::of("stream", unclear))?;
    check_reason(said.get("reason"), &api.site.running.given.reasons)
        .map_err(|unclear| Refusal::of("reason", unclear))?;
    let all_states = said.get("all").map_or(Ok(false), |text| flag("all", text));
    let all_states = all_states.map_err(|unclear| Refusal::of("all", unclear))?;
    Ok(QuarantineSelection {
        stream: said.get("stream").map(str::to_owned),
        reason: said.get("reason").map(str::to_owned),
        from: time("from")?,
        to: time("to")?,
        state: QuarantineSelection::default().state.filter(|_| !all_states),
        place: None,
    })
}

/// Names and values of the command's `--json`.
fn row(entry: &ListedEntry) -> Result<Row, Refusal> {
    let mut object = match serde_json::to_value(entry).map_err(failed)? {
        Value::Object(object) => object,
        _ => serde_json::Map::new(),
    };
    Ok(NAMES.iter().filter_map(|name| Some(((*name).to_owned(), object.remove(*name)?))).collect())
}

/// Opaque, as the places of other lists are.
const BEGINS: &str = "place-1.";

fn written(place: &EntryPlace) -> String {
    format!("{BEGINS}{}", URL_SAFE_NO_PAD.encode(serde_json::to_vec(place).unwrap_or_default()))
}

fn read(text: &str) -> Option<EntryPlace> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text.strip_prefix(BEGINS)?).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_was_written_and_nothing_else() {
        let place = ("case-events.热线".to_owned(), 3, i64::MAX);
        assert_eq!(read(&written(&place)), Some(place));
        for text in ["", "place-1.", "place-1.AAAA", "place-2.W10", "topic/0/1"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
