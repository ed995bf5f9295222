//! 大屏: the overview for those who stand eight metres away. Its views turn by themselves; no case is named on it.

use askama::Template;

use super::{
    OverviewFound, Show, fates, heat,
    live::OverviewPart,
    map::{self, DrawnMap, WallMap},
    peers, shares, tiles, trend,
};
use crate::{
    ask::unclear::Unclear,
    http::page::{
        address::Address,
        chart::ON_WALL,
        frame::Page,
        part::{Panel, Stack, Tile},
        words::{Lang, Words},
    },
    report::count::grouped,
};

/// How long a view stands (s), where the address does not say.
const EVERY_S: u64 = 20;
const EVERY_S_MAX: u64 = 3_600;
/// Before the ranks.
const MAP_AT: usize = 3;
/// Rows that can be read from there.
const ROWS: usize = 9;

#[derive(Debug, Template)]
#[template(path = "wall.html")]
pub(super) struct WallPage {
    pub(super) page: Page,
    views: Vec<WallView>,
    every: u64,
    clock: String,
    t: &'static Words,
}

#[derive(Clone, Debug, Default)]
struct WallView {
    id: String,
    title: String,
    cls: String,
    is_hidden: bool,
    figures: Vec<WallFigure>,
    small: Vec<Tile>,
    stacks: Vec<Stack>,
    panels: Vec<Panel>,
    maps: Vec<DrawnMap>,
}

#[derive(Clone, Debug, Default)]
struct WallFigure {
    tile: Tile,
    trends: Vec<Panel>,
}

#[derive(Template)]
#[template(path = "part/wview.html")]
struct OfView<'a> {
    v: &'a WallView,
    t: &'static Words,
}

#[derive(Template)]
#[template(path = "part/wtop.html")]
struct OfTop<'a> {
    page: &'a Page,
}

#[derive(Template)]
#[template(path = "part/wbanner.html")]
struct OfBanner<'a> {
    page: &'a Page,
}

#[derive(Template)]
#[template(path = "part/wclock.html")]
struct OfClock<'a> {
    clock: &'a str,
}

/// Seconds, 0: it stands still and is turned by keys.
fn every(here: &Address) -> Result<u64, Unclear> {
    let Some(text) = here.get("every") else { return Ok(EVERY_S) };
    let every = text.parse().ok().filter(|every| *every <= EVERY_S_MAX);
    every.ok_or_else(|| Unclear::NotSeconds { parameter: "every", most: EVERY_S_MAX, text: text.to_owned() })
}

impl WallPage {
    pub(super) fn of(
        show: &Show<'_>,
        (found, map): (&OverviewFound, Option<&WallMap>),
        page: Page,
        clock: String,
    ) -> Result<Self, Unclear> {
        let lang = show.lang();
        let every = every(&show.wanted.here)?;
        let mut page = Page { theme: "wall".to_owned(), ..page };
        if show.wanted.here.get("as-of").is_none() {
            // It is of now, as the clock says.
            page.facts.retain(|fact| fact.k != lang.of("截至", "as of"));
        }
        Ok(Self { page, views: views(show, found, map), every, clock, t: lang.words() })
    }

    pub(super) fn parts(&self) -> Vec<OverviewPart> {
        let view = |v: &WallView| OverviewPart::of(&v.id, &OfView { v, t: self.t });
        let top = OverviewPart::of("facts", &OfTop { page: &self.page });
        let banner = OverviewPart::of("wbanner", &OfBanner { page: &self.page });
        let clock = OverviewPart::of("wclock", &OfClock { clock: &self.clock });
        self.views.iter().map(view).chain([top, banner, clock]).collect()
    }
}

