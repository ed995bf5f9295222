//! What became of what a key sends, for who has the key (docs/own-feed.md).

mod answered;
mod described;
mod looked;
mod page;
mod question;

use std::{
    collections::HashSet,
    ops::ControlFlow,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    Json, Router,
    extract::{Query, Request, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
    routing::get,
};
use schemars::JsonSchema;
use serde::Serialize;
use tokio::{sync::Semaphore, time::Instant};

pub(super) use self::answered::{AnsweredBefore, AnsweredLog, RefusedBefore};
pub(super) use self::described::{check_described, stream_described, tail_described};
use self::{
    looked::Looked,
    question::{CheckQuestion, TailQuestion},
};
use super::{InletSite, Site, refusal::Refusal};
use crate::{
    domain::time::Millis,
    feed::{
        connection::Connection,
        debezium::ChangeMappings,
        decode::TimeLimits,
        own_feed::{FeedExtent, FeedFindings, FeedFrom, FeedReport, FeedWindow, ToldMessage},
        pause::pause,
        privacy::Key,
    },
};

/// What is needed to look at Kafka for a feeder.
#[derive(Debug)]
pub struct OwnFeedPlan {
    pub connection: Connection,
    pub limits: TimeLimits,
    /// Of this process only.
    pub key: Key,
    pub changes: Arc<ChangeMappings>,
}

/// What is looked at takes little from what is taken.
const REPORTS_AT_ONCE: usize = 2;
/// They wait most of their time, and keep nobody from a report.
const TAILS_AT_ONCE: usize = 16;
const MESSAGES: i64 = 200_000;
const WITHIN: Duration = Duration::from_secs(10);
const TOLD_MAX: usize = 100;
/// After which somebody may look again.
const AGAIN: Duration = Duration::from_secs(2);

/// Who looks just now.
#[derive(Debug)]
pub struct OwnFeedDesk {
    plan: OwnFeedPlan,
    reports: Arc<Semaphore>,
    tails: Arc<Semaphore>,
    looking: Mutex<HashSet<String>>,
    pub(super) answered: AnsweredLog,
}

impl OwnFeedDesk {
    /// `since`: this process answers since then.
    pub fn new(plan: OwnFeedPlan, since: Millis) -> Self {
        let room = |at_once| Arc::new(Semaphore::new(at_once));
        let (reports, tails) = (room(REPORTS_AT_ONCE), room(TAILS_AT_ONCE));
        Self { plan, reports, tails, looking: Mutex::default(), answered: AnsweredLog::since(since) }
    }

    fn looking(&self) -> std::sync::MutexGuard<'_, HashSet<String>> {
        self.looking.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) fn routes() -> Router<Arc<InletSite>> {
    // A look for a head costs as much as a look.
    let wrong = async || fresh(Refusal::OnlyGet);
    Router::new()
        .route("/v1/feed", get(check).head(wrong).fallback(wrong))
        .route("/v1/feed/tail", get(tail).head(wrong).fallback(wrong))
        .route("/", get(page::form).post(page::sent).fallback(page::neither))
        .route("/static/{name}", get(crate::http::page::asset))
}

/// 这把密钥送的怎么样了 What became of what the key sent: on Kafka, and before it
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Feed")]
pub(super) struct FeedAnswer {
    #[serde(flatten)]
    pub(super) report: FeedReport,
    /// 本进程启动以来对这把密钥的答复 What this process of the inlet answered to the key since it started
    pub(super) answered: AnsweredBefore,
}

/// 随到随看 The messages that came, and where to go on
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "FeedTail")]
pub(super) struct TailAnswer {
    /// 到达的消息，最多 100 条 What came, at most 100
    messages: Vec<ToldMessage>,
    /// 下次请求带上它，从这里接着看 For the next request, to go on here
    after: String,
}

