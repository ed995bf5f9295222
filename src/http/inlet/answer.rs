//! What is answered: of one event its own status, of a batch always 207 with what was not taken.

use std::time::Duration;

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
    inlet::{Answered, Fate, SendFault},
    rejection::RejectReason,
};

/// How many were neither taken nor known.
pub(super) const REFUSED: &str = "tongguan-refused";
/// After which a client may try again what failed here.
const AGAIN: Duration = Duration::from_secs(2);

/// An event that was taken, now or before
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Taken")]
pub(super) struct Taken<'a> {
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a SmolStr>,
    /// Where it stands on Kafka; absent where it was taken before
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<PostedPlace<'a>>,
}

#[derive(Clone, Copy, Serialize, JsonSchema)]
#[schemars(rename = "Place")]
struct PostedPlace<'a> {
    topic: &'a str,
    partition: i32,
    offset: i64,
}

/// What became of a batch
#[derive(Debug, Default, Serialize, JsonSchema)]
pub(super) struct Batch {
    /// 202
    taken: usize,
    /// 200
    known: usize,
    /// 403, 409, 413, 422
    refused: usize,
    /// 424
    untried: usize,
    /// 503
    failed: usize,
    /// Each that was not taken, as its problem with its `index` in the batch; with `report=all` every one
    items: Vec<serde_json::Value>,
}

pub(super) fn one(answered: &Answered, topic: &str) -> Response {
    let status = status(&answered.fate);
    match problem(answered) {
        Some(problem) => problem.response((status == StatusCode::SERVICE_UNAVAILABLE).then_some(AGAIN)),
        None => (status, Json(taken(answered, topic))).into_response(),
    }
}

/// `all`: also what was taken.
pub(super) fn batch(all: &[Answered], topic: &str, with_taken: bool) -> Response {
    let mut batch = Batch::default();
    for (index, answered) in all.iter().enumerate() {
        *batch.count(&answered.fate) += 1;
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

impl Batch {
    fn count(&mut self, fate: &Fate) -> &mut usize {
        match fate {
            Fate::Taken { .. } => &mut self.taken,
            Fate::Known => &mut self.known,
            Fate::Refused(_) | Fate::NotYours | Fate::Conflicting => &mut self.refused,
            Fate::Untried => &mut self.untried,
            Fate::Failed(_) => &mut self.failed,
        }
    }
}

pub(super) fn status(fate: &Fate) -> StatusCode {
    match fate {
        Fate::Taken { .. } => StatusCode::ACCEPTED,
        Fate::Known => StatusCode::OK,
        Fate::Conflicting => StatusCode::CONFLICT,
        Fate::Refused(rejection) if rejection.reason == RejectReason::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Fate::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Fate::NotYours => StatusCode::FORBIDDEN,
        Fate::Untried => StatusCode::FAILED_DEPENDENCY,
        Fate::Failed(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}

fn taken<'a>(answered: &'a Answered, topic: &'a str) -> Taken<'a> {
    let place = match answered.fate {
        Fate::Taken { partition, offset } => Some(PostedPlace { topic, partition, offset }),
        _ => None,
    };
    Taken { status: status(&answered.fate).as_u16(), id: answered.id.as_ref(), place }
}

/// None: it was taken, now or before.
fn problem(Answered { id, fate }: &Answered) -> Option<ProblemBody> {
    let (name, title) = match fate {
        Fate::Taken { .. } | Fate::Known => return None,
        Fate::Conflicting => ("conflict", "Known, with another content"),
        Fate::Refused(_) => ("event", "Refused"),
        Fate::NotYours => ("not-yours", "Not with this key"),
        Fate::Untried => ("untried", "Not tried"),
        Fate::Failed(SendFault::Busy) => ("busy", "Too much under way"),
        Fate::Failed(SendFault::Away) => ("away", "Not acknowledged"),
    };
    let (reason, pointer) = match fate {
        Fate::Refused(rejection) => (Some(rejection.reason.name()), Some(pointer(&rejection.field))),
        Fate::NotYours => (None, Some("/source".to_owned())),
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
