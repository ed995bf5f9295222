//! Every due of the case and of each clock, and what moved it: the arcs of the axis as tables.

use super::{
    super::{
        account::{cell, head},
        part::{Cell, Row, Table},
        words::Lang,
    },
    place,
};
use crate::report::case::{CaseTold, ClockTold, DueTold, words};

pub(super) fn of_case(told: &CaseTold<'_>, lang: Lang) -> Option<Table> {
    let shown = told.shown();
    let row = |one: &DueTold| {
        let due = one.due.map_or_else(|| "—".to_owned(), |due| shown.due(due));
        let by = if one.is_stated { lang.of("事件", "event") } else { lang.of("规则", "policy") };
        let why = lang.of(words::fact(one.kind), one.kind.name());
        vec![shown.at(one.at), due, why.to_owned(), by.to_owned(), place(&one.place)]
    };
    let heads = [
        lang.of("时间", "when"),
        lang.of("时限", "due"),
        lang.of("因", "because of"),
        lang.of("来自", "by"),
        lang.of("位置", "place"),
    ];
    table(lang, &heads, told.dues.iter().map(row).collect())
}

/// Nothing of a clock whose due has never moved.
pub(super) fn of_clock(one: &ClockTold, told: &CaseTold<'_>, lang: Lang) -> Option<Table> {
    let shown = told.shown();
    let mut before = None;
    let mut rows = Vec::new();
    for moved in &one.trail.moves {
        let due = moved.reading.due;
        if before != Some(due) {
            let (zh, en) = words::happening(moved.happening);
            rows.push(vec![shown.at(moved.at), shown.due(due), lang.of(zh, en).to_owned()]);
        }
        before = Some(due);
    }
    let heads = [lang.of("时间", "when"), lang.of("时限", "due"), lang.of("因", "because of")];
    if rows.len() > 1 { table(lang, &heads, rows) } else { None }
}

fn table(lang: Lang, heads: &[&str], rows: Vec<Vec<String>>) -> Option<Table> {
    let row = |texts: Vec<String>| Row {
        cells: texts.iter().enumerate().map(|(n, text)| Cell { is_head: n == 0, ..cell(text) }).collect(),
        ..Row::default()
    };
    (!rows.is_empty()).then(|| Table {
        caption: lang.of("时限的变化", "how the due moved").to_owned(),
        is_linkless: true,
        cls: "tight".to_owned(),
        cols: heads.iter().map(|text| head(text, "")).collect(),
        rows: rows.into_iter().map(row).collect(),
        ..Table::default()
    })
}