fn views(show: &Show<'_>, found: &OverviewFound, map: Option<&WallMap>) -> Vec<WallView> {
    let lang = show.lang();
    let mut all = vec![
        rates(show, found),
        WallView {
            id: "w-fates".to_owned(),
            title: lang.of("受理案件办理情况", "Where everything received stands").to_owned(),
            cls: "one".to_owned(),
            stacks: vec![fates::stack(show, &found.fates)],
            ..WallView::default()
        },
        WallView {
            id: "w-hours".to_owned(),
            title: lang.of("受理时段", "When they come in").to_owned(),
            cls: "one".to_owned(),
            panels: vec![heat::panel(show, &found.hours)],
            ..WallView::default()
        },
        WallView {
            id: "w-peers".to_owned(),
            title: lang.of("排名", "Ranking").to_owned(),
            panels: peers::ranked(show, found).into_iter().map(|panel| narrow(short(panel))).collect(),
            ..WallView::default()
        },
        WallView {
            id: "w-shares".to_owned(),
            title: lang.of("类别与来源", "Categories and channels").to_owned(),
            panels: vec![
                short(shares::categories(show, &found.categories)),
                short(shares::channels(show, &found.channels)),
            ],
            ..WallView::default()
        },
    ];
    if let Some(drawn) = map.and_then(|map| map::drawn(show, found, map)) {
        all.insert(MAP_AT, mapped(show, drawn));
    }
    let hidden = |(index, view): (usize, WallView)| WallView { is_hidden: index > 0, ..view };
    all.into_iter().enumerate().map(hidden).collect()
}

fn mapped(show: &Show<'_>, drawn: DrawnMap) -> WallView {
    WallView {
        id: "w-map".to_owned(),
        title: show.lang().of("及时率地图", "Timeliness on the map").to_owned(),
        cls: "map".to_owned(),
        maps: vec![drawn],
        ..WallView::default()
    }
}

/// Closure and timeliness large, each with its months; below them what is counted.
fn rates(show: &Show<'_>, found: &OverviewFound) -> WallView {
    let lang = show.lang();
    let mut tiles = tiles::all(show, found).into_iter().map(|tile| brief(tile, lang));
    let trends = trend::panels(show, found, ON_WALL);
    let figures = trends.into_iter().zip(tiles.by_ref().take(2));
    let figures = figures.map(|(trend, tile)| WallFigure { tile, trends: vec![trend] }).collect();
    let due = Tile {
        id: "tile-due-next".to_owned(),
        name: lang.of("下一工作日内到期", "Due by the next workday").to_owned(),
        value: grouped(found.due_next.in_all),
        unit: lang.of("件", "").to_owned(),
        is_ok: true,
        ..Tile::default()
    };
    WallView {
        id: "w-rates".to_owned(),
        title: lang.of("结案与及时", "Closure and timeliness").to_owned(),
        figures,
        small: tiles.chain([due]).collect(),
        ..WallView::default()
    }
}

/// English words that a laptop has room for: which cases a rate is over stands above its months.
const LONG: [(&str, &str); 3] =
    [("on the period before", "vs before"), ("on the year before", "vs last year"), ("points", "pp")];

fn brief(mut tile: Tile, lang: Lang) -> Tile {
    if lang == Lang::En {
        tile.name = tile.name.split(", ").next().unwrap_or_default().to_owned();
        for delta in &mut tile.deltas {
            for (long, short) in LONG {
                delta.label = delta.label.replace(long, short);
                delta.text = delta.text.replace(long, short);
            }
        }
    }
    tile
}

/// Without the closure rate, for which there is no room.
fn narrow(mut panel: Panel) -> Panel {
    for table in &mut panel.tables {
        table.cols.remove(peers::CLOSURE_COLUMN);
        table.rows.iter_mut().for_each(|row| drop(row.cells.remove(peers::CLOSURE_COLUMN)));
    }
    panel
}

/// The first rows, without small print.
fn short(mut panel: Panel) -> Panel {
    for table in &mut panel.tables {
        table.rows.truncate(ROWS);
        table.notes.clear();
    }
    panel.links.clear();
    panel
}
