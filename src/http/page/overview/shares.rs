//! What it was about, by which way it came, and what the citizens said of it.

use std::cmp::Reverse;

use super::{OverviewFound, Show, led::figure};
use crate::{
    http::page::{
        account::{cell, head, number, of_all},
        figure::value,
        frame::Link,
        part::{Cell, CellBar, Panel, Row, Table},
    },
    report::{count::grouped, rate},
    store::kpi::{Answer, Dimension},
};

/// Rows of a panel; the figure by the dimension has all of them.
const SHOWN: usize = 12;

pub(super) fn categories(show: &Show<'_>, answers: &[Answer]) -> Panel {
    let title = show.lang().of("类别", "Categories");
    Panel {
        id: "categories".to_owned(),
        title: title.to_owned(),
        ..of_received(show, answers, Dimension::Category, title)
    }
}

pub(super) fn channels(show: &Show<'_>, answers: &[Answer]) -> Panel {
    let title = show.lang().of("来源渠道", "Channels");
    Panel {
        id: "channels".to_owned(),
        title: title.to_owned(),
        ..of_received(show, answers, Dimension::Channel, title)
    }
}

fn of_received(show: &Show<'_>, answers: &[Answer], by: Dimension, title: &str) -> Panel {
    let lang = show.lang();
    let links = vec![Link {
        href: show.figure("K01").with("group-by", by.name()).href(),
        text: format!("{} {}", lang.of("全部", "all"), answers.len()),
    }];
    Panel { links, tables: vec![table(show, answers, ("K01", ""), by, title)], ..Panel::default() }
}

/// Each with its share of all of them, the most frequent first.
fn table(show: &Show<'_>, answers: &[Answer], (id, side): (&str, &str), by: Dimension, title: &str) -> Table {
    let lang = show.lang();
    let count = |answer: &&Answer| answer.numerator.unsigned_abs();
    let total: u64 = answers.iter().map(|answer| count(&answer)).sum();
    let mut sorted: Vec<&Answer> = answers.iter().filter(|answer| answer.numerator != 0).collect();
    if by.fixed().is_empty() {
        sorted.sort_by_key(|answer| (Reverse(count(answer)), answer.group.clone()));
    } else {
        sorted.sort_by_key(|answer| by.fixed().iter().position(|value| value.name == answer.group.concat()));
    }
    let most = sorted.iter().map(count).max().unwrap_or(1).max(1);
    let row = |answer: &&Answer| {
        let (code, n) = (answer.group.concat(), count(answer));
        let name = show.name(by, &code);
        let href = show.list(id).with("part", side).and("only", &format!("{}={code}", by.name())).href();
        let bar = CellBar { cls: "plainbar".to_owned(), w: (100.0 * n as f64 / most as f64).round() };
        let name = if name.is_empty() { lang.of("（未填）", "(none)").to_owned() } else { name };
        Row {
            cells: vec![
                Cell { is_head: true, ..cell(&name) },
                Cell { has_href: true, href, ..number(&grouped(n)) },
                number(&rate::percent(n, Some(total))),
                Cell { cls: "barcell".to_owned(), bars: vec![bar], ..Cell::default() },
            ],
            ..Row::default()
        }
    };
    let heads = [(title, ""), (lang.of("件", "cases"), "n"), (lang.of("占比", "share"), "n"), ("", "barcell")];
    Table {
        caption: title.to_owned(),
        is_caption_hidden: true,
        cols: heads.map(|(text, cls)| head(text, cls)).into(),
        rows: sorted.iter().take(SHOWN).map(row).collect(),
        ..Table::default()
    }
}

/// Satisfaction by its points, and what was said; who was called and said nothing is in the other figure's denominator.
pub(super) fn said(show: &Show<'_>, found: &OverviewFound) -> Panel {
    let lang = show.lang();
    let title = lang.of("市民满意度", "Satisfaction");
    let points = found.lead.iter().find(|led| led.figure.id == "K15");
    let sub = points.map_or(String::new(), |led| {
        let (value, unit) = value(led.figure, &led.answer, lang);
        format!("K15 {value} {unit} ({})", of_all(led.answer.numerator, led.answer.denominator))
    });
    let (rated, called) = found.said.iter().fold((0, 0), |(n, d), answer| {
        (n + answer.numerator.unsigned_abs(), d + answer.denominator.unwrap_or_default())
    });
    let asked = figure("K15b");
    let response = rate::of_figure(Some(asked), rated, Some(called));
    let name = lang.of(&asked.title.zh, &asked.title.en);
    Panel {
        id: "satisfaction".to_owned(),
        title: title.to_owned(),
        sub,
        links: vec![Link {
            href: show.figure("K15b").href(),
            text: format!("{name} {response} ({}/{})", grouped(rated), grouped(called)),
        }],
        tables: vec![table(show, &found.said, ("K15b", "numerator"), Dimension::Satisfaction, title)],
        ..Panel::default()
    }
}
