//! 总览: what a leader looks at first. Closure and timeliness with their counts, where everything stands, what is due next and what is
//! overdue, the trend, who does how well, what it is about, and what the data cannot tell. Every number leads to its figure or its list.

mod dues;
mod fates;
mod found;
mod heat;
mod json;
mod peers;
mod shares;
mod tiles;
mod trend;
mod unknown;

use std::sync::Arc;

use askama::Template;
use axum::{
    Router,
    extract::{OriginalUri, Query, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
    routing::get,
};

pub use self::found::OverviewFound;
use super::{
    Form, Pairs, Shared,
    address::Address,
    answered,
    asked::{Wanted, lang},
    frame::{Page, Select, SelectOption},
    page_response,
    part::{Panel, Stack, Tile},
    period, rows,
    site::{Site, Took},
    words::{Lang, Words},
};
use crate::{
    ask::{
        GroupNames,
        unclear::{AskError, no_such},
    },
    domain::calendar::civil::Wall,
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

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new().route("/", get(newest)).route("/overview", get(overview)).route("/overview.json", get(overview))
}

/// Where no period is named: the month in which something was last received.
async fn newest(State(site): Shared, Query(pairs): Pairs) -> Response {
    let here = Address::new("/overview", pairs);
    answered(&site, &here, Form::Page, async {
        Ok(Redirect::to(&in_newest(&site, &here).await?.href()).into_response())
    })
    .await
}

async fn in_newest(site: &Site, here: &Address) -> Result<Address, AskError> {
    let zone = crate::ask::zone(&site.zone)?;
    let now = (site.now)();
    let newest = kpi::last_received(&site.store, now).await?.unwrap_or(now);
    Ok(period::Grain::Month.of_day(here, Wall::at(newest, &zone).day.date()))
}

async fn overview(State(site): Shared, OriginalUri(uri): OriginalUri, Query(pairs): Pairs) -> Response {
    let form = Form::of(uri.path()).1;
    let here = Address::new("/overview", pairs);
    answered(&site, &here, form, async {
        if !period::is_named(&here) && form == Form::Page {
            return Ok(Redirect::to(&in_newest(&site, &here).await?.href()).into_response());
        }
        let took = Took::begin();
        let (headline, wanted) = asked(&site, &here).await?;
        let question = wanted.question()?;
        let key = format!("{} {:?}", headline.closure.convention, question);
        let found = site
            .overviews
            .get(&key, async {
                let _turn = site.turns.acquire().await;
                Box::pin(found::find(&site, &wanted, headline)).await
            })
            .await?;
        match form {
            Form::Page => {
                let page = page(&site, &wanted, headline, &found, &took)?;
                Ok(page_response(StatusCode::OK, &page))
            }
            _ => Ok(rows(form, |out| json::write_found(question, &wanted.asked.zone, &found, out))),
        }
    })
    .await
}

/// The convention is that of both rates; the question is told with a figure that has no convention to choose.
async fn asked(site: &Site, here: &Address) -> Result<(Headline, Wanted), AskError> {
    let convention = here.get("convention").unwrap_or(CONVENTIONS[0]);
    let headline =
        Headline::of(convention).ok_or_else(|| no_such("convention of both rates", convention, &CONVENTIONS))?;
    lang(here)?;
    let mut wanted = Wanted::read(site, "K01", &here.without(&["convention", "group-by", "part", "limit"])).await?;
    wanted.here = here.clone();
    Ok((headline, wanted))
}

fn page(
    site: &Arc<Site>,
    wanted: &Wanted,
    headline: Headline,
    found: &OverviewFound,
    took: &Took,
) -> Result<OverviewPage, AskError> {
    let (lang, question) = (wanted.lang, wanted.question()?);
    let title = lang.of("总览", "Overview").to_owned();
    let mut page = Page::of_question(site, wanted, question, ("overview", title), took);
    page.twins.retain(|twin| twin.text != "CSV");
    for filter in &mut page.filters {
        filter.hidden.retain(|hidden| hidden.name != "convention");
        filter.selects.push(conventions(headline, lang));
    }
    let show = Show { wanted, names: &found.names };
    Ok(OverviewPage {
        tiles: tiles::all(&show, found),
        stacks: vec![fates::stack(&show, &found.fates)],
        dues: vec![dues::next(&show, &found.due_next), dues::overdue(&show, &found.overdue)],
        trends: trend::panels(&show, found),
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
