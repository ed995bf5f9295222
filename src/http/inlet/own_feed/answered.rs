//! What was answered to each key since this process started: what is refused never comes to Kafka, and is seen nowhere else.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    domain::time::Millis,
    feed::inlet::{EventAnswer, EventFate},
    http::inlet::{answer, refusal::ProblemBody},
};

/// Refusals that are kept of each key.
const KEPT: usize = 20;
/// Characters of each text of a refusal.
const TEXT_MAX: usize = 256;
/// Keys that were answered; more than anybody has.
const KEYS_MAX: usize = 1000;

/// 对这把密钥的答复 What was answered to a key
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
#[schemars(rename = "Answered")]
pub(in crate::http::inlet) struct AnsweredBefore {
    /// 进程启动时间 When this process started
    pub(in crate::http::inlet) since: String,
    #[serde(flatten)]
    pub(in crate::http::inlet) counts: AnsweredCounts,
    /// 最近 20 次拒收 The last 20 refusals
    pub(in crate::http::inlet) last: Vec<RefusedBefore>,
}

#[derive(Clone, Copy, Debug, Default, Serialize, JsonSchema)]
pub(in crate::http::inlet) struct AnsweredCounts {
    /// 收下 Taken (202)
    pub(in crate::http::inlet) taken: u64,
    /// 已有 Known already (200)
    pub(in crate::http::inlet) known: u64,
    /// 拒收 Refused (403, 409, 413, 422)
    pub(in crate::http::inlet) refused: u64,
    /// 没有试 Not tried (424)
    pub(in crate::http::inlet) untried: u64,
    /// 没有确认 Not acknowledged (503)
    pub(in crate::http::inlet) failed: u64,
}

/// 一次拒收 A refusal
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Refused")]
pub(in crate::http::inlet) struct RefusedBefore {
    /// 答复时间 When it was answered
    pub(in crate::http::inlet) at: String,
    /// 状态码 Status
    pub(in crate::http::inlet) status: u16,
    /// 事件编号 Id of the event
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http::inlet) id: Option<String>,
    /// 原因 By this name the service would quarantine it
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http::inlet) reason: Option<&'static str>,
    /// 出错位置 A JSON pointer into the event, or the name of a header
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http::inlet) pointer: Option<String>,
    /// 说明 What is wrong and what to do
    pub(in crate::http::inlet) detail: String,
}

#[derive(Debug, Default)]
struct OfKey {
    counts: AnsweredCounts,
    last: VecDeque<(Millis, RefusedBefore)>,
}

#[derive(Debug)]
pub(in crate::http::inlet) struct AnsweredLog {
    since: Millis,
    by_key: Mutex<HashMap<String, OfKey>>,
}

impl AnsweredLog {
    pub(in crate::http::inlet) fn since(since: Millis) -> Self {
        Self { since, by_key: Mutex::default() }
    }

    pub(in crate::http::inlet) fn note(&self, key: &str, answers: &[EventAnswer], now: Millis) {
        let mut by_key = self.by_key();
        if by_key.len() >= KEYS_MAX && !by_key.contains_key(key) {
            return;
        }
        let of_key = by_key.entry(key.to_owned()).or_default();
        for answered in answers {
            *of_key.counts.of(answer::status(&answered.fate).as_u16()) += 1;
            if let Some(refused) = RefusedBefore::of(answered).map(RefusedBefore::shortened) {
                if of_key.last.len() == KEPT {
                    of_key.last.pop_front();
                }
                of_key.last.push_back((now, refused));
            }
        }
    }

    /// The latest refusal first.
    pub(in crate::http::inlet) fn of(&self, key: &str, zone: &TimeZone) -> AnsweredBefore {
        let since = self.since.rfc3339(zone);
        let by_key = self.by_key();
        let Some(of_key) = by_key.get(key) else { return AnsweredBefore { since, ..AnsweredBefore::default() } };
        let dated = |(at, refused): &(Millis, RefusedBefore)| RefusedBefore { at: at.rfc3339(zone), ..refused.clone() };
        AnsweredBefore { since, counts: of_key.counts, last: of_key.last.iter().rev().map(dated).collect() }
    }

    fn by_key(&self) -> MutexGuard<'_, HashMap<String, OfKey>> {
        self.by_key.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl RefusedBefore {
    /// None: it was not refused.
    fn of(answered: &EventAnswer) -> Option<Self> {
        if matches!(answered.fate, EventFate::Untried | EventFate::Failed(_)) {
            return None;
        }
        let ProblemBody { status, id, reason, pointer, detail, .. } = answer::problem(answered)?;
        Some(Self { at: String::new(), status, id: id.map(Into::into), reason, pointer, detail })
    }

    /// What is kept of each key is bounded, however long its texts are.
    fn shortened(self) -> Self {
        let short = |text: String| match text.char_indices().nth(TEXT_MAX) {
            None => text,
            Some((end, _)) => format!("{}…", &text[..end]),
        };
        Self { id: self.id.map(short), pointer: self.pointer.map(short), detail: short(self.detail), ..self }
    }
}

impl AnsweredCounts {
    fn of(&mut self, status: u16) -> &mut u64 {
        match status {
            202 => &mut self.taken,
            200 => &mut self.known,
            424 => &mut self.untried,
            503 => &mut self.failed,
            _ => &mut self.refused,
        }
    }
}
