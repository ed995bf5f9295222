//! What became of what a key sends, for who has the key (docs/own-feed.md).

mod answered;
mod described;
mod looked;
mod page;
mod question;

use std::{
    collections::{BTreeMap, HashSet},
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
pub(super) use self::described::{check_described, tail_described};
use self::{
    looked::Looked,
    question::{CheckQuestion, TailQuestion},
};
use super::{InletSite, Site, refusal::Refusal};
use crate::{
    domain::time::Millis,
    feed::{
        consumer::Connection,
        decode::TimeLimits,
        own_feed::{FeedFrom, FeedReport, FeedWindow, ToldMessage},
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
}

/// What is looked at takes little from what is taken.
const AT_ONCE: usize = 2;
const MESSAGES: i64 = 200_000;
const WITHIN: Duration = Duration::from_secs(10);
const TOLD_MAX: usize = 100;
/// After which somebody may look again.
const AGAIN: Duration = Duration::from_secs(2);

/// Who looks just now.
#[derive(Debug)]
pub struct OwnFeedDesk {
    plan: OwnFeedPlan,
    room: Arc<Semaphore>,
    looking: Mutex<HashSet<String>>,
    pub(super) answered: AnsweredLog,
}

impl OwnFeedDesk {
    /// `since`: this process answers since then.
    pub fn new(plan: OwnFeedPlan, since: Millis) -> Self {
        let room = Arc::new(Semaphore::new(AT_ONCE));
        Self { plan, room, looking: Mutex::default(), answered: AnsweredLog::since(since) }
    }

    fn looking(&self) -> std::sync::MutexGuard<'_, HashSet<String>> {
        self.looking.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) fn routes() -> Router<Arc<InletSite>> {
    let wrong = async || Refusal::OnlyGet;
    Router::new()
        .route("/v1/feed", get(check).fallback(wrong))
        .route("/v1/feed/tail", get(tail).fallback(wrong))
        .route("/", get(page::form).post(page::sent))
        .route("/static/{name}", get(crate::http::page::asset))
}

/// What became of what the key sent: on Kafka, and before it
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Feed")]
pub(super) struct FeedAnswer {
    #[serde(flatten)]
    pub(super) report: FeedReport,
    /// What this process of the inlet answered to the key since it started
    pub(super) answered: AnsweredBefore,
}

/// The messages that came, and where to go on
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "FeedTail")]
pub(super) struct TailAnswer {
    messages: Vec<ToldMessage>,
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
    let looked = Looked::begin(site, &question.asker)?;
    let to = (site.now)();
    let window = FeedWindow { from: to.plus(-question.hours * 3_600_000), to, messages: MESSAGES, within: WITHIN };
    let answered = site.own_feed.answered.of(question.asker.feeder.id(), &site.zone);
    let report = looked
        .look(move |look, feeder| {
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
            let found = look.check(window, &in_report)?;
            let mut report =
                found.and_then(|mut all| all.pop()).unwrap_or_else(|| FeedReport::empty("".into(), look, window));
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
    let looked = Looked::begin(site, &question.asker)?;
    let from = question.after.unwrap_or_else(|| FeedFrom::Offsets(BTreeMap::new()));
    looked
        .look(move |look, feeder| {
            let until = Instant::now() + WITHIN;
            // Once there is one, what is there with it comes along.
            let has_any = std::cell::Cell::new(None);
            let goes_on = || Instant::now() < has_any.get().unwrap_or(until);
            let mut messages = Vec::new();
            let in_report = |source: &str| feeder.speaks_for(source).then(Default::default);
            let next = look.follow(&from, &goes_on, &in_report, |judged| {
                messages.push(ToldMessage::of(judged, look.zone));
                has_any.set(has_any.get().or(Some(until.min(Instant::now() + TOGETHER))));
                if messages.len() < TOLD_MAX { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            })?;
            Ok(TailAnswer { messages, after: next.unwrap_or(from).text() })
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
