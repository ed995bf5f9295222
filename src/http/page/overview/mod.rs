//! 总览: what a leader looks at first. Closure and timeliness with their counts, where everything stands, what is due next and what is
//! overdue, the trend, who does how well, what it is about, and what the data cannot tell. Every number leads to its figure or its list.

mod dues;
mod fates;
mod find;
mod found;
mod heat;
mod json;
mod led;
mod live;
mod map;
mod peers;
mod shares;
mod tiles;
mod trend;
mod unknown;
mod wall;

use std::sync::Arc;

use askama::Template;
use axum::{
    Router,
    extract::{OriginalUri, Query, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
    routing::get,
};
use jiff::tz::TimeZone;

use self::found::OverviewFound;
pub use self::{found::Overviews, map::WallMap};
use self::{live::OverviewPart, wall::WallPage};
use super::{
    Form, Pairs, Shared,
    address::Address,
    answered,
    asked::Wanted,
    chart::ON_PAGE,
    frame::{Page, Select, SelectOption},
    page_response,
    part::{Panel, Stack, Tile},
    period, rows, running,
    site::{Site, Took},
    words::{Lang, Words},
};
use crate::{
    ask::{
        GroupNames,
        unclear::{AskError, Unclear, no_such},
    },
    domain::{calendar::civil::Wall, time::Millis},
    report::notice::{CONVENTIONS, Headline},
    store::kpi::{self, Dimension},
};

#[derive(Debug, Template)]
#[template(path = "overview.html")]
struct OverviewPage {
    page: Page,
    tiles: Vec<Tile>,
    stacks: Vec<Stack>,
    dues: Vec<Panel>,
    trends: Vec<Panel>,
    peers: Vec<Panel>,
    shares: Vec<Panel>,
    unknown: Vec<Panel>,
    t: &'static Words,
}

/// Its pieces, as they are sent when they change.
type Shown = Vec<OverviewPart>;

const WALL: &str = "/wall";

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route("/", get(newest))
        .route("/overview", get(overview))
        .route("/overview.json", get(overview))
        .route(WALL, get(overview))
        .route("/events/overview", get(live::events))
        .route("/events/overview.json", get(live::polled))
        .route("/events/wall", get(live::events))
        .route("/events/wall.json", get(live::polled))
}

/// Where no period is named: the month in which something was last received.
async fn newest(State(site): Shared, Query(pairs): Pairs) -> Response {
    let here = Address::new("/overview", pairs);
    let found = async { Ok(Redirect::to(&in_newest(&site, &here).await?.href()).into_response()) };
    answered(&site, &here, Form::Page, found).await
}

async fn in_newest(site: &Site, here: &Address) -> Result<Address, AskError> {
    let zone = crate::ask::zone(&site.zone)?;
    let now = (site.now)();
    let find = async { Ok(kpi::last_received(&site.store, now).await?.unwrap_or(now)) };
    let newest = *site.overviews.newest.get("", find).await?;
    Ok(period::Grain::Month.of_day(here, Wall::at(newest, &zone).day.date()))
}

async fn overview(State(site): Shared, OriginalUri(uri): OriginalUri, Query(pairs): Pairs) -> Response {
    let (path, form) = Form::of(uri.path());
    let here = Address::new(path, pairs);
    answered(&site, &here, form, async {
        // A wall stays with the newest month by itself.
        if !period::is_named(&here) && here.path != WALL {
            let there = in_newest(&site, &here).await?;
            return Ok(Redirect::to(&there.at(uri.path()).href()).into_response());
        }
        let told = Told::of(&site, &here).await?;
        match form {
            Form::Page if here.path == WALL => Ok(page_response(StatusCode::OK, &told.wall(&site)?)),
            Form::Page => Ok(page_response(StatusCode::OK, &told.page(&site)?)),
            _ => {
                let (question, zone) = (told.wanted.question()?, &told.wanted.asked.zone);
                Ok(rows(form, |out| json::write_found(question, zone, &told.found, out)))
            }
        }
    })
    .await
}

/// The pieces of the page or of the wall at the address.
async fn shown(site: &Arc<Site>, here: &Address) -> Result<Shown, AskError> {
    // Nobody else may look while a wall does.
    running::glance(site).await;
    let told = Told::of(site, here).await?;
    Ok(if here.path == WALL { told.wall(site)?.parts() } else { told.page(site)?.parts() })
}

/// What is asked, and what was found.
struct Told {
    headline: Headline,
    wanted: Wanted,
    found: Arc<OverviewFound>,
    took: Took,
}

impl Told {
    async fn of(site: &Arc<Site>, here: &Address) -> Result<Self, AskError> {
        let took = Took::begin();
        let (headline, wanted) = asked(site, here).await?;
        let key = format!("{} {:?}", headline.closure.convention, wanted.question()?);
        let find = async {
            let _turn = site.turns.acquire().await;
            Box::pin(find::find(site, &wanted, headline)).await
        };
        let found = site.overviews.found.get(&key, find).await?;
        Ok(Self { headline, wanted, found, took })
    }

