//! What is answered: of one event its own status, of a batch always 207 with what was not taken.

use std::{collections::BTreeSet, time::Duration};

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header::RETRY_AFTER},
    response::{IntoResponse as _, Response},
};
use schemars::JsonSchema;
use serde::Serialize;
use smol_str::SmolStr;

use super::{
    events::{HTTP_ATTRIBUTE, KAFKA_ATTRIBUTE},
    refusal::ProblemBody,
};
use crate::feed::{
    inlet::{EventAnswer, EventFate, SendFault},
    rejection::RejectReason,
};

/// How many were neither taken nor known.
pub(super) const REFUSED: &str = "tongguan-refused";
/// After which a client may try again what failed here.
const AGAIN: Duration = Duration::from_secs(2);

/// 收下的一条 An event that was taken, now or before
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Taken")]
pub(super) struct Taken<'a> {
    /// 202 收下 taken, 200 已有 known already
    status: u16,
    /// 事件编号 Id of the event
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a SmolStr>,
    /// 在 Kafka 上的位置；先前已收下的没有 Where it stands on Kafka; absent where it was taken before
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<PostedPlace<'a>>,
    /// 契约里没有的字段：收下而不用，可能写错了 Fields that the contract does not name: taken, not used, and perhaps misspelt
    #[serde(skip_serializing_if = "Option::is_none")]
    unknown: Option<&'a [String]>,
}

/// 在 Kafka 上的位置 A place on Kafka
#[derive(Clone, Copy, Serialize, JsonSchema)]
#[schemars(rename = "Place")]
struct PostedPlace<'a> {
    /// 主题 Topic
    topic: &'a str,
    /// 分区 Partition
    partition: i32,
    /// 位移 Offset
    offset: i64,
}

/// 一批的答复 What became of a batch
#[derive(Debug, Default, Serialize, JsonSchema)]
pub(super) struct Batch<'a> {
    /// 收下 Taken (202)
    taken: usize,
    /// 已有 Known already (200)
    known: usize,
    /// 拒收 Refused (403, 409, 413, 422)
    refused: usize,
    /// 同一案件前面有没收下的，没有试 Not tried, after one of its case that was not taken (424)
    untried: usize,
    /// 没有确认 Not acknowledged (503)
    failed: usize,
    /// 契约里没有的字段，每个一次 Fields that the contract does not name, each once
    #[serde(skip_serializing_if = "Option::is_none")]
    unknown: Option<BTreeSet<&'a str>>,
    /// 没收下的每一条，带 `index` Each that was not taken, as its problem with its `index` in the batch; with `report=all` every one
    #[schemars(with = "Vec<serde_json::Map<String, serde_json::Value>>")]
    items: Vec<serde_json::Value>,
}

pub(super) fn one(answered: &EventAnswer, topic: &str) -> Response {
    let status = status(&answered.fate);
    match problem(answered) {
        Some(problem) => problem.response((status == StatusCode::SERVICE_UNAVAILABLE).then_some(AGAIN)),
        None => (status, Json(taken(answered, topic))).into_response(),
    }
}

/// `all`: also what was taken.
pub(super) fn batch(all: &[EventAnswer], topic: &str, with_taken: bool) -> Response {
    let mut batch = Batch::default();
    for (index, answered) in all.iter().enumerate() {
        *batch.count(&answered.fate) += 1;
        for field in &answered.unknown {
            batch.unknown.get_or_insert_default().insert(field);
        }
        let item = match problem(answered) {
            Some(problem) => serde_json::to_value(problem),
            None if with_taken => serde_json::to_value(taken(answered, topic)),
            None => continue,
        };
        let mut item = item.unwrap_or_default();
        if let Some(item) = item.as_object_mut() {
            item.insert("index".to_owned(), index.into());
        }
        batch.items.push(item);
    }
    let (refused, has_failed) = (batch.refused + batch.untried + batch.failed, batch.failed > 0);
    let mut response = (StatusCode::MULTI_STATUS, Json(batch)).into_response();
    response.headers_mut().insert(REFUSED, HeaderValue::from(refused));
    if has_failed {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(AGAIN.as_secs()));
    }
    response
}

impl Batch<'_> {
    fn count(&mut self, fate: &EventFate) -> &mut usize {
        match fate {
            EventFate::Taken { .. } => &mut self.taken,
            EventFate::Known => &mut self.known,
            EventFate::Refused(_) | EventFate::NotYours(_) | EventFate::Conflicting => &mut self.refused,
            EventFate::Untried => &mut self.untried,
            EventFate::Failed(_) => &mut self.failed,
        }
    }
}

pub(super) fn status(fate: &EventFate) -> StatusCode {
    match fate {
        EventFate::Taken { .. } => StatusCode::ACCEPTED,
        EventFate::Known => StatusCode::OK,
        EventFate::Conflicting => StatusCode::CONFLICT,
        EventFate::Refused(rejection) if rejection.reason == RejectReason::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        EventFate::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
        EventFate::NotYours(_) => StatusCode::FORBIDDEN,
        EventFate::Untried => StatusCode::FAILED_DEPENDENCY,
        EventFate::Failed(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}

fn taken<'a>(answered: &'a EventAnswer, topic: &'a str) -> Taken<'a> {
    let place = match answered.fate {
        EventFate::Taken { partition, offset } => Some(PostedPlace { topic, partition, offset }),
        _ => None,
    };
    let unknown = Some(answered.unknown.as_slice()).filter(|all| !all.is_empty());
    Taken { status: status(&answered.fate).as_u16(), id: answered.id.as_ref(), place, unknown }
}

/// None: it was taken, now or before.
pub(super) fn problem(EventAnswer { id, fate, .. }: &EventAnswer) -> Option<ProblemBody> {
    let (name, title) = match fate {
        EventFate::Taken { .. } | EventFate::Known => return None,
        EventFate::Conflicting => ("conflict", "Known, with another content"),
        EventFate::Refused(_) => ("event", "Refused"),
        EventFate::NotYours(_) => ("not-yours", "Not with this key"),
        EventFate::Untried => ("untried", "Not tried"),
        EventFate::Failed(SendFault::Busy) => ("busy", "Too much under way"),
        EventFate::Failed(SendFault::Away) => ("away", "Not acknowledged"),
    };
    let (reason, pointer) = match fate {
        EventFate::Refused(rejection) => (Some(rejection.reason.name()), Some(pointer(&rejection.field))),
        EventFate::NotYours(field) => (None, Some(pointer(field))),
        _ => (None, None),
    };
    let told = ProblemBody::new(name, title, status(fate), fate.told());
    Some(ProblemBody { id: id.clone(), reason, pointer, ..told })
}

/// A header by the name that it has in the request.
fn pointer(field: &str) -> String {
    match field.strip_prefix(KAFKA_ATTRIBUTE) {
        Some(attribute) => format!("{HTTP_ATTRIBUTE}{attribute}"),
        None => field.to_owned(),
    }
}
