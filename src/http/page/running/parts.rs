//! The parts of the page, written once for all who read it in one language: on the page itself, and sent when they change.

use askama::Template;
use jiff::tz::TimeZone;

use super::{
    LivePart, PartPlace, Written, panels,
    readings::{Reading, ReadingUnit},
    say::{clock, in_words, limit, told},
    seen::{RunningSeen, VerdictTone},
    stored,
};
use crate::{
    domain::time::Millis,
    http::page::{
        frame::Link,
        part::{Delta, Panel, Part, State, Tile},
        site::Site,
        words::{Lang, Words},
    },
};

#[derive(Template)]
#[template(path = "part/running_now.html")]
struct NowPart {
    cls: &'static str,
    title: String,
    text: String,
    links: Vec<Link>,
    facts: Vec<String>,
    states: Vec<State>,
}

#[derive(Template)]
#[template(path = "part/running_tiles.html")]
struct TilesPart {
    tiles: Vec<Tile>,
    label: String,
}

#[derive(Template)]
#[template(path = "part/running_panel.html")]
struct PanelPart {
    panel: Panel,
    t: &'static Words,
}

/// In the order of the page.
pub(super) fn of<'a>(site: &Site, seen: &'a RunningSeen, lang: Lang) -> &'a [LivePart] {
    seen.parts[lang as usize].get_or_init(|| {
        let zone = TimeZone::get(&site.zone).unwrap_or(TimeZone::UTC);
        let with = Written { seen, lang, zone: &zone };
        // All of them, also while nothing is known: what comes later finds its place on the page.
        let mut parts = vec![
            part(("running-now", PartPlace::Head), &now(with)),
            part(("running-tiles", PartPlace::Head), &tiles(with)),
        ];
        let panels = panels::all(with).into_iter().chain(stored::all(with));
        parts.extend(panels.map(|(at, panel)| part(at, &PanelPart { panel, t: lang.words() })));
        parts
    })
}

