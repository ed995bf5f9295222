//! Kept up to date by the server: first everything, then what changed, as the server's own HTML; a word every 15 s that nothing did, and
//! one when the server goes.

use std::{convert::Infallible, io::Write as _, sync::Arc, time::Duration};

use axum::{
    body::{Body, Bytes},
    extract::{OriginalUri, Query, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde_json::json;
use tokio::{
    sync::{OwnedSemaphorePermit, watch},
    time::{Instant, timeout},
};
use tokio_util::sync::CancellationToken;

use super::{LivePart, hub::Running, parts, seen::RunningSeen};
use crate::{
    ask::unclear::{AskError, no_such},
    http::{
        course::Lasting,
        page::{
            Form, Pairs, Shared, address::Address, asked::lang, guards, problem, rows, sheet::only_takes, site::Site,
            words::Lang,
        },
    },
};

const STILL_EVERY: Duration = Duration::from_secs(15);
/// Then the reader connects anew, and is asked anew who he is.
const LONGEST: Duration = Duration::from_secs(3_600);
const VIEW: &str = "running";
/// Also for those who ask themselves.
const PATIENCE: Duration = Duration::from_secs(4);

pub(super) async fn events(State(site): Shared, OriginalUri(uri): OriginalUri, Query(pairs): Pairs) -> Response {
    let here = Address::new(uri.path(), pairs);
    let lang = match asked(&here) {
        Ok(lang) => lang,
        Err(error) => return problem::of_program(&error),
    };
    lasting(&site, |place| {
        let reader = Reader {
            changes: site.running.watch(&site),
            stop: site.running.stop(),
            site: Arc::clone(&site),
            lang,
            sent: Vec::new(),
            until: Instant::now() + LONGEST,
            is_over: false,
            _place: place,
        };
        Body::from_stream(futures_util::stream::unfold(reader, Reader::next))
    })
}

/// Events for as long as the reader holds one of the places for such answers.
pub(in crate::http::page) fn lasting(site: &Site, events: impl FnOnce(OwnedSemaphorePermit) -> Body) -> Response {
    let Ok(place) = Arc::clone(&site.running.live).try_acquire_owned() else {
        // The page asks every 15 s then.
        return (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "15")]).into_response();
    };
    let body = events(place);
    let mut response = (guards(), [(header::CONTENT_TYPE, "text/event-stream")], body).into_response();
    response.extensions_mut().insert(Lasting);
    // For those in between that would keep it back until there is more.
    response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}

/// The same for those who ask themselves: everything, each time.
pub(super) async fn polled(State(site): Shared, OriginalUri(uri): OriginalUri, Query(pairs): Pairs) -> Response {
    let here = Address::new(uri.path(), pairs);
    let lang = match asked(&here) {
        Ok(lang) => lang,
        Err(error) => return problem::of_program(&error),
    };
    match Running::fresh(&site, PATIENCE).await {
        Some(seen) => {
            let text = written(parts::of(&site, &seen, lang).iter().map(sent));
            rows(Form::Json, |out| out.write_all(text.as_bytes()))
        }
        None => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

fn asked(here: &Address) -> Result<Lang, AskError> {
    only_takes(here, &["view", "lang"])?;
    match here.get("view") {
        Some(VIEW) | None => Ok(lang(here)?),
        Some(other) => Err(no_such(("视图", "view"), other, &[VIEW]).into()),
    }
}

/// Ids and HTML of what changed, as `live.js` takes it.
pub(in crate::http::page) fn written<'a>(parts: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let (ids, html): (Vec<&str>, Vec<&str>) = parts.into_iter().unzip();
    json!({ "ids": ids, "html": html.concat() }).to_string()
}

fn sent(part: &LivePart) -> (&str, &str) {
    (part.id, &part.html)
}

struct Reader {
    site: Arc<Site>,
    changes: watch::Receiver<Option<(Instant, Arc<RunningSeen>)>>,
    stop: CancellationToken,
    lang: Lang,
    /// What the other side has.
    sent: Vec<LivePart>,
    until: Instant,
    is_over: bool,
    _place: OwnedSemaphorePermit,
}

impl Reader {
    /// The next event.
    async fn next(mut self) -> Option<(Result<Bytes, Infallible>, Self)> {
        if self.is_over || self.until <= Instant::now() {
            return None;
        }
        let stop = self.stop.clone();
        let event = tokio::select! {
            biased;
            () = stop.cancelled() => {
                self.is_over = true;
                "event: bye\ndata: \n\n".to_owned()
            }
            changed = timeout(STILL_EVERY, self.changed()) => match changed {
                Ok(Some((data, sent))) => {
                    self.sent = sent;
                    format!("event: part\ndata: {data}\n\n")
                }
                Ok(None) => return None,
                Err(_) => "event: still\ndata: \n\n".to_owned(),
            },
        };
        Some((Ok(event.into()), self))
    }

    /// What the other side does not have yet, and all that it has then; waits until there is something.
    async fn changed(&mut self) -> Option<(String, Vec<LivePart>)> {
        loop {
            let seen = self.changes.borrow_and_update().as_ref().map(|(_, seen)| Arc::clone(seen));
            if let Some(seen) = seen {
                let parts = parts::of(&self.site, &seen, self.lang);
                let mut fresh = parts.iter().filter(|part| !self.sent.contains(part)).peekable();
                if fresh.peek().is_some() {
                    return Some((written(fresh.map(sent)), parts.to_vec()));
                }
            }
            self.changes.changed().await.ok()?;
        }
    }
}