    fn show(&self) -> Show<'_> {
        Show { wanted: &self.wanted, names: &self.found.names }
    }

    fn frame(&self, site: &Arc<Site>, view: &str, (zh, en): (&str, &str)) -> Result<Page, Unclear> {
        let (lang, question) = (self.wanted.lang, self.wanted.question()?);
        let mut page = Page::of_question(site, &self.wanted, question, (view, lang.of(zh, en).to_owned()), &self.took);
        page.live = live::of(&self.wanted.here);
        Ok(page)
    }

    fn wall(&self, site: &Arc<Site>) -> Result<WallPage, Unclear> {
        let clock = shown_time((site.now)(), &self.wanted.asked.zone);
        let frame = self.frame(site, "wall", ("大屏", "Wall"))?;
        WallPage::of(&self.show(), (&self.found, site.map.as_ref()), frame, clock)
    }

    fn page(&self, site: &Arc<Site>) -> Result<OverviewPage, Unclear> {
        let Self { headline, wanted, found, .. } = self;
        let lang = wanted.lang;
        let mut page = self.frame(site, "overview", ("总览", "Overview"))?;
        page.twins.retain(|twin| twin.text != "CSV");
        for filter in &mut page.filters {
            filter.hidden.retain(|hidden| hidden.name != "convention");
            filter.selects.push(conventions(*headline, lang));
        }
        let show = self.show();
        Ok(OverviewPage {
            tiles: tiles::all(&show, found),
            stacks: vec![fates::stack(&show, &found.fates)],
            dues: vec![dues::next(&show, &found.due_next), dues::overdue(&show, &found.overdue)],
            trends: trend::panels(&show, found, ON_PAGE),
            peers: peers::ranked(&show, found),
            shares: vec![
                shares::categories(&show, &found.categories),
                shares::channels(&show, &found.channels),
                heat::panel(&show, &found.hours),
                shares::said(&show, found),
            ],
            unknown: vec![peers::streams(&show, found), unknown::panel(&show, &found.unknown)],
            page,
            t: lang.words(),
        })
    }
}

impl OverviewPage {
    fn parts(&self) -> Shown {
        let panels = [&self.dues, &self.trends, &self.peers, &self.shares, &self.unknown].into_iter().flatten();
        let tiles = self.tiles.iter().map(OverviewPart::tile);
        let stacks = self.stacks.iter().map(OverviewPart::stack);
        tiles.chain(stacks).chain(panels.map(|panel| OverviewPart::panel(panel, self.t))).collect()
    }
}

/// `14:03`.
fn shown_time(at: Millis, zone: &TimeZone) -> String {
    at.rfc3339(zone).split_once('T').and_then(|(_, time)| time.get(..5)).unwrap_or_default().to_owned()
}

/// The convention is that of both rates; the question is told with a figure that has no convention to choose. A wall without a
/// period is about this month.
async fn asked(site: &Site, here: &Address) -> Result<(Headline, Wanted), AskError> {
    let convention = here.get("convention").unwrap_or(CONVENTIONS[0]);
    let headline = Headline::of(convention)
        .ok_or_else(|| no_such(("两率口径", "convention of both rates"), convention, &CONVENTIONS))?;
    let mut question = here.without(&["convention", "every", "group-by", "part", "limit"]);
    if !period::is_named(here) {
        question = in_newest(site, &question).await?;
    }
    let mut wanted = Wanted::read(site, "K01", &question).await?;
    wanted.here = here.clone();
    Ok((headline, wanted))
}

/// What each part of the page is made with.
struct Show<'a> {
    wanted: &'a Wanted,
    names: &'a GroupNames,
}

impl Show<'_> {
    fn lang(&self) -> Lang {
        self.wanted.lang
    }

    /// The page of a figure about the same question; its convention is in its id.
    fn figure(&self, id: &str) -> Address {
        self.wanted.here.at(&format!("/figures/{id}")).without(&["convention", "after"])
    }

    /// A group's code as people call it.
    fn name(&self, by: Dimension, code: &str) -> String {
        let fixed = by.fixed().iter().find(|value| value.name == code);
        fixed.map_or_else(|| self.names.of(by, code), |value| self.lang().of(value.zh, value.en)).to_owned()
    }

    fn list(&self, id: &str) -> Address {
        self.wanted.here.at(&format!("/figures/{id}/cases")).without(&["convention", "after"])
    }
}

fn conventions(headline: Headline, lang: Lang) -> Select {
    let option = |name: &&str| {
        let title = Headline::of(name).map_or("", |one| lang.of(&one.closure.title.zh, &one.closure.title.en));
        // 结案率（应结口径） → 应结口径.
        let short = title.split_once('（').and_then(|(_, rest)| rest.strip_suffix('）')).unwrap_or(name);
        SelectOption { value: (*name).to_owned(), text: short.to_owned(), is_on: *name == headline.closure.convention }
    };
    Select {
        name: "convention".to_owned(),
        label: lang.of("口径", "convention").to_owned(),
        options: CONVENTIONS.iter().map(option).collect(),
    }
}
