//! The overview and the wall kept up to date by the server: every ten seconds what has changed of them, as the server's own HTML. It is
//! the same answer for all who look at the same question, so many readers cost what one costs.

use std::{convert::Infallible, sync::Arc, time::Duration};

use askama::Template;
use axum::{
    body::{Body, Bytes},
    extract::{OriginalUri, Query, State},
    response::Response,
};
use tokio::{sync::OwnedSemaphorePermit, time::sleep};
use tokio_util::sync::CancellationToken;

use super::{Shown, shown};
use crate::{
    ask::unclear::AskError,
    http::{
        auth::{Visitor, visiting, visitor},
        page::{
            Form, Pairs, Shared,
            address::Address,
            frame::Live,
            part::{Panel, Stack, Tile},
            problem, rows,
            running::{self, written},
            site::Site,
            words::Words,
        },
    },
};

/// As long as an answer is kept.
const EVERY: Duration = Duration::from_secs(10);
/// Then the reader connects anew, and is asked anew who he is.
const TURNS_MAX: u32 = 360;
/// Without a word for so long the page says that it is cut off.
const STALE_S: i64 = 45;

/// A piece of a page, and its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OverviewPart {
    pub(super) id: String,
    pub(super) html: String,
}

#[derive(Template)]
#[template(path = "part/tile.html")]
struct OfTile<'a> {
    tile: &'a Tile,
}

#[derive(Template)]
#[template(path = "part/stack.html")]
struct OfStack<'a> {
    stack: &'a Stack,
}

#[derive(Template)]
#[template(path = "part/panel.html")]
struct OfPanel<'a> {
    panel: &'a Panel,
    t: &'static Words,
}

impl OverviewPart {
    pub(super) fn of(id: &str, template: &impl Template) -> Self {
        // The page itself is made from the same templates, and says what is wrong with them.
        Self { id: id.to_owned(), html: template.render().unwrap_or_default() }
    }

    pub(super) fn tile(tile: &Tile) -> Self {
        Self::of(&tile.id, &OfTile { tile })
    }

    pub(super) fn stack(stack: &Stack) -> Self {
        Self::of(&stack.id, &OfStack { stack })
    }

    pub(super) fn panel(panel: &Panel, t: &'static Words) -> Self {
        Self::of(&panel.id, &OfPanel { panel, t })
    }
}

/// Where a page of this question is kept up to date from; nothing where its as-of stands still.
pub(super) fn of(here: &Address) -> Vec<Live> {
    if here.get("as-of").is_some() {
        return Vec::new();
    }
    let events = here.at(&format!("/events{}", here.path));
    vec![Live { href: events.href(), poll: events.at(&format!("{}.json", events.path)).href(), stale_s: STALE_S }]
}

pub(super) async fn events(State(site): Shared, OriginalUri(uri): OriginalUri, Query(pairs): Pairs) -> Response {
    let here = asked(uri.path(), pairs);
    // Who cannot be understood is told so at once.
    if let Err(error) = shown(&site, &here).await {
        return problem::of_program(&error);
    }
    let stop = site.running.stop();
    running::lasting(&site, |place| {
        let reader = Reader {
            site: Arc::clone(&site),
            visitor: visitor(),
            here,
            stop,
            sent: Vec::new(),
            turns: 0,
            is_over: false,
            _place: place,
        };
        Body::from_stream(futures_util::stream::unfold(reader, Reader::next))
    })
}

/// The same for those who ask themselves: everything, each time.
pub(super) async fn polled(State(site): Shared, OriginalUri(uri): OriginalUri, Query(pairs): Pairs) -> Response {
    match shown(&site, &asked(uri.path(), pairs)).await {
        Ok(parts) => rows(Form::Json, |out| std::io::Write::write_all(out, written(parts.iter().map(sent)).as_bytes())),
        Err(error) => problem::of_program(&error),
    }
}

/// `/events/overview.json` → `/overview`.
fn asked(path: &str, pairs: Vec<(String, String)>) -> Address {
    let path = path.strip_prefix("/events").unwrap_or(path);
    Address::new(path.strip_suffix(".json").unwrap_or(path), pairs)
}

fn sent(part: &OverviewPart) -> (&str, &str) {
    (&part.id, &part.html)
}

struct Reader {
    site: Arc<Site>,
    visitor: Option<Arc<Visitor>>,
    here: Address,
    stop: CancellationToken,
    /// What the other side has.
    sent: Vec<OverviewPart>,
    turns: u32,
    is_over: bool,
    _place: OwnedSemaphorePermit,
}

impl Reader {
    /// The next event.
    async fn next(mut self) -> Option<(Result<Bytes, Infallible>, Self)> {
        if self.is_over || self.turns > TURNS_MAX {
            return None;
        }
        let stop = self.stop.clone();
        let event = match stop.run_until_cancelled(self.turn()).await {
            Some(event) => event,
            None => {
                self.is_over = true;
                "event: bye\ndata: \n\n".to_owned()
            }
        };
        Some((Ok(event.into()), self))
    }

    async fn turn(&mut self) -> String {
        if self.turns > 0 {
            sleep(EVERY).await;
        }
        self.turns += 1;
        let parts = match self.parts().await {
            Ok(parts) => parts,
            // Nothing is said to be well: after a while the page says that it hears nothing.
            Err(_) => return ": away\n\n".to_owned(),
        };
        let fresh: Vec<&OverviewPart> = parts.iter().filter(|part| !self.sent.contains(part)).collect();
        let event = match fresh.is_empty() {
            true => "event: still\ndata: \n\n".to_owned(),
            false => format!("event: part\ndata: {}\n\n", written(fresh.into_iter().map(sent))),
        };
        self.sent = parts;
        event
    }

    async fn parts(&self) -> Result<Shown, AskError> {
        let shown = Box::pin(shown(&self.site, &self.here));
        match &self.visitor {
            Some(visitor) => visiting(Arc::clone(visitor), shown).await,
            None => shown.await,
        }
    }
}
