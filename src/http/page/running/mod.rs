//! 运行: does it move, and if not, why. What the service says of itself, what ClickHouse has, and the messages that nobody understood.

mod act_form;
mod age;
mod entry;
mod form;
mod hands;
mod hub;
mod live;
mod panels;
mod parts;
mod quarantine;
mod readings;
mod runbook;
mod say;
mod seen;
mod stored;
mod twin;

use std::{sync::Arc, time::Duration};

use askama::Template;
use axum::{
    Router,
    extract::{DefaultBodyLimit, OriginalUri, Query, Request, State},
    http::StatusCode,
    middleware::Next,
    response::Response,
    routing::get,
};
use jiff::tz::TimeZone;

use self::seen::RunningSeen;
pub(super) use self::{
    age::{banners, facts},
    live::{lasting, written},
};
pub use self::{
    hands::{QuarantineHands, ReplayOutcome},
    hub::{Running, RunningGiven},
};
use super::{
    Form, Pairs, Shared,
    address::Address,
    answered,
    asked::lang,
    frame::{Again, Live, Page},
    page_response,
    part::State as StateOf,
    rows,
    sheet::{only_takes, twins},
    site::Site,
    words::{Lang, Words},
};

/// A form of ours is a few hundred bytes.
const FORM_BYTES_MAX: usize = 64 * 1024;
/// The first look of all; after it there is always one.
const PATIENCE: Duration = Duration::from_secs(4);
/// What a page waits for the line that says how old its data are.
const GLANCE: Duration = Duration::from_millis(150);
/// Without a word for so long the page says that it is cut off.
const STALE_S: i64 = 45;

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route("/running", get(page))
        .route("/running.json", get(page))
        .route("/running/runbook/{alert}", get(runbook::section))
        .route("/running/quarantine", get(quarantine::list).post(form::all))
        .route("/running/quarantine.json", get(quarantine::list))
        .route("/running/quarantine.csv", get(quarantine::list))
        .route("/running/quarantine/{topic}/{partition}/{offset}", get(entry::show).post(form::one))
        .route("/events", get(live::events))
        .route("/events.json", get(live::polled))
        .layer(DefaultBodyLimit::max(FORM_BYTES_MAX))
}

/// A part of the page, and its id.
#[derive(Clone, Debug, PartialEq, Eq)]
struct LivePart {
    id: &'static str,
    place: PartPlace,
    html: String,
}

/// Where it stands on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PartPlace {
    Head,
    Left,
    Right,
    Wide,
}

/// What every part is written with.
#[derive(Clone, Copy)]
struct Written<'a> {
    seen: &'a RunningSeen,
    lang: Lang,
    zone: &'a TimeZone,
}

impl Written<'_> {
    fn href(&self, path: &str) -> String {
        Address::new(path, Vec::new()).with("lang", self.lang.of("", "en")).href()
    }

    fn panel(&self, id: &str) -> String {
        format!("{}#{id}", self.href("/running"))
    }

    fn runbook(&self, alert: &str) -> String {
        self.href(&format!("/running/runbook/{alert}"))
    }
}

#[derive(Template)]
#[template(path = "running.html")]
struct RunningPage {
    page: Page,
    head: Vec<LivePart>,
    left: Vec<LivePart>,
    right: Vec<LivePart>,
    wide: Vec<LivePart>,
    states: Vec<StateOf>,
    t: &'static Words,
}

async fn page(State(site): Shared, OriginalUri(uri): OriginalUri, Query(pairs): Pairs) -> Response {
    let (path, form) = Form::of(uri.path());
    let here = Address::new(path, pairs);
    answered(&site, &here, form, async {
        only_takes(&here, &["lang"])?;
        let lang = lang(&here)?;
        let seen = Running::fresh(&site, PATIENCE).await;
        if form != Form::Page {
            let twin = seen.as_ref().map(|seen| twin::json(seen));
            return Ok(rows(Form::Json, |out| crate::report::json::write(&twin, out)));
        }
        let parts = seen.as_ref().map_or(Vec::new(), |seen| parts::of(&site, seen, lang).to_vec());
        let of = |place: PartPlace| parts.iter().filter(|part| part.place == place).cloned().collect();
        let mut page = Page::of(&site, lang, &here, ("running", lang.of("运行", "Running").to_owned()));
        // Its first line says it in full.
        page.banners.clear();
        page.twins = twins(&here, &["json"]);
        let live = Address::new("/events", Vec::new()).with("view", "running").with("lang", lang.of("", "en"));
        page.live = vec![Live { href: live.href(), poll: live.at("/events.json").href(), stale_s: STALE_S }];
        let states = if seen.is_none() { vec![loading(lang)] } else { Vec::new() };
        if seen.is_none() {
            page.again = vec![Again { seconds: 2 }];
        }
        let content = RunningPage {
            page,
            head: of(PartPlace::Head),
            left: of(PartPlace::Left),
            right: of(PartPlace::Right),
            wide: of(PartPlace::Wide),
            states,
            t: lang.words(),
        };
        Ok(page_response(StatusCode::OK, &content))
    })
    .await
}

fn loading(lang: Lang) -> StateOf {
    StateOf {
        kind: "loading".to_owned(),
        sign: "…".to_owned(),
        title: lang.of("正在查看", "Looking").to_owned(),
        is_busy: true,
        ..StateOf::default()
    }
}

/// Before a page is made somebody has looked how old the data are.
pub(super) async fn look_first(State(site): Shared, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if !["/static/", "/events", "/api/"].iter().any(|apart| path.starts_with(apart)) {
        glance(&site).await;
    }
    next.run(request).await
}

/// Before it is said how old they are.
pub(super) async fn glance(site: &Arc<Site>) {
    let _ = Running::fresh(site, GLANCE).await;
}