fn part((id, place): (&'static str, PartPlace), template: &impl Template) -> LivePart {
    let html = template.render().unwrap_or_else(|error| {
        tracing::error!(%error, id, "a part of a page could not be made");
        String::new()
    });
    LivePart { id, place, html }
}

fn now(with: Written<'_>) -> NowPart {
    let Written { seen, lang, zone, .. } = with;
    let verdict = seen.verdict();
    let mut facts = Vec::new();
    if let Some(at) = seen.taken_until() {
        facts.push(format!("{} {}", lang.of("数据截至", "data up to"), clock(at, seen.at, zone)));
    }
    if let Some(at) = seen.store.value.as_ref().and_then(|store| store.until.occurred_at) {
        let at = clock(Millis(at), seen.at, zone);
        facts.push(format!("{} {at}", lang.of("最近发生", "last happened")));
    }
    facts.push(format!("{} {}", lang.of("查看于", "seen at"), clock(seen.at, seen.at, zone)));
    let links = Some(verdict.alert)
        .filter(|alert| !alert.is_empty())
        .map(|alert| Link {
            href: with.runbook(alert), text: format!("{} {alert}", lang.of("值班手册", "runbook"))
        });
    NowPart {
        cls: match verdict.tone {
            VerdictTone::Well => "",
            VerdictTone::Worse => "worse",
            VerdictTone::Unknown => "open",
        },
        title: verdict.title(lang).to_owned(),
        text: verdict.text,
        links: links.into_iter().collect(),
        facts,
        states: stale(with),
    }
}

/// Whose numbers are those of before.
fn stale(with: Written<'_>) -> Vec<State> {
    let Written { seen, lang, zone, .. } = with;
    let service =
        (lang.of("服务的数字停在", "The service's numbers are those of"), &seen.service.trouble, seen.service.at);
    let store =
        (lang.of("ClickHouse 的数字停在", "ClickHouse's numbers are those of"), &seen.store.trouble, seen.store.at);
    let state = |(what, trouble, at): (&str, &Option<String>, Millis)| {
        let trouble = trouble.as_ref()?;
        let title = match at.0 {
            0 => lang.of("还没有数字", "There are no numbers yet").to_owned(),
            _ => format!("{what} {}", clock(at, seen.at, zone)),
        };
        Some(State { kind: "stale".into(), sign: "⏱".into(), title, text: trouble.clone(), ..State::default() })
    };
    [service, store].into_iter().filter_map(state).collect()
}

/// Reading, the panel that says more, and what stands beside it.
const TILES: &[(&str, &str, &[&str])] = &[
    ("lag", "partitions", &["commit"]),
    ("rate", "streams", &["ahead"]),
    ("delay", "stages", &["paused"]),
    ("errors", "errors", &["refused", "restarts"]),
    ("waiting", "quarantine", &["oldest"]),
    ("sweep", "kept", &["behind", "swept"]),
    ("verify", "kept", &["gaps"]),
    ("stuck", "partitions", &["unreadable", "brokers"]),
    ("memory", "memory", &["descriptors"]),
    ("ready", "checks", &[]),
];

fn tiles(with: Written<'_>) -> TilesPart {
    let readings = with.seen.look().map(|look| look.readings()).unwrap_or_default();
    let find = |id: &str| readings.iter().find(|reading| reading.rule.id == id);
    let tile = |(id, panel, beside): &(&str, &str, &[&str])| {
        let beside: Vec<&Reading> = beside.iter().filter_map(|id| find(id)).collect();
        find(id).map(|reading| tile(with, reading, panel, &beside))
    };
    TilesPart {
        tiles: TILES.iter().filter_map(tile).collect(),
        label: with.lang.of("运行指标", "How the service is").to_owned(),
    }
}

fn tile(with: Written<'_>, reading: &Reading, panel: &str, beside: &[&Reading]) -> Tile {
    let lang = with.lang;
    let rule = reading.rule;
    let (value, unit) = reading.value.map_or(("—".to_owned(), String::new()), |value| told(rule.unit, value, lang));
    let unit = match rule.unit {
        ReadingUnit::Ago if reading.value.is_some() => format!("{unit}{}", lang.of("前", " ago")),
        _ => unit,
    };
    let over = |reading: &Reading| {
        reading.is_over.then(|| Delta {
            label: lang.of(reading.rule.name.0, reading.rule.name.1).to_owned(),
            mark: "▲".to_owned(),
            text: lang.of("超过告警线", "beyond its alert").to_owned(),
            tone: "worse".to_owned(),
            was: limit(reading, lang),
        })
    };
    let mut parts: Vec<Part> = beside
        .iter()
        .map(|other| Part {
            label: lang.of(other.rule.name.0, other.rule.name.1).to_owned(),
            text: in_words(other.rule.unit, other.value, lang),
            href: with.panel(panel),
        })
        .collect();
    // The gauge follows within a minute; this is what the list shows.
    if let Some(store) = with.seen.store.value.as_ref().filter(|_| rule.id == "waiting") {
        let now: u64 = store.waiting.iter().map(|one| one.messages).sum();
        parts.push(Part {
            label: lang.of("清单", "the list").to_owned(),
            text: in_words(rule.unit, Some(now as f64), lang),
            href: with.href("/running/quarantine"),
        });
    }
    if !rule.alert.is_empty() && reading.limit.is_some() {
        parts.push(Part {
            label: lang.of("告警", "alert").to_owned(),
            text: limit(reading, lang),
            href: with.runbook(rule.alert),
        });
    }
    Tile {
        id: format!("tile-{}", rule.id),
        href: with.panel(panel),
        name: lang.of(rule.name.0, rule.name.1).to_owned(),
        value,
        unit,
        parts,
        deltas: std::iter::once(&reading).chain(beside).filter_map(|one| over(one)).collect(),
        basis: rule.metric.to_owned(),
        is_ok: true,
        ..Tile::default()
    }
}
