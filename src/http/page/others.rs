//! Every other convention of the figure, with the reason for each difference.

use super::{
    account::{cell, head, number, of_all},
    asked::Wanted,
    part::{Cell, CellLink, Panel, Row, Table},
    site::Site,
};
use crate::{
    ask::unclear::AskError,
    domain::kpi::Figure,
    report::{explain::words::reason, rate},
    store::kpi::{self, Beside, ConventionGap, Question},
};

/// Nothing where the figure has one convention only.
pub(super) async fn others(site: &Site, wanted: &Wanted, question: &Question) -> Result<Vec<Panel>, AskError> {
    let others = kpi::beside(&site.store, question).await?;
    if others.is_empty() {
        return Ok(Vec::new());
    }
    let lang = wanted.lang;
    let cols = [
        (("口径", "convention"), ""),
        (("编号", "id"), "n"),
        (("分子/分母", "n/d"), "n"),
        (("率", "rate"), "n"),
        (("差异原因（件）", "why they differ"), ""),
    ];
    Ok(vec![Panel {
        id: "others".to_owned(),
        title: lang.of("其他口径", "Other conventions").to_owned(),
        sub: lang
            .of("同一时段、同一截至时刻；差异逐项列出", "the same period and as-of; each difference with its reason")
            .to_owned(),
        tables: vec![Table {
            caption: lang.of("其他口径", "Other conventions").to_owned(),
            is_caption_hidden: true,
            cols: cols.map(|((zh, en), cls)| head(lang.of(zh, en), cls)).into(),
            rows: others.iter().map(|other| row(wanted, question.figure, other)).collect(),
            ..Table::default()
        }],
        ..Panel::default()
    }])
}

fn row(wanted: &Wanted, figure: &Figure, other: &Beside) -> Row {
    let lang = wanted.lang;
    let href = wanted.here.at(&format!("/figures/{}", other.figure.id)).without(&["group-by"]).href();
    let title = lang.of(&other.figure.title.zh, &other.figure.title.en);
    let rate = rate::of_figure(Some(other.figure), other.numerator.unsigned_abs(), other.denominator);
    let gaps = other.gaps.iter().flatten().flat_map(|gap| why(wanted, gap, figure, other.figure)).collect();
    Row {
        cells: vec![
            Cell { is_head: true, has_href: true, href, ..cell(title) },
            number(&other.figure.id),
            number(&of_all(other.numerator, other.denominator)),
            number(&rate),
            Cell { links: gaps, ..Cell::default() },
        ],
        ..Row::default()
    }
}

/// `−3` of what only this figure counts, `+4` of what only the other one does, each by the reason of the one that leaves it out.
fn why(wanted: &Wanted, gap: &ConventionGap, figure: &Figure, other: &Figure) -> Vec<CellLink> {
    let lang = wanted.lang;
    let side = if gap.side == "n" { lang.of("分子", "n") } else { lang.of("分母", "d") };
    let one = |(count, sign, of): (u64, &str, &Figure)| {
        let (zh, en) = reason(&gap.reason, of);
        let href = wanted.here.at(&format!("/figures/{}", other.id)).without(&["group-by"]).href();
        CellLink { before: format!("{side} "), href, text: format!("{sign}{count} {}", lang.of(&zh, &en)) }
    };
    let sides = [(gap.only_here, "−", other), (gap.only_there, "+", figure)];
    sides.into_iter().filter(|(count, ..)| *count > 0).map(one).collect()
}
