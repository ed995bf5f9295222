//! Streams, units and communities beside each other, by how much they did in time; of few cases no rate is shown, and none is ranked.

use std::cmp::Ordering;

use super::{OverviewFound, Show, found::Peer};
use crate::{
    domain::kpi::Figure,
    http::page::{
        account::{cell, head, number, of_all},
        frame::Link,
        part::{Cell, CellBar, Panel, Row, Table},
        words::Lang,
    },
    report::{
        count::grouped,
        notice::{RANKED_FROM, ranks},
        paper::Rate,
        rate,
    },
    store::kpi::Dimension,
};

/// Rows of a panel; the figure by the dimension has all of them.
const SHOWN: usize = 12;

/// Of the table.
pub(super) const CLOSURE_COLUMN: usize = 5;

/// Places of a peer's figures.
const CLOSURE: usize = 0;
pub(super) const TIMELINESS: usize = 1;
const RECEIVED: usize = 2;
const OVERDUE: usize = 3;

pub(super) fn ranked(show: &Show<'_>, found: &OverviewFound) -> Vec<Panel> {
    let title = |zh, en| show.lang().of(zh, en);
    vec![
        panel(show, found, (&found.units, Dimension::Unit), title("责任单位排名", "Units ranked")),
        panel(show, found, (&found.communities, Dimension::Community), title("村居排名", "Communities ranked")),
    ]
}

/// A ticket and a grid case are different things: each stream by itself.
pub(super) fn streams(show: &Show<'_>, found: &OverviewFound) -> Panel {
    panel(show, found, (&found.streams, Dimension::Stream), show.lang().of("各业务流", "By stream"))
}

fn panel(show: &Show<'_>, found: &OverviewFound, (peers, by): (&[Peer], Dimension), title: &str) -> Panel {
    let lang = show.lang();
    let figures: Vec<&'static Figure> = found.lead.iter().map(|led| led.figure).collect();
    let mut sorted: Vec<&Peer> = peers.iter().collect();
    sorted.sort_by(|a, b| order(&figures, a, b));
    let most = peers.iter().map(received).max().unwrap_or(1).max(1);
    let heads = [
        (lang.of("名次", "rank"), "n"),
        (title, ""),
        (lang.of("受理", "received"), "n"),
        ("", "barcell"),
        (lang.of("及时率", "timeliness"), "n"),
        (lang.of("结案率", "closure"), "n"),
        (lang.of("超期未结", "overdue"), "n"),
    ];
    let ranks = ranks(&sorted, |peer| is_ranked(peer), |a, b| order_of_rates(&figures, a, b) == Ordering::Equal);
    let shown = |(peer, rank): (&&Peer, Option<usize>)| {
        let rank = rank.map_or(rate::NO_RATE.to_owned(), |rank| rank.to_string());
        row(show, &figures, by, (peer, &rank, most))
    };
    let rows = sorted.iter().zip(ranks).take(SHOWN).map(shown).collect();
    let note = match lang {
        Lang::Zh => format!("按及时率、结案率排名；应结不足 {RANKED_FROM} 件的只列件数，不给率，不排名。"),
        Lang::En => {
            format!(
                "By timeliness, then closure; of fewer than {RANKED_FROM} only counts are shown, and none is ranked."
            )
        }
    };
    Panel {
        id: format!("by-{}", by.name()),
        title: title.to_owned(),
        sub: format!("{} {}", peers.len(), lang.of("个", "in all")),
        links: vec![Link {
            href: show.figure(&figures[TIMELINESS].id).with("group-by", by.name()).href(),
            text: lang.of("全部", "all").to_owned(),
        }],
        tables: vec![Table {
            caption: title.to_owned(),
            is_caption_hidden: true,
            cls: "rank".to_owned(),
            cols: heads.map(|(text, cls)| head(text, cls)).into(),
            rows,
            notes: vec![note],
            ..Table::default()
        }],
        ..Panel::default()
    }
}

/// Those that are ranked first, the best first; the others by what they received.
fn order(figures: &[&'static Figure], a: &Peer, b: &Peer) -> Ordering {
    let by_rate = if is_ranked(a) && is_ranked(b) { order_of_rates(figures, a, b) } else { Ordering::Equal };
    let by_count = received(b).cmp(&received(a));
    is_ranked(b).cmp(&is_ranked(a)).then(by_rate).then(by_count).then_with(|| a.code.cmp(&b.code))
}

fn order_of_rates(figures: &[&'static Figure], a: &Peer, b: &Peer) -> Ordering {
    let rate = |peer: &Peer, place: usize| Rate::of(figures[place], peer.figures[place].as_ref());
    let by = |place: usize| rate(b, place).compare(&rate(a, place));
    by(TIMELINESS).then_with(|| by(CLOSURE))
}

/// Nobody's cases are no unit.
fn is_ranked(peer: &Peer) -> bool {
    let enough = |place: usize| peer.figures[place].as_ref().and_then(|answer| answer.denominator) >= Some(RANKED_FROM);
    !peer.code.is_empty() && enough(TIMELINESS)
}

pub(super) fn received(peer: &Peer) -> u64 {
    peer.figures[RECEIVED].as_ref().map_or(0, |answer| answer.numerator.unsigned_abs())
}

fn row(show: &Show<'_>, figures: &[&'static Figure], by: Dimension, (peer, rank, most): (&Peer, &str, u64)) -> Row {
    let lang = show.lang();
    let only = format!("{}={}", by.name(), peer.code);
    let list = |place: usize, side: &str| show.list(&figures[place].id).with("part", side).and("only", &only).href();
    let figure = |place: usize| show.figure(&figures[place].id).and("only", &only).href();
    let name = show.name(by, &peer.code);
    let name = if name.is_empty() { lang.of("（未填）", "(none)").to_owned() } else { name };
    let rate = |place: usize| {
        let nothing = || number(rate::NO_RATE);
        let Some(answer) = &peer.figures[place] else { return nothing() };
        let shown = rate::of_figure(Some(figures[place]), answer.numerator.unsigned_abs(), answer.denominator);
        let is_small = answer.denominator < Some(RANKED_FROM);
        let counts = of_all(answer.numerator, answer.denominator);
        let text = if is_small { rate::NO_RATE.to_owned() } else { shown };
        Cell { has_href: true, href: figure(place), has_sub: true, sub: counts, ..number(&text) }
    };
    let overdue = peer.figures[OVERDUE].as_ref().map_or(0, |answer| answer.numerator.unsigned_abs());
    let tone = if overdue > 0 { "n worse" } else { "n" };
    let bar = CellBar { cls: "plainbar".to_owned(), w: (100.0 * received(peer) as f64 / most as f64).round() };
    Row {
        cells: vec![
            number(rank),
            Cell {
                is_head: true,
                has_href: true,
                href: show.figure(&figures[TIMELINESS].id).and("only", &only).href(),
                ..cell(&name)
            },
            Cell { has_href: true, href: list(RECEIVED, ""), ..number(&grouped(received(peer))) },
            Cell { cls: "barcell".to_owned(), bars: vec![bar], ..Cell::default() },
            rate(TIMELINESS),
            rate(CLOSURE),
            Cell {
                cls: tone.to_owned(),
                has_href: true,
                href: list(OVERDUE, "numerator"),
                ..number(&grouped(overdue))
            },
        ],
        ..Row::default()
    }
}