async fn check(State(site): Site, Query(pairs): Query<Vec<(String, String)>>, request: Request) -> Response {
    let asked = CheckQuestion::read(&site, (&pairs, request.headers(), request.extensions()));
    match asked {
        Ok(question) => match checked(&site, question).await {
            Ok(answer) => fresh(Json(answer)),
            Err(refusal) => fresh(refusal),
        },
        Err(refusal) => fresh(refusal),
    }
}

/// The report that a question asks for.
async fn checked(site: &Arc<InletSite>, question: CheckQuestion) -> Result<FeedAnswer, Refusal> {
    let looked = Looked::begin(site, &question.asker, &site.own_feed.reports)?;
    let to = (site.now)();
    let window = FeedWindow { from: to.plus(-question.hours * 3_600_000), to, messages: MESSAGES };
    let answered = site.own_feed.answered.of(question.asker.feeder.id(), &site.zone);
    let report = looked
        .look(move |look, feeder, is_awaited| {
            let until = Instant::now() + WITHIN;
            let goes_on = || is_awaited() && Instant::now() < until;
            let mut sources = std::collections::BTreeSet::new();
            let seen = Mutex::new(&mut sources);
            let in_report = |source: &str| {
                let is_own = feeder.speaks_for(source);
                if is_own
                    && let Ok(mut seen) = seen.lock()
                    && seen.len() < TOLD_MAX
                {
                    seen.insert(source.to_owned());
                }
                is_own.then(Default::default)
            };
            let none = || FeedFindings { reports: Vec::new(), extent: FeedExtent::whole(window) };
            let FeedFindings { mut reports, extent } = look.check(window, &goes_on, &in_report)?.unwrap_or_else(none);
            let mut report = reports.pop().unwrap_or_else(|| FeedReport::empty("".into(), look, &extent));
            report.sources = feeder.entry().map_or_else(|| sources.into_iter().collect(), |key| key.sources.clone());
            Ok(report)
        })
        .await?;
    Ok(FeedAnswer { report, answered })
}

async fn tail(State(site): Site, Query(pairs): Query<Vec<(String, String)>>, request: Request) -> Response {
    let asked = TailQuestion::read(&site, (&pairs, request.headers(), request.extensions()));
    match asked {
        Ok(question) => match tailed(&site, question).await {
            Ok(answer) => fresh(Json(answer)),
            Err(refusal) => fresh(refusal),
        },
        Err(refusal) => fresh(refusal),
    }
}

async fn tailed(site: &Arc<InletSite>, question: TailQuestion) -> Result<TailAnswer, Refusal> {
    let looked = Looked::begin(site, &question.asker, &site.own_feed.tails)?;
    let mut from = question.after.unwrap_or(FeedFrom::Now);
    looked
        .look(move |look, feeder, is_awaited| {
            let until = Instant::now() + WITHIN;
            // Once there is one, what is there with it comes along.
            let has_any = std::cell::Cell::new(None);
            let goes_on = || is_awaited() && Instant::now() < has_any.get().unwrap_or(until);
            let mut messages = Vec::new();
            let in_report = |source: &str| feeder.speaks_for(source).then(Default::default);
            loop {
                let next = look.follow(&from, &goes_on, &in_report, |judged| {
                    messages.push(ToldMessage::of(judged, look.zone));
                    has_any.set(has_any.get().or(Some(until.min(Instant::now() + TOGETHER))));
                    if messages.len() < TOLD_MAX { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
                })?;
                from = next.unwrap_or_else(|| from.once_there_is_a_topic());
                if !messages.is_empty() || !goes_on() {
                    return Ok(TailAnswer { messages, after: from.text() });
                }
                // There is no topic, or it has gone meanwhile.
                pause(AGAIN);
            }
        })
        .await
}

/// What comes together with the first is told with it.
const TOGETHER: Duration = Duration::from_millis(200);

/// Of this moment, and nobody else's.
fn fresh(answer: impl IntoResponse) -> Response {
    let mut response = answer.into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
